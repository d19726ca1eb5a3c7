//! The ids of everything that a team names.

use crate::id::id_type;

id_type! {
    /// The id of a team, unique on a server.
    TeamId
}
impl TeamId {
    /// Returns the id under which the server keeps what is its own: tokens. No team can have it.
    #[must_use]
    pub fn server() -> Self {
        Self::from_valid("ondutyd")
    }
}

id_type! {
    /// The id of a resident, unique in a team.
    ResidentId
}
id_type! {
    /// The id of a duty, unique in a team.
    DutyId
}
id_type! {
    /// The id of a layer, unique in a duty.
    LayerId
}
id_type! {
    /// The id of a requirement, unique in a duty.
    RequirementId
}
id_type! {
    /// The id of a holiday set, unique in a team.
    HolidaySetId
}
id_type! {
    /// The id of an override, unique in a team.
    OverrideId, digits
}
id_type! {
    /// The id of an entry of time off, unique in a team.
    TimeOffId, digits
}
id_type! {
    /// The id of a task, unique in a team.
    TaskId, digits
}

id_type! {
    /// The id of a swap, unique in a team.
    SwapId, digits
}

id_type! {
    /// The id of a handoff note, unique in a team.
    HandoffNoteId, digits
}

id_type! {
    /// The id of a token or an invitation, unique on a server.
    TokenId
}
id_type! {
    /// The id of a feed, unique on a server.
    FeedId
}
id_type! {
    /// The id of a subscribed calendar, unique on a server.
    CalendarId
}

/// The identity of a computed gap (semantics 4.6), as a UUID.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GapId(pub uuid::Uuid);

/// The identity of a computed shift (semantics 4.6), as a UUID; a feed's UID is this.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ShiftId(pub uuid::Uuid);

impl std::fmt::Display for GapId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl std::fmt::Display for ShiftId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}
