//! `TaskService`: work with a person and perhaps a date, and whether it is in danger.

use pbjson_types::Empty;

use super::convert::answers::Naming;
use super::convert::task::{FIELDS, comments, duration, health, read_state, read_task, task, task_path};
use super::entry::{self, Answer, Read, Stating, Wanted, serve, settle};
use super::mask::Mask;
use super::names::{Name, references};
use super::paging::{Paging, list_key};
use super::read_context;
use super::request::{Fields, request};
use crate::access::{Audience, is_own_task_change};
use crate::civil::Instant;
use crate::engine::{Room, TaskReader};
use crate::model::{Author, Comment, DutyId, Entered, Origin, ResidentId, Task, TaskId, TaskState, TeamSnapshot};
use crate::proto::v1;
use crate::proto::v1::task_service_server::TaskService;
use crate::roster::{ChangeSet, Desk, Refusal, Request};

/// How many residents with room an answer names for a task.
const ROOM_MAX: usize = 10;

/// Makes, tells, changes and removes tasks.
#[derive(Clone)]
pub struct Tasks {
    pub(super) desk: Desk,
}

/// A change of state: from which states to which, and what to say of others.
#[derive(Clone, Copy)]
struct Step {
    /// The states that it takes a task out of.
    from: &'static [TaskState],
    /// The state that it takes a task to.
    to: TaskState,
    /// Whether a task in any other state is answered as it is.
    lenient: bool,
}

/// The states in which there is something to do.
const UNFINISHED: &[TaskState] = &[TaskState::Open, TaskState::InProgress, TaskState::Stuck];
const START: Step = Step { from: UNFINISHED, to: TaskState::InProgress, lenient: false };
const STUCK: Step = Step { from: UNFINISHED, to: TaskState::Stuck, lenient: false };
const COMPLETE: Step = Step { from: UNFINISHED, to: TaskState::Done, lenient: false };
const CANCEL: Step = Step { from: UNFINISHED, to: TaskState::Cancelled, lenient: false };
const REOPEN: Step = Step { from: &[TaskState::Done, TaskState::Cancelled], to: TaskState::Open, lenient: true };

/// What a list of tasks is narrowed by.
struct Filter {
    duties: Vec<DutyId>,
    residents: Vec<ResidentId>,
    states: Vec<TaskState>,
    in_danger: bool,
}

impl Filter {
    fn read(team: Option<&TeamSnapshot>, asked: &v1::ListTasksRequest, fields: &mut Fields) -> Self {
        let states = asked.states.iter().enumerate();
        let states = states.filter_map(|(index, state)| fields.parse(&format!("states[{index}]"), read_state(*state)));
        let states: Vec<TaskState> = states.collect();
        let duties = references("duties", &asked.duties, team, |team| &team.duties, fields);
        let residents = references("residents", &asked.residents, team, |team| &team.residents, fields);
        Self { duties, residents, states, in_danger: asked.in_danger }
    }

    fn wants(&self, task: &Task) -> bool {
        let people = [&task.assignee, &task.deputy];
        let state = match self.states.is_empty() {
            true => task.state.is_unfinished(),
            false => self.states.contains(&task.state),
        };
        let duty = self.duties.is_empty() || task.duty.as_ref().is_some_and(|duty| self.duties.contains(duty));
        let theirs = people.into_iter().flatten().any(|person| self.residents.contains(person));
        state && duty && (self.residents.is_empty() || theirs)
    }
}

impl Tasks {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    fn view(&self, read: &Read, id: &TaskId, entry: &Entered<Task>) -> Result<v1::Task, Refusal> {
        let mut reader = TaskReader::new(read.snapshot(), self.desk.rules(), read.now);
        let comments = comments(&read.snapshot().id, &entry.value);
        Ok(v1::Task { comments, ..view((&self.desk, &read.audience), &mut reader, id, entry)? })
    }

    fn answer(&self, made: &Answer<Task>) -> Result<v1::Task, Refusal> {
        self.view(&made.read, &made.id, &made.entry)
    }

