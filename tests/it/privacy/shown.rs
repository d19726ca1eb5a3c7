//! What each audience sees of a roster as it was.

use onduty::access::Need;
use onduty::model::TeamId;
use onduty::proto::v1;
use onduty::proto::v1::TimeOffKind as Kind;
use onduty::proto::v1::roster_service_server::RosterService as _;
use onduty::proto::v1::show_roster_request::At;
use onduty::service::RosterFiles;
use prost::Message as _;
use tonic::{Code, Request, Status};

use super::team::{Team, Who};

const SINCE: (&str, Option<&str>) = ("2026-11-22T23:00:00Z", Some("2026-11-25T23:00:00Z"));

async fn show(team: &Team, who: Who, revision: Option<i64>) -> Result<v1::ShowRosterResponse, Status> {
    let asked = v1::ShowRosterRequest { name: "teams/core".to_owned(), at: revision.map(At::Revision) };
    let answer = RosterFiles::new(team.desk(who, Need::Resident)).show_roster(Request::new(asked)).await;
    answer.map(tonic::Response::into_inner)
}

fn newest(team: &Team) -> i64 {
    i64::try_from(team.server.rosters.state(&TeamId::new("core").unwrap()).snapshot.revision).unwrap()
}

#[tokio::test]
async fn of_others_one_sees_that_they_are_away_and_the_names() {
    let team = Team::start(true).await;
    team.off("ben", Kind::Sick, "migraine", SINCE).await;
    let then = newest(&team);
    team.off("asa", Kind::Vacation, "skiing", SINCE).await;
    for revision in [None, Some(then)] {
        let shown = show(&team, Who::Resident("asa"), revision).await.unwrap();
        let ben = shown.time_off.iter().find(|entry| entry.resident.ends_with("ben")).unwrap();
        assert_eq!(
            (ben.name.as_str(), ben.kind(), ben.effect()),
            ("", Kind::Unspecified, v1::TimeOffEffect::Unspecified)
        );
        assert_eq!(shown.residents[1].home_zone, "", "of others the name and the handles");
        assert!(!String::from_utf8_lossy(&shown.encode_to_vec()).contains("migraine"));
    }
    let own = show(&team, Who::Resident("ben"), Some(then)).await.unwrap();
    assert!(own.time_off.iter().any(|entry| !entry.name.is_empty()));
    for (who, code) in [(Who::Viewer, Code::PermissionDenied), (Who::Nobody, Code::Unauthenticated)] {
        assert_eq!(show(&team, who, None).await.unwrap_err().code(), code);
    }
}

#[tokio::test]
async fn kinds_and_notes_are_told_of_now_and_of_nothing_before() {
    let team = Team::start(true).await;
    team.off("ben", Kind::Sick, "migraine", SINCE).await;
    let then = newest(&team);
    let notes =
        |shown: &v1::ShowRosterResponse| shown.time_off.iter().map(|entry| entry.note.clone()).collect::<Vec<_>>();
    let now = show(&team, Who::Coordinator, None).await.unwrap();
    assert_eq!((notes(&now), now.time_off[0].kind()), (vec!["migraine".to_owned()], Kind::Sick));
    team.off("asa", Kind::Vacation, "skiing", SINCE).await;
    let before = show(&team, Who::Coordinator, Some(then)).await.unwrap();
    assert_eq!((notes(&before), before.time_off[0].kind()), (vec![String::new()], Kind::Unspecified));
}
