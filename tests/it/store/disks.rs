//! Disks that are full or cannot be written to.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use onduty::store::{CommitError, SledOptions, SledStore, Store, StoreError};
use tempfile::TempDir;

use super::process::{tmpfs, unmount, with_mounts};
use super::samples::{self, apply, commit, puts, team_id};

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(120), test).await.expect("it hangs") });
}

macro_rules! this_test {
    ($name:literal) => {
        concat!(module_path!(), "::", $name).trim_start_matches("it::")
    };
}

#[test]
fn a_read_only_directory_is_refused_at_the_start() {
    with_mounts(this_test!("a_read_only_directory_is_refused_at_the_start"), || {
        run(async {
            let dir = TempDir::new().unwrap();
            tmpfs(dir.path(), "size=64m");
            let data = dir.path().join("data");
            apply(&SledStore::open(&data).unwrap(), "psf", puts([samples::team("PSF")])).await;
            tmpfs(dir.path(), "remount,ro");
            for path in [data.clone(), dir.path().join("new")] {
                let error = SledStore::open(&path).expect_err("it opened");
                assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
                assert!(error.to_string().contains(&path.display().to_string()), "{error}");
            }
            tmpfs(dir.path(), "remount,rw");
            assert_eq!(revision(&SledStore::open(&data).unwrap()).await, 1);
        });
    });
}

async fn revision(store: &dyn Store) -> u64 {
    store.load(&team_id("psf")).await.unwrap().unwrap().revision
}

fn fill_up(file: &Path, leave_bytes: usize) {
    let free = |path: &Path| {
        let stat = rustix::fs::statvfs(path).unwrap();
        usize::try_from(stat.f_bavail * stat.f_frsize).unwrap()
    };
    let free = free(file.parent().unwrap());
    fs::write(file, vec![1; free - leave_bytes]).unwrap();
}

#[test]
fn a_nearly_full_disk_refuses_commits_until_there_is_room_again() {
    with_mounts(this_test!("a_nearly_full_disk_refuses_commits_until_there_is_room_again"), || {
        run(async {
            let dir = TempDir::new().unwrap();
            tmpfs(dir.path(), "size=64m");
            let (data, ballast) = (dir.path().join("data"), dir.path().join("ballast"));
            let store = SledStore::open(&data).unwrap();
            apply(&store, "psf", puts(samples::one_of_each())).await;
            fill_up(&ballast, 10 * 1024 * 1024);

            let refused = commit("psf", 1, puts([samples::team("too late")]));
            for _ in 0..3 {
                let error = store.commit(refused.clone()).await.unwrap_err();
                assert!(matches!(error, CommitError::Store(StoreError::Full { .. })), "{error}");
                assert!(error.to_string().contains(&data.display().to_string()), "{error}");
            }
            assert_eq!(revision(&store).await, 1);
            assert_eq!(store.log(&team_id("psf"), 1, 10).await.unwrap().len(), 1);

            fs::remove_file(&ballast).unwrap();
            assert_eq!(store.commit(refused).await.unwrap().revision, 2);
            drop(store);
            fill_up(&ballast, 0);
            match SledStore::open(&data) {
                Ok(store) => assert_eq!(revision(&store).await, 2),
                Err(error) => assert!(matches!(error, StoreError::Full { .. }), "{error}"),
            }
            fs::remove_file(&ballast).unwrap();
            assert_eq!(revision(&SledStore::open(&data).unwrap()).await, 2);
        });
    });
}

#[test]
fn a_disk_that_fills_up_in_the_middle_loses_nothing_that_was_acknowledged() {
    with_mounts(this_test!("a_disk_that_fills_up_in_the_middle_loses_nothing_that_was_acknowledged"), || {
        // In other states of the disk, other writes fail.
        for kib in [700, 1_000, 1_400, 2_000, 3_300, 5_000] {
            run(fills_up_in_the_middle(kib));
        }
    });
}

async fn fills_up_in_the_middle(leave_kib: usize) {
    let dir = TempDir::new().unwrap();
    tmpfs(dir.path(), "size=32m");
    let data = dir.path().join("data");
    let options = SledOptions { reserve_bytes: 0 };
    let store = Arc::new(SledStore::open_with(&data, options).unwrap());
    apply(&*store, "psf", puts(samples::one_of_each())).await;
    fill_up(&dir.path().join("ballast"), leave_kib * 1024);

    let failed = loop_until_it_fails(&store).await;
    // The second where sled failed on its own before, as it moved pages.
    let expected =
        matches!(failed, CommitError::Store(StoreError::Unsettled { .. } | StoreError::WritesRefused { .. }));
    assert!(expected && failed.to_string().contains(&data.display().to_string()), "{failed}");
    // Teams can be read, and do not show what failed. The log can, too, or says why not.
    let kept = store.load(&team_id("psf")).await.unwrap().unwrap();
    let acknowledged = kept.revision;
    match store.log(&team_id("psf"), 1, usize::MAX).await {
        Ok(entries) => assert_eq!(entries.len() as u64, acknowledged),
        Err(error) => assert!(matches!(error, StoreError::WritesRefused { .. }), "{error}"),
    }
    let refused = store.commit(commit("psf", acknowledged, puts([]))).await.unwrap_err();
    assert!(matches!(refused, CommitError::Store(StoreError::WritesRefused { .. })), "{refused}");
    assert!(matches!(store.ready(), Err(StoreError::WritesRefused { .. })));
    drop(store);

    fs::remove_file(dir.path().join("ballast")).unwrap();
    let store = SledStore::open_with(&data, options).unwrap();
    let found = store.load(&team_id("psf")).await.unwrap().unwrap();
    // The one that failed is there whole, or not at all.
    assert!(found == kept || found.revision == acknowledged + 1, "{} and {acknowledged}", found.revision);
    assert_eq!(store.log(&team_id("psf"), 1, usize::MAX).await.unwrap().len() as u64, found.revision);
    assert_eq!(apply(&store, "psf", puts([samples::team("on we go")])).await, found.revision + 1);
    drop(store);
    unmount(dir.path());
}

async fn loop_until_it_fails(store: &Arc<SledStore>) -> CommitError {
    let first = revision(&**store).await;
    for revision in first.. {
        let description = "x".repeat(1 << (10 + revision % 8));
        if let Err(error) = store.commit(commit("psf", revision, puts([samples::duty("reviews", &description)]))).await
        {
            return error;
        }
    }
    unreachable!()
}
