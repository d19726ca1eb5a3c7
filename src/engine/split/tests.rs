//! Divisions of tasks as facts, and step by step against what [`room`] tells of the team in which the earlier steps
//! were taken.

use proptest::prelude::*;

use super::super::fixture::{RULES, Roster, at, people, person, pool, window};
use super::super::tasks::room;
use super::*;
use crate::civil::Weekdays;
use crate::model::{Due, DutyId, Entered, TaskState};

/// Monday 2026-11-23, 09:00 UTC.
const NOW: &str = "11-23 09:00";

fn task_id(id: &str) -> TaskId {
    TaskId::new(id).unwrap()
}

fn hours_of(hours: u32) -> impl FnOnce(&mut Task) {
    move |task| task.effort_minutes = Some(hours * 60)
}

fn divided(roster: &Roster, between: &[&str]) -> Split {
    let tasks = tasks_to_split(&roster.team, None);
    split(&roster.team, &RULES, &tasks, &people(between), at(NOW)).unwrap()
}

fn told(split: &Split) -> Vec<(&str, &str)> {
    split.given.iter().map(|given| (given.task.as_str(), given.resident.as_str())).collect()
}

/// The example of semantics 5.6: ana works 40 hours a week and has 4 hours to do, ben works 20.
fn example() -> Roster {
    let mut roster = Roster::new();
    roster.resident("ana", |_| {});
    roster.resident("ben", |ben| {
        ben.capacity_minutes = 20 * 60;
        ben.working_hours = vec![window("mornings", Weekdays::WORKING, "09:00", "13:00")];
    });
    roster.task("has", Some("ana"), hours_of(4));
    roster.task("a", None, hours_of(8));
    roster.task("b", None, hours_of(6));
    roster.task("c", None, |_| {});
    roster.task("d", None, hours_of(2));
    roster
}

#[test]
fn tasks_are_divided_as_in_the_example() {
    let split = divided(&example(), &["ana", "ben"]);
    assert_eq!(told(&split), [("a", "ana"), ("b", "ben"), ("c", "ana"), ("d", "ben")]);
    let shares = split.shares.iter().map(|share| (share.before_minutes / 60, share.minutes / 60));
    assert_eq!(shares.collect::<Vec<_>>(), [(4, 16), (0, 8)]);
    assert_eq!(
        split.given[2].reasons(),
        ["has the least with it", "16 h in all, of 40 h a week", "counted as 4 h, for its effort is not known"]
    );
}

#[test]
fn whoever_has_no_time_before_it_is_due_is_passed_over() {
    let mut roster = example();
    roster.task("e", None, |task| {
        task.effort_minutes = Some(6 * 60);
        task.due = Some(Due::At(at("11-23 17:00")));
        task.priority = Priority::Urgent;
    });
    let split = divided(&roster, &["ana", "ben"]);
    let urgent = &split.given[0];
    assert_eq!((urgent.task.as_str(), urgent.resident.as_str(), urgent.is_at_risk()), ("e", "ana", false));
    assert_eq!(divided(&roster, &["ben"]).given[0].reasons()[2], "at risk: 4 h of working time left for 6 h");
    let mut roster = example();
    roster.task("has-more", Some("ana"), hours_of(40));
    roster.task("e", None, |task| {
        task.effort_minutes = Some(6 * 60);
        task.due = Some(Due::At(at("11-23 17:00")));
    });
    let given = divided(&roster, &["ana", "ben"]).given.remove(0);
    assert_eq!((given.task.as_str(), given.resident.as_str()), ("e", "ana"));
    assert_eq!(given.reasons()[1], "ben would have less, and no time for it");
}

#[test]
fn what_nobody_can_take_is_told_with_what_stands_against_each() {
    let mut roster = Roster::new();
    roster.residents(&["ana", "ben"]);
    roster.resident("chi", |chi| chi.term.last = Some("2026-10-31".parse().unwrap()));
    roster.resident("dan", |dan| dan.working_hours = vec![window("sundays", Weekdays::WORKING, "20:00", "21:00")]);
    roster.duty("release", vec![("all", pool(&["ana"]))], |duty| duty.skills = vec!["signing".to_owned()]);
    roster.off("ill", "ana", "11-22", "11-30");
    roster.task("signed", None, |task| task.duty = DutyId::new("release").ok());
    roster.task("soon", None, |task| task.due = Some(Due::At(at("11-23 17:00"))));
    roster.task("late", None, |task| task.due = Some(Due::At(at("11-23 08:00"))));
    let split = divided(&roster, &["ana", "chi", "dan"]);
    assert_eq!(split.given, []);
    let reasons = split.left.iter().map(|left| (left.task.as_str(), left.why.reasons().join("; ")));
    assert_eq!(
        reasons.collect::<Vec<_>>(),
        [
            ("late", "it was due before now; give it another date".to_owned()),
            ("signed", "ana lacks signing; chi is not with the team; dan lacks signing".to_owned()),
            ("soon", "ana is away; chi is not with the team; dan has no working hours left".to_owned()),
        ]
    );
    assert_eq!(told(&divided(&roster, &["ana", "ben"])), [("soon", "ben")]);
}

