//! Calendars in: when somebody is away, and public holidays, out of iCalendar files (RFC 5545) as they really are. Pure.
//!
//! Files come from many programs, and few keep all rules: so a scan of our own cuts a file into pieces, the `icalendar`
//! crate parses each line that matters, and what is wrong with one event spoils no other. What an event is about is
//! never kept: the answers have no place for it, but for the names of public holidays.

mod clock;
mod event;
mod limits;
mod lines;
mod own_rules;
mod place;
mod property;
mod report;
mod rule;
mod scan;
mod series;
mod standing;
mod values;
mod windows_zones;
mod zones;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::civil::{Date, Day, Interval, ZoneRules};
use crate::model::{Holiday, IdentityKey, Span, ZoneName};
pub use crate::model::{Wanted, Which};

use clock::Clock;
use event::{Event, Reader, Without};
pub use limits::BYTES_MAX;
use limits::{Budget, EVENTS_MAX};
pub use report::{
    Absence, Absences, Holidays, Left, LeftReason, Part, Passed, Quoted, Remark, RemarkKind, RuleProblem, Unread,
    Unreadable,
};
use scan::{Piece, Scan, Want};
use series::Series;
use zones::Zones;

/// With what a resident's calendar is read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The tz database.
    pub rules: &'a ZoneRules,
    /// The resident's zone: that of whole days, and of times without a zone where the calendar names none for them.
    pub zone: &'a ZoneName,
    /// Only what overlaps it is taken.
    pub window: Interval,
    /// The team's secret, without which nobody can tell a UID from an id.
    pub key: &'a IdentityKey,
    /// Which events count.
    pub wanted: &'a Wanted,
}

/// With what a calendar of public holidays is read.
#[derive(Clone, Copy, Debug)]
pub struct HolidayReading<'a> {
    /// The tz database.
    pub rules: &'a ZoneRules,
    /// The first date that is taken.
    pub first: Date,
    /// The last date that is taken.
    pub last: Date,
}

/// What is asked of events.
#[derive(Clone, Copy, Debug)]
struct Ask<'q> {
    taken: Taken,
    wanted: &'q Wanted,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Taken {
    Absences,
    Holidays,
}

/// Reads when a resident is away.
///
/// Whole days become [`Span::Days`] in the resident's zone, times in a zone of the tz database [`Span::Local`], and
/// times in UTC, or in a zone that only the file knows, [`Span::Instants`]. Each instance of a recurring event is an
/// absence of its own. The ids are UUIDs of version 5 in the team's key, made of the UID and, for recurring events, of
/// the instance's original start: they stay when an event is moved, renamed or listed elsewhere. An event without a UID
/// has its start and length instead, and a new id when it is moved.
///
/// Reading takes time and memory in proportion to the file; what would take more is left out, and that is told.
///
/// # Errors
///
/// [`Unreadable`] where this is no calendar, or the tz database lacks the resident's zone.
///
/// ```
/// use onduty::civil::{Interval, ZoneRules};
/// use onduty::ical::import::{Reading, Wanted, absences};
/// use onduty::model::{IdentityKey, ZoneName};
///
/// let file = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:7\r\nDTSTART;VALUE=DATE:20260706\r\nDTEND;VALUE=DATE:20260711\r\n\
///     SUMMARY:The seaside\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
/// let (rules, key, wanted) = (ZoneRules::bundled().unwrap(), IdentityKey::default(), Wanted::default());
/// let zone = ZoneName::new("Europe/Warsaw");
/// let reading = Reading { rules: &rules, zone: &zone, window: Interval::ALL, key: &key, wanted: &wanted };
/// let read = absences(file, &reading).unwrap();
/// let interval = read.taken[0].span.interval(&rules).unwrap().unwrap();
/// assert_eq!(interval.to_string(), "[2026-07-05T22:00:00Z, 2026-07-10T22:00:00Z)");
/// assert!(!format!("{read:?}").contains("seaside"));
/// ```
pub fn absences(bytes: &[u8], reading: &Reading<'_>) -> Result<Absences, Unreadable> {
    let ask = Ask { taken: Taken::Absences, wanted: reading.wanted };
    let read = read(bytes, reading.rules, reading.zone, reading.window, ask)?;
    let mut taken: Vec<Absence> = Vec::with_capacity(read.instances.len());
    for instance in read.instances {
        let name = calendar_name(&instance.key);
        let id = reading.key.identity(&format!("{name}/{}", instance.original));
        let event = reading.key.identity(&name);
        taken.push(Absence { id, event, line: instance.line, span: instance.span });
    }
    taken.sort_by_key(|absence| (absence.line, absence.span.local_start()));
    let hidden = read.hidden.iter().flatten().map(|key| reading.key.identity(&calendar_name(key)));
    let unread = Unread { events: hidden.collect(), others: is_cut_off(&read.remarks) || read.hidden.contains(&None) };
    Ok(Absences { taken, left: read.left, remarks: read.remarks, passed: read.passed, events: read.count, unread })
}

