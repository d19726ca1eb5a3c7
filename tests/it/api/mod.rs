//! The gRPC API, called as clients call it.

mod configured;
mod entered;
mod replays;
mod roster_files;
