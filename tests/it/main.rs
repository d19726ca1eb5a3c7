//! The integration tests of onduty, as one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod rules;
mod support;
mod zones;
