//! Swaps on small teams: asa, bo and cy take turns of a day from Monday 11-02.

use super::super::fixture::{RULES, Roster, at, during, duty_id, person, pool, set, turns};
use super::super::timeline::timeline;
use super::*;
use crate::civil::{Date, ShiftUnit};
use crate::engine::ConflictKind;
use crate::model::{
    Entered, Made, Meta, Object, Origin, OverrideForm, OverrideId, SwapAnswer, SwapOutcome, Term, WhenAbsent, ZoneName,
};

fn roster() -> Roster {
    let mut roster = Roster::new();
    roster.residents(&["asa", "bo", "cy", "dee"]);
    roster.duty("review", vec![("daily", turns(ShiftUnit::Days, &["asa", "bo", "cy"]))], |_| {});
    roster
}

/// The part of `who`'s shift on `duty` that these times are.
fn part(roster: &Roster, duty: &str, who: &str, start: &str, end: &str) -> SwapPart {
    let found = timeline(&roster.team, &RULES, &duty_id(duty), during(start, end)).unwrap();
    let shift = found.shifts().iter().find(|shift| shift.resident == person(who)).unwrap();
    swap_part(roster.team.identities(), shift, during(start, end)).unwrap()
}

/// Asa asks that somebody take over her afternoon of 11-05.
fn afternoon(roster: &Roster, asks: Option<&str>) -> Swap {
    Swap {
        asked_by: person("asa"),
        asked: part(roster, "review", "asa", "11-05 12:00", "11-05 18:00"),
        asks: asks.map(person),
        in_return: None,
        message: String::new(),
        expires: at("11-05 12:00"),
        answer: None,
    }
}

/// Asa's 11-05 for bo's 11-06.
fn exchange(roster: &Roster) -> Swap {
    Swap {
        asked: part(roster, "review", "asa", "11-05", "11-06"),
        in_return: Some(part(roster, "review", "bo", "11-09", "11-10")),
        expires: at("11-05"),
        ..afternoon(roster, Some("bo"))
    }
}

fn standing(roster: &Roster, swap: &Swap) -> SwapStanding {
    swap_standing(&roster.team, &RULES, swap, at("11-04")).unwrap()
}

fn void(roster: &Roster, swap: &Swap) -> String {
    match standing(roster, swap) {
        SwapStanding::Void(reason) => reason.words(|_| true),
        other => panic!("{other:?}"),
    }
}

/// Accepts a swap, as the service does.
fn accepted(roster: &Roster, swap: &Swap, by: &str, now: &str) -> Roster {
    let number = roster.team.swaps.len() + 1;
    let made = swap_overrides(&roster.team, &RULES, swap, &person(by), at(now)).unwrap().unwrap();
    let (mut team, id) = (roster.team.clone(), SwapId::new(&format!("swap-{number}")).unwrap());
    team.revision += 1;
    let meta = |position| {
        let (made, time) = (Made { revision: team.revision, position }, at(now));
        Meta { created: made, create_time: time, updated: made, update_time: time, origin: Origin::Entered }
    };
    let mut ids = Vec::new();
    let mut objects = Vec::new();
    for (position, value) in (0..).zip(made) {
        let override_id = OverrideId::new(&format!("override-{number}-{position}")).unwrap();
        let value = crate::model::Override { swap: Some(id.clone()), ..value };
        ids.push(override_id.clone());
        objects.push(Object::Override(override_id, Entered { meta: meta(position), value }));
    }
    let outcome = SwapOutcome::Accepted { by: person(by), overrides: ids };
    let answer = Some(SwapAnswer { outcome, time: at(now), actor: "bo".to_owned() });
    objects.push(Object::Swap(id, Entered { meta: meta(9), value: Swap { answer, ..swap.clone() } }));
    objects.into_iter().for_each(|object| team.put(object));
    Roster { team }
}

/// Who is on review when, as `asa 11-05T00..`.
fn on_review(roster: &Roster, who: &str) -> IntervalSet {
    let found = timeline(&roster.team, &RULES, &duty_id("review"), during("11-05", "11-10")).unwrap();
    let theirs = found.shifts().iter().filter(|shift| shift.resident == person(who));
    theirs.map(|shift| shift.interval).collect()
}

#[test]
fn an_open_swap_expires_and_an_answer_is_the_answer() {
    let roster = roster();
    let swap = afternoon(&roster, None);
    assert_eq!(standing(&roster, &swap), SwapStanding::Open);
    let at_noon = swap_standing(&roster.team, &RULES, &swap, at("11-05 12:00")).unwrap();
    assert_eq!(at_noon, SwapStanding::Expired);
    let answer = |outcome| Some(SwapAnswer { outcome, time: at("11-04"), actor: String::new() });
    let declined = Swap { answer: answer(SwapOutcome::Declined), ..swap };
    assert_eq!(standing(&roster, &declined), SwapStanding::Declined);
}

