//! The record of a feed.

use bytes::Bytes;

use super::civil::{read_id, read_instant};
use super::meta::{read_meta, write_meta};
use super::{Read, RecordError, pb};
use crate::civil::Instant;
use crate::model::{
    DutyId, Entered, Feed, FeedContent, FeedOwner, FeedScope, FeedTitles, FeedView, ResidentId, TeamId, TokenId,
};

pub(super) fn write(entry: &Entered<Feed>) -> pb::FeedRecord {
    let Feed { name, team, owner, view, hash, secret_time, last_used, issuer } = &entry.value;
    let (duty, resident) = match &view.scope {
        FeedScope::Team => (None, None),
        FeedScope::Duty(id) => (Some(id.to_string()), None),
        FeedScope::Resident(id) => (None, Some(id.to_string())),
    };
    let (owner_resident, owner_token) = match owner {
        FeedOwner::Resident(id) => (Some(id.to_string()), None),
        FeedOwner::Token(id) => (None, Some(id.to_string())),
    };
    pb::FeedRecord {
        meta: write_meta(&entry.meta),
        name: name.clone(),
        team: team.to_string(),
        owner_resident,
        owner_token,
        content: content(view.content).into(),
        duty,
        resident,
        past_days: view.past_days.into(),
        future_days: view.future_days.into(),
        titles: titles(view.titles).into(),
        busy: view.busy,
        hash: Bytes::copy_from_slice(hash),
        secret_time: secret_time.seconds(),
        last_used: last_used.map(Instant::seconds),
        issuer: issuer.clone(),
    }
}

const fn content(content: FeedContent) -> pb::FeedContent {
    match content {
        FeedContent::OnDuty => pb::FeedContent::OnDuty,
        FeedContent::Standby => pb::FeedContent::Standby,
        FeedContent::Handoffs => pb::FeedContent::Handoffs,
        FeedContent::Gaps => pb::FeedContent::Gaps,
        FeedContent::TimeOff => pb::FeedContent::TimeOff,
        FeedContent::TasksDue => pb::FeedContent::TasksDue,
    }
}

const fn titles(titles: FeedTitles) -> pb::FeedTitles {
    match titles {
        FeedTitles::DutyAndResident => pb::FeedTitles::DutyAndResident,
        FeedTitles::Duty => pb::FeedTitles::Duty,
        FeedTitles::Resident => pb::FeedTitles::Resident,
    }
}

pub(super) fn read(record: pb::FeedRecord) -> Read<Entered<Feed>> {
    let view = view(&record)?;
    let owner_resident = record.owner_resident.map(|id| read_id(&id, ResidentId::new, "feed.owner")).transpose()?;
    let owner_token = record.owner_token.map(|id| read_id(&id, TokenId::new, "feed.owner")).transpose()?;
    let value = Feed {
        name: record.name,
        team: read_id(&record.team, TeamId::new, "feed.team")?,
        owner: match (owner_resident, owner_token) {
            (Some(id), None) => FeedOwner::Resident(id),
            (None, Some(id)) => FeedOwner::Token(id),
            _ => return Err(RecordError::Field("feed.owner")),
        },
        view,
        hash: record.hash.as_ref().try_into().map_err(|_| RecordError::Field("feed.hash"))?,
        secret_time: read_instant(record.secret_time, "feed.secret_time")?,
        last_used: record.last_used.map(|at| read_instant(at, "feed.last_used")).transpose()?,
        issuer: record.issuer,
    };
    Ok(Entered { meta: read_meta(record.meta)?, value })
}

fn view(record: &pb::FeedRecord) -> Read<FeedView> {
    let find = |wanted: pb::FeedContent| FeedContent::ALL.into_iter().find(|known| content(*known) == wanted);
    let days = |days: u32, field| u16::try_from(days).map_err(|_| RecordError::Field(field));
    Ok(FeedView {
        content: find(record.content()).ok_or(RecordError::Field("feed.content"))?,
        scope: match (&record.duty, &record.resident) {
            (None, None) => FeedScope::Team,
            (Some(id), None) => FeedScope::Duty(read_id(id, DutyId::new, "feed.duty")?),
            (None, Some(id)) => FeedScope::Resident(read_id(id, ResidentId::new, "feed.resident")?),
            (Some(_), Some(_)) => return Err(RecordError::Field("feed.resident")),
        },
        past_days: days(record.past_days, "feed.past_days")?,
        future_days: days(record.future_days, "feed.future_days")?,
        titles: match record.titles() {
            pb::FeedTitles::DutyAndResident => FeedTitles::DutyAndResident,
            pb::FeedTitles::Duty => FeedTitles::Duty,
            pb::FeedTitles::Resident => FeedTitles::Resident,
            pb::FeedTitles::Unspecified => return Err(RecordError::Field("feed.titles")),
        },
        busy: record.busy,
    })
}
