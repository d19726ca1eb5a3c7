//! Changes of overrides, time off and tasks.

use super::super::describe::{override_entries, task_entries, time_off_entries};
use super::super::entry_list::{EntryList, Style};
use super::super::roster_file::{Open, Stated};
use super::{Action, Planner};
use crate::model::{
    Due, DutyId, Entered, Meta, Object, ObjectKey, Origin, Override, OverrideId, ResidentId, Span, Task, TaskId,
    TimeOff, TimeOffId, TimeOffPrivate, ZoneName,
};

impl Planner<'_> {
    pub(super) fn entries(&mut self) {
        let (file, team) = (self.file, self.team);
        file.overrides.iter().for_each(|stated| self.override_entry(stated));
        file.time_off.iter().for_each(|stated| self.time_off(stated));
        file.tasks.iter().for_each(|stated| self.task(stated));
        let stated: Vec<_> = file.overrides.iter().map(|entry| &entry.id).collect();
        let absent =
            team.overrides.iter().filter(|(id, entry)| !stated.contains(id) && !self.has_ended(&entry.value.duty));
        for (id, entry) in absent.collect::<Vec<_>>() {
            self.absent_entry(vec![ObjectKey::Override(id.clone())], &entry.meta, &format!("override {id}"));
        }
        let stated: Vec<_> = file.time_off.iter().map(|entry| &entry.id).collect();
        for (id, entry) in team.time_off.iter().filter(|(id, _)| !stated.contains(id)) {
            let private = team.time_off_private.contains_key(id).then(|| ObjectKey::TimeOffPrivate(id.clone()));
            let keys = [ObjectKey::TimeOff(id.clone())].into_iter().chain(private).collect();
            self.absent_entry(keys, &entry.meta, &format!("time off {id}"));
        }
        let stated: Vec<_> = file.tasks.iter().map(|task| &task.id).collect();
        for (id, task) in team.tasks.iter().filter(|(id, _)| !stated.contains(id)) {
            self.absent_entry(vec![ObjectKey::Task(id.clone())], &task.meta, &format!("task {id}"));
        }
    }

    /// Removes what came from a file and is not in this one, or leaves it alone. The first key is the entry's.
    fn absent_entry(&mut self, keys: Vec<ObjectKey>, meta: &Meta, label: &str) {
        if meta.origin == Origin::Entered {
            return;
        }
        if !self.options.prune {
            return self.plan.left_alone.file.push(label.to_owned());
        }
        let Some(key) = keys.first().cloned() else { return };
        let removed = keys.into_iter().map(|key| (key, None)).collect();
        self.push(key, Action::End, vec![format!("- {label}")], removed);
    }

    /// Tells whether a duty has ended and is not in the file: nothing of it can be in there.
    fn has_ended(&self, id: &DutyId) -> bool {
        let ended = self.team.duties.get(id).is_some_and(|duty| duty.versions.latest().is_none());
        ended && self.file.duties.iter().all(|duty| duty.id != *id)
    }

    /// Tells whether the file may change an entry with `before`; adds why not.
    fn may_change(&mut self, before: Option<Meta>, path: &str) -> bool {
        let entered = before.is_some_and(|meta| meta.origin == Origin::Entered);
        if entered {
            self.refuse_entered(path);
        }
        !entered
    }

    fn override_entry(&mut self, stated: &Stated<OverrideId, Override>) {
        let before = self.team.overrides.get(&stated.id);
        let mut value = stated.value.clone();
        keep_zone(&stated.open, before.map(|before| &before.value.span), &mut value.span);
        // Being forced counts when an override is made, and never again.
        value.forced = before.map_or(value.forced, |before| before.value.forced);
        value.swap = before.and_then(|before| before.value.swap.clone());
        let meta = before.map(|before| before.meta);
        if before.is_some_and(|before| before.value == value) || !self.may_change(meta, &stated.path) {
            return;
        }
        value.forced = stated.value.forced;
        let entries = |entry: &Override, style: Style<'_>| override_entries(entry, self.zone(), style, self.rules);
        let label = format!("override {}", stated.id);
        let lines = lines(&label, before.map(|before| &before.value), &value, self.zone(), entries);
        let key = ObjectKey::Override(stated.id.clone());
        let after = Object::Override(stated.id.clone(), Entered { meta: self.meta(meta), value });
        self.push(key.clone(), action(before), lines, vec![(key, Some(after))]);
    }

    fn time_off(&mut self, stated: &Stated<TimeOffId, (TimeOff, Option<TimeOffPrivate>)>) {
        let before = self.team.time_off.get(&stated.id);
        let before_private = self.team.time_off_private.get(&stated.id);
        let (mut value, mut private) = stated.value.clone();
        if let Some(before) = before {
            keep_zone(&stated.open, Some(&before.value.span), &mut value.span);
            keep_cuts(&before.value, &mut value);
            value.imported = before.value.imported;
            // A kind that was erased stays erased; one that the file does not say stays as well.
            if before_private.is_none() && before.value == value {
                private = None;
            } else if private.is_none() {
                private = before_private.map(|private| private.value.clone());
            }
        }
        let same_private = before_private.map(|private| &private.value) == private.as_ref();
        let same = before.is_some_and(|before| before.value == value);
        let meta = before.map(|before| before.meta);
        if (same && same_private) || !self.may_change(meta, &stated.path) {
            return;
        }
        let home_zone = self.home_zone(&value.resident).clone();
        let entries = |(entry, private): &(TimeOff, Option<TimeOffPrivate>), style: Style<'_>| {
            let hidden = private.as_ref().map(|private| TimeOffPrivate { kind: private.kind, note: String::new() });
            time_off_entries((entry, hidden.as_ref()), &home_zone, style, self.rules)
        };
        let old = before.map(|before| (before.value.clone(), before_private.map(|private| private.value.clone())));
        let new = (value, private);
        let label = format!("time off {}", stated.id);
        let mut lines = lines(&label, old.as_ref(), &new, self.zone(), entries);
        let note = |private: Option<&TimeOffPrivate>| private.map_or(String::new(), |private| private.note.clone());
        let notes = (note(before_private.map(|private| &private.value)), note(new.1.as_ref()));
        if before.is_some() && (notes.0 != notes.1 || lines.is_empty()) {
            lines.push(format!("~ {label}: note changed"));
        }
        let (value, private) = new;
        let key = ObjectKey::TimeOff(stated.id.clone());
        let after = Object::TimeOff(stated.id.clone(), Entered { meta: self.meta(meta), value });
        let mut objects = vec![(key.clone(), Some(after))];
        if !same_private {
            let meta = self.meta(before_private.map(|private| private.meta));
            let part = private.map(|value| Object::TimeOffPrivate(stated.id.clone(), Entered { meta, value }));
            objects.push((ObjectKey::TimeOffPrivate(stated.id.clone()), part));
        }
        self.push(key, action(before), lines, objects);
    }

    fn home_zone(&self, id: &ResidentId) -> &ZoneName {
        let stated = self.file.residents.iter().find(|resident| resident.id == *id);
        stated.map_or(self.zone(), |resident| &resident.value.home_zone)
    }

    fn task(&mut self, stated: &Stated<TaskId, Task>) {
        let before = self.team.tasks.get(&stated.id);
        let mut value = stated.value.clone();
        if let Some(before) = before {
            value.comments.clone_from(&before.value.comments);
            if stated.open.contains(&Open::State) {
                value.state = before.value.state;
                value.stuck_reason.clone_from(&before.value.stuck_reason);
                value.finish_time = before.value.finish_time;
            }
            if value.duty.is_none() {
                value.duty = before.value.duty.clone().filter(|duty| self.has_ended(duty));
            }
            if stated.open.contains(&Open::Zone) {
                keep_due_zone(before.value.due.as_ref(), value.due.as_mut());
            }
        }
        let meta = before.map(|before| before.meta);
        if before.is_some_and(|before| before.value == value) || !self.may_change(meta, &stated.path) {
            return;
        }
        let entries = |task: &Task, style: Style<'_>| task_entries(task, self.zone(), style, self.rules);
        let label = format!("task {}", stated.id);
        let lines = lines(&label, before.map(|before| &before.value), &value, self.zone(), entries);
        let key = ObjectKey::Task(stated.id.clone());
        let after = Object::Task(stated.id.clone(), Entered { meta: self.meta(meta), value });
        self.push(key.clone(), action(before), lines, vec![(key, Some(after))]);
    }
}

