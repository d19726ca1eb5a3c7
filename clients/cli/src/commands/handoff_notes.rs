//! handoffs note, notes, remove: what the next person must know.

use onduty::proto::v1::{
    CreateHandoffNoteRequest, DeleteHandoffNoteRequest, HandoffNote, ListHandoffNotesRequest, ListHandoffNotesResponse,
};
use serde_json::json;

use crate::args::{HandoffsArgs, HandoffsCommand, HandoffsNote, HandoffsNotes};
use crate::connect::{call, list, request_id};
use crate::failure::Failure;
use crate::session::Session;
use crate::show;

/// `onduty handoffs note` and so on; without one of them it is a list of handoffs.
pub async fn run(session: &Session, args: HandoffsArgs) -> Result<(), Failure> {
    if args.command.is_some() && args.states_a_list() {
        let message = "--from, --to, --duty and --resident before it are for the list of handoffs";
        return Err(Failure::usage(message, "leave them out, or put --duty behind `notes`"));
    }
    match args.command {
        Some(HandoffsCommand::Note(args)) => leave(session, args).await,
        Some(HandoffsCommand::Notes(args)) => notes(session, args).await,
        Some(HandoffsCommand::Remove(args)) => remove(session, &args.id).await,
        None => super::reads::handoffs(session, args).await,
    }
}

async fn leave(session: &Session, args: HandoffsNote) -> Result<(), Failure> {
    let note = HandoffNote {
        duty: session.child("duties", &args.duty).await?,
        text: args.text,
        time: session.at(args.at.as_deref())?,
        ..HandoffNote::default()
    };
    let request = CreateHandoffNoteRequest {
        parent: session.team().await?.to_owned(),
        handoff_note_id: args.id.unwrap_or_default(),
        handoff_note: Some(note),
        request_id: request_id(),
        validate_only: false,
    };
    let answer = call!(session, handoff_notes.create_handoff_note, request)?;
    session.answer(&answer, show::left_note).await
}

async fn notes(session: &Session, args: HandoffsNotes) -> Result<(), Failure> {
    let duties = session.children("duties", &args.duties).await?;
    session.answer(&read(session, duties, args.all).await?, show::handoff_notes).await
}

async fn remove(session: &Session, id: &str) -> Result<(), Failure> {
    let name = session.child("handoffNotes", id).await?;
    let request = DeleteHandoffNoteRequest { name, request_id: request_id(), ..DeleteHandoffNoteRequest::default() };
    call!(session, handoff_notes.delete_handoff_note, request)?;
    if session.writes_json() { session.json(&json!({})) } else { session.print(&show::removed_note(id)) }
}

async fn read(session: &Session, duties: Vec<String>, all: bool) -> Result<ListHandoffNotesResponse, Failure> {
    let request = ListHandoffNotesRequest {
        parent: session.team().await?.to_owned(),
        duties,
        show_past: all,
        ..ListHandoffNotesRequest::default()
    };
    Ok(list!(session, handoff_notes.list_handoff_notes, request, handoff_notes))
}

/// Returns the notes on duties that are to be shown beside something else: whoever may not see any is told of none, and
/// of no error.
pub async fn beside(session: &Session, duties: Vec<String>) -> Vec<HandoffNote> {
    if session.writes_json() || !session.connection.shows_token() {
        return Vec::new();
    }
    read(session, duties, false).await.map(|answer| answer.handoff_notes).unwrap_or_default()
}
