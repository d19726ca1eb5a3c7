//! Log lines and the count of calls.

use std::io::IsTerminal as _;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument as _, Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Config, LogFormat};
use crate::http::client::{ClientAddress, Unheard};
use crate::http::metrics::Metrics;

/// The header that names a request, in the answer and in every log line about it.
const REQUEST_ID: &str = "x-request-id";

/// Sends log lines to standard error; a filter that cannot be read is an error.
///
/// # Errors
///
/// What is wrong with the filter, or that log lines are sent somewhere already.
pub fn start(config: &Config) -> Result<(), String> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| format!("'{}' is not a log filter ({error}); use info, debug, or onduty=debug", config.log))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    let open = || filter_fn(|metadata| !tells_what_is_stored(metadata));
    let started = match config.log_format {
        LogFormat::Text => lines.with_target(false).with_ansi(coloured).finish().with(open()).try_init(),
        LogFormat::Json => lines.json().finish().with(open()).try_init(),
    };
    started.map_err(|error| error.to_string())
}

/// Tells whether a log line may have stored bytes in it, whatever the filter asks for: what sled says of its own work
/// names the values that it writes, kinds and notes among them (semantics 8.2).
fn tells_what_is_stored(metadata: &Metadata<'_>) -> bool {
    let of_sled = metadata.target().split("::").next() == Some("sled");
    of_sled && *metadata.level() > Level::INFO
}

/// Names, logs and counts a request. Neither its path's values nor its body are logged.
pub async fn observe(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let id = uuid::Uuid::new_v4().to_string();
    let pattern = request.extensions().get::<MatchedPath>();
    // A page stays a page whatever is said of what is sent to it: of its path the pattern only is told.
    let is_page = pattern.is_some_and(|pattern| !pattern.as_str().contains("{*"));
    let is_grpc = !is_page
        && request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    let route = match pattern {
        Some(pattern) if !is_grpc => pattern.as_str().to_owned(),
        _ if is_grpc => request.uri().path().trim_start_matches('/').to_owned(),
        _ => "none".to_owned(),
    };
    let client = request.extensions().get().map(|ClientAddress(client)| tracing::field::display(*client));
    let span = tracing::info_span!("request", %id);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    // What is answered as HTTP was turned away before it was a call; its path may be anything. So may that of a request
    // which was past a limit.
    let unheard = response.extensions().get::<Unheard>().is_some();
    let (is_grpc, route) = match is_grpc {
        true if response.status() != StatusCode::OK => (false, "none".to_owned()),
        _ if unheard => (is_grpc, "none".to_owned()),
        _ => (is_grpc, route),
    };
    if is_grpc {
        // An error without a body has its code in the headers; a body comes with OK, or with a code in its trailers.
        let code = response.headers().get("grpc-status").and_then(|code| code.to_str().ok()).unwrap_or("0");
        let method = if code == "12" { "unknown" } else { &route };
        metrics.grpc_call(method, code);
        span.in_scope(|| tracing::debug!(method, code, client, "gRPC call"));
    } else {
        metrics.http_request(&route, status);
        span.in_scope(|| tracing::debug!(route, status, client, "HTTP request"));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
