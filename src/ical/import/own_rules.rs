//! The rules of a zone as a file describes them (RFC 5545 §3.6.5), for zones that have no known name.

use super::limits::Budget;
use super::property::Property;
use super::rule::{Rule, Stretch};
use super::scan;
use super::values::{Stamp, offset, stamp};
use crate::civil::{DATE_MIN, Date, DateTime, Day, Instant, Wall, Zone};

/// A part of a zone's description: from when on, and how far ahead of UTC.
#[derive(Clone, Debug)]
struct Observance {
    start: DateTime,
    from: i64,
    to: i64,
    rule: Option<String>,
    more: Vec<DateTime>,
}

/// Why a zone's own rules are not used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum NoRules {
    /// They cannot be read, or there are none.
    Unreadable,
    /// There is too much to work out.
    TooMuch,
}

/// Works out a zone's clock up to `until`; what holds then goes on.
///
/// Years before 1970 are passed over: Outlook begins zones in 1601, others in the year 1.
pub(super) fn own_zone(raw: &scan::Zone<'_>, until: Day, budget: &mut Budget) -> Result<Zone, NoRules> {
    let observances: Vec<Observance> = raw.observances.iter().filter_map(|lines| observance(lines)).collect();
    if observances.is_empty() || observances.len() < raw.observances.len() {
        return Err(NoRules::Unreadable);
    }
    // In UTC, when each offset begins to hold, and which one does.
    let mut changes: Vec<(i64, i64, i64)> = Vec::new();
    for observance in &observances {
        let starts = observance.starts(until, budget)?;
        changes.extend(starts.into_iter().map(|at| (at.seconds() - observance.from, observance.to, observance.from)));
    }
    changes.sort_unstable();
    let before = changes.iter().rev().find(|(at, _, _)| *at <= Instant::MIN.seconds()).map(|(_, to, _)| *to);
    let first = before.or(changes.first().map(|(_, _, from)| *from)).ok_or(NoRules::Unreadable)?;
    let later: Vec<(i64, i64)> =
        changes.iter().filter(|(at, _, _)| *at > Instant::MIN.seconds()).map(|(at, to, _)| (*at, *to)).collect();
    Ok(Zone::new("", first, &later))
}

/// The offsets that a description ever sets, in seconds ahead of UTC.
pub(super) fn offsets(raw: &scan::Zone<'_>) -> Vec<i64> {
    raw.observances.iter().filter_map(|lines| observance(lines)).map(|observance| observance.to).collect()
}

fn observance(lines: &[super::lines::Line<'_>]) -> Option<Observance> {
    let properties: Vec<Property> = lines.iter().filter_map(Property::read).collect();
    let value = |name: &str| properties.iter().find(|property| property.name == name).map(|found| found.value.as_str());
    let mut more = Vec::new();
    for list in properties.iter().filter(|property| property.name == "RDATE") {
        more.extend(list.value.split(',').filter_map(local));
    }
    Some(Observance {
        start: local(value("DTSTART")?)?,
        from: offset(value("TZOFFSETFROM").or(value("TZOFFSETTO"))?)?,
        to: offset(value("TZOFFSETTO")?)?,
        rule: value("RRULE").map(str::to_owned),
        more,
    })
}

/// Local time, as which a date counts, and UTC, which occurs by mistake.
fn local(value: &str) -> Option<DateTime> {
    // A period counts by its start.
    match stamp(value.split('/').next()?)? {
        Stamp::Date(date) => Some(date.at(0, 0, 0, 0)),
        Stamp::Local(local) | Stamp::Utc(local) => Some(local),
    }
}

impl Observance {
    /// The readings, on the clock before the change, at which it begins to hold.
    fn starts(&self, until: Day, budget: &mut Budget) -> Result<Vec<Wall>, NoRules> {
        let mut starts: Vec<Wall> = self.more.iter().copied().map(Wall::from).collect();
        let Some(rule) = &self.rule else {
            starts.push(Wall::from(self.start));
            return Ok(starts);
        };
        // Only the day of the year counts of a start long ago; 1960 was a leap year.
        let old = Date::new(1960, self.start.month(), self.start.day()).ok().filter(|_| self.start.year() < 1960);
        let first = old.unwrap_or(self.start.date()).to_datetime(self.start.time());
        let clock = Zone::new("", self.from, &[]);
        let rule = Rule::read(rule, Wall::from(first), &clock, None).map_err(|_| NoRules::Unreadable)?;
        if old.is_some() && rule.count.is_some() {
            return Err(NoRules::Unreadable);
        }
        let stretch = Stretch { from: Day::from(DATE_MIN).plus(-3_660).start(), until: until.start() };
        starts.extend(rule.starts(Wall::from(first), stretch, &clock, budget).ok_or(NoRules::TooMuch)?);
        Ok(starts)
    }
}
