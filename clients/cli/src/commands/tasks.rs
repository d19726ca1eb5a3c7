//! task: add, assign, change state, list.

use onduty::proto::v1::{
    CancelTaskRequest, Change, CommentTaskRequest, CompleteTaskRequest, CreateTaskRequest, GetTaskRequest,
    ListChangesRequest, ListTasksRequest, MarkTaskStuckRequest, ReopenTaskRequest, StartTaskRequest, Task,
    TaskPriority, TaskState, UpdateTaskRequest,
};
use pbjson_types::FieldMask;
use serde::Serialize;

use crate::args::{
    Priority, State, TaskAdd, TaskArgs, TaskAssign, TaskCommand, TaskComment, TaskEdit, TaskList, TaskStuck,
};
use crate::connect::{call, list, request_id};
use crate::failure::Failure;
use crate::session::Session;
use crate::show;
use crate::spans;

/// Every state of a task.
pub const ALL_STATES: [TaskState; 5] =
    [TaskState::Open, TaskState::InProgress, TaskState::Stuck, TaskState::Done, TaskState::Cancelled];

/// `onduty task`
pub async fn run(session: &Session, args: TaskArgs) -> Result<(), Failure> {
    match args.command {
        TaskCommand::Add(args) => add(session, args).await,
        TaskCommand::Assign(args) => assign(session, args).await,
        TaskCommand::Stuck(args) => stuck(session, args).await,
        TaskCommand::Comment(args) => comment(session, args).await,
        TaskCommand::Edit(args) => edit(session, args).await,
        TaskCommand::Show(args) => show_one(session, &args.task).await,
        TaskCommand::Split(args) => super::split::split(session, args).await,
        TaskCommand::List(args) => list_all(session, args).await,
        TaskCommand::Start(args) => {
            let request = StartTaskRequest {
                name: name(session, &args.task).await?,
                request_id: request_id(),
                ..Default::default()
            };
            tell(session, call!(session, tasks.start_task, request)?, "Started").await
        }
        TaskCommand::Done(args) => {
            let request = CompleteTaskRequest {
                name: name(session, &args.task).await?,
                request_id: request_id(),
                ..Default::default()
            };
            tell(session, call!(session, tasks.complete_task, request)?, "Done").await
        }
        TaskCommand::Cancel(args) => {
            let request = CancelTaskRequest {
                name: name(session, &args.task).await?,
                request_id: request_id(),
                ..Default::default()
            };
            tell(session, call!(session, tasks.cancel_task, request)?, "Cancelled").await
        }
        TaskCommand::Reopen(args) => {
            let request = ReopenTaskRequest {
                name: name(session, &args.task).await?,
                request_id: request_id(),
                ..Default::default()
            };
            tell(session, call!(session, tasks.reopen_task, request)?, "Open again").await
        }
    }
}

async fn name(session: &Session, id: &str) -> Result<String, Failure> {
    session.child("tasks", id).await
}

async fn optional(session: &Session, collection: &str, id: Option<&String>) -> Result<Option<String>, Failure> {
    match id {
        Some(id) => session.child(collection, id).await.map(Some),
        None => Ok(None),
    }
}

async fn tell(session: &Session, task: Task, done: &str) -> Result<(), Failure> {
    session.answer(&task, |task, view| show::task(task, done, view)).await
}

async fn add(session: &Session, args: TaskAdd) -> Result<(), Failure> {
    let due = args.due.as_deref().map(|text| session.times.read("--due", text)).transpose()?;
    let task = Task {
        title: args.title,
        duty: optional(session, "duties", args.duty.as_ref()).await?,
        assignee: optional(session, "residents", args.assignee.as_ref()).await?,
        deputy: optional(session, "residents", args.deputy.as_ref()).await?,
        due: due.map(|stated| spans::due(&session.times, stated)),
        effort_hours: args.effort,
        priority: args.priority.map_or(TaskPriority::Unspecified, priority).into(),
        link: args.link.unwrap_or_default(),
        ..Task::default()
    };
    let request = CreateTaskRequest {
        parent: session.team().await?.to_owned(),
        task_id: args.id.unwrap_or_default(),
        task: Some(task),
        request_id: request_id(),
        validate_only: false,
    };
    tell(session, call!(session, tasks.create_task, request)?, "Added").await
}

