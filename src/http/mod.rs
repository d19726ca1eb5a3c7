//! What is served over plain HTTP, always as anyone may see it: calendars, health and metrics.

pub mod client;
mod conditional;
mod encoding;
mod feeds;
mod health;
pub mod metrics;

use axum::routing::{MethodRouter, get};

use crate::access::Need;
use crate::roster::Rosters;
use metrics::Metrics;

/// What the routes need.
#[derive(Clone)]
pub struct Http {
    rosters: Rosters,
    metrics: Metrics,
    feeds: feeds::Feeds,
    /// Whether calendars are compressed for those who ask for it.
    gzip: bool,
}

/// Returns every page: its path, what its callers have to be, and what answers. With `gzip`, calendars are compressed for
/// whoever asks for it.
pub fn pages(rosters: Rosters, metrics: Metrics, gzip: bool) -> Vec<(&'static str, Need, MethodRouter)> {
    let state = Http { rosters, metrics, feeds: feeds::Feeds::default(), gzip };
    let page = |path, need, handler: MethodRouter<Http>| (path, need, handler.with_state(state.clone()));
    vec![
        page("/feeds/{team}/{file}", Need::Reader, get(feeds::team)),
        page("/feeds/{team}/duties/{file}", Need::Reader, get(feeds::duty)),
        page("/feeds/{team}/residents/{file}", Need::Reader, get(feeds::resident)),
        page("/healthz", Need::Anyone, get(health::healthz)),
        page("/readyz", Need::Anyone, get(health::readyz)),
        page("/metrics", Need::Anyone, get(health::metrics)),
    ]
}
