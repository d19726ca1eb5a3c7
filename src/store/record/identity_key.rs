//! The record of the key that a team's identities are made with.

use bytes::Bytes;

use super::meta::{read_meta, write_meta};
use super::{Read, RecordError, pb};
use crate::model::{Entered, IdentityKey};

pub(super) fn write(entry: &Entered<IdentityKey>) -> pb::IdentityKeyRecord {
    pb::IdentityKeyRecord { meta: write_meta(&entry.meta), key: Bytes::copy_from_slice(entry.value.as_bytes()) }
}

pub(super) fn read(record: pb::IdentityKeyRecord) -> Read<Entered<IdentityKey>> {
    let bytes = record.key.as_ref().try_into().map_err(|_| RecordError::Field("identity_key.key"))?;
    Ok(Entered { meta: read_meta(record.meta)?, value: IdentityKey::from_bytes(bytes) })
}