#[test]
fn a_task_that_only_one_can_take_goes_first() {
    let mut roster = Roster::new();
    roster.resident("ana", |ana| ana.skills = vec!["signing".to_owned()]);
    roster.residents(&["ben"]);
    roster.duty("release", vec![("all", pool(&["ana"]))], |duty| duty.skills = vec!["signing".to_owned()]);
    roster.task("any", None, |task| task.priority = Priority::Urgent);
    roster.task("signed", None, |task| task.duty = DutyId::new("release").ok());
    let split = divided(&roster, &["ana", "ben"]);
    assert_eq!(told(&split), [("signed", "ana"), ("any", "ben")]);
    assert_eq!(split.given[0].reasons()[0], "the only one who can take it");
}

#[test]
fn tasks_of_somebody_and_finished_ones_are_divided_only_where_that_is_asked() {
    let mut roster = example();
    roster.task("done", None, |task| task.state = TaskState::Done);
    assert_eq!(tasks_to_split(&roster.team, None), ["a", "b", "c", "d"].map(task_id));
    assert_eq!(tasks_to_split(&roster.team, Some(&person("ana"))), [task_id("has")]);
    let split = split(&roster.team, &RULES, &[task_id("done"), task_id("has")], &people(&["ben"]), at(NOW)).unwrap();
    assert_eq!(told(&split), [("has", "ben")]);
    assert_eq!(split.given[0].before, Some(person("ana")));
}

#[test]
fn those_in_term_are_found_in_listed_order() {
    let mut roster = Roster::new();
    roster.residents(&["zoe", "ana"]);
    roster.resident("old", |old| old.term.last = Some("2026-11-22".parse().unwrap()));
    assert_eq!(residents_in_term(&roster.team, &RULES, at(NOW)).unwrap(), people(&["zoe", "ana"]));
}

const PEOPLE: [&str; 3] = ["ana", "ben", "chi"];

prop_compose! {
    /// A task: whose it is, its effort in hours, when it is due in hours from now, whether it needs a skill.
    fn drawn_task()(
        assignee in prop::option::of(0_usize..3),
        effort in prop::option::of(1_u32..20),
        due in prop::option::of(-5_i64..200),
        skilled in any::<bool>(),
        priority in prop::sample::select(vec![Priority::Low, Priority::Normal, Priority::Urgent]),
    ) -> (Option<usize>, Option<u32>, Option<i64>, bool, Priority) {
        (assignee, effort, due, skilled, priority)
    }
}

prop_compose! {
    fn drawn_team()(
        tasks in prop::collection::vec(drawn_task(), 1..9),
        capacities in prop::array::uniform3(prop::sample::select(vec![0_u32, 20, 30, 40])),
        skills in prop::array::uniform3(any::<bool>()),
        away in prop::option::of((0_usize..3, 0_i64..100, 1_i64..200)),
        ended in prop::option::weighted(0.2, 0_usize..3),
    ) -> Roster {
        let mut roster = Roster::new();
        for (place, id) in PEOPLE.into_iter().enumerate() {
            roster.resident(id, |resident| {
                resident.capacity_minutes = capacities[place] * 60;
                if skills[place] {
                    resident.skills = vec!["signing".to_owned()];
                }
                if ended == Some(place) {
                    resident.term.last = Some("2026-11-24".parse().unwrap());
                }
            });
        }
        roster.duty("release", vec![("all", pool(&PEOPLE))], |duty| duty.skills = vec!["signing".to_owned()]);
        if let Some((who, from, hours)) = away {
            let then = |hours: i64| at(NOW).plus(hours * 3_600);
            let span = crate::model::Span::Instants { start: then(from), end: Some(then(from + hours)) };
            roster.time_off("away", PEOPLE[who], span, crate::model::Effect::Hard);
        }
        for (number, (assignee, effort, due, skilled, priority)) in tasks.into_iter().enumerate() {
            roster.task(&format!("t{number}"), assignee.map(|place| PEOPLE[place]), |task| {
                // A task without an effort counts as four hours here and in a division; nowhere else.
                task.effort_minutes = Some(effort.unwrap_or(4) * 60);
                task.due = due.map(|hours| Due::At(at(NOW).plus(hours * 3_600)));
                task.duty = skilled.then(|| DutyId::new("release").unwrap());
                task.priority = priority;
            });
        }
        roster
    }
}

