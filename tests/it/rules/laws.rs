//! The engine against the oracle on random rosters, and the laws that its answers keep.

use std::collections::{BTreeMap, BTreeSet};

use onduty::civil::{Instant, Interval, IntervalSet};
use onduty::engine::{self, Gap, Listing, Opener, Place, Shift, Slot, Timeline};
use onduty::model::{
    Effect, Entered, IdentityKey, OverrideForm, OverrideId, ResidentId, Span, TeamSnapshot, TimeOff, TimeOffId,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::arbitrary::{Roster, config, rosters};
use super::build::{Build, meta};
use super::edges::edges;
use super::edit::{EditPlan, edits};
use super::facts::shown;
use super::oracle;
use super::slow::Slow;
use super::terse::{duty, instant, rules};

fn timeline(roster: &Roster, window: Interval) -> Timeline {
    engine::timeline(&roster.team, rules(), &roster.duty, window).unwrap()
}

fn ask(roster: &Roster, at: Instant) -> Option<Listing> {
    oracle::at(&roster.team, rules(), &roster.duty, at)
}

/// Whether `resident` is on duty in `slot`.
fn stands(listing: Option<&Listing>, resident: &ResidentId, slot: &Slot) -> bool {
    let stands = |place: &Place| place.resident == *resident && place.slot == *slot;
    listing.is_some_and(|listing| listing.on_duty.iter().any(stands))
}

fn numbers(listing: Option<&Listing>) -> (u32, u32) {
    listing.map_or((0, 0), |listing| (listing.required, listing.present()))
}

/// The part of the window that a fraction of 1000 points at.
fn part_way(window: Interval, fraction: i64) -> Instant {
    window.start().plus(window.seconds() * fraction / 1_000)
}

/// Instants worth asking about: every edge and change point with its neighbors, between them, and anywhere.
fn probes(roster: &Roster, timeline: &Timeline, anywhere: &[i64]) -> Vec<Instant> {
    let window = roster.window;
    let mut points: Vec<Instant> = edges(&roster.team, rules(), &roster.duty, window);
    points.extend(timeline.change_points());
    points.sort_unstable();
    points.dedup();
    let thin = points.len().div_ceil(150);
    let mut probes: BTreeSet<Instant> = anywhere.iter().map(|fraction| part_way(window, *fraction)).collect();
    for pair in points.windows(2).step_by(thin) {
        let middle = pair[0].plus(pair[1].since(pair[0]) / 2);
        probes.extend([pair[0], pair[0].plus(-1), pair[0].plus(1), middle]);
    }
    probes.extend([window.start(), window.end().plus(-1)]);
    probes.into_iter().collect()
}

proptest! {
    #![proptest_config(config(80))]

    #[test]
    fn the_engine_lists_whom_the_oracle_lists(
        roster in rosters(), anywhere in prop::collection::vec(0_i64..1_000, 8),
    ) {
        let timeline = timeline(&roster, roster.window);
        prop_assert_eq!(timeline.window(), roster.window);
        for at in probes(&roster, &timeline, &anywhere) {
            let expected = ask(&roster, at);
            let listed = engine::listing(&roster.team, rules(), &roster.duty, at).unwrap();
            prop_assert_eq!(&listed, &expected, "listing at {}: {} and not {}", at, shown(listed.as_ref()), shown(expected.as_ref()));
            let expected = expected.filter(|_| roster.window.contains(at));
            let listed = timeline.listing_at(at);
            prop_assert_eq!(&listed, &expected, "timeline at {}: {} and not {}", at, shown(listed.as_ref()), shown(expected.as_ref()));
        }
        prop_assert_eq!(timeline.listing_at(roster.window.end()), None);
    }

    #[test]
    fn every_change_is_at_a_change_point(roster in rosters()) {
        let points = timeline(&roster, roster.window).change_points();
        prop_assert!(points.windows(2).all(|pair| pair[0] < pair[1]), "in order, none twice");
        prop_assert!(points.iter().all(|at| roster.window.contains(*at)), "inside the window");
        let points: BTreeSet<Instant> = points.into_iter().collect();
        let slow = Slow::new(&roster.team, rules(), &roster.duty, roster.window);
        for pair in slow.pieces.windows(2).filter(|pair| pair[0].1 != pair[1].1) {
            prop_assert!(points.contains(&pair[1].0.start()), "{} is missed", pair[1].0.start());
        }
    }

    #[test]
    fn shifts_are_the_stretches_that_the_oracle_joins(roster in rosters()) {
        let slow = Slow::new(&roster.team, rules(), &roster.duty, roster.window);
        let timeline = timeline(&roster, roster.window);
        let shifts = timeline.shifts();
        let mut found: Vec<_> =
            shifts.iter().map(|shift| (shift.interval, shift.resident.clone(), shift.slot.clone())).collect();
        found.sort();
        prop_assert_eq!(found, slow.shifts());
        for shift in shifts {
            check_edges_of_shift(&roster, shift)?;
        }
    }

    #[test]
    fn gaps_are_where_the_oracle_misses_somebody(roster in rosters()) {
        let slow = Slow::new(&roster.team, rules(), &roster.duty, roster.window);
        let mut gaps = timeline(&roster, roster.window).gaps().to_vec();
        gaps.sort_by_key(|gap| gap.interval);
        let found: Vec<_> = gaps.iter().map(|gap| (gap.interval, gap.required, gap.present)).collect();
        let expected: Vec<_> =
            slow.missing().into_iter().map(|missing| (missing.interval, missing.required, missing.present)).collect();
        prop_assert_eq!(found, expected);
        for gap in &gaps {
            check_edges_of_gap(&roster, gap)?;
            check_causes(gap)?;
        }
    }

    #[test]
    fn no_handoff_is_lost_and_coverage_is_what_the_oracle_adds_up(roster in rosters()) {
        let (window, timeline) = (roster.window, timeline(&roster, roster.window));
        let slow = Slow::new(&roster.team, rules(), &roster.duty, window);
        let people = |listing: Option<Listing>| listing.map(|listing| listing.people()).unwrap_or_default();
        let (from, to) = (people(ask(&roster, window.start().plus(-1))), people(ask(&roster, window.start())));
        let first = Some((window.start(), from, to)).filter(|(_, from, to)| from != to);
        let expected: Vec<_> = first.into_iter().chain(slow.handoffs()).collect();
        let found: Vec<_> = timeline.handoffs().into_iter().map(|handoff| (handoff.at, handoff.from, handoff.to)).collect();
        prop_assert_eq!(found, expected);
        let coverage = timeline.coverage();
        prop_assert_eq!((coverage.required_seconds, coverage.met_seconds), slow.coverage());
    }

    #[test]
    fn gaps_and_met_coverage_partition_the_required_time(roster in rosters()) {
        let timeline = timeline(&roster, roster.window);
        let (gaps, coverage) = (timeline.gaps(), timeline.coverage());
        let lacking = |gap: &Gap| gap.interval.seconds() * i64::from(gap.required - gap.present);
        prop_assert_eq!(coverage.met_seconds + gaps.iter().map(lacking).sum::<i64>(), coverage.required_seconds);
        let together: IntervalSet = gaps.iter().map(|gap| gap.interval).collect();
        prop_assert_eq!(together.seconds(), gaps.iter().map(|gap| gap.interval.seconds()).sum::<i64>(), "gaps overlap");
        prop_assert_eq!(coverage.fraction().is_none(), coverage.required_seconds == 0);
    }

    #[test]
    fn no_two_shifts_nor_gaps_share_an_identity(roster in rosters()) {
        let month = Interval::new(roster.window.start().plus(-10 * 86_400), roster.window.end().plus(10 * 86_400)).unwrap();
        let timeline = timeline(&roster, month);
        let mut seen = BTreeMap::new();
        for shift in timeline.shifts() {
            if let Some(other) = seen.insert(shift.id(IdentityKey::default()), shift.clone()) {
                prop_assert!(false, "{:#?} and {:#?}", other, shift);
            }
        }
        let mut seen = BTreeMap::new();
        for gap in timeline.gaps() {
            if let Some(other) = seen.insert(gap.id(IdentityKey::default()), gap.clone()) {
                prop_assert!(false, "{:#?} and {:#?}", other, gap);
            }
        }
    }

    #[test]
    fn splitting_a_window_changes_nothing(roster in rosters(), fraction in 1_i64..1_000) {
        let (window, cut) = (roster.window, part_way(roster.window, fraction));
        let whole = timeline(&roster, window);
        let left = timeline(&roster, Interval::new(window.start(), cut).unwrap());
        let right = timeline(&roster, Interval::new(cut, window.end()).unwrap());
        prop_assert_eq!(glued_shifts(left.shifts(), right.shifts(), cut)?, told_shifts(whole.shifts()));
        prop_assert_eq!(glued_gaps(left.gaps(), right.gaps(), cut)?, told_gaps(whole.gaps()));
        let handoffs: Vec<_> = left.handoffs().into_iter().chain(right.handoffs()).collect();
        prop_assert_eq!(handoffs, whole.handoffs());
        let (a, b, all) = (left.coverage(), right.coverage(), whole.coverage());
        prop_assert_eq!(a.required_seconds + b.required_seconds, all.required_seconds);
        prop_assert_eq!(a.met_seconds + b.met_seconds, all.met_seconds);
    }

    #[test]
    fn identities_are_the_same_whatever_window_is_asked(
        roster in rosters(), start in 0_i64..900, hours in 1_i64..100,
    ) {
        let first = part_way(roster.window, start);
        let other = Interval::new(first, first.plus(hours * 3_600)).unwrap();
        let common = other.intersection(roster.window).unwrap();
        let (one, two) = (timeline(&roster, roster.window), timeline(&roster, other));
        prop_assert_eq!(clipped_shifts(one.shifts(), common), clipped_shifts(two.shifts(), common));
        prop_assert_eq!(clipped_gaps(one.gaps(), common), clipped_gaps(two.gaps(), common));
    }

    #[test]
    fn the_past_does_not_change_under_edits(roster in rosters(), edit in edits(), fraction in 1_i64..1_000) {
        let cut = part_way(roster.window, fraction);
        let past = Interval::new(roster.window.start(), cut).unwrap();
        let edited = edited(&roster, &edit, cut);
        let (before, after) = (timeline(&roster, past), timeline(&edited, past));
        prop_assert_eq!(clipped_shifts(before.shifts(), past), clipped_shifts(after.shifts(), past));
        prop_assert_eq!(clipped_gaps(before.gaps(), past), clipped_gaps(after.gaps(), past));
        prop_assert_eq!(before.handoffs(), after.handoffs());
        prop_assert_eq!(before.coverage(), after.coverage());
        let whole = timeline(&edited, roster.window);
        for at in edges(&roster.team, rules(), &roster.duty, past).into_iter().chain([cut.plus(-1)]) {
            prop_assert_eq!(before.listing_at(at), whole.listing_at(at), "at {}", at);
        }
    }

    #[test]
    fn hard_time_off_never_adds_coverage(
        roster in rosters(), who in 0_usize..5, start in 0_i64..900, hours in 1_i64..100,
    ) {
        // Where somebody softly off loses a place to an override it may; see the fact below.
        let roster = without_soft_covers(roster);
        let place = who % roster.team.residents.len();
        let who = roster.team.residents.keys().nth(place).unwrap().clone();
        let start = part_way(roster.window, start);
        let mut absent = roster.clone();
        add_hard_time_off(&mut absent.team, &who, Interval::new(start, start.plus(hours * 3_600)).unwrap());
        let (before, after) = (timeline(&roster, roster.window), timeline(&absent, roster.window));
        prop_assert_eq!(before.coverage().required_seconds, after.coverage().required_seconds);
        prop_assert!(after.coverage().met_seconds <= before.coverage().met_seconds);
        for at in edges(&absent.team, rules(), &roster.duty, roster.window) {
            let (present, left) = (numbers(before.listing_at(at).as_ref()).1, numbers(after.listing_at(at).as_ref()).1);
            prop_assert!(left <= present, "{} instead of {} at {}", left, present, at);
        }
    }

    #[test]
    fn what_entries_are_called_does_not_matter(roster in rosters()) {
        let renamed = Roster { team: with_other_ids(&roster.team), ..roster.clone() };
        let (one, two) = (timeline(&roster, roster.window), timeline(&renamed, roster.window));
        for at in edges(&roster.team, rules(), &roster.duty, roster.window) {
            prop_assert_eq!(one.listing_at(at), two.listing_at(at).map(with_ids_back), "at {}", at);
        }
    }
}

/// A shift begins where its resident was not in the slot before, and is cut where it goes on (semantics 4.6d, 4.7).
fn check_edges_of_shift(roster: &Roster, shift: &Shift) -> TestCaseResult {
    let stands = |at: Instant| stands(ask(roster, at).as_ref(), &shift.resident, &shift.slot);
    let (window, interval) = (roster.window, shift.interval);
    prop_assert!(shift.began <= interval.start());
    prop_assert!(shift.began == interval.start() || interval.start() == window.start(), "{:#?}", shift);
    prop_assert!(stands(shift.began), "is not on duty where it begins: {:#?}", shift);
    prop_assert!(shift.began == Instant::MIN || !stands(shift.began.plus(-1)), "begins earlier: {:#?}", shift);
    prop_assert_eq!(shift.truncated_end, interval.end() == window.end() && stands(window.end()), "{:#?}", shift);
    let listing = ask(roster, shift.began).unwrap();
    let place = listing.on_duty.iter().find(|place| place.resident == shift.resident).unwrap();
    prop_assert_eq!(&shift.by_override, &place.by_override);
    Ok(())
}

fn check_edges_of_gap(roster: &Roster, gap: &Gap) -> TestCaseResult {
    let pair = |at: Instant| numbers(ask(roster, at).as_ref());
    let (window, interval) = (roster.window, gap.interval);
    prop_assert!(gap.began == interval.start() || interval.start() == window.start(), "{:#?}", gap);
    prop_assert_eq!(pair(gap.began), (gap.required, gap.present), "{:#?}", gap);
    let same_after = pair(window.end()) == (gap.required, gap.present);
    prop_assert_eq!(gap.truncated_end, interval.end() == window.end() && same_after, "{:#?}", gap);
    if gap.opener == Opener::Standing {
        prop_assert!(gap.day.is_none());
        return Ok(());
    }
    prop_assert!(pair(gap.began.plus(-1)) != (gap.required, gap.present), "begins earlier: {:#?}", gap);
    let requirement = oracle::asks_most(&roster.team, rules(), &roster.duty, gap.began).unwrap();
    prop_assert_eq!(&gap.requirement, &requirement.id);
    let day = oracle::local_day(requirement.zone.zone(rules()).unwrap(), gap.began);
    prop_assert_eq!(gap.day, Some(day.date()));
    Ok(())
}

/// Each cause has its part of the gap, and every instant of the gap has a cause (semantics 5.1).
fn check_causes(gap: &Gap) -> TestCaseResult {
    prop_assert!(gap.causes.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, none twice: {:#?}", gap);
    let mut explained = IntervalSet::EMPTY;
    for (cause, part) in &gap.causes {
        prop_assert!(
            !part.is_empty() && part.intervals().iter().all(|part| gap.interval.encloses(*part)),
            "{:?}",
            cause
        );
        explained = explained.union(part);
    }
    prop_assert_eq!(explained, IntervalSet::from(gap.interval), "{:#?}", gap);
    Ok(())
}

/// What two answers about a shift must agree on: identity, who, when, since when, by which override.
type ToldShift = (Interval, String, ResidentId, Slot, Instant, Option<OverrideId>);

fn told_shift(shift: &Shift, interval: Interval) -> ToldShift {
    (
        interval,
        format!("{} {:?}", shift.id(IdentityKey::default()), shift.opener),
        shift.resident.clone(),
        shift.slot.clone(),
        shift.began,
        shift.by_override.clone(),
    )
}

fn told_shifts(shifts: &[Shift]) -> Vec<ToldShift> {
    let mut told: Vec<ToldShift> = shifts.iter().map(|shift| told_shift(shift, shift.interval)).collect();
    told.sort();
    told
}

fn clipped_shifts(shifts: &[Shift], window: Interval) -> Vec<ToldShift> {
    let clipped = shifts.iter().filter_map(|shift| Some(told_shift(shift, shift.interval.intersection(window)?)));
    let mut told: Vec<ToldShift> = clipped.collect();
    told.sort();
    told
}

fn glued_shifts(left: &[Shift], right: &[Shift], cut: Instant) -> Result<Vec<ToldShift>, TestCaseError> {
    let mut right = right.to_vec();
    let mut glued = Vec::new();
    for shift in left {
        let goes_on = |other: &Shift| {
            other.interval.start() == cut
                && other.began < cut
                && other.id(IdentityKey::default()) == shift.id(IdentityKey::default())
        };
        let rest = right.iter().position(goes_on).map(|index| right.remove(index));
        prop_assert_eq!(shift.truncated_end, rest.is_some(), "{:#?}", shift);
        let end = rest.as_ref().map_or(shift.interval.end(), |rest| rest.interval.end());
        if let Some(rest) = rest {
            prop_assert_eq!((&rest.resident, rest.began), (&shift.resident, shift.began));
        }
        glued.push(told_shift(shift, Interval::new(shift.interval.start(), end).unwrap()));
    }
    prop_assert!(right.iter().all(|shift| !shift.truncated_start()), "a shift goes on that did not begin");
    glued.extend(told_shifts(&right));
    glued.sort();
    Ok(glued)
}

/// What two answers about a gap must agree on: identity, when, since when, how many.
type ToldGap = (Interval, String, Option<Instant>, u32, u32);

fn told_gap(gap: &Gap, interval: Interval) -> ToldGap {
    // How far back a standing gap was looked for depends on the window.
    let began = Some(gap.began).filter(|_| gap.opener != Opener::Standing);
    (interval, format!("{} {:?}", gap.id(IdentityKey::default()), gap.opener), began, gap.required, gap.present)
}

fn told_gaps(gaps: &[Gap]) -> Vec<ToldGap> {
    let mut told: Vec<ToldGap> = gaps.iter().map(|gap| told_gap(gap, gap.interval)).collect();
    told.sort();
    told
}

fn clipped_gaps(gaps: &[Gap], window: Interval) -> Vec<ToldGap> {
    let clipped = gaps.iter().filter_map(|gap| Some(told_gap(gap, gap.interval.intersection(window)?)));
    let mut told: Vec<ToldGap> = clipped.collect();
    told.sort();
    told
}

fn glued_gaps(left: &[Gap], right: &[Gap], cut: Instant) -> Result<Vec<ToldGap>, TestCaseError> {
    let mut right = right.to_vec();
    let mut glued = Vec::new();
    for gap in left {
        let goes_on = |other: &Gap| {
            other.interval.start() == cut
                && other.began < cut
                && other.id(IdentityKey::default()) == gap.id(IdentityKey::default())
        };
        let rest = right.iter().position(goes_on).map(|index| right.remove(index));
        prop_assert_eq!(gap.truncated_end, rest.is_some(), "{:#?}", gap);
        let end = rest.as_ref().map_or(gap.interval.end(), |rest| rest.interval.end());
        glued.push(told_gap(gap, Interval::new(gap.interval.start(), end).unwrap()));
    }
    prop_assert!(right.iter().all(|gap| !gap.truncated_start()), "a gap goes on that did not begin");
    glued.extend(told_gaps(&right));
    glued.sort();
    Ok(glued)
}

fn edited(roster: &Roster, edit: &EditPlan, from: Instant) -> Roster {
    let mut edited = roster.clone();
    edit.apply(&mut edited.team, &roster.duty, from);
    edited
}

fn without_soft_covers(mut roster: Roster) -> Roster {
    let overrides = roster.team.overrides.values().map(|entry| &entry.value.form);
    let covering: BTreeSet<ResidentId> = overrides.filter_map(OverrideForm::by).cloned().collect();
    let stays =
        |entry: &Entered<TimeOff>| entry.value.effect != Effect::Soft || !covering.contains(&entry.value.resident);
    let time_off = roster.team.time_off.iter().filter(|(_, entry)| stays(entry));
    roster.team.time_off = time_off.map(|(id, entry)| (id.clone(), entry.clone())).collect();
    roster
}

fn add_hard_time_off(team: &mut TeamSnapshot, who: &ResidentId, interval: Interval) {
    let span = Span::Instants { start: interval.start(), end: Some(interval.end()) };
    let value = TimeOff {
        resident: who.clone(),
        span,
        effect: Effect::Hard,
        recurrence: None,
        cuts: Vec::new(),
        ended: None,
        imported: None,
    };
    team.time_off.insert(TimeOffId::new("added").unwrap(), Entered { meta: meta(1_000), value });
}

/// Ids sort the other way round: a digit becomes its complement.
fn turned(id: &str) -> String {
    id.chars().map(|c| c.to_digit(10).map_or(c, |digit| char::from_digit(9 - digit, 10).unwrap())).collect()
}

fn with_other_ids(team: &TeamSnapshot) -> TeamSnapshot {
    let mut renamed = team.clone();
    let overrides = team.overrides.iter();
    renamed.overrides =
        overrides.map(|(id, entry)| (OverrideId::new(&turned(id.as_str())).unwrap(), entry.clone())).collect();
    let time_off = team.time_off.iter();
    renamed.time_off =
        time_off.map(|(id, entry)| (TimeOffId::new(&turned(id.as_str())).unwrap(), entry.clone())).collect();
    renamed
}

fn with_ids_back(mut listing: Listing) -> Listing {
    let back = |id: &OverrideId| OverrideId::new(&turned(id.as_str())).unwrap();
    for place in &mut listing.on_duty {
        place.by_override = place.by_override.as_ref().map(back);
        if let Slot::Override(id) = &place.slot {
            place.slot = Slot::Override(back(id));
        }
    }
    listing
}

#[test]
fn hard_time_off_adds_somebody_where_a_soft_place_would_have_been_lost() {
    let build = Build::new("UTC").residents("asa bo cy dee").duty("d").everybody();
    let build = build.weekly("bo cy", "2026-03-02 00:00").next_participant();
    let build = build.weekly("asa dee", "2026-03-02 00:00").next_participant();
    let build = build.soft("bo", "2026-03-03").soft("cy", "2026-03-03").covers_for("bo", "asa", "2026-03-03");
    let at = instant("2026-03-03 12:00", "UTC");
    let listed = |build: &Build| shown(oracle::at(build.team(), rules(), &duty("d"), at).as_ref());
    // bo takes asa's place and leaves an own one behind, which stays empty; an absent bo is replaced in both.
    assert_eq!(listed(&build), "bo@l2#0!o1 +cy +dee");
    assert_eq!(listed(&build.off("bo", "2026-03-03")), "dee@l2#0 cy@l1#0");
}
