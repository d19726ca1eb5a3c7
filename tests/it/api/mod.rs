//! The gRPC API, called as clients call it.

mod configured;
mod entered;
mod roster_files;
