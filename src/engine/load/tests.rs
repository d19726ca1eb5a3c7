//! Whose hours are whose, and what is left of them.

use super::super::fixture::{RULES, Roster, at, during, duty_id, person, pool, turns, window};
use super::super::local_hours::LoadHours;
use super::*;
use crate::civil::{Date, Instant, ShiftUnit, Weekdays};
use crate::model::{Effect, Layer, Span, Term, WhenAbsent, ZoneName};

const HOUR: i64 = 3_600;

fn november(roster: &Roster) -> Ledger {
    load(&roster.team, &RULES, during("11-02", "11-30"), &[]).unwrap()
}

fn of<'a>(ledger: &'a Ledger, id: &str) -> &'a ResidentLoad {
    ledger.residents.iter().find(|load| load.resident == person(id)).unwrap()
}

/// Hours of holiday, weekend, night, evening, working.
fn hours([holiday, weekend, night, evening, working]: [i64; 5]) -> LoadHours {
    LoadHours {
        holiday_seconds: holiday * HOUR,
        weekend_seconds: weekend * HOUR,
        night_seconds: night * HOUR,
        evening_seconds: evening * HOUR,
        working_seconds: working * HOUR,
    }
}

fn alone() -> Roster {
    let mut roster = Roster::new();
    roster.residents(&["asa"]);
    roster.duty("review", vec![("all", pool(&["asa"]))], |_| {});
    roster
}

#[test]
fn each_hour_of_a_week_counts_as_the_first_class_that_fits() {
    let ledger = load(&alone().team, &RULES, during("11-23", "11-30"), &[]).unwrap();
    // Five days with 9 hours of night, 8 of work and 7 between, and a weekend.
    assert_eq!(of(&ledger, "asa").hours, hours([0, 48, 45, 35, 40]));
}

#[test]
fn hours_are_those_of_where_somebody_is() {
    let mut roster = alone();
    let tokyo = Effect::WorkingElsewhere { zone: ZoneName::new("Asia/Tokyo") };
    roster.time_off("tokyo", "asa", Span::Instants { start: at("11-23"), end: Some(at("11-24")) }, tokyo);
    let ledger = load(&roster.team, &RULES, during("11-23", "11-24"), &[]).unwrap();
    // From 09:00 in Tokyo: 8 hours of work, 5 until 22:00, 9 of night, 2 before work.
    assert_eq!(of(&ledger, "asa").hours, hours([0, 0, 9, 7, 8]));
}

#[test]
fn without_stated_hours_the_week_ends_on_friday_and_nothing_is_working_time() {
    let mut roster = alone();
    roster.resident("asa", |asa| asa.working_hours = Vec::new());
    let ledger = load(&roster.team, &RULES, during("11-23", "11-30"), &[]).unwrap();
    assert_eq!(of(&ledger, "asa").hours, hours([0, 48, 45, 75, 0]));
}

#[test]
fn hours_of_a_window_that_runs_into_a_day_without_any_are_weekend() {
    let mut roster = alone();
    roster.resident("asa", |asa| asa.working_hours = vec![window("late", Weekdays::WORKING, "14:00", "02:00")]);
    let ledger = load(&roster.team, &RULES, during("11-27", "11-29"), &[]).unwrap();
    // Friday: night until 07:00, 7 hours before work, 8 of work, 2 of night; then Saturday.
    assert_eq!(of(&ledger, "asa").hours, hours([0, 24, 9, 7, 8]));
}

#[test]
fn an_hour_on_two_duties_counts_once_and_for_each_of_them() {
    let mut roster = alone();
    roster.duty("builds", vec![("all", pool(&["asa"]))], |_| {});
    let ledger = load(&roster.team, &RULES, during("11-23", "11-24"), &[]).unwrap();
    let asa = of(&ledger, "asa");
    assert_eq!(asa.hours.seconds(), 24 * HOUR);
    let each = hours([0, 0, 9, 7, 8]);
    assert_eq!(asa.duties, [(duty_id("builds"), each), (duty_id("review"), each)]);
    let only = load(&roster.team, &RULES, during("11-23", "11-24"), &[duty_id("builds")]).unwrap();
    assert_eq!(of(&only, "asa").duties, [(duty_id("builds"), each)]);
}

