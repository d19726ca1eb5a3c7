//! The compact words of a roster file: weekly windows and shift lengths.

use crate::civil::{ShiftLength, ShiftUnit, TimeOfDay, Weekday, Weekdays, WeeklyWindow, WindowId};

/// Reads `days start-end`, such as `mon-fri 09:00-17:00`.
pub(super) fn window(text: &str, id: WindowId) -> Result<WeeklyWindow, String> {
    let form = || format!("'{text}' is no weekly window; write days and hours, such as 'mon-fri 09:00-17:00'");
    let (days, hours) = text.trim().rsplit_once(char::is_whitespace).ok_or_else(form)?;
    let (start, end) = hours.split_once('-').ok_or_else(form)?;
    Ok(WeeklyWindow { id, weekdays: weekdays(days)?, start: time_of_day(start)?, end: time_of_day(end)? })
}

/// Writes what [`window`] reads.
pub(super) fn window_text(window: &WeeklyWindow) -> String {
    format!("{} {}-{}", weekdays_text(window.weekdays), window.start, window.end)
}

/// Reads a time of day such as `09:00`.
pub(super) fn time_of_day(text: &str) -> Result<TimeOfDay, String> {
    text.trim().parse().map_err(|error: crate::civil::ParseTimeOfDayError| error.to_string())
}

/// Reads weekdays such as `daily`, `mon-fri` or `mon, wed-fri`; a run may go over the end of the week.
pub(super) fn weekdays(text: &str) -> Result<Weekdays, String> {
    let mut days = Vec::new();
    for part in text.split(',').map(str::trim) {
        match part.split_once('-') {
            _ if part == "daily" => days.extend(Weekday::ALL),
            Some((first, last)) => days.extend(run(weekday(first.trim())?, weekday(last.trim())?)),
            None => days.push(weekday(part)?),
        }
    }
    Ok(days.into_iter().collect())
}

/// Writes what [`weekdays`] reads.
pub(super) fn weekdays_text(days: Weekdays) -> String {
    if days == Weekdays::ALL { "daily".to_owned() } else { days.to_string() }
}

fn weekday(text: &str) -> Result<Weekday, String> {
    Weekday::ALL.into_iter().find(|day| day.name() == text).ok_or_else(|| {
        let start = text.to_lowercase();
        let meant = Weekday::ALL.into_iter().find(|day| start.starts_with(day.name()));
        let hint = meant.map_or(String::new(), |day| format!("; did you mean '{}'?", day.name()));
        format!("'{text}' is no day; use mon, tue, wed, thu, fri, sat, sun or daily{hint}")
    })
}

fn run(first: Weekday, last: Weekday) -> impl Iterator<Item = Weekday> {
    let count = (last as usize + 7 - first as usize) % 7 + 1;
    Weekday::ALL.into_iter().cycle().skip(first as usize).take(count)
}

/// Reads a shift length such as `1 week` or `12 hours`.
pub(super) fn shift_length(text: &str) -> Result<ShiftLength, String> {
    let form = || format!("'{text}' is no shift length; write a count and a unit, such as '1 week' or '12 hours'");
    let (count, unit) = text.trim().split_once(char::is_whitespace).ok_or_else(form)?;
    let unit = match unit.trim() {
        "hour" | "hours" => ShiftUnit::Hours,
        "day" | "days" => ShiftUnit::Days,
        "week" | "weeks" => ShiftUnit::Weeks,
        "month" | "months" => ShiftUnit::Months,
        other => return Err(format!("'{other}' is no unit of a shift length; use hours, days, weeks or months")),
    };
    let count = count.parse::<u32>().map_err(|_| form())?;
    ShiftLength::new(count, unit).ok_or_else(|| format!("{count} is not from 1 to {}", ShiftLength::COUNT_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> WindowId {
        WindowId::new("1").unwrap()
    }

    #[test]
    fn windows_read_as_people_write_them() {
        for (text, same) in [
            ("mon-fri 09:00-17:00", "mon-fri 09:00-17:00"),
            ("daily 22:00-06:00", "daily 22:00-06:00"),
            ("sat, sun 10:00-14:00", "sat, sun 10:00-14:00"),
            ("sat,sun,  mon 10:00-24:00", "mon, sat, sun 10:00-24:00"),
            ("fri-mon 00:00-00:00", "mon, fri-sun 00:00-00:00"),
            ("mon-sun 08:00-08:00", "daily 08:00-08:00"),
        ] {
            assert_eq!(window_text(&window(text, id()).unwrap()), same, "{text}");
        }
    }

    #[test]
    fn malformed_windows_say_what_would_be_right() {
        let refusal = |text: &str| window(text, id()).unwrap_err();
        assert!(refusal("09:00-17:00").contains("such as 'mon-fri 09:00-17:00'"));
        assert!(refusal("mon 9-17").contains("'9' is not a time of day"));
        assert!(refusal("Tuesday 09:00-17:00").contains("did you mean 'tue'?"));
        assert!(refusal("mon,, tue 09:00-17:00").contains("'' is no day"));
    }

    #[test]
    fn shift_lengths_are_a_count_and_a_unit() {
        for text in ["1 week", "2 weeks", "12 hours", "1 day", "3 months"] {
            assert_eq!(shift_length(text).unwrap().to_string(), text);
        }
        for text in ["week", "0 days", "1 year", "one week", "-1 days", "99999 days"] {
            assert!(shift_length(text).is_err(), "{text}");
        }
    }
}
