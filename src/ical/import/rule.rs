//! Recurrence rules of calendars (RFC 5545 §3.3.10), made ready for the program's own ([`Recurrence`]).

use super::limits::Budget;
use super::report::{LeftReason, Part, RuleProblem};
use super::values::{Stamp, stamp};
use crate::civil::{Date, Day, Instant, Recurrence, RecurrenceError, Wall, Zone};

/// A rule that was read for an event that starts at a certain reading.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// `None` where it yields nothing but the first start.
    rule: Option<Recurrence>,
    frequency: Frequency,
    interval: u64,
    /// How many instances there are, where the rule says so.
    pub count: Option<u64>,
    /// It has no end.
    pub endless: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// From which reading on, and up to and with which, instances are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub from: Wall,
    pub until: Wall,
}

impl Rule {
    /// Reads a rule for what first starts at `first` on the clock of `zone`; `days` is the zone of whole days, for an
    /// event of whole days.
    pub fn read(text: &str, first: Wall, zone: &Zone, days: Option<&Zone>) -> Result<Self, LeftReason> {
        let malformed = LeftReason::Malformed(Part::Rule);
        let upper = text.trim().to_ascii_uppercase();
        let (mut frequency, mut interval, mut count, mut until) = (None, 1, None, None);
        let mut parts: Vec<String> = Vec::new();
        for part in upper.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').ok_or(malformed.clone())?;
            match key {
                "UNTIL" => {
                    until = Some(last_start(value, zone, days).ok_or(malformed.clone())?);
                    continue;
                }
                "BYHOUR" | "BYMINUTE" | "BYSECOND" => {
                    if days.is_none() && !is_own(key, value, first) {
                        return Err(LeftReason::Rule(RuleProblem::TimesOfDay));
                    }
                    continue;
                }
                "FREQ" => frequency = Some(read_frequency(value)?),
                "INTERVAL" => interval = value.parse().map_err(|_| malformed.clone())?,
                "COUNT" => count = Some(value.parse().map_err(|_| malformed.clone())?),
                _ => {}
            }
            parts.push(part.to_owned());
        }
        let mut read = Self {
            rule: None,
            frequency: frequency.ok_or(malformed)?,
            interval,
            count,
            endless: count.is_none() && until.is_none(),
        };
        // Some programs leave a rule behind that ended before the event was moved.
        if until.is_some_and(|until| until < first) {
            return Ok(read);
        }
        parts.extend(until.map(|until| format!("UNTIL={}", until.date_time().strftime("%Y%m%dT%H%M%S"))));
        let rule = Recurrence { rule: parts.join(";"), except: Vec::new() };
        rule.check_form(first.date_time(), zone).map_err(|error| reason(&error))?;
        read.rule = Some(rule);
        Ok(read)
    }

    /// The readings at which instances start within the stretch; `None` where that is more work than is left.
    pub fn starts(&self, first: Wall, stretch: Stretch, zone: &Zone, budget: &mut Budget) -> Option<Vec<Wall>> {
        let within = |at: &Wall| (stretch.from..=stretch.until).contains(at);
        let Some(rule) = &self.rule else { return Some(Some(first).into_iter().filter(within).collect()) };
        if !budget.take_steps(self.steps(rule, first, stretch)) {
            return None;
        }
        let (from, until) = (stretch.from.max(first), stretch.until);
        if until < from {
            return Some(Vec::new());
        }
        let starts = rule.starts(first.date_time(), from.date_time(), until.date_time(), zone);
        Some(starts.into_iter().map(Wall::from).collect())
    }

    /// About how many days are looked at, a long rule at a day counting for more.
    fn steps(&self, rule: &Recurrence, first: Wall, stretch: Stretch) -> u64 {
        let from = if self.count.is_some() { first } else { stretch.from.max(first) };
        let days = u64::try_from((stretch.until.seconds() - from.seconds()) / 86_400).unwrap_or(0);
        let period = match self.frequency {
            Frequency::Daily => 1,
            Frequency::Weekly => 7,
            Frequency::Monthly => 31,
            Frequency::Yearly => 366,
        };
        let periods = days / period / self.interval.max(1) + 2;
        let listed = rule.rule.bytes().filter(|byte| *byte == b',').count() as u64;
        500 + periods.saturating_mul(period + 2).saturating_mul(1 + listed / 8)
    }
}

fn read_frequency(value: &str) -> Result<Frequency, LeftReason> {
    match value {
        "DAILY" => Ok(Frequency::Daily),
        "WEEKLY" => Ok(Frequency::Weekly),
        "MONTHLY" => Ok(Frequency::Monthly),
        "YEARLY" => Ok(Frequency::Yearly),
        "HOURLY" | "MINUTELY" | "SECONDLY" => Err(LeftReason::Rule(RuleProblem::TooOften)),
        _ => Err(LeftReason::Malformed(Part::Rule)),
    }
}

/// The last reading at which an instance may start, of an `UNTIL` in any of its forms.
///
/// For events of whole days it is a day; midnight in UTC is how some programs write one.
fn last_start(value: &str, zone: &Zone, days: Option<&Zone>) -> Option<Wall> {
    let end_of = |date: Date| Day::from(date).start().plus(86_399);
    let read = stamp(value)?;
    Some(match (read, days) {
        (Stamp::Date(date), _) => end_of(date),
        (Stamp::Local(local), Some(_)) => end_of(local.date()),
        (Stamp::Utc(local), Some(days)) => {
            let at = Wall::from(local);
            let midnight = at.second_of_day() == 0;
            end_of(if midnight { local.date() } else { days.day(Instant::from_seconds(at.seconds())).date() })
        }
        (Stamp::Local(local), None) => Wall::from(local),
        (Stamp::Utc(local), None) => {
            let at = Wall::from(local).seconds();
            // Outside the supported years the offset is that of the nearest.
            Wall::from_seconds(at + zone.offset_seconds(Instant::from_seconds(at)))
        }
    })
}

/// Whether `BYHOUR=9` and the like say what the start says anyway.
fn is_own(key: &str, value: &str, first: Wall) -> bool {
    let second = first.second_of_day();
    let own = match key {
        "BYHOUR" => second / 3_600,
        "BYMINUTE" => second / 60 % 60,
        _ => second % 60,
    };
    value.parse() == Ok(own)
}

fn reason(error: &RecurrenceError) -> LeftReason {
    match error {
        RecurrenceError::TooOften(_) => LeftReason::Rule(RuleProblem::TooOften),
        RecurrenceError::TimesOfDay(_) => LeftReason::Rule(RuleProblem::TimesOfDay),
        RecurrenceError::NumberedWeekday(_) => LeftReason::Rule(RuleProblem::NumberedWeekday),
        _ => LeftReason::Malformed(Part::Rule),
    }
}
