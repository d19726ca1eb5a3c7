//! One property out of a line, by the `icalendar` crate's parser.

use std::borrow::Cow;

use icalendar::parser::Property as Parsed;

use super::limits::{LINE_MAX, PARAMETERS_MAX};
use super::lines::Line;

/// A property that was read.
#[derive(Clone, Debug)]
pub(super) struct Property {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// Its name, in capitals.
    pub name: String,
    /// Its value; text is unescaped, lists of text are not.
    pub value: String,
    parameters: Vec<(String, String)>,
    /// It is not UTF-8, and was read as windows-1252.
    pub latin1: bool,
}

impl Property {
    /// Reads a line; `None` where it is no property.
    pub fn read(line: &Line<'_>) -> Option<Self> {
        if line.bytes.len() > LINE_MAX || line.bytes.iter().filter(|byte| **byte == b';').count() > 20 * PARAMETERS_MAX
        {
            return None;
        }
        let (text, latin1) = decode(&line.bytes);
        let text = spelled(&text);
        let parsed = Parsed::try_from(text.as_ref()).ok()?;
        // The parser takes the name alone where it cannot read what is behind it.
        let name_alone = parsed.val.as_str().is_empty() && parsed.params.is_empty();
        let more = text.get(parsed.name.as_str().len()..).is_some_and(|rest| !matches!(rest.trim_end(), "" | ":"));
        if parsed.params.len() > PARAMETERS_MAX || name_alone && more {
            return None;
        }
        let parameters = parsed.params.iter().map(|parameter| {
            let value = parameter.val.as_ref().map_or("", |value| value.as_str());
            (parameter.key.as_str().to_ascii_uppercase(), unquoted(value))
        });
        Some(Self {
            line: line.number,
            name: parsed.name.as_str().to_owned(),
            value: parsed.val.as_str().to_owned(),
            parameters: parameters.collect(),
            latin1,
        })
    }

    /// The value of a parameter, without quotes; the first of several of one name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the value is this word, in any case.
    pub fn says(&self, word: &str) -> bool {
        self.value.trim().eq_ignore_ascii_case(word)
    }

    /// The values of a list of text, unescaped.
    pub fn words(&self) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut characters = self.value.chars();
        while let Some(c) = characters.next() {
            match (c, words.last_mut()) {
                (',', _) => words.push(String::new()),
                ('\\', Some(word)) => {
                    word.extend(characters.next().map(|c| if matches!(c, 'n' | 'N') { ' ' } else { c }))
                }
                (c, Some(word)) => word.push(c),
                _ => {}
            }
        }
        words
    }
}

/// Decodes UTF-8 or, where it is none, windows-1252.
fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()), true),
    }
}

/// What windows-1252 has where Latin-1 has control characters, from 0x80 on.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    let upper = byte.checked_sub(0x80).and_then(|index| UPPER.get(usize::from(index)));
    upper.copied().unwrap_or(char::from(byte))
}

/// Spells a line as the parser wants it: the name in capitals, no space around it, and the id of a zone in quotes where
/// it has a colon.
fn spelled(line: &str) -> Cow<'_, str> {
    let end = line.find([':', ';']).unwrap_or(line.len());
    let Some((name, rest)) = line.split_at_checked(end) else { return Cow::Borrowed(line) };
    let quoted = quoted_zone(rest);
    if quoted.is_none() && !name.bytes().any(|byte| byte.is_ascii_lowercase() || byte.is_ascii_whitespace()) {
        return Cow::Borrowed(line);
    }
    Cow::Owned(format!("{}{}", name.trim().to_ascii_uppercase(), quoted.as_deref().unwrap_or(rest)))
}

/// Exchange writes `;TZID=(UTC-05:00) Eastern Time:20260701T090000`: what follows the last colon is the value.
fn quoted_zone(rest: &str) -> Option<String> {
    const KEY: &str = ";TZID=";
    let key = rest.get(..KEY.len()).filter(|key| key.eq_ignore_ascii_case(KEY))?;
    let (zone, value) = rest.get(KEY.len()..)?.rsplit_once(':')?;
    let bare = zone.contains(':') && !zone.contains(['"', ';', '=']);
    bare.then(|| format!("{key}\"{zone}\":{value}"))
}

/// Takes quotes off a parameter's value, and undoes RFC 6868.
fn unquoted(value: &str) -> String {
    let value = value.trim().trim_matches('"');
    if !value.contains('^') {
        return value.to_owned();
    }
    let mut plain = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(c) = characters.next() {
        let escaped = match (c, characters.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('\'')) => Some('"'),
            ('^', Some('^')) => Some('^'),
            _ => None,
        };
        if escaped.is_some() {
            characters.next();
        }
        plain.push(escaped.unwrap_or(c));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<Property> {
        Property::read(&Line { number: 7, bytes: bytes.into() })
    }

    #[test]
    fn names_are_read_in_any_case_and_zones_with_quotes_or_without() {
        for text in [
            "DTSTART;TZID=\"(UTC-05:00) Eastern Time (US and Canada)\":20260701T090000",
            "dtstart;tzid=(UTC-05:00) Eastern Time (US and Canada):20260701T090000",
            "DTSTART;X-A=1;TZID=\"(UTC-05:00) Eastern Time (US and Canada)\";VALUE=DATE-TIME:20260701T090000",
        ] {
            let property = read(text.as_bytes()).unwrap();
            assert_eq!(
                (property.line, property.name.as_str(), property.value.as_str()),
                (7, "DTSTART", "20260701T090000")
            );
            assert_eq!(property.parameter("TZID"), Some("(UTC-05:00) Eastern Time (US and Canada)"), "{text}");
        }
    }

    #[test]
    fn text_is_unescaped_and_lists_are_split_first() {
        assert_eq!(read(b"summary:A\\, b\\nc").unwrap().value, "A, b\nc");
        assert_eq!(read(b"CATEGORIES:Out\\, of office,Vacation").unwrap().words(), ["Out, of office", "Vacation"]);
        assert_eq!(read(b"X;CN=Asa ^'A^' ^^^n:1").unwrap().parameter("CN"), Some("Asa \"A\" ^\n"));
    }

    #[test]
    fn what_is_no_utf_8_is_windows_1252() {
        let property = read(b"SUMMARY:Caf\xe9 \x80").unwrap();
        assert_eq!((property.value.as_str(), property.latin1), ("Café €", true));
        assert!(!read("SUMMARY:Café".as_bytes()).unwrap().latin1);
    }

    #[test]
    fn lines_that_are_no_properties_are_none() {
        assert!(read(b"UID;A b:1").is_none());
        assert!(read(&[b"UID:".to_vec(), vec![b'x'; LINE_MAX]].concat()).is_none());
        assert!(read(&[b"UID".to_vec(), b";A=1".repeat(50 * PARAMETERS_MAX), b":x".to_vec()].concat()).is_none());
    }
}
