//! Planning: what applying a roster file to a team would change.

mod configured;
mod duty;
mod entered;
mod stamp;

use std::collections::BTreeMap;
use std::fmt;

use super::mistake::Mistake;
use super::roster_file::{Noun, RosterFile, Stated};
use crate::civil::{Instant, ZoneRules};
use crate::model::validate::{self, Violations};
use crate::model::{LaterVersion, Made, Meta, Object, ObjectKey, Origin, TeamSnapshot, Versions, ZoneName};

/// How a file is applied.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PlanOptions {
    /// Ends what came from a file and is not in this one.
    pub prune: bool,
    /// Replaces versions that are planned for later (semantics 3.5); otherwise such an edit is refused.
    pub replace_later: bool,
    /// Says that the file corrects the past: what it changes and creates holds from its `since` on.
    pub correction: bool,
}

/// What happens to an object.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Action {
    /// It begins.
    Create,
    /// It changes.
    Update,
    /// It ends; an override, an entry of time off or a task is removed.
    End,
}

/// A change of one object.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedChange {
    /// The object; the private part of time off goes with the entry.
    pub key: ObjectKey,
    /// What happens to it.
    pub action: Action,
    /// What changes, in words: lines that begin with `+`, `~` or `-`. For coordinators only: they name kinds of time
    /// off.
    pub lines: Vec<String>,
    /// What is there afterwards, not yet stamped.
    objects: Vec<(ObjectKey, Option<Object>)>,
}

/// What a plan does not touch although it could be expected to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LeftAlone {
    /// How many objects are there that people entered; they are never touched.
    pub entered: usize,
    /// What came from a file and is not in this one, in words; pruning would end it.
    pub file: Vec<String>,
}

/// What applying a file would change; nothing where it says what is there already.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The changes, in the order in which they are made.
    pub changes: Vec<PlannedChange>,
    /// What stays although the file does not name it.
    pub left_alone: LeftAlone,
}

impl Plan {
    /// Tells whether there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Returns every object as it is after the change that becomes `revision` at `time`; `None` where it is removed.
    #[must_use]
    pub fn objects(&self, revision: u64, time: Instant) -> Vec<(ObjectKey, Option<Object>)> {
        let all = self.changes.iter().flat_map(|change| change.objects.iter().cloned());
        all.map(|(key, object)| (key, object.map(|object| stamp::stamped(object, revision, time)))).collect()
    }
}

impl fmt::Display for Plan {
    /// Writes the lines of all changes, and what is left alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.changes.iter().flat_map(|change| &change.lines) {
            writeln!(f, "{line}")?;
        }
        if self.left_alone.entered > 0 {
            writeln!(f, "left alone: {} entered by people", self.left_alone.entered)?;
        }
        if !self.left_alone.file.is_empty() {
            let (count, list) = (self.left_alone.file.len(), self.left_alone.file.join(", "));
            writeln!(f, "left alone: {count} from an earlier file, which pruning would end: {list}")?;
        }
        Ok(())
    }
}

/// Compares a roster file with a team and returns what applying it at `now` would change.
///
/// - What the file creates is in effect from its `since` on if that is in the future, if the whole team is new, or if
///   the file is a correction; otherwise from `now`: the past stays (semantics 3.5).
/// - What the file changes takes effect at `now` (in a correction: at its `since`), or when the object begins, if that
///   is later. New participants of a rotation wait for the next turn, another length, anchor or zone for the first
///   boundary of the new grid.
/// - The file is compared with the latest version of each object, so that applying it again changes nothing even while
///   a change waits.
/// - What people entered is never changed. A file that states something else of it is refused; the team's own
///   settings are the exception, and belong to the file from then on.
/// - Of an entry, what the file leaves open stays: its zone as long as its dates are the same (semantics 1.7), the
///   state of a task, the instances of time off that ended early, and a kind or note that was erased.
///
/// # Errors
///
/// Every reason for which the file cannot be applied to this team, each at its place in the file.
pub fn plan(
    team: &TeamSnapshot,
    file: &RosterFile,
    now: Instant,
    options: PlanOptions,
    rules: &ZoneRules,
) -> Result<Plan, Vec<Mistake>> {
    if team.id != file.id {
        let message = format!("is '{}', but the team is '{}'", file.id, team.id);
        return Err(vec![file.places.mistake("team", message)]);
    }
    let mut planner = Planner { team, file, now, options, rules, plan: Plan::default(), mistakes: Vec::new() };
    planner.configured();
    planner.duties();
    planner.entries();
    planner.check();
    planner.plan.left_alone.entered = entered_count(team);
    planner.mistakes.sort();
    planner.mistakes.dedup();
    if planner.mistakes.is_empty() { Ok(planner.plan) } else { Err(planner.mistakes) }
}

