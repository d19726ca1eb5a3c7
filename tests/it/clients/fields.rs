//! Whatever an event says is read back field by field: by the crate `icalendar`, and by the Python library of that name.

use std::collections::BTreeMap;
use std::path::Path;

use icalendar::{Calendar, CalendarComponent, Component as _};
use onduty::civil::{Day, Instant, Interval, Wall};
use onduty::ical::{Event, EventStamps, Feed, When};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use tempfile::TempDir;

use crate::support::tools;

/// The fields of an event, by name, as they are meant: instants in UTC, days as dates.
type Fields = BTreeMap<String, String>;

/// How many calendars the Python library reads.
const CALENDARS: usize = 300;

fn words() -> impl Strategy<Value = String> {
    let ugly = prop::sample::select(vec![
        "\\n",
        "\\",
        "\\\\;",
        ";",
        ",",
        ":",
        "\"",
        "\n",
        "\r\n",
        "\u{2028}",
        "\u{7f}",
        "\u{0}",
        "\t",
        "é",
        "e\u{301}",
        "林",
        "🙂",
        "👩‍👩‍👧",
        "\u{202e}",
        "O'Neill & <b>",
        "=20",
        "BEGIN:VEVENT",
        "^n",
        " ",
    ]);
    let part = prop_oneof![3 => ugly.prop_map(str::to_owned), 2 => "[a-zA-Z0-9]{1,30}", 1 => "\\PC{1,40}"];
    prop::collection::vec(part, 1..12).prop_map(|parts| parts.concat())
}

fn event() -> impl Strategy<Value = Event> {
    let start = 0_i64..6_000_000_000;
    let when = (start, 1_i64..40_000_000, any::<bool>()).prop_map(|(start, length, days)| {
        let (start, end) = (Instant::from_seconds(start), Instant::from_seconds(start + length));
        if days {
            let day = |at: Instant| Wall::from_seconds(at.seconds()).day().date();
            When::Days { first: day(start), last: day(end) }
        } else {
            When::Instants(Interval::new(start, end).unwrap())
        }
    });
    let stamps = (0_i64..4_000_000_000, 0_i64..1_000_000, any::<bool>()).prop_map(|(created, later, exact)| {
        let (created, modified) = (Instant::from_seconds(created), Instant::from_seconds(created + later));
        if exact { EventStamps::Exact { created, modified } } else { EventStamps::AsOf(modified) }
    });
    let category = prop::sample::select(vec!["DUTY", "GAP", "AWAY"]);
    let rest = (words(), words(), category, any::<bool>(), any::<bool>());
    (any::<u128>(), any::<u32>(), stamps, when, rest).prop_map(
        |(uid, sequence, stamps, when, (summary, description, category, tentative, busy))| {
            let (uid, summary) = (uuid::Uuid::from_u128(uid), format!("x{summary}x"));
            let description = format!("x{description}x");
            Event { uid, sequence, stamps, when, summary, description, category, tentative, busy }
        },
    )
}

/// What is left of a text: what calendars cannot have is not there, and a tabulator is a space.
fn kept(text: &str) -> String {
    let kept =
        text.chars().filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')));
    kept.map(|c| if c == '\t' { ' ' } else { c }).collect()
}

fn meant(event: &Event) -> Fields {
    let time = |at: Instant| Wall::from_seconds(at.seconds()).date_time().strftime("%Y%m%dT%H%M%SZ").to_string();
    let date = |date: onduty::civil::Date| date.strftime("%Y%m%d").to_string();
    let (start, end) = match event.when {
        When::Instants(interval) => (time(interval.start()), time(interval.end())),
        When::Days { first, last } => (date(first), date(Day::from(last).plus(1).date())),
    };
    let mut fields = vec![
        ("UID", event.uid.to_string()),
        ("SEQUENCE", event.sequence.min(i32::MAX as u32).to_string()),
        ("DTSTART", start),
        ("DTEND", end),
        ("SUMMARY", kept(&event.summary)),
        ("DESCRIPTION", kept(&event.description)),
        ("CATEGORIES", event.category.to_owned()),
        ("STATUS", if event.tentative { "TENTATIVE" } else { "CONFIRMED" }.to_owned()),
        ("TRANSP", if event.busy { "OPAQUE" } else { "TRANSPARENT" }.to_owned()),
        ("X-MICROSOFT-CDO-BUSYSTATUS", if event.busy { "BUSY" } else { "FREE" }.to_owned()),
    ];
    match event.stamps {
        EventStamps::Exact { created, modified } => {
            fields.extend([("CREATED", time(created)), ("LAST-MODIFIED", time(modified)), ("DTSTAMP", time(modified))]);
        }
        EventStamps::AsOf(at) => fields.push(("DTSTAMP", time(at))),
    }
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A calendar, and what its events say, by UID.
fn written(events: Vec<Event>) -> (String, BTreeMap<String, Fields>) {
    let meant = events.iter().map(|event| (event.uid.to_string(), meant(event))).collect();
    let (text, left_out) = Feed { name: "Core; team, \\n".to_owned(), description: String::new(), events }.render();
    assert_eq!(left_out, []);
    (text, meant)
}

fn read_by_the_crate(text: &str) -> BTreeMap<String, Fields> {
    let calendar: Calendar = text.parse().unwrap();
    let events = calendar.components.iter().filter_map(|component| match component {
        CalendarComponent::Event(event) => Some(event),
        _ => None,
    });
    let fields = |event: &icalendar::Event| -> Fields {
        let one = event.properties().iter().map(|(name, property)| (name.clone(), property.value().to_owned()));
        let several = event.multi_properties().iter();
        let several = several.flat_map(|(name, all)| all.iter().map(|one| (name.clone(), one.value().to_owned())));
        let mut fields: Fields = one.chain(several).collect();
        // These the crate tells unescaped on request only.
        for (name, value) in [("SUMMARY", event.get_summary()), ("DESCRIPTION", event.get_description())] {
            fields.insert(name.to_owned(), value.unwrap().to_owned());
        }
        fields
    };
    events.map(|event| (event.get_uid().unwrap().to_owned(), fields(event))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_crate_reads_every_field_back(events in prop::collection::vec(event(), 0..8)) {
        let (text, meant) = written(events);
        prop_assert_eq!(read_by_the_crate(&text), meant);
    }
}

#[test]
fn the_python_library_reads_every_field_back() {
    let Some(mut python) = tools::tool(tools::PYTHON) else { return };
    let dir = TempDir::new().unwrap();
    let mut runner = TestRunner::new(Config::default());
    let calendars = prop::collection::vec(event(), 0..8);
    let mut meant = Vec::new();
    for number in 0..CALENDARS {
        let (text, says) = written(calendars.new_tree(&mut runner).unwrap().current());
        std::fs::write(dir.path().join(format!("{number:04}.ics")), &text).unwrap();
        meant.push((text, says));
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/clients/fields.py");
    let printed = tools::output(python.arg(script).arg(dir.path()));
    let mut read = printed.lines().map(|line| serde_json::from_str::<Vec<Fields>>(line).unwrap());
    for (text, says) in meant {
        let found = read.next().unwrap().into_iter().map(|fields| (fields["UID"].clone(), fields));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), says, "{text}");
    }
    assert_eq!(read.next(), None);
}
