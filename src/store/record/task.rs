//! The record of a task.

use super::civil::{read_date_time, read_id, read_instant};
use super::meta::{read_meta, write_meta};
use super::{Read, RecordError, pb};
use crate::model::{Due, DutyId, Entered, ResidentId, Task, TaskState, ZoneName};

pub(super) fn write(task: &Entered<Task>) -> pb::TaskRecord {
    let value = &task.value;
    let state = match value.state {
        TaskState::Open => pb::TaskState::Open,
        TaskState::InProgress => pb::TaskState::InProgress,
        TaskState::Stuck => pb::TaskState::Stuck,
        TaskState::Done => pb::TaskState::Done,
        TaskState::Cancelled => pb::TaskState::Cancelled,
    };
    let due = value.due.as_ref().map(|due| match due {
        Due::At(at) => pb::task_record::Due::DueAt(at.seconds()),
        Due::Local(date_time, zone) => {
            pb::task_record::Due::DueLocal(pb::LocalTime { date_time: date_time.to_string(), zone: zone.to_string() })
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
        effort_hours: value.effort_hours,
        priority: value.priority,
        link: value.link.clone(),
    }
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
    let due = match record.due {
        None => None,
        Some(pb::task_record::Due::DueAt(at)) => Some(Due::At(read_instant(at, "task.due_at")?)),
        Some(pb::task_record::Due::DueLocal(local)) => {
            Some(Due::Local(read_date_time(&local.date_time, "task.due_local")?, ZoneName::new(&local.zone)))
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
        effort_hours: record.effort_hours,
        priority: record.priority,
        link: record.link,
    };
    Ok(Entered { meta: read_meta(record.meta)?, value })
}
