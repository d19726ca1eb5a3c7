//! Calendars of public teams: who is on duty, for the team, one duty or one resident.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::Http;
use super::encoding::Form;
use super::rendered::{Rendered, Stamp};
use crate::access::{LONG_SECONDS, PublicShift, PublicTeam};
use crate::civil::{Instant, Interval, Wall, ZoneRules};
use crate::ical::{Event, Feed};
use crate::model::{DutyId, Meta, ResidentId, TeamId, TeamSnapshot, Versions};
use crate::roster::{Refusal, ShiftLog};

const DAY_SECONDS: i64 = 86_400;
/// How far back a feed goes, in days: shifts that are over stay in a calendar for a while.
const PAST_DAYS: i64 = 90;
/// How far ahead the feed of a duty or a resident goes, in days.
const FUTURE_DAYS: i64 = 366;
/// How far ahead the feed of a whole team goes, in days: it has more in it.
const TEAM_FUTURE_DAYS: i64 = 183;
/// How far the log is read beyond what a feed shows, in days: that far a change may move a shift, and its stamps are
/// still the same whichever month they are read in.
const MARGIN_DAYS: i64 = 100;

/// What was found out for feeds before.
#[derive(Clone, Default)]
pub(super) struct Feeds {
    /// What the log said last of each team's shifts, so that only newer entries have to be read.
    logs: Arc<Mutex<BTreeMap<TeamId, Arc<ShiftLog>>>>,
    /// What a subscriber compares of each feed, so that one who has it already is answered without rendering it.
    known: Arc<Mutex<BTreeMap<(TeamId, Subject), Known>>>,
}

/// What a feed was when it was rendered last.
struct Known {
    revision: u64,
    during: Interval,
    stamp: Arc<Stamp>,
}

/// What a feed is of.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Subject {
    Team,
    Duty(DutyId),
    Resident(ResidentId),
}

/// What stands in a path; bytes that are no text name no calendar.
type Segments<T> = Result<Path<T>, PathRejection>;

/// The feed of a whole team.
pub(super) async fn team(State(http): State<Http>, path: Segments<String>, headers: HeaderMap) -> Response {
    let Ok(Path(team)) = path else { return not_found() };
    answer(&http, &team, Some(Subject::Team), &headers).await
}

/// The feed of one duty.
pub(super) async fn duty(State(http): State<Http>, path: Segments<(String, String)>, headers: HeaderMap) -> Response {
    let Ok(Path((team, file))) = path else { return not_found() };
    let id = file.strip_suffix(".ics").and_then(|id| DutyId::new(id).ok());
    answer(&http, &team, id.map(Subject::Duty), &headers).await
}

/// The feed of one resident.
pub(super) async fn resident(
    State(http): State<Http>,
    path: Segments<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let Ok(Path((team, file))) = path else { return not_found() };
    let id = file.strip_suffix(".ics").and_then(|id| ResidentId::new(id).ok());
    answer(&http, &team, id.map(Subject::Resident), &headers).await
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "there is no such calendar\n").into_response()
}

