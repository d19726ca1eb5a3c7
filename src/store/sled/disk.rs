//! The data directory as files: the lock, the format, what was acknowledged, the room that is left.
//!
//! | in the directory | what it is |
//! |---|---|
//! | `lock` | locked as long as a process has the directory open |
//! | `format` | the number of the format, as text |
//! | `acknowledged` | the number of the last batch that was acknowledged: later than this, nothing may be lost |
//! | `sled/` | sled's files; `sled/db` is the log that holds everything |
//! | `sled.new/`, `sled.old/` | a [rewriting](super::rewrite) that was broken off |
//! | `damaged/` | a copy of `sled/` as it was when damage was found |

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock, statvfs};

use super::trouble::Trouble;
use crate::store::StoreError;

/// The newest format of a data directory that this program knows, and the one that it writes.
///
/// It is raised with each new kind of record, so that an older program says that it is too old, and not that the data
/// is damaged. Format 2 has identity keys, format 3 feeds, format 4 what came with calendars,
/// format 5 swaps, comments on tasks and handoff notes.
pub(super) const FORMAT: u32 = 5;

/// How much room must be left on the disk for a commit to be tried, apart from what it needs itself.
///
/// A full disk in the middle of a write would leave sled unusable until the next start. What it writes beside the
/// commit, as it moves pages, stays well below this.
pub(super) const RESERVE_BYTES: u64 = 16 * 1024 * 1024;

const FORMAT_WORDS: &str = "onduty data directory, format ";

/// Returns where sled's files are.
pub(super) fn sled_dir(dir: &Path) -> PathBuf {
    dir.join("sled")
}

/// Holds the directory for this process until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file would do, but for a process that is just being started and still shares it.
        if let Err(error) = flock(&self.file, FlockOperation::Unlock) {
            tracing::warn!(%error, "the data directory stays locked until this process ends");
        }
    }
}

/// Makes the directory if it is missing, and takes it for this process.
pub(super) fn lock(dir: &Path) -> Result<Lock, StoreError> {
    let unusable = |error: io::Error| match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => StoreError::Unusable {
            dir: dir.to_owned(),
            reason: "it, or a part of its path, is a file; name a directory".to_owned(),
        },
        _ => Trouble::from(error).in_dir(dir),
    };
    create_private_dir(dir).map_err(unusable)?;
    let mut options = OpenOptions::new();
    let file = options.create(true).truncate(false).write(true).open(dir.join("lock")).map_err(unusable)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Lock { file }),
        Err(error) if error == rustix::io::Errno::WOULDBLOCK => Err(StoreError::Locked { dir: dir.to_owned() }),
        Err(error) => Err(unusable(error.into())),
    }
}

/// Makes a directory, unless it is there, for nobody but this user: what is in it is private.
pub(super) fn create_private_dir(dir: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Checks that the directory is in a format that this program knows; marks a new one, and an older one as of this format.
pub(super) fn check_format(dir: &Path) -> Result<(), StoreError> {
    let path = dir.join("format");
    match fs::read_to_string(&path) {
        Ok(text) => match text.strip_prefix(FORMAT_WORDS).and_then(|number| number.trim_end().parse().ok()) {
            Some(FORMAT) => Ok(()),
            // Whatever is in an older one can be in this.
            Some(found) if (1..FORMAT).contains(&found) => mark(dir),
            Some(found) if found > FORMAT => Err(StoreError::NewerFormat { dir: dir.to_owned(), found, known: FORMAT }),
            _ => Err(Trouble::at(b"format", "the file 'format' does not name a known format").in_dir(dir)),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => mark_new(dir),
        Err(error) => Err(Trouble::from(error).in_dir(dir)),
    }
}

fn mark_new(dir: &Path) -> Result<(), StoreError> {
    let foreign = fs::read_dir(dir).map_err(Trouble::from).and_then(|mut entries| {
        entries.try_fold(None, |found, entry| {
            let name = entry?.file_name();
            let ours = name == "lock" || name == "format.new" || name == "lost+found";
            Ok(found.or_else(|| (!ours).then_some(name)))
        })
    });
    if let Some(name) = foreign.map_err(|trouble| trouble.in_dir(dir))? {
        return Err(StoreError::Unusable {
            dir: dir.to_owned(),
            reason: format!(
                "it has no file 'format' but holds '{}', so it is not one of onduty's; name an empty directory",
                name.display()
            ),
        });
    }
    mark(dir)
}

fn mark(dir: &Path) -> Result<(), StoreError> {
    write_whole(dir, "format", format!("{FORMAT_WORDS}{FORMAT}\n").as_bytes())
        .map_err(|error| Trouble::from(error).in_dir(dir))
}

/// Writes a file so that it is there whole or not at all, even after a power failure.
fn write_whole(dir: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let draft = dir.join(format!("{name}.new"));
    let mut file = File::create(&draft)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(draft, dir.join(name))?;
    sync_dir(dir)
}

/// Makes the names in a directory durable.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Returns how many bytes this process may still write to the disk of `dir`.
pub(super) fn free_bytes(dir: &Path) -> io::Result<u64> {
    let stat = statvfs(dir)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// The number of the last batch that was acknowledged, outside sled: sled takes damage at the end of its log for a
/// write that was never finished, and would drop it without a word.
///
/// It is written after the batch is durable and is itself not synced: it may lag, which is harmless, never lead.
#[derive(Debug)]
pub(super) struct Mark {
    file: File,
}

impl Mark {
    /// Opens the mark and returns it with its number; `None` where it cannot be read.
    pub(super) fn open(dir: &Path) -> Result<(Self, Option<u64>), Trouble> {
        let path = dir.join("acknowledged");
        if !path.exists() {
            write_whole(dir, "acknowledged", &Self::content(0))?;
        }
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let mut content = [0; 12];
        let number = match file.read_exact_at(&mut content, 0) {
            Ok(()) => Self::number(&content),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => None,
            Err(error) => return Err(error.into()),
        };
        Ok((Self { file }, number))
    }

    /// Notes that batch `number` was acknowledged.
    pub(super) fn set(&self, number: u64) -> io::Result<()> {
        self.file.write_all_at(&Self::content(number), 0)
    }

    fn content(number: u64) -> [u8; 12] {
        let mut content = [0; 12];
        content[..8].copy_from_slice(&number.to_le_bytes());
        let sum = crc32fast::hash(&content[..8]);
        content[8..].copy_from_slice(&sum.to_le_bytes());
        content
    }

    fn number(content: &[u8; 12]) -> Option<u64> {
        let (number, sum) = content.split_first_chunk::<8>()?;
        (crc32fast::hash(number).to_le_bytes() == sum).then(|| u64::from_le_bytes(*number))
    }
}
