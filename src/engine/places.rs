//! Who is listed at one instant, in which place: the rules of semantics 4.2 to 4.4.
//!
//! The same code answers for an instant, for a timeline and for an explanation: what it passes over and why goes to a
//! [`Witness`], which for a timeline takes no note.

use super::state::{LayerState, Standing, State, bits};
use super::tracks::{LayerIndex, LayerVersion, PersonIndex, Tracks, WindowIndex};
use crate::civil::Day;
use crate::model::Headcount;

/// A slot, with everything by index.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum SlotKey {
    Override(u32),
    Turn { layer: LayerIndex, grid: u32, turn: i64, window: Option<(WindowIndex, Day)> },
    Member { layer: LayerIndex, member: PersonIndex, window: Option<(WindowIndex, Day)> },
}

/// Somebody in a slot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Placed {
    pub person: PersonIndex,
    pub slot: SlotKey,
    pub by_override: Option<u32>,
}

/// Every reason that speaks against somebody at an instant.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Against {
    pub outside_term: bool,
    pub lacks_skill: bool,
    pub hard: bool,
    pub outside_hours: bool,
    pub soft: bool,
    pub listed: bool,
    pub taken_off: bool,
}

/// What became of an override in effect.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Outcome {
    /// It put somebody in a slot, or left one to nobody.
    Applied,
    /// Who covers cannot be there.
    CoverCannot(Against),
    /// Who covers already stands in a better place.
    CoverPlaced,
    /// Whom it takes off has no slot: it only keeps them from being drawn.
    Idle,
}

/// Takes note of how a listing came about.
pub(super) trait Witness {
    /// Whether it takes any note at all; where not, reasons are not even put together.
    const NOTES: bool = true;

    /// Somebody of an active layer was passed over.
    fn passed_over(&mut self, _layer: LayerIndex, _person: PersonIndex, _why: Against) {}
    /// An override was applied, or could not be.
    fn outcome(&mut self, _index: u32, _outcome: Outcome) {}
}

/// Takes no note.
pub(super) struct NoWitness;

impl Witness for NoWitness {
    const NOTES: bool = false;
}

/// Who is listed at an instant; kept between instants, so that nothing is allocated anew.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// Everybody listed, in order.
    pub listed: Vec<Placed>,
    /// How many of them are on duty.
    pub on_duty: usize,
    /// After those listed: one more for each rotation with `next_participant`.
    pub one_more: Vec<PersonIndex>,
    /// How many are required, and by which requirement.
    pub required: (u32, Option<usize>),
    soft: Vec<Placed>,
    /// What speaks against each person: the [`bits`] of how they stand, and those below.
    marks: Vec<u8>,
}

/// Stands somewhere, though only softly off.
const SOFT: u8 = 8;
/// Stands somewhere.
const FIRM: u8 = 16;
/// Taken off the duty by an override.
const TAKEN_OFF: u8 = 32;

impl Places {
    /// Lists who is on duty and behind them in `state`.
    pub fn fill(&mut self, state: &State, tracks: &Tracks<'_>, witness: &mut impl Witness) {
        self.listed.clear();
        self.soft.clear();
        self.one_more.clear();
        self.on_duty = 0;
        self.required = state.required(tracks);
        let Some(version) = state.duty.and_then(|index| tracks.versions.get(index as usize)) else { return };
        self.marks.clone_from(&state.against);
        for entry in state.overrides.iter().filter_map(|index| tracks.overrides.get(*index as usize)) {
            if let Some(mark) = entry.owner.and_then(|owner| self.marks.get_mut(owner as usize)) {
                *mark |= TAKEN_OFF;
            }
        }
        let mut reading = Reading { places: self, state, tracks, witness };
        reading.added();
        for &layer in &version.layers {
            if let Some(active) = state.active(layer, tracks) {
                reading.layer(layer, active);
            }
        }
        // Those softly off move behind the others (semantics 4.3).
        self.listed.extend_from_slice(&self.soft);
        let listed = self.listed.len();
        self.on_duty = match version.duty.headcount {
            Headcount::All => listed,
            Headcount::Count(count) => listed.min(count.max(self.required.0) as usize),
        };
        let mut reading = Reading { places: self, state, tracks, witness };
        for &layer in &version.layers {
            if let Some(active) = state.active(layer, tracks) {
                reading.one_more(layer, active);
            }
        }
    }

