//! Forgetting somebody: a pseudonym instead of their name, handles and id, in all that is kept of a team
//! (semantics 8.2).
//!
//! This works on the directory of a stopped server. Everything else stays: revisions, times, and who was on duty when,
//! under the other name.

mod renaming;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use uuid::Uuid;

use crate::civil::{Instant, Interval, ZoneRules};
use crate::engine;
use crate::model::validate::suggestion;
use crate::model::{GapId, Object, ObjectKey, Resident, ResidentId, ShiftId, TeamId, TeamSnapshot};
use crate::store::{LogEntry, RewriteStep, Rewritten, SledStore, StoreError};

use renaming::{Renaming, with_objects};
use words::Words;

/// Whom to forget, and how.
#[derive(Clone, Debug)]
pub struct Forgetting {
    /// The team.
    pub team: TeamId,
    /// The person.
    pub resident: ResidentId,
    /// Whether they are replaced in free text as well.
    pub in_text: bool,
    /// Whether to tell what would be done, and do nothing.
    pub dry_run: bool,
}

/// What was done, or would be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Forgotten {
    /// What the person is called now.
    pub pseudonym: ResidentId,
    /// How many objects are different.
    pub objects: usize,
    /// How many entries of the log are.
    pub entries: usize,
    /// How many kinds and notes were erased.
    pub erased: usize,
    /// Ids that had the person's in them, and what they are now.
    pub ids: BTreeMap<String, String>,
    /// Where the person still stands: in what is there now, and in what the log has.
    pub places: Vec<String>,
}

/// Why nobody was forgotten.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ForgetError {
    /// The data cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There never was such a resident.
    #[error("team '{team}' has and had no resident '{resident}'{hint}")]
    NoResident {
        /// The team.
        team: TeamId,
        /// Who was asked for.
        resident: ResidentId,
        /// Who was perhaps meant; may be empty.
        hint: String,
    },
}

/// Replaces a person by a pseudonym in everything that the data directory `dir` has of a team.
///
/// The new data is written beside the old and takes its place when it is whole; `step` is told of each step and may
/// break the work off. What was broken off is ended when the directory is opened next.
///
/// # Errors
///
/// [`ForgetError`].
pub fn forget(
    dir: &Path,
    asked: &Forgetting,
    rules: &ZoneRules,
    step: &mut dyn FnMut(RewriteStep) -> std::io::Result<()>,
) -> Result<Forgotten, ForgetError> {
    let mut person = None;
    let look = |team: &TeamSnapshot, log: &[LogEntry]| {
        person = Some(Person::of(asked, team, log));
        None
    };
    SledStore::rewrite(dir, &asked.team, look, &mut |_| Ok(()))?;
    let person = person.unwrap_or(Err(ForgetError::Store(StoreError::Closed)))?;
    if !asked.dry_run {
        // Their tokens first: as long as the team still has them, whoever is broken off can begin again.
        let server = |server: &TeamSnapshot, log: &[LogEntry]| Some(tokens_without(asked, &person, server, log));
        SledStore::rewrite(dir, &TeamId::server(), server, &mut |_| Ok(()))?;
    }
    let mut outcome = None;
    let make = |team: &TeamSnapshot, log: &[LogEntry]| {
        let (rewritten, forgotten) = without(asked, &person, team, log, rules);
        outcome = Some(forgotten);
        Some(rewritten).filter(|_| !asked.dry_run)
    };
    SledStore::rewrite(dir, &asked.team, make, step)?;
    outcome.ok_or(ForgetError::Store(StoreError::Closed))
}

/// Whoever is forgotten: what tells who they are, and what they are called from then on.
struct Person {
    words: Words,
    pseudonym: ResidentId,
}

impl Person {
    fn of(asked: &Forgetting, team: &TeamSnapshot, log: &[LogEntry]) -> Result<Self, ForgetError> {
        let objects: Vec<Object> = team.objects().collect();
        let everything = || objects.iter().chain(logged(log));
        if !everything().any(|object| object.key() == ObjectKey::Resident(asked.resident.clone())) {
            let hint = suggestion(asked.resident.as_str(), team.residents.keys());
            return Err(ForgetError::NoResident { team: asked.team.clone(), resident: asked.resident.clone(), hint });
        }
        Ok(Self { words: words(&asked.resident, everything()), pseudonym: pseudonym(everything()) })
    }

