//! `HolidaySetService`: named dates that residents take off and requirements rest on.

use super::configured::{Kind, Stated};
use super::convert::holiday_set::{holiday_set, read_holiday_set};
use super::mask::{Field, field};
use super::names::Name;
use super::request::Fields;
use super::stamp::{Stamp, shown, stamped};
use super::team_objects::child_service;
use crate::access::Audience;
use crate::civil::Instant;
use crate::model::{HolidaySet, HolidaySetId, Meta, ObjectKey, Origin, TeamId, TeamSnapshot, Versions};
use crate::proto::v1;
use crate::proto::v1::holiday_set_service_server::HolidaySetService;
use crate::roster::{Dated, Draft, Refusal};

child_service! {
    /// Answers calls about holiday sets.
    HolidaySets of Resting (HolidaySet) answers HolidaySetService:
    create create_holiday_set(CreateHolidaySetRequest: holiday_set_id, holiday_set),
    get get_holiday_set(GetHolidaySetRequest),
    list list_holiday_sets(ListHolidaySetsRequest) ListHolidaySetsResponse { holiday_sets },
    update update_holiday_set(UpdateHolidaySetRequest),
    delete delete_holiday_set(DeleteHolidaySetRequest),
    also import_holidays(ImportHolidaysRequest) -> ImportHolidaysResponse = import,
}

/// Holiday sets as a kind of configured object.
pub(super) enum Resting {}

impl Kind for Resting {
    type Id = HolidaySetId;
    type Value = HolidaySet;
    type Message = v1::HolidaySet;

    const FIELD: &'static str = "holiday_set";
    const FIELDS: &'static [Field<v1::HolidaySet>] = &[field!(display_name), field!(holidays)];
    const RENAMED: &'static [(&'static str, &'static str)] = &[("holidays.name", "title")];

    fn read_name(field: &str, name: &str) -> Result<(TeamId, HolidaySetId), Refusal> {
        HolidaySetId::read(field, name)
    }

    fn name(team: &TeamId, id: &HolidaySetId) -> String {
        id.full(team)
    }

    fn key(id: &HolidaySetId) -> ObjectKey {
        ObjectKey::HolidaySet(id.clone())
    }

    fn ids(team: &TeamSnapshot) -> Vec<HolidaySetId> {
        team.holiday_sets.keys().cloned().collect()
    }

    fn kept<'a>(team: &'a TeamSnapshot, id: &HolidaySetId) -> Option<(&'a Meta, &'a Versions<HolidaySet>)> {
        team.holiday_sets.get(id).map(|kept| (&kept.meta, &kept.versions))
    }

    fn view(team: &TeamSnapshot, id: &HolidaySetId, at: Instant) -> Option<v1::HolidaySet> {
        team.holiday_sets.get(id)?.versions.at(at).map(|(_, stated)| holiday_set(stated))
    }

    fn seen(team: &TeamSnapshot, id: &HolidaySetId, at: Instant, _: &Audience) -> Option<Self::Message> {
        shown::<Self>(team, id, at)
    }

    fn stamp(message: v1::HolidaySet, stamp: Stamp) -> v1::HolidaySet {
        stamped!(message, stamp)
    }

    fn identity(message: &v1::HolidaySet) -> (&str, &str) {
        (&message.name, &message.etag)
    }

    fn state(draft: &mut Draft<'_>, stated: &Stated<'_, Self>, wrong: &mut Fields) -> Result<(), Refusal> {
        let value = read_holiday_set(stated.message, wrong);
        draft.holiday_set(stated.id, Some(value), stated.dated, Origin::Entered)
    }

    fn end(draft: &mut Draft<'_>, id: &HolidaySetId, dated: Dated) -> Result<(), Refusal> {
        draft.holiday_set(id, None, dated, Origin::Entered)
    }
}
