//! Rust source as text, with what is no code taken out: enough to measure it without parsing it.

/// A Rust file.
pub struct Source {
    /// Its path from the top of the repository.
    pub path: String,
    /// All of it.
    pub text: String,
    /// The same length, with comments blank and the insides of literals filled with `~`.
    pub code: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), code: code_of(text) }
    }

    /// The code without what is compiled for tests only.
    pub fn shipped(&self) -> String {
        let mut code = self.code.clone();
        let mut from = 0;
        while let Some(start) = find_from(&code, "#[cfg(test)]", from) {
            let end = item_end(&code, start);
            let blank = code[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect::<String>();
            from = start + blank.len();
            code.replace_range(start..end, &blank);
        }
        code
    }

    /// The modules declared in another file (`mod name;`), and whether for tests only.
    pub fn declared_modules(&self) -> Vec<(String, bool)> {
        let shipped = self.shipped();
        let declared = |code: &str| words(code, "mod").filter_map(|at| declared_name(code, at)).collect::<Vec<_>>();
        let always = declared(&shipped);
        declared(&self.code).into_iter().map(|name| (name.clone(), !always.contains(&name))).collect()
    }

    /// The functions with a body: name, first line (from 1), number of lines.
    pub fn functions(&self) -> Vec<(String, usize, usize)> {
        let named = |at: &usize| self.code[at + 2..].trim_start().starts_with(|c: char| is_word(c) || c == '$');
        let measure = |at: usize| {
            let name = self.code[at + 2..].trim_start().split(|c| !is_word(c) && c != '$').next().unwrap_or_default();
            let body = &self.code[at..item_end(&self.code, at)];
            body.ends_with('}').then(|| (name.to_owned(), self.line(at), body.lines().count()))
        };
        words(&self.code, "fn").filter(named).filter_map(measure).collect()
    }

    /// The number of the line that holds the byte at `at`, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where `word` stands as a word of its own.
pub fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |&at| !code[..at].ends_with(is_word) && !code[at + word.len()..].starts_with(is_word))
}

fn find_from(code: &str, what: &str, from: usize) -> Option<usize> {
    code[from..].find(what).map(|at| from + at)
}

fn declared_name(code: &str, at: usize) -> Option<String> {
    let (name, _) =
        code[at + 3..].split_once([';', '{']).filter(|(name, _)| code[at + 3 + name.len()..].starts_with(';'))?;
    Some(name.trim().to_owned())
}

/// Where the item ends that begins at `start`: after its braces, or after its `;` where it has none.
pub fn item_end(code: &str, start: usize) -> usize {
    let mut nested = 0_usize;
    for (at, c) in code[start..].char_indices() {
        match c {
            '(' | '[' => nested += 1,
            ')' | ']' => nested = nested.saturating_sub(1),
            ';' if nested == 0 => return start + at + 1,
            '{' if nested == 0 => return closing_brace(code, start + at) + 1,
            _ => {}
        }
    }
    code.len()
}

/// Where the brace closes that opens at `open`.
pub fn closing_brace(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return open + at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len() - 1
}

/// Blanks comments and fills the insides of literals; lines and lengths stay.
fn code_of(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let (end, fill) = match literal_or_comment(text, at) {
            Some((end, true)) => (end, b' '),
            Some((end, false)) => (end, b'~'),
            None => {
                at += 1;
                continue;
            }
        };
        let kept = usize::from(fill == b'~');
        for byte in code.iter_mut().take(end - kept).skip(at + kept).filter(|byte| **byte != b'\n') {
            *byte = fill;
        }
        at = end;
    }
    String::from_utf8(code).expect("only whole comments and literals are replaced")
}

/// The end of the comment (true) or literal (false) that begins at `at`, if one does.
fn literal_or_comment(text: &str, at: usize) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    match bytes[at] {
        b'/' if bytes.get(at + 1) == Some(&b'/') => Some((find_from(text, "\n", at).unwrap_or(text.len()), true)),
        b'/' if bytes.get(at + 1) == Some(&b'*') => Some((block_comment_end(text, at), true)),
        b'"' => Some((escaped_end(bytes, at, b'"'), false)),
        b'\'' => char_end(bytes, at).map(|end| (end, false)),
        b'r' if at == 0 || !bytes[at - 1].is_ascii_alphanumeric() || is_raw_prefix(bytes, at) => {
            raw_string_end(text, at).map(|end| (end, false))
        }
        _ => None,
    }
}

/// Whether the `r` at `at` belongs to `br` or `cr`, and those begin a word.
fn is_raw_prefix(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[at - 1], b'b' | b'c')
        && !(at > 1 && (bytes[at - 2].is_ascii_alphanumeric() || bytes[at - 2] == b'_'))
}

fn block_comment_end(text: &str, at: usize) -> usize {
    let mut depth = 1_usize;
    let mut end = at + 2;
    while depth > 0 {
        let rest = &text.as_bytes()[end.min(text.len())..];
        if rest.is_empty() {
            break;
        } else if rest.starts_with(b"/*") {
            (depth, end) = (depth + 1, end + 2);
        } else if rest.starts_with(b"*/") {
            (depth, end) = (depth - 1, end + 2);
        } else {
            end += 1;
        }
    }
    end
}

fn escaped_end(bytes: &[u8], at: usize, quote: u8) -> usize {
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != quote {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    (end + 1).min(bytes.len())
}

/// The end of the character literal at `at`; none where it is a lifetime.
fn char_end(bytes: &[u8], at: usize) -> Option<usize> {
    let first = *bytes.get(at + 1)?;
    if first == b'\\' {
        return Some(escaped_end(bytes, at, b'\''));
    }
    let width = match first {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    };
    (bytes.get(at + 1 + width) == Some(&b'\'')).then_some(at + width + 2)
}

fn raw_string_end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at + 1..];
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let inside = rest[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(inside.find(&close).map_or(text.len(), |end| text.len() - inside.len() + end + close.len()))
}

#[test]
fn comments_and_literals_are_no_code() {
    let text = "let a = \"}\\\"{\"; // }\nlet b: &'a str = r#\"\"}\"#; /* { /* */ } */ let c = '}'; let é = b'\\'';\nbr\"{\"; \
                r#type::x('é', '\\u{7d}')";
    let code = Source::new("x.rs", text).code;
    assert_eq!(code.len(), text.len());
    assert!(!code.contains(['{', '}']), "{code}");
    assert!(code.contains("let b: &'a str") && code.contains("let c = '~'; let é = b'~~';"), "{code}");
    assert!(code.contains("r#type::x('~~', '"), "{code}");
}

#[test]
fn functions_are_measured_by_their_braces() {
    let text =
        "trait T {\n    fn none(&self) -> [u8; 2];\n}\nfn one(f: fn(u8)) where T: X {\n    // }\n    \"}\";\n}\n";
    assert_eq!(Source::new("x.rs", text).functions(), [("one".to_owned(), 4, 4)]);
}

#[test]
fn tests_are_not_shipped() {
    let text = "mod a;\n#[cfg(test)]\nmod b;\n#[cfg(test)]\n#[allow(x)]\nmod c {\n    fn f() {}\n}\nfn g() {}\n";
    let source = Source::new("x.rs", text);
    assert_eq!(source.shipped().split_whitespace().collect::<Vec<_>>(), ["mod", "a;", "fn", "g()", "{}"]);
    assert_eq!(source.declared_modules(), [("a".to_owned(), false), ("b".to_owned(), true)]);
}
