//! Checks that whoever and whatever is named has not ended by the time it is named for.
//!
//! What an object named before may stay: people leave and their tasks, notes and places in an order are still there to
//! be changed. What is entered for the past may name whoever was there then (semantics 3.5e).

use std::collections::{BTreeMap, BTreeSet};

use super::Violations;
use crate::civil::{Instant, Interval, ZoneRules};
use crate::model::{
    DutyId, HandoffNote, Layer, LayerId, Override, ResidentId, Source, Span, Task, TeamSnapshot, TimeOff, Versions,
};

/// Adds the people whom a layer newly names although they have ended by `from`, from when the layers hold.
///
/// `order` is the duty's, `before` its layers as they were; whom they name at `from` or later may stay.
pub fn check_layers_presence(
    order: &[LayerId],
    layers: &BTreeMap<LayerId, Layer>,
    before: &BTreeMap<LayerId, Versions<Layer>>,
    from: Instant,
    team: &TeamSnapshot,
    violations: &mut Violations,
) {
    let rest = Interval::new(from, Instant::MAX);
    for (index, id) in order.iter().enumerate() {
        let Some(layer) = layers.get(id) else { continue };
        let before = rest.and_then(|rest| Some(before.get(id)?.within(rest)));
        let named: BTreeSet<&ResidentId> =
            before.into_iter().flatten().flat_map(|(.., layer)| people_of(layer)).collect();
        let field = match layer.source {
            Source::Rotation(_) => "rotation.participants",
            Source::Pool(_) => "pool.members",
        };
        violations.within(format!("layers[{index}]"), |violations| {
            for (field, people) in [(field, layer.source.people()), ("shadows", &layer.shadows)] {
                for (index, person) in people.iter().enumerate().filter(|(_, person)| !named.contains(person)) {
                    resident(&format!("{field}[{index}]"), person, from, team, violations);
                }
            }
        });
    }
}

fn people_of(layer: &Layer) -> impl Iterator<Item = &ResidentId> {
    layer.source.people().iter().chain(&layer.shadows)
}

/// Adds the duty and the people of an override that have ended by its start, unless it named them for the same span
/// `before`.
pub fn check_override_presence(
    entry: &Override,
    before: Option<&Override>,
    team: &TeamSnapshot,
    rules: &ZoneRules,
    violations: &mut Violations,
) {
    let Some(start) = start(&entry.span, rules) else { return };
    let before = before.filter(|before| before.span == entry.span);
    if before.is_none_or(|before| before.duty != entry.duty) {
        duty("duty", &entry.duty, start, team, violations);
    }
    let named =
        |id: &ResidentId| before.is_some_and(|before| before.form.by() == Some(id) || before.form.owner() == Some(id));
    for (field, id) in [("by_resident", entry.form.by()), ("for_resident", entry.form.owner())] {
        if let Some(id) = id.filter(|id| !named(id)) {
            resident(field, id, start, team, violations);
        }
    }
}

/// Adds the person of an entry of time off if they have ended by its start, unless it was theirs for the same span
/// `before`.
pub fn check_time_off_presence(
    entry: &TimeOff,
    before: Option<&TimeOff>,
    team: &TeamSnapshot,
    rules: &ZoneRules,
    violations: &mut Violations,
) {
    let same = before.is_some_and(|before| before.span == entry.span && before.resident == entry.resident);
    if let Some(start) = start(&entry.span, rules).filter(|_| !same) {
        resident("resident", &entry.resident, start, team, violations);
    }
}

/// Adds the duty and the people of a task that have ended by `now`, or by the time it was due if that is over, unless
/// it named them `before`.
pub fn check_task_presence(
    task: &Task,
    before: Option<&Task>,
    now: Instant,
    team: &TeamSnapshot,
    rules: &ZoneRules,
    violations: &mut Violations,
) {
    let due = task.due.as_ref().and_then(|due| due.instant(rules).ok());
    let at = due.map_or(now, |due| due.plus(-1).min(now));
    let before_duty = before.and_then(|before| before.duty.as_ref());
    if let Some(id) = task.duty.as_ref().filter(|id| before_duty != Some(id)) {
        duty("duty", id, at, team, violations);
    }
    let named = |id: &ResidentId| {
        before.is_some_and(|before| before.assignee.as_ref() == Some(id) || before.deputy.as_ref() == Some(id))
    };
    for (field, id) in [("assignee", &task.assignee), ("deputy", &task.deputy)] {
        if let Some(id) = id.as_ref().filter(|id| !named(id)) {
            resident(field, id, at, team, violations);
        }
    }
}

/// Adds the duty of a handoff note that has ended by its time.
pub fn check_handoff_note_presence(note: &HandoffNote, team: &TeamSnapshot, violations: &mut Violations) {
    duty("duty", &note.duty, note.time, team, violations);
}

/// From when an entry holds; `None` where its zone is unknown, which is told elsewhere.
fn start(span: &Span, rules: &ZoneRules) -> Option<Instant> {
    span.start(rules).ok()
}

pub(super) fn resident(field: &str, id: &ResidentId, at: Instant, team: &TeamSnapshot, violations: &mut Violations) {
    let ended = team.residents.get(id).and_then(|resident| ended_by(&resident.versions, at));
    if let Some(since) = ended {
        let reason = format!("'{id}' has left: they are no resident since {since}; name somebody who is there at {at}");
        violations.add(field, reason);
    }
}

fn duty(field: &str, id: &DutyId, at: Instant, team: &TeamSnapshot, violations: &mut Violations) {
    let ended = team.duties.get(id).and_then(|duty| ended_by(&duty.versions, at));
    if let Some(since) = ended {
        violations.add(field, format!("'{id}' has ended: it is no duty since {since}; name one that is there at {at}"));
    }
}

/// Since when nothing is in effect any more at `at` or planned for later.
fn ended_by<T>(versions: &Versions<T>, at: Instant) -> Option<Instant> {
    let last = versions.list().last().filter(|_| !versions.goes_on(at))?;
    Some(last.from)
}
