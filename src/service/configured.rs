//! What the services of configured objects share: each kind says how it is named, shown and stated, and everything that
//! is done with one is done here.

use std::fmt::Display;
use std::sync::Arc;

use pbjson_types::{FieldMask, Timestamp};
use prost::Message;

use super::call::Call;
use super::convert::time::instant;
use super::entry::settle;
use super::mask::{Field, Mask};
use super::names::team_name;
use super::paging::{Page, Paging};
use super::request::{Fields, check_etag};
use super::stamp::{Stamp, shown, shown_at_its_end};
use crate::access::Audience;
use crate::civil::{Instant, Interval};
use crate::model::validate::{Violation, suggestion};
use crate::model::{Meta, Object, ObjectKey, TeamId, TeamSnapshot, Versions, ZoneName};
use crate::roster::{Change, ChangeSet, Changed, Dated, Desk, Draft, Refusal};

/// A kind of configured object.
pub trait Kind: 'static {
    /// Names one.
    type Id: Clone + Display + Send + Sync + 'static;
    /// What a version holds.
    type Value;
    /// The message for one.
    type Message: Message + Default + Clone + 'static;

    /// The field that the message is in requests.
    const FIELD: &'static str;
    /// Whether it lies in a team; a team itself does not.
    const IN_TEAM: bool = true;
    /// What an update may change.
    const FIELDS: &'static [Field<Self::Message>];
    /// The fields of the model that the message calls otherwise: the model's path, without indices, and the last name.
    const RENAMED: &'static [(&'static str, &'static str)] = &[];

    /// Reads a full name.
    fn read_name(field: &str, name: &str) -> Result<(TeamId, Self::Id), Refusal>;

    /// Returns the full name.
    fn name(team: &TeamId, id: &Self::Id) -> String;

    /// Returns the key.
    fn key(id: &Self::Id) -> ObjectKey;

    /// Returns the ids of all that a team has or had.
    fn ids(team: &TeamSnapshot) -> Vec<Self::Id>;

    /// Returns one as it is kept.
    fn kept<'a>(team: &'a TeamSnapshot, id: &Self::Id) -> Option<(&'a Meta, &'a Versions<Self::Value>)>;

    /// Returns the message for one as it is at `at`, less what only the server states.
    fn view(team: &TeamSnapshot, id: &Self::Id, at: Instant) -> Option<Self::Message>;

    /// Returns the message for one as `audience` may see it; whole, where nothing of it is for some only.
    fn seen(team: &TeamSnapshot, id: &Self::Id, at: Instant, audience: &Audience) -> Option<Self::Message>;

    /// Returns when exactly that is in effect.
    fn stretch(team: &TeamSnapshot, id: &Self::Id, at: Instant) -> Option<Interval> {
        Self::kept(team, id)?.1.stretch_at(at)
    }

    /// Puts into a message what only the server states.
    fn stamp(message: Self::Message, stamp: Stamp) -> Self::Message;

    /// Returns a message with nothing but what is stated, to be compared with others.
    fn bare(message: Self::Message) -> Self::Message {
        Self::stamp(message, Stamp::none())
    }

    /// Returns the name and the etag in a message.
    fn identity(message: &Self::Message) -> (&str, &str);

    /// States one.
    fn state(draft: &mut Draft<'_>, stated: &Stated<'_, Self>, wrong: &mut Fields) -> Result<(), Refusal>;

    /// Ends one.
    fn end(draft: &mut Draft<'_>, id: &Self::Id, dated: Dated) -> Result<(), Refusal>;
}

/// What a call states of an object.
pub struct Stated<'a, K: Kind + ?Sized> {
    /// The object.
    pub id: &'a K::Id,
    /// What it is to be.
    pub message: &'a K::Message,
    /// From when, and what that may overwrite.
    pub dated: Dated,
    /// The team.
    pub team: &'a TeamId,
    /// The team's zone at that time.
    pub zone: ZoneName,
    /// What of it changes; `None` where it is new.
    pub mask: Option<&'a Mask<K::Message>>,
}

/// The objects of one kind.
pub struct Objects<K> {
    pub(super) desk: Desk,
    kind: std::marker::PhantomData<fn() -> K>,
}

/// A team and what is named in it.
type Address<K> = (TeamId, <K as Kind>::Id);

impl<K> Clone for Objects<K> {
    fn clone(&self) -> Self {
        Self { desk: self.desk.clone(), kind: self.kind }
    }
}

impl<K: Kind> Objects<K> {
    /// Returns the objects in `desk`.
    pub fn new(desk: Desk) -> Self {
        Self { desk, kind: std::marker::PhantomData }
    }

