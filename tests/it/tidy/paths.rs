//! Paths in code (`a::b::c`), groups written out: `a::{b, c::d}` is `a::b` and `a::c::d`.

use super::source::is_word;

/// A path, and where in the code it begins.
#[derive(Debug, Eq, PartialEq)]
pub struct Path {
    pub at: usize,
    pub names: Vec<String>,
}

/// Every path of two names or more.
pub fn paths(code: &str) -> Vec<Path> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < code.len() {
        let rest = &code[at..];
        if rest.starts_with(is_word) {
            at = path(code, at, &[], &mut found);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found.retain(|path| path.names.len() > 1);
    found
}

/// Reads one path from `at` on, behind `before`, and returns where it ends.
fn path(code: &str, at: usize, before: &[String], found: &mut Vec<Path>) -> usize {
    let mut names = before.to_vec();
    let mut end = at;
    loop {
        end += code[end..].len() - code[end..].trim_start().len();
        let rest = &code[end..];
        if rest.starts_with('{') {
            return group(code, end + 1, &names, found);
        }
        let star = usize::from(rest.starts_with('*'));
        let name = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len()).max(star)];
        if !name.is_empty() {
            names.push(name.to_owned());
            end += name.len();
        }
        if name.is_empty() || !code[end..].starts_with("::") {
            found.push(Path { at, names });
            return end;
        }
        end += 2;
    }
}

/// Reads the rest of a group and returns where it ends; a name after `as` is no path.
fn group(code: &str, mut at: usize, before: &[String], found: &mut Vec<Path>) -> usize {
    let mut expected = true;
    while let Some(c) = code[at..].chars().next() {
        match c {
            '}' => return at + 1,
            _ if expected && (is_word(c) || c == '*') => {
                at = path(code, at, before, found);
                expected = false;
            }
            _ => {
                expected |= c == ',';
                at += c.len_utf8();
            }
        }
    }
    at
}

#[test]
fn groups_are_written_out() {
    let code = "use crate::{civil::{Day, Instant as At}, model, x::*}; fn f() { super::g::<u8>(std::mem::take(x)) }";
    let found = paths(code).into_iter().map(|path| path.names.join("::")).collect::<Vec<_>>();
    let group = ["crate::civil::Day", "crate::civil::Instant", "crate::model", "crate::x::*"];
    assert_eq!(found, [&group[..], &["super::g", "std::mem::take"]].concat());
}
