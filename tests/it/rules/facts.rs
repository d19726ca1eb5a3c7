//! The oracle itself: each clause of semantics 1 to 4 as a fact about a roster written by hand.
//!
//! A listing is written `asa@l1#4!o2 +bo ~cy /1`: asa on duty in turn 4 of layer `l1`, put there by override `o2`; bo
//! standby; cy a shadow; one required. A pool's slot is `l1.asa`, an override's `o1`, a window's `l1#4(1 2026-03-06)`.

use onduty::engine::{Listing, Slot};

use super::build::Build;
use super::oracle;
use super::terse::{duty, instant, rules};

/// Writes a listing on one line.
pub fn shown(listing: Option<&Listing>) -> String {
    let Some(listing) = listing else { return "not in effect".to_owned() };
    let places = listing.on_duty.iter().map(|place| {
        let by = place.by_override.as_ref().map_or(String::new(), |id| format!("!{id}"));
        format!("{}@{}{by}", place.resident, slot_shown(&place.slot))
    });
    let standby = listing.standby.iter().map(|id| format!("+{id}"));
    let shadows = listing.shadows.iter().map(|id| format!("~{id}"));
    let required = Some(listing.required).filter(|required| *required > 0).map(|required| format!("/{required}"));
    let parts: Vec<String> = places.chain(standby).chain(shadows).chain(required).collect();
    if parts.is_empty() { "nobody".to_owned() } else { parts.join(" ") }
}

/// Writes a slot short.
pub fn slot_shown(slot: &Slot) -> String {
    let (name, window) = match slot {
        Slot::Override(id) => (id.to_string(), &None),
        Slot::Turn { layer, turn, window, .. } => (format!("{layer}#{turn}"), window),
        Slot::Member { layer, member, window } => (format!("{layer}.{member}"), window),
    };
    window.as_ref().map_or(name.clone(), |(id, day)| format!("{name}({id} {day})"))
}

#[track_caller]
fn check(build: &Build, expected: &[(&str, &str)]) {
    for (at, expected) in expected {
        let t = instant(at, build.zone());
        let listing = oracle::at(build.team(), rules(), &duty("d"), t);
        assert_eq!(shown(listing.as_ref()), *expected, "at {at}");
    }
}

fn warsaw() -> Build {
    Build::new("Europe/Warsaw").residents("asa bo cy").duty("d")
}

/// asa's week from 2026-03-02, then bo's, then cy's.
fn weekly() -> Build {
    warsaw().weekly("asa bo cy", "2026-03-02 09:00")
}

#[test]
fn a_duty_is_in_effect_from_its_first_version_to_its_end() {
    let build = Build::new("UTC").resident("asa").since("2026-03-02 00:00").duty("d").pool("asa");
    let build = build.since("2026-03-04 00:00").ends();
    let expected = [
        ("2026-03-01 23:59:59", "not in effect"),
        ("2026-03-02 00:00", "asa@l1.asa"),
        ("2026-03-04 00:00", "not in effect"),
    ];
    check(&build, &expected);
    assert_eq!(oracle::at(build.team(), rules(), &duty("other"), instant("2026-03-03 00:00", "UTC")), None);
}

#[test]
fn turns_go_by_the_wall_clock_from_the_anchor_on() {
    let expected = [
        ("2026-03-12 12:00", "bo@l1#1"),
        ("2026-04-02 12:00", "bo@l1#4"),
        ("2026-03-30T06:59:59Z", "asa@l1#3"),
        ("2026-03-30T07:00:00Z", "bo@l1#4"),
        ("2026-03-02 08:59:59", "cy@l1#-1"),
    ];
    check(&weekly(), &expected);
}

#[test]
fn edited_participants_wait_for_the_next_boundary_and_a_new_grid_for_its_first() {
    let order = weekly().since("2026-03-11 12:00").edit_layer(|layer| {
        let onduty::model::Source::Rotation(rotation) = &mut layer.source else { panic!() };
        rotation.participants = super::terse::people("asa dan bo cy");
    });
    let order = order.resident("dan");
    let weeks = [
        ("03-15", "bo@l1#1"),
        ("03-17", "cy@l1#2"),
        ("03-24", "asa@l1#3"),
        ("03-31", "dan@l1#4"),
        ("04-07", "bo@l1#5"),
    ];
    for (day, expected) in weeks {
        check(&order, &[(&format!("2026-{day} 12:00"), expected)]);
    }
    let grid = weekly().since("2026-03-11 12:00").edit_layer(|layer| {
        let onduty::model::Source::Rotation(rotation) = &mut layer.source else { panic!() };
        rotation.length = onduty::civil::ShiftLength::new(2, onduty::civil::ShiftUnit::Weeks).unwrap();
        rotation.anchor = super::terse::local("2026-03-23 09:00");
    });
    check(
        &grid,
        &[("2026-03-23 08:59:59", "bo@l1#1"), ("2026-03-23 09:00", "cy@l1#0"), ("2026-04-06 09:00", "asa@l1#1")],
    );
}

