//! What a resident may change: what is theirs, and nobody else's.

use onduty::access::Need;
use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::TimeOffKind as Kind;
use onduty::proto::v1::override_service_server::OverrideService as _;
use onduty::proto::v1::task_service_server::TaskService as _;
use onduty::proto::v1::time_off_service_server::TimeOffService as _;
use onduty::service::{Overrides, Tasks, TimeOffs};
use tonic::{Code, Request, Status};

use super::team::{Team, Who};
use crate::support::server::time;

const ASA: Who = Who::Resident("asa");

fn name(resident: &str) -> String {
    format!("teams/core/residents/{resident}")
}

fn interval() -> Option<wire::Interval> {
    Some(wire::Interval {
        start_time: Some(time("2026-11-25T08:00:00Z")),
        end_time: Some(time("2026-11-25T16:00:00Z")),
    })
}

fn code<T>(answer: &Result<T, Status>) -> Code {
    answer.as_ref().map_or_else(Status::code, |_| Code::Ok)
}

async fn marks(team: &Team, who: Who, resident: &str) -> Code {
    let span = v1::Span { form: interval().map(v1::span::Form::Instants) };
    let time_off =
        v1::TimeOff { resident: name(resident), kind: Kind::Sick as i32, span: Some(span), ..Default::default() };
    let asked =
        v1::MarkAbsenceRequest { parent: "teams/core".to_owned(), time_off: Some(time_off), ..Default::default() };
    code(&TimeOffs::new(team.desk(who, Need::Resident)).mark_absence(Request::new(asked)).await)
}

#[tokio::test]
async fn time_off_is_marked_by_its_resident_or_a_coordinator() {
    let team = Team::start(true).await;
    assert_eq!(marks(&team, ASA, "asa").await, Code::Ok);
    assert_eq!(marks(&team, ASA, "ben").await, Code::PermissionDenied);
    assert_eq!(marks(&team, Who::Viewer, "asa").await, Code::PermissionDenied);
    assert_eq!(marks(&team, Who::Nobody, "asa").await, Code::Unauthenticated);
    assert_eq!(marks(&team, Who::Coordinator, "ben").await, Code::Ok);
}

#[tokio::test]
async fn somebody_elses_time_off_cannot_be_changed_ended_or_removed() {
    let team = Team::start(true).await;
    let entry = team.off("ben", Kind::Vacation, "", ("2026-11-22T08:00:00Z", Some("2026-11-27T08:00:00Z"))).await;
    let service = || TimeOffs::new(team.desk(ASA, Need::Resident));
    let time_off = Some(v1::TimeOff { note: "x".to_owned(), ..entry.clone() });
    let update = v1::UpdateTimeOffRequest { time_off, ..Default::default() };
    assert_eq!(code(&service().update_time_off(Request::new(update)).await), Code::NotFound);
    let end = v1::EndTimeOffRequest { name: entry.name.clone(), ..Default::default() };
    assert_eq!(code(&service().end_time_off(Request::new(end)).await), Code::NotFound);
    let delete = v1::DeleteTimeOffRequest { name: entry.name.clone(), ..Default::default() };
    assert_eq!(code(&service().delete_time_off(Request::new(delete)).await), Code::NotFound);
    let back = v1::ComeBackRequest { resident: name("ben"), ..Default::default() };
    assert_eq!(code(&service().come_back(Request::new(back)).await), Code::PermissionDenied);
    let calendar = "BEGIN:VCALENDAR\nEND:VCALENDAR\n".into();
    let import = v1::ImportTimeOffRequest { resident: name("ben"), calendar, ..Default::default() };
    assert_eq!(code(&service().import_time_off(Request::new(import)).await), Code::PermissionDenied);
    let of_team = team.server.rosters.state(&onduty::model::TeamId::new("core").unwrap());
    assert_eq!(of_team.snapshot.time_off.len(), 1);
}

