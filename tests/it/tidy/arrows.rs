//! Which part of the program may know which other: ARCHITECTURE.md's arrows, as tests.

use super::paths::{Path, paths};
use super::source::{Source, closing_brace, words};
use super::tree::{none, sources, text, texts};

/// The modules of the library, lowest first, and what each may use beside itself.
const MAP: &[(&str, &[&str])] = &[
    ("id", &[]),
    ("civil", &["id"]),
    ("model", &["civil", "id"]),
    ("engine", &["civil", "id", "model"]),
    ("ical", &["civil", "engine", "id", "model"]),
    ("clock", &["civil"]),
    ("network", &[]),
    ("outbound", &["civil", "clock", "network"]),
    ("proto", &[]),
    ("store", &["civil", "id", "model"]),
    ("access", &["civil", "engine", "id", "model"]),
    ("roster", &["access", "civil", "clock", "engine", "ical", "id", "model", "outbound", "store"]),
    ("tzdb", &["civil"]),
    ("config", &["civil", "id", "network", "outbound"]),
    ("service", &["access", "civil", "clock", "engine", "ical", "id", "model", "proto", "roster"]),
    ("http", &["access", "civil", "clock", "engine", "ical", "id", "model", "proto", "roster"]),
    ("telemetry", &["config", "http"]),
    (
        "server",
        &[
            "access",
            "civil",
            "clock",
            "config",
            "http",
            "id",
            "model",
            "outbound",
            "proto",
            "roster",
            "service",
            "store",
            "telemetry",
            "tzdb",
        ],
    ),
];

/// The modules that only compute: what they answer depends on their arguments and on nothing else.
const PURE: &[&str] = &["id", "civil", "model", "engine", "ical"];

/// What the clients may use of the library: the types of the public API, and the one rule from local time to instant.
/// Whatever else they want to know they ask the server, as anybody's client must.
const FOR_CLIENTS: &[&str] = &["civil", "id", "proto"];

/// What the pure modules may not name. Of `std::time` they may use the duration.
const IMPURE: &[&str] = &[
    "Uuid::new_v4",
    "axum",
    "http",
    "hyper",
    "log",
    "prost",
    "rand",
    "sled",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::time::UNIX_EPOCH",
    "tokio",
    "tonic",
    "tower",
    "tracing",
    "uuid::Uuid::new_v4",
];

#[test]
fn modules_use_only_what_the_map_allows() {
    none(&sources().iter().flat_map(wrong_uses).collect::<Vec<_>>());
}

#[test]
fn pure_modules_know_no_runtime_no_system_and_no_clock() {
    let sources = sources();
    let tests = test_files(&sources);
    let pure = sources.iter().filter(|source| PURE.contains(&top(source)) && !tests.contains(&source.path));
    none(&pure.flat_map(impurities).collect::<Vec<_>>());
}

#[test]
fn stored_records_stay_in_the_store() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.path.starts_with("src/") && top(source) != "store") {
        let names =
            paths(&source.code).into_iter().filter(|path| path.names.windows(2).any(|two| two == ["storage", "v1"]));
        found.extend(names.map(|path| format!("{}:{}: names storage::v1", source.path, source.line(path.at))));
    }
    for (path, text) in texts(".proto").iter().filter(|(path, _)| !path.starts_with("proto/onduty/storage/")) {
        found.extend(text.contains("onduty/storage").then(|| format!("{path}: imports stored records")));
    }
    none(&found);
}

#[test]
fn only_its_part_of_the_store_names_sled() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.path.starts_with("src/")) {
        let own = source.declared_modules().iter().any(|(name, _)| name == "sled");
        let elsewhere = !own && !source.path.starts_with("src/store/sled");
        let named = paths(&source.code).into_iter().filter(|path| elsewhere && path.names[0] == "sled");
        found.extend(named.map(|path| format!("{}:{}: names sled", source.path, source.line(path.at))));
    }
    none(&found);
}

#[test]
fn clients_decide_nothing() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.path.starts_with("clients/")) {
        let library = paths(&source.shipped()).into_iter().filter(|path| path.names[0] == "onduty");
        let beyond = library.filter(|path| !FOR_CLIENTS.contains(&path.names[1].as_str()));
        found.extend(beyond.map(|path| format!("{}:{}: {}", source.path, source.line(path.at), path.names.join("::"))));
    }
    none(&found);
}

#[test]
fn no_rust_file_is_forgotten() {
    let sources = sources();
    let declared = sources
        .iter()
        .flat_map(|source| source.declared_modules().into_iter().flat_map(|(name, _)| files_of(source, &name)));
    let declared = declared.collect::<Vec<_>>();
    let in_crate = |path: &str| path.contains("src/") || path.starts_with("tests/it/") || path.contains("/tests/it/");
    let root = |path: &str| ["/lib.rs", "/main.rs"].iter().any(|name| path.ends_with(name)) || path.contains("/bin/");
    let forgotten = sources.iter().map(|source| &source.path);
    let forgotten = forgotten.filter(|path| in_crate(path) && !root(path) && !declared.contains(path));
    none(&forgotten.map(|path| format!("{path}: no module declares it")).collect::<Vec<_>>());
}

#[test]
fn the_code_map_names_every_module() {
    let library = Source::new("src/lib.rs", &text("src/lib.rs").expect("the library's root"));
    let page = text("ARCHITECTURE.md").expect("the page with the code map");
    let named = |name: &str| page.contains(&format!("`src/{name}/`")) || page.contains(&format!("`src/{name}.rs`"));
    let mapped = |name: &str| MAP.iter().any(|(known, _)| *known == name) && named(name);
    let missing = library.declared_modules().into_iter().filter(|(name, _)| !mapped(name));
    none(&missing.map(|(name, _)| format!("{name}: not in ARCHITECTURE.md, or not in MAP")).collect::<Vec<_>>());
}