#[test]
fn a_term_is_whole_days_with_the_last_included() {
    let build = Build::new("Europe/Warsaw").resident("asa").term("2026-03-28..2026-03-29").duty("d").pool("asa");
    let expected = [
        ("2026-03-27 23:59:59", "nobody"),
        ("2026-03-28 00:00", "asa@l1.asa"),
        ("2026-03-29 23:59:59", "asa@l1.asa"),
        ("2026-03-30 00:00", "nobody"),
    ];
    check(&build, &expected);
}

#[test]
fn whoever_left_the_team_or_lacks_a_skill_is_not_drawn() {
    let build = Build::new("UTC").resident("asa").skilled("rust").resident("bo").skilled("rust c").resident("cy");
    let build = build.duty("d").everybody().needs("rust").pool("asa bo cy");
    let build = build.since("2026-03-03 00:00").resident("bo").leaves();
    check(&build, &[("2026-03-02 12:00", "asa@l1.asa bo@l1.bo"), ("2026-03-03 00:00", "asa@l1.asa")]);
}

#[test]
fn time_off_may_recur_stay_open_and_end_early() {
    let build = Build::new("Europe/Warsaw").resident("asa").duty("d").pool("asa");
    let fridays = build.clone().off("asa", "2026-03-20 08:00..2026-03-20 20:00").every("FREQ=WEEKLY");
    let expected = [
        ("2026-03-27T07:00:00Z", "nobody"),
        ("2026-03-28T12:00:00Z", "asa@l1.asa"),
        ("2026-04-03T05:59:59Z", "asa@l1.asa"),
        ("2026-04-03T06:00:00Z", "nobody"),
    ];
    check(&fridays, &expected);
    let back = fridays.back("2026-03-27 08:00", "2026-03-27 12:00");
    check(&back, &[("2026-03-27 11:59", "nobody"), ("2026-03-27 12:00", "asa@l1.asa"), ("2026-04-03 12:00", "nobody")]);
    check(&build.off("asa", "2026-03-20.."), &[("2026-03-19 23:59", "asa@l1.asa"), ("2031-01-01 00:00", "nobody")]);
}

#[test]
fn holidays_are_hard_time_off_on_days_of_the_residents_own_zone() {
    let build = Build::new("UTC").holidays("pl", "2026-05-01").resident("asa").lives_in("Asia/Tokyo").keeps("pl");
    let build = build.duty("d").pool("asa");
    let expected = [
        ("2026-04-30T14:59:59Z", "asa@l1.asa"),
        ("2026-04-30T15:00:00Z", "nobody"),
        ("2026-05-01T15:00:00Z", "asa@l1.asa"),
    ];
    check(&build, &expected);
}

#[test]
fn working_hours_count_where_the_layer_says_so_and_move_with_the_resident() {
    let build = Build::new("Europe/Warsaw").resident("asa").works("mon-fri 09:00-17:00");
    let build = build.elsewhere("asa", "Asia/Tokyo", "2026-06-08..2026-06-12").duty("d").pool("asa").at_work();
    let expected = [
        ("2026-06-02T07:00:00Z", "asa@l1.asa"),
        ("2026-06-09T00:00:00Z", "asa@l1.asa"),
        ("2026-06-09T08:00:00Z", "nobody"),
        ("2026-06-09T14:00:00Z", "nobody"),
        ("2026-06-06T10:00:00Z", "nobody"),
    ];
    check(&build, &expected);
}

