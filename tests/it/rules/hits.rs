//! What random rosters hit: a law that nothing ever comes near proves nothing.

use std::collections::BTreeMap;

use onduty::civil::{Instant, Interval};
use onduty::engine::{Listing, Place, Slot};
use onduty::model::validate::{self, Violations};
use onduty::model::{Effect, LayerId, OverrideForm, ResidentId, Rotation, Source, TeamSnapshot};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::arbitrary::{Roster, rosters};
use super::slow::Slow;
use super::terse::rules;

/// The same rosters in every run.
fn sample(count: usize) -> Vec<Roster> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let strategy = rosters();
    std::iter::repeat_with(|| strategy.new_tree(&mut runner).unwrap().current()).take(count).collect()
}

#[test]
fn random_rosters_hit_what_they_are_for() {
    let sample = sample(300);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for roster in &sample {
        for (hit, _) in hits(roster).into_iter().filter(|(_, hit)| *hit) {
            *counts.entry(hit).or_default() += 1;
        }
    }
    let least = [
        ("a gap", 30),
        ("a met requirement", 30),
        ("a handoff", 60),
        ("an override in effect", 30),
        ("an added resident", 12),
        ("a replaced owner of a turn", 10),
        ("a replaced member", 5),
        ("a slot left to nobody", 10),
        ("a stand-in on a turn", 20),
        ("somebody on duty although softly off", 12),
        ("standby", 25),
        ("a shadow", 15),
        ("several on duty", 30),
        ("a duty not in effect", 5),
        ("a held turn", 4),
        ("a window across its edges", 25),
        ("somebody working elsewhere", 8),
        ("a version that begins", 25),
        ("a change of the clocks", 30),
    ];
    let share = |name: &str| 100 * counts.get(name).copied().unwrap_or(0) / sample.len();
    let shares: Vec<String> = least.iter().map(|(name, _)| format!("{name}: {} %", share(name))).collect();
    println!("{}", shares.join("\n"));
    for (name, percent) in least {
        assert!(share(name) >= percent, "only {} % of the rosters have {name}", share(name));
    }
}

fn hits(roster: &Roster) -> Vec<(&'static str, bool)> {
    let Roster { team, duty, window, .. } = roster;
    let slow = Slow::new(team, rules(), duty, *window);
    let listed = || slow.pieces.iter().filter_map(|(interval, listing)| Some((interval.start(), listing.as_ref()?)));
    let any = |hit: &dyn Fn(Instant, &Listing) -> bool| listed().any(|(at, listing)| hit(at, listing));
    let placed =
        |hit: &dyn Fn(Instant, &Place) -> bool| any(&|at, listing| listing.on_duty.iter().any(|place| hit(at, place)));
    let layers = &team.duties[duty].layers;
    let versions = layers.values().flat_map(|versions| versions.list());
    let begins = |from: Instant| window.contains(from) && from > window.start();
    vec![
        ("a gap", !slow.missing().is_empty()),
        ("a met requirement", any(&|_, listing| listing.required > 0 && listing.present() >= listing.required)),
        ("a handoff", !slow.handoffs().is_empty()),
        ("an override in effect", placed(&|_, place| place.by_override.is_some())),
        ("an added resident", placed(&|_, place| matches!(place.slot, Slot::Override(_)))),
        ("a replaced owner of a turn", placed(&|_, place| is_replacement(place, true))),
        ("a replaced member", placed(&|_, place| is_replacement(place, false))),
        ("a slot left to nobody", listed().any(|(at, _)| taken_off_in_slot(roster, at))),
        ("a stand-in on a turn", placed(&|at, place| place.by_override.is_none() && stands_in(roster, at, place))),
        (
            "somebody on duty although softly off",
            placed(&|at, place| has_time_off(team, &place.resident, at, &Effect::Soft)),
        ),
        ("standby", any(&|_, listing| !listing.standby.is_empty())),
        ("a shadow", any(&|_, listing| !listing.shadows.is_empty())),
        ("several on duty", any(&|_, listing| listing.present() > 1)),
        ("a duty not in effect", slow.pieces.iter().any(|(_, listing)| listing.is_none())),
        (
            "a held turn",
            placed(
                &|at, place| matches!(&place.slot, Slot::Turn { layer, .. } if rotation(roster, layer, at).is_some_and(|rotation| rotation.held_turn.is_some())),
            ),
        ),
        (
            "a window across its edges",
            placed(&|_, place| {
                matches!(&place.slot, Slot::Turn { window: Some(_), .. } | Slot::Member { window: Some(_), .. })
            }),
        ),
        ("somebody working elsewhere", placed(&|at, place| works_elsewhere(team, &place.resident, at))),
        ("a version that begins", versions.into_iter().any(|version| begins(version.from))),
        ("a change of the clocks", clocks_change(roster)),
    ]
}