    fn renaming<'a>(&'a self, asked: &'a Forgetting) -> Renaming<'a> {
        Renaming {
            team: &asked.team,
            from: &asked.resident,
            to: &self.pseudonym,
            words: self.words.clone(),
            in_text: asked.in_text,
            owners: BTreeMap::new(),
            gaps: BTreeMap::new(),
            shifts: BTreeMap::new(),
            ids: BTreeMap::new(),
            taken: std::collections::BTreeSet::new(),
            places: BTreeMap::new(),
            revision: 0,
        }
    }
}

/// Returns the server's tokens and their log without the person, whose tokens are revoked.
fn tokens_without(asked: &Forgetting, person: &Person, server: &TeamSnapshot, log: &[LogEntry]) -> Rewritten {
    let mut renaming = person.renaming(asked);
    Rewritten {
        objects: server.objects().filter_map(|object| renaming.object(object)).collect(),
        log: log.iter().map(|entry| renaming.entry(entry)).collect(),
    }
}

/// Returns a team and its log without the person, and what is different.
fn without(
    asked: &Forgetting,
    person: &Person,
    team: &TeamSnapshot,
    log: &[LogEntry],
    rules: &ZoneRules,
) -> (Rewritten, Forgotten) {
    let objects: Vec<Object> = team.objects().collect();
    let everything = || objects.iter().chain(logged(log));
    let mut renaming = Renaming {
        owners: team.time_off.iter().map(|(id, entry)| (id.clone(), entry.value.resident.clone())).collect(),
        taken: everything().filter_map(entry_id).collect(),
        ..person.renaming(asked)
    };
    let first: Vec<Object> = objects.iter().filter_map(|object| renaming.object(object.clone())).collect();
    let renamed = with_objects(team, &first);
    renaming.gaps = moved_gaps(team, &renamed, rules);
    renaming.shifts = moved_shifts(team, &renamed, rules);
    renaming.places.clear();
    let new: Vec<Object> = objects.iter().filter_map(|object| renaming.object(object.clone())).collect();
    let new_log: Vec<LogEntry> = log.iter().map(|entry| renaming.entry(entry)).collect();
    renaming.look_again(new.iter(), 0);
    for entry in &new_log {
        let states = entry.changes.iter().flat_map(|change| change.before.iter().chain(&change.after));
        renaming.look_again(states, entry.revision);
    }
    let by_key: BTreeMap<ObjectKey, &Object> = new.iter().map(|object| (object.key(), object)).collect();
    let same = objects.iter().filter(|object| by_key.get(&object.key()) == Some(object)).count();
    if asked.team.as_str().split('-').any(|part| part == asked.resident.as_str()) {
        renaming.places.entry("the team: its id".to_owned()).or_default().insert(0);
    }
    let forgotten = Forgotten {
        objects: objects.len() - same,
        entries: log.iter().zip(&new_log).filter(|(old, new)| old != new).count(),
        erased: objects.len() - new.len(),
        ids: renaming.ids,
        places: renaming.places.into_iter().map(|(place, revisions)| told(&place, &revisions)).collect(),
        pseudonym: person.pseudonym.clone(),
    };
    (Rewritten { objects: new, log: new_log }, forgotten)
}

fn told(place: &str, revisions: &std::collections::BTreeSet<u64>) -> String {
    let logged: Vec<String> = revisions.iter().filter(|revision| **revision > 0).map(ToString::to_string).collect();
    match (revisions.contains(&0), logged.is_empty()) {
        (_, true) => place.to_owned(),
        (true, false) => format!("{place}, also in revisions {} of the log", logged.join(", ")),
        (false, false) => format!("{place}, in revisions {} of the log", logged.join(", ")),
    }
}

fn logged(log: &[LogEntry]) -> impl Iterator<Item = &Object> {
    log.iter().flat_map(|entry| &entry.changes).flat_map(|change| change.before.iter().chain(&change.after))
}

