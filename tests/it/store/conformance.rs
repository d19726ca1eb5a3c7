//! The contract, as facts that hold for every store.
//!
//! A store joins with one line of [`store_conformance`]; the facts are functions over a [`Subject`].

use std::collections::BTreeSet;
use std::sync::Arc;

use onduty::model::{ObjectKey, OverrideId, ResidentId, TeamSnapshot};
use onduty::store::{
    ChangeSet, CommitError, Committed, Fingerprint, LogEntry, LoggedChange, MemoryStore, SledStore, Store, StoreError,
    TeamChanged,
};
use tempfile::TempDir;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use uuid::Uuid;

use super::samples::{self, apply, commit, puts, team_id};

/// A store under test.
pub trait Subject {
    /// Returns the store.
    fn store(&self) -> &Arc<dyn Store>;
    /// Closes the store and opens it again, if it keeps anything.
    fn reopen(&mut self);
}

struct Memory(Arc<dyn Store>);

impl Memory {
    fn new() -> Self {
        Self(Arc::new(MemoryStore::default()))
    }
}

impl Subject for Memory {
    fn store(&self) -> &Arc<dyn Store> {
        &self.0
    }

    fn reopen(&mut self) {}
}

struct Sled {
    store: Option<Arc<dyn Store>>,
    dir: TempDir,
}

impl Sled {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        Self { store: Some(Arc::new(SledStore::open(dir.path()).unwrap())), dir }
    }
}

impl Subject for Sled {
    fn store(&self) -> &Arc<dyn Store> {
        self.store.as_ref().unwrap()
    }

    fn reopen(&mut self) {
        self.store = None;
        self.store = Some(Arc::new(SledStore::open(self.dir.path()).unwrap()));
    }
}

/// Runs every fact of this file on one store.
macro_rules! store_conformance {
    ($name:ident, $make:expr, [$($fact:ident),* $(,)?]) => {
        mod $name {
            use super::*;

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $fact() {
                super::$fact(&mut $make).await;
            })*
        }
    };
    ($($name:ident: $make:expr),* $(,)?) => {
        $(store_conformance!($name, $make, [
            a_team_that_was_never_made_is_not_there,
            what_was_committed_is_there_after_reopening,
            a_commit_changes_only_what_it_names,
            what_is_removed_is_gone_and_may_come_back,
            a_removed_team_keeps_its_revision_and_its_log,
            a_commit_against_another_revision_is_a_conflict,
            a_conflict_leaves_nothing,
            a_known_request_is_recognised_before_a_conflict,
            the_same_request_id_in_another_team_is_another_request,
            of_two_racing_commits_one_is_first,
            a_request_sent_twice_at_once_is_made_once,
            a_commit_may_change_nothing,
            removing_what_is_not_there_is_no_error,
            large_objects_are_kept_whole,
            many_objects_go_in_one_commit,
            the_log_has_every_object_before_and_after,
            the_log_has_of_private_parts_the_key_alone,
            the_log_is_read_from_any_revision_in_parts,
            an_erased_private_part_is_gone,
            the_head_says_the_tz_database_of_the_last_commit,
            watchers_hear_every_commit_in_order_when_it_can_be_read,
            a_slow_watcher_is_told_that_it_lagged,
            a_commit_goes_on_when_its_caller_hangs_up,
            teams_do_not_disturb_each_other,
        ]);)*
    };
}

store_conformance!(memory: Memory::new(), sled: Sled::new());

async fn load(subject: &impl Subject, team: &str) -> TeamSnapshot {
    subject.store().load(&team_id(team)).await.unwrap().unwrap()
}

async fn log(subject: &impl Subject, team: &str) -> Vec<LogEntry> {
    subject.store().log(&team_id(team), 1, usize::MAX).await.unwrap()
}

fn removes(keys: impl IntoIterator<Item = ObjectKey>) -> ChangeSet {
    let mut changes = ChangeSet::default();
    keys.into_iter().for_each(|key| changes.remove(key));
    changes
}

async fn a_team_that_was_never_made_is_not_there(subject: &mut impl Subject) {
    let store = subject.store();
    assert_eq!(store.load(&team_id("psf")).await, Ok(None));
    assert_eq!(store.log(&team_id("psf"), 1, 10).await, Ok(vec![]));
    assert_eq!(store.teams().await, Ok(vec![]));
    assert_eq!(store.ready(), Ok(()));
}

