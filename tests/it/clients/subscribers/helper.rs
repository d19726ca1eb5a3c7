//! A script that speaks for a calendar program, and the processes behind it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rustix::process::{Pid, Signal, kill_process_group};
use serde::de::DeserializeOwned;

use super::{PATIENCE, Program};
use crate::clients::told::Event;

/// A script that answers commands until it goes out of scope; then all that it started is killed.
pub struct Helper {
    child: Child,
    answers: Receiver<String>,
    errors: PathBuf,
}

impl Helper {
    /// Starts a script below a program, with a home of its own in `folder`.
    pub fn start(before: &[&str], script: &str, arguments: &[&Path], folder: &Path) -> Self {
        let run = folder.join("run");
        fs::create_dir_all(&run).unwrap();
        // Sockets go there, and programs want it to themselves.
        fs::set_permissions(&run, fs::Permissions::from_mode(0o700)).unwrap();
        let errors = folder.join("errors");
        let mut command = Command::new(before[0]);
        command.args(&before[1..]).arg(scripts().join(script)).args(arguments).env_clear();
        command.env("HOME", folder).env("XDG_RUNTIME_DIR", &run).env("PATH", std::env::var_os("PATH").unwrap());
        command.env("LANG", "C.UTF-8").env("TZ", "Europe/Warsaw").env("PYTHONDONTWRITEBYTECODE", "1");
        // A machine that has loopback only is on a network, too; and no settings of the machine.
        command.env("GIO_USE_NETWORK_MONITOR", "base").env("GSETTINGS_BACKEND", "memory");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(File::create(&errors).unwrap()).process_group(0);
        let mut child = command.spawn().unwrap();
        let (output, (sender, answers)) = (child.stdout.take().unwrap(), channel());
        thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, answers, errors }
    }

    /// Sends a command and returns what is answered.
    pub fn ask<T: DeserializeOwned>(&mut self, command: &str) -> T {
        let sent = writeln!(self.child.stdin.as_mut().unwrap(), "{command}");
        let answer = self.answers.recv_timeout(2 * PATIENCE);
        let (Ok(()), Ok(answer)) = (sent, answer) else {
            panic!("no answer to {command}: {}", fs::read_to_string(&self.errors).unwrap_or_default());
        };
        serde_json::from_str(&answer).unwrap()
    }
}

impl Program for Helper {
    fn subscribe(&mut self, url: &str) {
        self.ask(&format!("subscribe {url}"))
    }

    fn refresh(&mut self) {
        self.ask("refresh")
    }

    fn events(&mut self) -> BTreeSet<Event> {
        let found: Vec<Event> = self.ask("events");
        let events: BTreeSet<Event> = found.iter().cloned().collect();
        assert_eq!(events.len(), found.len(), "an event is there twice");
        events
    }

    fn says(&mut self) -> BTreeSet<String> {
        self.ask("says")
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

/// The folder with the scripts.
fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/clients/subscribers")
}
