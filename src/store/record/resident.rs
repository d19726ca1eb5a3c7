//! The record of a resident.

use super::civil::{read_date, read_ids, read_windows, write_windows};
use super::meta::{read_meta, read_version, read_versions, write_meta, write_versions};
use super::{Read, RecordError, pb};
use crate::model::{Configured, Handle, HandleAudience, HolidaySetId, Holidays, Resident, Term, ZoneName};

pub(super) fn write(resident: &Configured<Resident>) -> pb::ResidentRecord {
    pb::ResidentRecord {
        meta: write_meta(&resident.meta),
        versions: write_versions(&resident.versions, |from, made, resident| pb::ResidentVersion {
            from,
            made,
            resident: resident.map(write_value),
        }),
    }
}

pub(super) fn read(record: pb::ResidentRecord) -> Read<Configured<Resident>> {
    let versions = record.versions.into_iter();
    Ok(Configured {
        meta: read_meta(record.meta)?,
        versions: read_versions(versions.map(|v| read_version(v.from, v.made, v.resident, read_value)))?,
    })
}

fn write_value(resident: &Resident) -> pb::Resident {
    let term = &resident.term;
    pb::Resident {
        display_name: resident.display_name.clone(),
        home_zone: resident.home_zone.to_string(),
        working_hours: write_windows(&resident.working_hours),
        capacity_minutes: resident.capacity_minutes,
        term: Some(pb::Term {
            first: term.first.map(|first| first.to_string()),
            last: term.last.map(|last| last.to_string()),
            zone: term.zone.to_string(),
        }),
        skills: resident.skills.clone(),
        holidays: Some(pb::Holidays {
            sets: resident.holidays.sets.iter().map(ToString::to_string).collect(),
            zone: resident.holidays.zone.to_string(),
        }),
        handles: resident.handles.iter().map(write_handle).collect(),
    }
}

fn read_value(resident: pb::Resident) -> Read<Resident> {
    let term = resident.term.ok_or(RecordError::Field("resident.term"))?;
    let holidays = resident.holidays.ok_or(RecordError::Field("resident.holidays"))?;
    Ok(Resident {
        home_zone: ZoneName::new(&resident.home_zone),
        working_hours: read_windows(resident.working_hours)?,
        capacity_minutes: resident.capacity_minutes,
        term: Term {
            first: term.first.map(|first| read_date(&first, "term.first")).transpose()?,
            last: term.last.map(|last| read_date(&last, "term.last")).transpose()?,
            zone: ZoneName::new(&term.zone),
        },
        skills: resident.skills,
        holidays: Holidays {
            sets: read_ids(&holidays.sets, HolidaySetId::new, "holidays.sets")?,
            zone: ZoneName::new(&holidays.zone),
        },
        handles: resident.handles.into_iter().map(read_handle).collect::<Read<_>>()?,
        display_name: resident.display_name,
    })
}

fn write_handle(handle: &Handle) -> pb::Handle {
    let audience = match handle.audience {
        HandleAudience::Public => pb::HandleAudience::Public,
        HandleAudience::Team => pb::HandleAudience::Team,
    };
    pb::Handle { key: handle.key.clone(), value: handle.value.clone(), audience: audience.into() }
}

fn read_handle(handle: pb::Handle) -> Read<Handle> {
    let audience = match handle.audience() {
        pb::HandleAudience::Unspecified => return Err(RecordError::Field("handle.audience")),
        pb::HandleAudience::Public => HandleAudience::Public,
        pb::HandleAudience::Team => HandleAudience::Team,
    };
    Ok(Handle { key: handle.key, value: handle.value, audience })
}
