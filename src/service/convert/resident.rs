//! Residents as messages.

use super::answers::handle;
use super::time::{date, read_date, read_weekly_windows, weekly_window};
use super::{full_names, read_enum, read_references, zone_or};
use crate::civil::Date;
use crate::model::{Handle, HandleAudience, Holidays, Resident, TeamId, Term, ZoneName};
use crate::proto::google_type as wire;
use crate::proto::v1;
use crate::service::request::Fields;

/// Returns the message for a resident of `team`, less what only the server states.
#[must_use]
pub fn resident(resident: &Resident, team: &TeamId) -> v1::Resident {
    let Resident { term, holidays, .. } = resident;
    let has_term = term.first.is_some() || term.last.is_some();
    v1::Resident {
        display_name: resident.display_name.clone(),
        home_zone: resident.home_zone.to_string(),
        working_hours: resident.working_hours.iter().map(weekly_window).collect(),
        capacity_hours: Some(resident.capacity_hours()),
        term: has_term.then(|| v1::Term {
            first_date: term.first.map(date),
            last_date: term.last.map(date),
            zone: term.zone.to_string(),
        }),
        skills: resident.skills.clone(),
        holidays: (!holidays.sets.is_empty()).then(|| v1::ResidentHolidays {
            holiday_sets: full_names(&holidays.sets, team),
            zone: holidays.zone.to_string(),
        }),
        handles: resident.handles.iter().map(handle).collect(),
        ..v1::Resident::default()
    }
}

/// Reads a resident of `team`. Zones left out are the home zone.
pub fn read_resident(resident: &v1::Resident, team: &TeamId, fields: &mut Fields) -> Resident {
    let home_zone = ZoneName::new(&resident.home_zone);
    Resident {
        display_name: resident.display_name.clone(),
        working_hours: read_weekly_windows("working_hours", &resident.working_hours, fields),
        capacity_minutes: read_capacity(resident.capacity_hours, fields),
        term: read_term(resident.term.as_ref(), &home_zone, fields),
        skills: resident.skills.clone(),
        holidays: read_holidays(resident.holidays.as_ref(), &home_zone, team, fields),
        handles: read_handles(&resident.handles, fields),
        home_zone,
    }
}

fn read_capacity(hours: Option<f64>, fields: &mut Fields) -> u32 {
    let Some(hours) = hours else { return Resident::CAPACITY_MINUTES_DEFAULT };
    Resident::minutes(hours).unwrap_or_else(|| {
        let range = "give hours a week, more than 0 and at most 168, to the minute";
        fields.add("capacity_hours", format!("{hours} is out of range; {range}"));
        Resident::CAPACITY_MINUTES_DEFAULT
    })
}

fn read_term(term: Option<&v1::Term>, home_zone: &ZoneName, fields: &mut Fields) -> Term {
    let Some(term) = term else { return Term { first: None, last: None, zone: home_zone.clone() } };
    if term.first_date.is_none() {
        fields.add("term.first_date", "is missing");
    }
    let mut day = |field: &str, day: Option<&wire::Date>| -> Option<Date> { fields.take(read_date(field, day?)) };
    Term {
        first: day("term.first_date", term.first_date.as_ref()),
        last: day("term.last_date", term.last_date.as_ref()),
        zone: zone_or(&term.zone, home_zone),
    }
}

fn read_holidays(
    holidays: Option<&v1::ResidentHolidays>,
    home_zone: &ZoneName,
    team: &TeamId,
    fields: &mut Fields,
) -> Holidays {
    let Some(holidays) = holidays else { return Holidays { sets: Vec::new(), zone: home_zone.clone() } };
    let field = "holidays.holiday_sets";
    if holidays.holiday_sets.is_empty() {
        fields.add(field, "is missing; name a set, or leave holidays out");
    }
    let sets = read_references(field, &holidays.holiday_sets, team, fields);
    Holidays { sets, zone: zone_or(&holidays.zone, home_zone) }
}

fn read_handles(handles: &[v1::Handle], fields: &mut Fields) -> Vec<Handle> {
    let mut found = Vec::with_capacity(handles.len());
    for (index, handle) in handles.iter().enumerate() {
        let audience = match read_enum(&format!("handles[{index}].audience"), handle.audience, fields) {
            v1::HandleAudience::Public => HandleAudience::Public,
            v1::HandleAudience::Team | v1::HandleAudience::Unspecified => HandleAudience::Team,
        };
        found.push(Handle { key: handle.key.clone(), value: handle.value.clone(), audience });
    }
    found
}
