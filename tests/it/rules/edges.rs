//! Every instant at which an answer may change, found by listing whatever has an edge.
//!
//! More than needed, never less: between two of them nothing changes. The laws check that as well, at random instants.

use std::collections::BTreeSet;

use onduty::civil::{Day, Instant, Interval, TimeOfDay, Weekdays, WeeklyWindow, WindowId, Zone, ZoneRules};
use onduty::model::{
    DutyId, Effect, RequirementTime, ResidentId, Rotation, Source, TeamSnapshot, Version, Versions, ZoneName,
};

/// Returns the instants inside `window` at which the listing of `duty` may change, its start included.
pub fn edges(team: &TeamSnapshot, rules: &ZoneRules, duty: &DutyId, window: Interval) -> Vec<Instant> {
    let mut edges = Edges { rules, window, found: BTreeSet::from([window.start()]) };
    edges.duty(team, duty);
    for id in team.residents.keys() {
        edges.resident(team, id);
    }
    for set in team.holiday_sets.values() {
        edges.versions(&set.versions);
    }
    for entry in team.overrides.values().filter(|entry| entry.value.duty == *duty) {
        edges.interval(entry.value.span.interval(rules).unwrap());
    }
    edges.found.into_iter().collect()
}

struct Edges<'a> {
    rules: &'a ZoneRules,
    window: Interval,
    found: BTreeSet<Instant>,
}

impl Edges<'_> {
    fn add(&mut self, at: Instant) {
        if self.window.contains(at) {
            self.found.insert(at);
        }
    }

    fn interval(&mut self, interval: Option<Interval>) {
        if let Some(interval) = interval {
            self.add(interval.start());
            self.add(interval.end());
        }
    }

    fn versions<T>(&mut self, versions: &Versions<T>) {
        for version in versions.list() {
            self.add(version.from);
        }
    }

    fn duty(&mut self, team: &TeamSnapshot, id: &DutyId) {
        let Some(duty) = team.duties.get(id) else { return };
        self.versions(&duty.versions);
        for requirement in values(&duty.versions).flat_map(|duty| &duty.requirements) {
            match &requirement.time {
                RequirementTime::Always => self.days(&requirement.zone),
                RequirementTime::Windows(windows) => self.windows(windows, &requirement.zone),
            }
        }
        for versions in duty.layers.values() {
            self.versions(versions);
            for layer in values(versions) {
                if let Source::Rotation(rotation) = &layer.source {
                    self.turns(rotation);
                }
                if let Some(windows) = &layer.windows {
                    self.windows(&windows.windows, &windows.zone);
                }
            }
        }
    }

    fn resident(&mut self, team: &TeamSnapshot, id: &ResidentId) {
        let versions = &team.residents[id].versions;
        self.versions(versions);
        let mut zones: BTreeSet<&ZoneName> = values(versions).map(|resident| &resident.home_zone).collect();
        for entry in team.time_off.values().filter(|entry| entry.value.resident == *id) {
            for instance in entry.value.instances(self.wider(), self.rules).unwrap() {
                self.interval(Some(instance.interval));
            }
            if let Effect::WorkingElsewhere { zone } = &entry.value.effect {
                zones.insert(zone);
            }
        }
        for resident in values(versions) {
            for zone in &zones {
                self.windows(&resident.working_hours, zone);
            }
            if resident.term.first.is_some() || resident.term.last.is_some() {
                self.days(&resident.term.zone);
            }
            if !resident.holidays.sets.is_empty() {
                self.days(&resident.holidays.zone);
            }
        }
    }

    /// The window and an instant more, so that what ends where it begins is seen.
    fn wider(&self) -> Interval {
        Interval::new(self.window.start().plus(-1), self.window.end().plus(1)).unwrap()
    }

    fn zone(&self, name: &ZoneName) -> &Zone {
        name.zone(self.rules).unwrap()
    }

    fn days(&mut self, zone: &ZoneName) {
        let (id, weekdays) = (WindowId::new("whole").unwrap(), Weekdays::ALL);
        let whole = WeeklyWindow { id, weekdays, start: TimeOfDay::MIN, end: TimeOfDay::MAX };
        self.windows(&[whole], zone);
    }

    fn windows(&mut self, windows: &[WeeklyWindow], zone: &ZoneName) {
        let (first, last) = {
            let zone = self.zone(zone);
            (zone.day(self.window.start()).number() - 3, zone.day(self.window.end()).number() + 1)
        };
        for day in (first..=last).map(Day::from_number) {
            for window in windows {
                let interval = window.on_day(day, self.zone(zone));
                self.interval(interval);
            }
        }
    }

    fn turns(&mut self, rotation: &Rotation) {
        let grid_zone = self.rules.zone(rotation.zone.as_str()).unwrap();
        let grid = rotation.turns(grid_zone);
        let mut turn = grid.turn_at(self.window.start());
        while grid.boundary(turn) < self.window.end() {
            self.add(grid.boundary(turn));
            turn += 1;
        }
    }
}

fn values<T>(versions: &Versions<T>) -> impl Iterator<Item = &T> {
    versions.list().iter().filter_map(|version: &Version<T>| version.value.as_ref())
}
