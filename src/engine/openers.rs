//! What begins a piece of a slot, or a gap (semantics 4.6).

use super::answer::{Edge, Opener};
use super::names::Names;
use super::places::{Placed, SlotKey};
use super::state::State;
use super::tracks::{Change, EdgeAt, LayerIndex, PersonIndex, Tracks};
use crate::model::Made;

/// What begins a piece; most are never asked for, and those of which there are many are named only then.
#[derive(Clone, Debug)]
pub(super) enum PieceOpener {
    EarlierPlace { slot: SlotKey, edge: Edge },
    Named(Opener),
}

impl PieceOpener {
    /// Names it.
    pub fn named(&self, names: &Names) -> Opener {
        match self {
            Self::EarlierPlace { slot, edge } => {
                Opener::EarlierPlace { slot: Box::new(names.slot(*slot)), edge: *edge }
            }
            Self::Named(opener) => opener.clone(),
        }
    }
}

/// The changes at one instant, with the state after them.
///
/// How things stood before is asked for only where nothing that happens at the instant is the piece's own.
pub(super) struct Moment<'m, 'a> {
    pub tracks: &'m Tracks<'a>,
    pub after: &'m State,
    pub edges: &'m [EdgeAt],
}

impl Moment<'_, '_> {
    /// Whether the slot itself begins.
    pub fn starts(&self, slot: SlotKey) -> bool {
        self.edges.iter().any(|edge| self.starts_slot(edge.change, slot))
    }

    /// Returns what of the piece's own begins it: of its person, or of its slot's owner.
    pub fn own_opener(&self, placed: &Placed) -> Option<Opener> {
        let own = self.edges.iter().filter(|edge| self.enables(edge.change, placed));
        own.filter_map(|edge| self.opener(edge.change)).min()
    }

    /// Returns the hours of a requirement that begin here, as what begins a gap in it.
    pub fn hours_opener(&self, requirement: usize) -> Option<Opener> {
        self.edges.iter().find_map(|edge| match edge.change {
            Change::Required { requirement: place, edge: Edge::Begins, .. } if requirement == place as usize => {
                self.opener(edge.change)
            }
            _ => None,
        })
    }

    /// Returns the first, in the order of kinds, of everything that begins or ends and concerns the duty there and
    /// then; `own` is the piece's slot.
    pub fn any_opener(&self, before: &State, own: Option<SlotKey>) -> PieceOpener {
        let concerning = self.edges.iter().filter(|edge| self.concerns(edge.change, before));
        let openers = concerning.filter_map(|edge| self.opener(edge.change));
        let opener = openers.min().map(PieceOpener::Named).or_else(|| self.earlier_place(before, own));
        opener.unwrap_or_else(|| PieceOpener::Named(Opener::Edit { made: self.edited() }))
    }

    /// Whether a change of a person's concerns the duty just before or after: somebody whom only another version of a
    /// layer names has no part in it, whatever window is asked.
    fn concerns(&self, change: Change, before: &State) -> bool {
        let (person, hours) = match change {
            Change::Hard { person, .. } | Change::Soft { person, .. } | Change::Term { person, .. } => (person, false),
            Change::Hours { person, .. } => (person, true),
            _ => return true,
        };
        [before, self.after].into_iter().any(|state| {
            let covers = state.overrides.iter().any(|index| {
                let entry = self.tracks.overrides.get(*index as usize);
                !hours && entry.is_some_and(|entry| [entry.by, entry.owner].contains(&Some(person)))
            });
            let version = state.duty.and_then(|index| self.tracks.versions.get(index as usize));
            let mut layers = version.into_iter().flat_map(|version| &version.layers);
            covers
                || layers.any(|layer| {
                    let active = state.active(*layer, self.tracks);
                    active.is_some_and(|layer| layer.people.contains(&person) && (layer.working_only || !hours))
                })
        })
    }

    fn starts_slot(&self, change: Change, slot: SlotKey) -> bool {
        match (change, slot) {
            (Change::Override { index, edge: Edge::Begins }, SlotKey::Override(own)) => index == own,
            (Change::Turn { layer, starts, .. }, SlotKey::Turn { layer: own, .. }) => starts && layer == own,
            (
                Change::Window { layer, window: Some(_), starts },
                SlotKey::Turn { layer: own, .. } | SlotKey::Member { layer: own, .. },
            ) => starts && layer == own,
            _ => false,
        }
    }

    /// Whether a change lets the piece's own person, or its slot's own owner, be there now and not before.
    fn enables(&self, change: Change, placed: &Placed) -> bool {
        match change {
            Change::Override { index, .. } => {
                let entry = self.tracks.overrides.get(index as usize);
                let owner = self.owner(placed.slot);
                entry.is_some_and(|entry| {
                    let people = [entry.by, entry.owner];
                    people.contains(&Some(placed.person)) || owner.is_some() && entry.owner == owner
                })
            }
            Change::Hard { person, edge, .. } | Change::Soft { person, edge, .. } => {
                person == placed.person && edge == Edge::Ends
            }
            Change::Hours { person, edge, .. } => {
                person == placed.person && edge == Edge::Begins && self.working_only(placed.slot)
            }
            Change::Term { person, edge, .. } => person == placed.person && edge == Edge::Begins,
            _ => false,
        }
    }

