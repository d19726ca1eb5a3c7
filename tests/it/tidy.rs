//! Style as a test: what review would otherwise have to say again and again.

mod arrows;
mod paths;
mod prose;
mod protos;
mod source;
mod tree;

use source::{Source, words};
use tree::{files, none, sources, text};

/// The most lines of code in a file: neither blank nor comment, and shipped.
const CODE_LINES_MAX: usize = 500;
/// The most lines of a function, from its `fn` to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;

/// What stands at the top of the repository, each because a tool or a reader looks for it there.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".config",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "benches",
    "build.rs",
    "clients",
    "clippy.toml",
    "deny.toml",
    "docs",
    "examples",
    "fuzz",
    "proto",
    "rustfmt.toml",
    "src",
    "tests",
];

#[test]
fn rust_files_begin_by_saying_what_they_are() {
    let silent = sources().into_iter().filter(|source| !source.text.starts_with("//! "));
    none(&silent.map(|source| format!("{}:1: begins without `//!`", source.path)).collect::<Vec<_>>());
}

#[test]
fn rust_files_have_at_most_500_lines_of_code() {
    let lines = |source: &Source| source.shipped().lines().filter(|line| !line.trim().is_empty()).count();
    let long = sources().into_iter().map(|source| (lines(&source), source.path));
    let long = long.filter(|(lines, _)| *lines > CODE_LINES_MAX);
    none(&long.map(|(lines, path)| format!("{path}: {lines} lines of code")).collect::<Vec<_>>());
}

#[test]
fn functions_have_at_most_70_lines() {
    let mut found = Vec::new();
    for source in sources() {
        let long = source.functions().into_iter().filter(|(_, _, lines)| *lines > FUNCTION_LINES_MAX);
        found.extend(long.map(|(name, at, lines)| format!("{}:{at}: {name} has {lines} lines", source.path)));
    }
    none(&found);
}

#[test]
fn nothing_is_left_unfinished() {
    let mut found = Vec::new();
    for source in sources() {
        found.extend(unfinished(&source));
    }
    let mark = concat!("FIX", "ME");
    let marked = files().into_iter().filter(|path| text(path).is_some_and(|text| text.contains(mark)));
    found.extend(marked.map(|path| format!("{path}: {mark}")));
    none(&found);
}

#[test]
fn top_level_holds_only_what_convention_puts_there() {
    let mut tops = files().iter().filter_map(|path| path.split('/').next().map(str::to_owned)).collect::<Vec<_>>();
    tops.dedup();
    none(&tops.into_iter().filter(|top| !TOP.contains(&top.as_str())).collect::<Vec<_>>());
}

#[test]
fn unfinished_code_is_seen_and_words_about_it_are_not() {
    let found = |text: &str| unfinished(&Source::new("x.rs", text)).len();
    assert_eq!(found("fn f() { todo!() }\n#[ignore = \"slow\"]\nfn g() { std::dbg!(unimplemented!(\"later\")) }"), 4);
    assert_eq!(found("// todo!()\nconst X: &str = \"dbg!\"; fn todo() {}"), 0);
}

fn unfinished(source: &Source) -> Vec<String> {
    let macros = ["dbg", "todo", "unimplemented"].into_iter().flat_map(|word| {
        words(&source.code, word)
            .filter(move |at| source.code[at + word.len()..].starts_with('!'))
            .map(move |at| (at, word))
    });
    let ignored = source.code.match_indices("#[ignore").map(|(at, _)| (at, "ignored test"));
    macros.chain(ignored).map(|(at, what)| format!("{}:{}: {what}", source.path, source.line(at))).collect()
}
