//! Where teams are kept: the contract of a store, its records, and the stores themselves (semantics 9).
//!
//! | module | what it is |
//! |---|---|
//! | [`Store`] | the contract that every store keeps; one conformance suite runs on all of them |
//! | [`MemoryStore`] | keeps nothing beyond the process; for tests and trials |
//! | [`SledStore`] | the default: a directory on a disk, for one process at a time |
//! | [`record`] | what is written: versioned protobufs, apart from the public API |
//!
//! A store knows nothing of what a roster means. It keeps objects and their history, decides which of two racing
//! changes is first, and recognises a request that it has answered before.

mod contract;
mod error;
mod memory;
pub mod record;
mod sled;

pub use contract::{
    ChangeSet, Commit, CommitError, Committed, Fingerprint, LogEntry, LoggedChange, Store, StoreFuture, TeamChanged,
    TeamHead,
};
pub use error::StoreError;
pub use memory::MemoryStore;

pub use sled::{RewriteStep, Rewritten, SledOptions, SledStore};
