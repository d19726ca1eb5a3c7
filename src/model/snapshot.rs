//! A whole team at one revision, and the objects it is made of (semantics 9.1).

use std::collections::BTreeMap;

use super::{
    Calendar, CalendarId, Duty, DutyId, Feed, FeedId, GapAcceptance, GapId, HandoffNote, HandoffNoteId, HolidaySet,
    HolidaySetId, IdentityKey, Layer, LayerId, Made, Map, Override, OverrideId, Resident, ResidentId, Swap, SwapId,
    Task, TaskId, Team, TeamId, TimeOff, TimeOffId, TimeOffPrivate, Token, TokenId, Versions,
};
use crate::civil::Instant;

/// Where an object came from: a roster file owns only what came from a file.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Origin {
    /// A roster file.
    File,
    /// A person or a program, through the API.
    Entered,
}

/// When an object was made and last changed, and where it came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Meta {
    /// Which change made it.
    pub created: Made,
    /// When it was made.
    pub create_time: Instant,
    /// Which change changed it last; its revision is the object's etag.
    pub updated: Made,
    /// When it was changed last.
    pub update_time: Instant,
    /// Where it came from.
    pub origin: Origin,
}

/// An object that coordinators configure: dated versions of a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Configured<T> {
    /// Its history as an object.
    pub meta: Meta,
    /// What holds when.
    pub versions: Versions<T>,
}

/// A duty with its layers, each with versions of its own.
///
/// A duty's own version says which layers it has and in which order; a layer's version says what the layer is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ConfiguredDuty {
    /// Its history as an object.
    pub meta: Meta,
    /// The duty itself.
    pub versions: Versions<Duty>,
    /// Every layer that it has, had or will have.
    pub layers: BTreeMap<LayerId, Versions<Layer>>,
}

impl ConfiguredDuty {
    /// Returns the layers in effect at `at`.
    #[must_use]
    pub fn layers_at(&self, at: Instant) -> BTreeMap<LayerId, Layer> {
        let in_effect = |(id, versions): (&LayerId, &Versions<Layer>)| Some((id.clone(), versions.at(at)?.1.clone()));
        self.layers.iter().filter_map(in_effect).collect()
    }
}

/// An object that people enter: one value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entered<T> {
    /// Its history as an object.
    pub meta: Meta,
    /// What it says.
    pub value: T,
}

/// Names one object of a team.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ObjectKey {
    /// The team's own settings.
    Team,
    /// A resident.
    Resident(ResidentId),
    /// A duty with its layers.
    Duty(DutyId),
    /// A holiday set.
    HolidaySet(HolidaySetId),
    /// An override.
    Override(OverrideId),
    /// An entry of time off.
    TimeOff(TimeOffId),
    /// The private part of an entry of time off.
    TimeOffPrivate(TimeOffId),
    /// A task.
    Task(TaskId),
    /// An accepted gap.
    Acceptance(GapId),
    /// A swap.
    Swap(SwapId),
    /// A token or an invitation; only the server's own has any.
    Token(TokenId),
    /// A feed; only the server's own has any.
    Feed(FeedId),
    /// A subscribed calendar; only the server's own has any.
    Calendar(CalendarId),
    /// A handoff note.
    HandoffNote(HandoffNoteId),
    /// What keeps its identities from being guessed.
    IdentityKey,
}

impl ObjectKey {
    /// Tells whether the log has nothing of such an object but its key: so it can be erased (semantics 8.2c).
    #[must_use]
    pub const fn is_private(&self) -> bool {
        matches!(self, Self::TimeOffPrivate(_) | Self::Calendar(_))
    }
}

/// One object of a team, whatever its kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Object {
    /// The team's own settings.
    Team(Configured<Team>),
    /// A resident.
    Resident(ResidentId, Configured<Resident>),
    /// A duty with its layers.
    Duty(DutyId, ConfiguredDuty),
    /// A holiday set.
    HolidaySet(HolidaySetId, Configured<HolidaySet>),
    /// An override.
    Override(OverrideId, Entered<Override>),
    /// An entry of time off, less its private part.
    TimeOff(TimeOffId, Entered<TimeOff>),
    /// The private part of an entry of time off.
    TimeOffPrivate(TimeOffId, Entered<TimeOffPrivate>),
    /// A task.
    Task(TaskId, Entered<Task>),
    /// An accepted gap.
    Acceptance(Entered<GapAcceptance>),
    /// A swap.
    Swap(SwapId, Entered<Swap>),
    /// A token or an invitation.
    Token(TokenId, Entered<Token>),
    /// A feed.
    Feed(FeedId, Entered<Feed>),
    /// A subscribed calendar.
    Calendar(CalendarId, Entered<Calendar>),
    /// A handoff note.
    HandoffNote(HandoffNoteId, Entered<HandoffNote>),
    /// What keeps its identities from being guessed.
    IdentityKey(Entered<IdentityKey>),
}

