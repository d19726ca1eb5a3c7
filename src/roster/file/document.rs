//! A TOML document walked by hand, so that every mistake is found in one go and each knows its place.

use std::cell::{Cell, RefCell};
use std::fmt::Display;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::mistake::{Mistake, Places};
use crate::civil::ZoneRules;
use crate::id::InvalidId;
use crate::model::ZoneName;
use crate::model::validate::{HINTS_MAX, suggestion};

/// A document and what the walk through it found.
pub(super) struct Document<'a> {
    text: &'a str,
    line_starts: Vec<usize>,
    pub(super) rules: &'a ZoneRules,
    mistakes: RefCell<Vec<Mistake>>,
    hints: Cell<usize>,
    places: RefCell<Places>,
}

impl<'a> Document<'a> {
    pub(super) fn new(text: &'a str, rules: &'a ZoneRules) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let line_starts = [0].into_iter().chain(breaks).collect();
        Self {
            text,
            line_starts,
            rules,
            mistakes: RefCell::default(),
            hints: Cell::default(),
            places: RefCell::default(),
        }
    }

    /// Returns the whole document as a table.
    pub(super) fn root(&'a self, root: &'a DeTable<'a>) -> Table<'a> {
        Table::new(self, String::new(), 0, root)
    }

    /// Returns what was found: the mistakes in order of their places, and the places of all values.
    pub(super) fn finish(self) -> (Vec<Mistake>, Places) {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort();
        mistakes.dedup();
        (mistakes, self.places.into_inner())
    }

    pub(super) fn mistake(&self, offset: usize, field: &str, message: impl Into<String>) {
        let (line, column) = self.position(offset);
        self.mistakes.borrow_mut().push(Mistake { line, column, field: field.to_owned(), message: message.into() });
    }

    fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or_default();
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX))
    }

    pub(super) fn line(&self, offset: usize) -> u32 {
        self.position(offset).0
    }

    /// Tells whether one more unknown zone may be compared with all that are known, which takes its time.
    fn hint(&self) -> bool {
        self.hints.set(self.hints.get() + 1);
        self.hints.get() <= HINTS_MAX
    }

    fn note(&self, path: &str, offset: usize) {
        let (line, column) = self.position(offset);
        self.places.borrow_mut().note(path, line, column);
    }
}

/// One value of a document.
#[derive(Clone)]
pub(super) struct Node<'a> {
    doc: &'a Document<'a>,
    pub(super) path: String,
    offset: usize,
    pub(super) value: &'a DeValue<'a>,
}

impl<'a> Node<'a> {
    fn new(doc: &'a Document<'a>, path: String, value: &'a Spanned<DeValue<'a>>) -> Self {
        let offset = value.span().start;
        doc.note(&path, offset);
        Self { doc, path, offset, value: value.get_ref() }
    }

    /// Adds that the value is wrong.
    pub(super) fn refuse(&self, message: impl Into<String>) {
        self.doc.mistake(self.offset, &self.path, message);
    }

    /// Adds that the value is of the wrong type.
    pub(super) fn refuse_type<T>(&self, wanted: &str) -> Option<T> {
        let given = match self.value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.refuse(format!("is {given}; give {wanted}"));
        None
    }

    /// Returns the value of `result`, or adds its error.
    pub(super) fn take<T>(&self, result: Result<T, impl Display>) -> Option<T> {
        result.map_err(|error| self.refuse(error.to_string())).ok()
    }

    /// Returns the value of `result`, or adds each of its errors.
    pub(super) fn take_all<T>(&self, result: Result<T, Vec<String>>) -> Option<T> {
        result.map_err(|errors| errors.into_iter().for_each(|error| self.refuse(error))).ok()
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        self.value.as_str().or_else(|| self.refuse_type("a string in quotes"))
    }

    pub(super) fn string(&self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    pub(super) fn flag(&self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.refuse_type("true or false"))
    }

    /// Returns an integer that fits `T`; `wanted` names what would.
    pub(super) fn integer<T: TryFrom<i64>>(&self, wanted: &str) -> Option<T> {
        let Some(integer) = self.value.as_integer() else { return self.refuse_type(wanted) };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok().and_then(|n| T::try_from(n).ok());
        if number.is_none() {
            self.refuse(format!("{integer} is out of range; give {wanted}"));
        }
        number
    }

    /// Returns a whole number or one with a fraction.
    pub(super) fn number(&self, wanted: &str) -> Option<f64> {
        let text = self.value.as_float().map(|float| float.as_str()).or(self.value.as_integer().map(|n| n.as_str()));
        let number = text.and_then(|text| text.parse().ok());
        if number.is_none() { self.refuse_type(wanted) } else { number }
    }

