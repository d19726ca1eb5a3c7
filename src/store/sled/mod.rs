//! The embedded store: sled 0.34.7 behind a fence.
//!
//! What is built around it, and against what:
//!
//! - **One writer thread** takes all commits that wait, writes them as one atomic batch, flushes, syncs and then
//!   answers. sled's `flush_async` deadlocks when it is called concurrently, and its `flush` leaves the bytes in the
//!   disk's cache; the thread calls `flush` and then `fdatasync` on sled's file.
//! - **Reads come from memory**: the newest acknowledged record of every object. They see nothing that is not on the
//!   disk yet, and they go on when sled cannot. Only the log is read from sled, and may be out of reach then.
//! - **Every piece of every value has a checksum** of its key and content, and [what belongs together](check) is
//!   checked when the directory is opened.
//! - **A write that fails ends all writing** until the directory is opened again; before a disk is full, commits are
//!   refused without sled noticing.
//! - **A watchdog** notices a disk that does not answer.
//!
//! One tree, [prefixed keys](keys), no value above [a few KiB](piece), because sled's space and speed suffer otherwise.

mod check;
mod disk;
mod engine;
mod keys;
mod open;
mod piece;
mod plan;
mod rewrite;
mod state;
mod trouble;
mod watchdog;
mod writer;

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, mpsc as std_mpsc};
use std::thread::{self, JoinHandle};

use tokio::sync::{broadcast, mpsc, oneshot};
use uuid::Uuid;

use super::{
    Commit, CommitError, Committed, Fingerprint, LogEntry, Store, StoreError, StoreFuture, TeamChanged, TeamHead,
};
use crate::model::{TeamId, TeamSnapshot};
use engine::Engine;
use plan::Prepared;
pub use rewrite::{RewriteStep, Rewritten};
use trouble::Trouble;
use writer::Job;

/// How a directory is opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SledOptions {
    /// How many bytes must be free on the disk for a commit to be taken, apart from what it needs itself.
    ///
    /// With 0 nothing is checked, and a full disk ends all writing until the directory is opened again.
    pub reserve_bytes: u64,
}

impl Default for SledOptions {
    fn default() -> Self {
        Self { reserve_bytes: disk::RESERVE_BYTES }
    }
}

/// A store in a directory, for one process at a time.
///
/// Dropping it finishes what was begun and closes the directory. Its log is read on tokio's blocking threads.
pub struct SledStore {
    engine: Arc<Engine>,
    queue: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    watchdog: Option<(std_mpsc::Sender<()>, JoinHandle<()>)>,
}

impl SledStore {
    /// Opens the data directory `dir`, makes it if it is missing, and checks everything in it.
    ///
    /// This blocks, for as long as it takes to read all of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where another process has it open, where it cannot be written to, where it is no data directory
    /// or one of a newer version, and where anything in it is not what was written.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_with(dir, SledOptions::default())
    }

    /// Opens the data directory `dir` as [`open`](SledStore::open) does, with `options`.
    ///
    /// # Errors
    ///
    /// As of [`open`](SledStore::open).
    pub fn open_with(dir: &Path, options: SledOptions) -> Result<Self, StoreError> {
        let (engine, number) = Engine::open(dir, options)?;
        let engine = Arc::new(engine);
        let (queue, jobs) = mpsc::channel(writer::QUEUE_LENGTH);
        let (stop, stopped) = std_mpsc::channel();
        let own = Arc::clone(&engine);
        let writer = spawn(dir, "store-writer", move || writer::run(&own, jobs, number))?;
        let own = Arc::clone(&engine);
        let watchdog = spawn(dir, "store-watchdog", move || watchdog::run(&own, &stopped))?;
        Ok(Self { engine, queue: Some(queue), writer: Some(writer), watchdog: Some((stop, watchdog)) })
    }

    /// Writes a team anew as `make` says, from the team as it is and its log; with `None` nothing changes.
    ///
    /// For a data directory that no server uses. Nothing that was replaced is left in its files, and broken off at any
    /// step it is one whole store when it is opened next: the old one or the new. Reads the whole log into memory.
    ///
    /// # Errors
    ///
    /// As of [`open`](SledStore::open); [`StoreError::Unusable`] where there is no data, or no such team; and what
    /// `step` breaks it off with.
    pub fn rewrite(
        dir: &Path,
        team: &TeamId,
        make: impl FnOnce(&TeamSnapshot, &[LogEntry]) -> Option<Rewritten>,
        step: &mut dyn FnMut(RewriteStep) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        rewrite::rewrite(dir, team, make, step)
    }

    async fn commit_and_wait(&self, commit: Commit) -> Result<Committed, CommitError> {
        self.engine.not_stalled()?;
        let (answer, answered) = oneshot::channel();
        let job = Job { commit: Prepared::new(commit)?, answer };
        let queue = self.queue.as_ref().ok_or(StoreError::Closed)?;
        queue.send(job).await.map_err(|_| self.engine.lost())?;
        answered.await.map_err(|_| self.engine.lost())?
    }

    async fn read_log(&self, team: TeamId, from: u64, limit: usize) -> Result<Vec<LogEntry>, StoreError> {
        let engine = Arc::clone(&self.engine);
        let read = tokio::task::spawn_blocking(move || engine.log(&team, from, limit));
        read.await.map_err(|_| StoreError::Closed)?
    }
}

