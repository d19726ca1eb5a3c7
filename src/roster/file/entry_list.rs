//! Objects as lists of keys and values: written as TOML in an export, compared and shown plainly in a diff.

use crate::model::ZoneName;

/// A value of a roster file, for writing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Value {
    /// A string.
    Text(String),
    /// A number, a date, a time, `true` or `false`.
    Plain(String),
    /// A list.
    List(Vec<Value>),
    /// An inline table.
    Table(Vec<(String, Value)>),
}

/// The longest line of an export that is not cut into several.
const LINE_MAX: usize = 100;

impl Value {
    pub(super) fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    pub(super) fn plain(text: impl ToString) -> Self {
        Self::Plain(text.to_string())
    }

    pub(super) fn texts<T: ToString>(list: &[T]) -> Self {
        Self::List(list.iter().map(|item| Self::Text(item.to_string())).collect())
    }

    /// Writes the value as TOML, on one line unless a string of it has several.
    fn toml(&self) -> String {
        match self {
            Self::Text(text) => toml::Value::String(text.clone()).to_string(),
            Self::Plain(text) => text.clone(),
            Self::List(list) => format!("[{}]", join(list.iter().map(Self::toml))),
            Self::Table(entries) => {
                let inner = join(entries.iter().map(|(key, value)| format!("{} = {}", key_text(key), value.toml())));
                format!("{{ {inner} }}")
            }
        }
    }

    /// Writes the value as people read it in a diff.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(text) if text.is_empty() => "(none)".to_owned(),
            Self::List(list) if list.is_empty() => "(none)".to_owned(),
            Self::Text(text) => text.replace('\n', " "),
            Self::Plain(text) => text.clone(),
            Self::List(list) => join(list.iter().map(Self::shown)),
            Self::Table(entries) => {
                let pairs: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{key} {}", value.shown())).collect();
                pairs.join(" ")
            }
        }
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// Writes a key, in quotes where it needs them.
fn key_text(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare {
        return key.to_owned();
    }
    let escaped = key.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// How objects become lists: briefly, as people write files, or with every value stated.
#[derive(Clone, Copy, Debug)]
pub(super) enum Style<'a> {
    /// Leaves out what is as usual; the zone is the team's.
    Brief(&'a ZoneName),
    /// States everything.
    Full,
}

impl Style<'_> {
    /// Tells whether a zone is what it would be if left out where `usual` is the usual one.
    pub(super) fn omits(self, zone: &ZoneName, usual: &ZoneName) -> bool {
        matches!(self, Self::Brief(_)) && zone == usual
    }

    /// Tells whether a zone is the team's and need not be said.
    pub(super) fn omits_team_zone(self, zone: &ZoneName) -> bool {
        matches!(self, Self::Brief(team_zone) if team_zone == zone)
    }
}

/// The keys and values of one object, in the order of a file.
#[derive(Clone, Debug)]
pub(super) struct EntryList {
    brief: bool,
    entries: Vec<(String, Value)>,
}

impl EntryList {
    pub(super) fn new(style: Style<'_>) -> Self {
        Self { brief: matches!(style, Style::Brief(_)), entries: Vec::new() }
    }

    /// Adds a value.
    pub(super) fn add(&mut self, key: &str, value: Value) {
        self.entries.push((key.to_owned(), value));
    }

    /// Adds a value unless it is as `usual` and the list is brief.
    pub(super) fn add_unless(&mut self, usual: bool, key: &str, value: Value) {
        if !(usual && self.brief) {
            self.add(key, value);
        }
    }

    /// Adds a value if there is one.
    pub(super) fn add_some(&mut self, key: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.add(key, value);
        }
    }

    /// Writes the entries as lines of TOML.
    pub(super) fn toml(&self) -> String {
        let mut text = String::new();
        for (key, value) in &self.entries {
            match value {
                Value::Table(entries) if key == "handles" => {
                    for (handle, value) in entries {
                        text.push_str(&format!("handles.{} = {}\n", key_text(handle), value.toml()));
                    }
                }
                _ => text.push_str(&line(key, value)),
            }
        }
        text
    }

    /// Returns one text for each entry that differs in `newer`: `key old -> new`.
    pub(super) fn differences(&self, newer: &Self) -> Vec<String> {
        let mut keys: Vec<&String> = newer.entries.iter().map(|(key, _)| key).collect();
        keys.extend(self.entries.iter().map(|(key, _)| key).filter(|key| newer.get(key).is_none()));
        let shown = |value: Option<&Value>| value.map_or("(none)".to_owned(), Value::shown);
        keys.into_iter()
            .map(|key| (key, self.get(key), newer.get(key)))
            .filter(|(_, old, new)| old != new)
            .map(|(key, old, new)| format!("{} {} -> {}", key.replace('_', " "), shown(old), shown(new)))
            .collect()
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(other, _)| other == key).map(|(_, value)| value)
    }

    /// Writes the entries as people read them.
    pub(super) fn shown(&self) -> String {
        join(self.entries.iter().map(|(key, value)| format!("{} {}", key.replace('_', " "), value.shown())))
    }
}

fn line(key: &str, value: &Value) -> String {
    let short = format!("{} = {}\n", key_text(key), value.toml());
    match value {
        Value::List(list) if short.len() > LINE_MAX => {
            let items: String = list.iter().map(|item| format!("    {},\n", item.toml())).collect();
            format!("{} = [\n{items}]\n", key_text(key))
        }
        _ => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_written_so_that_toml_reads_it_back() {
        for text in ["", "plain", "it's \"quoted\"", "two\nlines", "back\\slash", "\u{7f}\t\u{1}", "'''\"\"\"", "ż"] {
            let written = line(text, &Value::List(vec![Value::text(text)]));
            let read: toml::Table = written.parse().unwrap();
            assert_eq!(read[text][0].as_str(), Some(text), "{written}");
        }
    }
}
