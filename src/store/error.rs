//! What can go wrong in a store, each with the place and the way out.

use std::path::PathBuf;

/// A store cannot do what was asked. Every message names the directory and says what to do.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum StoreError {
    /// Another process has the directory open.
    #[error("another process uses the data directory {}; stop it first, or give this one a directory of its own", dir.display())]
    Locked {
        /// The data directory.
        dir: PathBuf,
    },
    /// The directory cannot be used as a data directory.
    #[error("cannot use {} as the data directory: {reason}", dir.display())]
    Unusable {
        /// The data directory.
        dir: PathBuf,
        /// What is in the way, and the way out.
        reason: String,
    },
    /// The directory cannot be written to.
    #[error(
        "the data directory {} is read-only: {reason}; make it writable for this user, or mount its disk for writing",
        dir.display()
    )]
    ReadOnly {
        /// The data directory.
        dir: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The directory was written by a newer version of the program.
    #[error(
        "the data directory {} has format {found}, this version knows up to {known}; use the version that wrote it, \
         or a newer one",
        dir.display()
    )]
    NewerFormat {
        /// The data directory.
        dir: PathBuf,
        /// The format found.
        found: u32,
        /// The newest format that this version knows.
        known: u32,
    },
    /// The disk is full, or nearly. Nothing of the change was written.
    #[error(
        "the disk of the data directory {} is full: {free_bytes} bytes are free and {needed_bytes} are needed; nothing \
         was written; free space and try again",
        dir.display()
    )]
    Full {
        /// The data directory.
        dir: PathBuf,
        /// How many bytes are free.
        free_bytes: u64,
        /// How many must be.
        needed_bytes: u64,
    },
    /// One stored value is not what was written.
    #[error(
        "the data directory {} is damaged at {key}: {reason}; nothing was changed; restore it from a backup, or load \
         an export into an empty directory",
        dir.display()
    )]
    Corrupt {
        /// The data directory.
        dir: PathBuf,
        /// The key of the value, readable.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The directory as a whole is damaged.
    #[error("the data directory {} is damaged: {reason}; {way_out}", dir.display())]
    Damaged {
        /// The data directory.
        dir: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        way_out: String,
    },
    /// A write did not end as it should have: the change may be there after a restart, whole, or not at all.
    #[error(
        "writing to the data directory {} failed: {reason}; whether this change is kept shows after a restart: see to \
         the disk, restart, and repeat the request with the same id",
        dir.display()
    )]
    Unsettled {
        /// The data directory.
        dir: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// An earlier write failed, so that no further ones are taken. Nothing of the change was written.
    ///
    /// Teams can still be read; a log may be answered with this error too.
    #[error(
        "an earlier write to the data directory {} failed ({reason}), so nothing more is written; what was \
         acknowledged is kept; see to the disk and restart",
        dir.display()
    )]
    WritesRefused {
        /// The data directory.
        dir: PathBuf,
        /// What failed.
        reason: String,
    },
    /// The disk does not answer. Nothing of the change was written.
    #[error("the disk of the data directory {} has not answered for {seconds} s; see to it and try again", dir.display())]
    Stalled {
        /// The data directory.
        dir: PathBuf,
        /// For how long, about.
        seconds: u32,
    },
    /// The change is larger than a store takes. Nothing of it was written.
    #[error("the change has {bytes} bytes; at most {bytes_max} are taken at once, so make it in parts")]
    TooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        bytes_max: usize,
    },
    /// The store has been closed.
    #[error("the store is closed; the server is shutting down")]
    Closed,
}
