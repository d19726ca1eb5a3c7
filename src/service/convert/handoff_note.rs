//! Handoff notes as messages.

use super::stamp::uid;
use super::time::timestamp;
use crate::engine::NoteStanding;
use crate::model::{Entered, HandoffNote, HandoffNoteId, TeamId};
use crate::proto::v1;
use crate::service::names::Name;
use crate::service::request::etag;

/// Returns a handoff note less its handoff and how it stands.
#[must_use]
pub fn handoff_note(team: &TeamId, id: &HandoffNoteId, entry: &Entered<HandoffNote>) -> v1::HandoffNote {
    let (meta, value, name) = (&entry.meta, &entry.value, id.full(team));
    v1::HandoffNote {
        uid: uid(&name, meta),
        name,
        duty: value.duty.full(team),
        text: value.text.clone(),
        time: Some(timestamp(value.time)),
        actor: value.author.actor.clone(),
        resident: value.author.resident.as_ref().map(|id| id.full(team)).unwrap_or_default(),
        state: v1::HandoffNoteState::Unspecified as i32,
        handoff: None,
        create_time: Some(timestamp(meta.create_time)),
        etag: etag(meta),
    }
}

/// Returns how a note stands.
#[must_use]
pub fn state(standing: NoteStanding) -> v1::HandoffNoteState {
    match standing {
        NoteStanding::Ahead => v1::HandoffNoteState::Ahead,
        NoteStanding::Current => v1::HandoffNoteState::Current,
        NoteStanding::Past => v1::HandoffNoteState::Past,
    }
}
