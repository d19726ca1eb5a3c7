//! One event of a feed (RFC 5545 §3.6.1).

use super::writer::Writer;
use crate::civil::{Instant, Interval};

/// An event with everything that a feed says of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// Its identity, the same in every feed and for its whole life: a UUID.
    pub uid: uuid::Uuid,
    /// How often it has changed visibly since it appeared.
    pub sequence: u32,
    /// When it appeared.
    pub created: Instant,
    /// When it changed visibly last; also its time stamp, because a published event has no other (RFC 5545 §3.8.7.2).
    pub modified: Instant,
    /// When it is.
    pub interval: Interval,
    /// Its title.
    pub summary: String,
    /// What else there is to say; may be empty.
    pub description: String,
    /// What kind of event it is: one word in capitals.
    pub category: &'static str,
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
        if self.modified < self.created {
            return Err(InvalidEvent::ModifiedBeforeCreated(self.uid));
        }
        Ok(())
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.raw("BEGIN", "VEVENT");
        writer.value("UID", self.uid.hyphenated());
        writer.time("DTSTAMP", self.modified);
        writer.time("LAST-MODIFIED", self.modified);
        writer.time("CREATED", self.created);
        writer.value("SEQUENCE", self.sequence.min(i32::MAX as u32));
        writer.time("DTSTART", self.interval.start());
        writer.time("DTEND", self.interval.end());
        writer.text("SUMMARY", &self.summary);
        if !self.description.is_empty() {
            writer.text("DESCRIPTION", &self.description);
        }
        // Whoever subscribes is not busy because somebody is on duty.
        writer.raw("TRANSP", "TRANSPARENT");
        writer.raw("X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
        writer.raw("STATUS", "CONFIRMED");
        writer.raw("CATEGORIES", self.category);
        writer.raw("END", "VEVENT");
    }
}
