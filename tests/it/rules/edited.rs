//! Rotations that are edited again and again (semantics 3.5): facts, and laws over random rows of edits.

use std::collections::BTreeSet;

use onduty::civil::{Day, Instant, ShiftLength, ShiftUnit, Wall};
use onduty::model::ZoneName;
use proptest::prelude::*;

use super::arbitrary::{Scene, config, scenes};
use super::life::{Life, When, stated};
use super::terse::{instant, resident, rules};
use super::turns::Stated;

const ZONE: &str = "Europe/Warsaw";

fn weekly(order: &str) -> Stated {
    stated(order, (1, ShiftUnit::Weeks), "2026-03-02 09:00", ZONE)
}

fn two_weekly(order: &str, anchor: &str) -> Stated {
    stated(order, (2, ShiftUnit::Weeks), anchor, ZONE)
}

/// An edit "from now on" that drops what is planned.
fn now(at: &str) -> When {
    When { at: instant(at, ZONE), dated: false, replace_later: true }
}

/// An edit that states its instant and drops what is planned.
fn dated(at: &str) -> When {
    When { dated: true, ..now(at) }
}

/// A layer since 2026-03-02 09:00, and edits of it.
fn life(first: &Stated, edits: &[(When, &Stated)]) -> Life {
    let mut life = Life::new();
    for (when, stated) in [(now("2026-03-02 09:00"), first)].iter().chain(edits) {
        assert!(!life.edit(*when, Some(stated)));
    }
    life
}

#[test]
fn a_new_grid_that_is_taken_back_while_a_turn_is_held_leaves_everything_as_it_was() {
    let (old, new) = (weekly("asa bo cy"), two_weekly("asa bo cy", "2026-03-23 09:00"));
    let life = life(&old, &[(now("2026-03-11 12:00"), &new), (now("2026-03-13 12:00"), &old)]);
    let times = "2026-03-09 10:00, 2026-03-14 10:00, 2026-03-16 10:00, 2026-03-23 10:00, 2026-03-30 10:00";
    assert_eq!(life.people(times, ZONE), "bo bo cy asa bo");
    let first = life.versions().list()[0].value.clone();
    assert_eq!(life.versions().latest(), first.as_ref(), "the same turns");
}

#[test]
fn a_new_grid_is_taken_back_together_with_other_changes() {
    let (old, new) = (weekly("asa bo cy"), two_weekly("asa bo cy", "2026-03-23 09:00"));
    let at_work = Stated { at_work: true, ..old.clone() };
    let life = life(&old, &[(now("2026-03-11 12:00"), &new), (now("2026-03-13 12:00"), &at_work)]);
    assert_eq!(life.people("2026-03-14 10:00, 2026-03-16 10:00, 2026-03-23 10:00", ZONE), "bo cy asa");
    let works = |at: &str| life.at(instant(at, ZONE)).map(|((_, at_work), _)| at_work);
    assert_eq!((works("2026-03-13 11:59"), works("2026-03-13 12:00")), (Some(false), Some(true)));
}

#[test]
fn whoever_was_held_past_their_turn_stays_to_the_next_boundary_of_the_grid_that_comes_back() {
    let (old, new) = (weekly("asa bo cy"), two_weekly("asa bo cy", "2026-03-23 09:00"));
    let edits = [(now("2026-03-11 12:00"), &new), (now("2026-03-18 12:00"), &old)];
    let times = "2026-03-17 10:00, 2026-03-19 10:00, 2026-03-23 10:00, 2026-03-30 10:00";
    assert_eq!(life(&old, &edits).people(times, ZONE), "bo bo cy asa");
    let others = weekly("cy dee asa");
    let edits = [(now("2026-03-11 12:00"), &new), (now("2026-03-18 12:00"), &others)];
    assert_eq!(life(&old, &edits).people(times, ZONE), "bo bo cy dee");
}

#[test]
fn an_edit_at_a_planned_version_goes_by_what_holds_before_it() {
    let (all, without) = (weekly("asa bo cy"), weekly("asa cy"));
    let life = life(&all, &[(dated("2026-03-11 12:00"), &without), (dated("2026-03-11 12:00"), &all)]);
    let times = "2026-03-11 11:00, 2026-03-11 13:00, 2026-03-16 10:00, 2026-03-23 10:00, 2026-03-30 10:00";
    assert_eq!(life.people(times, ZONE), "bo bo cy asa bo");
    assert_eq!(life.versions().list().len(), 1);
}

#[test]
fn a_grid_planned_anew_at_the_same_instant_shares_no_turn_with_the_old_plan() {
    let first = two_weekly("asa bo cy", "2026-03-23 09:00");
    let second = two_weekly("asa bo cy", "2026-03-30 09:00");
    let planned = dated("2026-03-23 09:00");
    let life = life(&weekly("asa bo cy"), &[(planned, &first), (planned, &second)]);
    assert_eq!(life.people("2026-03-23 08:00, 2026-03-23 10:00, 2026-03-30 10:00", ZONE), "cy asa bo");
    let times = (0..60).map(|day| instant("2026-03-02 10:00", ZONE).plus(day * 86_400)).collect();
    assert_eq!(life.shared_turns(&times), []);
}

