//! A server with a team in memory, its clients, and messages to send them.

use std::sync::Arc;

use onduty::civil::ZoneRules;
use onduty::clock::ManualClock;
use onduty::model::TeamId;
use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::override_service_client::OverrideServiceClient;
use onduty::proto::v1::override_service_server::OverrideServiceServer;
use onduty::proto::v1::roster_service_client::RosterServiceClient;
use onduty::proto::v1::roster_service_server::RosterServiceServer;
use onduty::proto::v1::swap_service_client::SwapServiceClient;
use onduty::proto::v1::swap_service_server::SwapServiceServer;
use onduty::proto::v1::task_service_client::TaskServiceClient;
use onduty::proto::v1::task_service_server::TaskServiceServer;
use onduty::proto::v1::time_off_service_client::TimeOffServiceClient;
use onduty::proto::v1::time_off_service_server::TimeOffServiceServer;
use onduty::roster::Rosters;
use onduty::service::{Overrides, RosterFiles, Swaps, Tasks, TimeOffs};
use onduty::store::MemoryStore;
use pbjson_types::{FieldMask, Timestamp};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Response, Status};
use tonic_types::StatusExt as _;

use crate::support::server::coordinator;

/// When every test begins.
pub const NOW: &str = "2026-11-23T08:00:00Z";

/// Asa's week begins with the test; the weeks of bo and cy follow.
pub const TEAM: &str = r#"
team = "psf"
display_name = "Developers in residence"
zone = "Europe/Warsaw"
since = 2026-01-01

[[resident]]
id = "asa"
display_name = "Asa"
working_hours = ["mon-fri 09:00-17:00"]
skills = ["signing"]

[[resident]]
id = "bo"
display_name = "Bo"
home_zone = "America/New_York"
working_hours = ["mon-fri 09:00-17:00"]

[[resident]]
id = "cy"

[[duty]]
id = "review"
title = "Review"

[[duty.requirement]]
id = "always"
when = "always"

[[duty.layer]]
id = "weekly"
participants = ["asa", "bo", "cy"]
shift_length = "1 week"
anchor = 2026-11-23T09:00:00

[[duty]]
id = "release"
title = "Release"
skills = ["signing"]

[[duty.requirement]]
id = "daily"
when = ["mon-fri 10:00-12:00"]

[[duty.layer]]
id = "pool"
members = ["asa"]
"#;

/// A server and its clients.
pub struct Api {
    /// The server's clock.
    pub clock: Arc<ManualClock>,
    pub overrides: OverrideServiceClient<Channel>,
    pub time_off: TimeOffServiceClient<Channel>,
    pub tasks: TaskServiceClient<Channel>,
    pub swaps: SwapServiceClient<Channel>,
    files: RosterServiceClient<Channel>,
    rosters: Rosters,
}

impl Api {
    /// Starts a server on a free port of loopback, with the team in it.
    pub async fn start() -> Self {
        let clock = Arc::new(ManualClock::new(NOW.parse().unwrap()));
        let rules = Arc::new(ZoneRules::bundled().unwrap());
        let rosters = Rosters::open(Arc::new(MemoryStore::default()), rules, clock.clone()).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let desk = || coordinator(&rosters);
        let server = Server::builder()
            .add_service(OverrideServiceServer::new(Overrides::new(desk())))
            .add_service(TimeOffServiceServer::new(TimeOffs::new(desk())))
            .add_service(TaskServiceServer::new(Tasks::new(desk())))
            .add_service(SwapServiceServer::new(Swaps::new(desk())))
            .add_service(RosterServiceServer::new(RosterFiles::new(desk())));
        tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
        let channel = Endpoint::new(address).unwrap().connect().await.unwrap();
        let mut files = RosterServiceClient::new(channel.clone());
        let roster_toml = TEAM.to_owned();
        files.apply_roster(v1::ApplyRosterRequest { roster_toml, ..Default::default() }).await.unwrap();
        Self {
            clock,
            overrides: OverrideServiceClient::new(channel.clone()),
            time_off: TimeOffServiceClient::new(channel.clone()),
            tasks: TaskServiceClient::new(channel.clone()),
            swaps: SwapServiceClient::new(channel),
            files,
            rosters,
        }
    }

