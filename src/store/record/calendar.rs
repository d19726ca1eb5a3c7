//! The record of a subscribed calendar.

use super::civil::{read_id, read_instant};
use super::meta::{read_meta, write_meta};
use super::time_off::{read_kind, write_kind};
use super::{Read, RecordError, pb};
use crate::civil::Instant;
use crate::model::{
    Calendar, CalendarAddress, CalendarFailure, CalendarState, Entered, ResidentId, TeamId, Wanted, Which,
};

pub(super) fn write(entry: &Entered<Calendar>) -> pb::CalendarRecord {
    let Calendar { team, resident, name, address, wanted, kind, state } = &entry.value;
    let (events, words) = match &wanted.which {
        Which::AllDay => (pb::CalendarEvents::AllDay, ""),
        Which::Every => (pb::CalendarEvents::Every, ""),
        Which::Category(words) => (pb::CalendarEvents::Category, words.as_str()),
        Which::Title(words) => (pb::CalendarEvents::Title, words.as_str()),
    };
    pb::CalendarRecord {
        meta: write_meta(&entry.meta),
        team: team.to_string(),
        resident: resident.to_string(),
        name: name.clone(),
        address: address.expose().to_owned(),
        events: events.into(),
        words: words.to_owned(),
        free_too: wanted.free_too,
        tentative_too: wanted.tentative_too,
        kind: write_kind(*kind).into(),
        etag: state.etag.clone(),
        last_modified: state.last_modified.clone(),
        read: state.read.map(Instant::seconds),
        failed_since: state.failure.as_ref().map(|failure| failure.since.seconds()),
        failure: state.failure.as_ref().map(|failure| failure.reason.clone()).unwrap_or_default(),
    }
}

pub(super) fn read(record: pb::CalendarRecord) -> Read<Entered<Calendar>> {
    let which = match record.events() {
        pb::CalendarEvents::Unspecified => return Err(RecordError::Field("calendar.events")),
        pb::CalendarEvents::AllDay => Which::AllDay,
        pb::CalendarEvents::Every => Which::Every,
        pb::CalendarEvents::Category => Which::Category(record.words.clone()),
        pb::CalendarEvents::Title => Which::Title(record.words.clone()),
    };
    let failed_since = record.failed_since.map(|at| read_instant(at, "calendar.failed_since")).transpose()?;
    let value = Calendar {
        kind: read_kind(record.kind()).ok_or(RecordError::Field("calendar.kind"))?,
        team: read_id(&record.team, TeamId::new, "calendar.team")?,
        resident: read_id(&record.resident, ResidentId::new, "calendar.resident")?,
        name: record.name,
        address: CalendarAddress::new(record.address),
        wanted: Wanted { which, free_too: record.free_too, tentative_too: record.tentative_too },
        state: CalendarState {
            etag: record.etag,
            last_modified: record.last_modified,
            read: record.read.map(|at| read_instant(at, "calendar.read")).transpose()?,
            failure: failed_since.map(|since| CalendarFailure { since, reason: record.failure }),
        },
    };
    Ok(Entered { meta: read_meta(record.meta)?, value })
}
