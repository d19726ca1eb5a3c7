//! Entries that name somebody or something that has ended.

use onduty::proto::v1;
use onduty::proto::v1::task_due::Form;

use super::harness::{Api, at, days, mask, name, parent, refused};

/// When cy and the duty `release` have ended.
const ENDED: &str = "2026-11-23T09:00:00Z";

async fn ended() -> Api {
    let mut api = Api::start().await;
    api.clock.advance(3_600);
    api.end_some().await;
    api.clock.advance(3_600);
    api
}

fn exchange(day: &str) -> v1::CreateOverrideRequest {
    let entry = v1::Override {
        duty: name("duties/release"),
        span: Some(days(day, day, "")),
        by_resident: Some(name("residents/asa")),
        for_resident: Some(name("residents/cy")),
        ..Default::default()
    };
    v1::CreateOverrideRequest { parent: parent(), override_entry: Some(entry), ..Default::default() }
}

fn vacation(id: &str, day: &str) -> v1::CreateTimeOffRequest {
    let time_off = v1::TimeOff {
        resident: name("residents/cy"),
        span: Some(days(day, day, "")),
        kind: v1::TimeOffKind::Vacation.into(),
        ..Default::default()
    };
    let (time_off_id, time_off) = (id.to_owned(), Some(time_off));
    v1::CreateTimeOffRequest { parent: parent(), time_off_id, time_off, ..Default::default() }
}

fn task(id: &str, due: &str) -> v1::CreateTaskRequest {
    let due = (!due.is_empty()).then(|| v1::TaskDue { form: Some(Form::Time(at(due))), zone: String::new() });
    let task = v1::Task {
        title: "Fix".to_owned(),
        duty: Some(name("duties/release")),
        assignee: Some(name("residents/cy")),
        due,
        ..Default::default()
    };
    v1::CreateTaskRequest { parent: parent(), task_id: id.to_owned(), task: Some(task), ..Default::default() }
}

#[tokio::test]
async fn nothing_new_names_what_has_ended() {
    let mut api = ended().await;
    let (by, off) = (exchange("2026-11-25"), vacation("", "2026-11-25"));
    assert_eq!(refused(api.overrides.create_override(by).await), "InvalidArgument INVALID_FIELD duty, for_resident");
    assert_eq!(refused(api.time_off.create_time_off(off).await), "InvalidArgument INVALID_FIELD resident");
    for due in ["", "2026-11-25T08:00:00Z"] {
        let told = refused(api.tasks.create_task(task("", due)).await);
        assert_eq!(told, "InvalidArgument INVALID_FIELD duty, assignee");
    }
    let status = api.time_off.create_time_off(vacation("", "2026-11-25")).await.unwrap_err();
    let told = format!(
        "resident: 'cy' has left: they are no resident since {ENDED}; name somebody who is there at 2026-11-24T23:00:00Z"
    );
    assert_eq!(status.message(), told);
}

#[tokio::test]
async fn the_past_may_name_what_was_there_then() {
    let mut api = ended().await;
    api.overrides.create_override(exchange("2026-11-20")).await.unwrap();
    api.time_off.create_time_off(vacation("", "2026-11-20")).await.unwrap();
    api.tasks.create_task(task("", ENDED)).await.unwrap();
    // A day that somebody was there for in part.
    api.time_off.create_time_off(vacation("", "2026-11-23")).await.unwrap();
}

#[tokio::test]
async fn what_was_entered_before_the_end_can_still_be_changed() {
    let mut api = Api::start().await;
    api.tasks.create_task(task("fix", "")).await.unwrap();
    let made = api.time_off.create_time_off(vacation("sea", "2026-11-25")).await.unwrap().into_inner();
    api.clock.advance(3_600);
    api.end_some().await;
    let update = |task: v1::Task, paths: &[&str]| v1::UpdateTaskRequest {
        task: Some(v1::Task { name: name("tasks/fix"), ..task }),
        update_mask: mask(paths),
        ..Default::default()
    };
    let renamed = v1::Task { title: "Fix it".to_owned(), ..Default::default() };
    api.tasks.update_task(update(renamed, &["title"])).await.unwrap();
    let deputy = v1::Task { deputy: Some(name("residents/cy")), assignee: None, ..Default::default() };
    api.tasks.update_task(update(deputy, &["deputy", "assignee"])).await.unwrap();
    let asa = v1::Task { deputy: Some(name("residents/asa")), ..Default::default() };
    api.tasks.update_task(update(asa, &["deputy"])).await.unwrap();
    let again = v1::Task { deputy: Some(name("residents/cy")), ..Default::default() };
    let told = refused(api.tasks.update_task(update(again, &["deputy"])).await);
    assert_eq!(told, "InvalidArgument INVALID_FIELD deputy");
    let update = |entry: v1::TimeOff, paths: &[&str]| v1::UpdateTimeOffRequest {
        time_off: Some(v1::TimeOff { name: made.name.clone(), ..entry }),
        update_mask: mask(paths),
        ..Default::default()
    };
    let kind = v1::TimeOff { kind: v1::TimeOffKind::Other.into(), ..Default::default() };
    api.time_off.update_time_off(update(kind, &["kind"])).await.unwrap();
    let later = v1::TimeOff { span: Some(days("2026-11-27", "2026-11-27", "")), ..Default::default() };
    let told = refused(api.time_off.update_time_off(update(later, &["span"])).await);
    assert_eq!(told, "InvalidArgument INVALID_FIELD resident");
}