impl Object {
    /// Returns the key under which it is kept.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        match self {
            Self::Team(_) => ObjectKey::Team,
            Self::Resident(id, _) => ObjectKey::Resident(id.clone()),
            Self::Duty(id, _) => ObjectKey::Duty(id.clone()),
            Self::HolidaySet(id, _) => ObjectKey::HolidaySet(id.clone()),
            Self::Override(id, _) => ObjectKey::Override(id.clone()),
            Self::TimeOff(id, _) => ObjectKey::TimeOff(id.clone()),
            Self::TimeOffPrivate(id, _) => ObjectKey::TimeOffPrivate(id.clone()),
            Self::Task(id, _) => ObjectKey::Task(id.clone()),
            Self::Acceptance(entered) => ObjectKey::Acceptance(entered.value.gap),
            Self::Swap(id, _) => ObjectKey::Swap(id.clone()),
            Self::Token(id, _) => ObjectKey::Token(id.clone()),
            Self::Feed(id, _) => ObjectKey::Feed(id.clone()),
            Self::Calendar(id, _) => ObjectKey::Calendar(id.clone()),
            Self::HandoffNote(id, _) => ObjectKey::HandoffNote(id.clone()),
            Self::IdentityKey(_) => ObjectKey::IdentityKey,
        }
    }
}

impl Object {
    /// Returns its history as an object.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        match self {
            Self::Team(team) => &team.meta,
            Self::Resident(_, resident) => &resident.meta,
            Self::Duty(_, duty) => &duty.meta,
            Self::HolidaySet(_, set) => &set.meta,
            Self::Override(_, entry) => &entry.meta,
            Self::TimeOff(_, entry) => &entry.meta,
            Self::TimeOffPrivate(_, part) => &part.meta,
            Self::Task(_, task) => &task.meta,
            Self::Acceptance(entry) => &entry.meta,
            Self::Swap(_, swap) => &swap.meta,
            Self::Token(_, token) => &token.meta,
            Self::Feed(_, feed) => &feed.meta,
            Self::Calendar(_, calendar) => &calendar.meta,
            Self::HandoffNote(_, note) => &note.meta,
            Self::IdentityKey(entry) => &entry.meta,
        }
    }
}

/// A whole team at one revision. Immutable once made; readers share it, and so does the next revision what it does not
/// change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TeamSnapshot {
    /// Which team.
    pub id: TeamId,
    /// The revision of the last change that is in it; 0 before the first.
    pub revision: u64,
    /// The team's own settings; `None` where the team was never made. One that was deleted has ended ones.
    pub team: Option<Configured<Team>>,
    /// Its residents.
    pub residents: Map<ResidentId, Configured<Resident>>,
    /// Its duties.
    pub duties: Map<DutyId, ConfiguredDuty>,
    /// Its holiday sets.
    pub holiday_sets: Map<HolidaySetId, Configured<HolidaySet>>,
    /// Its overrides.
    pub overrides: Map<OverrideId, Entered<Override>>,
    /// Its residents' time off.
    pub time_off: Map<TimeOffId, Entered<TimeOff>>,
    /// The private parts of time off; an erased one is missing.
    pub time_off_private: Map<TimeOffId, Entered<TimeOffPrivate>>,
    /// Its tasks.
    pub tasks: Map<TaskId, Entered<Task>>,
    /// Its accepted gaps.
    pub acceptances: Map<GapId, Entered<GapAcceptance>>,
    /// Its swaps.
    pub swaps: Map<SwapId, Entered<Swap>>,
    /// The server's tokens and invitations, which lie in a team of their own ([`TeamId::server`]).
    pub tokens: Map<TokenId, Entered<Token>>,
    /// The feeds of all teams, which lie there too.
    pub feeds: Map<FeedId, Entered<Feed>>,
    /// The subscribed calendars of all teams, which lie there too.
    pub calendars: Map<CalendarId, Entered<Calendar>>,
    /// Its handoff notes.
    pub handoff_notes: Map<HandoffNoteId, Entered<HandoffNote>>,
    /// What keeps its identities from being guessed; `None` for teams from before there were such keys.
    pub identity_key: Option<Entered<IdentityKey>>,
}

