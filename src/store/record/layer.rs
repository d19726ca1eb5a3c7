//! A layer's versions, within the record of its duty.

use super::civil::{read_date_time, read_ids, read_windows, write_windows};
use super::meta::{read_version, read_versions, write_versions};
use super::{Read, RecordError, pb};
use crate::civil::{ShiftLength, ShiftUnit};
use crate::model::{Hours, Layer, ResidentId, Rotation, Source, Versions, WhenAbsent, Windows, ZoneName};

pub(super) fn write(versions: &Versions<Layer>) -> Vec<pb::LayerVersion> {
    write_versions(versions, |from, made, layer| pb::LayerVersion { from, made, layer: layer.map(write_value) })
}

pub(super) fn read(versions: Vec<pb::LayerVersion>) -> Read<Versions<Layer>> {
    read_versions(versions.into_iter().map(|v| read_version(v.from, v.made, v.layer, read_value)))
}

fn write_value(layer: &Layer) -> pb::Layer {
    let windows = |windows: &Windows| pb::ZonedWindows {
        zone: windows.zone.to_string(),
        windows: write_windows(&windows.windows),
    };
    let hours = match layer.hours {
        Hours::Any => pb::Hours::Any,
        Hours::Working => pb::Hours::Working,
    };
    let when_absent = match layer.when_absent {
        WhenAbsent::NextParticipant => pb::WhenAbsent::NextParticipant,
        WhenAbsent::NextLayer => pb::WhenAbsent::NextLayer,
    };
    pb::Layer {
        source: Some(match &layer.source {
            Source::Rotation(rotation) => pb::layer::Source::Rotation(write_rotation(rotation)),
            Source::Pool(members) => pb::layer::Source::Pool(pb::Pool { members: texts(members) }),
        }),
        windows: layer.windows.as_ref().map(windows),
        hours: hours.into(),
        when_absent: when_absent.into(),
        shadows: texts(&layer.shadows),
    }
}

fn read_value(layer: pb::Layer) -> Read<Layer> {
    let hours = match layer.hours() {
        pb::Hours::Unspecified => return Err(RecordError::Field("layer.hours")),
        pb::Hours::Any => Hours::Any,
        pb::Hours::Working => Hours::Working,
    };
    let when_absent = match layer.when_absent() {
        pb::WhenAbsent::Unspecified => return Err(RecordError::Field("layer.when_absent")),
        pb::WhenAbsent::NextParticipant => WhenAbsent::NextParticipant,
        pb::WhenAbsent::NextLayer => WhenAbsent::NextLayer,
    };
    let windows = |windows: pb::ZonedWindows| {
        Ok(Windows { zone: ZoneName::new(&windows.zone), windows: read_windows(windows.windows)? })
    };
    Ok(Layer {
        source: match layer.source.ok_or(RecordError::Field("layer.source"))? {
            pb::layer::Source::Rotation(rotation) => Source::Rotation(read_rotation(rotation)?),
            pb::layer::Source::Pool(pool) => Source::Pool(read_ids(&pool.members, ResidentId::new, "pool.members")?),
        },
        windows: layer.windows.map(windows).transpose()?,
        hours,
        when_absent,
        shadows: read_ids(&layer.shadows, ResidentId::new, "layer.shadows")?,
    })
}

fn write_rotation(rotation: &Rotation) -> pb::Rotation {
    let unit = match rotation.length.unit() {
        ShiftUnit::Hours => pb::ShiftUnit::Hours,
        ShiftUnit::Days => pb::ShiftUnit::Days,
        ShiftUnit::Weeks => pb::ShiftUnit::Weeks,
        ShiftUnit::Months => pb::ShiftUnit::Months,
    };
    pb::Rotation {
        participants: texts(&rotation.participants),
        length_count: rotation.length.count(),
        length_unit: unit.into(),
        anchor: rotation.anchor.to_string(),
        zone: rotation.zone.to_string(),
        offset: rotation.offset,
        grid: rotation.grid,
        held_turn: rotation.held_turn,
    }
}

fn read_rotation(rotation: pb::Rotation) -> Read<Rotation> {
    let unit = match rotation.length_unit() {
        pb::ShiftUnit::Unspecified => return Err(RecordError::Field("rotation.length_unit")),
        pb::ShiftUnit::Hours => ShiftUnit::Hours,
        pb::ShiftUnit::Days => ShiftUnit::Days,
        pb::ShiftUnit::Weeks => ShiftUnit::Weeks,
        pb::ShiftUnit::Months => ShiftUnit::Months,
    };
    let length = ShiftLength::new(rotation.length_count, unit);
    Ok(Rotation {
        participants: read_ids(&rotation.participants, ResidentId::new, "rotation.participants")?,
        length: length.ok_or(RecordError::Field("rotation.length_count"))?,
        anchor: read_date_time(&rotation.anchor, "rotation.anchor")?,
        zone: ZoneName::new(&rotation.zone),
        offset: rotation.offset,
        grid: rotation.grid,
        held_turn: rotation.held_turn,
    })
}

fn texts(ids: &[ResidentId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