/// What the person is and ever was called and reached by, and their id.
fn words<'a>(resident: &ResidentId, objects: impl Iterator<Item = &'a Object>) -> Words {
    let mut words = Words::default();
    words.add(resident.as_str());
    for object in objects {
        let Object::Resident(id, it) = object else { continue };
        for version in it.versions.list().iter().filter(|_| id == resident) {
            let Some(Resident { display_name, handles, .. }) = &version.value else { continue };
            words.add(display_name);
            handles.iter().for_each(|handle| words.add(&handle.value));
        }
    }
    words
}

fn entry_id(object: &Object) -> Option<String> {
    match object {
        Object::Override(id, _) => Some(id.to_string()),
        Object::TimeOff(id, _) => Some(id.to_string()),
        Object::Task(id, _) => Some(id.to_string()),
        Object::Swap(id, _) => Some(id.to_string()),
        Object::HandoffNote(id, _) => Some(id.to_string()),
        _ => None,
    }
}

/// What pseudonyms are made of: nothing that reads like something else.
const LETTERS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// Chooses a pseudonym that nobody has or had.
fn pseudonym<'a>(objects: impl Iterator<Item = &'a Object>) -> ResidentId {
    let taken: Vec<ObjectKey> = objects.map(Object::key).collect();
    let drawn = std::iter::repeat_with(|| {
        let letters = Uuid::new_v4().into_bytes().into_iter().take(5);
        let letters = letters.filter_map(|byte| LETTERS.get(usize::from(byte) % LETTERS.len()));
        ResidentId::new(&format!("former-{}", letters.map(|letter| char::from(*letter)).collect::<String>()))
    });
    let mut free = drawn.filter_map(Result::ok).filter(|id| !taken.contains(&ObjectKey::Resident(id.clone())));
    free.next().unwrap_or_else(|| ResidentId::from_valid("former"))
}

/// How much around an accepted gap is read to find it.
const AROUND_SECONDS: i64 = 86_400;
/// The most of a gap that is read.
const GAP_SECONDS_MAX: i64 = 398 * 86_400;

/// Returns the accepted gaps that have another identity in `after`: those that begin with something of the person.
fn moved_gaps(before: &TeamSnapshot, after: &TeamSnapshot, rules: &ZoneRules) -> BTreeMap<GapId, GapId> {
    let (mut moved, key) = (BTreeMap::new(), before.identities());
    for accepted in before.acceptances.values().map(|entry| &entry.value) {
        let start: Instant = accepted.interval.start();
        let end = accepted.interval.end().min(start.plus(GAP_SECONDS_MAX));
        let Some(window) = Interval::new(start.plus(-AROUND_SECONDS), end.plus(AROUND_SECONDS)) else { continue };
        let gaps = |team| engine::timeline(team, rules, &accepted.duty, window).map(|line| line.gaps().to_vec());
        let (Ok(old), Ok(new)) = (gaps(before), gaps(after)) else { continue };
        let Some(old) = old.iter().find(|gap| gap.id(key) == accepted.gap) else { continue };
        let new = new.iter().find(|gap| gap.interval == old.interval && gap.requirement == old.requirement);
        if let Some(new) = new.filter(|new| new.id(key) != accepted.gap) {
            moved.insert(accepted.gap, new.id(key));
        }
    }
    moved
}

/// Returns the shifts and slots of swaps that have another identity in `after`: those that are made of something of the
/// person.
fn moved_shifts(before: &TeamSnapshot, after: &TeamSnapshot, rules: &ZoneRules) -> BTreeMap<ShiftId, ShiftId> {
    let mut moved = BTreeMap::new();
    for part in before.swaps.values().flat_map(|entry| entry.value.parts()) {
        let shifts = |team| engine::timeline(team, rules, &part.duty, part.interval).map(|line| line.shifts().to_vec());
        let (Ok(old), Ok(new)) = (shifts(before), shifts(after)) else { continue };
        for (old, new) in old.iter().zip(&new) {
            let ids = |team: &TeamSnapshot, shift: &engine::Shift| {
                let key = team.identities();
                [shift.id(key), engine::slot_id(key, &shift.duty, &shift.slot)]
            };
            moved.extend(ids(before, old).into_iter().zip(ids(after, new)).filter(|(old, new)| old != new));
        }
    }
    moved
}
