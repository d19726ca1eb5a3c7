//! Each kind of surprise, and what is none.

use super::super::fixture::{RULES, Roster, at, during, duty_id, person, pool, turns, window};
use super::*;
use crate::civil::{Date, ShiftUnit, Weekdays};
use crate::model::{
    Effect, Hours, Layer, Made, OverrideForm, OverrideId, RequirementTime, Span, Term, Version, Versions, Windows,
    ZoneName,
};

/// Two weeks from Monday 2026-11-23.
fn found(roster: &Roster) -> Vec<Finding> {
    check(&roster.team, &RULES, during("11-23", "12-07")).unwrap()
}

type Short = (FindingKind, Option<FindingPart>, Option<ResidentId>, Option<Interval>);

fn short(roster: &Roster) -> Vec<Short> {
    let found = found(roster).into_iter();
    found.map(|finding| (finding.kind, finding.part, finding.resident, finding.interval)).collect()
}

fn layer(id: &str) -> Option<FindingPart> {
    Some(FindingPart::Layer(LayerId::new(id).unwrap()))
}

fn always() -> Option<FindingPart> {
    Some(FindingPart::Requirement(RequirementId::new("always").unwrap()))
}

fn until(last: Date, zone: &str) -> Term {
    Term { first: None, last: Some(last), zone: ZoneName::new(zone) }
}

fn review(layers: Vec<(&str, Layer)>) -> Roster {
    let mut roster = Roster::new();
    roster.residents(&["asa", "bo"]);
    roster.duty("review", layers, |_| {});
    roster
}

#[test]
fn a_sound_roster_has_no_findings() {
    let mut roster = review(vec![("weekly", turns(ShiftUnit::Weeks, &["asa", "bo"]))]);
    roster.replace("swap", "review", ("11-24", "11-25"), "asa", "bo");
    roster.time_off("ill", "asa", Span::Instants { start: at("11-26"), end: None }, Effect::Hard);
    assert_eq!(found(&roster), []);
}

#[test]
fn a_participant_is_out_of_term_from_the_end_of_their_last_day_where_it_is_stated() {
    let mut roster = review(vec![("weekly", turns(ShiftUnit::Weeks, &["asa", "bo"]))]);
    roster.resident("bo", |bo| bo.term = until(Date::constant(2026, 11, 25), "America/Los_Angeles"));
    let expected = during("11-26 08:00", "12-07");
    assert_eq!(short(&roster), [(FindingKind::OutOfTerm, layer("weekly"), Some(person("bo")), Some(expected))]);
}

#[test]
fn a_shadow_and_a_member_who_joins_later_are_out_of_term_too() {
    let mut roster = review(vec![("all", Layer { shadows: vec![person("cy")], ..pool(&["asa", "dee"]) })]);
    roster.resident("cy", |cy| cy.term = until(Date::constant(2026, 11, 1), "UTC"));
    roster.resident("dee", |dee| dee.term.first = Some(Date::constant(2026, 12, 1)));
    let kind = FindingKind::OutOfTerm;
    assert_eq!(
        short(&roster),
        [
            (kind, layer("all"), Some(person("dee")), Some(during("11-23", "12-01"))),
            (kind, layer("all"), Some(person("cy")), Some(during("11-23", "12-07"))),
        ],
    );
}

#[test]
fn a_layer_that_a_planned_version_corrects_is_wrong_until_then() {
    let mut roster = review(vec![("all", pool(&["asa", "bo"]))]);
    roster.resident("bo", |bo| bo.term = until(Date::constant(2026, 11, 24), "UTC"));
    let review = roster.team.duties.get_mut(&duty_id("review")).unwrap();
    let all = review.layers.get_mut(&LayerId::new("all").unwrap()).unwrap();
    all.set(at("11-25"), Made::default(), Some(pool(&["asa"])), false).unwrap();
    assert_eq!(found(&roster), []);
}

#[test]
fn nobody_without_working_hours_counts_in_a_layer_that_asks_for_them() {
    let working = Layer { hours: Hours::Working, ..pool(&["asa", "bo"]) };
    let mut roster = review(vec![("office", working), ("any", pool(&["asa", "bo"]))]);
    roster.resident("bo", |bo| bo.working_hours = Vec::new());
    let whole = Some(during("11-23", "12-07"));
    assert_eq!(short(&roster), [(FindingKind::NoWorkingHours, layer("office"), Some(person("bo")), whole)]);
}

#[test]
fn an_override_for_somebody_without_a_slot_is_idle_and_one_that_counts_for_a_while_is_not() {
    // asa has the week of 2026-11-30, bo that of 2026-11-23.
    let mut roster = review(vec![("weekly", turns(ShiftUnit::Weeks, &["asa", "bo"]))]);
    roster.residents(&["cy"]);
    roster.replace("none", "review", ("11-30", "12-02"), "cy", "bo");
    roster.replace("some", "review", ("11-20", "12-02"), "cy", "bo");
    let found = found(&roster);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].object, ObjectKey::Override(OverrideId::new("none").unwrap()));
    assert_eq!((found[0].resident.clone(), found[0].interval), (Some(person("bo")), Some(during("11-30", "12-02"))));
}

#[test]
fn an_override_that_counted_before_the_window_is_not_idle() {
    let mut roster = review(vec![("weekly", turns(ShiftUnit::Weeks, &["asa", "bo"]))]);
    roster.take_off("free", "review", ("11-18", "11-24"), "asa");
    assert_eq!(found(&roster), []);
}

