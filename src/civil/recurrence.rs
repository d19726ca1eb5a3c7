//! Recurrence of time off: RFC 5545 rules, expanded on the wall clock (semantics 2.8).

use chrono::TimeZone as _;
use jiff::civil::{Date, DateTime, date};
use rrule::{Frequency, NWeekday};

use super::rule_days::RuleDays;
use super::{DATE_MAX, Day, Instant, Wall, Zone};

/// A date, or a local date-time, on which a recurring entry does not happen (RFC 5545 §3.8.5.1).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Exception {
    /// Every instance that starts on the date.
    Date(Date),
    /// The instance that starts at the local date-time.
    DateTime(DateTime),
}

impl Exception {
    fn excludes(self, start: DateTime) -> bool {
        match self {
            Self::Date(date) => start.date() == date,
            Self::DateTime(date_time) => start == date_time,
        }
    }
}

/// When an entry recurs: an RFC 5545 `RRULE` value and the dates on which it does not happen.
///
/// The rule counts on the wall clock of the entry's zone; each instance's local start is then made an instant by
/// [`Zone::instant`]. Dates that do not exist (30 February) are skipped. On one local date at most one instance starts,
/// so the date names it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Recurrence {
    /// The rule, such as `FREQ=WEEKLY;BYDAY=FR`.
    pub rule: String,
    /// The instances left out.
    pub except: Vec<Exception>,
}

/// Why a recurrence rule is not accepted.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RecurrenceError {
    /// It is not an RRULE.
    #[error("'{rule}' is not an RFC 5545 recurrence rule: {reason}")]
    Malformed {
        /// The rule as given.
        rule: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It is a whole property of a calendar, not the rule alone.
    #[error("'{0}' begins with the name of a property; give the rule alone, without 'RRULE:'")]
    Prefixed(String),
    /// It recurs more often than daily.
    #[error("'{0}' recurs more often than daily; use FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")]
    TooOften(String),
    /// It states times of day.
    #[error(
        "'{0}' states times of day; leave out BYHOUR, BYMINUTE and BYSECOND: each instance starts at the time of the first"
    )]
    TimesOfDay(String),
    /// It numbers weekdays where there is nothing to count them in.
    #[error("'{0}' numbers weekdays in BYDAY; leave the numbers out, or use FREQ=MONTHLY or YEARLY")]
    NumberedWeekday(String),
    /// There is no day on which it falls.
    #[error("'{rule}' falls on no day from {first} to {DATE_MAX}; correct the rule, or leave it out")]
    Never {
        /// The rule as given.
        rule: String,
        /// The day of the first start.
        first: Date,
    },
}

/// The longest rule, in characters.
const RULE_MAX: usize = 500;

/// A rule that was read.
struct Rule {
    days: RuleDays,
    /// How many instances there are, where the rule says so.
    count: Option<usize>,
    /// The last reading at which an instance may start, where the rule says so.
    until: Option<DateTime>,
}

impl Recurrence {
    /// Checks the rule for an entry that first starts at `first` in `zone`.
    ///
    /// # Errors
    ///
    /// [`RecurrenceError`] where the rule cannot be read, recurs more often than daily, or never.
    pub fn check(&self, first: DateTime, zone: &Zone) -> Result<(), RecurrenceError> {
        let rule = self.read(first, zone)?;
        let until = rule.until.unwrap_or(DateTime::MAX);
        let falls = rule.days.within(Day::from(first.date()), Day::from(until.date())).next();
        if falls.is_none_or(|day| at_time_of(day, first) > until) || rule.count == Some(0) {
            return Err(RecurrenceError::Never { rule: self.rule.clone(), first: first.date() });
        }
        Ok(())
    }

    /// Checks all that [`check`](Recurrence::check) does, but not whether the rule ever falls on a day, which takes time.
    ///
    /// # Errors
    ///
    /// [`RecurrenceError`] where the rule cannot be read or recurs more often than daily.
    pub fn check_form(&self, first: DateTime, zone: &Zone) -> Result<(), RecurrenceError> {
        self.read(first, zone).map(|_| ())
    }

    /// Returns the local starts of the instances from `from` to `until`, in order, for an entry that first starts at
    /// `first`.
    ///
    /// The first start is an instance whatever the rule says; a `COUNT` counts it. A rule that cannot be read yields
    /// nothing but the first start. The work is bounded by the days of the stretch; with a `COUNT`, by those since
    /// `first`.
    ///
    /// ```
    /// use onduty::civil::{DateTime, Exception, Recurrence, ZoneRules};
    ///
    /// let rules = ZoneRules::bundled().unwrap();
    /// let utc = rules.zone("UTC").unwrap();
    /// let first = DateTime::constant(2026, 1, 2, 13, 0, 0, 0);
    /// let fridays = Recurrence {
    ///     rule: "FREQ=WEEKLY;COUNT=3".to_owned(),
    ///     except: vec![Exception::Date(DateTime::constant(2026, 1, 9, 0, 0, 0, 0).date())],
    /// };
    /// let starts = fridays.starts(first, first, DateTime::constant(2026, 12, 31, 0, 0, 0, 0), utc);
    /// let days: Vec<_> = starts.iter().map(|start| start.day()).collect();
    /// assert_eq!(days, [2, 16]);
    /// ```
    #[must_use]
    pub fn starts(&self, first: DateTime, from: DateTime, until: DateTime, zone: &Zone) -> Vec<DateTime> {
        let mut starts = Vec::new();
        if first <= until {
            starts.push(first);
        }
        if let Ok(rule) = self.read(first, zone) {
            let until = rule.until.map_or(until, |stated| stated.min(until));
            let counted_from = if rule.count.is_some() { first } else { from };
            let days = rule.days.within(Day::from(counted_from.date()), Day::from(until.date()));
            let later = days.map(|day| at_time_of(day, first)).filter(|start| (first < *start) && (*start <= until));
            // The first start is one of those that are counted.
            starts.extend(later.take(rule.count.map_or(usize::MAX, |count| count.saturating_sub(1))));
            starts.truncate(rule.count.unwrap_or(usize::MAX));
        }
        starts.retain(|start| *start >= from && !self.except.iter().any(|exception| exception.excludes(*start)));
        starts
    }

