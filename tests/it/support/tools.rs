//! Tools that some tests need besides Rust: `tests/run` installs them and says where they are.
//!
//! Without them `cargo test` passes by itself. Under `tests/run` (`ONDUTY_TEST_TOOLS=required`) and in CI (`CI=true`)
//! nothing is ever passed over.

use std::path::PathBuf;
use std::process::Command;

/// Names the Python interpreter, with the `tzdata` package, that tests may start.
pub const PYTHON: &str = "ONDUTY_TEST_PYTHON";

/// Names the folder with the npm packages of `tests/package.json` that tests may use.
pub const NODE_MODULES: &str = "ONDUTY_TEST_NODE_MODULES";

/// Returns the folder that the variable names; `None`, with a message, where it is not set.
///
/// # Panics
///
/// As [`tool`].
pub fn folder(variable: &str) -> Option<PathBuf> {
    tool(variable).map(|folder| folder.get_program().into())
}

/// Returns the program that the variable names; `None`, with a message, where it is not set.
///
/// # Panics
///
/// Where it is not set and tools are required.
pub fn tool(variable: &str) -> Option<Command> {
    let program = std::env::var(variable).ok().filter(|program| !program.is_empty());
    if program.is_none() {
        pass_over(&format!("{variable} is not set: `tests/run` installs what the tests need and sets it"));
    }
    program.map(Command::new)
}

/// Whether a command of the system is there and works; says so where it does not.
///
/// # Panics
///
/// Where it does not and tools are required.
pub fn works(command: &mut Command) -> bool {
    let works = command.output().is_ok_and(|output| output.status.success());
    if !works {
        pass_over(&format!("{command:?} does not work: `tests/run` installs what the tests need"));
    }
    works
}

/// Says that a test is passed over, and `why`.
///
/// # Panics
///
/// Where tools are required.
pub fn pass_over(why: &str) {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|set| set == value);
    let required = is("ONDUTY_TEST_TOOLS", "required") || is("CI", "true");
    assert!(!required, "{why}");
    println!("passed over: {why}");
}

/// Runs the command and returns what it prints.
///
/// # Panics
///
/// Where it cannot be started or fails.
pub fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed with {}:\n{errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
