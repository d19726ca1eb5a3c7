//! Recurrence of time off: RFC 5545 rules, expanded on the wall clock (semantics 2.8).

use chrono::TimeZone as _;
use jiff::civil::{Date, DateTime, date};

use super::{Instant, Wall, Zone};

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
/// [`Zone::instant`]. Dates that do not exist (30 February) are skipped.
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
    /// It recurs more often than daily.
    #[error("'{0}' recurs more often than daily; use FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")]
    TooOften(String),
}

/// More instances than any entry between 1970 and 2200 can have, one a day.
const INSTANCES_MAX: u16 = u16::MAX;

impl Recurrence {
    /// Checks the rule for an entry that first starts at `first` in `zone`.
    ///
    /// # Errors
    ///
    /// [`RecurrenceError`] where the rule cannot be read or recurs more often than daily.
    pub fn check(&self, first: DateTime, zone: &Zone) -> Result<(), RecurrenceError> {
        self.rule_set(first, zone).map(|_| ())
    }

    /// Returns the local starts of the instances up to `until`, in order, for an entry that first starts at `first`.
    ///
    /// The first start is an instance whatever the rule says; a `COUNT` counts it. A rule that [`Recurrence::check`]
    /// refuses yields nothing but the first start.
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
    /// let starts = fridays.starts(first, DateTime::constant(2026, 12, 31, 0, 0, 0, 0), utc);
    /// let days: Vec<_> = starts.iter().map(|start| start.day()).collect();
    /// assert_eq!(days, [2, 16]);
    /// ```
    #[must_use]
    pub fn starts(&self, first: DateTime, until: DateTime, zone: &Zone) -> Vec<DateTime> {
        let counted = self.part("COUNT").and_then(|count| count.parse::<usize>().ok());
        let mut starts: Vec<DateTime> = match self.rule_set(first, zone) {
            Ok(set) => set.before(to_chrono(until)).all(INSTANCES_MAX).dates.iter().map(from_chrono).collect(),
            Err(_) => Vec::new(),
        };
        if starts.first() != Some(&first) && first <= until {
            starts.insert(0, first);
        }
        starts.truncate(counted.unwrap_or(usize::MAX));
        starts.retain(|start| !self.except.iter().any(|exception| exception.excludes(*start)));
        starts
    }

    fn part(&self, name: &str) -> Option<&str> {
        self.rule
            .split(';')
            .find_map(|part| part.split_once('=').filter(|(key, _)| key.eq_ignore_ascii_case(name)))
            .map(|(_, value)| value)
    }

    fn rule_set(&self, first: DateTime, zone: &Zone) -> Result<rrule::RRuleSet, RecurrenceError> {
        let malformed = |reason: String| RecurrenceError::Malformed { rule: self.rule.clone(), reason };
        if self.rule.len() > 500 || self.rule.chars().any(|c| c.is_control()) {
            return Err(malformed("it is longer than 500 characters or holds control characters".to_owned()));
        }
        let often = ["HOURLY", "MINUTELY", "SECONDLY"];
        if self.part("FREQ").is_some_and(|freq| often.iter().any(|word| freq.eq_ignore_ascii_case(word))) {
            return Err(RecurrenceError::TooOften(self.rule.clone()));
        }
        let rule: rrule::RRule<rrule::Unvalidated> =
            self.wall_clock_rule(zone).parse().map_err(|error: rrule::RRuleError| malformed(error.to_string()))?;
        rule.build(to_chrono(first)).map_err(|error| malformed(error.to_string()))
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

fn from_chrono(start: &chrono::DateTime<rrule::Tz>) -> DateTime {
    Wall::from_seconds(start.timestamp()).date_time()
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
mod tests {
    use super::*;
    use crate::civil::ZoneRules;

    fn starts(rule: &str, first: DateTime, until: DateTime) -> Vec<String> {
        let rules = ZoneRules::bundled().unwrap();
        let zone = rules.zone("America/New_York").unwrap();
        let recurrence = Recurrence { rule: rule.to_owned(), except: Vec::new() };
        recurrence.starts(first, until, zone).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn dates_that_do_not_exist_are_skipped() {
        let found = starts("FREQ=MONTHLY", date(2026, 1, 31).at(9, 0, 0, 0), date(2026, 6, 1).at(0, 0, 0, 0));
        assert_eq!(found, ["2026-01-31T09:00:00", "2026-03-31T09:00:00", "2026-05-31T09:00:00"]);
    }

    #[test]
    fn the_start_is_the_first_instance_whatever_the_rule_says() {
        let first = date(2026, 11, 25).at(9, 0, 0, 0);
        let found = starts("FREQ=WEEKLY;BYDAY=FR;COUNT=3", first, date(2027, 1, 1).at(0, 0, 0, 0));
        assert_eq!(found, ["2026-11-25T09:00:00", "2026-11-27T09:00:00", "2026-12-04T09:00:00"]);
    }

    #[test]
    fn until_counts_as_a_date_a_local_time_or_utc() {
        let first = date(2026, 1, 1).at(20, 0, 0, 0);
        let last = date(2026, 2, 1).at(0, 0, 0, 0);
        assert_eq!(starts("FREQ=DAILY;UNTIL=20260103", first, last).len(), 3);
        assert_eq!(starts("FREQ=DAILY;UNTIL=20260103T200000", first, last).len(), 3);
        // 20:00 in New York on the 2nd is 01:00 UTC on the 3rd.
        assert_eq!(starts("FREQ=DAILY;UNTIL=20260103T010000Z", first, last).len(), 2);
    }

    #[test]
    fn rules_that_cannot_be_read_or_recur_within_the_day_are_refused() {
        let rules = ZoneRules::bundled().unwrap();
        let utc = rules.zone("UTC").unwrap();
        for rule in ["", "WEEKLY", "FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY\r\nX:1", "FREQ=DAILY;COUNT=x"] {
            let recurrence = Recurrence { rule: rule.to_owned(), except: Vec::new() };
            assert!(recurrence.check(date(2026, 1, 1).at(0, 0, 0, 0), utc).is_err(), "{rule}");
        }
    }

    #[test]
    fn an_impossible_rule_ends() {
        let found = starts(
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            date(2026, 2, 1).at(0, 0, 0, 0),
            date(2200, 1, 1).at(0, 0, 0, 0),
        );
        assert_eq!(found.len(), 1);
    }
}
