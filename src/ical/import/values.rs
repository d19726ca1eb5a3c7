//! Values of properties: dates, date-times, durations and offsets (RFC 5545 §3.3).

use crate::civil::{Date, DateTime};

/// A `DATE` or `DATE-TIME` as written; which of them it is, its form says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stamp {
    /// A whole day.
    Date(Date),
    /// A time on a wall clock.
    Local(DateTime),
    /// A time in UTC.
    Utc(DateTime),
}

/// Reads `20260701`, `20260701T090000` or `20260701T090000Z`.
///
/// A leap second is the second before it.
pub(super) fn stamp(value: &str) -> Option<Stamp> {
    let value = value.trim();
    let (date, time) = match value.split_once(['T', 't']) {
        None => return date(value).map(Stamp::Date),
        Some((day, time)) => (date(day)?, time),
    };
    let (digits, utc) = match time.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, true),
        None => (time, false),
    };
    let [hour, minute, second] = pairs(digits)?;
    let local = jiff::civil::Time::new(hour, minute, second.min(59), 0).ok().filter(|_| second <= 60)?;
    let local = date.to_datetime(local);
    Some(if utc { Stamp::Utc(local) } else { Stamp::Local(local) })
}

fn date(value: &str) -> Option<Date> {
    if value.len() != 8 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, day) = value.split_at_checked(4)?;
    let (month, day) = day.split_at_checked(2)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Six digits as three numbers.
fn pairs(digits: &str) -> Option<[i8; 3]> {
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let pair = |at: usize| digits.get(at..at + 2)?.parse().ok();
    Some([pair(0)?, pair(2)?, pair(4)?])
}

/// A length as written: so many days on the calendar, and then so many seconds that pass.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Duration {
    pub days: i32,
    pub seconds: i64,
    /// It goes backwards.
    pub negative: bool,
}

/// The longest length that is read, in days.
const DAYS_MAX: i64 = 100_000;

/// Reads `P1W`, `P2D`, `PT1H30M` or `P1DT12H`, with a sign or without (RFC 5545 §3.3.6).
pub(super) fn duration(value: &str) -> Option<Duration> {
    let upper = value.trim().to_ascii_uppercase();
    let negative = upper.starts_with('-');
    let body = upper.trim_start_matches(['+', '-']).strip_prefix('P')?;
    let (days, time) = match body.split_once('T') {
        Some((_, "")) => return None,
        Some(both) => both,
        None => (body, ""),
    };
    if body.is_empty() {
        return None;
    }
    let days = sum(days, &[('W', 7), ('D', 1)]).filter(|days| *days <= DAYS_MAX)?;
    let seconds = sum(time, &[('H', 3_600), ('M', 60), ('S', 1)]).filter(|seconds| *seconds <= DAYS_MAX * 86_400)?;
    Some(Duration { days: i32::try_from(days).ok()?, seconds, negative })
}

/// Adds up numbers, each with its unit behind it, in the order of the units.
fn sum(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut total = 0_i64;
    let mut units = units.iter();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, behind) = rest.split_at_checked(end)?;
        let unit = behind.chars().next()?;
        let (_, seconds) = units.find(|(name, _)| *name == unit)?;
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(*seconds)?)?;
        rest = behind.get(1..)?;
    }
    Some(total)
}

/// Reads `+0100` or `-053000` as seconds ahead of UTC (RFC 5545 §3.3.14); less than a day.
pub(super) fn offset(value: &str) -> Option<i64> {
    let value = value.trim().replace(':', "");
    let (sign, digits) = match (value.strip_prefix('+'), value.strip_prefix('-')) {
        (Some(digits), _) => (1, digits),
        (_, Some(digits)) => (-1, digits),
        _ => return None,
    };
    let padded = if digits.len() == 4 { format!("{digits}00") } else { digits.to_owned() };
    let [hours, minutes, seconds] = pairs(&padded)?.map(i64::from);
    (hours < 24 && minutes < 60 && seconds < 60).then_some(sign * (hours * 3_600 + minutes * 60 + seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn stamps_are_told_apart_by_their_form() {
        assert_eq!(stamp("20260701"), Some(Stamp::Date(day(2026, 7, 1))));
        assert_eq!(stamp(" 20260701t093000 "), Some(Stamp::Local(day(2026, 7, 1).at(9, 30, 0, 0))));
        assert_eq!(stamp("20260701T235960Z"), Some(Stamp::Utc(day(2026, 7, 1).at(23, 59, 59, 0))));
        for wrong in [
            "",
            "2026071",
            "20260230",
            "20260701T",
            "20260701T0900",
            "20260701T240000",
            "2026-07-01",
            "２０２６０７０１",
        ] {
            assert_eq!(stamp(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_keep_days_and_time_apart() {
        let read = |value: &str| duration(value).map(|read| (read.days, read.seconds, read.negative));
        assert_eq!(read("P2W"), Some((14, 0, false)));
        assert_eq!(read("P1DT12H"), Some((1, 43_200, false)));
        assert_eq!(read("-PT15M"), Some((0, 900, true)));
        assert_eq!(read("pt1h30m5s"), Some((0, 5_405, false)));
        for wrong in ["", "P", "PT", "P1H", "PT1D", "1D", "P99999999999999999999D", "P1D1W", "P1000000D", "PT1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn offsets_are_seconds() {
        assert_eq!(offset("+0530"), Some(19_800));
        assert_eq!(offset("-075258"), Some(-28_378));
        for wrong in ["0100", "+1", "+9900", "+0160", "+ab00"] {
            assert_eq!(offset(wrong), None, "{wrong}");
        }
    }
}
