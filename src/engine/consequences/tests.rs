//! What an absence does, and what it leaves alone.

use super::super::fixture::{RULES, Roster, at, during, duty_id, people, person, pool, set, turns};
use super::*;
use crate::civil::{Date, ShiftUnit};
use crate::model::{Due, Effect, Layer, OverrideForm, Span, WhenAbsent, ZoneName};

const WEEK: (&str, &str) = ("11-23", "11-30");

/// What follows where `absence` is put into the roster for asa.
fn follows(roster: &mut Roster, absence: impl FnOnce(&mut Roster)) -> Consequences {
    let before = roster.team.clone();
    absence(roster);
    let window = during(WEEK.0, WEEK.1);
    consequences(&before, &roster.team, &RULES, &person("asa"), window, at("11-23 09:00")).unwrap()
}

fn part(start: &str, end: &str, stand_ins: &[&str]) -> AffectedPart {
    AffectedPart { interval: during(start, end), stand_ins: people(stand_ins) }
}

/// asa has the week, bo and cy are the next of the rotation.
fn weekly() -> Roster {
    let mut roster = Roster::new();
    roster.residents(&["asa", "bo", "cy"]);
    let layer = Layer { when_absent: WhenAbsent::NextParticipant, ..turns(ShiftUnit::Weeks, &["asa", "bo", "cy"]) };
    roster.duty("review", vec![("weekly", layer)], |_| {});
    roster
}

#[test]
fn each_part_of_a_shift_names_who_stands_in() {
    let mut roster = weekly();
    roster.off("bos", "bo", "11-25", "11-26");
    let found = follows(&mut roster, |roster| roster.off("ill", "asa", "11-24", "11-27"));
    assert_eq!(found.shifts.len(), 1);
    assert_eq!(found.shifts[0].shift.interval, during("11-23", "11-30"));
    assert_eq!(
        found.shifts[0].parts,
        [part("11-24", "11-25", &["bo"]), part("11-25", "11-26", &["cy"]), part("11-26", "11-27", &["bo"]),],
    );
    assert_eq!(found.gaps, []);
}

#[test]
fn a_team_of_one_that_falls_ill_leaves_a_gap_without_stand_ins() {
    let mut roster = Roster::new();
    roster.residents(&["asa"]);
    roster.duty("review", vec![("all", pool(&["asa"]))], |_| {});
    let found = follows(&mut roster, |roster| {
        roster.time_off("ill", "asa", Span::Instants { start: at("11-24"), end: None }, Effect::Hard);
    });
    assert_eq!(found.shifts[0].parts, [part("11-24", "11-30", &[])]);
    assert_eq!(found.gaps.len(), 1);
    assert_eq!(found.gaps[0].gap.interval, during("11-24", "11-30"));
    assert!(found.gaps[0].gap.truncated_end && found.gaps[0].stand_ins.is_empty());
}

#[test]
fn only_what_was_no_gap_before_is_new() {
    let mut roster = Roster::new();
    roster.residents(&["asa", "bo"]);
    roster.duty("review", vec![("all", pool(&["asa"]))], |_| {});
    roster.off("old", "asa", "11-24", "11-25");
    let found = follows(&mut roster, |roster| roster.off("longer", "asa", "11-23", "11-26"));
    assert_eq!(found.gaps.len(), 1);
    assert_eq!(found.gaps[0].gap.interval, during("11-23", "11-26"));
    assert_eq!(found.gaps[0].new, set(&[("11-23", "11-24"), ("11-25", "11-26")]));
    assert_eq!(found.gaps[0].stand_ins[0].resident, person("bo"));
}

#[test]
fn a_gap_in_which_one_more_is_missing_has_grown() {
    let mut roster = Roster::new();
    roster.residents(&["asa", "bo"]);
    roster.duty("review", vec![("all", pool(&["asa", "bo"]))], |review| {
        review.requirements[0].headcount = Some(2);
    });
    roster.off("bos", "bo", "11-24", "11-26");
    let found = follows(&mut roster, |roster| roster.off("ill", "asa", "11-25", "11-27"));
    let gaps: Vec<_> = found.gaps.iter().map(|opened| (opened.gap.interval, opened.gap.present)).collect();
    assert_eq!(gaps, [(during("11-25", "11-26"), 0), (during("11-26", "11-27"), 1)]);
}

#[test]
fn an_absence_outside_their_shifts_changes_nothing() {
    let mut roster = weekly();
    let found = follows(&mut roster, |roster| roster.off("ill", "bo", "11-24", "11-27"));
    assert_eq!(found, Consequences::default());
}

#[test]
fn gaps_of_all_duties_come_by_start_and_then_by_duty() {
    let mut roster = Roster::new();
    roster.residents(&["asa", "bo"]);
    roster.duty("review", vec![("all", pool(&["asa"]))], |_| {});
    roster.duty("builds", vec![("daily", turns(ShiftUnit::Days, &["bo", "asa"]))], |_| {});
    let found = follows(&mut roster, |roster| roster.off("ill", "asa", "11-24", "11-26"));
    let opened: Vec<_> = found.gaps.iter().map(|opened| (opened.gap.duty.as_str(), opened.gap.interval)).collect();
    // 2026-11-24 is bo's turn, the 25th asa's.
    assert_eq!(opened, [("review", during("11-24", "11-26")), ("builds", during("11-25", "11-26"))]);
    // On the 25th bo is free: their day before ends at midnight, which is too little rest.
    assert_eq!(found.gaps[1].stand_ins[0].resident, person("bo"));
    assert!(!found.gaps[1].stand_ins[0].rest_kept);
}

