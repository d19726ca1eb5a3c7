//! A person's name, handles and id replaced in objects and in the log.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::words::{Words, replaced};
use crate::model::{
    Author, Calendar, CalendarAddress, CalendarState, Configured, ConfiguredDuty, Duty, Entered, Feed, FeedOwner,
    FeedScope, FeedView, GapAcceptance, GapId, Grant, HandoffNote, HandoffNoteId, HolidaySet, Layer, Object, ObjectKey,
    Override, OverrideForm, OverrideId, Resident, ResidentId, Role, Rotation, ShiftId, Source, Swap, SwapId,
    SwapOutcome, SwapPart, Task, TaskId, Team, TeamId, TeamSnapshot, TimeOff, TimeOffId, TimeOffKind, TimeOffPrivate,
    Token, Version, Versions, Wanted,
};
use crate::store::{Fingerprint, LogEntry, LoggedChange};

/// Somewhere in an object.
const ELSEWHERE: &str = ": an id or a name in it";

/// How a person is replaced by a pseudonym, and where they still stand.
pub(super) struct Renaming<'a> {
    /// The team that they are or were in.
    pub team: &'a TeamId,
    /// Who.
    pub from: &'a ResidentId,
    /// The pseudonym.
    pub to: &'a ResidentId,
    /// What they are called.
    pub words: Words,
    /// Whether they are replaced in free text too.
    pub in_text: bool,
    /// Whose private parts these are.
    pub owners: BTreeMap<TimeOffId, ResidentId>,
    /// Accepted gaps that have another identity under the pseudonym.
    pub gaps: BTreeMap<GapId, GapId>,
    /// Shifts asked to be covered, and slots, that have another identity under the pseudonym.
    pub shifts: BTreeMap<ShiftId, ShiftId>,
    /// Ids of entries with the person's in them, and what is there instead.
    pub ids: BTreeMap<String, String>,
    /// Ids that entries have or had.
    pub taken: BTreeSet<String>,
    /// Where the person still stands, and in which entry of the log; 0 is none.
    pub places: BTreeMap<String, BTreeSet<u64>>,
    /// The entry of the log that is read.
    pub revision: u64,
}

