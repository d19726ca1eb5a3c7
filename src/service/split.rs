//! Tasks divided between residents: what would be given to whom, and giving it in one change (semantics 5.6).

use super::convert::task::duration;
use super::entry::{addressed, apply, settle};
use super::names::{Name, references, team_name};
use super::read_context;
use super::request::{Fields, request};
use super::tasks::{Tasks, finished};
use crate::civil::{Instant, UnknownZone, ZoneRules};
use crate::engine::{self, GivenTask, LeftTask, Share, Split};
use crate::model::{Origin, ResidentId, Task, TaskId, TeamSnapshot};
use crate::proto::v1;
use crate::roster::{Draft, Refusal};

/// The most residents between whom tasks are divided.
const RESIDENTS_MAX: usize = 1_000;

/// What is divided, and between whom.
struct Asked {
    tasks: Vec<TaskId>,
    residents: Vec<ResidentId>,
}

impl Asked {
    /// Reads what is asked for; what it leaves open is what the team has at `now`.
    fn read(
        asked: &v1::SplitTasksRequest,
        team: &TeamSnapshot,
        rules: &ZoneRules,
        now: Instant,
    ) -> Result<Self, Refusal> {
        let mut fields = Fields::default();
        let named = references("tasks", &asked.tasks, Some(team), |team| &team.tasks, &mut fields);
        let residents = references("residents", &asked.residents, Some(team), |team| &team.residents, &mut fields);
        let of = (!asked.of_resident.is_empty())
            .then(|| fields.take_one(ResidentId::reference("of_resident", &asked.of_resident, &team.id)))
            .flatten();
        if let Some(of) = of.as_ref().filter(|of| !team.residents.contains_key(of)) {
            fields.take_or_later::<()>(Err(super::names::not_found(of, &team.id, &team.residents)));
        }
        if !asked.tasks.is_empty() && !asked.of_resident.is_empty() {
            fields.add("of_resident", "says nothing beside tasks; name the tasks, or whose they are");
        }
        if asked.residents.len() > RESIDENTS_MAX {
            fields.add("residents", format!("has {} entries; at most {RESIDENTS_MAX}", asked.residents.len()));
        }
        let tasks = if asked.tasks.is_empty() { engine::tasks_to_split(team, of.as_ref()) } else { named };
        if tasks.len() > Split::TASKS_MAX {
            let reason = format!("would be {}; name at most {} of them", tasks.len(), Split::TASKS_MAX);
            fields.add("tasks", reason);
        }
        fields.finish("tasks", Some(()))?;
        let is_finished = |id: &&TaskId| team.tasks.get(id).is_some_and(|task| !task.value.state.is_unfinished());
        if let Some((id, entry)) = tasks.iter().find(is_finished).and_then(|id| Some((id, team.tasks.get(id)?))) {
            return Err(finished(&id.full(&team.id), entry.value.state));
        }
        let residents = match residents.is_empty() {
            true => {
                engine::residents_in_term(team, rules, now)?.into_iter().filter(|id| of.as_ref() != Some(id)).collect()
            }
            false => residents,
        };
        Ok(Self { tasks, residents })
    }

    fn split(&self, team: &TeamSnapshot, rules: &ZoneRules, now: Instant) -> Result<Split, UnknownZone> {
        engine::split(team, rules, &self.tasks, &self.residents, now)
    }
}

impl Tasks {
    pub(super) async fn split(&self, asked: v1::SplitTasksRequest) -> Result<v1::SplitTasksResponse, Refusal> {
        let bare = v1::SplitTasksRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "divide tasks".to_owned(), asked.validate_only);
        let (team, request) = addressed(team_name("parent", &asked.parent), request, forms(&asked))?;
        let wanted = asked.clone();
        let changed = apply(&self.desk, team, request, move |team, change, rules| {
            let split = Asked::read(&wanted, team, rules, change.time)?.split(team, rules, change.time)?;
            let draft = split.given.iter().fold(Draft::new(team, change, rules), |mut draft, given| {
                if let Some(task) =
                    team.tasks.get(&given.task).filter(|_| given.before.as_ref() != Some(&given.resident))
                {
                    draft.task(&given.task, given_to(&task.value, &given.resident), Origin::Entered);
                }
                draft
            });
            settle(Fields::default(), draft, str::to_owned)
        })
        .await?;
        // A retry is answered from the team of then, and so is everybody.
        let (before, rules) = (changed.team_before(), self.desk.rules());
        let split = Asked::read(&asked, &before, rules, changed.time)?.split(&before, rules, changed.time)?;
        let context = read_context(&self.desk, &changed.state.snapshot, changed.time);
        Ok(v1::SplitTasksResponse { context: Some(context), ..message(&before, &split) })
    }
}

/// Tells what is wrong with names, whatever the team is.
fn forms(asked: &v1::SplitTasksRequest) -> Result<(), Refusal> {
    let mut fields = Fields::default();
    references("tasks", &asked.tasks, None, |team| &team.tasks, &mut fields);
    references("residents", &asked.residents, None, |team| &team.residents, &mut fields);
    if !asked.of_resident.is_empty() {
        fields.take(ResidentId::read("of_resident", &asked.of_resident));
    }
    fields.check()
}

/// The task when somebody else has it; whoever was its deputy and has it now is deputy no longer.
fn given_to(task: &Task, resident: &ResidentId) -> Task {
    let deputy = task.deputy.clone().filter(|deputy| deputy != resident);
    Task { assignee: Some(resident.clone()), deputy, ..task.clone() }
}

fn message(team: &TeamSnapshot, split: &Split) -> v1::SplitTasksResponse {
    let title = |id: &TaskId| team.tasks.get(id).map(|task| task.value.title.clone()).unwrap_or_default();
    let given = |given: &GivenTask| v1::GivenTask {
        task: given.task.full(&team.id),
        title: title(&given.task),
        resident: given.resident.full(&team.id),
        before_resident: given.before.as_ref().map(|id| id.full(&team.id)).unwrap_or_default(),
        effort: Some(duration(i64::from(given.minutes) * 60)),
        at_risk: given.is_at_risk(),
        reasons: given.reasons(),
    };
    let left = |left: &LeftTask| v1::LeftTask {
        task: left.task.full(&team.id),
        title: title(&left.task),
        reasons: left.why.reasons(),
    };
    let seconds = |minutes: u64| duration(i64::try_from(minutes * 60).unwrap_or(i64::MAX));
    let share = |share: &Share| v1::TaskShare {
        resident: share.resident.full(&team.id),
        effort_before: Some(seconds(share.before_minutes)),
        effort: Some(seconds(share.minutes)),
        capacity_hours: f64::from(share.capacity_minutes) / 60.0,
    };
    v1::SplitTasksResponse {
        given: split.given.iter().map(given).collect(),
        left: split.left.iter().map(left).collect(),
        shares: split.shares.iter().map(share).collect(),
        context: None,
    }
}