/// The example of semantics 6.3.
#[test]
fn shares_follow_capacity_and_the_time_in_which_people_were_available() {
    let mut roster = Roster::new();
    roster.residents(&["asa"]);
    roster.resident("bo", |bo| bo.capacity_minutes = 20 * 60);
    roster.resident("cy", |_| {});
    let layer = Layer { when_absent: WhenAbsent::NextParticipant, ..turns(ShiftUnit::Weeks, &["asa", "bo", "cy"]) };
    roster.duty("review", vec![("weekly", layer)], |_| {});
    roster.off("ill", "cy", "11-16", "11-30");
    let ledger = november(&roster);
    // asa has the first week, bo the second; asa stands in for cy in the third, and has the fourth.
    let weeks = ["asa", "bo", "cy"].map(|id| of(&ledger, id).hours.seconds() / (7 * 24 * HOUR));
    assert_eq!(weeks, [3, 1, 0]);
    let shares = ["asa", "bo", "cy"].map(|id| of(&ledger, id).share_seconds);
    assert_eq!(shares, [336 * HOUR, 168 * HOUR, 168 * HOUR]);
    let beyond = ["asa", "bo", "cy"].map(|id| of(&ledger, id).beyond_share_seconds() / HOUR);
    assert_eq!(beyond, [168, 0, -168]);
    assert_eq!(of(&ledger, "cy").available_seconds, 14 * 24 * HOUR);
}

#[test]
fn who_joins_in_the_middle_has_the_share_of_their_part() {
    let mut roster = Roster::new();
    roster.residents(&["asa"]);
    roster.resident("bo", |bo| {
        bo.term = Term { first: Some(Date::constant(2026, 11, 16)), last: None, zone: ZoneName::new("UTC") };
    });
    roster.duty("review", vec![("daily", turns(ShiftUnit::Days, &["asa"]))], |_| {});
    let ledger = november(&roster);
    assert_eq!(of(&ledger, "bo").hours.seconds(), 0, "nothing to do, and in the table");
    assert_eq!(of(&ledger, "bo").share_seconds, of(&ledger, "asa").share_seconds / 2);
    let before = load(&roster.team, &RULES, during("11-02", "11-09"), &[]).unwrap();
    assert_eq!(before.residents.len(), 1, "not yet in their term");
}

#[test]
fn standby_counts_where_somebody_is_on_no_duty() {
    let mut roster = Roster::new();
    roster.residents(&["asa", "bo"]);
    roster.duty("review", vec![("all", pool(&["asa", "bo"]))], |_| {});
    let daily = turns(ShiftUnit::Days, &["bo", "asa"]);
    roster.duty("builds", vec![("daily", daily)], |_| {});
    let ledger = load(&roster.team, &RULES, during("11-02", "11-04"), &[]).unwrap();
    assert_eq!(of(&ledger, "bo").standby_seconds, 24 * HOUR, "on the day without builds");
    assert_eq!(of(&ledger, "asa").standby_seconds, 0, "on review all the time");
}

#[test]
fn whoever_stands_in_by_an_override_is_owed_the_hours() {
    let mut roster = Roster::new();
    roster.residents(&["asa", "bo"]);
    roster.duty("review", vec![("daily", turns(ShiftUnit::Days, &["asa", "bo"]))], |_| {});
    roster.replace("one", "review", ("11-02 06:00", "11-02 18:00"), "bo", "asa");
    roster.replace("two", "review", ("11-03 06:00", "11-03 10:00"), "asa", "bo");
    let ledger = november(&roster);
    let (covered_seconds, returned_seconds) = (12 * HOUR, 4 * HOUR);
    let debt = Debt { debtor: person("asa"), creditor: person("bo"), covered_seconds, returned_seconds };
    assert_eq!(debt.owed_seconds(), 8 * HOUR);
    assert_eq!(ledger.debts, [debt]);
}

#[test]
fn tasks_count_where_and_when_they_were_done() {
    let mut roster = alone();
    let mut task = |id: &str, state: TaskState, finish_time: Option<Instant>| {
        roster.task(id, Some("asa"), |task| {
            (task.state, task.finish_time, task.effort_minutes) = (state, finish_time, Some(90));
        });
    };
    task("done", TaskState::Done, Some(at("11-05")));
    task("later", TaskState::Done, Some(at("11-30")));
    task("given-up", TaskState::Cancelled, Some(at("11-05")));
    task("open", TaskState::Open, None);
    let ledger = november(&roster);
    assert_eq!((of(&ledger, "asa").tasks_done, of(&ledger, "asa").effort_minutes), (1, 90));
}
