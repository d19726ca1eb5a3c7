//! `ondutyd`, the server.

fn main() {}
