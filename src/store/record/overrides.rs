//! The record of an override.

use super::civil::{read_id, read_span, write_span};
use super::meta::{read_meta, write_meta};
use super::{Read, RecordError, pb};
use crate::model::{DutyId, Entered, Override, OverrideForm, ResidentId, SwapId};

pub(super) fn write(entry: &Entered<Override>) -> pb::OverrideRecord {
    let value = &entry.value;
    pb::OverrideRecord {
        meta: write_meta(&entry.meta),
        duty: value.duty.to_string(),
        span: Some(write_span(&value.span)),
        by: value.form.by().map(ToString::to_string),
        owner: value.form.owner().map(ToString::to_string),
        forced: value.forced,
        swap: value.swap.as_ref().map(ToString::to_string),
    }
}

pub(super) fn read(record: pb::OverrideRecord) -> Read<Entered<Override>> {
    let resident = |id: Option<String>| id.map(|id| read_id(&id, ResidentId::new, "override.resident")).transpose();
    let form = match (resident(record.by)?, resident(record.owner)?) {
        (Some(by), None) => OverrideForm::Add { by },
        (Some(by), Some(owner)) => OverrideForm::Replace { by, owner },
        (None, Some(owner)) => OverrideForm::TakeOff { owner },
        (None, None) => return Err(RecordError::Field("override.by")),
    };
    let value = Override {
        duty: read_id(&record.duty, DutyId::new, "override.duty")?,
        span: read_span(record.span)?,
        form,
        forced: record.forced,
        swap: record.swap.map(|id| read_id(&id, SwapId::new, "override.swap")).transpose()?,
    };
    Ok(Entered { meta: read_meta(record.meta)?, value })
}
