//! Tokens and invitations: what callers show to be let in (semantics 8.3).

use super::{ResidentId, TeamId};
use crate::civil::Instant;

/// What somebody is in a team.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Does what is theirs.
    Resident(ResidentId),
    /// Does everything in the team.
    Coordinator,
}

/// What a token is for.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Grant {
    /// A role in one team.
    Team(TeamId, Role),
    /// The whole server.
    Admin,
}

/// How a token is used.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TokenUse {
    /// It is shown with each call.
    Call,
    /// It is an invitation: exchanged once for a token, and then gone.
    Invitation,
}

/// A token, less its secret: of that there is a hash only.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Token {
    /// What people call it, such as the device or the program that has it.
    pub name: String,
    /// What it is for.
    pub grant: Grant,
    /// How it is used.
    pub used_for: TokenUse,
    /// The BLAKE3 hash of its secret.
    pub hash: [u8; 32],
    /// From when on it is refused; `None` is never.
    pub expires: Option<Instant>,
    /// Since when it is refused, because somebody revoked it.
    pub revoked: Option<Instant>,
    /// When it was last used, to about a day; `None` where it never was.
    pub last_used: Option<Instant>,
    /// Who made it, as the log names them.
    pub issuer: String,
}

impl Token {
    /// Tells whether it lets anybody in at `now`.
    ///
    /// ```
    /// # use onduty::civil::Instant;
    /// # use onduty::model::{Grant, Token, TokenUse};
    /// let now: Instant = "2026-11-23T08:00:00Z".parse().unwrap();
    /// let token = Token {
    ///     name: "laptop".to_owned(),
    ///     grant: Grant::Admin,
    ///     used_for: TokenUse::Call,
    ///     hash: [0; 32],
    ///     expires: Some(now),
    ///     revoked: None,
    ///     last_used: None,
    ///     issuer: String::new(),
    /// };
    /// assert!(token.is_good(now.plus(-1)) && !token.is_good(now));
    /// ```
    #[must_use]
    pub fn is_good(&self, now: Instant) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|expires| now < expires)
    }
}
