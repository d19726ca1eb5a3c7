//! The instant: a UTC timestamp in whole seconds (semantics 1.1).

use std::fmt;
use std::str::FromStr;

/// An instant: whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Instants are kept between [`Instant::MIN`] and [`Instant::MAX`], which enclose every local date from 1970 to 2200
/// in every zone (semantics 1.6); arithmetic saturates there.
///
/// ```
/// use onduty::civil::Instant;
///
/// let noon: Instant = "2026-03-29T12:00:00Z".parse().unwrap();
/// assert_eq!(noon.seconds(), 1_774_785_600);
/// assert_eq!(noon.plus(3_600).to_string(), "2026-03-29T13:00:00Z");
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Instant(i64);

impl Instant {
    /// Two days before 1970-01-01T00:00:00Z: earlier than the first supported date anywhere.
    pub const MIN: Self = Self(-2 * 86_400);
    /// 2201-01-03T00:00:00Z: later than the last supported date anywhere.
    pub const MAX: Self = Self(7_289_827_200);

    /// Returns the instant `seconds` after 1970-01-01T00:00:00Z, saturating at [`Instant::MIN`] and [`Instant::MAX`].
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        if seconds < Self::MIN.0 {
            Self::MIN
        } else if seconds > Self::MAX.0 {
            Self::MAX
        } else {
            Self(seconds)
        }
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Returns the instant `seconds` later (earlier where negative), saturating.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self::from_seconds(self.0.saturating_add(seconds))
    }

    /// Returns the seconds from `earlier` to this instant; negative where this one is before it.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Instant {
    /// Writes RFC 3339 in UTC with a `Z`, to the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(timestamp) => write!(f, "{timestamp}"),
            Err(_) => write!(f, "{}s", self.0),
        }
    }
}

/// The text is not an RFC 3339 timestamp, or lies outside 1970–2200.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("'{0}' is not an RFC 3339 time between 1970 and 2200, such as 2026-11-23T08:00:00Z")]
pub struct ParseInstantError(String);

impl FromStr for Instant {
    type Err = ParseInstantError;

    /// Reads RFC 3339 (any offset); fractions of a second are cut off.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || ParseInstantError(text.to_owned());
        let seconds = text.parse::<jiff::Timestamp>().map_err(|_| refuse())?.as_second();
        if !(Self::MIN.0..=Self::MAX.0).contains(&seconds) {
            return Err(refuse());
        }
        Ok(Self(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_the_stated_dates() {
        assert_eq!(Instant::MIN.to_string(), "1969-12-30T00:00:00Z");
        assert_eq!(Instant::MAX.to_string(), "2201-01-03T00:00:00Z");
    }

    #[test]
    fn text_outside_the_limits_is_refused() {
        assert!("2300-01-01T00:00:00Z".parse::<Instant>().is_err());
        assert!("yesterday".parse::<Instant>().is_err());
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(Instant::MAX.plus(i64::MAX), Instant::MAX);
        assert_eq!(Instant::MIN.plus(i64::MIN), Instant::MIN);
    }
}
