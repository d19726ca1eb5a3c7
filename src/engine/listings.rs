//! Every listing over a stretch of time, by index: a few vectors whatever the number of listings.

use std::ops::Range;

use super::places::Places;
use super::sweep::{Piece, PieceIndex};
use super::tracks::PersonIndex;
use crate::civil::{Instant, Interval};

/// Somebody on duty: a piece, and the override that holds for its slot now, which may be another than at its start.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct OnDuty {
    pub piece: PieceIndex,
    pub by_override: Option<u32>,
}

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
    on_duty: Vec<OnDuty>,
    /// Those on standby and the shadows, stretch after stretch.
    people: Vec<PersonIndex>,
}

impl Listings {
    /// Returns none yet, with room for `count`.
    pub fn with_capacity(count: usize) -> Self {
        let people = Vec::with_capacity(count);
        Self { stretches: Vec::with_capacity(count), on_duty: Vec::with_capacity(count), people }
    }

    /// Adds what holds from `start` on, unless it is what held before; `pieces` are those of the people on duty.
    pub fn record(
        &mut self,
        start: Instant,
        in_effect: bool,
        places: &Places,
        pieces: &[PieceIndex],
        shadows: &[PersonIndex],
    ) {
        let (on_duty, people) = (self.on_duty.len(), self.people.len());
        let standing = pieces.iter().zip(places.people_on_duty());
        self.on_duty.extend(standing.map(|(&piece, placed)| OnDuty { piece, by_override: placed.by_override }));
        let behind = places.listed.get(places.on_duty..).unwrap_or_default();
        self.people.extend(behind.iter().map(|placed| placed.person));
        self.people.extend_from_slice(&places.one_more);
        let standby = self.people.len();
        self.people.extend_from_slice(shadows);
        let stretch = Stretch {
            start,
            in_effect,
            required: places.required.0,
            on_duty: on_duty as u32..self.on_duty.len() as u32,
            standby: people as u32..standby as u32,
            shadows: standby as u32..self.people.len() as u32,
        };
        if self.stretches.last().is_some_and(|last| self.same(last, &stretch)) {
            self.on_duty.truncate(on_duty);
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
    pub fn on_duty(&self, stretch: &Stretch) -> &[OnDuty] {
        slice(&self.on_duty, &stretch.on_duty)
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
    pub fn people_on_duty(&self, stretch: &Stretch, pieces: &[Piece]) -> Vec<PersonIndex> {
        let piece = |on_duty: &OnDuty| pieces.get(on_duty.piece as usize);
        let mut people: Vec<_> =
            self.on_duty(stretch).iter().filter_map(piece).map(|piece| piece.placed.person).collect();
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
