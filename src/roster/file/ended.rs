//! What has ended: how a roster file still names it.
//!
//! A file has no word for "ended". Layers, overrides, time off and tasks may still name residents and holiday sets that
//! have ended, and whose turn it is depends on the number of participants. So a file names them with what ends them by
//! its own words: a term that is over, and no dates after the end.

use crate::civil::{DATE_MIN, Date, Day, Instant, Zone, ZoneRules};
use crate::model::{Configured, HolidaySet, Resident, Term, Versions};

/// Returns from when on nothing holds any more, be that past or planned; `None` where something goes on.
pub(super) fn end_of<T>(versions: &Versions<T>) -> Option<Instant> {
    versions.list().last().filter(|last| last.value.is_none()).map(|last| last.from)
}

/// Returns what a file says of a resident: as stated last, and out of term from the end on.
pub(super) fn resident(resident: &Configured<Resident>, rules: &ZoneRules) -> Option<Resident> {
    let stated = resident.versions.last_stated()?;
    let Some(end) = end_of(&resident.versions) else { return Some(stated.clone()) };
    let zone = stated.term.zone.zone(rules).ok()?;
    let last = last_day(end, zone);
    let last = stated.term.last.map_or(last, |stated| stated.min(last));
    let begun = resident.versions.list().first().map_or(last, |first| zone.day(first.from).date().max(DATE_MIN));
    let first = stated.term.first.unwrap_or(begun).min(last);
    let term = Term { first: Some(first), last: Some(last), zone: stated.term.zone.clone() };
    Some(Resident { term, ..stated.clone() })
}

/// Returns what a file says of a holiday set: as stated last, and without dates from the end on.
pub(super) fn holiday_set(set: &Configured<HolidaySet>, team_zone: &Zone) -> Option<HolidaySet> {
    let mut stated = set.versions.last_stated()?.clone();
    if let Some(end) = end_of(&set.versions) {
        let last = last_day(end, team_zone);
        stated.holidays.retain(|holiday| holiday.date <= last);
    }
    Some(stated)
}

/// Tells whether a resident has ended, and the term that a file states is over by then.
pub(super) fn is_over_for(existing: &Configured<Resident>, stated: &Resident, rules: &ZoneRules) -> bool {
    let zone = stated.term.zone.zone(rules);
    let over = |end| Some(stated.term.last? <= last_day(end, zone.ok()?));
    end_of(&existing.versions).and_then(over).unwrap_or(false)
}

/// Tells whether a holiday set has ended, and no date that a file states is later.
pub(super) fn is_past(existing: &Configured<HolidaySet>, stated: &HolidaySet, team_zone: &Zone) -> bool {
    let past = |end| stated.holidays.iter().all(|holiday| holiday.date <= last_day(end, team_zone));
    end_of(&existing.versions).is_some_and(past)
}

/// The last whole day before `end`.
fn last_day(end: Instant, zone: &Zone) -> Date {
    let day: Day = zone.day(end);
    day.plus(-1).date().max(DATE_MIN)
}
