//! Writing a team as a roster file.

use std::collections::BTreeMap;

use super::describe::{
    duty_entries, holiday_set_entries, instant_text, layer_entries, override_entries, requirement_entries,
    resident_entries, task_entries, team_entries, time_off_entries,
};
use super::entry_list::{EntryList, Style};
use crate::civil::{Instant, ZoneRules};
use crate::model::{Configured, ConfiguredDuty, Meta, Origin, ResidentId, TeamSnapshot, Versions, ZoneName};

/// Writes what a team states about itself as a roster file.
///
/// The latest version of everything is written, with a comment where it is not in effect yet at `at`. What came from a
/// file is written, and where `all`, what people entered too, with the kinds and notes of their time off: such a text
/// is for coordinators only. The same team gives the same text, and planning it changes nothing.
#[must_use]
pub fn export(team: &TeamSnapshot, at: Instant, all: bool, rules: &ZoneRules) -> String {
    let settings = team.team.as_ref().and_then(|settings| settings.versions.latest());
    let zone = settings.map_or_else(|| ZoneName::new("UTC"), |settings| settings.zone.clone());
    let mut writer = Writer { team, at, all, rules, zone: &zone, text: String::new() };
    writer.text.push_str(&format!("team = \"{}\"\n", team.id));
    match settings {
        Some(settings) => writer.text.push_str(&team_entries(settings, Style::Brief(&zone)).toml()),
        None => writer.text.push_str(&format!("zone = \"{zone}\"\n")),
    }
    writer.since();
    writer.configured();
    writer.entered();
    writer.text
}

struct Writer<'a> {
    team: &'a TeamSnapshot,
    at: Instant,
    all: bool,
    rules: &'a ZoneRules,
    zone: &'a ZoneName,
    text: String,
}

impl Writer<'_> {
    fn style(&self) -> Style<'_> {
        Style::Brief(self.zone)
    }

    fn includes(&self, meta: &Meta) -> bool {
        self.all || meta.origin == Origin::File
    }

    /// Writes from when the team is in effect, so that applying the text elsewhere makes a team of the same age.
    fn since(&mut self) {
        let first = self.team.team.as_ref().and_then(|team| team.versions.list().first()).map(|first| first.from);
        let Some((from, zone)) = first.zip(self.zone.zone(self.rules).ok()) else { return };
        if from < Instant::from_seconds(0) {
            return;
        }
        let day = zone.day(from);
        let written = match zone.day_start(day) == from {
            true => day.date().to_string(),
            false => instant_text(from, self.zone, self.rules),
        };
        self.text.push_str(&format!("since = {written}\n"));
    }

    fn configured(&mut self) {
        let team = self.team;
        for (id, set) in listed(&team.holiday_sets, |set| set.meta) {
            if let Some(value) = self.latest(set) {
                let entries = holiday_set_entries(value, self.style());
                self.table("holiday_set", Some(id.as_str()), &set.versions, &entries);
            }
        }
        for (id, resident) in listed(&team.residents, |resident| resident.meta) {
            if let Some(value) = self.latest(resident) {
                let entries = resident_entries(value, self.style());
                self.table("resident", Some(id.as_str()), &resident.versions, &entries);
            }
        }
        for (id, duty) in listed(&team.duties, |duty| duty.meta) {
            self.duty(id.as_str(), duty);
        }
    }

    fn latest<'v, T>(&self, configured: &'v Configured<T>) -> Option<&'v T> {
        configured.versions.latest().filter(|_| self.includes(&configured.meta))
    }

    fn duty(&mut self, id: &str, duty: &ConfiguredDuty) {
        let Some(value) = duty.versions.latest().filter(|_| self.includes(&duty.meta)) else { return };
        let entries = duty_entries(value, self.style());
        self.table("duty", Some(id), &duty.versions, &entries);
        for requirement in &value.requirements {
            let entries = requirement_entries(requirement, self.style());
            self.head("duty.requirement", Some(requirement.id.as_str()));
            self.text.push_str(&entries.toml());
        }
        for id in &value.layers {
            let Some(versions) = duty.layers.get(id) else { continue };
            let Some(layer) = versions.latest() else { continue };
            let entries = layer_entries(layer, self.style());
            self.table("duty.layer", Some(id.as_str()), versions, &entries);
        }
    }

    fn entered(&mut self) {
        let team = self.team;
        for (id, entry) in listed(&team.overrides, |entry| entry.meta) {
            if self.includes(&entry.meta) {
                let entries = override_entries(&entry.value, self.zone, self.style(), self.rules);
                self.entry("override", id.as_str(), &entries);
            }
        }
        for (id, entry) in listed(&team.time_off, |entry| entry.meta) {
            if self.includes(&entry.meta) {
                let private = team.time_off_private.get(id).map(|private| &private.value);
                let home_zone = self.home_zone(&entry.value.resident);
                let entries = time_off_entries((&entry.value, private), home_zone, self.style(), self.rules);
                self.entry("time_off", id.as_str(), &entries);
            }
        }
        for (id, task) in listed(&team.tasks, |task| task.meta) {
            if self.includes(&task.meta) {
                let entries = task_entries(&task.value, self.zone, self.style(), self.rules);
                self.entry("task", id.as_str(), &entries);
            }
        }
    }

    fn home_zone(&self, id: &ResidentId) -> &ZoneName {
        let resident = self.team.residents.get(id).and_then(|resident| resident.versions.latest());
        resident.map_or(self.zone, |resident| &resident.home_zone)
    }

    fn head(&mut self, key: &str, id: Option<&str>) {
        self.text.push_str(&format!("\n[[{key}]]\n"));
        if let Some(id) = id {
            self.text.push_str(&format!("id = \"{id}\"\n"));
        }
    }

    fn entry(&mut self, key: &str, id: &str, entries: &EntryList) {
        self.head(key, Some(id));
        self.text.push_str(&entries.toml());
    }

    /// Writes a configured object, saying where what is written is yet to come into effect.
    fn table<T>(&mut self, key: &str, id: Option<&str>, versions: &Versions<T>, entries: &EntryList) {
        self.head(key, id);
        if let Some(last) = versions.list().last().filter(|last| last.from > self.at) {
            let from = instant_text(last.from, self.zone, self.rules);
            self.text.push_str(&format!("# As planned from {from} on.\n"));
        }
        self.text.push_str(&entries.toml());
    }
}

/// Returns objects in the order in which they were made.
fn listed<K: Ord, V>(objects: &BTreeMap<K, V>, meta: fn(&V) -> Meta) -> Vec<(&K, &V)> {
    let mut listed: Vec<_> = objects.iter().collect();
    listed.sort_by_key(|(_, object)| meta(object).created);
    listed
}