#[tokio::test]
async fn one_covers_oneself_and_puts_nobody_else_on_duty() {
    let team = Team::start(true).await;
    let cases = [
        (Some("asa"), None, Code::Ok),
        (Some("asa"), Some("ben"), Code::Ok),
        (None, Some("asa"), Code::Ok),
        (Some("ben"), Some("asa"), Code::PermissionDenied),
        (Some("ben"), None, Code::PermissionDenied),
        (None, Some("ben"), Code::PermissionDenied),
    ];
    for (by, instead, expected) in cases {
        let entry = v1::Override {
            duty: "teams/core/duties/watch".to_owned(),
            span: Some(v1::Span { form: interval().map(v1::span::Form::Instants) }),
            by_resident: by.map(name),
            for_resident: instead.map(name),
            ..Default::default()
        };
        let asked = v1::CreateOverrideRequest {
            parent: "teams/core".to_owned(),
            override_entry: Some(entry),
            ..Default::default()
        };
        let made = Overrides::new(team.desk(ASA, Need::Resident)).create_override(Request::new(asked)).await;
        assert_eq!(code(&made), expected, "by {by:?} for {instead:?}: {made:?}");
    }
}

#[tokio::test]
async fn one_takes_free_tasks_hands_over_ones_own_and_leaves_those_of_others() {
    let team = Team::start(true).await;
    let create = async |who, assignee: Option<&str>| {
        let task = v1::Task { title: "Look".to_owned(), assignee: assignee.map(name), ..Default::default() };
        let asked = v1::CreateTaskRequest { parent: "teams/core".to_owned(), task: Some(task), ..Default::default() };
        Tasks::new(team.desk(who, Need::Resident))
            .create_task(Request::new(asked))
            .await
            .map(tonic::Response::into_inner)
    };
    let give = async |task: &v1::Task, to: &str| {
        let task = v1::Task { assignee: Some(name(to)), ..task.clone() };
        let mask = Some(pbjson_types::FieldMask { paths: vec!["assignee".to_owned()] });
        let asked = v1::UpdateTaskRequest { task: Some(task), update_mask: mask, ..Default::default() };
        code(&Tasks::new(team.desk(ASA, Need::Resident)).update_task(Request::new(asked)).await)
    };
    let (own, free) = (create(ASA, Some("asa")).await.unwrap(), create(ASA, None).await.unwrap());
    assert_eq!(code(&create(ASA, Some("ben")).await), Code::PermissionDenied);
    let of_ben = create(Who::Coordinator, Some("ben")).await.unwrap();
    assert_eq!(give(&own, "ben").await, Code::Ok);
    assert_eq!(give(&v1::Task { etag: String::new(), ..own }, "asa").await, Code::PermissionDenied);
    assert_eq!(give(&free, "asa").await, Code::Ok);
    assert_eq!(give(&of_ben, "asa").await, Code::PermissionDenied);
    let asked = v1::CompleteTaskRequest { name: of_ben.name, ..Default::default() };
    let done = Tasks::new(team.desk(ASA, Need::Resident)).complete_task(Request::new(asked)).await;
    assert_eq!(code(&done), Code::PermissionDenied);
}

#[tokio::test]
async fn one_comments_on_every_task_of_the_team_under_ones_own_name() {
    let team = Team::start(true).await;
    let task = v1::Task { title: "Look".to_owned(), assignee: Some(name("ben")), ..Default::default() };
    let asked = v1::CreateTaskRequest { parent: "teams/core".to_owned(), task: Some(task), ..Default::default() };
    let all = Tasks::new(team.desk(Who::Coordinator, Need::Resident));
    let task = all.create_task(Request::new(asked)).await.unwrap().into_inner();
    let comment = async |who| {
        let asked = v1::CommentTaskRequest { name: task.name.clone(), text: "Seen".to_owned(), ..Default::default() };
        Tasks::new(team.desk(who, Need::Resident)).comment_task(Request::new(asked)).await
    };
    comment(Who::Coordinator).await.unwrap();
    let told = comment(ASA).await.unwrap().into_inner();
    let by: Vec<_> = told.comments.iter().map(|said| (said.actor.as_str(), said.resident.as_str())).collect();
    assert_eq!(by, [("Coordinator", ""), ("Resident(\"asa\")", "teams/core/residents/asa")]);
    assert_eq!((told.assignee, told.health), (Some(name("ben")), None));
    assert_eq!(code(&comment(Who::Viewer).await), Code::PermissionDenied);
    assert_eq!(code(&comment(Who::Nobody).await), Code::Unauthenticated);
}

