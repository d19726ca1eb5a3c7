//! Where a swap stands: answered, open, expired, or void and why (semantics 2.10b).

use super::super::conflicts::{ConflictKind, Weight};
use super::super::timeline::timeline;
use super::effect::swap_overrides;
use super::{held, swap_conflicts};
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{DutyId, ResidentId, Swap, SwapOutcome, SwapPart, TeamSnapshot};

/// How far on either side a shift that is not where it was is looked for, in seconds: 35 days.
const MOVED_SECONDS: i64 = 35 * 86_400;

/// Where a swap stands at an instant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SwapStanding {
    /// It can be accepted.
    Open,
    /// Somebody took over.
    Accepted,
    /// The one who was asked did not.
    Declined,
    /// It was asked no longer.
    Withdrawn,
    /// Its time is over.
    Expired,
    /// It could not take effect, whoever accepted it, as long as that is so.
    Void(VoidReason),
}

/// Why a swap could not take effect.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum VoidReason {
    /// The duty is not in effect at that time.
    DutyEnded(DutyId),
    /// There is no such shift any more.
    Gone {
        /// The duty.
        duty: DutyId,
        /// Whose shift it was.
        resident: ResidentId,
    },
    /// The shift is at another time; nobody agreed to that.
    Moved {
        /// The duty.
        duty: DutyId,
        /// Whose shift it is.
        resident: ResidentId,
        /// When it is now.
        to: Interval,
    },
    /// The shift is somebody else's.
    Lost {
        /// The duty.
        duty: DutyId,
        /// Whose shift it was.
        resident: ResidentId,
        /// Who has it.
        to: ResidentId,
    },
    /// Whoever was to take over cannot.
    Cannot {
        /// Who.
        resident: ResidentId,
        /// Why.
        why: ConflictKind,
    },
    /// It cannot be done without moving others.
    MovesOthers(DutyId),
}

impl SwapStanding {
    /// Returns where a swap stands that was answered so.
    #[must_use]
    pub fn of(outcome: &SwapOutcome) -> Self {
        match outcome {
            SwapOutcome::Accepted { .. } => Self::Accepted,
            SwapOutcome::Declined => Self::Declined,
            SwapOutcome::Withdrawn => Self::Withdrawn,
        }
    }
}

impl VoidReason {
    /// Returns the reason in words, as far as somebody may know it who sees `whole` of the resident (semantics 8.2b).
    #[must_use]
    pub fn words(&self, whole: impl Fn(&ResidentId) -> bool) -> String {
        match self {
            Self::DutyEnded(duty) => format!("'{duty}' is no duty any more at that time"),
            Self::Gone { duty, resident } => format!("'{resident}' has no such shift on '{duty}' any more"),
            Self::Moved { duty, resident, to } => {
                let (start, end) = (to.start(), to.end());
                format!("the shift of '{resident}' on '{duty}' is at another time now: from {start} to {end}")
            }
            Self::Lost { duty, resident, to } => {
                format!("'{resident}' does not have the shift on '{duty}' any more; '{to}' has it")
            }
            Self::Cannot { resident, why } => {
                format!("'{resident}' {}", why.words(whole(resident)).unwrap_or_else(|| "cannot".to_owned()))
            }
            Self::MovesOthers(duty) => format!("it would move somebody else on '{duty}'; make an override instead"),
        }
    }
}

/// Tells where a swap stands that was asked and perhaps answered (semantics 2.10b).
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn swap_standing(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    swap: &Swap,
    now: Instant,
) -> Result<SwapStanding, UnknownZone> {
    Ok(match &swap.answer {
        Some(answer) => SwapStanding::of(&answer.outcome),
        None if swap.expires <= now => SwapStanding::Expired,
        None => void(team, rules, swap, now)?.map_or(SwapStanding::Open, SwapStanding::Void),
    })
}

fn void(team: &TeamSnapshot, rules: &ZoneRules, swap: &Swap, now: Instant) -> Result<Option<VoidReason>, UnknownZone> {
    let owners = [Some(&swap.asked_by), swap.asks.as_ref()].into_iter().flatten();
    for (part, owner) in swap.parts().zip(owners) {
        if let Some(reason) = not_theirs(team, rules, part, owner, now)? {
            return Ok(Some(reason));
        }
    }
    let Some(asked) = &swap.asks else { return Ok(None) };
    let against = swap_conflicts(team, rules, swap, asked, now)?;
    let prevents = against.into_iter().find(|(_, conflict)| conflict.kind.weight() == Weight::Prevents);
    if let Some((resident, conflict)) = prevents {
        return Ok(Some(VoidReason::Cannot { resident, why: conflict.kind }));
    }
    let found = swap_overrides(team, rules, swap, asked, now)?;
    Ok(found.is_none().then(|| VoidReason::MovesOthers(swap.asked.duty.clone())))
}

/// Why what is left of a part is not `owner`'s to hand over; `None` where it is.
fn not_theirs(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    part: &SwapPart,
    owner: &ResidentId,
    now: Instant,
) -> Result<Option<VoidReason>, UnknownZone> {
    let (key, duty, resident) = (team.identities(), part.duty.clone(), owner.clone());
    let Some(left) = part.left(now) else { return Ok(Some(VoidReason::Gone { duty, resident })) };
    let found = timeline(team, rules, &duty, left)?;
    if held(&found, key, part, owner).encloses(left) {
        return Ok(None);
    }
    if found.change_points().into_iter().all(|at| found.listing_at(at).is_none()) {
        return Ok(Some(VoidReason::DutyEnded(duty)));
    }
    let wide = Interval::new(left.start().plus(-MOVED_SECONDS), left.end().plus(MOVED_SECONDS)).unwrap_or(left);
    let around = timeline(team, rules, &duty, wide)?;
    let others = found.shifts().iter().filter(|shift| shift.resident != *owner);
    let other = others.into_iter().find(|shift| super::slot_id(key, &shift.duty, &shift.slot) == part.slot);
    let same = around.shifts().iter().find(|shift| shift.id(key) == part.shift);
    Ok(Some(match (other, same) {
        (Some(other), _) => VoidReason::Lost { duty, resident, to: other.resident.clone() },
        (None, Some(same)) if same.resident == *owner => VoidReason::Moved { duty, resident, to: same.interval },
        (None, Some(same)) => VoidReason::Lost { duty, resident, to: same.resident.clone() },
        (None, None) => match found.shifts().iter().find(|shift| shift.resident != *owner) {
            Some(shift) => VoidReason::Lost { duty, resident, to: shift.resident.clone() },
            None => VoidReason::Gone { duty, resident },
        },
    }))
}
