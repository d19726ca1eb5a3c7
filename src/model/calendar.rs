//! Subscribed calendars: a resident's own, fetched from where it is and read as time off (semantics 7.5).

use std::fmt;

use super::{ResidentId, TeamId, TimeOffKind};
use crate::civil::Instant;

/// Which events of a calendar count as absences.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Wanted {
    /// The kind of events.
    pub which: Which,
    /// Those marked as free count too.
    pub free_too: bool,
    /// Those marked as tentative count too.
    pub tentative_too: bool,
}

/// A kind of events.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Which {
    /// Those of whole days, and those of any length that Outlook marks as out of office.
    #[default]
    AllDay,
    /// All.
    Every,
    /// Those of a category, in any case.
    Category(String),
    /// Those with a word, or several in a row, in the title, in any case. The title is not kept.
    Title(String),
}

/// A resident's calendar that is fetched and read again and again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Calendar {
    /// The team whose time off it tells.
    pub team: TeamId,
    /// Whose it is.
    pub resident: ResidentId,
    /// Which of theirs, in their words: what is imported from a file under the same name is the same calendar.
    pub name: String,
    /// Where it is.
    pub address: CalendarAddress,
    /// Which of its events count.
    pub wanted: Wanted,
    /// What absences are that are new.
    pub kind: TimeOffKind,
    /// How it stands with the calendar.
    pub state: CalendarState,
}

/// How it stands with a subscribed calendar.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CalendarState {
    /// The entity tag of what was read last, to be sent the next time.
    pub etag: Option<String>,
    /// When that was changed last, as its server wrote it.
    pub last_modified: Option<String>,
    /// When it was read last.
    pub read: Option<Instant>,
    /// Why it cannot be read now, if so.
    pub failure: Option<CalendarFailure>,
}

/// Why a calendar cannot be read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CalendarFailure {
    /// Since when.
    pub since: Instant,
    /// Why, in words for its resident.
    pub reason: String,
}

/// Where a calendar is: whoever knows it can read all of it, so it is never shown.
#[derive(Clone, Eq, PartialEq)]
pub struct CalendarAddress(String);

impl CalendarAddress {
    /// Returns the address that `text` is.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns all of it: for whoever fetches or stores it, and for nobody else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CalendarAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CalendarAddress")
    }
}
