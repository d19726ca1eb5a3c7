//! Measuring two things beside each other: in turns, in one run, so that what the machine does meanwhile hits both.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How often each of the two is measured.
    pub rounds: usize,
    /// How long one measurement lasts at least.
    pub round: Duration,
}

impl Effort {
    /// For figures that are to be believed.
    pub const FULL: Self = Self { rounds: 15, round: Duration::from_millis(60) };
    /// To see that everything still runs.
    pub const QUICK: Self = Self { rounds: 1, round: Duration::from_millis(1) };

    /// The same with longer measurements, for what many callers do together.
    pub fn longer(self) -> Self {
        Self { rounds: self.rounds.div_ceil(2), round: self.round * 12 }
    }
}

/// What was measured of two things.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The median of the first.
    pub subject: f64,
    /// The median of the second.
    pub peer: f64,
    /// The median of the ratios of each round, first by second.
    pub ratio: f64,
}

/// Measures both in turns.
pub fn alternate(
    effort: Effort,
    mut subject: impl FnMut(Duration) -> f64,
    mut peer: impl FnMut(Duration) -> f64,
) -> Pair {
    let mut rounds: Vec<(f64, f64)> = Vec::with_capacity(effort.rounds);
    // Once for nothing: caches fill, lazily made things are made.
    let _ = (subject(effort.round / 4), peer(effort.round / 4));
    for round in 0..effort.rounds {
        // Whoever is second may profit from the first, so they change places.
        if round % 2 == 0 {
            let first = subject(effort.round);
            rounds.push((first, peer(effort.round)));
        } else {
            let first = peer(effort.round);
            rounds.push((subject(effort.round), first));
        }
    }
    Pair {
        subject: median(rounds.iter().map(|round| round.0)),
        peer: median(rounds.iter().map(|round| round.1)),
        ratio: median(rounds.iter().map(|round| round.0 / round.1)),
    }
}

/// Calls `work` for at least `time`; returns the seconds that one call took.
pub fn seconds_per_call<T>(time: Duration, mut work: impl FnMut() -> T) -> f64 {
    let mut calls = 0_u32;
    let mut batch = 1_u32;
    let start = now();
    loop {
        for _ in 0..batch {
            black_box(work());
        }
        calls += batch;
        let taken = start.elapsed_seconds();
        if taken >= time.as_secs_f64() {
            return taken / f64::from(calls);
        }
        batch = batch.saturating_mul(2).min(1 << 16);
    }
}

/// A stop watch.
#[derive(Clone, Copy)]
pub struct Watch(Instant);

/// Starts a stop watch.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time, and decides nothing by it")]
pub fn now() -> Watch {
    Watch(Instant::now())
}

impl Watch {
    /// The seconds since it was started.
    #[expect(clippy::disallowed_methods, reason = "a bench measures real time, and decides nothing by it")]
    pub fn elapsed_seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}
