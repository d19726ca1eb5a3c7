//! The record of a task.

use super::civil::{read_date, read_date_time, read_id, read_instant};
use super::meta::{read_author, read_meta, write_author, write_meta};
use super::{Read, RecordError, pb};
use crate::civil::Instant;
use crate::model::{Comment, Due, DutyId, Entered, Priority, ResidentId, Task, TaskState, ZoneName};

pub(super) fn write(task: &Entered<Task>) -> pb::TaskRecord {
    let value = &task.value;
    let state = match value.state {
        TaskState::Open => pb::TaskState::Open,
        TaskState::InProgress => pb::TaskState::InProgress,
        TaskState::Stuck => pb::TaskState::Stuck,
        TaskState::Done => pb::TaskState::Done,
        TaskState::Cancelled => pb::TaskState::Cancelled,
    };
    let priority = match value.priority {
        Priority::Low => pb::Priority::Low,
        Priority::Normal => pb::Priority::Normal,
        Priority::High => pb::Priority::High,
        Priority::Urgent => pb::Priority::Urgent,
    };
    let due = value.due.as_ref().map(|due| match due {
        Due::At(at) => pb::task_record::Due::DueAt(at.seconds()),
        Due::Local(date_time, zone) => {
            pb::task_record::Due::DueLocal(pb::LocalTime { date_time: date_time.to_string(), zone: zone.to_string() })
        }
        Due::Day(date, zone) => {
            pb::task_record::Due::DueDay(pb::LocalDay { date: date.to_string(), zone: zone.to_string() })
        }
    });
    pb::TaskRecord {
        meta: write_meta(&task.meta),
        title: value.title.clone(),
        duty: value.duty.as_ref().map(ToString::to_string),
        assignee: value.assignee.as_ref().map(ToString::to_string),
        deputy: value.deputy.as_ref().map(ToString::to_string),
        state: state.into(),
        due,
        effort_minutes: value.effort_minutes,
        priority: priority.into(),
        link: value.link.clone(),
        stuck_reason: value.stuck_reason.clone(),
        finish_time: value.finish_time.map(Instant::seconds),
        comments: value.comments.iter().map(write_comment).collect(),
    }
}

fn write_comment(comment: &Comment) -> pb::Comment {
    let author = Some(write_author(&comment.author));
    pb::Comment { author, time: comment.time.seconds(), text: comment.text.clone() }
}

fn read_comment(comment: pb::Comment) -> Read<Comment> {
    let author = read_author(comment.author)?;
    Ok(Comment { author, time: read_instant(comment.time, "task.comment.time")?, text: comment.text })
}

pub(super) fn read(record: pb::TaskRecord) -> Read<Entered<Task>> {
    let state = match record.state() {
        pb::TaskState::Unspecified => return Err(RecordError::Field("task.state")),
        pb::TaskState::Open => TaskState::Open,
        pb::TaskState::InProgress => TaskState::InProgress,
        pb::TaskState::Stuck => TaskState::Stuck,
        pb::TaskState::Done => TaskState::Done,
        pb::TaskState::Cancelled => TaskState::Cancelled,
    };
    let priority = match record.priority() {
        pb::Priority::Unspecified => return Err(RecordError::Field("task.priority")),
        pb::Priority::Low => Priority::Low,
        pb::Priority::Normal => Priority::Normal,
        pb::Priority::High => Priority::High,
        pb::Priority::Urgent => Priority::Urgent,
    };
    let due = match record.due {
        None => None,
        Some(pb::task_record::Due::DueAt(at)) => Some(Due::At(read_instant(at, "task.due_at")?)),
        Some(pb::task_record::Due::DueLocal(local)) => {
            Some(Due::Local(read_date_time(&local.date_time, "task.due_local")?, ZoneName::new(&local.zone)))
        }
        Some(pb::task_record::Due::DueDay(day)) => {
            Some(Due::Day(read_date(&day.date, "task.due_day")?, ZoneName::new(&day.zone)))
        }
    };
    let resident = |id: Option<String>| id.map(|id| read_id(&id, ResidentId::new, "task.resident")).transpose();
    let value = Task {
        title: record.title,
        duty: record.duty.map(|id| read_id(&id, DutyId::new, "task.duty")).transpose()?,
        assignee: resident(record.assignee)?,
        deputy: resident(record.deputy)?,
        state,
        due,
        effort_minutes: record.effort_minutes,
        priority,
        link: record.link,
        stuck_reason: record.stuck_reason,
        finish_time: record.finish_time.map(|at| read_instant(at, "task.finish_time")).transpose()?,
        comments: record.comments.into_iter().map(read_comment).collect::<Read<_>>()?,
    };
    Ok(Entered { meta: read_meta(record.meta)?, value })
}
