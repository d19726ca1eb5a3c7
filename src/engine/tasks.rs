//! Which tasks are in danger, and who has room for them (semantics 5.5).

use super::board::read_people;
use super::people::{Person, time_off_entries};
use super::presence::duty_versions;
use crate::civil::{Instant, Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::{ResidentId, Task, TaskId, TeamSnapshot};

/// How far ahead a task without a due date is looked at (semantics 5.5), in seconds: 7 days.
const HORIZON_SECONDS: i64 = 7 * 86_400;

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
    /// nobody has it.
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
    /// Their working time until the task is due (without a due date, in the next 7 days), less absences and less the
    /// effort of their other tasks that are due by then.
    pub working_seconds: i64,
}

/// Returns what endangers `task` as of `now`; `None` where it is done or cancelled.
///
/// - The assignee's working time is what is left of it; the deputy's counts while the assignee is absent, and all of
///   it where the assignee is absent throughout.
/// - Whether it is overdue does not look at absences: it is once neither has working hours left until it is due.
///
/// ```
/// # use onduty::civil::ZoneRules;
/// # use onduty::engine::{TaskDanger, task_health};
/// # use onduty::model::{Task, TaskState, TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let mut task = Task {
///     title: "Backport the fix".to_owned(),
///     state: TaskState::Open,
///     assignee: None,
/// #   duty: None, deputy: None, due: None, effort_hours: None, priority: 0, link: String::new(),
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
    if !task.state.is_unfinished() {
        return Ok(None);
    }
    let Some(assignee) = &task.assignee else {
        let overdue = due(task, rules)?.is_some_and(|due| due <= now);
        return Ok(Some(TaskHealth { uncovered: true, overdue, ..TaskHealth::default() }));
    };
    let Some(left) = time_left(task, rules, now)? else {
        let at_risk = task.effort_hours.is_some_and(|hours| hours > 0);
        return Ok(Some(TaskHealth { at_risk, overdue: true, working_seconds_left: Some(0), ..TaskHealth::default() }));
    };
    let entries = time_off_entries(team);
    let read = |id: &ResidentId| -> Result<Worker, UnknownZone> {
        let person = Person::read(team, rules, id, left, &entries, true)?;
        Ok(Worker::of(&person.unwrap_or_else(|| Person::nobody(id)), left))
    };
    let assignee = read(assignee)?;
    let deputy = task.deputy.as_ref().map(read).transpose()?.unwrap_or_default();
    let hours = assignee.hours.union(&deputy.hours);
    let stepping_in = match assignee.present.is_empty() {
        true => deputy.present,
        false => deputy.present.difference(&assignee.there),
    };
    let working_seconds = assignee.present.union(&stepping_in).seconds();
    let effort_seconds = i64::from(task.effort_hours.unwrap_or(0)) * 3_600;
    Ok(Some(TaskHealth {
        uncovered: working_seconds == 0 && !hours.is_empty(),
        at_risk: task.due.is_some() && working_seconds < effort_seconds,
        overdue: task.due.is_some() && hours.is_empty(),
        working_seconds_left: Some(working_seconds),
    }))
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
    let Some(wanted) = team.tasks.get(task) else { return Ok(Vec::new()) };
    let Some(left) = time_left(&wanted.value, rules, now)? else { return Ok(Vec::new()) };
    let duty = wanted.value.duty.as_ref().map(|duty| duty_versions(team, duty, left));
    let mut efforts: Vec<(&ResidentId, i64)> = Vec::new();
    for (id, other) in &team.tasks {
        let other = &other.value;
        let (Some(assignee), Some(hours)) = (&other.assignee, other.effort_hours) else { continue };
        let by_then = due(other, rules)?.is_some_and(|due| due <= left.end());
        if id != task && by_then && other.state.is_unfinished() {
            efforts.push((assignee, i64::from(hours) * 3_600));
        }
    }
    let rooms = read_people(team, rules, left, true)?.into_iter().filter_map(|person| {
        let present = person.present(left);
        let able = duty.as_ref().map(|duty| person.skilled(duty, left).intersection(&present));
        let taken: i64 =
            efforts.iter().filter(|(assignee, _)| *assignee == person.id).map(|(_, seconds)| seconds).sum();
        let working_seconds = able.unwrap_or(present).seconds() - taken;
        (working_seconds > 0).then(|| Room { resident: person.id.clone(), working_seconds })
    });
    let mut rooms: Vec<Room> = rooms.collect();
    rooms.sort_by_key(|room| std::cmp::Reverse(room.working_seconds));
    Ok(rooms)
}

/// Somebody's time until a task is due.
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
    fn of(person: &Person<'_>, left: Interval) -> Self {
        Self { hours: person.hours(left), there: person.there(), present: person.present(left) }
    }
}

