//! Duties and their requirements as messages.

use std::collections::BTreeMap;

use super::answers::number;
use super::layer::{layer, read_layer};
use super::time::{date, read_date, read_weekly_windows, weekly_window};
use super::{full_names, read_enum, read_id, read_number, read_references, zone_or};
use crate::civil::{Date, Instant};
use crate::model::{
    ConfiguredDuty, Criticality, Duty, Headcount, Layer, LayerId, Requirement, RequirementId, RequirementTime, TeamId,
    ZoneName,
};
use crate::proto::google_type as wire;
use crate::proto::v1;
use crate::proto::v1::headcount::Size;
use crate::service::request::Fields;

/// Returns the message for a duty of `team` as it is at `at`, less what only the server states; `None` where it is not
/// in effect then.
#[must_use]
pub fn duty(duty: &ConfiguredDuty, at: Instant, team: &TeamId) -> Option<v1::Duty> {
    let (_, stated) = duty.versions.at(at)?;
    let layers = stated.layers.iter().filter_map(|id| {
        let versions = duty.layers.get(id)?;
        Some(layer(id, versions.at(at)?.1, versions.stretch_at(at)?, team))
    });
    let criticality = match stated.criticality {
        Criticality::Low => v1::Criticality::Low,
        Criticality::Normal => v1::Criticality::Normal,
        Criticality::High => v1::Criticality::High,
        Criticality::Critical => v1::Criticality::Critical,
    };
    let size = match stated.headcount {
        Headcount::Count(count) => Size::Count(number(count)),
        Headcount::All => Size::All(true),
    };
    Some(v1::Duty {
        title: stated.title.clone(),
        description: stated.description.clone(),
        requirements: stated.requirements.iter().map(|found| requirement(found, team)).collect(),
        layers: layers.collect(),
        skills: stated.skills.clone(),
        headcount: Some(v1::Headcount { size: Some(size) }),
        criticality: criticality.into(),
        in_feed: Some(stated.in_feed),
        ..v1::Duty::default()
    })
}

fn requirement(requirement: &Requirement, team: &TeamId) -> v1::Requirement {
    let windows = match &requirement.time {
        RequirementTime::Always => None,
        RequirementTime::Windows(windows) => Some(windows.iter().map(weekly_window).collect()),
    };
    v1::Requirement {
        id: requirement.id.to_string(),
        windows: windows.map(|windows| v1::WeeklyWindows { windows }),
        zone: requirement.zone.to_string(),
        headcount: requirement.headcount.map(number),
        first_date: requirement.first.map(date),
        last_date: requirement.last.map(date),
        holiday_sets: full_names(&requirement.holiday_sets, team),
    }
}

/// Reads a duty of `team` and its layers; `zone` is the team's.
pub fn read_duty(
    duty: &v1::Duty,
    team: &TeamId,
    zone: &ZoneName,
    fields: &mut Fields,
) -> (Duty, BTreeMap<LayerId, Layer>) {
    let mut requirements = Vec::with_capacity(duty.requirements.len());
    for (index, requirement) in duty.requirements.iter().enumerate() {
        requirements.extend(read_requirement(index, requirement, team, zone, fields));
    }
    let (mut order, mut layers) = (Vec::with_capacity(duty.layers.len()), BTreeMap::new());
    for (index, layer) in duty.layers.iter().enumerate() {
        let field = format!("layers[{index}]");
        let read = read_layer(&field, layer, team, zone, fields);
        let Some(id) = read_id(&format!("{field}.id"), &layer.id, index, LayerId::new, fields) else { continue };
        order.push(id.clone());
        layers.insert(id, read);
    }
    let criticality = match read_enum("criticality", duty.criticality, fields) {
        v1::Criticality::Low => Criticality::Low,
        v1::Criticality::Normal | v1::Criticality::Unspecified => Criticality::Normal,
        v1::Criticality::High => Criticality::High,
        v1::Criticality::Critical => Criticality::Critical,
    };
    let duty = Duty {
        title: duty.title.clone(),
        description: duty.description.clone(),
        requirements,
        layers: order,
        skills: duty.skills.clone(),
        headcount: read_headcount(duty.headcount, fields),
        criticality,
        in_feed: duty.in_feed.unwrap_or(true),
    };
    (duty, layers)
}

fn read_headcount(headcount: Option<v1::Headcount>, fields: &mut Fields) -> Headcount {
    match headcount.map(|headcount| headcount.size) {
        None => Headcount::Count(1),
        Some(Some(Size::Count(count))) => Headcount::Count(read_number("headcount.count", count, fields)),
        Some(Some(Size::All(all))) => {
            if !all {
                fields.add("headcount.all", "is false; give a count, or say that it is everybody");
            }
            Headcount::All
        }
        Some(None) => {
            fields.add("headcount", "has no size; give a count, or say that it is everybody");
            Headcount::Count(1)
        }
    }
}

fn read_requirement(
    index: usize,
    requirement: &v1::Requirement,
    team: &TeamId,
    zone: &ZoneName,
    fields: &mut Fields,
) -> Option<Requirement> {
    let at = |part: &str| format!("requirements[{index}].{part}");
    let time = match &requirement.windows {
        None => RequirementTime::Always,
        Some(windows) => {
            RequirementTime::Windows(read_weekly_windows(&at("windows.windows"), &windows.windows, fields))
        }
    };
    let headcount = requirement.headcount.map(|count| read_number(&at("headcount"), count, fields));
    let mut day = |part: &str, day: Option<&wire::Date>| -> Option<Date> { fields.take(read_date(&at(part), day?)) };
    let first = day("first_date", requirement.first_date.as_ref());
    let last = day("last_date", requirement.last_date.as_ref());
    let holiday_sets = read_references(&at("holiday_sets"), &requirement.holiday_sets, team, fields);
    let id = read_id(&at("id"), &requirement.id, index, RequirementId::new, fields)?;
    Some(Requirement { id, time, zone: zone_or(&requirement.zone, zone), headcount, first, last, holiday_sets })
}
