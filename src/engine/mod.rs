//! What is computed from what is stated: who is on duty, the timeline, gaps, stand-ins (semantics 4 to 6).
//!
//! Pure and total: the team, the zone rules and the instants are arguments; nothing here reads a clock or panics.

mod acceptances;
mod answer;
mod back;
mod beginnings;
mod board;
mod causes;
mod check;
mod closed_gaps;
mod conflicts;
mod consequences;
mod differences;
mod explain;
#[cfg(test)]
mod fixture;
mod handoff_notes;
mod identity;
mod idle;
mod listings;
mod load;
mod local_hours;
mod names;
mod openers;
mod people;
mod places;
mod presence;
mod reader;
mod runs;
mod split;
mod stand_ins;
mod state;
mod swaps;
mod sweep;
mod tasks;
mod timeline;
mod tracks;
mod turns;
mod walk;
mod weak_points;

pub use acceptances::{AcceptanceState, accept, acceptance_state, whole_gap};
pub use answer::{Coverage, Edge, Gap, Handoff, Listing, Opener, Place, Shift, Slot};
pub use back::back_time;
pub use board::Board;
pub use check::{Finding, FindingKind, FindingPart, check};
pub use closed_gaps::{ClosedGap, closed_gaps};
pub use conflicts::{Conflict, ConflictKind, Takeover, Weight, conflicts};
pub use consequences::{AffectedPart, AffectedShift, AffectedTask, Consequences, OpenedGap, consequences};
pub use differences::{Differences, OtherGap, OtherLoad, OtherPeople, differences};
pub use explain::{
    Explanation, LayerExplanation, OverrideExplanation, OverrideOutcome, TurnExplanation, Unavailable, explain,
};
pub use handoff_notes::{NoteStanding, NotedHandoff, noted_handoffs};
pub use identity::{gap_id, shift_id, shift_month_id, slot_id};
pub use load::{Debt, Ledger, ResidentLoad, load};
pub use local_hours::{LoadClass, LoadHours};
pub use presence::working_time;
pub use split::{CannotTake, GivenTask, LeftTask, Share, Split, WhyLeft, residents_in_term, split, tasks_to_split};
pub use stand_ins::{HoursClass, StandIn, stand_ins};
pub use swaps::{Settled, SwapStanding, VoidReason, settled, swap_conflicts, swap_overrides, swap_part, swap_standing};
pub use tasks::{Room, TaskDanger, TaskHealth, TaskReader, room, task_health};
pub use timeline::{Timeline, listing, timeline};
pub use turns::{Turn, only_layer, turns};
pub use weak_points::{WeakPoint, weak_points};
