//! Undoing over random rosters and random changes (semantics 9.2): what was to be is again, and what was stays.

use std::collections::BTreeSet;

use onduty::civil::{Instant, Interval};
use onduty::engine::{self, Timeline};
use onduty::model::{DutyId, IdentityKey, Object, ObjectKey, Span, TeamSnapshot};
use onduty::roster::{Change, ChangeSet, Fingerprint, LogEntry, LoggedChange, Refusal, undo};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::arbitrary::{Roster, config, rosters};
use super::edges::edges;
use super::edit::{EditPlan, edits};
use super::terse::rules;

/// A random change of a team.
#[derive(Clone, Debug)]
enum Step {
    /// An edit of configuration.
    Edit(EditPlan),
    /// An override or an entry of time off goes; which, of those that there are.
    Remove(u8),
    /// One is moved by so many hours.
    Move(u8, i64),
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => edits().prop_map(Step::Edit),
        1 => any::<u8>().prop_map(Step::Remove),
        1 => (any::<u8>(), 1_i64..40).prop_map(|(which, hours)| Step::Move(which, hours)),
    ]
}

/// A team, and what its log says of its last change.
struct Life {
    team: TeamSnapshot,
    last: LogEntry,
}

impl Life {
    /// Makes a change at `time`.
    fn change(team: &TeamSnapshot, time: Instant, changes: &ChangeSet) -> Self {
        let mut after = TeamSnapshot { revision: team.revision + 1, ..team.clone() };
        for (key, object) in changes.iter() {
            match object {
                Some(object) => after.put(object.clone()),
                None => after.remove(key),
            }
        }
        let logged = |(key, after): (&ObjectKey, Option<&Object>)| LoggedChange {
            key: key.clone(),
            before: team.get(key),
            after: after.cloned(),
        };
        let last = LogEntry {
            revision: after.revision,
            time,
            actor: "asa".to_owned(),
            on_behalf_of: None,
            request_id: uuid::Uuid::nil(),
            fingerprint: Fingerprint::of(b""),
            tzdb_version: String::new(),
            title: "change".to_owned(),
            changes: changes.iter().map(logged).collect(),
        };
        Self { team: after, last }
    }

    fn step(team: &TeamSnapshot, duty: &DutyId, step: &Step, time: Instant, from: Instant) -> Self {
        let mut changes = ChangeSet::default();
        let entries = || {
            let covers = team.overrides.keys().cloned().map(ObjectKey::Override);
            covers.chain(team.time_off.keys().cloned().map(ObjectKey::TimeOff)).collect::<Vec<_>>()
        };
        let pick = |which: u8| entries().get(usize::from(which) % entries().len().max(1)).cloned();
        match step {
            Step::Edit(plan) => {
                let mut after = team.clone();
                plan.apply(&mut after, duty, from);
                let differs = |object: &Object| team.get(&object.key()).as_ref() != Some(object);
                after.objects().filter(differs).for_each(|object| changes.put(object));
            }
            Step::Remove(which) => {
                pick(*which).into_iter().for_each(|key| changes.remove(key));
            }
            Step::Move(which, hours) => {
                pick(*which).and_then(|key| moved(team.get(&key)?, *hours)).into_iter().for_each(|it| changes.put(it));
            }
        }
        Self::change(team, time, &changes)
    }

    fn undo(&self, time: Instant) -> Result<Self, Refusal> {
        let change = Change { revision: self.team.revision + 1, time };
        undo(&self.team, &self.last, change, rules()).map(|changes| Self::change(&self.team, time, &changes))
    }
}

/// An entry that is stated for later; what recurs, or is stated in days, stays.
fn moved(object: Object, hours: i64) -> Option<Object> {
    let later = |span: Span| match span {
        Span::Instants { start, end } => {
            Some(Span::Instants { start: start.plus(hours * 3_600), end: end.map(|end| end.plus(hours * 3_600)) })
        }
        _ => None,
    };
    match object {
        Object::Override(id, mut entry) => {
            entry.value.span = later(entry.value.span)?;
            Some(Object::Override(id, entry))
        }
        Object::TimeOff(id, mut entry) => {
            entry.value.span = later(entry.value.span)?;
            Some(Object::TimeOff(id, entry))
        }
        _ => None,
    }
}

