//! What sled and the file system say, sorted by what follows from it.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::{disk, keys};
use crate::store::StoreError;
use crate::store::record::RecordError;

/// Why something with the directory did not work.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Trouble {
    /// A value, or all of it where there is no key, is not what was written.
    Damage { key: Option<String>, reason: String },
    /// Somebody else has it open.
    Locked,
    /// The disk is full.
    Full,
    /// It cannot be written to.
    ReadOnly(String),
    /// Anything else that the system says.
    System(String),
}

impl Trouble {
    pub(super) fn at(key: &[u8], reason: impl ToString) -> Self {
        Self::Damage { key: Some(keys::readable(key)), reason: reason.to_string() }
    }

    pub(super) fn record(key: &[u8], error: &RecordError) -> Self {
        Self::at(key, error)
    }

    pub(super) fn damage(reason: impl ToString) -> Self {
        Self::Damage { key: None, reason: reason.to_string() }
    }

    /// Returns the reason, for a message that names the directory itself.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Damage { key: None, reason } | Self::ReadOnly(reason) | Self::System(reason) => reason.clone(),
            Self::Damage { key: Some(key), reason } => format!("{key}: {reason}"),
            Self::Locked => "another process uses it".to_owned(),
            Self::Full => "the disk is full".to_owned(),
        }
    }

    /// Returns the error to show, for the data directory `dir`.
    pub(super) fn in_dir(self, dir: &Path) -> StoreError {
        let dir = dir.to_owned();
        match self {
            Self::Damage { key: Some(key), reason } => StoreError::Corrupt { dir, key, reason },
            Self::Damage { key: None, reason } => {
                let way_out = "restore it from a backup, or load an export into an empty directory".to_owned();
                StoreError::Damaged { dir, reason, way_out }
            }
            Self::Locked => StoreError::Locked { dir },
            Self::Full => {
                let free_bytes = disk::free_bytes(&dir).unwrap_or(0);
                StoreError::Full { free_bytes, needed_bytes: disk::RESERVE_BYTES, dir }
            }
            Self::ReadOnly(reason) => StoreError::ReadOnly { dir, reason },
            Self::System(reason) => StoreError::Unusable { dir, reason },
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Self::ReadOnly(error.to_string()),
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData => Self::damage(error),
            // sled has no error of its own for this.
            ErrorKind::Other if error.to_string().contains("could not acquire lock") => Self::Locked,
            _ => Self::System(error.to_string()),
        }
    }
}

impl From<::sled::Error> for Trouble {
    fn from(error: ::sled::Error) -> Self {
        match error {
            ::sled::Error::Io(error) => error.into(),
            other => Self::damage(other),
        }
    }
}

/// Runs `work`, in which sled may panic over a damaged file; a panic is damage.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(Trouble::damage(words(&*panic))))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it cannot be read".to_owned())
}
