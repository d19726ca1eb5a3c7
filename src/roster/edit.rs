//! Drafts: a change set in the making, with every object stamped and every violation collected.

use std::collections::BTreeMap;

use super::{Change, Refusal};
use crate::civil::{Instant, ZoneRules};
use crate::model::validate::{self, Violation, Violations};
use crate::model::{
    Configured, ConfiguredDuty, Duty, DutyId, Entered, GapAcceptance, HandoffNote, HandoffNoteId, HolidaySet,
    HolidaySetId, LaterVersion, Layer, LayerId, Meta, Object, ObjectKey, Origin, Override, OverrideId, Resident,
    ResidentId, Swap, SwapId, Task, TaskId, Team, TeamSnapshot, TimeOff, TimeOffId, TimeOffPrivate, Versions,
    rotation_versions,
};
use crate::store::ChangeSet;

/// From when a version is in effect, and what it may overwrite (semantics 3.5).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Dated {
    /// From when; `None` is from now on, a rotation's participants from their next turn boundary on.
    pub effective: Option<Instant>,
    /// Whether the past may change.
    pub correction: bool,
    /// Whether versions dated later are dropped.
    pub replace_later: bool,
}

/// A change set in the making, against one snapshot.
pub struct Draft<'a> {
    after: TeamSnapshot,
    change: Change,
    rules: &'a ZoneRules,
    changes: ChangeSet,
    violations: Violations,
    position: u32,
}

impl<'a> Draft<'a> {
    /// Returns a draft that changes nothing yet.
    #[must_use]
    pub fn new(team: &TeamSnapshot, change: Change, rules: &'a ZoneRules) -> Self {
        Self {
            after: team.clone(),
            change,
            rules,
            changes: ChangeSet::default(),
            violations: Violations::default(),
            position: 0,
        }
    }

    /// Returns the team as the draft would make it so far.
    #[must_use]
    pub fn after(&self) -> &TeamSnapshot {
        &self.after
    }

    /// Returns the change set.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] with every violation found.
    pub fn finish(self) -> Result<ChangeSet, Refusal> {
        let violations = self.violations.into_list();
        if violations.is_empty() { Ok(self.changes) } else { Err(Refusal::Invalid(violations)) }
    }

    /// Adds violations found elsewhere.
    pub fn refuse(&mut self, violations: impl IntoIterator<Item = Violation>) {
        for violation in violations {
            self.violations.add(&violation.field, violation.reason);
        }
    }

    fn put(&mut self, object: Object) {
        self.after.put(object.clone());
        self.changes.put(object);
        self.position += 1;
    }

    /// Puts a configured object; one that is in effect at no time leaves nothing behind.
    fn keep(&mut self, object: Object, is_empty: bool) {
        if is_empty { self.remove(object.key()) } else { self.put(object) }
    }

    /// Removes an entered object.
    pub fn remove(&mut self, key: ObjectKey) {
        self.after.remove(&key);
        self.changes.remove(key);
    }

    /// Returns from when what is dated so is in effect.
    ///
    /// # Errors
    ///
    /// [`Refusal::ChangesThePast`] where that is over and no correction.
    pub fn effective_from(&self, dated: Dated) -> Result<Instant, Refusal> {
        match dated.effective {
            Some(from) if from < self.change.time && !dated.correction => Err(Refusal::ChangesThePast { from }),
            Some(from) => Ok(from),
            None => Ok(self.change.time),
        }
    }

    fn meta(&self, before: Option<Meta>, origin: Origin) -> Meta {
        let (made, time) = (self.change.made(self.position), self.change.time);
        match before {
            Some(meta) => Meta { updated: made, update_time: time, ..meta },
            None => Meta { created: made, create_time: time, updated: made, update_time: time, origin },
        }
    }

