//! Mistakes in a roster file: each with its line, its column, and what would be right.

use std::collections::BTreeMap;
use std::fmt;

/// One thing that is wrong with a roster file.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Mistake {
    /// The line, from 1.
    pub line: u32,
    /// The column in that line, in characters, from 1.
    pub column: u32,
    /// Where in the document: a path such as `duty[0].layer[1].participants[2]`; empty for the whole document.
    pub field: String,
    /// What is wrong with it, and what would be right.
    pub message: String,
}

impl fmt::Display for Mistake {
    /// Writes `line:column: field: message`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

/// Where the values of a document are: line and column of each path.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Places(BTreeMap<String, (u32, u32)>);

impl Places {
    /// Notes where the value at `path` is.
    pub(super) fn note(&mut self, path: &str, line: u32, column: u32) {
        self.0.insert(path.to_owned(), (line, column));
    }

    /// Returns a mistake at `path`, or at the nearest value around it that is in the document.
    pub(super) fn mistake(&self, path: &str, message: impl Into<String>) -> Mistake {
        let mut around = path;
        let (line, column) = loop {
            if let Some(place) = self.0.get(around) {
                break *place;
            }
            match around.rfind(['.', '[']) {
                Some(cut) => around = &around[..cut],
                None => break (1, 1),
            }
        };
        Mistake { line, column, field: path.to_owned(), message: message.into() }
    }
}

/// Tells whether `inner` is the path `outer` or lies within it.
pub(super) fn within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_not_in_the_document_is_found_around() {
        let mut places = Places::default();
        places.note("duty[0]", 3, 1);
        places.note("duty[0].layer[1].windows", 9, 11);
        assert_eq!(places.mistake("duty[0].layer[1].windows[0].weekdays", "x").line, 9);
        assert_eq!(places.mistake("duty[0].skills[2]", "x").line, 3);
        assert_eq!(places.mistake("zone", "x").to_string(), "1:1: zone: x");
    }

    #[test]
    fn paths_lie_within_each_other_by_whole_names() {
        assert!(within("duty[0].title", "duty[0]"));
        assert!(within("when", "when"));
        assert!(!within("when", "when[0]"));
        assert!(!within("duty[0].in_feed", "duty[0].in"));
    }
}
