//! The one clock: the only file that reads the time, and the only one that waits for it to pass.

use std::pin::Pin;
use std::time::Duration;

use tokio::sync::watch;

use crate::civil::Instant;

/// A wait for an instant.
pub type Wait<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells the time. Constructed once, by the wiring; everything else is told the time or given a clock.
pub trait Clock: Send + Sync + 'static {
    /// Returns the present instant; it may be before one that was returned earlier.
    fn now(&self) -> Instant;

    /// Waits until the clock shows `at` or later. Dropping the wait ends it.
    fn wait_until(&self, at: Instant) -> Wait<'_>;
}

/// The longest that the machine's clock is not looked at while something waits: it may be set, or the machine may have
/// been asleep.
const LOOK_SECONDS: i64 = 600;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // Here, and nowhere else, the time is read.
    fn now(&self) -> Instant {
        Instant::from_seconds(jiff::Timestamp::now().as_second())
    }

    #[allow(clippy::disallowed_methods)] // Here, and nowhere else, something waits for time to pass.
    fn wait_until(&self, at: Instant) -> Wait<'_> {
        Box::pin(async move {
            loop {
                let left = at.since(self.now());
                let Ok(left) = u64::try_from(left.min(LOOK_SECONDS)) else { return };
                if left == 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_secs(left)).await;
            }
        })
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
pub struct ManualClock(watch::Sender<Instant>);

impl ManualClock {
    /// Returns a clock that shows `now`.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self(watch::Sender::new(now))
    }

    /// Moves the clock forward by `seconds`.
    pub fn advance(&self, seconds: u32) {
        self.0.send_modify(|now| *now = now.plus(i64::from(seconds)));
    }

    /// Moves the clock back by `seconds`, as machines' clocks are when they are set.
    pub fn turn_back(&self, seconds: u32) {
        self.0.send_modify(|now| *now = now.plus(-i64::from(seconds)));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        *self.0.borrow()
    }

    fn wait_until(&self, at: Instant) -> Wait<'_> {
        let mut shown = self.0.subscribe();
        Box::pin(async move {
            // The clock is there as long as somebody waits on it.
            let _ = shown.wait_for(|now| *now >= at).await;
        })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_wait_ends_when_the_clock_shows_the_instant_and_not_before() {
        let clock = ManualClock::new(Instant::from_seconds(1_000));
        let mut wait = clock.wait_until(Instant::from_seconds(1_060));
        clock.advance(59);
        assert!((&mut wait).now_or_never().is_none());
        clock.turn_back(10);
        clock.advance(11);
        wait.await;
        clock.wait_until(Instant::from_seconds(1_000)).await;
    }

    #[tokio::test]
    async fn the_machines_clock_waits_for_no_time_that_is_past() {
        SystemClock.wait_until(SystemClock.now()).await;
        SystemClock.wait_until(Instant::MIN).await;
    }
}