    /// Opens a version of a configured object; `None` where nothing changes. One that had ended begins as another.
    fn version<T: Clone + PartialEq>(
        &self,
        before: Option<&Configured<T>>,
        value: Option<T>,
        dated: Dated,
        origin: Origin,
        name: impl FnOnce() -> String,
    ) -> Result<Option<Configured<T>>, Refusal> {
        let from = self.effective_from(dated)?;
        let same = before.filter(|before| before.versions.goes_on(from) || value.is_none());
        let mut versions = before.map_or_else(Versions::default, |before| before.versions.clone());
        let changed = versions
            .set(from, self.change.made(self.position), value, dated.replace_later)
            .map_err(|later| later_version(later, name()))?;
        let meta = self.meta(same.map(|before| before.meta), origin);
        Ok(changed.then_some(Configured { meta, versions }))
    }

    /// States the team's own settings.
    ///
    /// # Errors
    ///
    /// A refusal of the date; what is wrong with the value is told by [`Draft::finish`].
    pub fn team(&mut self, value: Team, dated: Dated, origin: Origin) -> Result<(), Refusal> {
        validate::check_team(&value, self.rules, &mut self.violations);
        self.team_versions(Some(value), dated, origin)
    }

    /// Ends the team's own settings, and with them the team; what lies in it is left alone.
    ///
    /// # Errors
    ///
    /// As [`Draft::team`].
    pub fn end_team(&mut self, dated: Dated) -> Result<(), Refusal> {
        self.team_versions(None, dated, Origin::Entered)
    }

    fn team_versions(&mut self, value: Option<Team>, dated: Dated, origin: Origin) -> Result<(), Refusal> {
        let name = || format!("teams/{}", self.after.id);
        if let Some(team) = self.version(self.after.team.as_ref(), value, dated, origin, name)? {
            let is_empty = team.versions.list().is_empty();
            self.keep(Object::Team(team), is_empty);
        }
        Ok(())
    }

    /// States a resident, or ends one.
    ///
    /// # Errors
    ///
    /// As [`Draft::team`].
    pub fn resident(
        &mut self,
        id: &ResidentId,
        value: Option<Resident>,
        dated: Dated,
        origin: Origin,
    ) -> Result<(), Refusal> {
        if let Some(value) = &value {
            validate::check_resident(value, &self.after, self.rules, &mut self.violations);
        }
        let name = || format!("teams/{}/residents/{id}", self.after.id);
        if let Some(resident) = self.version(self.after.residents.get(id), value, dated, origin, name)? {
            let is_empty = resident.versions.list().is_empty();
            self.keep(Object::Resident(id.clone(), resident), is_empty);
        }
        Ok(())
    }

    /// States a holiday set, or ends one.
    ///
    /// # Errors
    ///
    /// As [`Draft::team`].
    pub fn holiday_set(
        &mut self,
        id: &HolidaySetId,
        value: Option<HolidaySet>,
        dated: Dated,
        origin: Origin,
    ) -> Result<(), Refusal> {
        if let Some(value) = &value {
            validate::check_holiday_set(value, &mut self.violations);
        }
        let name = || format!("teams/{}/holidaySets/{id}", self.after.id);
        if let Some(set) = self.version(self.after.holiday_sets.get(id), value, dated, origin, name)? {
            let is_empty = set.versions.list().is_empty();
            self.keep(Object::HolidaySet(id.clone(), set), is_empty);
        }
        Ok(())
    }

    /// States a duty with all its layers, or ends one. Layers that are no longer in the order end with it.
    ///
    /// Each layer has versions of its own: a rotation's edit waits for a turn boundary unless a date is stated.
    ///
    /// # Errors
    ///
    /// As [`Draft::team`].
    pub fn duty(
        &mut self,
        id: &DutyId,
        value: Option<(Duty, BTreeMap<LayerId, Layer>)>,
        dated: Dated,
        origin: Origin,
    ) -> Result<(), Refusal> {
        if let Some((duty, layers)) = &value {
            validate::check_duty(duty, layers, &self.after, self.rules, &mut self.violations);
            let (from, none) = (dated.effective.unwrap_or(self.change.time), BTreeMap::new());
            let before = self.after.duties.get(id).map_or(&none, |duty| &duty.layers);
            validate::check_layers_presence(&duty.layers, layers, before, from, &self.after, &mut self.violations);
        }
        match value {
            Some((duty, layers)) => self.duty_versions(id, Some(duty), Some(layers), dated, origin),
            None => self.duty_versions(id, None, Some(BTreeMap::new()), dated, origin),
        }
    }

