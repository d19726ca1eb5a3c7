//! Undoing a change: another one that puts back what it took, where nothing depends on it meanwhile (semantics 9.2).

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Refusal};
use crate::access::{Identity, is_own};
use crate::civil::{Instant, UnknownZone, ZoneRules};
use crate::model::validate::{self, Violations};
use crate::model::{
    Configured, ConfiguredDuty, Duty, Effect, Entered, Layer, LayerId, Meta, Object, ObjectKey, Override, ResidentId,
    TeamSnapshot, TimeOffKind, Versions,
};
use crate::store::{ChangeSet, LogEntry, LoggedChange};

/// Why a change cannot be undone, whatever else there is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotUndoable {
    /// The server made it.
    #[error("was made by the server itself, which would make it again")]
    MadeByServer,
    /// It changed nothing.
    #[error("changed nothing")]
    Nothing,
    /// It changed kinds and notes, which the log does not have.
    #[error("changed a kind or a note of time off and nothing else, which the log does not keep; state it again")]
    DetailsOnly,
    /// What it changed is over by now.
    #[error("makes no difference any more: what it changed is over, and the past stays")]
    Over,
    /// It made the team.
    #[error("made the team; to end that, use `onduty delete team`")]
    MadeTeam,
}

/// What stands in the way of undoing a change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Obstacle {
    /// What it changed is not any more as it left it.
    Changed(ObjectKey),
    /// What it made, and undoing it would take away, is named by something else.
    Named {
        /// What would be taken away.
        key: ObjectKey,
        /// What names it.
        by: ObjectKey,
        /// When that was changed last: the revision.
        revision: u64,
        /// And the time.
        time: Instant,
    },
    /// What would be put back makes no sense any more.
    Invalid {
        /// What would be put back.
        key: ObjectKey,
        /// What is wrong with it.
        reason: String,
    },
}

/// How the title of an undo begins.
const TITLE: &str = "undo of revision ";

/// Returns what undoing `entry` is called in the log. That of an undo of an undo does not grow.
#[must_use]
pub fn undo_title(entry: &LogEntry) -> String {
    let inner = entry.title.strip_prefix(TITLE).and_then(|rest| rest.split_once(": "));
    match inner {
        Some((_, what)) => format!("{TITLE}{}, an undo: {what}", entry.revision),
        None => format!("{TITLE}{}: {}", entry.revision, entry.title),
    }
}

/// Returns which revision an undo is of, by its title; `None` of anything else.
#[must_use]
pub fn undone_revision(undo: &LogEntry) -> Option<u64> {
    let number = undo.title.strip_prefix(TITLE)?.split([':', ',']).next()?;
    number.parse().ok()
}

/// Tells whether to undo a change is to change what is the resident's own, and nothing else (semantics 8.1).
#[must_use]
pub fn is_own_to_undo(own: &ResidentId, team: &TeamSnapshot, entry: &LogEntry) -> bool {
    entry.changes.iter().all(|change| {
        let sides = [change.before.as_ref(), change.after.as_ref()];
        sides.into_iter().all(|side| is_own(own, team, &change.key, side))
    })
}

/// Returns the change set that undoes `entry` in `team`.
///
/// Entries become what they were. Of configuration the past stays: from the time of `change` on it holds what was to
/// hold before. Kinds and notes, which the log does not have, are left as they are, or out.
///
/// # Errors
///
/// [`Refusal::NotUndoable`], or [`Refusal::Obstructed`] with everything that stands in the way.
pub fn undo(team: &TeamSnapshot, entry: &LogEntry, change: Change, rules: &ZoneRules) -> Result<ChangeSet, Refusal> {
    let not = |why| Refusal::NotUndoable { revision: entry.revision, why };
    if entry.actor == Identity::server().name {
        return Err(not(NotUndoable::MadeByServer));
    }
    let made = |logged: &LoggedChange| logged.key == ObjectKey::Team && logged.before.is_none();
    if entry.changes.iter().any(made) {
        return Err(not(NotUndoable::MadeTeam));
    }
    let told: Vec<&LoggedChange> = entry.changes.iter().filter(|logged| !logged.key.is_private()).collect();
    let mut undoing = Undoing::new(team, change, rules);
    for logged in &told {
        undoing.put_back(logged);
    }
    if undoing.changes.is_empty() && undoing.obstacles.is_empty() {
        let same = |logged: &&LoggedChange| says_the_same(logged.before.as_ref(), logged.after.as_ref(), Instant::MIN);
        return Err(not(match entry.changes.is_empty() {
            true => NotUndoable::Nothing,
            false if told.iter().all(same) => NotUndoable::DetailsOnly,
            false => NotUndoable::Over,
        }));
    }
    undoing.check(entry.revision)?;
    let Undoing { changes, obstacles, .. } = undoing;
    if obstacles.is_empty() { Ok(changes) } else { Err(Refusal::Obstructed { revision: entry.revision, obstacles }) }
}

