//! What was acknowledged, in memory: the heads and the objects, as records.
//!
//! Reads are answered from here, so that they see neither what is being written nor what failed to be.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::keys;
use super::trouble::Trouble;
use crate::model::{ObjectKey, TeamId, TeamSnapshot};
use crate::store::TeamHead;
use crate::store::record::{Head, decode_object};

/// Every team, by id.
pub(super) type State = BTreeMap<TeamId, Team>;

/// A team's newest state.
#[derive(Debug, Default)]
pub(super) struct Team {
    pub(super) head: Head,
    pub(super) objects: BTreeMap<ObjectKey, Bytes>,
}

impl Team {
    pub(super) fn head(&self, team: &TeamId) -> TeamHead {
        TeamHead {
            team: team.clone(),
            revision: self.head.revision,
            tzdb_version: self.head.tzdb_version.clone(),
            deleted: self.head.deleted,
        }
    }

    pub(super) fn snapshot(&self, team: &TeamId) -> Result<TeamSnapshot, Trouble> {
        let mut snapshot = TeamSnapshot::empty(team.clone());
        snapshot.revision = self.head.revision;
        for (key, record) in &self.objects {
            let object =
                decode_object(key, record).map_err(|error| Trouble::record(&keys::object(team, key), &error))?;
            snapshot.put(object);
        }
        Ok(snapshot)
    }
}

/// Returns an object's part of its team's [`Head::object_checksum`].
pub(super) fn checksum(key: &[u8], record: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(record);
    hasher.finalize()
}
