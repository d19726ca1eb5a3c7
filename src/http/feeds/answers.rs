//! One calendar as an answer: rendered once for all who ask for it between two changes.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::{not_found, render};
use crate::http::Http;
use crate::http::encoding::Form;
use crate::model::FeedView;
use crate::roster::TeamState;

/// Answers with the whole calendar, with nothing where the caller has it, or as if there were none.
pub(super) async fn answer(http: &Http, state: &TeamState, view: FeedView, headers: &HeaderMap) -> Response {
    let (now, form) = (http.rosters.now(), Form::wanted(headers, http.gzip));
    let (revision, place) = (state.snapshot.revision, (state.snapshot.id.clone(), view));
    let slot = http.feeds.slot(&place);
    if let Some(known) = slot.known(revision, now) {
        return known.rendered.answer(headers, form);
    }
    // Whoever comes while it is being rendered waits for that, and does not render it again.
    let _turn = slot.rendering.lock().await;
    if let Some(known) = slot.known(revision, now) {
        return known.rendered.answer(headers, form);
    }
    match render::render(http, state, &place.1, now).await {
        Ok(Some(known)) => {
            http.metrics.feed_rendered();
            let known = Arc::new(known);
            http.feeds.grown(&place, slot.keep(Arc::clone(&known)).as_deref(), &known);
            known.rendered.answer(headers, form)
        }
        Ok(None) => {
            http.feeds.forget(&place);
            not_found()
        }
        Err(error) => {
            tracing::error!(team = %place.0, %error, "a feed could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