/// A change set in the making.
struct Undoing<'a> {
    before: &'a TeamSnapshot,
    after: TeamSnapshot,
    change: Change,
    rules: &'a ZoneRules,
    changes: ChangeSet,
    obstacles: Vec<Obstacle>,
    position: u32,
    /// What is not there any more afterwards, and from when on.
    gone: Vec<(ObjectKey, Instant)>,
}

impl<'a> Undoing<'a> {
    fn new(before: &'a TeamSnapshot, change: Change, rules: &'a ZoneRules) -> Self {
        Self {
            before,
            after: before.clone(),
            change,
            rules,
            changes: ChangeSet::default(),
            obstacles: Vec::new(),
            position: 0,
            gone: Vec::new(),
        }
    }

    /// Puts one object back, unless it is not as the change left it.
    fn put_back(&mut self, logged: &LoggedChange) {
        let now = self.change.time;
        if says_the_same(logged.before.as_ref(), logged.after.as_ref(), now) {
            return;
        }
        let (key, current) = (&logged.key, self.before.get(&logged.key));
        if !says_the_same(current.as_ref(), logged.after.as_ref(), now) {
            self.obstacles.push(Obstacle::Changed(key.clone()));
            return;
        }
        let (before, current) = (logged.before.as_ref(), current.as_ref());
        let object = match before.or(current) {
            None => None,
            Some(Object::Team(_)) => self.configured(before, current, team_of).map(Object::Team),
            Some(Object::Resident(id, _)) => {
                self.configured(before, current, resident_of).map(|kept| Object::Resident(id.clone(), kept))
            }
            Some(Object::HolidaySet(id, _)) => {
                self.configured(before, current, set_of).map(|kept| Object::HolidaySet(id.clone(), kept))
            }
            Some(Object::Duty(id, _)) => self.duty(before, current).map(|kept| Object::Duty(id.clone(), kept)),
            Some(_) => before.map(|before| self.entered(before.clone())),
        };
        self.set(key, object);
    }

    fn set(&mut self, key: &ObjectKey, object: Option<Object>) {
        let now = self.change.time;
        if self.before.get(key).is_some_and(|current| goes_on(&current, now))
            && !object.as_ref().is_some_and(|object| goes_on(object, now))
        {
            self.gone.push((key.clone(), if object.is_some() { now } else { Instant::MIN }));
        }
        match object {
            Some(object) => {
                self.after.put(object.clone());
                self.changes.put(object);
                self.position += 1;
            }
            None => self.remove(key),
        }
        if let ObjectKey::TimeOff(id) = key {
            self.details(&ObjectKey::TimeOffPrivate(id.clone()));
        }
    }

    fn remove(&mut self, key: &ObjectKey) {
        self.after.remove(key);
        self.changes.remove(key.clone());
    }

    /// Lets go of a kind and a note that have no entry any more, or one that they do not fit.
    fn details(&mut self, key: &ObjectKey) {
        let Some(Object::TimeOffPrivate(id, part)) = self.after.get(key) else { return };
        let fits = self.after.time_off.get(&id).is_some_and(|entry| {
            !matches!(entry.value.effect, Effect::WorkingElsewhere { .. }) || part.value.kind == TimeOffKind::Travel
        });
        if !fits {
            self.remove(key);
        }
    }

    fn meta(&self, before: &Meta) -> Meta {
        Meta { updated: self.change.made(self.position), update_time: self.change.time, ..*before }
    }

    fn entered(&self, object: Object) -> Object {
        let meta = self.meta(object.meta());
        match object {
            Object::Override(id, entry) => Object::Override(id, Entered { meta, ..entry }),
            Object::TimeOff(id, entry) => Object::TimeOff(id, Entered { meta, ..entry }),
            Object::Task(id, entry) => Object::Task(id, Entered { meta, ..entry }),
            Object::Acceptance(entry) => Object::Acceptance(Entered { meta, ..entry }),
            Object::Swap(id, entry) => Object::Swap(id, Entered { meta, ..entry }),
            Object::HandoffNote(id, entry) => Object::HandoffNote(id, Entered { meta, ..entry }),
            // The log has no private parts, teams have nothing of the server's, and the rest has versions.
            other => other,
        }
    }

    /// Returns a configured object as it was until now, and from now on as it was to be before the change.
    fn configured<T: Clone + PartialEq>(
        &self,
        before: Option<&Object>,
        current: Option<&Object>,
        of: fn(&Object) -> Option<&Configured<T>>,
    ) -> Option<Configured<T>> {
        let (before, current) = (before.and_then(of), current.and_then(of));
        let versions = self.resumed(current.map(|kept| &kept.versions), before.map(|kept| &kept.versions));
        let meta = self.meta(&before.or(current)?.meta);
        (!versions.list().is_empty()).then_some(Configured { meta, versions })
    }

