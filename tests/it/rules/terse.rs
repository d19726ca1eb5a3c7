//! What teams written by hand are said in: ids, days, hours and spans as short texts.

use std::str::FromStr;
use std::sync::OnceLock;

use onduty::civil::{Date, DateTime, Instant, Interval, Wall, Weekday, Weekdays, WeeklyWindow, WindowId, ZoneRules};
use onduty::model::*;

/// The tz database that is compiled in.
pub fn rules() -> &'static ZoneRules {
    static RULES: OnceLock<ZoneRules> = OnceLock::new();
    RULES.get_or_init(|| ZoneRules::bundled().unwrap())
}

/// Reads an id of any kind.
pub fn resident(text: &str) -> ResidentId {
    ResidentId::new(text).unwrap()
}

/// Reads the id of a duty.
pub fn duty(text: &str) -> DutyId {
    DutyId::new(text).unwrap()
}

/// Reads people, separated by spaces.
pub fn people(text: &str) -> Vec<ResidentId> {
    text.split_whitespace().map(resident).collect()
}

/// Reads `2026-03-02 09:00`.
pub fn local(text: &str) -> DateTime {
    DateTime::from_str(&text.replace(' ', "T")).unwrap()
}

/// Reads an instant: RFC 3339 where it ends in `Z`, else a local time of `zone`.
pub fn instant(text: &str, zone: &str) -> Instant {
    match text.ends_with('Z') {
        true => text.parse().unwrap(),
        false => rules().zone(zone).unwrap().instant(Wall::from(local(text))),
    }
}

/// Reads `start..end` as an interval of instants; see [`instant`].
pub fn interval(text: &str, zone: &str) -> Interval {
    let (start, end) = text.split_once("..").unwrap();
    Interval::new(instant(start, zone), instant(end, zone)).unwrap()
}

/// Reads weekly windows such as `mon-fri 09:00-17:00, sat+sun 10:00-12:00`; their ids are `1`, `2`, …
pub fn windows(text: &str) -> Vec<WeeklyWindow> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.enumerate().map(|(index, part)| window(index + 1, part)).collect()
}

fn window(number: usize, text: &str) -> WeeklyWindow {
    let (days, hours) = text.split_once(' ').unwrap_or_else(|| panic!("'{text}' is not `DAYS HH:MM-HH:MM`"));
    let (start, end) = hours.split_once('-').unwrap();
    WeeklyWindow {
        id: WindowId::new(&number.to_string()).unwrap(),
        weekdays: weekdays(days),
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
    }
}

fn weekdays(text: &str) -> Weekdays {
    let index = |name: &str| Weekday::ALL.iter().position(|day| day.name() == name).unwrap();
    let part = |part: &str| match part.split_once('-') {
        _ if part == "daily" => (0, 6),
        Some((first, last)) => (index(first), index(last)),
        None => (index(part), index(part)),
    };
    text.split('+').map(part).flat_map(|(first, last)| &Weekday::ALL[first..=last]).copied().collect()
}

/// Reads what people state: `2026-03-03` (a day), `2026-03-03..2026-03-05` (days, both included),
/// `2026-03-03 10:00..2026-03-04 12:00` (local times), the same with `Z` (instants); `..` without an end is open.
pub fn span(text: &str, zone: &str) -> Span {
    let (start, end) = text.split_once("..").unwrap_or((text, text));
    let end = Some(end).filter(|end| !end.is_empty());
    let zone = ZoneName::new(zone);
    match start {
        _ if start.ends_with('Z') => {
            Span::Instants { start: start.parse().unwrap(), end: end.map(|end| end.parse().unwrap()) }
        }
        _ if start.len() > 10 => Span::Local { start: local(start), end: end.map(local), zone },
        _ => Span::Days { first: day(start), last: end.map(day), zone },
    }
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}
