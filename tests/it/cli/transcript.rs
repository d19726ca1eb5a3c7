//! Commands and what they write, as one text.

use tempfile::TempDir;

use crate::support::cli::{Cli, Ran};
use crate::support::local::LocalServer;
use crate::support::same::same;

/// Monday, five past two in Warsaw and five past eight in New York.
pub const NOW: &str = "2026-11-23T13:05:00Z";

/// How many columns a terminal has.
const COLUMNS: usize = 80;

/// Tells whether a line does not fit a terminal, and has no command or address in it that has to stay whole.
fn is_too_wide(line: &str) -> bool {
    let stays_whole = line.contains("://") || line.contains("onduty ");
    line.chars().count() > COLUMNS && !stays_whole
}

/// A server, somebody who works with it, and what was typed and read so far.
pub struct Transcript {
    /// The server.
    pub server: LocalServer,
    /// The person.
    pub cli: Cli,
    /// Where the data lies, and where the person works.
    pub dir: TempDir,
    text: String,
}

impl Transcript {
    /// Begins with the bundled roster.
    pub fn demo(now: &str) -> Self {
        let dir = TempDir::new().unwrap();
        Self::with(LocalServer::demo(&dir.path().join("data"), now), dir, now)
    }

    /// Begins with nothing.
    pub fn empty(now: &str) -> Self {
        let dir = TempDir::new().unwrap();
        Self::with(LocalServer::start(&dir.path().join("data"), now), dir, now)
    }

    fn with(server: LocalServer, dir: TempDir, now: &str) -> Self {
        let cli = Cli::new(&server.url(), dir.path(), now);
        Self { server, cli, dir, text: String::new() }
    }

    /// Writes a file for the person to use.
    pub fn file(&self, name: &str, text: &str) {
        std::fs::write(self.dir.path().join(name), text).unwrap();
    }

    /// Types a command.
    pub fn onduty(&mut self, line: &str) -> Ran {
        let ran = self.cli.run(line);
        let wide = ran.output.lines().chain(ran.errors.lines()).find(|line| is_too_wide(line));
        assert_eq!(wide, None, "onduty {line}");
        self.add(line, ran)
    }

    /// Types a command that answers with a document, which is as wide as it is.
    pub fn document(&mut self, line: &str) -> Ran {
        let ran = self.cli.run(line);
        self.add(line, ran)
    }

    fn add(&mut self, line: &str, ran: Ran) -> Ran {
        self.text += &format!("$ onduty {line}\n{}{}", ran.output, ran.errors);
        if ran.code != 0 {
            self.text += &format!("(exit code {})\n", ran.code);
        }
        self.text += "\n";
        ran
    }

    /// Lets time pass, for the server and the person.
    pub fn wait(&mut self, seconds: u32) {
        use onduty::clock::Clock as _;
        self.server.clock.advance(seconds);
        let now = self.server.clock.now().to_string();
        self.text += &format!("# It is {now}.\n\n");
        self.cli.wait_until(&now);
    }

    /// Returns the short id of the first gap of a duty.
    pub fn gap(&self, duty: &str) -> String {
        let told = self.cli.done(&format!("gaps --duty {duty} --output json"));
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        told["gaps"][0]["id"].as_str().unwrap()[..8].to_owned()
    }

    /// Returns everything, with what differs from run to run made the same.
    pub fn text(&self) -> String {
        same(&self.text, &self.server)
    }
}
