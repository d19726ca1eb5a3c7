//! The application: a command on a team is checked, made a change set, committed, and becomes the next snapshot.
//!
//! Readers share a team's snapshot and never wait for a writer. A change is a pure function of the snapshot it is made
//! against; where somebody else was faster it is made again against the newer one.

mod calendars;
mod change;
pub mod demo;
mod desk;
mod edit;
mod erasing;
mod event_log;
mod feeds;
pub mod file;
pub mod forget;
mod ids;
pub mod imports;
mod refusal;
mod rosters;
mod secret;
mod server_objects;
mod timelines;
mod tokens;
mod undo;

pub use calendars::{Calendars, Fetched, Look, Reason, Unreachable};
pub use change::{Change, Changed, Request};
pub use desk::Desk;
pub use edit::{Dated, Draft};
pub use event_log::{EventLog, Stamps};
pub use feeds::{Feeds, NewFeed, Subscription};
pub use ids::drawn_id;
pub use refusal::Refusal;
pub use rosters::{Rosters, TeamState};
pub use secret::{Secret, SecretKind};
pub use tokens::{Issue, Issued, Tokens};
pub use undo::{NotUndoable, Obstacle, is_own_to_undo, undo, undo_title, undone_revision};

pub use crate::store::{ChangeSet, Fingerprint, LogEntry, LoggedChange, StoreError};