    /// Returns the entries of a list.
    pub(super) fn list(&self) -> Vec<Node<'a>> {
        let Some(array) = self.value.as_array() else { return self.refuse_type("a list").unwrap_or_default() };
        let node = |(index, value)| Node::new(self.doc, format!("{}[{index}]", self.path), value);
        array.iter().enumerate().map(node).collect()
    }

    /// Returns the entries of a list, or the one value that is given in place of a list.
    pub(super) fn one_or_more(&self) -> Vec<Node<'a>> {
        if self.value.is_array() { self.list() } else { vec![self.clone()] }
    }

    pub(super) fn table(&self) -> Option<Table<'a>> {
        match self.value.as_table() {
            Some(table) => Some(Table::new(self.doc, self.path.clone(), self.offset, table)),
            None => self.refuse_type("a table"),
        }
    }

    /// Returns an id; `new` makes it.
    pub(super) fn id<T>(&self, new: impl Fn(&str) -> Result<T, InvalidId>) -> Option<T> {
        self.take(new(self.text()?))
    }

    /// Returns a list of ids; `new` makes each.
    pub(super) fn ids<T>(&self, new: impl Fn(&str) -> Result<T, InvalidId>) -> Vec<T> {
        self.list().iter().filter_map(|node| node.id(&new)).collect()
    }

    pub(super) fn strings(&self) -> Vec<String> {
        self.list().iter().filter_map(Node::string).collect()
    }

    /// Returns the name of a zone that the tz database has.
    pub(super) fn zone(&self) -> Option<ZoneName> {
        let name = self.text()?;
        let known = self.doc.rules.known_zone(name).map(|_| ZoneName::new(name));
        self.take(known.map_err(|unknown| match self.doc.hint() {
            true => self.doc.rules.zone(name).err().unwrap_or(unknown),
            false => unknown,
        }))
    }

    /// Returns what one of `words` stands for.
    pub(super) fn word<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let hint = suggestion(text, &names);
            self.refuse(format!("'{text}' is none of {}{hint}", names.join(", ")));
        }
        found
    }
}

/// A table of a document; knows which keys were asked for.
pub(super) struct Table<'a> {
    pub(super) doc: &'a Document<'a>,
    pub(super) path: String,
    offset: usize,
    entries: Vec<Entry<'a>>,
    asked: RefCell<Vec<&'static str>>,
    any_key: Cell<bool>,
}

struct Entry<'a> {
    key: &'a str,
    key_offset: usize,
    node: Node<'a>,
}

impl<'a> Table<'a> {
    fn new(doc: &'a Document<'a>, path: String, offset: usize, table: &'a DeTable<'a>) -> Self {
        let entry = |(key, value): (&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>)| {
            let name: &'a str = key.get_ref();
            let inner = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            Entry { key: name, key_offset: key.span().start, node: Node::new(doc, inner, value) }
        };
        let mut entries: Vec<Entry<'a>> = table.iter().map(entry).collect();
        entries.sort_by_key(|entry| entry.key_offset);
        Self { doc, path, offset, entries, asked: RefCell::default(), any_key: Cell::new(false) }
    }

    /// Returns the value of `key`, if there is one.
    pub(super) fn get(&self, key: &'static str) -> Option<Node<'a>> {
        self.asked.borrow_mut().push(key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.node.clone())
    }

    /// Returns the value of `key`, or adds that it is missing; `example` shows one.
    pub(super) fn need(&self, key: &'static str, example: &str) -> Option<Node<'a>> {
        let found = self.get(key);
        if found.is_none() {
            self.refuse(key, format!("is missing; write one, such as {key} = {example}"));
        }
        found
    }

    /// Returns the tables of a list of tables.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        self.get(key).map(|node| node.list()).unwrap_or_default().iter().filter_map(Node::table).collect()
    }

    /// Returns every key with its value, in the order of the document; any key is right then.
    pub(super) fn all(&self) -> Vec<(&'a str, Node<'a>)> {
        self.any_key.set(true);
        self.entries.iter().map(|entry| (entry.key, entry.node.clone())).collect()
    }

    /// Adds that something is wrong with `key`, or for want of it with the table.
    pub(super) fn refuse(&self, key: &str, message: impl Into<String>) {
        let offset = self.entries.iter().find(|entry| entry.key == key).map_or(self.offset, |entry| entry.node.offset);
        let field = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        self.doc.mistake(offset, field.trim_end_matches('.'), message);
    }

    /// Adds a mistake for each key that nothing asked for.
    pub(super) fn finish(&self) {
        if self.any_key.get() {
            return;
        }
        let asked = self.asked.borrow();
        for entry in self.entries.iter().filter(|entry| !asked.contains(&entry.key)) {
            let hint = match suggestion(entry.key, asked.iter()) {
                none if none.is_empty() => format!("; known here: {}", asked.join(", ")),
                hint => hint,
            };
            self.doc.mistake(entry.key_offset, &entry.node.path, format!("is no key of a roster file{hint}"));
        }
    }
}