    /// Returns those on duty, in order.
    pub fn people_on_duty(&self) -> &[Placed] {
        self.listed.get(..self.on_duty).unwrap_or_default()
    }
}

struct Reading<'r, 'a, W> {
    places: &'r mut Places,
    state: &'r State,
    tracks: &'r Tracks<'a>,
    witness: &'r mut W,
}

impl<W: Witness> Reading<'_, '_, W> {
    /// "B" alone is a slot of its own, before all layers; the later made first (semantics 4.3).
    fn added(&mut self) {
        for &index in &self.state.overrides {
            let Some(entry) = self.tracks.overrides.get(index as usize) else { continue };
            let (Some(by), None) = (entry.by, entry.owner) else { continue };
            let slot = SlotKey::Override(index);
            // Only what was made later acts on this slot.
            match self.held(by).filter(|other| *other < index) {
                None => drop(self.stand_by_override(index, by, slot)),
                Some(other) => {
                    self.witness
                        .outcome(index, Outcome::CoverCannot(Against { taken_off: true, ..Against::default() }));
                    self.act(other, slot);
                }
            }
        }
    }

    fn layer(&mut self, layer: LayerIndex, version: &LayerVersion) {
        let state = self.state.layers.get(layer as usize).copied().unwrap_or_default();
        match &version.rotation {
            Some(rotation) => {
                let window = state.window.filter(|_| version.limited);
                let slot = SlotKey::Turn { layer, grid: rotation.grid, turn: state.turn, window };
                self.turn(layer, version, &state, slot);
            }
            None => self.pool(layer, version, &state),
        }
    }

    /// The slot of a turn: an override for its owner, or whoever the rotation draws (semantics 4.2, 4.3).
    fn turn(&mut self, layer: LayerIndex, version: &LayerVersion, state: &LayerState, slot: SlotKey) {
        let Some(&owner) = version.people.get(state.place) else { return };
        let drawn = match self.held(owner) {
            None => self.draw(layer, version, state.place, true),
            Some(index) if self.act(index, slot) => return,
            Some(_) => self.draw(layer, version, state.place, false),
        };
        if let Some(person) = drawn {
            self.stand(Placed { person, slot, by_override: None });
        }
    }

    /// Who takes the turn of the participant at `place`: firmly before softly, the owner before the others.
    fn draw(
        &mut self,
        layer: LayerIndex,
        version: &LayerVersion,
        place: usize,
        owner_too: bool,
    ) -> Option<PersonIndex> {
        let others = if version.next_participant { version.people.len() } else { 1 };
        for softly in [false, true] {
            for step in usize::from(!owner_too)..others {
                let person = *version.people.get((place + step) % version.people.len())?;
                if self.lets(person, version, softly) {
                    return Some(person);
                }
                if !softly && W::NOTES {
                    self.witness.passed_over(layer, person, self.against(person, version));
                }
            }
        }
        None
    }

    /// All available members at once, in the listed order (semantics 4.2).
    fn pool(&mut self, layer: LayerIndex, version: &LayerVersion, state: &LayerState) {
        let window = state.window.filter(|_| version.limited);
        let mut softly = Vec::new();
        for &member in &version.people {
            let slot = SlotKey::Member { layer, member, window };
            if let Some(index) = self.held(member) {
                self.act(index, slot);
                continue;
            }
            if self.lets(member, version, false) {
                self.stand(Placed { person: member, slot, by_override: None });
                continue;
            }
            if self.lets(member, version, true) {
                softly.push(Placed { person: member, slot, by_override: None });
            }
            if W::NOTES {
                self.witness.passed_over(layer, member, self.against(member, version));
            }
        }
        // Behind the others of the pool, unless an override of it has meanwhile put them in a firm place.
        for placed in softly {
            if self.mark(placed.person) == 0 {
                self.stand(placed);
            }
        }
    }

    /// Applies an override to a slot of its owner's; returns whether the slot is settled: filled, or left to nobody.
    fn act(&mut self, index: u32, slot: SlotKey) -> bool {
        match self.tracks.overrides.get(index as usize).and_then(|entry| entry.by) {
            Some(by) => self.stand_by_override(index, by, slot),
            None => {
                self.witness.outcome(index, Outcome::Applied);
                true
            }
        }
    }

