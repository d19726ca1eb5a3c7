//! Turns of a rotation: boundaries on the wall clock, computed from an anchor (semantics 3.1, 3.2).

use jiff::civil::{Date, DateTime};

use super::{Instant, Wall, Zone};

/// The calendar unit of a shift length.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ShiftUnit {
    /// Wall-clock hours: a turn across a change of clocks is longer or shorter by it.
    Hours,
    /// Calendar days.
    Days,
    /// Seven calendar days.
    Weeks,
    /// Calendar months, counted from the anchor's day and clamped to the month's last day.
    Months,
}

/// How long a turn lasts: a count of calendar units.
///
/// ```
/// use onduty::civil::{ShiftLength, ShiftUnit};
///
/// assert_eq!(ShiftLength::new(2, ShiftUnit::Weeks).unwrap().to_string(), "2 weeks");
/// assert_eq!(ShiftLength::new(0, ShiftUnit::Days), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ShiftLength {
    count: u32,
    unit: ShiftUnit,
}

impl ShiftLength {
    /// The greatest count that is accepted.
    pub const COUNT_MAX: u32 = 1_000;
    /// One week.
    pub const WEEK: Self = Self { count: 1, unit: ShiftUnit::Weeks };

    /// Returns `count` units, or `None` for 0 or more than [`ShiftLength::COUNT_MAX`].
    #[must_use]
    pub fn new(count: u32, unit: ShiftUnit) -> Option<Self> {
        (1..=Self::COUNT_MAX).contains(&count).then_some(Self { count, unit })
    }

    /// Returns how many units.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.count
    }

    /// Returns the unit.
    #[must_use]
    pub const fn unit(self) -> ShiftUnit {
        self.unit
    }

    /// Returns the wall-clock seconds of a length that has a fixed number of them; `None` for months.
    fn wall_seconds(self) -> Option<i64> {
        let unit = match self.unit {
            ShiftUnit::Hours => 3_600,
            ShiftUnit::Days => 86_400,
            ShiftUnit::Weeks => 7 * 86_400,
            ShiftUnit::Months => return None,
        };
        Some(unit * i64::from(self.count))
    }
}

impl std::fmt::Display for ShiftLength {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = match self.unit {
            ShiftUnit::Hours => "hour",
            ShiftUnit::Days => "day",
            ShiftUnit::Weeks => "week",
            ShiftUnit::Months => "month",
        };
        write!(f, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

/// The turn boundaries of a rotation: boundary `k` is at anchor + `k` shift lengths on the wall clock (semantics 3.1).
///
/// ```
/// use onduty::civil::{DateTime, Grid, ShiftLength, ShiftUnit, ZoneRules};
///
/// let rules = ZoneRules::bundled().unwrap();
/// let warsaw = rules.zone("Europe/Warsaw").unwrap();
/// let weekly = ShiftLength::new(1, ShiftUnit::Weeks).unwrap();
/// let grid = Grid::new(DateTime::constant(2026, 3, 23, 9, 0, 0, 0), weekly, warsaw);
/// // 09:00 stays 09:00 when the clocks change: that turn is an hour shorter.
/// assert_eq!(grid.boundary(0).to_string(), "2026-03-23T08:00:00Z");
/// assert_eq!(grid.boundary(1).to_string(), "2026-03-30T07:00:00Z");
/// assert_eq!(grid.turn_at(grid.boundary(1)), 1);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Grid<'a> {
    anchor: DateTime,
    anchor_wall: Wall,
    length: ShiftLength,
    zone: &'a Zone,
}

impl<'a> Grid<'a> {
    /// Returns the grid through `anchor`, a turn's start on the clock of `zone`.
    #[must_use]
    pub fn new(anchor: DateTime, length: ShiftLength, zone: &'a Zone) -> Self {
        Self { anchor, anchor_wall: Wall::from(anchor), length, zone }
    }

    /// Returns the zone on whose clock the boundaries lie.
    #[must_use]
    pub fn zone(&self) -> &'a Zone {
        self.zone
    }

    /// Returns the instant of boundary `turn`, the start of that turn; computed from the anchor, never by stepping.
    #[must_use]
    pub fn boundary(&self, turn: i64) -> Instant {
        self.zone.instant(self.boundary_wall(turn))
    }

    /// Returns the reading of the wall clock that boundary `turn` stands for.
    #[must_use]
    pub fn boundary_wall(&self, turn: i64) -> Wall {
        match self.length.wall_seconds() {
            Some(seconds) => self.anchor_wall.plus(turn.saturating_mul(seconds)),
            None => self.month_boundary(turn),
        }
    }

