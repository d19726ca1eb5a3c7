//! Tests in other processes: this binary runs one of its own tests as a child.

use std::env;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::support::tools;

/// Names, for a child, the directory that it is to work on.
const DIR: &str = "ONDUTY_TEST_DIR";

/// Says, to a child, that it has mounts of its own.
const MOUNTS: &str = "ONDUTY_TEST_MOUNTS";

/// Returns the directory that this process was started for, if it is a child.
pub fn child_dir() -> Option<std::path::PathBuf> {
    env::var_os(DIR).map(Into::into)
}

fn test_alone(command: &mut Command, test: &str) {
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
}

/// Returns a command that runs `test`, named as in `store::crash::writer`, on `dir` and does nothing else.
pub fn child(test: &str, dir: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    test_alone(&mut command, test);
    command.env(DIR, dir);
    command
}

/// Runs `body`, the whole of `test`, where it can mount file systems that nobody else sees.
///
/// That takes root, or a kernel that lets users have mounts of their own. Where neither is so, this says so and
/// fails where tools are required; elsewhere it only says so.
pub fn with_mounts(test: &str, body: impl FnOnce()) {
    if env::var_os(MOUNTS).is_some() {
        return body();
    }
    let mut said = String::new();
    for namespaces in [&["--mount"][..], &["--user", "--map-root-user", "--mount"]] {
        let possible = Command::new("unshare").args(namespaces).arg("true").output();
        match possible {
            Ok(output) if output.status.success() => {
                let mut command = Command::new("unshare");
                command.args(namespaces).arg("--").arg(env::current_exe().unwrap());
                test_alone(&mut command, test);
                let output = command.env(MOUNTS, "1").output().unwrap();
                let text = String::from_utf8_lossy(&output.stdout);
                let errors = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success() && text.contains("1 passed"), "{text}\n{errors}");
                return;
            }
            Ok(output) => said = String::from_utf8_lossy(&output.stderr).into_owned(),
            Err(error) => said = error.to_string(),
        }
    }
    tools::pass_over(&format!(
        "{test} needs mounts of its own, which 'unshare' does not give: {}; run it as root",
        said.trim()
    ));
}

/// Mounts a `tmpfs` at `dir` with `options` such as `size=8m`, or changes the one that is there.
pub fn tmpfs(dir: &Path, options: &str) {
    mount(Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(dir));
}

/// Takes the `tmpfs` at `dir` away again.
pub fn unmount(dir: &Path) {
    mount(Command::new("umount").arg(dir));
}

#[expect(
    clippy::disallowed_methods,
    reason = "sled tells nobody when its threads have closed its files: only trying again does"
)]
fn mount(command: &mut Command) {
    for _ in 0..500 {
        let output = command.output().unwrap();
        if output.status.success() {
            return;
        }
        let said = String::from_utf8_lossy(&output.stderr);
        // sled's threads close its files a little after the store is closed.
        assert!(said.contains("busy"), "{said}");
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{command:?}: still busy");
}