    /// Changes a duty and leaves its layers as they are, with what is planned for them.
    ///
    /// # Errors
    ///
    /// As [`Draft::team`].
    pub fn duty_alone(&mut self, id: &DutyId, value: Duty, dated: Dated, origin: Origin) -> Result<(), Refusal> {
        let at = dated.effective.unwrap_or(self.change.time);
        let layers = self.after.duties.get(id).map(|duty| duty.layers_at(at)).unwrap_or_default();
        validate::check_duty(&value, &layers, &self.after, self.rules, &mut self.violations);
        self.duty_versions(id, Some(value), None, dated, origin)
    }

    /// Changes one layer of a duty and leaves everything else of it as it is.
    ///
    /// # Errors
    ///
    /// As [`Draft::team`].
    pub fn layer(&mut self, id: &DutyId, layer: &LayerId, value: Layer, dated: Dated) -> Result<(), Refusal> {
        let from = self.effective_from(dated)?;
        let name = || format!("teams/{}/duties/{id}", self.after.id);
        let Some(before) = self.after.duties.get(id) else { return Err(Refusal::not_found(name())) };
        validate::check_layer(&value, &self.after, self.rules, &mut self.violations);
        let (order, stated) = ([layer.clone()], BTreeMap::from([(layer.clone(), value.clone())]));
        validate::check_layers_presence(&order, &stated, &before.layers, from, &self.after, &mut self.violations);
        let mut after = before.clone();
        let (made, versions) = (self.change.made(self.position), after.layers.entry(layer.clone()).or_default());
        if layer_versions(versions, value, from, dated, made, self.rules, &name)? {
            after.meta = self.meta(Some(before.meta), Origin::Entered);
            self.put(Object::Duty(id.clone(), after));
        }
        Ok(())
    }

    fn duty_versions(
        &mut self,
        id: &DutyId,
        value: Option<Duty>,
        layers: Option<BTreeMap<LayerId, Layer>>,
        dated: Dated,
        origin: Origin,
    ) -> Result<(), Refusal> {
        let from = self.effective_from(dated)?;
        let before = self.after.duties.get(id);
        let same = before.filter(|before| before.versions.goes_on(from) || value.is_none());
        let mut after = before.cloned().unwrap_or_else(|| ConfiguredDuty {
            meta: self.meta(None, origin),
            versions: Versions::default(),
            layers: BTreeMap::new(),
        });
        let made = self.change.made(self.position);
        let name = || format!("teams/{}/duties/{id}", self.after.id);
        let later = |later| later_version(later, name());
        let mut changed = after.versions.set(from, made, value, dated.replace_later).map_err(later)?;
        if let Some(layers) = layers {
            let gone: Vec<LayerId> = after.layers.keys().filter(|id| !layers.contains_key(id)).cloned().collect();
            for layer in gone {
                let versions = after.layers.entry(layer).or_default();
                changed |= versions.set(from, made, None, dated.replace_later).map_err(later)?;
            }
            for (layer, wanted) in layers {
                let versions = after.layers.entry(layer).or_default();
                changed |= layer_versions(versions, wanted, from, dated, made, self.rules, &name)?;
            }
        }
        if changed {
            after.layers.retain(|_, versions| !versions.list().is_empty());
            after.meta = self.meta(same.map(|before| before.meta), origin);
            let is_empty = after.versions.list().is_empty();
            self.keep(Object::Duty(id.clone(), after), is_empty);
        }
        Ok(())
    }

    /// States an override.
    pub fn entry_override(&mut self, id: &OverrideId, value: Override, origin: Origin) {
        validate::check_override(&value, &self.after, self.rules, &mut self.violations);
        let before = self.after.overrides.get(id);
        let known = before.map(|entry| &entry.value);
        validate::check_override_presence(&value, known, &self.after, self.rules, &mut self.violations);
        let meta = self.meta(before.map(|entry| entry.meta), origin);
        self.put(Object::Override(id.clone(), Entered { meta, value }));
    }

