//! `HandoffNoteService`.

use onduty::proto::v1;

use super::case::{Case, Cases, Edit};
use super::values::long;

pub fn cases() -> Vec<Case> {
    [create(), list(), delete()].into_iter().flatten().collect()
}

const NOTE: &[Edit<v1::HandoffNote>] = &[
    ("text", |n| n.text.clear()),
    ("text", |n| n.text = " ".to_owned()),
    ("text", |n| n.text = long(2_001)),
    ("duty", |n| n.duty = "review".to_owned()),
    ("duty", |n| n.duty = "teams/other/duties/review".to_owned()),
    ("duty", |n| n.duty = "teams/psf/duties/revue".to_owned()),
    ("time", |n| n.time = Some(pbjson_types::Timestamp { seconds: 1 << 40, nanos: 0 })),
    ("duty, time, text", |n| {
        *n =
            v1::HandoffNote { time: Some(pbjson_types::Timestamp { seconds: 1 << 40, nanos: 0 }), ..Default::default() }
    }),
];

/// A good note.
pub fn note() -> v1::HandoffNote {
    let duty = "teams/psf/duties/review".to_owned();
    v1::HandoffNote { duty, text: "The queue is long.".to_owned(), ..Default::default() }
}

fn create() -> Vec<Case> {
    let (parent, handoff_note_id) = ("teams/psf".to_owned(), "x".to_owned());
    Cases::of(v1::CreateHandoffNoteRequest {
        parent,
        handoff_note_id,
        handoff_note: Some(note()),
        ..Default::default()
    })
    .team("parent", |r| &mut r.parent)
    .id("handoff_note_id", |r| &mut r.handoff_note_id)
    .each("AlreadyExists RESOURCE_EXISTS", |r| &mut r.handoff_note_id, ["waits".to_owned()])
    .each("duty, text", |r| &mut r.handoff_note, [None])
    .part("", |r| r.handoff_note.get_or_insert_default(), NOTE)
    .request_id(|r| &mut r.request_id)
    .done()
}

fn list() -> Vec<Case> {
    Cases::of(v1::ListHandoffNotesRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("duties", "duties/review", |r| &mut r.duties)
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .done()
}

fn delete() -> Vec<Case> {
    Cases::of(v1::DeleteHandoffNoteRequest { name: "teams/psf/handoffNotes/waits".to_owned(), ..Default::default() })
        .name("name", "handoffNotes", |r| &mut r.name)
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .done()
}
