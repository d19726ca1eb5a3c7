//! A change in the log as one audience may see it (semantics 8.2, 9.1).

use super::changes::Filter;
use super::configured::{Kind, alone};
use super::convert::answers::Naming;
use super::convert::handoff_note::handoff_note;
use super::convert::overrides::override_entry;
use super::convert::swap::swap;
use super::convert::task::task;
use super::convert::time::timestamp;
use super::convert::time_off::time_off;
use super::duties::Covering;
use super::holiday_sets::Resting;
use super::names::{Name, collection_name, team_name};
use super::residents::Residing;
use super::teams::Teaming;
use crate::access::{Audience, TimeOffTold};
use crate::civil::{Instant, ZoneRules};
use crate::engine::AcceptanceState;
use crate::model::{
    DutyId, Entered, GapAcceptance, GapId, HandoffNoteId, HolidaySetId, Object, ObjectKey, OverrideId, ResidentId,
    SwapId, TaskId, TeamId, TeamSnapshot, TimeOff, TimeOffId,
};
use crate::proto::v1;
use crate::proto::v1::object_state::Object as State;
use crate::roster::{LogEntry, LoggedChange, Refusal};

/// How many objects one change is told with.
const OBJECTS_MAX: usize = 1_000;
/// What every change of the time off of others is called: anything else would tell what it was.
const AWAY_TITLE: &str = "change when somebody is away";
/// The server itself, as the log names it.
const SERVER: &str = "ondutyd";

/// Reads the full name of something that changes may be about; it need not be there any more.
///
/// # Errors
///
/// What is wrong with it, as the violation of `field`; another team than `team` is wrong too.
pub(super) fn read_object(field: &str, name: &str, team: Option<&TeamId>) -> Result<ObjectKey, Refusal> {
    fn named<N: Name>(field: &str, name: &str, key: impl Fn(N) -> ObjectKey) -> Result<(TeamId, ObjectKey), Refusal> {
        N::read(field, name).map(|(team, id)| (team, key(id)))
    }
    let parts: Vec<&str> = name.split('/').collect();
    let (other, key) = match parts[..] {
        ["teams", _] => (team_name(field, name)?, ObjectKey::Team),
        ["teams", other, "gaps", id] => {
            let other = TeamId::new(other).map_err(|error| Refusal::field(field, error.to_string()))?;
            (other, ObjectKey::Acceptance(super::gaps::read_gap_id(field, id)?))
        }
        ["teams", _, ResidentId::COLLECTION, _] => named(field, name, ObjectKey::Resident)?,
        ["teams", _, DutyId::COLLECTION, _] => named(field, name, ObjectKey::Duty)?,
        ["teams", _, HolidaySetId::COLLECTION, _] => named(field, name, ObjectKey::HolidaySet)?,
        ["teams", _, OverrideId::COLLECTION, _] => named(field, name, ObjectKey::Override)?,
        ["teams", _, TimeOffId::COLLECTION, _] => named(field, name, ObjectKey::TimeOff)?,
        ["teams", _, TaskId::COLLECTION, _] => named(field, name, ObjectKey::Task)?,
        ["teams", _, SwapId::COLLECTION, _] => named(field, name, ObjectKey::Swap)?,
        ["teams", _, HandoffNoteId::COLLECTION, _] => named(field, name, ObjectKey::HandoffNote)?,
        _ => {
            let reason = format!("'{name}' names nothing that changes; give a full name such as teams/TEAM/duties/ID");
            return Err(Refusal::field(field, reason));
        }
    };
    match team {
        Some(team) if *team != other => {
            Err(Refusal::field(field, format!("'{name}' lies in team '{other}', not in '{team}'")))
        }
        _ => Ok(key),
    }
}

/// Returns the full name of what a change is about, where that is who has which duty: configuration or an override.
pub(super) fn is_about_the_rota(key: &ObjectKey, team: &TeamId) -> Option<String> {
    match key {
        ObjectKey::Team => Some(collection_name(team)),
        ObjectKey::Resident(id) => Some(id.full(team)),
        ObjectKey::Duty(id) => Some(id.full(team)),
        ObjectKey::HolidaySet(id) => Some(id.full(team)),
        ObjectKey::Override(id) => Some(id.full(team)),
        _ => None,
    }
}

