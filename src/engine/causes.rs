//! Why a gap is one: each cause with its part of the gap (semantics 5.1).

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Gap;
use super::places::{Against, Outcome, Places, Witness};
use super::state::State;
use super::tracks::{LayerIndex, PersonIndex, Tracks};
use crate::civil::{Instant, Interval, IntervalSet};
use crate::model::{CauseKind, GapCause, ResidentId};

/// Fills in the causes of `gaps`, which are in order of time.
pub(super) fn fill(tracks: &Tracks<'_>, gaps: &mut [Gap]) {
    let (Some(first), Some(last)) = (gaps.first(), gaps.last()) else { return };
    let Some(all) = Interval::new(first.interval.start(), last.interval.end()) else { return };
    let mut state = State::new(tracks);
    let mut found = Found::default();
    let mut gaps = gaps.iter_mut().peekable();
    let mut edges = tracks.edges.iter().peekable();
    let mut from = all.start();
    while from < all.end() {
        while let Some(edge) = edges.next_if(|edge| edge.at <= from) {
            state.apply(edge.change, tracks);
        }
        let next = edges.peek().map_or(Instant::MAX, |edge| edge.at).min(all.end());
        let Some(stretch) = Interval::new(from, next) else { break };
        from = next;
        while let Some(gap) = gaps.peek_mut().filter(|gap| gap.interval.start() < stretch.end()) {
            if let Some(part) = gap.interval.intersection(stretch) {
                found.note(&state, tracks, part);
            }
            if gap.interval.end() > stretch.end() {
                break;
            }
            if let Some(gap) = gaps.next() {
                std::mem::take(&mut found).into_gap(gap);
            }
        }
    }
}

#[derive(Default)]
struct Found {
    places: Places,
    parts: BTreeMap<GapCause, Vec<Interval>>,
    asked_first: Vec<ResidentId>,
}

impl Found {
    fn note(&mut self, state: &State, tracks: &Tracks<'_>, part: Interval) {
        let mut witness = CauseWitness { tracks, causes: BTreeSet::new(), asked_first: Vec::new() };
        self.places.fill(state, tracks, &mut witness);
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

    fn into_gap(self, gap: &mut Gap) {
        let parts = self.parts.into_iter();
        gap.causes = parts.map(|(cause, parts)| (cause, parts.into_iter().collect::<IntervalSet>())).collect();
        gap.asked_first = self.asked_first;
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
