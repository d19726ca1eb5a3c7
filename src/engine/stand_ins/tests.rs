//! Who ranks before whom, criterion by criterion.

use super::super::fixture::{RULES, Roster, at, during, duty_id, person, pool, set, turns};
use super::super::timeline::timeline;
use super::*;
use crate::civil::{Date, ShiftUnit};
use crate::model::{Effect, Headcount, Layer, LayerId, Made, Span, Term, WhenAbsent, ZoneName};

/// A duty 'review' with asa alone in it, who is away on 2026-11-24 (a Tuesday) from 10:00 to 14:00.
fn with_a_gap(others: &[&str]) -> Roster {
    let mut roster = Roster::new();
    roster.residents(&["asa"]);
    roster.residents(others);
    roster.duty("review", vec![("all", pool(&["asa"]))], |_| {});
    roster.off("ill", "asa", "11-24 10:00", "11-24 14:00");
    roster
}

fn ranked(roster: &Roster) -> Vec<StandIn> {
    ranked_in(roster, during("11-24", "11-25"))
}

fn ranked_in(roster: &Roster, window: Interval) -> Vec<StandIn> {
    let review = timeline(&roster.team, &RULES, &duty_id("review"), window).unwrap();
    let board = Board::read_for_stand_ins(&roster.team, &RULES, window).unwrap();
    stand_ins(&board, &review.gaps()[0]).unwrap()
}

fn names(found: &[StandIn]) -> Vec<&str> {
    found.iter().map(|stand_in| stand_in.resident.as_str()).collect()
}

fn edit(roster: &mut Roster, id: &str, change: impl FnOnce(&mut crate::model::Resident)) {
    let created = roster.team.residents[&person(id)].meta;
    roster.resident(id, change);
    roster.team.residents.get_mut(&person(id)).unwrap().meta = created;
}

#[test]
fn equals_come_in_listed_order() {
    let roster = with_a_gap(&["zoe", "bo", "cy"]);
    assert_eq!(names(&ranked(&roster)), ["zoe", "bo", "cy"]);
}

#[test]
fn whoever_covers_all_of_it_comes_before_a_longer_and_then_a_shorter_part() {
    let mut roster = with_a_gap(&["bo", "cy", "dee"]);
    roster.off("bos", "bo", "11-24 11:00", "11-24 13:00");
    roster.off("cys", "cy", "11-24 09:00", "11-24 11:00");
    let found = ranked(&roster);
    assert_eq!(names(&found), ["dee", "cy", "bo"]);
    assert_eq!(found[2].covers, set(&[("11-24 10:00", "11-24 11:00"), ("11-24 13:00", "11-24 14:00")]));
    assert!(found[0].whole && !found[1].whole);
}

#[test]
fn who_is_softly_off_comes_after_who_would_be_up_at_night() {
    let mut roster = with_a_gap(&["bo", "cy"]);
    roster.time_off("focus", "bo", Span::Instants { start: at("11-24"), end: None }, Effect::Soft);
    edit(&mut roster, "cy", |cy| cy.home_zone = ZoneName::new("America/Los_Angeles"));
    let found = ranked(&roster);
    assert_eq!(names(&found), ["cy", "bo"]);
    assert_eq!((found[0].hours, found[1].softly_off), (HoursClass::Night, true));
}

#[test]
fn working_hours_come_before_waking_hours_and_these_before_the_night_where_they_are() {
    let mut roster = with_a_gap(&["night", "awake", "working"]);
    edit(&mut roster, "night", |night| night.home_zone = ZoneName::new("America/Los_Angeles"));
    edit(&mut roster, "awake", |awake| awake.working_hours = Vec::new());
    let found = ranked(&roster);
    assert_eq!(names(&found), ["working", "awake", "night"]);
    let classes: Vec<_> = found.iter().map(|stand_in| stand_in.hours).collect();
    assert_eq!(classes, [HoursClass::Working, HoursClass::Awake, HoursClass::Night]);
}

#[test]
fn the_clock_is_that_of_where_somebody_works_now() {
    let mut roster = with_a_gap(&["bo"]);
    let zone = ZoneName::new("America/Los_Angeles");
    let trip = Span::Instants { start: at("11-20"), end: Some(at("11-27")) };
    roster.time_off("trip", "bo", trip, Effect::WorkingElsewhere { zone });
    assert_eq!(ranked(&roster)[0].hours, HoursClass::Night);
}

