//! Commits on their way to the disk: what each of them writes, decided against what the ones before it will leave.

use std::collections::HashMap;

use ::sled::Batch;
use bytes::Bytes;
use uuid::Uuid;

use super::engine::Engine;
use super::state::{State, checksum};
use super::trouble::{Trouble, guarded};
use super::{keys, piece};
use crate::model::{ObjectKey, TeamId};
use crate::store::record::{Head, Request, StoredChange, encode_head, encode_log, encode_object, encode_request};
use crate::store::{Commit, CommitError, Committed, LogEntry, StoreError, TeamChanged};

/// The largest change that is taken at once, in bytes of records.
const COMMIT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The largest log entry, which also has what was there before.
const ENTRY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A commit with its objects as records: made by the caller, so that the writer has less to do.
pub(super) struct Prepared {
    team: TeamId,
    expected_revision: u64,
    changes: Vec<(ObjectKey, Option<Bytes>)>,
    /// The log entry that it makes, less its changes.
    entry: LogEntry,
    pub(super) bytes: usize,
}

impl Prepared {
    pub(super) fn new(commit: Commit) -> Result<Self, StoreError> {
        let encode = |(key, object): (&ObjectKey, Option<_>)| (key.clone(), object.map(|o| encode_object(o).into()));
        let changes: Vec<(ObjectKey, Option<Bytes>)> = commit.changes.iter().map(encode).collect();
        let bytes = changes.iter().map(|(_, record)| record.as_ref().map_or(0, Bytes::len)).sum();
        if bytes > COMMIT_BYTES_MAX {
            return Err(StoreError::TooLarge { bytes, bytes_max: COMMIT_BYTES_MAX });
        }
        let entry = LogEntry {
            revision: commit.expected_revision.saturating_add(1),
            time: commit.time,
            actor: commit.actor,
            on_behalf_of: commit.on_behalf_of,
            request_id: commit.request_id,
            fingerprint: commit.fingerprint,
            tzdb_version: commit.tzdb_version,
            title: commit.title,
            changes: Vec::new(),
        };
        Ok(Self { team: commit.team, expected_revision: commit.expected_revision, changes, entry, bytes })
    }
}

/// What a batch will have changed of one team when it is on the disk.
#[derive(Default)]
struct Pending {
    head: Head,
    objects: HashMap<ObjectKey, Option<Bytes>>,
    requests: HashMap<Uuid, Request>,
}

/// Some commits as one batch.
pub(super) struct Plan<'a> {
    engine: &'a Engine,
    batch: Batch,
    pending: HashMap<TeamId, Pending>,
    changed: Vec<TeamChanged>,
    bytes: usize,
}

