//! `ondutyd` as a process of its own: started on a free port, and killed when it goes out of scope.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};

use super::tokens::state_home;

/// Names the folder with the programs, built from the sources as they are.
const BIN: &str = "ONDUTY_TEST_BIN";
/// How long a server may take to listen, and to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server as it was built together with this test.
const ONDUTYD: &str = env!("CARGO_BIN_EXE_ondutyd");

/// Returns the server's program.
pub fn ondutyd() -> PathBuf {
    std::env::var_os(BIN).map_or_else(|| ONDUTYD.into(), |folder| PathBuf::from(folder).join("ondutyd"))
}

/// Returns the command line's program.
///
/// Cargo builds the programs of other crates only where it is told to: without `tests/run` this does it.
pub fn onduty() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    if let Some(folder) = std::env::var_os(BIN) {
        return PathBuf::from(folder).join("onduty");
    }
    BUILT.get_or_init(|| build_beside(Path::new(ONDUTYD))).clone()
}

fn build_beside(ondutyd: &Path) -> PathBuf {
    let folder = ondutyd.parent().unwrap();
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        None | Some("debug") => "dev",
        Some(name) => name,
    };
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["build", "--quiet", "--package", "onduty-cli", "--bin", "onduty", "--profile", profile]);
    super::tools::output(&mut cargo);
    folder.join("onduty")
}

/// A server in a process of its own.
pub struct Ondutyd {
    child: Child,
    lines: Receiver<String>,
    errors: Option<JoinHandle<String>>,
}

impl Ondutyd {
    /// Starts a server with these arguments and does not wait for it; `--listen` is a free port unless stated.
    pub fn spawn(arguments: &[&str]) -> Self {
        let mut command = Command::new(ondutyd());
        command.env_clear().env("XDG_STATE_HOME", state_home()).args(arguments);
        if !arguments.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (output, mut errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let errors = thread::spawn(move || {
            let mut text = Vec::new();
            let _ = errors.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        Self { child, lines, errors: Some(errors) }
    }

    /// Starts a server on the data in `dir`.
    pub fn spawn_on(dir: &Path) -> Self {
        Self::spawn(&["--data", dir.to_str().unwrap()])
    }

    /// Starts a server and waits until it listens.
    pub fn start(arguments: &[&str]) -> (Self, String) {
        let mut server = Self::spawn(arguments);
        let url = server.url();
        (server, url)
    }

    /// Waits until it listens, and returns its URL.
    pub fn url(&mut self) -> String {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                line.strip_prefix("ondutyd listens on ").unwrap_or_else(|| panic!("it says: {line}")).to_owned()
            }
            Err(error) => panic!("it does not listen ({error}): {}", self.kill()),
        }
    }

    /// Waits until it says something with `words` in it, and returns all that it said up to there.
    pub fn says(&mut self, words: &str) -> String {
        let mut said = String::new();
        while !said.contains(words) {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => said += &(line + "\n"),
                Err(error) => panic!("it does not say {words} ({error}): {said}{}", self.kill()),
            }
        }
        said
    }

    /// Lets it have so many files and connections open from here on.
    pub fn limit_files(&self, count: u64) {
        let limit = Rlimit { current: Some(count), maximum: Some(count) };
        prlimit(Some(Pid::from_child(&self.child)), Resource::Nofile, limit).unwrap();
    }

    /// The most memory that it has had so far, in MiB.
    pub fn memory_max(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() >> 10
    }

    /// Kills it as `kill -9` does, and returns what it logged.
    pub fn kill(&mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.logged()
    }

    /// Asks it to stop as `kill` does.
    pub fn terminate(&self) {
        let id = Pid::from_child(&self.child);
        kill_process(id, Signal::TERM).unwrap();
    }

    /// Waits for its end; returns how it ended and what it logged.
    pub fn end(mut self) -> (ExitStatus, String) {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end: {}", self.kill()),
            }
        }
        (self.child.wait().unwrap(), self.logged())
    }

    fn logged(&mut self) -> String {
        self.errors.take().map(|errors| errors.join().unwrap()).unwrap_or_default()
    }
}

impl Drop for Ondutyd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
