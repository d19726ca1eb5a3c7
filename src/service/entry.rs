//! What overrides, time off, tasks and handoff notes have in common: they are found, made, changed and removed by name.

use std::fmt::Display;
use std::sync::Arc;

use pbjson_types::Empty;
use uuid::Uuid;

use super::configured::team_zone;
use super::names::{Name, team_name};
use super::request::{Fields, check_etag};
use crate::access::{Audience, Denial};
use crate::civil::{Instant, ZoneRules};
use crate::model::validate::suggestion;
use crate::model::{
    Entered, HandoffNote, HandoffNoteId, Map, Object, ObjectKey, Override, OverrideId, ResidentId, Swap, SwapId, Task,
    TaskId, TeamId, TeamSnapshot, TimeOff, TimeOffId, ZoneName,
};
use crate::roster::{Change, ChangeSet, Changed, Desk, Draft, Refusal, Request, TeamState, drawn_id};

/// What people enter, one value under one id.
pub(super) trait Entry: Clone + Send + Sync + 'static {
    /// Its id.
    type Id: Name + Clone + Display + Ord + Send + Sync + 'static;
    /// What an id that the server chooses begins with.
    const WORD: &'static str;

    /// Returns all that the team has.
    fn all(team: &TeamSnapshot) -> &Map<Self::Id, Entered<Self>>;

    /// Returns the keys under which it is kept, its own first.
    fn keys(id: &Self::Id) -> Vec<ObjectKey>;

    /// Tells whether `audience` may see one whole, and know that it is there.
    fn is_seen(&self, audience: &Audience) -> bool;

    /// Returns the entry that an object is.
    fn of(object: &Object) -> Option<(&Self::Id, &Entered<Self>)>;
}

macro_rules! entries {
    ($($value:ident $id:ident $word:literal $all:ident [$($key:ident),+] $seen:expr,)*) => { $(
        impl Entry for $value {
            type Id = $id;
            const WORD: &'static str = $word;

            fn all(team: &TeamSnapshot) -> &Map<$id, Entered<Self>> {
                &team.$all
            }

            fn keys(id: &$id) -> Vec<ObjectKey> {
                vec![$(ObjectKey::$key(id.clone())),+]
            }

            fn is_seen(&self, audience: &Audience) -> bool {
                let seen: fn(&Self, &Audience) -> bool = $seen;
                seen(self, audience)
            }

            fn of(object: &Object) -> Option<(&$id, &Entered<Self>)> {
                if let Object::$value(id, entry) = object { Some((id, entry)) } else { None }
            }
        }
    )* };
}

entries! {
    Override OverrideId "override" overrides [Override] |_, audience| audience.works_in_team(),
    TimeOff TimeOffId "off" time_off [TimeOff, TimeOffPrivate]
        |entry, audience| audience.sees_resident(&entry.resident).is_some(),
    Task TaskId "task" tasks [Task] |_, audience| audience.works_in_team(),
    Swap SwapId "swap" swaps [Swap] |_, audience| audience.works_in_team(),
    HandoffNote HandoffNoteId "note" handoff_notes [HandoffNote] |_, audience| audience.works_in_team(),
}

/// What an entry is stated against.
pub(super) struct Stating<'a, T: Entry> {
    /// The team as it is.
    pub team: &'a TeamSnapshot,
    /// The change that would be made.
    pub change: Change,
    /// The zone rules.
    pub rules: &'a ZoneRules,
    /// The entry's id.
    pub id: T::Id,
    /// The entry as it is; `None` where it is to be made.
    pub before: Option<&'a Entered<T>>,
    /// Who states it.
    pub audience: Audience,
    /// What is wrong with the request so far.
    pub fields: Fields,
}

impl<'a, T: Entry> Stating<'a, T> {
    /// Returns the time of the change.
    pub fn now(&self) -> Instant {
        self.change.time
    }

    /// Returns the team's zone in effect.
    pub fn team_zone(&self) -> ZoneName {
        team_zone(self.team, self.now())
    }

