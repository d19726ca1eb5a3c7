//! Feeds: subscriptions to calendars, each with a secret, and how they come and go (semantics 8.4).
//!
//! They lie with the tokens, in the server's own team, under an id that their address tells. So a fetch is one look-up,
//! and that it was fetched is no change of the team that it is of.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::server_objects::{NOTED_SECONDS, change, entered, updated};
use super::{Change, Refusal, Rosters, Secret, SecretKind, Tokens};
use crate::access::Identity;
use crate::civil::Instant;
use crate::model::{Entered, Feed, FeedId, FeedOwner, FeedView, Grant, Object, ObjectKey, Role, TeamId, TeamSnapshot};
use crate::store::ChangeSet;

/// How many feeds one owner has at most.
const FEEDS_MAX: usize = 50;

/// The feeds of a server. Cheap to clone; every clone is the same.
#[derive(Clone)]
pub struct Feeds {
    rosters: Rosters,
    tokens: Tokens,
    /// When the use of a feed was last written down.
    noted: Arc<Mutex<BTreeMap<FeedId, Instant>>>,
}

/// A feed to be made.
#[derive(Clone, Debug)]
pub struct NewFeed {
    /// What people call it.
    pub name: String,
    /// The team whose calendar it is.
    pub team: TeamId,
    /// Whose it is.
    pub owner: FeedOwner,
    /// What it looks like.
    pub view: FeedView,
}

/// A feed with its secret, which nobody can ask for again.
#[derive(Debug)]
pub struct Subscription {
    /// Its id.
    pub id: FeedId,
    /// The feed.
    pub feed: Entered<Feed>,
    /// Its secret.
    pub secret: Secret,
}

impl Feeds {
    /// Returns the feeds in `rosters`, of owners who are known by `tokens`.
    #[must_use]
    pub fn new(rosters: Rosters, tokens: Tokens) -> Self {
        Self { rosters, tokens, noted: Arc::default() }
    }

    /// Returns every feed that is kept, by id.
    #[must_use]
    pub fn all(&self) -> Vec<(FeedId, Entered<Feed>)> {
        let state = self.rosters.state(&TeamId::server());
        state.snapshot.feeds.iter().map(|(id, entry)| (id.clone(), entry.clone())).collect()
    }

    /// Returns a feed, be there somebody whose it is or not.
    #[must_use]
    pub fn get(&self, id: &FeedId) -> Option<Entered<Feed>> {
        self.rosters.state(&TeamId::server()).snapshot.feeds.get(id).cloned()
    }

    /// Returns the feed at an address; nothing for a wrong secret, and where its owner or its team is gone.
    ///
    /// Whether there is such a feed shows in nothing, not in the time that it takes either.
    #[must_use]
    pub fn find(&self, id: &str, secret: &str) -> Option<(FeedId, Entered<Feed>)> {
        let found = FeedId::new(id).ok().and_then(|id| Some((self.get(&id)?, id)));
        let hash = found.as_ref().map_or([0; 32], |(entry, _)| entry.value.hash);
        let shown = Secret::parse(secret).filter(|secret| secret.kind() == SecretKind::Feed);
        let right = shown.is_some_and(|secret| secret.has(&hash));
        let (entry, id) = found?;
        (right && self.stands(&entry)).then_some((id, entry))
    }

    /// Tells whether a feed is still good: its team is there, and whoever it belongs to has not left.
    #[must_use]
    pub fn stands(&self, entry: &Entered<Feed>) -> bool {
        let (feed, now) = (&entry.value, self.rosters.now());
        let made = entry.meta.create_time;
        let role = match &feed.owner {
            FeedOwner::Resident(id) => Role::Resident(id.clone()),
            FeedOwner::Token(id) => {
                let good = self.tokens.get(id).is_some_and(|token| {
                    token.value.is_good(now) && self.tokens.stands(&token.value.grant, token.meta.create_time, now)
                });
                if !good {
                    return false;
                }
                Role::Viewer
            }
        };
        self.tokens.stands(&Grant::Team(feed.team.clone(), role), made, now)
    }

