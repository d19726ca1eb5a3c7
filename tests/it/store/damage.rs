//! Damage: bits flipped, blocks zeroed, files cut. Either everything is there, or a clear error; never something else.

use std::fs;
use std::path::{Path, PathBuf};

use onduty::model::TeamSnapshot;
use onduty::store::{LogEntry, SledStore, Store, StoreError};
use proptest::prelude::{Rng, RngExt as _};
use proptest::test_runner::{RngAlgorithm, TestRng};
use tempfile::TempDir;

use super::samples::{self, apply, puts};

const TRIALS: usize = 80;

type Content = Vec<(TeamSnapshot, Vec<LogEntry>)>;

async fn content(store: &SledStore) -> Result<Content, StoreError> {
    let mut content = Vec::new();
    for head in store.teams().await? {
        let snapshot = store.load(&head.team).await?.unwrap();
        content.push((snapshot, store.log(&head.team, 1, usize::MAX).await?));
    }
    Ok(content)
}

async fn fill(dir: &Path) -> Content {
    for round in 0..3 {
        let store = SledStore::open(dir).unwrap();
        for number in 0..40 {
            let team = format!("team-{}", number % 4);
            let description = "word ".repeat(1 << (number % 12));
            let more = [samples::duty("more", &description), samples::task(&format!("t{round}-{number}"))];
            apply(&store, &team, puts(samples::one_of_each().into_iter().chain(more))).await;
        }
    }
    content(&SledStore::open(dir).unwrap()).await.unwrap()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(path, target).unwrap();
    }
    fs::create_dir_all(to.join("sled/blobs")).unwrap();
}

/// Damages a file of `dir` in one of several ways; returns what was done.
fn damage(dir: &Path, rng: &mut impl Rng) -> String {
    // Mostly the file that holds everything.
    let all = files(dir);
    let path = match rng.random_range(0..4) {
        0 => all[rng.random_range(0..all.len())].clone(),
        _ => dir.join("sled/db"),
    };
    let mut bytes = fs::read(&path).unwrap();
    let what = if bytes.is_empty() {
        "was empty".to_owned()
    } else {
        let place = rng.random_range(0..bytes.len());
        match rng.random_range(0..6) {
            0 => {
                let end = bytes.len().min(place + 4_096);
                bytes[place..end].fill(0);
                format!("zeroed {place} to {end}")
            }
            1 => {
                bytes.truncate(place);
                format!("cut at {place}")
            }
            _ => {
                bytes[place] ^= 1 << rng.random_range(0..8);
                format!("flipped a bit at {place}")
            }
        }
    };
    fs::write(&path, bytes).unwrap();
    format!("{} {what}", path.strip_prefix(dir).unwrap().display())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_is_either_harmless_or_a_clear_error() {
    let origin = TempDir::new().unwrap();
    let expected = fill(origin.path()).await;
    let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let (mut harmless, mut noticed) = (0, 0);
    for trial in 0..TRIALS {
        let dir = TempDir::new().unwrap();
        copy(origin.path(), dir.path());
        let what = damage(dir.path(), &mut rng);
        match SledStore::open(dir.path()) {
            Ok(store) => {
                let found = content(&store).await.unwrap();
                assert!(found == expected, "trial {trial}: {what}: something else was there, and nobody said so");
                apply(&store, "team-0", puts([samples::team("after")])).await;
                harmless += 1;
            }
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains(&dir.path().display().to_string()), "trial {trial}: {what}: {text}");
                assert!(text.contains("damaged"), "trial {trial}: {what}: {text}");
                noticed += 1;
            }
        }
    }
    eprintln!("{harmless} harmless, {noticed} noticed");
    assert!(harmless > 0 && noticed > 0);
}