#[test]
fn a_cover_gives_exactly_the_asked_time() {
    let roster = roster();
    let after = accepted(&roster, &afternoon(&roster, Some("dee")), "dee", "11-04");
    assert_eq!(on_review(&after, "dee"), set(&[("11-05 12:00", "11-05 18:00")]));
    assert_eq!(
        on_review(&after, "asa"),
        set(&[("11-05", "11-05 12:00"), ("11-05 18:00", "11-06"), ("11-08", "11-09")])
    );
}

#[test]
fn an_exchange_goes_both_ways_and_both_are_settled() {
    let roster = roster();
    let after = accepted(&roster, &exchange(&roster), "bo", "11-04");
    assert_eq!(on_review(&after, "bo"), set(&[("11-05", "11-07")]));
    let window = during("11-01", "11-20");
    let board = Board::read(&after.team, &RULES, window).unwrap();
    let settled: Vec<_> = settled(&board, window).unwrap();
    let told: Vec<_> = settled.iter().map(|it| (it.covered.as_str(), it.by.as_str(), it.interval)).collect();
    assert_eq!(told, [("asa", "bo", during("11-05", "11-06")), ("bo", "asa", during("11-09", "11-10"))]);
}

#[test]
fn what_was_undone_or_did_nothing_is_not_settled() {
    let roster = roster();
    let mut after = accepted(&roster, &exchange(&roster), "bo", "11-04");
    after.off("ill", "bo", "11-05 12:00", "11-05 15:00");
    let window = during("11-01", "11-20");
    let parts = |roster: &Roster| {
        let board = Board::read(&roster.team, &RULES, window).unwrap();
        settled(&board, window).unwrap().into_iter().map(|it| it.interval).collect::<Vec<_>>()
    };
    let worked = [during("11-05", "11-05 12:00"), during("11-05 15:00", "11-06"), during("11-09", "11-10")];
    assert_eq!(parts(&after), worked);
    after.team.overrides.remove(&OverrideId::new("override-1-1").unwrap());
    assert_eq!(parts(&after), worked[..2]);
}

#[test]
fn a_shift_that_others_cut_stays_what_was_asked() {
    let roster = roster();
    let morning = Swap {
        asked: part(&roster, "review", "asa", "11-05", "11-05 06:00"),
        expires: at("11-05"),
        ..afternoon(&roster, Some("dee"))
    };
    let cut = accepted(&roster, &morning, "dee", "11-04");
    // The afternoon lies in another shift now, of the same slot.
    assert_eq!(standing(&cut, &afternoon(&roster, Some("dee"))), SwapStanding::Open);
}

#[test]
fn what_has_begun_when_it_is_asked_is_covered_for_what_is_left() {
    let roster = roster();
    let swap = Swap { expires: at("11-05 18:00"), ..afternoon(&roster, Some("dee")) };
    let after = accepted(&roster, &swap, "dee", "11-05 14:30");
    assert_eq!(on_review(&after, "dee"), set(&[("11-05 14:30", "11-05 18:00")]));
    assert_eq!(swap.latest(at("11-05 12:00")), at("11-05 18:00"));
    assert_eq!(swap.latest(at("11-05 11:59")), at("11-05 12:00"));
}

#[test]
fn a_stand_in_hands_on_the_slot_of_whom_they_stand_in_for() {
    let mut roster = roster();
    let mut layer = turns(ShiftUnit::Days, &["asa", "bo", "cy"]);
    layer.when_absent = WhenAbsent::NextParticipant;
    roster.duty("review", vec![("daily", layer)], |_| {});
    roster.off("ill", "asa", "11-05", "11-06");
    let swap = Swap {
        asked_by: person("bo"),
        asked: part(&roster, "review", "bo", "11-05 12:00", "11-05 18:00"),
        ..afternoon(&self::roster(), Some("dee"))
    };
    let made = swap_overrides(&roster.team, &RULES, &swap, &person("dee"), at("11-04")).unwrap().unwrap();
    let forms: Vec<_> = made.into_iter().map(|entry| entry.form).collect();
    assert_eq!(forms, [OverrideForm::Replace { by: person("dee"), owner: person("asa") }]);
}

#[test]
fn a_pool_keeps_everybody_else_in_place() {
    let mut roster = roster();
    roster.duty("review", vec![("all", pool(&["asa", "bo", "cy"]))], |review| {
        review.headcount = crate::model::Headcount::Count(2);
    });
    let after = accepted(&roster, &afternoon(&roster, Some("dee")), "dee", "11-04");
    assert_eq!(on_review(&after, "bo"), on_review(&roster, "bo"));
    assert_eq!(on_review(&after, "cy"), set(&[]));
    // Cy would come up from standby, so nothing but cy's taking over does it.
    let cy = accepted(&roster, &afternoon(&roster, Some("cy")), "cy", "11-04");
    assert_eq!(on_review(&cy, "cy"), set(&[("11-05 12:00", "11-05 18:00")]));
}

