//! What becomes of a calendar as days pass: an event changes with its sequence number and stamps, or not at all.

use std::collections::{BTreeMap, BTreeSet};

use onduty::proto::v1::duty_service_client::DutyServiceClient;
use onduty::proto::v1::{Duty, UpdateDutyRequest};
use pbjson_types::FieldMask;
use tempfile::TempDir;

use super::changes::{cover, time};
use super::events::{Event, events};
use super::get;
use crate::support::grpc::{apply, connect};
use crate::support::local::LocalServer;

/// A pool without windows, which nothing ends, and turns of all lengths.
const LONG: &str = r#"
team = "pair"
display_name = "Pair"
zone = "Europe/Warsaw"
public = true
since = 2026-08-20

[[resident]]
id = "asa"
display_name = "Asa"

[[resident]]
id = "ben"
display_name = "Ben"

[[duty]]
id = "standing"
title = "Standing"

[[duty.layer]]
id = "pool"
members = ["asa"]

[[duty]]
id = "seasons"
title = "Seasons"

[[duty.layer]]
id = "turns"
participants = ["asa", "ben"]
shift_length = "3 months"
anchor = 2026-09-10T09:00:00

[[duty]]
id = "watch"
title = "Watch"

[[duty.layer]]
id = "weekly"
participants = ["asa", "ben"]
shift_length = "1 week"
anchor = 2026-11-23T10:00:00
"#;

const FEEDS: [&str; 3] = ["/feeds/pair/on-duty.ics", "/feeds/pair/duties/seasons.ics", "/feeds/pair/residents/asa.ics"];

/// Gives the watch a name that holds from `from` on.
fn rename(server: &LocalServer, from: &str) {
    let duty = Duty { name: "teams/pair/duties/watch".to_owned(), title: "Vigil".to_owned(), ..Duty::default() };
    let asked = UpdateDutyRequest {
        duty: Some(duty),
        update_mask: Some(FieldMask { paths: vec!["title".to_owned()] }),
        effective_time: time(from),
        ..UpdateDutyRequest::default()
    };
    server.block_on(async {
        DutyServiceClient::new(connect(&server.url()).await).update_duty(asked).await.unwrap();
    });
}

/// What all calendars show; the same event is the same in each.
fn shown(server: &LocalServer) -> BTreeMap<String, Event> {
    let mut all = BTreeMap::new();
    for (uid, event) in FEEDS.iter().flat_map(|path| events(&get(server, path).body)) {
        let other = all.insert(uid, event.clone());
        assert!(other.is_none_or(|other| other == event), "differs between calendars: {event:?}");
    }
    all
}

/// The titles of events that changed; none may change without rising.
fn changes(before: &BTreeMap<String, Event>, after: &BTreeMap<String, Event>) -> BTreeSet<String> {
    let mut changed = BTreeSet::new();
    for (uid, old) in before {
        let Some(new) = after.get(uid).filter(|new| *new != old) else { continue };
        let sequence = |event: &Event| event["SEQUENCE"].parse::<u32>().unwrap();
        assert!(sequence(new) > sequence(old), "{old:?}\n{new:?}");
        assert!(new["LAST-MODIFIED"] > old["LAST-MODIFIED"], "{old:?}\n{new:?}");
        assert_eq!(new["CREATED"], old["CREATED"]);
        changed.insert(format!("{} -> {}", old["SUMMARY"], new["SUMMARY"]));
    }
    changed
}

