//! What random rosters have found: each a roster of a few lines, named by the fact that was not true.

use std::collections::BTreeSet;

use onduty::engine::{self, Timeline};
use onduty::model::{IdentityKey, Layer, OverrideId, ShiftId, Source};

use super::build::Build;
use super::terse::{duty, interval, local, people, rules};

fn timeline(build: &Build, window: &str) -> Timeline {
    engine::timeline(build.team(), rules(), &duty("d"), interval(window, build.zone())).unwrap()
}

/// Returns the shifts, one a line: who, when, by which override.
fn shifts(timeline: &Timeline) -> Vec<String> {
    let by = |id: &Option<OverrideId>| id.as_ref().map_or("-".to_owned(), ToString::to_string);
    let shown = timeline.shifts().iter();
    shown.map(|shift| format!("{} {} {}", shift.resident, shift.interval, by(&shift.by_override))).collect()
}

#[track_caller]
fn check_identities_differ(build: &Build, window: &str, count: usize) {
    let timeline = timeline(build, window);
    assert_eq!(timeline.shifts().len(), count, "{:#?}", shifts(&timeline));
    let ids: BTreeSet<ShiftId> = timeline.shifts().iter().map(|shift| shift.id(IdentityKey::default())).collect();
    assert_eq!(ids.len(), count, "{:#?}", timeline.shifts());
}

#[test]
fn a_holiday_that_begins_again_further_west_opens_a_shift_of_its_own() {
    let build = Build::new("UTC").holidays("h", "2026-05-01").resident("asa").lives_in("Asia/Tokyo").keeps("h");
    let build = build.duty("d").pool("asa").since("2026-05-01 18:00").resident("asa").lives_in("America/New_York");
    check_identities_differ(&build, "2026-04-30 00:00..2026-05-03 00:00", 3);
    let last = |window: &str| timeline(&build, window).shifts().last().map(|shift| shift.id(IdentityKey::default()));
    assert_eq!(last("2026-05-02 12:00..2026-05-03 00:00"), last("2026-04-30 00:00..2026-05-03 00:00"));
}

#[test]
fn the_override_of_a_shift_is_the_one_at_its_true_start() {
    let build = Build::new("UTC").residents("asa bo").duty("d").pool("asa").covers_for("bo", "asa", "2026-05-30");
    let build = build.covers_for("bo", "asa", "2026-05-30 19:00..2026-05-30 19:30");
    let whole = timeline(&build, "2026-05-30 00:00..2026-05-31 00:00");
    assert_eq!(shifts(&whole), ["bo [2026-05-30T00:00:00Z, 2026-05-31T00:00:00Z) o1"]);
    let rest = timeline(&build, "2026-05-30 19:30..2026-05-31 00:00");
    assert_eq!(shifts(&rest), ["bo [2026-05-30T19:30:00Z, 2026-05-31T00:00:00Z) o1"]);
}

#[test]
fn a_standing_gap_has_one_identity_whatever_the_hour_of_the_window() {
    let build = Build::new("UTC").resident("asa").duty("d").required("daily 09:00-04:00").required("always");
    let build = build.pool("asa").at_work();
    let identity = |window: &str| {
        timeline(&build, window).gaps().iter().map(|gap| gap.id(IdentityKey::default())).collect::<Vec<_>>()
    };
    // 400 days before 09:00 one of the requirements happens to begin.
    assert_eq!(identity("2026-05-31 09:00..2026-05-31 10:00"), identity("2026-05-31 09:01..2026-05-31 10:00"));
    assert_eq!(identity("2026-05-31 09:00..2026-05-31 10:00"), identity("2026-05-31 05:00..2026-05-31 10:00"));
}

#[test]
fn a_gap_is_in_the_first_of_equal_requirements_whatever_window_is_asked() {
    let build = Build::new("UTC").duty("d").required("always").required("always");
    let build = build.since("2026-05-03 00:00").edit_duty(|duty| duty.requirements.reverse());
    let identity = |window: &str| {
        timeline(&build, window).gaps().iter().map(|gap| gap.id(IdentityKey::default())).collect::<Vec<_>>()
    };
    let whole = identity("2026-05-01 00:00..2026-05-20 00:00");
    assert_eq!(whole, identity("2026-05-02 00:00..2026-05-20 00:00"));
    assert_eq!(whole, identity("2026-05-19 00:00..2026-05-20 00:00"));
}

fn anchored(anchor: &str) -> impl FnOnce(&mut Layer) {
    let anchor = local(anchor);
    move |layer| match &mut layer.source {
        Source::Rotation(rotation) => rotation.anchor = anchor,
        Source::Pool(_) => panic!("no rotation"),
    }
}

#[test]
fn a_rotation_that_ends_and_begins_again_has_another_grid() {
    let build = Build::new("UTC").residents("asa bo").duty("d").daily("asa bo", "2026-06-01 00:00");
    let build = build.since("2026-06-03 12:00").layer_ends();
    let build = build.since("2026-06-03 18:00").edit_layer(anchored("2026-06-04 00:00"));
    // Turns 0, 1 and 2 of the one; -1 and 0 of the other.
    check_identities_differ(&build, "2026-06-01 00:00..2026-06-05 00:00", 5);
}

#[test]
fn a_rotation_that_was_a_pool_for_a_while_has_another_grid() {
    let build = Build::new("UTC").residents("asa bo").duty("d").weekly("asa bo", "2026-06-01 00:00");
    let rotation = build.team().duties[&duty("d")].layers.values().next().unwrap().latest().unwrap().source.clone();
    let build = build.since("2026-06-02 00:00").edit_layer(|layer| layer.source = Source::Pool(people("bo")));
    let build = build.since("2026-06-03 00:00").edit_layer(|layer| {
        layer.source = rotation;
        anchored("2026-06-03 00:00")(layer);
    });
    check_identities_differ(&build, "2026-06-01 00:00..2026-06-04 00:00", 3);
}

#[test]
fn a_window_that_is_moved_while_it_is_open_begins_another_shift() {
    let build = Build::new("UTC").resident("asa").duty("d").pool("asa").within("mon 08:00-16:00");
    let build = build.since("2026-06-01 09:00").within("mon 10:00-16:00");
    check_identities_differ(&build, "2026-06-01 00:00..2026-06-02 00:00", 2);
}

#[test]
fn each_end_of_an_earlier_layer_hands_over_by_an_edit_of_its_own() {
    let build = Build::new("UTC").residents("asa bo").duty("d").pool("asa").pool("bo").layer("l1");
    let build = build.since("2026-06-01 12:00").layer_ends().since("2026-06-01 14:00").edit_layer(|_| {});
    let build = build.since("2026-06-01 16:00").layer_ends();
    check_identities_differ(&build, "2026-06-01 00:00..2026-06-02 00:00", 4);
}

#[test]
fn edits_of_the_order_of_layers_hand_over_once_each() {
    let build = Build::new("UTC").residents("asa bo").duty("d").pool("asa").pool("bo");
    let reversed = |build: Build, at: &str| build.since(at).edit_duty(|duty| duty.layers.reverse());
    let build = ["2026-06-01 12:00", "2026-06-01 14:00", "2026-06-01 16:00"].into_iter().fold(build, reversed);
    check_identities_differ(&build, "2026-06-01 00:00..2026-06-02 00:00", 4);
}