/// What is told of changes, and to whom.
pub(super) struct Told<'a> {
    /// The team as it is.
    pub team: &'a TeamSnapshot,
    /// The zone rules.
    pub rules: &'a ZoneRules,
    /// To whom.
    pub audience: &'a Audience,
    /// What is asked for.
    pub filter: &'a Filter,
}

impl Told<'_> {
    /// Returns a change as the audience may see it; `None` where nothing of it is seen, or asked for.
    pub fn change(&self, entry: &LogEntry) -> Result<Option<v1::Change>, Refusal> {
        let mut objects = Vec::new();
        for change in &entry.changes {
            for object in self.object(entry, change)? {
                // Several entries of one resident are one stretch to others.
                if object.away.is_empty() || !objects.contains(&object) {
                    objects.push(object);
                }
            }
        }
        let asked = self.filter.objects.is_empty();
        // What changed nothing was a call all the same, and its title tells of what.
        let bare = entry.changes.is_empty() && (self.audience.sees_team().is_some() || entry.actor == SERVER);
        if objects.is_empty() && !(asked && bare) {
            return Ok(None);
        }
        let only_away = !objects.is_empty() && objects.iter().all(|object| !object.away.is_empty());
        let title = if only_away { AWAY_TITLE.to_owned() } else { entry.title.clone() };
        let left_out = objects.len().saturating_sub(OBJECTS_MAX);
        objects.truncate(OBJECTS_MAX);
        Ok(Some(v1::Change {
            revision: i64::try_from(entry.revision).unwrap_or(i64::MAX),
            change_time: Some(timestamp(entry.time)),
            actor: entry.actor.clone(),
            on_behalf_of: entry.on_behalf_of.as_ref().map(|id| id.full(&self.team.id)).unwrap_or_default(),
            title,
            objects,
            left_out: i32::try_from(left_out).unwrap_or(i32::MAX),
        }))
    }

    fn object(&self, entry: &LogEntry, change: &LoggedChange) -> Result<Vec<v1::ObjectChange>, Refusal> {
        let id = &self.team.id;
        if !matches!(change.key, ObjectKey::TimeOff(_) | ObjectKey::TimeOffPrivate(_)) && !self.asks_for(&change.key) {
            return Ok(Vec::new());
        }
        Ok(match &change.key {
            ObjectKey::Team => self.configured::<Teaming>(id, change, State::Team),
            ObjectKey::Resident(resident) => self.configured::<Residing>(resident, change, State::Resident),
            ObjectKey::Duty(duty) => self.configured::<Covering>(duty, change, State::Duty),
            ObjectKey::HolidaySet(set) => self.configured::<Resting>(set, change, State::HolidaySet),
            ObjectKey::Override(_) => self.entered(change, |object| match object {
                Object::Override(key, entry) => {
                    Ok(Some(State::OverrideEntry(override_entry(id, key, entry, self.rules)?)))
                }
                _ => Ok(None),
            })?,
            ObjectKey::Task(_) => self.entered(change, |object| match object {
                Object::Task(key, entry) => Ok(Some(State::Task(task(id, key, entry, self.rules)?))),
                _ => Ok(None),
            })?,
            ObjectKey::Swap(_) => self.entered(change, |object| match object {
                Object::Swap(key, entry) => Ok(Some(State::Swap(swap(id, key, entry)))),
                _ => Ok(None),
            })?,
            ObjectKey::HandoffNote(_) => self.entered(change, |object| match object {
                Object::HandoffNote(key, entry) => Ok(Some(State::HandoffNote(handoff_note(id, key, entry)))),
                _ => Ok(None),
            })?,
            ObjectKey::TimeOff(key) => self.time_off(entry, change, key)?,
            ObjectKey::TimeOffPrivate(key) => self.private_part(entry, key).into_iter().collect(),
            // No team that can be asked about has tokens, feeds or calendars, and its key is for nobody.
            ObjectKey::Token(_) | ObjectKey::Feed(_) | ObjectKey::Calendar(_) | ObjectKey::IdentityKey => Vec::new(),
            ObjectKey::Acceptance(_) => self.entered(change, |object| match object {
                Object::Acceptance(entry) => Ok(self.acceptance(entry)),
                _ => Ok(None),
            })?,
        })
    }

    fn asks_for(&self, key: &ObjectKey) -> bool {
        self.filter.objects.is_empty() || self.filter.objects.contains(key)
    }

    /// A resident stands for their time off; an entry's name only to whoever may know it.
    fn asks_for_time_off(&self, id: &TimeOffId, resident: Option<&ResidentId>, named: bool) -> bool {
        self.filter.objects.is_empty()
            || resident.is_some_and(|id| self.filter.objects.contains(&ObjectKey::Resident(id.clone())))
            || named && self.filter.objects.contains(&ObjectKey::TimeOff(id.clone()))
    }

    /// Returns what a change did to a configured object, one after the other for each stretch in which it differs.
    fn configured<K: Kind>(
        &self,
        id: &K::Id,
        change: &LoggedChange,
        state: fn(K::Message) -> State,
    ) -> Vec<v1::ObjectChange>
    where
        K::Message: PartialEq,
    {
        let team = &self.team.id;
        let sides = (alone(team, change.before.as_ref()), alone(team, change.after.as_ref()));
        let bare = |side: &TeamSnapshot, at| K::seen(side, id, at, self.audience).map(K::bare);
        let whole = |side: &TeamSnapshot, at| wrap(K::seen(side, id, at, self.audience).map(state));
        let (mut found, mut last) = (Vec::new(), (None, None));
        let mut next = [&sides.0, &sides.1].into_iter().filter_map(|side| first::<K>(side, id)).min();
        while let Some(at) = next.filter(|at| *at < Instant::MAX) {
            let both = (bare(&sides.0, at), bare(&sides.1, at));
            if both.0 != both.1 && both != last {
                found.push(v1::ObjectChange {
                    name: K::name(team, id),
                    before: whole(&sides.0, at),
                    after: whole(&sides.1, at),
                    effective_time: Some(timestamp(at)),
                    ..v1::ObjectChange::default()
                });
            }
            last = both;
            next = Some(following::<K>(&sides.0, id, at).min(following::<K>(&sides.1, id, at)));
        }
        if found.is_empty() && self.audience.sees_team().is_some() {
            found.push(v1::ObjectChange { name: K::name(team, id), ..v1::ObjectChange::default() });
        }
        found
    }

    fn entered(
        &self,
        change: &LoggedChange,
        state: impl Fn(&Object) -> Result<Option<State>, Refusal>,
    ) -> Result<Vec<v1::ObjectChange>, Refusal> {
        let side = |object: Option<&Object>| object.map(&state).transpose().map(|found| wrap(found.flatten()));
        Ok(vec![v1::ObjectChange {
            name: full_name(&self.team.id, &change.key),
            before: side(change.before.as_ref())?,
            after: side(change.after.as_ref())?,
            ..v1::ObjectChange::default()
        }])
    }

    /// Reasons and causes are for coordinators.
    fn acceptance(&self, entry: &Entered<GapAcceptance>) -> Option<State> {
        let proof = self.audience.sees_team()?;
        let naming = Naming { team: self.team, at: entry.value.interval.start(), audience: self.audience };
        let whole = naming.acceptance(proof, &entry.value, entry.meta.update_time, AcceptanceState::Holding);
        Some(State::Acceptance(v1::GapAcceptance { actor: String::new(), state: 0, ..whole }))
    }

    fn time_off(
        &self,
        entry: &LogEntry,
        change: &LoggedChange,
        id: &TimeOffId,
    ) -> Result<Vec<v1::ObjectChange>, Refusal> {
        let of = |object: &'_ Option<Object>| match object {
            Some(Object::TimeOff(_, entry)) => Some(entry.clone()),
            _ => None,
        };
        let (before, after) = (of(&change.before), of(&change.after));
        let private_changed = entry.changes.iter().any(|other| other.key == ObjectKey::TimeOffPrivate(id.clone()));
        let same = before.as_ref().zip(after.as_ref()).is_none_or(|(a, b)| a.value.resident == b.value.resident);
        let pairs = if same { vec![(before, after)] } else { vec![(before, None), (None, after)] };
        let mut found = Vec::new();
        for (before, after) in pairs {
            let value = |entry: &Option<Entered<TimeOff>>| entry.as_ref().map(|entry| entry.value.clone());
            let (old, new) = (value(&before), value(&after));
            let resident = new.as_ref().or(old.as_ref()).map(|entry| &entry.resident);
            let told = TimeOffTold::of(self.audience, old.as_ref(), new.as_ref());
            let named = matches!(told, TimeOffTold::Whole(_));
            if !self.asks_for_time_off(id, resident, named) {
                continue;
            }
            match told {
                TimeOffTold::Whole(proof) => {
                    let state = |entry: Option<Entered<TimeOff>>| {
                        let view = |entry| time_off(proof, (&self.team.id, id), &entry, None, self.rules);
                        entry.map(view).transpose().map(|view| wrap(view.map(State::TimeOff)))
                    };
                    let (before, after) = (state(before)?, state(after)?);
                    let name = id.full(&self.team.id);
                    found.push(v1::ObjectChange { name, before, after, private_changed, ..Default::default() });
                }
                TimeOffTold::Away(resident) => {
                    let away = resident.full(&self.team.id);
                    found.push(v1::ObjectChange { away, ..v1::ObjectChange::default() });
                }
                TimeOffTold::Nothing => {}
            }
        }
        Ok(found)
    }

    /// Returns that a private part changed alone; to others than its resident and coordinators nothing did.
    fn private_part(&self, entry: &LogEntry, id: &TimeOffId) -> Option<v1::ObjectChange> {
        if entry.changes.iter().any(|other| other.key == ObjectKey::TimeOff(id.clone())) {
            return None;
        }
        // An entry that was made later under the same name may be somebody else's.
        let kept = self.team.time_off.get(id).filter(|kept| kept.meta.created.revision <= entry.revision);
        let resident = kept.map(|kept| &kept.value.resident).or(entry.on_behalf_of.as_ref());
        let seen = match resident {
            Some(resident) => self.audience.sees_resident(resident).is_some(),
            None => self.audience.sees_team().is_some(),
        };
        let name = id.full(&self.team.id);
        let wanted = seen && self.asks_for_time_off(id, resident, true);
        wanted.then(|| v1::ObjectChange { name, private_changed: true, ..v1::ObjectChange::default() })
    }
}