    async fn create(&self, asked: v1::CreateTaskRequest) -> Result<v1::Task, Refusal> {
        let bare = v1::CreateTaskRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "make a task".to_owned(), asked.validate_only);
        let wanted = Wanted { field: "task_id", text: asked.task_id };
        let message = asked.task.unwrap_or_default();
        let made = entry::create(&self.desk, &asked.parent, wanted, request, move |stating| state(stating, &message));
        self.answer(&made.await?)
    }

    fn get(&self, asked: v1::GetTaskRequest) -> Result<v1::Task, Refusal> {
        let (read, id, entry) = entry::get::<Task>(&self.desk, &asked.name)?;
        self.view(&read, &id, &entry)
    }

    fn list(&self, asked: v1::ListTasksRequest) -> Result<v1::ListTasksResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let bare = v1::ListTasksRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let filter = Filter::read(read.as_ref().map(Read::snapshot), &asked, &mut fields);
        let read = fields.finish("parent", read)?;
        let (team, rules) = (read.snapshot(), self.desk.rules());
        let (mut reader, mut found) = (TaskReader::new(team, rules, read.now), Vec::new());
        for (id, entry) in team.tasks.iter().filter(|(_, entry)| filter.wants(&entry.value)) {
            let health = match filter.in_danger && sees_health(&read.audience, &entry.value) {
                true => reader.health(&entry.value)?,
                false => None,
            };
            if !filter.in_danger || health.is_some_and(|health| health.danger().is_some()) {
                let due = entry.value.due.as_ref().map(|due| due.instant(rules)).transpose()?;
                found.push((list_key(due, id), id, entry));
            }
        }
        let page = paging.page(found, |(key, ..)| key.clone());
        let naming = Naming { team, at: read.now, audience: &read.audience };
        let views = page.items.iter().map(|(_, id, entry)| {
            let mut told = view((&self.desk, &read.audience), &mut reader, id, entry)?;
            if let Some(health) = told.health.as_mut().filter(|_| filter.in_danger) {
                health.room = rooms(naming, &reader.room(id)?);
            }
            Ok::<_, Refusal>(told)
        });
        Ok(v1::ListTasksResponse {
            tasks: views.collect::<Result<_, _>>()?,
            next_page_token: page.next_page_token,
            context: Some(read_context(&self.desk, team, read.now)),
        })
    }

    async fn update(&self, asked: v1::UpdateTaskRequest) -> Result<v1::Task, Refusal> {
        let bare = v1::UpdateTaskRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "change a task".to_owned(), asked.validate_only);
        let message = asked.task.unwrap_or_default();
        let (name, etag, mask) = (message.name.clone(), message.etag.clone(), asked.update_mask);
        let made = entry::alter::<Task>(&self.desk, &name, &etag, request, move |mut stating| {
            let Some(before) = stating.before else { return Ok(ChangeSet::default()) };
            let mask = Mask::read(FIELDS, mask.as_ref(), &message, &mut stating.fields);
            let mut after = task(&stating.team.id, &stating.id, before, stating.rules)?;
            mask.apply(&mut after, &message);
            if mask.is_empty() { stating.nothing() } else { state(stating, &after) }
        });
        self.answer(&made.await?)
    }

    async fn delete(&self, asked: v1::DeleteTaskRequest) -> Result<Empty, Refusal> {
        let bare = v1::DeleteTaskRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "remove a task".to_owned(), asked.validate_only);
        entry::remove::<Task>(&self.desk, &asked.name, &asked.etag, request).await
    }

    /// Takes a step with the task of that name; `reason` is why it is stuck then.
    async fn step(
        &self,
        (name, etag): (&str, &str),
        request: Result<Request, Refusal>,
        step: Step,
        reason: String,
    ) -> Result<v1::Task, Refusal> {
        let made = entry::alter::<Task>(&self.desk, name, etag, request, move |mut stating| {
            let Some(before) = stating.before else { return Ok(ChangeSet::default()) };
            stating.require_own(|own| is_own_task_change(own, Some(&before.value), None))?;
            let after = step.take(&before.value, &reason, stating.now());
            let mut draft = stating.draft();
            match after {
                Some(after) if after != before.value => draft.task(&stating.id, after, Origin::Entered),
                Some(_) => {}
                None if step.lenient => {}
                None => return Err(finished(&stating.id.full(&stating.team.id), before.value.state)),
            }
            let fields = std::mem::take(&mut stating.fields);
            settle(fields, draft, |field| if field == "stuck_reason" { "reason".to_owned() } else { field.to_owned() })
        });
        self.answer(&made.await?)
    }

    async fn comment(&self, asked: v1::CommentTaskRequest) -> Result<v1::Task, Refusal> {
        let bare = v1::CommentTaskRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "comment on a task".to_owned(), asked.validate_only);
        let (name, etag, text, caller) = (asked.name, asked.etag, asked.text, self.desk.caller());
        let made = entry::alter::<Task>(&self.desk, &name, &etag, request, move |mut stating| {
            let Some(before) = stating.before else { return Ok(ChangeSet::default()) };
            let mut after = before.value.clone();
            let author = Author { actor: caller.name.clone(), resident: stating.audience.resident().cloned() };
            after.comments.push(Comment { author, time: stating.now(), text: text.clone() });
            let mut draft = stating.draft();
            draft.task(&stating.id, after, before.meta.origin);
            settle(std::mem::take(&mut stating.fields), draft, str::to_owned)
        });
        self.answer(&made.await?)
    }

    async fn mark_stuck(&self, asked: v1::MarkTaskStuckRequest) -> Result<v1::Task, Refusal> {
        let bare = v1::MarkTaskStuckRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "mark a task as stuck".to_owned(), asked.validate_only);
        self.step((&asked.name, &asked.etag), request, STUCK, asked.reason).await
    }
}

