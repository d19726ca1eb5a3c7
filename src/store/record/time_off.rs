//! The records of an entry of time off: the entry itself, and its private part under a key of its own.

use bytes::Bytes;
use uuid::Uuid;

use super::civil::{read_date_time, read_id, read_instant, read_recurrence, read_span, write_recurrence, write_span};
use super::meta::{read_meta, write_meta};
use super::{Read, RecordError, pb};
use crate::civil::Instant;
use crate::model::{Cut, Effect, Entered, Imported, ResidentId, TimeOff, TimeOffKind, TimeOffPrivate, ZoneName};

pub(super) fn write(entry: &Entered<TimeOff>) -> pb::TimeOffRecord {
    let value = &entry.value;
    let (effect, elsewhere_zone) = match &value.effect {
        Effect::Hard => (pb::Effect::Hard, String::new()),
        Effect::Soft => (pb::Effect::Soft, String::new()),
        Effect::WorkingElsewhere { zone } => (pb::Effect::WorkingElsewhere, zone.to_string()),
    };
    let cut = |cut: &Cut| pb::Cut { instance: cut.instance.to_string(), at: cut.at.seconds() };
    pb::TimeOffRecord {
        meta: write_meta(&entry.meta),
        resident: value.resident.to_string(),
        span: Some(write_span(&value.span)),
        effect: effect.into(),
        elsewhere_zone,
        recurrence: value.recurrence.as_ref().map(write_recurrence),
        cuts: value.cuts.iter().map(cut).collect(),
        ended: value.ended.map(Instant::seconds),
        imported: value.imported.as_ref().map(write_imported),
    }
}

pub(super) fn read(record: pb::TimeOffRecord) -> Read<Entered<TimeOff>> {
    let effect = match record.effect() {
        pb::Effect::Unspecified => return Err(RecordError::Field("time_off.effect")),
        pb::Effect::Hard => Effect::Hard,
        pb::Effect::Soft => Effect::Soft,
        pb::Effect::WorkingElsewhere => Effect::WorkingElsewhere { zone: ZoneName::new(&record.elsewhere_zone) },
    };
    let cut = |cut: pb::Cut| {
        Ok(Cut { instance: read_date_time(&cut.instance, "cut.instance")?, at: read_instant(cut.at, "cut.at")? })
    };
    let value = TimeOff {
        resident: read_id(&record.resident, ResidentId::new, "time_off.resident")?,
        span: read_span(record.span)?,
        effect,
        recurrence: record.recurrence.map(read_recurrence).transpose()?,
        cuts: record.cuts.into_iter().map(cut).collect::<Read<_>>()?,
        ended: record.ended.map(|at| read_instant(at, "time_off.ended")).transpose()?,
        imported: record.imported.as_ref().map(read_imported).transpose()?,
    };
    Ok(Entered { meta: read_meta(record.meta)?, value })
}

fn write_imported(imported: &Imported) -> pb::Imported {
    let bytes = |id: Uuid| Bytes::copy_from_slice(id.as_bytes());
    pb::Imported {
        calendar: bytes(imported.calendar),
        event: bytes(imported.event),
        instance: bytes(imported.instance),
        read: bytes(imported.read),
    }
}

fn read_imported(record: &pb::Imported) -> Read<Imported> {
    let id = |bytes: &Bytes| Uuid::from_slice(bytes).map_err(|_| RecordError::Field("time_off.imported"));
    Ok(Imported {
        calendar: id(&record.calendar)?,
        event: id(&record.event)?,
        instance: id(&record.instance)?,
        read: id(&record.read)?,
    })
}

pub(super) fn write_private(part: &Entered<TimeOffPrivate>) -> pb::TimeOffPrivateRecord {
    let kind = write_kind(part.value.kind);
    pb::TimeOffPrivateRecord { meta: write_meta(&part.meta), kind: kind.into(), note: part.value.note.clone() }
}

pub(super) fn read_private(record: pb::TimeOffPrivateRecord) -> Read<Entered<TimeOffPrivate>> {
    let kind = read_kind(record.kind()).ok_or(RecordError::Field("time_off_private.kind"))?;
    Ok(Entered { meta: read_meta(record.meta)?, value: TimeOffPrivate { kind, note: record.note } })
}

pub(super) const fn write_kind(kind: TimeOffKind) -> pb::TimeOffKind {
    match kind {
        TimeOffKind::Sick => pb::TimeOffKind::Sick,
        TimeOffKind::Vacation => pb::TimeOffKind::Vacation,
        TimeOffKind::Travel => pb::TimeOffKind::Travel,
        TimeOffKind::Conference => pb::TimeOffKind::Conference,
        TimeOffKind::Focus => pb::TimeOffKind::Focus,
        TimeOffKind::PublicHoliday => pb::TimeOffKind::PublicHoliday,
        TimeOffKind::Other => pb::TimeOffKind::Other,
    }
}

pub(super) fn read_kind(kind: pb::TimeOffKind) -> Option<TimeOffKind> {
    TimeOffKind::ALL.into_iter().find(|known| write_kind(*known) == kind)
}
