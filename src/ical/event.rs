//! One event of a feed (RFC 5545 §3.6.1).

use super::writer::Writer;
use crate::civil::{Instant, Interval, Wall};

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
        let modified = utc(self.modified);
        writer.raw("BEGIN", "VEVENT");
        writer.raw("UID", &self.uid.hyphenated().to_string());
        writer.raw("DTSTAMP", &modified);
        writer.raw("LAST-MODIFIED", &modified);
        writer.raw("CREATED", &utc(self.created));
        writer.raw("SEQUENCE", &self.sequence.min(i32::MAX as u32).to_string());
        writer.raw("DTSTART", &utc(self.interval.start()));
        writer.raw("DTEND", &utc(self.interval.end()));
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

/// Writes an instant as a UTC date-time (RFC 5545 §3.3.5, form 2).
pub(super) fn utc(at: Instant) -> String {
    let reading = Wall::from_seconds(at.seconds());
    let (date, second) = (reading.date_time().date(), reading.second_of_day());
    let (year, month, day) = (date.year(), date.month(), date.day());
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}
