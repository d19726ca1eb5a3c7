//! The gRPC API, called as clients call it.

mod bad_input;
mod configured;
mod entered;
mod replays;
mod roster_files;
mod rota;
mod undo;
