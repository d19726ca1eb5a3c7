//! The record of a team's own settings.

use super::meta::{read_meta, read_version, read_versions, write_meta, write_versions};
use super::{Read, pb};
use crate::model::{Configured, Team, ZoneName};

pub(super) fn write(team: &Configured<Team>) -> pb::TeamRecord {
    pb::TeamRecord {
        meta: write_meta(&team.meta),
        versions: write_versions(&team.versions, |from, made, team| pb::TeamVersion {
            from,
            made,
            team: team.map(write_value),
        }),
    }
}

pub(super) fn read(record: pb::TeamRecord) -> Read<Configured<Team>> {
    let versions = record.versions.into_iter();
    Ok(Configured {
        meta: read_meta(record.meta)?,
        versions: read_versions(versions.map(|v| read_version(v.from, v.made, v.team, read_value)))?,
    })
}

fn write_value(team: &Team) -> pb::Team {
    pb::Team {
        display_name: team.display_name.clone(),
        zone: team.zone.to_string(),
        public: team.public,
        rest_hours: team.rest_hours,
    }
}

fn read_value(team: pb::Team) -> Read<Team> {
    Ok(Team {
        zone: ZoneName::new(&team.zone),
        display_name: team.display_name,
        public: team.public,
        rest_hours: team.rest_hours,
    })
}
