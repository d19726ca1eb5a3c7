//! Changes of the team, its residents and its holiday sets.

use super::super::describe::{holiday_set_entries, resident_entries, team_entries};
use super::super::ended;
use super::super::entry_list::{EntryList, Style};
use super::super::roster_file::{Open, Stated};
use super::{Action, Planner};
use crate::civil::Instant;
use crate::model::{Configured, Meta, Object, ObjectKey, Origin, Resident, ResidentId, Versions};

/// What a change makes of a configured object.
struct Edited<T> {
    after: Configured<T>,
    action: Action,
    from: Instant,
}

/// How an object is spoken of.
struct Spoken<'a, T> {
    /// Such as `resident asa`.
    label: String,
    /// What follows the label when it begins.
    summary: String,
    /// Its path in the file.
    path: &'a str,
    entries: fn(&T, Style<'_>) -> EntryList,
}

impl Planner<'_> {
    pub(super) fn configured(&mut self) {
        self.team_settings();
        let (file, team) = (self.file, self.team);
        let zone = self.zone().zone(self.rules).ok();
        for Stated { id, value, path, .. } in &file.holiday_sets {
            let existing = team.holiday_sets.get(id);
            if existing.zip(zone).is_some_and(|(existing, zone)| ended::is_past(existing, value, zone)) {
                continue;
            }
            let summary = format!("{} dates", value.holidays.len());
            let label = format!("holiday set {id}");
            let spoken = Spoken { label, summary, path, entries: holiday_set_entries };
            let key = ObjectKey::HolidaySet(id.clone());
            self.change(key, existing, value.clone(), &spoken, |set| Object::HolidaySet(id.clone(), set));
        }
        for stated in &file.residents {
            self.resident(stated);
        }
        let sets: Vec<_> = file.holiday_sets.iter().map(|set| &set.id).collect();
        for (id, set) in team.holiday_sets.iter().filter(|(id, _)| !sets.contains(id)) {
            let end = |set| Object::HolidaySet(id.clone(), set);
            self.absent(ObjectKey::HolidaySet(id.clone()), set, &format!("holiday set {id}"), end);
        }
        let residents: Vec<_> = file.residents.iter().map(|resident| &resident.id).collect();
        for (id, resident) in team.residents.iter().filter(|(id, _)| !residents.contains(id)) {
            let end = |resident| Object::Resident(id.clone(), resident);
            self.absent(ObjectKey::Resident(id.clone()), resident, &format!("resident {id}"), end);
        }
    }

    /// The team's settings hold at once even where the rest of the file is for later, and whoever made them.
    fn team_settings(&mut self) {
        let (file, team) = (self.file, self.team);
        let summary = format!("{}, {}", file.team.display_name, file.team.zone);
        let label = format!("team {}", file.id);
        let spoken = Spoken { label, summary, path: "", entries: team_entries };
        match &team.team {
            Some(settings) if settings.versions.latest() == Some(&file.team) => {}
            Some(settings) => {
                let owned = Configured { meta: Meta { origin: Origin::File, ..settings.meta }, ..settings.clone() };
                self.change(ObjectKey::Team, Some(&owned), file.team.clone(), &spoken, Object::Team);
            }
            None => self.change(ObjectKey::Team, None, file.team.clone(), &spoken, Object::Team),
        }
    }

    fn resident(&mut self, stated: &Stated<ResidentId, Resident>) {
        let existing = self.team.residents.get(&stated.id);
        if existing.is_some_and(|existing| ended::is_over_for(existing, &stated.value, self.rules)) {
            return;
        }
        let mut value = stated.value.clone();
        if let Some(before) = existing.and_then(|resident| resident.versions.latest()) {
            let same_days = (before.term.first, before.term.last) == (value.term.first, value.term.last);
            if stated.open.contains(&Open::TermZone) && same_days {
                value.term.zone = before.term.zone.clone();
            }
            if stated.open.contains(&Open::HolidaysZone) {
                value.holidays.zone = before.holidays.zone.clone();
            }
        }
        let label = format!("resident {}", stated.id);
        let summary = format!("{}, {}", value.display_name, value.home_zone);
        let spoken = Spoken { label, summary, path: &stated.path, entries: resident_entries };
        let key = ObjectKey::Resident(stated.id.clone());
        self.change(key, existing, value, &spoken, |resident| Object::Resident(stated.id.clone(), resident));
    }

    fn change<T: Clone + PartialEq>(
        &mut self,
        key: ObjectKey,
        existing: Option<&Configured<T>>,
        value: T,
        spoken: &Spoken<'_, T>,
        object: impl FnOnce(Configured<T>) -> Object,
    ) {
        let before = existing.and_then(|existing| existing.versions.latest());
        let Some(Edited { after, action, from }) = self.edit(&key, existing, value.clone(), spoken.path) else {
            return;
        };
        let from = self.since_text(from);
        let lines = match before {
            None => vec![format!("+ {}: {}{from}", spoken.label, spoken.summary)],
            Some(before) => {
                let entries = |value| (spoken.entries)(value, Style::Full);
                let differences = entries(before).differences(&entries(&value));
                differences.into_iter().map(|text| format!("~ {}: {text}{from}", spoken.label)).collect()
            }
        };
        self.push(key.clone(), action, lines, vec![(key, Some(object(after)))]);
    }

    fn edit<T: Clone + PartialEq>(
        &mut self,
        key: &ObjectKey,
        existing: Option<&Configured<T>>,
        value: T,
        path: &str,
    ) -> Option<Edited<T>> {
        let latest = existing.and_then(|existing| existing.versions.latest());
        if latest == Some(&value) {
            return None;
        }
        if latest.is_some() && existing.is_some_and(|existing| existing.meta.origin == Origin::Entered) {
            self.refuse_entered(path);
            return None;
        }
        let (action, from) = match (existing, latest) {
            (Some(existing), Some(_)) => (Action::Update, self.edit_from(&existing.versions)),
            (Some(_), None) => (Action::Create, self.again_from()),
            (None, _) if *key == ObjectKey::Team => (Action::Create, self.create_from().min(self.now)),
            (None, _) => (Action::Create, self.create_from()),
        };
        let mut versions = existing.map_or_else(Versions::default, |existing| existing.versions.clone());
        match versions.set(from, self.made(), Some(value), self.options.replace_later) {
            Ok(_) => {
                let meta = self.meta(existing.map(|existing| existing.meta));
                Some(Edited { after: Configured { meta, versions }, action, from })
            }
            Err(later) => {
                self.refuse_later(path, later);
                None
            }
        }
    }

    /// Ends what came from a file and is not in this one, or leaves it alone.
    fn absent<T: Clone + PartialEq>(
        &mut self,
        key: ObjectKey,
        existing: &Configured<T>,
        label: &str,
        object: impl FnOnce(Configured<T>) -> Object,
    ) {
        if existing.meta.origin == Origin::Entered || existing.versions.latest().is_none() {
            return;
        }
        if !self.options.prune {
            self.plan.left_alone.file.push(label.to_owned());
            return;
        }
        let mut versions = existing.versions.clone();
        let Some(from) = self.end(&mut versions, label) else { return };
        let lines = vec![format!("- {label}{}", self.since_text(from))];
        let after = Configured { meta: self.meta(Some(existing.meta)), versions };
        // What never was in effect leaves nothing behind.
        let after = if after.versions.list().is_empty() { None } else { Some(object(after)) };
        self.push(key.clone(), Action::End, lines, vec![(key, after)]);
    }

    /// Ends versions from now on, or from their beginning if that is later; returns from when.
    pub(super) fn end<T: PartialEq>(&mut self, versions: &mut Versions<T>, label: &str) -> Option<Instant> {
        let from = versions.list().first().map_or(self.now, |first| first.from.max(self.now));
        match versions.set(from, self.made(), None, self.options.replace_later) {
            Ok(_) => Some(from),
            Err(later) => {
                let when = self.when(later.from);
                let message = format!(
                    "{label} is not in the file, and has a later version, planned from {when} on; say that it is \
                     replaced, or wait"
                );
                self.refuse("", message);
                None
            }
        }
    }
}