fn is_replacement(place: &Place, turn: bool) -> bool {
    place.by_override.is_some()
        && match place.slot {
            Slot::Turn { .. } => turn,
            Slot::Member { .. } => !turn,
            Slot::Override(_) => false,
        }
}

fn rotation<'a>(roster: &'a Roster, layer: &LayerId, at: Instant) -> Option<&'a Rotation> {
    match &roster.team.duties[&roster.duty].layers[layer].at(at)?.1.source {
        Source::Rotation(rotation) => Some(rotation),
        Source::Pool(_) => None,
    }
}

fn stands_in(roster: &Roster, at: Instant, place: &Place) -> bool {
    let Slot::Turn { layer, turn, .. } = &place.slot else { return false };
    rotation(roster, layer, at)
        .is_some_and(|rotation| rotation.participants[rotation.place_of_turn(*turn)] != place.resident)
}

/// Whether "A off" concerns somebody whom a layer of the duty has at the instant.
fn taken_off_in_slot(roster: &Roster, at: Instant) -> bool {
    let layers = roster.team.duties[&roster.duty].layers.values().filter_map(|versions| versions.at(at));
    let people: Vec<&ResidentId> = layers.flat_map(|(_, layer)| layer.source.people()).collect();
    roster.team.overrides.values().any(|entry| {
        let covers = entry.value.span.interval(rules()).unwrap().is_some_and(|interval| interval.contains(at));
        covers && matches!(&entry.value.form, OverrideForm::TakeOff { owner } if people.contains(&owner))
    })
}

fn entries<'a>(team: &'a TeamSnapshot, resident: &'a ResidentId, at: Instant) -> impl Iterator<Item = &'a Effect> {
    let now = Interval::new(at, at.plus(1)).unwrap();
    let own = team.time_off.values().filter(|entry| entry.value.resident == *resident);
    own.filter(move |entry| !entry.value.instances(now, rules()).unwrap().is_empty()).map(|entry| &entry.value.effect)
}

fn has_time_off(team: &TeamSnapshot, resident: &ResidentId, at: Instant, effect: &Effect) -> bool {
    entries(team, resident, at).any(|other| other == effect)
}

fn works_elsewhere(team: &TeamSnapshot, resident: &ResidentId, at: Instant) -> bool {
    entries(team, resident, at).any(|effect| matches!(effect, Effect::WorkingElsewhere { .. }))
}

fn clocks_change(roster: &Roster) -> bool {
    let zone = rules().zone(roster.scene.zone(0)).unwrap();
    zone.offset_seconds(roster.window.start()) != zone.offset_seconds(roster.window.end())
}

#[test]
fn random_rosters_are_valid() {
    for roster in sample(200) {
        let team = &roster.team;
        let mut violations = Violations::default();
        let residents = team.residents.values().flat_map(|resident| resident.versions.list());
        for resident in residents.filter_map(|version| version.value.as_ref()) {
            validate::check_resident(resident, team, rules(), &mut violations);
        }
        for duty in team.duties.values() {
            for version in duty.versions.list() {
                let layers = duty
                    .layers
                    .iter()
                    .filter_map(|(id, layer)| Some((id.clone(), layer.list().first()?.value.clone()?)));
                let Some(value) = &version.value else { continue };
                validate::check_duty(value, &layers.collect(), team, rules(), &mut violations);
            }
            let layers = duty.layers.values().flat_map(|layer| layer.list());
            for layer in layers.filter_map(|version| version.value.as_ref()) {
                validate::check_layer(layer, team, rules(), &mut violations);
            }
        }
        for entry in team.overrides.values() {
            validate::check_override(&entry.value, team, rules(), &mut violations);
        }
        for entry in team.time_off.values() {
            validate::check_time_off(&entry.value, None, team, rules(), &mut violations);
        }
        let violations = violations.into_list();
        assert!(violations.is_empty(), "{violations:#?}\n{roster:?}");
    }
}