#[test]
fn a_swap_is_void_once_the_shift_is_somebody_elses_or_the_duty_is_over() {
    let mut roster = roster();
    let swap = afternoon(&roster, Some("dee"));
    roster.replace("other", "review", ("11-05 13:00", "11-05 14:00"), "cy", "asa");
    assert_eq!(void(&roster, &swap), "'asa' does not have the shift on 'review' any more; 'cy' has it");
    roster.off("ill", "asa", "11-05 13:00", "11-05 14:00");
    roster.team.overrides.clear();
    assert_eq!(
        void(&roster, &swap),
        "the shift of 'asa' on 'review' is at another time now: from 2026-11-05T00:00:00Z to 2026-11-05T13:00:00Z"
    );
    roster.off("ill", "asa", "11-05", "11-06");
    assert_eq!(void(&roster, &swap), "'asa' has no such shift on 'review' any more");
    let review = roster.team.duties.get_mut(&duty_id("review")).unwrap();
    review.versions.set(at("11-05"), Made::default(), None, false).unwrap();
    assert_eq!(void(&roster, &swap), "'review' is no duty any more at that time");
}

#[test]
fn a_swap_is_void_as_long_as_whoever_is_asked_cannot() {
    let mut roster = roster();
    let swap = afternoon(&roster, Some("dee"));
    roster.off("ill", "dee", "11-05 17:00", "11-05 19:00");
    assert_eq!(void(&roster, &swap), "'dee' is away then");
    roster.team.time_off.clear();
    assert_eq!(standing(&roster, &swap), SwapStanding::Open);
    roster.resident("dee", |dee| {
        dee.term = Term { first: None, last: Some(Date::constant(2026, 11, 1)), zone: ZoneName::new("UTC") };
    });
    assert_eq!(void(&roster, &swap), "'dee' is out of term then");
    let SwapStanding::Void(reason) = standing(&roster, &swap) else { panic!("not void") };
    assert_eq!(reason.words(|_| false), "'dee' is away then");
    // Who is not asked by name does not matter before they accept.
    assert_eq!(standing(&roster, &afternoon(&roster, None)), SwapStanding::Open);
}

#[test]
fn an_exchange_is_void_once_what_is_given_in_return_cannot_be() {
    let mut roster = roster();
    let swap = exchange(&roster);
    assert_eq!(standing(&roster, &swap), SwapStanding::Open);
    roster.off("wedding", "asa", "11-09 12:00", "11-09 13:00");
    assert_eq!(void(&roster, &swap), "'asa' is away then");
    roster.team.time_off.clear();
    roster.replace("other", "review", ("11-09", "11-10"), "cy", "bo");
    assert_eq!(void(&roster, &swap), "'bo' does not have the shift on 'review' any more; 'cy' has it");
}

#[test]
fn an_exchange_of_neighboring_days_minds_no_rest_that_is_handed_over() {
    let roster = roster();
    let swap = Swap { in_return: Some(part(&roster, "review", "bo", "11-06", "11-07")), ..exchange(&roster) };
    let found = swap_conflicts(&roster.team, &RULES, &swap, &person("bo"), at("11-04")).unwrap();
    assert_eq!(found, []);
    let alone = Swap { in_return: None, ..swap };
    let kinds = swap_conflicts(&roster.team, &RULES, &alone, &person("bo"), at("11-04")).unwrap();
    assert_eq!(
        kinds.into_iter().map(|(_, it)| it.kind).collect::<Vec<_>>(),
        [ConflictKind::Rest { hours: 11, before: false, after: true }]
    );
}

#[test]
fn what_is_passed_on_is_owed_by_each_to_the_next() {
    let roster = roster();
    let first = accepted(&roster, &afternoon(&roster, Some("dee")), "dee", "11-04");
    let second = Swap {
        asked_by: person("dee"),
        asked: part(&first, "review", "dee", "11-05 14:00", "11-05 18:00"),
        ..afternoon(&roster, Some("cy"))
    };
    let after = accepted(&first, &second, "cy", "11-04");
    let window = during("11-01", "11-20");
    let board = Board::read(&after.team, &RULES, window).unwrap();
    let settled = settled(&board, window).unwrap();
    let told: Vec<_> = settled.iter().map(|it| (it.covered.as_str(), it.by.as_str(), it.interval)).collect();
    let all = during("11-05 12:00", "11-05 18:00");
    assert_eq!(told, [("asa", "dee", all), ("dee", "cy", during("11-05 14:00", "11-05 18:00"))]);
}
