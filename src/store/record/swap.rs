//! The record of a swap.

use bytes::Bytes;
use uuid::Uuid;

use super::civil::{read_id, read_ids, read_instant, read_interval, write_interval};
use super::meta::{read_meta, write_meta};
use super::{Read, RecordError, pb};
use crate::model::{DutyId, Entered, OverrideId, ResidentId, ShiftId, Swap, SwapAnswer, SwapOutcome, SwapPart};

pub(super) fn write(swap: &Entered<Swap>) -> pb::SwapRecord {
    let value = &swap.value;
    pb::SwapRecord {
        meta: write_meta(&swap.meta),
        asked_by: value.asked_by.to_string(),
        asked: Some(write_part(&value.asked)),
        asks: value.asks.as_ref().map(ToString::to_string),
        in_return: value.in_return.as_ref().map(write_part),
        message: value.message.clone(),
        expires: value.expires.seconds(),
        answer: value.answer.as_ref().map(write_answer),
    }
}

pub(super) fn read(record: pb::SwapRecord) -> Read<Entered<Swap>> {
    let value = Swap {
        asked_by: read_id(&record.asked_by, ResidentId::new, "swap.asked_by")?,
        asked: read_part(record.asked.ok_or(RecordError::Field("swap.asked"))?)?,
        asks: record.asks.map(|id| read_id(&id, ResidentId::new, "swap.asks")).transpose()?,
        in_return: record.in_return.map(read_part).transpose()?,
        message: record.message,
        expires: read_instant(record.expires, "swap.expires")?,
        answer: record.answer.map(read_answer).transpose()?,
    };
    Ok(Entered { meta: read_meta(record.meta)?, value })
}

fn write_part(part: &SwapPart) -> pb::SwapPart {
    pb::SwapPart {
        duty: part.duty.to_string(),
        shift: Bytes::copy_from_slice(part.shift.0.as_bytes()),
        slot: Bytes::copy_from_slice(part.slot.0.as_bytes()),
        interval: Some(write_interval(part.interval)),
    }
}

fn read_part(part: pb::SwapPart) -> Read<SwapPart> {
    let shift = |bytes: &[u8]| Uuid::from_slice(bytes).map(ShiftId).map_err(|_| RecordError::Field("swap_part.shift"));
    Ok(SwapPart {
        duty: read_id(&part.duty, DutyId::new, "swap_part.duty")?,
        shift: shift(&part.shift)?,
        slot: shift(&part.slot)?,
        interval: read_interval(part.interval, "swap_part.interval")?,
    })
}

fn write_answer(answer: &SwapAnswer) -> pb::SwapAnswer {
    let (outcome, by, overrides) = match &answer.outcome {
        SwapOutcome::Accepted { by, overrides } => (pb::SwapOutcome::Accepted, Some(by), overrides.as_slice()),
        SwapOutcome::Declined => (pb::SwapOutcome::Declined, None, &[][..]),
        SwapOutcome::Withdrawn => (pb::SwapOutcome::Withdrawn, None, &[][..]),
    };
    pb::SwapAnswer {
        outcome: outcome.into(),
        time: answer.time.seconds(),
        actor: answer.actor.clone(),
        by: by.map(ToString::to_string),
        overrides: overrides.iter().map(ToString::to_string).collect(),
    }
}

fn read_answer(answer: pb::SwapAnswer) -> Read<SwapAnswer> {
    let outcome = match answer.outcome() {
        pb::SwapOutcome::Unspecified => return Err(RecordError::Field("swap_answer.outcome")),
        pb::SwapOutcome::Accepted => SwapOutcome::Accepted {
            by: read_id(&answer.by.unwrap_or_default(), ResidentId::new, "swap_answer.by")?,
            overrides: read_ids(&answer.overrides, OverrideId::new, "swap_answer.overrides")?,
        },
        pb::SwapOutcome::Declined => SwapOutcome::Declined,
        pb::SwapOutcome::Withdrawn => SwapOutcome::Withdrawn,
    };
    Ok(SwapAnswer { outcome, time: read_instant(answer.time, "swap_answer.time")?, actor: answer.actor })
}