async fn what_was_committed_is_there_after_reopening(subject: &mut impl Subject) {
    assert_eq!(apply(&**subject.store(), "psf", puts(samples::one_of_each())).await, 1);
    for _ in 0..2 {
        let snapshot = load(subject, "psf").await;
        assert_eq!(snapshot.revision, 1);
        let (kept, put): (Vec<_>, Vec<_>) = (snapshot.objects().collect(), samples::one_of_each());
        assert_eq!(kept, put);
        subject.reopen();
    }
}

async fn a_commit_changes_only_what_it_names(subject: &mut impl Subject) {
    apply(&**subject.store(), "psf", puts(samples::one_of_each())).await;
    let mut expected = load(subject, "psf").await;
    let changed = samples::duty("reviews", "something else");
    assert_eq!(apply(&**subject.store(), "psf", puts([changed.clone()])).await, 2);
    expected.revision = 2;
    expected.put(changed);
    assert_eq!(load(subject, "psf").await, expected);
    subject.reopen();
    assert_eq!(load(subject, "psf").await, expected);
}

async fn what_is_removed_is_gone_and_may_come_back(subject: &mut impl Subject) {
    apply(&**subject.store(), "psf", puts(samples::one_of_each())).await;
    let key = ObjectKey::Override(OverrideId::new("1").unwrap());
    apply(&**subject.store(), "psf", removes([key.clone()])).await;
    subject.reopen();
    assert_eq!(load(subject, "psf").await.get(&key), None);
    apply(&**subject.store(), "psf", puts([samples::override_entry("1")])).await;
    subject.reopen();
    assert_eq!(load(subject, "psf").await.get(&key), Some(samples::override_entry("1")));
}

async fn a_removed_team_keeps_its_revision_and_its_log(subject: &mut impl Subject) {
    apply(&**subject.store(), "psf", puts(samples::one_of_each())).await;
    let keys: Vec<ObjectKey> = samples::one_of_each().iter().map(|object| object.key()).collect();
    apply(&**subject.store(), "psf", removes(keys)).await;
    for _ in 0..2 {
        let snapshot = load(subject, "psf").await;
        assert_eq!((snapshot.revision, snapshot.objects().count()), (2, 0));
        let heads = subject.store().teams().await.unwrap();
        assert_eq!(heads.iter().map(|head| (head.revision, head.deleted)).collect::<Vec<_>>(), [(2, true)]);
        assert_eq!(log(subject, "psf").await.len(), 2);
        subject.reopen();
    }
    assert_eq!(apply(&**subject.store(), "psf", puts([samples::team("again")])).await, 3);
    assert!(!subject.store().teams().await.unwrap()[0].deleted);
}

async fn a_commit_against_another_revision_is_a_conflict(subject: &mut impl Subject) {
    let store = subject.store();
    let against = |revision| store.commit(commit("psf", revision, puts([samples::team("PSF")])));
    assert_eq!(against(1).await, Err(CommitError::Conflict { current: 0 }));
    assert_eq!(against(0).await, Ok(Committed { revision: 1 }));
    assert_eq!(against(0).await, Err(CommitError::Conflict { current: 1 }));
    assert_eq!(against(2).await, Err(CommitError::Conflict { current: 1 }));
    assert_eq!(against(u64::MAX).await, Err(CommitError::Conflict { current: 1 }));
}

async fn a_conflict_leaves_nothing(subject: &mut impl Subject) {
    apply(&**subject.store(), "psf", puts(samples::one_of_each())).await;
    let before = (load(subject, "psf").await, log(subject, "psf").await);
    let late = commit("psf", 0, removes([ObjectKey::Team]));
    let request_id = late.request_id;
    assert!(subject.store().commit(late).await.is_err());
    assert!(subject.store().commit(commit("other", 4, puts([samples::team("other")]))).await.is_err());
    subject.reopen();
    assert_eq!((load(subject, "psf").await, log(subject, "psf").await), before);
    assert_eq!(subject.store().teams().await.unwrap().len(), 1);
    // Its request id is free: what was refused may be tried again.
    let again = samples::commit("psf", 1, ChangeSet::default());
    let again = onduty::store::Commit { request_id, ..again };
    assert_eq!(subject.store().commit(again).await, Ok(Committed { revision: 2 }));
}

