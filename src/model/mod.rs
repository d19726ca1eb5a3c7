//! What a team states about itself: the nouns of semantics 2, their dated versions, and what makes them valid.
//!
//! Pure: no I/O, no clock. A whole team at one revision is a [`TeamSnapshot`].

mod acceptance;
mod author;
mod calendar;
mod duty;
mod erasing;
mod feed;
mod handoff_note;
mod holiday_set;
mod identity_key;
mod ids;
mod layer;
mod map;
mod overrides;
mod references;
mod resident;
mod rotation_edit;
mod snapshot;
mod span;
mod succession;
mod swap;
mod task;
mod team;
mod time_off;
mod token;
pub mod validate;
mod versions;
mod whereabouts;

pub use acceptance::{CauseKind, GapAcceptance, GapCause};
pub use author::Author;
pub use calendar::{Calendar, CalendarAddress, CalendarFailure, CalendarState, Wanted, Which};
pub use duty::{Criticality, Duty, Headcount, Requirement, RequirementTime};
pub use erasing::due_for_erasing;
pub use feed::{Feed, FeedContent, FeedOwner, FeedScope, FeedTitles, FeedView};
pub use handoff_note::HandoffNote;
pub use holiday_set::{Holiday, HolidaySet};
pub use identity_key::IdentityKey;
pub use ids::{
    CalendarId, DutyId, FeedId, GapId, HandoffNoteId, HolidaySetId, LayerId, OverrideId, RequirementId, ResidentId,
    ShiftId, SwapId, TaskId, TeamId, TimeOffId, TokenId,
};
pub use layer::{Hours, Layer, Rotation, Source, WhenAbsent, Windows};
pub use map::Map;
pub use overrides::{Override, OverrideForm};
pub use resident::{Handle, HandleAudience, Holidays, Resident, Term};
pub use rotation_edit::rotation_versions;
pub use snapshot::{Configured, ConfiguredDuty, Entered, Meta, Object, ObjectKey, Origin, TeamSnapshot};
pub use span::{Span, ZoneName};
pub use swap::{Swap, SwapAnswer, SwapOutcome, SwapPart};
pub use task::{Comment, Due, Priority, Task, TaskState};
pub use team::Team;
pub use time_off::{Cut, Effect, Imported, Instance, TimeOff, TimeOffKind, TimeOffPrivate};
pub use token::{Grant, Role, Token, TokenUse};
pub use versions::{LaterVersion, Made, Version, Versions};
