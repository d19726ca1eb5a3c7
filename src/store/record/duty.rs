//! The record of a duty with its layers.

use super::civil::{read_date, read_id, read_ids, read_windows, write_windows};
use super::meta::{read_meta, read_version, read_versions, write_meta, write_versions};
use super::{Read, RecordError, layer, pb};
use crate::model::{
    ConfiguredDuty, Criticality, Duty, Headcount, HolidaySetId, LayerId, Requirement, RequirementId, RequirementTime,
    ZoneName,
};

pub(super) fn write(duty: &ConfiguredDuty) -> pb::DutyRecord {
    let history = |(id, versions)| pb::LayerHistory { id: LayerId::to_string(id), versions: layer::write(versions) };
    pb::DutyRecord {
        meta: write_meta(&duty.meta),
        versions: write_versions(&duty.versions, |from, made, duty| pb::DutyVersion {
            from,
            made,
            duty: duty.map(write_value),
        }),
        layers: duty.layers.iter().map(history).collect(),
    }
}

pub(super) fn read(record: pb::DutyRecord) -> Read<ConfiguredDuty> {
    let versions = record.versions.into_iter();
    let history = |history: pb::LayerHistory| {
        Ok((read_id(&history.id, LayerId::new, "duty.layers.id")?, layer::read(history.versions)?))
    };
    Ok(ConfiguredDuty {
        meta: read_meta(record.meta)?,
        versions: read_versions(versions.map(|v| read_version(v.from, v.made, v.duty, read_value)))?,
        layers: record.layers.into_iter().map(history).collect::<Read<_>>()?,
    })
}

fn write_value(duty: &Duty) -> pb::Duty {
    let criticality = match duty.criticality {
        Criticality::Low => pb::Criticality::Low,
        Criticality::Normal => pb::Criticality::Normal,
        Criticality::High => pb::Criticality::High,
        Criticality::Critical => pb::Criticality::Critical,
    };
    pb::Duty {
        title: duty.title.clone(),
        description: duty.description.clone(),
        requirements: duty.requirements.iter().map(write_requirement).collect(),
        layers: duty.layers.iter().map(ToString::to_string).collect(),
        skills: duty.skills.clone(),
        headcount: match duty.headcount {
            Headcount::Count(count) => Some(count),
            Headcount::All => None,
        },
        criticality: criticality.into(),
        in_feed: duty.in_feed,
    }
}

fn read_value(duty: pb::Duty) -> Read<Duty> {
    let criticality = match duty.criticality() {
        pb::Criticality::Unspecified => return Err(RecordError::Field("duty.criticality")),
        pb::Criticality::Low => Criticality::Low,
        pb::Criticality::Normal => Criticality::Normal,
        pb::Criticality::High => Criticality::High,
        pb::Criticality::Critical => Criticality::Critical,
    };
    Ok(Duty {
        title: duty.title,
        description: duty.description,
        requirements: duty.requirements.into_iter().map(read_requirement).collect::<Read<_>>()?,
        layers: read_ids(&duty.layers, LayerId::new, "duty.layers")?,
        skills: duty.skills,
        headcount: duty.headcount.map_or(Headcount::All, Headcount::Count),
        criticality,
        in_feed: duty.in_feed,
    })
}

fn write_requirement(requirement: &Requirement) -> pb::Requirement {
    use pb::requirement::Time;
    pb::Requirement {
        id: requirement.id.to_string(),
        time: Some(match &requirement.time {
            RequirementTime::Always => Time::Always(pb::Always {}),
            RequirementTime::Windows(windows) => Time::Windows(pb::WeeklyWindows { windows: write_windows(windows) }),
        }),
        zone: requirement.zone.to_string(),
        headcount: requirement.headcount,
        first: requirement.first.map(|first| first.to_string()),
        last: requirement.last.map(|last| last.to_string()),
        holiday_sets: requirement.holiday_sets.iter().map(ToString::to_string).collect(),
    }
}

fn read_requirement(requirement: pb::Requirement) -> Read<Requirement> {
    use pb::requirement::Time;
    Ok(Requirement {
        id: read_id(&requirement.id, RequirementId::new, "requirement.id")?,
        time: match requirement.time.ok_or(RecordError::Field("requirement.time"))? {
            Time::Always(pb::Always {}) => RequirementTime::Always,
            Time::Windows(windows) => RequirementTime::Windows(read_windows(windows.windows)?),
        },
        zone: ZoneName::new(&requirement.zone),
        headcount: requirement.headcount,
        first: requirement.first.map(|first| read_date(&first, "requirement.first")).transpose()?,
        last: requirement.last.map(|last| read_date(&last, "requirement.last")).transpose()?,
        holiday_sets: read_ids(&requirement.holiday_sets, HolidaySetId::new, "requirement.holiday_sets")?,
    })
}