    /// Ends cy and the duty `release`.
    pub async fn end_some(&mut self) {
        let (rest, _) = TEAM.split_once("[[duty]]\nid = \"release\"").unwrap();
        let roster_toml = rest.replace("[[resident]]\nid = \"cy\"\n", "").replace(", \"cy\"]", "]");
        let asked = v1::ApplyRosterRequest { roster_toml, prune: true, ..Default::default() };
        self.files.apply_roster(asked).await.unwrap();
    }

    /// Returns how many changes the team has seen.
    pub fn revision(&self) -> u64 {
        self.rosters.state(&team_id()).snapshot.revision
    }

    /// Returns the team as it is.
    pub fn state(&self) -> Arc<onduty::roster::TeamState> {
        self.rosters.state(&team_id())
    }

    /// Returns the team's log, all of it.
    pub async fn whole_log(&self) -> Vec<onduty::roster::LogEntry> {
        self.rosters.store().log(&team_id(), 1, 1_000).await.unwrap()
    }

    /// Returns the titles of the team's log.
    pub async fn log(&self) -> Vec<String> {
        let entries = self.rosters.store().log(&team_id(), 1, 1_000).await.unwrap();
        entries.into_iter().map(|entry| entry.title).collect()
    }
}

fn team_id() -> TeamId {
    TeamId::new("psf").unwrap()
}

/// Returns what a call was refused with: code, reason, and every field that was named.
pub fn refused<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> String {
    let status = answer.unwrap_err();
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
    let violations = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
    let fields: Vec<String> = violations.into_iter().map(|violation| violation.field).collect();
    format!("{:?} {reason} {}", status.code(), fields.join(", ")).trim_end().to_owned()
}

pub fn parent() -> String {
    "teams/psf".to_owned()
}

/// Returns a full name, such as `residents/asa` in the team.
pub fn name(path: &str) -> String {
    format!("teams/psf/{path}")
}

pub fn at(text: &str) -> Timestamp {
    let at: onduty::civil::Instant = text.parse().unwrap();
    Timestamp { seconds: at.seconds(), nanos: 0 }
}

/// Writes an interval as `START/END`; an end that is absent is empty.
pub fn text(interval: Option<&wire::Interval>) -> String {
    let Some(interval) = interval else { return "nothing".to_owned() };
    let end = |at: Option<&Timestamp>| at.map(time).unwrap_or_default();
    format!("{}/{}", end(interval.start_time.as_ref()), end(interval.end_time.as_ref()))
}

pub fn time(at: &Timestamp) -> String {
    onduty::civil::Instant::from_seconds(at.seconds).to_string()
}

pub fn date(text: &str) -> wire::Date {
    let date: onduty::civil::Date = text.parse().unwrap();
    wire::Date { year: date.year().into(), month: date.month().into(), day: date.day().into() }
}

pub fn date_time(text: &str) -> wire::DateTime {
    let local: onduty::civil::DateTime = text.parse().unwrap();
    wire::DateTime {
        year: local.year().into(),
        month: local.month().into(),
        day: local.day().into(),
        hours: local.hour().into(),
        minutes: local.minute().into(),
        ..Default::default()
    }
}

/// Whole days; an empty last day is an open end.
pub fn days(first: &str, last: &str, zone: &str) -> v1::Span {
    let last_date = (!last.is_empty()).then(|| date(last));
    let days = v1::DaySpan { first_date: Some(date(first)), last_date, zone: zone.to_owned() };
    v1::Span { form: Some(v1::span::Form::Days(days)) }
}

/// Local times; an empty end is an open one.
pub fn local(start: &str, end: &str, zone: &str) -> v1::Span {
    let end = (!end.is_empty()).then(|| date_time(end));
    let local = v1::LocalSpan { start: Some(date_time(start)), end, zone: zone.to_owned() };
    v1::Span { form: Some(v1::span::Form::Local(local)) }
}

/// Instants; an empty end is an open one.
pub fn instants(start: &str, end: &str) -> v1::Span {
    let end_time = (!end.is_empty()).then(|| at(end));
    v1::Span { form: Some(v1::span::Form::Instants(wire::Interval { start_time: Some(at(start)), end_time })) }
}

/// An interval; an empty text is an end that is absent.
pub fn between(start: &str, end: &str) -> Option<wire::Interval> {
    let stated = |text: &str| (!text.is_empty()).then(|| at(text));
    Some(wire::Interval { start_time: stated(start), end_time: stated(end) })
}

pub fn mask(paths: &[&str]) -> Option<FieldMask> {
    Some(FieldMask { paths: paths.iter().map(ToString::to_string).collect() })
}