#[test]
fn a_plan_that_is_stated_again_keeps_the_number_of_its_grid() {
    let new = two_weekly("asa bo cy", "2026-03-23 09:00");
    let at_work = Stated { at_work: true, ..new.clone() };
    let (planned, later) = (dated("2026-03-23 09:00"), instant("2026-04-01 10:00", ZONE));
    let once = life(&weekly("asa bo cy"), &[(planned, &new)]);
    let again = life(&weekly("asa bo cy"), &[(planned, &new), (planned, &at_work)]);
    assert_eq!(again.at(later).map(|(_, turn)| turn), once.at(later).map(|(_, turn)| turn));
    let mut begins = Life::new();
    for stated in [&new, &at_work] {
        assert!(!begins.edit(planned, Some(stated)));
    }
    assert_eq!(begins.at(later).map(|(_, (grid, _))| grid), Some(1));
}

#[test]
fn somebody_listed_twice_is_found_by_whom_they_stand_between() {
    let old = weekly("asa bo asa cy");
    let times = "2026-03-09 10:00, 2026-03-16 10:00, 2026-03-23 10:00, 2026-03-30 10:00, 2026-04-06 10:00";
    for (new, people) in [
        ("asa bo asa cy dee", "bo asa cy dee asa"),
        ("asa bo dee asa cy", "bo asa cy asa bo"),
        ("asa dee asa cy", "bo asa cy asa dee"),
        ("cy asa bo asa", "bo asa cy asa bo"),
    ] {
        assert_eq!(life(&old, &[(now("2026-03-11 12:00"), &weekly(new))]).people(times, ZONE), people, "{new}");
    }
}

#[test]
fn where_everybody_is_listed_alike_the_same_time_round_counts() {
    let life = life(&weekly("asa bo asa bo"), &[(now("2026-03-11 12:00"), &weekly("asa bo asa bo dee"))]);
    let times = "2026-03-16 10:00, 2026-03-23 10:00, 2026-03-30 10:00";
    assert_eq!(life.people(times, ZONE), "asa bo dee");
}

#[test]
fn a_turn_that_a_jump_of_the_clock_swallows_is_nobody_s_beginning() {
    let zone = "Pacific/Apia";
    let daily = |order: &str| stated(order, (1, ShiftUnit::Days), "2011-12-26 00:00", zone);
    let mut life = Life::new();
    let when = |at: &str| When { at: instant(at, zone), dated: false, replace_later: true };
    assert!(!life.edit(when("2011-12-26 00:00"), Some(&daily("asa bo cy"))));
    // There is no 30 December: the turn of the 29th ends as the one of the 31st begins, asa's after cy's.
    assert_eq!(life.people("2011-12-29 12:00, 2011-12-31 12:00", zone), "asa cy");
    assert!(!life.edit(when("2011-12-29 12:00"), Some(&daily("cy asa bo"))));
    assert_eq!(life.people("2011-12-29 12:00, 2011-12-31 12:00, 2012-01-01 12:00", zone), "asa cy asa");
    assert!(
        !life
            .edit(when("2011-12-29 13:00"), Some(&stated("asa bo cy", (2, ShiftUnit::Days), "2011-12-30 00:00", zone)))
    );
    assert_eq!(life.people("2011-12-29 12:00, 2011-12-31 12:00, 2012-01-01 12:00", zone), "asa bo cy");
}

/// An edit as it is drawn.
#[derive(Clone, Debug)]
struct EditPlan {
    /// In quarter days from the base day's midnight.
    at: i32,
    half_hour: bool,
    dated: bool,
    replace_later: bool,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Order(Vec<u8>),
    Grid((u32, ShiftUnit), i32, u8),
    Both(Vec<u8>, (u32, ShiftUnit), i32, u8),
    AtWork,
    /// What was stated some edits ago.
    Back(usize),
    Ends,
}

fn rows() -> impl Strategy<Value = Vec<EditPlan>> {
    let order = || prop::collection::vec(0_u8..5, 1..5);
    let length = || {
        prop_oneof![
            (6_u32..40).prop_map(|count| (count, ShiftUnit::Hours)),
            (1_u32..4).prop_map(|count| (count, ShiftUnit::Days)),
            Just((1, ShiftUnit::Weeks)),
            Just((1, ShiftUnit::Months)),
        ]
    };
    let anchor = || -20_i32..40;
    let kind = prop_oneof![
        4 => order().prop_map(Kind::Order),
        4 => (length(), anchor(), 0_u8..6).prop_map(|(length, anchor, zone)| Kind::Grid(length, anchor, zone)),
        2 => (order(), length(), anchor(), 0_u8..6)
            .prop_map(|(order, length, anchor, zone)| Kind::Both(order, length, anchor, zone)),
        2 => Just(Kind::AtWork),
        4 => (1_usize..4).prop_map(Kind::Back),
        1 => Just(Kind::Ends),
    ];
    let edit = (-12_i32..40, prop::bool::weighted(0.2), any::<bool>(), prop::bool::weighted(0.7), kind)
        .prop_map(|(at, half_hour, dated, replace_later, kind)| EditPlan { at, half_hour, dated, replace_later, kind });
    prop::collection::vec(edit, 1..9)
}

