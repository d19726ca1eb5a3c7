//! Content lines out of bytes: however lines end, unfolded before anything is decoded (RFC 5545 §3.1).

use std::borrow::Cow;

/// A content line, unfolded.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// The number of the line on which it begins, from 1.
    pub number: u32,
    /// Its bytes, without line breaks; a character that was folded in the middle is whole again.
    pub bytes: Cow<'a, [u8]>,
}

impl Line<'_> {
    /// The name of its property, as written.
    pub fn name(&self) -> &[u8] {
        let end = self.bytes.iter().position(|byte| matches!(byte, b':' | b';')).unwrap_or(self.bytes.len());
        self.bytes.get(..end).unwrap_or_default().trim_ascii()
    }

    /// What is behind the name and a colon; empty where something else is behind the name.
    pub fn plain_value(&self) -> &[u8] {
        let colon = self.bytes.iter().position(|byte| matches!(byte, b':' | b';'));
        let rest = colon.and_then(|colon| self.bytes.get(colon..)).and_then(|rest| rest.strip_prefix(b":"));
        rest.unwrap_or_default().trim_ascii()
    }
}

/// The content lines of a file. Blank lines are passed over, also between a line and its continuation.
#[derive(Clone, Debug)]
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    /// How many lines have been read.
    number: u32,
}

impl<'a> Lines<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, number: 0 }
    }

    /// The number of the line that was read last.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Reads up to the next CRLF, LF or CR.
    fn physical(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        self.number = self.number.saturating_add(1);
        let end = self.rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(self.rest.len());
        let (line, behind) = self.rest.split_at_checked(end)?;
        self.rest = match behind {
            [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
            [] => behind,
        };
        Some(line)
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let mut first = self.physical()?.trim_ascii_start();
        while first.is_empty() {
            first = self.physical()?.trim_ascii_start();
        }
        let mut line = Line { number: self.number, bytes: Cow::Borrowed(first) };
        loop {
            match self.rest.first() {
                Some(b' ' | b'\t') => {
                    let more = self.physical().and_then(<[u8]>::split_first).map(|(_, more)| more);
                    line.bytes.to_mut().extend_from_slice(more.unwrap_or_default());
                }
                Some(b'\r' | b'\n') => {
                    self.physical();
                }
                _ => return Some(line),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<(u32, String)> {
        Lines::of(bytes).map(|line| (line.number, String::from_utf8_lossy(&line.bytes).into_owned())).collect()
    }

    #[test]
    fn lines_end_in_any_way_and_keep_their_numbers() {
        let read = lines(b"A:1\r\nB:2\nC:3\rD:4\r\r\n\n\nE:5");
        let expected = [(1, "A:1"), (2, "B:2"), (3, "C:3"), (4, "D:4"), (8, "E:5")];
        assert_eq!(read, expected.map(|(number, text)| (number, text.to_owned())));
        assert!(lines(b"").is_empty() && lines(b"\r\n \n").is_empty());
    }

    #[test]
    fn folds_are_undone_in_bytes() {
        let read = lines("SUMMARY:Dzie\u{144}".as_bytes().split_at(13).0);
        assert_eq!(read.len(), 1);
        let text = "SUMMARY:Dzień wolny";
        let (front, back) = text.as_bytes().split_at(13);
        assert!(std::str::from_utf8(front).is_err(), "the fold is in the middle of a character");
        for fold in [&b"\r\n "[..], b"\n\t", b"\r ", b"\r\n\r\n "] {
            let bytes = [front, fold, back].concat();
            assert_eq!(lines(&bytes), [(1, text.to_owned())], "{fold:?}");
        }
    }
}
