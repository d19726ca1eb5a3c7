//! The log: who changed what and when, in words, with what changed from what to what.

use std::collections::BTreeMap;

use onduty::proto::v1::{Change, ListChangesResponse, ObjectChange, ObjectState, UndoChangeResponse};
use serde_json::{Map, Value};

use super::detail::{self, short, spoken_key};
use super::table::{Cell, Table};
use super::{FAINT, GOOD, HEADING, View, counted, plain, styled};
use crate::{names, spans};

/// How many objects of one change are told one by one.
const TOLD_MAX: usize = 5;
/// Fields that only follow from others, or are told otherwise.
const FOLLOWING: [&str; 12] = [
    "name",
    "uid",
    "etag",
    "origin",
    "createTime",
    "updateTime",
    "effectiveInterval",
    "endTime",
    "acceptTime",
    "answerTime",
    "answeredBy",
    "span",
];

/// Returns changes as a table, or in full.
pub fn log(answer: &ListChangesResponse, full: bool, view: &View) -> String {
    if answer.changes.is_empty() {
        return "No change.\n".to_owned();
    }
    let told = if full { in_full(answer, view) } else { table(answer, view) };
    let mut text = format!("{}\n\n{told}", view.zone_now());
    if !answer.next_page_token.is_empty() {
        let more = format!("There are older ones; --limit {} shows more of them.", answer.changes.len() * 5);
        text += &format!("\n{}\n", styled(FAINT, more));
    }
    text
}

/// Returns what undoing a change put back, or would put back.
pub fn undone(answer: &UndoChangeResponse, dry_run: bool, view: &View) -> String {
    let (none, mut text) = (Change::default(), String::new());
    let (undone, change) = (answer.undone.as_ref().unwrap_or(&none), answer.change.as_ref().unwrap_or(&none));
    let whom = on_behalf_of(undone, view);
    let whom = if whom.is_empty() { whom } else { format!(" for {whom}") };
    let when = view.stamp(undone.change_time.as_ref(), "");
    let heading = if dry_run { "Would undo".to_owned() } else { styled(GOOD, "Undone:") };
    let told = format!("revision {}, {when}, by {}{whom}: {}", undone.revision, undone.actor, undone.title);
    text += &format!("{}\n", view.wrapped(&format!("{heading} {}", plain(&told)), 2));
    for line in objects(change, view) {
        text += &format!("{}\n", view.wrapped(&format!("  - {line}"), 4));
    }
    if !answer.without_details.is_empty() {
        let ids = answer.without_details.iter().map(|name| names::id(name)).collect::<Vec<_>>().join(", ");
        text +=
            &format!("{}\n", view.wrapped(&format!("  Without kind and note, which no log keeps: {}", plain(&ids)), 4));
    }
    text += &format!("{}\n", view.zone_now());
    match dry_run {
        true => text + "Nothing was undone: this was a dry run.\n",
        false => text + &take_back(change.revision, view),
    }
}

/// Returns how to take a change back; nothing where it made no revision.
pub(super) fn take_back(revision: i64, view: &View) -> String {
    if revision < 1 { String::new() } else { view.typed("To take it back", &format!("undo {revision}")) + "\n" }
}

fn table(answer: &ListChangesResponse, view: &View) -> String {
    let mut table = Table::new(&["REV", "WHEN", "WHO", "FOR", "WHAT"]);
    for change in &answer.changes {
        table.row([
            change.revision.to_string().into(),
            view.stamp(change.change_time.as_ref(), "").into(),
            (&change.actor).into(),
            on_behalf_of(change, view).into(),
            Cell::styled(HEADING, &change.title),
        ]);
        for line in objects(change, view) {
            let mut cells = vec![Cell::from(""); 4];
            cells.push(Cell::from(format!("- {line}")));
            table.row(cells);
        }
    }
    table.text(view.width)
}

fn on_behalf_of(change: &Change, view: &View) -> String {
    if change.on_behalf_of.is_empty() { String::new() } else { view.person(&change.on_behalf_of) }
}

/// Returns what a change did to which objects, one line each; of many only how many of which kind.
fn objects(change: &Change, view: &View) -> Vec<String> {
    if change.objects.len() <= TOLD_MAX && change.left_out == 0 {
        return change.objects.iter().map(|object| line(object, change, view)).collect();
    }
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for object in &change.objects {
        *counts.entry(kind(object)).or_default() += 1;
    }
    let counts = counts.iter().map(|((one, many), count)| counted(*count, one, many));
    let more = (change.left_out > 0).then(|| format!("{} more", change.left_out));
    vec![counts.chain(more).collect::<Vec<_>>().join(", ")]
}