fn wall(scene: &Scene, quarter_days: i32) -> Wall {
    Wall::from(Day::from(scene.base.date()).date().at(0, 0, 0, 0)).plus(i64::from(quarter_days) * 21_600)
}

impl EditPlan {
    fn when(&self, scene: &Scene) -> When {
        let wall = wall(scene, self.at).plus(if self.half_hour { 1_800 } else { 0 });
        let at = rules().zone(scene.zone(0)).unwrap().instant(wall);
        When { at, dated: self.dated, replace_later: self.replace_later }
    }

    /// What it states, given all that was stated before.
    fn stated(&self, scene: &Scene, before: &[Stated]) -> Option<Stated> {
        let last = before.last().unwrap().clone();
        let order = |order: &[u8]| order.iter().map(|index| person(*index)).collect();
        let on_grid = |stated: Stated, (count, unit): (u32, ShiftUnit), anchor: i32, zone: u8| Stated {
            length: ShiftLength::new(count, unit).unwrap(),
            anchor: wall(scene, anchor).date_time(),
            zone: ZoneName::new(scene.zone(zone)),
            ..stated
        };
        Some(match &self.kind {
            Kind::Order(people) => Stated { order: order(people), ..last },
            Kind::Grid(length, anchor, zone) => on_grid(last, *length, *anchor, *zone),
            Kind::Both(people, length, anchor, zone) => {
                on_grid(Stated { order: order(people), ..last }, *length, *anchor, *zone)
            }
            Kind::AtWork => Stated { at_work: !last.at_work, ..last },
            Kind::Back(steps) => before[before.len().saturating_sub(steps + 1)].clone(),
            Kind::Ends => return None,
        })
    }
}

fn person(index: u8) -> onduty::model::ResidentId {
    resident(["asa", "bo", "cy", "dee", "eli"][usize::from(index)])
}

/// Instants worth asking about: wherever anything begins, next to it, and in between.
fn probes(life: &Life, scene: &Scene) -> BTreeSet<Instant> {
    let utc = rules().zone("UTC").unwrap();
    let mut probes: BTreeSet<Instant> = (-16..72).map(|at| utc.instant(wall(scene, at))).collect();
    let (first, last) = (*probes.first().unwrap(), *probes.last().unwrap());
    let begins = life.versions().list().iter().map(|version| version.from).collect::<Vec<_>>();
    probes.extend(begins.into_iter().chain(life.turns.starts()).flat_map(|at| [at.plus(-1), at, at.plus(1)]));
    probes.retain(|at| (first..=last).contains(at));
    probes
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn whoever_is_on_turn_after_any_row_of_edits_is_whom_the_rule_names((scene, row) in (scenes(), rows())) {
        let mut life = Life::new();
        let mut before = vec![Stated { zone: ZoneName::new(scene.zone(0)), ..stated("asa bo cy", (1, ShiftUnit::Days), "2026-03-02 09:00", ZONE) }];
        before[0].anchor = wall(&scene, 0).date_time();
        for plan in &row {
            let (when, wanted) = (plan.when(&scene), plan.stated(&scene, &before));
            let earlier = probes(&life, &scene).into_iter().filter(|at| *at < when.at);
            let past: Vec<_> = earlier.map(|at| (at, life.at(at))).collect();
            let (repeats, planned) = (life.repeats(when, wanted.as_ref()), life.turns.planned_after(when.at));
            let refused = life.edit(when, wanted.as_ref());
            // 3.5d: refused where something is planned for later, and only there.
            prop_assert!(repeats || refused == (planned && !when.replace_later), "{when:?} {refused}");
            // 3.5: the past stays.
            for (at, was) in past {
                prop_assert_eq!(life.at(at), was, "{} changed by the edit {:?}", at, when);
            }
            before.extend(wanted.filter(|_| !refused));
            let probes = probes(&life, &scene);
            for at in &probes {
                let by_rule = life.turns.at(*at).map(|(person, at_work)| (person.clone(), at_work));
                prop_assert_eq!(life.at(*at).map(|(who, _)| who), by_rule, "at {} after {:?}", at, when);
            }
            // 4.6: no turn of any of its grids is another one's.
            prop_assert_eq!(life.shared_turns(&probes), []);
        }
    }
}
