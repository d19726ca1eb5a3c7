//! The embedded store: durable commits, beside bare loops over sled and a bare file that write the same bytes.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use onduty::civil::Instant;
use onduty::model::{Entered, Made, Meta, Object, Origin, Priority, Task, TaskId, TaskState, TeamId};
use onduty::store::{ChangeSet, Commit, Fingerprint, SledStore, Store};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::pairs::{Effort, Pair, alternate, now};
use super::report::{Limit, Report, short};

/// How many wait at the same time where many do.
const WRITERS: usize = 64;
/// How many commits the store puts in one batch at most.
const BATCH: usize = 256;

/// Tells what durable commits take.
pub fn measure(report: &mut Report, effort: Effort) {
    report.section("Store: one new task a commit, on the disk before it is answered");
    let effort = effort.longer();
    let dir = tempfile::tempdir().expect("a directory");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let store = Arc::new(SledStore::open(&dir.path().join("store")).expect("a store"));
    let values = Values::of_a_commit(dir.path(), &runtime);
    let bare = Arc::new(Bare::open(&dir.path().join("bare"), values));
    let note = |pair: Pair, peer: &str| format!("{}/s beside {}/s of {peer}", short(pair.subject), short(pair.peer));

    let single = Teams::new(1);
    let one = |time| runtime.block_on(single.commits(&store, time));
    let pair = alternate(effort, one, |time| bare.alone(time));
    let peer = "bare sled insert, flush, fdatasync";
    report.ratio("one writer", pair, Limit::AtLeast(0.8), &note(pair, peer));

    let mut file = File::create(dir.path().join("raw")).expect("a file");
    let bytes = vec![7; bare.values.bytes()];
    let pair = alternate(effort, one, |time| raw(&mut file, &bytes, time));
    report.ratio("one writer", pair, Limit::Told, &note(pair, "raw append, fdatasync"));

    let teams = Teams::new(WRITERS);
    let many = |time| runtime.block_on(teams.commits(&store, time));
    let pair = alternate(effort, many, |time| runtime.block_on(bare.group(time)));
    report.ratio("64 writers", pair, Limit::AtLeast(0.8), &note(pair, "a bare group commit"));
}

fn raw(file: &mut File, bytes: &[u8], time: Duration) -> f64 {
    let (start, mut count) = (now(), 0.0);
    while start.elapsed_seconds() < time.as_secs_f64() {
        file.write_all(bytes).and_then(|()| file.sync_data()).expect("a write");
        count += 1.0;
    }
    count / start.elapsed_seconds()
}

/// Callers, each with a team of its own.
struct Teams {
    teams: Vec<(TeamId, AtomicU64)>,
}

impl Teams {
    fn new(count: usize) -> Self {
        let name = |index| TeamId::new(&format!("team-{count}-{index}")).expect("an id");
        Self { teams: (0..count).map(|index| (name(index), AtomicU64::new(0))).collect() }
    }

    /// Commits for that long, all callers together; returns how many a second were answered.
    async fn commits(&self, store: &Arc<SledStore>, time: Duration) -> f64 {
        let start = now();
        let callers = self.teams.iter().map(|(team, revision)| async move {
            let mut count = 0.0;
            while start.elapsed_seconds() < time.as_secs_f64() {
                let expected = revision.load(Ordering::Relaxed);
                store.commit(commit(team, expected)).await.expect("a commit");
                revision.store(expected + 1, Ordering::Relaxed);
                count += 1.0;
            }
            count
        });
        let counts: Vec<f64> = futures_util::future::join_all(callers).await;
        counts.iter().sum::<f64>() / start.elapsed_seconds()
    }
}

/// A commit that makes a task.
fn commit(team: &TeamId, expected_revision: u64) -> Commit {
    let at: Instant = Instant::from_seconds(1_767_600_000);
    let made = Made { revision: expected_revision + 1, position: 0 };
    let meta = Meta { created: made, create_time: at, updated: made, update_time: at, origin: Origin::Entered };
    let value = Task {
        title: "Look at the build of last night".to_owned(),
        duty: None,
        assignee: None,
        deputy: None,
        state: TaskState::Open,
        due: None,
        effort_minutes: Some(90),
        priority: Priority::Normal,
        link: "https://example.org/builds/1".to_owned(),
        stuck_reason: String::new(),
        finish_time: None,
        comments: Vec::new(),
    };
    let mut changes = ChangeSet::default();
    let id = TaskId::new(&format!("task-{expected_revision}")).expect("an id");
    changes.put(Object::Task(id, Entered { meta, value }));
    let request_id = Uuid::new_v4();
    Commit {
        team: team.clone(),
        expected_revision,
        changes,
        actor: "coordinator".to_owned(),
        on_behalf_of: None,
        time: at,
        request_id,
        fingerprint: Fingerprint::of(request_id.as_bytes()),
        tzdb_version: "2026e".to_owned(),
        title: "create a task".to_owned(),
    }
}

