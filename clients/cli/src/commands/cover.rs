//! cover: an override, from a duty and a time or from a gap.

use onduty::proto::google_type::Interval;
use onduty::proto::v1::{CreateOverrideRequest, Gap, ListDutiesRequest, Override, Span};

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
    match answer.interval {
        Some(time) if !args.dry_run && !session.writes_json() => tell_what_is_left(session, &answer.duty, time).await,
        _ => Ok(()),
    }
}

/// Says whether gaps are left in the time that is now covered.
async fn tell_what_is_left(session: &Session, duty: &str, time: Interval) -> Result<(), Failure> {
    let left = gaps::left(session, duty, time).await?;
    session.answer(&left, show::filled).await
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
        Some(text) => times.read(text)?,
        None => Stated::Instant(gap_start.unwrap_or(times.now)),
    };
    let end = match (&args.to, gap_end) {
        (Some(text), _) => times.read(text)?,
        (None, Some(end)) => Stated::Instant(end),
        (None, None) => {
            return Err(Failure::usage("until when is the duty covered?")
                .hint("say it with --to, or name a gap of `onduty gaps`, which brings its time"));
        }
    };
    Ok(spans::span(times, start, Some(end), times.zone.name(), false))
}
