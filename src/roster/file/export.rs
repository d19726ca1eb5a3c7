//! Writing a team as a roster file.

use super::describe::{
    duty_entries, holiday_set_entries, instant_text, layer_entries, override_entries, requirement_entries,
    resident_entries, task_entries, team_entries, time_off_entries,
};
use super::ended::end_of;
use super::entry_list::{EntryList, Style};
use super::written::Written;
use crate::civil::{Instant, ZoneRules};
use crate::model::{ConfiguredDuty, DutyId, Map, Meta, Override, ResidentId, Task, TeamSnapshot, Versions, ZoneName};

/// Writes what a team states about itself as a roster file.
///
/// The latest version of everything is written, with a comment where it is not in effect yet at `at`. What came from a
/// file is written, with whatever that refers to, and where `all`, what people entered too, with the kinds and notes of
/// their time off: such a text is for coordinators only. The same team gives the same text; planning it changes nothing;
/// and it can be applied where there is nothing yet.
///
/// Residents and holiday sets that have ended are written as long as something names them, residents with a term that
/// is over: so everything can be resolved, and no turn moves. Duties that have ended are left out together with their
/// overrides, and a comment says so.
#[must_use]
pub fn export(team: &TeamSnapshot, at: Instant, all: bool, rules: &ZoneRules) -> String {
    let settings = team.team.as_ref().and_then(|settings| settings.versions.latest());
    let zone = settings.map_or_else(|| ZoneName::new("UTC"), |settings| settings.zone.clone());
    let written = Written::of(team, at, all);
    let mut writer = Writer { team, at, written, rules, zone: &zone, text: String::new() };
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
    written: Written<'a>,
    rules: &'a ZoneRules,
    zone: &'a ZoneName,
    text: String,
}

impl Writer<'_> {
    fn style(&self) -> Style<'_> {
        Style::Brief(self.zone)
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
        let zone = self.zone.zone(self.rules).ok();
        for (id, set) in listed(&team.holiday_sets, |set| set.meta) {
            if let Some(value) = zone.and_then(|zone| self.written.holiday_set(id, set, zone)) {
                let entries = holiday_set_entries(&value, self.style());
                self.table("holiday_set", Some(id.as_str()), &set.versions, &entries);
            }
        }
        for (id, resident) in listed(&team.residents, |resident| resident.meta) {
            if let Some(value) = self.written.resident(id, resident, self.rules) {
                let entries = resident_entries(&value, self.style());
                self.table("resident", Some(id.as_str()), &resident.versions, &entries);
            }
        }
        for (id, duty) in listed(&team.duties, |duty| duty.meta) {
            self.duty(id, duty);
            self.left_out(id, duty);
        }
    }

    fn duty(&mut self, id: &DutyId, duty: &ConfiguredDuty) {
        let Some(value) = duty.versions.latest().filter(|_| self.written.has_duty(id)) else { return };
        let entries = duty_entries(value, self.style());
        self.table("duty", Some(id.as_str()), &duty.versions, &entries);
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

    /// Says what is left out of a duty that has ended, where anything of it is still there.
    fn left_out(&mut self, id: &DutyId, duty: &ConfiguredDuty) {
        let Some(end) = end_of(&duty.versions) else { return };
        let entries = self.team.overrides.values().filter(|entry| self.written.asked.asks_for(&entry.meta));
        let overrides = entries.filter(|entry| entry.value.duty == *id).count();
        let is_there = self.written.asked.asks_for(&duty.meta) && end > self.at;
        if overrides == 0 && !is_there {
            return;
        }
        let ends = if end > self.at { "ends" } else { "ended" };
        let with = match overrides {
            0 => String::new(),
            1 => ", and its override".to_owned(),
            count => format!(", and its {count} overrides"),
        };
        let end = instant_text(end, self.zone, self.rules);
        self.text.push_str(&format!("\n# Left out: duty {id}, which {ends} at {end}{with}.\n"));
    }

    fn entered(&mut self) {
        let team = self.team;
        for (id, entry) in listed(&team.overrides, |entry| entry.meta) {
            if self.written.asked.has_override(&entry.meta, &entry.value) {
                let value =
                    Override { forced: entry.value.forced || self.lacks_skill(&entry.value), ..entry.value.clone() };
                let entries = override_entries(&value, self.zone, self.style(), self.rules);
                self.entry("override", id.as_str(), &entries);
            }
        }
        for (id, entry) in listed(&team.time_off, |entry| entry.meta) {
            if self.written.asked.asks_for(&entry.meta) {
                let private = team.time_off_private.get(id).map(|private| &private.value);
                let home_zone = self.home_zone(&entry.value.resident);
                let entries = time_off_entries((&entry.value, private), home_zone, self.style(), self.rules);
                self.entry("time_off", id.as_str(), &entries);
            }
        }
        for (id, task) in listed(&team.tasks, |task| task.meta) {
            if self.written.asked.asks_for(&task.meta) {
                self.task(id.as_str(), &task.value);
            }
        }
    }

    fn task(&mut self, id: &str, task: &Task) {
        self.head("task", Some(id));
        let duty = task.duty.clone().filter(|duty| self.written.asked.goes_on(duty));
        if let Some(ended) = task.duty.as_ref().filter(|_| duty.is_none()) {
            self.text.push_str(&format!("# Left out: its duty, {ended}, which ended.\n"));
        }
        let task = Task { duty, ..task.clone() };
        self.text.push_str(&task_entries(&task, self.zone, self.style(), self.rules).toml());
    }

    /// Tells whether whoever covers lacks a skill by now: the override was made all the same, and can be made again.
    fn lacks_skill(&self, entry: &Override) -> bool {
        let duty = self.team.duties.get(&entry.duty).and_then(|duty| duty.versions.latest());
        let by = entry.form.by().and_then(|by| self.team.residents.get(by));
        let by = by.and_then(|resident| resident.versions.last_stated());
        duty.zip(by).is_some_and(|(duty, by)| duty.skills.iter().any(|skill| !by.skills.contains(skill)))
    }

    fn home_zone(&self, id: &ResidentId) -> &ZoneName {
        let resident = self.team.residents.get(id).and_then(|resident| resident.versions.last_stated());
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

    /// Writes a configured object, saying where what is written is yet to come into effect, or has ended.
    fn table<T>(&mut self, key: &str, id: Option<&str>, versions: &Versions<T>, entries: &EntryList) {
        self.head(key, id);
        if let Some(last) = versions.list().last() {
            let from = instant_text(last.from, self.zone, self.rules);
            if last.value.is_none() && last.from > self.at {
                self.text.push_str(&format!("# Ends at {from}.\n"));
            } else if last.value.is_none() {
                self.text.push_str(&format!("# Ended at {from}, and stays here for what names it.\n"));
            } else if last.from > self.at {
                self.text.push_str(&format!("# As planned from {from} on.\n"));
            }
        }
        self.text.push_str(&entries.toml());
    }
}

/// Returns objects in the order in which they were made.
fn listed<K: Ord, V>(objects: &Map<K, V>, meta: fn(&V) -> Meta) -> Vec<(&K, &V)> {
    let mut listed: Vec<_> = objects.iter().collect();
    listed.sort_by_key(|(_, object)| meta(object).created);
    listed
}