fn calendar_name(event: &[u8; 32]) -> String {
    format!("calendar/{}", blake3::Hash::from_bytes(*event).to_hex())
}

/// Reads public holidays: the days of all events of whole days, busy or free, and what these are called.
///
/// Titles are kept here, and only here: on one line, of at most 200 characters, without those that cannot be seen.
///
/// # Errors
///
/// [`Unreadable`] where this is no calendar.
///
/// ```
/// use onduty::civil::{Date, ZoneRules};
/// use onduty::ical::import::{HolidayReading, holidays};
///
/// let file = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20200101\nRRULE:FREQ=YEARLY\nSUMMARY:New Year\n\
///     END:VEVENT\nEND:VCALENDAR\n";
/// let rules = ZoneRules::bundled().unwrap();
/// let (first, last) = (Date::constant(2026, 1, 1), Date::constant(2027, 12, 31));
/// let read = holidays(file, &HolidayReading { rules: &rules, first, last }).unwrap();
/// let days: Vec<_> = read.taken.iter().map(|day| (day.date.to_string(), day.name.as_str())).collect();
/// assert_eq!(days, [("2026-01-01".to_owned(), "New Year"), ("2027-01-01".to_owned(), "New Year")]);
/// ```
pub fn holidays(bytes: &[u8], reading: &HolidayReading<'_>) -> Result<Holidays, Unreadable> {
    let wanted = Wanted::default();
    let ask = Ask { taken: Taken::Holidays, wanted: &wanted };
    let (zone, utc) = (ZoneName::new("UTC"), Clock::utc());
    let (first, last) = (Day::from(reading.first), Day::from(reading.last));
    let window = Interval::new(utc.zone.day_start(first), utc.zone.day_start(last.plus(1)));
    let Some(window) = window else { return Ok(Holidays::default()) };
    let read = read(bytes, reading.rules, &zone, window, ask)?;
    let mut budget = Budget::new();
    let mut taken: Vec<Holiday> = Vec::new();
    let mut left = read.left;
    let mut incomplete = !read.hidden.is_empty() || is_cut_off(&read.remarks);
    for instance in read.instances {
        let Span::Days { first: from, last: Some(to), .. } = instance.span else { continue };
        let days = Day::from(from).max(first).number()..=Day::from(to).min(last).number();
        if !budget.take_instances(days.clone().count()) {
            left.push(Left { line: instance.line, reason: LeftReason::TooMuch });
            incomplete = true;
            continue;
        }
        let title = read.events.get(instance.event).and_then(|event| event.title.as_deref());
        let name = report::visible(title.unwrap_or_default(), NAME_MAX);
        taken.extend(days.map(|day| Holiday { date: Day::from_number(day).date(), name: name.clone() }));
    }
    taken.sort_unstable();
    taken.dedup();
    left.sort_by_key(|left| left.line);
    Ok(Holidays { taken, left, remarks: read.remarks, passed: read.passed, events: read.count, incomplete })
}

fn is_cut_off(remarks: &[Remark]) -> bool {
    remarks.iter().any(|remark| remark.what == RemarkKind::CutOff)
}

/// The longest name of a holiday, in characters.
const NAME_MAX: usize = crate::model::validate::NAME_MAX;

/// What was read, before it is put into the words of one kind of report.
struct Read {
    instances: Vec<series::Instance>,
    events: Vec<Event>,
    /// How many events there are, also those that cannot be read.
    count: usize,
    left: Vec<Left>,
    /// The keys of events of which nobody knows when they are; `None` where not even that is known.
    hidden: BTreeSet<Option<[u8; 32]>>,
    remarks: Vec<Remark>,
    passed: Passed,
}

