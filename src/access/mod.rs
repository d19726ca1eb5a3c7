//! Who may see what: the views of each answer, by audience and by type (semantics 8).
//!
//! The views for colleagues, viewers and the public have no field for a kind, a note, an open end or a cause: what is
//! not there cannot leak. Whatever puts such a thing into an answer asks for proof that its audience may see it:
//! [`SeesTeam`] or [`SeesResident`], which only an [`Audience`] gives.

mod audience;
mod authority;
mod calendar_team;
mod log;
mod months;
mod plain;
mod published;

pub use audience::{Audience, SeesResident, SeesTeam, Sight};
pub use authority::{
    Authority, Denial, Identity, Need, Visit, is_asked, is_own, is_own_cover, is_own_swap_change, is_own_task_change,
};
pub use calendar_team::CalendarTeam;
pub use log::TimeOffTold;
pub use months::LONG_SECONDS;
pub use plain::{Away, PlainExplanation, PlainGap, PlainLayer, PlainOpener, PlainResident, PlainShift, PlainStandIn};
pub use published::{AwayDays, Published, What};
