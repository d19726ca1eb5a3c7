//! `DutyService`: what has to be covered, with requirements and layers.

use super::configured::{Kind, Stated};
use super::convert::duty::{duty, read_duty};
use super::mask::{Field, field};
use super::names::Name;
use super::request::Fields;
use super::stamp::{Stamp, shown, stamped};
use super::team_objects::child_service;
use crate::access::Audience;
use crate::civil::{Instant, Interval};
use crate::model::{Duty, DutyId, Meta, ObjectKey, Origin, TeamId, TeamSnapshot, Versions};
use crate::proto::v1;
use crate::proto::v1::duty_service_server::DutyService;
use crate::roster::{Dated, Draft, Refusal};

child_service! {
    /// Answers calls about duties.
    Duties of Covering (Duty) answers DutyService:
    create create_duty(CreateDutyRequest: duty_id, duty),
    get get_duty(GetDutyRequest),
    list list_duties(ListDutiesRequest) ListDutiesResponse { duties },
    update update_duty(UpdateDutyRequest),
    delete delete_duty(DeleteDutyRequest),
    also get_rota(GetRotaRequest) -> Rota = rota,
    also change_participants(ChangeParticipantsRequest) -> ChangeParticipantsResponse = change_participants,
}

/// Duties as a kind of configured object.
pub(super) enum Covering {}

impl Kind for Covering {
    type Id = DutyId;
    type Value = Duty;
    type Message = v1::Duty;

    const FIELD: &'static str = "duty";
    const FIELDS: &'static [Field<v1::Duty>] = &[
        field!(title),
        field!(description),
        field!(requirements),
        field!(layers),
        field!(skills),
        field!(headcount),
        Field { path: "headcount.count", is_set: |_| false, copy: |to, from| to.headcount = from.headcount },
        Field { path: "headcount.all", is_set: |_| false, copy: |to, from| to.headcount = from.headcount },
        field!(criticality),
        field!(in_feed),
    ];
    const RENAMED: &'static [(&'static str, &'static str)] = &[
        ("requirements.windows", "windows.windows"),
        ("requirements.first", "first_date"),
        ("requirements.last", "last_date"),
        ("headcount", "headcount.count"),
    ];

    fn read_name(field: &str, name: &str) -> Result<(TeamId, DutyId), Refusal> {
        DutyId::read(field, name)
    }

    fn name(team: &TeamId, id: &DutyId) -> String {
        id.full(team)
    }

    fn key(id: &DutyId) -> ObjectKey {
        ObjectKey::Duty(id.clone())
    }

    fn ids(team: &TeamSnapshot) -> Vec<DutyId> {
        team.duties.keys().cloned().collect()
    }

    fn kept<'a>(team: &'a TeamSnapshot, id: &DutyId) -> Option<(&'a Meta, &'a Versions<Duty>)> {
        team.duties.get(id).map(|kept| (&kept.meta, &kept.versions))
    }

    fn view(team: &TeamSnapshot, id: &DutyId, at: Instant) -> Option<v1::Duty> {
        duty(team.duties.get(id)?, at, &team.id)
    }

    /// What is shown holds as long as neither the duty nor one of its layers changes.
    fn stretch(team: &TeamSnapshot, id: &DutyId, at: Instant) -> Option<Interval> {
        let duty = team.duties.get(id)?;
        let (_, stated) = duty.versions.at(at)?;
        let layers = stated.layers.iter().filter_map(|layer| duty.layers.get(layer)?.stretch_at(at));
        layers.fold(duty.versions.stretch_at(at), |both, layer| both?.intersection(layer))
    }

    fn seen(team: &TeamSnapshot, id: &DutyId, at: Instant, _: &Audience) -> Option<Self::Message> {
        shown::<Self>(team, id, at)
    }

    fn stamp(message: v1::Duty, stamp: Stamp) -> v1::Duty {
        stamped!(message, stamp)
    }

    /// When a layer is in effect follows from what is stated of it.
    fn bare(message: v1::Duty) -> v1::Duty {
        let mut bare = Self::stamp(message, Stamp::none());
        bare.layers.iter_mut().for_each(|layer| layer.effective_interval = None);
        bare
    }

    fn identity(message: &v1::Duty) -> (&str, &str) {
        (&message.name, &message.etag)
    }

    fn state(draft: &mut Draft<'_>, stated: &Stated<'_, Self>, wrong: &mut Fields) -> Result<(), Refusal> {
        let (value, layers) = read_duty(stated.message, stated.team, &stated.zone, wrong);
        // Layers that an edit does not name stay as they are, with what is planned for them.
        match stated.mask {
            Some(mask) if !mask.touches("layers") => draft.duty_alone(stated.id, value, stated.dated, Origin::Entered),
            _ => draft.duty(stated.id, Some((value, layers)), stated.dated, Origin::Entered),
        }
    }

    fn end(draft: &mut Draft<'_>, id: &DutyId, dated: Dated) -> Result<(), Refusal> {
        draft.duty(id, None, dated, Origin::Entered)
    }
}
