//! A server without a network: the services over a store in memory and a clock that tests move, and their clients.

use std::sync::Arc;

use onduty::access::{Identity, Need};
use onduty::civil::{Instant, ZoneRules};
use onduty::clock::{Clock, ManualClock};
use onduty::outbound::{Outbound, Rules};
use onduty::proto::v1;
use onduty::proto::v1::calendar_service_server::CalendarServiceServer;
use onduty::proto::v1::change_service_server::ChangeServiceServer;
use onduty::proto::v1::duty_service_client::DutyServiceClient;
use onduty::proto::v1::duty_service_server::DutyServiceServer;
use onduty::proto::v1::feed_service_server::FeedServiceServer;
use onduty::proto::v1::handoff_note_service_server::HandoffNoteServiceServer;
use onduty::proto::v1::holiday_set_service_client::HolidaySetServiceClient;
use onduty::proto::v1::holiday_set_service_server::HolidaySetServiceServer;
use onduty::proto::v1::override_service_server::OverrideServiceServer;
use onduty::proto::v1::report_service_server::ReportServiceServer;
use onduty::proto::v1::resident_service_client::ResidentServiceClient;
use onduty::proto::v1::resident_service_server::ResidentServiceServer;
use onduty::proto::v1::roster_service_server::RosterServiceServer;
use onduty::proto::v1::server_service_server::ServerServiceServer;
use onduty::proto::v1::swap_service_server::SwapServiceServer;
use onduty::proto::v1::task_service_server::TaskServiceServer;
use onduty::proto::v1::team_service_client::TeamServiceClient;
use onduty::proto::v1::team_service_server::TeamServiceServer;
use onduty::proto::v1::time_off_service_server::TimeOffServiceServer;
use onduty::proto::v1::token_service_server::TokenServiceServer;
use onduty::roster::{Calendars, Desk, Feeds, Rosters, Tokens};
use onduty::service::{
    self, Changes, Duties, HolidaySets, OnDuty, OnDutyServer, Overrides, Residents, RosterFiles, ServerFacts,
    ServerInfo, Swaps, Tasks, Teams, TimeOffs,
};
use onduty::store::MemoryStore;
use pbjson_types::Timestamp;
use tonic::Status;
use tonic::service::Routes;
use tonic_types::StatusExt;

/// When every server starts: a Monday.
pub const START: &str = "2026-11-23T08:00:00Z";

/// What addresses of calendars begin with.
const BASE: &str = "https://duty.example.org";

fn feeds(rosters: &Rosters) -> Feeds {
    Feeds::new(rosters.clone(), Tokens::new(rosters.clone()))
}

fn calendars(rosters: &Rosters, clock: &Arc<ManualClock>) -> Calendars {
    let outbound = Outbound::new(Rules::default(), Arc::clone(clock) as Arc<dyn Clock>).unwrap();
    Calendars::new(rosters.clone(), Tokens::new(rosters.clone()), outbound, 60)
}

/// A server.
pub struct Server {
    pub clock: Arc<ManualClock>,
    pub rosters: Rosters,
    /// Every service.
    pub routes: Routes,
}

impl Server {
    /// Starts a server with nothing in it.
    pub async fn start() -> Self {
        let clock = Arc::new(ManualClock::new(START.parse().unwrap()));
        let rules = Arc::new(ZoneRules::bundled().unwrap());
        let rosters = Rosters::open(Arc::new(MemoryStore::default()), rules, clock.clone()).await.unwrap();
        let desk = || coordinator(&rosters);
        let routes = Routes::new(TeamServiceServer::new(Teams::new(desk())))
            .add_service(ResidentServiceServer::new(Residents::new(desk())))
            .add_service(DutyServiceServer::new(Duties::new(desk())))
            .add_service(HolidaySetServiceServer::new(HolidaySets::new(desk())))
            .add_service(OverrideServiceServer::new(Overrides::new(desk())))
            .add_service(TimeOffServiceServer::new(TimeOffs::new(desk())))
            .add_service(SwapServiceServer::new(Swaps::new(desk())))
            .add_service(TaskServiceServer::new(Tasks::new(desk())))
            .add_service(HandoffNoteServiceServer::new(service::HandoffNotes::new(desk())))
            .add_service(TokenServiceServer::new(service::Tokens::new(desk(), Tokens::new(rosters.clone()))))
            .add_service(FeedServiceServer::new(service::Feeds::new(desk(), feeds(&rosters), BASE.to_owned())))
            .add_service(CalendarServiceServer::new(service::Calendars::new(desk(), calendars(&rosters, &clock))))
            .add_service(OnDutyServer::new(OnDuty::new(desk())))
            .add_service(RosterServiceServer::new(RosterFiles::new(desk())))
            .add_service(ReportServiceServer::new(service::Reports::new(desk())))
            .add_service(ChangeServiceServer::new(Changes::new(desk())))
            .add_service(ServerServiceServer::new(ServerInfo::new(desk(), ServerFacts::default())));
        Self { clock, rosters, routes }
    }

    /// Starts a server with the team `psf` in it.
    pub async fn with_team() -> Self {
        let server = Self::start().await;
        let team =
            v1::Team { display_name: "Residents".to_owned(), zone: "Europe/Warsaw".to_owned(), ..v1::Team::default() };
        let asked = v1::CreateTeamRequest { team_id: "psf".to_owned(), team: Some(team), ..Default::default() };
        server.teams().create_team(asked).await.unwrap();
        server
    }

    /// The desk of somebody who may do everything.
    pub fn coordinator(&self) -> Desk {
        coordinator(&self.rosters)
    }

    pub fn teams(&self) -> TeamServiceClient<Routes> {
        TeamServiceClient::new(self.routes.clone())
    }

    pub fn residents(&self) -> ResidentServiceClient<Routes> {
        ResidentServiceClient::new(self.routes.clone())
    }

    pub fn duties(&self) -> DutyServiceClient<Routes> {
        DutyServiceClient::new(self.routes.clone())
    }

    pub fn holiday_sets(&self) -> HolidaySetServiceClient<Routes> {
        HolidaySetServiceClient::new(self.routes.clone())
    }
}

/// The desk of somebody who may do everything.
pub fn coordinator(rosters: &Rosters) -> Desk {
    let caller = Identity { name: "coordinator".to_owned(), ..Identity::server() };
    Desk::open(rosters.clone(), Arc::new(caller), Need::Coordinator)
}

/// The instant of a text such as `2026-11-23T08:00:00Z`.
pub fn time(text: &str) -> Timestamp {
    Timestamp { seconds: text.parse::<Instant>().unwrap().seconds(), nanos: 0 }
}

/// The text of an instant.
pub fn text(at: Option<&Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| Instant::from_seconds(at.seconds).to_string())
}

/// The reason of a refusal.
pub fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

/// The fields that a refusal names, in order.
pub fn fields(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    let found = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
    found.into_iter().map(|violation| violation.field).collect()
}
