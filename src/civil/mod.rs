//! Civil time: instants, intervals, zones, weekly windows, turns and recurrences (semantics 1 and 3.1).
//!
//! Everything here is pure: the zone rules are an argument ([`ZoneRules`]) and nothing reads a clock.
//!
//! What people state is civil: a zone name, local dates and local times of day. What is computed is an [`Interval`]
//! of [`Instant`]s. [`Zone::instant`] is the one function that turns the first into the second.

mod instant;
mod interval;
mod interval_set;
mod recurrence;
mod rule_days;
mod time_of_day;
mod turns;
mod wall;
mod weekly;
mod zone;
mod zone_rules;

pub use instant::{Instant, ParseInstantError};
pub use interval::Interval;
pub use interval_set::IntervalSet;
pub use recurrence::{Exception, Recurrence, RecurrenceError};
pub use time_of_day::{ParseTimeOfDayError, TimeOfDay};
pub use turns::{Grid, ShiftLength, ShiftUnit};
pub use wall::{DATE_MAX, DATE_MIN, Day, Wall, date_is_supported};
pub use weekly::{Occurrence, Weekday, Weekdays, WeeklyWindow, WindowId, occurrences};
pub use zone::{Zone, ZoneCursor};
pub use zone_rules::{RulesError, RulesSource, UnknownZone, ZoneRules};

/// A local calendar date, without a zone; re-exported from jiff.
pub use jiff::civil::Date;
/// A local date and time of day, without a zone; re-exported from jiff.
pub use jiff::civil::DateTime;
