//! Times in the viewer's zone.

use jiff::civil::Date;
use onduty::civil::{Day, Instant, Wall};
use onduty::proto::google_type::Interval;
use pbjson_types::Timestamp;

use super::View;
use crate::spans;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

impl View {
    /// Returns a day as `Mon 23 Nov`, with the year if it is not the present one.
    pub(crate) fn day(&self, date: Date) -> String {
        let weekday = WEEKDAYS[usize::from(Day::from(date).weekday_index())];
        let month = MONTHS[(date.month() - 1).unsigned_abs() as usize];
        let year = if date.year() == self.zone.day(self.now).date().year() {
            String::new()
        } else {
            format!(" {}", date.year())
        };
        format!("{weekday} {} {month}{year}", date.day())
    }

    /// Returns an instant as `Mon 23 Nov 17:00`.
    pub fn time(&self, at: Instant) -> String {
        format!("{} {}", self.day(self.zone.day(at).date()), self.time_of_day(at))
    }

    /// Returns the time of day at an instant, with the offset if the clock shows that time for the second time.
    pub(crate) fn time_of_day(&self, at: Instant) -> String {
        let wall = self.zone.wall(at);
        let second = wall.second_of_day();
        let mut text = format!("{:02}:{:02}", second / 3_600, second / 60 % 60);
        if !second.is_multiple_of(60) {
            text += &format!(":{:02}", second % 60);
        }
        if self.zone.instant(wall) != at {
            text += &format!(" ({})", offset(self.zone.offset_seconds(at)));
        }
        text
    }

    /// Returns an exclusive end as the last day that it includes: midnight is that day's 24:00.
    pub(crate) fn deadline(&self, at: Instant) -> String {
        let wall = self.zone.wall(at);
        if wall == wall.day().start() {
            return format!("{} 24:00", self.day(wall.day().plus(-1).date()));
        }
        self.time(at)
    }

    /// Returns an instant of the API, or `otherwise`.
    pub(crate) fn stamp(&self, at: Option<&Timestamp>, otherwise: &str) -> String {
        at.map_or_else(|| otherwise.to_owned(), |at| self.time(spans::instant(at)))
    }

    /// Returns an interval as `Mon 23 Nov 09:00 – 17:00`; a day's end is 24:00.
    pub(crate) fn interval(&self, interval: Option<&Interval>) -> String {
        match spans::ends(interval) {
            (Some(start), Some(end)) => format!("{} – {}", self.time(start), self.end(start, end)),
            (Some(start), None) => format!("{} until further notice", self.time(start)),
            (None, Some(end)) => format!("until {}", self.time(end)),
            (None, None) => "at all times".to_owned(),
        }
    }

    /// Returns the end of what starts at `start`, without the day if that is the same.
    fn end(&self, start: Instant, end: Instant) -> String {
        let (day, last) = (self.zone.day(start), self.zone.wall(end));
        if day == last.day() {
            self.time_of_day(end)
        } else if last == day.plus(1).start() {
            "24:00".to_owned()
        } else {
            self.time(end)
        }
    }

    /// Returns a line that names the zone, with its offset between two instants.
    pub(crate) fn zone_line(&self, from: Instant, to: Instant) -> String {
        let (first, last) = (self.zone.offset_seconds(from), self.zone.offset_seconds(to));
        let change = if first == last { String::new() } else { format!(", {} at the end", offset(last)) };
        format!("Times in {} ({}{change})", self.zone.name(), offset(first))
    }

    /// Returns a line that names the zone, with its offset now.
    pub(crate) fn zone_now(&self) -> String {
        self.zone_line(self.now, self.now)
    }

    /// Returns the starts of the local days after `from` and before `to`.
    pub(crate) fn day_starts(&self, from: Instant, to: Instant) -> Vec<(Date, Instant)> {
        let first = self.zone.day(from);
        let mut starts = Vec::new();
        for ahead in 0.. {
            let day = first.plus(ahead);
            let start = self.zone.day_start(day);
            if start >= to {
                break;
            }
            if start >= from {
                starts.push((day.date(), start));
            }
        }
        starts
    }

    /// Returns the instants between `from` and `to` at which the local clock shows whole multiples of `hours`.
    pub(crate) fn hour_marks(&self, from: Instant, to: Instant, hours: i64) -> Vec<Instant> {
        let step = hours * HOUR;
        let first = self.zone.wall(from).seconds();
        let last = self.zone.wall(to).seconds();
        let mut reading = first + (step - first.rem_euclid(step)) % step;
        let mut marks = Vec::new();
        while reading < last {
            marks.push(self.zone.instant(Wall::from_seconds(reading)));
            reading += step;
        }
        marks
    }
}