impl TeamSnapshot {
    /// Returns the team before its first change: nothing at all.
    #[must_use]
    pub fn empty(id: TeamId) -> Self {
        Self {
            id,
            revision: 0,
            team: None,
            residents: Map::new(),
            duties: Map::new(),
            holiday_sets: Map::new(),
            overrides: Map::new(),
            time_off: Map::new(),
            time_off_private: Map::new(),
            tasks: Map::new(),
            acceptances: Map::new(),
            swaps: Map::new(),
            tokens: Map::new(),
            feeds: Map::new(),
            calendars: Map::new(),
            handoff_notes: Map::new(),
            identity_key: None,
        }
    }

    /// Returns the key that the identities of its shifts and gaps are made with.
    #[must_use]
    pub fn identities(&self) -> IdentityKey {
        self.identity_key.as_ref().map(|entry| entry.value).unwrap_or_default()
    }

    /// Tells whether the team is in effect at `at` or planned for later.
    #[must_use]
    pub fn goes_on(&self, at: Instant) -> bool {
        self.team.as_ref().is_some_and(|team| team.versions.goes_on(at))
    }

    /// Returns when something that is planned comes into effect next after `at`: a version, or an end, of the team's
    /// settings, a resident, a duty or a layer.
    #[must_use]
    pub fn next_version(&self, at: Instant) -> Option<Instant> {
        let settings = self.team.iter().filter_map(|team| team.versions.next_after(at));
        let residents = self.residents.values().filter_map(|resident| resident.versions.next_after(at));
        let layers = self.duties.values().flat_map(|duty| duty.layers.values());
        let layers = layers.filter_map(|layer| layer.next_after(at));
        let duties = self.duties.values().filter_map(|duty| duty.versions.next_after(at));
        settings.chain(residents).chain(duties).chain(layers).min()
    }

    /// Puts `object` in its place, over what was there.
    pub fn put(&mut self, object: Object) {
        match object {
            Object::Team(team) => self.team = Some(team),
            Object::Resident(id, resident) => self.residents.insert(id, resident),
            Object::Duty(id, duty) => self.duties.insert(id, duty),
            Object::HolidaySet(id, set) => self.holiday_sets.insert(id, set),
            Object::Override(id, entry) => self.overrides.insert(id, entry),
            Object::TimeOff(id, entry) => self.time_off.insert(id, entry),
            Object::TimeOffPrivate(id, entry) => self.time_off_private.insert(id, entry),
            Object::Task(id, task) => self.tasks.insert(id, task),
            Object::Acceptance(entry) => self.acceptances.insert(entry.value.gap, entry),
            Object::Swap(id, swap) => self.swaps.insert(id, swap),
            Object::Token(id, token) => self.tokens.insert(id, token),
            Object::Feed(id, feed) => self.feeds.insert(id, feed),
            Object::Calendar(id, calendar) => self.calendars.insert(id, calendar),
            Object::HandoffNote(id, note) => self.handoff_notes.insert(id, note),
            Object::IdentityKey(entry) => self.identity_key = Some(entry),
        }
    }

    /// Removes the object of that key, if there is one.
    pub fn remove(&mut self, key: &ObjectKey) {
        match key {
            ObjectKey::Team => self.team = None,
            ObjectKey::Resident(id) => self.residents.remove(id),
            ObjectKey::Duty(id) => self.duties.remove(id),
            ObjectKey::HolidaySet(id) => self.holiday_sets.remove(id),
            ObjectKey::Override(id) => self.overrides.remove(id),
            ObjectKey::TimeOff(id) => self.time_off.remove(id),
            ObjectKey::TimeOffPrivate(id) => self.time_off_private.remove(id),
            ObjectKey::Task(id) => self.tasks.remove(id),
            ObjectKey::Acceptance(id) => self.acceptances.remove(id),
            ObjectKey::Swap(id) => self.swaps.remove(id),
            ObjectKey::Token(id) => self.tokens.remove(id),
            ObjectKey::Feed(id) => self.feeds.remove(id),
            ObjectKey::Calendar(id) => self.calendars.remove(id),
            ObjectKey::HandoffNote(id) => self.handoff_notes.remove(id),
            ObjectKey::IdentityKey => self.identity_key = None,
        }
    }

