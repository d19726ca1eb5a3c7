//! Times as people type them.
//!
//! Words (`today`, `mon`) are read here and not by a crate: those that read them answer with an instant of their own
//! reckoning, which loses whether a whole day was meant, and they settle skipped and repeated local times by another
//! rule than semantics 1.3. Lengths (`+3d`, `-2h30m`) are read by jiff.

use std::sync::Arc;

use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use onduty::civil::{Day, Instant, Wall, Zone, date_is_supported};

use crate::failure::Failure;

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The way out where a text is no time.
const FORMS: &str = "times are now, today, tomorrow, yesterday, mon to sun, 09:00, 'mon 09:00', +3d, -2h, 2026-12-01, \
'2026-12-01 09:00' or 2026-12-01T09:00:00Z; `onduty --help` says more";

/// A time as it was stated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stated {
    /// An instant.
    Instant(Instant),
    /// A whole local day.
    Day(Date),
    /// A local date and time of day.
    Local(DateTime),
}

/// What stated times are read against.
#[derive(Clone, Debug)]
pub struct Times {
    /// The viewer's zone.
    pub zone: Arc<Zone>,
    /// Now.
    pub now: Instant,
}

/// Returns the start of the minute in which an instant lies.
pub fn to_the_minute(at: Instant) -> Instant {
    at.plus(-at.seconds().rem_euclid(60))
}

impl Times {
    /// Returns the same with now at the start of its minute, for questions: nobody asks for seconds.
    #[must_use]
    pub fn to_the_minute(&self) -> Self {
        Self { zone: self.zone.clone(), now: to_the_minute(self.now) }
    }

    /// Reads a time that `option` states.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] where it is none that the help names, or lies outside 1970–2200.
    pub fn read(&self, option: &str, text: &str) -> Result<Stated, Failure> {
        let text = text.trim();
        let read = self.word(text).or_else(|| self.distance(text)).or_else(|| self.written(text));
        read.ok_or_else(|| Failure::usage(format!("{option}: '{text}' is {}", wrong(text)), FORMS))
    }

    /// Reads `--to`: a weekday or a time of day without a date is the first one at or after `from`, where that is stated.
    ///
    /// # Errors
    ///
    /// As [`Times::read`].
    pub fn read_to(&self, text: &str, from: Option<Stated>) -> Result<Stated, Failure> {
        match from.and_then(|from| self.first_after(text.trim(), from)) {
            Some(stated) => Ok(stated),
            None => self.read("--to", text),
        }
    }

    /// Reads a window: where `--from` and `--to` are stated, its start and its exclusive end.
    ///
    /// # Errors
    ///
    /// As [`Times::read`].
    pub fn window(&self, from: Option<&str>, to: Option<&str>) -> Result<(Option<Instant>, Option<Instant>), Failure> {
        let from = from.map(|text| self.read("--from", text)).transpose()?;
        let to = to.map(|text| self.read_to(text, from)).transpose()?;
        Ok((from.map(|from| self.start_of(from)), to.map(|to| self.end_of(to))))
    }

    /// Reads a time that `option` states as the instant at which it starts: of a day, its first.
    ///
    /// # Errors
    ///
    /// As [`Times::read`].
    pub fn start(&self, option: &str, text: &str) -> Result<Instant, Failure> {
        self.read(option, text).map(|stated| self.start_of(stated))
    }

    /// Reads a time that `option` states as an exclusive end: of a day, the start of the next, so that it is included.
    ///
    /// # Errors
    ///
    /// As [`Times::read`].
    pub fn end(&self, option: &str, text: &str) -> Result<Instant, Failure> {
        self.read(option, text).map(|stated| self.end_of(stated))
    }

    /// Returns the instant at which a stated time starts.
    pub fn start_of(&self, stated: Stated) -> Instant {
        match stated {
            Stated::Instant(at) => at,
            Stated::Day(date) => self.zone.day_start(Day::from(date)),
            Stated::Local(local) => self.zone.instant(Wall::from(local)),
        }
    }