fn timeline(team: &TeamSnapshot, roster: &Roster, window: Interval) -> Timeline {
    engine::timeline(team, rules(), &roster.duty, window).unwrap()
}

fn part_way(window: Interval, fraction: i64) -> Instant {
    window.start().plus(window.seconds() * fraction / 1_000)
}

/// Whether two teams have the same people on duty, in the same places, all through `window`.
fn same(roster: &Roster, one: &TeamSnapshot, two: &TeamSnapshot, window: Interval) -> TestCaseResult {
    let (left, right) = (timeline(one, roster, window), timeline(two, roster, window));
    let both = [one, two].into_iter().flat_map(|team| edges(team, rules(), &roster.duty, window));
    for at in both.collect::<BTreeSet<_>>() {
        prop_assert_eq!(left.listing_at(at), right.listing_at(at), "at {}", at);
    }
    prop_assert_eq!(left.coverage(), right.coverage());
    // Names go by what began: a day whose working hours, say, were interrupted has more pieces than before.
    let named = |timeline: &Timeline| {
        let later = timeline.shifts().iter().filter(|shift| shift.began > window.start().plus(3 * 86_400));
        later.map(|shift| (shift.began, shift.id(IdentityKey::default()))).collect::<BTreeSet<_>>()
    };
    prop_assert_eq!(named(&left), named(&right));
    Ok(())
}

fn is_over(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::NotUndoable { .. })
}

proptest! {
    #![proptest_config(config(100))]

    #[test]
    fn what_is_undone_is_from_then_on_as_it_was_to_be_and_an_undo_of_that_does_it_again(
        roster in rosters(),
        step in steps(),
        times in (0_i64..900, 0_i64..400, 0_i64..400, 0_i64..400),
    ) {
        let (window, before) = (roster.window, &roster.team);
        let made = part_way(window, times.0);
        let from = made.plus(window.seconds() * times.1 / 1_000);
        let undone = made.plus(window.seconds() * times.2 / 1_000);
        let again = undone.plus(window.seconds() * times.3 / 1_000);
        let changed = Life::step(before, &roster.duty, &step, made, from);
        let back = match changed.undo(undone) {
            Ok(back) => back,
            Err(refusal) => {
                prop_assert!(is_over(&refusal), "{:?}", refusal);
                return Ok(());
            }
        };
        let end = window.end().plus(2 * window.seconds());
        let (whole, rest) = (Interval::new(window.start(), end).unwrap(), Interval::new(undone, end).unwrap());
        same(&roster, before, &back.team, rest)?;
        let entered = !matches!(step, Step::Edit(_));
        if entered || from >= undone {
            same(&roster, before, &back.team, whole)?;
        }
        if let Some(past) = Interval::new(window.start(), undone).filter(|_| !entered) {
            same(&roster, &changed.team, &back.team, past)?;
        }
        let shifts = timeline(&back.team, &roster, whole);
        let names: BTreeSet<_> = shifts.shifts().iter().map(|shift| shift.id(IdentityKey::default())).collect();
        prop_assert_eq!(names.len(), shifts.shifts().len(), "two shifts have one name");
        match back.undo(again) {
            Ok(redone) => same(&roster, &changed.team, &redone.team, Interval::new(again, end).unwrap())?,
            Err(refusal) => prop_assert!(is_over(&refusal), "{:?}", refusal),
        }
    }

    #[test]
    fn several_changes_are_undone_the_last_one_first(
        roster in rosters(),
        steps in prop::collection::vec(steps(), 2..5),
        start in 0_i64..900,
    ) {
        let at = part_way(roster.window, start);
        let mut lives: Vec<Life> = Vec::new();
        for step in &steps {
            let team = lives.last().map_or(&roster.team, |life| &life.team);
            let life = Life::step(team, &roster.duty, step, at, at);
            lives.push(life);
        }
        let mut team = lives.last().unwrap().team.clone();
        let later = at.plus(3_600);
        for life in lives.iter().rev() {
            let walking = Life { team: team.clone(), last: life.last.clone() };
            match walking.undo(later) {
                Ok(back) => team = back.team,
                Err(refusal) => prop_assert!(is_over(&refusal), "{:?}", refusal),
            }
        }
        let rest = Interval::new(later, later.plus(2 * roster.window.seconds())).unwrap();
        same(&roster, &roster.team, &team, rest)?;
    }
}
