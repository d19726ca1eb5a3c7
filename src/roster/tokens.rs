//! The server's tokens: who is known by a secret, and how secrets come and go (semantics 8.3).
//!
//! They lie in the store as everything else does, in a team of the server's own that nobody can make or read: so they
//! are committed, logged and read back in the same way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::server_objects::{NOTED_SECONDS, change, entered, updated};
use super::{Change, Refusal, Rosters, Secret, SecretKind};
use crate::access::Identity;
use crate::civil::Instant;
use crate::model::{Entered, Grant, Object, ObjectKey, Role, TeamId, TeamSnapshot, Token, TokenId, TokenUse};
use crate::store::ChangeSet;

/// How long an invitation holds where nothing is said, in seconds: three days.
const INVITATION_SECONDS: i64 = 3 * 86_400;
/// How long an invitation holds at most, in seconds: 30 days.
const INVITATION_SECONDS_MAX: i64 = 30 * 86_400;

/// The tokens of a server. Cheap to clone; every clone is the same.
#[derive(Clone)]
pub struct Tokens {
    rosters: Rosters,
    /// When the use of a token was last written down.
    noted: Arc<Mutex<BTreeMap<TokenId, Instant>>>,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct Issue {
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub grant: Grant,
    /// How it is used.
    pub used_for: TokenUse,
    /// From when on it is refused.
    pub expires: Option<Instant>,
}

/// A token as it was made, with its secret, which nobody can ask for again.
#[derive(Debug)]
pub struct Issued {
    /// Its id.
    pub id: TokenId,
    /// The token.
    pub token: Entered<Token>,
    /// Its secret.
    pub secret: Secret,
}

impl Tokens {
    /// Returns the tokens in `rosters`.
    #[must_use]
    pub fn new(rosters: Rosters) -> Self {
        Self { rosters, noted: Arc::default() }
    }

    /// Returns who shows `secret`; nobody, where there is no such token, or it is over, or its resident has left.
    #[must_use]
    pub fn identify(&self, secret: &str) -> Option<Identity> {
        let (secret, now) = (Secret::parse(secret)?, self.rosters.now());
        let (id, entry) = self.good(&secret, now)?;
        let token = entry.value;
        if token.used_for != TokenUse::Call {
            return None;
        }
        if !self.stands(&token.grant, entry.meta.create_time, now) {
            return None;
        }
        self.note_use(&id, token.last_used, now);
        Some(Identity::of_token(id, &token))
    }

    /// Tells whether what a token of that time is for is still there: its team, and the very resident whom it was made
    /// for, not another who came later under the same id.
    pub(super) fn stands(&self, grant: &Grant, made: Instant, now: Instant) -> bool {
        let Grant::Team(team, role) = grant else { return true };
        let team = &self.rosters.state(team).snapshot;
        let there = team.team.as_ref().is_some_and(|kept| kept.versions.goes_on(now) && kept.meta.create_time <= made);
        let resident = match role {
            Role::Resident(id) => team
                .residents
                .get(id)
                .is_some_and(|resident| resident.versions.goes_on(now) && resident.meta.create_time <= made),
            Role::Viewer | Role::Coordinator => true,
        };
        there && resident
    }

    /// Tells whether the token of that id is good now.
    #[must_use]
    pub fn still_good(&self, id: &TokenId) -> bool {
        let now = self.rosters.now();
        self.get(id).is_some_and(|token| {
            token.value.is_good(now) && self.stands(&token.value.grant, token.meta.create_time, now)
        })
    }

    /// Tells whether a token with that secret is good now.
    #[must_use]
    pub fn is_good(&self, secret: &str) -> bool {
        Secret::parse(secret).is_some_and(|secret| self.good(&secret, self.rosters.now()).is_some())
    }

    /// Returns the token of `secret` if it is good at `now`.
    fn good(&self, secret: &Secret, now: Instant) -> Option<(TokenId, Entered<Token>)> {
        let id = secret.id()?;
        let entry = self.get(&id)?;
        (secret.has(&entry.value.hash) && entry.value.is_good(now)).then_some((id, entry))
    }

