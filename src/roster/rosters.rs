//! All teams of a server: their snapshots in memory, and the way by which they change.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::timelines::Timelines;
use super::{Caller, Change, Changed, Refusal, Request};
use crate::civil::{Instant, ZoneRules};
use crate::clock::Clock;
use crate::model::{Object, ObjectKey, TeamId, TeamSnapshot};
use crate::store::{ChangeSet, Commit, CommitError, Fingerprint, LoggedChange, Store, StoreError, TeamHead};

/// How often a change is made again because somebody else was faster.
const ATTEMPTS_MAX: u32 = 16;

/// Who the log names for what the server does by itself.
const ACTOR: &str = "ondutyd";

/// A team at one revision, and what was computed from it.
#[derive(Debug)]
pub struct TeamState {
    /// The team.
    pub snapshot: TeamSnapshot,
    /// Its duties' timelines, computed when first asked for.
    pub timelines: Timelines,
}

/// All teams of a server.
///
/// Cheap to clone; every clone is the same server.
#[derive(Clone)]
pub struct Rosters {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    rules: Arc<ZoneRules>,
    clock: Arc<dyn Clock>,
    teams: RwLock<BTreeMap<TeamId, Arc<TeamState>>>,
    /// One change of a team at a time, so that those of one server do not get in each other's way.
    turns: RwLock<BTreeMap<TeamId, Arc<tokio::sync::Mutex<()>>>>,
    /// The changes in progress, whether or not somebody still waits for them.
    work: TaskTracker,
}

impl Rosters {
    /// Reads every team from `store`, and makes the switch to another tz database an entry in each team's log.
    ///
    /// Where the store refuses that entry, the team can be read all the same; its next change then tells the version.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot be read.
    pub async fn open(store: Arc<dyn Store>, rules: Arc<ZoneRules>, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let heads = store.teams().await?;
        let mut teams = BTreeMap::new();
        for head in &heads {
            if let Some(snapshot) = store.load(&head.team).await? {
                teams.insert(head.team.clone(), Arc::new(TeamState::new(snapshot)));
            }
        }
        let (teams, turns) = (RwLock::new(teams), RwLock::new(BTreeMap::new()));
        let rosters = Self { inner: Arc::new(Inner { store, rules, clock, teams, turns, work: TaskTracker::new() }) };
        for head in heads.iter().filter(|head| !head.deleted) {
            rosters.note_tz_database(head).await;
        }
        Ok(rosters)
    }

