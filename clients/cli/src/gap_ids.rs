//! Gaps by the first characters of their ids.

/// How many characters of a gap's id are shown.
const SHOWN: usize = 8;
/// How many characters of a gap's id name it at least.
const PREFIX_MIN: usize = 4;

/// Returns the part of a gap's id that is shown and can be typed.
pub fn short(id: &str) -> &str {
    id.get(..SHOWN).unwrap_or(id)
}

/// Tells whether a text can be a gap's id or the beginning of one.
pub fn is_prefix(text: &str) -> bool {
    text.len() >= PREFIX_MIN && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// The gaps that a text may mean.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Match<T> {
    /// Exactly one.
    One(T),
    /// None.
    None,
    /// Several, by their ids.
    Several(Vec<String>),
}

/// Returns what `prefix` means among things with ids.
pub fn find<T>(prefix: &str, all: impl IntoIterator<Item = T>, id: impl Fn(&T) -> &str) -> Match<T> {
    let prefix = prefix.to_ascii_lowercase();
    let mut found = all.into_iter().filter(|one| id(one).starts_with(&prefix)).collect::<Vec<_>>();
    match found.len() {
        0 => Match::None,
        1 => found.pop().map_or(Match::None, Match::One),
        _ => Match::Several(found.iter().map(|one| id(one).to_owned()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_hexadecimal_characters_may_mean_a_gap() {
        assert!(is_prefix("3f2a") && is_prefix("3F2A9C10-0000-4000"));
        assert!(!is_prefix("3f2") && !is_prefix("security"));
    }

    #[test]
    fn a_beginning_that_several_share_names_none() {
        let ids = ["3f2a9c10", "3f2a0000", "77aa0000"];
        assert_eq!(find("77AA", ids, |id| id), Match::One("77aa0000"));
        assert_eq!(find("0000", ids, |id| id), Match::None);
        assert_eq!(find("3f2a", ids, |id| id), Match::Several(vec!["3f2a9c10".to_owned(), "3f2a0000".to_owned()]));
    }
}
