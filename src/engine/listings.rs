//! Every listing over a stretch of time, by index: a few vectors whatever the number of listings.

use std::ops::Range;

use super::places::{Placed, Places};
use super::tracks::PersonIndex;
use crate::civil::{Instant, Interval};

/// A stretch in which one listing holds, until the next begins.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    pub start: Instant,
    /// Whether the duty is in effect.
    pub in_effect: bool,
    /// How many are required.
    pub required: u32,
    on_duty: Range<u32>,
    standby: Range<u32>,
    shadows: Range<u32>,
}

/// The listings of stretches that follow each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Listings {
    stretches: Vec<Stretch>,
    /// Those on duty, stretch after stretch.
    placed: Vec<Placed>,
    /// Those on standby and the shadows, stretch after stretch.
    people: Vec<PersonIndex>,
}

impl Listings {
    /// Returns none yet, with room for `count`.
    pub fn with_capacity(count: usize) -> Self {
        let people = Vec::with_capacity(count);
        Self { stretches: Vec::with_capacity(count), placed: Vec::with_capacity(count), people }
    }

    /// Adds what holds from `start` on, unless it is what held before.
    pub fn record(&mut self, start: Instant, in_effect: bool, places: &Places, shadows: &[PersonIndex]) {
        let (placed, people) = (self.placed.len(), self.people.len());
        self.placed.extend_from_slice(places.people_on_duty());
        let behind = places.listed.get(places.on_duty..).unwrap_or_default();
        self.people.extend(behind.iter().map(|placed| placed.person));
        self.people.extend_from_slice(&places.one_more);
        let standby = self.people.len();
        self.people.extend_from_slice(shadows);
        let stretch = Stretch {
            start,
            in_effect,
            required: places.required.0,
            on_duty: placed as u32..self.placed.len() as u32,
            standby: people as u32..standby as u32,
            shadows: standby as u32..self.people.len() as u32,
        };
        if self.stretches.last().is_some_and(|last| self.same(last, &stretch)) {
            self.placed.truncate(placed);
            self.people.truncate(people);
        } else {
            self.stretches.push(stretch);
        }
    }

    fn same(&self, a: &Stretch, b: &Stretch) -> bool {
        (a.in_effect, a.required) == (b.in_effect, b.required)
            && self.on_duty(a) == self.on_duty(b)
            && self.standby(a) == self.standby(b)
            && self.shadows(a) == self.shadows(b)
    }

    /// Returns the stretches, in order.
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// Returns the stretch that holds at `at`.
    pub fn stretch_at(&self, at: Instant) -> Option<&Stretch> {
        let index = self.stretches.partition_point(|stretch| stretch.start <= at).checked_sub(1)?;
        self.stretches.get(index)
    }

    /// Returns those on duty, in order of their places.
    pub fn on_duty(&self, stretch: &Stretch) -> &[Placed] {
        slice(&self.placed, &stretch.on_duty)
    }

    /// Returns those behind them, in order.
    pub fn standby(&self, stretch: &Stretch) -> &[PersonIndex] {
        slice(&self.people, &stretch.standby)
    }

    /// Returns the people who watch and learn.
    pub fn shadows(&self, stretch: &Stretch) -> &[PersonIndex] {
        slice(&self.people, &stretch.shadows)
    }

    /// Returns the set of those on duty, as sorted indexes.
    pub fn people_on_duty(&self, stretch: &Stretch) -> Vec<PersonIndex> {
        let mut people: Vec<PersonIndex> = self.on_duty(stretch).iter().map(|placed| placed.person).collect();
        people.sort_unstable();
        people
    }

    /// Keeps the stretches of `window` only; the first then starts with it.
    pub fn cut(&mut self, window: Interval) {
        let before = self.stretches.partition_point(|stretch| stretch.start <= window.start()).saturating_sub(1);
        let after = self.stretches.partition_point(|stretch| stretch.start < window.end());
        self.stretches.truncate(after);
        self.stretches.drain(..before.min(after));
        if let Some(first) = self.stretches.first_mut() {
            first.start = first.start.max(window.start());
        }
    }
}

fn slice<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}
