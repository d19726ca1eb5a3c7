//! One zone's clock, and the one function from local time to an instant (semantics 1.3).

use super::{Day, Instant, Wall};

/// A stretch of time with one offset from UTC.
#[derive(Clone, Copy, Debug)]
struct Segment {
    /// First second of the stretch, in UTC.
    start: i64,
    /// Seconds to add to UTC to read the wall clock.
    offset: i64,
    /// One past the furthest reading the wall clock has shown by the end of the stretch.
    furthest_end: i64,
}

/// A zone's clock: what its wall clock shows at every instant of 1970–2200.
///
/// Built by [`ZoneRules`](super::ZoneRules), which knows the tz database.
///
/// # A local time that does not exist is the instant of the jump
///
/// ```
/// use onduty::civil::{DateTime, Wall, ZoneRules};
///
/// let rules = ZoneRules::bundled().unwrap();
/// let warsaw = rules.zone("Europe/Warsaw").unwrap();
/// let skipped = DateTime::constant(2026, 3, 29, 2, 30, 0, 0);
/// assert_eq!(warsaw.instant(Wall::from(skipped)).to_string(), "2026-03-29T01:00:00Z");
/// ```
///
/// # A local time that occurs twice is its first occurrence
///
/// ```
/// # use onduty::civil::{DateTime, Wall, ZoneRules};
/// # let rules = ZoneRules::bundled().unwrap();
/// # let warsaw = rules.zone("Europe/Warsaw").unwrap();
/// let repeated = DateTime::constant(2026, 10, 25, 2, 30, 0, 0);
/// assert_eq!(warsaw.instant(Wall::from(repeated)).to_string(), "2026-10-25T00:30:00Z");
/// ```
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    segments: Vec<Segment>,
}

impl Zone {
    /// Returns a zone that is at `first_offset` seconds from UTC until the first of `transitions`.
    ///
    /// Each transition is the second, in UTC, from which an offset holds; they are in ascending order.
    pub(crate) fn new(name: &str, first_offset: i64, transitions: &[(i64, i64)]) -> Self {
        let mut segments = vec![Segment { start: i64::MIN, offset: first_offset, furthest_end: i64::MAX }];
        let mut furthest = i64::MIN;
        for &(start, offset) in transitions {
            let Some(last) = segments.last_mut().filter(|last| last.offset != offset) else { continue };
            furthest = furthest.max(start + last.offset);
            last.furthest_end = furthest;
            segments.push(Segment { start, offset, furthest_end: i64::MAX });
        }
        Self { name: name.to_owned(), segments }
    }

    /// Returns the IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the first instant at which the local clock shows `wall` or a later time (semantics 1.3).
    ///
    /// So a reading that the clock jumps over is the instant of the jump, a reading that it shows twice is the first
    /// of the two, and the function never goes backwards: windows that touch on the wall clock touch in time.
    #[must_use]
    pub fn instant(&self, wall: Wall) -> Instant {
        let index = self.segments.partition_point(|segment| segment.furthest_end <= wall.seconds());
        self.instant_in(index, wall)
    }

    fn instant_in(&self, index: usize, wall: Wall) -> Instant {
        match self.segments.get(index) {
            Some(segment) => Instant::from_seconds(segment.start.max(wall.seconds() - segment.offset)),
            None => Instant::MAX,
        }
    }

    /// Returns the start of a local day: 00:00, or the jump where the clock skips midnight (semantics 1.4).
    #[must_use]
    pub fn day_start(&self, day: Day) -> Instant {
        self.instant(day.start())
    }

    /// Returns what the wall clock shows at `at`.
    #[must_use]
    pub fn wall(&self, at: Instant) -> Wall {
        Wall::from_seconds(at.seconds() + self.offset_seconds(at))
    }

    /// Returns the local calendar day at `at`.
    #[must_use]
    pub fn day(&self, at: Instant) -> Day {
        self.wall(at).day()
    }

    /// Returns the seconds that the wall clock is ahead of UTC at `at` (negative: behind).
    #[must_use]
    pub fn offset_seconds(&self, at: Instant) -> i64 {
        self.segments.get(self.segment_at(at)).map_or(0, |segment| segment.offset)
    }

    /// Returns the latest reading that the wall clock has shown up to and at `at`.
    ///
    /// It differs from [`Zone::wall`] only while a clock that was set back repeats itself. A reading `w` has
    /// `instant(w) <= at` exactly where `w <= furthest_wall(at)`.
    #[must_use]
    pub fn furthest_wall(&self, at: Instant) -> Wall {
        let index = self.segment_at(at);
        let shown = self.wall(at).seconds();
        let before = index.checked_sub(1).and_then(|previous| self.segments.get(previous));
        Wall::from_seconds(before.map_or(shown, |segment| shown.max(segment.furthest_end - 1)))
    }

    fn segment_at(&self, at: Instant) -> usize {
        self.segments.partition_point(|segment| segment.start <= at.seconds()).saturating_sub(1)
    }

    /// Returns a converter that is fast for readings in ascending order.
    #[must_use]
    pub fn cursor(&self) -> ZoneCursor<'_> {
        ZoneCursor { zone: self, index: 0, from: i64::MAX, to: i64::MIN }
    }
}