async fn a_known_request_is_recognised_before_a_conflict(subject: &mut impl Subject) {
    let first = commit("psf", 0, puts([samples::team("PSF")]));
    subject.store().commit(first.clone()).await.unwrap();
    apply(&**subject.store(), "psf", ChangeSet::default()).await;
    for _ in 0..2 {
        let known = Err(CommitError::AlreadyApplied { revision: 1, fingerprint: first.fingerprint });
        assert_eq!(subject.store().commit(first.clone()).await, known);
        // Another request under the same id gets the first one's fingerprint, and can tell by it.
        let mut other = commit("psf", 2, ChangeSet::default());
        other.request_id = first.request_id;
        other.fingerprint = Fingerprint::of(b"another");
        assert_eq!(subject.store().commit(other).await, known);
        subject.reopen();
    }
    assert_eq!(load(subject, "psf").await.revision, 2);
}

async fn the_same_request_id_in_another_team_is_another_request(subject: &mut impl Subject) {
    let first = commit("a", 0, puts([samples::team("A")]));
    let mut second = commit("b", 0, puts([samples::team("B")]));
    second.request_id = first.request_id;
    assert_eq!(subject.store().commit(first).await, Ok(Committed { revision: 1 }));
    assert_eq!(subject.store().commit(second).await, Ok(Committed { revision: 1 }));
}

async fn of_two_racing_commits_one_is_first(subject: &mut impl Subject) {
    apply(&**subject.store(), "psf", puts([samples::team("PSF")])).await;
    for round in 1..20 {
        let race = (0..8).map(|number| {
            let store = Arc::clone(subject.store());
            let changes = puts([samples::resident(&format!("r{round}-{number}"))]);
            tokio::spawn(async move { store.commit(commit("psf", round, changes)).await })
        });
        let mut answers = Vec::new();
        for racer in race.collect::<Vec<_>>() {
            answers.push(racer.await.unwrap());
        }
        let won = answers.iter().filter(|answer| **answer == Ok(Committed { revision: round + 1 })).count();
        let lost = Err(CommitError::Conflict { current: round + 1 });
        assert_eq!((won, answers.iter().filter(|answer| **answer == lost).count()), (1, 7), "{answers:?}");
    }
    subject.reopen();
    assert_eq!(load(subject, "psf").await.residents.len(), 19);
}

async fn a_request_sent_twice_at_once_is_made_once(subject: &mut impl Subject) {
    let twice = commit("psf", 0, puts([samples::team("PSF")]));
    let store = Arc::clone(subject.store());
    let (one, other) = tokio::join!(store.commit(twice.clone()), store.commit(twice.clone()));
    let known = Err(CommitError::AlreadyApplied { revision: 1, fingerprint: twice.fingerprint });
    assert_eq!([one, other].iter().filter(|answer| **answer == known).count(), 1);
    drop(store);
    subject.reopen();
    assert_eq!(log(subject, "psf").await.len(), 1);
}

async fn a_commit_may_change_nothing(subject: &mut impl Subject) {
    apply(&**subject.store(), "psf", puts([samples::team("PSF")])).await;
    assert_eq!(apply(&**subject.store(), "psf", ChangeSet::default()).await, 2);
    subject.reopen();
    assert_eq!(log(subject, "psf").await[1].changes, []);
}

async fn removing_what_is_not_there_is_no_error(subject: &mut impl Subject) {
    let key = ObjectKey::Resident(ResidentId::new("nobody").unwrap());
    apply(&**subject.store(), "psf", removes([key.clone()])).await;
    assert_eq!(log(subject, "psf").await[0].changes, [LoggedChange { key, before: None, after: None }]);
    subject.reopen();
    assert_eq!(load(subject, "psf").await.revision, 1);
}

async fn large_objects_are_kept_whole(subject: &mut impl Subject) {
    for length in [0, 1, 4_000, 4_096, 10_000, 300_000, 2_000_000, 12_000, 3] {
        let object = samples::duty("reviews", &"ä".repeat(length));
        apply(&**subject.store(), "psf", puts([object.clone()])).await;
        assert_eq!(load(subject, "psf").await.get(&object.key()), Some(object.clone()));
        subject.reopen();
        assert_eq!(load(subject, "psf").await.get(&object.key()), Some(object));
    }
    assert_eq!(log(subject, "psf").await.len(), 9);
}

