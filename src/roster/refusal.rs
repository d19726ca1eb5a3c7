//! Why a call is not answered as asked, in the caller's terms.

use super::{NotUndoable, Obstacle};
use crate::access::Denial;
use crate::civil::{Instant, UnknownZone};
use crate::model::validate::Violation;
use crate::store::StoreError;

/// Why a call is refused. The service makes a status of it; nothing in it is private.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Fields are wrong: all that are, at once.
    #[error("{}", summary(.0))]
    Invalid(Vec<Violation>),
    /// There is no such thing.
    #[error("there is no {name}{hint}")]
    NotFound {
        /// Its full name.
        name: String,
        /// What was perhaps meant; may be empty.
        hint: String,
    },
    /// The name is taken.
    #[error("{name} exists already")]
    Exists {
        /// The full name.
        name: String,
    },
    /// The caller has seen an older state of the thing.
    #[error("{name} was changed since: its etag is {current}, not {given}; read it again")]
    EtagMismatch {
        /// The full name.
        name: String,
        /// The etag that was given.
        given: String,
        /// The etag that it has.
        current: String,
    },
    /// Something else has to be done first.
    #[error("{description}")]
    Precondition {
        /// A reason in capitals, such as `HAS_CHILDREN`.
        reason: &'static str,
        /// The full name of what stands in the way.
        subject: String,
        /// What stands in the way, and the way out.
        description: String,
    },
    /// Several things stand in the way of one call.
    #[error("{message}")]
    Preconditions {
        /// A reason in capitals, for all of them.
        reason: &'static str,
        /// What cannot be done.
        message: String,
        /// What stands in the way: each its full name, and why.
        violations: Vec<(String, String)>,
    },
    /// A change cannot be undone at all.
    #[error("revision {revision} {why}")]
    NotUndoable {
        /// The change.
        revision: u64,
        /// Why.
        why: NotUndoable,
    },
    /// Something stands in the way of undoing a change.
    #[error("revision {revision} cannot be undone: {} in the way", standing(.obstacles.len()))]
    Obstructed {
        /// The change.
        revision: u64,
        /// Everything that does.
        obstacles: Vec<Obstacle>,
    },
    /// A version dated later would be overwritten (semantics 3.5).
    #[error("{name} has a version planned from {from} on; say that it is to be replaced, or date the edit later")]
    LaterVersion {
        /// The full name.
        name: String,
        /// From when the planned version is in effect.
        from: Instant,
    },
    /// The past would change without the caller having said so (semantics 3.5).
    #[error("{from} is in the past; say that it is a correction, or date the edit from now on")]
    ChangesThePast {
        /// From when the edit was to be in effect.
        from: Instant,
    },
    /// The caller may not do that: the same whether there is such a thing or not.
    #[error("{}", denial(*.0))]
    Denied(Denial),
    /// The request id was used for another request.
    #[error("the request id {0} was used for another request; choose a new one")]
    RequestIdReused(uuid::Uuid),
    /// The page token belongs to another request.
    #[error("the page token belongs to another request; only page_size may differ between pages")]
    PageTokenMismatch,
    /// Others kept changing the team.
    #[error("others keep changing the team; try again")]
    Contention,
    /// As much as there may be of something at a time is being done.
    #[error("{0}; try again in a moment")]
    Busy(&'static str),
    /// The tz database in use lacks a zone that the team has stated.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The store cannot.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The work was broken off: the server is stopping, or has a fault.
    #[error("the call was broken off; try again with the same request id")]
    BrokenOff,
}

fn standing(count: usize) -> String {
    if count == 1 { "one thing stands".to_owned() } else { format!("{count} things stand") }
}

fn summary(violations: &[Violation]) -> String {
    match violations {
        [only] => format!("{}: {}", only.field, only.reason),
        several => format!("{} fields are wrong", several.len()),
    }
}

fn denial(denial: Denial) -> &'static str {
    match denial {
        Denial::Unknown => "a token is needed for this; log in, or send one as `authorization: Bearer TOKEN`",
        Denial::BadToken => "the token is not known here, has expired or was revoked; log in again",
        Denial::Forbidden => "your token does not allow this; ask a coordinator of the team for one that does",
    }
}

impl Refusal {
    /// Returns the refusal of one field.
    #[must_use]
    pub fn field(field: &str, reason: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation { field: field.to_owned(), reason: reason.into() }])
    }

    /// Returns the refusal of a name that nothing has.
    #[must_use]
    pub fn not_found(name: impl Into<String>) -> Self {
        Self::NotFound { name: name.into(), hint: String::new() }
    }
}
