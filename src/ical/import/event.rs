//! One event: what of its properties says when it is, and whether it counts.

use super::clock::{Clock, When, when};
use super::limits::{Budget, PARTS_MAX};
use super::property::Property;
use super::report::{LeftReason, Part, Remark, RemarkKind, RuleProblem};
use super::scan;
use super::standing::{Standing, standing};
use super::values::{Duration, Stamp, duration, stamp};
use super::zones::Zones;
use super::{Ask, Taken};
use crate::civil::{Day, Wall, Zone};

/// An event, or one changed instance of a recurring one.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// The line of its `BEGIN`.
    pub line: u32,
    /// A hash of its UID; of an event without one, of its start and end.
    pub key: [u8; 32],
    pub start: When,
    pub length: Length,
    /// The rule as written.
    pub rule: Option<String>,
    /// Further starts, and how long what starts there is if that is stated.
    pub more: Vec<(When, Option<Length>)>,
    /// What does not happen.
    pub except: Vec<When>,
    /// Which instance of a recurring event this one changes.
    pub original: Option<Original>,
    /// Whether it counts, and if not, why.
    pub standing: Standing,
    /// Its title, where titles are read.
    pub title: Option<String>,
    /// Which of two versions is the newer: sequence, last change, line.
    pub version: (u64, i64, u32),
}

/// How long an event is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Length {
    /// So many whole days.
    Days(i32),
    /// So many seconds on the wall clock.
    Clock(i64),
    /// So many days on the wall clock, and then so many seconds that pass.
    Passing { days: i32, seconds: i64 },
}

/// The instance that a changed one replaces.
#[derive(Clone, Debug)]
pub(super) struct Original {
    pub at: When,
    /// All later instances are changed in the same way (RFC 5545 §3.2.13).
    pub and_later: bool,
}

/// What events are read with.
#[derive(Debug)]
pub(super) struct Reader<'r, 'a, 'q> {
    pub zones: Zones<'r, 'a>,
    /// The clock of times without a zone, in each calendar of the file.
    pub floating: Vec<Clock>,
    /// The zone of whole days.
    pub days: &'r Zone,
    pub ask: Ask<'q>,
    pub budget: Budget,
    pub remarks: Vec<Remark>,
    /// The event that is being read counts: what is done with it is remarked.
    pub counts: bool,
    /// The event that is being read is of whole days, whatever form its times have: they need no zone.
    pub whole_days: bool,
    /// It has been told that the file is not UTF-8.
    pub latin1: bool,
}

/// Something wrong, on a line of its own or in the event as a whole.
type Wrong = (Option<u32>, LeftReason);

/// Why there is no event.
#[derive(Clone, Debug)]
pub(super) enum Without {
    /// Something is wrong in this line.
    Wrong(u32, LeftReason),
    /// It would not count anyway, whatever else is wrong with it.
    Passed(Standing),
}