async fn many_objects_go_in_one_commit(subject: &mut impl Subject) {
    let objects: Vec<_> = (0..3_000).map(|number| samples::task(&format!("t{number:04}"))).collect();
    apply(&**subject.store(), "psf", puts(objects.clone())).await;
    subject.reopen();
    assert_eq!(load(subject, "psf").await.objects().collect::<Vec<_>>(), objects);
}

async fn the_log_has_every_object_before_and_after(subject: &mut impl Subject) {
    let (old, new) = (samples::duty("reviews", "old"), samples::duty("reviews", "new"));
    let commits = [
        commit("psf", 0, puts([old.clone()])),
        commit("psf", 1, puts([new.clone()])),
        commit("psf", 2, removes([new.key()])),
    ];
    for commit in commits.clone() {
        subject.store().commit(commit).await.unwrap();
    }
    subject.reopen();
    let entries = log(subject, "psf").await;
    let states = [(None, Some(&old)), (Some(&old), Some(&new)), (Some(&new), None)];
    for ((entry, commit), (before, after)) in entries.iter().zip(commits).zip(states) {
        let change = LoggedChange { key: old.key(), before: before.cloned(), after: after.cloned() };
        let expected = LogEntry {
            revision: commit.expected_revision + 1,
            time: commit.time,
            actor: commit.actor,
            on_behalf_of: commit.on_behalf_of,
            request_id: commit.request_id,
            fingerprint: commit.fingerprint,
            tzdb_version: commit.tzdb_version,
            title: commit.title,
            changes: vec![change],
        };
        assert_eq!(*entry, expected);
    }
    assert_eq!(entries.len(), 3);
}

async fn the_log_has_of_private_parts_the_key_alone(subject: &mut impl Subject) {
    let part = samples::time_off_private("2", "flu");
    apply(&**subject.store(), "psf", puts([part.clone()])).await;
    apply(&**subject.store(), "psf", removes([part.key()])).await;
    subject.reopen();
    for entry in log(subject, "psf").await {
        assert_eq!(entry.changes, [LoggedChange { key: part.key(), before: None, after: None }]);
    }
}

async fn the_log_is_read_from_any_revision_in_parts(subject: &mut impl Subject) {
    for number in 0..30 {
        apply(&**subject.store(), "psf", puts([samples::task(&format!("t{number}"))])).await;
    }
    apply(&**subject.store(), "psf-2", puts([samples::team("next to it")])).await;
    let revisions = async |from, limit| {
        let entries = subject.store().log(&team_id("psf"), from, limit).await.unwrap();
        entries.iter().map(|entry| entry.revision).collect::<Vec<_>>()
    };
    assert_eq!(revisions(0, 2).await, [1, 2]);
    assert_eq!(revisions(1, 3).await, [1, 2, 3]);
    assert_eq!(revisions(28, 10).await, [28, 29, 30]);
    assert_eq!(revisions(30, usize::MAX).await, [30]);
    assert_eq!(revisions(31, 10).await, [0_u64; 0]);
    assert_eq!(revisions(u64::MAX, 10).await, [0_u64; 0]);
    assert_eq!(revisions(1, 0).await, [0_u64; 0]);
}

async fn an_erased_private_part_is_gone(subject: &mut impl Subject) {
    let (entry, part) = (samples::time_off("2"), samples::time_off_private("2", "flu"));
    apply(&**subject.store(), "psf", puts([entry.clone(), part.clone()])).await;
    apply(&**subject.store(), "psf", removes([part.key()])).await;
    subject.reopen();
    let snapshot = load(subject, "psf").await;
    assert_eq!((snapshot.get(&part.key()), snapshot.get(&entry.key())), (None, Some(entry)));
}

async fn the_head_says_the_tz_database_of_the_last_commit(subject: &mut impl Subject) {
    apply(&**subject.store(), "psf", puts([samples::team("PSF")])).await;
    let mut newer = commit("psf", 1, ChangeSet::default());
    newer.tzdb_version = "2026f".to_owned();
    subject.store().commit(newer).await.unwrap();
    subject.reopen();
    assert_eq!(subject.store().teams().await.unwrap()[0].tzdb_version, "2026f");
}

