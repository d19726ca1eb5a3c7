//! What several tests need.

pub mod server;
pub mod tools;
