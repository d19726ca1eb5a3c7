//! What an export writes: everything asked for, and whatever that refers to.

use std::collections::BTreeSet;

use super::ended;
use crate::civil::{Instant, Zone, ZoneRules};
use crate::model::{
    Configured, DutyId, HolidaySet, HolidaySetId, Meta, Origin, Override, Resident, ResidentId, TeamSnapshot,
};

/// What an export is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    team: &'a TeamSnapshot,
    at: Instant,
    all: bool,
}

/// The objects that an export writes.
pub(super) struct Written<'a> {
    pub(super) asked: Asked<'a>,
    duties: BTreeSet<&'a DutyId>,
    residents: BTreeSet<&'a ResidentId>,
    sets: BTreeSet<&'a HolidaySetId>,
}

impl Asked<'_> {
    /// Tells whether an entry, or an object that goes on, is asked for.
    pub(super) fn asks_for(&self, meta: &Meta) -> bool {
        self.all || meta.origin == Origin::File
    }

    /// Tells whether an override is written: not with a duty that has ended, where nothing can come of it.
    pub(super) fn has_override(&self, meta: &Meta, entry: &Override) -> bool {
        self.asks_for(meta) && self.goes_on(&entry.duty)
    }

    /// Tells whether a duty has not ended, nor is its end planned.
    pub(super) fn goes_on(&self, id: &DutyId) -> bool {
        self.team.duties.get(id).is_some_and(|duty| duty.versions.latest().is_some())
    }
}

impl<'a> Written<'a> {
    /// Works out what is written of `team`.
    pub(super) fn of(team: &'a TeamSnapshot, at: Instant, all: bool) -> Self {
        let (duties, residents, sets) = Default::default();
        let asked = Asked { team, at, all };
        let mut written = Self { asked, duties, residents, sets };
        written.entries();
        written.configured();
        written
    }

    /// Tells whether a duty is written.
    pub(super) fn has_duty(&self, id: &DutyId) -> bool {
        self.duties.contains(id)
    }

    /// Returns what is written of a resident.
    pub(super) fn resident(
        &self,
        id: &ResidentId,
        resident: &Configured<Resident>,
        rules: &ZoneRules,
    ) -> Option<Resident> {
        self.residents.contains(id).then(|| ended::resident(resident, rules))?
    }

    /// Returns what is written of a holiday set.
    pub(super) fn holiday_set(
        &self,
        id: &HolidaySetId,
        set: &Configured<HolidaySet>,
        zone: &Zone,
    ) -> Option<HolidaySet> {
        self.sets.contains(id).then(|| ended::holiday_set(set, zone))?
    }

    /// What the entries name.
    fn entries(&mut self) {
        let (asked, team) = (self.asked, self.asked.team);
        for entry in team.overrides.values().filter(|entry| asked.has_override(&entry.meta, &entry.value)) {
            self.duties.insert(&entry.value.duty);
            self.residents.extend([entry.value.form.by(), entry.value.form.owner()].into_iter().flatten());
        }
        for entry in team.time_off.values().filter(|entry| asked.asks_for(&entry.meta)) {
            self.residents.insert(&entry.value.resident);
        }
        for task in team.tasks.values().filter(|task| asked.asks_for(&task.meta)) {
            self.residents.extend(task.value.assignee.iter().chain(&task.value.deputy));
            self.duties.extend(task.value.duty.iter().filter(|id| asked.goes_on(id)));
        }
    }

    /// The configuration that is asked for, and what it names.
    fn configured(&mut self) {
        let (asked, team) = (self.asked, self.asked.team);
        for (id, duty) in &team.duties {
            let Some(value) = duty.versions.latest() else { continue };
            if !asked.asks_for(&duty.meta) && !self.duties.contains(id) {
                continue;
            }
            self.duties.insert(id);
            for layer in value.layers.iter().filter_map(|layer| duty.layers.get(layer)?.latest()) {
                self.residents.extend(layer.source.people().iter().chain(&layer.shadows));
            }
            self.sets.extend(value.requirements.iter().flat_map(|requirement| &requirement.holiday_sets));
        }
        for (id, resident) in &team.residents {
            if asked.asks_for(&resident.meta) && resident.versions.goes_on(asked.at) {
                self.residents.insert(id);
            }
            if self.residents.contains(id)
                && let Some(value) = resident.versions.last_stated()
            {
                self.sets.extend(&value.holidays.sets);
            }
        }
        for (id, set) in &team.holiday_sets {
            if asked.asks_for(&set.meta) && set.versions.goes_on(asked.at) {
                self.sets.insert(id);
            }
        }
    }
}