    /// Makes an entry without changes where the team's last one was made with another tz database (semantics 9.1c).
    async fn note_tz_database(&self, head: &TeamHead) {
        let used = self.inner.rules.version();
        if head.tzdb_version == used {
            return;
        }
        let title = format!("tz database {} -> {used}", head.tzdb_version);
        let name = format!("{}/{}/{title}", head.team, head.revision);
        let request = Request {
            caller: Caller { actor: ACTOR.to_owned(), on_behalf_of: None },
            id: Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()),
            fingerprint: Fingerprint::of(name.as_bytes()),
            title,
            validate_only: false,
        };
        let state = self.state(&head.team);
        let change = Change { revision: state.snapshot.revision + 1, time: self.now() };
        let nothing = ChangeSet::default();
        match self.inner.store.commit(self.commit(&head.team, &request, change, &nothing)).await {
            Ok(committed) => self.advance(&state.snapshot, committed.revision, &nothing),
            Err(error) => {
                tracing::warn!(team = %head.team, %error, "the log could not be told of the other tz database");
            }
        }
    }

    /// Returns the zone rules that every answer is computed with.
    #[must_use]
    pub fn rules(&self) -> &Arc<ZoneRules> {
        &self.inner.rules
    }

    /// Returns the store.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner.store
    }

    /// Returns the present instant.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.inner.clock.now()
    }

    /// Returns every team that is in effect now or planned, by id.
    #[must_use]
    pub fn teams(&self) -> Vec<Arc<TeamState>> {
        let now = self.now();
        self.all_teams().into_iter().filter(|state| state.snapshot.goes_on(now)).collect()
    }

    /// Returns every team, by id, those that have ended too.
    #[must_use]
    pub fn all_teams(&self) -> Vec<Arc<TeamState>> {
        let teams = self.inner.teams.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        teams.values().cloned().collect()
    }

    /// Returns a team, also one that has ended; one that was never made has no settings.
    #[must_use]
    pub fn state(&self, team: &TeamId) -> Arc<TeamState> {
        let teams = self.inner.teams.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        teams.get(team).cloned().unwrap_or_else(|| Arc::new(TeamState::new(TeamSnapshot::empty(team.clone()))))
    }

    /// Returns a team that is in effect now or planned.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`], with the nearest name.
    pub fn team(&self, team: &TeamId) -> Result<Arc<TeamState>, Refusal> {
        let state = self.state(team);
        if state.snapshot.goes_on(self.now()) {
            return Ok(state);
        }
        let known = self.teams();
        let names = known.iter().map(|state| &state.snapshot.id);
        let hint = crate::model::validate::suggestion(team.as_str(), names);
        Err(Refusal::NotFound { name: format!("teams/{team}"), hint })
    }

    /// Makes a change: `make` is given the team as it is and says what is to become of which objects.
    ///
    /// The work is detached from the caller: it is finished even where nobody waits for the answer any more. A request
    /// id that the team knows is answered as the first time, and nothing changes.
    ///
    /// # Errors
    ///
    /// What `make` refuses, a reused request id, contention, or a store that cannot.
    pub async fn change<F>(&self, team: TeamId, request: Request, make: F) -> Result<Changed, Refusal>
    where
        F: Fn(&TeamSnapshot, Change) -> Result<ChangeSet, Refusal> + Send + Sync + 'static,
    {
        let rosters = self.clone();
        let work = self.inner.work.spawn(async move { rosters.attempt(team, request, make).await });
        work.await.unwrap_or(Err(Refusal::BrokenOff))
    }

    /// Waits for the changes in progress; to be called when no new ones come.
    pub async fn finish(&self) {
        self.inner.work.close();
        self.inner.work.wait().await;
    }

    async fn attempt<F>(&self, team: TeamId, request: Request, make: F) -> Result<Changed, Refusal>
    where
        F: Fn(&TeamSnapshot, Change) -> Result<ChangeSet, Refusal>,
    {
        let turn = self.turn(&team);
        let guard = turn.lock().await;
        let outcome = self.attempt_in_turn(&team, &request, make).await;
        drop(guard);
        self.leave(&team, turn);
        outcome
    }

    async fn attempt_in_turn<F>(&self, team: &TeamId, request: &Request, make: F) -> Result<Changed, Refusal>
    where
        F: Fn(&TeamSnapshot, Change) -> Result<ChangeSet, Refusal>,
    {
        for _ in 0..ATTEMPTS_MAX {
            let state = self.state(team);
            let change = Change { revision: state.snapshot.revision + 1, time: self.now() };
            let changes = match make(&state.snapshot, change) {
                Ok(changes) => changes,
                // What is refused now may be what this very request did before.
                Err(refusal) => return self.replayed(team, request).await?.ok_or(refusal),
            };
            if request.validate_only {
                return Ok(Changed::of(&state.snapshot, state.snapshot.revision, &changes));
            }
            if changes.is_empty() {
                let unchanged = Changed::of(&state.snapshot, state.snapshot.revision, &changes);
                return Ok(self.replayed(team, request).await?.unwrap_or(unchanged));
            }
            match self.inner.store.commit(self.commit(team, request, change, &changes)).await {
                Ok(committed) => {
                    self.advance(&state.snapshot, committed.revision, &changes);
                    return Ok(Changed::of(&state.snapshot, committed.revision, &changes));
                }
                Err(CommitError::Conflict { .. }) => self.reload(team).await?,
                Err(CommitError::AlreadyApplied { .. }) => {
                    return self.replayed(team, request).await?.ok_or(Refusal::Contention);
                }
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(Refusal::Contention)
    }

    fn turn(&self, team: &TeamId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.inner.turns.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(turns.entry(team.clone()).or_default())
    }

    /// Gives a turn up. Of a team that does not exist nothing is kept once nobody waits for it.
    fn leave(&self, team: &TeamId, turn: Arc<tokio::sync::Mutex<()>>) {
        let mut turns = self.inner.turns.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Given up under the lock, so that of several callers the last one finds itself alone.
        drop(turn);
        let alone = turns.get(team).is_some_and(|turn| Arc::strong_count(turn) == 1);
        if alone && self.state(team).snapshot.revision == 0 {
            turns.remove(team);
        }
    }

    fn commit(&self, team: &TeamId, request: &Request, change: Change, changes: &ChangeSet) -> Commit {
        Commit {
            team: team.clone(),
            expected_revision: change.revision - 1,
            changes: changes.clone(),
            actor: request.caller.actor.clone(),
            on_behalf_of: request.caller.on_behalf_of.clone(),
            time: change.time,
            request_id: request.id,
            fingerprint: request.fingerprint,
            tzdb_version: self.inner.rules.version().to_owned(),
            title: request.title.clone(),
        }
    }

    /// Makes the next snapshot out of the last one and what was committed.
    fn advance(&self, before: &TeamSnapshot, revision: u64, changes: &ChangeSet) {
        let mut snapshot = before.clone();
        snapshot.revision = revision;
        for (key, object) in changes.iter() {
            match object {
                Some(object) => snapshot.put(object.clone()),
                None => snapshot.remove(key),
            }
        }
        self.install(snapshot);
    }

    async fn reload(&self, team: &TeamId) -> Result<(), Refusal> {
        if let Some(snapshot) = self.inner.store.load(team).await? {
            self.install(snapshot);
        }
        Ok(())
    }

    fn install(&self, snapshot: TeamSnapshot) {
        let mut teams = self.inner.teams.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let newer = teams.get(&snapshot.id).is_none_or(|known| known.snapshot.revision < snapshot.revision);
        if newer {
            teams.insert(snapshot.id.clone(), Arc::new(TeamState::new(snapshot)));
        }
    }

    /// Returns what an earlier call with the same request id did, if there was one.
    async fn replayed(&self, team: &TeamId, request: &Request) -> Result<Option<Changed>, Refusal> {
        let Some((revision, fingerprint)) = self.inner.store.applied(team, request.id).await? else {
            return Ok(None);
        };
        if fingerprint != request.fingerprint {
            return Err(Refusal::RequestIdReused(request.id));
        }
        let entries = self.inner.store.log(team, revision, 1).await?;
        let logged = entries.into_iter().next().map(|entry| entry.changes).unwrap_or_default();
        let state = self.state(team);
        let told = logged.iter().filter(|change| !matches!(change.key, ObjectKey::TimeOffPrivate(_)));
        let before = told.map(|change| (change.key.clone(), change.before.clone())).collect();
        let objects = logged.into_iter().map(|change| as_it_became(change, &state.snapshot)).collect();
        Ok(Some(Changed { revision, objects, before, replayed: true }))
    }
}

/// An object as it became; a private part, which the log does not have, as it is now.
fn as_it_became(change: LoggedChange, now: &TeamSnapshot) -> (ObjectKey, Option<Object>) {
    let object = match &change.key {
        key @ ObjectKey::TimeOffPrivate(_) => now.get(key),
        _ => change.after,
    };
    (change.key, object)
}

impl TeamState {
    fn new(snapshot: TeamSnapshot) -> Self {
        Self { snapshot, timelines: Timelines::default() }
    }
}

#[cfg(test)]
mod tests;
