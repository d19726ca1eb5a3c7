//! All teams of a server: their snapshots in memory, and the way by which they change.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::change::with_identity_key;
use super::desk::concerned;
use super::timelines::Timelines;
use super::{Change, Changed, Refusal, Request};
use crate::access::Identity;
use crate::civil::{Instant, ZoneRules};
use crate::clock::Clock;
use crate::model::{Object, ObjectKey, TeamId, TeamSnapshot};
use crate::store::{ChangeSet, Commit, CommitError, Fingerprint, LogEntry, LoggedChange, Store, StoreError, TeamHead};

/// How often a change is made again because somebody else was faster.
const ATTEMPTS_MAX: u32 = 16;

/// How many entries of the log are read at once.
const LOG_PAGE: usize = 1_000;
/// How many teams are told of another tz database at the same time.
const NOTED_TOGETHER: usize = 256;

/// A team at one revision, and what was computed from it.
#[derive(Debug)]
pub struct TeamState {
    /// The team.
    pub snapshot: TeamSnapshot,
    /// Its duties' timelines, computed when first asked for.
    pub timelines: Timelines,
    /// When its last change was made; no later one is made before.
    changed: Instant,
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
            if let Some(state) = TeamState::load(&*store, &head.team).await? {
                teams.insert(head.team.clone(), Arc::new(state));
            }
        }
        let (teams, turns) = (RwLock::new(teams), RwLock::new(BTreeMap::new()));
        let rosters = Self { inner: Arc::new(Inner { store, rules, clock, teams, turns, work: TaskTracker::new() }) };
        // Many at a time, so that they share what the disk takes to confirm them.
        let heads: Vec<&TeamHead> = heads.iter().filter(|head| !head.deleted).collect();
        for some in heads.chunks(NOTED_TOGETHER) {
            futures_util::future::join_all(some.iter().map(|head| rosters.note_tz_database(head))).await;
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
            caller: Identity::server(),
            id: Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()),
            id_given: true,
            fingerprint: Fingerprint::of(name.as_bytes()),
            title,
            validate_only: false,
        };
        let state = self.state(&head.team);
        let change = Change { revision: state.snapshot.revision + 1, time: self.now().max(state.changed) };
        let nothing = ChangeSet::default();
        match self.inner.store.commit(self.commit(&state.snapshot, &request, change, &nothing)).await {
            Ok(committed) => drop(self.advance(&state.snapshot, committed.revision, change.time, &nothing)),
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
        teams
            .get(team)
            .cloned()
            .unwrap_or_else(|| Arc::new(TeamState::new(TeamSnapshot::empty(team.clone()), Instant::MIN)))
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
    /// id that the team knows is answered as the first time, and nothing changes. So that this also holds where the first
    /// call had nothing to change, the log keeps such a call where the caller chose its id.
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
            // Clocks are set back now and then; changes stay in order.
            let change = Change { revision: state.snapshot.revision + 1, time: self.now().max(state.changed) };
            let mut changes = match make(&state.snapshot, change) {
                Ok(changes) => changes,
                // What is refused now may be what this very request did before.
                Err(refusal) => return self.replayed(team, request).await?.ok_or(refusal),
            };
            with_identity_key(&state.snapshot, change, &mut changes);
            if request.validate_only {
                let after = Arc::new(TeamState::new(with(&state.snapshot, &changes), change.time));
                return Ok(Changed::of(&state.snapshot, after, change.time, &changes));
            }
            if changes.is_empty() && !request.id_given {
                return Ok(Changed::of(&state.snapshot, Arc::clone(&state), change.time, &changes));
            }
            match self.inner.store.commit(self.commit(&state.snapshot, request, change, &changes)).await {
                Ok(committed) => {
                    let after = self.advance(&state.snapshot, committed.revision, change.time, &changes);
                    return Ok(Changed::of(&state.snapshot, after, change.time, &changes));
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

    fn commit(&self, before: &TeamSnapshot, request: &Request, change: Change, changes: &ChangeSet) -> Commit {
        let concerned = concerned(changes.iter(), before);
        let on_behalf_of = concerned.filter(|resident| request.caller.resident() != Some(resident));
        Commit {
            team: before.id.clone(),
            expected_revision: change.revision - 1,
            changes: changes.clone(),
            actor: request.caller.name.clone(),
            on_behalf_of,
            time: change.time,
            request_id: request.id,
            fingerprint: request.fingerprint,
            tzdb_version: self.inner.rules.version().to_owned(),
            title: request.title.clone(),
        }
    }

    /// Makes the next snapshot out of the last one and what was committed.
    fn advance(&self, before: &TeamSnapshot, revision: u64, time: Instant, changes: &ChangeSet) -> Arc<TeamState> {
        let snapshot = TeamSnapshot { revision, ..with(before, changes) };
        let state = Arc::new(TeamState::new(snapshot, time));
        self.install(Arc::clone(&state));
        state
    }

    async fn reload(&self, team: &TeamId) -> Result<(), Refusal> {
        if let Some(state) = TeamState::load(&*self.inner.store, team).await? {
            self.install(Arc::new(state));
        }
        Ok(())
    }

    fn install(&self, state: Arc<TeamState>) {
        let mut teams = self.inner.teams.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (id, revision) = (&state.snapshot.id, state.snapshot.revision);
        if teams.get(id).is_none_or(|known| known.snapshot.revision < revision) {
            teams.insert(id.clone(), state);
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
        let Some(LogEntry { time, changes: logged, .. }) = entries.into_iter().next() else { return Ok(None) };
        let state = Arc::new(TeamState::new(self.as_of(team, revision).await?, time));
        let told = logged.iter().filter(|change| !change.key.is_private());
        let before = told.map(|change| (change.key.clone(), change.before.clone())).collect();
        let objects = logged.into_iter().map(|change| as_it_became(change, &state.snapshot)).collect();
        Ok(Some(Changed { state, time, objects, before, replayed: true }))
    }

    /// Returns a team as it was at `revision`; private parts, which the log does not have, are as they are now.
    ///
    /// The log is read a page at a time; what is kept meanwhile is one object for each that was changed since.
    pub(super) async fn as_of(&self, team: &TeamId, revision: u64) -> Result<TeamSnapshot, Refusal> {
        if self.state(team).snapshot.revision < revision {
            self.reload(team).await?;
        }
        let mut snapshot = self.state(team).snapshot.clone();
        let mut then = BTreeMap::new();
        let mut next = revision + 1;
        while next <= snapshot.revision {
            let entries = self.inner.store.log(team, next, LOG_PAGE).await?;
            let Some(last) = entries.last() else { break };
            next = last.revision + 1;
            let now = snapshot.revision;
            for change in entries.into_iter().filter(|entry| entry.revision <= now).flat_map(|entry| entry.changes) {
                then.entry(change.key).or_insert(change.before);
            }
        }
        for (key, object) in then {
            match object {
                Some(object) => snapshot.put(object),
                None if key.is_private() => {}
                None => snapshot.remove(&key),
            }
        }
        Ok(TeamSnapshot { revision, ..snapshot })
    }
}

/// The team as `changes` make it, at the revision that it has.
fn with(team: &TeamSnapshot, changes: &ChangeSet) -> TeamSnapshot {
    let mut after = team.clone();
    for (key, object) in changes.iter() {
        match object {
            Some(object) => after.put(object.clone()),
            None => after.remove(key),
        }
    }
    after
}

/// An object as it became; a private part, which the log does not have, as it is now.
fn as_it_became(change: LoggedChange, now: &TeamSnapshot) -> (ObjectKey, Option<Object>) {
    let object = match &change.key {
        key if key.is_private() => now.get(key),
        _ => change.after,
    };
    (change.key, object)
}

impl TeamState {
    /// Returns when its last change was made.
    #[must_use]
    pub fn changed(&self) -> Instant {
        self.changed
    }

    pub(super) fn new(snapshot: TeamSnapshot, changed: Instant) -> Self {
        Self { snapshot, timelines: Timelines::default(), changed }
    }

    /// Reads a team; `None` where the store has none.
    async fn load(store: &dyn Store, team: &TeamId) -> Result<Option<Self>, StoreError> {
        let Some(snapshot) = store.load(team).await? else { return Ok(None) };
        let last = store.log(team, snapshot.revision, 1).await?;
        let changed = last.first().map_or(Instant::MIN, |entry| entry.time);
        Ok(Some(Self::new(snapshot, changed)))
    }
}

#[cfg(test)]
mod tests;
