//! The record of an accepted gap.

use bytes::Bytes;
use uuid::Uuid;

use super::civil::{read_id, read_instant, read_interval, write_interval};
use super::meta::{read_meta, write_meta};
use super::{Read, RecordError, pb};
use crate::civil::Instant;
use crate::model::{CauseKind, DutyId, Entered, GapAcceptance, GapCause, GapId, ResidentId};

pub(super) fn write(entry: &Entered<GapAcceptance>) -> pb::GapAcceptanceRecord {
    let value = &entry.value;
    pb::GapAcceptanceRecord {
        meta: write_meta(&entry.meta),
        gap: Bytes::copy_from_slice(value.gap.0.as_bytes()),
        duty: value.duty.to_string(),
        interval: Some(write_interval(value.interval)),
        required: value.required,
        present: value.present,
        causes: value.causes.iter().map(write_cause).collect(),
        reason: value.reason.clone(),
        until: value.until.map(Instant::seconds),
        actor: value.actor.clone(),
    }
}

pub(super) fn read(record: pb::GapAcceptanceRecord) -> Read<Entered<GapAcceptance>> {
    let value = GapAcceptance {
        gap: GapId(Uuid::from_slice(&record.gap).map_err(|_| RecordError::Field("acceptance.gap"))?),
        duty: read_id(&record.duty, DutyId::new, "acceptance.duty")?,
        interval: read_interval(record.interval, "acceptance.interval")?,
        required: record.required,
        present: record.present,
        causes: record.causes.into_iter().map(read_cause).collect::<Read<_>>()?,
        reason: record.reason,
        until: record.until.map(|until| read_instant(until, "acceptance.until")).transpose()?,
        actor: record.actor,
    };
    Ok(Entered { meta: read_meta(record.meta)?, value })
}

fn write_cause(cause: &GapCause) -> pb::GapCause {
    let kind = match cause.kind {
        CauseKind::NobodyScheduled => pb::CauseKind::NobodyScheduled,
        CauseKind::Absent => pb::CauseKind::Absent,
        CauseKind::OutsideWorkingHours => pb::CauseKind::OutsideWorkingHours,
        CauseKind::OutsideTerm => pb::CauseKind::OutsideTerm,
        CauseKind::LacksSkill => pb::CauseKind::LacksSkill,
        CauseKind::TakenOff => pb::CauseKind::TakenOff,
    };
    pb::GapCause { kind: kind.into(), resident: cause.resident.as_ref().map(ToString::to_string) }
}

fn read_cause(cause: pb::GapCause) -> Read<GapCause> {
    let kind = match cause.kind() {
        pb::CauseKind::Unspecified => return Err(RecordError::Field("cause.kind")),
        pb::CauseKind::NobodyScheduled => CauseKind::NobodyScheduled,
        pb::CauseKind::Absent => CauseKind::Absent,
        pb::CauseKind::OutsideWorkingHours => CauseKind::OutsideWorkingHours,
        pb::CauseKind::OutsideTerm => CauseKind::OutsideTerm,
        pb::CauseKind::LacksSkill => CauseKind::LacksSkill,
        pb::CauseKind::TakenOff => CauseKind::TakenOff,
    };
    let resident = cause.resident.map(|id| read_id(&id, ResidentId::new, "cause.resident")).transpose()?;
    Ok(GapCause { kind, resident })
}
