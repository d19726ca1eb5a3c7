//! Opening sled so that neither a leftover file nor damage goes unnoticed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};

use super::check::{Found, check};
use super::disk::{self, Mark, sled_dir};
use super::rewrite::recover;
use super::trouble::{Trouble, guarded};
use crate::store::StoreError;

/// How much of its own files sled keeps in memory; objects are kept in memory apart from it.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// How often, and after which pause, a lock of a database that is just being closed is tried again.
const LOCK_TRIES: u32 = 200;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// An open and checked database.
pub(super) struct Opened {
    pub(super) db: ::sled::Db,
    pub(super) found: Found,
    pub(super) mark: Mark,
}

/// Opens and checks the database in `dir`, which this process has locked.
///
/// Where that fails and sled keeps a snapshot of its page table, the snapshot may be to blame: the files are copied
/// to `damaged/`, the snapshot is removed and the rest is tried once more. This happens once: as long as there is a
/// `damaged/`, nothing is tried again.
pub(super) fn open(dir: &Path) -> Result<Opened, StoreError> {
    let sled = sled_dir(dir);
    let damaged = dir.join("damaged");
    recover(dir).map_err(|error| Trouble::from(error).in_dir(dir))?;
    let first = prepare(&sled).and_then(|()| attempt(dir));
    let trouble = match first {
        Ok(opened) => return Ok(opened),
        Err(trouble @ Trouble::Damage { .. }) => trouble,
        Err(other) => return Err(other.in_dir(dir)),
    };
    let snapshots = snapshots(&sled).unwrap_or_default();
    if snapshots.is_empty() || damaged.exists() {
        return Err(damaged_error(dir, &trouble, &damaged));
    }
    tracing::warn!(dir = %dir.display(), reason = trouble.reason(), "damage found; trying without sled's snapshot");
    let second = set_aside(&sled, &damaged, &snapshots).map_err(Trouble::from).and_then(|()| attempt(dir));
    match second {
        Ok(opened) => {
            let copy = damaged.display().to_string();
            tracing::warn!(copy, "everything is there and whole without the snapshot; the copy can be removed");
            Ok(opened)
        }
        Err(_) => Err(damaged_error(dir, &trouble, &damaged)),
    }
}

fn damaged_error(dir: &Path, trouble: &Trouble, damaged: &Path) -> StoreError {
    let copy = if damaged.exists() {
        format!("the files as they were found first are in {}; ", damaged.display())
    } else {
        String::new()
    };
    StoreError::Damaged {
        dir: dir.to_owned(),
        reason: trouble.reason(),
        way_out: format!("{copy}restore it from a backup, or load an export into an empty directory"),
    }
}

/// Makes sled's directory, and removes the drafts of snapshots that a killed process left behind.
fn prepare(sled: &Path) -> Result<(), Trouble> {
    disk::create_private_dir(sled)?;
    for entry in fs::read_dir(sled)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "generating") {
            fs::remove_file(&path)?;
            tracing::info!(file = %path.display(), "removed a snapshot that was never finished");
        }
    }
    Ok(())
}

fn snapshots(sled: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(sled)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("snap.") {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Copies sled's files to `damaged` and removes the snapshots from where they were.
fn set_aside(sled: &Path, damaged: &Path, snapshots: &[PathBuf]) -> io::Result<()> {
    let draft = damaged.with_extension("new");
    if draft.exists() {
        fs::remove_dir_all(&draft)?;
    }
    copy_dir(sled, &draft)?;
    fs::rename(&draft, damaged)?;
    snapshots.iter().try_for_each(fs::remove_file)
}

fn copy_dir(from: &Path, to: &Path) -> io::Result<()> {
    disk::create_private_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_dir(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            fs::File::open(&target)?.sync_all()?;
        }
    }
    disk::sync_dir(to)
}

fn attempt(dir: &Path) -> Result<Opened, Trouble> {
    let sled = sled_dir(dir);
    let (mark, acknowledged) = Mark::open(dir)?;
    if acknowledged.is_none() {
        let dir = dir.display().to_string();
        tracing::warn!(
            dir,
            "the file 'acknowledged' is damaged: it cannot be told whether the newest changes are there"
        );
    }
    let (db, found) = guarded(|| {
        let db = open_sled(&sled)?;
        let found = check(&db, acknowledged.unwrap_or(0))?;
        Ok((db, found))
    })?;
    mark.set(found.sequence)?;
    // The names of new files have to be as durable as their content.
    disk::sync_dir(&sled)?;
    disk::sync_dir(dir)?;
    Ok(Opened { db, found, mark })
}

#[expect(
    clippy::disallowed_methods,
    reason = "sled tells nobody when it has closed a database: only trying again does"
)]
pub(super) fn open_sled(sled: &Path) -> Result<::sled::Db, Trouble> {
    // No flusher of sled's own: its flush is no fsync, and ours comes before every answer.
    let config = || ::sled::Config::new().path(sled).cache_capacity(CACHE_BYTES).flush_every_ms(None);
    for _ in 1..LOCK_TRIES {
        match config().open().map_err(Trouble::from) {
            // This process holds the directory's own lock, so this is a database of its own that is not yet closed.
            Err(Trouble::Locked) => thread::sleep(LOCK_PAUSE),
            other => return other,
        }
    }
    Ok(config().open()?)
}

/// Waits until sled has closed a database of this process, for as long as opening waits for it.
#[expect(
    clippy::disallowed_methods,
    reason = "sled tells nobody when it has closed a database: only trying again does"
)]
pub(super) fn wait_until_closed(sled: &Path) -> Result<(), Trouble> {
    let file = fs::File::open(sled.join("db"))?;
    for _ in 0..LOCK_TRIES {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(flock(&file, FlockOperation::Unlock).map_err(io::Error::from)?),
            Err(error) if error == rustix::io::Errno::WOULDBLOCK => thread::sleep(LOCK_PAUSE),
            Err(error) => return Err(io::Error::from(error).into()),
        }
    }
    Err(Trouble::Locked)
}