    /// Returns that nothing changes, unless anything is wrong with the request.
    pub fn nothing(self) -> Result<ChangeSet, Refusal> {
        self.fields.check().map(|()| ChangeSet::default())
    }

    /// Refuses before anything is said of the entry, where it would not be a resident's own: what is wrong with it, or
    /// that nothing changes, may tell of others.
    pub fn require_own(&self, is_own: impl FnOnce(&ResidentId) -> bool) -> Result<(), Refusal> {
        match &self.audience {
            Audience::Resident(resident) if !is_own(resident) => Err(Refusal::Denied(Denial::Forbidden)),
            _ => Ok(()),
        }
    }

    /// Returns a draft of the change.
    pub fn draft(&self) -> Draft<'a> {
        Draft::new(self.team, self.change, self.rules)
    }
}

/// Returns the change set of `draft`, unless anything is wrong with it or with the request.
///
/// `path` makes the message's path of the model's. What the draft finds wrong in a field that could not even be
/// read says nothing.
pub(super) fn settle(fields: Fields, draft: Draft<'_>, path: impl Fn(&str) -> String) -> Result<ChangeSet, Refusal> {
    let mut wrong = fields.into_list();
    let changes = match draft.finish() {
        Ok(changes) => changes,
        Err(Refusal::Invalid(violations)) => {
            let unread: Vec<String> = wrong.iter().map(|violation| violation.field.clone()).collect();
            for mut violation in violations {
                violation.field = path(&violation.field);
                if !unread.iter().any(|field| encloses(field, &violation.field)) {
                    wrong.push(violation);
                }
            }
            ChangeSet::default()
        }
        Err(other) => return Err(other),
    };
    if wrong.is_empty() { Ok(changes) } else { Err(Refusal::Invalid(wrong)) }
}

/// Whether one of two paths lies in the other.
fn encloses(one: &str, other: &str) -> bool {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    within(one, other) || within(other, one)
}

/// A team as it is read for an answer.
#[derive(Clone)]
pub(super) struct Read {
    /// The team.
    pub state: Arc<TeamState>,
    /// When.
    pub now: Instant,
    /// For whom.
    pub audience: Audience,
}

impl Read {
    /// Reads the team of that id.
    pub fn team(desk: &Desk, team: &TeamId) -> Result<Self, Refusal> {
        let state = desk.team(team)?;
        Ok(Self { audience: desk.audience(&state.snapshot)?, now: desk.now(), state })
    }

    /// Reads the team that the request names as `parent`; that there is none is told later.
    pub fn parent(desk: &Desk, name: &str, fields: &mut Fields) -> Option<Self> {
        let team = fields.take(team_name("parent", name))?;
        fields.take_or_later(Self::team(desk, &team))
    }

    /// Reads the team as a change left it.
    pub fn after(desk: &Desk, changed: &Changed) -> Result<Self, Refusal> {
        let state = Arc::clone(&changed.state);
        Ok(Self { audience: desk.audience(&state.snapshot)?, now: changed.time, state })
    }

    /// Returns the snapshot.
    pub fn snapshot(&self) -> &TeamSnapshot {
        &self.state.snapshot
    }
}

/// An entry as a change left it.
pub(super) struct Answer<T: Entry> {
    /// The team as the change left it.
    pub read: Read,
    /// The entry's id.
    pub id: T::Id,
    /// The entry.
    pub entry: Entered<T>,
    /// What the change did.
    pub changed: Changed,
}

/// Finds the entry of that id; to whoever may not see it, it is not there.
pub(super) fn find<'a, T: Entry>(
    team: &'a TeamSnapshot,
    id: &T::Id,
    audience: &Audience,
) -> Result<&'a Entered<T>, Refusal> {
    let seen = |entry: &&Entered<T>| entry.value.is_seen(audience);
    T::all(team).get(id).filter(seen).ok_or_else(|| {
        let known = T::all(team).iter().filter(|(_, entry)| seen(entry)).map(|(id, _)| id);
        Refusal::NotFound { name: id.full(&team.id), hint: suggestion(id.text(), known) }
    })
}