    /// Returns the desk.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Makes an object; `address` is `None` where it could not be read, which `call` then says.
    pub async fn create(
        &self,
        call: Call,
        address: Option<Address<K>>,
        given: Option<K::Message>,
    ) -> Result<K::Message, Refusal> {
        let Call { mut wrong, dated, request } = call;
        let given = required(K::FIELD, given, &mut wrong);
        let told = wrong.into_list();
        let Some((team, id)) = address else { return Err(Refusal::Invalid(told)) };
        let (rules, hint) = (Arc::clone(self.desk.rules()), self.team_hint(&team));
        let object = id.clone();
        let make = move |team: &TeamSnapshot, change: Change, told: &[Violation]| {
            require_team::<K>(team, change.time, &hint)?;
            let at = dated.effective.unwrap_or(change.time);
            if K::kept(team, &object).is_some_and(|(_, versions)| versions.goes_on(at)) {
                return Err(Refusal::Exists { name: K::name(&team.id, &object) });
            }
            let zone = team_zone(team, at);
            let stated: Stated<'_, K> =
                Stated { id: &object, message: &given, dated, team: &team.id, zone, mask: None };
            conclude(Draft::new(team, change, &rules), &stated, told)
        };
        let changed =
            self.desk.change(team.clone(), request, move |team, change| or_told(make(team, change, &told), &told));
        answer::<K>(&team, &id, &changed.await?, dated.effective)
    }

    /// Changes an object.
    pub async fn update(
        &self,
        call: Call,
        given: Option<K::Message>,
        mask: Option<FieldMask>,
    ) -> Result<K::Message, Refusal> {
        let Call { mut wrong, dated, request } = call;
        let address = given.as_ref().map(|given| K::read_name(&format!("{}.name", K::FIELD), K::identity(given).0));
        let address = address.and_then(|address| wrong.take(address));
        let given = required(K::FIELD, given, &mut wrong);
        let mask = Mask::read(K::FIELDS, mask.as_ref(), &given, &mut wrong);
        let told = wrong.into_list();
        let Some((team, id)) = address else { return Err(Refusal::Invalid(told)) };
        let (rules, hint) = (Arc::clone(self.desk.rules()), self.team_hint(&team));
        let object = id.clone();
        let make = move |team: &TeamSnapshot, change: Change, told: &[Violation]| {
            require_team::<K>(team, change.time, &hint)?;
            let at = dated.effective.unwrap_or(change.time);
            let (meta, _) = in_effect::<K>(team, &object, at, &hint)?;
            check_etag(K::identity(&given).1, meta, || K::name(&team.id, &object))?;
            let mut message = K::view(team, &object, at).unwrap_or_default();
            mask.apply(&mut message, &given);
            let zone = team_zone(team, at);
            let stated: Stated<'_, K> =
                Stated { id: &object, message: &message, dated, team: &team.id, zone, mask: Some(&mask) };
            match mask.is_empty() && told.is_empty() {
                true => Ok(ChangeSet::default()),
                false => conclude(Draft::new(team, change, &rules), &stated, told),
            }
        };
        let changed =
            self.desk.change(team.clone(), request, move |team, change| or_told(make(team, change, &told), &told));
        answer::<K>(&team, &id, &changed.await?, dated.effective)
    }

