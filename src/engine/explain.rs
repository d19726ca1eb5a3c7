//! Why somebody is on duty at an instant, and why others are not (semantics 4.5).

use super::answer::{Listing, Slot};
use super::people::Source;
use super::places::{Against, Outcome, Places, SlotKey, Witness};
use super::state::State;
use super::timeline::{listing_of, state_at};
use super::tracks::{LayerIndex, PersonIndex, Tracks};
use crate::civil::{Date, Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{DutyId, HolidaySetId, LayerId, Made, OverrideId, ResidentId, TeamSnapshot, TimeOffId};

/// How a listing came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The instant.
    pub at: Instant,
    /// Which change made the duty's version in effect.
    pub version: Made,
    /// Who is listed.
    pub listing: Listing,
    /// The layers in order, active or not.
    pub layers: Vec<LayerExplanation>,
    /// The overrides in effect, the later made first.
    pub overrides: Vec<OverrideExplanation>,
}

/// What one layer had to say.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerExplanation {
    /// The layer.
    pub layer: LayerId,
    /// Which change made its version in effect; `None` where it is not in effect.
    pub version: Option<Made>,
    /// Whether it is in effect and within its windows.
    pub active: bool,
    /// Whose turn it is, where it is an active rotation.
    pub turn: Option<TurnExplanation>,
    /// Who stands in its slots, in order of their places.
    pub listed: Vec<ResidentId>,
    /// Who was passed over, and everything that spoke against them.
    pub passed_over: Vec<(ResidentId, Vec<Unavailable>)>,
}

/// Whose turn it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TurnExplanation {
    /// The turn's slot.
    pub slot: Slot,
    /// The turn's number on its grid.
    pub number: i64,
    /// The participant on turn, wherever they are.
    pub resident: ResidentId,
}

/// What became of one override in effect.
#[derive(Clone, Debug, PartialEq)]
pub struct OverrideExplanation {
    /// The override.
    pub id: OverrideId,
    /// What became of it.
    pub outcome: OverrideOutcome,
}

/// What can become of an override in effect.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum OverrideOutcome {
    /// It put somebody in a slot, or left one to nobody.
    Applied,
    /// Who covers cannot be there, for these reasons.
    CoverCannot(Vec<Unavailable>),
    /// Who covers already stands in a better place.
    CoverPlaced,
    /// Whom it takes off has no slot: it only keeps them from being drawn.
    Idle,
}

/// A reason why somebody is not on duty.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unavailable {
    /// Outside their term, or not in the team.
    OutsideTerm,
    /// Lacks these skills.
    LacksSkills(Vec<String>),
    /// Has hard time off.
    TimeOff(TimeOffId),
    /// Has a holiday.
    Holiday(HolidaySetId, Date),
    /// Outside their working hours, where they are.
    OutsideWorkingHours,
    /// Softly off: yields to others.
    SoftlyOff(TimeOffId),
    /// Already stands in an earlier place.
    AlreadyListed,
    /// Taken off the duty; by an override in effect.
    TakenOff(Option<OverrideId>),
}

/// Explains who is listed for `duty` at `at`; `None` where the duty is not in effect then.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn explain(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    duty: &DutyId,
    at: Instant,
) -> Result<Option<Explanation>, UnknownZone> {
    let Some(span) = Interval::new(at, at.plus(1)) else { return Ok(None) };
    let Some(tracks) = Tracks::read(team, rules, duty, span)? else { return Ok(None) };
    let state = state_at(&tracks, at);
    let Some(version) = state.duty.and_then(|index| tracks.versions.get(index as usize)) else { return Ok(None) };
    let mut places = Places::default();
    let mut notes = Notes::default();
    places.fill(&state, &tracks, &mut notes);
    let explainer = Explainer { tracks: &tracks, state: &state, places: &places, notes: &notes, at };
    Ok(Some(Explanation {
        at,
        version: version.made,
        listing: listing_of(&places, &state, &tracks),
        layers: version.layers.iter().filter_map(|layer| explainer.layer(*layer)).collect(),
        overrides: state.overrides.iter().filter_map(|index| explainer.entry(*index)).collect(),
    }))
}

/// Everything noted, in the order in which it happened.
#[derive(Default)]
struct Notes {
    passed_over: Vec<(LayerIndex, PersonIndex, Against)>,
    outcomes: Vec<(u32, Outcome)>,
}

impl Witness for Notes {
    fn passed_over(&mut self, layer: LayerIndex, person: PersonIndex, why: Against) {
        if !self.passed_over.iter().any(|(other, known, _)| (*other, *known) == (layer, person)) {
            self.passed_over.push((layer, person, why));
        }
    }

    fn outcome(&mut self, index: u32, outcome: Outcome) {
        // An override may act on several slots: once applied, it stays so.
        match self.outcomes.iter_mut().find(|(known, _)| *known == index) {
            Some((_, known)) if *known != Outcome::Applied => *known = outcome,
            Some(_) => {}
            None => self.outcomes.push((index, outcome)),
        }
    }
}

