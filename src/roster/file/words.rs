//! The compact words of a roster file: weekly windows and shift lengths.

use crate::civil::{ShiftLength, ShiftUnit, TimeOfDay, Weekday, Weekdays, WeeklyWindow, WindowId};
use crate::model::validate::suggestion;

/// Reads `days start-end`, such as `mon-fri 09:00-17:00`; where it is none, returns everything that is wrong with it.
pub(super) fn window(text: &str, id: WindowId) -> Result<WeeklyWindow, Vec<String>> {
    let form = || vec![format!("'{text}' is no weekly window; write days and hours, such as 'mon-fri 09:00-17:00'")];
    let (days, hours) = split_window(text.trim()).ok_or_else(form)?;
    let (start, end) = hours.split_once('-').ok_or_else(form)?;
    match (weekdays(days), time_of_day(start), time_of_day(end)) {
        (Ok(weekdays), Ok(start), Ok(end)) => Ok(WeeklyWindow { id, weekdays, start, end }),
        (days, start, end) => {
            let times = [start, end].into_iter().filter_map(Result::err);
            Err(days.err().into_iter().flatten().chain(times).collect())
        }
    }
}

/// Splits a window before its hours, the last part with a digit in front or the last word.
fn split_window(text: &str) -> Option<(&str, &str)> {
    let hours = text.char_indices().find(|(_, c)| c.is_ascii_digit()).map(|(at, _)| text.split_at(at));
    let (days, hours) = hours.or_else(|| text.rsplit_once(char::is_whitespace))?;
    (!days.trim().is_empty()).then(|| (days.trim(), hours.trim()))
}

/// Writes what [`window`] reads.
pub(super) fn window_text(window: &WeeklyWindow) -> String {
    format!("{} {}-{}", weekdays_text(window.weekdays), window.start, window.end)
}

/// Reads a time of day such as `09:00`.
pub(super) fn time_of_day(text: &str) -> Result<TimeOfDay, String> {
    text.trim().parse().map_err(|error: crate::civil::ParseTimeOfDayError| error.to_string())
}

/// Reads weekdays such as `daily`, `mon-fri` or `mon, wed-fri`; a run may go over the end of the week. Where they are
/// none, returns everything that is wrong with them.
pub(super) fn weekdays(text: &str) -> Result<Weekdays, Vec<String>> {
    let (mut days, mut wrong) = (Vec::new(), Vec::new());
    for part in text.split(',').map(str::trim) {
        match part.split_once('-') {
            _ if part == "daily" => days.extend(Weekday::ALL),
            Some((first, last)) => match (weekday(first.trim()), weekday(last.trim())) {
                (Ok(first), Ok(last)) => days.extend(run(first, last)),
                (first, last) => wrong.extend([first, last].into_iter().filter_map(Result::err)),
            },
            None => match weekday(part) {
                Ok(day) => days.push(day),
                Err(reason) => wrong.push(reason),
            },
        }
    }
    if wrong.is_empty() { Ok(days.into_iter().collect()) } else { Err(wrong) }
}

/// Writes what [`weekdays`] reads.
pub(super) fn weekdays_text(days: Weekdays) -> String {
    if days == Weekdays::ALL { "daily".to_owned() } else { days.to_string() }
}

fn weekday(text: &str) -> Result<Weekday, String> {
    Weekday::ALL.into_iter().find(|day| day.name() == text).ok_or_else(|| {
        let hint = meant(text).map_or(String::new(), |day| format!("; did you mean '{day}'?"));
        format!("'{text}' is no day; use mon, tue, wed, thu, fri, sat, sun or daily{hint}")
    })
}

/// Guesses the days that somebody meant: by the beginning of a name, or with a letter of it changed.
fn meant(text: &str) -> Option<&'static str> {
    const GROUPS: [(&str, &str); 6] = [
        ("weekd", "mon-fri"),
        ("workd", "mon-fri"),
        ("weeke", "sat, sun"),
        ("day", "daily"),
        ("every", "daily"),
        ("all", "daily"),
    ];
    let text = text.to_lowercase();
    if let Some((_, days)) = GROUPS.into_iter().find(|(word, _)| text.starts_with(word)) {
        return Some(days);
    }
    let names = || Weekday::ALL.into_iter().map(|day| day.name());
    if let Some(name) = names().find(|name| text.len() > 1 && (text.starts_with(name) || name.starts_with(&text))) {
        return Some(name);
    }
    let start: String = text.chars().take(3).collect();
    let alike = |name: &str| name.chars().zip(start.chars()).take_while(|(one, other)| one == other).count();
    // Of several the one that begins alike: people seldom err in the first letter.
    let near = names().filter(|name| strsim::osa_distance(name, &start) == 1);
    near.fold(None, |best, name| best.filter(|best| alike(best) >= alike(name)).or(Some(name)))
}

