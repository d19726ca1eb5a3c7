//! Overrides, time off and tasks.

use super::super::document::{Node, Table};
use super::super::ids::{self, Ids};
use super::super::roster_file::{Open, Stated};
use super::span::{self, Moment};
use super::{Context, stated_id};
use crate::civil::{DATE_MAX, Exception, Instant, Recurrence};
use crate::id::InvalidId;
use crate::model::{
    Cut, Due, DutyId, Effect, Override, OverrideForm, OverrideId, Priority, ResidentId, Task, TaskId, TaskState,
    TimeOff, TimeOffId, TimeOffKind, TimeOffPrivate, ZoneName,
};

/// The words for the states of a task.
pub(in super::super) const TASK_STATES: [(&str, TaskState); 5] = [
    ("open", TaskState::Open),
    ("in_progress", TaskState::InProgress),
    ("stuck", TaskState::Stuck),
    ("done", TaskState::Done),
    ("cancelled", TaskState::Cancelled),
];

/// The words for the priorities of a task.
pub(in super::super) const PRIORITIES: [(&str, Priority); 4] =
    [("low", Priority::Low), ("normal", Priority::Normal), ("high", Priority::High), ("urgent", Priority::Urgent)];

/// An entry that was read: its stated id if it has one, and what its id comes from otherwise.
struct Read<I, V> {
    id: Option<I>,
    about: String,
    value: V,
    path: String,
    open: Vec<Open>,
}

/// Reads every table of `key`, and then gives ids to those that state none.
fn entries<I, V>(
    root: &Table<'_>,
    key: &'static str,
    new: fn(&str) -> Result<I, InvalidId>,
    read: impl Fn(&Table<'_>, &mut Vec<Open>) -> Option<(String, V)>,
) -> Vec<Stated<I, V>> {
    let mut ids = Ids::default();
    let mut found = Vec::new();
    for table in root.tables(key) {
        let id = stated_id(&table, &mut ids, new);
        let mut open = Vec::new();
        let value = read(&table, &mut open);
        let path = table.path.clone();
        table.finish();
        found.extend(value.map(|(about, value)| Read { id, about, value, path, open }));
    }
    let state = |read: Read<I, V>| {
        let id = read.id.or_else(|| new(&ids.derive(&read.about)).ok())?;
        Some(Stated { id, value: read.value, path: read.path, open: read.open })
    };
    found.into_iter().filter_map(state).collect()
}

/// Reads `zone`, or notes that it is open and returns the usual one.
fn zone(table: &Table<'_>, usual: &ZoneName, open: &mut Vec<Open>) -> ZoneName {
    let node = table.get("zone");
    if node.is_none() {
        open.push(Open::Zone);
    }
    node.and_then(|node| node.zone()).unwrap_or_else(|| usual.clone())
}

pub(super) fn overrides(root: &Table<'_>, context: &Context<'_>) -> Vec<Stated<OverrideId, Override>> {
    entries(root, "override", OverrideId::new, |table, open| {
        let duty = table.need("duty", "\"review\"").and_then(|node| node.id(DutyId::new));
        let person = |key| table.get(key).map(|node| node.id(ResidentId::new));
        let form = match (person("by"), person("for")) {
            (Some(by), None) => by.map(|by| OverrideForm::Add { by }),
            (Some(by), Some(owner)) => by.zip(owner).map(|(by, owner)| OverrideForm::Replace { by, owner }),
            (None, Some(owner)) => owner.map(|owner| OverrideForm::TakeOff { owner }),
            (None, None) => {
                table.refuse("", "needs 'by' (who covers), 'for' (whose slot), or both");
                None
            }
        };
        let span = span::span(table, zone(table, &context.team_zone, open));
        let forced = table.get("forced").and_then(|node| node.flag()).unwrap_or(false);
        let value = Override { duty: duty?, span, form: form?, forced, swap: None };
        Some((ids::of_override(&value), value))
    })
}

pub(super) fn all_time_off(
    root: &Table<'_>,
    context: &Context<'_>,
) -> Vec<Stated<TimeOffId, (TimeOff, Option<TimeOffPrivate>)>> {
    entries(root, "time_off", TimeOffId::new, |table, open| {
        let resident = table.need("resident", "\"asa\"").and_then(|node| node.id(ResidentId::new));
        let private = private(table);
        let elsewhere = table.get("elsewhere");
        let effect = effect(table, private.as_ref(), elsewhere.as_ref());
        let usual = match &effect {
            Effect::WorkingElsewhere { zone } => zone.clone(),
            _ => resident.as_ref().map_or(&context.team_zone, |id| context.home_zone(id)).clone(),
        };
        let span = span::span(table, zone(table, &usual, open));
        let recurrence = recurrence(table, context.shifted);
        let cuts = table.get("cuts").map(|node| node.list()).unwrap_or_default().iter().filter_map(cut).collect();
        let ended = table.get("ended").and_then(|node| span::instant(&node));
        let value = TimeOff { resident: resident?, span, effect, recurrence, cuts, ended, imported: None };
        Some((ids::of_time_off(&value), (value, private)))
    })
}

fn private(table: &Table<'_>) -> Option<TimeOffPrivate> {
    let kinds = TimeOffKind::ALL.map(|kind| (kind.word(), kind));
    let kind = table.get("kind").map(|node| node.word(&kinds));
    let note = table.get("note").map(|node| node.string());
    if kind.is_none() && note.is_none() {
        return None;
    }
    let kind = kind.flatten().unwrap_or(TimeOffKind::Other);
    Some(TimeOffPrivate { kind, note: note.flatten().unwrap_or_default() })
}

fn effect(table: &Table<'_>, private: Option<&TimeOffPrivate>, elsewhere: Option<&Node<'_>>) -> Effect {
    let stated = table.get("effect");
    if let Some(node) = elsewhere {
        if let Some(stated) = &stated {
            stated.refuse("says an absence, and 'elsewhere' that it is none; leave one of them out");
        }
        return Effect::WorkingElsewhere { zone: node.zone().unwrap_or_else(|| ZoneName::new("UTC")) };
    }
    let soft = stated.and_then(|node| node.word(&[("hard", false), ("soft", true)]));
    match soft {
        Some(true) => Effect::Soft,
        Some(false) => Effect::Hard,
        None => private.map_or(Effect::Hard, |private| private.kind.usual_effect()),
    }
}

fn recurrence(table: &Table<'_>, shifted: bool) -> Option<Recurrence> {
    let except = table.get("except");
    let Some(node) = table.get("rrule") else {
        if let Some(node) = except {
            node.refuse("says nothing without 'rrule'; leave it out, or say how the entry recurs");
        }
        return None;
    };
    let rule = node.string()?;
    if shifted && rule.to_ascii_uppercase().contains("UNTIL=") {
        node.refuse("has an UNTIL, which cannot be shifted with 'reference'; use COUNT");
    }
    let exception = |node: &Node<'_>| match span::moment(node)? {
        Moment::Date(date) => Some(Exception::Date(date)),
        Moment::Local(local) => Some(Exception::DateTime(local)),
        Moment::At(_) => {
            node.refuse("has an offset; give a date, or the local start of the instance");
            None
        }
    };
    let except = except.map(|node| node.list()).unwrap_or_default().iter().filter_map(exception).collect();
    Some(Recurrence { rule, except })
}