    fn duty(&self, before: Option<&Object>, current: Option<&Object>) -> Option<ConfiguredDuty> {
        let (before, current) = (before.and_then(duty_of), current.and_then(duty_of));
        let versions = self.resumed(current.map(|kept| &kept.versions), before.map(|kept| &kept.versions));
        let ids: BTreeSet<&LayerId> =
            [before, current].into_iter().flatten().flat_map(|kept| kept.layers.keys()).collect();
        let layer = |kept: Option<&'_ ConfiguredDuty>, id| kept.and_then(|kept| kept.layers.get(id)).cloned();
        let layers = ids
            .into_iter()
            .map(|id| (id.clone(), self.resumed(layer(current, id).as_ref(), layer(before, id).as_ref())));
        let layers: BTreeMap<LayerId, Versions<Layer>> =
            layers.filter(|(_, versions)| !versions.list().is_empty()).collect();
        let meta = self.meta(&before.or(current)?.meta);
        (!versions.list().is_empty()).then_some(ConfiguredDuty { meta, versions, layers })
    }

    fn resumed<T: Clone + PartialEq>(
        &self,
        current: Option<&Versions<T>>,
        before: Option<&Versions<T>>,
    ) -> Versions<T> {
        let none = Versions::default();
        let made = self.change.made(self.position);
        current.unwrap_or(&none).resumed(before.unwrap_or(&none), self.change.time, made)
    }

    /// Adds what was stated after `revision` and would name nothing any more, and what is wrong with what would be put
    /// back.
    fn check(&mut self, revision: u64) -> Result<(), UnknownZone> {
        let mut found = Vec::new();
        for (key, since) in &self.gone {
            let since_then =
                |object: &Object| object.meta().updated.revision > revision && !self.changes.has(&object.key());
            for object in self.after.objects().filter(since_then) {
                if object.names(key, *since, self.rules)? {
                    let meta = object.meta();
                    let (revision, time) = (meta.updated.revision, meta.update_time);
                    found.push(Obstacle::Named { key: key.clone(), by: object.key(), revision, time });
                }
            }
        }
        for (key, object) in self.changes.iter() {
            let mut violations = Violations::default();
            if let Some(object) = object {
                self.validate(object, &mut violations);
            }
            let reason = |violation: validate::Violation| format!("{}: {}", violation.field, violation.reason);
            let wrong = violations.into_list().into_iter().map(reason);
            found.extend(wrong.map(|reason| Obstacle::Invalid { key: key.clone(), reason }));
        }
        // One reason for each thing: a violation may be found in each of many versions.
        found.dedup();
        self.obstacles.append(&mut found);
        Ok(())
    }

    /// Adds what is wrong with an object that would be put back.
    ///
    /// Skills, and that nobody who is named has left, are looked at where something is stated and not again (semantics
    /// 3.5e, 4.3d): had the change not been made, it would be so too.
    fn validate(&self, object: &Object, violations: &mut Violations) {
        let (team, rules, now) = (&self.after, self.rules, self.change.time);
        match object {
            Object::Team(kept) => {
                from_on(&kept.versions, now).for_each(|(_, value)| validate::check_team(value, rules, violations));
            }
            Object::Resident(_, kept) => from_on(&kept.versions, now)
                .for_each(|(_, value)| validate::check_resident(value, team, rules, violations)),
            Object::HolidaySet(_, kept) => {
                from_on(&kept.versions, now).for_each(|(_, value)| validate::check_holiday_set(value, violations));
            }
            Object::Duty(_, kept) => {
                for (at, duty) in duty_from_on(kept, now) {
                    let layers = kept.layers_at(at);
                    // An order may have a layer that is not in effect yet, or has ended.
                    let order = duty.layers.iter().filter(|id| layers.contains_key(*id)).cloned();
                    let duty = Duty { layers: order.collect(), ..duty.clone() };
                    validate::check_duty(&duty, &layers, team, rules, violations);
                }
            }
            Object::Override(_, entry) => {
                let agreed = Override { forced: true, ..entry.value.clone() };
                validate::check_override(&agreed, team, rules, violations);
            }
            Object::TimeOff(id, entry) => {
                let private = team.time_off_private.get(id).map(|part| &part.value);
                validate::check_time_off(&entry.value, private, team, rules, violations);
            }
            Object::Task(_, entry) => validate::check_task(&entry.value, team, rules, violations),
            Object::HandoffNote(_, entry) => validate::check_handoff_note(&entry.value, team, violations),
            // An acceptance is about a gap, whether or not there still is one; and whether a swap can still take effect is
            // found when it is read.
            _ => {}
        }
    }
}

