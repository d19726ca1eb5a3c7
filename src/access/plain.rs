//! What colleagues, viewers and the public may see of an answer: who is on duty and when, never why somebody is not
//! (semantics 8.2).
//!
//! None of these types has a field for a kind, a note, an open end, a cause, a zone elsewhere or an id that somebody
//! chose for their time off: what is not there cannot leak.

use std::collections::BTreeSet;

use crate::civil::{Day, Instant, Interval, IntervalSet, UnknownZone, Zone, ZoneRules};
use crate::engine::{Explanation, Gap, LayerExplanation, Opener, Shift, Slot, StandIn, Unavailable};
use crate::model::{
    DutyId, Effect, GapId, Handle, LayerId, OverrideForm, RequirementId, Resident, ResidentId, ShiftId, TeamSnapshot,
    TimeOff,
};

use super::Audience;

/// A shift, without the reason why it began.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PlainShift {
    /// Its identity.
    pub id: ShiftId,
    /// The duty.
    pub duty: DutyId,
    /// The layer that gave the slot; `None` where an override did.
    pub layer: Option<LayerId>,
    /// Who is on duty.
    pub resident: ResidentId,
    /// Whose place it is, where an override puts somebody else there.
    pub in_place_of: Option<ResidentId>,
    /// The part of it that lies in the asked window.
    pub interval: Interval,
    /// Whether it begins before the window.
    pub truncated_start: bool,
    /// Whether it goes on after the window.
    pub truncated_end: bool,
    /// What begins it.
    pub opener: PlainOpener,
}

/// What begins a shift.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PlainOpener {
    /// The slot's own start.
    SlotStart,
    /// What is required changes.
    Required,
    /// An override begins or ends.
    Override,
    /// A place that comes earlier is taken, or becomes free.
    EarlierPlace,
    /// The configuration changes.
    Edit,
    /// It began long before.
    Standing,
    /// Somebody goes or comes back, for whatever reason.
    Away,
}

impl From<&Opener> for PlainOpener {
    fn from(opener: &Opener) -> Self {
        match opener {
            Opener::SlotStart => Self::SlotStart,
            Opener::Required { .. } => Self::Required,
            Opener::Override { .. } => Self::Override,
            Opener::EarlierPlace { .. } => Self::EarlierPlace,
            Opener::Edit { .. } => Self::Edit,
            Opener::Standing => Self::Standing,
            Opener::TimeOff { .. } | Opener::Holiday { .. } | Opener::WorkingHours { .. } | Opener::Term { .. } => {
                Self::Away
            }
        }
    }
}

impl PlainShift {
    /// Returns what may be seen of `shift`.
    #[must_use]
    pub fn of(team: &TeamSnapshot, shift: &Shift) -> Self {
        let form = shift.by_override.as_ref().and_then(|id| team.overrides.get(id)).map(|entry| &entry.value.form);
        Self {
            id: shift.id(team.identities()),
            duty: shift.duty.clone(),
            layer: match &shift.slot {
                Slot::Override(_) => None,
                Slot::Turn { layer, .. } | Slot::Member { layer, .. } => Some(layer.clone()),
            },
            resident: shift.resident.clone(),
            in_place_of: match form {
                Some(OverrideForm::Replace { owner, .. }) => Some(owner.clone()),
                _ => None,
            },
            interval: shift.interval,
            truncated_start: shift.truncated_start(),
            truncated_end: shift.truncated_end,
            opener: PlainOpener::from(&shift.opener),
        }
    }
}

/// A gap without its causes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PlainGap {
    /// Its identity.
    pub id: GapId,
    /// The duty.
    pub duty: DutyId,
    /// The requirement that is not met.
    pub requirement: RequirementId,
    /// The part of it that lies in the asked window.
    pub interval: Interval,
    /// Whether it begins before the window.
    pub truncated_start: bool,
    /// Whether it goes on after the window.
    pub truncated_end: bool,
    /// How many are required.
    pub required: u32,
    /// How many are on duty.
    pub present: u32,
    /// Whether it was accepted and the acceptance holds.
    pub accepted: bool,
}

impl PlainGap {
    /// Returns what may be seen of `gap` of `team`, of which is known whether it is `accepted`.
    #[must_use]
    pub fn of(team: &TeamSnapshot, gap: &Gap, accepted: bool) -> Self {
        Self {
            id: gap.id(team.identities()),
            duty: gap.duty.clone(),
            requirement: gap.requirement.clone(),
            interval: gap.interval,
            truncated_start: gap.truncated_start(),
            truncated_end: gap.truncated_end,
            required: gap.required,
            present: gap.present,
            accepted,
        }
    }
}

/// Somebody who could fill a gap, without the hours it would be for them or what they are at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PlainStandIn {
    /// Who.
    pub resident: ResidentId,
    /// The part of the gap they could cover.
    pub covers: IntervalSet,
    /// Whether that is all of it.
    pub whole: bool,
    /// Whether the team's rest between shifts would be kept.
    pub rest_kept: bool,
    /// The other duties that they are on in it.
    pub other_duties: Vec<DutyId>,
}

