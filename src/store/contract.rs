//! The contract: what every store does, and in which words it answers.

use std::collections::BTreeMap;
use std::pin::Pin;

use tokio::sync::broadcast;
use uuid::Uuid;

use super::StoreError;
use crate::civil::Instant;
use crate::model::{Object, ObjectKey, ResidentId, TeamId, TeamSnapshot};

/// What a store's methods return: a future that yields `Result<T, E>`.
pub type StoreFuture<'a, T, E = StoreError> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// Where teams are kept.
///
/// - A commit is atomic and durable: once it is answered, it survives the end of the process at any instant and, in a
///   store with a disk, a power failure. A commit that failed left nothing, unless it says [`StoreError::Unsettled`].
/// - The commits of one team are ordered: each names the revision it was made against and makes the next one.
/// - Reads see what was acknowledged and nothing else. Teams can be read even when writes are refused.
/// - Dropping the future of a commit does not take the commit back.
pub trait Store: Send + Sync {
    /// Returns the head of every team that was ever made, removed ones included, by id.
    fn teams(&self) -> StoreFuture<'_, Vec<TeamHead>>;

    /// Returns a team as of its last commit; `None` where it was never made.
    ///
    /// A removed team is there, with its revision and with nothing else that its last commit did not leave.
    fn load<'a>(&'a self, team: &'a TeamId) -> StoreFuture<'a, Option<TeamSnapshot>>;

    /// Makes one change of one team, all of it or nothing.
    ///
    /// A known request id is answered before a conflict is looked for, so that a late retry finds its first answer.
    fn commit(&self, commit: Commit) -> StoreFuture<'_, Committed, CommitError>;

    /// Returns at most `limit` entries of a team's log, in order, from revision `from` on.
    ///
    /// Revisions have no holes: an empty answer for a `from` of 1 or more means that there is no such revision yet.
    fn log<'a>(&'a self, team: &'a TeamId, from: u64, limit: usize) -> StoreFuture<'a, Vec<LogEntry>>;

    /// Returns which revision of a team a request made, and the request's fingerprint; `None` where it made none.
    fn applied<'a>(&'a self, team: &'a TeamId, request_id: Uuid) -> StoreFuture<'a, Option<(u64, Fingerprint)>>;

    /// Tells of every commit from now on, after it can be read.
    ///
    /// Of one team the revisions come in order. A receiver that reads too slowly is told that it
    /// [lagged](broadcast::error::RecvError::Lagged); it has then to ask for [`teams`](Store::teams) again.
    fn watch(&self) -> broadcast::Receiver<TeamChanged>;

    /// Tells whether commits are taken now; an error says why not and what to do.
    ///
    /// # Errors
    ///
    /// What a commit would be refused with.
    fn ready(&self) -> Result<(), StoreError>;
}

/// The newest state of a team as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TeamHead {
    /// Which team.
    pub team: TeamId,
    /// The revision of its last commit.
    pub revision: u64,
    /// The version of the tz database that its last commit was made with.
    pub tzdb_version: String,
    /// Whether its last commit left it without settings of its own ([`ObjectKey::Team`]).
    pub deleted: bool,
}

/// That a team has a new revision.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TeamChanged {
    /// Which team.
    pub team: TeamId,
    /// The revision that can be read now.
    pub revision: u64,
}

/// What one commit does to the objects of a team; of several changes of one object the last counts.
///
/// ```
/// use onduty::model::ObjectKey;
/// use onduty::store::ChangeSet;
///
/// let mut changes = ChangeSet::default();
/// changes.remove(ObjectKey::Team);
/// assert_eq!(changes.iter().next(), Some((&ObjectKey::Team, None)));
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ChangeSet {
    changes: BTreeMap<ObjectKey, Option<Object>>,
}

impl ChangeSet {
    /// Puts `object` in its place, over what was there.
    pub fn put(&mut self, object: Object) {
        self.changes.insert(object.key(), Some(object));
    }

    /// Removes the object of that key, if there is one.
    pub fn remove(&mut self, key: ObjectKey) {
        self.changes.insert(key, None);
    }

    /// Tells whether the object of `key` changes.
    #[must_use]
    pub fn has(&self, key: &ObjectKey) -> bool {
        self.changes.contains_key(key)
    }

    /// Tells whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Returns every change in order of the keys: the object as it becomes, or `None` where it is removed.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectKey, Option<&Object>)> {
        self.changes.iter().map(|(key, object)| (key, object.as_ref()))
    }
}

/// A fingerprint of a request's content: equal for a retry, different for another request under the same id.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Returns the fingerprint of `request`.
    #[must_use]
    pub fn of(request: &[u8]) -> Self {
        Self(*blake3::hash(request).as_bytes())
    }
}

/// One change of one team, with what the log says of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Commit {
    /// Which team.
    pub team: TeamId,
    /// The revision that the change was made against; 0 makes the team.
    pub expected_revision: u64,
    /// What changes; it may be nothing, for an entry in the log alone.
    pub changes: ChangeSet,
    /// Who does it.
    pub actor: String,
    /// On whose behalf, if not the actor's own.
    pub on_behalf_of: Option<ResidentId>,
    /// When.
    pub time: Instant,
    /// Names the request, so that a retry is recognised; unique in the team.
    pub request_id: Uuid,
    /// Tells a retry from another request under the same id.
    pub fingerprint: Fingerprint,
    /// The version of the tz database that it was made with.
    pub tzdb_version: String,
    /// What it is, in a few words for people; nothing private.
    pub title: String,
}

/// That a commit was made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Committed {
    /// The team's new revision.
    pub revision: u64,
}

/// Why a commit was not made.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CommitError {
    /// The team has another revision than the commit was made against.
    #[error("the team is at revision {current}; read it again and repeat the change")]
    Conflict {
        /// The team's revision; 0 where it was never made.
        current: u64,
    },
    /// The team has a commit of this request id.
    #[error("the request was answered before, with revision {revision}")]
    AlreadyApplied {
        /// The revision that it made.
        revision: u64,
        /// Its fingerprint: if equal, this is a retry; if not, the id was used for another request.
        fingerprint: Fingerprint,
    },
    /// The store cannot.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One commit in a team's log.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogEntry {
    /// The revision that it made.
    pub revision: u64,
    /// When.
    pub time: Instant,
    /// Who did it.
    pub actor: String,
    /// On whose behalf, if not the actor's own.
    pub on_behalf_of: Option<ResidentId>,
    /// The request's id.
    pub request_id: Uuid,
    /// The request's fingerprint.
    pub fingerprint: Fingerprint,
    /// The version of the tz database that it was made with.
    pub tzdb_version: String,
    /// What it was, in a few words for people.
    pub title: String,
    /// The objects that it changed, by key.
    pub changes: Vec<LoggedChange>,
}

/// An object before and after a commit.
///
/// Of what is private ([`ObjectKey::is_private`]) the log has the key alone: it can be erased, the log cannot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LoggedChange {
    /// Which object.
    pub key: ObjectKey,
    /// As it was; `None` where there was none.
    pub before: Option<Object>,
    /// As it became; `None` where it was removed.
    pub after: Option<Object>,
}
