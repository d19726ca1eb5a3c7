//! Weekly windows: hours of the week on a wall clock (semantics 1.5).

use std::fmt;

use super::{Day, Interval, TimeOfDay, Zone};
use crate::id::id_type;

id_type! {
    /// The id of a weekly window within its list; moving the window's edges keeps it (semantics 4.6).
    WindowId, digits
}

impl WindowId {
    fn always() -> Self {
        Self::from_valid("always")
    }
}

/// A day of the week; weeks begin on Monday.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// All seven, from Monday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// Returns the three-letter lower-case name, such as `mon`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][self as usize]
    }
}

/// A set of weekdays.
///
/// ```
/// use onduty::civil::{Weekday, Weekdays};
///
/// let days: Weekdays = [Weekday::Sat, Weekday::Sun].into_iter().collect();
/// assert_eq!(days.to_string(), "sat, sun");
/// assert_eq!(Weekdays::WORKING.to_string(), "mon-fri");
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Every day of the week.
    pub const ALL: Self = Self(0b111_1111);
    /// Monday to Friday.
    pub const WORKING: Self = Self(0b001_1111);

    /// Tells whether no day is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Tells whether `weekday` is in the set.
    #[must_use]
    pub const fn contains(self, weekday: Weekday) -> bool {
        self.0 & (1 << weekday as u8) != 0
    }

    /// Tells whether the weekday of `day` is in the set.
    #[must_use]
    pub const fn contains_day(self, day: Day) -> bool {
        self.0 & (1 << day.weekday_index()) != 0
    }

    /// Returns its days, from Monday.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::ALL.into_iter().filter(move |weekday| self.contains(*weekday))
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(weekdays: I) -> Self {
        Self(weekdays.into_iter().fold(0, |bits, weekday| bits | 1 << weekday as u8))
    }
}

impl fmt::Display for Weekdays {
    /// Writes runs of three and more as `mon-fri`, the rest one by one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days: Vec<Weekday> = self.iter().collect();
        let mut parts = Vec::new();
        for run in days.chunk_by(|a, b| *a as u8 + 1 == *b as u8) {
            match run {
                [first, _, .., last] => parts.push(format!("{}-{}", first.name(), last.name())),
                few => parts.extend(few.iter().map(|day| day.name().to_owned())),
            }
        }
        f.write_str(&parts.join(", "))
    }
}

/// Hours of the week in local times of day, on whichever zone's clock the holder of the window says.
///
/// An end at or before the start runs into the next day and belongs to the day on which it starts; equal start and
/// end are a whole day from then (semantics 1.5).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WeeklyWindow {
    /// Names the window within its list.
    pub id: WindowId,
    /// The days on which it starts.
    pub weekdays: Weekdays,
    /// Its start, from 00:00 to 24:00.
    pub start: TimeOfDay,
    /// Its end, exclusive, from 00:00 to 24:00.
    pub end: TimeOfDay,
}

impl WeeklyWindow {
    /// Returns 00:00–24:00 of every day.
    #[must_use]
    pub fn always() -> Self {
        Self { id: WindowId::always(), weekdays: Weekdays::ALL, start: TimeOfDay::MIN, end: TimeOfDay::MAX }
    }

    /// Returns what the window covers on `day` by the clock of `zone`; `None` where the clock skips all of it.
    ///
    /// The weekday is not looked at: [`occurrences`] does.
    #[must_use]
    pub fn on_day(&self, day: Day, zone: &Zone) -> Option<Interval> {
        let cursor = &mut zone.cursor();
        self.on_day_at(day, cursor)
    }

    fn on_day_at(&self, day: Day, cursor: &mut super::ZoneCursor<'_>) -> Option<Interval> {
        let last_day = if self.end <= self.start { day.plus(1) } else { day };
        let start = cursor.instant(day.start().plus(i64::from(self.start.seconds())));
        let end = cursor.instant(last_day.start().plus(i64::from(self.end.seconds())));
        Interval::new(start, end)
    }
}

/// One window on one day.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Occurrence {
    /// The window, by its place in the list.
    pub window: usize,
    /// The local day to which it belongs: the one on which it starts.
    pub day: Day,
    /// What it covers.
    pub interval: Interval,
}

