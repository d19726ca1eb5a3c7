//! `HandoffNoteService`: what the next person must know, and to which handoff it belongs (semantics 2.12).

use std::collections::BTreeMap;

use pbjson_types::Empty;

use super::convert::answers::Naming;
use super::convert::handoff_note::{handoff_note, state};
use super::convert::time::instant;
use super::entry::{self, Read, Stating, Wanted, serve, settle};
use super::names::{Name, references};
use super::paging::{Paging, list_key};
use super::read_context;
use super::request::{Fields, request};
use crate::civil::{Instant, UnknownZone};
use crate::engine::{NoteStanding, NotedHandoff, noted_handoffs};
use crate::model::{Author, DutyId, Entered, HandoffNote, HandoffNoteId};
use crate::proto::v1;
use crate::proto::v1::handoff_note_service_server::HandoffNoteService;
use crate::roster::{ChangeSet, Desk, Refusal};

/// How long after its time a note is looked at where history is not asked for, in seconds: 400 days.
const SHOWN_SECONDS: i64 = 400 * 86_400;

/// Keeps notes, tells them and lets them be withdrawn.
#[derive(Clone)]
pub struct HandoffNotes {
    pub(super) desk: Desk,
}

/// A note that is told.
type Note<'a> = (&'a HandoffNoteId, &'a Entered<HandoffNote>);

impl HandoffNotes {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// Finds the handoffs of notes, in their order.
    fn handoffs(&self, read: &Read, notes: &[Note<'_>]) -> Result<Vec<NotedHandoff>, UnknownZone> {
        let mut by_duty: BTreeMap<&DutyId, Vec<Instant>> = BTreeMap::new();
        for (_, entry) in notes {
            by_duty.entry(&entry.value.duty).or_default().push(entry.value.time);
        }
        let mut found = BTreeMap::new();
        for (duty, times) in by_duty {
            let handoffs = noted_handoffs(read.snapshot(), self.desk.rules(), duty, &times, read.now)?;
            found.extend(times.into_iter().map(|time| (duty, time)).zip(handoffs));
        }
        let of = |(_, entry): &Note<'_>| found.get(&(&entry.value.duty, entry.value.time)).cloned().unwrap_or_default();
        Ok(notes.iter().map(of).collect())
    }

    fn view(read: &Read, (id, entry): Note<'_>, noted: &NotedHandoff) -> v1::HandoffNote {
        let handoff = noted.handoff.as_ref().map(|handoff| {
            let naming = Naming { team: read.snapshot(), at: handoff.at, audience: &read.audience };
            naming.handoff(&entry.value.duty, handoff)
        });
        let state = state(noted.standing(read.now)) as i32;
        v1::HandoffNote { state, handoff, ..handoff_note(&read.snapshot().id, id, entry) }
    }

    async fn create(&self, asked: v1::CreateHandoffNoteRequest) -> Result<v1::HandoffNote, Refusal> {
        let bare = v1::CreateHandoffNoteRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "leave a handoff note".to_owned(), asked.validate_only);
        let wanted = Wanted { field: "handoff_note_id", text: asked.handoff_note_id };
        let (message, actor) = (asked.handoff_note.unwrap_or_default(), self.desk.caller().name.clone());
        let made = entry::create(&self.desk, &asked.parent, wanted, request, move |stating| {
            state_note(stating, &message, &actor)
        });
        let made = made.await?;
        let note = (&made.id, &made.entry);
        let noted = self.handoffs(&made.read, &[note])?.pop().unwrap_or_default();
        Ok(Self::view(&made.read, note, &noted))
    }

    fn list(&self, asked: v1::ListHandoffNotesRequest) -> Result<v1::ListHandoffNotesResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let named = read.as_ref().map(Read::snapshot);
        let bare = v1::ListHandoffNotesRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let duties = references("duties", &asked.duties, named, |team| &team.duties, &mut fields);
        let read = fields.finish("parent", read)?;
        let since = if asked.show_past { Instant::MIN } else { read.now.plus(-SHOWN_SECONDS) };
        let wanted = |entry: &Entered<HandoffNote>| {
            (duties.is_empty() || duties.contains(&entry.value.duty)) && entry.value.time >= since
        };
        let notes: Vec<Note<'_>> = read.snapshot().handoff_notes.iter().filter(|(_, entry)| wanted(entry)).collect();
        let handoffs = self.handoffs(&read, &notes)?;
        let shown = |noted: &NotedHandoff| asked.show_past || noted.standing(read.now) != NoteStanding::Past;
        let found = notes.into_iter().zip(&handoffs).filter(|(_, noted)| shown(noted));
        let found = found.map(|(note, noted)| (list_key(Some(note.1.value.time), note.0), note, noted));
        let page = paging.page(found.collect::<Vec<_>>(), |(key, ..)| key.clone());
        Ok(v1::ListHandoffNotesResponse {
            handoff_notes: page.items.iter().map(|(_, note, noted)| Self::view(&read, *note, noted)).collect(),
            next_page_token: page.next_page_token,
            context: Some(read_context(&self.desk, read.snapshot(), read.now)),
        })
    }

    async fn delete(&self, asked: v1::DeleteHandoffNoteRequest) -> Result<Empty, Refusal> {
        let bare = v1::DeleteHandoffNoteRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "withdraw a handoff note".to_owned(), asked.validate_only);
        entry::remove::<HandoffNote>(&self.desk, &asked.name, &asked.etag, request).await
    }
}

/// States a note.
fn state_note(
    mut stating: Stating<'_, HandoffNote>,
    message: &v1::HandoffNote,
    actor: &str,
) -> Result<ChangeSet, Refusal> {
    let fields = &mut stating.fields;
    let duty = fields.take_one(DutyId::reference("duty", &message.duty, &stating.team.id));
    let time = message.time.as_ref().and_then(|time| fields.take(instant("time", time)));
    let value = HandoffNote {
        duty: duty.unwrap_or_else(|| DutyId::from_valid("none")),
        text: message.text.clone(),
        author: Author { actor: actor.to_owned(), resident: stating.audience.resident().cloned() },
        time: time.unwrap_or(stating.change.time),
    };
    let mut draft = stating.draft();
    draft.handoff_note(&stating.id, value);
    settle(std::mem::take(&mut stating.fields), draft, str::to_owned)
}

serve! { HandoffNoteService for HandoffNotes {
    create_handoff_note(v1::CreateHandoffNoteRequest) -> v1::HandoffNote = create await;
    list_handoff_notes(v1::ListHandoffNotesRequest) -> v1::ListHandoffNotesResponse = list;
    delete_handoff_note(v1::DeleteHandoffNoteRequest) -> Empty = delete await;
} }
