//! Tasks as messages.

use super::stamp::{origin, uid};
use super::time::{date, date_time, instant, read_date, read_date_time, timestamp};
use crate::civil::{UnknownZone, ZoneRules};
use crate::engine;
use crate::model::{Comment, Due, DutyId, Entered, Priority, ResidentId, Task, TaskId, TaskState, TeamId, ZoneName};
use crate::proto::v1;
use crate::service::mask::{Field, field};
use crate::service::names::Name;
use crate::service::request::{Fields, etag};

/// What an update of a task may change.
pub const FIELDS: &[Field<v1::Task>] = &[
    field!(title),
    field!(duty),
    field!(assignee),
    field!(deputy),
    field!(due),
    field!(due.zone),
    field!(effort_hours),
    field!(priority),
    field!(link),
];

/// Returns what endangers a task.
#[must_use]
pub fn health(health: engine::TaskHealth, context: v1::ReadContext) -> v1::TaskHealth {
    v1::TaskHealth {
        uncovered: health.uncovered,
        at_risk: health.at_risk,
        overdue: health.overdue,
        working_time_left: health.working_seconds_left.map(duration),
        context: Some(context),
        room: Vec::new(),
    }
}

/// Returns a task less its health and its comments.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks its zone.
pub fn task(team: &TeamId, id: &TaskId, entry: &Entered<Task>, rules: &ZoneRules) -> Result<v1::Task, UnknownZone> {
    let (meta, value, name) = (&entry.meta, &entry.value, id.full(team));
    let due_time = value.due.as_ref().map(|due| due.instant(rules)).transpose()?;
    Ok(v1::Task {
        uid: uid(&name, meta),
        name,
        title: value.title.clone(),
        duty: value.duty.as_ref().map(|duty| duty.full(team)),
        assignee: value.assignee.as_ref().map(|assignee| assignee.full(team)),
        deputy: value.deputy.as_ref().map(|deputy| deputy.full(team)),
        state: state(value.state) as i32,
        due: value.due.as_ref().map(due),
        effort_hours: value.effort_hours(),
        priority: priority(value.priority) as i32,
        link: value.link.clone(),
        stuck_reason: value.stuck_reason.clone(),
        finish_time: value.finish_time.map(timestamp),
        due_time: due_time.map(timestamp),
        health: None,
        comments: Vec::new(),
        comment_count: i32::try_from(value.comments.len()).unwrap_or(i32::MAX),
        origin: origin(meta),
        create_time: Some(timestamp(meta.create_time)),
        update_time: Some(timestamp(meta.update_time)),
        etag: etag(meta),
    })
}

/// Returns the comments on a task.
#[must_use]
pub fn comments(team: &TeamId, task: &Task) -> Vec<v1::TaskComment> {
    let comment = |comment: &Comment| v1::TaskComment {
        actor: comment.author.actor.clone(),
        resident: comment.author.resident.as_ref().map(|id| id.full(team)).unwrap_or_default(),
        create_time: Some(timestamp(comment.time)),
        text: comment.text.clone(),
    };
    task.comments.iter().map(comment).collect()
}

/// Returns elapsed seconds.
#[must_use]
pub fn duration(seconds: i64) -> pbjson_types::Duration {
    pbjson_types::Duration { seconds, nanos: 0 }
}

/// Returns a task's state.
#[must_use]
pub fn state(state: TaskState) -> v1::TaskState {
    match state {
        TaskState::Open => v1::TaskState::Open,
        TaskState::InProgress => v1::TaskState::InProgress,
        TaskState::Stuck => v1::TaskState::Stuck,
        TaskState::Done => v1::TaskState::Done,
        TaskState::Cancelled => v1::TaskState::Cancelled,
    }
}

/// Reads a task's state.
///
/// # Errors
///
/// In words, one that there is not.
pub fn read_state(state: i32) -> Result<TaskState, String> {
    match v1::TaskState::try_from(state) {
        Ok(v1::TaskState::Open) => Ok(TaskState::Open),
        Ok(v1::TaskState::InProgress) => Ok(TaskState::InProgress),
        Ok(v1::TaskState::Stuck) => Ok(TaskState::Stuck),
        Ok(v1::TaskState::Done) => Ok(TaskState::Done),
        Ok(v1::TaskState::Cancelled) => Ok(TaskState::Cancelled),
        Ok(v1::TaskState::Unspecified) | Err(_) => Err(format!("{state} is not a state of a task")),
    }
}

