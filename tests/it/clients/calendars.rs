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

/// The configuration of khal, which shows the times of Warsaw.
const KHAL: &str = r#"
[calendars]
[[duty]]
path = FOLDER/calendar
readonly = True

[locale]
local_timezone = Europe/Warsaw
default_timezone = Europe/Warsaw
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M

[sqlite]
path = FOLDER/khal.db
"#;

/// Somebody with these programs, and a home of their own.
struct Subscriber {
    programs: PathBuf,
    home: TempDir,
}

impl Subscriber {
    fn new(python: &Command, url: &str) -> Self {
        let programs = Path::new(python.get_program()).parent().unwrap().to_owned();
        let home = TempDir::new().unwrap();
        let write = |name: &str, text: &str| {
            let text = text.replace("FOLDER", home.path().to_str().unwrap()).replace("URL", url);
            fs::write(home.path().join(name), text).unwrap();
        };
        write("vdirsyncer.ini", VDIRSYNCER);
        write("khal.ini", KHAL);
        let subscriber = Self { programs, home };
        subscriber.run("vdirsyncer", &["-c", "FOLDER/vdirsyncer.ini", "discover"]);
        subscriber
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(self.programs.join(program));
        command.env_clear().env("HOME", self.home.path()).env("LANG", "C.UTF-8").env("TZ", "Europe/Warsaw");
        command.args(arguments.iter().map(|word| word.replace("FOLDER", self.home.path().to_str().unwrap())));
        tools::output(&mut command)
    }

    /// Fetches the calendar and shows the three days from a date on.
    fn sees(&self, date: &str) -> String {
        self.run("vdirsyncer", &["-c", "FOLDER/vdirsyncer.ini", "sync"]);
        let form = "{start-long-full} - {end-long-full} {title}";
        let arguments = ["-c", "FOLDER/khal.ini", "list", "--once", "--format", form, "--day-format", "", date, "3d"];
        self.run("khal", &arguments)
    }
}

#[test]
fn vdirsyncer_and_khal_show_who_is_on_duty_and_what_changes() {
    let Some(python) = tools::tool(tools::PYTHON) else { return };
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    let subscriber = Subscriber::new(&python, &format!("{}/feeds/psf/duties/security.ics", server.url()));
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