/// Finds the entry of that full name, and the team that it is in.
pub(super) fn get<T: Entry>(desk: &Desk, name: &str) -> Result<(Read, T::Id, Entered<T>), Refusal> {
    let (team, id) = T::Id::read("name", name)?;
    let read = Read::team(desk, &team)?;
    let entry = find::<T>(read.snapshot(), &id, &read.audience)?.clone();
    Ok((read, id, entry))
}

/// Changes a team; where the request itself is wrong, everything else that is wrong is told with it.
pub(super) async fn apply<F>(
    desk: &Desk,
    team: TeamId,
    request: Result<Request, Refusal>,
    make: F,
) -> Result<Changed, Refusal>
where
    F: Fn(&TeamSnapshot, Change, &ZoneRules) -> Result<ChangeSet, Refusal> + Send + Sync + 'static,
{
    let state = desk.team(&team);
    let rules = Arc::clone(desk.rules());
    match (request, state) {
        (Ok(request), Ok(_)) => desk.change(team, request, move |team, change| make(team, change, &rules)).await,
        (Ok(_), Err(refusal)) | (Err(refusal), Err(_)) => Err(refusal),
        (Err(refusal), Ok(state)) => {
            let change = Change { revision: state.snapshot.revision + 1, time: desk.now() };
            let mut fields = Fields::default();
            fields.take::<()>(Err(refusal));
            // Anything else than fields is told once the request is in order.
            let _ = fields.take_unless_other(make(&state.snapshot, change, &rules));
            Err(Refusal::Invalid(fields.into_list()))
        }
    }
}

/// Returns the address of what is to change, with the request; where it cannot be read, whatever else is wrong without
/// it is told too.
pub(super) fn addressed<A>(
    address: Result<A, Refusal>,
    request: Result<Request, Refusal>,
    other: Result<(), Refusal>,
) -> Result<(A, Result<Request, Refusal>), Refusal> {
    match address {
        Ok(address) => Ok((address, request)),
        Err(refusal) => {
            let mut wrong = Fields::default();
            wrong.take(request);
            wrong.take::<()>(Err(refusal));
            wrong.take(other);
            Err(Refusal::Invalid(wrong.into_list()))
        }
    }
}

/// The id that a caller wants for what is made: `field` has `text`, which may be empty.
pub(super) struct Wanted {
    /// The field of the request.
    pub field: &'static str,
    /// What it holds.
    pub text: String,
}