    /// Returns the exclusive end that a stated time means.
    pub fn end_of(&self, stated: Stated) -> Instant {
        match stated {
            Stated::Day(date) => self.zone.day_start(Day::from(date).plus(1)),
            other => self.start_of(other),
        }
    }

    /// Returns today's date.
    pub fn today(&self) -> Date {
        self.zone.day(self.now).date()
    }

    /// Returns the instant that many local days after `from`, at the same time of day.
    pub fn days_after(&self, from: Instant, days: i32) -> Instant {
        self.zone.instant(self.zone.wall(from).plus(i64::from(days) * 86_400))
    }

    /// Reads a weekday, with or without a time of day, or a time of day alone, as the first at or after `from`.
    ///
    /// As an end a day is included; a time of day has to lie after `from`.
    fn first_after(&self, text: &str, from: Stated) -> Option<Stated> {
        let start = self.start_of(from);
        let first = self.zone.day(start);
        if let Some(time) = time_of_day(text) {
            return Some(self.after(start, first, time, 1));
        }
        let (word, time) = text.split_once(' ').map_or((text, None), |(word, time)| (word, Some(time)));
        let ahead = (i32::from(weekday(word)?) - i32::from(first.weekday_index())).rem_euclid(7);
        let day = first.plus(ahead);
        match time {
            Some(time) => Some(self.after(start, day, time_of_day(time)?, 7)),
            None => Some(Stated::Day(day.date())),
        }
    }

    /// Returns a time of a day, or of the day `days` later if it is not after `start`.
    fn after(&self, start: Instant, day: Day, time: Time, days: i32) -> Stated {
        let on = |day: Day| Stated::Local(day.date().to_datetime(time));
        if self.start_of(on(day)) > start { on(day) } else { on(day.plus(days)) }
    }

    fn word(&self, text: &str) -> Option<Stated> {
        let today = Day::from(self.today());
        let word = text.to_lowercase();
        let days = match word.as_str() {
            "now" => return Some(Stated::Instant(self.now)),
            "today" => 0,
            "tomorrow" => 1,
            "yesterday" => -1,
            _ => {
                let ahead = (i32::from(weekday(&word)?) - i32::from(today.weekday_index())).rem_euclid(7);
                if ahead == 0 { 7 } else { ahead }
            }
        };
        Some(Stated::Day(today.plus(days).date()))
    }

    /// Reads `+3d` and the like: calendar units on the wall clock, then hours and less as they elapse.
    fn distance(&self, text: &str) -> Option<Stated> {
        if !text.starts_with(['+', '-']) {
            return None;
        }
        let span: Span = text.parse().ok()?;
        let elapsed = i64::from(span.get_hours()) * 3_600 + span.get_minutes() * 60 + span.get_seconds();
        let calendar = Span::new()
            .try_years(span.get_years())
            .and_then(|sum| sum.try_months(span.get_months()))
            .and_then(|sum| sum.try_weeks(span.get_weeks()))
            .and_then(|sum| sum.try_days(span.get_days()))
            .ok()?;
        if calendar.is_zero() {
            return Some(Stated::Instant(self.now.plus(elapsed)));
        }
        let local = self.zone.wall(self.now).date_time().checked_add(calendar).ok()?;
        date_is_supported(local.date()).then(|| Stated::Instant(self.zone.instant(Wall::from(local)).plus(elapsed)))
    }