pub(super) fn due(task: &Task, rules: &ZoneRules) -> Result<Option<Instant>, UnknownZone> {
    task.due.as_ref().map(|due| due.instant(rules)).transpose()
}

/// From now until the task is due; `None` where that has passed.
fn time_left(task: &Task, rules: &ZoneRules, now: Instant) -> Result<Option<Interval>, UnknownZone> {
    let end = due(task, rules)?.unwrap_or(now.plus(HORIZON_SECONDS));
    Ok(Interval::new(now, end))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{RULES, Roster, at, duty_id, pool};
    use super::*;
    use crate::civil::{Date, DateTime};
    use crate::model::{Due, Effect, Span, TaskState, Term, ZoneName};

    const HOUR: i64 = 3_600;

    /// Monday 2026-11-23, 09:00 UTC.
    const NOW: &str = "11-23 09:00";

    fn health(roster: &Roster, now: &str) -> TaskHealth {
        let task = &roster.team.tasks.values().next().unwrap().value;
        task_health(&roster.team, &RULES, task, at(now)).unwrap().unwrap()
    }

    /// A task of asa's with 10 hours of work, due at the time.
    fn due_at(due: &str) -> Roster {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo"]);
        roster.task("fix", Some("asa"), |task| {
            task.due = Some(Due::At(at(due)));
            task.effort_hours = Some(10);
        });
        roster
    }

    fn with_deputy(roster: &mut Roster, deputy: &str) {
        let task = roster.team.tasks.values_mut().next().unwrap();
        task.value.deputy = Some(ResidentId::new(deputy).unwrap());
    }

    #[test]
    fn a_task_with_enough_working_time_left_is_well() {
        let found = health(&due_at("11-24 11:00"), NOW);
        assert_eq!(found.danger(), None);
        assert_eq!(found.working_seconds_left, Some(10 * HOUR));
    }

    #[test]
    fn a_task_with_less_working_time_left_than_effort_is_at_risk() {
        let found = health(&due_at("11-24 10:59"), NOW);
        assert_eq!(found.danger(), Some(TaskDanger::AtRisk));
    }

    #[test]
    fn time_off_puts_a_task_at_risk_but_never_makes_it_overdue() {
        let mut roster = due_at("11-24 12:00");
        roster.off("doctor", "asa", "11-23 09:00", "11-23 11:00");
        assert_eq!(health(&roster, NOW).danger(), Some(TaskDanger::AtRisk));
        roster.off("ill", "asa", "11-23 09:00", "11-25");
        let found = health(&roster, NOW);
        assert_eq!((found.uncovered, found.overdue, found.working_seconds_left), (true, false, Some(0)));
    }

    #[test]
    fn a_task_is_overdue_once_the_last_working_hour_before_its_due_is_over() {
        let found = health(&due_at("11-24 08:00"), "11-23 16:59");
        assert_eq!((found.overdue, found.working_seconds_left), (false, Some(60)));
        let found = health(&due_at("11-24 08:00"), "11-23 17:00");
        assert_eq!((found.danger(), found.uncovered), (Some(TaskDanger::Overdue), false));
        assert!(health(&due_at("11-23"), NOW).overdue);
    }

    #[test]
    fn an_open_ended_absence_uncovers_a_task_without_a_due_date_unless_the_deputy_is_there() {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo"]);
        roster.task("fix", Some("asa"), |_| {});
        roster.time_off("ill", "asa", Span::Instants { start: at("11-20"), end: None }, Effect::Hard);
        assert_eq!(health(&roster, NOW).danger(), Some(TaskDanger::Uncovered));
        with_deputy(&mut roster, "bo");
        let found = health(&roster, NOW);
        assert_eq!((found.danger(), found.working_seconds_left), (None, Some(5 * 8 * HOUR)));
    }

    #[test]
    fn an_absence_that_ends_within_7_days_leaves_a_task_covered() {
        let mut roster = Roster::new();
        roster.residents(&["asa"]);
        roster.task("fix", Some("asa"), |task| task.effort_hours = Some(1_000));
        roster.off("ill", "asa", "11-20", "11-30 00:00");
        assert_eq!(health(&roster, NOW).danger(), Some(TaskDanger::Uncovered));
        // From the 24th on, the 7 days reach into asa's Monday; and without a due date nothing is at risk.
        assert_eq!(health(&roster, "11-24 09:00").danger(), None);
    }

    #[test]
    fn a_task_without_an_assignee_is_uncovered_and_overdue_once_its_due_has_passed() {
        let mut roster = Roster::new();
        roster.residents(&["asa"]);
        roster.task("fix", None, |task| {
            task.due = Some(Due::At(at("11-24")));
            task.effort_hours = Some(100);
        });
        assert_eq!(health(&roster, NOW).danger(), Some(TaskDanger::Uncovered));
        assert_eq!(health(&roster, NOW).working_seconds_left, None);
        assert_eq!(health(&roster, "11-24 00:00").danger(), Some(TaskDanger::Overdue));
    }

    #[test]
    fn the_deputys_time_counts_only_while_the_assignee_is_away() {
        let mut roster = due_at("11-25 17:00");
        with_deputy(&mut roster, "bo");
        roster.off("ill", "asa", "11-24", "11-25");
        assert_eq!(health(&roster, NOW).working_seconds_left, Some(3 * 8 * HOUR));
        // bo works in the evening hours of a day on which asa works.
        let mut roster = due_at("11-24");
        roster.resident("bo", |bo| bo.home_zone = ZoneName::new("America/New_York"));
        with_deputy(&mut roster, "bo");
        assert_eq!(health(&roster, NOW).working_seconds_left, Some(8 * HOUR));
    }

    #[test]
    fn an_assignee_out_of_term_is_absent() {
        let mut roster = due_at("11-25");
        let term = Term { first: None, last: Some(Date::constant(2026, 11, 22)), zone: ZoneName::new("UTC") };
        roster.resident("asa", |asa| asa.term = term);
        assert_eq!(health(&roster, NOW).danger(), Some(TaskDanger::Uncovered));
    }

    #[test]
    fn a_local_due_time_and_working_hours_elsewhere_are_read_on_their_own_clocks() {
        // Due at 18:00 in Tokyo, which is 09:00Z: of asa's hours in Tokyo, 00:00Z–08:00Z, all of that day's are left.
        let mut roster = due_at("11-24");
        let tokyo = ZoneName::new("Asia/Tokyo");
        let task = roster.team.tasks.values_mut().next().unwrap();
        task.value.due = Some(Due::Local(DateTime::constant(2026, 11, 24, 18, 0, 0, 0), tokyo.clone()));
        let trip = Span::Instants { start: at("11-23"), end: Some(at("11-28")) };
        roster.time_off("trip", "asa", trip, Effect::WorkingElsewhere { zone: tokyo });
        assert_eq!(health(&roster, NOW).working_seconds_left, Some(8 * HOUR));
        assert!(health(&roster, "11-24 08:00").overdue);
    }

    #[test]
    fn finished_tasks_have_no_health() {
        let mut roster = due_at("11-20");
        for state in [TaskState::Done, TaskState::Cancelled] {
            let task = roster.team.tasks.values_mut().next().unwrap();
            task.value.state = state;
            let task = task.value.clone();
            assert_eq!(task_health(&roster.team, &RULES, &task, at(NOW)).unwrap(), None);
        }
    }

    fn rooms(roster: &Roster) -> Vec<(String, i64)> {
        let found = room(&roster.team, &RULES, &TaskId::new("fix").unwrap(), at(NOW)).unwrap();
        found.into_iter().map(|room| (room.resident.to_string(), room.working_seconds / HOUR)).collect()
    }

    #[test]
    fn room_is_working_time_less_absences_and_the_effort_of_tasks_due_by_then() {
        let mut roster = due_at("11-25");
        roster.residents(&["cy", "dee"]);
        roster.off("cys", "cy", "11-23", "11-24");
        roster.task("other", Some("dee"), |task| {
            task.due = Some(Due::At(at("11-24")));
            task.effort_hours = Some(15);
        });
        roster.task("later", Some("bo"), |task| {
            task.due = Some(Due::At(at("11-26")));
            task.effort_hours = Some(15);
        });
        let expected = [("asa", 16), ("bo", 16), ("cy", 8), ("dee", 1)];
        assert_eq!(rooms(&roster), expected.map(|(id, hours)| (id.to_owned(), hours)));
    }

    #[test]
    fn room_asks_for_the_skills_of_the_tasks_duty() {
        let mut roster = due_at("11-25");
        roster.resident("bo", |bo| bo.skills = vec!["rust".to_owned()]);
        roster.duty("review", vec![("all", pool(&["asa"]))], |review| review.skills = vec!["rust".to_owned()]);
        let task = roster.team.tasks.values_mut().next().unwrap();
        task.value.duty = Some(duty_id("review"));
        assert_eq!(rooms(&roster), [("bo".to_owned(), 16)]);
    }

    #[test]
    fn nobody_has_room_in_a_team_of_one_who_is_away() {
        let mut roster = Roster::new();
        roster.residents(&["asa"]);
        roster.task("fix", Some("asa"), |_| {});
        roster.time_off("ill", "asa", Span::Instants { start: at("11-20"), end: None }, Effect::Hard);
        assert_eq!(rooms(&roster), []);
    }
}