impl Renaming<'_> {
    /// Returns an entry of the log without the person; with another fingerprint, where anything is different: the hash
    /// of a request would tell whoever guesses what was in it.
    pub fn entry(&mut self, entry: &LogEntry) -> LogEntry {
        self.revision = entry.revision;
        let mut after = entry.clone();
        after.actor = self.words.replaced(&after.actor, self.to.as_str());
        after.on_behalf_of = after.on_behalf_of.map(|id| self.person(id));
        self.text("what the change is called", &mut after.title);
        let changes = after.changes.into_iter().map(|change| self.change(change)).collect();
        after.changes = changes;
        after.changes.sort_by(|a, b| a.key.cmp(&b.key));
        self.revision = 0;
        if after != *entry {
            after.fingerprint = Fingerprint::of(Uuid::new_v4().as_bytes());
        }
        after
    }

    fn change(&mut self, change: LoggedChange) -> LoggedChange {
        let before = change.before.and_then(|object| self.object(object));
        let after = change.after.and_then(|object| self.object(object));
        LoggedChange { key: self.key(change.key), before, after }
    }

    /// Says where the person stands in what was replaced already, if nothing of that object was told: in an id of a part
    /// of it, or in a name that nobody thought of.
    pub fn look_again<'o>(&mut self, objects: impl Iterator<Item = &'o Object>, revision: u64) {
        self.revision = revision;
        for object in objects {
            let place = place(&object.key());
            let of_it = |known: &String| {
                let rest = known.strip_prefix(&place).unwrap_or_default();
                rest.starts_with([':', ',']) && rest != ELSEWHERE
            };
            let told = self.places.keys().any(of_it);
            if !told && self.words.stand_in(&format!("{object:?}")) {
                self.stands(&format!("{place}{ELSEWHERE}"));
            }
        }
        self.revision = 0;
    }

    /// Returns an object without the person; `None` for the private parts of their time off, which are erased.
    pub fn object(&mut self, object: Object) -> Option<Object> {
        Some(match object {
            Object::Team(team) => Object::Team(self.versions("the team", team, Self::team)),
            Object::Resident(id, resident) if id == *self.from => {
                let named = |this: &mut Self, _: &str, resident: Resident| Resident {
                    display_name: this.to.to_string(),
                    handles: Vec::new(),
                    ..resident
                };
                Object::Resident(self.to.clone(), self.versions("", resident, named))
            }
            Object::Resident(id, resident) => {
                let place = format!("residents/{id}");
                self.id_stands(&place, id.as_str());
                Object::Resident(id, self.versions(&place, resident, Self::other_resident))
            }
            Object::Duty(id, duty) => {
                let place = format!("duties/{id}");
                self.id_stands(&place, id.as_str());
                Object::Duty(id, self.duty(&place, duty))
            }
            Object::HolidaySet(id, set) => {
                let place = format!("holidaySets/{id}");
                self.id_stands(&place, id.as_str());
                Object::HolidaySet(id, self.versions(&place, set, Self::holiday_set))
            }
            Object::Override(id, entry) => {
                let swap = entry.value.swap.map(|id| self.swap_id(id));
                let value = Override { form: self.form(entry.value.form), swap, ..entry.value };
                Object::Override(self.override_id(id), Entered { value, ..entry })
            }
            Object::TimeOff(id, entry) => {
                let value = TimeOff { resident: self.person(entry.value.resident), ..entry.value };
                Object::TimeOff(self.time_off_id(id), Entered { value, ..entry })
            }
            Object::TimeOffPrivate(id, part) => self.private(id, part)?,
            Object::Task(id, task) => self.task(id, task),
            Object::Acceptance(entry) => self.acceptance(entry),
            Object::Swap(id, swap) => self.swap(id, swap),
            Object::Token(id, entry) => Object::Token(id, self.token(entry)),
            Object::Feed(id, entry) => Object::Feed(id, self.feed(entry)),
            Object::Calendar(id, entry) => Object::Calendar(id, self.calendar(entry)),
            Object::HandoffNote(id, entry) => self.handoff_note(id, entry),
            key @ Object::IdentityKey(_) => key,
        })
    }

    /// Returns the key of what an object becomes.
    fn key(&mut self, key: ObjectKey) -> ObjectKey {
        match key {
            ObjectKey::Resident(id) => ObjectKey::Resident(self.person(id)),
            ObjectKey::Override(id) => ObjectKey::Override(self.override_id(id)),
            ObjectKey::TimeOff(id) => ObjectKey::TimeOff(self.time_off_id(id)),
            ObjectKey::TimeOffPrivate(id) => ObjectKey::TimeOffPrivate(self.time_off_id(id)),
            ObjectKey::Task(id) => ObjectKey::Task(self.task_id(id)),
            ObjectKey::Acceptance(id) => ObjectKey::Acceptance(self.gap(id)),
            ObjectKey::Swap(id) => ObjectKey::Swap(self.swap_id(id)),
            ObjectKey::HandoffNote(id) => ObjectKey::HandoffNote(self.handoff_note_id(id)),
            ObjectKey::Team
            | ObjectKey::Duty(_)
            | ObjectKey::HolidaySet(_)
            | ObjectKey::Token(_)
            | ObjectKey::Feed(_)
            | ObjectKey::Calendar(_)
            | ObjectKey::IdentityKey => key,
        }
    }

    fn person(&self, id: ResidentId) -> ResidentId {
        if id == *self.from { self.to.clone() } else { id }
    }

    fn people(&self, people: Vec<ResidentId>) -> Vec<ResidentId> {
        people.into_iter().map(|id| self.person(id)).collect()
    }

    fn gap(&self, id: GapId) -> GapId {
        self.gaps.get(&id).copied().unwrap_or(id)
    }

    /// Returns the id that an entry has instead of one with the person's in it, such as `vacation-asa`.
    fn entry_id(&mut self, id: &str) -> String {
        if let Some(known) = self.ids.get(id) {
            return known.clone();
        }
        let wanted = replaced_part(id, self.from.as_str(), self.to.as_str());
        if wanted == id {
            return wanted;
        }
        let free = |id: &String| id.len() <= 63 && !self.taken.contains(id);
        let mut others = (2_u32..).map(|number| format!("{}-{number}", self.to));
        let chosen = Some(wanted).filter(free).or_else(|| others.find(free)).unwrap_or_default();
        self.taken.insert(chosen.clone());
        self.ids.insert(id.to_owned(), chosen.clone());
        chosen
    }

    fn override_id(&mut self, id: OverrideId) -> OverrideId {
        OverrideId::new(&self.entry_id(id.as_str())).unwrap_or(id)
    }

    fn time_off_id(&mut self, id: TimeOffId) -> TimeOffId {
        TimeOffId::new(&self.entry_id(id.as_str())).unwrap_or(id)
    }

    fn task_id(&mut self, id: TaskId) -> TaskId {
        TaskId::new(&self.entry_id(id.as_str())).unwrap_or(id)
    }

    fn swap_id(&mut self, id: SwapId) -> SwapId {
        SwapId::new(&self.entry_id(id.as_str())).unwrap_or(id)
    }

    fn handoff_note_id(&mut self, id: HandoffNoteId) -> HandoffNoteId {
        HandoffNoteId::new(&self.entry_id(id.as_str())).unwrap_or(id)
    }

    /// Replaces the person in free text, or says where they stand.
    fn text(&mut self, place: &str, text: &mut String) {
        match self.words.stand_in(text) {
            true if self.in_text => *text = self.words.replaced(text, self.to.as_str()),
            true => self.stands(place),
            false => {}
        }
    }

    fn stands(&mut self, place: &str) {
        self.places.entry(place.to_owned()).or_default().insert(self.revision);
    }

    /// Ids of what is configured stay: they are in addresses, roster files and the identities of shifts.
    fn id_stands(&mut self, place: &str, id: &str) {
        if replaced_part(id, self.from.as_str(), "") != id {
            self.stands(&format!("{place}: its id"));
        }
    }

    fn versions<T>(
        &mut self,
        place: &str,
        object: Configured<T>,
        change: impl Fn(&mut Self, &str, T) -> T,
    ) -> Configured<T>
    where
        T: Clone,
    {
        Configured { versions: self.each(place, &object.versions, change), ..object }
    }

    fn each<T: Clone>(
        &mut self,
        place: &str,
        versions: &Versions<T>,
        change: impl Fn(&mut Self, &str, T) -> T,
    ) -> Versions<T> {
        let list = versions.list().iter().cloned();
        let changed = list
            .map(|version| Version { value: version.value.map(|value| change(&mut *self, place, value)), ..version });
        Versions::from_list(changed.collect())
    }

    fn team(&mut self, place: &str, mut team: Team) -> Team {
        self.text(&format!("{place}: its name"), &mut team.display_name);
        team
    }

    fn other_resident(&mut self, place: &str, mut resident: Resident) -> Resident {
        self.text(&format!("{place}: the name"), &mut resident.display_name);
        for handle in &mut resident.handles {
            self.text(&format!("{place}: handle {}", handle.key), &mut handle.value);
        }
        self.skills(place, &mut resident.skills);
        resident
    }

    fn skills(&mut self, place: &str, skills: &mut [String]) {
        skills.iter_mut().for_each(|skill| self.text(&format!("{place}: skills"), skill));
    }

    fn holiday_set(&mut self, place: &str, mut set: HolidaySet) -> HolidaySet {
        self.text(&format!("{place}: its name"), &mut set.display_name);
        for holiday in &mut set.holidays {
            self.text(&format!("{place}: a holiday's name"), &mut holiday.name);
        }
        set
    }

    fn duty(&mut self, place: &str, duty: ConfiguredDuty) -> ConfiguredDuty {
        let versions = self.each(place, &duty.versions, |this, place, mut duty: Duty| {
            this.text(&format!("{place}: title"), &mut duty.title);
            this.text(&format!("{place}: description"), &mut duty.description);
            this.skills(place, &mut duty.skills);
            for requirement in &duty.requirements {
                this.id_stands(&format!("{place}, requirement {}", requirement.id), requirement.id.as_str());
            }
            duty
        });
        let mut layers = BTreeMap::new();
        for (id, versions) in duty.layers {
            self.id_stands(&format!("{place}, layer {id}"), id.as_str());
            let versions = self.each(place, &versions, |this, _, layer: Layer| Layer {
                source: match layer.source {
                    Source::Rotation(rotation) => {
                        let participants = this.people(rotation.participants);
                        Source::Rotation(Rotation { participants, ..rotation })
                    }
                    Source::Pool(members) => Source::Pool(this.people(members)),
                },
                shadows: this.people(layer.shadows),
                ..layer
            });
            layers.insert(id, versions);
        }
        ConfiguredDuty { meta: duty.meta, versions, layers }
    }

    fn form(&self, form: OverrideForm) -> OverrideForm {
        match form {
            OverrideForm::Add { by } => OverrideForm::Add { by: self.person(by) },
            OverrideForm::Replace { by, owner } => {
                OverrideForm::Replace { by: self.person(by), owner: self.person(owner) }
            }
            OverrideForm::TakeOff { owner } => OverrideForm::TakeOff { owner: self.person(owner) },
        }
    }

    fn private(&mut self, id: TimeOffId, mut part: Entered<TimeOffPrivate>) -> Option<Object> {
        if self.owners.get(&id) == Some(self.from) {
            return None;
        }
        self.text(&format!("timeOff/{id}: note"), &mut part.value.note);
        Some(Object::TimeOffPrivate(self.time_off_id(id), part))
    }

    fn task(&mut self, id: TaskId, mut task: Entered<Task>) -> Object {
        let id = self.task_id(id);
        let value = &mut task.value;
        value.assignee = value.assignee.take().map(|id| self.person(id));
        value.deputy = value.deputy.take().map(|id| self.person(id));
        self.text(&format!("tasks/{id}: title"), &mut value.title);
        self.text(&format!("tasks/{id}: link"), &mut value.link);
        self.text(&format!("tasks/{id}: what it is stuck on"), &mut value.stuck_reason);
        for comment in &mut value.comments {
            self.author(&mut comment.author);
            self.text(&format!("tasks/{id}: a comment"), &mut comment.text);
        }
        Object::Task(id, task)
    }

    fn handoff_note(&mut self, id: HandoffNoteId, mut note: Entered<HandoffNote>) -> Object {
        let id = self.handoff_note_id(id);
        self.author(&mut note.value.author);
        self.text(&format!("handoffNotes/{id}: text"), &mut note.value.text);
        Object::HandoffNote(id, note)
    }

    fn author(&self, author: &mut Author) {
        author.actor = self.words.replaced(&author.actor, self.to.as_str());
        author.resident = author.resident.take().map(|id| self.person(id));
    }

    fn swap(&mut self, id: SwapId, mut swap: Entered<Swap>) -> Object {
        let id = self.swap_id(id);
        let value = &mut swap.value;
        value.asked_by = self.person(value.asked_by.clone());
        value.asks = value.asks.take().map(|id| self.person(id));
        self.swap_part(&mut value.asked);
        value.in_return.iter_mut().for_each(|part| self.swap_part(part));
        if let Some(answer) = &mut value.answer {
            answer.actor = self.words.replaced(&answer.actor, self.to.as_str());
            if let SwapOutcome::Accepted { by, overrides } = &mut answer.outcome {
                *by = self.person(by.clone());
                overrides.iter_mut().for_each(|id| *id = self.override_id(id.clone()));
            }
        }
        self.text(&format!("swaps/{id}: message"), &mut value.message);
        Object::Swap(id, swap)
    }

    fn swap_part(&self, part: &mut SwapPart) {
        for id in [&mut part.shift, &mut part.slot] {
            *id = self.shifts.get(id).copied().unwrap_or(*id);
        }
    }

    fn acceptance(&mut self, mut entry: Entered<GapAcceptance>) -> Object {
        let value = &mut entry.value;
        value.gap = self.gap(value.gap);
        for cause in &mut value.causes {
            cause.resident = cause.resident.take().map(|id| self.person(id));
        }
        value.causes.sort();
        value.actor = self.words.replaced(&value.actor, self.to.as_str());
        self.text(&format!("gaps/{}: reason", value.gap), &mut value.reason);
        Object::Acceptance(entry)
    }
}

