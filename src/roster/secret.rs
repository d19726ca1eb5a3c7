//! Secrets: what a token is outside the server, and the hash by which the server knows it again.

use crate::model::{TokenId, TokenUse};

/// How many random bytes a secret has: 160 bits.
const RANDOM_BYTES: usize = 20;
/// What texts are made of: letters and digits that no URL, shell or eye takes for something else.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// What begins each kind of secret, so that leaked ones are found.
const PREFIXES: [(SecretKind, &str); 3] = [
    (SecretKind::Token(TokenUse::Invitation), "onduty_invite_"),
    (SecretKind::Feed, "onduty_feed_"),
    (SecretKind::Token(TokenUse::Call), "onduty_"),
];
/// How many letters of its hash name a token.
const ID_LETTERS: usize = 12;

/// What a secret is of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SecretKind {
    /// Of a token or an invitation.
    Token(TokenUse),
    /// Of a feed.
    Feed,
}

/// A secret: `onduty_`, `onduty_invite_` or `onduty_feed_`, 32 letters of 5 random bits, and 7 of a checksum over all before.
///
/// It is shown once, to whoever is to have it; it has no `Debug` that would tell it.
#[derive(Clone, Eq, PartialEq)]
pub struct Secret {
    text: String,
    kind: SecretKind,
}

impl Secret {
    /// Returns a new secret.
    ///
    /// # Errors
    ///
    /// The system's error where it has no randomness to give.
    pub fn generate(kind: SecretKind) -> Result<Self, getrandom::Error> {
        let mut random = [0; RANDOM_BYTES];
        getrandom::fill(&mut random)?;
        Ok(Self::of(kind, &random))
    }

    fn of(kind: SecretKind, random: &[u8; RANDOM_BYTES]) -> Self {
        let prefix = PREFIXES.iter().find(|(known, _)| *known == kind).map_or("", |(_, prefix)| prefix);
        let text = format!("{prefix}{}", letters(random));
        let sum = checksum(&text);
        Self { text: text + &sum, kind }
    }

    /// Returns the secret that `text` is; `None` where it is none, or was mistyped.
    ///
    /// ```
    /// use onduty::roster::{Secret, SecretKind};
    ///
    /// let secret = Secret::generate(SecretKind::Feed).unwrap();
    /// assert!(Secret::parse(secret.text()).is_some());
    /// assert!(Secret::parse("onduty_no").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, prefix) = PREFIXES.iter().find(|(_, prefix)| text.starts_with(prefix))?;
        let whole = prefix.len() + letters(&[0; RANDOM_BYTES]).len();
        let (body, sum) = text.split_at_checked(whole)?;
        (checksum(body) == sum).then(|| Self { text: text.to_owned(), kind: *kind })
    }

    /// Returns the text, for the one who is to have it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns what it is of.
    #[must_use]
    pub fn kind(&self) -> SecretKind {
        self.kind
    }

    /// Returns its BLAKE3 hash, all that is kept of it. It has 160 random bits, so no slower hash would add anything.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(self.text.as_bytes()).as_bytes()
    }

    /// Returns the id under which the token is kept: letters of its hash, from which it can be told which one a secret
    /// is, and no secret can be found.
    #[must_use]
    pub fn id(&self) -> Option<TokenId> {
        TokenId::new(&format!("t-{}", self.id_letters())).ok()
    }

    /// Returns letters of its hash: the first secret of a feed names it so, as its secret names a token.
    #[must_use]
    pub fn id_letters(&self) -> String {
        letters(&self.hash()).chars().take(ID_LETTERS).collect()
    }

    /// Tells whether `hash` is that of this secret, in the same time for every other.
    #[must_use]
    pub fn has(&self, hash: &[u8; 32]) -> bool {
        // This comparison is made in constant time.
        blake3::Hash::from_bytes(self.hash()) == blake3::Hash::from_bytes(*hash)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Five bits a letter; what is left over of the last byte is lost.
fn letters(bytes: &[u8]) -> String {
    let bit = |index: usize| bytes.get(index / 8).is_some_and(|byte| byte >> (7 - index % 8) & 1 == 1);
    let value = |letter: usize| (0..5).fold(0, |value, index| value << 1 | usize::from(bit(5 * letter + index)));
    let count = bytes.len() * 8 / 5;
    (0..count).filter_map(|letter| LETTERS.get(value(letter))).map(|letter| char::from(*letter)).collect()
}

/// Seven letters of the CRC-32 of `text`, with which mistyped secrets and other texts are told at once.
fn checksum(text: &str) -> String {
    let sum = u64::from(crc32fast::hash(text.as_bytes())) << 8;
    letters(&sum.to_be_bytes()[3..])[..7].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_again_and_a_mistyped_one_is_not() {
        let secret = Secret::of(SecretKind::Token(TokenUse::Call), &[7; RANDOM_BYTES]);
        assert!(secret.text().starts_with("onduty_a4dqobyha4dqobyha4dqobyha4dqobyh"), "{}", secret.text());
        assert_eq!(secret.text().len(), 46);
        assert_eq!(Secret::parse(secret.text()), Some(secret.clone()));
        for place in 7..secret.text().len() {
            let mut typed = secret.text().to_owned();
            typed.replace_range(place..=place, if &typed[place..=place] == "x" { "y" } else { "x" });
            assert_eq!(Secret::parse(&typed), None, "{typed}");
        }
        assert_eq!(Secret::parse(&format!("{} ", secret.text())), None);
    }

    #[test]
    fn an_invitation_is_no_token() {
        let secret = Secret::of(SecretKind::Token(TokenUse::Invitation), &[7; RANDOM_BYTES]);
        let known = Secret::parse(secret.text()).unwrap();
        assert_eq!(known.kind(), SecretKind::Token(TokenUse::Invitation));
        assert_ne!(known.hash(), Secret::of(SecretKind::Token(TokenUse::Call), &[7; RANDOM_BYTES]).hash());
    }

    #[test]
    fn secrets_differ_and_are_not_told_by_accident() {
        let one = Secret::generate(SecretKind::Feed).unwrap();
        assert_ne!(one.text(), Secret::generate(SecretKind::Feed).unwrap().text());
        assert_eq!(format!("{one:?}"), "Secret");
        assert!(one.has(&one.hash()) && !one.has(&[0; 32]));
        assert!(!one.text().contains(one.id().unwrap().as_str().trim_start_matches("t-")));
    }
}
