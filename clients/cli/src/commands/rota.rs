//! rota: who takes turns, and changes of that.

use onduty::proto::v1::change_participants_request::{Change, From};
use onduty::proto::v1::{
    AddParticipants, ChangeParticipantsRequest, GetRotaRequest, OrderParticipants, RemoveParticipants,
    add_participants, preview_change_request,
};

use super::preview::different;
use crate::args::{RotaArgs, RotaCommand, RotaFrom};
use crate::connect::{call, request_id};
use crate::failure::Failure;
use crate::session::Session;
use crate::times::Stated;
use crate::{show, spans};

/// `onduty rota`
pub async fn run(session: &Session, args: RotaArgs) -> Result<(), Failure> {
    let (duty, change, from) = match args.command {
        None => {
            let (name, layer) = place(session, &args.duty.unwrap_or_default()).await?;
            let read_time = session.asked(args.at.as_deref())?;
            let request = GetRotaRequest { name, layer, read_time, turn_count: 0 };
            let answer = call!(session, duties.get_rota, request)?;
            return session.answer(&answer, show::rota).await;
        }
        Some(RotaCommand::Add(args)) => {
            let place = match (&args.before, &args.after) {
                (Some(id), _) => Some(add_participants::Place::Before(session.child("residents", id).await?)),
                (None, Some(id)) => Some(add_participants::Place::After(session.child("residents", id).await?)),
                (None, None) => None,
            };
            let residents = session.children("residents", &args.residents).await?;
            (args.duty, Change::Add(AddParticipants { residents, place }), args.from)
        }
        Some(RotaCommand::Remove(args)) => {
            let residents = session.children("residents", &args.residents).await?;
            (args.duty, Change::Remove(RemoveParticipants { residents }), args.from)
        }
        Some(RotaCommand::Order(args)) => {
            let residents = session.children("residents", &args.residents).await?;
            (args.duty, Change::Order(OrderParticipants { residents }), args.from)
        }
    };
    let (name, layer) = place(session, &duty).await?;
    let RotaFrom { correction, replace_later, dry_run, .. } = from;
    let request = ChangeParticipantsRequest {
        name,
        layer,
        change: Some(change),
        from: begin(session, from.from.as_deref())?,
        correction,
        replace_later,
        etag: String::new(),
        request_id: request_id(),
        validate_only: dry_run,
    };
    let answer = call!(session, duties.change_participants, request)?;
    session.answer(&answer, |answer, view| show::changed_rota(answer, dry_run, view)).await?;
    match dry_run && !session.writes_json() {
        true => different(session, preview_change_request::Change::ChangeParticipants(request)).await,
        false => Ok(()),
    }
}

/// Returns the duty's name and the layer's id out of `DUTY` or `DUTY/LAYER`.
async fn place(session: &Session, text: &str) -> Result<(String, String), Failure> {
    match text.split_once('/').filter(|_| !text.starts_with("teams/")) {
        Some((duty, layer)) => Ok((session.child("duties", duty).await?, layer.to_owned())),
        None => Ok((session.child("duties", text).await?, String::new())),
    }
}

/// Returns from when a change is to hold: a date waits for a turn, a time does not.
fn begin(session: &Session, from: Option<&str>) -> Result<Option<From>, Failure> {
    let Some(text) = from else { return Ok(None) };
    Ok(Some(match session.times.read("--from", text)? {
        Stated::Day(date) => From::FirstDate(spans::date(date)),
        other => From::EffectiveTime(spans::timestamp(session.times.start_of(other))),
    }))
}
