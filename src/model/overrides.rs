//! Overrides: one-off changes of who covers a duty (semantics 2.7).

use super::{DutyId, ResidentId, Span, SwapId};

/// An override of a duty over a bounded span.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Override {
    /// The duty.
    pub duty: DutyId,
    /// When; never open-ended.
    pub span: Span,
    /// Who covers for whom.
    pub form: OverrideForm,
    /// Whether it was made although the one who covers lacks a skill (semantics 4.3).
    pub forced: bool,
    /// The swap that it came of, if it did (semantics 2.10).
    pub swap: Option<SwapId>,
}

/// The three forms of an override.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum OverrideForm {
    /// `by` covers in place of nobody: a slot of its own, before all layers.
    Add {
        /// Who covers.
        by: ResidentId,
    },
    /// `by` stands in the slot of `owner`, whoever stands there now.
    Replace {
        /// Who covers.
        by: ResidentId,
        /// Whose slot.
        owner: ResidentId,
    },
    /// `owner` is taken off, with nobody in their place.
    TakeOff {
        /// Who is taken off.
        owner: ResidentId,
    },
}

impl OverrideForm {
    /// Returns who covers, if anybody does.
    #[must_use]
    pub fn by(&self) -> Option<&ResidentId> {
        match self {
            Self::Add { by } | Self::Replace { by, .. } => Some(by),
            Self::TakeOff { .. } => None,
        }
    }

    /// Returns who is taken off the duty, if anybody is.
    #[must_use]
    pub fn owner(&self) -> Option<&ResidentId> {
        match self {
            Self::Replace { owner, .. } | Self::TakeOff { owner } => Some(owner),
            Self::Add { .. } => None,
        }
    }
}
