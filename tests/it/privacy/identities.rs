//! Identities of shifts and gaps, and ids of time off: nobody finds out by guessing what they were made of (semantics 4.6f).

use std::collections::BTreeSet;

use onduty::access::Need;
use onduty::engine;
use onduty::model::{IdentityKey, TeamId};
use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::TimeOffKind as Kind;
use onduty::proto::v1::on_duty_service_server::OnDutyService as _;
use onduty::proto::v1::time_off_service_server::TimeOffService as _;
use onduty::service::{OnDuty, TimeOffs};
use tonic::{Code, Request};

use super::team::{Team, Who};
use crate::support::server::{fields, time};

const WEEK: (&str, &str) = ("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z");

/// A team in which an absence begins a gap, and a shift when it is over.
async fn team() -> Team {
    let team = Team::start(true).await;
    team.off("asa", Kind::Sick, "", ("2026-11-24T10:00:00Z", Some("2026-11-24T12:00:00Z"))).await;
    team
}

/// The identities of all shifts and gaps of the week, as a stranger is told them.
async fn told(team: &Team) -> BTreeSet<String> {
    let reads = OnDuty::new(team.desk(Who::Nobody, Need::Reader));
    let parent = || "teams/core".to_owned();
    let week = || Some(wire::Interval { start_time: Some(time(WEEK.0)), end_time: Some(time(WEEK.1)) });
    let asked = v1::ListShiftsRequest { parent: parent(), interval: week(), ..Default::default() };
    let shifts = reads.list_shifts(Request::new(asked)).await.unwrap().into_inner().shifts;
    let asked = v1::ListGapsRequest { parent: parent(), interval: week(), ..Default::default() };
    let gaps = reads.list_gaps(Request::new(asked)).await.unwrap().into_inner().gaps;
    assert!(shifts.len() > 2 && !gaps.is_empty());
    shifts.into_iter().map(|shift| shift.id).chain(gaps.into_iter().map(|gap| gap.id)).collect()
}

/// The identities that somebody works out who knows the roster and all ids, with a key.
fn guessed(team: &Team, key: IdentityKey) -> BTreeSet<String> {
    let state = team.server.rosters.state(&TeamId::new("core").unwrap());
    let week = onduty::civil::Interval::new(WEEK.0.parse().unwrap(), WEEK.1.parse().unwrap()).unwrap();
    let rules = team.server.rosters.rules();
    let lines = state.snapshot.duties.keys().map(|duty| engine::timeline(&state.snapshot, rules, duty, week).unwrap());
    lines
        .flat_map(|line| {
            let shifts: Vec<_> = line.shifts().iter().map(|shift| shift.id(key).to_string()).collect();
            shifts.into_iter().chain(line.gaps().iter().map(|gap| gap.id(key).to_string())).collect::<Vec<_>>()
        })
        .collect()
}

#[tokio::test]
async fn whoever_knows_all_but_the_key_works_out_no_identity() {
    let team = team().await;
    let told = told(&team).await;
    let own = team.server.rosters.state(&TeamId::new("core").unwrap()).snapshot.identities();
    assert_eq!(guessed(&team, own), told);
    for key in [IdentityKey::default(), IdentityKey::from_bytes([0; 16])] {
        assert!(guessed(&team, key).is_disjoint(&told));
    }
}

#[tokio::test]
async fn two_teams_of_the_same_roster_share_no_identity() {
    assert!(told(&team().await).await.is_disjoint(&told(&team().await).await));
}

#[tokio::test]
async fn the_key_stays_whatever_changes() {
    let team = team().await;
    let before = told(&team).await;
    team.off("ben", Kind::Vacation, "", ("2026-12-24T10:00:00Z", Some("2026-12-24T12:00:00Z"))).await;
    assert_eq!(told(&team).await, before);
}

#[tokio::test]
async fn nobody_works_out_the_id_that_the_server_chooses_for_a_request() {
    let request_id = "0000002f-13f3-4000-8071-ed501d27e7a6";
    let mut chosen = BTreeSet::new();
    for _ in 0..3 {
        let team = team().await;
        let span = wire::Interval { start_time: Some(time(WEEK.0)), end_time: Some(time(WEEK.1)) };
        let entry = v1::TimeOff {
            resident: "teams/core/residents/ben".to_owned(),
            kind: Kind::Vacation.into(),
            span: Some(v1::Span { form: Some(v1::span::Form::Instants(span)) }),
            ..Default::default()
        };
        let asked = v1::CreateTimeOffRequest {
            parent: "teams/core".to_owned(),
            time_off: Some(entry),
            request_id: request_id.to_owned(),
            validate_only: true,
            ..Default::default()
        };
        let service = TimeOffs::new(team.desk(Who::Resident("ben"), Need::Resident));
        let first = service.create_time_off(Request::new(asked.clone())).await.unwrap().into_inner().name;
        assert_eq!(service.create_time_off(Request::new(asked)).await.unwrap().into_inner().name, first);
        chosen.insert(first);
    }
    assert_eq!(chosen.len(), 3, "{chosen:?}");
}

#[tokio::test]
async fn a_resident_cannot_try_which_ids_are_taken() {
    let team = team().await;
    let taken = team.off("ben", Kind::Sick, "", ("2026-11-25T10:00:00Z", None)).await.name;
    let taken = taken.rsplit('/').next().unwrap().to_owned();
    let span = wire::Interval { start_time: Some(time(WEEK.0)), end_time: Some(time(WEEK.1)) };
    let entry = v1::TimeOff {
        resident: "teams/core/residents/asa".to_owned(),
        kind: Kind::Vacation.into(),
        span: Some(v1::Span { form: Some(v1::span::Form::Instants(span)) }),
        ..Default::default()
    };
    let service = TimeOffs::new(team.desk(Who::Resident("asa"), Need::Resident));
    let parent = || "teams/core".to_owned();
    let mut refusals = BTreeSet::new();
    for id in [taken.as_str(), "free"] {
        let (time_off_id, time_off) = (id.to_owned(), Some(entry.clone()));
        let asked = v1::CreateTimeOffRequest { parent: parent(), time_off_id, time_off, ..Default::default() };
        let created = service.create_time_off(Request::new(asked)).await.unwrap_err();
        let (time_off_id, time_off) = (id.to_owned(), Some(entry.clone()));
        let asked = v1::MarkAbsenceRequest { parent: parent(), time_off_id, time_off, ..Default::default() };
        let marked = service.mark_absence(Request::new(asked)).await.unwrap_err();
        for status in [created, marked] {
            assert_eq!((status.code(), fields(&status)), (Code::InvalidArgument, vec!["time_off_id".to_owned()]));
            refusals.insert(status.message().to_owned());
        }
    }
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    let asked = v1::CreateTimeOffRequest { parent: parent(), time_off: Some(entry), ..Default::default() };
    service.create_time_off(Request::new(asked)).await.unwrap();
}
