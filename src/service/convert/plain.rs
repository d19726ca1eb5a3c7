//! The narrow views as messages: from types that have no reasons, so that no reason can be in what leaves
//! (semantics 8.2).

use super::answers::{Naming, handle, number};
use super::time::interval;
use crate::access::{Away, PlainExplanation, PlainGap, PlainOpener, PlainResident, PlainShift, PlainStandIn};
use crate::civil::ZoneRules;
use crate::model::{DutyId, ResidentId, TeamId};
use crate::proto::v1;
use crate::service::names::Name;

impl Naming<'_> {
    /// Returns a shift of which only the reason is missing.
    #[must_use]
    pub fn plain_shift(self, shift: &PlainShift) -> v1::Shift {
        v1::Shift {
            id: shift.id.to_string(),
            duty: self.full(&shift.duty),
            layer: shift.layer.as_ref().map(ToString::to_string).unwrap_or_default(),
            resident: self.full(&shift.resident),
            display_name: self.display_name(&shift.resident),
            interval: Some(interval(shift.interval)),
            truncated_start: shift.truncated_start,
            truncated_end: shift.truncated_end,
            override_name: None,
            in_place_of: shift.in_place_of.as_ref().map(|id| self.full(id)),
            opener: opener(shift.opener).to_owned(),
        }
    }

    /// Returns a gap without causes, and who could fill it where that may be seen.
    #[must_use]
    pub fn plain_gap(self, gap: &PlainGap, stand_ins: &[PlainStandIn]) -> v1::Gap {
        v1::Gap {
            id: gap.id.to_string(),
            duty: self.full(&gap.duty),
            requirement: gap.requirement.to_string(),
            interval: Some(interval(gap.interval)),
            truncated_start: gap.truncated_start,
            truncated_end: gap.truncated_end,
            required: number(gap.required),
            present: number(gap.present),
            causes: Vec::new(),
            stand_ins: stand_ins.iter().map(|stand_in| self.plain_stand_in(stand_in)).collect(),
            back_time: None,
            accepted: gap.accepted,
            acceptance: None,
        }
    }

    fn plain_stand_in(self, stand_in: &PlainStandIn) -> v1::StandIn {
        let part = if stand_in.whole { "can cover all of it" } else { "can cover a part of it" };
        let busy = stand_in.other_duties.iter().map(|duty| format!("on duty for {duty} at the time"));
        v1::StandIn {
            resident: self.full(&stand_in.resident),
            display_name: self.display_name(&stand_in.resident),
            covers: stand_in.covers.intervals().iter().map(|part| interval(*part)).collect(),
            whole: stand_in.whole,
            softly_off: false,
            hours: v1::HoursClass::Unspecified as i32,
            rest_kept: stand_in.rest_kept,
            other_duties: self.all(&stand_in.other_duties),
            load_ratio: None,
            reasons: std::iter::once(part.to_owned()).chain(busy).collect(),
        }
    }

    /// Returns an explanation in which everybody who is not on duty is away.
    #[must_use]
    pub fn plain_explanation(
        self,
        (duty, rules): (&DutyId, &ZoneRules),
        explanation: PlainExplanation,
    ) -> v1::Explanation {
        let layers = explanation.layers.into_iter().map(|layer| {
            let passed_over = layer.away.iter().map(|person| self.away_person(person)).collect();
            v1::LayerExplanation { passed_over, ..self.layer((duty, rules), layer) }
        });
        v1::Explanation { layers: layers.collect(), ..self.about_duty(duty, explanation.required) }
    }

    fn away_person(self, person: &ResidentId) -> v1::PassedOver {
        let away = v1::UnavailabilityReason::Away as i32;
        let reason = v1::Unavailability { reason: away, ..v1::Unavailability::default() };
        v1::PassedOver { resident: self.full(person), reasons: vec![reason] }
    }
}

/// Says in words what begins a shift.
fn opener(opener: PlainOpener) -> &'static str {
    match opener {
        PlainOpener::SlotStart => "the slot begins",
        PlainOpener::Required => "what is required changes",
        PlainOpener::Override => "an override begins or ends",
        PlainOpener::EarlierPlace => "an earlier place changes",
        PlainOpener::Edit => "the configuration changes",
        PlainOpener::Standing => "it began more than 400 days before",
        PlainOpener::Away => "away",
    }
}

/// Returns that somebody is away, as an entry that has nothing but when and who.
#[must_use]
pub fn away(team: &TeamId, away: &Away) -> v1::TimeOff {
    v1::TimeOff {
        resident: away.resident.full(team),
        interval: Some(interval(away.interval)),
        ..v1::TimeOff::default()
    }
}

/// Returns a resident with nothing but the name and how to reach them.
#[must_use]
pub fn plain_resident(team: &TeamId, id: &ResidentId, resident: &PlainResident) -> v1::Resident {
    v1::Resident {
        name: id.full(team),
        display_name: resident.display_name.clone(),
        handles: resident.handles.iter().map(handle).collect(),
        ..v1::Resident::default()
    }
}