    /// Returns the object of that key, as a copy.
    #[must_use]
    pub fn get(&self, key: &ObjectKey) -> Option<Object> {
        Some(match key {
            ObjectKey::Team => Object::Team(self.team.clone()?),
            ObjectKey::Resident(id) => Object::Resident(id.clone(), self.residents.get(id)?.clone()),
            ObjectKey::Duty(id) => Object::Duty(id.clone(), self.duties.get(id)?.clone()),
            ObjectKey::HolidaySet(id) => Object::HolidaySet(id.clone(), self.holiday_sets.get(id)?.clone()),
            ObjectKey::Override(id) => Object::Override(id.clone(), self.overrides.get(id)?.clone()),
            ObjectKey::TimeOff(id) => Object::TimeOff(id.clone(), self.time_off.get(id)?.clone()),
            ObjectKey::TimeOffPrivate(id) => Object::TimeOffPrivate(id.clone(), self.time_off_private.get(id)?.clone()),
            ObjectKey::Task(id) => Object::Task(id.clone(), self.tasks.get(id)?.clone()),
            ObjectKey::Acceptance(id) => Object::Acceptance(self.acceptances.get(id)?.clone()),
            ObjectKey::Swap(id) => Object::Swap(id.clone(), self.swaps.get(id)?.clone()),
            ObjectKey::Token(id) => Object::Token(id.clone(), self.tokens.get(id)?.clone()),
            ObjectKey::Feed(id) => Object::Feed(id.clone(), self.feeds.get(id)?.clone()),
            ObjectKey::Calendar(id) => Object::Calendar(id.clone(), self.calendars.get(id)?.clone()),
            ObjectKey::HandoffNote(id) => Object::HandoffNote(id.clone(), self.handoff_notes.get(id)?.clone()),
            ObjectKey::IdentityKey => Object::IdentityKey(self.identity_key.clone()?),
        })
    }

    /// Returns every object, in order of the keys.
    pub fn objects(&self) -> impl Iterator<Item = Object> {
        let entries = self.overrides.iter().map(|(id, entry)| Object::Override(id.clone(), entry.clone()));
        let private = self.time_off_private.iter().map(|(id, part)| Object::TimeOffPrivate(id.clone(), part.clone()));
        let team = self.team.iter().cloned().map(Object::Team);
        team.chain(self.residents.iter().map(|(id, resident)| Object::Resident(id.clone(), resident.clone())))
            .chain(self.duties.iter().map(|(id, duty)| Object::Duty(id.clone(), duty.clone())))
            .chain(self.holiday_sets.iter().map(|(id, set)| Object::HolidaySet(id.clone(), set.clone())))
            .chain(entries)
            .chain(self.time_off.iter().map(|(id, entry)| Object::TimeOff(id.clone(), entry.clone())))
            .chain(private)
            .chain(self.tasks.iter().map(|(id, task)| Object::Task(id.clone(), task.clone())))
            .chain(self.acceptances.values().cloned().map(Object::Acceptance))
            .chain(self.swaps.iter().map(|(id, swap)| Object::Swap(id.clone(), swap.clone())))
            .chain(self.tokens.iter().map(|(id, token)| Object::Token(id.clone(), token.clone())))
            .chain(self.feeds.iter().map(|(id, feed)| Object::Feed(id.clone(), feed.clone())))
            .chain(self.calendars.iter().map(|(id, calendar)| Object::Calendar(id.clone(), calendar.clone())))
            .chain(self.handoff_notes.iter().map(|(id, note)| Object::HandoffNote(id.clone(), note.clone())))
            .chain(self.identity_key.iter().cloned().map(Object::IdentityKey))
    }

    /// Returns the residents in listed order: the order in which they were made.
    #[must_use]
    pub fn residents_listed(&self) -> Vec<&ResidentId> {
        let mut listed: Vec<_> = self.residents.iter().collect();
        listed.sort_by_key(|(_, resident)| resident.meta.created);
        listed.into_iter().map(|(id, _)| id).collect()
    }
}
