//! The load of a period against its definition (semantics 6.2 and 6.3), on random rosters.

use onduty::civil::{Instant, Interval};
use onduty::engine::{self, Ledger, LoadHours, ResidentLoad};
use onduty::model::ResidentId;
use proptest::prelude::*;

use super::arbitrary::{Roster, config, rosters};
use super::edges::edges;
use super::oracle;
use super::terse::rules;

fn load(roster: &Roster, period: Interval) -> Ledger {
    engine::load(&roster.team, rules(), period, &[]).unwrap()
}

fn of<'a>(ledger: &'a Ledger, id: &ResidentId) -> Option<&'a ResidentLoad> {
    ledger.residents.iter().find(|load| load.resident == *id)
}

fn part_way(window: Interval, fraction: i64) -> Instant {
    window.start().plus(window.seconds() * fraction / 1_000)
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn a_second_on_duty_is_of_the_class_that_the_rules_say(
        roster in rosters(), anywhere in prop::collection::vec(0_i64..1_000, 24),
    ) {
        let edges: Vec<Instant> = edges(&roster.team, rules(), &roster.duty, roster.window);
        let thin = edges.len().div_ceil(24).max(1);
        let near = edges.iter().step_by(thin).flat_map(|at| [at.plus(-1), *at]);
        for at in near.chain(anywhere.iter().map(|fraction| part_way(roster.window, *fraction))) {
            let ledger = load(&roster, Interval::new(at, at.plus(1)).unwrap());
            let listing = oracle::at(&roster.team, rules(), &roster.duty, at).unwrap_or_default();
            for id in roster.team.residents.keys() {
                let counted = of(&ledger, id).map(|load| load.hours).unwrap_or_default();
                let on_duty = listing.on_duty.iter().any(|place| place.resident == *id);
                prop_assert_eq!(counted.seconds(), i64::from(on_duty), "{} at {}", id, at);
                if on_duty {
                    let class = oracle::load_class(&roster.team, rules(), &roster.duty, id, at);
                    prop_assert_eq!(counted.of(class), 1, "{} at {} is {:?}: {:?}", id, at, class, counted);
                }
                let standby = of(&ledger, id).map_or(0, |load| load.standby_seconds);
                prop_assert_eq!(standby, i64::from(listing.standby.contains(id)), "standby of {} at {}", id, at);
            }
        }
    }

    #[test]
    fn two_periods_that_touch_count_what_one_over_both_counts(roster in rosters(), fraction in 1_i64..1_000) {
        let window = roster.window;
        let cut = part_way(window, fraction);
        let parts = [Interval::new(window.start(), cut), Interval::new(cut, window.end())];
        let parts: Vec<Ledger> = parts.into_iter().flatten().map(|part| load(&roster, part)).collect();
        let whole = load(&roster, window);
        for resident in &whole.residents {
            let parts: Vec<_> = parts.iter().filter_map(|part| of(part, &resident.resident)).collect();
            let sum = |seconds: fn(&ResidentLoad) -> i64| parts.iter().map(|load| seconds(load)).sum::<i64>();
            let classes: [fn(&LoadHours) -> i64; 5] = [
                |hours| hours.holiday_seconds,
                |hours| hours.weekend_seconds,
                |hours| hours.night_seconds,
                |hours| hours.evening_seconds,
                |hours| hours.working_seconds,
            ];
            for class in classes {
                let both: i64 = parts.iter().map(|load| class(&load.hours)).sum();
                prop_assert_eq!(both, class(&resident.hours), "{}", &resident.resident);
            }
            prop_assert_eq!(sum(|load| load.standby_seconds), resident.standby_seconds);
            prop_assert_eq!(sum(|load| load.available_seconds), resident.available_seconds);
        }
    }

    #[test]
    fn the_hours_add_up_to_those_of_the_timeline(roster in rosters()) {
        let ledger = load(&roster, roster.window);
        let timeline = engine::timeline(&roster.team, rules(), &roster.duty, roster.window).unwrap();
        let shifts: i64 = timeline.shifts().iter().map(|shift| shift.interval.seconds()).sum();
        prop_assert_eq!(ledger.seconds(), shifts, "nobody is on one duty twice at a time");
        let shares: i64 = ledger.residents.iter().map(|load| load.share_seconds).sum();
        let anybody = ledger.residents.iter().any(|load| load.available_seconds > 0);
        prop_assert_eq!(shares, if anybody { ledger.seconds() } else { 0 });
        for load in &ledger.residents {
            let duties: i64 = load.duties.iter().map(|(_, hours)| hours.seconds()).sum();
            prop_assert_eq!(duties, load.hours.seconds(), "of one duty");
        }
    }
}
