//! What was measured, as lines that a person can compare.

use super::pairs::Pair;

/// The figures of one run.
#[derive(Default)]
pub struct Report {
    missed: Vec<String>,
}

/// What a figure is held against.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// The figure is at most this, in its unit.
    AtMost(f64),
    /// The figure is at least this, in its unit.
    AtLeast(f64),
    /// It is only told.
    Told,
}

impl Report {
    /// Begins a section.
    pub fn section(&mut self, title: &str) {
        println!("\n{title}");
    }

    /// Tells one figure, with the unit it is in and what else is to be known.
    pub fn figure(&mut self, name: &str, value: f64, unit: &str, limit: Limit, note: &str) {
        let (met, said) = match limit {
            Limit::AtMost(most) => (value <= most, format!("at most {}", short(most))),
            Limit::AtLeast(least) => (value >= least, format!("at least {}", short(least))),
            Limit::Told => (true, String::new()),
        };
        let mark = if met { "" } else { "  MISSED" };
        println!("  {name:<46} {:>9} {unit:<6} {said:<15} {note}{mark}", short(value));
        if !met {
            self.missed.push(name.to_owned());
        }
    }

    /// Tells a ratio, and the two figures that it comes from.
    pub fn ratio(&mut self, name: &str, pair: Pair, limit: Limit, of: &str) {
        self.figure(name, pair.ratio, "times", limit, of);
    }

    /// Says which limits were missed.
    pub fn end(self) {
        match self.missed.as_slice() {
            [] => println!("\nEvery limit is met."),
            missed => println!("\nMissed: {}", missed.join("; ")),
        }
    }
}

/// Three digits that count.
pub fn short(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}

/// A duration in seconds, in the unit that suits it.
pub fn duration(seconds: f64) -> String {
    match seconds {
        long if long >= 1.0 => format!("{} s", short(long)),
        long if long >= 1e-3 => format!("{} ms", short(long * 1e3)),
        long if long >= 1e-6 => format!("{} µs", short(long * 1e6)),
        long => format!("{} ns", short(long * 1e9)),
    }
}
