//! The parsers behind many calendar programs read every event as it is meant.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tempfile::TempDir;

use super::NOW;
use super::told::{Event, ROSTER, told};
use crate::support::grpc::apply;
use crate::support::http;
use crate::support::local::LocalServer;
use crate::support::server::time;
use crate::support::tools;

/// What each parser finds in a calendar.
fn parsed(printed: &str) -> BTreeMap<String, BTreeSet<Event>> {
    let mut found: BTreeMap<String, BTreeSet<Event>> = BTreeMap::new();
    for line in printed.lines() {
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
        let expected = told(&server.url()).await;
        (http::get(server.address(), "/feeds/core/on-duty.ics").await, expected)
    });
    let file = dir.path().join("calendar.ics");
    std::fs::write(&file, &calendar.bytes).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/clients");
    let mut printed = tools::output(python.arg(folder.join("parse.py")).arg(&file));
    let mut node = std::process::Command::new("node");
    printed += &tools::output(node.arg(folder.join("parse.mjs")).arg(&parsers).arg(&file));
    let found = parsed(&printed);
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
