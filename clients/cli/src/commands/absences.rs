//! off and back: time off and its end.

use onduty::proto::google_type::Interval;
use onduty::proto::v1::{
    ComeBackRequest, EndTimeOffRequest, EraseTimeOffDetailsRequest, EventChoice, ImportTimeOffRequest,
    ListTimeOffRequest, MarkAbsenceRequest, Recurrence, TimeOff, TimeOffEffect, TimeOffKind, event_choice,
};

use super::calendar_file;
use super::confirm::words;
use crate::args::{BackArgs, Choice, Kind, OffAdd, OffArgs, OffCommand, OffEnd, OffErase, OffImport, OffList};
use crate::connect::{call, list, request_id};
use crate::failure::Failure;
use crate::session::Session;
use crate::show;
use crate::spans;
use crate::times::Stated;

/// `onduty off`
pub async fn off(session: &Session, args: OffArgs) -> Result<(), Failure> {
    match args.command {
        OffCommand::Add(args) => add(session, args).await,
        OffCommand::List(args) => list_all(session, args).await,
        OffCommand::Import(args) => import(session, args).await,
        OffCommand::End(args) => end(session, args).await,
        OffCommand::Erase(args) => erase(session, args).await,
    }
}

async fn erase(session: &Session, args: OffErase) -> Result<(), Failure> {
    let request = EraseTimeOffDetailsRequest {
        name: session.child("timeOff", &args.id).await?,
        request_id: request_id(),
        validate_only: args.dry_run,
    };
    let answer = call!(session, time_off.erase_time_off_details, request)?;
    session.answer(&answer, |answer, view| show::erased(answer, args.dry_run, view)).await
}

/// Where somebody travels and it was not said whether they work from there.
const WHERE: &str = "At work from there? Type its zone, such as Asia/Tokyo; away: just Enter.";

async fn add(session: &Session, mut args: OffAdd) -> Result<(), Failure> {
    let open = matches!(args.kind, Kind::Travel) && args.elsewhere.is_none() && !args.soft && !args.hard;
    if open && let Some(zone) = words(WHERE)? {
        args.elsewhere = Some(zone).filter(|zone| !zone.is_empty());
    }
    let open = open && args.elsewhere.is_none();
    let mut time_off = stated(session, &args)?;
    time_off.resident = session.resident(args.resident.as_deref()).await?;
    let request = MarkAbsenceRequest {
        parent: session.team().await?.to_owned(),
        time_off_id: args.id.unwrap_or_default(),
        time_off: Some(time_off),
        horizon_time: None,
        request_id: request_id(),
        validate_only: args.dry_run,
    };
    let answer = call!(session, time_off.mark_absence, request)?;
    session.answer(&answer, |answer, view| show::absence(answer, args.dry_run, view)).await?;
    match open && !session.writes_json() {
        true => session.print("It counts as away. At work from there instead: --elsewhere ZONE.\n"),
        false => Ok(()),
    }
}

/// Returns the time off that the arguments state, without whose it is.
fn stated(session: &Session, args: &OffAdd) -> Result<TimeOff, Failure> {
    let times = &session.times.to_the_minute();
    let from = args.from.as_deref().map(|text| times.read("--from", text)).transpose()?;
    let end = args.to.as_deref().map(|text| times.read_to(text, from)).transpose()?;
    let start = from.unwrap_or(Stated::Instant(times.now));
    let zone = session.stated_zone.as_deref().unwrap_or_default();
    let span = spans::span(times, start, end, zone, args.repeat.is_some());
    let effect = match (&args.elsewhere, args.soft, args.hard) {
        (Some(_), ..) => TimeOffEffect::WorkingElsewhere,
        (None, true, _) => TimeOffEffect::Soft,
        (None, _, true) => TimeOffEffect::Hard,
        (None, ..) => TimeOffEffect::Unspecified,
    };
    Ok(TimeOff {
        span: Some(span),
        kind: kind(args.kind).into(),
        effect: effect.into(),
        elsewhere_zone: args.elsewhere.clone(),
        recurrence: recurrence(session, args)?,
        note: args.note.clone().unwrap_or_default(),
        ..TimeOff::default()
    })
}

