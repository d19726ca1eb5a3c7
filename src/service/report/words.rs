//! Times, hours and names as a report writes them: the same on every machine.

use crate::civil::{Instant, Zone};
use crate::proto::google_type::Interval;
use crate::proto::v1::Report;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes instants on the clock of the report's zone.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    zone: &'a Zone,
}

impl<'a> Words<'a> {
    /// Returns the words of a zone.
    pub fn new(zone: &'a Zone) -> Self {
        Self { zone }
    }

    /// Returns an instant as `Mon 2 Nov 09:00`.
    pub fn time(&self, at: Instant) -> String {
        let wall = self.zone.wall(at);
        let second = wall.second_of_day();
        let seconds = if second.is_multiple_of(60) { String::new() } else { format!(":{:02}", second % 60) };
        format!("{} {:02}:{:02}{seconds}", self.day(at), second / 3_600, second / 60 % 60)
    }

    /// Returns the local day of an instant, as `Mon 2 Nov`.
    fn day(&self, at: Instant) -> String {
        let day = self.zone.day(at);
        let (date, weekday) = (day.date(), WEEKDAYS[usize::from(day.weekday_index()) % 7]);
        format!("{weekday} {} {}", date.day(), month_name(i32::from(date.month())).get(..3).unwrap_or_default())
    }

    /// Returns an interval, whole days by their first and last one.
    pub fn interval(&self, interval: Option<&Interval>) -> String {
        let ends = interval.map(|interval| (interval.start_time.as_ref(), interval.end_time.as_ref()));
        let (start, end) = ends.unwrap_or_default();
        let at = |at: Option<&pbjson_types::Timestamp>| at.map(|at| Instant::from_seconds(at.seconds));
        let (Some(start), Some(end)) = (at(start), at(end)) else { return String::new() };
        let midnight = |at: Instant| self.zone.day_start(self.zone.day(at)) == at;
        if midnight(start) && midnight(end) {
            let (first, last) = (self.day(start), self.day(end.plus(-1)));
            return if first == last { first } else { format!("{first} – {last}") };
        }
        if self.zone.day(start) == self.zone.day(end.plus(-1)) && !midnight(end) {
            let time = self.time(end);
            return format!("{} – {}", self.time(start), time.rsplit(' ').next().unwrap_or_default());
        }
        format!("{} – {}", self.time(start), self.time(end))
    }
}

fn month_name(month: i32) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
}

/// Returns what a report is called: `November 2026`.
pub fn month(report: &Report) -> String {
    report.month.as_ref().map(|month| format!("{} {}", month_name(month.month), month.year)).unwrap_or_default()
}

/// Returns seconds as hours, with a decimal where that is not 0: `168 h`, `7.5 h`.
pub fn hours(seconds: i64) -> String {
    let text = format!("{:.1}", seconds as f64 / 3_600.0);
    format!("{} h", text.strip_suffix(".0").unwrap_or(&text))
}

/// Returns the last part of a full name.
pub fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Returns a fraction as per cent, with one decimal, rounded down: nothing less than all is 100 %.
pub fn percent(part: i64, whole: i64) -> String {
    let tenths = if whole > 0 { i128::from(part) * 1_000 / i128::from(whole) } else { 0 };
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::ZoneRules;
    use crate::service::convert::time::interval;

    fn words(start: &str, end: &str) -> String {
        let rules = ZoneRules::bundled().unwrap();
        let words = Words::new(rules.zone("Europe/Warsaw").unwrap());
        let stated = crate::civil::Interval::new(start.parse().unwrap(), end.parse().unwrap()).unwrap();
        words.interval(Some(&interval(stated)))
    }

    #[test]
    fn whole_days_are_days_and_all_else_is_times() {
        assert_eq!(words("2026-11-01T23:00:00Z", "2026-11-06T23:00:00Z"), "Mon 2 Nov – Fri 6 Nov");
        assert_eq!(words("2026-11-01T23:00:00Z", "2026-11-02T23:00:00Z"), "Mon 2 Nov");
        assert_eq!(words("2026-11-02T08:00:00Z", "2026-11-02T16:30:00Z"), "Mon 2 Nov 09:00 – 17:30");
        assert_eq!(words("2026-11-02T21:00:00Z", "2026-11-03T05:00:00Z"), "Mon 2 Nov 22:00 – Tue 3 Nov 06:00");
    }

    #[test]
    fn nothing_less_than_all_is_all() {
        assert_eq!(percent(999_999, 1_000_000), "99.9 %");
        assert_eq!(percent(10, 10), "100.0 %");
        assert_eq!((hours(27_000), hours(604_800)), ("7.5 h".to_owned(), "168 h".to_owned()));
    }
}