#[test]
fn soft_time_off_moves_a_shift_to_who_can_take_it_and_opens_no_gap() {
    let mut roster = weekly();
    let focus = || Span::Instants { start: at("11-24 12:00"), end: Some(at("11-24 18:00")) };
    let found = follows(&mut roster, |roster| roster.time_off("focus", "asa", focus(), Effect::Soft));
    assert_eq!(found.shifts[0].parts, [part("11-24 12:00", "11-24 18:00", &["bo"])]);
    let mut alone = Roster::new();
    alone.residents(&["asa"]);
    alone.duty("review", vec![("all", pool(&["asa"]))], |_| {});
    let found = follows(&mut alone, |roster| roster.time_off("focus", "asa", focus(), Effect::Soft));
    assert_eq!(found, Consequences::default());
}

#[test]
fn working_elsewhere_moves_the_hours_of_a_layer_that_asks_for_them() {
    let mut roster = Roster::new();
    roster.resident("asa", |asa| asa.home_zone = ZoneName::new("Europe/Warsaw"));
    let layer = Layer { hours: crate::model::Hours::Working, ..pool(&["asa"]) };
    roster.duty("review", vec![("all", layer)], |review| review.requirements.clear());
    let day = Span::Days {
        first: Date::constant(2026, 11, 24),
        last: Some(Date::constant(2026, 11, 24)),
        zone: ZoneName::new("Europe/London"),
    };
    let elsewhere = Effect::WorkingElsewhere { zone: ZoneName::new("Europe/London") };
    let found = follows(&mut roster, |roster| roster.time_off("trip", "asa", day, elsewhere));
    // 09:00 in London is an hour later than in Warsaw; nothing is required, so no gap opens.
    assert_eq!(found.shifts[0].parts, [part("11-24 08:00", "11-24 09:00", &[])]);
    assert_eq!(found.gaps, []);
}

#[test]
fn a_whole_day_of_the_night_in_which_the_clocks_go_back_takes_25_hours_away() {
    let mut roster = Roster::new();
    roster.residents(&["asa", "bo"]);
    roster.duty("review", vec![("all", pool(&["asa", "bo"]))], |_| {});
    let before = roster.team.clone();
    let sunday = Date::constant(2026, 10, 25);
    let day = Span::Days { first: sunday, last: Some(sunday), zone: ZoneName::new("Europe/Warsaw") };
    roster.time_off("off", "asa", day, Effect::Hard);
    let window = during("10-24", "10-27");
    let found = consequences(&before, &roster.team, &RULES, &person("asa"), window, at("10-24")).unwrap();
    assert_eq!(found.shifts[0].parts, [part("10-24 22:00", "10-25 23:00", &["bo"])]);
}

#[test]
fn an_override_of_somebody_else_is_no_stand_in_that_comes_new() {
    let mut roster = weekly();
    roster.cover("help", "review", ("11-24", "11-25"), OverrideForm::Add { by: person("cy") });
    let found = follows(&mut roster, |roster| roster.off("ill", "asa", "11-23", "11-30"));
    // While cy is on duty anyway, asa was standby: there is nothing to take away.
    let expected = [part("11-23", "11-24", &["bo"])];
    assert_eq!(found.shifts[0].parts, expected);
    assert_eq!(found.shifts[1].parts, [part("11-25", "11-30", &["bo"])]);
}

#[test]
fn tasks_that_become_uncovered_come_by_due_time_with_who_has_room() {
    let mut roster = Roster::new();
    roster.residents(&["asa", "bo"]);
    roster.task("a-later", Some("asa"), |task| task.due = Some(Due::At(at("11-26"))));
    roster.task("b-sooner", Some("asa"), |task| task.due = Some(Due::At(at("11-25"))));
    roster.task("c-open", Some("asa"), |_| {});
    roster.task("d-covered", Some("asa"), |task| task.deputy = Some(person("bo")));
    roster.task("e-not-theirs", None, |_| {});
    let found = follows(&mut roster, |roster| roster.off("ill", "asa", "11-23", "12-01"));
    let tasks: Vec<_> = found.tasks.iter().map(|task| task.task.as_str()).collect();
    assert_eq!(tasks, ["b-sooner", "a-later", "c-open"]);
    assert_eq!(found.tasks[0].room, [Room { resident: person("bo"), working_seconds: 16 * 3_600 }]);
}

#[test]
fn a_duty_that_the_change_ends_leaves_its_shifts_to_nobody() {
    let mut roster = weekly();
    let found = follows(&mut roster, |roster| {
        let review = roster.team.duties.get_mut(&duty_id("review")).unwrap();
        review.versions.set(at("11-01"), crate::model::Made::default(), None, false).unwrap();
    });
    assert_eq!(found.shifts[0].parts, [part("11-23", "11-30", &[])]);
    assert_eq!(found.gaps, []);
}
