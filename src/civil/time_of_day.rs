//! Local times of day, with 24:00 as a legal end (semantics 1.5).

use std::fmt;
use std::str::FromStr;

/// A local time of day from 00:00:00 to 24:00:00, both included.
///
/// ```
/// use onduty::civil::TimeOfDay;
///
/// let midnight: TimeOfDay = "24:00".parse().unwrap();
/// assert_eq!(midnight, TimeOfDay::MAX);
/// assert_eq!("08:30".parse::<TimeOfDay>().unwrap().to_string(), "08:30");
/// assert!("24:01".parse::<TimeOfDay>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TimeOfDay(u32);

impl TimeOfDay {
    /// 00:00, the start of a day.
    pub const MIN: Self = Self(0);
    /// 24:00, the end of a day.
    pub const MAX: Self = Self(86_400);

    /// Returns the time `hour:minute:second`, or `None` past 24:00:00.
    #[must_use]
    pub const fn new(hour: u32, minute: u32, second: u32) -> Option<Self> {
        if hour > 24 || minute > 59 || second > 59 {
            return None;
        }
        Self::from_seconds(hour * 3_600 + minute * 60 + second)
    }

    /// Returns the time `seconds` of wall-clock time after 00:00, or `None` past 24:00:00.
    #[must_use]
    pub const fn from_seconds(seconds: u32) -> Option<Self> {
        if seconds > Self::MAX.0 { None } else { Some(Self(seconds)) }
    }

    /// Returns the wall-clock seconds since 00:00, at most 86 400.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    /// Writes `HH:MM`, or `HH:MM:SS` where there are seconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = (self.0 / 3_600, self.0 / 60 % 60, self.0 % 60);
        write!(f, "{hour:02}:{minute:02}")?;
        if second == 0 { Ok(()) } else { write!(f, ":{second:02}") }
    }
}

/// The text is not a time of day.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("'{0}' is not a time of day from 00:00 to 24:00, such as 08:30")]
pub struct ParseTimeOfDayError(String);

impl FromStr for TimeOfDay {
    type Err = ParseTimeOfDayError;

    /// Reads `HH:MM` or `HH:MM:SS`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || ParseTimeOfDayError(text.to_owned());
        let mut parts = text.split(':').map(|part| {
            let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            if digits { part.parse::<u32>().map_err(|_| refuse()) } else { Err(refuse()) }
        });
        let hour = parts.next().ok_or_else(refuse)??;
        let minute = parts.next().ok_or_else(refuse)??;
        let second = parts.next().transpose()?.unwrap_or(0);
        if parts.next().is_some() {
            return Err(refuse());
        }
        Self::new(hour, minute, second).ok_or_else(refuse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_times_are_refused() {
        for text in ["", "8", "8:00", "08:60", "24:00:01", "08:00:00:00", "-1:00", "08.00", "ab:cd"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
    }

    #[test]
    fn text_round_trips() {
        for text in ["00:00", "23:59:59", "24:00", "07:05"] {
            assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
        }
    }
}
