//! What is served over plain HTTP, always as anyone may see it: calendars, health and metrics.

mod conditional;
mod feeds;
mod health;
pub mod metrics;

use axum::Router;
use axum::routing::get;

use crate::roster::Rosters;
use metrics::Metrics;

/// What the routes need.
#[derive(Clone)]
pub struct Http {
    rosters: Rosters,
    metrics: Metrics,
    feeds: feeds::Feeds,
}

/// Returns the routes.
pub fn routes(rosters: Rosters, metrics: Metrics) -> Router {
    let state = Http { rosters, metrics, feeds: feeds::Feeds::default() };
    Router::new()
        .route("/feeds/{team}/on-duty.ics", get(feeds::team))
        .route("/feeds/{team}/duties/{file}", get(feeds::duty))
        .route("/feeds/{team}/residents/{file}", get(feeds::resident))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .with_state(state)
}