async fn watchers_hear_every_commit_in_order_when_it_can_be_read(subject: &mut impl Subject) {
    apply(&**subject.store(), "psf", puts([samples::team("PSF")])).await;
    let mut watch = subject.store().watch();
    assert_eq!(watch.try_recv(), Err(TryRecvError::Empty));
    let store = Arc::clone(subject.store());
    let writing = tokio::spawn(async move {
        for _ in 0..50 {
            apply(&*store, "psf", ChangeSet::default()).await;
        }
    });
    for revision in 2..52 {
        let heard = watch.recv().await.unwrap();
        assert_eq!(heard, TeamChanged { team: team_id("psf"), revision });
        assert!(load(subject, "psf").await.revision >= revision);
    }
    writing.await.unwrap();
}

async fn a_slow_watcher_is_told_that_it_lagged(subject: &mut impl Subject) {
    let mut watch = subject.store().watch();
    let store = Arc::clone(subject.store());
    let writers = (0..16).map(|number| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for revision in 0..300 {
                store.commit(commit(&format!("t{number}"), revision, ChangeSet::default())).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert!(matches!(watch.recv().await, Err(RecvError::Lagged(_))));
}

async fn a_commit_goes_on_when_its_caller_hangs_up(subject: &mut impl Subject) {
    let store = Arc::clone(subject.store());
    let mut made = 0;
    for number in 0..40 {
        let commit = commit(&format!("t{number}"), 0, puts(samples::one_of_each()));
        let call = store.commit(commit);
        // Polled once at least, and then perhaps dropped in the middle.
        let patience = std::time::Duration::from_micros(number * 5);
        made += u32::from(tokio::time::timeout(patience, call).await.is_ok());
    }
    apply(&*store, "last", ChangeSet::default()).await;
    drop(store);
    subject.reopen();
    let heads = subject.store().teams().await.unwrap();
    assert!(heads.len() > made as usize);
    for head in heads.iter().filter(|head| head.team.as_str() != "last") {
        assert_eq!(load(subject, head.team.as_str()).await.objects().count(), samples::one_of_each().len());
    }
}

async fn teams_do_not_disturb_each_other(subject: &mut impl Subject) {
    let names = ["a", "a-b", "ab", "b", "a-b-c"];
    let writers = names.map(|name| {
        let store = Arc::clone(subject.store());
        tokio::spawn(async move {
            for number in 0..20 {
                let object = samples::resident(&format!("r{number}"));
                store.commit(commit(name, number, puts([samples::team(name), object]))).await.unwrap();
            }
        })
    });
    for writer in writers {
        writer.await.unwrap();
    }
    subject.reopen();
    let heads = subject.store().teams().await.unwrap();
    assert!(heads.is_sorted_by_key(|head| head.team.clone()));
    for name in names {
        let snapshot = load(subject, name).await;
        assert_eq!((snapshot.revision, snapshot.residents.len()), (20, 20));
        assert_eq!(snapshot.get(&ObjectKey::Team), Some(samples::team(name)));
        let ids: BTreeSet<Uuid> = log(subject, name).await.iter().map(|entry| entry.request_id).collect();
        assert_eq!(ids.len(), 20);
    }
}

#[test]
fn store_errors_name_the_directory_and_the_way_out() {
    let dir = std::path::PathBuf::from("/srv/onduty");
    let reason = || "input/output error".to_owned();
    let errors = [
        StoreError::Locked { dir: dir.clone() },
        StoreError::Unusable { dir: dir.clone(), reason: reason() },
        StoreError::ReadOnly { dir: dir.clone(), reason: reason() },
        StoreError::NewerFormat { dir: dir.clone(), found: 9, known: 1 },
        StoreError::Full { dir: dir.clone(), free_bytes: 1, needed_bytes: 2 },
        StoreError::Corrupt { dir: dir.clone(), key: "teams/psf".to_owned(), reason: reason() },
        StoreError::Damaged { dir: dir.clone(), reason: reason(), way_out: "restore it".to_owned() },
        StoreError::Unsettled { dir: dir.clone(), reason: reason() },
        StoreError::WritesRefused { dir: dir.clone(), reason: reason() },
        StoreError::Stalled { dir, seconds: 12 },
    ];
    for error in errors {
        let text = error.to_string();
        assert!(text.contains("/srv/onduty"), "{text}");
        assert!(!text.ends_with('.') && text.starts_with(|first: char| first.is_lowercase()), "{text}");
    }
}
