//! Which tasks are in danger, and who has room for them (semantics 5.5).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::board::read_people;
use super::people::{Person, time_off_entries};
use super::presence::duty_versions;
use crate::civil::{Instant, Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::{Made, ResidentId, Task, TaskId, TeamSnapshot, TimeOff, TimeOffId};

/// How far ahead a task without a due date is looked at (semantics 5.5), in seconds: 7 days.
const HORIZON_SECONDS: i64 = 7 * 86_400;
/// Most tasks are due by then: people are read no further for these, in seconds: 35 days.
const SOON_SECONDS: i64 = 35 * 86_400;
/// How far ahead the working time left is told to the second, in seconds: 366 days.
const NEAR_SECONDS: i64 = 366 * 86_400;
/// How far ahead it is looked whether there is anybody, and enough time, in seconds: 10 years.
const FURTHEST_SECONDS: i64 = 3_653 * 86_400;

/// What endangers a task that is not done. Several may hold at once; [`TaskHealth::danger`] is the one that matters.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TaskHealth {
    /// It has no assignee, or assignee and deputy are absent for all the working time that is left.
    pub uncovered: bool,
    /// Less working time is left than its effort; never without an effort or a due date.
    pub at_risk: bool,
    /// No working time is left, absent or not; never without a due date.
    pub overdue: bool,
    /// The working time left until it is due (without a due date, in the next 7 days), less absences; `None` where
    /// nobody has it. Of what is due later it is the time of the next 366 days, or of 10 years where these alone do not
    /// avert a danger.
    pub working_seconds_left: Option<i64>,
}

/// The dangers of a task, the gravest first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum TaskDanger {
    /// No working time is left.
    Overdue,
    /// Nobody is there to do it.
    Uncovered,
    /// Too little working time is left.
    AtRisk,
}

impl TaskHealth {
    /// Returns the gravest danger; `None` where all is well.
    #[must_use]
    pub fn danger(self) -> Option<TaskDanger> {
        let dangers = [
            (self.overdue, TaskDanger::Overdue),
            (self.uncovered, TaskDanger::Uncovered),
            (self.at_risk, TaskDanger::AtRisk),
        ];
        dangers.into_iter().find(|(holds, _)| *holds).map(|(_, danger)| danger)
    }
}

/// Somebody with working time for a task.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Room {
    /// Who.
    pub resident: ResidentId,
    /// Their working time until the task is due (without a due date, in the next 7 days), 366 days at most, less
    /// absences and less the effort of their other tasks that are due by then.
    pub working_seconds: i64,
}

/// Returns what endangers `task` as of `now`; `None` where it is done or cancelled.
///
/// - The assignee's working time is what is left of it; the deputy's counts while the assignee is absent, and all of
///   it where the assignee is absent throughout.
/// - Whether it is overdue does not look at absences: it is once neither has working hours left until it is due.
/// - Nothing looks further ahead than 10 years.
///
/// [`TaskReader`] reads many tasks of a team.
///
/// ```
/// # use onduty::civil::ZoneRules;
/// # use onduty::engine::{TaskDanger, task_health};
/// # use onduty::model::{Priority, Task, TaskState, TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let mut task = Task {
///     title: "Backport the fix".to_owned(),
///     state: TaskState::Open,
///     assignee: None,
/// #   duty: None, deputy: None, due: None, effort_minutes: None, priority: Priority::Normal, link: String::new(),
/// #   stuck_reason: String::new(), finish_time: None, comments: Vec::new(),
///     // ...
/// };
/// let now = "2026-11-23T09:00:00Z".parse().unwrap();
/// let health = task_health(&team, &rules, &task, now).unwrap().unwrap();
/// assert_eq!(health.danger(), Some(TaskDanger::Uncovered));
/// task.state = TaskState::Done;
/// assert_eq!(task_health(&team, &rules, &task, now).unwrap(), None);
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn task_health(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    task: &Task,
    now: Instant,
) -> Result<Option<TaskHealth>, UnknownZone> {
    TaskReader::new(team, rules, now).health(task)
}

/// Returns who has room for the task as of `now`, most room first, and equals in listed order: residents with the
/// skills of its duty who have working time left over (semantics 7.1).
///
/// Nobody has room for a task that the team does not have, or that is past its due date.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn room(team: &TeamSnapshot, rules: &ZoneRules, task: &TaskId, now: Instant) -> Result<Vec<Room>, UnknownZone> {
    TaskReader::new(team, rules, now).room(task)
}

