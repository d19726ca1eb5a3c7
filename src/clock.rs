//! The one clock: the only file that reads the time.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::civil::Instant;

/// Tells the time. Constructed once, by the wiring; everything else is told the time or given a clock.
pub trait Clock: Send + Sync + 'static {
    /// Returns the present instant; it may be before one that was returned earlier.
    fn now(&self) -> Instant;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // Here, and nowhere else, the time is read.
    fn now(&self) -> Instant {
        Instant::from_seconds(jiff::Timestamp::now().as_second())
    }
}

/// A clock that stands still until it is moved.
///
/// ```
/// use onduty::clock::{Clock, ManualClock};
///
/// let clock = ManualClock::new("2026-11-23T08:00:00Z".parse().unwrap());
/// clock.advance(60);
/// assert_eq!(clock.now().to_string(), "2026-11-23T08:01:00Z");
/// ```
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Returns a clock that shows `now`.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self(AtomicI64::new(now.seconds()))
    }

    /// Moves the clock forward by `seconds`.
    pub fn advance(&self, seconds: u32) {
        self.0.fetch_add(i64::from(seconds), Ordering::SeqCst);
    }

    /// Moves the clock back by `seconds`, as machines' clocks are when they are set.
    pub fn turn_back(&self, seconds: u32) {
        self.0.fetch_sub(i64::from(seconds), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        Instant::from_seconds(self.0.load(Ordering::SeqCst))
    }
}
