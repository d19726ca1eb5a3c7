//! Records: what a store writes, as versioned protobufs of their own (`proto/onduty/storage/v1`).
//!
//! Every value is one `Record`: a version and what is stored. Records load for ever: `tests/data/records` has one of
//! each kind and version. The conversions to and from the model are in one file for each noun.

mod acceptance;
mod calendar;
mod civil;
mod duty;
mod feed;
mod handoff_note;
mod head;
mod holiday_set;
mod identity_key;
mod layer;
mod log;
mod meta;
mod overrides;
mod resident;
mod swap;
mod task;
mod team;
mod time_off;
mod token;

use bytes::Buf;
use prost::Message as _;

use crate::model::{Object, ObjectKey};
use pb::record::Content;

pub use head::{Head, Request, decode_head, decode_request, encode_head, encode_request};
pub use log::{StoredChange, decode_log, encode_log, log_revision};

#[allow(missing_docs, clippy::all, clippy::pedantic, rustdoc::all, unreachable_pub)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/storage.rs"));
}
use generated::onduty::storage::v1 as pb;

/// The version of the records that this program writes, and the newest that it reads.
pub const VERSION: u32 = 1;

/// A stored value is not what was written.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RecordError {
    /// The bytes are no record.
    #[error("it is no record ({0})")]
    Malformed(String),
    /// A newer program wrote it.
    #[error(
        "it has version {found}, this program knows up to {VERSION}; use the version that wrote it, or a newer one"
    )]
    Newer {
        /// The record's version.
        found: u32,
    },
    /// It holds something else than its key says.
    #[error("it holds something else than its key says")]
    Misplaced,
    /// A field is missing or holds what cannot be.
    #[error("its field {0} is missing or wrong")]
    Field(&'static str),
}

/// What reading a part of a record yields.
type Read<T> = Result<T, RecordError>;

fn seal(content: Content) -> Vec<u8> {
    pb::Record { version: VERSION, content: Some(content) }.encode_to_vec()
}

fn open(bytes: impl Buf) -> Read<Content> {
    let record = pb::Record::decode(bytes).map_err(|error| RecordError::Malformed(error.to_string()))?;
    match record.version {
        0 => Err(RecordError::Field("version")),
        VERSION => record.content.ok_or(RecordError::Field("content")),
        found => Err(RecordError::Newer { found }),
    }
}

/// Returns `object` as a record; its id is not in it, but in its key.
#[must_use]
pub fn encode_object(object: &Object) -> Vec<u8> {
    seal(match object {
        Object::Team(team) => Content::Team(team::write(team)),
        Object::Resident(_, resident) => Content::Resident(resident::write(resident)),
        Object::Duty(_, duty) => Content::Duty(duty::write(duty)),
        Object::HolidaySet(_, set) => Content::HolidaySet(holiday_set::write(set)),
        Object::Override(_, entry) => Content::OverrideEntry(overrides::write(entry)),
        Object::TimeOff(_, entry) => Content::TimeOff(time_off::write(entry)),
        Object::TimeOffPrivate(_, part) => Content::TimeOffPrivate(time_off::write_private(part)),
        Object::Task(_, task) => Content::Task(task::write(task)),
        Object::Acceptance(entry) => Content::Acceptance(acceptance::write(entry)),
        Object::Swap(_, swap) => Content::Swap(swap::write(swap)),
        Object::Token(_, token) => Content::Token(token::write(token)),
        Object::Feed(_, feed) => Content::Feed(feed::write(feed)),
        Object::Calendar(_, calendar) => Content::Calendar(calendar::write(calendar)),
        Object::HandoffNote(_, note) => Content::HandoffNote(handoff_note::write(note)),
        Object::IdentityKey(entry) => Content::IdentityKey(identity_key::write(entry)),
    })
}

/// Returns the object of that key from its record.
///
/// # Errors
///
/// [`RecordError`] where the bytes are not the record of such an object.
pub fn decode_object(key: &ObjectKey, bytes: &[u8]) -> Result<Object, RecordError> {
    let object = match (key, open(bytes)?) {
        (ObjectKey::Team, Content::Team(team)) => Object::Team(team::read(team)?),
        (ObjectKey::Resident(id), Content::Resident(resident)) => {
            Object::Resident(id.clone(), resident::read(resident)?)
        }
        (ObjectKey::Duty(id), Content::Duty(duty)) => Object::Duty(id.clone(), duty::read(duty)?),
        (ObjectKey::HolidaySet(id), Content::HolidaySet(set)) => {
            Object::HolidaySet(id.clone(), holiday_set::read(set)?)
        }
        (ObjectKey::Override(id), Content::OverrideEntry(entry)) => {
            Object::Override(id.clone(), overrides::read(entry)?)
        }
        (ObjectKey::TimeOff(id), Content::TimeOff(entry)) => Object::TimeOff(id.clone(), time_off::read(entry)?),
        (ObjectKey::TimeOffPrivate(id), Content::TimeOffPrivate(part)) => {
            Object::TimeOffPrivate(id.clone(), time_off::read_private(part)?)
        }
        (ObjectKey::Task(id), Content::Task(task)) => Object::Task(id.clone(), task::read(task)?),
        (ObjectKey::Acceptance(_), Content::Acceptance(entry)) => Object::Acceptance(acceptance::read(entry)?),
        (ObjectKey::Swap(id), Content::Swap(swap)) => Object::Swap(id.clone(), swap::read(swap)?),
        (ObjectKey::Token(id), Content::Token(token)) => Object::Token(id.clone(), token::read(token)?),
        (ObjectKey::Feed(id), Content::Feed(feed)) => Object::Feed(id.clone(), feed::read(feed)?),
        (ObjectKey::Calendar(id), Content::Calendar(calendar)) => {
            Object::Calendar(id.clone(), calendar::read(calendar)?)
        }
        (ObjectKey::HandoffNote(id), Content::HandoffNote(note)) => {
            Object::HandoffNote(id.clone(), handoff_note::read(note)?)
        }
        (ObjectKey::IdentityKey, Content::IdentityKey(entry)) => Object::IdentityKey(identity_key::read(entry)?),
        _ => return Err(RecordError::Misplaced),
    };
    if object.key() == *key { Ok(object) } else { Err(RecordError::Misplaced) }
}
