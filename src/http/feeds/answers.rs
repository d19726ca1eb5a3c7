//! One calendar as an answer: rendered once for all who ask for it between two changes.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::kept::Place;
use super::{not_found, render};
use crate::http::Http;
use crate::http::encoding::Form;

/// Answers with the whole calendar, with nothing where the caller has it, or as if there were none.
pub(super) async fn answer(http: &Http, place: Place, headers: &HeaderMap, form: Form) -> Response {
    let (state, now) = (http.rosters.state(&place.0), http.rosters.now());
    let slot = http.feeds.slot(&place);
    // Whoever comes while it is being rendered waits for that, and does not render it again.
    let mut kept = slot.lock().await;
    if let Some(known) = kept.as_ref().filter(|known| known.holds(state.snapshot.revision, now)) {
        return known.rendered.answer(headers, form);
    }
    match render::render(http, &state, &place.1, now).await {
        Ok(Some(known)) => {
            let answer = known.rendered.answer(headers, form);
            http.metrics.feed_rendered();
            http.feeds.grown(&place, kept.replace(known).as_ref(), kept.as_ref());
            answer
        }
        Ok(None) => {
            drop(kept);
            http.feeds.forget(&place);
            not_found()
        }
        Err(error) => {
            tracing::error!(team = %place.0, %error, "a feed could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
