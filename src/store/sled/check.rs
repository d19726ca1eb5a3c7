//! The check at start-up: everything is read once, and has to be what was written.
//!
//! Checksums find what was altered. What is gone is found by what must fit together: every revision up to the head's
//! has its log entry and its request, the objects have the head's number and checksum, and the last batch is not
//! older than the last one acknowledged.

use std::collections::BTreeMap;

use ::sled::Tree;
use bytes::Bytes;

use super::keys::{self, Key};
use super::piece::Values;
use super::state::{State, Team, checksum};
use super::trouble::Trouble;
use crate::model::{ObjectKey, TeamId};
use crate::store::record::{decode_head, decode_object, decode_request, log_revision};

/// What the check found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) state: State,
    /// The number of the last batch; 0 before the first.
    pub(super) sequence: u64,
}

/// What is read of one team before it can be judged.
#[derive(Debug, Default)]
struct Reading {
    team: Team,
    has_head: bool,
    checksum: u32,
    entries: u64,
    requests: u64,
}

/// Reads and checks everything; `acknowledged` is the number of a batch that must be there.
pub(super) fn check(tree: &Tree, acknowledged: u64) -> Result<Found, Trouble> {
    let mut sequence = 0;
    let mut teams: BTreeMap<TeamId, Reading> = BTreeMap::new();
    for value in Values::new(tree.iter()) {
        let (key, value) = value?;
        match keys::parse(&key).ok_or_else(|| Trouble::at(&key, "no key looks like that"))? {
            Key::Sequence => {
                let number = value.try_into().map_err(|_| Trouble::at(&key, "it is no number"))?;
                sequence = u64::from_be_bytes(number);
            }
            Key::Head(team) => teams.entry(team).or_default().head(&key, &value)?,
            Key::Log(team, revision) => teams.entry(team).or_default().entry(&key, revision, value)?,
            Key::Request(team, _) => teams.entry(team).or_default().request(&key, &value)?,
            Key::Object(team, object) => teams.entry(team).or_default().object(&key, object, value)?,
        }
    }
    if sequence < acknowledged {
        return Err(Trouble::damage(format!(
            "it ends with batch {sequence}, but batch {acknowledged} was acknowledged: the newest changes are missing"
        )));
    }
    let judged = teams.into_iter().map(|(id, reading)| Ok((id.clone(), reading.judge(&id)?)));
    Ok(Found { state: judged.collect::<Result<_, Trouble>>()?, sequence })
}

impl Reading {
    fn head(&mut self, key: &[u8], value: &[u8]) -> Result<(), Trouble> {
        self.team.head = decode_head(value).map_err(|error| Trouble::record(key, &error))?;
        self.has_head = true;
        Ok(())
    }

    fn entry(&mut self, key: &[u8], revision: u64, value: Vec<u8>) -> Result<(), Trouble> {
        let stated = log_revision(value.into()).map_err(|error| Trouble::record(key, &error))?;
        self.entries += 1;
        if stated == revision && revision == self.entries {
            Ok(())
        } else {
            Err(Trouble::at(key, format!("it is entry {stated} where entry {} has to be", self.entries)))
        }
    }

    fn request(&mut self, key: &[u8], value: &[u8]) -> Result<(), Trouble> {
        decode_request(value).map_err(|error| Trouble::record(key, &error))?;
        self.requests += 1;
        Ok(())
    }

    fn object(&mut self, key: &[u8], object: ObjectKey, value: Vec<u8>) -> Result<(), Trouble> {
        decode_object(&object, &value).map_err(|error| Trouble::record(key, &error))?;
        self.checksum ^= checksum(key, &value);
        self.team.objects.insert(object, Bytes::from(value));
        Ok(())
    }

    fn judge(self, id: &TeamId) -> Result<Team, Trouble> {
        let head = &self.team.head;
        let objects = &self.team.objects;
        let wrong = if !self.has_head {
            "it is missing"
        } else if self.entries != head.revision {
            "log entries are missing, or there are too many"
        } else if self.requests != head.revision {
            "requests are missing, or there are too many"
        } else if usize::try_from(head.object_count) != Ok(objects.len()) || head.object_checksum != self.checksum {
            "objects are missing or are not the newest"
        } else if head.deleted == objects.contains_key(&ObjectKey::Team) {
            "it does not say whether the team is there"
        } else {
            return Ok(self.team);
        };
        Err(Trouble::at(&keys::head(id), wrong))
    }
}
