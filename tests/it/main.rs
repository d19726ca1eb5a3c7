//! The integration tests, as one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that is surprised says so")]

mod store;
