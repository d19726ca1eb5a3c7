//! Checks of overrides, time off and tasks.

use super::{NAME_MAX, TEXT_MAX, Violations, suggestion};
use crate::civil::{Instant, ZoneRules};
use crate::model::{DutyId, Effect, Override, OverrideForm, Task, TeamSnapshot, TimeOff, TimeOffPrivate};

/// Adds what is wrong with an override.
///
/// Whoever covers must have the duty's skills as they are at its start, unless it is forced (semantics 4.3).
pub fn check_override(entry: &Override, team: &TeamSnapshot, rules: &ZoneRules, violations: &mut Violations) {
    check_duty_reference(&entry.duty, team, violations);
    let people = [("by_resident", entry.form.by()), ("for_resident", entry.form.owner())];
    for (field, id) in people.into_iter().filter_map(|(field, id)| Some((field, id?))) {
        violations.resident(field, id, team);
    }
    if let OverrideForm::Replace { by, owner } = &entry.form
        && by == owner
    {
        violations.add("by_resident", format!("'{by}' cannot cover for themselves; name somebody else, or nobody"));
    }
    violations.within("span", |violations| {
        violations.span(&entry.span, rules);
        if entry.span.is_open() {
            violations.add("", "has no end; an override needs one");
        }
    });
    if let Some(at) = entry.span.interval(rules).ok().flatten().map(|interval| interval.start()) {
        check_skills(entry, at, team, violations);
    }
}

fn check_duty_reference(id: &DutyId, team: &TeamSnapshot, violations: &mut Violations) {
    if !team.duties.contains_key(id) {
        violations.add("duty", format!("there is no duty '{id}'{}", suggestion(id.as_str(), team.duties.keys())));
    }
}

fn check_skills(entry: &Override, at: Instant, team: &TeamSnapshot, violations: &mut Violations) {
    let Some(by) = entry.form.by().filter(|_| !entry.forced) else { return };
    let duty = team.duties.get(&entry.duty).and_then(|duty| duty.versions.at(at).map(|(_, duty)| duty));
    let resident = team.residents.get(by).and_then(|resident| resident.versions.at(at).map(|(_, person)| person));
    let (Some(duty), Some(resident)) = (duty, resident) else { return };
    for skill in duty.skills.iter().filter(|skill| !resident.skills.contains(skill)) {
        violations.add("by_resident", format!("'{by}' lacks the skill '{skill}'; force it if they can cover anyway"));
    }
}

/// Adds what is wrong with an entry of time off and its private part.
pub fn check_time_off(
    entry: &TimeOff,
    private: Option<&TimeOffPrivate>,
    team: &TeamSnapshot,
    rules: &ZoneRules,
    violations: &mut Violations,
) {
    violations.resident("resident", &entry.resident, team);
    violations.within("span", |violations| violations.span(&entry.span, rules));
    if let Effect::WorkingElsewhere { zone } = &entry.effect {
        violations.zone("elsewhere_zone", zone, rules);
    }
    if let Some(private) = private {
        violations.text("note", &private.note, TEXT_MAX);
    }
    let Some(recurrence) = &entry.recurrence else { return };
    if entry.span.is_open() {
        violations.add("recurrence", "recurs without an end of its instances; give the span an end");
    }
    match entry.span.zone_name().map(|zone| zone.zone(rules)) {
        Some(Ok(zone)) => {
            violations.take("recurrence", recurrence.check(entry.span.local_start(), zone));
        }
        Some(Err(_)) => {}
        None => violations.add("recurrence", "needs local days or times; instants do not recur on a wall clock"),
    }
}

/// Adds what is wrong with a task.
pub fn check_task(task: &Task, team: &TeamSnapshot, rules: &ZoneRules, violations: &mut Violations) {
    violations.name("title", &task.title);
    if let Some(duty) = &task.duty {
        check_duty_reference(duty, team, violations);
    }
    for (field, id) in [("assignee", &task.assignee), ("deputy", &task.deputy)] {
        if let Some(id) = id {
            violations.resident(field, id, team);
        }
    }
    if task.assignee.is_some() && task.assignee == task.deputy {
        violations.add("deputy", "is the assignee; name somebody else, or nobody");
    }
    if let Some(due) = &task.due {
        violations.take("due", due.instant(rules));
    }
    if let Some(hours) = task.effort_hours.filter(|hours| *hours > 100_000) {
        violations.add("effort_hours", format!("{hours} is more than 100000 hours"));
    }
    violations.text("link", &task.link, 10 * NAME_MAX);
    let web = ["http://", "https://"].iter().any(|scheme| task.link.starts_with(scheme));
    if !task.link.is_empty() && !web {
        violations.add("link", format!("'{}' is not an http or https address", task.link));
    }
}
