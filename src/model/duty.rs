//! Duties and their requirements (semantics 2.3, 2.4).

use super::{HolidaySetId, LayerId, RequirementId, ZoneName};
use crate::civil::{Date, Day, WeeklyWindow};

/// A duty's own configuration; its layers have versions of their own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Duty {
    /// The name that people read.
    pub title: String,
    /// What whoever is on duty does.
    pub description: String,
    /// When somebody has to be on duty; only these make a gap possible.
    pub requirements: Vec<Requirement>,
    /// The layers in order: the first has precedence.
    pub layers: Vec<LayerId>,
    /// What whoever is on duty must be able to do.
    pub skills: Vec<String>,
    /// How many are on duty.
    pub headcount: Headcount,
    /// How bad a gap is.
    pub criticality: Criticality,
    /// Whether its shifts are in the team's calendar feed.
    pub in_feed: bool,
}

/// How many are on duty: a number, or everybody whom the layers list.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Headcount {
    /// That many; at least 1.
    Count(u32),
    /// Everybody listed.
    All,
}

impl Headcount {
    /// Returns how many a requirement asks for that states no number: the duty's, or 1 for `all` (semantics 2.4).
    #[must_use]
    pub const fn required(self) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::All => 1,
        }
    }
}

/// How bad a gap in a duty is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Criticality {
    /// Can wait.
    Low,
    /// The usual.
    Normal,
    /// Should not wait.
    High,
    /// Must not wait.
    Critical,
}

/// When a duty needs how many people.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Requirement {
    /// Names it within the duty.
    pub id: RequirementId,
    /// The hours.
    pub time: RequirementTime,
    /// The zone whose clock and days they are.
    pub zone: ZoneName,
    /// How many; `None` asks for the duty's headcount.
    pub headcount: Option<u32>,
    /// The first local day, if not always.
    pub first: Option<Date>,
    /// The last local day, included, if not for ever.
    pub last: Option<Date>,
    /// Sets on whose days, in the requirement's zone, nothing is required.
    pub holiday_sets: Vec<HolidaySetId>,
}

impl Requirement {
    /// Returns how many it asks for in a duty of `headcount`.
    #[must_use]
    pub fn required(&self, headcount: Headcount) -> u32 {
        self.headcount.unwrap_or_else(|| headcount.required())
    }

    /// Tells whether it asks for every hour of every day, but for holidays.
    #[must_use]
    pub fn is_every_hour(&self) -> bool {
        self.time == RequirementTime::Always && self.first.is_none() && self.last.is_none()
    }

    /// Tells whether its first and last day let `day` count; holidays are not looked at.
    #[must_use]
    pub fn includes_day(&self, day: Day) -> bool {
        self.first.is_none_or(|first| Day::from(first) <= day) && self.last.is_none_or(|last| day <= Day::from(last))
    }
}

/// The hours of a requirement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RequirementTime {
    /// 00:00–24:00 of every local day.
    Always,
    /// The union of weekly windows.
    Windows(Vec<WeeklyWindow>),
}
