//! What is computed from what is stated: who is on duty, the timeline, gaps, stand-ins (semantics 4 to 6).
//!
//! Pure and total: the team, the zone rules and the instants are arguments; nothing here reads a clock or panics.

mod answer;
mod causes;
mod explain;
mod identity;
mod openers;
mod people;
mod places;
mod runs;
mod state;
mod sweep;
mod timeline;
mod tracks;

pub use answer::{Coverage, Edge, Gap, Handoff, Listing, Opener, Place, Shift, Slot};
pub use explain::{
    Explanation, LayerExplanation, OverrideExplanation, OverrideOutcome, TurnExplanation, Unavailable, explain,
};
pub use identity::{gap_id, shift_id};
pub use timeline::{Timeline, listing, timeline};
