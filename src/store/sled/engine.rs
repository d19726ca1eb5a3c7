//! An open directory: sled and what goes with it, shared by the writer, the watchdog and the readers.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::broadcast;
use uuid::Uuid;

use super::disk::{self, Lock, Mark, sled_dir};
use super::open::{Opened, open};
use super::piece::{self, Values};
use super::state::State;
use super::trouble::{Trouble, guarded};
use super::{SledOptions, keys};
use crate::model::TeamId;
use crate::store::memory::WATCH_CAPACITY;
use crate::store::record::{Request, decode_log, decode_request};
use crate::store::{LogEntry, StoreError, TeamChanged};

/// An open data directory.
pub(super) struct Engine {
    // Dropped in this order: the directory is unlocked when sled has closed its files.
    db: ::sled::Db,
    file: File,
    mark: Mark,
    _lock: Lock,
    dir: PathBuf,
    options: SledOptions,
    state: RwLock<State>,
    refused: OnceLock<String>,
    syncs: AtomicU64,
    stalled_seconds: AtomicU32,
    pub(super) changed: broadcast::Sender<TeamChanged>,
}

impl Engine {
    /// Locks, opens and checks `dir`; returns it with the number of the last batch in it.
    pub(super) fn open(dir: &Path, options: SledOptions) -> Result<(Self, u64), StoreError> {
        let lock = disk::lock(dir)?;
        disk::check_format(dir)?;
        let Opened { db, found, mark } = open(dir)?;
        let file = File::open(sled_dir(dir).join("db")).map_err(|error| Trouble::from(error).in_dir(dir))?;
        let engine = Self {
            db,
            file,
            mark,
            _lock: lock,
            dir: dir.to_owned(),
            options,
            state: RwLock::new(found.state),
            refused: OnceLock::new(),
            syncs: AtomicU64::new(0),
            stalled_seconds: AtomicU32::new(0),
            changed: broadcast::channel(WATCH_CAPACITY).0,
        };
        Ok((engine, found.sequence))
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn tree(&self) -> &::sled::Tree {
        &self.db
    }

    pub(super) fn state(&self) -> RwLockReadGuard<'_, State> {
        // Only whole batches are written to it, by a function that cannot fail.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether a commit would be taken.
    pub(super) fn ready(&self) -> Result<(), StoreError> {
        self.not_stalled()?;
        self.not_refused()
    }

    /// Tells whether the disk answers.
    pub(super) fn not_stalled(&self) -> Result<(), StoreError> {
        match self.stalled_seconds.load(Ordering::Relaxed) {
            0 => Ok(()),
            seconds => Err(StoreError::Stalled { dir: self.dir.clone(), seconds }),
        }
    }

    /// Tells whether no write has failed.
    pub(super) fn not_refused(&self) -> Result<(), StoreError> {
        match self.refused.get() {
            None => Ok(()),
            Some(reason) => Err(StoreError::WritesRefused { dir: self.dir.clone(), reason: reason.clone() }),
        }
    }

    /// Refuses every further write: what sled has in memory is no longer what is on the disk.
    ///
    /// Returns the error for a commit that was being written.
    pub(super) fn refuse(&self, trouble: &Trouble) -> StoreError {
        let (dir, reason) = (self.dir.clone(), trouble.reason());
        // The first reason is the one that counts.
        if self.refused.set(reason.clone()).is_ok() {
            tracing::error!(dir = %dir.display(), reason, "a write failed; nothing more is written until a restart");
        }
        StoreError::Unsettled { dir, reason }
    }

    /// Refuses every further write, and returns the error for a commit of which nothing was written yet.
    pub(super) fn refuse_after(&self, trouble: &Trouble) -> StoreError {
        match self.refuse(trouble) {
            StoreError::Unsettled { dir, reason } => StoreError::WritesRefused { dir, reason },
            other => other,
        }
    }

    /// Refuses every further write if sled has failed on its own, as it moved pages.
    pub(super) fn notice_failure(&self) {
        if let Err(error) = self.db.context.global_error() {
            self.refuse(&error.into());
        }
    }

    /// Returns what a commit is answered whose answer was lost.
    pub(super) fn lost(&self) -> StoreError {
        match self.refused.get() {
            Some(reason) => StoreError::Unsettled { dir: self.dir.clone(), reason: reason.clone() },
            None => StoreError::Closed,
        }
    }

    /// Checks that there is room for `bytes` and for what sled writes beside them.
    pub(super) fn check_room(&self, bytes: usize) -> Result<(), StoreError> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        // sled writes a whole leaf now and then, and what it splits twice.
        let needed_bytes = self.options.reserve_bytes.saturating_add(bytes.saturating_mul(4));
        match disk::free_bytes(&self.dir) {
            Ok(free_bytes) if free_bytes < needed_bytes && self.options.reserve_bytes > 0 => {
                Err(StoreError::Full { dir: self.dir.clone(), free_bytes, needed_bytes })
            }
            Ok(_) => Ok(()),
            Err(error) => Err(Trouble::from(error).in_dir(&self.dir)),
        }
    }

