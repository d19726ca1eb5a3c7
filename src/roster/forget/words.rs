//! Words in free text that tell who somebody is.

/// What a person is called and reached by.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// Longest first: a longer one may have a shorter one in it.
    list: Vec<String>,
}

impl Words {
    /// Adds a word, unless it is empty or known.
    pub fn add(&mut self, word: &str) {
        if !word.is_empty() && !self.list.iter().any(|known| known == word) {
            self.list.push(word.to_owned());
            self.list.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
    }

    /// Tells whether one of the words stands in `text`, and not only as a part of another word.
    pub fn stand_in(&self, text: &str) -> bool {
        self.list.iter().any(|word| next(text, word, 0).is_some())
    }

    /// Returns `text` with another word in place of each of these.
    pub fn replaced(&self, text: &str, by: &str) -> String {
        self.list.iter().fold(text.to_owned(), |text, word| replaced(&text, word, by))
    }
}

/// Returns `text` with `by` in place of `word` wherever it stands alone.
pub(super) fn replaced(text: &str, word: &str, by: &str) -> String {
    let (mut done, mut from) = (String::new(), 0);
    while let Some(at) = next(text, word, from) {
        done += text.get(from..at).unwrap_or_default();
        done += by;
        from = at + word.len();
    }
    done + text.get(from..).unwrap_or_default()
}

/// Where `word` stands next at or after `from`, with no letter or digit beside it that it could belong to.
fn next(text: &str, word: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let joins = |edge: Option<char>, beside: Option<char>| {
        edge.is_some_and(char::is_alphanumeric) && beside.is_some_and(char::is_alphanumeric)
    };
    let alone = |at: &usize| {
        let (before, after) = (text.get(..*at).unwrap_or_default(), text.get(*at + word.len()..).unwrap_or_default());
        !joins(word.chars().next(), before.chars().next_back()) && !joins(word.chars().last(), after.chars().next())
    };
    rest.match_indices(word).map(|(at, _)| from + at).find(alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_replaced_where_they_stand_alone() {
        let mut words = Words::default();
        ["Asa", "asa", "Åsa Öberg", "asa-hub", ""].into_iter().for_each(|word| words.add(word));
        for (text, expected) in [
            ("ask Åsa Öberg, or @asa-hub", "ask X, or @X"),
            ("Asa's turn; Asas; kasa", "X's turn; Asas; kasa"),
            ("asa/asa", "X/X"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(words.replaced(text, "X"), expected);
            assert_eq!(words.stand_in(text), text != expected, "{text}");
        }
    }
}
