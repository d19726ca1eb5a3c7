//! A calendar's events, read far enough to compare them.

use std::collections::BTreeMap;

/// The properties of an event by name.
pub type Event = BTreeMap<String, String>;

/// Returns the events of a calendar by UID.
pub fn events(calendar: &str) -> BTreeMap<String, Event> {
    assert!(calendar.ends_with("END:VCALENDAR\r\n"), "not whole");
    let unfolded = calendar.replace("\r\n ", "");
    let mut events = BTreeMap::new();
    for text in unfolded.split("BEGIN:VEVENT\r\n").skip(1) {
        let (text, _) = text.split_once("END:VEVENT").unwrap();
        let properties = text.lines().map(|line| line.split_once(':').unwrap());
        let event: Event = properties.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        assert!(events.insert(event["UID"].clone(), event).is_none(), "two events with one UID");
    }
    events
}

/// Returns the only event with this summary that starts at this time.
pub fn event(calendar: &str, summary: &str, start: &str) -> Event {
    let found: Vec<Event> = events(calendar)
        .into_values()
        .filter(|event| event["SUMMARY"] == summary && event["DTSTART"] == start)
        .collect();
    assert_eq!(found.len(), 1, "{summary} at {start}: {found:?}");
    found.into_iter().next().unwrap()
}
