//! Request ids, checks without a change, and what the log says.

use onduty::proto::v1;

use super::harness::{Api, days, name, parent, refused};

const ONE: &str = "5f0c7a52-2c0e-4d9e-9b59-1f1f5be2b4a1";
const OTHER: &str = "5f0c7a52-2c0e-4d9e-9b59-1f1f5be2b4a2";

fn create(title: &str) -> v1::CreateTaskRequest {
    let task = v1::Task { title: title.to_owned(), ..Default::default() };
    v1::CreateTaskRequest { parent: parent(), task: Some(task), request_id: ONE.to_owned(), ..Default::default() }
}

fn sick() -> v1::TimeOff {
    v1::TimeOff {
        resident: name("residents/asa"),
        span: Some(days("2026-11-23", "2026-11-25", "")),
        kind: v1::TimeOffKind::Sick.into(),
        note: "flu".to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_retry_is_answered_as_the_first_call_was() {
    let mut api = Api::start().await;
    let first = api.tasks.create_task(create("Fix")).await.unwrap().into_inner();
    let rename = v1::Task { title: "Fixed".to_owned(), ..first.clone() };
    let update = v1::UpdateTaskRequest { task: Some(rename), request_id: OTHER.to_owned(), ..Default::default() };
    let renamed = api.tasks.update_task(update.clone()).await.unwrap().into_inner();
    let again = api.tasks.create_task(create("Fix")).await.unwrap().into_inner();
    let bare = |task: v1::Task| v1::Task { health: None, ..task };
    assert_eq!(bare(again), bare(first.clone()));
    // The etag that the update was made with is stale by now.
    assert_eq!(api.tasks.update_task(update).await.unwrap().into_inner(), renamed);
    let delete = v1::DeleteTaskRequest { name: first.name, request_id: ONE.replace("a1", "a3"), ..Default::default() };
    api.tasks.delete_task(delete.clone()).await.unwrap();
    api.tasks.delete_task(delete).await.unwrap();
    assert_eq!(api.log().await.len(), 4);
}

#[tokio::test]
async fn a_request_id_serves_one_request() {
    let mut api = Api::start().await;
    let made = api.tasks.create_task(create("Fix")).await.unwrap().into_inner();
    let told = "InvalidArgument REQUEST_ID_REUSED request_id";
    assert_eq!(refused(api.tasks.create_task(create("Break")).await), told);
    let start = v1::StartTaskRequest { name: made.name.clone(), request_id: OTHER.to_owned(), ..Default::default() };
    api.tasks.start_task(start).await.unwrap();
    // The message is the same, the call is not.
    let complete = v1::CompleteTaskRequest { name: made.name, request_id: OTHER.to_owned(), ..Default::default() };
    assert_eq!(refused(api.tasks.complete_task(complete).await), told);
}

#[tokio::test]
async fn a_retry_of_an_absence_tells_the_consequences_of_then() {
    let mut api = Api::start().await;
    let request = v1::MarkAbsenceRequest {
        parent: parent(),
        time_off: Some(sick()),
        request_id: ONE.to_owned(),
        ..Default::default()
    };
    let first = api.time_off.mark_absence(request.clone()).await.unwrap().into_inner();
    let again = api.time_off.mark_absence(request).await.unwrap().into_inner();
    assert_eq!(again, first);
    assert!(!first.consequences.unwrap().shifts.is_empty());
    assert_eq!(api.revision(), 2);
}

#[tokio::test]
async fn a_retried_return_ends_nothing_more() {
    let mut api = Api::start().await;
    let record = v1::CreateTimeOffRequest { parent: parent(), time_off: Some(sick()), ..Default::default() };
    api.time_off.create_time_off(record).await.unwrap();
    let back =
        v1::ComeBackRequest { resident: name("residents/asa"), request_id: ONE.to_owned(), ..Default::default() };
    let first = api.time_off.come_back(back.clone()).await.unwrap().into_inner();
    api.clock.advance(3_600);
    let again = api.time_off.come_back(back).await.unwrap().into_inner();
    assert_eq!(again.time_off, first.time_off);
    let end = v1::EndTimeOffRequest { name: first.time_off[0].name.clone(), ..Default::default() };
    let told = "FailedPrecondition TIME_OFF_NOT_IN_PROGRESS";
    assert_eq!(refused(api.time_off.end_time_off(end).await), told);
}

#[tokio::test]
async fn a_check_answers_as_the_call_would_and_changes_nothing() {
    let mut api = Api::start().await;
    let made = api.tasks.create_task(create("Fix")).await.unwrap().into_inner();
    let before = api.revision();
    let check = v1::CreateTaskRequest { validate_only: true, request_id: String::new(), ..create("Check") };
    assert_eq!(api.tasks.create_task(check).await.unwrap().into_inner().title, "Check");
    let task = Some(v1::Task { title: "Other".to_owned(), ..made.clone() });
    let check = v1::UpdateTaskRequest { task, validate_only: true, ..Default::default() };
    assert_eq!(api.tasks.update_task(check).await.unwrap().into_inner().title, "Other");
    let check = v1::DeleteTaskRequest { name: made.name.clone(), validate_only: true, ..Default::default() };
    api.tasks.delete_task(check).await.unwrap();
    let check =
        v1::MarkAbsenceRequest { parent: parent(), time_off: Some(sick()), validate_only: true, ..Default::default() };
    let answer = api.time_off.mark_absence(check.clone()).await.unwrap().into_inner();
    assert_eq!(answer.time_off.unwrap().note, "flu");
    assert_eq!(api.revision(), before);
    let list = v1::ListTimeOffRequest { parent: parent(), ..Default::default() };
    assert!(api.time_off.list_time_off(list).await.unwrap().into_inner().time_off.is_empty());
    let real = v1::MarkAbsenceRequest { validate_only: false, ..check };
    let real = api.time_off.mark_absence(real).await.unwrap().into_inner();
    assert_eq!(real.consequences, answer.consequences);
    let name = real.time_off.unwrap().name;
    let check = v1::EndTimeOffRequest { name: name.clone(), validate_only: true, ..Default::default() };
    assert!(api.time_off.end_time_off(check).await.unwrap().into_inner().cut_time.is_some());
    let back = v1::ComeBackRequest {
        resident: super::harness::name("residents/asa"),
        validate_only: true,
        ..Default::default()
    };
    assert_eq!(api.time_off.come_back(back).await.unwrap().into_inner().time_off.len(), 1);
    assert_eq!(api.revision(), before + 1);
}

#[tokio::test]
async fn the_log_says_what_was_done_and_nothing_private() {
    let mut api = Api::start().await;
    let request = v1::MarkAbsenceRequest { parent: parent(), time_off: Some(sick()), ..Default::default() };
    let made = api.time_off.mark_absence(request).await.unwrap().into_inner().time_off.unwrap();
    let change = v1::TimeOff { note: "worse".to_owned(), ..made.clone() };
    let change = v1::UpdateTimeOffRequest { time_off: Some(change), ..Default::default() };
    api.time_off.update_time_off(change).await.unwrap();
    let remove = v1::DeleteTimeOffRequest { name: made.name, ..Default::default() };
    api.time_off.delete_time_off(remove).await.unwrap();
    assert_eq!(api.log().await[1..], ["mark an absence", "change time off", "remove time off"]);
    let note = v1::TimeOff { note: "secret".repeat(400), kind: 99, ..sick() };
    let request = v1::CreateTimeOffRequest { parent: parent(), time_off: Some(note), ..Default::default() };
    let status = api.time_off.create_time_off(request).await.unwrap_err();
    assert!(!format!("{status:?}").contains("secret"));
}
