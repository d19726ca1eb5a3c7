//! Content lines: escaped, folded and ended as RFC 5545 §3.1 and §3.3.11 say.

use std::fmt::{Display, Write as _};

use crate::civil::{Date, Instant, Wall};

/// The longest content line in octets, without the line break (RFC 5545 §3.1).
const LINE_MAX: usize = 75;

/// Writes content lines into a buffer.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: String,
}

impl Writer {
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: String::with_capacity(bytes) }
    }

    pub fn into_string(self) -> String {
        self.bytes
    }

    /// Writes a line whose value is already of its type's form: a date, a number, a word.
    pub fn raw(&mut self, name: &str, value: &str) {
        let start = self.bytes.len();
        self.bytes.push_str(name);
        self.bytes.push(':');
        self.bytes.push_str(value);
        self.end(start);
    }

    /// Writes a line whose value writes itself in its type's form.
    pub fn value(&mut self, name: &str, value: impl Display) {
        let start = self.bytes.len();
        // Writing to a string cannot fail.
        let _ = write!(self.bytes, "{name}:{value}");
        self.end(start);
    }

    /// Writes a line whose value is an instant, as a UTC date-time (RFC 5545 §3.3.5, form 2).
    pub fn time(&mut self, name: &str, at: Instant) {
        let start = self.bytes.len();
        self.bytes.push_str(name);
        self.bytes.push(':');
        let reading = Wall::from_seconds(at.seconds());
        let (date, second) = (reading.day().date(), reading.second_of_day());
        self.date_digits(date);
        self.bytes.push('T');
        self.digits(second / 3_600, 2);
        self.digits(second / 60 % 60, 2);
        self.digits(second % 60, 2);
        self.bytes.push('Z');
        self.end(start);
    }

    /// Writes a line whose value is a whole day (RFC 5545 §3.3.4).
    pub fn date(&mut self, name: &str, date: Date) {
        let start = self.bytes.len();
        self.bytes.push_str(name);
        self.bytes.push_str(";VALUE=DATE:");
        self.date_digits(date);
        self.end(start);
    }

    fn date_digits(&mut self, date: Date) {
        self.digits(u32::from(date.year().unsigned_abs()), 4);
        self.digits(u32::from(date.month().unsigned_abs()), 2);
        self.digits(u32::from(date.day().unsigned_abs()), 2);
    }

    /// Writes the last `count` digits of a number, with zeros in front.
    fn digits(&mut self, number: u32, count: u32) {
        for place in (0..count).rev() {
            let digit = number / 10_u32.pow(place) % 10;
            self.bytes.extend(char::from_digit(digit, 10));
        }
    }

    /// Writes a line whose value is text: escaped, and without control characters.
    pub fn text(&mut self, name: &str, value: &str) {
        let start = self.bytes.len();
        self.bytes.push_str(name);
        self.bytes.push(':');
        let mut rest = value;
        while let Some(at) = rest.find(is_special) {
            let (plain, special) = rest.split_at(at);
            self.bytes.push_str(plain);
            let mut characters = special.chars();
            match characters.next() {
                Some('\\') => self.bytes.push_str("\\\\"),
                Some(';') => self.bytes.push_str("\\;"),
                Some(',') => self.bytes.push_str("\\,"),
                Some('\n') => self.bytes.push_str("\\n"),
                Some('\t') => self.bytes.push(' '),
                _ => {}
            }
            rest = characters.as_str();
        }
        self.bytes.push_str(rest);
        self.end(start);
    }

    /// Ends the line that begins at `start`, folding it at character boundaries where it is too long.
    fn end(&mut self, start: usize) {
        if self.bytes.len() - start > LINE_MAX {
            let line = self.bytes.split_off(start);
            self.fold(&line);
        }
        self.bytes.push_str("\r\n");
    }

    fn fold(&mut self, mut line: &str) {
        let mut room = LINE_MAX;
        while line.len() > room {
            let cut = (1..=room).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(line.len());
            let (head, tail) = line.split_at(cut);
            self.bytes.push_str(head);
            self.bytes.push_str("\r\n ");
            line = tail;
            // The space at the start of a continuation counts.
            room = LINE_MAX - 1;
        }
        self.bytes.push_str(line);
    }
}

/// Whether a character is escaped or left out in text.
fn is_special(character: char) -> bool {
    matches!(character, '\\' | ';' | ',' | '\u{2028}' | '\u{2029}' | '\u{feff}') || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(value: &str) -> String {
        let mut writer = Writer::default();
        writer.text("SUMMARY", value);
        writer.into_string()
    }

    #[test]
    fn text_is_escaped_and_nothing_else() {
        assert_eq!(written("a,b;c\\d\ne:\"f\" O'Neill"), "SUMMARY:a\\,b\\;c\\\\d\\ne:\"f\" O'Neill\r\n");
        assert_eq!(written("a\rb\u{0}c\u{7}d"), "SUMMARY:abcd\r\n");
    }

    proptest! {
        #[test]
        fn lines_are_at_most_75_octets_and_unfold_to_what_was_written(value in "\\PC{0,200}") {
            let text = written(&value);
            for line in text.split("\r\n") {
                prop_assert!(line.len() <= LINE_MAX, "{}", line.len());
            }
            let mut plain = String::from("SUMMARY:");
            for character in value.chars() {
                match character {
                    '\\' | ';' | ',' => plain.extend(['\\', character]),
                    '\u{feff}' | '\u{2028}' | '\u{2029}' => {}
                    other => plain.push(other),
                }
            }
            prop_assert_eq!(text.replace("\r\n ", ""), plain + "\r\n");
        }
    }
}