fn wrap(state: Option<State>) -> Option<v1::ObjectState> {
    state.map(|state| v1::ObjectState { object: Some(state) })
}

/// From when an object is in effect at first.
fn first<K: Kind>(team: &TeamSnapshot, id: &K::Id) -> Option<Instant> {
    K::kept(team, id)?.1.list().first().map(|version| version.from)
}

/// Until when an object stays as it is at `at`, be it in effect or not.
fn following<K: Kind>(team: &TeamSnapshot, id: &K::Id, at: Instant) -> Instant {
    match K::stretch(team, id, at) {
        Some(stretch) => stretch.end(),
        None => K::kept(team, id).and_then(|(_, versions)| versions.next_after(at)).unwrap_or(Instant::MAX),
    }
}

/// The full name of anything that a log has; gaps have one here only.
pub(super) fn full_name(team: &TeamId, key: &ObjectKey) -> String {
    match key {
        ObjectKey::Team => collection_name(team),
        ObjectKey::Resident(id) => id.full(team),
        ObjectKey::Duty(id) => id.full(team),
        ObjectKey::HolidaySet(id) => id.full(team),
        ObjectKey::Override(id) => id.full(team),
        ObjectKey::TimeOff(id) | ObjectKey::TimeOffPrivate(id) => id.full(team),
        ObjectKey::Task(id) => id.full(team),
        ObjectKey::Swap(id) => id.full(team),
        ObjectKey::Acceptance(GapId(id)) => format!("teams/{team}/gaps/{id}"),
        ObjectKey::Token(id) => format!("tokens/{id}"),
        ObjectKey::Feed(id) => format!("feeds/{id}"),
        ObjectKey::Calendar(id) => format!("calendars/{id}"),
        ObjectKey::HandoffNote(id) => id.full(team),
        ObjectKey::IdentityKey => format!("teams/{team}/identityKey"),
    }
}
