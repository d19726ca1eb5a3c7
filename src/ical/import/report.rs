//! What came of reading a calendar file: words for the person who gave it, and nothing of what their events are about.

use std::collections::BTreeSet;
use std::fmt;

use uuid::Uuid;

use super::limits::{BYTES_MAX, INSTANCES_MAX, PARTS_MAX};
use crate::civil::Date;
use crate::model::{Holiday, Span};

/// What a calendar says of when somebody is away.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Absences {
    /// What was taken, ordered by line and start; every id occurs once.
    pub taken: Vec<Absence>,
    /// What is wrong with events that were therefore left out, ordered by line.
    pub left: Vec<Left>,
    /// What else should be known about how the file was read, ordered by line.
    pub remarks: Vec<Remark>,
    /// How many events were passed over because they were not asked for.
    pub passed: Passed,
    /// How many events the file has; a recurring one counts once, and each of its changed instances.
    pub events: usize,
    /// What may be in the calendar beside what was taken.
    pub unread: Unread,
}

/// The events of which nobody knows when they are: what was known of them before is not gone with them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Unread {
    /// Those whose UID could be read, as [`Absence::event`].
    pub events: BTreeSet<Uuid>,
    /// There may be others, because the file is cut off or the UID of an event could not be read.
    pub others: bool,
}

/// One instance of an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Absence {
    /// Its identity: it stays when the event is moved, renamed or listed elsewhere in the file.
    pub id: Uuid,
    /// The identity of its event, which all instances of a recurring one share.
    pub event: Uuid,
    /// The line of the event's `BEGIN`, from 1.
    pub line: u32,
    /// When it is; never open-ended.
    pub span: Span,
}

/// What a calendar says of public holidays.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Holidays {
    /// The days and what they are called, ordered by date and name, each pair once.
    pub taken: Vec<Holiday>,
    /// What is wrong with events that were therefore left out, ordered by line.
    pub left: Vec<Left>,
    /// What else should be known about how the file was read, ordered by line.
    pub remarks: Vec<Remark>,
    /// How many events were passed over because they are no holidays, or not within the dates.
    pub passed: Passed,
    /// How many events the file has.
    pub events: usize,
    /// There may be more, of which nobody knows when they are.
    pub incomplete: bool,
}

/// How many events were passed over, and why; nothing is wrong with these.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Passed {
    /// They happen outside the window only.
    pub outside: usize,
    /// They are not of the kind that was asked for.
    pub not_wanted: usize,
    /// They are marked as free.
    pub free: usize,
    /// They are marked as tentative.
    pub tentative: usize,
    /// They are cancelled.
    pub cancelled: usize,
    /// Their only attendee has declined.
    pub declined: usize,
}

/// An event that was left out although it might have been wanted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Left {
    /// The line of the event's `BEGIN`, or of what is wrong in it, from 1.
    pub line: u32,
    /// What is wrong.
    pub reason: LeftReason,
}

/// Why an event was left out.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LeftReason {
    /// It has no `DTSTART`.
    #[error("the event does not say when it starts")]
    NoStart,
    /// A line of it cannot be read.
    #[error("its {0} cannot be read")]
    Malformed(Part),
    /// A timed event without an end, or with its start for an end (RFC 5545 §3.6.1).
    #[error("the event takes no time: it has no end, or ends when it starts")]
    NoLength,
    /// It ends before it starts.
    #[error("the event ends before it starts")]
    EndBeforeStart,
    /// It starts on a day and ends at a time of day, or the other way round.
    #[error("only one of its start and its end has a time of day")]
    Mixed,
    /// Its zone is neither known by name nor described in the file.
    #[error(
        "its time zone '{0}' is not known, and the file does not describe it; give the event a zone such as \
         Europe/Warsaw, and export the calendar again"
    )]
    UnknownZone(Quoted),
    /// It reaches out of the years that are supported.
    #[error("the event is not wholly within the years 1970 to 2200")]
    OutOfYears,
    /// It starts within an hour that the clock jumps over, and ends before that time would have come.
    #[error("the event starts in an hour that does not exist, because the clocks go forward")]
    Skipped,
    /// It recurs in a way that is not read.
    #[error("the event recurs in a way that is not read: {0}")]
    Rule(RuleProblem),
    /// It recurs too often within the window.
    #[error("the event recurs more than {INSTANCES_MAX} times in the time that is read")]
    TooManyInstances,
    /// It has too many lines that matter.
    #[error("the event lists more than {PARTS_MAX} dates or lines")]
    TooManyParts,
    /// The file has more to work out than is done for one.
    #[error("the calendar has too much in it to be read in one go; export a part of it, or a shorter time")]
    TooMuch,
    /// Another version of the event is newer (RFC 5546 §2.1.4).
    #[error("it is an older version of the event on line {0}")]
    Superseded(u32),
    /// The file goes on, or ends, without the event's `END`.
    #[error("the event is not finished: END:VEVENT is missing")]
    Unfinished,
}

impl LeftReason {
    /// Whether nobody knows when the event is. Of one that takes no time that is known, and an older version is none.
    pub(super) fn hides(&self) -> bool {
        !matches!(self, Self::NoLength | Self::Superseded(_))
    }
}