/// Returns every occurrence of `windows` that overlaps `span`, day by day, on the clock of `zone`.
///
/// `selects` says which local days count (first and last dates, holidays: semantics 1.5). Occurrences of one day come
/// in the order of the list and may overlap each other; one whose hours the clock skips is left out.
///
/// ```
/// use onduty::civil::{Interval, TimeOfDay, Weekdays, WeeklyWindow, WindowId, ZoneRules, occurrences};
///
/// let rules = ZoneRules::bundled().unwrap();
/// let warsaw = rules.zone("Europe/Warsaw").unwrap();
/// let night = WeeklyWindow {
///     id: WindowId::new("night").unwrap(),
///     weekdays: Weekdays::ALL,
///     start: "22:00".parse().unwrap(),
///     end: "06:00".parse().unwrap(),
/// };
/// let span = Interval::new("2026-03-28T12:00:00Z".parse().unwrap(), "2026-03-29T12:00:00Z".parse().unwrap()).unwrap();
/// let nights: Vec<_> = occurrences(&[night], warsaw, span, |_| true).collect();
/// assert_eq!(nights.len(), 1);
/// assert_eq!(nights[0].interval.seconds(), 7 * 3_600); // the clocks went forward
/// ```
pub fn occurrences<'a>(
    windows: &'a [WeeklyWindow],
    zone: &'a Zone,
    span: Interval,
    selects: impl Fn(Day) -> bool + 'a,
) -> impl Iterator<Item = Occurrence> + 'a {
    // A window lasts at most to the end of the day after the one on which it starts.
    let first = zone.day(span.start()).plus(-2).number();
    let last = zone.day(span.end()).plus(1).number();
    let mut cursor = zone.cursor();
    (first..=last)
        .map(Day::from_number)
        .filter(move |day| selects(*day))
        .flat_map(move |day| windows.iter().enumerate().map(move |(index, window)| (day, index, window)))
        .filter(|(day, _, window)| window.weekdays.contains_day(*day))
        .filter_map(move |(day, index, window)| {
            let interval = window.on_day_at(day, &mut cursor)?;
            Some(Occurrence { window: index, day, interval })
        })
        .filter(move |occurrence| occurrence.interval.overlaps(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{IntervalSet, ZoneRules};
    use proptest::prelude::*;

    fn window(start: &str, end: &str) -> WeeklyWindow {
        WeeklyWindow {
            id: WindowId::new("w").unwrap(),
            weekdays: Weekdays::ALL,
            start: start.parse().unwrap(),
            end: end.parse().unwrap(),
        }
    }

    #[test]
    fn weekday_runs_are_written_short() {
        let days: Weekdays = [Weekday::Mon, Weekday::Wed, Weekday::Thu, Weekday::Fri].into_iter().collect();
        assert_eq!(days.to_string(), "mon, wed-fri");
    }

    #[test]
    fn a_window_that_the_clock_skips_yields_nothing() {
        let rules = ZoneRules::bundled().unwrap();
        let apia = rules.zone("Pacific/Apia").unwrap();
        let skipped = Day::from(jiff::civil::date(2011, 12, 30));
        assert_eq!(window("09:00", "17:00").on_day(skipped, apia), None);
        // What begins in the skipped day and ends after it keeps the part after the jump.
        let kept = window("22:00", "06:00").on_day(skipped, apia).unwrap();
        assert_eq!(kept.start().to_string(), "2011-12-30T10:00:00Z");
        assert_eq!(kept.seconds(), 6 * 3_600);
    }

    #[test]
    fn equal_start_and_end_are_a_whole_day() {
        let rules = ZoneRules::bundled().unwrap();
        let utc = rules.zone("UTC").unwrap();
        let day = Day::from(jiff::civil::date(2026, 5, 5));
        assert_eq!(window("08:00", "08:00").on_day(day, utc).unwrap().seconds(), 86_400);
        assert_eq!(window("00:00", "24:00").on_day(day, utc).unwrap().seconds(), 86_400);
        assert_eq!(window("24:00", "24:00").on_day(day, utc).unwrap().start().to_string(), "2026-05-06T00:00:00Z");
    }

    fn any_zone() -> impl Strategy<Value = String> {
        let names: Vec<String> = ZoneRules::bundled().unwrap().names().map(str::to_owned).collect();
        prop::sample::select(names)
    }

    proptest! {
        #[test]
        fn days_cut_into_touching_windows_cover_everything_once(
            name in any_zone(), start in 0_i64..7_200_000_000, cut in 1_u32..86_400, days in 1_i64..9,
        ) {
            let rules = ZoneRules::bundled().unwrap();
            let zone = rules.zone(&name).unwrap();
            let start = super::super::Instant::from_seconds(start);
            let span = Interval::new(start, start.plus(days * 86_400)).unwrap();
            let cut = TimeOfDay::from_seconds(cut).unwrap();
            let windows = [
                WeeklyWindow { start: TimeOfDay::MIN, end: cut, ..window("00:00", "24:00") },
                WeeklyWindow { start: cut, end: TimeOfDay::MAX, ..window("00:00", "24:00") },
            ];
            let found: Vec<Interval> = occurrences(&windows, zone, span, |_| true)
                .filter_map(|occurrence| occurrence.interval.intersection(span))
                .collect();
            let whole: IntervalSet = found.iter().copied().collect();
            prop_assert_eq!(whole.intervals(), [span]);
            prop_assert_eq!(found.iter().map(|interval| interval.seconds()).sum::<i64>(), span.seconds());
        }
    }
}
