//! Tasks: work that somebody has to finish (semantics 2.9).

use super::{DutyId, ResidentId, ZoneName};
use crate::civil::{DateTime, Instant, UnknownZone, Wall, ZoneRules};

/// A task.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Task {
    /// The name that people read.
    pub title: String,
    /// The duty it belongs to, if any.
    pub duty: Option<DutyId>,
    /// Who does it.
    pub assignee: Option<ResidentId>,
    /// Who does it when the assignee cannot.
    pub deputy: Option<ResidentId>,
    /// How far it is.
    pub state: TaskState,
    /// By when it has to be done.
    pub due: Option<Due>,
    /// How many hours of work are left in it.
    pub effort_hours: Option<u32>,
    /// How it compares with other tasks: greater is more urgent.
    pub priority: i32,
    /// Where it is followed, as an http or https address; may be empty.
    pub link: String,
}

/// By when a task has to be done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Due {
    /// At an instant.
    At(Instant),
    /// At a local time; the end of a day is 00:00 of the next.
    Local(DateTime, ZoneName),
}

impl Due {
    /// Returns the instant.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks the zone.
    pub fn instant(&self, rules: &ZoneRules) -> Result<Instant, UnknownZone> {
        match self {
            Self::At(at) => Ok(*at),
            Self::Local(local, zone) => Ok(zone.zone(rules)?.instant(Wall::from(*local))),
        }
    }
}

/// How far a task is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TaskState {
    /// Nobody has begun.
    Open,
    /// Somebody is at it.
    InProgress,
    /// Somebody is at it and does not get on.
    Stuck,
    /// Finished.
    Done,
    /// Will not be done.
    Cancelled,
}

impl TaskState {
    /// Tells whether there is still something to do.
    #[must_use]
    pub const fn is_unfinished(self) -> bool {
        matches!(self, Self::Open | Self::InProgress | Self::Stuck)
    }
}