#[test]
fn arrows_are_seen_however_they_are_written() {
    let wrong = |path: &str, text: &str| wrong_uses(&Source::new(path, text)).len();
    assert_eq!(wrong("src/civil/zone.rs", "use crate::model::Duty; use crate::civil::Day; // crate::engine::X"), 1);
    assert_eq!(wrong("src/civil/zone.rs", "use crate::{id::id_type, engine::{a, b}, model};"), 3);
    assert_eq!(wrong("src/civil/zone.rs", "use super::Day; mod tests { use super::super::Day; }"), 0);
    assert_eq!(wrong("src/civil/zone.rs", "use super::super::model::Duty;"), 1);
    assert_eq!(wrong("src/civil/mod.rs", "fn f() { super::engine::g() }"), 1);
    assert_eq!(wrong("src/civil/mod.rs", "use super::*; mod m { use super::*; }"), 1);
    assert_eq!(wrong("src/model/mod.rs", "pub(in crate::model) use crate::civil::Day;"), 0);
    assert_eq!(wrong("src/unheard_of.rs", ""), 1);
    let impure = |text: &str| impurities(&Source::new("src/engine/x.rs", text)).len();
    assert_eq!(impure("use std::{fs, collections::BTreeMap, time::{Duration, Instant}};"), 2);
    assert_eq!(impure("async fn f() { g().await }"), 2);
    assert_eq!(
        impure("use std::io::Write; use uuid::Uuid; fn f() { log::warn!(); rand::random(); Uuid::new_v4() }"),
        4
    );
    assert_eq!(impure("#[cfg(test)] mod tests { use std::fs::read; }"), 0);
}

/// The module of the library that a file is part of; empty for files elsewhere and for the roots.
fn top(source: &Source) -> &str {
    match source.path.strip_prefix("src/") {
        None | Some("lib.rs" | "main.rs") => "",
        Some(path) => path.split('/').next().unwrap_or_default().trim_end_matches(".rs"),
    }
}

fn wrong_uses(source: &Source) -> Vec<String> {
    let own = top(source);
    if own.is_empty() {
        return Vec::new();
    }
    let Some((_, allowed)) = MAP.iter().find(|(name, _)| *name == own) else {
        return vec![format!("{}: module {own} is not on the map of tests/it/tidy/arrows.rs", source.path)];
    };
    let wrong = |path: Path| {
        let used = used_module(source, &path)?;
        (used != own && !allowed.contains(&used.as_str())).then(|| {
            let line = source.line(path.at);
            format!("{}:{line}: {own} uses {used} (`{}`)", source.path, path.names.join("::"))
        })
    };
    paths(&source.code).into_iter().filter_map(wrong).collect()
}

/// The top module that a path leads to, if it passes the crate's root.
fn used_module(source: &Source, path: &Path) -> Option<String> {
    let supers = path.names.iter().skip_while(|name| *name == "self").take_while(|name| *name == "super").count();
    let skipped = path.names.iter().take_while(|name| *name == "self").count();
    let into_root = match path.names[0].as_str() {
        "crate" => 1,
        _ if supers > 0 && supers >= depth(source, path.at) => skipped + supers,
        _ => return None,
    };
    path.names.get(into_root).cloned()
}

/// How many modules deep the code at `at` is, inline ones included.
fn depth(source: &Source, at: usize) -> usize {
    let file = source.path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    let inline = words(&source.code, "mod").take_while(|start| *start < at).filter(|start| {
        let open = source.code[*start..].find(['{', ';']).map(|open| start + open);
        open.is_some_and(|open| source.code[open..].starts_with('{') && closing_brace(&source.code, open) > at)
    });
    file.split('/').count() + inline.count()
}

fn impurities(source: &Source) -> Vec<String> {
    let code = source.shipped();
    let named = paths(&code).into_iter().filter_map(|path| {
        let name = path.names.join("::").replacen("core::", "std::", 1);
        let impure = IMPURE.iter().find(|impure| name == **impure || name.starts_with(&format!("{impure}::")))?;
        Some((path.at, (*impure).to_owned()))
    });
    let asynchronous =
        ["async", "await"].into_iter().flat_map(|word| words(&code, word).map(move |at| (at, word.to_owned())));
    let found = named.chain(asynchronous);
    found.map(|(at, what)| format!("{}:{}: names {what}", source.path, source.line(at))).collect()
}

/// The files that are compiled for tests only.
fn test_files(sources: &[Source]) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for source in sources {
        let modules = source.declared_modules().into_iter().filter(|(_, only_tests)| *only_tests);
        files.extend(modules.flat_map(|(name, _)| files_of(source, &name)));
    }
    let below = |source: &&Source| files.iter().any(|file| source.path.starts_with(&folder_of(file)));
    let below = sources.iter().filter(below).map(|source| source.path.clone()).collect::<Vec<_>>();
    files.extend(below);
    files
}

/// The files that `mod name;` in `source` may mean.
fn files_of(source: &Source, name: &str) -> [String; 2] {
    let folder = folder_of(&source.path);
    [format!("{folder}{name}.rs"), format!("{folder}{name}/mod.rs")]
}

/// The folder of a file's submodules, with a `/` behind it.
fn folder_of(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "mod.rs" | "lib.rs" | "main.rs" => format!("{folder}/"),
        _ => format!("{}/", path.trim_end_matches(".rs")),
    }
}