fn kind(object: &ObjectChange) -> (&'static str, &'static str) {
    if !object.away.is_empty() {
        return ("absence", "absences");
    }
    match names::collection(&object.name) {
        "residents" => ("resident", "residents"),
        "duties" => ("duty", "duties"),
        "holidaySets" => ("holiday set", "holiday sets"),
        "overrides" => ("override", "overrides"),
        "timeOff" => ("time off", "entries of time off"),
        "swaps" => ("swap", "swaps"),
        "tasks" => ("task", "tasks"),
        "gaps" => ("gap", "gaps"),
        "handoffNotes" => ("handoff note", "handoff notes"),
        _ => ("team", "teams"),
    }
}

/// Returns what a change did to one object: `task fix: title: Fix -> Mend`.
fn line(object: &ObjectChange, change: &Change, view: &View) -> String {
    if !object.away.is_empty() {
        return format!("when {} is away", view.person(&object.away));
    }
    let id = names::id(&object.name);
    let id = if kind(object).0 == "gap" { id.get(..8).unwrap_or(id) } else { id };
    let what = format!("{} {id}", kind(object).0);
    let (before, after) = (fields(object.before.as_ref()), fields(object.after.as_ref()));
    let private = object.private_changed.then(|| "kind or note changed".to_owned());
    let from = object.effective_time.filter(|from| change.change_time.is_none_or(|at| from.seconds != at.seconds));
    let from = from.map(|from| format!(", from {} on", view.time(spans::instant(&from)))).unwrap_or_default();
    let told = match (&before, &after) {
        (None, None) => private.map_or_else(String::new, |private| format!(": {private}")),
        (None, Some(after)) => {
            let stated = stated(after, view);
            format!(", new{from}{}{stated}", if stated.is_empty() { "" } else { ": " })
        }
        (Some(_), None) => format!(", {}{from}", if object.effective_time.is_some() { "ended" } else { "removed" }),
        (Some(before), Some(after)) => {
            let mut found = Vec::new();
            differences("", before, after, view, &mut found);
            found.extend(private);
            format!("{from}{}{}", if found.is_empty() { "" } else { ": " }, found.join("; "))
        }
    };
    plain(&format!("{what}{told}"))
}

/// Returns an object's own fields.
fn fields(state: Option<&ObjectState>) -> Option<Map<String, Value>> {
    let Ok(Value::Object(state)) = serde_json::to_value(state?) else { return None };
    match state.into_iter().next() {
        Some((_, Value::Object(fields))) => Some(fields),
        _ => None,
    }
}

/// Returns what a new object states, as far as each fits on a line.
fn stated(fields: &Map<String, Value>, view: &View) -> String {
    let told = fields.iter().filter(|(key, _)| !FOLLOWING.contains(&key.as_str()));
    let told = told.filter_map(|(key, value)| Some(format!("{} {}", title(key), short(value, view)?)));
    told.collect::<Vec<_>>().join("; ")
}

fn title(key: &str) -> String {
    if key == "interval" { "when".to_owned() } else { spoken_key(key) }
}

/// Returns what differs between two states of an object, but for the fields in `except`: `title: Fix -> Mend`.
pub(super) fn changed_fields(
    before: &impl serde::Serialize,
    after: &impl serde::Serialize,
    except: &[&str],
    view: &View,
) -> Vec<String> {
    let mut found = Vec::new();
    if let (Ok(Value::Object(mut before)), Ok(Value::Object(mut after))) =
        (serde_json::to_value(before), serde_json::to_value(after))
    {
        for fields in [&mut before, &mut after] {
            fields.retain(|key, _| !except.contains(&key.as_str()));
        }
        differences("", &before, &after, view, &mut found);
    }
    found
}

/// Adds what differs between two objects, field by field.
fn differences(
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    view: &View,
    found: &mut Vec<String>,
) {
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    let told =
        |key: &&String| key.as_str() != "effectiveInterval" && (!path.is_empty() || !FOLLOWING.contains(&key.as_str()));
    for key in after.keys().chain(gone).filter(told) {
        let path = if path.is_empty() { title(key) } else { format!("{path} {}", title(key)) };
        difference(&path, before.get(key), after.get(key), view, found);
    }
}

