//! Why a gap is one: each cause with its part of the gap (semantics 5.1).

use std::collections::{BTreeMap, BTreeSet};

use super::places::{Against, Outcome, Places, Witness};
use super::state::State;
use super::tracks::{LayerIndex, PersonIndex, Tracks};
use crate::civil::{Interval, IntervalSet};
use crate::model::{CauseKind, GapCause, ResidentId};

/// Why too few are on duty, noted stretch by stretch.
#[derive(Clone, Debug, Default)]
pub(super) struct Causes {
    parts: BTreeMap<GapCause, Vec<Interval>>,
    asked_first: Vec<ResidentId>,
}

impl Causes {
    /// Notes what speaks against everybody in `part`, in which things stand as in `state`.
    ///
    /// `places` are filled on the way.
    pub fn note(&mut self, state: &State, tracks: &Tracks<'_>, places: &mut Places, part: Interval) {
        let mut witness = CauseWitness { tracks, causes: BTreeSet::new(), asked_first: Vec::new() };
        places.fill(state, tracks, &mut witness);
        if witness.causes.is_empty() {
            witness.causes.insert(GapCause { kind: CauseKind::NobodyScheduled, resident: None });
        }
        for cause in witness.causes {
            self.parts.entry(cause).or_default().push(part);
        }
        for resident in witness.asked_first {
            if !self.asked_first.contains(&resident) {
                self.asked_first.push(resident);
            }
        }
    }

    /// Returns each cause with its parts, sorted, and whoever was taken off by an override whose cover cannot be there
    /// (semantics 4.3).
    pub fn into_parts(self) -> (Vec<(GapCause, IntervalSet)>, Vec<ResidentId>) {
        let parts = self.parts.into_iter();
        (parts.map(|(cause, parts)| (cause, parts.into_iter().collect())).collect(), self.asked_first)
    }
}

struct CauseWitness<'w, 'a> {
    tracks: &'w Tracks<'a>,
    causes: BTreeSet<GapCause>,
    asked_first: Vec<ResidentId>,
}

impl CauseWitness<'_, '_> {
    fn add(&mut self, person: PersonIndex, against: Against) {
        let Some(person) = self.tracks.people.get(person as usize) else { return };
        let kinds = [
            (against.outside_term, CauseKind::OutsideTerm),
            (against.lacks_skill, CauseKind::LacksSkill),
            (against.hard, CauseKind::Absent),
            (against.outside_hours, CauseKind::OutsideWorkingHours),
            (against.taken_off, CauseKind::TakenOff),
        ];
        let kinds = kinds.into_iter().filter(|(holds, _)| *holds);
        self.causes.extend(kinds.map(|(_, kind)| GapCause { kind, resident: Some(person.id.clone()) }));
    }
}

impl Witness for CauseWitness<'_, '_> {
    fn passed_over(&mut self, _layer: LayerIndex, person: PersonIndex, why: Against) {
        self.add(person, why);
    }

    fn outcome(&mut self, index: u32, outcome: Outcome) {
        let Some(entry) = self.tracks.overrides.get(index as usize) else { return };
        let taken_off = Against { taken_off: true, ..Against::default() };
        match (entry.by, entry.owner, outcome) {
            (None, Some(owner), Outcome::Applied) => self.add(owner, taken_off),
            (Some(by), owner, Outcome::CoverCannot(against)) => {
                self.add(by, against);
                if let Some(owner) = owner {
                    self.add(owner, taken_off);
                    self.asked_first.extend(self.tracks.people.get(owner as usize).map(|person| person.id.clone()));
                }
            }
            (Some(_), Some(owner), Outcome::CoverPlaced) => {
                self.add(owner, taken_off);
                self.asked_first.extend(self.tracks.people.get(owner as usize).map(|person| person.id.clone()));
            }
            _ => {}
        }
    }
}
