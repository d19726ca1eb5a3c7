//! Calendars: iCalendar out, and in by [`import`] (RFC 5545, RFC 7986). Pure.
//!
//! The writer is our own: a feed is rendered on every change for every subscriber, and the `icalendar` crate, which
//! the tests read every feed back with, takes several times as long, leaves `NAME` unescaped and lets control
//! characters through.

mod event;
mod feed;
pub mod import;
mod writer;

pub use event::{Event, EventStamps, InvalidEvent, When};
pub use feed::Feed;
pub(crate) use feed::PRODUCT;
