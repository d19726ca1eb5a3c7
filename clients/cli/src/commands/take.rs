//! take: "I have it, now": an override by me, in the place of whoever has the duty.

use onduty::civil::Instant;
use onduty::proto::google_type::Interval;
use onduty::proto::v1::{CreateOverrideRequest, GetOnDutyRequest, ListShiftsRequest, Override, Shift, Span, span};

use super::cover::tell_what_came_of_it;
use super::gaps;
use crate::args::TakeArgs;
use crate::connect::{call, list, request_id};
use crate::failure::Failure;
use crate::names;
use crate::session::Session;
use crate::show;
use crate::spans;

/// How far ahead the end of a shift or gap is looked for, in seconds: 40 days.
const AHEAD_SECONDS: i64 = 40 * 86_400;

/// In whose place, and until when that is.
struct Place {
    whose: Option<String>,
    until: Option<Instant>,
}

/// `onduty take`
pub async fn run(session: &Session, args: TakeArgs) -> Result<(), Failure> {
    let times = &session.times;
    let me = session.resident(args.resident.as_deref()).await?;
    let duty = session.child("duties", &args.duty).await?;
    let stated = args.from.as_deref().map(|text| times.read("--from", text)).transpose()?;
    let from = stated.map_or(times.now, |from| times.start_of(from));
    let to = args.to.as_deref().map(|text| times.read_to(text, stated)).transpose()?.map(|to| times.end_of(to));
    let place = place(session, &args, (&me, &duty), from).await?;
    let end = end(session, &place, to)?;
    let interval = spans::interval(Some(from), Some(end));
    let request = CreateOverrideRequest {
        parent: session.team().await?.to_owned(),
        override_entry: Some(Override {
            duty,
            span: Some(Span { form: Some(span::Form::Instants(interval)) }),
            by_resident: Some(me),
            for_resident: place.whose,
            ..Override::default()
        }),
        force: args.force,
        request_id: request_id(),
        validate_only: args.dry_run,
        ..CreateOverrideRequest::default()
    };
    let answer = call!(session, overrides.create_override, request)?;
    session.answer(&answer, |answer, view| show::recorded_override(answer, args.dry_run, view)).await?;
    if !args.dry_run && !session.writes_json() {
        tell_what_came_of_it(session, &answer).await?;
    }
    Ok(())
}

/// Finds in whose place it is: nobody's in a gap, or where nobody is on duty.
async fn place(session: &Session, args: &TakeArgs, (me, duty): (&str, &str), from: Instant) -> Result<Place, Failure> {
    let window = spans::interval(Some(from), Some(from.plus(AHEAD_SECONDS)));
    let request = ListShiftsRequest {
        parent: session.team().await?.to_owned(),
        duties: vec![duty.to_owned()],
        interval: Some(window),
        ..ListShiftsRequest::default()
    };
    let shifts = list!(session, on_duty.list_shifts, request, shifts).shifts;
    let begun = |interval: Option<&Interval>| spans::ends(interval).0.is_some_and(|start| start <= from);
    let present: Vec<&Shift> = shifts.iter().filter(|shift| begun(shift.interval.as_ref())).collect();
    let until = |shift: &Shift| spans::ends(shift.interval.as_ref()).1.filter(|_| !shift.truncated_end);
    let view = session.plain_view();
    if let Some(mine) = present.iter().find(|shift| shift.resident == me) {
        let end = until(mine).map_or_else(|| "further notice".to_owned(), |end| view.time(end));
        let message = format!("{} has {} already, until {end}", names::id(me), names::id(duty));
        return Err(Failure::refused(message, "a later time is stated with --from"));
    }
    let wanted = match &args.for_resident {
        Some(id) => Some(session.child("residents", id).await?),
        None => None,
    };
    let open = gaps::left(session, duty, window).await?.gaps;
    let gap = open.into_iter().find(|gap| begun(gap.interval.as_ref()));
    match (wanted, gap, present.as_slice()) {
        (Some(wanted), ..) => match present.iter().find(|shift| shift.resident == wanted) {
            Some(shift) => Ok(Place { whose: owner(session, me, shift, from).await?, until: until(shift) }),
            None => {
                let message = format!("{} is not on {} then", names::id(&wanted), names::id(duty));
                Err(Failure::refused(message, format!("`onduty who {}` says who is", names::id(duty))))
            }
        },
        (None, Some(gap), _) => {
            let until = spans::ends(gap.interval.as_ref()).1.filter(|_| !gap.truncated_end);
            Ok(Place { whose: None, until })
        }
        (None, None, []) => Ok(Place { whose: None, until: None }),
        (None, None, [only]) => Ok(Place { whose: owner(session, me, only, from).await?, until: until(only) }),
        (None, None, several) => {
            let mut ids: Vec<&str> = several.iter().map(|shift| names::id(&shift.resident)).collect();
            // Shifts that begin together come in no order that means anything.
            ids.sort_unstable();
            let message = format!("several are on {}: {}", names::id(duty), ids.join(", "));
            Err(Failure::usage(message, format!("say in whose place: --for {}", ids[0])))
        }
    }
}

/// Whose slot somebody stands in: theirs, or that of whom they stand in for; nobody's where that is mine.
async fn owner(session: &Session, me: &str, shift: &Shift, at: Instant) -> Result<Option<String>, Failure> {
    let owner = match &shift.in_place_of {
        Some(owner) => owner.clone(),
        None => {
            let request = GetOnDutyRequest {
                parent: names::team_of(&shift.duty),
                duties: vec![shift.duty.clone()],
                time: Some(spans::timestamp(at)),
                explain: true,
            };
            let told = call!(session, on_duty.get_on_duty, request)?.duties.into_iter().next();
            let layers = told.and_then(|told| told.explanation).map(|why| why.layers).unwrap_or_default();
            let layer = layers.into_iter().find(|layer| layer.layer == shift.layer);
            layer.and_then(|layer| layer.turn).map_or_else(|| shift.resident.clone(), |turn| turn.resident)
        }
    };
    Ok((owner != me).then_some(owner))
}

/// Until when: as stated, but no longer than the one whose place it is has theirs.
fn end(session: &Session, place: &Place, to: Option<Instant>) -> Result<Instant, Failure> {
    let view = session.plain_view();
    match (to, place.until, &place.whose) {
        (Some(to), Some(until), Some(_)) if to > until => {
            let message = format!("the present shift ends at {}", view.time(until));
            Err(Failure::usage(message, "take it until then, and what follows with a --from of its own"))
        }
        (Some(to), ..) => Ok(to),
        (None, Some(until), _) => Ok(until),
        (None, None, _) => Err(Failure::usage("until when do you take it?", "say it with --to")),
    }
}