/// A part of an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// `DTSTART`.
    Start,
    /// `DTEND`.
    End,
    /// `DURATION`.
    Duration,
    /// `RRULE`.
    Rule,
    /// `RDATE`.
    MoreDates,
    /// `EXDATE`.
    ExceptedDates,
    /// `RECURRENCE-ID`.
    Original,
    /// `UID`.
    Uid,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Start => "start (DTSTART)",
            Self::End => "end (DTEND)",
            Self::Duration => "length (DURATION)",
            Self::Rule => "recurrence rule (RRULE)",
            Self::MoreDates => "list of further dates (RDATE)",
            Self::ExceptedDates => "list of excepted dates (EXDATE)",
            Self::Original => "original start (RECURRENCE-ID)",
            Self::Uid => "identity (UID)",
        })
    }
}

/// What about a recurrence rule is not read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RuleProblem {
    /// `FREQ=HOURLY` and shorter.
    #[error("it recurs more often than daily")]
    TooOften,
    /// `BYHOUR` and the like, other than the start's own.
    #[error("it names times of day other than that of its start")]
    TimesOfDay,
    /// A number in `BYDAY` of a daily or weekly rule.
    #[error("it numbers weekdays, but not of months or years")]
    NumberedWeekday,
    /// More than one rule, or a rule of exceptions (RFC 2445 §4.8.5.2).
    #[error("it has more than one rule")]
    Several,
}

/// Something about how the file was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remark {
    /// The line that it is about, from 1.
    pub line: u32,
    /// What was done.
    pub what: RemarkKind,
}

/// What there is to remark.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RemarkKind {
    /// A line that matters is not UTF-8.
    #[error("the file is not UTF-8; it was read as Latin-1 (windows-1252)")]
    Latin1,
    /// A zone's name was read as another one.
    #[error("the time zone '{name}' was read as {zone}")]
    ReadAs {
        /// The name as given.
        name: Quoted,
        /// The IANA zone.
        zone: String,
    },
    /// A zone's name is no more than how far it is from UTC.
    #[error("the time zone '{0}' was read as a clock that never changes")]
    Fixed(Quoted),
    /// A zone has no known name; what the file itself says of it was used.
    #[error("the time zone '{0}' was read by the rules in the file")]
    OwnRules(Quoted),
    /// The calendar's own zone is unknown, so the resident's was used.
    #[error("the calendar's time zone '{name}' is not known; times without a zone were read in {zone}")]
    CalendarZone {
        /// The name as given.
        name: Quoted,
        /// The IANA zone of the resident.
        zone: String,
    },
    /// A rule without an end.
    #[error("the event recurs without an end; it was taken until {0}")]
    Endless(Date),
    /// There is text outside calendars.
    #[error("there is text outside the calendar, which was passed over")]
    TextOutside,
    /// A calendar has no end: the rest of it is missing.
    #[error("a calendar ends in the middle; the rest of it may be missing")]
    CutOff,
    /// The file has no events.
    #[error("the calendar has no events")]
    NoEvents,
}

/// Why a file was not read at all.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unreadable {
    /// It has no bytes but white space.
    #[error("the file is empty")]
    Empty,
    /// It is too large.
    #[error("the file is larger than {} MiB; export a shorter time", BYTES_MAX >> 20)]
    TooLarge,
    /// It is HTML.
    #[error(
        "this is a web page, not a calendar; use the address of the calendar itself, which often ends in .ics, and \
         check that it can be read without logging in"
    )]
    WebPage,
    /// It is one of this program's own: somebody's shifts are no absences.
    #[error("this is one of onduty's own calendars; what is in it is known already, so give the calendar itself")]
    Own,
    /// It is UTF-16.
    #[error("the file is UTF-16; save it as UTF-8")]
    Utf16,
    /// It is something else.
    #[error("this is not a calendar: there is no line BEGIN:VCALENDAR")]
    NotACalendar,
    /// The tz database lacks the zone in which to read.
    #[error(transparent)]
    NoZone(#[from] crate::civil::UnknownZone),
}

/// The longest name of a zone that is quoted, in characters.
const QUOTED_MAX: usize = 60;

/// The name of a zone out of a file: short, on one line, without characters that cannot be seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Quoted(String);

impl Quoted {
    pub(super) fn new(name: &str) -> Self {
        let mut seen = visible(name, QUOTED_MAX);
        if seen.is_empty() {
            seen.push('?');
        }
        Self(seen)
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns at most `max` characters of a text, of those that can be seen; white space is single spaces.
pub(super) fn visible(text: &str, max: usize) -> String {
    let start: String = text.chars().take(16 * max).filter(|c| c.is_whitespace() || !is_hidden(*c)).collect();
    let words = start.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(max) {
        None => line,
        Some(_) => line.chars().take(max.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// Whether a character cannot be seen, or turns the text around; joiners are left out with them.
fn is_hidden(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || c.is_control() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::validate::hidden_character;

    #[test]
    fn quoted_names_are_short_and_can_be_seen() {
        assert_eq!(Quoted::new("Mars/\u{7}Olympus\r\n X\u{202e}").to_string(), "Mars/Olympus X");
        assert_eq!(Quoted::new("").to_string(), "?");
        assert_eq!(Quoted::new(&"é".repeat(10_000)).to_string().chars().count(), QUOTED_MAX);
    }

    #[test]
    fn whatever_is_visible_is_valid_as_a_name() {
        let text: String = (0..0x3000).filter_map(char::from_u32).collect();
        let seen = visible(&text, 0x3000);
        assert_eq!(hidden_character(&seen), None);
        assert!(!seen.chars().any(char::is_control));
    }
}