/// Reads many tasks as of one instant: everybody's time is read once for all of them.
pub struct TaskReader<'a> {
    team: &'a TeamSnapshot,
    rules: &'a ZoneRules,
    now: Instant,
    entries: Vec<(&'a TimeOffId, &'a TimeOff, Made)>,
    /// By person, and by how far ahead they were read.
    workers: BTreeMap<(ResidentId, i64), Rc<Worker>>,
    /// The unfinished tasks with an effort, a due date and somebody who has them; read once they are asked for.
    efforts: Option<Rc<Vec<Effort<'a>>>>,
    /// Everybody in listed order, by how far ahead they were read.
    people: BTreeMap<i64, Rc<Vec<Person<'a>>>>,
}

impl<'a> TaskReader<'a> {
    /// Returns a reader of the team's tasks as of `now`.
    #[must_use]
    pub fn new(team: &'a TeamSnapshot, rules: &'a ZoneRules, now: Instant) -> Self {
        let entries = time_off_entries(team);
        Self { team, rules, now, entries, efforts: None, workers: BTreeMap::new(), people: BTreeMap::new() }
    }

    /// Returns the team.
    #[must_use]
    pub fn team(&self) -> &'a TeamSnapshot {
        self.team
    }

    /// Returns the instant.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Returns the zone rules.
    #[must_use]
    pub(super) fn rules(&self) -> &'a ZoneRules {
        self.rules
    }

    /// Returns the same as [`task_health`].
    ///
    /// # Errors
    ///
    /// As [`task_health`].
    pub fn health(&mut self, task: &Task) -> Result<Option<TaskHealth>, UnknownZone> {
        if !task.state.is_unfinished() {
            return Ok(None);
        }
        let Some(assignee) = &task.assignee else {
            let overdue = due(task, self.rules)?.is_some_and(|due| due <= self.now);
            return Ok(Some(TaskHealth { uncovered: true, overdue, ..TaskHealth::default() }));
        };
        let Some(left) = time_left(task, self.rules, self.now)? else {
            let at_risk = task.effort_minutes.is_some_and(|minutes| minutes > 0);
            let health = TaskHealth { at_risk, overdue: true, working_seconds_left: Some(0), ..TaskHealth::default() };
            return Ok(Some(health));
        };
        let effort_seconds = task.due.as_ref().map_or(0, |_| i64::from(task.effort_minutes.unwrap_or(0)) * 60);
        let exact = self.health_until(task, assignee, near(left), effort_seconds)?;
        // Beyond that only those dangers matter that more time could avert.
        let settled = !exact.uncovered && !exact.at_risk && !exact.overdue;
        let more = Interval::new(left.start(), left.end().min(self.now.plus(FURTHEST_SECONDS)));
        match more.filter(|more| !settled && more.end() > near(left).end()) {
            Some(more) => self.health_until(task, assignee, more, effort_seconds).map(Some),
            None => Ok(Some(exact)),
        }
    }

    fn health_until(
        &mut self,
        task: &Task,
        assignee: &ResidentId,
        left: Interval,
        effort_seconds: i64,
    ) -> Result<TaskHealth, UnknownZone> {
        let assignee = self.worker(assignee, left)?;
        let deputy = task.deputy.as_ref().map(|deputy| self.worker(deputy, left)).transpose()?.unwrap_or_default();
        let (present, stand_in) = (assignee.present.clip(left), deputy.present.clip(left));
        let hours = assignee.hours.clip(left).union(&deputy.hours.clip(left));
        let stepping_in = match present.is_empty() {
            true => stand_in,
            false => stand_in.difference(&assignee.there),
        };
        let working_seconds = present.union(&stepping_in).seconds();
        Ok(TaskHealth {
            uncovered: working_seconds == 0 && !hours.is_empty(),
            at_risk: working_seconds < effort_seconds,
            overdue: task.due.is_some() && hours.is_empty(),
            working_seconds_left: Some(working_seconds),
        })
    }

    /// Reads somebody's time from now until at least the end of `left`.
    fn worker(&mut self, id: &ResidentId, left: Interval) -> Result<Rc<Worker>, UnknownZone> {
        let (ahead, span) = self.ahead(left);
        let key = (id.clone(), ahead);
        if let Some(known) = self.workers.get(&key) {
            return Ok(Rc::clone(known));
        }
        let person = Person::read(self.team, self.rules, id, span, &self.entries, true)?;
        let worker = Rc::new(Worker::of(&person.unwrap_or_else(|| Person::nobody(id)), span));
        self.workers.insert(key, Rc::clone(&worker));
        Ok(worker)
    }

    /// Reads everybody from now until at least the end of `left`, in listed order.
    pub(super) fn everybody(&mut self, left: Interval) -> Result<Rc<Vec<Person<'a>>>, UnknownZone> {
        let (ahead, span) = self.ahead(left);
        if let Some(known) = self.people.get(&ahead) {
            return Ok(Rc::clone(known));
        }
        let people = Rc::new(read_people(self.team, self.rules, span, true)?);
        self.people.insert(ahead, Rc::clone(&people));
        Ok(people)
    }

    /// The least of the steps that reaches the end of `left`, and the span from now that it makes.
    fn ahead(&self, left: Interval) -> (i64, Interval) {
        let reaches = |ahead: &i64| self.now.plus(*ahead) >= left.end();
        let ahead = [SOON_SECONDS, NEAR_SECONDS].into_iter().find(reaches).unwrap_or(FURTHEST_SECONDS);
        (ahead, Interval::new(self.now, self.now.plus(ahead)).unwrap_or(left))
    }

    fn efforts(&mut self) -> Result<Rc<Vec<Effort<'a>>>, UnknownZone> {
        if let Some(known) = &self.efforts {
            return Ok(Rc::clone(known));
        }
        let mut efforts = Vec::new();
        for (task, entry) in self.team.tasks.iter().filter(|(_, entry)| entry.value.state.is_unfinished()) {
            let (Some(assignee), Some(minutes)) = (&entry.value.assignee, entry.value.effort_minutes) else { continue };
            if let Some(due) = due(&entry.value, self.rules)? {
                efforts.push(Effort { task, assignee, due, seconds: i64::from(minutes) * 60 });
            }
        }
        let efforts = Rc::new(efforts);
        self.efforts = Some(Rc::clone(&efforts));
        Ok(efforts)
    }

    /// Returns the same as [`room`].
    ///
    /// # Errors
    ///
    /// As [`room`].
    pub fn room(&mut self, task: &TaskId) -> Result<Vec<Room>, UnknownZone> {
        let Some(wanted) = self.team.tasks.get(task) else { return Ok(Vec::new()) };
        let Some(left) = time_left(&wanted.value, self.rules, self.now)?.map(near) else { return Ok(Vec::new()) };
        let duty = wanted.value.duty.as_ref().map(|duty| duty_versions(self.team, duty, left));
        let mut efforts: BTreeMap<&ResidentId, i64> = BTreeMap::new();
        for other in self.efforts()?.iter().filter(|other| other.task != task && other.due <= left.end()) {
            *efforts.entry(other.assignee).or_default() += other.seconds;
        }
        let people = self.everybody(left)?;
        let rooms = people.iter().filter_map(|person| {
            let taken = efforts.get(person.id).copied().unwrap_or_default();
            let working_seconds = person.able(duty.as_deref(), left).seconds() - taken;
            (working_seconds > 0).then(|| Room { resident: person.id.clone(), working_seconds })
        });
        let mut rooms: Vec<Room> = rooms.collect();
        rooms.sort_by_key(|room| std::cmp::Reverse(room.working_seconds));
        Ok(rooms)
    }
}