fn difference(path: &str, before: Option<&Value>, after: Option<&Value>, view: &View, found: &mut Vec<String>) {
    if before == after {
        return;
    }
    let said = |value: Option<&Value>| value.map_or_else(|| Some("none".to_owned()), |value| short(value, view));
    match (before, after, said(before), said(after)) {
        (_, _, Some(before), Some(after)) => found.push(format!("{path}: {before} -> {after}")),
        (Some(Value::Object(before)), Some(Value::Object(after)), ..) => differences(path, before, after, view, found),
        (Some(Value::Array(before)), Some(Value::Array(after)), ..) => {
            let named = |items: &[Value]| items.iter().map(|item| item.get("id").cloned()).collect::<Option<Vec<_>>>();
            let (Some(old), Some(new)) = (named(before), named(after)) else {
                found.push(format!("{path} changed"));
                return;
            };
            let mut ids = new;
            let gone: Vec<Value> = old.into_iter().filter(|id| !ids.contains(id)).collect();
            ids.extend(gone);
            let of = |items: &'_ [Value], id: &Value| items.iter().find(|item| item.get("id") == Some(id)).cloned();
            let from = found.len();
            for id in &ids {
                let path = format!("{path} {}", id.as_str().unwrap_or_default());
                difference(&path, of(before, id).as_ref(), of(after, id).as_ref(), view, found);
            }
            if found.len() == from {
                found.push(format!("{path} in another order"));
            }
        }
        (None, ..) => found.push(format!("{path} added")),
        (_, None, ..) => found.push(format!("{path} removed")),
        _ => found.push(format!("{path} changed")),
    }
}

fn in_full(answer: &ListChangesResponse, view: &View) -> String {
    let mut told = Vec::new();
    for change in &answer.changes {
        let whom = on_behalf_of(change, view);
        let whom = if whom.is_empty() { whom } else { format!(" for {whom}") };
        let when = view.stamp(change.change_time.as_ref(), "");
        let heading = format!("{}, {when}, {}{whom}: {}", change.revision, plain(&change.actor), plain(&change.title));
        let mut text = format!("{}\n", view.wrapped(&styled(HEADING, heading), 2));
        for object in &change.objects {
            text += &format!("  {}\n", view.wrapped(&line(object, change, view), 4));
            for (side, state) in [("before", &object.before), ("after", &object.after)] {
                if let Some(fields) = fields(state.as_ref()) {
                    text += &format!("    {side}:\n{}", detail::indented(&fields, 3, view));
                }
            }
        }
        if change.left_out > 0 {
            text += &format!("  and {} more objects; --object shows them\n", change.left_out);
        }
        told.push(text);
    }
    told.join("\n")
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::object_state::Object;
    use onduty::proto::v1::{Duty, Layer, Pool, Task, layer};

    use super::super::testing::{duty, resident, stripped, view};
    use super::*;

    fn state(object: Object) -> Option<ObjectState> {
        Some(ObjectState { object: Some(object) })
    }

    fn change(title: &str, objects: Vec<ObjectChange>) -> Change {
        let change_time = Some(spans::timestamp("2026-11-23T08:00:00Z".parse().unwrap()));
        let on_behalf_of = resident("lukasz");
        Change {
            change_time,
            actor: "asa's laptop".to_owned(),
            title: title.to_owned(),
            objects,
            on_behalf_of,
            ..Change::default()
        }
    }

    #[test]
    fn changed_fields_are_told_from_what_to_what() {
        let pool = |id: &str, members: &[&str]| Layer {
            id: id.to_owned(),
            source: Some(layer::Source::Pool(Pool { members: members.iter().map(|id| resident(id)).collect() })),
            ..Layer::default()
        };
        let review = |title: &str, layers| Duty { title: title.to_owned(), layers, ..Duty::default() };
        let before = review("Review", vec![pool("day", &["asa"]), pool("old", &["asa"])]);
        let after = review("Reviews", vec![pool("day", &["asa", "mika"]), pool("night", &["mika"])]);
        let edited = ObjectChange {
            name: duty("review"),
            before: state(Object::Duty(before)),
            after: state(Object::Duty(after)),
            effective_time: Some(spans::timestamp("2026-12-01T08:00:00Z".parse().unwrap())),
            ..ObjectChange::default()
        };
        let task = Task { title: "Announce".to_owned(), assignee: Some(resident("mika")), ..Task::default() };
        let name = "teams/psf/tasks/announce".to_owned();
        let removed = ObjectChange { name, before: state(Object::Task(task)), ..ObjectChange::default() };
        let away = ObjectChange { away: resident("mika"), ..ObjectChange::default() };
        let changes =
            vec![change("change a duty", vec![edited, removed]), change("change when somebody is away", vec![away])];
        let answer = ListChangesResponse { changes, next_page_token: "x".to_owned() };
        insta::assert_snapshot!(stripped(&log(&answer, false, &view())));
    }

    #[test]
    fn of_many_objects_it_is_told_how_many() {
        let objects = (0..7).map(|n| ObjectChange { name: duty(&format!("d{n}")), ..ObjectChange::default() });
        let told = objects_of(Change { left_out: 4, ..change("apply a roster file", objects.collect()) });
        assert_eq!(told, ["7 duties, 4 more"]);
    }

    fn objects_of(change: Change) -> Vec<String> {
        objects(&change, &view())
    }
}
