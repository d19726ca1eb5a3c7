//! Accepted gaps: known, explained, and quiet until they grow (semantics 5.2).

use super::{DutyId, GapId, ResidentId};
use crate::civil::{Instant, Interval};

/// That a gap was accepted, and what it was like then.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GapAcceptance {
    /// The gap.
    pub gap: GapId,
    /// Its duty.
    pub duty: DutyId,
    /// What it covered when it was accepted; a gap that has grown is open again.
    pub interval: Interval,
    /// How many were required.
    pub required: u32,
    /// How many were there; a gap with fewer is open again.
    pub present: u32,
    /// Its causes; a gap with others is open again. Sorted, without repetition.
    pub causes: Vec<GapCause>,
    /// Why it is accepted.
    pub reason: String,
    /// Until when; `None` is for as long as the gap stays as it was.
    pub until: Option<Instant>,
    /// Who accepted it, as the log names them; empty where that was not kept.
    pub actor: String,
}

/// Why nobody, or not enough, are on duty.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GapCause {
    /// The kind of reason.
    pub kind: CauseKind,
    /// Whom it concerns; `None` for [`CauseKind::NobodyScheduled`].
    pub resident: Option<ResidentId>,
}

/// The kinds of reasons for a gap.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum CauseKind {
    /// No layer is active, or none has anybody.
    NobodyScheduled,
    /// The resident has hard time off or a holiday.
    Absent,
    /// The resident is outside their working hours.
    OutsideWorkingHours,
    /// The resident is outside their term, or no longer in the team.
    OutsideTerm,
    /// The resident lacks a skill that the duty asks for.
    LacksSkill,
    /// An override takes the resident off.
    TakenOff,
}