impl Reader<'_, '_, '_> {
    /// Reads an event of the calendar with that number.
    pub fn event(&mut self, raw: &scan::Event<'_>, calendar: usize) -> Result<Event, Without> {
        let told = |(line, reason): Wrong| Without::Wrong(line.unwrap_or(raw.line), reason);
        if raw.unfinished {
            return Err(told((None, LeftReason::Unfinished)));
        }
        if raw.overfull {
            return Err(told((None, LeftReason::TooManyParts)));
        }
        let properties = self.properties(raw).map_err(told)?;
        let one = |name: &str| properties.iter().find(|property| property.name == name);
        let start = one("DTSTART").ok_or(told((None, LeftReason::NoStart)))?;
        let known = stamp(&start.value).is_some();
        self.whole_days = begins_a_day(start, one("X-MICROSOFT-CDO-ALLDAYEVENT"));
        let standing = standing(&properties, self.whole_days, &self.ask);
        self.counts = standing == Standing::Counts;
        match self.counted(raw.line, &properties, start, standing, calendar) {
            Err(_) if !self.counts && known => Err(Without::Passed(standing)),
            read => read.map_err(told),
        }
    }

    fn counted(
        &mut self,
        line: u32,
        properties: &[Property],
        start: &Property,
        standing: Standing,
        calendar: usize,
    ) -> Result<Event, Wrong> {
        let one = |name: &str| properties.iter().find(|property| property.name == name);
        let floating = self.floating.get(calendar).cloned().unwrap_or_else(|| self.zones.utc.clone());
        let start = self.stamped(start, Part::Start, &floating)?;
        let (start, length) = self.start_and_length(start, properties, &floating)?;
        // What has no zone in the lists is on the event's own clock.
        let own = match &start {
            When::Day(_) => floating,
            When::At(_, clock) => clock.clone(),
        };
        let original = match one("RECURRENCE-ID") {
            None => None,
            Some(property) => {
                let range = property.parameter("RANGE");
                let and_later = range.is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
                Some(Original { at: self.stamped(property, Part::Original, &own)?, and_later })
            }
        };
        Ok(Event {
            line,
            key: key(one("UID"), &start, length),
            rule: rule(properties)?,
            more: self.more(properties, &own)?,
            except: self.except(properties, &own)?,
            standing,
            title: one("SUMMARY").filter(|_| self.ask.taken == Taken::Holidays).map(|title| title.value.clone()),
            version: (sequence(one("SEQUENCE")), changed(one("LAST-MODIFIED").or(one("DTSTAMP"))), line),
            start,
            length,
            original,
        })
    }

    fn properties(&mut self, raw: &scan::Event<'_>) -> Result<Vec<Property>, Wrong> {
        let attendees = raw.lines.iter().filter(|line| line.name().eq_ignore_ascii_case(b"ATTENDEE")).count();
        let mut properties = Vec::with_capacity(raw.lines.len());
        for line in &raw.lines {
            // What several attendees answer says nothing: which of them the calendar's owner is, is not known.
            if attendees > 1 && line.name().eq_ignore_ascii_case(b"ATTENDEE") {
                continue;
            }
            match (Property::read(line), essential(line.name())) {
                (Some(property), _) => properties.push(property),
                (None, Some(part)) => return Err((Some(line.number), LeftReason::Malformed(part))),
                (None, None) => {}
            }
        }
        if let Some(property) = properties.iter().find(|property| property.latin1).filter(|_| !self.latin1) {
            self.latin1 = true;
            self.remarks.push(Remark { line: property.line, what: RemarkKind::Latin1 });
        }
        Ok(properties)
    }

    /// Reads a property that is one date or date-time.
    fn stamped(&mut self, property: &Property, part: Part, floating: &Clock) -> Result<When, Wrong> {
        let read = stamp(&property.value).ok_or((Some(property.line), LeftReason::Malformed(part)))?;
        self.when(read, property, floating)
    }

    fn when(&mut self, read: Stamp, property: &Property, floating: &Clock) -> Result<When, Wrong> {
        let zone = property.parameter("TZID").filter(|zone| !zone.trim().is_empty());
        let clock = match (read, zone) {
            (Stamp::Local(_), Some(zone)) => {
                let remarks = Some(&mut self.remarks).filter(|_| self.counts);
                match self.zones.clock(zone, property.line, &mut self.budget, remarks) {
                    Ok(clock) => &clock.clone(),
                    Err(LeftReason::UnknownZone(_)) if self.whole_days => floating,
                    Err(reason) => return Err((Some(property.line), reason)),
                }
            }
            _ => floating,
        };
        let read = match read {
            // Midnight of a day: a program that adds a time to dates.
            Stamp::Local(local) | Stamp::Utc(local) if is_date(property) && Wall::from(local).second_of_day() == 0 => {
                Stamp::Date(local.date())
            }
            other => other,
        };
        Ok(when(read, clock, &self.zones.utc))
    }

    fn start_and_length(
        &mut self,
        start: When,
        properties: &[Property],
        floating: &Clock,
    ) -> Result<(When, Length), Wrong> {
        let one = |name: &str| properties.iter().find(|property| property.name == name);
        let own = match &start {
            When::Day(_) => floating.clone(),
            When::At(_, clock) => clock.clone(),
        };
        let end = match one("DTEND") {
            Some(property) => Some(self.stamped(property, Part::End, &own)?),
            None => None,
        };
        let stated = match one("DURATION").filter(|_| end.is_none()) {
            None => None,
            Some(property) => {
                let malformed = (Some(property.line), LeftReason::Malformed(Part::Duration));
                Some(duration(&property.value).ok_or(malformed)?)
            }
        };
        let all_day = one("X-MICROSOFT-CDO-ALLDAYEVENT").is_some_and(|property| property.says("TRUE"));
        let (start, end) = match (start, end) {
            (When::At(from, _), Some(When::At(to, _))) if all_day && both_midnight(from, to) => {
                (When::Day(from.day().date()), Some(When::Day(to.day().date())))
            }
            other => other,
        };
        let length = length(&start, end.as_ref(), stated).map_err(|reason| (None, reason))?;
        Ok((start, length))
    }

    /// Reads the further dates, as dates, times or periods (RFC 5545 §3.8.5.2).
    fn more(&mut self, properties: &[Property], own: &Clock) -> Result<Vec<(When, Option<Length>)>, Wrong> {
        let mut more = Vec::new();
        for property in properties.iter().filter(|property| property.name == "RDATE") {
            let malformed = || (Some(property.line), LeftReason::Malformed(Part::MoreDates));
            for value in property.value.split(',').filter(|value| !value.trim().is_empty()) {
                if more.len() >= PARTS_MAX {
                    return Err((Some(property.line), LeftReason::TooManyParts));
                }
                let (from, to) = value.split_once('/').map_or((value, None), |(from, to)| (from, Some(to)));
                let start = self.when(stamp(from).ok_or_else(malformed)?, property, own)?;
                let long = match to {
                    None => None,
                    Some(to) => {
                        let end = stamp(to).map(|end| self.when(end, property, own)).transpose()?;
                        let stated = duration(to);
                        let read = end.is_some() || stated.is_some();
                        let long = length(&start, end.as_ref(), stated).ok().filter(|_| read);
                        Some(long.ok_or_else(malformed)?)
                    }
                };
                more.push((start, long));
            }
        }
        Ok(more)
    }

    fn except(&mut self, properties: &[Property], own: &Clock) -> Result<Vec<When>, Wrong> {
        let mut except = Vec::new();
        for property in properties.iter().filter(|property| property.name == "EXDATE") {
            for value in property.value.split(',').filter(|value| !value.trim().is_empty()) {
                if except.len() >= PARTS_MAX {
                    return Err((Some(property.line), LeftReason::TooManyParts));
                }
                let malformed = (Some(property.line), LeftReason::Malformed(Part::ExceptedDates));
                let read = stamp(value).ok_or(malformed)?;
                except.push(self.when(read, property, own)?);
            }
        }
        Ok(except)
    }
}