fn recurrence(session: &Session, args: &OffAdd) -> Result<Option<Recurrence>, Failure> {
    let Some(rule) = &args.repeat else { return Ok(None) };
    let mut excepted_dates = Vec::new();
    for text in &args.except {
        match session.times.read("--except", text)? {
            Stated::Day(date) => excepted_dates.push(spans::date(date)),
            _ => {
                let hint = "--except takes a date on which it would repeat, such as 2026-12-24";
                return Err(Failure::usage(format!("--except '{text}' is no date"), hint));
            }
        }
    }
    let rule = rule.strip_prefix("RRULE:").unwrap_or(rule).to_owned();
    Ok(Some(Recurrence { rule, excepted_dates }))
}

pub(super) fn kind(kind: Kind) -> TimeOffKind {
    match kind {
        Kind::Sick => TimeOffKind::Sick,
        Kind::Vacation => TimeOffKind::Vacation,
        Kind::Travel => TimeOffKind::Travel,
        Kind::Conference => TimeOffKind::Conference,
        Kind::Focus => TimeOffKind::Focus,
        Kind::PublicHoliday => TimeOffKind::PublicHoliday,
        Kind::Other => TimeOffKind::Other,
    }
}

async fn list_all(session: &Session, args: OffList) -> Result<(), Failure> {
    let now = spans::timestamp(session.times.now);
    let (from, to) = session.times.window(args.from.as_deref(), args.to.as_deref())?;
    let start_time = from.map(spans::timestamp).or((!args.all).then_some(now));
    let end_time = to.map(spans::timestamp);
    let request = ListTimeOffRequest {
        parent: session.team().await?.to_owned(),
        residents: session.children("residents", &args.residents).await?,
        interval: (start_time.is_some() || end_time.is_some()).then_some(Interval { start_time, end_time }),
        ..ListTimeOffRequest::default()
    };
    let answer = list!(session, time_off.list_time_off, request, time_off);
    session.answer(&answer, show::time_off_list).await
}

async fn import(session: &Session, args: OffImport) -> Result<(), Failure> {
    let request = ImportTimeOffRequest {
        calendar: calendar_file::read(&args.file)?.into(),
        resident: session.resident(args.resident.as_deref()).await?,
        calendar_name: args.calendar.unwrap_or_else(|| calendar_file::name(&args.file)),
        kind: args.choice.kind.map(kind).unwrap_or_default().into(),
        events: Some(choice(args.choice)),
        request_id: request_id(),
        validate_only: args.dry_run,
    };
    let told = |failure: Failure| failure.in_file(calendar_file::title(&args.file));
    let answer = call!(session, time_off.import_time_off, request).map_err(told)?;
    session.answer(&answer, |answer, view| show::imported(answer, &request.resident, args.dry_run, view)).await
}

/// Returns which events count.
pub(super) fn choice(args: Choice) -> EventChoice {
    let which = match (args.category, args.title) {
        (Some(category), _) => Some(event_choice::Which::Category(category)),
        (None, Some(title)) => Some(event_choice::Which::Title(title)),
        (None, None) => args.every.then_some(event_choice::Which::Every(true)),
    };
    EventChoice { which, free_too: args.free, tentative_too: args.tentative }
}

async fn end(session: &Session, args: OffEnd) -> Result<(), Failure> {
    let request = EndTimeOffRequest {
        name: session.child("timeOff", &args.id).await?,
        end_time: session.asked(args.at.as_deref())?,
        etag: String::new(),
        request_id: request_id(),
        validate_only: args.dry_run,
    };
    let answer = call!(session, time_off.end_time_off, request)?;
    session.answer(&answer, |answer, view| show::ended(answer, args.dry_run, view)).await
}

/// `onduty back`
pub async fn back(session: &Session, args: BackArgs) -> Result<(), Failure> {
    let request = ComeBackRequest {
        resident: session.resident(args.resident.as_deref()).await?,
        back_time: session.asked(args.at.as_deref())?,
        request_id: request_id(),
        validate_only: args.dry_run,
    };
    let answer = call!(session, time_off.come_back, request)?;
    session.answer(&answer, |answer, view| show::back(answer, &request.resident, args.dry_run, view)).await
}