    fn written(&self, text: &str) -> Option<Stated> {
        if let Ok(at) = text.parse::<Instant>() {
            return Some(Stated::Instant(at));
        }
        if let Some((day, time)) = text.split_once(' ')
            && let Some(Stated::Day(date)) = self.word(day)
        {
            return Some(Stated::Local(date.to_datetime(time_of_day(time)?)));
        }
        if let Some(time) = time_of_day(text) {
            return Some(Stated::Local(self.today().to_datetime(time)));
        }
        if text.len() == "2026-12-01".len() {
            let date: Date = text.parse().ok()?;
            return date_is_supported(date).then_some(Stated::Day(date));
        }
        // jiff would read a zone or an offset here and drop it.
        let local: DateTime = text.parse().ok().filter(|_| !text.contains(['[', 'Z', 'z', '+']))?;
        let whole = local.subsec_nanosecond() == 0;
        (whole && date_is_supported(local.date())).then_some(Stated::Local(local))
    }
}

/// Returns which day of the week a word names, from Monday.
fn weekday(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    let index = WEEKDAYS.iter().position(|day| *day == word || day.get(..3) == Some(&word))?;
    u8::try_from(index).ok()
}

/// Says what is wrong with a text that is no time.
fn wrong(text: &str) -> &'static str {
    let dated = text.get(.."2026-12-01".len()).unwrap_or_default();
    match dated.parse::<Date>() {
        Ok(date) if !date_is_supported(date) => "not between 1970 and 2200",
        _ if Date::strptime("%Y-%m-%d", dated).is_err()
            && dated.split('-').filter(|part| is_number(part)).count() == 3 =>
        {
            "a date that there is not"
        }
        _ if text.ends_with("24:00") => "no time that is understood: 24:00 is 00:00 of the day after",
        _ => "no time that is understood",
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn time_of_day(text: &str) -> Option<Time> {
    Time::strptime("%H:%M", text).ok()
}

#[cfg(test)]
mod tests {
    use onduty::civil::ZoneRules;

    use super::*;

    #[test]
    fn questions_begin_with_a_whole_minute() {
        let times = times("2026-11-23T13:05:59Z").to_the_minute();
        assert_eq!(times.start("--at", "now").unwrap().to_string(), "2026-11-23T13:05:00Z");
        assert_eq!(times.start("--at", "2026-11-23T13:05:59Z").unwrap().to_string(), "2026-11-23T13:05:59Z");
    }

    /// Times for somebody in Warsaw at `now`.
    fn times(now: &str) -> Times {
        let rules = ZoneRules::bundled().unwrap();
        Times { zone: rules.zone("Europe/Warsaw").unwrap().clone(), now: now.parse().unwrap() }
    }

    /// On a Monday, at 14:05 in Warsaw.
    fn check_start(text: &str, expected: &str) {
        let start = times("2026-11-23T13:05:00Z").start("--at", text).unwrap();
        assert_eq!(start.to_string(), expected, "{text}");
    }

    #[test]
    fn words_are_days_of_the_viewer() {
        check_start("now", "2026-11-23T13:05:00Z");
        check_start("today", "2026-11-22T23:00:00Z");
        check_start("Tomorrow", "2026-11-23T23:00:00Z");
        check_start("yesterday", "2026-11-21T23:00:00Z");
        check_start("tomorrow 09:30", "2026-11-24T08:30:00Z");
    }

    #[test]
    fn a_weekday_is_the_next_such_day_and_never_today() {
        check_start("tue", "2026-11-23T23:00:00Z");
        check_start("sunday", "2026-11-28T23:00:00Z");
        check_start("mon", "2026-11-29T23:00:00Z");
    }

    fn check_to(from: &str, to: &str, expected: &str) {
        let (_, end) = times("2026-11-24T13:05:00Z").window(Some(from), Some(to)).unwrap();
        assert_eq!(end.unwrap().to_string(), expected, "{from} to {to}");
    }

    #[test]
    fn a_weekday_as_an_end_is_the_first_at_or_after_the_start() {
        // It is a Tuesday.
        check_to("mon", "fri", "2026-12-04T23:00:00Z");
        check_to("mon", "Monday", "2026-11-30T23:00:00Z");
        check_to("sat 00:00", "sun", "2026-11-29T23:00:00Z");
        check_to("2026-11-02", "fri", "2026-11-06T23:00:00Z");
        check_to("mon 09:00", "mon 08:00", "2026-12-07T07:00:00Z");
        check_to("fri 18:00", "fri 22:00", "2026-11-27T21:00:00Z");
    }

    #[test]
    fn a_time_of_day_as_an_end_is_the_first_after_the_start() {
        check_to("tomorrow 22:00", "06:00", "2026-11-26T05:00:00Z");
        check_to("mon 09:00", "17:00", "2026-11-30T16:00:00Z");
    }

    #[test]
    fn any_other_end_is_read_as_it_is_elsewhere() {
        check_to("+1d", "+2d", "2026-11-26T13:05:00Z");
        check_to("yesterday", "today", "2026-11-24T23:00:00Z");
        let (_, end) = times("2026-11-23T13:05:00Z").window(None, Some("mon")).unwrap();
        assert_eq!(end.unwrap().to_string(), "2026-11-30T23:00:00Z");
    }

    #[test]
    fn a_text_that_is_no_time_is_told_from_one_that_is_too_early() {
        for (text, expected) in [
            ("2026-02-30", "a date that there is not"),
            ("2026-13-01 09:00", "a date that there is not"),
            ("1969-12-31", "not between 1970 and 2200"),
            ("noon", "no time that is understood"),
            ("2026-12-01 24:00", "no time that is understood: 24:00 is 00:00 of the day after"),
        ] {
            assert_eq!(wrong(text), expected, "{text}");
        }
    }

    #[test]
    fn written_times_are_local_unless_they_state_an_offset() {
        check_start("2026-12-01", "2026-11-30T23:00:00Z");
        check_start("2026-12-01T09:00", "2026-12-01T08:00:00Z");
        check_start("2026-12-01 09:00:30", "2026-12-01T08:00:30Z");
        check_start("2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z");
        check_start("2026-12-01T09:00:00-08:00", "2026-12-01T17:00:00Z");
        check_start("17:00", "2026-11-23T16:00:00Z");
    }

    #[test]
    fn a_date_as_an_end_is_included() {
        let times = times("2026-11-23T13:05:00Z");
        assert_eq!(times.end("--to", "2026-12-05").unwrap().to_string(), "2026-12-05T23:00:00Z");
        assert_eq!(times.end("--to", "2026-12-05T12:00").unwrap().to_string(), "2026-12-05T11:00:00Z");
    }

    #[test]
    fn days_ahead_keep_the_time_of_day_and_hours_ahead_elapse() {
        // The clock goes back on 2026-10-25 at 03:00.
        let times = times("2026-10-24T10:00:00Z");
        assert_eq!(times.start("--at", "+1d").unwrap().to_string(), "2026-10-25T11:00:00Z");
        assert_eq!(times.start("--at", "+24h").unwrap().to_string(), "2026-10-25T10:00:00Z");
        assert_eq!(times.start("--at", "+1w").unwrap().to_string(), "2026-10-31T11:00:00Z");
        assert_eq!(times.start("--at", "-1d2h").unwrap().to_string(), "2026-10-23T08:00:00Z");
    }

    #[test]
    fn a_skipped_local_time_is_the_jump() {
        let times = times("2026-03-28T10:00:00Z");
        assert_eq!(times.start("--at", "2026-03-29 02:30").unwrap().to_string(), "2026-03-29T01:00:00Z");
    }

    #[test]
    fn anything_else_is_refused() {
        let times = times("2026-11-23T13:05:00Z");
        for text in ["", "soon", "2026-13-01", "1969-12-31", "2300-01-01", "25:00", "+", "+3x", "3d", "m", "mon 9"] {
            assert!(times.read("--at", text).is_err(), "{text}");
        }
        assert!(times.read("--at", "2026-12-01T09:00[Asia/Tokyo]").is_err());
    }
}