#[test]
fn an_override_whose_cover_cannot_be_there_or_is_there_already_is_idle() {
    let mut roster = review(vec![("all", pool(&["asa", "bo"]))]);
    roster.residents(&["cy"]);
    roster.time_off("ill", "cy", Span::Instants { start: at("11-20"), end: None }, Effect::Hard);
    roster.replace("away", "review", ("11-24", "11-25"), "cy", "asa");
    roster.replace("twice", "review", ("11-26", "11-27"), "asa", "bo");
    let texts: Vec<String> = found(&roster).into_iter().map(|finding| finding.text).collect();
    assert_eq!(
        texts,
        [
            "override 'away' ('cy' for 'asa') does nothing: 'cy' cannot be there: they are away; change or remove it",
            "override 'twice' ('asa' for 'bo') does nothing: 'asa' stands in a better place of 'review' already; \
             change or remove it",
        ],
    );
}

#[test]
fn an_override_of_a_duty_that_has_ended_is_idle() {
    let mut roster = review(vec![("all", pool(&["asa"]))]);
    roster.cover("late", "review", ("11-24", "11-25"), OverrideForm::Add { by: person("bo") });
    let review = roster.team.duties.get_mut(&duty_id("review")).unwrap();
    review.versions.set(at("11-01"), Made::default(), None, false).unwrap();
    let found = found(&roster);
    assert_eq!(found.len(), 1);
    assert!(found[0].text.contains("'review' is not in effect then"));
}

#[test]
fn a_duty_whose_skills_nobody_has_cannot_be_held() {
    let mut roster = review(vec![("all", pool(&["asa"]))]);
    roster.duty("review", vec![("all", pool(&["asa"]))], |review| review.skills = vec!["rust".to_owned()]);
    let whole = Some(during("11-23", "12-07"));
    assert_eq!(short(&roster), [(FindingKind::UnholdableDuty, None, None, whole)]);
    assert!(found(&roster)[0].text.starts_with("nobody in term has the skills"));
    roster.resident("bo", |bo| bo.skills = vec!["rust".to_owned()]);
    assert!(found(&roster)[0].text.starts_with("nobody in the layers of 'review'"));
}

#[test]
fn when_the_only_resident_leaves_the_duty_can_no_longer_be_held() {
    let mut roster = Roster::new();
    roster.resident("asa", |asa| asa.term = until(Date::constant(2026, 11, 29), "UTC"));
    roster.duty("review", vec![("all", pool(&["asa"]))], |_| {});
    let rest = Some(during("11-30", "12-07"));
    assert_eq!(
        short(&roster),
        [
            (FindingKind::UnholdableDuty, None, None, rest),
            (FindingKind::OutOfTerm, layer("all"), Some(person("asa")), rest),
        ],
    );
}

#[test]
fn required_time_outside_the_windows_of_all_layers_is_out_of_reach() {
    let limited = |zone: &str| {
        let windows = vec![window("w", Weekdays::ALL, "00:00", "02:00"), window("x", Weekdays::ALL, "03:00", "24:00")];
        Layer { windows: Some(Windows { zone: ZoneName::new(zone), windows }), ..pool(&["asa"]) }
    };
    let roster = review(vec![("most", limited("Europe/Warsaw"))]);
    let first = Some(during("11-23 01:00", "11-23 02:00"));
    assert_eq!(short(&roster), [(FindingKind::UnreachedRequirement, always(), None, first)]);
    // The hour that is left out does not exist in the night in which the clocks go forward.
    let jump = check(&roster.team, &RULES, during("03-28 12:00", "03-29 12:00")).unwrap();
    assert_eq!(jump, []);
}

#[test]
fn layers_that_hand_over_to_each_other_reach_everything_and_one_without_people_nothing() {
    let limited = |start: &str, end: &str| {
        let windows = vec![window("w", Weekdays::ALL, start, end)];
        Layer { windows: Some(Windows { zone: ZoneName::new("Asia/Tokyo"), windows }), ..pool(&["asa"]) }
    };
    assert_eq!(found(&review(vec![("day", limited("08:00", "20:00")), ("night", limited("20:00", "08:00"))])), []);
    let mut roster = review(vec![("all", pool(&[]))]);
    let whole = Some(during("11-23", "12-07"));
    assert_eq!(short(&roster), [(FindingKind::UnreachedRequirement, always(), None, whole)]);
    roster.duty("review", vec![], |review| {
        review.requirements[0].time = RequirementTime::Windows(vec![window("w", Weekdays::WORKING, "09:00", "17:00")]);
    });
    let first = Some(during("11-23 09:00", "11-23 17:00"));
    assert_eq!(short(&roster), [(FindingKind::UnreachedRequirement, always(), None, first)]);
}

#[test]
fn a_resident_whom_a_later_version_ends_is_out_of_term_from_then_on() {
    let mut roster = review(vec![("all", pool(&["asa", "bo"]))]);
    let bo = roster.team.residents.get_mut(&person("bo")).unwrap();
    let mut list = bo.versions.list().to_vec();
    list.push(Version { from: at("11-27"), made: Made::default(), value: None });
    bo.versions = Versions::from_list(list);
    let rest = Some(during("11-27", "12-07"));
    assert_eq!(short(&roster), [(FindingKind::OutOfTerm, layer("all"), Some(person("bo")), rest)]);
}
