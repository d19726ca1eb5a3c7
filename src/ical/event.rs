//! One event of a feed (RFC 5545 §3.6.1).

use super::writer::Writer;
use crate::civil::{Date, Day, Instant, Interval};

/// An event with everything that a feed says of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// Its identity, the same in every feed and for its whole life: a UUID.
    pub uid: uuid::Uuid,
    /// How often it has changed visibly since it appeared.
    pub sequence: u32,
    /// What is told of when it changed.
    pub stamps: EventStamps,
    /// When it is.
    pub when: When,
    /// Its title.
    pub summary: String,
    /// What else there is to say; may be empty.
    pub description: String,
    /// What kind of event it is: one word in capitals.
    pub category: &'static str,
    /// Whether it is sure, or what should not be.
    pub tentative: bool,
    /// Whether whoever has it in their calendar is busy then.
    pub busy: bool,
}

/// What is told of when an event changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EventStamps {
    /// When it appeared, and when it changed visibly last; the latter is also its time stamp, because a published event
    /// has no other (RFC 5545 §3.8.7.2).
    Exact {
        /// When it appeared.
        created: Instant,
        /// When it changed visibly last.
        modified: Instant,
    },
    /// Only that it was so at an instant, where it is nobody's business when it was entered.
    AsOf(Instant),
}

/// When an event is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum When {
    /// From one instant until another.
    Instants(Interval),
    /// On whole days, wherever one is.
    Days {
        /// The first.
        first: Date,
        /// The last, included.
        last: Date,
    },
}

/// Why an event cannot be published.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidEvent {
    /// It has no title.
    #[error("event {0} has no title")]
    NoSummary(uuid::Uuid),
    /// It changed before it appeared.
    #[error("event {0} changed before it appeared")]
    ModifiedBeforeCreated(uuid::Uuid),
    /// It ends before it begins.
    #[error("event {0} ends before it begins")]
    Backwards(uuid::Uuid),
}

impl Event {
    /// Checks what every subscriber relies on.
    ///
    /// # Errors
    ///
    /// [`InvalidEvent`]; such an event is left out of the feed, which it would spoil as a whole.
    pub fn check(&self) -> Result<(), InvalidEvent> {
        if self.summary.trim().is_empty() {
            return Err(InvalidEvent::NoSummary(self.uid));
        }
        match (self.stamps, self.when) {
            (EventStamps::Exact { created, modified }, _) if modified < created => {
                Err(InvalidEvent::ModifiedBeforeCreated(self.uid))
            }
            (_, When::Days { first, last }) if last < first => Err(InvalidEvent::Backwards(self.uid)),
            _ => Ok(()),
        }
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.raw("BEGIN", "VEVENT");
        writer.value("UID", self.uid.hyphenated());
        match self.stamps {
            EventStamps::Exact { created, modified } => {
                writer.time("DTSTAMP", modified);
                writer.time("LAST-MODIFIED", modified);
                writer.time("CREATED", created);
            }
            EventStamps::AsOf(at) => writer.time("DTSTAMP", at),
        }
        writer.value("SEQUENCE", self.sequence.min(i32::MAX as u32));
        match self.when {
            When::Instants(interval) => {
                writer.time("DTSTART", interval.start());
                writer.time("DTEND", interval.end());
            }
            When::Days { first, last } => {
                writer.date("DTSTART", first);
                // The day after the last (RFC 5545 §3.6.1).
                writer.date("DTEND", Day::from(last).plus(1).date());
            }
        }
        writer.text("SUMMARY", &self.summary);
        if !self.description.is_empty() {
            writer.text("DESCRIPTION", &self.description);
        }
        // Whoever subscribes is not busy because somebody is on duty.
        let (transparency, status) = if self.busy { ("OPAQUE", "BUSY") } else { ("TRANSPARENT", "FREE") };
        writer.raw("TRANSP", transparency);
        writer.raw("X-MICROSOFT-CDO-BUSYSTATUS", status);
        writer.raw("STATUS", if self.tentative { "TENTATIVE" } else { "CONFIRMED" });
        writer.raw("CATEGORIES", self.category);
        writer.raw("END", "VEVENT");
    }
}