fn priority(priority: Priority) -> v1::TaskPriority {
    match priority {
        Priority::Low => v1::TaskPriority::Low,
        Priority::Normal => v1::TaskPriority::Normal,
        Priority::High => v1::TaskPriority::High,
        Priority::Urgent => v1::TaskPriority::Urgent,
    }
}

fn read_priority(priority: i32) -> Result<Priority, String> {
    match v1::TaskPriority::try_from(priority) {
        Ok(v1::TaskPriority::Low) => Ok(Priority::Low),
        Ok(v1::TaskPriority::Normal | v1::TaskPriority::Unspecified) => Ok(Priority::Normal),
        Ok(v1::TaskPriority::High) => Ok(Priority::High),
        Ok(v1::TaskPriority::Urgent) => Ok(Priority::Urgent),
        Err(_) => Err(format!("{priority} is not a priority of a task")),
    }
}

fn due(due: &Due) -> v1::TaskDue {
    use v1::task_due::Form;
    let (form, zone) = match due {
        Due::At(at) => (Form::Time(timestamp(*at)), String::new()),
        Due::Day(day, zone) => (Form::Date(date(*day)), zone.to_string()),
        Due::Local(local, zone) => (Form::Local(date_time(*local)), zone.to_string()),
    };
    v1::TaskDue { form: Some(form), zone }
}

/// Reads by when a task is due; `zone` is that of a day or local time that states none.
fn read_due(due: &v1::TaskDue, zone: &ZoneName, fields: &mut Fields) -> Option<Due> {
    use v1::task_due::Form;
    let zone = if due.zone.is_empty() { zone.clone() } else { ZoneName::new(&due.zone) };
    match &due.form {
        Some(Form::Time(at)) => {
            if !due.zone.is_empty() {
                fields.add("due.zone", "says nothing beside an instant; leave it out");
            }
            fields.take(instant("due.time", at)).map(Due::At)
        }
        Some(Form::Date(day)) => fields.take(read_date("due.date", day)).map(|day| Due::Day(day, zone)),
        Some(Form::Local(local)) => {
            fields.take(read_date_time("due.local", local)).map(|local| Due::Local(local, zone))
        }
        None => {
            fields.add("due", "is empty; give a time, a date or a local time, or leave it out");
            None
        }
    }
}

/// Reads what a task states; what cannot be read is a violation and left out. Its state is that of a new task.
pub fn read_task(message: &v1::Task, team: &TeamId, zone: &ZoneName, fields: &mut Fields) -> Task {
    let stated = |name: &Option<String>| name.clone().filter(|name| !name.is_empty());
    let duty = stated(&message.duty).and_then(|name| fields.take_one(DutyId::reference("duty", &name, team)));
    let mut person = |field, name: &Option<String>| fields.take_one(ResidentId::reference(field, &stated(name)?, team));
    let (assignee, deputy) = (person("assignee", &message.assignee), person("deputy", &message.deputy));
    let effort_minutes = message.effort_hours.and_then(|hours| {
        let minutes = Task::minutes(hours);
        if minutes.is_none() {
            fields.add("effort_hours", format!("{hours} is not more than 0 and at most 10000 hours, to the minute"));
        }
        minutes
    });
    Task {
        title: message.title.clone(),
        duty,
        assignee,
        deputy,
        state: TaskState::Open,
        due: message.due.as_ref().and_then(|due| read_due(due, zone, fields)),
        effort_minutes,
        priority: fields.parse("priority", read_priority(message.priority)).unwrap_or_default(),
        link: message.link.clone(),
        stuck_reason: String::new(),
        finish_time: None,
        comments: Vec::new(),
    }
}

/// Returns the path that a field of the model's task has in the message for it.
#[must_use]
pub fn task_path(task: &Task, field: &str) -> String {
    match (field, &task.due) {
        ("due", Some(Due::At(_))) => "due.time".to_owned(),
        ("due", Some(Due::Day(..))) => "due.date".to_owned(),
        ("due", Some(Due::Local(..))) => "due.local".to_owned(),
        _ => field.to_owned(),
    }
}