impl From<&StandIn> for PlainStandIn {
    fn from(stand_in: &StandIn) -> Self {
        Self {
            resident: stand_in.resident.clone(),
            covers: stand_in.covers.clone(),
            whole: stand_in.whole,
            rest_kept: stand_in.rest_kept,
            other_duties: stand_in.other_duties.clone(),
        }
    }
}

/// Why these people are on duty, less why others are not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PlainExplanation {
    /// How many the requirements ask for.
    pub required: u32,
    /// The layers in order.
    pub layers: Vec<PlainLayer>,
}

/// What one layer gave.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PlainLayer {
    /// The layer.
    pub layer: LayerId,
    /// Whether it is in effect and within its windows.
    pub active: bool,
    /// The turn's number and whose it is, where it is an active rotation.
    pub turn: Option<(i64, ResidentId)>,
    /// Who stands in its slots, in order.
    pub listed: Vec<ResidentId>,
    /// Who was looked at and has no place of the duty, for whatever reason.
    pub away: Vec<ResidentId>,
}

impl From<&Explanation> for PlainExplanation {
    fn from(explanation: &Explanation) -> Self {
        let listing = &explanation.listing;
        let mut placed: BTreeSet<&ResidentId> = listing.on_duty.iter().map(|place| &place.resident).collect();
        placed.extend(&listing.standby);
        placed.extend(explanation.layers.iter().flat_map(|layer| &layer.listed));
        let is_away = |(person, reasons): &&(ResidentId, Vec<Unavailable>)| {
            // Whoever is softly off and listed all the same would tell so by being in both lists.
            !placed.contains(person) && !reasons.contains(&Unavailable::AlreadyListed)
        };
        let layers = explanation.layers.iter().map(|layer| PlainLayer {
            away: layer.passed_over.iter().filter(is_away).map(|(person, _)| person.clone()).collect(),
            ..PlainLayer::from(layer)
        });
        Self { required: listing.required, layers: layers.collect() }
    }
}

impl From<&LayerExplanation> for PlainLayer {
    /// Nobody is away yet.
    fn from(layer: &LayerExplanation) -> Self {
        Self {
            layer: layer.layer.clone(),
            active: layer.active,
            turn: layer.turn.as_ref().map(|turn| (turn.number, turn.resident.clone())),
            listed: layer.listed.clone(),
            away: Vec::new(),
        }
    }
}

/// A resident: the name, and how to reach them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PlainResident {
    /// What people call them.
    pub display_name: String,
    /// The handles that the audience may see.
    pub handles: Vec<Handle>,
}

impl PlainResident {
    /// Returns what `audience` may see of `resident`.
    #[must_use]
    pub fn of(resident: &Resident, audience: &Audience) -> Self {
        let handles = resident.handles.iter().filter(|handle| audience.sees(handle)).cloned().collect();
        Self { display_name: resident.display_name.clone(), handles }
    }
}

/// A stretch of time for which somebody is away, whatever the reason.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Away {
    /// When. An absence without an end ends with the local day that it has reached.
    pub interval: Interval,
    /// Who.
    pub resident: ResidentId,
}

impl Away {
    /// Returns when `resident` is away in `window`, as it looks at `now`: all their entries together, hard and soft
    /// ones alike, each stretch whole where it reaches over the window's edges. Who works elsewhere is not away.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks a zone that is used.
    pub fn of(
        team: &TeamSnapshot,
        resident: &ResidentId,
        window: Interval,
        now: Instant,
        rules: &ZoneRules,
    ) -> Result<Vec<Self>, UnknownZone> {
        let entries = team.time_off.values().map(|entry| &entry.value);
        let theirs = entries.filter(|entry| entry.resident == *resident);
        let Some(versions) = team.residents.get(resident).map(|resident| &resident.versions) else {
            return Ok(Vec::new());
        };
        // Their own clock at home, whichever zone the entry was stated in: where they are is not shown.
        let Some(home) = versions.at_or_last(now).map(|stated| stated.home_zone.zone(rules)).transpose()? else {
            return Ok(Vec::new());
        };
        let mut stretches = Vec::new();
        for entry in theirs.filter(|entry| !matches!(entry.effect, Effect::WorkingElsewhere { .. })) {
            stretches.extend(closed(entry, (window, now), home, rules)?);
        }
        let union: IntervalSet = stretches.into_iter().collect();
        let seen = union.intervals().iter().filter(|interval| interval.overlaps(window));
        Ok(seen.map(|interval| Self { interval: *interval, resident: resident.clone() }).collect())
    }
}

/// The instances of an entry in `window`; one that goes on for ever goes as far as the local day that it has reached.
fn closed(
    entry: &TimeOff,
    (window, now): (Interval, Instant),
    zone: &Zone,
    rules: &ZoneRules,
) -> Result<Vec<Interval>, UnknownZone> {
    let day_end = |at: Instant| zone.day_start(Day::from(zone.day(at).date()).plus(1));
    let end = |instance: Interval| match instance.end() {
        Instant::MAX => day_end(instance.start().max(now)),
        end => end,
    };
    let instances = entry.instances(window, rules)?.into_iter().map(|instance| instance.interval);
    Ok(instances.filter_map(|instance| Interval::new(instance.start(), end(instance))).collect())
}
