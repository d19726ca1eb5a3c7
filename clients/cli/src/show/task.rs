//! One task in full: what it is, what was said about it, and who had it when.

use onduty::proto::v1::object_state::Object;
use onduty::proto::v1::{Change, ObjectState, Task, TaskComment, TaskState};

use super::log::changed_fields;
use super::table::Table;
use super::tasks::{state, warning, who};
use super::{ALARM, FAINT, HEADING, View, plain, styled, words};
use crate::names;

/// Fields that the history tells in words of its own, or not at all.
const TOLD_OTHERWISE: [&str; 9] =
    ["assignee", "deputy", "state", "stuckReason", "finishTime", "dueTime", "commentCount", "comments", "health"];

/// Returns a task with its comments and its history, of which `changes` is the log, the newest first.
pub fn whole_task(task: &Task, changes: &[Change], view: &View) -> String {
    let heading = format!("{} “{}”", names::id(&task.name), plain(&task.title));
    let mut text = format!("{}\n", view.wrapped(&styled(HEADING, heading), 2));
    let mut line = |title: &str, told: String| {
        if !told.is_empty() {
            text += &format!("{}\n", view.wrapped(&format!("  {title}: {}", plain(&told)), 4));
        }
    };
    line("state", state(task));
    line("who", who(task, view));
    line("due", super::tasks::due(task, view).unwrap_or_default());
    line("work left", task.effort_hours.map(|hours| format!("{hours} h")).unwrap_or_default());
    line("priority", words::task_priority(task.priority));
    line("duty", task.duty.as_deref().map(names::id).unwrap_or_default().to_owned());
    line("link", task.link.clone());
    if let Some(warning) = warning(task) {
        text += &format!("{}\n", view.wrapped(&styled(ALARM, warning), 2));
    }
    if !task.comments.is_empty() {
        text += &format!("\n{}\n", styled(HEADING, "Comments"));
        task.comments.iter().for_each(|said| text += &comment(said, view));
    }
    text += &history(changes, view);
    format!("{text}\n{}\n", styled(FAINT, view.zone_now()))
}

/// Returns a comment; each of its lines stays a line.
fn comment(comment: &TaskComment, view: &View) -> String {
    let by = if comment.resident.is_empty() { plain(&comment.actor) } else { view.person(&comment.resident) };
    let mut text = format!("  {}, {by}\n", view.stamp(comment.create_time.as_ref(), ""));
    for line in comment.text.lines() {
        text += &format!("{}\n", view.wrapped(&format!("    {}", plain(line)), 4));
    }
    text
}

fn history(changes: &[Change], view: &View) -> String {
    let mut table = Table::new(&["WHEN", "BY", "WHAT"]);
    for change in changes.iter().rev() {
        let told = change.objects.iter().flat_map(|object| {
            let side = |state: &Option<ObjectState>| match state.as_ref()?.object.as_ref()? {
                Object::Task(task) => Some(task.clone()),
                _ => None,
            };
            events(side(&object.before), side(&object.after), view)
        });
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            let when = view.stamp(change.change_time.as_ref(), "");
            table.row([when.into(), (&change.actor).into(), told.join("; ").into()]);
        }
    }
    if table.is_empty() {
        return String::new();
    }
    format!("\n{}\n{}", styled(HEADING, "History"), table.text(view.width))
}

/// Returns what became of a task between two states of it, but for comments.
fn events(before: Option<Task>, after: Option<Task>, view: &View) -> Vec<String> {
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(after)) => return vec![format!("added, for {}", who(&after, view))],
        (Some(_), None) => return vec!["removed".to_owned()],
        (None, None) => return Vec::new(),
    };
    let mut told = Vec::new();
    let person = |name: &Option<String>| name.as_ref().map(|name| view.person(name));
    match (person(&before.assignee), person(&after.assignee)) {
        (from, to) if from == to => {}
        (Some(from), Some(to)) => told.push(format!("handed over from {from} to {to}")),
        (None, Some(to)) => told.push(format!("given to {to}")),
        (Some(from), None) => told.push(format!("given up by {from}; nobody has it")),
        (None, None) => {}
    }
    match (person(&before.deputy), person(&after.deputy)) {
        (from, to) if from == to => {}
        (_, Some(to)) => told.push(format!("deputy {to}")),
        (_, None) => told.push("no deputy".to_owned()),
    }
    if before.state != after.state || before.stuck_reason != after.stuck_reason {
        told.push(match after.state() {
            TaskState::InProgress => "started".to_owned(),
            TaskState::Open | TaskState::Unspecified if before.state != after.state => "open again".to_owned(),
            _ => state(&after),
        });
    }
    told.extend(changed_fields(&before, &after, &TOLD_OTHERWISE, view));
    told
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::{ObjectChange, TaskHealth};

    use super::super::testing::{resident, stripped, view};
    use super::*;
    use crate::spans;

    fn change(at: &str, actor: &str, before: Option<Task>, after: Option<Task>) -> Change {
        let side = |task: Option<Task>| task.map(|task| ObjectState { object: Some(Object::Task(task)) });
        let object = ObjectChange { before: side(before), after: side(after), ..ObjectChange::default() };
        let change_time = Some(spans::timestamp(at.parse().unwrap()));
        Change { actor: actor.to_owned(), change_time, objects: vec![object], ..Change::default() }
    }

    #[test]
    fn a_task_is_shown_with_what_was_said_and_who_had_it() {
        let said = |actor: &str, by: &str, text: &str| TaskComment {
            actor: actor.to_owned(),
            resident: if by.is_empty() { String::new() } else { resident(by) },
            create_time: Some(spans::timestamp("2026-11-23T08:30:00Z".parse().unwrap())),
            text: text.to_owned(),
        };
        let first = Task {
            name: "teams/psf/tasks/announce".to_owned(),
            title: "Announce 3.9.18".to_owned(),
            assignee: Some(resident("lukasz")),
            state: 1,
            ..Task::default()
        };
        let stuck = Task { state: 3, stuck_reason: "no key".to_owned(), ..first.clone() };
        let others = Task { assignee: Some(resident("asa")), effort_hours: Some(2.5), ..stuck.clone() };
        let commented = Task { comment_count: 1, ..others.clone() };
        let health = Some(TaskHealth { uncovered: true, ..TaskHealth::default() });
        let comments = vec![said("asa (laptop)", "asa", "The key is\nhere."), said("lead", "", "Good.")];
        let now = Task { comments, comment_count: 2, priority: 3, health, ..others.clone() };
        let changes = [
            change("2026-11-23T12:00:00Z", "asa (laptop)", Some(others.clone()), Some(commented)),
            change("2026-11-23T11:00:00Z", "lead", Some(stuck.clone()), Some(others)),
            change("2026-11-23T10:00:00Z", "lukasz (laptop)", Some(first.clone()), Some(stuck)),
            change("2026-11-23T09:00:00Z", "lead", None, Some(first)),
        ];
        insta::assert_snapshot!(stripped(&whole_task(&now, &changes, &view())));
    }
}