fn run(first: Weekday, last: Weekday) -> impl Iterator<Item = Weekday> {
    let count = (last as usize + 7 - first as usize) % 7 + 1;
    Weekday::ALL.into_iter().cycle().skip(first as usize).take(count)
}

/// What people call units and lengths of shifts, and how many of which unit each is.
const LENGTH_WORDS: [(&str, u32, &str); 20] = [
    ("h", 1, "hour"),
    ("hour", 1, "hour"),
    ("hourly", 1, "hour"),
    ("d", 1, "day"),
    ("day", 1, "day"),
    ("daily", 1, "day"),
    ("w", 1, "week"),
    ("wk", 1, "week"),
    ("week", 1, "week"),
    ("weekly", 1, "week"),
    ("fortnight", 2, "week"),
    ("fortnightly", 2, "week"),
    ("biweekly", 2, "week"),
    ("month", 1, "month"),
    ("monthly", 1, "month"),
    ("quarter", 3, "month"),
    ("quarterly", 3, "month"),
    ("year", 12, "month"),
    ("yearly", 12, "month"),
    ("annually", 12, "month"),
];

/// Reads a shift length such as `1 week` or `12 hours`; where it is none, returns everything that is wrong with it.
pub(super) fn shift_length(text: &str) -> Result<ShiftLength, Vec<String>> {
    let hint = || length_meant(text).map_or(String::new(), |length| format!("; did you mean '{length}'?"));
    let form = || {
        let hint = hint();
        format!("'{text}' is no shift length; write a count and a unit, such as '1 week' or '12 hours'{hint}")
    };
    let (count, unit) = text.trim().split_once(char::is_whitespace).ok_or_else(|| vec![form()])?;
    let unit = match unit.trim() {
        "hour" | "hours" => Ok(ShiftUnit::Hours),
        "day" | "days" => Ok(ShiftUnit::Days),
        "week" | "weeks" => Ok(ShiftUnit::Weeks),
        "month" | "months" => Ok(ShiftUnit::Months),
        other => {
            let near = suggestion(other, ["hours", "days", "weeks", "months"]);
            let hint = Some(hint()).filter(|hint| !hint.is_empty()).unwrap_or(near);
            Err(format!("'{other}' is no unit of a shift length; use hours, days, weeks or months{hint}"))
        }
    };
    // What is no number at all may be a word for one; a number may still be too large.
    let is_number = count.trim_start_matches('-').chars().all(|c| c.is_ascii_digit());
    let range = || format!("{count} is not from 1 to {}", ShiftLength::COUNT_MAX);
    let count = if is_number { count.parse::<u32>().map_err(|_| range()) } else { Err(form()) };
    let accepted = |count: &u32| ShiftLength::new(*count, ShiftUnit::Hours).is_some();
    let count = count.and_then(|count| if accepted(&count) { Ok(count) } else { Err(range()) });
    match (count, unit) {
        (Ok(count), Ok(unit)) => ShiftLength::new(count, unit).ok_or_else(|| vec![range()]),
        (count, unit) => Err(count.err().into_iter().chain(unit.err()).collect()),
    }
}