    fn owner(&self, slot: SlotKey) -> Option<PersonIndex> {
        match slot {
            SlotKey::Member { member, .. } => Some(member),
            SlotKey::Override(index) => self.tracks.overrides.get(index as usize)?.by,
            SlotKey::Turn { layer, .. } => {
                let state = self.after.layers.get(layer as usize)?;
                let version = self.tracks.layers.get(layer as usize)?.versions.get(state.version? as usize)?;
                version.people.get(state.place).copied()
            }
        }
    }

    fn working_only(&self, slot: SlotKey) -> bool {
        let layer = match slot {
            SlotKey::Turn { layer, .. } | SlotKey::Member { layer, .. } => layer,
            SlotKey::Override(_) => return false,
        };
        self.after.active(layer, self.tracks).is_some_and(|version| version.working_only)
    }

    /// Names a change as an opener; `None` for slots and versions, which come behind all of these.
    fn opener(&self, change: Change) -> Option<Opener> {
        let tracks = self.tracks;
        match change {
            Change::Override { index, edge } => {
                Some(Opener::Override { id: tracks.overrides.get(index as usize)?.id.clone(), edge })
            }
            Change::Hard { person, index, edge } => {
                let person = tracks.people.get(person as usize)?;
                Some(person.hard.get(index as usize)?.opener(person.id, edge))
            }
            Change::Soft { person, index, edge } => {
                let person = tracks.people.get(person as usize)?;
                Some(person.soft.get(index as usize)?.opener(person.id, edge))
            }
            Change::Hours { person, index, edge } => {
                let person = tracks.people.get(person as usize)?;
                let run = person.working.get(index as usize)?;
                let label = if edge == Edge::Begins { run.begin } else { run.end };
                let (resident, day, number) = (person.id.clone(), label.day.date(), label.number);
                Some(Opener::WorkingHours { resident, edge, day, number })
            }
            Change::Term { person, index, edge } => {
                let person = tracks.people.get(person as usize)?;
                let (day, number) = person.term_edge(index as usize, edge)?;
                Some(Opener::Term { resident: person.id.clone(), edge, day, number })
            }
            Change::Required { requirement, index, edge } => {
                let track = tracks.requirements.get(requirement as usize)?;
                let run = track.runs.get(index as usize)?;
                let label = if edge == Edge::Begins { run.begin } else { run.end };
                let (requirement, day, number) = (track.id.clone(), label.day.date(), label.number);
                Some(Opener::Required { requirement, edge, day, number })
            }
            _ => None,
        }
    }

    /// The slot of another layer that begins here, or else ends here; the first in the duty's order of layers.
    fn earlier_place(&self, before: &State, own: Option<SlotKey>) -> Option<PieceOpener> {
        let version = self.after.duty.and_then(|index| self.tracks.versions.get(index as usize))?;
        version.layers.iter().find_map(|&layer| {
            let edge = |starts: bool, change: Change| match change {
                Change::Turn { layer: other, starts: real, .. } => starts && real && other == layer,
                Change::Window { layer: other, window, starts: real } => {
                    real && other == layer && starts == window.is_some()
                }
                _ => false,
            };
            let begins = self.edges.iter().any(|found| edge(true, found.change));
            let ends = self.edges.iter().any(|found| edge(false, found.change));
            let slot = |state: &State| self.first_slot(state, layer).filter(|slot| Some(*slot) != own);
            if let Some(slot) = slot(self.after).filter(|_| begins) {
                return Some(PieceOpener::EarlierPlace { slot, edge: Edge::Begins });
            }
            let slot = slot(before).filter(|_| ends || begins)?;
            Some(PieceOpener::EarlierPlace { slot, edge: Edge::Ends })
        })
    }

    /// The slot of a rotation layer, or of a pool's first member.
    fn first_slot(&self, state: &State, layer: LayerIndex) -> Option<SlotKey> {
        let version = state.active(layer, self.tracks)?;
        let standing = state.layers.get(layer as usize)?;
        let window = standing.window.filter(|_| version.limited);
        Some(match &version.rotation {
            Some(rotation) => SlotKey::Turn { layer, grid: rotation.grid, turn: standing.turn, window },
            None => SlotKey::Member { layer, member: *version.people.first()?, window },
        })
    }

    /// The latest made of the versions that take effect here.
    fn edited(&self) -> Made {
        let made = self.edges.iter().filter_map(|edge| match edge.change {
            Change::Duty { index } => Some(self.tracks.versions.get(index? as usize)?.made),
            Change::Layer { made, .. } => Some(made),
            // A window that a version has moved begins by that version.
            Change::Window { layer, starts: false, .. } => {
                let version = self.after.layers.get(layer as usize)?.version?;
                Some(self.tracks.layers.get(layer as usize)?.versions.get(version as usize)?.made)
            }
            Change::Resident { person, index } => {
                Some(self.tracks.people.get(person as usize)?.versions.get(index as usize)?.1)
            }
            _ => None,
        });
        made.max().unwrap_or_default()
    }
}
