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
use tonic::transport::Channel;

use super::writers::{Asked, inspect, retry};
use crate::support::grpc::{PATIENCE, connect, together};
use crate::support::process::Ondutyd;
use crate::support::seed;

/// How often it is killed while callers write.
const KILLS: usize = 100;
/// How often it is killed while it starts.
const KILLS_AT_START: usize = 10;
const WRITERS: usize = 8;
/// It is killed after at most this many answers.
const ANSWERS_MAX: usize = 40;

#[test]
fn what_was_answered_survives_110_kills_at_any_instant() {
    let dir = TempDir::new().unwrap();
    let runtime = Runtime::new().unwrap();
    let mut rng = seed::rng();
    let (mut all, mut last) = (Vec::new(), Vec::new());
    for round in 0..KILLS {
        if round % (KILLS / KILLS_AT_START) == 0 {
            let mut server = Ondutyd::spawn_on(dir.path());
            pass(Duration::from_micros(rng.random_range(0..150_000)));
            server.kill();
        }
        let asked = one_life(&runtime, dir.path(), &mut rng, round, &mut last);
        all.append(&mut last);
        last = asked;
    }
    one_life(&runtime, dir.path(), &mut rng, KILLS, &mut last);
    all.append(&mut last);
    let answered = all.iter().filter(|asked| asked.answered.is_some()).count();
    println!("{} changes asked for, {answered} answered before a kill", all.len());
    assert!(answered > KILLS && answered < all.len(), "the kills did not come in the middle");
    let found = runtime.block_on(inspect(dir.path(), &all));
    assert!(found.iter().all(Option::is_some), "a retry was not done");
}

/// Starts the server, sends again what was asked in its last life, lets callers write and kills it among them.
fn one_life(runtime: &Runtime, dir: &Path, rng: &mut TestRng, round: usize, last: &mut [Asked]) -> Vec<Asked> {
    let mut server = Ondutyd::spawn_on(dir);
    let url = server.url();
    let connection = runtime.block_on(connect(&url));
    let teams = last.chunk_by_mut(|one, other| one.team == other.team);
    runtime.block_on(together(teams.map(|asked| retry(&connection, asked))));
    let (sender, answers) = channel();
    let killed = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let sizes: Vec<usize> = (0..7).map(|_| rng.random_range(1..900)).collect();
            let team = format!("r{round}-w{number}");
            runtime.spawn(write(connection.clone(), team, sizes, sender.clone(), Arc::clone(&killed)))
        })
        .collect();
    drop(sender);
    for _ in 0..rng.random_range(0..ANSWERS_MAX) {
        answers.recv_timeout(PATIENCE).expect("no answer");
    }
    pass(Duration::from_micros(rng.random_range(0..3_000)));
    killed.store(true, Ordering::SeqCst);
    server.kill();
    runtime.block_on(together(writers)).into_iter().flat_map(Result::unwrap).collect()
}

/// Writes until the server is gone.
async fn write(
    connection: Channel,
    team: String,
    sizes: Vec<usize>,
    answers: Sender<()>,
    killed: Arc<AtomicBool>,
) -> Vec<Asked> {
    let mut all = Vec::new();
    for number in 0.. {
        let mut asked = Asked::new(&team, number, sizes[number % sizes.len()]);
        let answer = asked.send(&connection).await;
        all.push(asked);
        match answer {
            Ok(_) => drop(answers.send(())),
            Err(status) => {
                assert!(killed.load(Ordering::SeqCst), "{status}");
                break;
            }
        }
    }
    all
}

/// Lets a random time pass: to choose an instant, not to wait for anything.
fn pass(time: Duration) {
    let (_sender, never) = channel::<()>();
    let _ = never.recv_timeout(time);
}