fn assigned(team: &TeamSnapshot, task: &TaskId, resident: Option<ResidentId>) -> TeamSnapshot {
    let mut after = team.clone();
    let entry = after.tasks.get(task).unwrap().clone();
    let value = Task { assignee: resident, ..entry.value };
    after.tasks.insert(task.clone(), Entered { value, ..entry });
    after
}

/// What somebody has, in minutes, over their capacity; without one more than anybody else.
fn load(team: &TeamSnapshot, resident: &ResidentId, more: u32) -> (bool, f64) {
    let theirs = team.tasks.values().filter(|task| task.value.assignee.as_ref() == Some(resident));
    let minutes: u32 = theirs.map(|task| task.value.effort_minutes.unwrap()).sum::<u32>() + more;
    let capacity = team.residents.get(resident).unwrap().versions.latest().unwrap().capacity_minutes;
    if capacity == 0 { (true, minutes.into()) } else { (false, f64::from(minutes) / f64::from(capacity)) }
}

/// Who can take a task at all: whoever has room for it in a team in which nobody has any other.
fn takers(team: &TeamSnapshot, task: &TaskId) -> Vec<ResidentId> {
    let mut alone = team.clone();
    for other in team.tasks.keys().filter(|other| *other != task) {
        alone.tasks.remove(other);
    }
    room(&alone, &RULES, task, at(NOW)).unwrap().into_iter().map(|room| room.resident).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn each_step_gives_to_the_least_loaded_of_those_with_room_and_then_of_those_who_can(roster in drawn_team()) {
        let tasks = tasks_to_split(&roster.team, None);
        let split = divided(&roster, &PEOPLE);
        let mut team = roster.team.clone();
        for given in &split.given {
            let minutes = team.tasks.get(&given.task).unwrap().value.effort_minutes.unwrap();
            let rooms = room(&team, &RULES, &given.task, at(NOW)).unwrap();
            let fits = |id: &ResidentId| {
                rooms.iter().any(|room| room.resident == *id && room.working_seconds >= i64::from(minutes) * 60)
            };
            let rank = |id: &ResidentId| (!fits(id), load(&team, id, minutes));
            prop_assert!(takers(&roster.team, &given.task).contains(&given.resident));
            for other in takers(&roster.team, &given.task) {
                prop_assert!(rank(&given.resident) <= rank(&other), "{} rather than {other}: {split:?}", given.resident);
            }
            team = assigned(&team, &given.task, Some(given.resident.clone()));
        }
        let mut found: Vec<&TaskId> = split.given.iter().map(|given| &given.task).collect();
        found.extend(split.left.iter().map(|left| &left.task));
        found.sort();
        prop_assert_eq!(found, tasks.iter().collect::<Vec<_>>());
        for left in &split.left {
            prop_assert_eq!(takers(&roster.team, &left.task), Vec::<ResidentId>::new());
            prop_assert!(!left.why.reasons().is_empty());
        }
        for share in &split.shares {
            let minutes = |team| load(team, &share.resident, 0);
            let told = |minutes: u64| match share.capacity_minutes {
                0 => (true, minutes as f64),
                capacity => (false, minutes as f64 / f64::from(capacity)),
            };
            prop_assert_eq!((told(share.before_minutes), told(share.minutes)), (minutes(&roster.team), minutes(&team)));
        }
    }

    #[test]
    fn what_somebody_got_last_would_leave_nobody_else_with_less(drawn in drawn_team()) {
        // Without dates, and with less than an hour of work, everybody has room for all tasks that they can take.
        let mut team = drawn.team;
        for (id, entry) in drawn_tasks(&team) {
            let effort_minutes = entry.value.effort_minutes.map(|minutes| minutes / 20);
            team.tasks.insert(id, Entered { value: Task { due: None, effort_minutes, ..entry.value }, ..entry });
        }
        let split = divided(&Roster { team: team.clone() }, &PEOPLE);
        let after = split.given.iter().fold(team.clone(), |team, given| {
            assigned(&team, &given.task, Some(given.resident.clone()))
        });
        for resident in people(&PEOPLE) {
            let Some(last) = split.given.iter().rfind(|given| given.resident == resident) else { continue };
            for other in takers(&team, &last.task).into_iter().filter(|other| *other != resident) {
                prop_assert!(load(&after, &other, last.minutes) >= load(&after, &resident, 0), "{split:?}");
            }
        }
    }
}

fn drawn_tasks(team: &TeamSnapshot) -> Vec<(TaskId, Entered<Task>)> {
    team.tasks.iter().map(|(id, entry)| (id.clone(), entry.clone())).collect()
}
