//! A resident's load as a message: whole for whoever may see everything of them, plain for everybody else.

use super::answers::{Naming, number};
use crate::access::SeesResident;
use crate::engine::{LoadHours, ResidentLoad};
use crate::proto::v1;
use crate::service::names::Name;

/// Returns what the audience may see of a resident's load.
pub fn load(naming: Naming<'_>, load: &ResidentLoad) -> v1::Load {
    let plain = v1::Load {
        resident: load.resident.full(&naming.team.id),
        display_name: naming.display_name(&load.resident),
        on_duty_seconds: load.hours.seconds(),
        hours: None,
        duties: duties(naming, load, |_| None),
        standby_seconds: load.standby_seconds,
        tasks_done: number(load.tasks_done),
        effort_hours: load.effort_minutes as f64 / 60.0,
        available_seconds: None,
        share_seconds: None,
        beyond_share_seconds: None,
    };
    let Some(proof) = naming.audience.sees_resident(&load.resident) else { return plain };
    v1::Load {
        hours: Some(hours(proof, &load.hours)),
        duties: duties(naming, load, |counted| Some(hours(proof, counted))),
        available_seconds: Some(load.available_seconds),
        share_seconds: Some(load.share_seconds),
        beyond_share_seconds: Some(load.beyond_share_seconds()),
        ..plain
    }
}

fn duties(
    naming: Naming<'_>,
    load: &ResidentLoad,
    by_kind: impl Fn(&LoadHours) -> Option<v1::LoadHours>,
) -> Vec<v1::DutyLoad> {
    let one = load.duties.iter().map(|(duty, counted)| v1::DutyLoad {
        duty: duty.full(&naming.team.id),
        on_duty_seconds: counted.seconds(),
        hours: by_kind(counted),
    });
    one.collect()
}

/// The kinds of hours tell when somebody works and where they are.
fn hours(_: SeesResident, hours: &LoadHours) -> v1::LoadHours {
    v1::LoadHours {
        holiday_seconds: hours.holiday_seconds,
        weekend_seconds: hours.weekend_seconds,
        night_seconds: hours.night_seconds,
        evening_seconds: hours.evening_seconds,
        working_seconds: hours.working_seconds,
    }
}
