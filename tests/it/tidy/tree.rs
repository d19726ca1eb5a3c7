//! The files of the project: what git tracks or would track, or whatever is there where there is no git.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::source::Source;

/// The top of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The paths of all files, from the top, in order. The parts of a path are joined by `/`.
pub fn files() -> Vec<String> {
    let mut files = from_git().unwrap_or_else(|| {
        let mut files = Vec::new();
        walk(root(), &mut files);
        files
    });
    files.sort();
    assert!(files.iter().any(|path| path == "src/lib.rs"), "no project at {}", root().display());
    files
}

/// The files whose name ends in `ending`, as text.
pub fn texts(ending: &str) -> Vec<(String, String)> {
    let wanted = files().into_iter().filter(|path| path.ends_with(ending));
    wanted.filter_map(|path| Some((path.clone(), text(&path)?))).collect()
}

/// The Rust files.
pub fn sources() -> Vec<Source> {
    texts(".rs").iter().map(|(path, text)| Source::new(path, text)).collect()
}

/// A file as text; nothing where it is none.
pub fn text(path: &str) -> Option<String> {
    std::fs::read(root().join(path)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

/// Fails with all that was found, if anything was.
#[track_caller]
pub fn none(found: &[String]) {
    assert!(found.is_empty(), "{} found:\n{}", found.len(), found.join("\n"));
}

fn from_git() -> Option<Vec<String>> {
    if !root().join(".git").exists() {
        return None;
    }
    let mut git = Command::new("git");
    git.current_dir(root()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = git.output().ok().filter(|output| output.status.success())?;
    let listed = String::from_utf8(output.stdout).ok()?;
    Some(listed.split_terminator('\0').filter(|path| root().join(path).exists()).map(str::to_owned).collect())
}

fn walk(folder: &Path, files: &mut Vec<String>) {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    for path in entries.map(|entry| entry.expect("a readable folder").path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), ".git" | "target" | "__pycache__") {
                walk(&path, files);
            }
        } else {
            files.push(from_top(&path));
        }
    }
}

fn from_top(path: &Path) -> String {
    let parts: PathBuf = path.strip_prefix(root()).unwrap_or(path).into();
    parts.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}
