//! What tests of several subjects share.

pub mod certificates;
pub mod cli;
pub mod frames;
pub mod grpc;
pub mod http;
pub mod local;
pub mod process;
pub mod same;
pub mod seed;
pub mod server;
pub mod tokens;
pub mod tools;
