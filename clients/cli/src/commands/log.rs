//! log and undo: who changed what, and when, and how to take it back.

use onduty::proto::v1::{ListChangesRequest, ListChangesResponse, UndoChangeRequest};

use crate::args::{LogArgs, UndoArgs};
use crate::connect::{call, request_id};
use crate::failure::Failure;
use crate::session::Session;
use crate::{show, spans};

/// `onduty log`
pub async fn log(session: &Session, args: LogArgs) -> Result<(), Failure> {
    let team = session.team().await?.to_owned();
    let since = args.since.as_deref().map(|text| session.times.start("--since", text)).transpose()?;
    let until = args.until.as_deref().map(|text| session.times.end("--until", text)).transpose()?;
    let objects = args.objects.iter().map(|name| full_name(&team, name)).collect();
    let limit = usize::from(args.limit);
    let mut request = ListChangesRequest {
        interval: (since.is_some() || until.is_some()).then(|| spans::interval(since, until)),
        actors: args.actors,
        objects,
        parent: team,
        ..ListChangesRequest::default()
    };
    let mut answer = ListChangesResponse::default();
    loop {
        request.page_size = i32::try_from(limit - answer.changes.len()).unwrap_or(i32::MAX);
        let mut page = call!(session, changes.list_changes, request)?;
        answer.changes.append(&mut page.changes);
        answer.next_page_token = page.next_page_token;
        if answer.next_page_token.is_empty() || answer.changes.len() >= limit {
            break;
        }
        request.page_token.clone_from(&answer.next_page_token);
    }
    session.answer(&answer, |answer, view| show::log(answer, args.full, view)).await
}

/// `onduty undo`
pub async fn undo(session: &Session, args: UndoArgs) -> Result<(), Failure> {
    let request = UndoChangeRequest {
        parent: session.team().await?.to_owned(),
        revision: args.revision,
        request_id: request_id(),
        validate_only: args.dry_run,
    };
    let answer = call!(session, changes.undo_change, request)?;
    session.answer(&answer, |answer, view| show::undone(answer, args.dry_run, view)).await
}

/// Returns the name of an object of the team, which may be stated without the team.
fn full_name(team: &str, name: &str) -> String {
    if name.starts_with("teams/") { name.to_owned() } else { format!("{team}/{name}") }
}
