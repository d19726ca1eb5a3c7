//! `ResidentService`: the people of a team.

use super::configured::{Kind, Stated};
use super::convert::plain::plain_resident;
use super::convert::resident::{read_resident, resident};
use super::mask::{Field, field};
use super::names::Name;
use super::request::Fields;
use super::stamp::{Stamp, shown, stamped};
use super::team_objects::child_service;
use crate::access::{Audience, PlainResident};
use crate::civil::Instant;
use crate::model::{Meta, ObjectKey, Origin, Resident, ResidentId, TeamId, TeamSnapshot, Versions};
use crate::proto::v1;
use crate::proto::v1::resident_service_server::ResidentService;
use crate::roster::{Dated, Draft, Refusal};

child_service! {
    /// Answers calls about residents.
    Residents of Residing (Resident) answers ResidentService:
    create create_resident(CreateResidentRequest: resident_id, resident),
    get get_resident(GetResidentRequest),
    list list_residents(ListResidentsRequest) ListResidentsResponse { residents },
    update update_resident(UpdateResidentRequest),
    delete delete_resident(DeleteResidentRequest),
}

/// Residents as a kind of configured object.
pub(super) enum Residing {}

impl Kind for Residing {
    type Id = ResidentId;
    type Value = Resident;
    type Message = v1::Resident;

    const FIELD: &'static str = "resident";
    const FIELDS: &'static [Field<v1::Resident>] = &[
        field!(display_name),
        field!(home_zone),
        field!(working_hours),
        field!(capacity_hours),
        field!(term),
        field!(term.first_date),
        field!(term.last_date),
        field!(term.zone),
        field!(skills),
        field!(holidays),
        field!(holidays.holiday_sets),
        field!(holidays.zone),
        field!(handles),
    ];
    const RENAMED: &'static [(&'static str, &'static str)] =
        &[("term.first", "first_date"), ("term.last", "last_date"), ("holidays.sets", "holiday_sets")];

    fn read_name(field: &str, name: &str) -> Result<(TeamId, ResidentId), Refusal> {
        ResidentId::read(field, name)
    }

    fn name(team: &TeamId, id: &ResidentId) -> String {
        id.full(team)
    }

    fn key(id: &ResidentId) -> ObjectKey {
        ObjectKey::Resident(id.clone())
    }

    fn ids(team: &TeamSnapshot) -> Vec<ResidentId> {
        team.residents.keys().cloned().collect()
    }

    fn kept<'a>(team: &'a TeamSnapshot, id: &ResidentId) -> Option<(&'a Meta, &'a Versions<Resident>)> {
        team.residents.get(id).map(|kept| (&kept.meta, &kept.versions))
    }

    fn view(team: &TeamSnapshot, id: &ResidentId, at: Instant) -> Option<v1::Resident> {
        let (_, stated) = team.residents.get(id)?.versions.at(at)?;
        Some(resident(stated, &team.id))
    }

    fn seen(team: &TeamSnapshot, id: &ResidentId, at: Instant, audience: &Audience) -> Option<Self::Message> {
        match audience.sees_resident(id) {
            Some(_) => shown::<Self>(team, id, at),
            None => {
                let (_, stated) = team.residents.get(id)?.versions.at(at)?;
                Some(plain_resident(&team.id, id, &PlainResident::of(stated, audience)))
            }
        }
    }

    fn stamp(message: v1::Resident, stamp: Stamp) -> v1::Resident {
        stamped!(message, stamp)
    }

    fn identity(message: &v1::Resident) -> (&str, &str) {
        (&message.name, &message.etag)
    }

    fn state(draft: &mut Draft<'_>, stated: &Stated<'_, Self>, wrong: &mut Fields) -> Result<(), Refusal> {
        let value = read_resident(stated.message, stated.team, wrong);
        draft.resident(stated.id, Some(value), stated.dated, Origin::Entered)
    }

    fn end(draft: &mut Draft<'_>, id: &ResidentId, dated: Dated) -> Result<(), Refusal> {
        draft.resident(id, None, dated, Origin::Entered)
    }
}
