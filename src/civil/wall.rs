//! Days and wall-clock readings as numbers, for arithmetic.

use jiff::civil::{Date, DateTime, date};
use jiff::tz::Offset;

/// The first date that is accepted (semantics 1.6).
pub const DATE_MIN: Date = date(1970, 1, 1);
/// The last date that is accepted (semantics 1.6).
pub const DATE_MAX: Date = date(2200, 12, 31);

/// Tells whether `date` lies in 1970–2200, the years this program plans in (semantics 1.6).
#[must_use]
pub fn date_is_supported(date: Date) -> bool {
    (DATE_MIN..=DATE_MAX).contains(&date)
}

/// A calendar day as the number of days since 1970-01-01, in no zone.
///
/// ```
/// use onduty::civil::{Date, Day};
///
/// let day = Day::from(Date::constant(2026, 3, 29));
/// assert_eq!(day.plus(1).date(), Date::constant(2026, 3, 30));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Day(i32);

impl Day {
    /// Returns the day `number` days after 1970-01-01.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// Returns the days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Returns the day `days` later.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Returns the weekday as 0 for Monday to 6 for Sunday.
    #[must_use]
    pub const fn weekday_index(self) -> u8 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) as u8
    }

    /// Returns the calendar date.
    #[must_use]
    pub fn date(self) -> Date {
        self.start().date_time().date()
    }

    /// Returns the reading of the wall clock at 00:00 of the day.
    #[must_use]
    pub const fn start(self) -> Wall {
        Wall(self.0 as i64 * 86_400)
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Wall::from(date.to_datetime(jiff::civil::Time::midnight())).day()
    }
}

/// A reading of a wall clock: the seconds from 1970-01-01T00:00:00 to it as if no clock were ever changed.
///
/// It is no instant: only [`Zone::instant`](super::Zone::instant) makes one of it.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Wall(i64);

impl Wall {
    /// Returns the reading `seconds` after 1970-01-01T00:00:00.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Returns the seconds since 1970-01-01T00:00:00 on the wall clock.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Returns the reading `seconds` of wall-clock time later.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Returns the calendar day of the reading.
    #[must_use]
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(86_400) as i32)
    }

    /// Returns the seconds since 00:00 of the reading's day.
    #[must_use]
    pub const fn second_of_day(self) -> u32 {
        self.0.rem_euclid(86_400) as u32
    }

    /// Returns the reading as a local date-time, saturating at the range of [`DateTime`].
    #[must_use]
    pub fn date_time(self) -> DateTime {
        match jiff::Timestamp::from_second(self.0) {
            Ok(timestamp) => Offset::UTC.to_datetime(timestamp),
            Err(_) if self.0 < 0 => DateTime::MIN,
            Err(_) => DateTime::MAX,
        }
    }
}

impl From<DateTime> for Wall {
    /// Fractions of a second are cut off.
    fn from(date_time: DateTime) -> Self {
        match Offset::UTC.to_timestamp(date_time) {
            Ok(timestamp) => Self(timestamp.as_second()),
            Err(_) if date_time < DateTime::ZERO => Self(jiff::Timestamp::MIN.as_second()),
            Err(_) => Self(jiff::Timestamp::MAX.as_second()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_count_from_monday() {
        assert_eq!(Day::from(date(2026, 11, 23)).weekday_index(), 0);
        assert_eq!(Day::from(date(1970, 1, 1)).weekday_index(), 3);
        assert_eq!(Day::from(date(1970, 1, 4)).weekday_index(), 6);
    }

    #[test]
    fn days_and_readings_round_trip() {
        let mut day = Day::from(DATE_MIN);
        while day.date() <= DATE_MAX {
            assert_eq!(Day::from(day.date()), day);
            day = day.plus(97);
        }
        let reading = DateTime::constant(2026, 3, 29, 2, 30, 0, 0);
        assert_eq!(Wall::from(reading).date_time(), reading);
        assert_eq!(Wall::from(reading).second_of_day(), 9_000);
    }
}
