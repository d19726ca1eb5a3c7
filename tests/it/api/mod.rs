//! The gRPC API, through a client over loopback.

mod entered;
