//! A call that comes again with its request id is answered as the first time, whatever happened in between.

use onduty::model::TeamId;
use onduty::proto::v1;
use onduty::proto::v1::on_duty_service_server::OnDutyService as _;
use onduty::proto::v1::roster_service_server::RosterService as _;
use onduty::proto::v1::time_off_service_server::TimeOffService as _;
use onduty::service::{OnDuty, RosterFiles, TimeOffs};
use tonic::Request;

use crate::api::entered::harness::{TEAM, at, between, days, mask};
use crate::support::server::Server;

const ONE: &str = "5f0c7a52-2c0e-4d9e-9b59-1f1f5be2b4a1";
const OTHER: &str = "5f0c7a52-2c0e-4d9e-9b59-1f1f5be2b4a2";

fn parent() -> String {
    "teams/psf".to_owned()
}

fn revision(server: &Server) -> u64 {
    server.rosters.state(&TeamId::new("psf").unwrap()).snapshot.revision
}

async fn apply(server: &Server, request: v1::ApplyRosterRequest) -> v1::ApplyRosterResponse {
    RosterFiles::new(server.coordinator()).apply_roster(Request::new(request)).await.unwrap().into_inner()
}

/// A server where nobody can release while asa is away, and the first gap of that.
async fn with_gap() -> (Server, v1::Gap) {
    let server = Server::start().await;
    apply(&server, v1::ApplyRosterRequest { roster_toml: TEAM.to_owned(), ..Default::default() }).await;
    let away = v1::TimeOff {
        resident: "teams/psf/residents/asa".to_owned(),
        span: Some(days("2026-11-25", "2026-11-26", "")),
        kind: v1::TimeOffKind::Vacation.into(),
        ..Default::default()
    };
    let (time_off_id, time_off) = ("away".to_owned(), Some(away));
    let asked = v1::CreateTimeOffRequest { parent: parent(), time_off_id, time_off, ..Default::default() };
    TimeOffs::new(server.coordinator()).create_time_off(Request::new(asked)).await.unwrap();
    let interval = between("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z");
    let asked = v1::ListGapsRequest { parent: parent(), interval, ..Default::default() };
    let gaps = OnDuty::new(server.coordinator()).list_gaps(Request::new(asked)).await.unwrap().into_inner().gaps;
    (server, gaps[0].clone())
}

fn acceptance(gap: &v1::Gap) -> v1::AcceptGapRequest {
    v1::AcceptGapRequest {
        parent: parent(),
        gap_id: gap.id.clone(),
        reason: "nothing is due".to_owned(),
        until_time: Some(at("2026-11-24T08:00:00Z")),
        request_id: ONE.to_owned(),
        ..Default::default()
    }
}

async fn fill(server: &Server) {
    let asked = v1::DeleteTimeOffRequest { name: "teams/psf/timeOff/away".to_owned(), ..Default::default() };
    TimeOffs::new(server.coordinator()).delete_time_off(Request::new(asked)).await.unwrap();
}

#[tokio::test]
async fn an_acceptance_is_answered_again_after_the_gap_was_filled_and_its_time_is_over() {
    let (server, gap) = with_gap().await;
    let service = OnDuty::new(server.coordinator());
    let first = service.accept_gap(Request::new(acceptance(&gap))).await.unwrap().into_inner();
    let told = first.gap.clone().unwrap();
    assert!(told.accepted && told.acceptance.unwrap().reason == "nothing is due");
    server.clock.advance(2 * 86_400);
    fill(&server).await;
    let before = revision(&server);
    let again = service.accept_gap(Request::new(acceptance(&gap))).await.unwrap().into_inner();
    assert_eq!((again, revision(&server)), (first, before));
}

#[tokio::test]
async fn a_reopening_is_answered_again_with_what_was_taken_back() {
    let (server, gap) = with_gap().await;
    let service = OnDuty::new(server.coordinator());
    service.accept_gap(Request::new(acceptance(&gap))).await.unwrap();
    let asked =
        v1::ReopenGapRequest { parent: parent(), gap_id: gap.id, request_id: OTHER.to_owned(), ..Default::default() };
    let first = service.reopen_gap(Request::new(asked.clone())).await.unwrap().into_inner();
    assert_eq!(first.acceptance.as_ref().unwrap().reason, "nothing is due");
    fill(&server).await;
    assert_eq!(service.reopen_gap(Request::new(asked)).await.unwrap().into_inner(), first);
}

#[tokio::test]
async fn a_call_that_had_nothing_to_change_does_not_undo_what_others_did_since() {
    let (server, _) = with_gap().await;
    let rename = |display_name: &str, request_id: &str| v1::UpdateResidentRequest {
        resident: Some(v1::Resident {
            name: "teams/psf/residents/asa".to_owned(),
            display_name: display_name.to_owned(),
            ..Default::default()
        }),
        update_mask: mask(&["display_name"]),
        request_id: request_id.to_owned(),
        ..Default::default()
    };
    let before = revision(&server);
    let first = server.residents().update_resident(rename("Asa", ONE)).await.unwrap().into_inner();
    assert_eq!((first.display_name.as_str(), revision(&server)), ("Asa", before + 1));
    server.residents().update_resident(rename("Åsa", "")).await.unwrap();
    let before = revision(&server);
    let again = server.residents().update_resident(rename("Asa", ONE)).await.unwrap().into_inner();
    assert_eq!((again, revision(&server)), (first, before));
    let asked = v1::GetResidentRequest { name: "teams/psf/residents/asa".to_owned(), read_time: None };
    assert_eq!(server.residents().get_resident(asked).await.unwrap().into_inner().display_name, "Åsa");
}

#[tokio::test]
async fn a_file_is_answered_again_with_the_changes_that_it_made_first() {
    let server = Server::start().await;
    let asked = v1::ApplyRosterRequest {
        roster_toml: TEAM.to_owned(),
        request_id: ONE.to_owned(),
        ..v1::ApplyRosterRequest::default()
    };
    let first = apply(&server, asked.clone()).await;
    assert!(first.changes.iter().all(|change| change.action() == v1::RosterAction::Create));
    server.clock.advance(60);
    let renamed = TEAM.replace("\"Asa\"", "\"Åsa\"");
    apply(&server, v1::ApplyRosterRequest { roster_toml: renamed, ..Default::default() }).await;
    assert_eq!(apply(&server, asked).await, first);
    assert_eq!(revision(&server), 2);
}