#[test]
fn of_two_elsewheres_the_later_start_holds_and_of_equal_starts_the_later_made() {
    let build = Build::new("UTC").resident("asa").works("daily 09:00-10:00").duty("d").pool("asa").at_work();
    let later_start = build.clone().elsewhere("asa", "Asia/Tokyo", "2026-06-09T00:00:00Z..2026-06-11T00:00:00Z");
    let later_start = later_start.elsewhere("asa", "Asia/Kolkata", "2026-06-08T00:00:00Z..2026-06-11T00:00:00Z");
    check(&later_start, &[("2026-06-10T00:30:00Z", "asa@l1.asa"), ("2026-06-10T04:00:00Z", "nobody")]);
    check(&later_start, &[("2026-06-08T04:00:00Z", "asa@l1.asa")]);
    let later_made = build.elsewhere("asa", "Asia/Tokyo", "2026-06-08T00:00:00Z..2026-06-11T00:00:00Z");
    let later_made = later_made.elsewhere("asa", "Asia/Kolkata", "2026-06-08T00:00:00Z..2026-06-11T00:00:00Z");
    check(&later_made, &[("2026-06-10T00:30:00Z", "nobody"), ("2026-06-10T04:00:00Z", "asa@l1.asa")]);
}

#[test]
fn the_first_of_the_five_steps_that_finds_somebody_counts() {
    let bo_sick = weekly().off("bo", "2026-03-12");
    check(&bo_sick, &[("2026-03-12 12:00", "nobody")]);
    let next = bo_sick.next_participant();
    check(&next.clone().off("cy", "2026-03-12"), &[("2026-03-12 12:00", "asa@l1#1")]);
    check(&next.clone(), &[("2026-03-12 12:00", "cy@l1#1 +asa")]);
    check(&next.clone().soft("cy", "2026-03-12"), &[("2026-03-12 12:00", "asa@l1#1 +cy")]);
    let out_of_term = next.soft("cy", "2026-03-12").resident("asa").term("2026-03-20..");
    check(&out_of_term, &[("2026-03-12 12:00", "cy@l1#1")]);
    let soft = weekly().next_participant().soft("bo", "2026-03-12");
    check(&soft, &[("2026-03-12 12:00", "cy@l1#1 +asa")]);
    check(&soft.off("cy", "2026-03-12").off("asa", "2026-03-12"), &[("2026-03-12 12:00", "bo@l1#1")]);
}

#[test]
fn a_pool_lists_all_its_members_with_those_softly_off_behind_the_rest() {
    let build = warsaw().headcount(2).pool("asa bo cy").soft("asa", "2026-03-12");
    check(&build, &[("2026-03-11 12:00", "asa@l1.asa bo@l1.bo +cy"), ("2026-03-12 12:00", "bo@l1.bo cy@l1.cy +asa")]);
}

#[test]
fn whoever_an_earlier_layer_lists_is_not_drawn_by_a_later_one() {
    let build = weekly().daily("bo asa", "2026-03-02 09:00").next_participant().everybody();
    // On the 12th it is bo's week and bo's day.
    check(&build, &[("2026-03-12 12:00", "bo@l1#1 asa@l2#10")]);
}

#[test]
fn those_softly_off_go_behind_later_layers_too() {
    let build = weekly().pool("cy asa").everybody().soft("bo", "2026-03-12");
    check(&build, &[("2026-03-12 12:00", "cy@l2.cy asa@l2.asa bo@l1#1")]);
}

#[test]
fn an_added_resident_has_a_slot_ahead_of_all_layers_the_later_made_first() {
    let build = weekly().everybody().covers("asa", "2026-03-12").covers("cy", "2026-03-12");
    check(&build, &[("2026-03-12 12:00", "cy@o2!o2 asa@o1!o1 bo@l1#1")]);
    check(&build.off("cy", "2026-03-12"), &[("2026-03-12 12:00", "asa@o1!o1 bo@l1#1")]);
}

#[test]
fn b_for_a_changes_the_slot_that_is_as_whether_a_is_absent_or_not() {
    let build = weekly().next_participant().covers_for("asa", "bo", "2026-03-12 10:00..2026-03-12 14:00");
    let expected = [
        ("2026-03-12 09:59", "bo@l1#1 +cy"),
        ("2026-03-12 10:00", "asa@l1#1!o1 +cy"),
        ("2026-03-12 14:00", "bo@l1#1 +cy"),
    ];
    check(&build, &expected);
    let pool = warsaw().headcount(2).pool("asa bo").covers_for("cy", "asa", "2026-03-12");
    check(&pool, &[("2026-03-12 12:00", "cy@l1.asa!o1 bo@l1.bo")]);
}

#[test]
fn a_stand_in_passes_the_slot_on_by_its_owner() {
    let build = weekly().next_participant().off("bo", "2026-03-12");
    check(&build.clone().covers_for("asa", "cy", "2026-03-12"), &[("2026-03-12 12:00", "asa@l1#1")]);
    check(&build.covers_for("asa", "bo", "2026-03-12"), &[("2026-03-12 12:00", "asa@l1#1!o1 +cy")]);
}

