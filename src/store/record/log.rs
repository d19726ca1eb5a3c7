//! The record of one change of a team: who, when, and every object before and after.

use bytes::Bytes;
use uuid::Uuid;

use super::civil::{read_id, read_instant};
use super::head::{read_fingerprint, write_fingerprint};
use super::pb::record::Content;
use super::{Read, RecordError, decode_object, open, pb, seal};
use crate::model::{
    CalendarId, DutyId, FeedId, GapId, HandoffNoteId, HolidaySetId, ObjectKey, OverrideId, ResidentId, SwapId, TaskId,
    TimeOffId, TokenId,
};
use crate::store::{LogEntry, LoggedChange};

/// An object before and after a change, as records.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredChange {
    /// Which object.
    pub key: ObjectKey,
    /// As it was.
    pub before: Option<Bytes>,
    /// As it became.
    pub after: Option<Bytes>,
}

/// Returns `entry` as a record with `changes` instead of its own; of private parts only the keys are written.
#[must_use]
pub fn encode_log(entry: &LogEntry, changes: Vec<StoredChange>) -> Vec<u8> {
    seal(Content::Log(pb::LogRecord {
        revision: entry.revision,
        time: entry.time.seconds(),
        actor: entry.actor.clone(),
        on_behalf_of: entry.on_behalf_of.as_ref().map(ToString::to_string),
        request_id: Bytes::copy_from_slice(entry.request_id.as_bytes()),
        fingerprint: write_fingerprint(entry.fingerprint),
        tzdb_version: entry.tzdb_version.clone(),
        title: entry.title.clone(),
        changes: changes.into_iter().map(write_change).collect(),
    }))
}

/// Returns an entry from its record.
///
/// # Errors
///
/// [`RecordError`] where the bytes are not the record of an entry, or an object in it cannot be read.
pub fn decode_log(bytes: Bytes) -> Result<LogEntry, RecordError> {
    let Content::Log(log) = open(bytes)? else { return Err(RecordError::Misplaced) };
    Ok(LogEntry {
        revision: log.revision,
        time: read_instant(log.time, "log.time")?,
        on_behalf_of: log.on_behalf_of.map(|id| read_id(&id, ResidentId::new, "log.on_behalf_of")).transpose()?,
        request_id: Uuid::from_slice(&log.request_id).map_err(|_| RecordError::Field("log.request_id"))?,
        fingerprint: read_fingerprint(&log.fingerprint)?,
        changes: log.changes.into_iter().map(read_change).collect::<Read<_>>()?,
        actor: log.actor,
        tzdb_version: log.tzdb_version,
        title: log.title,
    })
}

/// Returns the revision that an entry says it made, without reading the objects in it.
///
/// # Errors
///
/// [`RecordError`] where the bytes are not the record of an entry.
pub fn log_revision(bytes: Bytes) -> Result<u64, RecordError> {
    let Content::Log(log) = open(bytes)? else { return Err(RecordError::Misplaced) };
    Ok(log.revision)
}

fn write_change(change: StoredChange) -> pb::LogChange {
    let private = change.key.is_private();
    pb::LogChange {
        key: Some(write_key(&change.key)),
        before: change.before.filter(|_| !private),
        after: change.after.filter(|_| !private),
    }
}

fn read_change(change: pb::LogChange) -> Read<LoggedChange> {
    let key = read_key(change.key)?;
    let object = |bytes: Option<Bytes>| bytes.map(|bytes| decode_object(&key, &bytes)).transpose();
    Ok(LoggedChange { before: object(change.before)?, after: object(change.after)?, key })
}

fn write_key(key: &ObjectKey) -> pb::ObjectKey {
    let (kind, id) = match key {
        ObjectKey::Team => (pb::ObjectKind::Team, String::new()),
        ObjectKey::Resident(id) => (pb::ObjectKind::Resident, id.to_string()),
        ObjectKey::Duty(id) => (pb::ObjectKind::Duty, id.to_string()),
        ObjectKey::HolidaySet(id) => (pb::ObjectKind::HolidaySet, id.to_string()),
        ObjectKey::Override(id) => (pb::ObjectKind::Override, id.to_string()),
        ObjectKey::TimeOff(id) => (pb::ObjectKind::TimeOff, id.to_string()),
        ObjectKey::TimeOffPrivate(id) => (pb::ObjectKind::TimeOffPrivate, id.to_string()),
        ObjectKey::Task(id) => (pb::ObjectKind::Task, id.to_string()),
        ObjectKey::Acceptance(id) => (pb::ObjectKind::Acceptance, id.to_string()),
        ObjectKey::Swap(id) => (pb::ObjectKind::Swap, id.to_string()),
        ObjectKey::Token(id) => (pb::ObjectKind::Token, id.to_string()),
        ObjectKey::Feed(id) => (pb::ObjectKind::Feed, id.to_string()),
        ObjectKey::Calendar(id) => (pb::ObjectKind::Calendar, id.to_string()),
        ObjectKey::HandoffNote(id) => (pb::ObjectKind::HandoffNote, id.to_string()),
        ObjectKey::IdentityKey => (pb::ObjectKind::IdentityKey, String::new()),
    };
    pb::ObjectKey { kind: kind.into(), id }
}

fn read_key(key: Option<pb::ObjectKey>) -> Read<ObjectKey> {
    let key = key.ok_or(RecordError::Field("log.key"))?;
    let field = "log.key.id";
    Ok(match key.kind() {
        pb::ObjectKind::Unspecified => return Err(RecordError::Field("log.key.kind")),
        pb::ObjectKind::Team => ObjectKey::Team,
        pb::ObjectKind::Resident => ObjectKey::Resident(read_id(&key.id, ResidentId::new, field)?),
        pb::ObjectKind::Duty => ObjectKey::Duty(read_id(&key.id, DutyId::new, field)?),
        pb::ObjectKind::HolidaySet => ObjectKey::HolidaySet(read_id(&key.id, HolidaySetId::new, field)?),
        pb::ObjectKind::Override => ObjectKey::Override(read_id(&key.id, OverrideId::new, field)?),
        pb::ObjectKind::TimeOff => ObjectKey::TimeOff(read_id(&key.id, TimeOffId::new, field)?),
        pb::ObjectKind::TimeOffPrivate => ObjectKey::TimeOffPrivate(read_id(&key.id, TimeOffId::new, field)?),
        pb::ObjectKind::Task => ObjectKey::Task(read_id(&key.id, TaskId::new, field)?),
        pb::ObjectKind::Acceptance => ObjectKey::Acceptance(GapId(read_id(&key.id, Uuid::parse_str, field)?)),
        pb::ObjectKind::Swap => ObjectKey::Swap(read_id(&key.id, SwapId::new, field)?),
        pb::ObjectKind::Token => ObjectKey::Token(read_id(&key.id, TokenId::new, field)?),
        pb::ObjectKind::Feed => ObjectKey::Feed(read_id(&key.id, FeedId::new, field)?),
        pb::ObjectKind::Calendar => ObjectKey::Calendar(read_id(&key.id, CalendarId::new, field)?),
        pb::ObjectKind::HandoffNote => ObjectKey::HandoffNote(read_id(&key.id, HandoffNoteId::new, field)?),
        pb::ObjectKind::IdentityKey => ObjectKey::IdentityKey,
    })
}
