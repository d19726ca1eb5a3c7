//! Overrides, time off and tasks.

use super::super::entry_list::{EntryList, Style, Value};
use super::super::parse::TASK_STATES;
use super::{date, instant_text, local_text, word};
use crate::civil::{DateTime, Day, Exception, ZoneRules};
use crate::model::{Due, Effect, Override, Span, Task, TaskState, TimeOff, TimeOffKind, TimeOffPrivate, ZoneName};

/// Adds when an entry is; `usual` is the zone that the entry has if it states none.
fn span_entries(span: &Span, usual: &ZoneName, style: Style<'_>, rules: &ZoneRules, list: &mut EntryList) {
    match span {
        Span::Days { first, last, .. } if *last == Some(*first) => list.add("day", date(*first)),
        Span::Days { first, last, .. } => {
            list.add("first", date(*first));
            list.add_some("last", last.map(date));
        }
        Span::Local { start, end, .. } => {
            list.add("start", Value::Plain(local_text(*start)));
            list.add_some("end", end.map(|end| Value::Plain(local_text(end))));
        }
        Span::Instants { start, end } => {
            list.add("start", Value::Plain(instant_text(*start, usual, rules)));
            list.add_some("end", end.map(|end| Value::Plain(instant_text(end, usual, rules))));
        }
    }
    if let Some(zone) = span.zone_name() {
        list.add_unless(style.omits(zone, usual), "zone", Value::text(zone));
    }
}

pub(in super::super) fn override_entries(
    entry: &Override,
    team_zone: &ZoneName,
    style: Style<'_>,
    rules: &ZoneRules,
) -> EntryList {
    let mut list = EntryList::new(style);
    list.add("duty", Value::text(&entry.duty));
    list.add_some("by", entry.form.by().map(Value::text));
    list.add_some("for", entry.form.owner().map(Value::text));
    span_entries(&entry.span, team_zone, style, rules, &mut list);
    list.add_unless(!entry.forced, "forced", Value::plain(entry.forced));
    list
}

/// Time off with its private part; `home_zone` is the resident's.
pub(in super::super) fn time_off_entries(
    (entry, private): (&TimeOff, Option<&TimeOffPrivate>),
    home_zone: &ZoneName,
    style: Style<'_>,
    rules: &ZoneRules,
) -> EntryList {
    let mut list = EntryList::new(style);
    list.add("resident", Value::text(&entry.resident));
    list.add_some("kind", private.map(|private| Value::text(private.kind.word())));
    let usual_effect = private.map_or(Effect::Hard, |private: &TimeOffPrivate| TimeOffKind::usual_effect(private.kind));
    let usual = entry.effect == usual_effect;
    match &entry.effect {
        Effect::Hard => list.add_unless(usual, "effect", Value::text("hard")),
        Effect::Soft => list.add_unless(usual, "effect", Value::text("soft")),
        Effect::WorkingElsewhere { zone } => list.add("elsewhere", Value::text(zone)),
    }
    let usual_zone = if let Effect::WorkingElsewhere { zone } = &entry.effect { zone } else { home_zone };
    span_entries(&entry.span, usual_zone, style, rules, &mut list);
    if let Some(recurrence) = &entry.recurrence {
        list.add("rrule", Value::text(&recurrence.rule));
        let exception = |exception: &Exception| match exception {
            Exception::Date(day) => date(*day),
            Exception::DateTime(local) => Value::Plain(local_text(*local)),
        };
        let except = recurrence.except.iter().map(exception).collect();
        list.add_unless(recurrence.except.is_empty(), "except", Value::List(except));
    }
    let cut = |cut: &crate::model::Cut| {
        let at = instant_text(cut.at, usual_zone, rules);
        let pairs = [("instance", local_text(cut.instance)), ("at", at)];
        Value::Table(pairs.into_iter().map(|(key, text)| (key.to_owned(), Value::Plain(text))).collect())
    };
    list.add_unless(entry.cuts.is_empty(), "cuts", Value::List(entry.cuts.iter().map(cut).collect()));
    let note = private.map_or("", |private| private.note.as_str());
    list.add_unless(note.is_empty(), "note", Value::text(note));
    list
}

pub(in super::super) fn task_entries(
    task: &Task,
    team_zone: &ZoneName,
    style: Style<'_>,
    rules: &ZoneRules,
) -> EntryList {
    let mut list = EntryList::new(style);
    list.add("title", Value::text(&task.title));
    list.add_some("duty", task.duty.as_ref().map(Value::text));
    list.add_some("assignee", task.assignee.as_ref().map(Value::text));
    list.add_some("deputy", task.deputy.as_ref().map(Value::text));
    list.add_unless(task.state == TaskState::Open, "state", word(&TASK_STATES, &task.state));
    match &task.due {
        Some(Due::At(at)) => list.add("due", Value::Plain(instant_text(*at, team_zone, rules))),
        Some(Due::Local(local, zone)) => {
            list.add("due", due(*local));
            list.add_unless(style.omits(zone, team_zone), "zone", Value::text(zone));
        }
        None => {}
    }
    list.add_some("effort_hours", task.effort_hours.map(Value::plain));
    list.add_unless(task.priority == 0, "priority", Value::plain(task.priority));
    list.add_unless(task.link.is_empty(), "link", Value::text(&task.link));
    list
}

/// The end of a day is written as that day.
fn due(local: DateTime) -> Value {
    let day = Day::from(local.date());
    let ends_day = local.time() == jiff::civil::Time::midnight() && day > Day::from(crate::civil::DATE_MIN);
    if ends_day { date(day.plus(-1).date()) } else { Value::Plain(local_text(local)) }
}
