//! delete: what follows is told first, and a person is asked.

use onduty::civil::Instant;
use onduty::proto::google_type::Interval;
use onduty::proto::v1::{
    CheckRosterRequest, DeleteDutyRequest, DeleteHolidaySetRequest, DeleteOverrideRequest, DeleteResidentRequest,
    DeleteTaskRequest, DeleteTeamRequest, DeleteTimeOffRequest, ListDutiesRequest, ListGapsRequest,
    ListHolidaySetsRequest, ListResidentsRequest, ListShiftsRequest, ListTasksRequest, MarkAbsenceRequest, Span,
    TimeOff, TimeOffEffect, TimeOffKind, span,
};
use serde_json::Value;

use super::confirm::confirmed;
use super::objects::{json, name, refuse_time};
use crate::args::{DeleteArgs, Noun};
use crate::connect::{call, list, request_id};
use crate::failure::Failure;
use crate::names;
use crate::session::{Session, interval};
use crate::show::{self, Ending, Outlook};
use crate::spans;

/// How many days are looked at for what follows.
const DAYS: i32 = 30;

/// Writes the request that ends a configured object.
macro_rules! end {
    ($session:expr, $args:expr, $name:expr, $only:expr, $service:ident.$method:ident, $request:ident { $($field:ident: $value:expr),* }) => {
        call!($session, $service.$method, $request {
            name: $name,
            effective_time: $session.at($args.at.as_deref())?,
            correction: $args.correction,
            replace_later: $args.replace_later,
            etag: String::new(),
            request_id: request_id(),
            validate_only: $only,
            $($field: $value),*
        })
        .and_then(|object| json(&object))
    };
}

/// Writes the request that removes an entry.
macro_rules! remove {
    ($session:expr, $name:expr, $only:expr, $service:ident.$method:ident, $request:ident) => {
        call!(
            $session,
            $service.$method,
            $request { name: $name, etag: String::new(), request_id: request_id(), validate_only: $only }
        )
        .map(|_| Value::Object(serde_json::Map::new()))
    };
}

/// `onduty delete`
pub async fn delete(session: &Session, args: DeleteArgs) -> Result<(), Failure> {
    refuse_time(args.noun, args.at.as_deref())?;
    let full = name(session, args.noun, &args.id).await?;
    let configured = args.noun.has_versions();
    if !configured || args.dry_run {
        let answer = send(session, &args, &full, args.dry_run).await?;
        if session.writes_json() {
            return session.json(&answer);
        }
        let end = if configured { ending(session, &args, &full).await? + "\n" } else { String::new() };
        return session.print(&format!("{end}{}\n", verdict(&args, &full)));
    }
    // What the server refuses is not asked about.
    send(session, &args, &full, true).await?;
    if !session.writes_json() {
        session.print(&ending(session, &args, &full).await?)?;
    }
    if !args.yes && !confirmed(&format!("End {}?", show::plain(&full)))? {
        return Err(Failure::refused("nothing was ended", "--yes ends it without a question"));
    }
    let before = outlook(session, &args, &full).await;
    let answer = send(session, &args, &full, false).await?;
    if session.writes_json() {
        return session.json(&answer);
    }
    session.print(&format!("\n{}\n", verdict(&args, &full)))?;
    let (after, view) = (outlook(session, &args, &full).await, session.view().await);
    session.print(&show::new_trouble(before.as_ref(), after.as_ref(), &view))?;
    session.print(&show::way_back(args.at.is_some(), &view))
}

/// Makes the call, or only checks it.
async fn send(session: &Session, args: &DeleteArgs, full: &str, only: bool) -> Result<Value, Failure> {
    let name = full.to_owned();
    match args.noun {
        Noun::Team => end!(session, args, name, only, teams.delete_team, DeleteTeamRequest { force: args.force }),
        Noun::Resident => end!(session, args, name, only, residents.delete_resident, DeleteResidentRequest {}),
        Noun::Duty => end!(session, args, name, only, duties.delete_duty, DeleteDutyRequest {}),
        Noun::HolidaySet => {
            end!(session, args, name, only, holiday_sets.delete_holiday_set, DeleteHolidaySetRequest {})
        }
        Noun::Override => remove!(session, name, only, overrides.delete_override, DeleteOverrideRequest),
        Noun::TimeOff => remove!(session, name, only, time_off.delete_time_off, DeleteTimeOffRequest),
        Noun::Task => remove!(session, name, only, tasks.delete_task, DeleteTaskRequest),
    }
}

/// Says what is done to an object, or would be.
fn verdict(args: &DeleteArgs, full: &str) -> String {
    let verb = match (args.noun.has_versions(), args.dry_run) {
        (true, false) => "Ended",
        (true, true) => "Would end",
        (false, false) => "Removed",
        (false, true) => "Would remove",
    };
    format!("{verb} {}.", show::plain(full))
}

