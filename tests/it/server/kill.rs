//! `kill -9` of the server: whatever was answered is there afterwards, whole and once.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use proptest::prelude::RngExt as _;
use proptest::test_runner::TestRng;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tonic::Status;

use super::writers::{Asked, AskedTask, SHARED, inspect, retry};
use crate::support::grpc::{Connection, PATIENCE, apply, connect, together};
use crate::support::process::Ondutyd;
use crate::support::seed;

/// How often it is killed while callers write.
const KILLS: usize = 100;
/// How often it is killed while it starts.
const KILLS_AT_START: usize = 10;
/// Callers with a team of their own, whose changes make several objects.
const APPLIERS: usize = 8;
/// Callers who share a team, and make tasks in it.
const TASK_MAKERS: usize = 4;
/// It is killed after at most this many answers.
const ANSWERS_MAX: usize = 40;

/// What was asked of one life of the server.
#[derive(Default)]
struct Life {
    changes: Vec<Asked>,
    tasks: Vec<AskedTask>,
}

#[test]
fn what_was_answered_survives_110_kills_at_any_instant() {
    let dir = TempDir::new().unwrap();
    let runtime = Runtime::new().unwrap();
    let mut rng = seed::rng();
    let (mut server, url) = Ondutyd::start(&["--data", dir.path().to_str().unwrap()]);
    runtime.block_on(apply(&url, SHARED));
    server.kill();
    let (mut all, mut last) = (Life::default(), Life::default());
    for round in 0..=KILLS {
        if round % (KILLS / KILLS_AT_START) == 1 {
            let mut server = Ondutyd::spawn_on(dir.path());
            pass(Duration::from_micros(rng.random_range(0..150_000)));
            server.kill();
        }
        let next = one_life(&runtime, dir.path(), &mut rng, round, &mut last);
        all.changes.append(&mut last.changes);
        all.tasks.append(&mut last.tasks);
        // Nobody asks for anything in the life after the last kill.
        last = next;
    }
    let (asked, tasks) = (all.changes.len(), all.tasks.len());
    let answered = all.changes.iter().filter(|asked| asked.answered.is_some()).count();
    println!("{asked} changes, {answered} of them answered before a kill, and {tasks} tasks");
    assert!(answered > KILLS && answered < asked, "the kills did not come in the middle");
    let found = runtime.block_on(inspect(dir.path(), &all.changes));
    assert!(found.iter().all(Option::is_some), "a retry was not done");
    let mut names: Vec<&str> = all.tasks.iter().map(|task| task.answered.as_ref().unwrap().name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.tasks.len(), "two tasks have one name");
    assert_eq!(runtime.block_on(super::writers::tasks(dir.path())), names.len());
}

/// Starts the server, sends again what was asked in its last life, lets callers write and kills it among them.
fn one_life(runtime: &Runtime, dir: &Path, rng: &mut TestRng, round: usize, last: &mut Life) -> Life {
    let mut server = Ondutyd::spawn_on(dir);
    let connection = runtime.block_on(connect(&server.url()));
    let teams = last.changes.chunk_by_mut(|one, other| one.team == other.team);
    runtime.block_on(together(teams.map(|asked| retry(&connection, asked))));
    let tasks = last.tasks.iter_mut().map(|asked| asked.send(&connection));
    runtime.block_on(together(tasks)).into_iter().collect::<Result<Vec<()>, Status>>().unwrap();
    if round == KILLS {
        server.terminate();
        assert!(server.end().0.success());
        return Life::default();
    }
    let (answers, counted) = channel();
    let caller = Caller { connection, answers, killed: Arc::default() };
    let killed = Arc::clone(&caller.killed);
    let appliers: Vec<_> = (0..APPLIERS)
        .map(|number| {
            let sizes: Vec<usize> = (0..7).map(|_| rng.random_range(1..900)).collect();
            let change =
                move |count: usize| Asked::new(&format!("r{round}-w{number}"), count, sizes[count % sizes.len()]);
            runtime.spawn(caller.clone().write(change, async |asked: &mut Asked, to| asked.send(to).await.map(drop)))
        })
        .collect();
    let makers: Vec<_> = (0..TASK_MAKERS)
        .map(|number| {
            let task = move |count| AskedTask::new(format!("Task {round} {number} {count}"));
            runtime.spawn(caller.clone().write(task, async |asked: &mut AskedTask, to| asked.send(to).await))
        })
        .collect();
    drop(caller);
    for _ in 0..rng.random_range(0..ANSWERS_MAX) {
        counted.recv_timeout(PATIENCE).expect("no answer");
    }
    pass(Duration::from_micros(rng.random_range(0..3_000)));
    killed.store(true, Ordering::SeqCst);
    server.kill();
    let changes = runtime.block_on(together(appliers)).into_iter().flat_map(Result::unwrap).collect();
    let tasks = runtime.block_on(together(makers)).into_iter().flat_map(Result::unwrap).collect();
    Life { changes, tasks }
}

/// Somebody who writes until the server is gone.
#[derive(Clone)]
struct Caller {
    connection: Connection,
    answers: Sender<()>,
    killed: Arc<AtomicBool>,
}

impl Caller {
    async fn write<A>(
        self,
        ask: impl Fn(usize) -> A,
        send: impl AsyncFn(&mut A, &Connection) -> Result<(), Status>,
    ) -> Vec<A> {
        let mut all = Vec::new();
        for count in 0.. {
            let mut asked = ask(count);
            let answer = send(&mut asked, &self.connection).await;
            all.push(asked);
            match answer {
                Ok(()) => drop(self.answers.send(())),
                Err(status) => {
                    assert!(self.killed.load(Ordering::SeqCst), "{status}");
                    break;
                }
            }
        }
        all
    }
}

/// Lets a random time pass: to choose an instant, not to wait for anything.
fn pass(time: Duration) {
    let (_sender, never) = channel::<()>();
    let _ = never.recv_timeout(time);
}
