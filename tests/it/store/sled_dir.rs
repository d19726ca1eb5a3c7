//! The data directory: who may open it, and what else may be in it.

use std::fs;
use std::path::Path;

use onduty::store::{SledStore, Store, StoreError};
use tempfile::TempDir;

use super::process::{child, child_dir};
use super::samples::{self, apply, puts, team_id};

async fn filled() -> TempDir {
    let dir = TempDir::new().unwrap();
    let store = SledStore::open(dir.path()).unwrap();
    apply(&store, "psf", puts(samples::one_of_each())).await;
    dir
}

async fn is_whole(store: &SledStore) -> bool {
    let snapshot = store.load(&team_id("psf")).await.unwrap().unwrap();
    snapshot.objects().collect::<Vec<_>>() == samples::one_of_each()
}

fn refused(dir: &Path) -> StoreError {
    let error = SledStore::open(dir).expect_err("it opened");
    assert!(error.to_string().contains(&dir.display().to_string()), "{error}");
    error
}

/// A process that tries to open a directory, and prints what comes of it.
#[test]
fn opener() {
    let Some(dir) = child_dir() else { return };
    match SledStore::open(&dir) {
        Ok(_) => println!("opened"),
        Err(error) => println!("refused: {error}"),
    }
}

#[tokio::test]
async fn a_second_process_gets_a_clear_error_and_does_no_harm() {
    let dir = filled().await;
    let store = SledStore::open(dir.path()).unwrap();
    fs::write(dir.path().join("sled/snap.0000000000000FFF.generating"), "being written").unwrap();
    let open = || String::from_utf8(child("store::sled_dir::opener", dir.path()).output().unwrap().stdout).unwrap();
    let said = open();
    assert!(said.contains("refused: another process uses the data directory"), "{said}");
    assert!(said.contains(&dir.path().display().to_string()), "{said}");
    assert!(dir.path().join("sled/snap.0000000000000FFF.generating").exists(), "the second one touched a file");
    apply(&store, "psf", puts([samples::team("PSF")])).await;
    drop(store);
    assert!(open().contains("opened"));
}

#[tokio::test]
async fn the_same_process_cannot_open_it_twice() {
    let dir = filled().await;
    let store = SledStore::open(dir.path()).unwrap();
    assert_eq!(refused(dir.path()), StoreError::Locked { dir: dir.path().to_owned() });
    drop(store);
    assert!(is_whole(&SledStore::open(dir.path()).unwrap()).await);
}

#[tokio::test]
async fn it_opens_again_and_again() {
    let dir = filled().await;
    for revision in 2..12 {
        let store = SledStore::open(dir.path()).unwrap();
        assert!(is_whole(&store).await);
        assert_eq!(apply(&store, "psf", puts([samples::team("PSF")])).await, revision);
    }
}

#[tokio::test]
async fn a_missing_directory_is_made() {
    let dir = TempDir::new().unwrap();
    let deep = dir.path().join("a/b/c");
    let store = SledStore::open(&deep).unwrap();
    assert_eq!(apply(&store, "psf", puts([samples::team("PSF")])).await, 1);
}

#[test]
fn a_file_in_place_of_the_directory_is_refused() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("data");
    fs::write(&file, "hello").unwrap();
    for path in [file.clone(), file.join("below")] {
        assert!(matches!(refused(&path), StoreError::Unusable { .. }));
    }
    assert_eq!(fs::read_to_string(file).unwrap(), "hello");
}

#[test]
fn a_directory_of_something_else_is_refused_and_left_alone() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("thesis.txt"), "hello").unwrap();
    let error = refused(dir.path());
    assert!(error.to_string().contains("thesis.txt"), "{error}");
    assert!(!dir.path().join("sled").exists() && !dir.path().join("format").exists());
}

#[tokio::test]
async fn a_newer_format_is_refused_and_left_alone() {
    let dir = filled().await;
    fs::write(dir.path().join("format"), "onduty data directory, format 9\n").unwrap();
    let before = fs::read(dir.path().join("sled/db")).unwrap();
    let error = refused(dir.path());
    assert_eq!(error, StoreError::NewerFormat { dir: dir.path().to_owned(), found: 9, known: 5 });
    assert_eq!(fs::read(dir.path().join("sled/db")).unwrap(), before);
}

#[tokio::test]
async fn an_older_format_is_read_and_becomes_the_newest() {
    let dir = filled().await;
    fs::write(dir.path().join("format"), "onduty data directory, format 1\n").unwrap();
    assert!(is_whole(&SledStore::open(dir.path()).unwrap()).await);
    assert_eq!(fs::read_to_string(dir.path().join("format")).unwrap(), "onduty data directory, format 5\n");
}

