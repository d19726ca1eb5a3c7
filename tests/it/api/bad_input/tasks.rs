//! `TaskService`.

use onduty::proto::v1;
use onduty::proto::v1::task_due::Form;

use super::case::{Case, Cases, Edit};
use super::values::{long, resident};
use crate::api::entered::harness::{NOW, at, date, date_time};

pub fn cases() -> Vec<Case> {
    let entries = [create(), get(), list(), update(), delete()];
    entries
        .into_iter()
        .chain([start(), stuck(), complete(), cancel(), reopen(), comment(), split()])
        .flatten()
        .collect()
}

fn due(form: Form, zone: &str) -> Option<v1::TaskDue> {
    Some(v1::TaskDue { form: Some(form), zone: zone.to_owned() })
}

fn fix() -> v1::Task {
    let name = "teams/psf/tasks/fix".to_owned();
    v1::Task { name, title: "Fix".to_owned(), assignee: Some(resident("asa")), ..Default::default() }
}

const TASK: &[Edit<v1::Task>] = &[
    ("title", |t| t.title.clear()),
    ("title", |t| t.title = " ".to_owned()),
    ("title", |t| t.title = long(201)),
    ("duty", |t| t.duty = Some("review".to_owned())),
    ("duty", |t| t.duty = Some("teams/psf/duties/revue".to_owned())),
    ("duty", |t| t.duty = Some(format!("teams/psf/duties/{}", long(64)))),
    ("assignee", |t| t.assignee = Some("asa".to_owned())),
    ("assignee", |t| t.assignee = Some("teams/other/residents/asa".to_owned())),
    ("assignee", |t| t.assignee = Some(resident("ada"))),
    ("assignee", |t| t.assignee = Some(resident(&long(64)))),
    ("deputy", |t| t.deputy = Some("bo".to_owned())),
    ("deputy", |t| t.deputy = Some(resident("ada"))),
    ("deputy", |t| t.deputy = Some(resident("asa"))),
    ("due", |t| t.due = Some(v1::TaskDue::default())),
    ("due.zone", |t| t.due = due(Form::Time(at(NOW)), "UTC")),
    ("due.zone", |t| t.due = due(Form::Date(date("2026-11-24")), "Mars/Olympus")),
    ("due.date", |t| t.due = due(Form::Date(date("2201-01-01")), "")),
    ("due.date", |t| t.due = due(Form::Date(Default::default()), "")),
    ("due.local", |t| t.due = due(Form::Local(date_time("1969-01-01T08:00")), "")),
    ("due.local", |t| {
        let late = onduty::proto::google_type::DateTime { hours: 24, ..date_time("2026-11-24T08:00") };
        t.due = due(Form::Local(late), "");
    }),
    ("due.time", |t| t.due = due(Form::Time(pbjson_types::Timestamp { seconds: 1 << 40, nanos: 0 }), "")),
    ("effort_hours", |t| t.effort_hours = Some(0.0)),
    ("effort_hours", |t| t.effort_hours = Some(-1.0)),
    ("effort_hours", |t| t.effort_hours = Some(10_000.5)),
    ("effort_hours", |t| t.effort_hours = Some(0.001)),
    ("effort_hours", |t| t.effort_hours = Some(f64::NAN)),
    ("priority", |t| t.priority = 9),
    ("link", |t| t.link = "ftp://example.org".to_owned()),
    ("link", |t| t.link = "https://".to_owned()),
    ("link", |t| t.link = "https://a b".to_owned()),
    ("link", |t| t.link = format!("https://example.org/{}", long(2_000))),
    ("duty, effort_hours, priority, title, link", |t| {
        (t.title, t.effort_hours, t.priority) = (String::new(), Some(0.0), -1);
        (t.duty, t.link) = (Some("x".to_owned()), "x".to_owned());
    }),
];

