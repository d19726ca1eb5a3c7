//! Programs of others that call the server, over loopback.

mod calendars;
mod fields;
mod parsers;
mod reflection;
mod subscribers;
mod told;

use std::path::Path;

use crate::support::local::LocalServer;

const NOW: &str = "2026-11-23T13:05:00Z";

fn demo(dir: &Path) -> LocalServer {
    LocalServer::demo(dir, NOW)
}