#[tokio::test]
async fn a_snapshot_that_was_never_finished_is_no_obstacle() {
    let dir = filled().await;
    for name in ["snap.0000000000000FFF.generating", "snap.FFFFFFFFFFFFFFFF.generating"] {
        fs::write(dir.path().join("sled").join(name), "half").unwrap();
    }
    assert!(is_whole(&SledStore::open(dir.path()).unwrap()).await);
    assert!(!dir.path().join("damaged").exists());
}

#[tokio::test]
async fn a_damaged_snapshot_is_set_aside_and_everything_is_there() {
    let dir = filled().await;
    drop(SledStore::open(dir.path()).unwrap());
    let sled = dir.path().join("sled");
    let is_snapshot = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("snap.");
    let paths = fs::read_dir(&sled).unwrap().map(|entry| entry.unwrap().path());
    let snapshots: Vec<_> = paths.filter(is_snapshot).collect();
    assert!(!snapshots.is_empty());
    for path in &snapshots {
        fs::write(path, "not what it was, and longer than twelve bytes").unwrap();
    }
    let store = SledStore::open(dir.path()).unwrap();
    assert!(is_whole(&store).await);
    assert_eq!(apply(&store, "psf", puts([samples::team("PSF")])).await, 2);
    let copies = snapshots.iter().map(|path| dir.path().join("damaged").join(path.file_name().unwrap()));
    assert!(copies.into_iter().all(|copy| copy.exists()));
}

#[tokio::test]
async fn lost_acknowledged_changes_are_noticed() {
    let dir = filled().await;
    let old = fs::read(dir.path().join("sled/db")).unwrap();
    let store = SledStore::open(dir.path()).unwrap();
    apply(&store, "psf", puts([samples::team("a later name")])).await;
    drop(store);
    // As if the end of the log had been lost: what is left is whole in itself.
    fs::write(dir.path().join("sled/db"), old).unwrap();
    for entry in fs::read_dir(dir.path().join("sled")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("snap.") {
            fs::remove_file(path).unwrap();
        }
    }
    let error = refused(dir.path());
    assert!(error.to_string().contains("the newest changes are missing"), "{error}");
}

#[tokio::test]
async fn damage_that_stays_is_copied_once_and_named() {
    let dir = filled().await;
    drop(SledStore::open(dir.path()).unwrap());
    let db = dir.path().join("sled/db");
    let length = fs::metadata(&db).unwrap().len();
    fs::write(&db, vec![7; length.try_into().unwrap()]).unwrap();
    let damaged = dir.path().join("damaged");
    for _ in 0..3 {
        let error = refused(dir.path());
        assert!(error.to_string().contains(&damaged.display().to_string()), "{error}");
        assert_eq!(fs::read(damaged.join("db")).unwrap(), vec![7; length.try_into().unwrap()]);
    }
    assert!(!dir.path().join("damaged.new").exists());
}

#[tokio::test]
async fn nothing_lies_in_files_that_a_flush_does_not_sync() {
    let dir = filled().await;
    let store = SledStore::open(dir.path()).unwrap();
    for number in 0..300 {
        // Long enough for full pieces, side by side in the same leaves.
        let object = samples::duty(&format!("d{:03}", number % 60), &"x".repeat(8_000 + number * 40));
        apply(&store, "psf", puts([object])).await;
    }
    assert_eq!(fs::read_dir(dir.path().join("sled/blobs")).unwrap().count(), 0);
}

#[tokio::test]
async fn closing_finishes_what_was_begun() {
    let dir = filled().await;
    for round in 0..10 {
        let store = std::sync::Arc::new(SledStore::open(dir.path()).unwrap());
        let calls = (0..50).map(|number| {
            let store = std::sync::Arc::clone(&store);
            let commit = samples::commit(&format!("t{round}-{number}"), 0, puts(samples::one_of_each()));
            tokio::spawn(async move { store.commit(commit).await })
        });
        let calls: Vec<_> = calls.collect();
        tokio::task::yield_now().await;
        drop(store);
        for call in calls {
            assert!(call.await.unwrap().is_ok());
        }
    }
    let store = loop {
        // The last call's end may still hold the directory.
        match SledStore::open(dir.path()) {
            Err(StoreError::Locked { .. }) => tokio::task::yield_now().await,
            opened => break opened.unwrap(),
        }
    };
    assert_eq!(store.teams().await.unwrap().len(), 501);
}