    /// Returns a token, be it good or over.
    #[must_use]
    pub fn get(&self, id: &TokenId) -> Option<Entered<Token>> {
        self.state().snapshot.tokens.get(id).cloned()
    }

    /// Returns every token that is kept, by id.
    #[must_use]
    pub fn all(&self) -> Vec<(TokenId, Entered<Token>)> {
        self.state().snapshot.tokens.iter().map(|(id, entry)| (id.clone(), entry.clone())).collect()
    }

    fn state(&self) -> Arc<super::TeamState> {
        self.rosters.state(&TeamId::server())
    }

    /// Makes a token, or an invitation; `by` says who does. With `validate_only` it is refused as it would be, and not
    /// made.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] for an expiry that is over or, of an invitation, too far; what the store refuses.
    pub async fn issue(&self, by: &Identity, issue: Issue, validate_only: bool) -> Result<Issued, Refusal> {
        let secret = Secret::generate(SecretKind::Token(issue.used_for)).map_err(|_| Refusal::BrokenOff)?;
        let id = secret.id().ok_or(Refusal::BrokenOff)?;
        let title = match issue.used_for {
            TokenUse::Call => "make a token",
            TokenUse::Invitation => "invite",
        };
        let (hash, issuer, object) = (secret.hash(), by.name.clone(), id.clone());
        let make = move |_: &TeamSnapshot, change: Change| {
            let expires = expiry(&issue, change.time)?;
            let (name, grant) = (issue.name.clone(), issue.grant.clone());
            let token = Token {
                name,
                grant,
                used_for: issue.used_for,
                hash,
                expires,
                revoked: None,
                last_used: None,
                issuer: issuer.clone(),
            };
            Ok(puts([(object.clone(), entered(token, change, 0))]))
        };
        let token = self.change(by, title, validate_only, id.clone(), make).await?;
        Ok(Issued { id, token, secret })
    }

    /// Exchanges an invitation for a token that is called `name`; the invitation is then gone.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`] where there is no such invitation any more.
    pub async fn redeem(&self, invitation: &str, name: String) -> Result<Issued, Refusal> {
        let gone = || Refusal::not_found("such invitation: it was used, has expired or was mistyped; ask for another");
        let invitation = Secret::parse(invitation).ok_or_else(gone)?;
        let (code, entry) = self.good(&invitation, self.rosters.now()).ok_or_else(gone)?;
        let stands = self.stands(&entry.value.grant, entry.meta.create_time, self.rosters.now());
        if entry.value.used_for != TokenUse::Invitation || !stands {
            return Err(gone());
        }
        let secret = Secret::generate(SecretKind::Token(TokenUse::Call)).map_err(|_| Refusal::BrokenOff)?;
        let id = secret.id().ok_or(Refusal::BrokenOff)?;
        let (hash, object) = (secret.hash(), id.clone());
        let make = move |server: &TeamSnapshot, change: Change| {
            let held = server.tokens.get(&code).filter(|held| held.value.is_good(change.time));
            let held = &held.ok_or_else(|| Refusal::not_found("such invitation any more; ask for another"))?.value;
            let token = Token {
                name: name.clone(),
                used_for: TokenUse::Call,
                hash,
                expires: None,
                last_used: None,
                ..held.clone()
            };
            let mut changes = puts([(object.clone(), entered(token, change, 0))]);
            changes.remove(ObjectKey::Token(code.clone()));
            Ok(changes)
        };
        let by = Identity { name: format!("{} (invited)", entry.value.name), ..Identity::server() };
        let token = self.change(&by, "accept an invitation", false, id.clone(), make).await?;
        Ok(Issued { id, token, secret })
    }

