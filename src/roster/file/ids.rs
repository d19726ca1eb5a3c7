//! The ids of entries that state none.
//!
//! Such an id comes from what the entry is about, not from all it says: an override's duty, people and start, the
//! resident and start of time off, the title of a task. So applying a file again finds its entries again, and editing
//! the rest of an entry (its end, its note) changes that entry instead of making another one. Entries that are about
//! the same get `-2`, `-3` and so on, in the order of the file.

use std::collections::BTreeSet;

use crate::model::{Override, OverrideForm, Span, Task, TimeOff};

/// The longest id.
const LENGTH_MAX: usize = 63;

/// The ids of one kind that a file has used so far.
#[derive(Debug, Default)]
pub(super) struct Ids(BTreeSet<String>);

impl Ids {
    /// Notes an id; tells whether it is new.
    pub(super) fn state(&mut self, id: &str) -> bool {
        self.0.insert(id.to_owned())
    }

    /// Returns an id that nothing has yet: `wanted`, or with a number after it.
    pub(super) fn derive(&mut self, wanted: &str) -> String {
        let numbered = (2..).map(|number| fitting(&format!("{wanted}-{number}")));
        let id = [fitting(wanted)].into_iter().chain(numbered).find(|id| !self.0.contains(id)).unwrap_or_default();
        self.0.insert(id.clone());
        id
    }
}

/// Returns `text` as an id: other characters become `-`, and too long a text ends in its hash.
fn fitting(text: &str) -> String {
    let mut id = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => id.push(c),
            _ if id.ends_with('-') || id.is_empty() => {}
            _ => id.push('-'),
        }
    }
    let id = id.trim_end_matches('-');
    let lost = text.chars().any(|c| c.is_alphanumeric() && !c.is_ascii());
    if !id.is_empty() && id.len() <= LENGTH_MAX && !lost {
        return id.to_owned();
    }
    let hash = blake3::hash(text.as_bytes()).to_hex();
    let start = id.get(..40.min(id.len())).unwrap_or_default().trim_end_matches('-');
    format!("{start}{}{}", if start.is_empty() { "" } else { "-" }, &hash.as_str()[..12])
}

/// Returns what an override without an id is called.
pub(super) fn of_override(entry: &Override) -> String {
    let people = match &entry.form {
        OverrideForm::Add { by } => by.to_string(),
        OverrideForm::Replace { by, owner } => format!("{by}-for-{owner}"),
        OverrideForm::TakeOff { owner } => format!("off-{owner}"),
    };
    format!("{}-{people}-{}", entry.duty, start(&entry.span))
}

/// Returns what an entry of time off without an id is called.
pub(super) fn of_time_off(entry: &TimeOff) -> String {
    format!("{}-{}", entry.resident, start(&entry.span))
}

/// Returns what a task without an id is called.
pub(super) fn of_task(task: &Task) -> String {
    task.title.clone()
}

fn start(span: &Span) -> String {
    match span {
        Span::Days { first, .. } => first.to_string(),
        Span::Local { start, .. } => start.strftime("%Y-%m-%d-%H%M").to_string(),
        Span::Instants { start, .. } => start.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_are_readable_and_unique() {
        let mut ids = Ids::default();
        assert!(ids.state("move-the-tracker"));
        assert!(!ids.state("move-the-tracker"));
        assert_eq!(ids.derive("Move the tracker!"), "move-the-tracker-2");
        assert_eq!(ids.derive("Move the tracker!"), "move-the-tracker-3");
        assert_eq!(ids.derive("asa-2026-01-05T09:00:00Z"), "asa-2026-01-05t09-00-00z");
    }

    #[test]
    fn what_does_not_fit_ends_in_its_hash() {
        let mut ids = Ids::default();
        let long = ids.derive(&"word ".repeat(30));
        assert_eq!(long.len(), 40 - 1 + 13);
        let other = ids.derive(&"word ".repeat(31));
        assert_ne!(long, other);
        assert_ne!(ids.derive("żółw"), ids.derive("źółw"));
        assert!(crate::model::TaskId::new(&ids.derive("日本")).is_ok());
    }
}
