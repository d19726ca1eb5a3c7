//! What is told of a caller's own words: short, on one line, and nothing that plays tricks on a terminal.
//!
//! The details of a status travel in a header, and callers take headers of 8 to 16 KiB. What does not fit there is not
//! cut by anybody: the whole answer is lost, and with it what was wrong.

/// The longest quoted value that is told whole, in characters.
const VALUE_MAX: usize = 80;

/// Returns `text` in at most about `max` bytes: long values in quotes lose their end, and what is still too long loses
/// its middle. Characters that cannot be seen are written out.
pub(super) fn brief(text: &str, max: usize) -> String {
    let text = values_cut(&text.chars().flat_map(visible).collect::<String>());
    if text.len() <= max {
        return text;
    }
    // The way out mostly is at the end.
    let (head, tail) = (boundary(&text, max / 3 * 2), boundary(&text, text.len() - max / 3));
    format!("{}…{}", &text[..head], &text[tail..])
}

/// Returns the last place up to `at` between two characters.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

fn visible(c: char) -> impl Iterator<Item = char> {
    let hidden =
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    let (escaped, plain) = if hidden { (Some(c.escape_default()), None) } else { (None, Some(c)) };
    escaped.into_iter().flatten().chain(plain)
}

/// Cuts each value in single quotes; a quote inside a word is an apostrophe.
fn values_cut(text: &str) -> String {
    let (mut told, mut rest) = (String::new(), text);
    while let Some(start) = rest.match_indices('\'').map(|(at, _)| at).find(|at| !ends_in_word(&rest[..*at])) {
        let (before, value) = rest.split_at(start + 1);
        told += before;
        rest = value;
        let end = value.match_indices('\'').map(|(at, _)| at).find(|at| !begins_with_word(&value[at + 1..]));
        let Some(end) = end else { break };
        match value.char_indices().nth(VALUE_MAX).filter(|(cut, _)| *cut < end) {
            Some((cut, _)) => told.extend([&value[..cut], "…'"]),
            None => told += &value[..=end],
        }
        rest = &value[end + 1..];
    }
    told + rest
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(char::is_alphanumeric)
}

fn begins_with_word(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_lose_their_end_and_the_sentence_stays() {
        let long = "é".repeat(100_000);
        let cut = "é".repeat(80);
        let told = brief(&format!("'{long}' is nobody's zone; did you mean '{long}', or 'UTC'?"), 1_000);
        assert_eq!(told, format!("'{cut}…' is nobody's zone; did you mean '{cut}…', or 'UTC'?"));
        let whole = format!("'{cut}' isn't one");
        assert_eq!(brief(&whole, 1_000), whole);
    }

    #[test]
    fn whatever_is_in_it_a_text_stays_short() {
        for piece in ["a", "'", "' ", "é", "\0", "a'b 'c", "\u{202e}"] {
            let told = brief(&format!("begin {} end", piece.repeat(100_000)), 400);
            assert!(told.len() <= 410 && told.starts_with("begin ") && told.ends_with(" end"), "{piece}: {told}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(brief("a\0b\nc\u{1b}[2J\u{202e}d", 400), "a\\u{0}b\\nc\\u{1b}[2J\\u{202e}d");
        assert_eq!(brief("Łukasz 👩\u{200d}💻", 400), "Łukasz 👩\u{200d}💻");
    }
}
