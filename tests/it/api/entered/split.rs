//! Tasks that are divided: what is proposed is what is done, in one change.

use onduty::proto::v1;
use tonic::Response;

use super::harness::{Api, days, name, parent, refused};

/// Tasks of nobody and of asa; `sign` needs a skill that asa alone has.
async fn furnished() -> Api {
    let mut api = Api::start().await;
    let task = |title: &str, assignee: Option<&str>, hours: f64| v1::Task {
        title: title.to_owned(),
        assignee: assignee.map(|id| name(&format!("residents/{id}"))),
        effort_hours: Some(hours),
        ..Default::default()
    };
    let bo = Some(name("residents/bo"));
    let signed = v1::Task { duty: Some(name("duties/release")), deputy: bo, ..task("Sign", None, 2.0) };
    for (id, task) in [
        ("sign", signed),
        ("big", task("Big", None, 6.0)),
        ("small", task("Small", None, 3.0)),
        ("own", task("Own", Some("asa"), 4.0)),
    ] {
        let asked =
            v1::CreateTaskRequest { parent: parent(), task_id: id.to_owned(), task: Some(task), ..Default::default() };
        api.tasks.create_task(asked).await.unwrap();
    }
    api
}

fn between(ids: &[&str]) -> v1::SplitTasksRequest {
    let residents = ids.iter().map(|id| name(&format!("residents/{id}"))).collect();
    v1::SplitTasksRequest { parent: parent(), residents, ..Default::default() }
}

fn told(answer: &v1::SplitTasksResponse) -> Vec<(&str, &str)> {
    let last = |name: &'_ str| name.rsplit('/').next().unwrap().to_owned().leak() as &str;
    answer.given.iter().map(|given| (last(&given.task), last(&given.resident))).collect()
}

async fn assignees(api: &mut Api) -> Vec<(String, Option<String>)> {
    let list = v1::ListTasksRequest { parent: parent(), ..Default::default() };
    let tasks = api.tasks.list_tasks(list).await.unwrap().into_inner().tasks;
    let last = |name: &String| name.rsplit('/').next().unwrap().to_owned();
    tasks.iter().map(|task| (last(&task.name), task.assignee.as_ref().map(last))).collect()
}

#[tokio::test]
async fn what_is_proposed_is_what_is_done_in_one_change() {
    let mut api = furnished().await;
    let (before, revision) = (assignees(&mut api).await, api.revision());
    let asked = v1::SplitTasksRequest { validate_only: true, ..between(&["asa", "bo"]) };
    let proposed = api.tasks.split_tasks(asked.clone()).await.unwrap().into_inner();
    assert_eq!((assignees(&mut api).await, api.revision()), (before, revision));
    assert_eq!(told(&proposed), [("sign", "asa"), ("big", "bo"), ("small", "asa")]);
    assert_eq!(proposed.given[0].reasons[0], "the only one who can take it");

    let request_id = "00000000-0000-4000-8000-000000000009".to_owned();
    let asked = v1::SplitTasksRequest { validate_only: false, request_id, ..asked };
    let done = api.tasks.split_tasks(asked.clone()).await.unwrap().into_inner();
    let bare = |answer: &v1::SplitTasksResponse| v1::SplitTasksResponse { context: None, ..answer.clone() };
    assert_eq!(bare(&done), bare(&proposed));
    assert_eq!(api.revision(), revision + 1);
    let has = |id: &str, who: &str| (id.to_owned(), Some(who.to_owned()));
    let after = [has("big", "bo"), has("own", "asa"), has("sign", "asa"), has("small", "asa")];
    assert_eq!(assignees(&mut api).await, after);
    // A retry is answered as the first time, though nothing is left to divide.
    assert_eq!(api.tasks.split_tasks(asked).await.unwrap().into_inner(), done);
    assert_eq!(api.revision(), revision + 1);
}

#[tokio::test]
async fn what_somebody_has_goes_to_the_others_and_a_deputy_becomes_the_assignee() {
    let mut api = furnished().await;
    let task = v1::Task { name: name("tasks/own"), deputy: Some(name("residents/bo")), ..Default::default() };
    api.tasks.update_task(v1::UpdateTaskRequest { task: Some(task), ..Default::default() }).await.unwrap();
    let away = v1::TimeOff {
        resident: name("residents/cy"),
        span: Some(days("2026-11-23", "2026-12-31", "")),
        kind: v1::TimeOffKind::Vacation.into(),
        ..Default::default()
    };
    let away = v1::CreateTimeOffRequest { parent: parent(), time_off: Some(away), ..Default::default() };
    api.time_off.create_time_off(away).await.unwrap();
    let asked = v1::SplitTasksRequest { of_resident: name("residents/asa"), ..between(&[]) };
    let done = api.tasks.split_tasks(asked).await.unwrap().into_inner();
    assert_eq!(told(&done), [("own", "bo")]);
    assert_eq!(done.given[0].before_resident, name("residents/asa"));
    let own = api.tasks.get_task(v1::GetTaskRequest { name: name("tasks/own") }).await.unwrap().into_inner();
    assert_eq!((own.assignee, own.deputy), (Some(name("residents/bo")), None));
}

#[tokio::test]
async fn what_nobody_can_take_stays_as_it_is() {
    let mut api = furnished().await;
    let asked = v1::SplitTasksRequest { tasks: vec![name("tasks/sign"), name("tasks/own")], ..between(&["bo"]) };
    let done = api.tasks.split_tasks(asked).await.unwrap().into_inner();
    assert_eq!(told(&done), [("own", "bo")]);
    let left = done.left.iter().map(|left| (left.task.as_str(), left.reasons.clone())).collect::<Vec<_>>();
    assert_eq!(left, [("teams/psf/tasks/sign", vec!["bo lacks signing".to_owned()])]);
    let done = v1::CompleteTaskRequest { name: name("tasks/own"), ..Default::default() };
    api.tasks.complete_task(done).await.unwrap();
    let asked = v1::SplitTasksRequest { tasks: vec![name("tasks/own")], ..between(&[]) };
    let answer = api.tasks.split_tasks(asked).await.map(|_| Response::new(()));
    assert_eq!(refused(answer), "FailedPrecondition TASK_FINISHED");
}
