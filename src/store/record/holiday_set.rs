//! The record of a holiday set.

use super::civil::read_date;
use super::meta::{read_meta, read_version, read_versions, write_meta, write_versions};
use super::{Read, pb};
use crate::model::{Configured, Holiday, HolidaySet};

pub(super) fn write(set: &Configured<HolidaySet>) -> pb::HolidaySetRecord {
    pb::HolidaySetRecord {
        meta: write_meta(&set.meta),
        versions: write_versions(&set.versions, |from, made, set| pb::HolidaySetVersion {
            from,
            made,
            holiday_set: set.map(write_value),
        }),
    }
}

pub(super) fn read(record: pb::HolidaySetRecord) -> Read<Configured<HolidaySet>> {
    let versions = record.versions.into_iter();
    Ok(Configured {
        meta: read_meta(record.meta)?,
        versions: read_versions(versions.map(|v| read_version(v.from, v.made, v.holiday_set, read_value)))?,
    })
}

fn write_value(set: &HolidaySet) -> pb::HolidaySet {
    let write = |holiday: &Holiday| pb::Holiday { date: holiday.date.to_string(), name: holiday.name.clone() };
    pb::HolidaySet { display_name: set.display_name.clone(), holidays: set.holidays.iter().map(write).collect() }
}

fn read_value(set: pb::HolidaySet) -> Read<HolidaySet> {
    let read =
        |holiday: pb::Holiday| Ok(Holiday { date: read_date(&holiday.date, "holiday.date")?, name: holiday.name });
    Ok(HolidaySet {
        display_name: set.display_name,
        holidays: set.holidays.into_iter().map(read).collect::<Read<_>>()?,
    })
}
