//! Overrides as messages.

use super::stamp::{origin, uid};
use super::time::{interval, read_span, span, timestamp};
use crate::civil::{Date, UnknownZone, ZoneRules};
use crate::model::{DutyId, Entered, Override, OverrideForm, OverrideId, ResidentId, Span, TeamId, ZoneName};
use crate::proto::v1;
use crate::service::mask::{Field, field};
use crate::service::names::Name;
use crate::service::request::{Fields, etag};

/// What an update of an override may change.
pub const FIELDS: &[Field<v1::Override>] = &[field!(duty), field!(span), field!(by_resident), field!(for_resident)];

/// Returns an override.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks its zone.
pub fn override_entry(
    team: &TeamId,
    id: &OverrideId,
    entry: &Entered<Override>,
    rules: &ZoneRules,
) -> Result<v1::Override, UnknownZone> {
    let (meta, value, name) = (&entry.meta, &entry.value, id.full(team));
    Ok(v1::Override {
        uid: uid(&name, meta),
        name,
        duty: value.duty.full(team),
        span: Some(span(&value.span)),
        by_resident: value.form.by().map(|by| by.full(team)),
        for_resident: value.form.owner().map(|owner| owner.full(team)),
        interval: value.span.interval(rules)?.map(interval),
        forced: value.forced,
        swap: value.swap.as_ref().map(|id| id.full(team)).unwrap_or_default(),
        conflicts: Vec::new(),
        origin: origin(meta),
        create_time: Some(timestamp(meta.create_time)),
        update_time: Some(timestamp(meta.update_time)),
        etag: etag(meta),
    })
}

/// Reads an override; what cannot be read is a violation, and something that no check minds stands in its place.
pub fn read_override(message: &v1::Override, team: &TeamId, zone: &ZoneName, fields: &mut Fields) -> Override {
    let duty = fields.take_one(DutyId::reference("duty", &message.duty, team));
    let mut person = |field, name: &Option<String>| {
        let name = name.as_deref().filter(|name| !name.is_empty())?;
        Some(fields.take_one(ResidentId::reference(field, name, team)))
    };
    let nobody = || ResidentId::from_valid("nobody");
    let people = (person("by_resident", &message.by_resident), person("for_resident", &message.for_resident));
    let form = match people {
        (None, None) => {
            fields.add("by_resident", "is missing; name who covers, or in 'for_resident' who is taken off");
            OverrideForm::Add { by: nobody() }
        }
        (Some(by), None) => OverrideForm::Add { by: by.unwrap_or_else(nobody) },
        (None | Some(None), Some(owner)) => OverrideForm::TakeOff { owner: owner.unwrap_or_else(nobody) },
        (Some(Some(by)), Some(None)) => OverrideForm::Add { by },
        (Some(Some(by)), Some(Some(owner))) => OverrideForm::Replace { by, owner },
    };
    Override {
        duty: duty.unwrap_or_else(|| DutyId::from_valid("none")),
        span: read_span("span", message.span.as_ref(), zone, fields).unwrap_or_else(some_span),
        form,
        forced: false,
        swap: None,
    }
}

/// A span that no check minds.
pub(super) fn some_span() -> Span {
    let day = Date::constant(1970, 1, 2);
    Span::Days { first: day, last: Some(day), zone: ZoneName::new("UTC") }
}
