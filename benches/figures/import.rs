//! Calendars in: a file of 10,000 events read for somebody's time off, beside the `icalendar` crate's parse of the same
//! bytes.

use std::fmt::Write as _;

use onduty::civil::{Instant, Interval, ZoneRules};
use onduty::ical::import::{Reading, Wanted, Which, absences};
use onduty::model::{IdentityKey, ZoneName};

use super::pairs::{Effort, alternate, seconds_per_call};
use super::report::{Limit, Report, duration};

const EVENTS: usize = 10_000;

/// Tells what reading a calendar takes.
pub fn measure(report: &mut Report, effort: Effort) {
    report.section("Calendars read: 10,000 events, as Google writes them");
    let file = file();
    let rules = ZoneRules::bundled().expect("zone rules");
    let (zone, key) = (ZoneName::new("Europe/Warsaw"), IdentityKey::default());
    let wanted = Wanted { which: Which::Every, ..Wanted::default() };
    let (from, to) = (Instant::from_seconds(1_767_139_200), Instant::from_seconds(1_798_848_000));
    let window = Interval::new(from, to).expect("a year and a day at each end");
    let reading = Reading { rules: &rules, zone: &zone, window, key: &key, wanted: &wanted };
    let read = absences(file.as_bytes(), &reading).expect("a calendar");
    assert_eq!((read.taken.len(), read.left.len(), read.events), (EVENTS, 0, EVENTS));
    let effort = effort.longer();
    let ours = |time| seconds_per_call(time, || absences(file.as_bytes(), &reading));
    let parse =
        || icalendar::parser::read_calendar(&icalendar::parser::unfold(&file)).map(|read| read.components.len());
    let pair = alternate(effort, ours, |time| seconds_per_call(time, parse));
    let note = format!("{} beside {} of the crate's parser", duration(pair.subject), duration(pair.peer));
    report.ratio("a calendar of 10,000 events", pair, Limit::Told, &note);
    let more = (pair.subject - pair.peer) * 1e3;
    report.figure("what it takes on top of parsing", more.max(0.0), "ms", Limit::AtMost(150.0), "");
}

/// Three quarters of an hour, every 50 minutes, all through a year.
fn file() -> String {
    let mut text =
        String::from("BEGIN:VCALENDAR\r\nPRODID:-//Example//EN\r\nVERSION:2.0\r\nX-WR-TIMEZONE:Europe/Warsaw\r\n");
    for number in 0..EVENTS {
        let (month, day, rest) = (1 + number / 850, 1 + number % 28, number / 28 % 30);
        let hour = rest % 23;
        let _ = write!(
            text,
            "BEGIN:VEVENT\r\nDTSTART;TZID=Europe/Warsaw:2026{month:02}{day:02}T{hour:02}0000\r\n\
             DTEND;TZID=Europe/Warsaw:2026{month:02}{day:02}T{hour:02}4500\r\nDTSTAMP:20260102T090314Z\r\n\
             UID:{number:026}@example.org\r\nCREATED:20251126T031327Z\r\nLAST-MODIFIED:20251226T031327Z\r\n\
             DESCRIPTION:Notes on what this meeting is about\\, which nobody but its people\r\n  ought to read\r\n\
             LOCATION:Room {}\r\nSEQUENCE:0\r\nSTATUS:CONFIRMED\r\nSUMMARY:Meeting {number}\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\n",
            number % 40,
        );
    }
    text + "END:VCALENDAR\r\n"
}