#[test]
fn a_off_leaves_the_slot_to_nobody_and_keeps_a_from_standby() {
    let build = weekly().next_participant().takes_off("bo", "2026-03-12");
    check(&build, &[("2026-03-12 12:00", "+cy")]);
    let idle = weekly().next_participant().takes_off("cy", "2026-03-12");
    check(&idle, &[("2026-03-12 12:00", "bo@l1#1 +asa")]);
}

#[test]
fn of_two_overrides_for_one_slot_the_later_made_holds_and_the_one_before_does_not_come_back() {
    let build = weekly().covers_for("asa", "bo", "2026-03-12").covers_for("cy", "bo", "2026-03-12");
    check(&build, &[("2026-03-12 12:00", "cy@l1#1!o2")]);
    check(&build.off("cy", "2026-03-12"), &[("2026-03-12 12:00", "nobody")]);
}

#[test]
fn whoever_covers_has_consented_but_must_be_in_term_and_not_on_hard_time_off() {
    let build = Build::new("Europe/Warsaw").residents("asa bo").resident("cy").works("mon 09:00-10:00").duty("d");
    let build =
        build.needs("rust").pool("asa").at_work().covers_for("cy", "asa", "2026-03-12").soft("cy", "2026-03-12");
    check(&build, &[("2026-03-12 12:00", "cy@l1.asa!o1")]);
    check(&build.clone().off("cy", "2026-03-12"), &[("2026-03-12 12:00", "nobody")]);
    check(&build.resident("cy").term("..2026-03-11"), &[("2026-03-12 12:00", "nobody")]);
}

#[test]
fn where_b_is_prevented_a_turn_is_filled_without_a_and_a_members_place_stays_empty() {
    let build = weekly().next_participant().covers_for("cy", "bo", "2026-03-12").off("cy", "2026-03-12");
    check(&build, &[("2026-03-12 12:00", "asa@l1#1")]);
    let next_layer = weekly().covers_for("cy", "bo", "2026-03-12").off("cy", "2026-03-12").pool("asa bo");
    check(&next_layer, &[("2026-03-12 12:00", "asa@l2.asa")]);
    let pool = warsaw().pool("bo asa").covers_for("cy", "bo", "2026-03-12").off("cy", "2026-03-12");
    check(&pool, &[("2026-03-12 12:00", "asa@l1.asa")]);
    let better = weekly().pool("asa cy").everybody().covers_for("bo", "asa", "2026-03-12");
    check(&better, &[("2026-03-12 12:00", "bo@l1#1 cy@l2.cy")]);
}

#[test]
fn an_exchange_of_overlapping_shifts_works() {
    let build = weekly().daily("asa cy", "2026-03-02 09:00").everybody();
    check(&build, &[("2026-03-12 12:00", "bo@l1#1 asa@l2#10")]);
    let build = build.covers_for("bo", "asa", "2026-03-12").covers_for("asa", "bo", "2026-03-12");
    check(&build, &[("2026-03-12 12:00", "asa@l1#1!o2 bo@l2#10!o1")]);
}

#[test]
fn only_a_later_made_a_off_undoes_a_placement() {
    let undone = weekly().covers_for("asa", "bo", "2026-03-12").takes_off("asa", "2026-03-12");
    check(&undone, &[("2026-03-12 12:00", "nobody")]);
    let kept = weekly().takes_off("asa", "2026-03-12").covers_for("asa", "bo", "2026-03-12");
    check(&kept, &[("2026-03-12 12:00", "asa@l1#1!o2")]);
}

#[test]
fn c_for_b_changes_the_slot_of_an_earlier_made_b_alone() {
    let build = weekly().everybody().covers("asa", "2026-03-12").covers_for("cy", "asa", "2026-03-12");
    check(&build, &[("2026-03-12 12:00", "cy@o1!o2 bo@l1#1")]);
    let earlier = weekly().everybody().covers_for("cy", "asa", "2026-03-12").covers("asa", "2026-03-12");
    check(&earlier, &[("2026-03-12 12:00", "asa@o2!o2 bo@l1#1")]);
    let again = build.takes_off("asa", "2026-03-12");
    check(&again, &[("2026-03-12 12:00", "bo@l1#1")]);
}