impl Renaming<'_> {
    /// Returns a token without the person; theirs are revoked.
    fn token(&self, entry: Entered<Token>) -> Entered<Token> {
        let Entered { meta, value } = entry;
        let (grant, revoked) = match value.grant {
            Grant::Team(team, Role::Resident(id)) if team == *self.team && id == *self.from => {
                let revoked = value.revoked.or(Some(meta.update_time));
                (Grant::Team(team, Role::Resident(self.to.clone())), revoked)
            }
            grant => (grant, value.revoked),
        };
        let word = |text: &str| self.words.replaced(text, self.to.as_str());
        let value = Token { name: word(&value.name), issuer: word(&value.issuer), grant, revoked, ..value };
        Entered { meta, value }
    }
}

impl Renaming<'_> {
    /// Returns a subscribed calendar without the person. One of theirs is nowhere from then on, and so is fetched no more.
    fn calendar(&self, entry: Entered<Calendar>) -> Entered<Calendar> {
        if entry.value.team != *self.team || entry.value.resident != *self.from {
            return entry;
        }
        let value = Calendar {
            resident: self.to.clone(),
            name: self.words.replaced(&entry.value.name, self.to.as_str()),
            address: CalendarAddress::new(String::new()),
            wanted: Wanted::default(),
            kind: TimeOffKind::Other,
            state: CalendarState::default(),
            ..entry.value
        };
        Entered { value, ..entry }
    }

    /// Returns a feed without the person. One of theirs has the hash of no secret from then on.
    fn feed(&self, entry: Entered<Feed>) -> Entered<Feed> {
        let Entered { meta, value } = entry;
        let here = value.team == *self.team;
        let (owner, hash) = match value.owner {
            FeedOwner::Resident(id) if here && id == *self.from => (FeedOwner::Resident(self.to.clone()), [0; 32]),
            owner => (owner, value.hash),
        };
        let scope = match value.view.scope {
            FeedScope::Resident(id) if here => FeedScope::Resident(self.person(id)),
            scope => scope,
        };
        let word = |text: &str| self.words.replaced(text, self.to.as_str());
        let view = FeedView { scope, ..value.view };
        Entered {
            meta,
            value: Feed { name: word(&value.name), issuer: word(&value.issuer), owner, view, hash, ..value },
        }
    }
}