/// Makes an entry as `state` states it.
pub(super) async fn create<T: Entry>(
    desk: &Desk,
    parent: &str,
    wanted: Wanted,
    request: Result<Request, Refusal>,
    state: impl Fn(Stating<'_, T>) -> Result<ChangeSet, Refusal> + Send + Sync + 'static,
) -> Result<Answer<T>, Refusal> {
    let id = match wanted.text.as_str() {
        "" => Ok(()),
        text => T::Id::parse(text).map(drop).map_err(|error| Refusal::field(wanted.field, error.to_string())),
    };
    let (team, request) = addressed(team_name("parent", parent), request, id)?;
    let seed = request.as_ref().map_or(Uuid::nil(), |request| request.id);
    let asking = desk.clone();
    let changed = apply(desk, team.clone(), request, move |team, change, rules| {
        let mut fields = Fields::default();
        let stated = match wanted.text.as_str() {
            "" => None,
            text => fields.parse(wanted.field, T::Id::parse(text)),
        };
        let taken = stated.as_ref().is_some_and(|id| T::all(team).contains_key(id));
        let id = match stated {
            Some(id) => id,
            None => free_id::<T>(team, seed)?,
        };
        let name = id.full(&team.id);
        let changes =
            state(Stating { team, change, rules, id, before: None, audience: asking.audience(team)?, fields })?;
        if taken { Err(Refusal::Exists { name }) } else { Ok(changes) }
    })
    .await?;
    let made = changed.objects.iter().find_map(|(_, object)| T::of(object.as_ref()?));
    let (id, entry) = made.map(|(id, entry)| (id.clone(), entry.clone())).ok_or(Refusal::BrokenOff)?;
    Ok(Answer { read: Read::after(desk, &changed)?, id, entry, changed })
}

/// Changes the entry of that name as `state` states it; no change is an answer too.
pub(super) async fn alter<T: Entry>(
    desk: &Desk,
    name: &str,
    etag: &str,
    request: Result<Request, Refusal>,
    state: impl Fn(Stating<'_, T>) -> Result<ChangeSet, Refusal> + Send + Sync + 'static,
) -> Result<Answer<T>, Refusal> {
    let ((team, id), request) = addressed(T::Id::read("name", name), request, Ok(()))?;
    let (etag, wanted, asking) = (etag.to_owned(), id.clone(), desk.clone());
    let changed = apply(desk, team.clone(), request, move |team, change, rules| {
        let audience = asking.audience(team)?;
        let before = find::<T>(team, &wanted, &audience)?;
        check_etag(&etag, &before.meta, || wanted.full(&team.id))?;
        let id = wanted.clone();
        state(Stating { team, change, rules, id, before: Some(before), audience, fields: Fields::default() })
    })
    .await?;
    let read = Read::after(desk, &changed)?;
    let became = changed.objects.iter().find_map(|(_, object)| T::of(object.as_ref()?)).map(|(_, entry)| entry.clone());
    let entry = became.map_or_else(|| find::<T>(read.snapshot(), &id, &read.audience).cloned(), Ok)?;
    Ok(Answer { read, id, entry, changed })
}

/// Removes the entry of that name, and what is kept with it.
pub(super) async fn remove<T: Entry>(
    desk: &Desk,
    name: &str,
    etag: &str,
    request: Result<Request, Refusal>,
) -> Result<Empty, Refusal> {
    let ((team, id), request) = addressed(T::Id::read("name", name), request, Ok(()))?;
    let (etag, asking) = (etag.to_owned(), desk.clone());
    apply(desk, team, request, move |team, change, rules| {
        let before = find::<T>(team, &id, &asking.audience(team)?)?;
        check_etag(&etag, &before.meta, || id.full(&team.id))?;
        let mut draft = Draft::new(team, change, rules);
        T::keys(&id).into_iter().for_each(|key| draft.remove(key));
        draft.finish()
    })
    .await?;
    Ok(Empty {})
}

/// Returns an id that nothing has, the same for the same request.
fn free_id<T: Entry>(team: &TeamSnapshot, seed: Uuid) -> Result<T::Id, Refusal> {
    let free = |text: &str| T::Id::parse(text).ok().filter(|id| !T::all(team).contains_key(id));
    drawn_id(team, T::WORD, seed, free).ok_or(Refusal::Contention)
}

/// Implements a service by methods of the same type that take the message and may refuse.
macro_rules! serve {
    ($service:ident for $type:ty { $($method:ident($asked:ty) -> $answer:ty = $call:ident $($await:ident)?;)* }) => {
        #[tonic::async_trait]
        impl $service for $type {
            $(
                async fn $method(
                    &self,
                    asked: tonic::Request<$asked>,
                ) -> Result<tonic::Response<$answer>, tonic::Status> {
                    let here = $crate::service::attend::Attend::attending(self, &asked);
                    let answer = here.$call(asked.into_inner())$(.$await)?;
                    answer.map(tonic::Response::new).map_err($crate::service::to_status)
                }
            )*
        }
    };
}
pub(super) use serve;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_encloses_its_parts_and_no_other() {
        assert!(encloses("span", "span.days.zone") && encloses("span.days.zone", "span"));
        assert!(!encloses("due", "due_time") && !encloses("title", "link"));
    }
}