/// Guesses the shift length that somebody meant.
fn length_meant(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (count, word) = match text.split_at(digits) {
        ("", word) => (1, word.trim_start_matches("one ").trim_start_matches("a ").trim_start_matches("every ")),
        (count, word) => (count.parse::<u32>().ok()?, word),
    };
    let word = word.trim();
    let singular = word.strip_suffix('s').unwrap_or(word);
    let (_, times, unit) = LENGTH_WORDS.iter().find(|(name, ..)| *name == word || *name == singular)?;
    let count = count.checked_mul(*times).filter(|count| *count > 0)?;
    Some(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }))
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
    fn malformed_windows_say_everything_that_would_be_right() {
        let wrong = ["09:00-17:00", "mon 9-17", "Tuesday 09:00-17:00", "mon,, tue 09:00-17:00", "mun-fri 10:00-25:00"];
        let wrong = wrong.into_iter().chain(["mon-fir, tusday 25:00 - 5pm", "weekdays", "weekdays 09:00-17:00"]);
        let refusals: Vec<String> = wrong.flat_map(|text| window(text, id()).unwrap_err()).collect();
        insta::assert_snapshot!(refusals.join("\n"), @r"
        '09:00-17:00' is no weekly window; write days and hours, such as 'mon-fri 09:00-17:00'
        '9' is not a time of day from 00:00 to 24:00, such as 08:30
        '17' is not a time of day from 00:00 to 24:00, such as 08:30
        'Tuesday' is no day; use mon, tue, wed, thu, fri, sat, sun or daily; did you mean 'tue'?
        '' is no day; use mon, tue, wed, thu, fri, sat, sun or daily
        'mun' is no day; use mon, tue, wed, thu, fri, sat, sun or daily; did you mean 'mon'?
        '25:00' is not a time of day from 00:00 to 24:00, such as 08:30
        'fir' is no day; use mon, tue, wed, thu, fri, sat, sun or daily; did you mean 'fri'?
        'tusday' is no day; use mon, tue, wed, thu, fri, sat, sun or daily; did you mean 'tue'?
        '25:00' is not a time of day from 00:00 to 24:00, such as 08:30
        '5pm' is not a time of day from 00:00 to 24:00, such as 08:30
        'weekdays' is no weekly window; write days and hours, such as 'mon-fri 09:00-17:00'
        'weekdays' is no day; use mon, tue, wed, thu, fri, sat, sun or daily; did you mean 'mon-fri'?
        ");
    }

    #[test]
    fn a_day_that_is_misspelt_is_guessed() {
        let guesses =
            [("mun", "mon"), ("Friday", "fri"), ("fir", "fri"), ("wen", "wed"), ("thr", "thu"), ("sta", "sat")];
        for (text, day) in guesses.into_iter().chain([("everyday", "daily"), ("tu", "tue"), ("tusday", "tue")]) {
            assert_eq!(meant(text), Some(day), "{text}");
        }
        assert_eq!(meant("holiday"), None);
    }

    #[test]
    fn shift_lengths_are_a_count_and_a_unit() {
        for text in ["1 week", "2 weeks", "12 hours", "1 day", "3 months"] {
            assert_eq!(shift_length(text).unwrap().to_string(), text);
        }
        let wrong = ["week", "0 days", "1 year", "one week", "-1 days", "99999 days", "fortnight", "0 wekes", "x y"];
        let refusals: Vec<String> = wrong.into_iter().flat_map(|text| shift_length(text).unwrap_err()).collect();
        insta::assert_snapshot!(refusals.join("\n"), @r"
        'week' is no shift length; write a count and a unit, such as '1 week' or '12 hours'; did you mean '1 week'?
        0 is not from 1 to 1000
        'year' is no unit of a shift length; use hours, days, weeks or months; did you mean '12 months'?
        'one week' is no shift length; write a count and a unit, such as '1 week' or '12 hours'; did you mean '1 week'?
        -1 is not from 1 to 1000
        99999 is not from 1 to 1000
        'fortnight' is no shift length; write a count and a unit, such as '1 week' or '12 hours'; did you mean '2 weeks'?
        0 is not from 1 to 1000
        'wekes' is no unit of a shift length; use hours, days, weeks or months; did you mean 'weeks'?
        'x y' is no shift length; write a count and a unit, such as '1 week' or '12 hours'
        'y' is no unit of a shift length; use hours, days, weeks or months
        ");
    }

    #[test]
    fn what_people_call_a_shift_length_is_guessed() {
        for (text, length) in [
            ("Weekly", "1 week"),
            ("2weeks", "2 weeks"),
            ("7d", "7 days"),
            ("a week", "1 week"),
            ("3 fortnights", "6 weeks"),
            ("1 year", "12 months"),
        ] {
            assert_eq!(length_meant(text).as_deref(), Some(length), "{text}");
        }
        assert_eq!(length_meant("a while"), None);
    }
}
