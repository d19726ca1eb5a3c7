//! The command line against a whole server whose clock stands still: what people type and read, as snapshots.

mod access;
mod endings;
mod files;
mod history;
mod log;
mod mistakes;
mod objects;
mod outputs;
mod people;
mod story;
mod swaps;
mod transcript;