fn create() -> Vec<Case> {
    let (parent, task_id) = ("teams/psf".to_owned(), "x".to_owned());
    Cases::of(v1::CreateTaskRequest { parent, task_id, task: Some(fix()), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .id("task_id", |r| &mut r.task_id)
        .each("AlreadyExists RESOURCE_EXISTS", |r| &mut r.task_id, ["fix".to_owned()])
        .each("title", |r| &mut r.task, [None])
        .part("", |r| r.task.get_or_insert_default(), TASK)
        .request_id(|r| &mut r.request_id)
        .when("request_id", |r| (r.parent, r.request_id) = ("teams/psff".to_owned(), "x".to_owned()))
        .done()
}

fn get() -> Vec<Case> {
    Cases::of(v1::GetTaskRequest { name: fix().name }).name("name", "tasks", |r| &mut r.name).done()
}

fn list() -> Vec<Case> {
    Cases::of(v1::ListTasksRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("duties", "duties/review", |r| &mut r.duties)
        .references("residents", "residents/asa", |r| &mut r.residents)
        .each("states[1]", |r| &mut r.states, [vec![1, 99], vec![1, -1]])
        .each("states[0]", |r| &mut r.states, [vec![0]])
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .when("parent, page_size, page_token, states[1], duties[0], residents[0]", |r| {
            let (page_size, page_token, states) = (-1, "x".to_owned(), vec![1, 99]);
            let (duties, residents) = (vec!["x".to_owned()], vec!["x".to_owned()]);
            *r = v1::ListTasksRequest { page_size, page_token, states, duties, residents, ..Default::default() };
        })
        .done()
}

fn update() -> Vec<Case> {
    let update_mask = Some(pbjson_types::FieldMask { paths: vec!["*".to_owned()] });
    Cases::of(v1::UpdateTaskRequest { task: Some(fix()), update_mask, ..Default::default() })
        .each("name", |r| &mut r.task, [None])
        .name("name", "tasks", |r| &mut r.task.get_or_insert_default().name)
        .etag(|r| &mut r.task.get_or_insert_default().etag)
        .part("", |r| r.task.get_or_insert_default(), TASK)
        .mask(|r| &mut r.update_mask)
        .request_id(|r| &mut r.request_id)
        .done()
}

/// The cases of a call that says nothing but which task is meant.
macro_rules! plain {
    ($($call:ident: $request:ident,)*) => { $(
        fn $call() -> Vec<Case> {
            Cases::of(v1::$request { name: fix().name, ..Default::default() })
                .name("name", "tasks", |r| &mut r.name)
                .etag(|r| &mut r.etag)
                .request_id(|r| &mut r.request_id)
                .when("request_id, name", |r| (r.request_id, r.name) = ("x".to_owned(), String::new()))
                .done()
        }
    )* };
}

plain! {
    delete: DeleteTaskRequest,
    start: StartTaskRequest,
    complete: CompleteTaskRequest,
    cancel: CancelTaskRequest,
    reopen: ReopenTaskRequest,
}

fn comment() -> Vec<Case> {
    Cases::of(v1::CommentTaskRequest { name: fix().name, text: "Seen".to_owned(), ..Default::default() })
        .name("name", "tasks", |r| &mut r.name)
        .each("text", |r| &mut r.text, [String::new(), " \n".to_owned(), "\u{7}".to_owned(), long(2_001)])
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .when("request_id, text", |r| (r.request_id, r.text) = ("x".to_owned(), String::new()))
        .done()
}

fn split() -> Vec<Case> {
    Cases::of(v1::SplitTasksRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("tasks", "tasks/fix", |r| &mut r.tasks)
        .references("residents", "residents/asa", |r| &mut r.residents)
        .each("of_resident", |r| &mut r.of_resident, ["asa".to_owned(), "teams/other/residents/asa".to_owned()])
        .each("NotFound RESOURCE_NOT_FOUND", |r| &mut r.of_resident, [resident("ada")])
        .when("of_resident", |r| (r.tasks, r.of_resident) = (vec![fix().name], resident("asa")))
        .when("residents", |r| r.residents = vec![resident("asa"); 1_001])
        .when("tasks", |r| r.tasks = vec![fix().name; 501])
        .request_id(|r| &mut r.request_id)
        .when("request_id, parent, tasks[0], residents[0], of_resident", |r| {
            let (tasks, residents, of_resident) = (vec!["x".to_owned()], vec!["x".to_owned()], "x".to_owned());
            let request_id = "x".to_owned();
            *r = v1::SplitTasksRequest { tasks, residents, of_resident, request_id, ..Default::default() };
        })
        .done()
}

fn stuck() -> Vec<Case> {
    Cases::of(v1::MarkTaskStuckRequest { name: fix().name, ..Default::default() })
        .name("name", "tasks", |r| &mut r.name)
        .each("reason", |r| &mut r.reason, [long(1_001)])
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .when("request_id, reason", |r| (r.request_id, r.reason) = ("x".to_owned(), long(1_001)))
        .done()
}