/// [`Zone::instant`] for many readings in a row: the stretch last used is tried first.
#[derive(Clone, Debug)]
pub struct ZoneCursor<'a> {
    zone: &'a Zone,
    index: usize,
    from: i64,
    to: i64,
}

impl ZoneCursor<'_> {
    /// Returns the same as [`Zone::instant`].
    pub fn instant(&mut self, wall: Wall) -> Instant {
        if !(self.from..self.to).contains(&wall.seconds()) {
            let segments = &self.zone.segments;
            self.index = segments.partition_point(|segment| segment.furthest_end <= wall.seconds());
            self.from = self.index.checked_sub(1).map_or(i64::MIN, |previous| segments[previous].furthest_end);
            self.to = segments.get(self.index).map_or(i64::MAX, |segment| segment.furthest_end);
        }
        self.zone.instant_in(self.index, wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{DateTime, ZoneRules};
    use proptest::prelude::*;

    fn check(zone: &str, local: DateTime, expected: &str) {
        let rules = ZoneRules::bundled().unwrap();
        let zone = rules.zone(zone).unwrap();
        assert_eq!(zone.instant(Wall::from(local)).to_string(), expected, "{local} in {}", zone.name());
    }

    #[test]
    fn a_day_may_begin_at_one_o_clock() {
        check("America/Sao_Paulo", DateTime::constant(2018, 11, 4, 0, 0, 0, 0), "2018-11-04T03:00:00Z");
        check("America/Sao_Paulo", DateTime::constant(2018, 11, 4, 1, 0, 0, 0), "2018-11-04T03:00:00Z");
    }

    #[test]
    fn a_clock_may_move_by_half_an_hour() {
        check("Australia/Lord_Howe", DateTime::constant(2026, 10, 4, 2, 15, 0, 0), "2026-10-03T15:30:00Z");
        check("Australia/Lord_Howe", DateTime::constant(2026, 4, 5, 1, 45, 0, 0), "2026-04-04T14:45:00Z");
    }

    #[test]
    fn a_day_that_a_zone_skipped_is_empty() {
        let rules = ZoneRules::bundled().unwrap();
        let apia = rules.zone("Pacific/Apia").unwrap();
        let day = Day::from(jiff::civil::date(2011, 12, 30));
        assert_eq!(apia.day_start(day), apia.day_start(day.plus(1)));
    }

    #[test]
    fn summer_time_with_a_negative_winter_offset_is_plain_arithmetic() {
        check("Europe/Dublin", DateTime::constant(2026, 3, 29, 1, 30, 0, 0), "2026-03-29T01:00:00Z");
        check("Europe/Dublin", DateTime::constant(2026, 10, 25, 1, 30, 0, 0), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn rules_go_on_after_the_table_ends() {
        check("America/New_York", DateTime::constant(2150, 7, 1, 12, 0, 0, 0), "2150-07-01T16:00:00Z");
        check("America/New_York", DateTime::constant(2150, 1, 1, 12, 0, 0, 0), "2150-01-01T17:00:00Z");
    }

    #[test]
    fn the_rules_of_december_2026_are_the_new_ones() {
        check("America/Vancouver", DateTime::constant(2026, 12, 15, 9, 0, 0, 0), "2026-12-15T16:00:00Z");
        check("Africa/Casablanca", DateTime::constant(2026, 12, 15, 9, 0, 0, 0), "2026-12-15T09:00:00Z");
    }

    fn any_zone() -> impl Strategy<Value = String> {
        let names: Vec<String> = ZoneRules::bundled().unwrap().names().map(str::to_owned).collect();
        prop::sample::select(names)
    }

    proptest! {
        #[test]
        fn the_instant_is_the_first_at_which_the_clock_shows_the_time_or_a_later_one(
            name in any_zone(), seconds in 0_i64..7_258_000_000,
        ) {
            let rules = ZoneRules::bundled().unwrap();
            let zone = rules.zone(&name).unwrap();
            let wall = Wall::from_seconds(seconds);
            let at = zone.instant(wall);
            prop_assert!(zone.wall(at) >= wall);
            for before in [1, 60, 1_800, 3_600, 7_200, 86_400] {
                prop_assert!(zone.wall(at.plus(-before)) < wall, "{before} s earlier it was shown already");
            }
            prop_assert!(zone.furthest_wall(at) >= wall);
            prop_assert!(zone.furthest_wall(at.plus(-1)) < wall);
        }

        #[test]
        fn the_conversion_never_goes_backwards(
            name in any_zone(), seconds in 0_i64..7_258_000_000, step in 0_i64..200_000,
        ) {
            let rules = ZoneRules::bundled().unwrap();
            let zone = rules.zone(&name).unwrap();
            let (wall, later) = (Wall::from_seconds(seconds), Wall::from_seconds(seconds + step));
            prop_assert!(zone.instant(wall) <= zone.instant(later));
            let mut cursor = zone.cursor();
            for reading in [wall, later, wall] {
                prop_assert_eq!(cursor.instant(reading), zone.instant(reading));
            }
        }
    }
}
