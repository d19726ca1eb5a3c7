//! Checks of overrides, time off and tasks.

use super::{NAME_MAX, NOTE_MAX, REASON_MAX, Violations};
use crate::civil::ZoneRules;
use crate::model::{
    Due, DutyId, Effect, HandoffNote, Override, OverrideForm, Task, TeamSnapshot, TimeOff, TimeOffKind, TimeOffPrivate,
};

/// Adds what is wrong with an override.
///
/// Whoever covers must have the duty's skills, unless it is forced (semantics 4.3).
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
    if let Some(by) = entry.form.by().filter(|_| !entry.forced) {
        for skill in missing_skills(entry, team, rules) {
            violations
                .add("by_resident", format!("'{by}' lacks the skill '{skill}'; force it if they can cover anyway"));
        }
    }
}

/// Returns the skills of the duty that whoever covers lacks, both as they are at the override's start or, where the
/// duty or the person is not there yet, as soon as both are.
#[must_use]
pub fn missing_skills(entry: &Override, team: &TeamSnapshot, rules: &ZoneRules) -> Vec<String> {
    let both = || {
        let interval = entry.span.interval(rules).ok()??;
        let (duty, by) = (team.duties.get(&entry.duty)?, team.residents.get(entry.form.by()?)?);
        duty.versions.within(interval).find_map(|(stretch, _, duty)| {
            let (_, _, resident) = by.versions.within(stretch).next()?;
            Some((duty, resident))
        })
    };
    let Some((duty, resident)) = both() else { return Vec::new() };
    duty.skills.iter().filter(|skill| !resident.skills.contains(skill)).cloned().collect()
}

pub(super) fn check_duty_reference(id: &DutyId, team: &TeamSnapshot, violations: &mut Violations) {
    if !team.duties.contains_key(id) {
        let hint = violations.suggestion(id.as_str(), team.duties.keys());
        violations.add("duty", format!("there is no duty '{id}'{hint}"));
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
        violations.text("note", &private.note, NOTE_MAX);
        if matches!(entry.effect, Effect::WorkingElsewhere { .. }) && private.kind != TimeOffKind::Travel {
            violations.add("effect", "is working elsewhere, which is for travel only");
        }
    }
    let Some(recurrence) = &entry.recurrence else { return };
    if entry.span.is_open() {
        violations.add("recurrence", "recurs without an end of its instances; give the span an end");
    }
    match entry.span.zone_name().map(|zone| zone.zone(rules)) {
        Some(Ok(zone)) => {
            violations.take("recurrence.rule", recurrence.check(entry.span.local_start(), zone));
        }
        Some(Err(_)) => {}
        None => violations.add("recurrence", "needs local days or times; instants do not recur on a wall clock"),
    }
}

/// Adds what is wrong with a handoff note.
pub fn check_handoff_note(note: &HandoffNote, team: &TeamSnapshot, violations: &mut Violations) {
    check_duty_reference(&note.duty, team, violations);
    violations.said("text", &note.text);
    violations.instant("time", note.time);
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
    match &task.due {
        Some(Due::At(at)) => violations.instant("due", *at),
        Some(Due::Local(local, _)) => violations.date("due", local.date()),
        Some(Due::Day(date, _)) => violations.date("due", *date),
        None => {}
    }
    if let Some(Due::Local(_, zone) | Due::Day(_, zone)) = &task.due {
        violations.zone("due.zone", zone, rules);
    }
    if let Some(minutes) = task.effort_minutes.filter(|minutes| !(1..=Task::EFFORT_MINUTES_MAX).contains(minutes)) {
        violations.add("effort_hours", format!("{minutes} minutes are not more than 0 and at most 10000 hours"));
    }
    violations.text("stuck_reason", &task.stuck_reason, REASON_MAX);
    if let Some(newest) = task.comments.last() {
        violations.said("text", &newest.text);
        if task.comments.len() > Task::COMMENTS_MAX {
            violations.add("text", format!("would be more than {} comments; say it at the link", Task::COMMENTS_MAX));
        }
    }
    violations.text("link", &task.link, 10 * NAME_MAX);
    if !task.link.is_empty() && !is_web_address(&task.link) {
        violations.add("link", format!("'{}' is not an http or https address", task.link));
    }
}

fn is_web_address(text: &str) -> bool {
    let rest = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let host = rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_alphanumeric() || first == '['));
    host && !text.contains(char::is_whitespace)
}
