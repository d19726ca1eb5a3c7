//! How much is in a calendar: what programs take, and what people can read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tempfile::TempDir;

use super::events::events;
use super::{TEAM, demo, get};
use crate::support::grpc::apply;
use crate::support::local::LocalServer;

/// What some programs refuse (feeds of more than a megabyte are cut off or not read).
const BYTES_MAX: usize = 1_000_000;

/// Twelve people, four duties that change hands daily, ten that do weekly, and one every two hours that is left to its own
/// calendar.
fn busy() -> String {
    let mut text =
        "team = \"busy\"\ndisplay_name = \"Busy\"\nzone = \"Europe/Warsaw\"\npublic = true\nsince = 2026-01-01\n"
            .to_owned();
    let people: Vec<String> = (0..12).map(|number| format!("p{number}")).collect();
    for person in &people {
        let _ = write!(
            text,
            "\n[[resident]]\nid = \"{person}\"\ndisplay_name = \"Somebody with a longer name {person}\"\n"
        );
    }
    let order = people.iter().map(|person| format!("\"{person}\"")).collect::<Vec<_>>().join(", ");
    let lengths = (0..4).map(|_| "1 day").chain((0..10).map(|_| "1 week")).chain(["2 hours"]);
    for (number, length) in lengths.enumerate() {
        let alone = if length == "2 hours" { "in_feed = false\n" } else { "" };
        let _ = write!(
            text,
            "\n[[duty]]\nid = \"d{number}\"\ntitle = \"A duty of the team with a title, number {number}\"\n{alone}\n\
             [[duty.layer]]\nid = \"turns\"\nparticipants = [{order}]\nshift_length = \"{length}\"\n\
             anchor = 2026-01-05T09:00:00\n"
        );
    }
    text
}

#[test]
fn a_busy_teams_calendar_is_smaller_than_a_megabyte_and_what_is_left_out_has_its_own() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(dir.path(), super::NOW);
    server.block_on(apply(&server.url(), &busy()));
    let calendar = get(&server, "/feeds/busy/on-duty.ics").body;
    assert!(calendar.len() < BYTES_MAX, "{} bytes", calendar.len());
    let found = events(&calendar);
    assert!(found.len() > 1_400, "{}", found.len());
    assert!(!found.values().any(|event| event["SUMMARY"].contains("number 14")));
    let own = events(&get(&server, "/feeds/busy/duties/d14.ics").body);
    assert!(own.len() > 5_000 && own.values().all(|event| event["SUMMARY"].contains("number 14")), "{}", own.len());
}

#[test]
fn the_demos_calendar_has_at_most_three_events_a_day_and_person() {
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    let mut begun: BTreeMap<(String, String), usize> = BTreeMap::new();
    for event in events(&get(&server, TEAM).body).into_values() {
        let person = event["SUMMARY"].rsplit(": ").next().unwrap().to_owned();
        *begun.entry((event["DTSTART"][..8].to_owned(), person)).or_default() += 1;
    }
    let most = begun.iter().max_by_key(|(_, count)| **count).unwrap();
    assert!(*most.1 <= 3, "{most:?}");
}
