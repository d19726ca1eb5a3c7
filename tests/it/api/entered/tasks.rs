//! Tasks.

use onduty::proto::v1;
use onduty::proto::v1::task_due::Form;

use super::harness::{Api, NOW, at, date, date_time, days, mask, name, parent, refused, time};

fn due(form: Form, zone: &str) -> Option<v1::TaskDue> {
    Some(v1::TaskDue { form: Some(form), zone: zone.to_owned() })
}

fn task(title: &str) -> v1::Task {
    v1::Task { title: title.to_owned(), assignee: Some(name("residents/asa")), ..Default::default() }
}

fn create(id: &str, task: v1::Task) -> v1::CreateTaskRequest {
    v1::CreateTaskRequest { parent: parent(), task_id: id.to_owned(), task: Some(task), ..Default::default() }
}

async fn made(api: &mut Api, id: &str, task: v1::Task) -> v1::Task {
    api.tasks.create_task(create(id, task)).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_task_is_answered_as_it_was_stated_with_its_health() {
    let mut api = Api::start().await;
    let given = v1::Task {
        duty: Some(name("duties/review")),
        deputy: Some(name("residents/bo")),
        due: due(Form::Date(date("2026-11-24")), ""),
        effort_hours: Some(20.5),
        priority: v1::TaskPriority::High.into(),
        link: "https://example.org/1".to_owned(),
        ..task("Fix")
    };
    let made = made(&mut api, "fix", given.clone()).await;
    assert_eq!((made.name.as_str(), made.state()), ("teams/psf/tasks/fix", v1::TaskState::Open));
    assert_eq!(made.due, due(Form::Date(date("2026-11-24")), "Europe/Warsaw"));
    assert_eq!(made.due_time.as_ref().map(time).as_deref(), Some("2026-11-24T23:00:00Z"));
    assert_eq!((made.effort_hours, made.priority()), (Some(20.5), v1::TaskPriority::High));
    let health = made.health.clone().unwrap();
    assert!(health.at_risk && !health.uncovered && !health.overdue);
    // From 09:00 to 17:00 in Warsaw, today and tomorrow.
    assert_eq!(health.working_time_left.unwrap().seconds, 16 * 3_600);
    assert_eq!(health.context.unwrap().read_time.as_ref().map(time).as_deref(), Some(NOW));
    let get = v1::GetTaskRequest { name: made.name.clone() };
    assert_eq!(api.tasks.get_task(get).await.unwrap().into_inner(), made);
}

#[tokio::test]
async fn a_due_time_is_shown_as_it_was_stated() {
    let mut api = Api::start().await;
    for (stated, shown, instant) in [
        (due(Form::Time(at(NOW)), ""), due(Form::Time(at(NOW)), ""), NOW),
        // 23 and 25 hours long.
        (
            due(Form::Date(date("2026-03-29")), ""),
            due(Form::Date(date("2026-03-29")), "Europe/Warsaw"),
            "2026-03-29T22:00:00Z",
        ),
        (
            due(Form::Date(date("2026-10-25")), ""),
            due(Form::Date(date("2026-10-25")), "Europe/Warsaw"),
            "2026-10-25T23:00:00Z",
        ),
        // Skipped on that day.
        (
            due(Form::Local(date_time("2026-03-29T02:30")), "Europe/Warsaw"),
            due(Form::Local(date_time("2026-03-29T02:30")), "Europe/Warsaw"),
            "2026-03-29T01:00:00Z",
        ),
        (
            due(Form::Local(date_time("2026-11-25T00:00")), "Asia/Tokyo"),
            due(Form::Local(date_time("2026-11-25T00:00")), "Asia/Tokyo"),
            "2026-11-24T15:00:00Z",
        ),
    ] {
        let made = made(&mut api, "", v1::Task { due: stated, ..task("Fix") }).await;
        assert_eq!((made.due, made.due_time.as_ref().map(time).as_deref()), (shown, Some(instant)));
    }
}

/// Takes the step of that word with a task and tells its state, or what it was refused with.
async fn take(api: &mut Api, word: &str, name: &str) -> String {
    let tasks = &mut api.tasks;
    let answer = match word {
        "start" => tasks.start_task(v1::StartTaskRequest { name: name.to_owned(), ..Default::default() }).await,
        "complete" => {
            tasks.complete_task(v1::CompleteTaskRequest { name: name.to_owned(), ..Default::default() }).await
        }
        "cancel" => tasks.cancel_task(v1::CancelTaskRequest { name: name.to_owned(), ..Default::default() }).await,
        "reopen" => tasks.reopen_task(v1::ReopenTaskRequest { name: name.to_owned(), ..Default::default() }).await,
        reason => {
            let (name, reason) = (name.to_owned(), reason.to_owned());
            tasks.mark_task_stuck(v1::MarkTaskStuckRequest { name, reason, ..Default::default() }).await
        }
    };
    match answer {
        Ok(answer) => {
            let task = answer.into_inner();
            let finished = task.finish_time.is_some();
            assert_eq!(finished, task.health.is_none());
            assert_eq!(finished, matches!(task.state(), v1::TaskState::Done | v1::TaskState::Cancelled));
            format!("{:?} {}", task.state(), task.stuck_reason).trim_end().to_owned()
        }
        Err(status) => refused::<()>(Err(status)),
    }
}

#[tokio::test]
async fn a_state_changes_by_the_steps_that_lead_out_of_it() {
    let mut api = Api::start().await;
    let name = made(&mut api, "fix", task("Fix")).await.name;
    let refused = "FailedPrecondition TASK_FINISHED";
    for (word, becomes) in [
        ("reopen", "Open"),
        ("start", "InProgress"),
        ("start", "InProgress"),
        ("no key", "Stuck no key"),
        ("no time", "Stuck no time"),
        ("start", "InProgress"),
        ("no key", "Stuck no key"),
        ("complete", "Done"),
        ("complete", "Done"),
        ("start", refused),
        ("no key", refused),
        ("cancel", refused),
        ("reopen", "Open"),
        ("cancel", "Cancelled"),
        ("cancel", "Cancelled"),
        ("complete", refused),
        ("start", refused),
        ("reopen", "Open"),
        ("no key", "Stuck no key"),
        ("cancel", "Cancelled"),
    ] {
        assert_eq!(take(&mut api, word, &name).await, becomes, "{word}");
    }
}

#[tokio::test]
async fn a_step_that_is_only_checked_changes_nothing() {
    let mut api = Api::start().await;
    let name = made(&mut api, "fix", task("Fix")).await.name;
    let kept = |told: &v1::Task| (told.state(), told.etag.clone());
    let open = api.tasks.get_task(v1::GetTaskRequest { name: name.clone() }).await.unwrap().into_inner();
    let (name, validate_only) = (name.as_str(), true);
    let start = v1::StartTaskRequest { name: name.to_owned(), validate_only, ..Default::default() };
    let stuck = v1::MarkTaskStuckRequest { name: name.to_owned(), validate_only, ..Default::default() };
    let complete = v1::CompleteTaskRequest { name: name.to_owned(), validate_only, ..Default::default() };
    let cancel = v1::CancelTaskRequest { name: name.to_owned(), validate_only, ..Default::default() };
    let told = [
        api.tasks.start_task(start).await.unwrap().into_inner().state(),
        api.tasks.mark_task_stuck(stuck).await.unwrap().into_inner().state(),
        api.tasks.complete_task(complete).await.unwrap().into_inner().state(),
        api.tasks.cancel_task(cancel).await.unwrap().into_inner().state(),
    ];
    assert_eq!(told, [v1::TaskState::InProgress, v1::TaskState::Stuck, v1::TaskState::Done, v1::TaskState::Cancelled]);
    let still = api.tasks.get_task(v1::GetTaskRequest { name: name.to_owned() }).await.unwrap().into_inner();
    assert_eq!(kept(&still), kept(&open));

    take(&mut api, "complete", name).await;
    let reopen = v1::ReopenTaskRequest { name: name.to_owned(), validate_only, ..Default::default() };
    assert_eq!(api.tasks.reopen_task(reopen).await.unwrap().into_inner().state(), v1::TaskState::Open);
    let still = api.tasks.get_task(v1::GetTaskRequest { name: name.to_owned() }).await.unwrap().into_inner();
    assert_eq!(still.state(), v1::TaskState::Done);
}

#[tokio::test]
async fn a_step_names_a_task_as_it_is() {
    let mut api = Api::start().await;
    let made = made(&mut api, "fix", task("Fix")).await;
    let (name, etag) = (made.name.clone(), "\"1\"".to_owned());
    let stale = v1::StartTaskRequest { name, etag, ..Default::default() };
    assert_eq!(refused(api.tasks.start_task(stale).await), "Aborted ETAG_MISMATCH");
    assert_eq!(take(&mut api, "start", "teams/psf/tasks/fox").await, "NotFound RESOURCE_NOT_FOUND");
    assert_eq!(take(&mut api, "complete", "fix").await, "InvalidArgument INVALID_FIELD name");
    assert_eq!(take(&mut api, "cancel", "").await, "InvalidArgument INVALID_FIELD name");
    assert_eq!(take(&mut api, "reopen", "teams/psf/overrides/x").await, "InvalidArgument INVALID_FIELD name");
    assert_eq!(take(&mut api, &"x".repeat(1_001), &made.name).await, "InvalidArgument INVALID_FIELD reason");
    let request_id = "x".to_owned();
    let request =
        v1::MarkTaskStuckRequest { name: made.name, request_id, reason: "x".repeat(1_001), ..Default::default() };
    let told = refused(api.tasks.mark_task_stuck(request).await);
    assert_eq!(told, "InvalidArgument INVALID_FIELD request_id, reason");
}

#[tokio::test]
async fn an_update_changes_what_is_stated_and_not_the_state() {
    let mut api = Api::start().await;
    let due = due(Form::Date(date("2026-11-24")), "Asia/Tokyo");
    let made = made(&mut api, "fix", v1::Task { due: due.clone(), effort_hours: Some(1.0), ..task("Fix") }).await;
    take(&mut api, "no key", &made.name).await;
    let given = v1::Task { name: made.name.clone(), title: "Mend".to_owned(), ..Default::default() };
    let request = |paths: &[&str]| v1::UpdateTaskRequest {
        task: Some(given.clone()),
        update_mask: if paths.is_empty() { None } else { mask(paths) },
        ..Default::default()
    };
    let after = api.tasks.update_task(request(&[])).await.unwrap().into_inner();
    assert_eq!((after.title.as_str(), after.assignee.clone(), after.due.clone()), ("Mend", made.assignee, due));
    assert_eq!((after.state(), after.stuck_reason.as_str()), (v1::TaskState::Stuck, "no key"));
    let after = api.tasks.update_task(request(&["assignee", "due"])).await.unwrap().into_inner();
    assert_eq!((after.assignee, after.due, after.effort_hours), (None, None, Some(1.0)));
    assert!(after.health.unwrap().uncovered);
    let after = api.tasks.update_task(request(&["*"])).await.unwrap().into_inner();
    assert_eq!((after.effort_hours, after.state()), (None, v1::TaskState::Stuck));
    let told = refused(api.tasks.update_task(request(&["state", "stuck_reason", "title"])).await);
    assert_eq!(told, "InvalidArgument INVALID_FIELD update_mask.paths[0], update_mask.paths[1]");
}

async fn listed(api: &mut Api, request: v1::ListTasksRequest) -> Vec<String> {
    let request = v1::ListTasksRequest { parent: parent(), ..request };
    let answer = api.tasks.list_tasks(request).await.unwrap().into_inner();
    assert_eq!(answer.context.unwrap().read_time.as_ref().map(time).as_deref(), Some(NOW));
    answer.tasks.into_iter().map(|task| task.title).collect()
}

#[tokio::test]
async fn a_list_goes_by_due_time_and_is_narrowed() {
    let mut api = Api::start().await;
    let by = |day: &str| due(Form::Date(date(day)), "");
    let bo = || Some(name("residents/bo"));
    for (id, task) in [
        ("none", task("Without a date")),
        ("late", v1::Task { due: by("2026-12-24"), assignee: bo(), ..task("Late") }),
        ("soon", v1::Task { due: by("2026-11-24"), duty: Some(name("duties/review")), ..task("Soon") }),
        ("nobody", v1::Task { assignee: None, deputy: bo(), ..task("Nobody's") }),
        ("done", task("Done")),
    ] {
        made(&mut api, id, task).await;
    }
    take(&mut api, "complete", &name("tasks/done")).await;
    let list = v1::ListTasksRequest::default;
    assert_eq!(listed(&mut api, list()).await, ["Soon", "Late", "Nobody's", "Without a date"]);
    let residents = vec![name("residents/bo")];
    assert_eq!(listed(&mut api, v1::ListTasksRequest { residents, ..list() }).await, ["Late", "Nobody's"]);
    let duties = vec![name("duties/review")];
    assert_eq!(listed(&mut api, v1::ListTasksRequest { duties, ..list() }).await, ["Soon"]);
    let states = vec![v1::TaskState::Done.into()];
    assert_eq!(listed(&mut api, v1::ListTasksRequest { states, ..list() }).await, ["Done"]);
    assert_eq!(listed(&mut api, v1::ListTasksRequest { in_danger: true, ..list() }).await, ["Nobody's"]);
    let away = v1::TimeOff {
        resident: name("residents/asa"),
        span: Some(days("2026-11-23", "2026-11-24", "")),
        kind: v1::TimeOffKind::Vacation.into(),
        ..Default::default()
    };
    let away = v1::CreateTimeOffRequest { parent: parent(), time_off: Some(away), ..Default::default() };
    api.time_off.create_time_off(away).await.unwrap();
    assert_eq!(listed(&mut api, v1::ListTasksRequest { in_danger: true, ..list() }).await, ["Soon", "Nobody's"]);
}

async fn comment(api: &mut Api, name: &str, text: &str) -> Result<v1::Task, tonic::Status> {
    let asked = v1::CommentTaskRequest { name: name.to_owned(), text: text.to_owned(), ..Default::default() };
    api.tasks.comment_task(asked).await.map(tonic::Response::into_inner)
}

fn said(task: &v1::Task) -> Vec<&str> {
    task.comments.iter().map(|comment| comment.text.as_str()).collect()
}

#[tokio::test]
async fn comments_stay_through_everything_that_becomes_of_a_task() {
    let mut api = Api::start().await;
    let name = made(&mut api, "fix", task("Fix")).await.name;
    comment(&mut api, &name, "First").await.unwrap();
    api.clock.advance(60);
    let told = comment(&mut api, &name, "Second\nline").await.unwrap();
    let times = told.comments.iter().map(|comment| time(comment.create_time.as_ref().unwrap())).collect::<Vec<_>>();
    assert_eq!(times, ["2026-11-23T08:00:00Z", "2026-11-23T08:01:00Z"]);
    assert_eq!((said(&told), told.comment_count), (vec!["First", "Second\nline"], 2));
    let other = v1::Task { name: name.clone(), assignee: Some(super::harness::name("residents/bo")), ..task("Mend") };
    let update = v1::UpdateTaskRequest { task: Some(other), update_mask: mask(&["*"]), ..Default::default() };
    let told = api.tasks.update_task(update).await.unwrap().into_inner();
    assert_eq!((said(&told), told.comment_count), (vec!["First", "Second\nline"], 2));
    for word in ["no key", "complete", "reopen"] {
        take(&mut api, word, &name).await;
    }
    let told = api.tasks.get_task(v1::GetTaskRequest { name: name.clone() }).await.unwrap().into_inner();
    assert_eq!((said(&told), told.title.as_str()), (vec!["First", "Second\nline"], "Mend"));
    let list = v1::ListTasksRequest { parent: parent(), ..Default::default() };
    let listed = api.tasks.list_tasks(list).await.unwrap().into_inner().tasks;
    assert_eq!((listed[0].comments.len(), listed[0].comment_count), (0, 2));
}

#[tokio::test]
async fn a_task_has_a_hundred_comments_and_no_more() {
    let mut api = Api::start().await;
    let name = made(&mut api, "fix", task("Fix")).await.name;
    for number in 0..100 {
        comment(&mut api, &name, &number.to_string()).await.unwrap();
    }
    assert_eq!(
        refused(comment(&mut api, &name, "x").await.map(tonic::Response::new)),
        "InvalidArgument INVALID_FIELD text"
    );
    assert_eq!(take(&mut api, "start", &name).await, "InProgress");
}