    /// Puts `by` in the slot if they can be there: in term and not on hard time off; hours do not matter.
    fn stand_by_override(&mut self, index: u32, by: PersonIndex, slot: SlotKey) -> bool {
        let standing = self.standing(by);
        let against = Against {
            outside_term: !standing.in_term,
            hard: standing.hard > 0,
            taken_off: self.taken_off_later(by, index),
            ..Against::default()
        };
        let outcome = if against != Against::default() {
            Outcome::CoverCannot(against)
        } else if self.mark(by) == FIRM {
            Outcome::CoverPlaced
        } else {
            self.places.soft.retain(|placed| placed.person != by);
            self.places.listed.push(Placed { person: by, slot, by_override: Some(index) });
            self.set_mark(by, FIRM);
            Outcome::Applied
        };
        self.witness.outcome(index, outcome);
        outcome == Outcome::Applied
    }

    fn stand(&mut self, placed: Placed) {
        if self.standing(placed.person).soft > 0 {
            self.places.soft.push(placed);
            self.set_mark(placed.person, SOFT);
        } else {
            self.places.listed.push(placed);
            self.set_mark(placed.person, FIRM);
        }
    }

    /// One more standby of a rotation with `next_participant`, after the one on turn (semantics 4.4).
    fn one_more(&mut self, layer: LayerIndex, version: &LayerVersion) {
        let size = version.people.len();
        if version.rotation.is_none() || !version.next_participant || size == 0 {
            return;
        }
        let place = self.state.layers.get(layer as usize).map_or(0, |state| state.place);
        for softly in [false, true] {
            for step in 1..size {
                let Some(&person) = version.people.get((place + step) % size) else { continue };
                if self.lets(person, version, softly) {
                    self.places.one_more.push(person);
                    self.set_mark(person, FIRM);
                    return;
                }
            }
        }
    }

    /// The override that holds for the slots of `owner`: the latest made (semantics 4.3).
    fn held(&self, owner: PersonIndex) -> Option<u32> {
        let holds =
            |index: &u32| self.tracks.overrides.get(*index as usize).is_some_and(|entry| entry.owner == Some(owner));
        self.state.overrides.iter().copied().find(holds)
    }

    /// Whether a pure "off", made later than the override `index`, takes `person` off the duty.
    fn taken_off_later(&self, person: PersonIndex, index: u32) -> bool {
        let later = self.state.overrides.iter().take_while(|other| **other < index);
        later
            .filter_map(|other| self.tracks.overrides.get(*other as usize))
            .any(|entry| entry.by.is_none() && entry.owner == Some(person))
    }

    fn against(&self, person: PersonIndex, version: &LayerVersion) -> Against {
        let standing = self.standing(person);
        Against {
            outside_term: !standing.in_term,
            lacks_skill: !standing.skilled,
            hard: standing.hard > 0,
            outside_hours: version.working_only && !standing.working,
            soft: standing.soft > 0,
            listed: self.mark(person) > 0,
            taken_off: self.held(person).is_some(),
        }
    }

    /// Whether nothing speaks against somebody; `softly` lets those who are only softly off.
    fn lets(&self, person: PersonIndex, version: &LayerVersion, softly: bool) -> bool {
        let softly = if softly { 0 } else { bits::SOFTLY_OFF };
        let hours = if version.working_only { bits::OUTSIDE_HOURS } else { 0 };
        let mark = self.places.marks.get(person as usize).copied();
        mark.is_some_and(|mark| mark & (bits::UNAVAILABLE | SOFT | FIRM | TAKEN_OFF | softly | hours) == 0)
    }

    fn standing(&self, person: PersonIndex) -> Standing {
        self.state.people.get(person as usize).copied().unwrap_or_default()
    }

    fn mark(&self, person: PersonIndex) -> u8 {
        self.places.marks.get(person as usize).map_or(0, |mark| mark & (SOFT | FIRM))
    }

    fn set_mark(&mut self, person: PersonIndex, mark: u8) {
        if let Some(marks) = self.places.marks.get_mut(person as usize) {
            *marks = *marks & !(SOFT | FIRM) | mark;
        }
    }
}
