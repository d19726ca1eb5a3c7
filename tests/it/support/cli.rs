//! The command line `onduty`, run as people run it, in an environment that is always the same.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::process::onduty;
use super::tokens::state_home;

/// One person at a keyboard.
pub struct Cli {
    server: String,
    now: String,
    folder: PathBuf,
}

/// How a command went.
#[derive(Debug)]
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

impl Cli {
    /// Returns somebody in Warsaw who works in `folder` and takes it to be `now`.
    pub fn new(server: &str, folder: &Path, now: &str) -> Self {
        Self { server: server.to_owned(), now: now.to_owned(), folder: folder.to_owned() }
    }

    /// Runs `onduty` with the words of `line`; single quotes hold words together.
    pub fn run(&self, line: &str) -> Ran {
        self.run_with(line, &[])
    }

    /// Runs `onduty` as [`Cli::run`], with environment variables that differ.
    pub fn run_with(&self, line: &str, variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(onduty());
        command.args(words(line)).current_dir(&self.folder).stdin(Stdio::null()).env_clear();
        command.env("ONDUTY_SERVER", &self.server).env("ONDUTY_NOW", &self.now);
        command.env("XDG_STATE_HOME", state_home()).env("XDG_CONFIG_HOME", state_home().join("config"));
        command.env("TZ", "Europe/Warsaw").env("COLUMNS", "80").env("NO_COLOR", "1");
        command.envs(variables.iter().copied());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap();
        Ran { code, output: text(output.stdout), errors: text(output.stderr) }
    }

    /// Takes it to be another time from here on.
    pub fn wait_until(&mut self, now: &str) {
        self.now = now.to_owned();
    }

    /// Runs a command that has to succeed, and returns what it writes.
    pub fn done(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "onduty {line}: {ran:?}");
        ran.output
    }
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}
