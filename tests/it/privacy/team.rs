//! A team in which somebody is sick, and one call of every read for an audience.

use std::sync::Arc;

use onduty::access::{Authority, Identity, Need};
use onduty::model::{Entered, IdentityKey, Meta, Object, Origin, ResidentId, Role, TeamId};
use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::on_duty_service_server::OnDutyService as _;
use onduty::proto::v1::override_service_server::OverrideService as _;
use onduty::proto::v1::resident_service_server::ResidentService as _;
use onduty::proto::v1::roster_service_server::RosterService as _;
use onduty::proto::v1::swap_service_server::SwapService as _;
use onduty::proto::v1::task_service_server::TaskService as _;
use onduty::proto::v1::time_off_service_server::TimeOffService as _;
use onduty::roster::{ChangeSet, Desk, Fingerprint};
use onduty::service::{OnDuty, Overrides, Residents, RosterFiles, Swaps, Tasks, TimeOffs};
use prost::Message;
use tonic::{Request, Status};

use crate::support::server::{Server, time};

/// Asa is on turn this week and next; ben could cover, but not whenever he is away himself.
const ROSTER: &str = r#"
team = "core"
display_name = "Core"
zone = "Europe/Warsaw"
since = 2026-01-01

[[resident]]
id = "asa"
display_name = "Asa"
home_zone = "Europe/Warsaw"
working_hours = ["mon-fri 09:00-17:00"]
handles.github = { public = "asa-hub" }
handles.email = { team = "asa@example.org" }

[[resident]]
id = "ben"
display_name = "Ben"
working_hours = ["mon-fri 09:00-17:00"]

[[duty]]
id = "review"
title = "Review"

[[duty.requirement]]
id = "office"
when = ["mon-fri 10:00-16:00"]

[[duty.layer]]
id = "weekly"
participants = ["asa"]
shift_length = "1 week"
anchor = 2026-11-23T00:00:00

[[duty]]
id = "watch"
title = "Watch"

[[duty.layer]]
id = "pool"
members = ["asa", "ben"]
"#;

/// Who asks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Who {
    Coordinator,
    Resident(&'static str),
    Viewer,
    Nobody,
}

impl Who {
    pub fn identity(self) -> Arc<Identity> {
        let role = |role| Authority::Team(TeamId::new("core").unwrap(), role);
        let authority = match self {
            Self::Coordinator => role(Role::Coordinator),
            Self::Resident(id) => role(Role::Resident(ResidentId::new(id).unwrap())),
            Self::Viewer => role(Role::Viewer),
            Self::Nobody => Authority::Nobody,
        };
        Arc::new(Identity { name: format!("{self:?}"), authority, token: None })
    }
}

/// The team on a server.
pub struct Team {
    pub server: Server,
}

impl Team {
    /// Starts a server with the team in it, public or not.
    pub async fn start(public: bool) -> Self {
        Self::on(Server::start().await, public).await
    }

    /// Starts a server with the team in it, public and with a key that is the same each time, so that its answers can be
    /// compared with those of another one.
    pub async fn comparable() -> Self {
        let server = Server::start().await;
        let request = onduty::roster::Request {
            caller: Identity::server(),
            id: uuid::Uuid::new_v4(),
            id_given: false,
            fingerprint: Fingerprint::of(b"key"),
            title: "bring a key".to_owned(),
            validate_only: false,
        };
        let brought = server.rosters.change(TeamId::new("core").unwrap(), request, |_, change| {
            let (created, create_time) = (change.made(0), change.time);
            let meta =
                Meta { created, create_time, updated: created, update_time: create_time, origin: Origin::Entered };
            let mut changes = ChangeSet::default();
            changes.put(Object::IdentityKey(Entered { meta, value: IdentityKey::from_bytes([7; 16]) }));
            Ok(changes)
        });
        brought.await.unwrap();
        Self::on(server, true).await
    }

    async fn on(server: Server, public: bool) -> Self {
        let roster_toml = ROSTER.replacen("since", &format!("public = {public}\nsince"), 1);
        let files = RosterFiles::new(server.coordinator());
        let asked = v1::ApplyRosterRequest { roster_toml, ..Default::default() };
        files.apply_roster(Request::new(asked)).await.unwrap();
        Self { server }
    }

