//! What a change makes different against what was and what is (semantics 3.6), on random rosters and edits.

use std::collections::BTreeSet;

use onduty::civil::Instant;
use onduty::engine;
use onduty::model::ResidentId;
use proptest::prelude::*;

use super::arbitrary::{config, rosters};
use super::edges::edges;
use super::edit::edits;
use super::oracle;
use super::terse::rules;

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn what_is_told_to_be_different_is_and_nothing_else(
        roster in rosters(), edit in edits(), fraction in 0_i64..1_000,
    ) {
        let window = roster.window;
        let from = window.start().plus(window.seconds() * fraction / 1_000);
        let mut after = roster.team.clone();
        edit.apply(&mut after, &roster.duty, from);
        let found = engine::differences(&roster.team, &after, rules(), window).unwrap();
        let points: BTreeSet<Instant> = [&roster.team, &after]
            .into_iter()
            .flat_map(|team| edges(team, rules(), &roster.duty, window))
            .chain(found.on_duty.iter().flat_map(|other| [other.interval.start(), other.interval.end().plus(-1)]))
            .filter(|at| window.contains(*at))
            .collect();
        let thin = points.len().div_ceil(200).max(1);
        for at in points.into_iter().step_by(thin) {
            let [was, is] = [&roster.team, &after]
                .map(|team| oracle::at(team, rules(), &roster.duty, at).unwrap_or_default());
            let told: Vec<_> = found.on_duty.iter().filter(|other| other.interval.contains(at)).collect();
            prop_assert!(told.len() <= 1, "one duty is told once at {}", at);
            let different: Option<(BTreeSet<ResidentId>, BTreeSet<ResidentId>)> =
                told.first().map(|other| (other.before.clone(), other.after.clone()));
            let expected = (was.people() != is.people()).then(|| (was.people(), is.people()));
            prop_assert_eq!(different, expected, "people at {}", at);
            let missing = |listing: &engine::Listing| listing.required.saturating_sub(listing.present());
            let gap = found.gaps.iter().find(|other| other.interval.contains(at));
            let told = gap.map(|other| (other.missing_before, other.missing_after));
            let expected = (missing(&was), missing(&is));
            prop_assert_eq!(told, (expected.0 != expected.1).then_some(expected), "missing at {}", at);
        }
        for pair in found.on_duty.windows(2) {
            let goes_on = pair[0].interval.end() == pair[1].interval.start();
            prop_assert!(!goes_on || (&pair[0].before, &pair[0].after) != (&pair[1].before, &pair[1].after));
        }
    }
}