    /// Ends an object; `end` says what else ends with it, or stands in the way.
    pub async fn delete<F>(&self, call: Call, name: &str, etag: String, end: F) -> Result<K::Message, Refusal>
    where
        F: Fn(&mut Draft<'_>, &K::Id, Dated) -> Result<(), Refusal> + Send + Sync + 'static,
    {
        let Call { mut wrong, dated, request } = call;
        let address = wrong.take(K::read_name("name", name));
        let told = wrong.into_list();
        let Some((team, id)) = address else { return Err(Refusal::Invalid(told)) };
        let (rules, hint) = (Arc::clone(self.desk.rules()), self.team_hint(&team));
        let object = id.clone();
        let make = move |team: &TeamSnapshot, change: Change, told: &[Violation]| {
            require_team::<K>(team, change.time, &hint)?;
            let at = dated.effective.unwrap_or(change.time);
            let (meta, _) = in_effect::<K>(team, &object, at, &hint)?;
            check_etag(&etag, meta, || K::name(&team.id, &object))?;
            if !told.is_empty() {
                return Err(Refusal::Invalid(told.to_vec()));
            }
            let mut draft = Draft::new(team, change, &rules);
            end(&mut draft, &object, dated)?;
            draft.finish()
        };
        let changed =
            self.desk.change(team.clone(), request, move |team, change| or_told(make(team, change, &told), &told));
        let changed = changed.await?;
        let (before, after) = (changed.object_before(&K::key(&id)), changed.object(&K::key(&id)));
        let (before, after) = (alone(&team, before), alone(&team, after));
        let shown = shown_at_its_end::<K>(&before, &after, &id, dated.effective);
        shown.ok_or_else(|| Refusal::not_found(K::name(&team, &id)))
    }

    /// Returns an object as it is at `read_time`, or now.
    pub fn get(&self, name: &str, read_time: Option<&Timestamp>) -> Result<K::Message, Refusal> {
        let mut wrong = Fields::default();
        let address = wrong.take(K::read_name("name", name));
        let at = self.read_time(read_time, &mut wrong);
        let (team, id) = wrong.finish("name", address)?;
        let (state, hint) = (self.desk.state(&team)?, self.team_hint(&team));
        self.require_team_for_reading(&state.snapshot, at)?;
        in_effect::<K>(&state.snapshot, &id, at, &hint)?;
        let audience = self.desk.audience(&state.snapshot)?;
        K::seen(&state.snapshot, &id, at, &audience).ok_or_else(|| Refusal::not_found(name))
    }

    /// Returns a page of the objects of a team as they are at `read_time`, or now.
    pub fn list<M: Message>(
        &self,
        parent: &str,
        read_time: Option<&Timestamp>,
        part: (i32, &str),
        asked: &M,
    ) -> Result<Page<K::Message>, Refusal> {
        let mut wrong = Fields::default();
        let team = wrong.take(team_name("parent", parent));
        let paging = Paging::read(part, asked, &mut wrong);
        let at = self.read_time(read_time, &mut wrong);
        let state = self.desk.state(&wrong.finish("parent", team)?)?;
        let (team, audience) = (&state.snapshot, self.desk.audience(&state.snapshot)?);
        self.require_team_for_reading(team, at)?;
        let there =
            K::ids(team).into_iter().filter_map(|id| Some((id.to_string(), K::seen(team, &id, at, &audience)?)));
        let found = paging.page(there, |(id, _)| id.clone());
        let items = found.items.into_iter().map(|(_, message)| message).collect();
        Ok(Page { items, next_page_token: found.next_page_token })
    }

    /// Reads for which instant is asked; now, where none is stated.
    pub fn read_time(&self, read_time: Option<&Timestamp>, wrong: &mut Fields) -> Instant {
        let stated = read_time.and_then(|at| wrong.take(instant("read_time", at)));
        stated.unwrap_or_else(|| self.desk.now())
    }

    /// What lies in a team that has ended can be read for the time when it had not.
    fn require_team_for_reading(&self, team: &TeamSnapshot, at: Instant) -> Result<(), Refusal> {
        let earlier = at.min(self.desk.now());
        require_team::<K>(team, earlier, &self.team_hint(&team.id))
    }

    /// Returns a hint at the team that was perhaps meant.
    pub(super) fn team_hint(&self, team: &TeamId) -> String {
        match self.desk.team(team) {
            Err(Refusal::NotFound { hint, .. }) => hint,
            _ => String::new(),
        }
    }
}

/// Returns the object as a change made it, as the first call was answered; where nothing changed, as it is.
pub(super) fn answer<K: Kind>(
    team: &TeamId,
    id: &K::Id,
    changed: &Changed,
    effective: Option<Instant>,
) -> Result<K::Message, Refusal> {
    let shown = match changed.object(&K::key(id)) {
        None => shown::<K>(&changed.state.snapshot, id, effective.unwrap_or(changed.time)),
        object => {
            let made = alone(team, object);
            let time = K::kept(&made, id).map(|(meta, _)| meta.update_time);
            effective.or(time).and_then(|at| shown::<K>(&made, id, at))
        }
    };
    shown.ok_or_else(|| Refusal::not_found(K::name(team, id)))
}

/// Reads the id of what is to be made.
pub fn new_id<T>(
    field: &str,
    id: &str,
    new: impl Fn(&str) -> Result<T, crate::id::InvalidId>,
    wrong: &mut Fields,
) -> Option<T> {
    if id.is_empty() {
        wrong.add(field, "is missing");
        return None;
    }
    wrong.parse(field, new(id))
}

fn required<M: Default>(field: &str, given: Option<M>, wrong: &mut Fields) -> M {
    given.unwrap_or_else(|| {
        wrong.add(field, "is missing");
        M::default()
    })
}

/// A team that has nothing but `object`.
pub(super) fn alone(team: &TeamId, object: Option<&Object>) -> TeamSnapshot {
    let mut snapshot = TeamSnapshot::empty(team.clone());
    if let Some(object) = object {
        snapshot.put(object.clone());
    }
    snapshot
}

/// The team's zone at `at`, or the nearest that it has.
pub fn team_zone(team: &TeamSnapshot, at: Instant) -> ZoneName {
    let versions = team.team.as_ref().map(|team| &team.versions);
    let settings = versions.and_then(|versions| {
        let other = || versions.list().iter().find_map(|version| version.value.as_ref());
        versions.at(at).map(|(_, settings)| settings).or_else(other)
    });
    settings.map_or_else(|| ZoneName::new("UTC"), |settings| settings.zone.clone())
}

/// Refuses where the team in which the object lies is neither in effect nor planned; `hint` is for an unknown one.
pub(super) fn require_team<K: Kind>(team: &TeamSnapshot, at: Instant, hint: &str) -> Result<(), Refusal> {
    if !K::IN_TEAM || team.goes_on(at) {
        return Ok(());
    }
    let hint = if team.team.is_some() { format!(" at {at}; it has ended") } else { hint.to_owned() };
    Err(Refusal::NotFound { name: super::collection_name(&team.id), hint })
}

/// Returns an object that is in effect at `at`; `hint` is for an unknown team.
fn in_effect<'a, K: Kind>(
    team: &'a TeamSnapshot,
    id: &K::Id,
    at: Instant,
    hint: &str,
) -> Result<(&'a Meta, &'a Versions<K::Value>), Refusal> {
    let kept = K::kept(team, id);
    if let Some(found) = kept.filter(|(_, versions)| versions.at(at).is_some()) {
        return Ok(found);
    }
    let hint = match kept {
        None if K::IN_TEAM => suggestion(&id.to_string(), K::ids(team)),
        None => hint.to_owned(),
        Some((_, versions)) => {
            match versions.list().iter().find(|version| version.from > at && version.value.is_some()) {
                Some(later) => format!(" at {at}; it is in effect from {} on", later.from),
                None => format!(" at {at}; it has ended"),
            }
        }
    };
    Err(Refusal::NotFound { name: K::name(&team.id, id), hint })
}