fn spawn(dir: &Path, name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    let builder = thread::Builder::new().name(name.to_owned());
    builder.spawn(run).map_err(|error| Trouble::from(error).in_dir(dir))
}

impl Store for SledStore {
    fn teams(&self) -> StoreFuture<'_, Vec<TeamHead>> {
        Box::pin(async { Ok(self.engine.state().iter().map(|(id, team)| team.head(id)).collect()) })
    }

    fn load<'a>(&'a self, team: &'a TeamId) -> StoreFuture<'a, Option<TeamSnapshot>> {
        Box::pin(async move {
            let snapshot = self.engine.state().get(team).map(|kept| kept.snapshot(team)).transpose();
            snapshot.map_err(|trouble| trouble.in_dir(self.engine.dir()))
        })
    }

    fn commit(&self, commit: Commit) -> StoreFuture<'_, Committed, CommitError> {
        Box::pin(self.commit_and_wait(commit))
    }

    fn log<'a>(&'a self, team: &'a TeamId, from: u64, limit: usize) -> StoreFuture<'a, Vec<LogEntry>> {
        Box::pin(self.read_log(team.clone(), from, limit))
    }

    fn applied<'a>(&'a self, team: &'a TeamId, request_id: Uuid) -> StoreFuture<'a, Option<(u64, Fingerprint)>> {
        let (engine, team) = (Arc::clone(&self.engine), team.clone());
        Box::pin(async move {
            let read = tokio::task::spawn_blocking(move || {
                let revision = engine.state().get(&team).map_or(0, |team| team.head.revision);
                let known = trouble::guarded(|| engine.request(&team, &request_id, revision));
                known.map_err(|trouble| trouble.in_dir(engine.dir()))
            });
            let known = read.await.map_err(|_| StoreError::Closed)??;
            Ok(known.map(|known| (known.revision, known.fingerprint)))
        })
    }

    fn watch(&self) -> broadcast::Receiver<TeamChanged> {
        self.engine.changed.subscribe()
    }

    fn ready(&self) -> Result<(), StoreError> {
        self.engine.ready()
    }
}

impl fmt::Debug for SledStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SledStore").field("dir", &self.engine.dir()).finish_non_exhaustive()
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        drop(self.queue.take());
        // A writer that waits for a dead disk would wait for ever; the process may end without it.
        let writer = self.writer.take().filter(|_| self.engine.not_stalled().is_ok());
        let joined = writer.map(JoinHandle::join);
        if let Some((stop, watchdog)) = self.watchdog.take() {
            drop(stop);
            // Threads that panicked have said so.
            let _ = watchdog.join();
        }
        drop(joined);
    }
}
