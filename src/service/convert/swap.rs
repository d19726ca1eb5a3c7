//! Swaps, and what speaks against taking over, as messages.

use super::stamp::uid;
use super::time::{interval, timestamp};
use crate::access::Audience;
use crate::engine::{Conflict, ConflictKind, SwapStanding, Weight};
use crate::model::{Entered, ResidentId, Swap, SwapId, SwapPart, TeamId};
use crate::proto::v1;
use crate::service::names::Name;
use crate::service::request::etag;

/// Returns a swap as it is kept: where it stands without a look at the roster, and without conflicts.
#[must_use]
pub fn swap(team: &TeamId, id: &SwapId, entry: &Entered<Swap>) -> v1::Swap {
    let (meta, value, name) = (&entry.meta, &entry.value, id.full(team));
    let answer = value.answer.as_ref();
    let kept = answer.map_or(SwapStanding::Open, |answer| SwapStanding::of(&answer.outcome));
    v1::Swap {
        uid: uid(&name, meta),
        name,
        resident: value.asked_by.full(team),
        asked: Some(part(team, &value.asked)),
        to_resident: value.asks.as_ref().map(|id| id.full(team)).unwrap_or_default(),
        in_return: value.in_return.as_ref().map(|given| part(team, given)),
        message: value.message.clone(),
        expire_time: Some(timestamp(value.expires)),
        state: state(&kept) as i32,
        state_text: String::new(),
        taken_by: value.taken_by().map(|by| by.full(team)).unwrap_or_default(),
        answer_time: answer.map(|answer| timestamp(answer.time)),
        answered_by: answer.map(|answer| answer.actor.clone()).unwrap_or_default(),
        overrides: value.overrides().iter().map(|id| id.full(team)).collect(),
        conflicts: Vec::new(),
        create_time: Some(timestamp(meta.create_time)),
        update_time: Some(timestamp(meta.update_time)),
        etag: etag(meta),
    }
}

fn part(team: &TeamId, part: &SwapPart) -> v1::SwapPart {
    v1::SwapPart { duty: part.duty.full(team), shift: part.shift.to_string(), interval: Some(interval(part.interval)) }
}

/// Returns where a swap stands.
#[must_use]
pub fn state(standing: &SwapStanding) -> v1::SwapState {
    match standing {
        SwapStanding::Open => v1::SwapState::Open,
        SwapStanding::Accepted => v1::SwapState::Accepted,
        SwapStanding::Declined => v1::SwapState::Declined,
        SwapStanding::Withdrawn => v1::SwapState::Withdrawn,
        SwapStanding::Expired => v1::SwapState::Expired,
        SwapStanding::Void(_) => v1::SwapState::Void,
    }
}

/// Returns what speaks against `resident`'s taking over, as far as the audience may know it (semantics 8.2b).
#[must_use]
pub fn conflict(
    team: &TeamId,
    resident: &ResidentId,
    conflict: &Conflict,
    audience: &Audience,
) -> Option<v1::CoverConflict> {
    use v1::CoverConflictKind as Kind;
    let whole = audience.sees_resident(resident).is_some();
    let kind = match &conflict.kind {
        ConflictKind::OutsideTerm if whole => Kind::OutsideTerm,
        ConflictKind::LacksSkills(_) if whole => Kind::LacksSkill,
        ConflictKind::OutsideTerm | ConflictKind::Away | ConflictKind::LacksSkills(_) => Kind::Away,
        ConflictKind::OnIt => Kind::AlreadyOnDuty,
        ConflictKind::Rest { .. } => Kind::Rest,
        ConflictKind::OtherDuties(_) => Kind::OtherDuty,
        ConflictKind::SoftlyOff => Kind::SoftlyOff,
    };
    let weight = match conflict.kind.weight() {
        Weight::Prevents => v1::CoverConflictWeight::Prevents,
        // What reads "away" weighs like it.
        Weight::Refuses if kind == Kind::Away => v1::CoverConflictWeight::Prevents,
        Weight::Refuses => v1::CoverConflictWeight::Refuses,
        Weight::Warns => v1::CoverConflictWeight::Warns,
    };
    let words = conflict.kind.words(whole)?;
    Some(v1::CoverConflict {
        resident: resident.full(team),
        kind: kind as i32,
        intervals: conflict.times.intervals().iter().map(|part| interval(*part)).collect(),
        weight: weight as i32,
        text: format!("'{resident}' {words}"),
    })
}