/// Answers with the whole feed, with nothing where the caller has it, or as if there were nothing at all.
async fn answer(http: &Http, team: &str, subject: Option<Subject>, headers: &HeaderMap) -> Response {
    let (Ok(team), Some(subject)) = (TeamId::new(team), subject) else { return not_found() };
    let place = (team, subject);
    let form = Form::wanted(headers, http.gzip);
    let known = http.feeds.stamp(&place, http.rosters.state(&place.0).snapshot.revision, http.rosters.now());
    if let Some(unchanged) = known.and_then(|stamp| stamp.unchanged(headers, form)) {
        return unchanged;
    }
    let (team, subject) = &place;
    match render(http, team, subject).await {
        Ok(Some(rendered)) => rendered.into_response(headers, form),
        Ok(None) => not_found(),
        Err(error) => {
            tracing::error!(%team, %error, "a feed could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn render(http: &Http, team: &TeamId, subject: &Subject) -> Result<Option<Rendered>, Refusal> {
    let rosters = &http.rosters;
    let (state, now) = (rosters.state(team), rosters.now());
    let Some(public) = PublicTeam::of(&state.snapshot, now) else { return Ok(None) };
    // The window rolls at midnight UTC, so that a feed changes by itself once a day at most.
    let today = Instant::from_seconds(now.seconds().div_euclid(DAY_SECONDS) * DAY_SECONDS);
    let future = if matches!(subject, Subject::Team) { TEAM_FUTURE_DAYS } else { FUTURE_DAYS };
    let window = |days: i64| Interval::new(today.plus(-PAST_DAYS * DAY_SECONDS), today.plus(days * DAY_SECONDS));
    let Some((window, seen)) = window(future).zip(window(FUTURE_DAYS + LONG_SECONDS / DAY_SECONDS)) else {
        return Ok(None);
    };
    let Some(duties) = duties(&state.snapshot, public, subject) else { return Ok(None) };
    let log = http.feeds.log(http, &state.snapshot, now).await?;
    let mut feed = Feed { name: name(public, subject), description: String::new(), events: Vec::new() };
    let mut modified = today.max(settled(&state.snapshot, now));
    for duty in duties {
        let timeline = state.timeline(rosters.rules(), &duty, seen, now)?;
        let shifts = public.shifts(&timeline, rosters.rules()).into_iter();
        let shifts = shifts.filter(|shift| shift.interval.overlaps(window));
        let wanted = shifts.filter(|shift| match subject {
            Subject::Resident(id) => shift.resident == *id,
            Subject::Team | Subject::Duty(_) => true,
        });
        feed.events.extend(wanted.filter_map(|shift| event(&log, &shift, public, rosters.rules())));
        modified = modified.max(log.modified(&duty).unwrap_or(modified));
    }
    let (text, left_out) = feed.render();
    for error in &left_out {
        tracing::warn!(%team, %error, "an event was left out of a feed");
    }
    http.metrics.feed_events_left_out(left_out.len());
    let etag = format!("\"{}\"", &blake3::hash(text.as_bytes()).to_hex()[..32]);
    let stamp = Arc::new(Stamp::new(etag, modified));
    let midnight = today.plus(DAY_SECONDS);
    let until = state.snapshot.next_version(now).map_or(midnight, |planned| planned.min(midnight));
    http.feeds.keep((team.clone(), subject.clone()), state.snapshot.revision, Interval::new(now, until), &stamp);
    Ok(Some(Rendered { text, stamp, file_name: file_name(team, subject) }))
}

impl Feeds {
    /// What a subscriber compares of a feed, if that is known for this revision and instant.
    fn stamp(&self, place: &(TeamId, Subject), revision: u64, now: Instant) -> Option<Arc<Stamp>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(place).filter(|known| known.revision == revision && known.during.contains(now))?;
        Some(Arc::clone(&known.stamp))
    }

    fn keep(&self, place: (TeamId, Subject), revision: u64, during: Option<Interval>, stamp: &Arc<Stamp>) {
        let Some(during) = during else { return };
        let known = Known { revision, during, stamp: Arc::clone(stamp) };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(place, known);
    }

    /// What the log says of the team's shifts.
    async fn log(&self, http: &Http, team: &TeamSnapshot, now: Instant) -> Result<Arc<ShiftLog>, Refusal> {
        let (window, revision) = (logged(now), team.revision);
        let known = self.logs.lock().unwrap_or_else(PoisonError::into_inner).get(&team.id).cloned();
        if let Some(known) = &known
            && known.window() == window
            && known.revision() == revision
            && !known.is_behind(now)
        {
            return Ok(Arc::clone(known));
        }
        let known = known.map(Arc::unwrap_or_clone);
        let mut log = http.rosters.shift_log(&team.id, window, revision, known).await?;
        log.advance(now, http.rosters.rules())?;
        let log = Arc::new(log);
        self.logs.lock().unwrap_or_else(PoisonError::into_inner).insert(team.id.clone(), Arc::clone(&log));
        Ok(log)
    }
}

/// The window in which the log is read: the same for a whole month, and wider than every feed in it.
fn logged(now: Instant) -> Interval {
    let today = Wall::from_seconds(now.seconds()).day();
    let first = today.plus(1 - i32::from(today.date().day())).start().seconds();
    let at = |days: i64| Instant::from_seconds(first + days * DAY_SECONDS);
    let (start, end) = (at(-PAST_DAYS - MARGIN_DAYS), at(31 + FUTURE_DAYS + MARGIN_DAYS).plus(LONG_SECONDS));
    Interval::new(start, end).unwrap_or(Interval::ALL)
}

/// The duties of which a feed shows shifts; `None` where there is no such subject.
fn duties(team: &TeamSnapshot, public: PublicTeam<'_>, subject: &Subject) -> Option<Vec<DutyId>> {
    match subject {
        Subject::Duty(id) => team.duties.contains_key(id).then(|| vec![id.clone()]),
        Subject::Resident(id) => team.residents.contains_key(id).then(|| team.duties.keys().cloned().collect()),
        Subject::Team => {
            let in_feed = |id: &&DutyId| public.duty(id).is_some_and(|(_, in_feed, _)| in_feed);
            Some(team.duties.keys().filter(in_feed).cloned().collect())
        }
    }
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

fn name(public: PublicTeam<'_>, subject: &Subject) -> String {
    match subject {
        Subject::Team => format!("{} on duty", public.display_name()),
        Subject::Duty(id) => {
            let title = public.duty(id).map_or(id.as_str(), |(title, ..)| title);
            format!("{title} ({})", public.display_name())
        }
        Subject::Resident(id) => {
            let person = public.person(id).map_or_else(|| id.to_string(), |person| person.display_name);
            format!("{person} on duty ({})", public.display_name())
        }
    }
}

fn file_name(team: &TeamId, subject: &Subject) -> String {
    match subject {
        Subject::Team => format!("{team}-on-duty.ics"),
        Subject::Duty(id) => format!("{team}-{id}.ics"),
        Subject::Resident(id) => format!("{team}-{id}.ics"),
    }
}

fn event(log: &ShiftLog, shift: &PublicShift, public: PublicTeam<'_>, rules: &ZoneRules) -> Option<Event> {
    let stamps = log.stamps(&shift.duty, shift.id)?;
    Some(Event {
        uid: shift.id.0,
        sequence: stamps.sequence,
        created: stamps.created,
        modified: stamps.modified,
        interval: shift.interval,
        summary: format!("{}: {}", shift.title, shift.display_name),
        description: local_times(shift, public, rules),
        category: "DUTY",
    })
}

/// The times on the clock of the team, which a calendar program does not show.
fn local_times(shift: &PublicShift, public: PublicTeam<'_>, rules: &ZoneRules) -> String {
    let Some(zone) = public.zone().and_then(|name| name.zone(rules).ok()) else { return String::new() };
    let shown = |at: Instant| zone.wall(at).date_time().strftime("%a %Y-%m-%d %H:%M").to_string();
    let (start, end) = (shown(shift.interval.start()), shown(shift.interval.end()));
    let part = if shift.is_month { "A month of a longer shift: " } else { "" };
    format!("{part}{start} to {end} in {}", zone.name())
}
