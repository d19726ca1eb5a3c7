//! What keeps the identities of a team's shifts and gaps from being guessed.

use uuid::Uuid;

/// The namespace of the identities of a team that has no key: those that were made before there were any.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f6e_6475_7479_4000_8000_7368_6966_7473);

/// A secret of one team, of 122 random bits, without which nobody can tell from an identity what it was made of
/// (semantics 4.6f).
///
/// It is made with the team, never changes and never leaves the server; it has no `Debug` that would tell it. The
/// default is the one of teams without a key, and no secret.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct IdentityKey(Uuid);

impl IdentityKey {
    /// Returns the key of these bytes, which have to be random.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// Returns its bytes, for the store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// Returns the identity of what `name` says in full: a UUID of version 5 in the namespace of the key (RFC 9562
    /// §5.5).
    ///
    /// ```
    /// use onduty::model::IdentityKey;
    ///
    /// let (one, other) = (IdentityKey::from_bytes([1; 16]), IdentityKey::from_bytes([2; 16]));
    /// assert_eq!(one.identity("shift/7"), one.identity("shift/7"));
    /// assert_ne!(one.identity("shift/7"), other.identity("shift/7"));
    /// ```
    #[must_use]
    pub fn identity(&self, name: &str) -> Uuid {
        Uuid::new_v5(&self.0, name.as_bytes())
    }
}

impl Default for IdentityKey {
    fn default() -> Self {
        Self(NAMESPACE)
    }
}

impl std::fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdentityKey")
    }
}
