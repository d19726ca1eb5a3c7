//! Handoff notes: what the next person must know (semantics 2.12).

use super::{Author, DutyId};
use crate::civil::Instant;

/// What is left for whoever takes over a duty. It belongs to the first handoff of the duty at or after its time with
/// which somebody takes over; which one that is, is found when it is read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HandoffNote {
    /// The duty.
    pub duty: DutyId,
    /// What the next person must know.
    pub text: String,
    /// Who left it.
    pub author: Author,
    /// From when on a handoff counts.
    pub time: Instant,
}
