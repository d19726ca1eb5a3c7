//! The integration tests: one binary, a module for each subject.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod api;
mod cli;
mod clients;
mod privacy;
mod readme;
mod roster_file;
mod rules;
mod server;
mod store;
mod support;
mod tidy;
mod zones;
