//! Dangers of tasks as facts, and against the plain definition that looks all the way to the due date.

use proptest::prelude::*;

use super::super::fixture::{RULES, Roster, at, duty_id, pool, window};
use super::*;
use crate::civil::{Date, DateTime, Day, Weekdays, WeeklyWindow};
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
        task.effort_minutes = Some(10 * 60);
    });
    roster
}

fn with_deputy(roster: &mut Roster, deputy: &str) {
    let task = roster.team.tasks.first_mut().unwrap();
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
    roster.task("fix", Some("asa"), |task| task.effort_minutes = Some(1_000 * 60));
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
        task.effort_minutes = Some(100 * 60);
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
    let task = roster.team.tasks.first_mut().unwrap();
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
        let task = roster.team.tasks.first_mut().unwrap();
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
        task.effort_minutes = Some(15 * 60);
    });
    roster.task("later", Some("bo"), |task| {
        task.due = Some(Due::At(at("11-26")));
        task.effort_minutes = Some(15 * 60);
    });
    let expected = [("asa", 16), ("bo", 16), ("cy", 8), ("dee", 1)];
    assert_eq!(rooms(&roster), expected.map(|(id, hours)| (id.to_owned(), hours)));
}

#[test]
fn room_asks_for_the_skills_of_the_tasks_duty() {
    let mut roster = due_at("11-25");
    roster.resident("bo", |bo| bo.skills = vec!["rust".to_owned()]);
    roster.duty("review", vec![("all", pool(&["asa"]))], |review| review.skills = vec!["rust".to_owned()]);
    let task = roster.team.tasks.first_mut().unwrap();
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

#[test]
fn a_due_date_far_away_is_looked_at_no_further_than_matters() {
    let mut roster = due_at("11-24");
    let far = |roster: &mut Roster, effort_minutes| {
        let task = roster.team.tasks.first_mut().unwrap();
        task.value.due = Some(Due::Day(Date::constant(2200, 12, 1), ZoneName::new("UTC")));
        task.value.effort_minutes = Some(effort_minutes);
    };
    far(&mut roster, 600);
    let year = health(&roster, NOW);
    // 52 weeks, a Monday and a Tuesday.
    assert_eq!((year.danger(), year.working_seconds_left), (None, Some((52 * 40 + 16) * HOUR)));
    far(&mut roster, 5_000 * 60);
    let years = health(&roster, NOW);
    assert_eq!(years.danger(), None);
    assert!(years.working_seconds_left.unwrap() > 10 * 2_000 * HOUR, "it is ten years'");
    let off = Span::Instants { start: at("11-20"), end: None };
    roster.time_off("ill", "asa", off, Effect::Hard);
    assert_eq!(health(&roster, NOW).danger(), Some(TaskDanger::Uncovered));
}

#[test]
fn somebody_who_begins_in_two_years_covers_a_task_that_is_due_in_three() {
    let mut roster = due_at("11-24");
    let term = Term { first: Some(Date::constant(2028, 11, 1)), last: None, zone: ZoneName::new("UTC") };
    roster.resident("asa", |asa| asa.term = term);
    roster.team.tasks.first_mut().unwrap().value.due =
        Some(Due::Day(Date::constant(2029, 11, 1), ZoneName::new("UTC")));
    assert_eq!(health(&roster, NOW).danger(), None);
}

/// The definition of semantics 5.5, all the way to the due date.
fn plain_health(roster: &Roster, task: &Task, now: Instant) -> TaskHealth {
    let left = Interval::new(now, due(task, &RULES).unwrap().unwrap()).unwrap();
    let read = |id: &Option<ResidentId>| {
        let Some(id) = id else { return Worker::default() };
        let person = Person::read(&roster.team, &RULES, id, left, &time_off_entries(&roster.team), true).unwrap();
        Worker::of(&person.unwrap(), left)
    };
    let (assignee, deputy) = (read(&task.assignee), read(&task.deputy));
    let hours = assignee.hours.union(&deputy.hours);
    let stepping_in = match assignee.present.is_empty() {
        true => deputy.present,
        false => deputy.present.difference(&assignee.there),
    };
    let seconds = assignee.present.union(&stepping_in).seconds();
    TaskHealth {
        uncovered: seconds == 0 && !hours.is_empty(),
        at_risk: seconds < i64::from(task.effort_minutes.unwrap_or(0)) * 60,
        overdue: hours.is_empty(),
        working_seconds_left: Some(seconds),
    }
}

/// Days from 2026-11-20, in pairs that may be open: a term and an absence of each of two people.
type Spans = [(Option<i32>, Option<i32>); 4];

fn team_of_two(spans: Spans, windows: &[Vec<u8>; 2], effort_minutes: u32, due_hours: i64) -> Roster {
    let date = |days: i32| Day::from(Date::constant(2026, 11, 20)).plus(days).date();
    let mut roster = Roster::new();
    for (index, id) in ["asa", "bo"].into_iter().enumerate() {
        let (first, length) = spans[index];
        let last = length.map(|length| date(first.unwrap_or(0) + length));
        roster.resident(id, |resident| {
            resident.term = Term { first: first.map(date), last, zone: ZoneName::new("Europe/Warsaw") };
            resident.working_hours = windows[index].iter().map(|hour| hours_of_a_window(*hour)).collect();
        });
        let (start, length) = spans[index + 2];
        let first = date(start.unwrap_or(0));
        let last = length.map(|length| Day::from(first).plus(length).date());
        let span = Span::Days { first, last, zone: ZoneName::new("UTC") };
        roster.time_off(id, id, span, Effect::Hard);
    }
    roster.task("fix", Some("asa"), |task| {
        task.due = Some(Due::At(at(NOW).plus(due_hours * 3_600)));
        task.effort_minutes = Some(effort_minutes);
    });
    with_deputy(&mut roster, "bo");
    roster
}

fn hours_of_a_window(hour: u8) -> WeeklyWindow {
    window(&format!("w{hour}"), Weekdays::WORKING, &format!("{hour:02}:00"), &format!("{:02}:00", hour + 3))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_looked_at_in_steps_is_what_the_whole_says(
        spans in [(); 4].map(|()| (prop::option::of(0..1_500_i32), prop::option::of(0..1_500_i32))),
        windows in [prop::collection::vec(0..20_u8, 0..3), prop::collection::vec(0..20_u8, 0..3)],
        effort_hours in prop_oneof![0..200_u32, 0..3_000_u32],
        due_hours in prop_oneof![1..1_000_i64, 1..20_000_i64, 1..60_000_i64],
    ) {
        let roster = team_of_two(spans, &windows, effort_hours * 60, due_hours);
        let task = &roster.team.tasks.values().next().unwrap().value;
        let (found, plain) = (health(&roster, NOW), plain_health(&roster, task, at(NOW)));
        let dangers = |health: TaskHealth| (health.uncovered, health.at_risk, health.overdue);
        prop_assert_eq!(dangers(found), dangers(plain));
        if due_hours <= 366 * 24 {
            prop_assert_eq!(found, plain);
        }
    }

    #[test]
    fn many_tasks_read_together_are_as_each_alone(
        spans in [(); 4].map(|()| (prop::option::of(0..500_i32), prop::option::of(0..500_i32))),
        dues in prop::collection::vec(prop_oneof![1..1_000_i64, 1..30_000_i64], 2..5),
    ) {
        let roster = team_of_two(spans, &[vec![9], vec![13]], 600, 1);
        let task = &roster.team.tasks.values().next().unwrap().value;
        let mut reader = TaskReader::new(&roster.team, &RULES, at(NOW));
        for due_hours in dues {
            let task = Task { due: Some(Due::At(at(NOW).plus(due_hours * 3_600))), ..task.clone() };
            let alone = task_health(&roster.team, &RULES, &task, at(NOW)).unwrap();
            prop_assert_eq!(reader.health(&task).unwrap(), alone);
        }
    }
}
