//! A store that keeps nothing beyond the process: the contract in its plainest form.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;
use uuid::Uuid;

use super::{
    Commit, CommitError, Committed, Fingerprint, LogEntry, LoggedChange, Store, StoreError, StoreFuture, TeamChanged,
    TeamHead,
};
use crate::model::{Object, ObjectKey, TeamId, TeamSnapshot};

/// How many commits a watcher may lag behind before it is told to start over.
pub(super) const WATCH_CAPACITY: usize = 4_096;

/// A store in memory, for tests and trials.
#[derive(Debug)]
pub struct MemoryStore {
    teams: Mutex<BTreeMap<TeamId, Kept>>,
    changed: broadcast::Sender<TeamChanged>,
}

#[derive(Debug)]
struct Kept {
    snapshot: TeamSnapshot,
    log: Vec<LogEntry>,
    requests: HashMap<Uuid, (u64, Fingerprint)>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self { teams: Mutex::default(), changed: broadcast::channel(WATCH_CAPACITY).0 }
    }
}

impl MemoryStore {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<TeamId, Kept>> {
        // Nothing below leaves the map half changed, so a panic elsewhere does not matter.
        self.teams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit_now(&self, commit: Commit) -> Result<Committed, CommitError> {
        let mut teams = self.kept();
        let current = teams.get(&commit.team).map_or(0, |kept| kept.snapshot.revision);
        let known = teams.get(&commit.team).and_then(|kept| kept.requests.get(&commit.request_id));
        if let Some((revision, fingerprint)) = known {
            return Err(CommitError::AlreadyApplied { revision: *revision, fingerprint: *fingerprint });
        }
        if current != commit.expected_revision {
            return Err(CommitError::Conflict { current });
        }
        let revision = current + 1;
        let team = commit.team.clone();
        teams.entry(team.clone()).or_insert_with(|| Kept::new(team.clone())).apply(revision, commit);
        // Told under the lock, so that revisions are told in order. Nobody may be listening.
        let _ = self.changed.send(TeamChanged { team, revision });
        Ok(Committed { revision })
    }
}

impl Kept {
    fn new(team: TeamId) -> Self {
        Self { snapshot: TeamSnapshot::empty(team), log: Vec::new(), requests: HashMap::new() }
    }

    fn apply(&mut self, revision: u64, commit: Commit) {
        let changes = commit.changes.iter().map(|(key, after)| self.change(key, after)).collect();
        self.snapshot.revision = revision;
        self.requests.insert(commit.request_id, (revision, commit.fingerprint));
        self.log.push(LogEntry {
            revision,
            time: commit.time,
            actor: commit.actor,
            on_behalf_of: commit.on_behalf_of,
            request_id: commit.request_id,
            fingerprint: commit.fingerprint,
            tzdb_version: commit.tzdb_version,
            title: commit.title,
            changes,
        });
    }

    fn change(&mut self, key: &ObjectKey, after: Option<&Object>) -> LoggedChange {
        let before = self.snapshot.get(key);
        match after {
            Some(object) => self.snapshot.put(object.clone()),
            None => self.snapshot.remove(key),
        }
        if key.is_private() {
            return LoggedChange { key: key.clone(), before: None, after: None };
        }
        LoggedChange { key: key.clone(), before, after: after.cloned() }
    }

    fn head(&self) -> TeamHead {
        TeamHead {
            team: self.snapshot.id.clone(),
            revision: self.snapshot.revision,
            tzdb_version: self.log.last().map_or_else(String::new, |entry| entry.tzdb_version.clone()),
            deleted: self.snapshot.team.is_none(),
        }
    }
}

impl Store for MemoryStore {
    fn teams(&self) -> StoreFuture<'_, Vec<TeamHead>> {
        Box::pin(async { Ok(self.kept().values().map(Kept::head).collect()) })
    }

    fn load<'a>(&'a self, team: &'a TeamId) -> StoreFuture<'a, Option<TeamSnapshot>> {
        Box::pin(async { Ok(self.kept().get(team).map(|kept| kept.snapshot.clone())) })
    }

    fn commit(&self, commit: Commit) -> StoreFuture<'_, Committed, CommitError> {
        Box::pin(async { self.commit_now(commit) })
    }

    fn log<'a>(&'a self, team: &'a TeamId, from: u64, limit: usize) -> StoreFuture<'a, Vec<LogEntry>> {
        Box::pin(async move {
            let teams = self.kept();
            let log = teams.get(team).map_or(&[][..], |kept| &kept.log);
            Ok(log.iter().filter(|entry| entry.revision >= from).take(limit).cloned().collect())
        })
    }

    fn applied<'a>(&'a self, team: &'a TeamId, request_id: Uuid) -> StoreFuture<'a, Option<(u64, Fingerprint)>> {
        Box::pin(async move { Ok(self.kept().get(team).and_then(|kept| kept.requests.get(&request_id).copied())) })
    }

    fn watch(&self) -> broadcast::Receiver<TeamChanged> {
        self.changed.subscribe()
    }

    fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