    /// Revokes a token; one that is revoked stays as it is.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`]; what the store refuses.
    pub async fn revoke(&self, by: &Identity, id: TokenId) -> Result<Entered<Token>, Refusal> {
        let object = id.clone();
        let make = move |server: &TeamSnapshot, change: Change| {
            let held = server.tokens.get(&object).ok_or_else(|| Refusal::not_found(format!("tokens/{object}")))?;
            if held.value.revoked.is_some() {
                return Ok(ChangeSet::default());
            }
            let token = Token { revoked: Some(change.time), ..held.value.clone() };
            Ok(puts([(object.clone(), Entered { meta: updated(&held.meta, change), value: token })]))
        };
        self.change(by, "revoke a token", false, id, make).await
    }

    /// Makes the first administrator's token, where none is good.
    ///
    /// # Errors
    ///
    /// What the store refuses.
    pub async fn first(&self) -> Result<Option<Secret>, Refusal> {
        let now = self.rosters.now();
        let is_admin = |token: &Token| token.grant == Grant::Admin && token.used_for == TokenUse::Call;
        if self.all().iter().any(|(_, entry)| is_admin(&entry.value) && entry.value.is_good(now)) {
            return Ok(None);
        }
        let issue = Issue { name: "first".to_owned(), grant: Grant::Admin, used_for: TokenUse::Call, expires: None };
        self.issue(&Identity::server(), issue, false).await.map(|issued| Some(issued.secret))
    }

    /// Writes down that a token was used, once a day at most and without keeping its caller waiting.
    fn note_use(&self, id: &TokenId, last: Option<Instant>, now: Instant) {
        let is_old = |last: Option<Instant>| last.is_none_or(|last| now.since(last) >= NOTED_SECONDS);
        if !is_old(last) {
            return;
        }
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_old(noted.insert(id.clone(), now)) {
            return;
        }
        drop(noted);
        let (tokens, object) = (self.clone(), id.clone());
        let make = move |server: &TeamSnapshot, change: Change| {
            let Some(held) = server.tokens.get(&object) else { return Ok(ChangeSet::default()) };
            let token = Token { last_used: Some(now), ..held.value.clone() };
            Ok(puts([(object.clone(), Entered { meta: updated(&held.meta, change), value: token })]))
        };
        let id = id.clone();
        tokio::spawn(async move {
            if let Err(error) = tokens.change(&Identity::server(), "a token is used", false, id, make).await {
                tracing::warn!(%error, "the use of a token could not be written down");
            }
        });
    }

    /// Changes the server's own, and returns the token of that id as it then is.
    async fn change<F>(
        &self,
        by: &Identity,
        title: &str,
        validate_only: bool,
        id: TokenId,
        make: F,
    ) -> Result<Entered<Token>, Refusal>
    where
        F: Fn(&TeamSnapshot, Change) -> Result<ChangeSet, Refusal> + Send + Sync + 'static,
    {
        let state = change(&self.rosters, by, title, validate_only, make).await?;
        let found = state.snapshot.tokens.get(&id).cloned();
        found.ok_or_else(|| Refusal::not_found(format!("tokens/{id}")))
    }
}

/// From when on a token to be made at `now` is refused.
fn expiry(issue: &Issue, now: Instant) -> Result<Option<Instant>, Refusal> {
    let far = now.plus(INVITATION_SECONDS_MAX);
    match (issue.used_for, issue.expires) {
        (_, Some(expires)) if expires <= now => {
            Err(Refusal::field("token.expire_time", format!("{expires} is over; give a time after {now}")))
        }
        (TokenUse::Invitation, Some(expires)) if expires > far => {
            Err(Refusal::field("token.expire_time", format!("{expires} is too far; an invitation ends by {far}")))
        }
        (TokenUse::Invitation, None) => Ok(Some(now.plus(INVITATION_SECONDS))),
        (_, expires) => Ok(expires),
    }
}

fn puts(tokens: impl IntoIterator<Item = (TokenId, Entered<Token>)>) -> ChangeSet {
    let mut changes = ChangeSet::default();
    tokens.into_iter().for_each(|(id, token)| changes.put(Object::Token(id, token)));
    changes
}
