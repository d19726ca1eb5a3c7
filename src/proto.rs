//! The public API `onduty.v1` as Rust types, generated from `proto/`, whose comments document it.

/// The API's messages, clients and servers.
pub mod onduty {
    /// Version 1.
    #[allow(missing_docs, clippy::all, clippy::pedantic)]
    #[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, rustdoc::all)]
    pub mod v1 {
        include!(concat!(env!("OUT_DIR"), "/onduty.v1.rs"));
        include!(concat!(env!("OUT_DIR"), "/onduty.v1.serde.rs"));
    }
}

/// Common types that the API uses.
pub mod google {
    /// Dates, times of day and intervals.
    #[allow(missing_docs, clippy::all, clippy::pedantic)]
    #[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, rustdoc::all)]
    pub mod r#type {
        include!(concat!(env!("OUT_DIR"), "/google.r#type.rs"));
        include!(concat!(env!("OUT_DIR"), "/google.r#type.serde.rs"));
    }
}

pub use google::r#type as google_type;
pub use onduty::v1;

/// Every method of the API by its path, and what its definition says that a caller has to be.
pub const NEEDS: &[(&str, v1::Need)] = include!(concat!(env!("OUT_DIR"), "/needs.rs"));

/// The API's descriptor set with its comments, for reflection.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/onduty.v1.binpb"));
