//! Swaps: one resident asks another, or anybody, to take over a shift (semantics 2.10).

use super::{DutyId, OverrideId, ResidentId, ShiftId};
use crate::civil::{Instant, Interval};

/// A cover request, or with something given in return an exchange.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Swap {
    /// Who asks.
    pub asked_by: ResidentId,
    /// What they ask to be covered.
    pub asked: SwapPart,
    /// Whom they ask; `None` is anybody. An exchange asks somebody.
    pub asks: Option<ResidentId>,
    /// What they take over in return, of whom they ask.
    pub in_return: Option<SwapPart>,
    /// What they say to it; may be empty.
    pub message: String,
    /// Until when it can be accepted, exclusive; never after [`Swap::latest`].
    pub expires: Instant,
    /// What became of it; `None` while nobody has answered.
    pub answer: Option<SwapAnswer>,
}

/// A shift, or a part of one, that changes hands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SwapPart {
    /// The duty.
    pub duty: DutyId,
    /// The identity of the shift (semantics 4.6).
    pub shift: ShiftId,
    /// The identity that a shift has which begins with the slot of this one: the same for every piece of the slot.
    pub slot: ShiftId,
    /// From when until when.
    pub interval: Interval,
}

/// The answer to a swap.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SwapAnswer {
    /// What it is.
    pub outcome: SwapOutcome,
    /// When it was given.
    pub time: Instant,
    /// Who gave it, as the log names them.
    pub actor: String,
}

/// The answers that a swap can have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SwapOutcome {
    /// Somebody takes over.
    Accepted {
        /// Who.
        by: ResidentId,
        /// What was made of it, in the same change.
        overrides: Vec<OverrideId>,
    },
    /// The one who was asked does not.
    Declined,
    /// It was asked no longer.
    Withdrawn,
}

impl Swap {
    /// The longest message, in characters.
    pub const MESSAGE_MAX: usize = 500;

    /// Returns until when it can be accepted at the latest, where it was asked at `asked`: until its first part begins.
    /// A part that had begun by then counts until its end, for what is left of it can be covered (semantics 2.10c).
    #[must_use]
    pub fn latest(&self, asked: Instant) -> Instant {
        let latest = |part: &SwapPart| match part.interval.start() > asked {
            true => part.interval.start(),
            false => part.interval.end(),
        };
        let of_return = self.in_return.as_ref().map_or(Instant::MAX, latest);
        latest(&self.asked).min(of_return)
    }

    /// Returns who took over, if anybody did.
    #[must_use]
    pub fn taken_by(&self) -> Option<&ResidentId> {
        match &self.answer.as_ref()?.outcome {
            SwapOutcome::Accepted { by, .. } => Some(by),
            SwapOutcome::Declined | SwapOutcome::Withdrawn => None,
        }
    }

    /// Returns the overrides that were made of it.
    #[must_use]
    pub fn overrides(&self) -> &[OverrideId] {
        match self.answer.as_ref().map(|answer| &answer.outcome) {
            Some(SwapOutcome::Accepted { overrides, .. }) => overrides,
            _ => &[],
        }
    }

    /// Tells whether somebody asks in it, is asked, or took over.
    #[must_use]
    pub fn concerns(&self, resident: &ResidentId) -> bool {
        [Some(&self.asked_by), self.asks.as_ref(), self.taken_by()].contains(&Some(resident))
    }

    /// Returns what changes hands: what is asked, and what is given in return.
    pub fn parts(&self) -> impl Iterator<Item = &SwapPart> {
        std::iter::once(&self.asked).chain(&self.in_return)
    }
}