fn cut(node: &Node<'_>) -> Option<Cut> {
    let table = node.table()?;
    let instance = table.need("instance", "2026-01-05T00:00:00").and_then(|node| span::local(&node));
    let at: Option<Instant> = table.need("at", "2026-01-06T09:00:00Z").and_then(|node| span::instant(&node));
    table.finish();
    Some(Cut { instance: instance?, at: at? })
}

pub(super) fn tasks(root: &Table<'_>, context: &Context<'_>) -> Vec<Stated<TaskId, Task>> {
    entries(root, "task", TaskId::new, |table, open| {
        let title = table.need("title", "\"Move the issue tracker\"").and_then(|node| node.string());
        let duty = table.get("duty").and_then(|node| node.id(DutyId::new));
        let person = |key| table.get(key).and_then(|node| node.id(ResidentId::new));
        let (assignee, deputy) = (person("assignee"), person("deputy"));
        let state = table.get("state");
        if state.is_none() {
            open.push(Open::State);
        }
        let zone = zone(table, &context.team_zone, open);
        let value = Task {
            title: title.unwrap_or_else(|| "?".to_owned()),
            duty,
            assignee,
            deputy,
            state: state.and_then(|node| node.word(&TASK_STATES)).unwrap_or(TaskState::Open),
            due: table.get("due").and_then(|node| due(&node, zone)),
            effort_minutes: table.get("effort_hours").and_then(|node| minutes(&node)),
            priority: table.get("priority").and_then(|node| node.word(&PRIORITIES)).unwrap_or_default(),
            link: table.get("link").and_then(|node| node.string()).unwrap_or_default(),
            stuck_reason: table.get("stuck_reason").and_then(|node| node.string()).unwrap_or_default(),
            finish_time: table.get("finished").and_then(|node| span::instant(&node)),
            comments: Vec::new(),
        };
        Some((ids::of_task(&value), value))
    })
}

/// Reads the hours of work left in a task.
fn minutes(node: &Node<'_>) -> Option<u32> {
    let hours = node.number("hours")?;
    let minutes = Task::minutes(hours);
    if minutes.is_none() {
        node.refuse(format!("{hours} is out of range; give hours, more than 0 and at most 10000, to the minute"));
    }
    minutes
}

/// Reads by when a task is due; a date means to the end of it.
fn due(node: &Node<'_>, zone: ZoneName) -> Option<Due> {
    match span::moment(node)? {
        Moment::Date(date) if date == DATE_MAX => {
            node.refuse(format!("{date} ends after the last day that is planned"));
            None
        }
        Moment::Date(date) => Some(Due::Day(date, zone)),
        Moment::Local(local) => Some(Due::Local(local, zone)),
        Moment::At(at) => Some(Due::At(at)),
    }
}
