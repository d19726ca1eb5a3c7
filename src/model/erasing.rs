//! When kinds and notes of time off are due to be erased (semantics 8.2).

use super::{TeamSnapshot, TimeOff, TimeOffId};
use crate::civil::{Instant, Interval, ZoneRules};

/// Returns the entries of `team` whose kind and note are to be erased at `now`: all of the absence has been over for
/// `seconds`, every instance of a recurring one.
///
/// What never ends is never due, and neither is an entry in a zone that `rules` lacks: nobody knows when it is.
#[must_use]
pub fn due_for_erasing(team: &TeamSnapshot, rules: &ZoneRules, now: Instant, seconds: i64) -> Vec<TimeOffId> {
    let since = now.plus(-seconds);
    let kept = team.time_off.iter().filter(|(id, _)| team.time_off_private.contains_key(*id));
    kept.filter(|(_, entry)| is_over(&entry.value, since, rules)).map(|(id, _)| id.clone()).collect()
}

/// Tells whether nothing of an entry happens at or after `since`, and it was to begin by then.
fn is_over(entry: &TimeOff, since: Instant, rules: &ZoneRules) -> bool {
    let begins = entry.span.start(rules).is_ok_and(|start| start <= since);
    let rest = Interval::new(since, Instant::MAX);
    begins && rest.is_some_and(|rest| entry.happens_in(rest, rules).is_ok_and(|happens| !happens))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::Recurrence;
    use crate::model::{
        Effect, Entered, Made, Meta, Object, Origin, ResidentId, Span, TeamId, TimeOffKind, TimeOffPrivate, ZoneName,
    };
    use proptest::prelude::*;

    const DAY: i64 = 86_400;

    fn team(entry: TimeOff) -> TeamSnapshot {
        let (made, time) = (Made { revision: 1, position: 0 }, Instant::from_seconds(0));
        let meta = Meta { created: made, create_time: time, updated: made, update_time: time, origin: Origin::Entered };
        let id = TimeOffId::new("off").unwrap();
        let private = TimeOffPrivate { kind: TimeOffKind::Sick, note: String::new() };
        let mut team = TeamSnapshot::empty(TeamId::new("core").unwrap());
        team.put(Object::TimeOff(id.clone(), Entered { meta, value: entry }));
        team.put(Object::TimeOffPrivate(id, Entered { meta, value: private }));
        team
    }

    fn entry(last: Option<jiff::civil::Date>, rule: Option<&str>) -> TimeOff {
        TimeOff {
            resident: ResidentId::new("asa").unwrap(),
            span: Span::Days { first: jiff::civil::date(2026, 3, 1), last, zone: ZoneName::new("Europe/Warsaw") },
            effect: Effect::Hard,
            recurrence: rule.map(|rule| Recurrence { rule: rule.to_owned(), except: Vec::new() }),
            cuts: Vec::new(),
            ended: None,
            imported: None,
        }
    }

    #[test]
    fn what_never_ends_is_never_due_and_once_it_was_ended_it_is() {
        let rules = ZoneRules::bundled().unwrap();
        let first = jiff::civil::date(2026, 3, 1);
        let late: Instant = "2199-01-01T00:00:00Z".parse().unwrap();
        for open in [entry(None, None), entry(Some(first), Some("FREQ=WEEKLY"))] {
            assert!(due_for_erasing(&team(open.clone()), &rules, late, 90 * DAY).is_empty());
            let ended: Instant = "2026-04-01T12:00:00Z".parse().unwrap();
            let closed = team(TimeOff { ended: Some(ended), ..open });
            assert_eq!(due_for_erasing(&closed, &rules, late, 90 * DAY).len(), 1);
        }
    }

    #[test]
    fn what_is_erased_already_is_not_due() {
        let mut team = team(entry(Some(jiff::civil::date(2026, 3, 1)), None));
        team.time_off_private.clear();
        let late = "2030-01-01T00:00:00Z".parse().unwrap();
        assert!(due_for_erasing(&team, &ZoneRules::bundled().unwrap(), late, 0).is_empty());
    }

    proptest! {
        #[test]
        fn a_daily_run_erases_at_the_first_run_after_the_time_is_over_and_not_before(
            days in 0_i32..20,
            rule in prop::option::of(prop::sample::select(vec!["FREQ=DAILY;COUNT=5", "FREQ=WEEKLY;COUNT=9"])),
            ended in prop::option::of(0..120 * DAY),
            after in 0..100_i64,
            first_run in -DAY..DAY,
        ) {
            let rules = ZoneRules::bundled().unwrap();
            let first = crate::civil::Day::from(jiff::civil::date(2026, 3, 1));
            let mut entry = entry(Some(first.plus(days).date()), rule);
            let begin = entry.span.start(&rules).unwrap();
            entry.ended = ended.map(|seconds| begin.plus(seconds));
            let all = Interval::new(begin.plus(-400 * DAY), begin.plus(400 * DAY)).unwrap();
            let instances = entry.instances(all, &rules).unwrap();
            let over = instances.iter().map(|instance| instance.interval.end()).max().unwrap_or(begin);
            let team = team(entry);
            let runs = (0..500).map(|day| begin.plus(first_run + day * DAY));
            let mut erased = runs.filter(|now| !due_for_erasing(&team, &rules, *now, after * DAY).is_empty());
            let erased = erased.next().unwrap();
            let due = over.plus(after * DAY);
            prop_assert!(erased >= due && (erased < due.plus(DAY) || erased == begin.plus(first_run)), "{erased} {due}");
        }
    }
}
