//! Counters for operators; none of their labels says anything about a person.

use std::sync::Arc;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// The labels of a gRPC call.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct GrpcCall {
    method: String,
    code: String,
}

/// The labels of an HTTP request.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct HttpRequest {
    route: String,
    status: u16,
}

/// The label of what was turned away.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Refused {
    reason: &'static str,
}

/// Every counter of the server.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    grpc_calls: Family<GrpcCall, Counter>,
    http_requests: Family<HttpRequest, Counter>,
    refused: Family<Refused, Counter>,
    feed_events_left_out: Counter,
    feeds_rendered: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let (grpc_calls, http_requests, feed_events_left_out, refused) =
            (Family::default(), Family::default(), Counter::default(), Family::default());
        let mut registry = Registry::with_prefix("onduty");
        registry.register("grpc_calls", "gRPC calls by method and code", Family::clone(&grpc_calls));
        registry.register("http_requests", "HTTP requests by route and status", Family::clone(&http_requests));
        registry.register("refused", "Calls and requests that were turned away, by reason", Family::clone(&refused));
        let help = "Events that were left out of a feed because something in them was wrong";
        registry.register("feed_events_left_out", help, feed_events_left_out.clone());
        let feeds_rendered = Counter::default();
        registry.register("feeds_rendered", "How often a feed was rendered anew", feeds_rendered.clone());
        let registry = Arc::new(registry);
        Self { registry, grpc_calls, http_requests, refused, feed_events_left_out, feeds_rendered }
    }
}

impl Metrics {
    /// Counts a gRPC call; `code` is its number as text.
    pub fn grpc_call(&self, method: &str, code: &str) {
        self.grpc_calls.get_or_create(&GrpcCall { method: method.to_owned(), code: code.to_owned() }).inc();
    }

    /// Counts an HTTP request; `route` is the pattern, never the path.
    pub fn http_request(&self, route: &str, status: u16) {
        self.http_requests.get_or_create(&HttpRequest { route: route.to_owned(), status }).inc();
    }

    /// Counts what was turned away.
    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&Refused { reason }).inc();
    }

    /// Counts events that were left out of a feed.
    pub fn feed_events_left_out(&self, count: usize) {
        self.feed_events_left_out.inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Counts that a feed was rendered.
    pub fn feed_rendered(&self) {
        self.feeds_rendered.inc();
    }

    /// Returns every counter as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