/// Steps of which the request says nothing but the task.
macro_rules! steps {
    ($($call:ident($asked:ident) = $step:ident, $title:literal;)*) => {
        impl Tasks {
            $(
                async fn $call(&self, asked: v1::$asked) -> Result<v1::Task, Refusal> {
                    let bare = v1::$asked { request_id: String::new(), ..asked.clone() };
                    let request = request(&bare, &asked.request_id, $title.to_owned(), asked.validate_only);
                    self.step((&asked.name, &asked.etag), request, $step, String::new()).await
                }
            )*
        }
    };
}

steps! {
    start(StartTaskRequest) = START, "start a task";
    complete(CompleteTaskRequest) = COMPLETE, "complete a task";
    cancel(CancelTaskRequest) = CANCEL, "cancel a task";
    reopen(ReopenTaskRequest) = REOPEN, "reopen a task";
}

/// Tells whether the audience may see how a task stands: it tells of the absences and the hours of whoever has it.
fn sees_health(audience: &Audience, task: &Task) -> bool {
    let people = [&task.assignee, &task.deputy];
    people.into_iter().flatten().all(|person| audience.sees_resident(person).is_some())
}

/// Returns who has room for a task.
pub(super) fn rooms(naming: Naming<'_>, rooms: &[Room]) -> Vec<v1::TaskRoom> {
    let room = |room: &Room| v1::TaskRoom {
        resident: room.resident.full(&naming.team.id),
        display_name: naming.display_name(&room.resident),
        // It tells of their absences.
        working_time: naming.audience.sees_team().map(|_| duration(room.working_seconds)),
    };
    rooms.iter().take(ROOM_MAX).map(room).collect()
}

/// Returns a task with its health and less its comments, as of the reader's instant, where the audience may see that.
pub(super) fn view(
    (desk, audience): (&Desk, &Audience),
    reader: &mut TaskReader<'_>,
    id: &TaskId,
    entry: &Entered<Task>,
) -> Result<v1::Task, Refusal> {
    let (team, now) = (reader.team(), reader.now());
    let seen = audience.sees_team().is_some() || audience.works_in_team() && sees_health(audience, &entry.value);
    let found = if seen { reader.health(&entry.value)? } else { None };
    let health = found.map(|found| health(found, read_context(desk, team, now)));
    Ok(v1::Task { health, ..task(&team.id, id, entry, desk.rules())? })
}

impl Step {
    /// Returns the task after the step; `None` where the step does not lead out of its state.
    fn take(self, task: &Task, reason: &str, now: Instant) -> Option<Task> {
        if task.state == self.to && self.to != TaskState::Stuck {
            return Some(task.clone());
        }
        let finish_time = (!self.to.is_unfinished()).then_some(now);
        let stuck_reason = reason.to_owned();
        self.from.contains(&task.state).then(|| Task { state: self.to, stuck_reason, finish_time, ..task.clone() })
    }
}

pub(super) fn finished(name: &str, state: TaskState) -> Refusal {
    let word = if state == TaskState::Done { "done" } else { "cancelled" };
    Refusal::Precondition {
        reason: "TASK_FINISHED",
        subject: name.to_owned(),
        description: format!("{name} is {word}; reopen it first"),
    }
}

/// States a task; its state stays, or is that of a new one.
fn state(mut stating: Stating<'_, Task>, message: &v1::Task) -> Result<ChangeSet, Refusal> {
    let zone = stating.team_zone();
    let mut value = read_task(message, &stating.team.id, &zone, &mut stating.fields);
    if let Some(before) = stating.before.map(|before| &before.value) {
        let stuck_reason = before.stuck_reason.clone();
        let (finish_time, comments) = (before.finish_time, before.comments.clone());
        value = Task { state: before.state, stuck_reason, finish_time, comments, ..value };
    }
    let before = stating.before.map(|before| &before.value);
    stating.require_own(|own| is_own_task_change(own, before, Some(&value)))?;
    let mut draft = stating.draft();
    draft.task(&stating.id, value.clone(), Origin::Entered);
    settle(std::mem::take(&mut stating.fields), draft, |field| task_path(&value, field))
}

serve! { TaskService for Tasks {
    create_task(v1::CreateTaskRequest) -> v1::Task = create await;
    get_task(v1::GetTaskRequest) -> v1::Task = get;
    list_tasks(v1::ListTasksRequest) -> v1::ListTasksResponse = list;
    update_task(v1::UpdateTaskRequest) -> v1::Task = update await;
    delete_task(v1::DeleteTaskRequest) -> Empty = delete await;
    start_task(v1::StartTaskRequest) -> v1::Task = start await;
    mark_task_stuck(v1::MarkTaskStuckRequest) -> v1::Task = mark_stuck await;
    complete_task(v1::CompleteTaskRequest) -> v1::Task = complete await;
    cancel_task(v1::CancelTaskRequest) -> v1::Task = cancel await;
    comment_task(v1::CommentTaskRequest) -> v1::Task = comment await;
    split_tasks(v1::SplitTasksRequest) -> v1::SplitTasksResponse = split await;
    reopen_task(v1::ReopenTaskRequest) -> v1::Task = reopen await;
} }
