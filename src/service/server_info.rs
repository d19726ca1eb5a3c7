//! `ServerService`: which server this is, and what it computes with.

use super::convert::time::timestamp;
use super::entry::serve;
use super::names::{collection_name, team_name};
use super::request::Fields;
use crate::access::Authority;
use crate::civil::RulesSource;
use crate::model::TeamSnapshot;
use crate::proto::v1;
use crate::proto::v1::server_service_server::ServerService;
use crate::roster::{Desk, Refusal};

/// What the wiring knows of the server.
#[derive(Clone, Debug, Default)]
pub struct ServerFacts {
    /// The version of the host's tz database, where it has one and says its version.
    pub host_tzdb_version: Option<String>,
}

/// Answers what the server is.
#[derive(Clone)]
pub struct ServerInfo {
    pub(super) desk: Desk,
    facts: ServerFacts,
}

impl ServerInfo {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk, facts: ServerFacts) -> Self {
        Self { desk, facts }
    }

    fn info(&self, asked: v1::GetServerInfoRequest) -> Result<v1::ServerInfo, Refusal> {
        let mut team_revisions = Vec::new();
        if asked.teams.is_empty() {
            team_revisions.extend(self.desk.teams().iter().map(|state| revision(&state.snapshot)));
        }
        let mut fields = Fields::default();
        for (index, name) in asked.teams.iter().enumerate() {
            let team = fields.take(team_name(&format!("teams[{index}]"), name));
            let state = team.and_then(|team| fields.take_or_later(self.desk.team(&team)));
            team_revisions.extend(state.map(|state| revision(&state.snapshot)));
        }
        fields.check()?;
        Ok(v1::ServerInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            tzdb: Some(self.tzdb()),
            server_time: Some(timestamp(self.desk.now())),
            team_revisions,
        })
    }

    fn tzdb(&self) -> v1::TzdbInfo {
        let rules = self.desk.rules();
        let (source, path) = match rules.source() {
            RulesSource::Bundled => (v1::TzdbSource::Bundled, ""),
            RulesSource::Host(path) => (v1::TzdbSource::Host, path.as_str()),
            RulesSource::Named(path) => (v1::TzdbSource::Path, path.as_str()),
        };
        let host = self.facts.host_tzdb_version.as_deref();
        v1::TzdbInfo {
            version: rules.version().to_owned(),
            source: source as i32,
            // Where things lie on the server is for its administrator.
            path: if self.desk.caller().authority == Authority::Admin { path.to_owned() } else { String::new() },
            host_version: host.unwrap_or_default().to_owned(),
            host_newer: host.is_some_and(|host| host > rules.version()),
        }
    }
}

fn revision(team: &TeamSnapshot) -> v1::TeamRevision {
    v1::TeamRevision { team: collection_name(&team.id), revision: i64::try_from(team.revision).unwrap_or(i64::MAX) }
}

serve! { ServerService for ServerInfo {
    get_server_info(v1::GetServerInfoRequest) -> v1::ServerInfo = info;
} }
