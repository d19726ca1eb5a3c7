//! Content lines: escaped, folded and ended as RFC 5545 §3.1 and §3.3.11 say.

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

    /// Writes a line whose value is text: escaped, and without control characters.
    pub fn text(&mut self, name: &str, value: &str) {
        let start = self.bytes.len();
        self.bytes.push_str(name);
        self.bytes.push(':');
        for character in value.chars() {
            match character {
                '\\' => self.bytes.push_str("\\\\"),
                ';' => self.bytes.push_str("\\;"),
                ',' => self.bytes.push_str("\\,"),
                '\n' => self.bytes.push_str("\\n"),
                '\t' => self.bytes.push(' '),
                '\u{2028}' | '\u{2029}' | '\u{feff}' => {}
                control if control.is_control() => {}
                other => self.bytes.push(other),
            }
        }
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