struct Explainer<'e, 'a> {
    tracks: &'e Tracks<'a>,
    state: &'e State,
    places: &'e Places,
    notes: &'e Notes,
    at: Instant,
}

impl Explainer<'_, '_> {
    fn layer(&self, layer: LayerIndex) -> Option<LayerExplanation> {
        let track = self.tracks.layers.get(layer as usize)?;
        let state = self.state.layers.get(layer as usize)?;
        let version = state.version.and_then(|index| track.versions.get(index as usize));
        let active = self.state.active(layer, self.tracks);
        let turn = active.and_then(|version| {
            let rotation = version.rotation.as_ref()?;
            let window = state.window.filter(|_| version.limited);
            let slot = SlotKey::Turn { layer, grid: rotation.grid, turn: state.turn, window };
            let resident = self.name(*version.people.get(state.place)?)?;
            Some(TurnExplanation { slot: self.tracks.names.slot(slot), number: state.turn, resident })
        });
        let in_layer = |slot: SlotKey| match slot {
            SlotKey::Turn { layer: other, .. } | SlotKey::Member { layer: other, .. } => other == layer,
            SlotKey::Override(_) => false,
        };
        let listed = self.places.listed.iter().filter(|placed| in_layer(placed.slot));
        let stands = |person: PersonIndex| {
            self.places.listed.iter().any(|placed| placed.person == person && in_layer(placed.slot))
        };
        let passed_over =
            self.notes.passed_over.iter().filter(|(other, person, _)| *other == layer && !stands(*person));
        Some(LayerExplanation {
            layer: track.id.clone(),
            version: version.map(|version| version.made),
            active: active.is_some(),
            turn,
            listed: listed.filter_map(|placed| self.name(placed.person)).collect(),
            passed_over: passed_over
                .filter_map(|(_, person, why)| Some((self.name(*person)?, self.reasons(*person, *why))))
                .collect(),
        })
    }

    fn entry(&self, index: u32) -> Option<OverrideExplanation> {
        let track = self.tracks.overrides.get(index as usize)?;
        let noted = self.notes.outcomes.iter().find(|(known, _)| *known == index).map(|(_, outcome)| *outcome);
        let outcome = match noted.unwrap_or(Outcome::Idle) {
            Outcome::Applied => OverrideOutcome::Applied,
            Outcome::CoverPlaced => OverrideOutcome::CoverPlaced,
            Outcome::Idle => OverrideOutcome::Idle,
            Outcome::CoverCannot(why) => {
                OverrideOutcome::CoverCannot(track.by.map_or_else(Vec::new, |by| self.reasons(by, why)))
            }
        };
        Some(OverrideExplanation { id: track.id.clone(), outcome })
    }

    fn name(&self, person: PersonIndex) -> Option<ResidentId> {
        self.tracks.names.person(person)
    }

    fn reasons(&self, person: PersonIndex, why: Against) -> Vec<Unavailable> {
        let Some(track) = self.tracks.people.get(person as usize) else { return vec![Unavailable::OutsideTerm] };
        let mut reasons = Vec::new();
        if why.outside_term {
            reasons.push(Unavailable::OutsideTerm);
        } else if why.lacks_skill {
            reasons.push(Unavailable::LacksSkills(self.missing_skills(person)));
        }
        if why.hard {
            let covering = track.hard.iter().filter(|absence| absence.interval.contains(self.at));
            reasons.extend(covering.map(|absence| match absence.source {
                Source::TimeOff(id, _) => Unavailable::TimeOff(id.clone()),
                Source::Holiday(set, day) => Unavailable::Holiday(set.clone(), day),
            }));
        }
        if why.outside_hours {
            reasons.push(Unavailable::OutsideWorkingHours);
        }
        if why.soft {
            let covering = track.soft.iter().filter(|absence| absence.interval.contains(self.at));
            reasons.extend(covering.filter_map(|absence| match absence.source {
                Source::TimeOff(id, _) => Some(Unavailable::SoftlyOff(id.clone())),
                Source::Holiday(..) => None,
            }));
        }
        if why.listed {
            reasons.push(Unavailable::AlreadyListed);
        }
        if why.taken_off {
            let overrides = self.state.overrides.iter().filter_map(|index| self.tracks.overrides.get(*index as usize));
            let by = overrides.into_iter().find(|entry| entry.owner == Some(person));
            reasons.push(Unavailable::TakenOff(by.map(|entry| entry.id.clone())));
        }
        reasons
    }

    fn missing_skills(&self, person: PersonIndex) -> Vec<String> {
        let duty = self.state.duty.and_then(|index| self.tracks.versions.get(index as usize));
        let resident = self.tracks.people.get(person as usize).and_then(|person| person.version_at(self.at));
        let (Some(duty), Some(resident)) = (duty, resident) else { return Vec::new() };
        duty.duty.skills.iter().filter(|skill| !resident.skills.contains(skill)).cloned().collect()
    }
}