fn read(
    bytes: &[u8],
    rules: &ZoneRules,
    zone_name: &ZoneName,
    window: Interval,
    ask: Ask<'_>,
) -> Result<Read, Unreadable> {
    if bytes.len() > BYTES_MAX {
        return Err(Unreadable::TooLarge);
    }
    let zone = rules.known_zone(zone_name.as_str())?;
    let until = zone.day(window.end()).plus(730);
    let mut reader = Reader {
        zones: Zones::new(rules, until),
        floating: Vec::new(),
        days: zone,
        ask,
        budget: Budget::new(),
        remarks: Vec::new(),
        counts: false,
        whole_days: false,
        latin1: false,
    };
    let own = read_zones(bytes, &Clock::named(zone), &mut reader);
    if reader.floating.is_empty() {
        return Err(no_calendar(bytes));
    }
    if own {
        return Err(Unreadable::Own);
    }
    let mut series = Series::new(zone_name, window);
    let (mut events, count) = read_events(bytes, &mut reader, &mut series);
    let groups = series::groups(&mut events);
    for (index, from) in groups.iter().enumerate() {
        let to = groups.get(index + 1).copied().unwrap_or(events.len());
        series.add(*from, events.get(*from..to).unwrap_or_default(), &mut reader);
    }
    if count == 0 {
        reader.remarks.push(Remark { line: 1, what: RemarkKind::NoEvents });
    }
    let mut remarks = reader.remarks;
    remarks.sort_by_key(|remark| remark.line);
    series.left.sort_by_key(|left| left.line);
    let Series { instances, left, hidden, passed, .. } = series;
    Ok(Read { instances, events, count, left, hidden, remarks, passed })
}

/// Reads what a file says of zones; there is one floating clock for each calendar afterwards. Returns whether any of the
/// calendars is this program's own.
fn read_zones<'a>(bytes: &'a [u8], own: &Clock, reader: &mut Reader<'_, 'a, '_>) -> bool {
    let mut named = Vec::new();
    let mut scan = Scan::of(bytes, Want::Zones);
    for piece in scan.by_ref() {
        match piece {
            Piece::Calendar => reader.floating.push(own.clone()),
            Piece::CalendarZone(line) => named.push((reader.floating.len(), line)),
            Piece::Zone(zone) => reader.zones.describe(zone),
            Piece::Event(_) => {}
        }
    }
    for (calendar, line) in named {
        let Some(property) = property::Property::read(&line) else { continue };
        let name = property.value.trim();
        match reader.zones.clock(name, line.number, &mut reader.budget, Some(&mut reader.remarks)) {
            Ok(clock) => {
                if let Some(floating) = calendar.checked_sub(1).and_then(|index| reader.floating.get_mut(index)) {
                    *floating = clock;
                }
            }
            Err(_) if name.is_empty() => {}
            Err(_) => {
                let what = RemarkKind::CalendarZone { name: Quoted::new(name), zone: own.zone.name().to_owned() };
                reader.remarks.push(Remark { line: line.number, what });
            }
        }
    }
    scan.own
}

/// Reads the events of a file, those that can be; returns how many there are in all, too.
fn read_events<'a>(bytes: &'a [u8], reader: &mut Reader<'_, 'a, '_>, series: &mut Series<'_>) -> (Vec<Event>, usize) {
    let titles = reader.ask.taken == Taken::Holidays || matches!(reader.ask.wanted.which, Which::Title(_));
    let categories = matches!(reader.ask.wanted.which, Which::Category(_));
    let mut scan = Scan::of(bytes, Want::Events { titles, categories });
    let (mut events, mut count, mut calendars) = (Vec::new(), 0, 0_usize);
    for piece in scan.by_ref() {
        match piece {
            Piece::Calendar => calendars += 1,
            Piece::Event(event) => {
                count += 1;
                if events.len() >= EVENTS_MAX {
                    series.leave(event.line, LeftReason::TooMuch, None);
                    continue;
                }
                match reader.event(&event, calendars.saturating_sub(1)) {
                    Ok(event) => events.push(event),
                    Err(Without::Wrong(line, reason)) => series.leave(line, reason, event::key_of(&event)),
                    Err(Without::Passed(standing)) => series.pass(standing),
                }
            }
            Piece::CalendarZone(_) | Piece::Zone(_) => {}
        }
    }
    let outside = scan.outside.map(|line| Remark { line, what: RemarkKind::TextOutside });
    let cut_off = scan.cut_off.map(|line| Remark { line, what: RemarkKind::CutOff });
    reader.remarks.extend(outside.into_iter().chain(cut_off));
    (events, count)
}

/// Says what a file is that holds no calendar.
fn no_calendar(bytes: &[u8]) -> Unreadable {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    let start = text.get(..text.len().min(1_024)).unwrap_or_default().to_ascii_lowercase();
    let holds = |word: &str| start.windows(word.len()).any(|window| window == word.as_bytes());
    if text.is_empty() {
        Unreadable::Empty
    } else if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        Unreadable::Utf16
    } else if holds("<!doctype html") || holds("<html") || holds("<head") {
        Unreadable::WebPage
    } else {
        Unreadable::NotACalendar
    }
}
