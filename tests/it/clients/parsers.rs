//! The parsers behind many calendar programs read every event as it is meant.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use onduty::proto::google_type::Interval;
use onduty::proto::v1::on_duty_service_client::OnDutyServiceClient;
use onduty::proto::v1::{ListShiftsRequest, Shift};
use tempfile::TempDir;

use super::NOW;
use crate::support::grpc::{apply, connect};
use crate::support::http;
use crate::support::local::LocalServer;
use crate::support::server::{text, time};
use crate::support::tools;

/// A team with texts that have to be escaped and folded, and with weeks in which the clocks change.
const ROSTER: &str = r#"
team = "core"
display_name = "Core; \"the\" team, \\ and 🙂"
zone = "Europe/Warsaw"
public = true
since = 2026-01-01

[[resident]]
id = "asa"
display_name = "Åsa Öberg, née O'Neill; back\\slash"

[[resident]]
id = "mei"
display_name = "林美 🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂"

[[duty]]
id = "review"
title = "Reviews: \"quick\", & <friendly>; Überprüfungen der eingegangenen Vorschläge aller Beteiligten"

[[duty.layer]]
id = "weekly"
participants = ["asa", "mei"]
shift_length = "1 week"
anchor = 2026-01-05T02:30:00

[[duty]]
id = "nights"
title = "Nights"

[[duty.layer]]
id = "nightly"
participants = ["mei", "asa"]
shift_length = "1 day"
anchor = 2026-01-05T02:30:00
"#;

/// An event: UID, start, end, SUMMARY.
type Event = (String, String, String, String);

/// What the calendar shows: 90 days back, half a year ahead.
const SHOWN: (&str, &str) = ("2026-08-25T00:00:00Z", "2027-05-25T00:00:00Z");

/// The shifts of that time that the server itself tells of, with what they are called.
async fn shifts(url: &str, titles: &BTreeMap<&str, &str>) -> BTreeSet<Event> {
    // A shift longer, so that none that is shown is cut.
    let interval =
        Some(Interval { start_time: Some(time("2026-08-17T00:00:00Z")), end_time: Some(time("2027-06-02T00:00:00Z")) });
    let mut asked = ListShiftsRequest { parent: "teams/core".to_owned(), interval, ..Default::default() };
    let mut client = OnDutyServiceClient::new(connect(url).await);
    let mut found = BTreeSet::new();
    loop {
        let page = client.list_shifts(asked.clone()).await.unwrap().into_inner();
        let shown = |shift: Shift| {
            let interval = shift.interval.unwrap();
            let summary = format!("{}: {}", titles[shift.duty.rsplit('/').next().unwrap()], shift.display_name);
            let (start, end) = (text(interval.start_time.as_ref()), text(interval.end_time.as_ref()));
            (start.as_str() < SHOWN.1 && end.as_str() > SHOWN.0).then_some((shift.id, start, end, summary))
        };
        found.extend(page.shifts.into_iter().filter_map(shown));
        if page.next_page_token.is_empty() {
            return found;
        }
        asked.page_token = page.next_page_token;
    }
}

/// What each parser finds in a calendar.
fn parsed(told: &str) -> BTreeMap<String, BTreeSet<Event>> {
    let mut found: BTreeMap<String, BTreeSet<Event>> = BTreeMap::new();
    for line in told.lines() {
        let (parser, uid, start, end, summary): (String, String, String, String, String) =
            serde_json::from_str(line).unwrap();
        assert!(found.entry(parser).or_default().insert((uid, start, end, summary)), "twice: {line}");
    }
    found
}

#[test]
fn every_parser_reads_the_shifts_that_the_server_tells_of_to_the_second() {
    let (Some(mut python), Some(parsers)) = (tools::tool(tools::PYTHON), tools::folder(tools::NODE_MODULES)) else {
        return;
    };
    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(&dir.path().join("data"), NOW);
    let (calendar, expected) = server.block_on(async {
        apply(&server.url(), ROSTER).await;
        let roster: toml::Table = ROSTER.parse().unwrap();
        let duties = roster["duty"].as_array().unwrap();
        let titles = duties.iter().map(|duty| (duty["id"].as_str().unwrap(), duty["title"].as_str().unwrap()));
        let expected = shifts(&server.url(), &titles.collect()).await;
        (http::get(server.address(), "/feeds/core/on-duty.ics").await, expected)
    });
    let file = dir.path().join("calendar.ics");
    std::fs::write(&file, &calendar.bytes).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/clients");
    let mut told = tools::output(python.arg(folder.join("parse.py")).arg(&file));
    let mut node = std::process::Command::new("node");
    told += &tools::output(node.arg(folder.join("parse.mjs")).arg(&parsers).arg(&file));
    let found = parsed(&told);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, ["ical", "ical.js", "icalendar", "ics", "node-ical", "recurring_ical_events", "vobject"]);
    for (parser, events) in &found {
        let (lacks, has): (Vec<_>, Vec<_>) =
            (expected.difference(events).collect(), events.difference(&expected).collect());
        assert!(lacks.is_empty() && has.is_empty(), "{parser} lacks {lacks:?}, has {has:?}");
    }
    // Both changes of the clocks are among them: a night of 25 hours, and two around the handoff at 02:30 that is skipped.
    let lasts = |minutes: i64| {
        let of = |(_, start, end, _): &&Event| time(end).seconds - time(start).seconds == minutes * 60;
        expected.iter().filter(of).count()
    };
    assert_eq!((expected.len(), lasts(25 * 60), lasts(23 * 60 + 30)), (314, 1, 2));
}
