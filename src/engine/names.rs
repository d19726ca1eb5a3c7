//! The names behind the indexes of a duty's tracks, owned, so that they outlive what they were read from.

use super::answer::{Place, Slot};
use super::places::{Placed, SlotKey};
use super::tracks::{LayerIndex, LayerTrack, OverrideTrack, PersonIndex, WindowIndex};
use crate::civil::{Date, Day, WindowId};
use crate::model::{LayerId, OverrideId, ResidentId};

/// The ids of people, layers with their windows, and overrides, by index.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    people: Vec<ResidentId>,
    layers: Vec<(LayerId, Vec<WindowId>)>,
    overrides: Vec<OverrideId>,
}

impl Names {
    /// Returns the names of these, each in its order.
    pub fn new(people: Vec<ResidentId>, layers: &[LayerTrack<'_>], overrides: &[OverrideTrack<'_>]) -> Self {
        let windows = |layer: &LayerTrack<'_>| layer.windows.iter().copied().cloned().collect();
        Self {
            people,
            layers: layers.iter().map(|layer| (layer.id.clone(), windows(layer))).collect(),
            overrides: overrides.iter().map(|entry| entry.id.clone()).collect(),
        }
    }

    /// Gives an override of another time an index.
    pub fn add_override(&mut self, id: OverrideId) -> u32 {
        self.overrides.push(id);
        (self.overrides.len() - 1) as u32
    }

    /// Names an override.
    pub fn override_id(&self, index: u32) -> Option<OverrideId> {
        self.overrides.get(index as usize).cloned()
    }

    /// Names a person.
    pub fn person(&self, person: PersonIndex) -> Option<ResidentId> {
        self.people.get(person as usize).cloned()
    }

    /// Names somebody in a slot.
    pub fn place(&self, placed: &Placed) -> Option<Place> {
        Some(Place {
            resident: self.person(placed.person)?,
            slot: self.slot(placed.slot),
            by_override: placed.by_override.and_then(|index| self.override_id(index)),
        })
    }

    /// Names a slot.
    pub fn slot(&self, slot: SlotKey) -> Slot {
        match slot {
            SlotKey::Override(index) => {
                let id = self.override_id(index);
                Slot::Override(id.unwrap_or_else(|| OverrideId::from_valid("unknown")))
            }
            SlotKey::Turn { layer, grid, turn, window } => {
                Slot::Turn { layer: self.layer(layer), grid, turn, window: self.window(layer, window) }
            }
            SlotKey::Member { layer, member, window } => Slot::Member {
                layer: self.layer(layer),
                member: self.person(member).unwrap_or_else(|| ResidentId::from_valid("unknown")),
                window: self.window(layer, window),
            },
        }
    }

    fn layer(&self, layer: LayerIndex) -> LayerId {
        let name = self.layers.get(layer as usize).map(|(id, _)| id.clone());
        name.unwrap_or_else(|| LayerId::from_valid("unknown"))
    }

    fn window(&self, layer: LayerIndex, window: Option<(WindowIndex, Day)>) -> Option<(WindowId, Date)> {
        let (index, day) = window?;
        let (_, windows) = self.layers.get(layer as usize)?;
        Some((windows.get(index as usize)?.clone(), day.date()))
    }
}
