//! Sets of instants as sorted, disjoint intervals that do not touch.

use super::{Instant, Interval};

/// A set of instants, kept as sorted intervals that neither overlap nor touch.
///
/// ```
/// use onduty::civil::{Instant, Interval, IntervalSet};
///
/// let hours = |from: i64, to: i64| {
///     Interval::new(Instant::from_seconds(from * 3_600), Instant::from_seconds(to * 3_600)).unwrap()
/// };
/// let set: IntervalSet = [hours(4, 6), hours(0, 2), hours(2, 3)].into_iter().collect();
/// assert_eq!(set.intervals(), [hours(0, 3), hours(4, 6)]);
/// assert_eq!(set.seconds(), 5 * 3_600);
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct IntervalSet {
    intervals: Vec<Interval>,
}

impl IntervalSet {
    /// The empty set.
    pub const EMPTY: Self = Self { intervals: Vec::new() };

    /// Returns its intervals, in order.
    #[must_use]
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }

    /// Tells whether it holds no instant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Returns the elapsed seconds it holds.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.intervals.iter().map(|interval| interval.seconds()).sum()
    }

    /// Tells whether `at` is in the set.
    #[must_use]
    pub fn contains(&self, at: Instant) -> bool {
        self.interval_at(at).is_some()
    }

    /// Returns the interval that holds `at`.
    #[must_use]
    pub fn interval_at(&self, at: Instant) -> Option<Interval> {
        let index = self.intervals.partition_point(|interval| interval.end() <= at);
        self.intervals.get(index).copied().filter(|interval| interval.contains(at))
    }

    /// Tells whether all of `interval` is in the set.
    #[must_use]
    pub fn encloses(&self, interval: Interval) -> bool {
        self.interval_at(interval.start()).is_some_and(|found| found.encloses(interval))
    }

    /// Returns the instants that are in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.intervals.iter().chain(&other.intervals).copied().collect()
    }

    /// Returns the instants that are in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.intervals.iter().peekable(), other.intervals.iter().peekable());
        let mut intervals = Vec::new();
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            intervals.extend(a.intersection(**b));
            if a.end() <= b.end() {
                left.next();
            } else {
                right.next();
            }
        }
        Self { intervals }
    }

    /// Returns the instants of this set that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    /// Returns the instants of this set that lie in `window`.
    #[must_use]
    pub fn clip(&self, window: Interval) -> Self {
        let intervals = self.intervals.iter().filter_map(|interval| interval.intersection(window)).collect();
        Self { intervals }
    }

    /// Returns every instant of [`Interval::ALL`] that is not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut intervals = Vec::with_capacity(self.intervals.len() + 1);
        let mut from = Interval::ALL.start();
        for interval in &self.intervals {
            intervals.extend(Interval::new(from, interval.start()));
            from = interval.end();
        }
        intervals.extend(Interval::new(from, Interval::ALL.end()));
        Self { intervals }
    }
}

impl From<Interval> for IntervalSet {
    fn from(interval: Interval) -> Self {
        Self { intervals: vec![interval] }
    }
}

impl FromIterator<Interval> for IntervalSet {
    /// Collects intervals in any order; those that overlap or touch become one.
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        let mut sorted: Vec<Interval> = intervals.into_iter().collect();
        sorted.sort_unstable();
        let mut merged: Vec<Interval> = Vec::with_capacity(sorted.len());
        for next in sorted {
            match merged.last().copied() {
                Some(last) if next.start() <= last.end() => {
                    if let (Some(slot), Some(joined)) =
                        (merged.last_mut(), Interval::new(last.start(), last.end().max(next.end())))
                    {
                        *slot = joined;
                    }
                }
                _ => merged.push(next),
            }
        }
        Self { intervals: merged }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sets() -> impl Strategy<Value = IntervalSet> {
        prop::collection::vec((0_i64..60, 1_i64..12), 0..8).prop_map(|pairs| {
            pairs
                .into_iter()
                .filter_map(|(start, length)| {
                    Interval::new(Instant::from_seconds(start), Instant::from_seconds(start + length))
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn set_operations_agree_with_membership(a in sets(), b in sets(), at in -5_i64..80) {
            let at = Instant::from_seconds(at);
            let (in_a, in_b) = (a.contains(at), b.contains(at));
            prop_assert_eq!(a.union(&b).contains(at), in_a || in_b);
            prop_assert_eq!(a.intersection(&b).contains(at), in_a && in_b);
            prop_assert_eq!(a.difference(&b).contains(at), in_a && !in_b);
            prop_assert_eq!(a.complement().contains(at), !in_a);
        }

        #[test]
        fn intervals_neither_overlap_nor_touch(a in sets(), b in sets()) {
            for set in [a.union(&b), a.intersection(&b), a.difference(&b)] {
                for pair in set.intervals().windows(2) {
                    prop_assert!(pair[0].end() < pair[1].start());
                }
            }
        }
    }
}