#[tokio::test]
async fn the_log_names_who_acts_and_on_whose_behalf() {
    let team = Team::start(true).await;
    marks(&team, Who::Coordinator, "ben").await;
    marks(&team, ASA, "asa").await;
    let log = team.server.rosters.store().log(&onduty::model::TeamId::new("core").unwrap(), 2, 10).await.unwrap();
    let told: Vec<_> =
        log.iter().map(|entry| (entry.actor.as_str(), entry.on_behalf_of.as_ref().map(ToString::to_string))).collect();
    assert_eq!(told, [("Coordinator", Some("ben".to_owned())), ("Resident(\"asa\")", None)]);
}

#[tokio::test]
async fn a_retry_of_somebody_elses_call_is_not_answered() {
    let team = Team::start(true).await;
    let span = v1::Span { form: interval().map(v1::span::Form::Instants) };
    let time_off =
        v1::TimeOff { resident: name("ben"), kind: Kind::Sick as i32, span: Some(span), ..Default::default() };
    let asked = v1::CreateTimeOffRequest {
        parent: "teams/core".to_owned(),
        time_off: Some(time_off),
        request_id: "00000000-0000-4000-8000-000000000001".to_owned(),
        ..Default::default()
    };
    let call = async |who| {
        code(&TimeOffs::new(team.desk(who, Need::Resident)).create_time_off(Request::new(asked.clone())).await)
    };
    assert_eq!(call(Who::Coordinator).await, Code::Ok);
    assert_eq!(call(Who::Coordinator).await, Code::Ok);
    assert_ne!(call(ASA).await, Code::Ok);
}

#[tokio::test]
async fn whether_somebody_else_is_away_is_not_told_by_what_is_refused() {
    let team = Team::start(true).await;
    let back = async || {
        let asked = v1::ComeBackRequest { resident: name("ben"), validate_only: true, ..Default::default() };
        code(&TimeOffs::new(team.desk(ASA, Need::Resident)).come_back(Request::new(asked)).await)
    };
    let before = back().await;
    team.off("ben", Kind::Sick, "", ("2026-11-22T08:00:00Z", None)).await;
    assert_eq!((before, back().await), (Code::PermissionDenied, Code::PermissionDenied));
}

#[tokio::test]
async fn how_a_task_of_somebody_else_stands_is_for_coordinators() {
    let team = Team::start(true).await;
    team.off("ben", Kind::Sick, "", ("2026-11-22T08:00:00Z", None)).await;
    for (assignee, told) in [(Some("ben"), false), (Some("asa"), true), (None, true)] {
        let task = v1::Task { title: "Look".to_owned(), assignee: assignee.map(name), ..Default::default() };
        let asked = v1::CreateTaskRequest { parent: "teams/core".to_owned(), task: Some(task), ..Default::default() };
        let all = Tasks::new(team.desk(Who::Coordinator, Need::Resident));
        let made = all.create_task(Request::new(asked)).await.unwrap().into_inner();
        assert!(made.health.is_some(), "{assignee:?}");
        let asked = v1::GetTaskRequest { name: made.name };
        let seen = Tasks::new(team.desk(ASA, Need::Resident)).get_task(Request::new(asked)).await.unwrap();
        assert_eq!(seen.into_inner().health.is_some(), told, "{assignee:?}");
    }
    let asked = v1::ListTasksRequest { parent: "teams/core".to_owned(), in_danger: true, ..Default::default() };
    let own = Tasks::new(team.desk(ASA, Need::Resident));
    let listed = own.list_tasks(Request::new(asked.clone())).await.unwrap();
    let listed = listed.into_inner().tasks;
    assert_eq!(listed.iter().map(|task| task.assignee.as_deref()).collect::<Vec<_>>(), [None]);
    let all = Tasks::new(team.desk(Who::Coordinator, Need::Resident)).list_tasks(Request::new(asked)).await.unwrap();
    let all = all.into_inner().tasks;
    assert_eq!(all.len(), 2);
    // Who has room is told to both, how much to the coordinator alone.
    for (tasks, told) in [(listed, false), (all, true)] {
        let room: Vec<_> = tasks.iter().flat_map(|task| &task.health.as_ref().unwrap().room).collect();
        assert!(!room.is_empty() && room.iter().all(|room| room.resident == name("asa")), "{room:?}");
        assert!(room.iter().all(|room| room.working_time.is_some() == told), "{room:?}");
    }
}
