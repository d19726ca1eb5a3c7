//! The public API as Rust types, generated from `proto/` when the crate is built.
//!
//! The messages and services are documented in the proto files, and reflection serves [`DESCRIPTOR_SET`].

/// Everything below `proto/onduty/v1` and what it imports, as an encoded `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/onduty.binpb"));

#[allow(missing_docs, clippy::all, clippy::pedantic, rustdoc::all)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/public.rs"));
}

#[allow(unused_imports, reason = "there is nothing to name before the first proto file")]
pub use generated::*;