    /// Writes `batch`, all of it or nothing, and returns when it is on the disk and noted as `number`.
    pub(super) fn write(&self, batch: ::sled::Batch, number: u64) -> Result<(), Trouble> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        let written = guarded(|| {
            self.db.apply_batch(batch)?;
            // sled's flush hands the bytes to the disk, which may keep them in its cache: only the sync is the end.
            self.db.flush()?;
            self.file.sync_data()?;
            self.mark.set(number)?;
            Ok(())
        });
        self.syncs.fetch_add(1, Ordering::Relaxed);
        written
    }

    /// Returns an odd number while a batch is being written, another one for each.
    pub(super) fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::Relaxed)
    }

    pub(super) fn set_stalled(&self, seconds: u32) {
        self.stalled_seconds.store(seconds, Ordering::Relaxed);
    }

    /// Wakes a flush that sleeps although a write of sled's has failed.
    ///
    /// sled notes such a failure without waking whoever waits for the write; every other flush wakes them.
    pub(super) fn wake_failed_flush(&self) {
        if self.db.context.global_error().is_err() {
            // It fails, with the error that the sleeper then returns.
            let _ = guarded(|| Ok(self.db.flush()?));
        }
    }

    /// Returns what became of a request, if it made a revision up to `revision`.
    pub(super) fn request(&self, team: &TeamId, id: &Uuid, revision: u64) -> Result<Option<Request>, Trouble> {
        if revision == 0 {
            return Ok(None);
        }
        let key = keys::request(team, id);
        let value = piece::get(self.tree(), &key)?;
        let known = value.map(|value| decode_request(&value)).transpose();
        let known = known.map_err(|error| Trouble::record(&key, &error))?;
        // A later revision is one that was written and never acknowledged.
        Ok(known.filter(|known| known.revision <= revision))
    }

    /// Reads a team's log.
    pub(super) fn log(&self, team: &TeamId, from: u64, limit: usize) -> Result<Vec<LogEntry>, StoreError> {
        let last = self.state().get(team).map_or(0, |team| team.head.revision);
        // What is not acknowledged may be there already, and is not read.
        let range = keys::log(team, from)..keys::log(team, last.saturating_add(1));
        if from > last {
            return Ok(Vec::new());
        }
        let entries = guarded(|| {
            let values = Values::new(self.db.range(range)).take(limit);
            let entry = |(key, value): (Vec<u8>, Vec<u8>)| {
                decode_log(value.into()).map_err(|error| Trouble::record(&key, &error))
            };
            values.map(|value| value.and_then(entry)).collect()
        });
        // Where a write has failed, sled may be unable to read what that write had begun to change.
        entries.map_err(|trouble| self.not_refused().err().unwrap_or_else(|| trouble.in_dir(&self.dir)))
    }
}
