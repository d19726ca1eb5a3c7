//! Residents: the people who have duties (semantics 2.2).

use super::{HolidaySetId, ZoneName};
use crate::civil::{Date, Day, Instant, Interval, WeeklyWindow, Zone};

/// A resident's configuration.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Resident {
    /// The name that people read.
    pub display_name: String,
    /// The zone where the resident lives.
    pub home_zone: ZoneName,
    /// When the resident works, read on the clock of the zone they are in; empty means never *within* hours.
    pub working_hours: Vec<WeeklyWindow>,
    /// How much the resident works, in minutes a week.
    pub capacity_minutes: u32,
    /// From when until when the resident is one.
    pub term: Term,
    /// What the resident can do, as free words that duties ask for.
    pub skills: Vec<String>,
    /// The resident's public holidays: hard time off.
    pub holidays: Holidays,
    /// How the person is reached and found.
    pub handles: Vec<Handle>,
}

impl Resident {
    /// What a resident works a week where nothing is stated, in minutes: 40 hours.
    pub const CAPACITY_MINUTES_DEFAULT: u32 = 40 * 60;
    /// The most that a resident can work a week, in minutes: all of it.
    pub const CAPACITY_MINUTES_MAX: u32 = 168 * 60;

    /// Returns the minutes that a capacity of `hours` is; `None` where they are not whole minutes, none at all, or more
    /// than a week has.
    ///
    /// ```
    /// use onduty::model::Resident;
    ///
    /// assert_eq!(Resident::minutes(37.5), Some(2_250));
    /// assert_eq!(Resident::minutes(168.5), None);
    /// ```
    #[must_use]
    pub fn minutes(hours: f64) -> Option<u32> {
        super::task::whole_minutes(hours, Self::CAPACITY_MINUTES_MAX)
    }

    /// Returns how much the resident works, in hours a week.
    #[must_use]
    pub fn capacity_hours(&self) -> f64 {
        f64::from(self.capacity_minutes) / 60.0
    }
}

/// A resident's first and last day; whole days in a zone that is kept with them (semantics 1.7).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Term {
    /// The first day; `None` where the term has no stated beginning.
    pub first: Option<Date>,
    /// The last day, included; `None` where the term is open.
    pub last: Option<Date>,
    /// The zone whose days they are.
    pub zone: ZoneName,
}

impl Term {
    /// Returns the term as an interval on the clock of `zone`, which is the term's; `None` where it is empty.
    #[must_use]
    pub fn interval(&self, zone: &Zone) -> Option<Interval> {
        let start = self.first.map_or(Instant::MIN, |first| zone.day_start(Day::from(first)));
        let end = self.last.map_or(Instant::MAX, |last| zone.day_start(Day::from(last).plus(1)));
        Interval::new(start, end)
    }
}

/// The holiday sets that a resident keeps, and the zone whose days they are (semantics 1.7).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Holidays {
    /// The sets; a day in any of them is a holiday.
    pub sets: Vec<HolidaySetId>,
    /// The zone in which the days begin and end.
    pub zone: ZoneName,
}

/// One way to reach or find a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Handle {
    /// Where: `github`, `discord`, `email` or any other word.
    pub key: String,
    /// The name or address there.
    pub value: String,
    /// Who may see it.
    pub audience: HandleAudience,
}

/// Who may see a handle.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum HandleAudience {
    /// Everybody who may see who is on duty.
    Public,
    /// Viewers, residents and coordinators of the team.
    Team,
}