/// Returns from when the object ends and until when what follows is looked at.
fn window(session: &Session, args: &DeleteArgs) -> Result<(Instant, Instant), Failure> {
    let times = &session.times;
    let from = args.at.as_deref().map_or(Ok(times.now), |text| times.start("--at", text))?;
    Ok((from, times.days_after(from, DAYS)))
}

/// Says what follows if a configured object ends.
async fn ending(session: &Session, args: &DeleteArgs, full: &str) -> Result<String, Failure> {
    let window = window(session, args)?;
    let ending = match args.noun {
        Noun::Team => team_ends(session, full).await?,
        Noun::Resident => resident_ends(session, full, window.0).await,
        Noun::Duty => duty_ends(session, full, window).await?,
        _ => holiday_set_ends(session, full).await?,
    };
    Ok(show::ending(full, window.0, &ending, &session.view().await))
}

async fn team_ends(session: &Session, team: &str) -> Result<Ending, Failure> {
    let parent = team.to_owned();
    let request = ListResidentsRequest { parent: parent.clone(), ..ListResidentsRequest::default() };
    let residents = list!(session, residents.list_residents, request, residents).residents.len();
    let request = ListDutiesRequest { parent: parent.clone(), ..ListDutiesRequest::default() };
    let duties = list!(session, duties.list_duties, request, duties).duties.len();
    let request = ListHolidaySetsRequest { parent, ..ListHolidaySetsRequest::default() };
    let sets = list!(session, holiday_sets.list_holiday_sets, request, holiday_sets).holiday_sets.len();
    Ok(Ending::Team { residents, duties, holiday_sets: sets })
}

/// Asks what would follow if somebody were away for good: that is what leaving means for duties and tasks.
async fn resident_ends(session: &Session, resident: &str, from: Instant) -> Ending {
    let away = span::Form::Instants(spans::interval(Some(from), None));
    let request = MarkAbsenceRequest {
        parent: names::team_of(resident),
        time_off_id: "would-be-away".to_owned(),
        time_off: Some(TimeOff {
            resident: resident.to_owned(),
            span: Some(Span { form: Some(away) }),
            kind: TimeOffKind::Other.into(),
            effect: TimeOffEffect::Hard.into(),
            ..TimeOff::default()
        }),
        validate_only: true,
        ..MarkAbsenceRequest::default()
    };
    // Whoever is not there then cannot be away: nothing follows.
    let answer = call!(session, time_off.mark_absence, request);
    Ending::Resident(answer.ok().and_then(|answer| answer.consequences).unwrap_or_default())
}

async fn duty_ends(session: &Session, duty: &str, window: (Instant, Instant)) -> Result<Ending, Failure> {
    let (parent, duties) = (names::team_of(duty), vec![duty.to_owned()]);
    let request = ListShiftsRequest {
        parent: parent.clone(),
        duties: duties.clone(),
        interval: interval(window),
        ..ListShiftsRequest::default()
    };
    let shifts = list!(session, on_duty.list_shifts, request, shifts).shifts;
    let request = ListTasksRequest { parent, duties, ..ListTasksRequest::default() };
    let tasks = list!(session, tasks.list_tasks, request, tasks).tasks.len();
    Ok(Ending::Duty { shifts, tasks })
}

async fn holiday_set_ends(session: &Session, set: &str) -> Result<Ending, Failure> {
    let request = ListResidentsRequest { parent: names::team_of(set), ..ListResidentsRequest::default() };
    let residents = list!(session, residents.list_residents, request, residents).residents.into_iter();
    let of = residents.filter(|resident| {
        resident.holidays.as_ref().is_some_and(|holidays| holidays.holiday_sets.iter().any(|name| name == set))
    });
    Ok(Ending::HolidaySet(of.map(|resident| resident.name).collect()))
}

/// Returns the gaps and the surprises of the time that is looked at; nothing of a team that has ended.
async fn outlook(session: &Session, args: &DeleteArgs, full: &str) -> Option<Outlook> {
    let parent = names::team_of(full);
    let window = window(session, args).ok()?;
    let interval: Option<Interval> = interval(window);
    let look = async || -> Result<Outlook, Failure> {
        let request = ListGapsRequest { parent: parent.clone(), interval, ..ListGapsRequest::default() };
        let gaps = list!(session, on_duty.list_gaps, request, gaps).gaps;
        let request = CheckRosterRequest { name: parent.clone(), interval };
        let findings = call!(session, roster.check_roster, request)?.findings;
        Ok(Outlook { from: window.0, gaps, findings })
    };
    match args.noun {
        Noun::Team => None,
        _ => look().await.ok(),
    }
}
