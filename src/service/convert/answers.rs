//! The engine's answers as messages: whole for whoever may see every reason, plain for everybody else.
//!
//! What puts a reason into a message asks for proof that its audience may see it (semantics 8.2).

use super::time::{interval, timestamp};
use crate::access::{Audience, PlainExplanation, PlainLayer, PlainShift, SeesTeam};
use crate::civil::{Instant, Interval, IntervalSet, ZoneRules};
use crate::engine::{self, AcceptanceState, Edge, HoursClass, Opener, OverrideOutcome, Slot, Unavailable};
use crate::model::{
    CauseKind, DutyId, GapAcceptance, GapCause, Handle, HandleAudience, Headcount, LayerId, OverrideForm, OverrideId,
    Resident, ResidentId, Source, TeamSnapshot,
};
use crate::proto::v1;
use crate::service::names::Name;

/// Names things of one team, as it is at one instant.
#[derive(Clone, Copy)]
pub struct Naming<'a> {
    /// The team.
    pub team: &'a TeamSnapshot,
    /// The instant.
    pub at: Instant,
    /// For whom.
    pub audience: &'a Audience,
}

impl Naming<'_> {
    pub(super) fn full<N: Name>(self, id: &N) -> String {
        id.full(&self.team.id)
    }

    pub(super) fn all<'n, N: Name + 'n>(self, ids: impl IntoIterator<Item = &'n N>) -> Vec<String> {
        ids.into_iter().map(|id| self.full(id)).collect()
    }

    /// Returns a resident in effect; where none is, the last there was.
    pub fn resident(&self, id: &ResidentId) -> Option<&Resident> {
        self.team.residents.get(id)?.versions.at_or_last(self.at)
    }

    /// Returns what people call a resident.
    #[must_use]
    pub fn display_name(&self, id: &ResidentId) -> String {
        self.resident(id).map_or_else(|| id.to_string(), |resident| resident.display_name.clone())
    }

    /// Returns the handles of a resident that the audience may see.
    #[must_use]
    pub fn handles(&self, id: &ResidentId) -> Vec<v1::Handle> {
        let handles = self.resident(id).map(|resident| resident.handles.as_slice()).unwrap_or_default();
        handles.iter().filter(|known| self.audience.sees(known)).map(handle).collect()
    }

    /// Returns a shift.
    #[must_use]
    pub fn shift(self, shift: &engine::Shift) -> v1::Shift {
        match self.audience.sees_team() {
            Some(proof) => self.whole_shift(proof, shift),
            None => self.plain_shift(&PlainShift::of(self.team, shift)),
        }
    }

    fn whole_shift(self, proof: SeesTeam, shift: &engine::Shift) -> v1::Shift {
        v1::Shift {
            id: shift.id(self.team.identities()).to_string(),
            duty: self.full(&shift.duty),
            layer: slot_layer(&shift.slot).map(ToString::to_string).unwrap_or_default(),
            resident: self.full(&shift.resident),
            display_name: self.display_name(&shift.resident),
            interval: Some(interval(shift.interval)),
            truncated_start: shift.truncated_start(),
            truncated_end: shift.truncated_end,
            override_name: shift.by_override.as_ref().map(|id| self.full(id)),
            in_place_of: shift.by_override.as_ref().and_then(|id| self.replaced(id)),
            opener: self.opener(proof, &shift.opener),
        }
    }

    fn replaced(&self, id: &OverrideId) -> Option<String> {
        match &self.team.overrides.get(id)?.value.form {
            OverrideForm::Replace { owner, .. } => Some(self.full(owner)),
            _ => None,
        }
    }

    /// Says in words what begins a shift or a gap.
    fn opener(&self, _: SeesTeam, opener: &Opener) -> String {
        let person = |id: &ResidentId| self.display_name(id);
        match opener {
            Opener::SlotStart => "the slot begins".to_owned(),
            Opener::Override { id, edge } => format!("override {id} {}", edge_word(*edge)),
            Opener::TimeOff { id, edge, .. } => {
                let whose = self.team.time_off.get(id).map(|entry| person(&entry.value.resident));
                format!("time off of {} {}", whose.unwrap_or_else(|| "somebody".to_owned()), edge_word(*edge))
            }
            Opener::Holiday { resident, edge, .. } => {
                format!("a holiday of {} {}", person(resident), edge_word(*edge))
            }
            Opener::WorkingHours { resident, edge: Edge::Begins, .. } => {
                format!("{} begins to work", person(resident))
            }
            Opener::WorkingHours { resident, .. } => format!("{} stops working", person(resident)),
            Opener::Term { resident, edge, .. } => format!("the term of {} {}", person(resident), edge_word(*edge)),
            Opener::Required { requirement, edge: Edge::Begins, .. } => {
                format!("requirement {requirement} begins")
            }
            Opener::Required { requirement, .. } => format!("requirement {requirement} ends"),
            Opener::EarlierPlace { edge: Edge::Begins, .. } => "an earlier place is taken".to_owned(),
            Opener::EarlierPlace { .. } => "an earlier place becomes free".to_owned(),
            Opener::Edit { .. } => "the configuration changes".to_owned(),
            Opener::Standing => "it began more than 400 days before".to_owned(),
        }
    }

    /// Returns a handoff.
    #[must_use]
    pub fn handoff(self, duty: &DutyId, handoff: &engine::Handoff) -> v1::Handoff {
        v1::Handoff {
            duty: self.full(duty),
            time: Some(timestamp(handoff.at)),
            leaving: self.all(handoff.from.difference(&handoff.to)),
            taking_over: self.all(handoff.to.difference(&handoff.from)),
            staying: self.all(handoff.to.intersection(&handoff.from)),
        }
    }

    /// Returns a gap less its stand-ins and acceptance.
    #[must_use]
    pub fn gap(self, proof: SeesTeam, gap: &engine::Gap) -> v1::Gap {
        v1::Gap {
            id: gap.id(self.team.identities()).to_string(),
            duty: self.full(&gap.duty),
            requirement: gap.requirement.to_string(),
            interval: Some(interval(gap.interval)),
            truncated_start: gap.truncated_start(),
            truncated_end: gap.truncated_end,
            required: number(gap.required),
            present: number(gap.present),
            causes: gap.causes.iter().map(|(cause, parts)| self.cause(proof, cause, parts)).collect(),
            stand_ins: Vec::new(),
            back_time: None,
            accepted: false,
            acceptance: None,
        }
    }

    /// Returns a cause of a gap, with the entries of time off that make it.
    #[must_use]
    pub fn cause(self, _: SeesTeam, cause: &GapCause, parts: &IntervalSet) -> v1::GapCause {
        v1::GapCause {
            kind: cause_kind(cause.kind) as i32,
            resident: cause.resident.as_ref().map(|id| self.full(id)),
            intervals: parts.intervals().iter().map(|part| interval(*part)).collect(),
            time_off: Vec::new(),
            override_name: None,
        }
    }

    /// Returns a stand-in.
    #[must_use]
    pub fn stand_in(self, _: SeesTeam, stand_in: &engine::StandIn) -> v1::StandIn {
        v1::StandIn {
            resident: self.full(&stand_in.resident),
            display_name: self.display_name(&stand_in.resident),
            covers: stand_in.covers.intervals().iter().map(|part| interval(*part)).collect(),
            whole: stand_in.whole,
            softly_off: stand_in.softly_off,
            hours: match stand_in.hours {
                HoursClass::Working => v1::HoursClass::Working,
                HoursClass::Awake => v1::HoursClass::Awake,
                HoursClass::Night => v1::HoursClass::Night,
            } as i32,
            rest_kept: stand_in.rest_kept,
            other_duties: self.all(&stand_in.other_duties),
            load_ratio: stand_in.load_ratio,
            reasons: stand_in.reasons(),
        }
    }

    /// Returns an acceptance and whether it holds.
    #[must_use]
    pub fn acceptance(
        self,
        proof: SeesTeam,
        accepted: &GapAcceptance,
        time: Instant,
        state: AcceptanceState,
    ) -> v1::GapAcceptance {
        v1::GapAcceptance {
            reason: accepted.reason.clone(),
            until_time: accepted.until.map(timestamp),
            accept_time: Some(timestamp(time)),
            actor: accepted.actor.clone(),
            interval: Some(interval(accepted.interval)),
            required: number(accepted.required),
            present: number(accepted.present),
            causes: accepted.causes.iter().map(|cause| self.cause(proof, cause, &IntervalSet::EMPTY)).collect(),
            state: match state {
                AcceptanceState::Holding => v1::GapAcceptanceState::Holding,
                AcceptanceState::Expired => v1::GapAcceptanceState::Expired,
                AcceptanceState::Outgrown => v1::GapAcceptanceState::Outgrown,
                AcceptanceState::CausesChanged => v1::GapAcceptanceState::CausesChanged,
            } as i32,
        }
    }

    /// Returns the explanation of a listing of `duty`.
    #[must_use]
    pub fn explanation(self, duty: &DutyId, explanation: &engine::Explanation, rules: &ZoneRules) -> v1::Explanation {
        match self.audience.sees_team() {
            Some(proof) => self.whole_explanation(proof, duty, explanation, rules),
            None => self.plain_explanation((duty, rules), PlainExplanation::from(explanation)),
        }
    }

    fn whole_explanation(
        self,
        proof: SeesTeam,
        duty: &DutyId,
        explanation: &engine::Explanation,
        rules: &ZoneRules,
    ) -> v1::Explanation {
        let layers = explanation.layers.iter().map(|layer| v1::LayerExplanation {
            passed_over: layer
                .passed_over
                .iter()
                .map(|(person, reasons)| self.passed_over(proof, person, reasons))
                .collect(),
            ..self.layer((duty, rules), PlainLayer::from(layer))
        });
        let overrides = explanation.overrides.iter().map(|entry| v1::OverrideExplanation {
            override_name: self.full(&entry.id),
            outcome: match &entry.outcome {
                OverrideOutcome::Applied => v1::OverrideOutcome::Applied,
                OverrideOutcome::CoverCannot(_) => v1::OverrideOutcome::CoverUnavailable,
                OverrideOutcome::CoverPlaced => v1::OverrideOutcome::CoverListed,
                OverrideOutcome::Idle => v1::OverrideOutcome::Idle,
            } as i32,
            reasons: match &entry.outcome {
                OverrideOutcome::CoverCannot(reasons) => {
                    reasons.iter().map(|reason| self.unavailability(proof, reason)).collect()
                }
                _ => Vec::new(),
            },
        });
        v1::Explanation {
            layers: layers.collect(),
            overrides: overrides.collect(),
            ..self.about_duty(duty, explanation.listing.required)
        }
    }

    /// Returns of an explanation what the duty states.
    pub(super) fn about_duty(self, duty: &DutyId, required: u32) -> v1::Explanation {
        let stated = self.team.duties.get(duty).map(|duty| &duty.versions);
        let headcount = stated.and_then(|versions| versions.at(self.at)).map(|(_, duty)| duty.headcount);
        v1::Explanation {
            effective_interval: stated.and_then(|versions| versions.stretch_at(self.at)).map(interval),
            places: match headcount {
                Some(Headcount::Count(count)) => Some(number(count.max(required))),
                Some(Headcount::All) | None => None,
            },
            ..v1::Explanation::default()
        }
    }

    /// Returns what a layer gave, less whom it passed over.
    pub(super) fn layer(self, (duty, rules): (&DutyId, &ZoneRules), layer: PlainLayer) -> v1::LayerExplanation {
        let versions = self.team.duties.get(duty).and_then(|stated| stated.layers.get(&layer.layer));
        v1::LayerExplanation {
            effective_interval: versions.and_then(|list| list.stretch_at(self.at)).map(interval),
            layer: layer.layer.to_string(),
            read: layer.active,
            turn: layer.turn.as_ref().map(|(number, resident)| v1::Turn {
                number: *number,
                interval: versions
                    .and_then(|list| turn_interval(&list.at(self.at)?.1.source, *number, rules))
                    .map(interval),
                resident: self.full(resident),
            }),
            listed: self.all(&layer.listed),
            passed_over: Vec::new(),
        }
    }

    fn passed_over(self, proof: SeesTeam, person: &ResidentId, reasons: &[Unavailable]) -> v1::PassedOver {
        let reasons = reasons.iter().map(|reason| self.unavailability(proof, reason)).collect();
        v1::PassedOver { resident: self.full(person), reasons }
    }

    fn unavailability(self, _: SeesTeam, reason: &Unavailable) -> v1::Unavailability {
        use v1::UnavailabilityReason as Reason;
        let plain = |reason: Reason| v1::Unavailability { reason: reason as i32, ..v1::Unavailability::default() };
        match reason {
            Unavailable::OutsideTerm => plain(Reason::OutOfTerm),
            Unavailable::LacksSkills(missing) => {
                v1::Unavailability { missing_skills: missing.clone(), ..plain(Reason::LacksSkill) }
            }
            Unavailable::TimeOff(id) => v1::Unavailability { time_off: Some(self.full(id)), ..plain(Reason::TimeOff) },
            Unavailable::SoftlyOff(id) => {
                v1::Unavailability { time_off: Some(self.full(id)), ..plain(Reason::SoftTimeOff) }
            }
            Unavailable::Holiday(set, _) => {
                v1::Unavailability { holiday_set: Some(self.full(set)), ..plain(Reason::Holiday) }
            }
            Unavailable::OutsideWorkingHours => plain(Reason::OutsideWorkingHours),
            Unavailable::AlreadyListed => plain(Reason::Listed),
            Unavailable::TakenOff(by) => {
                v1::Unavailability { override_name: by.as_ref().map(|id| self.full(id)), ..plain(Reason::TakenOff) }
            }
        }
    }
}

