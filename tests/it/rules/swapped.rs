//! Swaps on random rosters: what was agreed changes hands, and nothing else (semantics 2.10).

use std::collections::BTreeMap;

use onduty::civil::{Instant, Interval, IntervalSet};
use onduty::engine::{self, SwapStanding, Weight, swap_conflicts, swap_overrides, swap_part, swap_standing};
use onduty::model::{Entered, Object, OverrideId, ResidentId, Swap, TeamSnapshot};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::arbitrary::{Roster, config, rosters};
use super::build::meta;
use super::terse::rules;

/// What is drawn of a swap: which shift, whom it asks, which part, and which shift is given in return.
type Drawn = (Index, Index, (i64, i64), Option<Index>);

fn drawn() -> impl Strategy<Value = Drawn> {
    (any::<Index>(), any::<Index>(), (0_i64..900, 1_i64..1_000), prop::option::of(any::<Index>()))
}

/// When each resident is on the duty, by the timeline.
fn on_duty(roster: &Roster, team: &TeamSnapshot) -> BTreeMap<ResidentId, IntervalSet> {
    let timeline = engine::timeline(team, rules(), &roster.duty, roster.window).unwrap();
    let mut found: BTreeMap<ResidentId, IntervalSet> = BTreeMap::new();
    for shift in timeline.shifts() {
        let held = found.entry(shift.resident.clone()).or_default();
        *held = held.union(&IntervalSet::from(shift.interval));
    }
    found
}

/// A swap of the roster, asked before everything; `None` where nobody has a shift in it.
fn swap(roster: &Roster, (shift, other, (start, length), given): &Drawn) -> Option<Swap> {
    let timeline = engine::timeline(&roster.team, rules(), &roster.duty, roster.window).unwrap();
    let (shifts, key) = (timeline.shifts(), roster.team.identities());
    let shift = shifts.get(shift.index(shifts.len().max(1)))?;
    let people: Vec<&ResidentId> = roster.team.residents.keys().filter(|id| **id != shift.resident).collect();
    let asks = (*people.get(other.index(people.len().max(1)))?).clone();
    let seconds = shift.interval.seconds();
    let from = shift.interval.start().plus(seconds * start / 1_000);
    let interval = Interval::new(from, from.plus((seconds * length / 1_000).max(1)))?;
    let theirs: Vec<_> = shifts.iter().filter(|shift| shift.resident == asks).collect();
    let in_return = given.filter(|_| !theirs.is_empty()).map(|given| theirs[given.index(theirs.len())]);
    Some(Swap {
        asked_by: shift.resident.clone(),
        asked: swap_part(key, shift, interval)?,
        asks: Some(asks),
        in_return: in_return.and_then(|shift| swap_part(key, shift, shift.interval)),
        message: String::new(),
        expires: Instant::MAX,
        answer: None,
    })
}

/// The team with the overrides that an acceptance makes.
fn accepted(team: &TeamSnapshot, made: Vec<onduty::model::Override>) -> TeamSnapshot {
    let mut after = team.clone();
    after.revision += 1_000_000;
    for (number, value) in made.into_iter().enumerate() {
        let id = OverrideId::new(&format!("accepted-{number}")).unwrap();
        after.put(Object::Override(id, Entered { meta: meta(after.revision + number as u64), value }));
    }
    after
}

proptest! {
    #![proptest_config(config(120))]

    #[test]
    fn accepting_a_swap_hands_over_exactly_what_was_agreed_and_moves_nobody_else(
        roster in rosters(), drawn in drawn(),
    ) {
        let Some(swap) = swap(&roster, &drawn) else { return Ok(()) };
        let (asks, before) = (swap.asks.clone().unwrap(), on_duty(&roster, &roster.team));
        let Some(made) = swap_overrides(&roster.team, rules(), &swap, &asks, Instant::MIN).unwrap() else { return Ok(()) };
        let after = on_duty(&roster, &accepted(&roster.team, made));
        let of = |side: &BTreeMap<ResidentId, IntervalSet>, id: &ResidentId| side.get(id).cloned().unwrap_or_default();
        let given = swap.in_return.as_ref().map(|part| IntervalSet::from(part.interval)).unwrap_or_default();
        let asked = IntervalSet::from(swap.asked.interval);
        for id in roster.team.residents.keys() {
            let held = of(&before, id);
            let wanted = if *id == asks {
                held.difference(&given).union(&asked)
            } else if *id == swap.asked_by {
                held.difference(&asked).union(&given)
            } else {
                held
            };
            prop_assert_eq!(of(&after, id), wanted, "{} of {:?}", id, swap);
        }
    }

    #[test]
    fn a_swap_that_cannot_take_effect_is_void_with_a_reason_and_an_open_one_can(
        roster in rosters(), drawn in drawn(),
    ) {
        let Some(swap) = swap(&roster, &drawn) else { return Ok(()) };
        let asks = swap.asks.clone().unwrap();
        let made = swap_overrides(&roster.team, rules(), &swap, &asks, Instant::MIN).unwrap();
        let against = swap_conflicts(&roster.team, rules(), &swap, &asks, Instant::MIN).unwrap();
        let prevented = against.iter().any(|(_, conflict)| conflict.kind.weight() == Weight::Prevents);
        match swap_standing(&roster.team, rules(), &swap, Instant::MIN).unwrap() {
            SwapStanding::Open => prop_assert!(made.is_some() && !prevented),
            SwapStanding::Void(reason) => {
                prop_assert!(made.is_none() || prevented, "{reason:?}");
                prop_assert!(!reason.words(|_| true).is_empty());
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }
}

#[test]
fn random_swaps_are_often_enough_done_and_often_enough_void() {
    let mut runner = TestRunner::deterministic();
    let (mut done, mut both, mut void) = (0, 0, 0);
    for _ in 0..60 {
        let (roster, drawn) = (rosters(), drawn()).new_tree(&mut runner).unwrap().current();
        let Some(swap) = swap(&roster, &drawn) else { continue };
        let made = swap_overrides(&roster.team, rules(), &swap, &swap.asks.clone().unwrap(), Instant::MIN).unwrap();
        match made {
            Some(_) if swap.in_return.is_some() => both += 1,
            Some(_) => done += 1,
            None => void += 1,
        }
    }
    assert!(done >= 6 && both >= 2 && void >= 6, "{done} covers, {both} exchanges, {void} void");
}