impl<'a> Plan<'a> {
    pub(super) fn new(engine: &'a Engine) -> Self {
        Self { engine, batch: Batch::default(), pending: HashMap::new(), changed: Vec::new(), bytes: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }

    /// Returns about how many bytes the batch has.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds a commit, or answers why it is not made.
    pub(super) fn add(&mut self, commit: Prepared) -> Result<Committed, CommitError> {
        let head = self.head(&commit.team);
        if let Some(known) = self.known_request(&commit, head.revision)? {
            return Err(CommitError::AlreadyApplied { revision: known.revision, fingerprint: known.fingerprint });
        }
        if head.revision != commit.expected_revision {
            return Err(CommitError::Conflict { current: head.revision });
        }
        self.engine.not_refused()?;
        let (new_head, changes) = self.changes(&commit, &head);
        let entry = encode_log(&commit.entry, changes);
        if entry.len() > ENTRY_BYTES_MAX {
            let (bytes, bytes_max) = (entry.len(), ENTRY_BYTES_MAX);
            return Err(StoreError::TooLarge { bytes, bytes_max }.into());
        }
        self.put(commit, &entry, &head, new_head)
    }

    fn head(&self, team: &TeamId) -> Head {
        let pending = self.pending.get(team).map(|pending| pending.head.clone());
        pending.or_else(|| self.engine.state().get(team).map(|team| team.head.clone())).unwrap_or_default()
    }

    fn object(&self, team: &TeamId, key: &ObjectKey) -> Option<Bytes> {
        match self.pending.get(team).and_then(|pending| pending.objects.get(key)) {
            Some(pending) => pending.clone(),
            None => self.engine.state().get(team)?.objects.get(key).cloned(),
        }
    }

    fn known_request(&self, commit: &Prepared, revision: u64) -> Result<Option<Request>, StoreError> {
        let id = &commit.entry.request_id;
        if let Some(request) = self.pending.get(&commit.team).and_then(|pending| pending.requests.get(id)) {
            return Ok(Some(*request));
        }
        let known = guarded(|| self.engine.request(&commit.team, id, revision));
        known.map_err(|trouble| self.engine.refuse_after(&trouble))
    }

    /// Returns the head that the commit leaves, and its changes with what was there before.
    fn changes(&self, commit: &Prepared, head: &Head) -> (Head, Vec<StoredChange>) {
        let mut new = Head {
            revision: commit.entry.revision,
            tzdb_version: commit.entry.tzdb_version.clone(),
            deleted: head.revision == 0 || head.deleted,
            ..*head
        };
        let mut changes = Vec::with_capacity(commit.changes.len());
        for (key, after) in &commit.changes {
            let before = self.object(&commit.team, key);
            let place = keys::object(&commit.team, key);
            for (record, count) in [(&before, u64::MAX), (after, 1)] {
                if let Some(record) = record {
                    new.object_checksum ^= checksum(&place, record);
                    new.object_count = new.object_count.wrapping_add(count);
                }
            }
            if *key == ObjectKey::Team {
                new.deleted = after.is_none();
            }
            changes.push(StoredChange { key: key.clone(), before, after: after.clone() });
        }
        (new, changes)
    }

    fn put(&mut self, commit: Prepared, entry: &[u8], old: &Head, new: Head) -> Result<Committed, CommitError> {
        let Prepared { team, changes, entry: LogEntry { revision, request_id, fingerprint, .. }, .. } = commit;
        for (key, after) in &changes {
            let place = keys::object(&team, key);
            let before = self.object(&team, key).map(|record| record.len());
            match (after, before) {
                (Some(record), before) => piece::put(&mut self.batch, &place, record, before),
                (None, Some(before)) => piece::remove(&mut self.batch, &place, before),
                (None, None) => {}
            }
            self.bytes += after.as_ref().map_or(0, Bytes::len);
        }
        let request = Request { revision, fingerprint };
        let old_head = (old.revision > 0).then(|| encode_head(old).len());
        piece::put(&mut self.batch, &keys::head(&team), &encode_head(&new), old_head);
        piece::put(&mut self.batch, &keys::log(&team, revision), entry, None);
        piece::put(&mut self.batch, &keys::request(&team, &request_id), &encode_request(&request), None);
        self.bytes += entry.len() + 1_024;

        let pending = self.pending.entry(team.clone()).or_default();
        pending.head = new;
        pending.objects.extend(changes);
        pending.requests.insert(request_id, request);
        self.changed.push(TeamChanged { team, revision });
        Ok(Committed { revision })
    }

    /// Writes the batch as number `number`, and then makes what it changed readable.
    pub(super) fn write(mut self, number: u64) -> Result<Vec<TeamChanged>, Trouble> {
        piece::put(&mut self.batch, keys::SEQUENCE, &number.to_be_bytes(), Some(8));
        self.engine.write(self.batch, number)?;
        let mut state = self.engine.state_mut();
        for (team, pending) in self.pending {
            pending.settle(&mut state, team);
        }
        Ok(self.changed)
    }
}

impl Pending {
    fn settle(self, state: &mut State, team: TeamId) {
        let team = state.entry(team).or_default();
        team.head = self.head;
        for (key, record) in self.objects {
            match record {
                Some(record) => drop(team.objects.insert(key, record)),
                None => drop(team.objects.remove(&key)),
            }
        }
    }
}