/// Returns a handle.
#[must_use]
pub fn handle(handle: &Handle) -> v1::Handle {
    v1::Handle {
        key: handle.key.clone(),
        value: handle.value.clone(),
        audience: match handle.audience {
            HandleAudience::Public => v1::HandleAudience::Public,
            HandleAudience::Team => v1::HandleAudience::Team,
        } as i32,
    }
}

/// Returns a count as the API has counts.
#[must_use]
pub fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// From one turn boundary to the next.
fn turn_interval(source: &Source, turn: i64, rules: &ZoneRules) -> Option<Interval> {
    let Source::Rotation(rotation) = source else { return None };
    let grid = rotation.turns(rotation.zone.zone(rules).ok()?);
    Interval::new(grid.boundary(turn), grid.boundary(turn + 1))
}

fn slot_layer(slot: &Slot) -> Option<&LayerId> {
    match slot {
        Slot::Override(_) => None,
        Slot::Turn { layer, .. } | Slot::Member { layer, .. } => Some(layer),
    }
}

fn edge_word(edge: Edge) -> &'static str {
    match edge {
        Edge::Begins => "begins",
        Edge::Ends => "ends",
    }
}

fn cause_kind(kind: CauseKind) -> v1::GapCauseKind {
    match kind {
        CauseKind::NobodyScheduled => v1::GapCauseKind::NobodyScheduled,
        CauseKind::Absent => v1::GapCauseKind::Absent,
        CauseKind::OutsideWorkingHours => v1::GapCauseKind::OutsideWorkingHours,
        CauseKind::OutsideTerm => v1::GapCauseKind::OutOfTerm,
        CauseKind::LacksSkill => v1::GapCauseKind::LacksSkill,
        CauseKind::TakenOff => v1::GapCauseKind::TakenOff,
    }
}