/// What was told before comes first; anything else than fields is told once these are right.
fn or_told(made: Result<ChangeSet, Refusal>, told: &[Violation]) -> Result<ChangeSet, Refusal> {
    match made {
        Err(Refusal::Invalid(violations)) => Err(Refusal::Invalid(violations)),
        _ if !told.is_empty() => Err(Refusal::Invalid(told.to_vec())),
        made => made,
    }
}

/// Makes the change set of what is stated, or tells everything that is wrong with it, and `told` first.
fn conclude<K: Kind>(mut draft: Draft<'_>, stated: &Stated<'_, K>, told: &[Violation]) -> Result<ChangeSet, Refusal> {
    let mut unread = Fields::default();
    let outcome = K::state(&mut draft, stated, &mut unread);
    let mut wrong = Fields::default();
    for Violation { field, reason } in told.iter().cloned() {
        wrong.add(field, reason);
    }
    for Violation { field, reason } in unread.into_list() {
        wrong.add(in_request::<K>(&field, &[]), reason);
    }
    let changes = settle(wrong, draft, |path| in_request::<K>(path, K::RENAMED))?;
    outcome.map(|()| changes)
}

/// The path in the request of a field of the object.
fn in_request<K: Kind>(path: &str, renamed: &[(&str, &str)]) -> String {
    let path = renamed_path(path, renamed);
    let joint = if path.is_empty() { "" } else { "." };
    format!("{}{joint}{path}", K::FIELD)
}

/// Gives every part of a path of the model the name that the message has for it.
fn renamed_path(path: &str, renamed: &[(&str, &str)]) -> String {
    let mut plain = String::new();
    let rename = |part: &str| {
        let (name, index) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !plain.is_empty() {
            plain.push('.');
        }
        plain.push_str(name);
        let name = renamed.iter().find(|(old, _)| *old == plain).map_or(name, |(_, new)| new);
        format!("{name}{index}")
    };
    path.split('.').map(rename).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_model_become_those_of_the_message() {
        let renamed = [("requirements.windows", "windows.windows"), ("requirements.first", "first_date")];
        let path = |path: &str| renamed_path(path, &renamed);
        assert_eq!(path("requirements[2].windows[1].weekdays"), "requirements[2].windows.windows[1].weekdays");
        assert_eq!(path("requirements[0].first"), "requirements[0].first_date");
        assert_eq!(path("layers[0].windows.windows[1]"), "layers[0].windows.windows[1]");
        assert_eq!(path(""), "");
    }
}