/// The revision in what is not stamped yet.
const UNSTAMPED: u64 = u64::MAX;

struct Planner<'a> {
    team: &'a TeamSnapshot,
    file: &'a RosterFile,
    now: Instant,
    options: PlanOptions,
    rules: &'a ZoneRules,
    plan: Plan,
    mistakes: Vec<Mistake>,
}

impl Planner<'_> {
    /// What the next change is made as; whatever is made later compares greater.
    fn made(&self) -> Made {
        Made { revision: UNSTAMPED, position: u32::try_from(self.plan.changes.len()).unwrap_or(u32::MAX) }
    }

    fn meta(&self, before: Option<Meta>) -> Meta {
        let made = self.made();
        let new =
            Meta { created: made, create_time: self.now, updated: made, update_time: self.now, origin: Origin::File };
        before.map_or(new, |before| Meta { updated: made, origin: Origin::File, ..before })
    }

    /// From when what the file creates is in effect.
    fn create_from(&self) -> Instant {
        let since = self.file.since.unwrap_or(self.now);
        let free = self.team.team.is_none() || self.options.correction;
        if free { since } else { since.max(self.now) }
    }

    /// From when what was ended is there again.
    fn again_from(&self) -> Instant {
        self.file.since.unwrap_or(self.now).max(self.now)
    }

    /// From when a change of something with these versions is in effect.
    fn edit_from<T>(&self, versions: &Versions<T>) -> Instant {
        let since = self.file.since.filter(|_| self.options.correction);
        let from = since.map_or(self.now, |since| since.min(self.now));
        versions.list().first().map_or(from, |first| first.from.max(from))
    }

    fn refuse(&mut self, path: &str, message: impl Into<String>) {
        self.mistakes.push(self.file.places.mistake(path, message));
    }

    fn refuse_later(&mut self, path: &str, later: LaterVersion) {
        let when = self.when(later.from);
        self.refuse(path, format!("has a later version, planned from {when} on; say that it is replaced, or wait"));
    }

    fn refuse_entered(&mut self, path: &str) {
        let message = "was entered by somebody and differs from this; a file does not change such things: say the same, \
             leave it out, or choose another id";
        self.refuse(path, message);
    }

    fn push(&mut self, key: ObjectKey, action: Action, lines: Vec<String>, objects: Vec<(ObjectKey, Option<Object>)>) {
        self.plan.changes.push(PlannedChange { key, action, lines, objects });
    }

    fn zone(&self) -> &ZoneName {
        &self.file.team.zone
    }

    /// Writes an instant as people read it, in the team's zone.
    fn when(&self, at: Instant) -> String {
        match self.zone().zone(self.rules) {
            Ok(zone) => format!("{} {}", zone.wall(at).date_time().strftime("%a %Y-%m-%d %H:%M"), self.zone()),
            Err(_) => at.to_string(),
        }
    }

    /// Writes from when something is in effect, unless that is now.
    fn since_text(&self, from: Instant) -> String {
        if from == self.now { String::new() } else { format!(" (from {})", self.when(from)) }
    }

    /// Checks what changes by the rules of the model, in the team as it would be.
    fn check(&mut self) {
        let mut after = self.team.clone();
        let mut ends = false;
        for change in &self.plan.changes {
            let referred = matches!(change.key, ObjectKey::Resident(_) | ObjectKey::Duty(_) | ObjectKey::HolidaySet(_));
            if change.action == Action::End && referred {
                // The file may not name what it ends.
                after.remove(&change.key);
                ends = true;
                continue;
            }
            for (key, object) in &change.objects {
                match object {
                    Some(object) => after.put(object.clone()),
                    None => after.remove(key),
                }
            }
        }
        let found = self.violations(&after, |key| ends || self.plan.changes.iter().any(|change| change.key == *key));
        self.mistakes.extend(found);
    }

    fn violations(&self, after: &TeamSnapshot, concerns: impl Fn(&ObjectKey) -> bool) -> Vec<Mistake> {
        let (file, rules, team) = (self.file, self.rules, self.team);
        let (mut found, mut violations) = (Vec::new(), Violations::default());
        let mut run = |key: ObjectKey, noun: Noun, path: &str, check: &dyn Fn(&mut Violations)| {
            if concerns(&key) {
                check(&mut violations);
                found.extend(file.places.mistakes(noun, path, violations.take_list()));
            }
        };
        for Stated { id, value, path, .. } in &file.residents {
            run(ObjectKey::Resident(id.clone()), Noun::Resident, path, &|found| {
                validate::check_resident(value, after, rules, found);
            });
        }
        for Stated { id, value, path, .. } in &file.duties {
            let layers = value.layers.iter().cloned().collect();
            run(ObjectKey::Duty(id.clone()), Noun::Duty, path, &|found| {
                validate::check_duty(&value.duty, &layers, after, rules, found);
                let (known, none) = (team.duties.get(id), BTreeMap::new());
                let (before, from) =
                    known.map_or((&none, self.create_from().max(self.now)), |duty| (&duty.layers, self.now));
                validate::check_layers_presence(&value.duty.layers, &layers, before, from, after, found);
            });
        }
        for Stated { id, value, path, .. } in &file.overrides {
            run(ObjectKey::Override(id.clone()), Noun::Override, path, &|found| {
                validate::check_override(value, after, rules, found);
                let before = team.overrides.get(id).map(|entry| &entry.value);
                validate::check_override_presence(value, before, after, rules, found);
            });
        }
        for Stated { id, value: (entry, private), path, .. } in &file.time_off {
            run(ObjectKey::TimeOff(id.clone()), Noun::TimeOff, path, &|found| {
                validate::check_time_off(entry, private.as_ref(), after, rules, found);
                let before = team.time_off.get(id).map(|entry| &entry.value);
                validate::check_time_off_presence(entry, before, after, rules, found);
            });
        }
        for Stated { id, value, path, .. } in &file.tasks {
            run(ObjectKey::Task(id.clone()), Noun::Task, path, &|found| {
                validate::check_task(value, after, rules, found);
                let before = team.tasks.get(id).map(|entry| &entry.value);
                validate::check_task_presence(value, before, self.now, after, rules, found);
            });
        }
        found
    }
}

/// How many objects people entered that are there still.
fn entered_count(team: &TeamSnapshot) -> usize {
    fn configured<'a, T: 'a>(all: impl Iterator<Item = (&'a Meta, &'a Versions<T>)>) -> usize {
        all.filter(|(meta, versions)| meta.origin == Origin::Entered && versions.latest().is_some()).count()
    }
    fn entered<'a>(all: impl Iterator<Item = &'a Meta>) -> usize {
        all.filter(|meta| meta.origin == Origin::Entered).count()
    }
    configured(team.residents.values().map(|resident| (&resident.meta, &resident.versions)))
        + configured(team.duties.values().map(|duty| (&duty.meta, &duty.versions)))
        + configured(team.holiday_sets.values().map(|set| (&set.meta, &set.versions)))
        + entered(team.overrides.values().map(|entry| &entry.meta))
        + entered(team.time_off.values().map(|entry| &entry.meta))
        + entered(team.tasks.values().map(|task| &task.meta))
}
