//! Tasks: work that somebody has to finish (semantics 2.9).

use super::{Author, DutyId, ResidentId, ZoneName};
use crate::civil::{Date, DateTime, Day, Instant, UnknownZone, Wall, ZoneRules};

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
    /// How many minutes of work are left in it.
    pub effort_minutes: Option<u32>,
    /// How it compares with other tasks.
    pub priority: Priority,
    /// Where it is followed, as an http or https address; may be empty.
    pub link: String,
    /// What it waits for while it is stuck; empty otherwise.
    pub stuck_reason: String,
    /// When it was done or cancelled; `None` while there is still something to do.
    pub finish_time: Option<Instant>,
    /// What people said about it, the oldest first.
    pub comments: Vec<Comment>,
}

/// What somebody said about a task.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Comment {
    /// Who said it.
    pub author: Author,
    /// When.
    pub time: Instant,
    /// What.
    pub text: String,
}

impl Task {
    /// The most comments that a task may have.
    pub const COMMENTS_MAX: usize = 100;

    /// The most work that a task may have left, in minutes: 10,000 hours.
    pub const EFFORT_MINUTES_MAX: u32 = 600_000;

    /// Returns the minutes that `hours` of work are; `None` where they are not whole minutes, none at all, or too many.
    ///
    /// ```
    /// use onduty::model::Task;
    ///
    /// assert_eq!(Task::minutes(1.5), Some(90));
    /// assert_eq!(Task::minutes(0.01), None); // 36 seconds
    /// ```
    #[must_use]
    pub fn minutes(hours: f64) -> Option<u32> {
        whole_minutes(hours, Self::EFFORT_MINUTES_MAX)
    }

    /// Tells whether `after` is the task with one more comment, which `resident` wrote, and nothing else different.
    #[must_use]
    pub fn is_commented_by(&self, after: &Self, resident: &ResidentId) -> bool {
        let Some((new, old)) = after.comments.split_last() else { return false };
        let theirs = new.author.resident.as_ref() == Some(resident) && *old == *self.comments;
        theirs && *self == Self { comments: self.comments.clone(), ..after.clone() }
    }

    /// Returns the work left in it, in hours.
    #[must_use]
    pub fn effort_hours(&self) -> Option<f64> {
        self.effort_minutes.map(|minutes| f64::from(minutes) / 60.0)
    }
}

/// Returns the minutes that `hours` are; `None` where they are not whole minutes, none at all, or more than `max`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
pub(super) fn whole_minutes(hours: f64, max: u32) -> Option<u32> {
    let (minutes, max) = (hours * 60.0, f64::from(max));
    let whole = minutes.round();
    // A third of an hour is twenty minutes, whatever the last bits of the fraction say.
    let is_whole = (minutes - whole).abs() < 1e-6;
    (is_whole && (1.0..=max).contains(&whole)).then_some(whole as u32)
}

/// By when a task has to be done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Due {
    /// At an instant.
    At(Instant),
    /// At a local time.
    Local(DateTime, ZoneName),
    /// At the end of a local day.
    Day(Date, ZoneName),
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
            Self::Day(date, zone) => Ok(zone.zone(rules)?.day_start(Day::from(*date).plus(1))),
        }
    }
}

/// How much a task matters beside others.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Priority {
    /// Whenever there is time.
    Low,
    /// In its turn.
    #[default]
    Normal,
    /// Before others.
    High,
    /// Before everything.
    Urgent,
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_is_over_when_the_next_begins() {
        let rules = ZoneRules::bundled().unwrap();
        let due = |day, zone| Due::Day(day, ZoneName::new(zone)).instant(&rules).unwrap().to_string();
        assert_eq!(due(date(2026, 10, 25), "Europe/Warsaw"), "2026-10-25T23:00:00Z");
        // The next day begins at 01:00, for the clock jumps over its midnight.
        assert_eq!(due(date(2026, 4, 23), "Africa/Cairo"), "2026-04-23T22:00:00Z");
    }
}