    fn month_boundary(&self, turn: i64) -> Wall {
        let months = turn.saturating_mul(i64::from(self.length.count));
        let limit = if months < 0 { DateTime::MIN } else { DateTime::MAX };
        let boundary = jiff::Span::new()
            .try_months(months)
            .ok()
            .and_then(|span| self.anchor.checked_add(span).ok())
            .unwrap_or(limit);
        Wall::from(boundary)
    }

    /// Returns the turn at `at`: the greatest whose boundary is at or before it. Constant time (semantics 3.4).
    ///
    /// Where a jump of the clock swallows a whole turn, its boundary falls together with the next one's and the turn
    /// is at no instant.
    #[must_use]
    pub fn turn_at(&self, at: Instant) -> i64 {
        let reading = self.zone.furthest_wall(at);
        match self.length.wall_seconds() {
            Some(seconds) => (reading.seconds() - self.anchor_wall.seconds()).div_euclid(seconds),
            None => self.month_turn_at(reading),
        }
    }

    fn month_turn_at(&self, reading: Wall) -> i64 {
        let months = whole_months(self.anchor.date(), reading.day().date());
        let estimate = months.div_euclid(i64::from(self.length.count));
        // The day of the month or the clamp can put the boundary past the reading, by one turn at most.
        (-1..=1)
            .map(|step| estimate + step)
            .rev()
            .find(|turn| self.month_boundary(*turn) <= reading)
            .unwrap_or(estimate - 2)
    }
}

/// Returns the calendar months from the month of `from` to the month of `to`, whatever the days in them.
fn whole_months(from: Date, to: Date) -> i64 {
    let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    months(to) - months(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::ZoneRules;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn boundaries(zone: &str, anchor: DateTime, length: (u32, ShiftUnit), turns: std::ops::Range<i64>) -> Vec<String> {
        let rules = ZoneRules::bundled().unwrap();
        let length = ShiftLength::new(length.0, length.1).unwrap();
        let grid = Grid::new(anchor, length, rules.zone(zone).unwrap());
        turns.map(|turn| grid.boundary(turn).to_string()).collect()
    }

    #[test]
    fn months_are_clamped_to_their_last_day_and_counted_from_the_anchor() {
        let anchor = date(2026, 1, 31).at(9, 0, 0, 0);
        assert_eq!(
            boundaries("UTC", anchor, (1, ShiftUnit::Months), 0..4),
            ["2026-01-31T09:00:00Z", "2026-02-28T09:00:00Z", "2026-03-31T09:00:00Z", "2026-04-30T09:00:00Z"],
        );
    }

    #[test]
    fn twelve_hours_are_wall_clock_hours() {
        let anchor = date(2026, 3, 28).at(8, 0, 0, 0);
        assert_eq!(
            boundaries("Europe/Warsaw", anchor, (12, ShiftUnit::Hours), 0..4),
            ["2026-03-28T07:00:00Z", "2026-03-28T19:00:00Z", "2026-03-29T06:00:00Z", "2026-03-29T18:00:00Z"],
        );
    }

    #[test]
    fn a_boundary_that_falls_into_a_jump_is_at_the_jump() {
        let anchor = date(2026, 3, 28).at(2, 30, 0, 0);
        assert_eq!(
            boundaries("Europe/Warsaw", anchor, (1, ShiftUnit::Days), 0..3),
            ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"],
        );
    }

    fn grids() -> impl Strategy<Value = (String, i64, u32, ShiftUnit)> {
        let names: Vec<String> = ZoneRules::bundled().unwrap().names().map(str::to_owned).collect();
        let units = [ShiftUnit::Hours, ShiftUnit::Days, ShiftUnit::Weeks, ShiftUnit::Months];
        (prop::sample::select(names), 0_i64..5_000_000_000, 1_u32..40, prop::sample::select(units.to_vec()))
    }

    proptest! {
        #[test]
        fn the_turn_is_the_greatest_whose_boundary_is_not_later(
            (name, anchor, count, unit) in grids(), at in 0_i64..7_250_000_000,
        ) {
            let rules = ZoneRules::bundled().unwrap();
            let zone = rules.zone(&name).unwrap();
            let length = ShiftLength::new(count, unit).unwrap();
            let grid = Grid::new(Wall::from_seconds(anchor).date_time(), length, zone);
            let at = Instant::from_seconds(at);
            let turn = grid.turn_at(at);
            prop_assert!(grid.boundary(turn) <= at);
            prop_assert!(grid.boundary(turn + 1) > at);
        }
    }
}