/// The sizes of what one commit writes: of each value its key's and its own.
struct Values {
    fresh: Vec<(usize, usize)>,
    replaced: Vec<(usize, usize)>,
}

impl Values {
    /// Reads them from what the store has written for a few commits: an object, a log entry and a request are new,
    /// the team's head and the batch's number are replaced.
    fn of_a_commit(dir: &Path, runtime: &Runtime) -> Self {
        let dir = dir.join("sizes");
        let store = Arc::new(SledStore::open(&dir).expect("a store"));
        let team = TeamId::new("team-64-10").expect("an id");
        for revision in 0..100 {
            runtime.block_on(store.commit(commit(&team, revision))).expect("a commit");
        }
        drop(store);
        let db = sled::open(dir.join("sled")).expect("sled");
        let sizes = |prefix: &[u8]| {
            let (key, value) = db.scan_prefix(prefix).last().expect("a value").expect("a value");
            (key.len(), value.len())
        };
        Self { fresh: vec![sizes(b"o"), sizes(b"l"), sizes(b"q")], replaced: vec![sizes(b"h"), sizes(b"s")] }
    }

    fn bytes(&self) -> usize {
        self.fresh.iter().chain(&self.replaced).map(|(key, value)| key + value).sum()
    }

    fn add_to(&self, batch: &mut sled::Batch, number: u64, writer: usize) {
        for (index, (key, value)) in self.fresh.iter().enumerate() {
            batch.insert(named(*key, index, writer, number), content(*value, number));
        }
        for (index, (key, value)) in self.replaced.iter().enumerate() {
            batch.insert(named(*key, 3 + index, writer * (1 - index), 0), content(*value, number));
        }
    }
}

fn named(length: usize, kind: usize, writer: usize, number: u64) -> Vec<u8> {
    let mut key = vec![u8::try_from(kind).expect("small")];
    key.extend(u32::try_from(writer).expect("small").to_be_bytes());
    key.extend(number.to_be_bytes());
    key.resize(key.len().max(length), 0);
    key
}

fn content(length: usize, number: u64) -> Vec<u8> {
    let mut value = vec![0; length.max(8)];
    value[..8].copy_from_slice(&number.to_be_bytes());
    value
}

/// sled, with nothing around it.
struct Bare {
    db: sled::Db,
    file: File,
    values: Values,
    number: AtomicU64,
}

impl Bare {
    fn open(dir: &Path, values: Values) -> Self {
        let db = sled::Config::new().path(dir).flush_every_ms(None).open().expect("sled");
        let file = File::open(dir.join("db")).expect("its file");
        Self { db, file, values, number: AtomicU64::new(1) }
    }

    fn write(&self, batch: sled::Batch) {
        self.db.apply_batch(batch).expect("a batch");
        self.db.flush().expect("a flush");
        self.file.sync_data().expect("a sync");
    }

    fn add_to(&self, batch: &mut sled::Batch, writer: usize) {
        self.values.add_to(batch, self.number.fetch_add(1, Ordering::Relaxed), writer);
    }

    fn alone(&self, time: Duration) -> f64 {
        let (start, mut count) = (now(), 0.0);
        while start.elapsed_seconds() < time.as_secs_f64() {
            let mut batch = sled::Batch::default();
            self.add_to(&mut batch, 0);
            self.write(batch);
            count += 1.0;
        }
        count / start.elapsed_seconds()
    }

    /// Callers who wait, and one thread that writes whatever waits as one batch.
    async fn group(self: &Arc<Self>, time: Duration) -> f64 {
        let (queue, mut jobs) = mpsc::channel::<(usize, oneshot::Sender<()>)>(1_024);
        let own = Arc::clone(self);
        let writer = std::thread::spawn(move || {
            let mut waiting = Vec::with_capacity(BATCH);
            while jobs.blocking_recv_many(&mut waiting, BATCH) > 0 {
                let mut batch = sled::Batch::default();
                waiting.iter().for_each(|(writer, _)| own.add_to(&mut batch, *writer));
                own.write(batch);
                for (_, answer) in waiting.drain(..) {
                    let _ = answer.send(());
                }
            }
        });
        let start = now();
        let callers = (0..WRITERS).map(|writer| {
            let queue = queue.clone();
            async move {
                let mut count = 0.0;
                while start.elapsed_seconds() < time.as_secs_f64() {
                    let (answer, answered) = oneshot::channel();
                    queue.send((writer, answer)).await.expect("a writer");
                    answered.await.expect("an answer");
                    count += 1.0;
                }
                count
            }
        });
        let counts: Vec<f64> = futures_util::future::join_all(callers).await;
        let rate = counts.iter().sum::<f64>() / start.elapsed_seconds();
        drop(queue);
        writer.join().expect("the writer ends");
        rate
    }
}
