//! A change: who asks for it, what it does, and what became of it.

use std::sync::Arc;

use uuid::Uuid;

use super::TeamState;
use super::desk::concerned;
use crate::access::Identity;
use crate::civil::Instant;
use crate::model::{Entered, IdentityKey, Made, Meta, Object, ObjectKey, Origin, ResidentId, TeamSnapshot};
use crate::store::{ChangeSet, Fingerprint, LoggedChange};

/// A request that changes something.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who asks.
    pub caller: Identity,
    /// Names the request, so that a retry is recognised.
    pub id: Uuid,
    /// Whether the caller chose the id and may come again with it: then the log keeps the call even where it changes
    /// nothing.
    pub id_given: bool,
    /// Tells a retry from another request under the same id.
    pub fingerprint: Fingerprint,
    /// What it is, in a few words for the log; nothing private.
    pub title: String,
    /// Whether to check everything and change nothing.
    pub validate_only: bool,
}

/// What a change set is made with: the revision that it would make, and the time.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The revision that the change would make.
    pub revision: u64,
    /// When it is made.
    pub time: Instant,
}

impl Change {
    /// Returns when the object at `position` of the change is made.
    #[must_use]
    pub const fn made(self, position: u32) -> Made {
        Made { revision: self.revision, position }
    }
}

/// What became of a change.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The team with the change in it, at the revision that the change made; with `validate_only` at the revision that
    /// it was checked against. Of a retry it is the team of then, though private parts are as they are now.
    pub state: Arc<TeamState>,
    /// When the change was made.
    pub time: Instant,
    /// Every object as it became, by key; `None` where it was removed.
    pub objects: Vec<(ObjectKey, Option<Object>)>,
    /// The same objects as they were; `None` where there was none. Private parts are left out.
    pub before: Vec<(ObjectKey, Option<Object>)>,
    /// Whether this is the answer to an earlier call with the same request id.
    pub replayed: bool,
}

impl Changed {
    /// Returns the object of `key` as it became.
    #[must_use]
    pub fn object(&self, key: &ObjectKey) -> Option<&Object> {
        of_key(&self.objects, key)
    }

    /// Returns the object of `key` as it was before.
    #[must_use]
    pub fn object_before(&self, key: &ObjectKey) -> Option<&Object> {
        of_key(&self.before, key)
    }

    /// Returns the team's revision with the change in it.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.state.snapshot.revision
    }

    /// Returns the team as it was before the change.
    #[must_use]
    pub fn team_before(&self) -> TeamSnapshot {
        let mut team = self.state.snapshot.clone();
        for (key, object) in &self.before {
            match object {
                Some(object) => team.put(object.clone()),
                None => team.remove(key),
            }
        }
        team
    }

    /// Returns what changed, as the log has it.
    #[must_use]
    pub fn logged(&self) -> Vec<LoggedChange> {
        let of = |(key, after): &(ObjectKey, Option<Object>)| LoggedChange {
            key: key.clone(),
            before: self.object_before(key).cloned(),
            after: after.clone().filter(|_| !key.is_private()),
        };
        self.objects.iter().map(of).collect()
    }

    /// Returns the one resident whose time off, cover or task the change is about, if it is about nothing else.
    #[must_use]
    pub fn concerned(&self) -> Option<ResidentId> {
        let before = self.team_before();
        concerned(self.objects.iter().map(|(key, object)| (key, object.as_ref())), &before)
    }

    /// Returns what `changes` did to `team` at `time`, which made it `state`.
    pub(super) fn of(team: &TeamSnapshot, state: Arc<TeamState>, time: Instant, changes: &ChangeSet) -> Self {
        let objects = changes.iter().map(|(key, object)| (key.clone(), object.cloned())).collect();
        let told = changes.iter().map(|(key, _)| key).filter(|key| !key.is_private());
        let before = told.map(|key| (key.clone(), team.get(key))).collect();
        Self { state, time, objects, before, replayed: false }
    }
}

/// Adds to the first change of a team what it has from then on: the key of its identities (semantics 4.6f).
pub(super) fn with_identity_key(before: &TeamSnapshot, change: Change, changes: &mut ChangeSet) {
    let makes_team = changes.iter().any(|(key, after)| *key == ObjectKey::Team && after.is_some());
    if makes_team && before.team.is_none() && before.identity_key.is_none() {
        let made = change.made(u32::MAX);
        let (create_time, update_time) = (change.time, change.time);
        let meta = Meta { created: made, create_time, updated: made, update_time, origin: Origin::Entered };
        let value = IdentityKey::from_bytes(*Uuid::new_v4().as_bytes());
        changes.put(Object::IdentityKey(Entered { meta, value }));
    }
}

fn of_key<'a>(objects: &'a [(ObjectKey, Option<Object>)], key: &ObjectKey) -> Option<&'a Object> {
    objects.iter().find(|(other, _)| other == key).and_then(|(_, object)| object.as_ref())
}
