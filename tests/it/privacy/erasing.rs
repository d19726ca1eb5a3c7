//! Kinds and notes go: when the resident wants it, with the entry, and some time after the absence.

use onduty::access::Need;
use onduty::model::TeamId;
use onduty::proto::v1;
use onduty::proto::v1::TimeOffKind as Kind;
use onduty::proto::v1::time_off_service_server::TimeOffService as _;
use onduty::service::TimeOffs;
use tonic::{Code, Request, Status};

use super::team::{Team, Who};

const BEN: Who = Who::Resident("ben");
const PAST: (&str, Option<&str>) = ("2026-11-20T08:00:00Z", Some("2026-11-22T08:00:00Z"));
const DAY: u32 = 86_400;

async fn erase(team: &Team, who: Who, name: &str, request_id: &str) -> Result<v1::TimeOff, Status> {
    let (name, request_id) = (name.to_owned(), request_id.to_owned());
    let asked = v1::EraseTimeOffDetailsRequest { name, request_id, validate_only: false };
    let service = TimeOffs::new(team.desk(who, Need::Resident));
    service.erase_time_off_details(Request::new(asked)).await.map(tonic::Response::into_inner)
}

fn snapshot(team: &Team) -> onduty::model::TeamSnapshot {
    team.server.rosters.state(&TeamId::new("core").unwrap()).snapshot.clone()
}

#[tokio::test]
async fn the_resident_and_coordinators_erase_a_kind_and_a_note_and_the_rest_stays() {
    for who in [BEN, Who::Coordinator] {
        let team = Team::start(true).await;
        let entry = team.off("ben", Kind::Sick, "migraine", PAST).await;
        let erased = erase(&team, who, &entry.name, "").await.unwrap();
        assert_eq!(erased, v1::TimeOff { kind: 0, note: String::new(), ..entry.clone() }, "{who:?}");
        assert!(snapshot(&team).time_off_private.is_empty());
        let revision = snapshot(&team).revision;
        assert_eq!(erase(&team, who, &entry.name, "").await.unwrap(), erased);
        assert_eq!(snapshot(&team).revision, revision);
    }
}

#[tokio::test]
async fn nobody_else_erases_anything() {
    let team = Team::start(true).await;
    let entry = team.off("ben", Kind::Sick, "migraine", PAST).await;
    let others = [
        (Who::Resident("asa"), Code::NotFound),
        (Who::Viewer, Code::PermissionDenied),
        (Who::Nobody, Code::Unauthenticated),
    ];
    for (who, code) in others {
        assert_eq!(erase(&team, who, &entry.name, "").await.unwrap_err().code(), code, "{who:?}");
    }
    assert_eq!(snapshot(&team).time_off_private.len(), 1);
}

#[tokio::test]
async fn a_retry_of_an_erasure_is_answered_alike() {
    let team = Team::start(true).await;
    let entry = team.off("ben", Kind::Sick, "migraine", PAST).await;
    let id = "00000000-0000-4000-8000-000000000001";
    let first = erase(&team, BEN, &entry.name, id).await.unwrap();
    assert_eq!(erase(&team, BEN, &entry.name, id).await.unwrap(), first);
}

#[tokio::test]
async fn the_private_part_goes_with_its_entry() {
    let team = Team::start(true).await;
    let entry = team.off("ben", Kind::Sick, "migraine", PAST).await;
    let asked = v1::DeleteTimeOffRequest { name: entry.name, ..Default::default() };
    TimeOffs::new(team.desk(BEN, Need::Resident)).delete_time_off(Request::new(asked)).await.unwrap();
    assert!(snapshot(&team).time_off.is_empty() && snapshot(&team).time_off_private.is_empty());
}

#[tokio::test]
async fn the_server_erases_at_its_start_and_once_a_day_and_the_log_says_so() {
    let team = Team::start(true).await;
    team.off("ben", Kind::Sick, "migraine", PAST).await;
    team.off("asa", Kind::Vacation, "", ("2026-11-20T08:00:00Z", Some("2026-11-24T08:00:00Z"))).await;
    team.off("asa", Kind::Other, "", ("2026-11-20T09:00:00Z", None)).await;
    let mut changed = team.server.rosters.store().watch();
    let erasing = tokio::spawn(team.server.rosters.clone().keep_erasing(team.server.clock.clone(), 1));
    assert_eq!(changed.recv().await.unwrap().revision, 5);
    assert_eq!(snapshot(&team).time_off_private.len(), 2);
    team.server.clock.advance(DAY);
    team.server.clock.advance(DAY);
    assert_eq!(changed.recv().await.unwrap().revision, 6);
    erasing.abort();
    assert_eq!(snapshot(&team).time_off_private.len(), 1);
    let log = team.server.rosters.store().log(&TeamId::new("core").unwrap(), 5, 10).await.unwrap();
    let told: Vec<_> = log
        .iter()
        .map(|entry| (entry.actor.as_str(), entry.on_behalf_of.as_ref().map(ToString::to_string).unwrap_or_default()))
        .collect();
    assert_eq!(told, [("ondutyd", "ben".to_owned()), ("ondutyd", "asa".to_owned())]);
}
