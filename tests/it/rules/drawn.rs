//! Timelines as pictures, drawn from the engine's answers and, to be sure, from the oracle's.

use insta::assert_snapshot;
use onduty::civil::Interval;
use onduty::engine;

use super::build::Build;
use super::draw;
use super::slow::Slow;
use super::terse::{duty, interval, rules};

/// Draws duty `d` over `window`, on the clock of the team's zone.
#[track_caller]
fn drawn(build: &Build, window: &str) -> String {
    let (team, zone) = (build.team(), rules().zone(build.zone()).unwrap());
    let window = window_of(build, window);
    let timeline = engine::timeline(team, rules(), &duty("d"), window).unwrap();
    let picture = draw::draw(&draw::pieces(&timeline), zone);
    let expected = draw::draw(&Slow::new(team, rules(), &duty("d"), window), zone);
    assert_eq!(picture, expected, "the engine and the oracle draw different pictures");
    picture
}

/// Writes the gaps of duty `d` over `window`.
fn gaps(build: &Build, window: &str) -> String {
    let timeline = engine::timeline(build.team(), rules(), &duty("d"), window_of(build, window)).unwrap();
    draw::gaps(timeline.gaps(), rules().zone(build.zone()).unwrap())
}

fn window_of(build: &Build, window: &str) -> Interval {
    let (start, end) = window.split_once("..").unwrap();
    interval(&format!("{start} 00:00..{end} 00:00"), build.zone())
}

fn warsaw() -> Build {
    Build::new("Europe/Warsaw").residents("asa bo cy").duty("d")
}