/// How the places in an object begin.
fn place(key: &ObjectKey) -> String {
    match key {
        ObjectKey::Team => "the team".to_owned(),
        ObjectKey::Resident(id) => format!("residents/{id}"),
        ObjectKey::Duty(id) => format!("duties/{id}"),
        ObjectKey::HolidaySet(id) => format!("holidaySets/{id}"),
        ObjectKey::Override(id) => format!("overrides/{id}"),
        ObjectKey::TimeOff(id) | ObjectKey::TimeOffPrivate(id) => format!("timeOff/{id}"),
        ObjectKey::Task(id) => format!("tasks/{id}"),
        ObjectKey::Acceptance(id) => format!("gaps/{id}"),
        ObjectKey::Swap(id) => format!("swaps/{id}"),
        ObjectKey::Token(id) => format!("tokens/{id}"),
        ObjectKey::Feed(id) => format!("feeds/{id}"),
        ObjectKey::Calendar(id) => format!("calendars/{id}"),
        ObjectKey::HandoffNote(id) => format!("handoffNotes/{id}"),
        ObjectKey::IdentityKey => "the identity key".to_owned(),
    }
}

/// Returns an id with `by` in place of `part`, where that is all of it or stands between hyphens.
fn replaced_part(id: &str, part: &str, by: &str) -> String {
    // Hyphens are no letters, so that words of an id are words of a text.
    replaced(id, part, by)
}

/// Returns a team with other objects.
pub(super) fn with_objects(team: &TeamSnapshot, objects: &[Object]) -> TeamSnapshot {
    let mut after = TeamSnapshot::empty(team.id.clone());
    after.revision = team.revision;
    objects.iter().for_each(|object| after.put(object.clone()));
    after
}
