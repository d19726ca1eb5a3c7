//! Layers as messages.

use super::answers::number;
use super::time::{date_time, interval, read_date_time, read_weekly_windows, weekly_window};
use super::{full_names, read_enum, read_references, zone_or};
use crate::civil::{DATE_MIN, Interval, ShiftLength, ShiftUnit};
use crate::model::{Hours, Layer, LayerId, Rotation, Source, TeamId, WhenAbsent, Windows, ZoneName};
use crate::proto::v1;
use crate::proto::v1::layer::Source as WireSource;
use crate::roster::Refusal;
use crate::service::request::Fields;

/// Returns the message for a layer of a duty of `team`; `stretch` is when it is in effect.
#[must_use]
pub fn layer(id: &LayerId, layer: &Layer, stretch: Interval, team: &TeamId) -> v1::Layer {
    let hours = match layer.hours {
        Hours::Any => v1::LayerHours::Any,
        Hours::Working => v1::LayerHours::Working,
    };
    let when_absent = match layer.when_absent {
        WhenAbsent::NextParticipant => v1::WhenAbsent::NextParticipant,
        WhenAbsent::NextLayer => v1::WhenAbsent::NextLayer,
    };
    let source = match &layer.source {
        Source::Rotation(found) => WireSource::Rotation(rotation(found, team)),
        Source::Pool(members) => WireSource::Pool(v1::Pool { members: full_names(members, team) }),
    };
    v1::Layer {
        id: id.to_string(),
        windows: layer.windows.as_ref().map(|windows| v1::ZonedWindows {
            zone: windows.zone.to_string(),
            windows: windows.windows.iter().map(weekly_window).collect(),
        }),
        hours: hours.into(),
        when_absent: when_absent.into(),
        shadows: full_names(&layer.shadows, team),
        effective_interval: Some(interval(stretch)),
        source: Some(source),
    }
}

fn rotation(rotation: &Rotation, team: &TeamId) -> v1::Rotation {
    v1::Rotation {
        participants: full_names(&rotation.participants, team),
        shift_length: Some(shift_length(rotation.length)),
        anchor: Some(date_time(rotation.anchor)),
        zone: rotation.zone.to_string(),
    }
}

/// Returns the message for a shift length.
pub fn shift_length(length: ShiftLength) -> v1::ShiftLength {
    let unit = match length.unit() {
        ShiftUnit::Hours => v1::ShiftUnit::Hours,
        ShiftUnit::Days => v1::ShiftUnit::Days,
        ShiftUnit::Weeks => v1::ShiftUnit::Weeks,
        ShiftUnit::Months => v1::ShiftUnit::Months,
    };
    v1::ShiftLength { count: number(length.count()), unit: unit.into() }
}

/// Reads the layer at `field` of a duty of `team`; `zone` is the team's.
pub fn read_layer(field: &str, layer: &v1::Layer, team: &TeamId, zone: &ZoneName, fields: &mut Fields) -> Layer {
    let source = match &layer.source {
        Some(WireSource::Rotation(rotation)) => {
            Source::Rotation(read_rotation(&format!("{field}.rotation"), rotation, team, zone, fields))
        }
        Some(WireSource::Pool(pool)) => {
            Source::Pool(read_references(&format!("{field}.pool.members"), &pool.members, team, fields))
        }
        None => {
            fields.add(field, "has neither a rotation nor a pool; give one");
            Source::Pool(Vec::new())
        }
    };
    let hours = match read_enum(&format!("{field}.hours"), layer.hours, fields) {
        v1::LayerHours::Any | v1::LayerHours::Unspecified => Hours::Any,
        v1::LayerHours::Working => Hours::Working,
    };
    let when_absent = match read_enum(&format!("{field}.when_absent"), layer.when_absent, fields) {
        v1::WhenAbsent::NextParticipant | v1::WhenAbsent::Unspecified => WhenAbsent::NextParticipant,
        v1::WhenAbsent::NextLayer => WhenAbsent::NextLayer,
    };
    let windows = layer.windows.as_ref().map(|windows| Windows {
        zone: ZoneName::new(&windows.zone),
        windows: read_weekly_windows(&format!("{field}.windows.windows"), &windows.windows, fields),
    });
    let shadows = read_references(&format!("{field}.shadows"), &layer.shadows, team, fields);
    Layer { source, windows, hours, when_absent, shadows }
}

fn read_rotation(
    field: &str,
    rotation: &v1::Rotation,
    team: &TeamId,
    zone: &ZoneName,
    fields: &mut Fields,
) -> Rotation {
    let at = |part: &str| format!("{field}.{part}");
    let anchor = match &rotation.anchor {
        Some(anchor) => read_date_time(&at("anchor"), anchor),
        None => Err(Refusal::field(&at("anchor"), "is missing; give the local date and time at which a turn begins")),
    };
    Rotation {
        participants: read_references(&at("participants"), &rotation.participants, team, fields),
        length: read_length(&at("shift_length"), rotation.shift_length.as_ref(), fields),
        anchor: fields.take(anchor).unwrap_or_else(|| DATE_MIN.at(0, 0, 0, 0)),
        zone: zone_or(&rotation.zone, zone),
        offset: 0,
        grid: 1,
        held_turn: None,
    }
}

fn read_length(field: &str, length: Option<&v1::ShiftLength>, fields: &mut Fields) -> ShiftLength {
    let Some(length) = length else {
        fields.add(field, "is missing; give a count and a unit");
        return ShiftLength::WEEK;
    };
    let known = match read_enum(&format!("{field}.unit"), length.unit, fields) {
        v1::ShiftUnit::Hours => Some(ShiftUnit::Hours),
        v1::ShiftUnit::Days => Some(ShiftUnit::Days),
        v1::ShiftUnit::Weeks => Some(ShiftUnit::Weeks),
        v1::ShiftUnit::Months => Some(ShiftUnit::Months),
        v1::ShiftUnit::Unspecified => None,
    };
    if length.unit == 0 {
        fields.add(format!("{field}.unit"), "is missing; give hours, days, weeks or months");
    }
    let unit = known.unwrap_or(ShiftUnit::Weeks);
    let read = u32::try_from(length.count).ok().and_then(|count| ShiftLength::new(count, unit));
    read.unwrap_or_else(|| {
        fields.add(format!("{field}.count"), format!("{} is not from 1 to {}", length.count, ShiftLength::COUNT_MAX));
        ShiftLength::WEEK
    })
}
