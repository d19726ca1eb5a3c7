//! A calendar rendered whole: which events are in it, what it is called, until when it stays the same.

use super::events::{away, event};
use super::kept::Known;
use super::rendered::{Rendered, Stamp};
use crate::access::{AwayDays, CalendarTeam, Published};
use crate::civil::{Day, Instant, Interval, Wall};
use crate::http::Http;
use crate::ical::{Event, Feed};
use crate::model::{DutyId, FeedContent, FeedScope, FeedView, Meta, TeamId, TeamSnapshot, Versions};
use crate::roster::{Refusal, TeamState};

const DAY_SECONDS: i64 = 86_400;

/// Tells whether anyone may see the calendars of a team.
pub(super) fn is_public(http: &Http, state: &TeamState) -> bool {
    let seen = CalendarTeam::of(&state.snapshot, http.rosters.now(), http.rosters.rules());
    seen.is_some_and(CalendarTeam::is_public)
}

/// Renders a calendar; `None` where its team, or what it is of, is not there.
pub(super) async fn render(
    http: &Http,
    state: &TeamState,
    view: &FeedView,
    now: Instant,
) -> Result<Option<Known>, Refusal> {
    let snapshot = &state.snapshot;
    let Some(team) = CalendarTeam::of(snapshot, now, http.rosters.rules()) else { return Ok(None) };
    // The window rolls at midnight UTC, so that a calendar changes by itself once a day at most.
    let today = Instant::from_seconds(now.seconds().div_euclid(DAY_SECONDS) * DAY_SECONDS);
    let midnight = today.plus(DAY_SECONDS);
    let (past, future) = (i64::from(view.past_days), i64::from(view.future_days));
    let window = Interval::new(today.plus(-past * DAY_SECONDS), today.plus(future * DAY_SECONDS));
    let Some((window, parts)) = window.zip(parts(snapshot, team, view)) else { return Ok(None) };
    let (events, changed) = if view.content == FeedContent::TimeOff {
        (away_events(team, view, window, midnight)?, state.changed())
    } else {
        let log = http.feeds.log(http, snapshot, view.content, now).await?;
        let seen = |published: &Published| published.interval.overlaps(window) && is_of(published, &view.scope);
        let events = parts.iter().flat_map(|part| log.events(part)).filter(|(published, _)| seen(published));
        let changed = parts.iter().filter_map(|part| log.modified(part)).fold(Instant::from_seconds(0), Instant::max);
        (events.map(|(published, stamps)| event(team, view, published, stamps)).collect(), changed)
    };
    let feed = Feed { name: name(team, view), description: String::new(), events };
    let (text, left_out) = feed.render();
    for error in &left_out {
        tracing::warn!(team = %snapshot.id, %error, "an event was left out of a feed");
    }
    http.metrics.feed_events_left_out(left_out.len());
    let etag = format!("\"{}\"", &blake3::hash(text.as_bytes()).to_hex()[..32]);
    let modified = today.max(settled(snapshot, now)).max(changed.min(now));
    let rendered = Rendered::new(text, Stamp::new(etag, modified), file_name(&snapshot.id, view));
    let until = snapshot.next_version(now).map_or(midnight, |planned| planned.min(midnight));
    let known = |during| Known { revision: snapshot.revision, during, rendered };
    Ok(Interval::new(now, until).map(known))
}

/// What of the log a calendar shows; `None` where there is no such subject.
fn parts(snapshot: &TeamSnapshot, team: CalendarTeam<'_>, view: &FeedView) -> Option<Vec<Option<DutyId>>> {
    let of_duties = !matches!(view.content, FeedContent::TimeOff | FeedContent::TasksDue);
    let duties = match &view.scope {
        FeedScope::Duty(id) => snapshot.duties.contains_key(id).then(|| vec![id.clone()])?,
        FeedScope::Resident(id) => {
            snapshot.residents.contains_key(id).then(|| snapshot.duties.keys().cloned().collect())?
        }
        FeedScope::Team => {
            let in_feed = |id: &&DutyId| team.duty(id).is_some_and(|(_, in_feed)| in_feed);
            snapshot.duties.keys().filter(in_feed).cloned().collect()
        }
    };
    Some(if of_duties { duties.into_iter().map(Some).collect() } else { vec![None] })
}

/// Whether something is in the calendar of that scope. Gaps are nobody's.
fn is_of(published: &Published, scope: &FeedScope) -> bool {
    match scope {
        FeedScope::Team => true,
        FeedScope::Duty(id) => published.duty.as_ref() == Some(id),
        FeedScope::Resident(id) => published.residents.contains(id),
    }
}

/// Who is away on which days. What has no end goes on through the day that ends with the UTC day.
fn away_events(
    team: CalendarTeam<'_>,
    view: &FeedView,
    window: Interval,
    midnight: Instant,
) -> Result<Vec<Event>, Refusal> {
    let day = |at: Instant| Wall::from_seconds(at.seconds()).day();
    let (from, until) = (day(window.start()), day(window.end()));
    let seen = |days: &AwayDays| {
        let of = match &view.scope {
            FeedScope::Resident(id) => days.resident == *id,
            FeedScope::Team | FeedScope::Duty(_) => true,
        };
        of && Day::from(days.first) < until && Day::from(days.last) >= from
    };
    let days = team.away_days(midnight.plus(-1))?;
    Ok(days.into_iter().filter(seen).map(|days| away(&days, midnight.plus(-DAY_SECONDS))).collect())
}

/// When anything was last stated, or came into effect, of what a calendar is called and which duties are in it.
fn settled(team: &TeamSnapshot, now: Instant) -> Instant {
    fn of<T>(meta: &Meta, versions: &Versions<T>, now: Instant) -> Instant {
        let begun = versions.list().iter().map(|version| version.from).filter(|from| *from <= now);
        begun.fold(meta.update_time, Instant::max)
    }
    let settings = team.team.iter().map(|team| of(&team.meta, &team.versions, now));
    let residents = team.residents.values().map(|resident| of(&resident.meta, &resident.versions, now));
    let duties = team.duties.values().map(|duty| of(&duty.meta, &duty.versions, now));
    settings.chain(residents).chain(duties).fold(Instant::from_seconds(0), Instant::max)
}

/// What the calendar is called.
fn name(team: CalendarTeam<'_>, view: &FeedView) -> String {
    let what = match view.content {
        FeedContent::OnDuty => "on duty",
        FeedContent::Standby => "on standby",
        FeedContent::Handoffs => "handoffs",
        FeedContent::Gaps => "gaps",
        FeedContent::TimeOff => "away",
        FeedContent::TasksDue => "tasks due",
    };
    let of = team.display_name();
    match &view.scope {
        FeedScope::Team => format!("{of} {what}"),
        FeedScope::Duty(id) => {
            let title = team.duty(id).map_or(id.as_str(), |(title, _)| title);
            match view.content {
                FeedContent::OnDuty => format!("{title} ({of})"),
                _ => format!("{title} {what} ({of})"),
            }
        }
        FeedScope::Resident(id) => format!("{} {what} ({of})", team.resident(id).unwrap_or(id.as_str())),
    }
}

fn file_name(team: &TeamId, view: &FeedView) -> String {
    let of = match &view.scope {
        FeedScope::Team => return format!("{team}-{}.ics", view.content.word()),
        FeedScope::Duty(id) => id.as_str(),
        FeedScope::Resident(id) => id.as_str(),
    };
    match view.content {
        FeedContent::OnDuty => format!("{team}-{of}.ics"),
        content => format!("{team}-{of}-{}.ics", content.word()),
    }
}
