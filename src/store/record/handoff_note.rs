//! The record of a handoff note.

use super::civil::{read_id, read_instant};
use super::meta::{read_author, read_meta, write_author, write_meta};
use super::{Read, pb};
use crate::model::{DutyId, Entered, HandoffNote};

pub(super) fn write(note: &Entered<HandoffNote>) -> pb::HandoffNoteRecord {
    let value = &note.value;
    pb::HandoffNoteRecord {
        meta: write_meta(&note.meta),
        duty: value.duty.to_string(),
        text: value.text.clone(),
        author: Some(write_author(&value.author)),
        time: value.time.seconds(),
    }
}

pub(super) fn read(record: pb::HandoffNoteRecord) -> Read<Entered<HandoffNote>> {
    let value = HandoffNote {
        duty: read_id(&record.duty, DutyId::new, "handoff_note.duty")?,
        text: record.text,
        author: read_author(record.author)?,
        time: read_instant(record.time, "handoff_note.time")?,
    };
    Ok(Entered { meta: read_meta(record.meta)?, value })
}
