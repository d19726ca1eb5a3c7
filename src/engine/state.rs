//! How everything that decides stands at one instant, and how a change moves it.

use super::answer::Edge;
use super::tracks::{Change, LayerIndex, LayerVersion, PersonIndex, Tracks, WindowIndex};
use crate::civil::Day;

/// How one person stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// How many absences cover the instant.
    pub hard: u32,
    /// How many soft ones do.
    pub soft: u32,
    pub working: bool,
    pub in_term: bool,
    pub version: Option<u32>,
    /// Whether the version in effect has the skills that the duty's version asks for.
    pub skilled: bool,
}

/// What speaks against somebody, as bits; none of them where they can be drawn by any layer.
pub(super) mod bits {
    /// Not in term, without a skill, or on hard time off.
    pub const UNAVAILABLE: u8 = 1;
    /// Softly off.
    pub const SOFTLY_OFF: u8 = 2;
    /// Outside their working hours, which matters to some layers.
    pub const OUTSIDE_HOURS: u8 = 4;
}

impl Standing {
    fn bits(&self) -> u8 {
        let unavailable = !self.in_term || !self.skilled || self.hard > 0;
        let set = |bit: u8, holds: bool| if holds { bit } else { 0 };
        set(bits::UNAVAILABLE, unavailable)
            | set(bits::SOFTLY_OFF, self.soft > 0)
            | set(bits::OUTSIDE_HOURS, !self.working)
    }
}

/// How one layer stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LayerState {
    pub version: Option<u32>,
    pub window: Option<(WindowIndex, Day)>,
    pub turn: i64,
    /// The place in the order of whoever has the turn.
    pub place: usize,
    /// The version, where it is active: in effect, and within its windows if it has any.
    active: Option<u32>,
}

/// How everything stands at one instant.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub people: Vec<Standing>,
    /// What speaks against each of them, as [`bits`].
    pub against: Vec<u8>,
    pub layers: Vec<LayerState>,
    /// The overrides in effect, the later made first.
    pub overrides: Vec<u32>,
    /// Which requirements' hours it is.
    pub required: Vec<bool>,
    pub duty: Option<u32>,
}

impl State {
    /// Returns the state before anything has begun.
    pub fn new(tracks: &Tracks<'_>) -> Self {
        Self {
            people: vec![Standing::default(); tracks.people.len()],
            against: vec![Standing::default().bits(); tracks.people.len()],
            layers: vec![LayerState::default(); tracks.layers.len()],
            overrides: Vec::new(),
            required: vec![false; tracks.requirements.len()],
            duty: None,
        }
    }

    /// Applies one change.
    pub fn apply(&mut self, change: Change, tracks: &Tracks<'_>) {
        match change {
            Change::Override { index, edge } => self.toggle_override(index, edge),
            Change::Hard { person, edge, .. } => self.with(person, |person| count(&mut person.hard, edge)),
            Change::Soft { person, edge, .. } => self.with(person, |person| count(&mut person.soft, edge)),
            Change::Hours { person, edge, .. } => self.with(person, |person| person.working = edge == Edge::Begins),
            Change::Term { person, edge, .. } => self.with(person, |person| person.in_term = edge == Edge::Begins),
            Change::Resident { person, index } => {
                self.with(person, |person| person.version = Some(index));
                self.update_skills(person, tracks);
            }
            Change::Required { requirement, edge, .. } => {
                if let Some(required) = self.required.get_mut(requirement as usize) {
                    *required = edge == Edge::Begins;
                }
            }
            Change::Duty { index } => {
                self.duty = index;
                for person in 0..self.people.len() {
                    self.update_skills(person as PersonIndex, tracks);
                }
            }
            Change::Layer { layer, index, .. } => self.set_layer(layer, tracks, |state| state.version = index),
            Change::Window { layer, window, .. } => self.set_layer(layer, tracks, |state| state.window = window),
            Change::Turn { layer, turn, .. } => self.set_layer(layer, tracks, |state| state.turn = turn),
        }
    }

    fn with(&mut self, person: PersonIndex, change: impl FnOnce(&mut Standing)) {
        let index = person as usize;
        if let (Some(person), Some(against)) = (self.people.get_mut(index), self.against.get_mut(index)) {
            change(person);
            *against = person.bits();
        }
    }

    fn toggle_override(&mut self, index: u32, edge: Edge) {
        // They are numbered from the latest made, so ascending order is the order of precedence.
        match (self.overrides.binary_search(&index), edge) {
            (Err(place), Edge::Begins) => self.overrides.insert(place, index),
            (Ok(place), Edge::Ends) => drop(self.overrides.remove(place)),
            _ => {}
        }
    }

    fn update_skills(&mut self, person: PersonIndex, tracks: &Tracks<'_>) {
        let duty = self.duty.and_then(|index| tracks.versions.get(index as usize)).map(|version| version.duty);
        let Some(track) = tracks.people.get(person as usize) else { return };
        self.with(person, |standing| {
            let resident = standing.version.and_then(|index| track.versions.get(index as usize));
            standing.skilled = match (duty, resident) {
                (Some(duty), Some((_, _, resident))) => duty.skills.iter().all(|skill| resident.skills.contains(skill)),
                _ => false,
            };
        });
    }

    fn set_layer(&mut self, layer: LayerIndex, tracks: &Tracks<'_>, change: impl FnOnce(&mut LayerState)) {
        let (Some(state), Some(track)) = (self.layers.get_mut(layer as usize), tracks.layers.get(layer as usize))
        else {
            return;
        };
        change(state);
        let version = state.version.and_then(|index| track.versions.get(index as usize));
        let active = version.is_some_and(|version| !version.limited || state.window.is_some());
        state.active = state.version.filter(|_| active);
        let Some(rotation) = version.and_then(|version| version.rotation.as_ref()) else { return };
        let size = version.map_or(0, |version| version.people.len()).max(1) as i64;
        state.place = (state.turn + rotation.offset).rem_euclid(size) as usize;
    }

    /// Returns the version of a layer that is active: in effect, and within its windows if it has any.
    pub fn active<'t>(&self, layer: LayerIndex, tracks: &'t Tracks<'_>) -> Option<&'t LayerVersion> {
        let version = self.layers.get(layer as usize)?.active?;
        tracks.layers.get(layer as usize)?.versions.get(version as usize)
    }

    /// Returns how many are required, and the place of the first requirement that asks for that many.
    pub fn required(&self, tracks: &Tracks<'_>) -> (u32, Option<usize>) {
        let Some(version) = self.duty.and_then(|index| tracks.versions.get(index as usize)) else { return (0, None) };
        let mut most = (0, None);
        for &(place, asks) in &version.required {
            if asks > most.0 && self.required.get(place).copied().unwrap_or(false) {
                most = (asks, Some(place));
            }
        }
        most
    }
}

fn count(counter: &mut u32, edge: Edge) {
    *counter = match edge {
        Edge::Begins => *counter + 1,
        Edge::Ends => counter.saturating_sub(1),
    };
}
