//! cover: an override, from a duty and a time or from a gap.

use onduty::civil::Instant;
use onduty::proto::google_type::Interval;
use onduty::proto::v1::{
    CheckRosterRequest, CreateOverrideRequest, Gap, ListDutiesRequest, ListShiftsRequest, Override, RosterFinding,
    RosterFindingKind, Span,
};

use super::gaps;
use crate::args::CoverArgs;
use crate::connect::{call, list, request_id};
use crate::failure::Failure;
use crate::gap_ids;
use crate::names;
use crate::session::Session;
use crate::show;
use crate::spans;
use crate::times::Stated;

/// The longest time that the server answers about: 400 days.
const ANSWERED_SECONDS_MAX: i64 = 400 * 86_400;

/// What is covered: a duty, and the gap that brought it, if one did.
struct Covered {
    duty: String,
    gap: Option<Gap>,
}

/// `onduty cover`
pub async fn run(session: &Session, args: CoverArgs) -> Result<(), Failure> {
    let covered = covered(session, &args.what).await?;
    let team = session.team().await?.to_owned();
    let resident = |id: &String| names::child(&team, "residents", id);
    let request = CreateOverrideRequest {
        override_entry: Some(Override {
            span: Some(span(session, &args, covered.gap.as_ref())?),
            duty: covered.duty,
            by_resident: args.by.as_ref().map(resident),
            for_resident: args.for_resident.as_ref().map(resident),
            ..Override::default()
        }),
        parent: team.clone(),
        override_id: String::new(),
        force: args.force,
        request_id: request_id(),
        validate_only: args.dry_run,
    };
    let answer = call!(session, overrides.create_override, request)?;
    session.answer(&answer, |answer, view| show::recorded_override(answer, args.dry_run, view)).await?;
    if !args.dry_run && !session.writes_json() {
        tell_what_came_of_it(session, &answer).await?;
    }
    Ok(())
}

/// Says if the override does nothing (semantics 4.3), and whether gaps are left in its time.
///
/// # Errors
///
/// What the server answers.
pub async fn tell_what_came_of_it(session: &Session, entry: &Override) -> Result<(), Failure> {
    let (Some(start), Some(end)) = spans::ends(entry.interval.as_ref()) else { return Ok(()) };
    let time = spans::interval(Some(start), Some(end.min(start.plus(ANSWERED_SECONDS_MAX))));
    let request = CheckRosterRequest { name: names::team_of(&entry.name), interval: Some(time) };
    match call!(session, roster.check_roster, request) {
        Ok(checked) => {
            let idle = |finding: &RosterFinding| {
                finding.kind() == RosterFindingKind::IdleOverride && finding.name == entry.name
            };
            if let Some(idle) = checked.findings.iter().find(|finding| idle(finding)) {
                session.print(&show::idle_override(idle, &session.plain_view()))?;
            }
        }
        // Checks are for coordinators; who is there then, everybody can see.
        Err(failure) if failure.is_denied() => tell_if_not_there(session, entry, time).await?,
        Err(failure) => return Err(failure),
    }
    let left = gaps::left(session, &entry.duty, time).await?;
    session.answer(&left, show::filled).await
}

/// Says if the one who covers is at no time of it on duty: somebody else's override, made later, may hold.
async fn tell_if_not_there(session: &Session, entry: &Override, time: Interval) -> Result<(), Failure> {
    let Some(by) = &entry.by_resident else { return Ok(()) };
    let request = ListShiftsRequest {
        parent: names::team_of(&entry.name),
        duties: vec![entry.duty.clone()],
        residents: vec![by.clone()],
        interval: Some(time),
        ..ListShiftsRequest::default()
    };
    let there = list!(session, on_duty.list_shifts, request, shifts).shifts;
    if there.is_empty() {
        session.print(&show::without_effect(entry, &session.view().await))?;
    }
    Ok(())
}

/// Returns what a text means: a duty of that id if there is one, else a gap whose id begins so, else a duty.
async fn covered(session: &Session, text: &str) -> Result<Covered, Failure> {
    let duty = session.child("duties", text).await?;
    if gap_ids::is_prefix(text) {
        let request = ListDutiesRequest { parent: session.team().await?.to_owned(), ..ListDutiesRequest::default() };
        let known = list!(session, duties.list_duties, request, duties).duties;
        if !known.iter().any(|known| known.name == duty) {
            let gap = gaps::find(session, text).await?;
            return Ok(Covered { duty: gap.duty.clone(), gap: Some(gap) });
        }
    }
    Ok(Covered { duty, gap: None })
}

fn span(session: &Session, args: &CoverArgs, gap: Option<&Gap>) -> Result<Span, Failure> {
    let times = &session.times;
    let (gap_start, gap_end) = spans::ends(gap.and_then(|gap| gap.interval.as_ref()));
    let start = match &args.from {
        Some(text) => times.read("--from", text)?,
        None => Stated::Instant(gap_start.unwrap_or(times.now)),
    };
    let end = match (&args.to, gap_end) {
        (Some(text), _) => times.read_to(text, args.from.is_some().then_some(start))?,
        (None, Some(end)) => Stated::Instant(end),
        (None, None) => {
            let hint = "say it with --to, or name a gap of `onduty gaps`, which brings its time";
            return Err(Failure::usage("until when is the duty covered?", hint));
        }
    };
    let (start, end) = within(session, (start, end), gap_start.zip(gap_end))?;
    Ok(spans::span(times, start, Some(end), times.zone.name(), false))
}

/// Cuts what is stated to the gap, if there is one: whoever names a gap covers no other time.
fn within(
    session: &Session,
    (start, end): (Stated, Stated),
    gap: Option<(Instant, Instant)>,
) -> Result<(Stated, Stated), Failure> {
    let times = &session.times;
    let Some((gap_start, gap_end)) = gap else { return Ok((start, end)) };
    let (from, to) = (times.start_of(start), times.end_of(end));
    if from >= gap_end || to <= gap_start {
        let view = session.plain_view();
        let message = format!("the gap is from {} to {}", view.time(gap_start), view.time(gap_end));
        return Err(Failure::usage(
            message,
            "state a --from and a --to within it, or name the duty instead of the gap",
        ));
    }
    let start = if from < gap_start { Stated::Instant(gap_start) } else { start };
    Ok((start, if to > gap_end { Stated::Instant(gap_end) } else { end }))
}
