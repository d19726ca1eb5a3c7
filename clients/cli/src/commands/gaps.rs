//! gaps: list them, accept one, reopen one; and find one by the beginning of its id.

use std::process::ExitCode;

use onduty::proto::google_type::Interval;
use onduty::proto::v1::{
    AcceptGapRequest, Gap, ListGapsRequest, ListGapsResponse, ListTasksRequest, ListTasksResponse, ReopenGapRequest,
    Task,
};

use crate::args::{GapsAccept, GapsArgs, GapsCommand, GapsReopen};
use crate::connect::{call, list, request_id};
use crate::failure::Failure;
use crate::gap_ids::{self, Match};
use crate::names;
use crate::session::{Session, interval};
use crate::show;
use crate::spans;

/// How many days are listed where no end is stated.
const DAYS_DEFAULT: i32 = 30;
/// Where a gap is looked for by its id: as many days before and after now. Together they are the most that may be asked.
const DAYS_BEFORE: i32 = 35;
const DAYS_AFTER: i32 = 365;
/// Exit code of `gaps --fail` where a gap is not accepted.
const EXIT_GAPS: u8 = 3;

/// `onduty gaps`
pub async fn run(session: &Session, args: GapsArgs) -> Result<ExitCode, Failure> {
    if args.command.is_some() && args.states_a_list() {
        let message = "--from, --to, --duty, --open and --fail are for the list of gaps";
        return Err(Failure::usage(message, "leave them out: the gap's id says which gap it is"));
    }
    match args.command {
        Some(GapsCommand::Accept(args)) => accept(session, args).await.map(|()| ExitCode::SUCCESS),
        Some(GapsCommand::Reopen(args)) => reopen(session, args).await.map(|()| ExitCode::SUCCESS),
        None => gaps(session, args).await,
    }
}

async fn gaps(session: &Session, args: GapsArgs) -> Result<ExitCode, Failure> {
    let window = session.window(&args.window, DAYS_DEFAULT)?;
    let request = ListGapsRequest {
        parent: session.team().await?.to_owned(),
        duties: session.children("duties", &args.duties).await?,
        interval: interval(window),
        open_only: args.open,
        ..ListGapsRequest::default()
    };
    let answer: ListGapsResponse = list!(session, on_duty.list_gaps, request, gaps);
    // How tasks stand is as of now.
    let is_about_now = (window.0..window.1).contains(&session.times.now);
    let tasks = if is_about_now { in_danger(session, &args.duties).await } else { Vec::new() };
    session.answer(&answer, |answer, view| show::gaps(answer, window, view) + &show::in_danger(&tasks, view)).await?;
    let open = answer.gaps.iter().any(|gap| !gap.accepted);
    Ok(if args.fail && open { ExitCode::from(EXIT_GAPS) } else { ExitCode::SUCCESS })
}

/// Returns the tasks in danger, as far as the caller may see them: who may not is told of none, and of no error.
async fn in_danger(session: &Session, duties: &[String]) -> Vec<Task> {
    if session.writes_json() || !session.connection.shows_token() {
        return Vec::new();
    }
    read_in_danger(session, duties).await.map(|answer| answer.tasks).unwrap_or_default()
}

async fn read_in_danger(session: &Session, duties: &[String]) -> Result<ListTasksResponse, Failure> {
    let request = ListTasksRequest {
        parent: session.team().await?.to_owned(),
        duties: session.children("duties", duties).await?,
        in_danger: true,
        ..ListTasksRequest::default()
    };
    Ok(list!(session, tasks.list_tasks, request, tasks))
}

async fn accept(session: &Session, args: GapsAccept) -> Result<(), Failure> {
    let until = args.until.as_deref().map(|text| session.times.end("--until", text)).transpose()?;
    let until_time = until.map(spans::timestamp);
    let gap = find(session, &args.gap).await?;
    let request = AcceptGapRequest {
        parent: session.team().await?.to_owned(),
        gap_id: gap.id,
        interval: gap.interval,
        reason: args.reason,
        until_time,
        request_id: request_id(),
        validate_only: args.dry_run,
    };
    let answer = call!(session, on_duty.accept_gap, request)?;
    session.answer(&answer, |answer, view| show::accepted_gap(answer, args.dry_run, view)).await
}

async fn reopen(session: &Session, args: GapsReopen) -> Result<(), Failure> {
    // What was accepted may be no gap any more: a whole id is taken as it is.
    let gap_id = match uuid::Uuid::try_parse(&args.gap) {
        Ok(id) => id.to_string(),
        Err(_) => find(session, &args.gap).await?.id,
    };
    let request = ReopenGapRequest {
        parent: session.team().await?.to_owned(),
        gap_id,
        request_id: request_id(),
        validate_only: args.dry_run,
    };
    let answer = call!(session, on_duty.reopen_gap, request)?;
    session.answer(&answer, |answer, view| show::reopened_gap(answer, args.dry_run, view)).await
}

/// Returns the gap that a text means.
///
/// # Errors
///
/// [`Failure::Usage`] where it can be no gap's id, [`Failure::Refused`] where it means none or several.
pub async fn find(session: &Session, text: &str) -> Result<Gap, Failure> {
    if !gap_ids::is_prefix(text) {
        let hint = "ids are in the first column of `onduty gaps`; 4 characters or more are enough";
        return Err(Failure::usage(format!("'{text}' is no gap's id"), hint));
    }
    let now = session.times.now;
    let around = (session.times.days_after(now, -DAYS_BEFORE), session.times.days_after(now, DAYS_AFTER));
    let request = ListGapsRequest {
        parent: session.team().await?.to_owned(),
        interval: limited(around),
        ..ListGapsRequest::default()
    };
    let answer = list!(session, on_duty.list_gaps, request, gaps);
    match gap_ids::find(text, answer.gaps, |gap| &gap.id) {
        Match::One(gap) => Ok(gap),
        Match::None => {
            let hint = "it may be filled by now; `onduty gaps --to +365d` lists what is open";
            Err(Failure::refused(format!("there is no gap {text}"), hint))
        }
        Match::Several(ids) => {
            let message = format!("several gaps begin with {text}: {}", ids.join(", "));
            Err(Failure::refused(message, "give more of the id"))
        }
    }
}

/// Returns a window as an interval of at most 400 days of 24 hours, which a clock change may exceed by an hour.
fn limited(window: (onduty::civil::Instant, onduty::civil::Instant)) -> Option<Interval> {
    let end = window.0.plus(i64::from(DAYS_BEFORE + DAYS_AFTER) * 86_400).min(window.1);
    interval((window.0, end))
}

/// Returns the gaps of a duty in a time, to tell what is left after somebody covers it.
///
/// # Errors
///
/// What the server answers.
pub async fn left(session: &Session, duty: &str, time: Interval) -> Result<ListGapsResponse, Failure> {
    let request = ListGapsRequest {
        parent: names::team_of(duty),
        duties: vec![duty.to_owned()],
        interval: Some(time),
        ..ListGapsRequest::default()
    };
    Ok(list!(session, on_duty.list_gaps, request, gaps))
}