async fn assign(session: &Session, args: TaskAssign) -> Result<(), Failure> {
    let mut paths = Vec::new();
    if args.resident.is_some() || args.nobody {
        paths.push("assignee".to_owned());
    }
    if args.deputy.is_some() || args.no_deputy || args.nobody {
        paths.push("deputy".to_owned());
    }
    let task = Task {
        name: name(session, &args.task).await?,
        assignee: optional(session, "residents", args.resident.as_ref()).await?,
        deputy: optional(session, "residents", args.deputy.as_ref()).await?,
        ..Task::default()
    };
    update(session, task, paths, "Assigned").await
}

/// Changes the fields of a task that the paths name, and says that it was `done`.
async fn update(session: &Session, task: Task, paths: Vec<String>, done: &str) -> Result<(), Failure> {
    let request = UpdateTaskRequest {
        task: Some(task),
        update_mask: Some(FieldMask { paths }),
        request_id: request_id(),
        validate_only: false,
    };
    tell(session, call!(session, tasks.update_task, request)?, done).await
}

async fn edit(session: &Session, args: TaskEdit) -> Result<(), Failure> {
    let stated = [
        ("title", args.title.is_some()),
        ("duty", args.duty.is_some() || args.no_duty),
        ("due", args.due.is_some() || args.no_due),
        ("effort_hours", args.effort.is_some() || args.no_effort),
        ("priority", args.priority.is_some()),
        ("link", args.link.is_some() || args.no_link),
    ];
    let paths = stated.into_iter().filter(|(_, stated)| *stated).map(|(path, _)| path.to_owned()).collect();
    let due = args.due.as_deref().map(|text| session.times.read("--due", text)).transpose()?;
    let task = Task {
        name: name(session, &args.task).await?,
        title: args.title.unwrap_or_default(),
        duty: optional(session, "duties", args.duty.as_ref()).await?,
        due: due.map(|stated| spans::due(&session.times, stated)),
        effort_hours: args.effort,
        priority: args.priority.map_or(TaskPriority::Unspecified, priority).into(),
        link: args.link.unwrap_or_default(),
        ..Task::default()
    };
    update(session, task, paths, "Changed").await
}

async fn comment(session: &Session, args: TaskComment) -> Result<(), Failure> {
    let request = CommentTaskRequest {
        name: name(session, &args.task).await?,
        text: args.text,
        request_id: request_id(),
        ..Default::default()
    };
    tell(session, call!(session, tasks.comment_task, request)?, "Commented").await
}

/// A task, and what was changed in it.
#[derive(Serialize)]
struct Whole {
    task: Task,
    changes: Vec<Change>,
}

async fn show_one(session: &Session, id: &str) -> Result<(), Failure> {
    let name = name(session, id).await?;
    let task = call!(session, tasks.get_task, GetTaskRequest { name: name.clone() })?;
    let request = ListChangesRequest {
        parent: session.team().await?.to_owned(),
        objects: vec![name],
        ..ListChangesRequest::default()
    };
    let changes = list!(session, changes.list_changes, request, changes).changes;
    let whole = Whole { task, changes };
    session.answer(&whole, |whole, view| show::whole_task(&whole.task, &whole.changes, view)).await
}

async fn stuck(session: &Session, args: TaskStuck) -> Result<(), Failure> {
    let request = MarkTaskStuckRequest {
        name: name(session, &args.task).await?,
        reason: args.reason,
        request_id: request_id(),
        ..Default::default()
    };
    tell(session, call!(session, tasks.mark_task_stuck, request)?, "Stuck").await
}

async fn list_all(session: &Session, args: TaskList) -> Result<(), Failure> {
    let states: Vec<TaskState> =
        if args.all { ALL_STATES.to_vec() } else { args.states.iter().map(|state| self::state(*state)).collect() };
    let request = ListTasksRequest {
        parent: session.team().await?.to_owned(),
        duties: session.children("duties", &args.duties).await?,
        residents: session.children("residents", &args.residents).await?,
        states: states.into_iter().map(Into::into).collect(),
        in_danger: args.in_danger,
        ..ListTasksRequest::default()
    };
    let answer = list!(session, tasks.list_tasks, request, tasks);
    session.answer(&answer, show::tasks).await
}

fn priority(priority: Priority) -> TaskPriority {
    match priority {
        Priority::Low => TaskPriority::Low,
        Priority::Normal => TaskPriority::Normal,
        Priority::High => TaskPriority::High,
        Priority::Urgent => TaskPriority::Urgent,
    }
}

fn state(state: State) -> TaskState {
    match state {
        State::Open => TaskState::Open,
        State::InProgress => TaskState::InProgress,
        State::Stuck => TaskState::Stuck,
        State::Done => TaskState::Done,
        State::Cancelled => TaskState::Cancelled,
    }
}