#[test]
fn the_worst_hours_of_the_part_count_also_across_a_change_of_clocks() {
    // In Warsaw 22:00 on 2026-10-24 is 20:00Z, and 07:00 on the 25th, after the clocks went back, is 06:00Z.
    let class = |start: &str, end: &str| {
        let mut roster = Roster::new();
        roster.residents(&["asa"]);
        roster.resident("bo", |bo| bo.home_zone = ZoneName::new("Europe/Warsaw"));
        roster.duty("review", vec![("all", pool(&["asa"]))], |_| {});
        roster.off("ill", "asa", start, end);
        ranked_in(&roster, during("10-24", "10-26"))[0].hours
    };
    assert_eq!(class("10-24 18:00", "10-24 20:00"), HoursClass::Awake);
    assert_eq!(class("10-24 18:00", "10-24 20:01"), HoursClass::Night);
    assert_eq!(class("10-25 06:00", "10-25 21:00"), HoursClass::Awake);
    assert_eq!(class("10-25 05:59", "10-25 21:00"), HoursClass::Night);
}

#[test]
fn a_shift_closer_than_the_rest_counts_and_one_that_overlaps_does_not() {
    let mut roster = with_a_gap(&["bo", "cy", "dee"]);
    roster.duty("builds", vec![], |builds| builds.headcount = Headcount::All);
    let add = |by: &str| crate::model::OverrideForm::Add { by: person(by) };
    // bo's shift ends 10 h before the gap, dee's 11 h before; cy's goes on all the time.
    roster.cover("bos", "builds", ("11-23 20:00", "11-24 00:00"), add("bo"));
    roster.cover("dees", "builds", ("11-23 19:00", "11-23 23:00"), add("dee"));
    roster.cover("cys", "builds", ("11-23 18:00", "11-24 18:00"), add("cy"));
    let found = ranked(&roster);
    assert_eq!(names(&found), ["dee", "cy", "bo"]);
    assert_eq!(found.iter().map(|stand_in| stand_in.rest_kept).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(found[1].other_duties, [duty_id("builds")]);
}

#[test]
fn a_shift_soon_after_the_gap_counts_against_rest_too() {
    let mut roster = with_a_gap(&["bo", "cy"]);
    roster.duty("builds", vec![("daily", turns(ShiftUnit::Days, &["cy", "bo"]))], |_| {});
    // 2026-11-24 is cy's turn; bo's begins 10 h after the gap ends, and another ended at midnight before.
    let found = ranked(&roster);
    assert_eq!(names(&found), ["cy", "bo"]);
    assert!(found[0].rest_kept && !found[1].rest_kept);
}

#[test]
fn the_load_of_28_days_is_compared_relative_to_capacity() {
    let mut roster = with_a_gap(&["zero", "half", "full"]);
    edit(&mut roster, "zero", |zero| zero.capacity_minutes = 0);
    edit(&mut roster, "half", |half| half.capacity_minutes = 20 * 60);
    roster.duty("builds", vec![], |builds| builds.headcount = Headcount::All);
    let add = |by: &str| crate::model::OverrideForm::Add { by: person(by) };
    roster.cover("fulls", "builds", ("11-16 00:00", "11-16 12:00"), add("full"));
    roster.cover("halfs", "builds", ("11-17 00:00", "11-17 08:00"), add("half"));
    // More than 28 days before: it does not count.
    roster.cover("old", "builds", ("10-20", "10-25"), add("full"));
    let found = ranked(&roster);
    assert_eq!(names(&found), ["full", "half", "zero"]);
    assert_eq!((found[0].load_seconds, found[0].load_ratio), (12 * 3_600, Some(0.075)));
    assert_eq!((found[1].load_seconds, found[1].load_ratio), (8 * 3_600, Some(0.1)));
    assert_eq!(found[2].load_ratio, None);
}

#[test]
fn the_skills_the_term_and_hard_time_off_decide_who_is_one() {
    let mut roster = with_a_gap(&["bo", "cy", "dee"]);
    let review = roster.team.duties.get_mut(&duty_id("review")).unwrap();
    let mut duty = review.versions.latest().unwrap().clone();
    duty.skills = vec!["rust".to_owned()];
    review.versions.set(at("11-01"), Made::default(), Some(duty), false).unwrap();
    for id in ["asa", "bo", "cy"] {
        edit(&mut roster, id, |resident| resident.skills = vec!["rust".to_owned()]);
    }
    edit(&mut roster, "bo", |bo| {
        bo.skills = vec!["rust".to_owned()];
        bo.term = Term { first: Some(Date::constant(2026, 11, 25)), last: None, zone: ZoneName::new("UTC") };
    });
    roster.time_off("open", "cy", Span::Instants { start: at("11-24 12:00"), end: None }, Effect::Hard);
    let found = ranked(&roster);
    assert_eq!(names(&found), ["cy"]);
    assert_eq!(found[0].covers, set(&[("11-24 10:00", "11-24 12:00")]));
}

#[test]
fn who_is_taken_off_is_none_unless_their_cover_cannot_be_there() {
    let mut roster = with_a_gap(&["bo", "cy"]);
    roster.take_off("free", "review", ("11-24 10:00", "11-24 12:00"), "bo");
    let found = ranked(&roster);
    assert_eq!(names(&found), ["cy", "bo"]);
    assert_eq!(found[1].covers, set(&[("11-24 12:00", "11-24 14:00")]));

    let mut roster = with_a_gap(&["bo", "cy"]);
    roster.duty("review", vec![("daily", turns(ShiftUnit::Days, &["cy"]))], |_| {});
    roster.replace("swap", "review", ("11-24 10:00", "11-24 14:00"), "asa", "cy");
    let found = ranked(&roster);
    assert_eq!(names(&found), ["cy", "bo"]);
    assert!(found[0].asked_first && !found[1].asked_first);
    assert!(found[0].reasons()[0].starts_with("asked first"));
}

#[test]
fn who_is_on_the_duty_already_is_none() {
    let mut roster = with_a_gap(&["bo"]);
    roster.duty("review", vec![("all", pool(&["bo"]))], |duty| {
        duty.requirements[0].headcount = Some(2);
    });
    assert_eq!(names(&ranked(&roster)), ["asa"]);
}

#[test]
fn a_team_of_one_has_no_stand_in_while_its_resident_is_away() {
    assert_eq!(ranked(&with_a_gap(&[])), []);
}

#[test]
fn who_joins_in_the_middle_of_a_gap_covers_the_rest_of_it() {
    let mut roster = with_a_gap(&["bo"]);
    let bo = roster.team.residents.get_mut(&person("bo")).unwrap();
    let value = bo.versions.latest().unwrap().clone();
    let version = crate::model::Version { from: at("11-24 13:00"), made: Made::default(), value: Some(value) };
    bo.versions = crate::model::Versions::from_list(vec![version]);
    let found = ranked(&roster);
    assert_eq!(found[0].covers, set(&[("11-24 13:00", "11-24 14:00")]));
    assert_eq!(found[0].load_ratio, Some(0.0));
}

#[test]
fn a_narrow_board_gives_the_same_answer() {
    let mut roster = with_a_gap(&["bo", "cy"]);
    roster.duty("builds", vec![("daily", turns(ShiftUnit::Days, &["bo", "cy", "cy"]))], |_| {});
    let window = during("11-24 09:00", "11-24 15:00");
    let review = timeline(&roster.team, &RULES, &duty_id("review"), window).unwrap();
    let narrow = Board::read(&roster.team, &RULES, window).unwrap();
    let wide = Board::read_for_stand_ins(&roster.team, &RULES, window).unwrap();
    let gap = &review.gaps()[0];
    assert_eq!(stand_ins(&narrow, gap).unwrap(), stand_ins(&wide, gap).unwrap());
}

#[test]
fn reasons_are_words_in_the_order_of_the_ranking() {
    let mut roster = with_a_gap(&["bo"]);
    roster.off("bos", "bo", "11-24 11:30", "11-24 14:00");
    roster.duty("builds", vec![("all", pool(&["bo"]))], |_| {});
    assert_eq!(
        ranked(&roster)[0].reasons(),
        [
            "can cover 1 h 30 min of 4 h",
            "within their working hours",
            "leaves less than 11 h of rest between shifts", // builds goes on when bo is back
            "is on builds at the same time",
            "on duty 28 d in the 28 days before, 420 % of their capacity",
        ],
    );
}

#[test]
fn whoever_a_rotation_passes_over_for_a_layer_of_its_own_is_ranked_like_the_others() {
    let mut roster = with_a_gap(&["bo"]);
    let shadowed = Layer { shadows: vec![person("bo")], when_absent: WhenAbsent::NextLayer, ..pool(&["asa"]) };
    let review = roster.team.duties.get_mut(&duty_id("review")).unwrap();
    let layer = review.layers.get_mut(&LayerId::new("all").unwrap()).unwrap();
    layer.set(at("11-01"), Made::default(), Some(shadowed), false).unwrap();
    assert_eq!(names(&ranked(&roster)), ["bo"]);
}