#[test]
fn a_weekly_handoff_keeps_its_local_time_in_spring_and_autumn() {
    let spring = warsaw().weekly("asa bo cy", "2026-03-23 09:00");
    assert_snapshot!(drawn(&spring, "2026-03-22..2026-04-07"), @r"
    sun 22         ──cy──
    mon 23         ──cy──┤09:00├──asa──
    mon 30         ──asa──┤09:00├──bo──
    mon 06         ──bo──┤09:00├──cy──
    ");
    let autumn = warsaw().rotation("asa bo", (12, onduty::civil::ShiftUnit::Hours), "2026-10-24 20:00");
    assert_snapshot!(drawn(&autumn, "2026-10-24..2026-10-27"), @r"
    sat 24         ──asa──┤08:00├──bo──┤20:00├──asa──
    sun 25 (25 h)  ──asa──┤08:00├──bo──┤20:00├──asa──
    mon 26         ──asa──┤08:00├──bo──┤20:00├──asa──
    ");
}

#[test]
fn a_day_may_be_short_long_or_begin_at_one_o_clock() {
    let cairo = Build::new("Africa/Cairo").resident("asa").duty("d").pool("asa").within("daily 22:00-02:00");
    assert_snapshot!(drawn(&cairo, "2026-04-23..2026-04-26"), @r"
    thu 23         ──asa──┤02:00├──·──┤22:00├──asa──
    fri 24 (23 h)  ──asa──┤02:00├──·──┤22:00├──asa──
    sat 25         ──asa──┤02:00├──·──┤22:00├──asa──
    ");
    let lord_howe = Build::new("Australia/Lord_Howe").residents("asa bo").duty("d").daily("asa bo", "2026-10-03 02:15");
    assert_snapshot!(drawn(&lord_howe, "2026-10-03..2026-10-06"), @r"
    sat 03         ──bo──┤02:15├──asa──
    sun 04 (23 h 30) ──asa──┤02:30├──bo──
    mon 05         ──bo──┤02:15├──asa──
    ");
}

#[test]
fn a_window_across_midnight_belongs_to_the_day_on_which_it_starts() {
    let build = warsaw().required("fri 22:00-06:00").on_days("2026-03-20..2026-03-27");
    let build = build.pool("asa").within("fri 22:00-05:00");
    assert_snapshot!(drawn(&build, "2026-03-27..2026-03-30"), @r"
    fri 27         ──·──┤22:00├──asa──
    sat 28         ──asa──┤05:00├──gap──┤06:00├──·──
    ");
}

#[test]
fn the_next_participant_stands_in_and_the_order_stays() {
    let build = warsaw().daily("asa bo cy", "2026-03-02 09:00").next_participant().off("bo", "2026-03-03..2026-03-04");
    assert_snapshot!(drawn(&build, "2026-03-02..2026-03-06"), @r"
    mon 02         ──cy──┤09:00├──asa──
    tue 03         ──asa──┤09:00├──cy──
    thu 05         ──cy──┤09:00├──asa──
    ");
}

#[test]
fn the_next_layer_takes_over_where_the_first_has_nobody() {
    let build =
        warsaw().required("always").daily("asa bo", "2026-03-02 09:00").pool("cy").within("mon-wed 06:00-18:00");
    let build = build.off("asa", "2026-03-02 12:00..2026-03-04 12:00");
    assert_snapshot!(drawn(&build, "2026-03-02..2026-03-06"), @r"
    mon 02         ──bo──┤09:00├──asa──┤12:00├──cy──┤18:00├──gap──
    tue 03         ──gap──┤06:00├──cy──┤09:00├──bo──
    wed 04         ──bo──┤09:00├──cy──┤12:00├──asa──
    thu 05         ──asa──┤09:00├──bo──
    ");
}

#[test]
fn soft_time_off_hands_over_to_whoever_can_and_keeps_the_duty_where_nobody_can() {
    let build = warsaw().pool("asa bo").soft("asa", "2026-03-03 10:00..2026-03-03 16:00");
    let build = build.off("bo", "2026-03-03 12:00..2026-03-03 14:00");
    assert_snapshot!(drawn(&build, "2026-03-03..2026-03-04"), @"tue 03         ──asa──┤10:00├──bo──┤12:00├──asa──┤14:00├──bo──┤16:00├──asa──");
}

#[test]
fn overrides_add_replace_and_take_off() {
    let build = warsaw().required("always").weekly("asa bo", "2026-03-02 09:00");
    let build = build.covers("cy", "2026-03-03 10:00..2026-03-03 12:00");
    let build = build.covers_for("cy", "asa", "2026-03-04 10:00..2026-03-04 12:00");
    let build = build.takes_off("asa", "2026-03-05 10:00..2026-03-05 12:00");
    assert_snapshot!(drawn(&build, "2026-03-03..2026-03-06"), @r"
    tue 03         ──asa──┤10:00├──cy!──┤12:00├──asa──
    wed 04         ──asa──┤10:00├──cy!──┤12:00├──asa──
    thu 05         ──asa──┤10:00├──gap──┤12:00├──asa──
    ");
    assert_snapshot!(drawn(&build.everybody(), "2026-03-03..2026-03-05"), @r"
    tue 03         ──asa──┤10:00├──cy!+asa──┤12:00├──asa──
    wed 04         ──asa──┤10:00├──cy!──┤12:00├──asa──
    ");
}

#[test]
fn working_elsewhere_moves_the_hours() {
    let build = Build::new("Europe/Warsaw").resident("asa").works("mon-fri 09:00-17:00");
    let build = build.elsewhere("asa", "Asia/Tokyo", "2026-06-09..2026-06-10").duty("d").pool("asa").at_work();
    assert_snapshot!(drawn(&build, "2026-06-08..2026-06-12"), @r"
    mon 08         ──·──┤09:00├──asa──┤17:00├──·──
    tue 09         ──·──┤02:00├──asa──┤10:00├──·──
    wed 10         ──·──┤02:00├──asa──┤10:00├──·──
    thu 11         ──·──┤09:00├──asa──┤17:00├──·──
    ");
}

#[test]
fn everybody_listed_is_on_duty_with_headcount_all() {
    let build = warsaw().everybody().required("tue 09:00-17:00").asking(3).pool("asa bo cy");
    let build = build.off("bo", "2026-03-03 12:00..2026-03-04 12:00").soft("asa", "2026-03-03 15:00..2026-03-03 20:00");
    assert_snapshot!(drawn(&build, "2026-03-03..2026-03-05"), @r"
    tue 03         ──asa+bo+cy──┤12:00├──asa+cy (2 of 3)──┤15:00├──cy+asa (2 of 3)──┤17:00├──cy+asa──┤20:00├──asa+cy──
    wed 04         ──asa+cy──┤12:00├──asa+bo+cy──
    ");
}

#[test]
fn a_gap_carries_its_causes_each_with_its_part() {
    let build = Build::new("Europe/Warsaw").resident("asa").works("mon-fri 09:00-15:00").term("..2026-03-05");
    let build = build.duty("d").required("mon-fri 09:00-17:00").pool("asa").at_work();
    let build = build.off("asa", "2026-03-03 14:00..2026-03-03 15:00");
    let build = build.takes_off("asa", "2026-03-04 09:00..2026-03-04 15:00");
    assert_snapshot!(gaps(&build, "2026-03-02..2026-03-05"), @r"
    mon 02 15:00-17:00 0 of 1: asa outside working hours
    tue 03 14:00-17:00 0 of 1: asa absent 14:00-15:00, asa outside working hours 15:00-17:00
    wed 04 09:00-17:00 0 of 1: asa outside working hours 15:00-17:00, asa taken off 09:00-15:00
    ");
    let nobody = warsaw().required("mon 09:00-17:00").needs("rust").pool("asa bo").within("mon 09:00-12:00");
    let nobody = nobody.resident("asa").skilled("rust").term("2026-03-09..");
    assert_snapshot!(gaps(&nobody, "2026-03-02..2026-03-10"), @r"
    mon 02 09:00-17:00 0 of 1: nobody scheduled 12:00-17:00, asa outside the term 09:00-12:00, bo lacks a skill 09:00-12:00
    mon 09 12:00-17:00 0 of 1: nobody scheduled
    ");
}
