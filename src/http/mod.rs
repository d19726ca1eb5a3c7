//! What is served over plain HTTP, always as anyone may see it: calendars, health and metrics.

pub mod client;
mod conditional;
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
}

/// Returns every page: its path, what its callers have to be, and what answers.
pub fn pages(rosters: Rosters, metrics: Metrics) -> Vec<(&'static str, Need, MethodRouter)> {
    let state = Http { rosters, metrics, feeds: feeds::Feeds::default() };
    let page = |path, need, handler: MethodRouter<Http>| (path, need, handler.with_state(state.clone()));
    vec![
        page("/feeds/{team}/on-duty.ics", Need::Reader, get(feeds::team)),
        page("/feeds/{team}/duties/{file}", Need::Reader, get(feeds::duty)),
        page("/feeds/{team}/residents/{file}", Need::Reader, get(feeds::resident)),
        page("/healthz", Need::Anyone, get(health::healthz)),
        page("/readyz", Need::Anyone, get(health::readyz)),
        page("/metrics", Need::Anyone, get(health::metrics)),
    ]
}
