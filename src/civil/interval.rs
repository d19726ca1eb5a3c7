//! The interval: half-open, never empty (semantics 1.1).

use std::fmt;

use super::Instant;

/// A half-open interval `[start, end)` of instants with `start < end`.
///
/// ```
/// use onduty::civil::{Instant, Interval};
///
/// let hour = Interval::new(Instant::from_seconds(0), Instant::from_seconds(3_600)).unwrap();
/// assert!(hour.contains(hour.start()) && !hour.contains(hour.end()));
/// assert_eq!(Interval::new(hour.end(), hour.start()), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Interval {
    start: Instant,
    end: Instant,
}

impl Interval {
    /// Everything between [`Instant::MIN`] and [`Instant::MAX`].
    pub const ALL: Self = Self { start: Instant::MIN, end: Instant::MAX };

    /// Returns `[start, end)`, or `None` where that would be empty.
    #[must_use]
    pub fn new(start: Instant, end: Instant) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// Returns the first instant inside.
    #[must_use]
    pub const fn start(self) -> Instant {
        self.start
    }

    /// Returns the first instant after it, which is not inside.
    #[must_use]
    pub const fn end(self) -> Instant {
        self.end
    }

    /// Returns its length in seconds: elapsed time, not wall-clock time.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.end.since(self.start)
    }

    /// Tells whether `at` lies inside.
    #[must_use]
    pub fn contains(self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }

    /// Tells whether all of `other` lies inside.
    #[must_use]
    pub fn encloses(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns what both have in common, or `None`; intervals that only touch have nothing in common.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }

    /// Tells whether both have an instant in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {})", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(start: i64, end: i64) -> Interval {
        Interval::new(Instant::from_seconds(start), Instant::from_seconds(end)).unwrap()
    }

    #[test]
    fn touching_intervals_have_nothing_in_common() {
        assert_eq!(interval(0, 10).intersection(interval(10, 20)), None);
        assert!(!interval(0, 10).overlaps(interval(10, 20)));
        assert_eq!(interval(0, 10).intersection(interval(5, 20)), Some(interval(5, 10)));
    }
}