    /// States an entry of time off with its private part.
    pub fn time_off(&mut self, id: &TimeOffId, value: TimeOff, private: TimeOffPrivate, origin: Origin) {
        let meta = self.time_off_checked(id, &value, Some(&private), origin);
        self.put(Object::TimeOff(id.clone(), Entered { meta, value }));
        // The log tells of a private part that it was changed, and nothing else.
        if self.after.time_off_private.get(id).is_none_or(|known| known.value != private) {
            self.put(Object::TimeOffPrivate(id.clone(), Entered { meta, value: private }));
        }
    }

    /// Changes an entry of time off less its private part.
    pub fn time_off_alone(&mut self, id: &TimeOffId, value: TimeOff, origin: Origin) {
        let meta = self.time_off_checked(id, &value, None, origin);
        self.put(Object::TimeOff(id.clone(), Entered { meta, value }));
    }

    fn time_off_checked(
        &mut self,
        id: &TimeOffId,
        value: &TimeOff,
        private: Option<&TimeOffPrivate>,
        origin: Origin,
    ) -> Meta {
        validate::check_time_off(value, private, &self.after, self.rules, &mut self.violations);
        let before = self.after.time_off.get(id);
        let known = before.map(|entry| &entry.value);
        validate::check_time_off_presence(value, known, &self.after, self.rules, &mut self.violations);
        self.meta(before.map(|entry| entry.meta), origin)
    }

    /// States a task.
    pub fn task(&mut self, id: &TaskId, value: Task, origin: Origin) {
        validate::check_task(&value, &self.after, self.rules, &mut self.violations);
        let (before, now) = (self.after.tasks.get(id), self.change.time);
        let known = before.map(|entry| &entry.value);
        validate::check_task_presence(&value, known, now, &self.after, self.rules, &mut self.violations);
        let meta = self.meta(before.map(|entry| entry.meta), origin);
        self.put(Object::Task(id.clone(), Entered { meta, value }));
    }

    /// Asks for a swap.
    pub fn ask(&mut self, id: &SwapId, value: Swap) {
        validate::check_swap(&value, self.change.time, &self.after, &mut self.violations);
        self.swap(id, value);
    }

    /// States a swap as it is after an answer.
    pub fn swap(&mut self, id: &SwapId, value: Swap) {
        let meta = self.meta(self.after.swaps.get(id).map(|entry| entry.meta), Origin::Entered);
        self.put(Object::Swap(id.clone(), Entered { meta, value }));
    }

    /// States a handoff note.
    pub fn handoff_note(&mut self, id: &HandoffNoteId, value: HandoffNote) {
        validate::check_handoff_note(&value, &self.after, &mut self.violations);
        validate::check_handoff_note_presence(&value, &self.after, &mut self.violations);
        let meta = self.meta(self.after.handoff_notes.get(id).map(|entry| entry.meta), Origin::Entered);
        self.put(Object::HandoffNote(id.clone(), Entered { meta, value }));
    }

    /// States that a gap is accepted.
    pub fn acceptance(&mut self, value: GapAcceptance) {
        let meta = self.meta(self.after.acceptances.get(&value.gap).map(|entry| entry.meta), Origin::Entered);
        self.put(Object::Acceptance(Entered { meta, value }));
    }
}

fn later_version(later: LaterVersion, name: String) -> Refusal {
    Refusal::LaterVersion { name, from: later.from }
}

/// Opens the versions of a layer that an edit makes; returns whether anything changed.
fn layer_versions(
    versions: &mut Versions<Layer>,
    wanted: Layer,
    from: Instant,
    dated: Dated,
    made: crate::model::Made,
    rules: &ZoneRules,
    name: &impl Fn() -> String,
) -> Result<bool, Refusal> {
    // What is planned last is what an unchanged statement repeats.
    if versions.latest().is_some_and(|latest| latest.states_the_same(&wanted)) && dated.effective.is_none() {
        return Ok(false);
    }
    let opened = rotation_versions(versions, wanted, from, dated.effective.is_some(), rules)?;
    let mut changed = false;
    for (index, (at, layer)) in opened.into_iter().enumerate() {
        let replace = dated.replace_later || index > 0;
        changed |= versions.set(at, made, Some(layer), replace).map_err(|later| later_version(later, name()))?;
    }
    Ok(changed)
}
