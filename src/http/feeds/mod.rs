//! Calendars: what a team, a duty or a resident has to publish, for whoever subscribes.

mod answers;
mod events;
mod kept;
mod render;
mod rendered;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Http;
use crate::model::{DutyId, FeedContent, FeedScope, FeedView, ResidentId, TeamId};
pub(super) use kept::Feeds;

/// What a public team publishes for anyone: of the whole team, and of one duty or resident the first.
const PUBLIC: [FeedContent; 4] = [FeedContent::OnDuty, FeedContent::Standby, FeedContent::Handoffs, FeedContent::Gaps];

/// What the secrets of feeds begin with.
const SECRET: &str = "onduty_feed_";

/// What stands in a path; bytes that are no text name no calendar.
type Segments<T> = Result<Path<T>, PathRejection>;

/// A calendar of a whole team; or any, where a feed and its secret are named instead.
pub(super) async fn team(State(http): State<Http>, path: Segments<(String, String)>, headers: HeaderMap) -> Response {
    let Ok(Path((team, file))) = path else { return not_found() };
    if let Some(secret) = file.strip_suffix(".ics").filter(|name| name.starts_with(SECRET)) {
        return secret_feed(&http, &team, secret, &headers).await;
    }
    let named = |content: &&FeedContent| file.strip_suffix(".ics") == Some(content.word());
    match PUBLIC.iter().find(named) {
        Some(content) => public(&http, &team, Some((*content, FeedScope::Team)), &headers).await,
        None => not_found(),
    }
}

/// The calendar of one duty.
pub(super) async fn duty(State(http): State<Http>, path: Segments<(String, String)>, headers: HeaderMap) -> Response {
    let Ok(Path((team, file))) = path else { return not_found() };
    let id = file.strip_suffix(".ics").and_then(|id| DutyId::new(id).ok());
    public(&http, &team, id.map(|id| (FeedContent::OnDuty, FeedScope::Duty(id))), &headers).await
}

/// The calendar of one resident.
pub(super) async fn resident(
    State(http): State<Http>,
    path: Segments<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let Ok(Path((team, file))) = path else { return not_found() };
    let id = file.strip_suffix(".ics").and_then(|id| ResidentId::new(id).ok());
    public(&http, &team, id.map(|id| (FeedContent::OnDuty, FeedScope::Resident(id))), &headers).await
}

/// The calendar of a feed: to whoever knows its secret, as often as one may ask.
async fn secret_feed(http: &Http, id: &str, secret: &str, headers: &HeaderMap) -> Response {
    let Some((id, entry)) = http.subscriptions.find(id, secret) else { return not_found() };
    if !(http.admits)(&id) {
        http.metrics.refused("feed_rate");
        let told = "this calendar is fetched too often; come back in a minute\n";
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "60")], told).into_response();
    }
    http.subscriptions.note_use(&id, entry.value.last_used);
    let feed = entry.value;
    answers::answer(http, &http.rosters.state(&feed.team), feed.view, headers).await
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "there is no such calendar\n").into_response()
}

/// Answers with a calendar for anyone, or as if there were none.
async fn public(http: &Http, team: &str, of: Option<(FeedContent, FeedScope)>, headers: &HeaderMap) -> Response {
    let (Ok(team), Some((content, scope))) = (TeamId::new(team), of) else { return not_found() };
    let state = http.rosters.state(&team);
    if !render::is_public(http, &state) {
        return not_found();
    }
    answers::answer(http, &state, FeedView::usual(content, scope), headers).await
}