/// A due time that is stated as before, without a zone, keeps the zone that it had.
fn keep_due_zone(before: Option<&Due>, after: Option<&mut Due>) {
    match (before, after) {
        (Some(Due::Local(old, old_zone)), Some(Due::Local(new, zone))) if old == new => zone.clone_from(old_zone),
        (Some(Due::Day(old, old_zone)), Some(Due::Day(new, zone))) if old == new => zone.clone_from(old_zone),
        _ => {}
    }
}

fn action<T>(before: Option<&T>) -> Action {
    if before.is_some() { Action::Update } else { Action::Create }
}

/// The lines of an entry that is new or changes.
fn lines<T>(
    label: &str,
    before: Option<&T>,
    after: &T,
    team_zone: &ZoneName,
    entries: impl Fn(&T, Style<'_>) -> EntryList,
) -> Vec<String> {
    match before {
        None => vec![format!("+ {label}: {}", entries(after, Style::Brief(team_zone)).shown())],
        Some(before) => {
            let differences = entries(before, Style::Full).differences(&entries(after, Style::Full));
            differences.into_iter().map(|text| format!("~ {label}: {text}")).collect()
        }
    }
}

/// Keeps the zone that an entry has where the file states none and the same times (semantics 1.7).
fn keep_zone(open: &[Open], before: Option<&Span>, span: &mut Span) {
    let Some(before) = before.filter(|_| open.contains(&Open::Zone)) else { return };
    let same_but_zone = match (before, &*span) {
        (Span::Days { first, last, .. }, Span::Days { first: new_first, last: new_last, .. }) => {
            (first, last) == (new_first, new_last)
        }
        (Span::Local { start, end, .. }, Span::Local { start: new_start, end: new_end, .. }) => {
            (start, end) == (new_start, new_end)
        }
        _ => false,
    };
    if same_but_zone {
        *span = before.clone();
    }
}

/// Keeps the instances that ended early: people say when they are back, and the file adds to that.
fn keep_cuts(before: &TimeOff, entry: &mut TimeOff) {
    let stated = std::mem::take(&mut entry.cuts);
    entry.cuts = before.cuts.clone();
    entry.ended = before.ended.or(entry.ended);
    entry.cuts.extend(stated.into_iter().filter(|cut| before.cuts.iter().all(|old| old.instance != cut.instance)));
}
