//! The records of a team as a whole: its newest state, and the requests that were answered.

use bytes::Bytes;

use super::pb::record::Content;
use super::{Read, RecordError, open, pb, seal};
use crate::store::Fingerprint;

/// The newest state of a team as it is stored.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Head {
    /// The revision of its last commit.
    pub revision: u64,
    /// The version of the tz database that its last commit was made with.
    pub tzdb_version: String,
    /// Whether it has no settings of its own any more.
    pub deleted: bool,
    /// How many objects it has, private parts included.
    pub object_count: u64,
    /// The exclusive or of the checksums of its objects: one that is missing or stale shows.
    pub object_checksum: u32,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Request {
    /// The revision that it made.
    pub revision: u64,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
}

/// Returns `head` as a record.
#[must_use]
pub fn encode_head(head: &Head) -> Vec<u8> {
    seal(Content::Head(pb::TeamHeadRecord {
        revision: head.revision,
        tzdb_version: head.tzdb_version.clone(),
        deleted: head.deleted,
        object_count: head.object_count,
        object_checksum: head.object_checksum,
    }))
}

/// Returns a head from its record.
///
/// # Errors
///
/// [`RecordError`] where the bytes are not the record of a head.
pub fn decode_head(bytes: &[u8]) -> Result<Head, RecordError> {
    let Content::Head(head) = open(bytes)? else { return Err(RecordError::Misplaced) };
    Ok(Head {
        revision: head.revision,
        tzdb_version: head.tzdb_version,
        deleted: head.deleted,
        object_count: head.object_count,
        object_checksum: head.object_checksum,
    })
}

/// Returns `request` as a record.
#[must_use]
pub fn encode_request(request: &Request) -> Vec<u8> {
    let fingerprint = write_fingerprint(request.fingerprint);
    seal(Content::Request(pb::RequestRecord { revision: request.revision, fingerprint }))
}

/// Returns a request from its record.
///
/// # Errors
///
/// [`RecordError`] where the bytes are not the record of a request.
pub fn decode_request(bytes: &[u8]) -> Result<Request, RecordError> {
    let Content::Request(request) = open(bytes)? else { return Err(RecordError::Misplaced) };
    Ok(Request { revision: request.revision, fingerprint: read_fingerprint(&request.fingerprint)? })
}

pub(super) fn write_fingerprint(fingerprint: Fingerprint) -> Bytes {
    Bytes::copy_from_slice(&fingerprint.0)
}

pub(super) fn read_fingerprint(bytes: &[u8]) -> Read<Fingerprint> {
    Ok(Fingerprint(bytes.try_into().map_err(|_| RecordError::Field("fingerprint"))?))
}
