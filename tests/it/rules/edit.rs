//! Random edits of what a roster states, for the law that the past stays (semantics 3.5).

use onduty::civil::{Instant, ShiftLength, ShiftUnit};
use onduty::model::*;
use proptest::prelude::*;

use super::planned::{beside, layer_id, set_id};
use super::terse::rules;

/// An edit of something that exists.
#[derive(Clone, Debug)]
pub struct EditPlan {
    /// Which resident or layer, of those that there are.
    which: u8,
    kind: u8,
    /// Who, in the order of the residents' ids.
    order: Vec<u8>,
    length: u32,
}

/// Edits of a resident, the duty, a layer or a holiday set.
pub fn edits() -> impl Strategy<Value = EditPlan> {
    let order = prop::collection::vec(0_u8..5, 1..5);
    (0_u8..5, 0_u8..8, order, 1_u32..20).prop_map(|(which, kind, order, length)| EditPlan {
        which,
        kind,
        order,
        length,
    })
}

impl EditPlan {
    /// Makes the edit take effect at `from`; what was planned for later is replaced.
    pub fn apply(&self, team: &mut TeamSnapshot, duty: &DutyId, from: Instant) {
        let made = Made { revision: 1_000, position: 0 };
        let people: Vec<ResidentId> = team.residents.keys().cloned().collect();
        let who = &people[usize::from(self.which) % people.len()];
        let configured = team.duties.get_mut(duty).unwrap();
        match self.kind {
            0 => edit(&mut team.residents.get_mut(who).unwrap().versions, from, made, |_| None),
            1 => edit(&mut team.residents.get_mut(who).unwrap().versions, from, made, |resident| {
                Some(Resident { working_hours: Vec::new(), skills: Vec::new(), ..resident.clone() })
            }),
            2 => edit(&mut configured.versions, from, made, |_| None),
            3 => edit(&mut configured.versions, from, made, |duty| {
                Some(Duty { requirements: Vec::new(), headcount: Headcount::Count(self.length), ..duty.clone() })
            }),
            4 => edit(&mut team.holiday_sets.get_mut(&set_id(0)).unwrap().versions, from, made, |_| None),
            _ => {
                let index = usize::from(self.which) % configured.layers.len();
                let versions = configured.layers.get_mut(&layer_id(index)).unwrap();
                let Some(current) = versions.at(from).map(|(_, layer)| layer.clone()) else { return };
                let opened = rotation_versions(versions, self.layer(&current, &people), from, self.kind == 5, rules());
                for (from, mut layer) in opened.unwrap() {
                    beside(&mut layer);
                    versions.set(from, made, Some(layer), true).unwrap();
                }
            }
        }
    }

    fn layer(&self, current: &Layer, people: &[ResidentId]) -> Layer {
        let mut layer = current.clone();
        let order = self.order.iter().map(|index| people[usize::from(*index) % people.len()].clone());
        match &mut layer.source {
            Source::Rotation(rotation) => {
                rotation.participants = order.collect();
                if self.kind == 7 {
                    rotation.length = ShiftLength::new(self.length, ShiftUnit::Hours).unwrap();
                }
            }
            Source::Pool(members) => members.reverse(),
        }
        beside(&mut layer);
        layer
    }
}

/// Opens a version of what is in effect at `from`; nothing else can be edited.
fn edit<T: PartialEq>(versions: &mut Versions<T>, from: Instant, made: Made, change: impl FnOnce(&T) -> Option<T>) {
    let Some(value) = versions.at(from).map(|(_, value)| change(value)) else { return };
    versions.set(from, made, value, true).unwrap();
}