#[test]
fn an_override_gives_somebody_softly_off_the_better_place_and_the_first_stays_empty() {
    let build = weekly().daily("asa cy", "2026-03-02 09:00").next_participant().everybody().soft("bo", "2026-03-12");
    check(&build, &[("2026-03-12 12:00", "asa@l2#10 bo@l1#1 +cy")]);
    let build = build.covers_for("bo", "asa", "2026-03-12");
    check(&build, &[("2026-03-12 12:00", "bo@l2#10!o1 +cy")]);
}

#[test]
fn as_many_are_on_duty_as_the_headcount_or_what_is_required() {
    let build = warsaw().pool("asa bo cy").required("thu 10:00-12:00").asking(2).required("thu 11:00-13:00");
    let expected = [
        ("2026-03-12 09:59", "asa@l1.asa +bo +cy"),
        ("2026-03-12 10:00", "asa@l1.asa bo@l1.bo +cy /2"),
        ("2026-03-12 11:30", "asa@l1.asa bo@l1.bo +cy /2"),
        ("2026-03-12 12:00", "asa@l1.asa +bo +cy /1"),
    ];
    check(&build, &expected);
    let everybody = warsaw().everybody().pool("asa bo cy").required("always");
    check(&everybody, &[("2026-03-12 12:00", "asa@l1.asa bo@l1.bo cy@l1.cy /1")]);
}

#[test]
fn a_requirement_goes_by_the_day_to_which_its_window_belongs() {
    let build = Build::new("UTC").holidays("h", "2026-05-08").resident("asa").duty("d").pool("asa");
    let build = build.required("fri 22:00-06:00").on_days("2026-04-20..2026-05-08").except_on("h");
    let expected = [
        ("2026-05-02 05:59", "asa@l1.asa /1"),
        ("2026-05-02 06:00", "asa@l1.asa"),
        ("2026-05-08 23:00", "asa@l1.asa"),
        ("2026-05-15 23:00", "asa@l1.asa"),
        ("2026-04-24 22:00", "asa@l1.asa /1"),
    ];
    check(&build, &expected);
}

#[test]
fn of_overlapping_windows_the_earlier_begun_is_the_slots_until_it_ends() {
    let build = Build::new("UTC").resident("asa").duty("d").pool("asa").within("mon 08:00-12:00, mon 10:00-14:00");
    let expected = [
        ("2026-03-02 07:59", "nobody"),
        ("2026-03-02 11:59", "asa@l1.asa(1 2026-03-02)"),
        ("2026-03-02 12:00", "asa@l1.asa(2 2026-03-02)"),
        ("2026-03-02 14:00", "nobody"),
    ];
    check(&build, &expected);
}

#[test]
fn a_window_across_midnight_keeps_the_day_on_which_it_starts() {
    let build = Build::new("Pacific/Apia").resident("asa").duty("d").pool("asa").within("fri 22:00-06:00");
    // 2011-12-30, a Friday, did not take place there; what follows the jump is left.
    check(&build, &[("2011-12-29 23:59:59", "nobody"), ("2011-12-31 05:59", "asa@l1.asa(1 2011-12-30)")]);
}

#[test]
fn one_more_stands_by_for_each_rotation_and_nobody_twice() {
    let build = weekly().next_participant().daily("bo cy", "2026-03-02 09:00").next_participant();
    // l1: bo; l2: bo's day, so cy; of l1 cy is listed already, so asa.
    check(&build, &[("2026-03-12 12:00", "bo@l1#1 +cy +asa")]);
    let windowed = build.within("mon 09:00-10:00");
    check(&windowed, &[("2026-03-12 12:00", "bo@l1#1 +cy")]);
}

#[test]
fn shadows_appear_with_an_active_layer_and_are_never_counted() {
    let build = warsaw().pool("asa").shadowed_by("cy bo").at_work().within("thu 09:00-17:00").required("always");
    check(&build, &[("2026-03-12 12:00", "/1")]);
    let working = build.resident("cy").works("thu 08:00-16:00");
    let expected = [("2026-03-12 12:00", "~cy /1"), ("2026-03-12 16:00", "/1"), ("2026-03-12 08:30", "/1")];
    check(&working, &expected);
    check(&working.off("cy", "2026-03-12"), &[("2026-03-12 12:00", "/1")]);
    let placed = warsaw().pool("asa").shadowed_by("cy bo").covers_for("cy", "asa", "2026-03-12");
    check(&placed, &[("2026-03-12 12:00", "cy@l1.asa!o1 ~bo")]);
}
