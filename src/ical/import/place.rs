//! Where an instance lies: the span that is stored of it, if it lies in the window.

use super::clock::{Clock, When};
use super::event::Length;
use super::report::LeftReason;
use crate::civil::{Date, Day, Instant, Interval, Wall, Zone, date_is_supported};
use crate::model::{Span, ZoneName};

/// What instances are placed in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    /// The name of the zone of whole days.
    pub zone: &'p ZoneName,
    /// The zone of whole days.
    pub days: &'p Zone,
    pub window: Interval,
}

/// What came of placing an instance.
#[derive(Clone, Debug)]
pub(super) enum Placed {
    Within(Span),
    Outside,
    Wrong(LeftReason),
}

impl Place<'_> {
    /// Places what starts at `start`, of the same kind and on the same clock as `like`.
    pub fn span(self, like: &When, start: Wall, length: Length) -> Placed {
        match like {
            When::Day(_) => self.whole_days(start.day(), length),
            When::At(_, clock) => self.timed(clock, start, length),
        }
    }

    fn whole_days(self, first: Day, length: Length) -> Placed {
        let count = i32::try_from(length.seconds() / 86_400).unwrap_or(i32::MAX).max(1);
        let last = first.plus(count.saturating_sub(1));
        let (start, end) = (self.days.day_start(first), self.days.day_start(last.plus(1)));
        let supported = supported(first.date(), last.date());
        self.placed(start, end, supported, || Span::Days {
            first: first.date(),
            last: Some(last.date()),
            zone: self.zone.clone(),
        })
    }

    fn timed(self, clock: &Clock, start: Wall, length: Length) -> Placed {
        let (from, to, end) = match length {
            Length::Passing { days, seconds } => {
                let local = start.plus(i64::from(days) * 86_400);
                let to = clock.instant(local).plus(seconds);
                (clock.instant(start), to, clock.zone.wall(to))
            }
            _ => {
                let end = start.plus(length.seconds());
                (clock.instant(start), clock.instant(end), end)
            }
        };
        let supported = supported(start.day().date(), end.day().date());
        // What the clock skips, and an end that it shows twice and that is the second of the two, can only be said as an
        // instant: local times of ours are read otherwise.
        let exact = clock.zone.instant(start) == from && clock.zone.instant(end) == to && start < end;
        self.placed(from, to, supported, || match clock.zone_name().filter(|_| exact) {
            Some(zone) => Span::Local { start: start.date_time(), end: Some(end.date_time()), zone },
            None => Span::Instants { start: from, end: Some(to) },
        })
    }

    fn placed(self, from: Instant, to: Instant, supported: bool, span: impl FnOnce() -> Span) -> Placed {
        let Some(interval) = Interval::new(from, to) else {
            // Beyond the supported years all instants are one.
            let beyond = from == Instant::MIN || from == Instant::MAX;
            return if beyond || !self.window.contains(from) {
                Placed::Outside
            } else {
                Placed::Wrong(LeftReason::Skipped)
            };
        };
        match (interval.overlaps(self.window), supported) {
            (false, _) => Placed::Outside,
            (true, false) => Placed::Wrong(LeftReason::OutOfYears),
            (true, true) => Placed::Within(span()),
        }
    }
}

fn supported(first: Date, last: Date) -> bool {
    date_is_supported(first) && date_is_supported(last)
}

impl Length {
    /// Its length on the wall clock, in seconds; of one that is partly elapsed time about that.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Days(days) => i64::from(days) * 86_400,
            Self::Clock(seconds) => seconds,
            Self::Passing { days, seconds } => i64::from(days) * 86_400 + seconds,
        }
    }
}