/// What cannot be done without: an event is left out where a line of it cannot be read.
fn essential(name: &[u8]) -> Option<Part> {
    let parts: [(&[u8], Part); 8] = [
        (b"DTSTART", Part::Start),
        (b"DTEND", Part::End),
        (b"DURATION", Part::Duration),
        (b"RRULE", Part::Rule),
        (b"RDATE", Part::MoreDates),
        (b"EXDATE", Part::ExceptedDates),
        (b"RECURRENCE-ID", Part::Original),
        (b"UID", Part::Uid),
    ];
    parts.into_iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, part)| part)
}

/// Whether a start is that of a whole day, by its form or because Outlook says so.
fn begins_a_day(start: &Property, all_day: Option<&Property>) -> bool {
    match stamp(&start.value) {
        Some(Stamp::Date(_)) => true,
        Some(Stamp::Local(local) | Stamp::Utc(local)) => {
            let midnight = Wall::from(local).second_of_day() == 0;
            midnight && (is_date(start) || all_day.is_some_and(|property| property.says("TRUE")))
        }
        None => false,
    }
}

fn is_date(property: &Property) -> bool {
    property.parameter("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("DATE"))
}

fn both_midnight(from: Wall, to: Wall) -> bool {
    from.second_of_day() == 0 && to.second_of_day() == 0 && from < to
}

/// How long what starts at `start` is (RFC 5545 §3.6.1): a day without an end is one day, and so is one that ends on
/// itself, as some programs write it.
fn length(start: &When, end: Option<&When>, stated: Option<Duration>) -> Result<Length, LeftReason> {
    match (start, end, stated) {
        (_, None, Some(stated)) if stated.negative => Err(LeftReason::EndBeforeStart),
        (When::Day(_), None, None) => Ok(Length::Days(1)),
        (When::Day(_), None, Some(stated)) if stated.seconds % 86_400 == 0 => {
            let days = i64::from(stated.days) + stated.seconds / 86_400;
            Ok(Length::Days(i32::try_from(days).unwrap_or(i32::MAX).max(1)))
        }
        (When::Day(first), Some(end), _) => {
            // Midnight is the end of a day whatever its form.
            let days = match end {
                When::Day(end) => Day::from(*end).number(),
                When::At(wall, _) if wall.second_of_day() == 0 => wall.day().number(),
                When::At(..) => return Err(LeftReason::Mixed),
            };
            let days = days.saturating_sub(Day::from(*first).number());
            if days < 0 { Err(LeftReason::EndBeforeStart) } else { Ok(Length::Days(days.max(1))) }
        }
        (When::Day(_), None, Some(_)) | (When::At(..), Some(When::Day(_)), _) => Err(LeftReason::Mixed),
        (When::At(..), None, None) => Err(LeftReason::NoLength),
        (When::At(..), None, Some(stated)) => match (stated.days, stated.seconds) {
            (0, 0) => Err(LeftReason::NoLength),
            (days, seconds) => Ok(Length::Passing { days, seconds }),
        },
        (When::At(from, clock), Some(end @ When::At(to, of)), _) => {
            let to = if clock.same(of) { *to } else { start.reading_of(end, &clock.zone) };
            match to.seconds().saturating_sub(from.seconds()) {
                0 => Err(LeftReason::NoLength),
                negative if negative < 0 => Err(LeftReason::EndBeforeStart),
                seconds => Ok(Length::Clock(seconds)),
            }
        }
    }
}

fn rule(properties: &[Property]) -> Result<Option<String>, Wrong> {
    let mut rules = properties.iter().filter(|property| matches!(property.name.as_str(), "RRULE" | "EXRULE"));
    let first = rules.next();
    let several = rules.next().or(first.filter(|property| property.name == "EXRULE"));
    match several {
        Some(property) => Err((Some(property.line), LeftReason::Rule(RuleProblem::Several))),
        None => Ok(first.map(|property| property.value.clone())),
    }
}

fn sequence(property: Option<&Property>) -> u64 {
    property.and_then(|property| property.value.trim().parse().ok()).unwrap_or(0)
}

/// When an event was changed last, in seconds; long ago where it does not say.
fn changed(property: Option<&Property>) -> i64 {
    let local = property.and_then(|property| match stamp(&property.value)? {
        Stamp::Date(date) => Some(date.at(0, 0, 0, 0)),
        Stamp::Local(local) | Stamp::Utc(local) => Some(local),
    });
    local.map_or(i64::MIN, |local| Wall::from(local).seconds())
}

/// Returns what tells the event apart, where it has a UID that can be read.
pub(super) fn key_of(raw: &scan::Event<'_>) -> Option<[u8; 32]> {
    let line = raw.lines.iter().find(|line| line.name().eq_ignore_ascii_case(b"UID"))?;
    uid_key(&Property::read(line)?.value)
}

fn uid_key(uid: &str) -> Option<[u8; 32]> {
    let uid = uid.trim();
    (!uid.is_empty()).then(|| *blake3::keyed_hash(&[1; 32], uid.as_bytes()).as_bytes())
}

/// What tells events apart: the UID or, where there is none, start and length. No UID is kept.
fn key(uid: Option<&Property>, start: &When, length: Length) -> [u8; 32] {
    uid.and_then(|uid| uid_key(&uid.value)).unwrap_or_else(|| {
        let text = format!("{}/{}/{length:?}", start.is_day(), start.wall().seconds());
        *blake3::keyed_hash(&[2; 32], text.as_bytes()).as_bytes()
    })
}
