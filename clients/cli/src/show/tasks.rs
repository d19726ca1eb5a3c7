//! Tasks and what is in danger.

use onduty::proto::v1::{ListTasksResponse, Task};

use super::table::{Cell, Table};
use super::zone::work;
use super::{ALARM, GOOD, HEADING, NOTICE, View, counted, plain, styled, words};
use crate::{names, spans};

/// Returns tasks as a table.
pub fn tasks(answer: &ListTasksResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "TITLE", "STATE", "DUE", "WHO", "DANGER"]);
    for task in &answer.tasks {
        let priority = words::task_priority(task.priority);
        let title = if priority.is_empty() { task.title.clone() } else { format!("{} [{priority}]", task.title) };
        table.row([
            names::id(&task.name).into(),
            title.into(),
            Cell::from(state(task)),
            Cell::from(due(task, view).unwrap_or_default()),
            Cell::from(who(task, view)),
            danger(task),
        ]);
    }
    if table.is_empty() {
        return "No task.\n".to_owned();
    }
    format!("{}\n\n{}", view.zone_now(), table.text(view.width))
}

pub(super) fn due(task: &Task, view: &View) -> Option<String> {
    task.due_time.as_ref().map(|due| view.deadline(spans::instant(due)))
}

pub(super) fn state(task: &Task) -> String {
    let state = words::task_state(task.state);
    if task.stuck_reason.is_empty() { state } else { format!("{state}: {}", task.stuck_reason) }
}

pub(super) fn who(task: &Task, view: &View) -> String {
    let assignee = task.assignee.as_ref().map_or_else(|| "nobody".to_owned(), |name| view.person(name));
    match &task.deputy {
        Some(deputy) => format!("{assignee}, deputy {}", view.person(deputy)),
        None => assignee,
    }
}

fn danger(task: &Task) -> Cell {
    let Some(health) = &task.health else { return Cell::from("") };
    let left = health
        .working_time_left
        .as_ref()
        .map(|left| format!(", {} of work left", work(left.seconds)))
        .unwrap_or_default();
    if health.overdue {
        Cell::styled(ALARM, "overdue")
    } else if health.uncovered {
        Cell::styled(ALARM, "uncovered")
    } else if health.at_risk {
        Cell::styled(NOTICE, format!("at risk{left}"))
    } else {
        Cell::from("")
    }
}

/// How many tasks in danger are told below gaps, and how many people with room for each.
const IN_DANGER_SHOWN: usize = 5;
const ROOM_SHOWN: usize = 3;

/// Returns tasks in danger with who has room for each, in a line or two each; nothing where there are none.
pub fn in_danger(tasks: &[Task], view: &View) -> String {
    if tasks.is_empty() {
        return String::new();
    }
    let heading = counted(tasks.len(), "task in danger", "tasks in danger");
    let mut text = format!("\n{}\n", styled(HEADING, heading));
    for task in tasks.iter().take(IN_DANGER_SHOWN) {
        let Some(health) = &task.health else { continue };
        let due = due(task, view).map(|due| format!(", due {due}")).unwrap_or_default();
        let names = health.room.iter().take(ROOM_SHOWN).map(|room| view.person(&room.resident));
        let names = names.collect::<Vec<_>>().join(", ");
        let room = match (names.is_empty(), health.overdue) {
            (false, _) => format!("; has room: {names}"),
            (true, false) => "; nobody has room".to_owned(),
            // There is no time left to have room in.
            (true, true) => String::new(),
        };
        let (style, word) = match (health.overdue, health.uncovered) {
            (true, _) => (ALARM, "overdue"),
            (false, true) => (ALARM, "uncovered"),
            (false, false) => (NOTICE, "at risk"),
        };
        let line = format!(
            "  {}  {} “{}”, {}{due}{room}",
            styled(style, word),
            names::id(&task.name),
            plain(&task.title),
            who(task, view)
        );
        text += &format!("{}\n", view.wrapped(&line, 4));
    }
    if tasks.len() > IN_DANGER_SHOWN {
        text += &format!("  {}\n", view.typed("all of them", "task list --in-danger"));
    }
    text
}

/// Returns a task after `done` was done to it.
pub fn task(task: &Task, done: &str, view: &View) -> String {
    let mut line = format!("{} {} “{}”", styled(GOOD, format!("{done}:")), names::id(&task.name), plain(&task.title));
    line += &format!(", {}, {}", plain(&state(task)), who(task, view));
    if let Some(due) = due(task, view) {
        line += &format!(", due {due} ({})", view.zone.name());
    }
    let mut text = view.wrapped(&line, 2) + "\n";
    if let Some(warning) = warning(task) {
        text += &format!("{}\n", styled(ALARM, warning));
    }
    text
}

/// Returns what endangers a task, the gravest alone.
pub(super) fn warning(task: &Task) -> Option<&'static str> {
    let health = task.health.as_ref()?;
    match (health.overdue, health.uncovered, health.at_risk) {
        (true, ..) => Some("It is overdue: no working time is left."),
        (_, true, _) => Some("It is uncovered: nobody who is there has it."),
        (.., true) => Some("It is at risk: less working time is left than it takes."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::TaskHealth;

    use super::super::testing::{resident, stripped, view};
    use super::*;

    fn sample(id: &str, health: TaskHealth) -> Task {
        Task {
            name: format!("teams/psf/tasks/{id}"),
            title: "Announce 3.9.18".to_owned(),
            assignee: Some(resident("lukasz")),
            deputy: Some(resident("asa")),
            state: 1,
            due_time: Some(spans::timestamp("2026-12-08T23:00:00Z".parse().unwrap())),
            health: Some(health),
            ..Task::default()
        }
    }

    #[test]
    fn danger_is_named_the_worst_first() {
        let left = Some(pbjson_types::Duration { seconds: 80 * 3_600, nanos: 0 });
        let at_risk = TaskHealth { at_risk: true, working_time_left: left, ..TaskHealth::default() };
        let overdue = TaskHealth { overdue: true, uncovered: true, ..TaskHealth::default() };
        let stuck =
            Task { state: 3, stuck_reason: "no key".to_owned(), priority: 4, ..sample("c", TaskHealth::default()) };
        let answer = ListTasksResponse {
            tasks: vec![sample("a", at_risk), sample("b", overdue), stuck],
            ..ListTasksResponse::default()
        };
        insta::assert_snapshot!(stripped(&tasks(&answer, &view())), @r"
        Times in Europe/Warsaw (UTC+01:00)

        ID  TITLE           STATE          DUE             WHO             DANGER
        a   Announce        open           Tue 8 Dec       Łukasz, deputy  at risk, 80 h
            3.9.18                         24:00           Åsa Öberg       of work left
        b   Announce        open           Tue 8 Dec       Łukasz, deputy  overdue
            3.9.18                         24:00           Åsa Öberg
        c   Announce        stuck: no key  Tue 8 Dec       Łukasz, deputy
            3.9.18                         24:00           Åsa Öberg
            [urgent]
        ");
    }

    #[test]
    fn a_change_says_who_has_the_task_now() {
        insta::assert_snapshot!(stripped(&task(&sample("a", TaskHealth::default()), "Assigned", &view())), @r"
        Assigned: a “Announce 3.9.18”, open, Łukasz, deputy Åsa Öberg, due Tue 8 Dec
          24:00 (Europe/Warsaw)
        ");
    }
}
