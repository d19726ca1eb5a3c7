//! README.md, run: every command, in order, in a folder of its own.
//!
//! Once on a clock that stands still, against a server in this process; then what the README shows is what there is, to
//! the letter. And once by the clock of the machine, against `ondutyd` as a process; then every command succeeds, on
//! whatever day that is.
//!
//! | in the README | here |
//! |---|---|
//! | `cargo run -- …`, `ondutyd …` | `ondutyd` as built, in the background, on a free port |
//! | `cargo build …`, `export PATH=…`, `python3 -m pip …` | passed over: all is built and installed, and on the path |
//! | `tests/run` | not run, since it runs this; it is there and can be executed |
//! | `127.0.0.1:7373`, `127.0.0.1:7374` | where the server listens |
//! | a block of another language that begins with `# NAME` | a file of that name |
//! | a line `…` in an answer | any number of lines |
//! | ids of gaps, `off-` or `override-` and 5 characters | whatever the server chooses |
//!
//! By the clock of the machine, gaps are others: instead of the `onduty cover` that the README types, the first one is
//! typed that was offered.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use onduty::civil::ZoneRules;
use onduty::config::{Config, Flags, LogFormat};
use onduty::roster::file;
use tempfile::TempDir;

use super::support::local::LocalServer;
use super::support::process::{Ondutyd, onduty, ondutyd};
use super::support::tokens::state_home;
use super::support::tools::{PYTHON, tool};

/// The time at which the README was written: Monday afternoon in Warsaw.
const NOW: &str = "2026-11-23T13:05:00Z";
/// Where the README's servers listen.
const ADDRESSES: [&str; 2] = ["127.0.0.1:7373", "127.0.0.1:7374"];

#[test]
fn readme_shows_what_there_is() {
    let mut reader = Reader::new(Some(NOW));
    let mut wrong = Vec::new();
    for step in steps() {
        let Some(answer) = reader.follow(&step) else { continue };
        if let Step::Run { command, shown } = &step
            && !matches(shown, &answer)
        {
            wrong.push(format!("$ {command}\n{}", answer.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "README.md shows something else than:\n\n{}", wrong.join("\n\n"));
}

#[test]
fn readme_works_on_any_day() {
    let mut reader = Reader::new(None);
    let answers = steps().iter().filter_map(|step| reader.follow(step)).count();
    assert!(answers >= 10, "{answers}");
}

#[test]
fn examples_of_files_in_the_pages_are_right() {
    let example = |page: &str| {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        text.split_once("```toml\n").unwrap().1.split_once("\n```").unwrap().0.to_owned()
    };
    let rules = ZoneRules::bundled().unwrap();
    let roster = file::parse(&example("docs/roster-files.md"), None, &rules).unwrap();
    assert_eq!((roster.residents.len(), roster.duties.len(), roster.tasks.len()), (2, 1, 1));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ondutyd.toml");
    std::fs::write(&path, example("docs/operations.md")).unwrap();
    let config = Config::new(Flags { config: Some(path), ..Flags::default() }).unwrap();
    assert_eq!(config.log_format, LogFormat::Json);
}

#[test]
fn what_is_left_out_of_an_answer_is_any_number_of_lines() {
    let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    for (shown, real, expected) in [
        ("a b", "a b", true),
        ("a b", "a b c", false),
        ("a …", "a b c", true),
        ("a … c", "a b c", true),
        ("a … b c", "a b d b c", true),
        ("a … c", "a b d", false),
        ("… off-abcde", "a off-12345", true),
        ("0123abcd", "(00000000)", false),
        ("(0123abcd)", "(00000000)", true),
        ("off-abcdef", "off-123456", false),
    ] {
        assert_eq!(matches(&lines(shown), &lines(real)), expected, "{shown} | {real}");
    }
}

/// Something to do.
enum Step {
    /// A command, and what it is shown to answer.
    Run { command: String, shown: Vec<String> },
    /// A file to write.
    File { name: String, text: String },
}

/// Returns what the README says to do.
fn steps() -> Vec<Step> {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut steps = Vec::new();
    for (number, block) in readme.split("\n```").enumerate().filter(|(number, _)| number % 2 == 1) {
        let (language, text) = block.split_once('\n').unwrap();
        match language {
            "console" => steps.extend(console(text)),
            "sh" => steps.extend(text.lines().map(|line| Step::Run { command: line.to_owned(), shown: Vec::new() })),
            _ => {
                let name = text.lines().next().and_then(|line| line.strip_prefix("# "));
                let name = name.unwrap_or_else(|| panic!("block {number} has no name")).to_owned();
                steps.push(Step::File { name, text: text.to_owned() });
            }
        }
    }
    steps
}

fn console(text: &str) -> Vec<Step> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => found.push((command.to_owned(), Vec::new())),
            (None, Some((_, shown))) => shown.push(line.to_owned()),
            (None, None) => panic!("no command before: {line}"),
        }
    }
    found.into_iter().map(|(command, shown)| Step::Run { command, shown }).collect()
}

/// Tells whether an answer is the one shown.
fn matches(shown: &[String], real: &[String]) -> bool {
    match (shown, real) {
        ([], _) => real.is_empty(),
        ([left_out, shown @ ..], _) if left_out == "…" => (0..=real.len()).any(|at| matches(shown, &real[at..])),
        ([line, shown @ ..], [found, real @ ..]) => {
            without_chosen_ids(line) == without_chosen_ids(found) && matches(shown, real)
        }
        (_, []) => false,
    }
}

