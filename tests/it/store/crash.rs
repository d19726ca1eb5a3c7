//! `kill -9`: whatever was acknowledged is there afterwards, whole.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use onduty::model::{ObjectKey, TeamSnapshot};
use onduty::store::{ChangeSet, CommitError, SledStore, Store};
use proptest::prelude::RngExt as _;
use proptest::test_runner::TestRng;
use tempfile::TempDir;

use super::process::{child, child_dir};
use super::samples::{self, commit, puts, team_id};

const ROUNDS: usize = 40;
const WRITERS: u64 = 8;
/// Two writers share a team, so that there are conflicts and several commits of a team in one batch.
const TEAMS: u64 = 4;

/// A process that commits until it is killed, and prints every acknowledged request.
#[test]
fn writer() {
    let Some(dir) = child_dir() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let store: Arc<dyn Store> = Arc::new(SledStore::open(&dir).unwrap());
        let writers = (0..WRITERS).map(|number| tokio::spawn(write(Arc::clone(&store), number)));
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
    });
}

async fn write(store: Arc<dyn Store>, number: u64) {
    let team = format!("team-{}", number % TEAMS);
    let mut revision = store.load(&team_id(&team)).await.unwrap().map_or(0, |snapshot| snapshot.revision);
    for round in 0_usize.. {
        let commit = commit(&team, revision, changes(round));
        let request_id = commit.request_id;
        match store.commit(commit).await {
            Ok(committed) => {
                revision = committed.revision;
                // One write, so that a kill leaves at most a part of the last line.
                std::io::stdout()
                    .write_all(format!("acknowledged {team} {revision} {request_id}\n").as_bytes())
                    .unwrap();
            }
            Err(CommitError::Conflict { current }) => revision = current,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Several objects at a time, some large and some removed, so that half a commit would show.
fn changes(round: usize) -> ChangeSet {
    let length = [10, 3_000, 9_000, 200, 40_000][round % 5];
    let mut changes = puts([
        samples::team(&format!("round {round}")),
        samples::duty("reviews", &"x".repeat(length)),
        samples::task(&format!("t{}", round % 7)),
        samples::time_off_private("1", &format!("note {round}")),
    ]);
    changes.remove(samples::task(&format!("t{}", (round + 3) % 7)).key());
    changes
}

/// Lets `child` run for a time and kills it; returns what it had acknowledged: team, revision and request id.
#[expect(clippy::disallowed_methods, reason = "the moment of the kill is drawn, and waits for nothing")]
fn kill_after(mut child: Child, time: Duration) -> Vec<(String, u64, String)> {
    let output = BufReader::new(child.stdout.take().unwrap());
    let reader = thread::spawn(move || output.lines().map_while(Result::ok).collect::<Vec<_>>());
    thread::sleep(time);
    child.kill().unwrap();
    child.wait().unwrap();
    let acknowledged = |line: &String| {
        let mut words = line.strip_prefix("acknowledged ")?.split(' ');
        let (team, revision, id) = (words.next()?.to_owned(), words.next()?.parse().ok()?, words.next()?.to_owned());
        (id.len() == 36).then_some((team, revision, id))
    };
    reader.join().unwrap().iter().filter_map(acknowledged).collect()
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_instant() {
    let dir = TempDir::new().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut rng = TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    let mut replayed: BTreeMap<String, TeamSnapshot> = BTreeMap::new();
    let mut total = 0;
    for round in 0..ROUNDS {
        let child = child("store::crash::writer", dir.path()).stdout(Stdio::piped()).spawn().unwrap();
        // The first few are killed while they start.
        let time = Duration::from_millis(rng.random_range(if round < 5 { 1..60 } else { 50..400 }));
        let acknowledged = kill_after(child, time);
        total += acknowledged.len();
        runtime.block_on(check(dir.path(), &acknowledged, &mut replayed));
    }
    eprintln!("{total} acknowledged commits in {ROUNDS} rounds");
    assert!(total > ROUNDS, "only {total} commits were acknowledged at all");
}

async fn check(dir: &Path, acknowledged: &[(String, u64, String)], replayed: &mut BTreeMap<String, TeamSnapshot>) {
    let store = SledStore::open(dir).unwrap();
    for (team, revision, request_id) in acknowledged {
        let entries = store.log(&team_id(team), *revision, 1).await.unwrap();
        assert_eq!(entries.first().map(|entry| entry.request_id.to_string()).as_ref(), Some(request_id));
    }
    // Every commit is there whole: the log, replayed, gives the objects.
    for head in store.teams().await.unwrap() {
        let id = head.team;
        let snapshot = replayed.entry(id.to_string()).or_insert_with(|| TeamSnapshot::empty(id.clone()));
        for entry in store.log(&id, snapshot.revision + 1, usize::MAX).await.unwrap() {
            assert_eq!(entry.changes.len(), 5);
            for change in entry.changes.iter().filter(|change| !is_private(&change.key)) {
                assert_eq!(snapshot.get(&change.key), change.before);
                match &change.after {
                    Some(object) => snapshot.put(object.clone()),
                    None => snapshot.remove(&change.key),
                }
            }
            snapshot.revision = entry.revision;
        }
        let mut kept = store.load(&id).await.unwrap().unwrap();
        assert_eq!(kept.time_off_private.len(), 1);
        kept.time_off_private.clear();
        assert!(kept == *snapshot, "{id} at revision {} is not what its log says", head.revision);
    }
}

fn is_private(key: &ObjectKey) -> bool {
    matches!(key, ObjectKey::TimeOffPrivate(_))
}