    fn read(&self, first: DateTime, zone: &Zone) -> Result<Rule, RecurrenceError> {
        let text = || self.rule.clone();
        let malformed = |reason: String| RecurrenceError::Malformed { rule: text(), reason };
        if self.rule.len() > RULE_MAX || self.rule.chars().any(|c| !c.is_ascii() || c.is_control()) {
            return Err(malformed("it is longer than 500 characters, or holds others than those of ASCII".to_owned()));
        }
        if self.rule.contains(':') {
            return Err(RecurrenceError::Prefixed(text()));
        }
        let rule: rrule::RRule<rrule::Unvalidated> =
            self.wall_clock_rule(zone).parse().map_err(|error: rrule::RRuleError| malformed(error.to_string()))?;
        if rule.get_freq() > Frequency::Daily {
            return Err(RecurrenceError::TooOften(text()));
        }
        if [rule.get_by_hour(), rule.get_by_minute(), rule.get_by_second()].iter().any(|times| !times.is_empty()) {
            return Err(RecurrenceError::TimesOfDay(text()));
        }
        let numbered = rule.get_by_weekday().iter().any(|weekday| matches!(weekday, NWeekday::Nth(..)));
        if numbered && !matches!(rule.get_freq(), Frequency::Monthly | Frequency::Yearly) {
            return Err(RecurrenceError::NumberedWeekday(text()));
        }
        if rule.get_interval() == 0 {
            return Err(malformed("INTERVAL=0 is no step; use 1 or more".to_owned()));
        }
        let read = Rule {
            days: RuleDays::of(&rule, Day::from(first.date())),
            count: rule.get_count().map(|count| usize::try_from(count).unwrap_or(usize::MAX)),
            until: rule.get_until().map(|until| Wall::from_seconds(until.timestamp()).date_time()),
        };
        rule.validate(to_chrono(first)).map_err(|error| malformed(error.to_string()))?;
        Ok(read)
    }

    /// Returns the rule with its `UNTIL` as a reading of the wall clock, marked UTC as the starts are.
    fn wall_clock_rule(&self, zone: &Zone) -> String {
        let parts = self.rule.split(';').map(|part| match part.split_once('=') {
            Some((key, value)) if key.eq_ignore_ascii_case("UNTIL") => format!("UNTIL={}", wall_until(value, zone)),
            _ => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join(";")
    }
}

/// The start on a day: every instance starts at the time of day of the first.
fn at_time_of(day: Day, first: DateTime) -> DateTime {
    day.date().to_datetime(first.time())
}

/// An `UNTIL` may be a date (its whole day counts), a local time, or UTC (read on the zone's clock).
fn wall_until(value: &str, zone: &Zone) -> String {
    if value.len() == 8 {
        return format!("{value}T235959Z");
    }
    let Some(utc) = value.strip_suffix(['Z', 'z']) else { return format!("{value}Z") };
    match DateTime::strptime("%Y%m%dT%H%M%S", utc) {
        Ok(date_time) => {
            let at = Instant::from_seconds(Wall::from(date_time).seconds());
            format!("{}Z", zone.wall(at).date_time().strftime("%Y%m%dT%H%M%S"))
        }
        Err(_) => value.to_owned(),
    }
}

fn to_chrono(local: DateTime) -> chrono::DateTime<rrule::Tz> {
    let seconds = Wall::from(local.min(date(2300, 1, 1).at(0, 0, 0, 0))).seconds();
    rrule::Tz::UTC.timestamp_opt(seconds, 0).single().unwrap_or_default_utc()
}

/// A total conversion: a second that chrono cannot represent does not occur in the supported years.
trait OrUtcEpoch {
    fn unwrap_or_default_utc(self) -> chrono::DateTime<rrule::Tz>;
}

impl OrUtcEpoch for Option<chrono::DateTime<rrule::Tz>> {
    fn unwrap_or_default_utc(self) -> chrono::DateTime<rrule::Tz> {
        self.unwrap_or_else(|| chrono::DateTime::UNIX_EPOCH.with_timezone(&rrule::Tz::UTC))
    }
}

#[cfg(test)]
mod tests;
