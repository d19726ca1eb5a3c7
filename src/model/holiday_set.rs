//! Holiday sets: named dates (semantics 2.6).

use std::collections::BTreeSet;

use crate::civil::{Date, Day};

/// A holiday: a local date and what it is called.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Holiday {
    /// The date; a day in the zone of whoever refers to the set.
    pub date: Date,
    /// What people call it; may be empty.
    pub name: String,
}

/// A set of holidays, without a zone of its own: whoever refers to it has one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HolidaySet {
    /// The name that people read.
    pub display_name: String,
    /// Its days.
    pub holidays: Vec<Holiday>,
}

impl HolidaySet {
    /// Returns its days, for look-ups.
    #[must_use]
    pub fn days(&self) -> BTreeSet<Day> {
        self.holidays.iter().map(|holiday| Day::from(holiday.date)).collect()
    }
}