/// Tells whether an object is there at `at` or later.
fn goes_on(object: &Object, at: Instant) -> bool {
    match object {
        Object::Team(team) => team.versions.goes_on(at),
        Object::Resident(_, resident) => resident.versions.goes_on(at),
        Object::HolidaySet(_, set) => set.versions.goes_on(at),
        Object::Duty(_, duty) => duty.versions.goes_on(at),
        _ => true,
    }
}

/// Tells whether two states of one object say the same: of configuration, from `at` on. Kinds and notes, which the log
/// does not have, and who stated it when make no difference.
fn says_the_same(one: Option<&Object>, two: Option<&Object>, at: Instant) -> bool {
    match one.or(two) {
        None => true,
        Some(Object::Team(_)) => same_configured(one, two, at, team_of),
        Some(Object::Resident(..)) => same_configured(one, two, at, resident_of),
        Some(Object::HolidaySet(..)) => same_configured(one, two, at, set_of),
        Some(Object::Duty(..)) => {
            let (one, two) = (one.and_then(duty_of), two.and_then(duty_of));
            let ids = [one, two].into_iter().flatten().flat_map(|kept| kept.layers.keys());
            let layer = |kept: Option<&'_ ConfiguredDuty>, id| kept.and_then(|kept| kept.layers.get(id)).cloned();
            let mut layers = ids.map(|id| (layer(one, id), layer(two, id)));
            same_versions(one.map(|kept| &kept.versions), two.map(|kept| &kept.versions), at)
                && layers.all(|(one, two)| same_versions(one.as_ref(), two.as_ref(), at))
        }
        Some(_) => match (one, two) {
            (Some(Object::Override(_, one)), Some(Object::Override(_, two))) => one.value == two.value,
            (Some(Object::TimeOff(_, one)), Some(Object::TimeOff(_, two))) => one.value == two.value,
            (Some(Object::Task(_, one)), Some(Object::Task(_, two))) => one.value == two.value,
            (Some(Object::Acceptance(one)), Some(Object::Acceptance(two))) => one.value == two.value,
            (Some(Object::Swap(_, one)), Some(Object::Swap(_, two))) => one.value == two.value,
            (Some(Object::HandoffNote(_, one)), Some(Object::HandoffNote(_, two))) => one.value == two.value,
            _ => one == two,
        },
    }
}

fn same_configured<T: Clone + PartialEq>(
    one: Option<&Object>,
    two: Option<&Object>,
    at: Instant,
    of: fn(&Object) -> Option<&Configured<T>>,
) -> bool {
    let versions = |side: Option<&'_ Object>| side.and_then(of).map(|kept| kept.versions.clone());
    same_versions(versions(one).as_ref(), versions(two).as_ref(), at)
}

fn same_versions<T: Clone + PartialEq>(one: Option<&Versions<T>>, two: Option<&Versions<T>>, at: Instant) -> bool {
    let none = Versions::default();
    one.unwrap_or(&none).holds_like(two.unwrap_or(&none), at)
}

/// Returns what is in effect at `now` or planned for later, each with its first instant from then on.
fn from_on<T>(versions: &Versions<T>, now: Instant) -> impl Iterator<Item = (Instant, &T)> {
    let current = versions.at(now).map(|(_, value)| (now, value));
    let later = versions.list().iter().filter(move |version| version.from > now);
    current.into_iter().chain(later.filter_map(|version| Some((version.from, version.value.as_ref()?))))
}

/// Returns a duty at `now`, and at each instant from then on at which it or one of its layers changes.
fn duty_from_on(kept: &ConfiguredDuty, now: Instant) -> Vec<(Instant, &Duty)> {
    let own = kept.versions.list().iter().map(|version| version.from);
    let layers = kept.layers.values().flat_map(|layer| layer.list()).map(|version| version.from);
    let at: BTreeSet<Instant> = own.chain(layers).filter(|from| *from > now).chain([now]).collect();
    at.into_iter().filter_map(|at| Some((at, kept.versions.at(at)?.1))).collect()
}

fn team_of(object: &Object) -> Option<&Configured<crate::model::Team>> {
    if let Object::Team(kept) = object { Some(kept) } else { None }
}

fn resident_of(object: &Object) -> Option<&Configured<crate::model::Resident>> {
    if let Object::Resident(_, kept) = object { Some(kept) } else { None }
}

fn set_of(object: &Object) -> Option<&Configured<crate::model::HolidaySet>> {
    if let Object::HolidaySet(_, kept) = object { Some(kept) } else { None }
}

fn duty_of(object: &Object) -> Option<&ConfiguredDuty> {
    if let Object::Duty(_, kept) = object { Some(kept) } else { None }
}