    /// Makes a feed; `by` says who does. With `validate_only` it is refused as it would be, and not made.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] where its owner has as many as anybody may have; what the store refuses.
    pub async fn create(&self, by: &Identity, new: NewFeed, validate_only: bool) -> Result<Subscription, Refusal> {
        let secret = Secret::generate(SecretKind::Feed).map_err(|_| Refusal::BrokenOff)?;
        let id = FeedId::new(&format!("f-{}", secret.id_letters())).map_err(|_| Refusal::BrokenOff)?;
        let (hash, issuer, object) = (secret.hash(), by.name.clone(), id.clone());
        let make = move |server: &TeamSnapshot, change: Change| {
            let NewFeed { name, team, owner, view } = new.clone();
            let theirs = |entry: &&Entered<Feed>| (&entry.value.team, &entry.value.owner) == (&team, &owner);
            if server.feeds.values().filter(theirs).count() >= FEEDS_MAX {
                let reason = format!("there are {FEEDS_MAX} feeds of one owner already; delete one that nobody uses");
                return Err(Refusal::field("feed.owner", reason));
            }
            let (secret_time, issuer) = (change.time, issuer.clone());
            let feed = Feed { name, team, owner, view, hash, secret_time, last_used: None, issuer };
            Ok(puts(object.clone(), entered(feed, change, 0)))
        };
        let feed = self.change(by, "make a feed", validate_only, &id, make).await?;
        Ok(Subscription { id, feed, secret })
    }

    /// Gives a feed another secret: with the old one it is not to be had any more.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`]; what the store refuses.
    pub async fn rotate(&self, by: &Identity, id: FeedId, validate_only: bool) -> Result<Subscription, Refusal> {
        let secret = Secret::generate(SecretKind::Feed).map_err(|_| Refusal::BrokenOff)?;
        let (hash, object) = (secret.hash(), id.clone());
        let make = move |server: &TeamSnapshot, change: Change| {
            let held = server.feeds.get(&object).ok_or_else(|| gone(&object))?;
            let feed = Feed { hash, secret_time: change.time, last_used: None, ..held.value.clone() };
            Ok(puts(object.clone(), Entered { meta: updated(&held.meta, change), value: feed }))
        };
        let feed = self.change(by, "give a feed another secret", validate_only, &id, make).await?;
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        Ok(Subscription { id, feed, secret })
    }

    /// Deletes a feed: its address leads nowhere from then on.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`]; what the store refuses.
    pub async fn delete(&self, by: &Identity, id: FeedId, validate_only: bool) -> Result<(), Refusal> {
        let make = move |server: &TeamSnapshot, _: Change| {
            server.feeds.get(&id).ok_or_else(|| gone(&id))?;
            let mut changes = ChangeSet::default();
            changes.remove(ObjectKey::Feed(id.clone()));
            Ok(changes)
        };
        change(&self.rosters, by, "delete a feed", validate_only, make).await.map(drop)
    }

    /// Writes down that a feed was fetched, once a day at most and without keeping its subscriber waiting.
    pub fn note_use(&self, id: &FeedId, last: Option<Instant>) {
        let now = self.rosters.now();
        let is_old = |last: Option<Instant>| last.is_none_or(|last| now.since(last) >= NOTED_SECONDS);
        if !is_old(last) || !is_old(self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), now)) {
            return;
        }
        let (feeds, object) = (self.clone(), id.clone());
        let make = move |server: &TeamSnapshot, change: Change| {
            let Some(held) = server.feeds.get(&object) else { return Ok(ChangeSet::default()) };
            let feed = Feed { last_used: Some(now), ..held.value.clone() };
            Ok(puts(object.clone(), Entered { meta: updated(&held.meta, change), value: feed }))
        };
        tokio::spawn(async move {
            if let Err(error) = change(&feeds.rosters, &Identity::server(), "a feed is used", false, make).await {
                tracing::warn!(%error, "the use of a feed could not be written down");
            }
        });
    }

    async fn change<F>(
        &self,
        by: &Identity,
        title: &str,
        validate_only: bool,
        id: &FeedId,
        make: F,
    ) -> Result<Entered<Feed>, Refusal>
    where
        F: Fn(&TeamSnapshot, Change) -> Result<ChangeSet, Refusal> + Send + Sync + 'static,
    {
        let state = change(&self.rosters, by, title, validate_only, make).await?;
        state.snapshot.feeds.get(id).cloned().ok_or_else(|| gone(id))
    }
}

fn gone(id: &FeedId) -> Refusal {
    Refusal::not_found(format!("feeds/{id}"))
}

fn puts(id: FeedId, feed: Entered<Feed>) -> ChangeSet {
    let mut changes = ChangeSet::default();
    changes.put(Object::Feed(id, feed));
    changes
}
