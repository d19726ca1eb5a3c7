//! vdirsyncer fetches a calendar and khal shows it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{NOW, demo};
use crate::support::cli::Cli;
use crate::support::tools;

/// The configuration of vdirsyncer: everything below one folder.
const VDIRSYNCER: &str = r#"
[general]
status_path = "FOLDER/status"

[pair duty]
a = "server"
b = "files"
collections = null
conflict_resolution = "a wins"

[storage server]
type = "http"
url = "URL"

[storage files]
type = "filesystem"
path = "FOLDER/calendar"
fileext = ".ics"
"#;

/// The configuration of khal.
const KHAL: &str = r#"
[calendars]
[[duty]]
path = FOLDER/calendar
readonly = True

[locale]
local_timezone = ZONE
default_timezone = ZONE
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = FORM

[sqlite]
path = FOLDER/khal.db
"#;

/// How times are shown.
pub struct Clock {
    pub zone: &'static str,
    pub form: &'static str,
}

/// Somebody with these programs, and a home of their own.
pub struct Subscriber {
    programs: PathBuf,
    home: TempDir,
}

impl Subscriber {
    pub fn new(python: &Command, url: &str, clock: &Clock) -> Self {
        let programs = Path::new(python.get_program()).parent().unwrap().to_owned();
        let subscriber = Self { programs, home: TempDir::new().unwrap() };
        subscriber.write("khal.ini", &KHAL.replace("ZONE", clock.zone).replace("FORM", clock.form));
        subscriber.subscribe(url);
        subscriber
    }

    /// Sets the calendar's address.
    pub fn subscribe(&self, url: &str) {
        self.write("vdirsyncer.ini", &VDIRSYNCER.replace("URL", url));
        tools::output(&mut self.command("vdirsyncer", &["-c", "FOLDER/vdirsyncer.ini", "discover"]));
    }

    /// Fetches the calendar; where that fails, returns what is said of it.
    pub fn sync(&self) -> Result<(), String> {
        let output = self.command("vdirsyncer", &["-c", "FOLDER/vdirsyncer.ini", "sync"]).output().unwrap();
        if output.status.success() { Ok(()) } else { Err(String::from_utf8(output.stderr).unwrap()) }
    }

    /// Shows the calendar between two dates.
    pub fn list(&self, form: &str, dates: &[&str; 2]) -> String {
        let arguments = ["-c", "FOLDER/khal.ini", "list", "--once", "--format", form, "--day-format", ""];
        tools::output(self.command("khal", &arguments).args(dates))
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.home.path().join(name), text.replace("FOLDER", self.home.path().to_str().unwrap())).unwrap();
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.env_clear().env("HOME", self.home.path()).env("LANG", "C.UTF-8").env("TZ", "Europe/Warsaw");
        command.args(arguments.iter().map(|word| word.replace("FOLDER", self.home.path().to_str().unwrap())));
        command
    }

    /// Fetches the calendar and shows the three days from a date on.
    fn sees(&self, date: &str) -> String {
        self.sync().unwrap();
        self.list("{start-long-full} - {end-long-full} {title}", &[date, "3d"])
    }
}

#[test]
fn vdirsyncer_and_khal_show_who_is_on_duty_and_what_changes() {
    let Some(python) = tools::tool(tools::PYTHON) else { return };
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    let clock = Clock { zone: "Europe/Warsaw", form: "%Y-%m-%d %H:%M" };
    let subscriber = Subscriber::new(&python, &format!("{}/feeds/psf/duties/security.ics", server.url()), &clock);
    let before = subscriber.sees("2026-11-24");
    insta::assert_snapshot!("before", before);

    server.clock.advance(300);
    let cli = Cli::new(&server.url(), dir.path(), NOW);
    cli.done("cover security --by magdalena --for lukasz --from '2026-11-24 10:00' --to '2026-11-25 18:00'");
    insta::assert_snapshot!("after", subscriber.sees("2026-11-24"));
    let overrides: serde_json::Value = serde_json::from_str(&cli.done("list overrides --output json")).unwrap();
    let made =
        overrides["overrides"].as_array().unwrap().iter().find(|made| made["origin"] == "ORIGIN_ENTERED").unwrap();
    cli.done(&format!("delete override {}", made["name"].as_str().unwrap().rsplit('/').next().unwrap()));
    assert_eq!(subscriber.sees("2026-11-24"), before);
}