    pub fn desk(&self, who: Who, need: Need) -> Desk {
        Desk::open(self.server.rosters.clone(), who.identity(), need)
    }

    /// Marks time off of a resident, as a coordinator.
    pub async fn off(
        &self,
        resident: &str,
        kind: v1::TimeOffKind,
        note: &str,
        span: (&str, Option<&str>),
    ) -> v1::TimeOff {
        let days = wire::Interval { start_time: Some(time(span.0)), end_time: span.1.map(time) };
        let entry = v1::TimeOff {
            resident: format!("teams/core/residents/{resident}"),
            kind: kind as i32,
            note: note.to_owned(),
            span: Some(v1::Span { form: Some(v1::span::Form::Instants(days)) }),
            ..v1::TimeOff::default()
        };
        let asked = v1::CreateTimeOffRequest {
            parent: "teams/core".to_owned(),
            time_off_id: format!("off-{resident}-{}", time(span.0).seconds),
            time_off: Some(entry),
            ..Default::default()
        };
        let service = TimeOffs::new(self.server.coordinator());
        service.create_time_off(Request::new(asked)).await.unwrap().into_inner()
    }

    /// Asks everything that can be read about the team, and returns all the bytes of the answers, or of the refusals.
    pub async fn all_that_is_told(&self, who: Who) -> Vec<u8> {
        let reads = OnDuty::new(self.desk(who, Need::Reader));
        let parent = || "teams/core".to_owned();
        let window = || {
            Some(wire::Interval {
                start_time: Some(time("2026-11-23T00:00:00Z")),
                end_time: Some(time("2026-12-21T00:00:00Z")),
            })
        };
        let mut told = Vec::new();
        for at in ["2026-11-23T10:00:00Z", "2026-11-25T10:00:00Z", "2026-11-29T10:00:00Z"] {
            let asked =
                v1::GetOnDutyRequest { parent: parent(), time: Some(time(at)), explain: true, ..Default::default() };
            told.extend(bytes(reads.get_on_duty(Request::new(asked)).await));
        }
        let asked = v1::ListShiftsRequest { parent: parent(), interval: window(), ..Default::default() };
        told.extend(bytes(reads.list_shifts(Request::new(asked)).await));
        let asked = v1::ListGapsRequest { parent: parent(), interval: window(), ..Default::default() };
        told.extend(bytes(reads.list_gaps(Request::new(asked)).await));
        let asked = v1::ListHandoffsRequest { parent: parent(), interval: window(), ..Default::default() };
        told.extend(bytes(reads.list_handoffs(Request::new(asked)).await));
        let people = Residents::new(self.desk(who, Need::Reader));
        let asked = v1::ListResidentsRequest { parent: parent(), ..Default::default() };
        told.extend(bytes(people.list_residents(Request::new(asked)).await));
        let off = TimeOffs::new(self.desk(who, Need::Viewer));
        let asked = v1::ListTimeOffRequest { parent: parent(), page_size: 1, ..Default::default() };
        told.extend(bytes(off.list_time_off(Request::new(asked)).await));
        let asked = v1::ListTimeOffRequest { parent: parent(), ..Default::default() };
        told.extend(bytes(off.list_time_off(Request::new(asked)).await));
        let tasks = Tasks::new(self.desk(who, Need::Resident));
        let asked = v1::ListTasksRequest { parent: parent(), ..Default::default() };
        told.extend(bytes(tasks.list_tasks(Request::new(asked)).await));
        let swaps = Swaps::new(self.desk(who, Need::Resident));
        let asked = v1::ListSwapsRequest { parent: parent(), states: (1..=6).collect(), ..Default::default() };
        told.extend(bytes(swaps.list_swaps(Request::new(asked)).await));
        let overrides = Overrides::new(self.desk(who, Need::Resident));
        let asked = v1::ListOverridesRequest { parent: parent(), ..Default::default() };
        told.extend(bytes(overrides.list_overrides(Request::new(asked)).await));
        told
    }
}

/// The bytes of an answer, or everything that a refusal says.
fn bytes<M: Message>(answer: Result<tonic::Response<M>, Status>) -> Vec<u8> {
    match answer {
        Ok(answer) => answer.into_inner().encode_to_vec(),
        Err(status) => [status.message().as_bytes(), status.details()].concat(),
    }
}
