//! Teams as messages.

use super::answers::number;
use super::read_number;
use crate::model::{Team, ZoneName};
use crate::proto::v1;
use crate::service::request::Fields;

/// Returns the message for a team, less what only the server states.
#[must_use]
pub fn team(team: &Team) -> v1::Team {
    v1::Team {
        display_name: team.display_name.clone(),
        zone: team.zone.to_string(),
        public: team.public,
        rest_hours: Some(number(team.rest_hours)),
        ..v1::Team::default()
    }
}

/// Reads a team.
pub fn read_team(team: &v1::Team, fields: &mut Fields) -> Team {
    let rest_hours = team.rest_hours.map(|hours| read_number("rest_hours", hours, fields));
    Team {
        display_name: team.display_name.clone(),
        zone: ZoneName::new(&team.zone),
        public: team.public,
        rest_hours: rest_hours.unwrap_or(Team::REST_HOURS_DEFAULT),
    }
}
