//! The API's enumerations in words for people.

use onduty::proto::v1::{
    Criticality, GapAcceptanceState, GapCauseKind, HoursClass, Origin, OverrideOutcome, RosterFindingKind, SwapState,
    TaskPriority, TaskState, TimeOffEffect, TimeOffKind, TzdbSource, UnavailabilityReason,
};

/// What comes before the words in the names of values, such as `TASK_STATE_` in `TASK_STATE_IN_PROGRESS`.
const PREFIXES: [&str; 15] = [
    "CRITICALITY_",
    "HANDLE_AUDIENCE_",
    "HOURS_CLASS_",
    "LAYER_HOURS_",
    "ORIGIN_",
    "ROSTER_FINDING_KIND_",
    "SHIFT_UNIT_",
    "SWAP_STATE_",
    "TASK_PRIORITY_",
    "TASK_STATE_",
    "TIME_OFF_EFFECT_",
    "TIME_OFF_KIND_",
    "TZDB_SOURCE_",
    "WHEN_ABSENT_",
    "GAP_ACCEPTANCE_STATE_",
];

/// Returns a value's name without its prefix, in small letters: `TASK_STATE_IN_PROGRESS` is `in progress`.
///
/// A text that is no value's name is returned as it is; an unspecified value is empty.
pub(crate) fn spoken(name: &str) -> String {
    match PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        Some("UNSPECIFIED") => String::new(),
        Some(words) => words.to_lowercase().replace('_', " "),
        None => name.to_owned(),
    }
}

/// Returns what kind of absence it is; empty where that is not shown.
pub(crate) fn time_off_kind(kind: i32) -> String {
    spoken(TimeOffKind::try_from(kind).unwrap_or(TimeOffKind::Other).as_str_name())
}

/// Returns what time off does, where that is not the usual thing.
pub(crate) fn time_off_effect(effect: i32) -> &'static str {
    match TimeOffEffect::try_from(effect) {
        Ok(TimeOffEffect::Soft) => "soft",
        Ok(TimeOffEffect::WorkingElsewhere) => "working elsewhere",
        _ => "",
    }
}

/// Returns where a swap stands.
pub(crate) fn swap_state(state: i32) -> String {
    spoken(SwapState::try_from(state).unwrap_or(SwapState::Unspecified).as_str_name())
}

/// Returns where a task stands.
pub(crate) fn task_state(state: i32) -> String {
    spoken(TaskState::try_from(state).unwrap_or(TaskState::Open).as_str_name())
}

/// Returns how much a task matters, where that is not the usual.
pub(crate) fn task_priority(priority: i32) -> String {
    match TaskPriority::try_from(priority) {
        Ok(TaskPriority::Unspecified | TaskPriority::Normal) | Err(_) => String::new(),
        Ok(other) => spoken(other.as_str_name()),
    }
}

/// Returns how bad a gap in a duty is.
pub(crate) fn criticality(criticality: i32) -> String {
    spoken(Criticality::try_from(criticality).unwrap_or(Criticality::Normal).as_str_name())
}

/// Returns where an object came from.
pub(crate) fn origin(origin: i32) -> String {
    spoken(Origin::try_from(origin).unwrap_or(Origin::Unspecified).as_str_name())
}

/// Returns where a tz database came from.
pub(crate) fn tzdb_source(source: i32) -> String {
    spoken(TzdbSource::try_from(source).unwrap_or(TzdbSource::Unspecified).as_str_name())
}

/// Returns what kind of surprise a finding is.
pub(crate) fn finding(kind: i32) -> String {
    spoken(RosterFindingKind::try_from(kind).unwrap_or(RosterFindingKind::Unspecified).as_str_name())
}

/// Returns the hours that somebody would be on duty in.
pub(crate) fn hours(class: i32) -> &'static str {
    match HoursClass::try_from(class) {
        Ok(HoursClass::Working) => "in working hours",
        Ok(HoursClass::Awake) => "outside working hours",
        Ok(HoursClass::Night) => "at night",
        _ => "",
    }
}

/// Returns why somebody is missing, to follow their name; without one, to stand alone.
pub(crate) fn gap_cause(kind: i32) -> &'static str {
    match GapCauseKind::try_from(kind) {
        Ok(GapCauseKind::NobodyScheduled) => "nobody is scheduled",
        Ok(GapCauseKind::OutsideWorkingHours) => "is outside working hours",
        Ok(GapCauseKind::OutOfTerm) => "is out of term",
        Ok(GapCauseKind::LacksSkill) => "lacks a skill",
        Ok(GapCauseKind::TakenOff) => "is taken off",
        _ => "is away",
    }
}

/// Returns what became of an acceptance that no longer holds.
pub(crate) fn acceptance(state: i32) -> &'static str {
    match GapAcceptanceState::try_from(state) {
        Ok(GapAcceptanceState::Holding) => "accepted",
        Ok(GapAcceptanceState::Expired) => "was accepted, which has run out",
        Ok(GapAcceptanceState::Outgrown) => "was accepted, but has grown since",
        Ok(GapAcceptanceState::CausesChanged) => "was accepted, but has other causes now",
        _ => "was accepted, which no longer holds",
    }
}

/// Returns why somebody was not listed.
pub(crate) fn unavailability(reason: i32) -> &'static str {
    match UnavailabilityReason::try_from(reason) {
        Ok(UnavailabilityReason::TimeOff) => "on time off",
        Ok(UnavailabilityReason::SoftTimeOff) => "softly off",
        Ok(UnavailabilityReason::Holiday) => "on holiday",
        Ok(UnavailabilityReason::OutsideWorkingHours) => "outside working hours",
        Ok(UnavailabilityReason::OutOfTerm) => "out of term",
        Ok(UnavailabilityReason::LacksSkill) => "lacks",
        Ok(UnavailabilityReason::TakenOff) => "taken off by",
        Ok(UnavailabilityReason::Listed) => "has a place already",
        _ => "away",
    }
}

/// Returns what an override did.
pub(crate) fn outcome(outcome: i32) -> &'static str {
    match OverrideOutcome::try_from(outcome) {
        Ok(OverrideOutcome::Applied) => "holds",
        Ok(OverrideOutcome::CoverUnavailable) => "does not place the one who covers, who is not available",
        Ok(OverrideOutcome::CoverListed) => "does not place the one who covers, who has a better place already",
        Ok(OverrideOutcome::Idle) => "is idle: the one covered for has no place then",
        Ok(OverrideOutcome::Superseded) => "does nothing: one made later holds for the same place",
        _ => "has an effect that this program does not know",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_values_become_words() {
        assert_eq!(spoken("TASK_STATE_IN_PROGRESS"), "in progress");
        assert_eq!(spoken("TIME_OFF_KIND_UNSPECIFIED"), "");
        assert_eq!(spoken("Europe/Warsaw"), "Europe/Warsaw");
    }
}
