//! Rewriting a team in a directory that no server uses, so that nothing of what was replaced is left in any file.
//!
//! | step | `sled` | `sled.new` | `sled.old` |
//! |---|---|---|---|
//! | the new data is written, checked and on the disk | old | new | |
//! | the old data is put aside | | new | old |
//! | the new data takes its place | new | | old |
//! | the old data is removed | new | | |
//!
//! Wherever this is broken off, the next opening [goes on or back](recover) and leaves one whole store.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use ::sled::{Batch, Db};
use bytes::Bytes;

use super::check::check;
use super::disk::{self, sled_dir};
use super::keys::{self, Key};
use super::open::{Opened, open, open_sled, wait_until_closed};
use super::piece::{self, Values};
use super::state::{Team, checksum};
use super::trouble::{Trouble, guarded};
use crate::model::{Object, TeamId, TeamSnapshot};
use crate::store::record::{
    Head, Request, StoredChange, decode_log, encode_head, encode_log, encode_object, encode_request,
};
use crate::store::{LogEntry, StoreError};

/// How many bytes are written at once.
const WRITTEN_TOGETHER: usize = 1024 * 1024;

/// What a team is to be instead: the same revisions with other contents.
#[derive(Clone, Debug)]
pub struct Rewritten {
    /// Every object.
    pub objects: Vec<Object>,
    /// Every entry of the log, in order.
    pub log: Vec<LogEntry>,
}

/// What of a rewriting is done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RewriteStep {
    /// The new data is on the disk.
    Written,
    /// The old data is put aside.
    PutAside,
    /// The new data is in its place.
    InPlace,
    /// The old data is gone.
    Removed,
}

/// Writes a team anew as `make` says; `None` leaves everything as it is.
pub(super) fn rewrite(
    dir: &Path,
    team: &TeamId,
    make: impl FnOnce(&TeamSnapshot, &[LogEntry]) -> Option<Rewritten>,
    step: &mut dyn FnMut(RewriteStep) -> io::Result<()>,
) -> Result<(), StoreError> {
    let unusable = |reason: String| StoreError::Unusable { dir: dir.to_owned(), reason };
    if !dir.join("format").is_file() {
        return Err(unusable("it has no data of onduty's; name the directory that ondutyd runs with".to_owned()));
    }
    let _lock = disk::lock(dir)?;
    disk::check_format(dir)?;
    let Opened { db, found, mark } = open(dir)?;
    let Some(kept) = found.state.get(team) else {
        if *team == TeamId::server() {
            // A directory that no server with tokens has run with.
            return Ok(());
        }
        let known = found
            .state
            .keys()
            .filter(|team| **team != TeamId::server())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        return Err(unusable(format!("it has no team '{team}'; its teams are: {known}")));
    };
    let in_dir = |trouble: Trouble| trouble.in_dir(dir);
    let snapshot = kept.snapshot(team).map_err(in_dir)?;
    let log = guarded(|| read_log(&db, team)).map_err(in_dir)?;
    let Some(new) = make(&snapshot, &log) else { return Ok(()) };
    let values = values(team, kept, &new);
    write(dir, db, team, &values, found.sequence).map_err(in_dir)?;
    drop(mark);
    replace(dir, step).map_err(|error| Trouble::from(error).in_dir(dir))
}

fn read_log(db: &Db, team: &TeamId) -> Result<Vec<LogEntry>, Trouble> {
    let values = Values::new(db.range(keys::log(team, 0)..keys::log(team, u64::MAX)));
    let read =
        |(key, value): (Vec<u8>, Vec<u8>)| decode_log(value.into()).map_err(|error| Trouble::record(&key, &error));
    values.map(|value| value.and_then(read)).collect()
}

