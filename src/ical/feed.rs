//! A whole feed: one calendar, the same bytes for the same content.

use super::writer::Writer;
use super::{Event, InvalidEvent};

/// How often a subscriber is asked to come back (RFC 5545 §3.3.6).
const REFRESH: &str = "PT1H";
/// A constant: a version number in it would change every feed with every release.
pub(crate) const PRODUCT: &str = "-//onduty//onduty 1//EN";

/// A calendar that people subscribe to.
///
/// ```
/// use onduty::ical::Feed;
///
/// let feed = Feed { name: "Core team on duty".to_owned(), description: String::new(), events: Vec::new() };
/// let (text, left_out) = feed.render();
/// assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
/// assert!(text.contains("NAME:Core team on duty\r\n") && left_out.is_empty());
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Feed {
    /// What the calendar is called.
    pub name: String,
    /// What else there is to say about it; may be empty.
    pub description: String,
    /// Its events.
    pub events: Vec<Event>,
}

impl Feed {
    /// Returns the feed as text, and why which events are left out.
    ///
    /// Events are ordered by start and identity. Of several with one identity the first is kept: a second would make
    /// some programs refuse the whole feed.
    #[must_use]
    pub fn render(&self) -> (String, Vec<InvalidEvent>) {
        let mut writer = Writer::with_capacity(600 + 500 * self.events.len());
        self.write_head(&mut writer);
        let mut left_out = Vec::new();
        let mut events: Vec<&Event> = self.events.iter().collect();
        events.sort_by_key(|event| (event.when, event.uid));
        let mut seen = std::collections::HashSet::with_capacity(events.len());
        for event in events {
            match event.check() {
                Ok(()) if seen.insert(event.uid) => event.write(&mut writer),
                Ok(()) => {}
                Err(error) => left_out.push(error),
            }
        }
        if seen.is_empty() {
            write_filler(&mut writer);
        }
        writer.raw("END", "VCALENDAR");
        (writer.into_string(), left_out)
    }

    fn write_head(&self, writer: &mut Writer) {
        writer.raw("BEGIN", "VCALENDAR");
        writer.raw("VERSION", "2.0");
        writer.raw("PRODID", PRODUCT);
        writer.raw("CALSCALE", "GREGORIAN");
        // Some programs read the one name, some the other (RFC 7986 §5.1).
        writer.text("NAME", &self.name);
        writer.text("X-WR-CALNAME", &self.name);
        if !self.description.is_empty() {
            writer.text("DESCRIPTION", &self.description);
            writer.text("X-WR-CALDESC", &self.description);
        }
        writer.raw("REFRESH-INTERVAL;VALUE=DURATION", REFRESH);
        writer.raw("X-PUBLISHED-TTL", REFRESH);
        writer.raw("COLOR", "steelblue");
    }
}

/// A calendar needs a component (RFC 5545 §3.6); a zone is one that shows nothing.
fn write_filler(writer: &mut Writer) {
    for (name, value) in [
        ("BEGIN", "VTIMEZONE"),
        ("TZID", "Etc/UTC"),
        ("BEGIN", "STANDARD"),
        ("DTSTART", "19700101T000000"),
        ("TZOFFSETFROM", "+0000"),
        ("TZOFFSETTO", "+0000"),
        ("TZNAME", "UTC"),
        ("END", "STANDARD"),
        ("END", "VTIMEZONE"),
    ] {
        writer.raw(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{Instant, Interval};
    use crate::ical::{EventStamps, When};
    use icalendar::Calendar;

    fn event(number: u128, start: i64, summary: &str, description: &str) -> Event {
        let at = Instant::from_seconds(start);
        Event {
            uid: uuid::Uuid::from_u128(number),
            sequence: 3,
            stamps: EventStamps::Exact { created: at.plus(-100), modified: at.plus(-50) },
            when: When::Instants(Interval::new(at, at.plus(3_600)).unwrap()),
            summary: summary.to_owned(),
            description: description.to_owned(),
            category: "DUTY",
            tentative: false,
            busy: false,
        }
    }

    fn feed(events: Vec<Event>) -> Feed {
        Feed { name: "Näme; with, comma".to_owned(), description: String::new(), events }
    }

    #[test]
    fn a_feed_looks_like_this() {
        let (text, _) = feed(vec![event(1, 1_795_420_800, "Review: Åsa Öberg", "09:00, Europe/Warsaw")]).render();
        insta::assert_snapshot!(text.replace("\r\n", "\n"), @r"
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//onduty//onduty 1//EN
        CALSCALE:GREGORIAN
        NAME:Näme\; with\, comma
        X-WR-CALNAME:Näme\; with\, comma
        REFRESH-INTERVAL;VALUE=DURATION:PT1H
        X-PUBLISHED-TTL:PT1H
        COLOR:steelblue
        BEGIN:VEVENT
        UID:00000000-0000-0000-0000-000000000001
        DTSTAMP:20261123T075910Z
        LAST-MODIFIED:20261123T075910Z
        CREATED:20261123T075820Z
        SEQUENCE:3
        DTSTART:20261123T080000Z
        DTEND:20261123T090000Z
        SUMMARY:Review: Åsa Öberg
        DESCRIPTION:09:00\, Europe/Warsaw
        TRANSP:TRANSPARENT
        X-MICROSOFT-CDO-BUSYSTATUS:FREE
        STATUS:CONFIRMED
        CATEGORIES:DUTY
        END:VEVENT
        END:VCALENDAR
        ");
    }

    #[test]
    fn whole_days_end_the_day_after_the_last_and_say_nothing_of_when_they_were_entered() {
        let (first, last) = (jiff::civil::date(2026, 11, 23), jiff::civil::date(2026, 11, 24));
        let stamps = EventStamps::AsOf("2026-11-25T00:00:00Z".parse().unwrap());
        let when = When::Days { first, last };
        let away = Event { when, stamps, category: "AWAY", ..event(1, 0, "Away: Åsa", "") };
        let (text, left_out) = feed(vec![away.clone()]).render();
        assert!(text.contains("DTSTART;VALUE=DATE:20261123\r\nDTEND;VALUE=DATE:20261125\r\n"), "{text}");
        assert!(!text.contains("CREATED") && !text.contains("LAST-MODIFIED") && left_out.is_empty(), "{text}");
        let (_, left_out) = feed(vec![Event { when: When::Days { first: last, last: first }, ..away }]).render();
        assert_eq!(left_out, [InvalidEvent::Backwards(uuid::Uuid::from_u128(1))]);
    }

    #[test]
    fn a_feed_without_events_has_a_component_all_the_same() {
        let (text, _) = feed(Vec::new()).render();
        assert!(text.contains("BEGIN:VTIMEZONE"));
        assert!(text.parse::<Calendar>().is_ok());
    }

    #[test]
    fn an_event_that_is_wrong_is_left_out_and_told() {
        let (text, left_out) = feed(vec![event(1, 1_000_000, " ", ""), event(2, 1_000_000, "Review", "")]).render();
        assert_eq!(left_out, [InvalidEvent::NoSummary(uuid::Uuid::from_u128(1))]);
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 1);
    }

    #[test]
    fn one_identity_is_there_once() {
        let (text, _) = feed(vec![event(1, 1_000_000, "Review", ""), event(1, 2_000_000, "Review", "")]).render();
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 1);
    }
}
