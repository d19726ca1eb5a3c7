//! What is served over plain HTTP: calendars, as anyone may see them or for whoever knows their secret; health and
//! metrics.

pub mod client;
mod conditional;
mod encoding;
mod feeds;
mod health;
pub mod metrics;

use std::sync::Arc;

use axum::routing::{MethodRouter, get};

use crate::access::Need;
use crate::model::FeedId;
use crate::roster::{Feeds, Rosters};
use metrics::Metrics;

/// Tells whether a feed may be fetched once more, however often it was a moment ago.
pub type Admits = Arc<dyn Fn(&FeedId) -> bool + Send + Sync>;

/// What the routes need.
#[derive(Clone)]
pub struct Http {
    rosters: Rosters,
    metrics: Metrics,
    feeds: feeds::Feeds,
    /// The feeds that have a secret.
    subscriptions: Feeds,
    /// Whether a feed may be fetched once more.
    admits: Admits,
    /// Whether calendars are compressed for those who ask for it.
    gzip: bool,
}

/// Returns every page: its path, what its callers have to be, and what answers. With `gzip`, calendars are compressed for
/// whoever asks for it.
///
/// Calendars ask for no token and look at none: programs send with each request what was once typed for a host, and give
/// up where that is refused.
pub fn pages(
    rosters: Rosters,
    metrics: Metrics,
    (subscriptions, admits): (Feeds, Admits),
    gzip: bool,
) -> Vec<(&'static str, Option<Need>, MethodRouter)> {
    let state = Http { rosters, metrics, feeds: feeds::Feeds::default(), subscriptions, admits, gzip };
    let page = |path, need, handler: MethodRouter<Http>| (path, need, handler.with_state(state.clone()));
    let anyone = Some(Need::Anyone);
    vec![
        page("/feeds/{team}/{file}", None, get(feeds::team)),
        page("/feeds/{team}/duties/{file}", None, get(feeds::duty)),
        page("/feeds/{team}/residents/{file}", None, get(feeds::resident)),
        page("/healthz", anyone, get(health::healthz)),
        page("/readyz", anyone, get(health::readyz)),
        page("/metrics", anyone, get(health::metrics)),
    ]
}
