//! Calendars over HTTP: what a subscriber sends and gets.

mod changes;
mod days;
mod events;
mod kinds;
mod privacy;
mod requests;
mod secrets;
mod size;
mod tz_database;
mod year;

use std::path::Path;

use crate::support::http::{self, Answer};
use crate::support::local::LocalServer;

const NOW: &str = "2026-11-23T13:05:00Z";
const TEAM: &str = "/feeds/psf/on-duty.ics";

/// Every calendar of the bundled roster that a test looks at.
const CALENDARS: [&str; 3] = [TEAM, "/feeds/psf/duties/security.ics", "/feeds/psf/residents/lukasz.ics"];

/// A team that nobody beside its own people may know of.
const PRIVATE: &str = r#"
team = "quiet"
display_name = "Quiet"
zone = "UTC"
since = 2026-01-01

[[resident]]
id = "asa"
display_name = "Asa"
home_zone = "UTC"

[[duty]]
id = "watch"
title = "Watch"

[[duty.layer]]
id = "all"
members = ["asa"]
"#;

fn demo(dir: &Path) -> LocalServer {
    LocalServer::demo(dir, NOW)
}

fn ask(server: &LocalServer, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    server.block_on(http::ask(server.address(), method, path, headers))
}

fn get(server: &LocalServer, path: &str) -> Answer {
    ask(server, "GET", path, &[])
}