/// What a task takes of somebody's time.
struct Effort<'a> {
    task: &'a TaskId,
    assignee: &'a ResidentId,
    due: Instant,
    seconds: i64,
}

/// Somebody's time from now on.
#[derive(Default)]
struct Worker {
    /// Their working hours, there or not.
    hours: IntervalSet,
    /// When they are in term and not absent.
    there: IntervalSet,
    /// When they work and are there.
    present: IntervalSet,
}

impl Worker {
    fn of(person: &Person<'_>, span: Interval) -> Self {
        Self { hours: person.hours(span), there: person.there(), present: person.present(span) }
    }
}

pub(super) fn due(task: &Task, rules: &ZoneRules) -> Result<Option<Instant>, UnknownZone> {
    task.due.as_ref().map(|due| due.instant(rules)).transpose()
}

/// The part of the time that is left that is told to the second.
pub(super) fn near(left: Interval) -> Interval {
    Interval::new(left.start(), left.end().min(left.start().plus(NEAR_SECONDS))).unwrap_or(left)
}

/// From now until the task is due; `None` where that has passed.
pub(super) fn time_left(task: &Task, rules: &ZoneRules, now: Instant) -> Result<Option<Interval>, UnknownZone> {
    let end = due(task, rules)?.unwrap_or(now.plus(HORIZON_SECONDS));
    Ok(Interval::new(now, end))
}

#[cfg(test)]
mod tests;