#[test]
fn no_event_changes_because_a_day_or_a_month_is_over() {
    let dir = TempDir::new().unwrap();
    let mut now = "2026-11-23T13:05:00Z".parse::<onduty::civil::Instant>().unwrap();
    let mut server = LocalServer::start(dir.path(), &now.to_string());
    server.block_on(apply(&server.url(), LONG));
    let mut before = shown(&server);
    let mut told = Vec::new();
    for day in 1..=42 {
        server.clock.advance(86_400);
        now = now.plus(86_400);
        match day {
            3 => cover(&server),
            10 => rename(&server, "2026-12-18T08:00:00Z"),
            20 | 30 => {
                drop(server);
                server = LocalServer::start(dir.path(), &now.to_string());
            }
            _ => {}
        }
        let after = shown(&server);
        told.extend(changes(&before, &after).into_iter().map(|change| format!("day {day}: {change}")));
        before = after;
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    day 3: Watch: Ben -> Watch: Asa
    day 25: Watch: Asa -> Vigil: Asa
    day 25: Watch: Ben -> Vigil: Ben
    ");
}

#[test]
fn what_nothing_ends_is_shown_month_by_month() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(dir.path(), "2026-11-23T13:05:00Z");
    server.block_on(apply(&server.url(), LONG));
    let mut found: Vec<_> = events(&get(&server, FEEDS[0]).body).into_values().collect();
    found.retain(|event| event["SUMMARY"] != "Watch: Asa" && event["SUMMARY"] != "Watch: Ben");
    found.sort_by_key(|event| (event["SUMMARY"].clone(), event["DTSTART"].clone()));
    let lines = found.iter().map(|event| {
        let [title, start, end, text] = ["SUMMARY", "DTSTART", "DTEND", "DESCRIPTION"].map(|name| &event[name]);
        format!("{title} {start} {end} {text}\n")
    });
    insta::assert_snapshot!(lines.collect::<String>(), @r"
    Seasons: Asa 20260910T070000Z 20260930T220000Z A month of a longer shift: Thu 2026-09-10 09:00 to Thu 2026-10-01 00:00 in Europe/Warsaw
    Seasons: Asa 20260930T220000Z 20261031T230000Z A month of a longer shift: Thu 2026-10-01 00:00 to Sun 2026-11-01 00:00 in Europe/Warsaw
    Seasons: Asa 20261031T230000Z 20261130T230000Z A month of a longer shift: Sun 2026-11-01 00:00 to Tue 2026-12-01 00:00 in Europe/Warsaw
    Seasons: Asa 20261130T230000Z 20261210T080000Z A month of a longer shift: Tue 2026-12-01 00:00 to Thu 2026-12-10 09:00 in Europe/Warsaw
    Seasons: Asa 20270310T080000Z 20270331T220000Z A month of a longer shift: Wed 2027-03-10 09:00 to Thu 2027-04-01 00:00 in Europe/Warsaw
    Seasons: Asa 20270331T220000Z 20270430T220000Z A month of a longer shift: Thu 2027-04-01 00:00 to Sat 2027-05-01 00:00 in Europe/Warsaw
    Seasons: Asa 20270430T220000Z 20270531T220000Z A month of a longer shift: Sat 2027-05-01 00:00 to Tue 2027-06-01 00:00 in Europe/Warsaw
    Seasons: Ben 20260819T220000Z 20260910T070000Z Thu 2026-08-20 00:00 to Thu 2026-09-10 09:00 in Europe/Warsaw
    Seasons: Ben 20261210T080000Z 20261231T230000Z A month of a longer shift: Thu 2026-12-10 09:00 to Fri 2027-01-01 00:00 in Europe/Warsaw
    Seasons: Ben 20261231T230000Z 20270131T230000Z A month of a longer shift: Fri 2027-01-01 00:00 to Mon 2027-02-01 00:00 in Europe/Warsaw
    Seasons: Ben 20270131T230000Z 20270228T230000Z A month of a longer shift: Mon 2027-02-01 00:00 to Mon 2027-03-01 00:00 in Europe/Warsaw
    Seasons: Ben 20270228T230000Z 20270310T080000Z A month of a longer shift: Mon 2027-03-01 00:00 to Wed 2027-03-10 09:00 in Europe/Warsaw
    Standing: Asa 20260819T220000Z 20260831T220000Z A month of a longer shift: Thu 2026-08-20 00:00 to Tue 2026-09-01 00:00 in Europe/Warsaw
    Standing: Asa 20260831T220000Z 20260930T220000Z A month of a longer shift: Tue 2026-09-01 00:00 to Thu 2026-10-01 00:00 in Europe/Warsaw
    Standing: Asa 20260930T220000Z 20261031T230000Z A month of a longer shift: Thu 2026-10-01 00:00 to Sun 2026-11-01 00:00 in Europe/Warsaw
    Standing: Asa 20261031T230000Z 20261130T230000Z A month of a longer shift: Sun 2026-11-01 00:00 to Tue 2026-12-01 00:00 in Europe/Warsaw
    Standing: Asa 20261130T230000Z 20261231T230000Z A month of a longer shift: Tue 2026-12-01 00:00 to Fri 2027-01-01 00:00 in Europe/Warsaw
    Standing: Asa 20261231T230000Z 20270131T230000Z A month of a longer shift: Fri 2027-01-01 00:00 to Mon 2027-02-01 00:00 in Europe/Warsaw
    Standing: Asa 20270131T230000Z 20270228T230000Z A month of a longer shift: Mon 2027-02-01 00:00 to Mon 2027-03-01 00:00 in Europe/Warsaw
    Standing: Asa 20270228T230000Z 20270331T220000Z A month of a longer shift: Mon 2027-03-01 00:00 to Thu 2027-04-01 00:00 in Europe/Warsaw
    Standing: Asa 20270331T220000Z 20270430T220000Z A month of a longer shift: Thu 2027-04-01 00:00 to Sat 2027-05-01 00:00 in Europe/Warsaw
    Standing: Asa 20270430T220000Z 20270531T220000Z A month of a longer shift: Sat 2027-05-01 00:00 to Tue 2027-06-01 00:00 in Europe/Warsaw
    ");
}

#[test]
fn the_calendar_of_the_demo_has_three_duties_a_day_and_person_at_most() {
    let dir = TempDir::new().unwrap();
    let server = super::demo(dir.path());
    let found = events(&get(&server, super::TEAM).body);
    assert!(found.len() > 100);
    let day = |event: &Event, name: &str| event[name][..8].to_owned();
    for number in 1..=30 {
        let today = format!("202612{number:02}");
        let mut titles: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for event in found.values().filter(|event| day(event, "DTSTART") <= today && today <= day(event, "DTEND")) {
            let (title, person) = event["SUMMARY"].rsplit_once(": ").unwrap();
            titles.entry(person).or_default().insert(title);
        }
        assert!(titles.values().all(|titles| titles.len() <= 3), "{today}: {titles:#?}");
    }
}
