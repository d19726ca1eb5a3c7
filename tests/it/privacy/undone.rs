//! Who may undo what, and what they learn from it.

use onduty::access::Need;
use onduty::proto::v1;
use onduty::proto::v1::TimeOffKind as Kind;
use onduty::proto::v1::change_service_server::ChangeService as _;
use onduty::proto::v1::task_service_server::TaskService as _;
use onduty::proto::v1::time_off_service_server::TimeOffService as _;
use onduty::service::{Changes, Tasks, TimeOffs};
use tonic::{Code, Request, Status};

use super::team::{Team, Who};

const ASA: Who = Who::Resident("asa");
const BEN: Who = Who::Resident("ben");
const DAY: (&str, Option<&str>) = ("2026-11-22T23:00:00Z", Some("2026-11-25T23:00:00Z"));

async fn undo(team: &Team, who: Who, revision: Option<i64>) -> Result<v1::UndoChangeResponse, Status> {
    let asked = v1::UndoChangeRequest { parent: "teams/core".to_owned(), revision, ..Default::default() };
    let answer = Changes::new(team.desk(who, Need::Resident)).undo_change(Request::new(asked)).await;
    answer.map(tonic::Response::into_inner)
}

fn newest(team: &Team) -> i64 {
    let id = onduty::model::TeamId::new("core").unwrap();
    i64::try_from(team.server.rosters.state(&id).snapshot.revision).unwrap()
}

#[tokio::test]
async fn a_resident_undoes_what_is_theirs_whoever_made_it() {
    let team = Team::start(true).await;
    team.off("ben", Kind::Sick, "migraine", DAY).await;
    let made = newest(&team);
    for (who, code) in
        [(ASA, Code::PermissionDenied), (Who::Viewer, Code::PermissionDenied), (Who::Nobody, Code::Unauthenticated)]
    {
        let refused = undo(&team, who, Some(made)).await.unwrap_err();
        assert_eq!(refused.code(), code, "{who:?}");
    }
    let answer = undo(&team, BEN, Some(made)).await.unwrap();
    assert!(answer.undone.unwrap().objects[0].after.is_some());
    assert_eq!(newest(&team), made + 1);
}

#[tokio::test]
async fn why_somebody_elses_cannot_be_undone_is_not_told() {
    let team = Team::start(true).await;
    let entry = team.off("ben", Kind::Sick, "migraine", DAY).await;
    let made = newest(&team);
    let open = undo(&team, ASA, Some(made)).await.unwrap_err();
    let asked = v1::DeleteTimeOffRequest { name: entry.name, ..Default::default() };
    TimeOffs::new(team.desk(Who::Coordinator, Need::Resident)).delete_time_off(Request::new(asked)).await.unwrap();
    let obstructed = undo(&team, ASA, Some(made)).await.unwrap_err();
    let alone = undo(&team, ASA, Some(made + 1)).await.unwrap_err();
    for refused in [&open, &obstructed, &alone] {
        assert_eq!((refused.code(), refused.message()), (Code::PermissionDenied, open.message()));
    }
    assert!(!open.message().contains("ben"), "{open:?}");
}

#[tokio::test]
async fn what_was_given_to_somebody_else_is_no_longer_ones_own_to_take_back() {
    let team = Team::start(true).await;
    let service = |who| Tasks::new(team.desk(who, Need::Resident));
    let asa = || Some("teams/core/residents/asa".to_owned());
    let task = v1::Task { title: "Fix".to_owned(), assignee: asa(), ..Default::default() };
    let made = v1::CreateTaskRequest { parent: "teams/core".to_owned(), task: Some(task), ..Default::default() };
    let task = service(ASA).create_task(Request::new(made)).await.unwrap().into_inner();
    let given = v1::Task { assignee: Some("teams/core/residents/ben".to_owned()), ..task };
    let given = v1::UpdateTaskRequest { task: Some(given), ..Default::default() };
    service(ASA).update_task(Request::new(given)).await.unwrap();
    assert_eq!(undo(&team, ASA, None).await.unwrap_err().code(), Code::PermissionDenied);
    undo(&team, BEN, Some(newest(&team))).await.unwrap();
    undo(&team, ASA, Some(newest(&team) - 2)).await.unwrap();
}

#[tokio::test]
async fn ones_own_last_change_is_not_that_of_others() {
    let team = Team::start(true).await;
    assert_eq!(undo(&team, BEN, None).await.unwrap_err().code(), Code::FailedPrecondition);
    let own = v1::TimeOff {
        resident: "teams/core/residents/ben".to_owned(),
        kind: Kind::Sick.into(),
        span: Some(v1::Span {
            form: Some(v1::span::Form::Days(v1::DaySpan {
                first_date: Some(onduty::proto::google_type::Date { year: 2026, month: 12, day: 1 }),
                ..Default::default()
            })),
        }),
        ..Default::default()
    };
    let own = v1::MarkAbsenceRequest { parent: "teams/core".to_owned(), time_off: Some(own), ..Default::default() };
    TimeOffs::new(team.desk(BEN, Need::Resident)).mark_absence(Request::new(own)).await.unwrap();
    let made = newest(&team);
    team.off("asa", Kind::Vacation, "", DAY).await;
    assert_eq!(undo(&team, BEN, None).await.unwrap().undone.unwrap().revision, made);
}

#[tokio::test]
async fn others_are_told_of_an_undo_as_of_any_change_of_time_off() {
    let team = Team::start(true).await;
    team.off("ben", Kind::Sick, "migraine", DAY).await;
    undo(&team, Who::Coordinator, Some(newest(&team))).await.unwrap();
    let asked = v1::ListChangesRequest { parent: "teams/core".to_owned(), page_size: 2, ..Default::default() };
    let told = Changes::new(team.desk(ASA, Need::Resident)).list_changes(Request::new(asked)).await.unwrap();
    let changes = told.into_inner().changes;
    let told: Vec<_> = changes.iter().map(|change| (change.title.as_str(), change.objects.len())).collect();
    assert_eq!(told, [("change when somebody is away", 1), ("change when somebody is away", 1)]);
    assert_eq!(changes[0].objects, changes[1].objects);
}
