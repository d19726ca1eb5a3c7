//! Whether the server is alive, whether it can do its work, and its metrics.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Http;

/// Answers as long as the process does.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Tells whether changes are taken now.
pub(super) async fn readyz(State(http): State<Http>) -> Response {
    match http.rosters.store().ready() {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            // Why, with paths and sizes, is for the operator's log.
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready; see the server's log\n").into_response()
        }
    }
}

/// Prints the metrics in the OpenMetrics text format.
pub(super) async fn metrics(State(http): State<Http>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], http.metrics.text()).into_response()
}