/// Returns an offset from UTC as `UTC+01:00`.
pub(crate) fn offset(seconds: i64) -> String {
    if seconds == 0 {
        return "UTC".to_owned();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    format!("UTC{sign}{:02}:{:02}", seconds.abs() / HOUR, seconds.abs() / MINUTE % 60)
}

/// Returns an elapsed time as `45 min`, `6 h 30 min` or `3 d 4 h`, a day being 24 hours.
pub(crate) fn length(seconds: i64) -> String {
    let (large, small) = match seconds {
        ..HOUR => return if seconds < MINUTE { format!("{seconds} s") } else { format!("{} min", seconds / MINUTE) },
        HOUR..172_800 => ((seconds / HOUR, "h"), (seconds % HOUR / MINUTE, "min")),
        _ => ((seconds / DAY, "d"), (seconds % DAY / HOUR, "h")),
    };
    match small.0 {
        0 => format!("{} {}", large.0, large.1),
        _ => format!("{} {} {} {}", large.0, large.1, small.0, small.1),
    }
}

/// Returns working time as `45 min` or `80 h`: in hours, since nobody works for days of 24 hours.
pub(crate) fn work(seconds: i64) -> String {
    let (hours, minutes) = (seconds / HOUR, seconds % HOUR / MINUTE);
    match (hours, minutes) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Returns how long an interval is, where it has both ends.
pub(crate) fn interval_length(interval: Option<&Interval>) -> Option<String> {
    match spans::ends(interval) {
        (Some(start), Some(end)) => Some(length(end.since(start))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{interval, view};
    use super::*;

    fn check(start: &str, end: &str, expected: &str) {
        assert_eq!(view().interval(interval(start, end).as_ref()), expected);
    }

    #[test]
    fn an_end_on_the_same_day_is_a_time_of_day_only() {
        check("2026-11-24T08:00:00Z", "2026-11-24T16:30:00Z", "Tue 24 Nov 09:00 – 17:30");
        check("2026-11-24T08:00:00Z", "2026-11-25T16:00:00Z", "Tue 24 Nov 09:00 – Wed 25 Nov 17:00");
    }

    #[test]
    fn the_end_of_a_day_is_its_24_00() {
        check("2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z", "Tue 24 Nov 00:00 – 24:00");
    }

    #[test]
    fn another_year_is_named() {
        check("2026-12-31T08:00:00Z", "2027-01-01T08:00:00Z", "Thu 31 Dec 09:00 – Fri 1 Jan 2027 09:00");
    }

    #[test]
    fn a_time_that_the_clock_shows_again_comes_with_its_offset() {
        check("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "Sun 25 Oct 02:30 – 02:30 (UTC+01:00)");
    }

    #[test]
    fn a_deadline_at_midnight_belongs_to_the_day_before() {
        assert_eq!(view().deadline("2026-12-08T23:00:00Z".parse().unwrap()), "Tue 8 Dec 24:00");
        assert_eq!(view().deadline("2026-12-08T22:00:00Z".parse().unwrap()), "Tue 8 Dec 23:00");
    }

    #[test]
    fn an_open_end_is_further_notice() {
        check("2026-11-24T08:00:00Z", "", "Tue 24 Nov 09:00 until further notice");
    }

    #[test]
    fn the_zone_is_named_with_a_change_of_its_offset() {
        let view = view();
        assert_eq!(view.zone_now(), "Times in Europe/Warsaw (UTC+01:00)");
        let spring = ["2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z"].map(|at| at.parse().unwrap());
        assert_eq!(view.zone_line(spring[0], spring[1]), "Times in Europe/Warsaw (UTC+01:00, UTC+02:00 at the end)");
    }

    #[test]
    fn working_time_is_told_in_hours() {
        for (seconds, expected) in [(2_700, "45 min"), (288_000, "80 h"), (45_000, "12 h 30 min")] {
            assert_eq!(work(seconds), expected);
        }
    }

    #[test]
    fn lengths_have_at_most_two_units() {
        for (seconds, expected) in
            [(45, "45 s"), (2_700, "45 min"), (23_400, "6 h 30 min"), (90_000, "25 h"), (273_600, "3 d 4 h")]
        {
            assert_eq!(length(seconds), expected);
        }
    }
}
