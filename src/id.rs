//! Ids: short names that people choose, as one type for each kind of thing.

/// Why a text is no id.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "'{0}' is not an id: use 1 to 63 of a-z, 0-9 and '-', beginning with a letter and ending with a letter or digit"
)]
pub struct InvalidId(pub String);

/// Tells whether `text` has the form of an id; `digits` allows it to begin with a digit.
pub(crate) fn is_id(text: &str, digits: bool) -> bool {
    let bytes = text.as_bytes();
    let begins = |byte: &u8| byte.is_ascii_lowercase() || digits && byte.is_ascii_digit();
    (1..=63).contains(&bytes.len())
        && bytes.first().is_some_and(begins)
        && bytes.last().is_some_and(|byte| *byte != b'-')
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

/// Defines the id type of one kind of thing; `digits` after the name lets an id begin with a digit.
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => { $crate::id::id_type! { @define $(#[$doc])* $name, false } };
    ($(#[$doc:meta])* $name:ident, digits) => { $crate::id::id_type! { @define $(#[$doc])* $name, true } };
    (@define $(#[$doc:meta])* $name:ident, $digits:expr) => {
        $(#[$doc])*
        ///
        /// 1 to 63 of `a-z`, `0-9` and `-`, not ending in `-`.
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// Returns the id that `text` is.
            ///
            /// # Errors
            ///
            /// [`InvalidId`](crate::id::InvalidId) where it has another form.
            pub fn new(text: &str) -> Result<Self, $crate::id::InvalidId> {
                if $crate::id::is_id(text, $digits) {
                    Ok(Self(text.into()))
                } else {
                    Err($crate::id::InvalidId(text.to_owned()))
                }
            }

            /// Returns the id that a text of the right form is.
            #[allow(dead_code)]
            pub(crate) fn from_valid(text: &'static str) -> Self {
                Self(text.into())
            }

            /// Returns the id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use id_type;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_form() {
        for good in ["a", "asa", "pr-review", "release-3-14", &"x".repeat(63)] {
            assert!(is_id(good, false), "{good}");
        }
        for bad in ["", "-a", "a-", "9lives", "Asa", "a_b", "a b", "ä", &"x".repeat(64)] {
            assert!(!is_id(bad, false), "{bad}");
        }
        assert!(is_id("1", true));
    }
}