/// A line without the ids in it that differ from run to run.
///
/// The ids of gaps are made with a key that each team has of its own.
fn without_chosen_ids(line: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let chosen = |word: &&str| {
        let rest = ["off-", "override-"].iter().find_map(|start| word.strip_prefix(start));
        rest.is_some_and(|rest| rest.len() == 5)
            || (word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()))
    };
    let ids = line.split(|c| !is_word(c)).filter(chosen);
    ids.fold(line.trim_end().to_owned(), |text, id| text.replace(id, "…"))
}

/// Somebody who does what the README says.
struct Reader {
    folder: TempDir,
    now: Option<&'static str>,
    servers: Vec<Server>,
    offered: Option<String>,
}

enum Server {
    Local(LocalServer),
    Process { _process: Ondutyd, url: String },
}

impl Reader {
    /// Returns somebody with a fresh clone; without `now`, it is the time that it is.
    fn new(now: Option<&'static str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["src", "tests"] {
            symlink(root().join(name), folder.path().join(name)).unwrap();
        }
        let programs = folder.path().join("programs");
        std::fs::create_dir(&programs).unwrap();
        symlink(onduty(), programs.join("onduty")).unwrap();
        symlink(ondutyd(), programs.join("ondutyd")).unwrap();
        Self { folder, now, servers: Vec::new(), offered: None }
    }

    /// Does a step. Returns the answer of a command, if it is one that is run.
    fn follow(&mut self, step: &Step) -> Option<Vec<String>> {
        let command = match step {
            Step::File { name, text } => {
                std::fs::write(self.folder.path().join(name), self.with_real_addresses(text)).unwrap();
                return None;
            }
            Step::Run { command, .. } => command.as_str(),
        };
        if ["cargo build ", "export PATH=", "python3 -m pip "].iter().any(|start| command.starts_with(start)) {
            return None;
        }
        if command == "tests/run" {
            let mode = std::fs::metadata(self.folder.path().join(command)).unwrap().permissions().mode();
            assert_eq!(mode & 0o111, 0o111, "tests/run cannot be executed");
            return None;
        }
        let command = command.replace("cargo run -- ", "ondutyd ");
        let answer = match command.strip_prefix("ondutyd ") {
            Some(arguments) => self.serve(arguments),
            None => self.run(&command)?,
        };
        let offered = answer.lines().find_map(|line| line.trim().strip_prefix("to fill "));
        self.offered = offered.map(|offered| offered.trim().to_owned()).or(self.offered.take());
        Some(answer.lines().map(str::to_owned).collect())
    }

    /// Starts a server and returns what it says.
    fn serve(&mut self, arguments: &str) -> String {
        let words: Vec<&str> = arguments.split(' ').collect();
        let data = words.iter().position(|word| *word == "--data").and_then(|at| words.get(at + 1)).unwrap();
        let (data, demo) = (self.folder.path().join(data), words.contains(&"--demo"));
        let said = match self.now {
            Some(now) => {
                let server = if demo { LocalServer::demo(&data, now) } else { LocalServer::start(&data, now) };
                let said = format!("ondutyd listens on {}\n{}", server.url(), server.summary);
                self.servers.push(Server::Local(server));
                said
            }
            None => {
                let mut given = vec!["--data", data.to_str().unwrap()];
                given.extend(demo.then_some("--demo"));
                let (mut process, url) = Ondutyd::start(&given);
                let said = if demo { process.says("/feeds/psf/on-duty.ics") } else { String::new() };
                self.servers.push(Server::Process { _process: process, url });
                said
            }
        };
        self.with_shown_addresses(&said)
    }

    /// Runs a command that has to succeed, and returns what it writes; nothing where it needs a tool that is not there.
    fn run(&self, command: &str) -> Option<String> {
        let mut path = vec![self.folder.path().join("programs")];
        if command.starts_with("python3 ") {
            let python = tool(PYTHON)?;
            path.insert(0, Path::new(python.get_program()).parent().unwrap().to_owned());
        }
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
        let typed = match &self.offered {
            Some(offered) if command.starts_with("onduty cover ") => offered,
            _ => command,
        };
        let mut shell = Command::new("bash");
        shell.args(["-c", &self.with_real_addresses(typed)]).current_dir(self.folder.path()).stdin(Stdio::null());
        shell.env_clear().env("PATH", std::env::join_paths(path).unwrap());
        shell.env("XDG_STATE_HOME", state_home());
        shell.env("TZ", "Europe/Warsaw").env("COLUMNS", "80").env("NO_COLOR", "1");
        shell.env("ONDUTY_SERVER", self.servers.first()?.url());
        shell.envs(self.now.map(|now| ("ONDUTY_NOW", now)));
        let output = shell.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "$ {typed}\n{errors}");
        Some(self.with_shown_addresses(std::str::from_utf8(&output.stdout).unwrap()))
    }

    fn with_real_addresses(&self, text: &str) -> String {
        let pairs = ADDRESSES.iter().zip(&self.servers);
        pairs.fold(text.to_owned(), |text, (shown, server)| text.replace(shown, &server.address()))
    }

    fn with_shown_addresses(&self, text: &str) -> String {
        let pairs = ADDRESSES.iter().zip(&self.servers);
        pairs.fold(text.to_owned(), |text, (shown, server)| text.replace(&server.address(), shown))
    }
}

impl Server {
    fn url(&self) -> String {
        match self {
            Self::Local(server) => server.url(),
            Self::Process { url, .. } => url.clone(),
        }
    }

    fn address(&self) -> String {
        self.url().trim_start_matches("http://").to_owned()
    }
}

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}