/// Everything that is kept of a team, by key.
fn values(team: &TeamId, kept: &Team, new: &Rewritten) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut values = Vec::new();
    let mut head = Head { object_count: 0, object_checksum: 0, ..kept.head.clone() };
    for object in &new.objects {
        let (place, record) = (keys::object(team, &object.key()), encode_object(object));
        head.object_checksum ^= checksum(&place, &record);
        head.object_count += 1;
        values.push((place, record));
    }
    let record = |object: &Option<Object>| object.as_ref().map(|object| Bytes::from(encode_object(object)));
    for entry in &new.log {
        let stored = |change: &crate::store::LoggedChange| StoredChange {
            key: change.key.clone(),
            before: record(&change.before),
            after: record(&change.after),
        };
        let (revision, fingerprint) = (entry.revision, entry.fingerprint);
        values.push((keys::log(team, revision), encode_log(entry, entry.changes.iter().map(stored).collect())));
        let request = encode_request(&Request { revision, fingerprint });
        values.push((keys::request(team, &entry.request_id), request));
    }
    values.push((keys::head(team), encode_head(&head)));
    values
}

/// Writes the new data beside the old, closes both, and checks the new.
fn write(dir: &Path, old: Db, team: &TeamId, values: &[(Vec<u8>, Vec<u8>)], sequence: u64) -> Result<(), Trouble> {
    let beside = dir.join("sled.new");
    disk::create_private_dir(&beside)?;
    guarded(|| {
        let new = open_sled(&beside)?;
        let (mut batch, mut bytes) = (Batch::default(), 0);
        let others = Values::new(old.iter()).filter(|value| !value.as_ref().is_ok_and(|(key, _)| is_of(key, team)));
        for value in others.chain(values.iter().cloned().map(Ok)) {
            let (key, value) = value?;
            piece::put(&mut batch, &key, &value, None);
            bytes += key.len() + value.len();
            if bytes >= WRITTEN_TOGETHER {
                new.apply_batch(std::mem::take(&mut batch))?;
                bytes = 0;
            }
        }
        new.apply_batch(batch)?;
        new.flush()?;
        Ok(())
    })?;
    drop(old);
    wait_until_closed(&sled_dir(dir))?;
    wait_until_closed(&beside)?;
    guarded(|| check(&*open_sled(&beside)?, sequence))?;
    wait_until_closed(&beside)?;
    sync_all(&beside)?;
    Ok(disk::sync_dir(dir)?)
}

fn is_of(key: &[u8], team: &TeamId) -> bool {
    match keys::parse(key) {
        Some(Key::Head(of) | Key::Object(of, _) | Key::Log(of, _) | Key::Request(of, _)) => of == *team,
        Some(Key::Sequence) | None => false,
    }
}

/// Puts everything below a directory on the disk.
fn sync_all(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_all(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
        }
    }
    disk::sync_dir(dir)
}

/// Lets the new data take the place of the old, and removes that.
fn replace(dir: &Path, step: &mut dyn FnMut(RewriteStep) -> io::Result<()>) -> io::Result<()> {
    step(RewriteStep::Written)?;
    fs::rename(sled_dir(dir), dir.join("sled.old"))?;
    disk::sync_dir(dir)?;
    step(RewriteStep::PutAside)?;
    fs::rename(dir.join("sled.new"), sled_dir(dir))?;
    disk::sync_dir(dir)?;
    step(RewriteStep::InPlace)?;
    recover(dir)?;
    step(RewriteStep::Removed)
}

/// Ends a rewriting that was broken off: new data that is whole takes its place, and what is left over goes.
///
/// Old data is put aside only once the new is whole. A copy of damaged data is as old as what was put aside.
pub(super) fn recover(dir: &Path) -> io::Result<()> {
    let (present, new, old) = (sled_dir(dir), dir.join("sled.new"), dir.join("sled.old"));
    if !new.exists() && !old.exists() {
        return Ok(());
    }
    if !present.exists() && old.exists() {
        fs::rename(if new.exists() { &new } else { &old }, &present)?;
        disk::sync_dir(dir)?;
    }
    let damaged = dir.join("damaged");
    let copies = old.exists().then_some(&damaged);
    for left_over in copies.into_iter().chain([&new, &old]).filter(|path| path.exists()) {
        fs::remove_dir_all(left_over)?;
    }
    disk::sync_dir(dir)
}
