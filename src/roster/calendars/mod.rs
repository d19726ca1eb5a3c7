//! Subscribed calendars: residents' own, fetched from where they are and read as time off (semantics 7.5).
//!
//! They lie with the tokens and feeds, in the server's own team, so that reading one without news is no change of the
//! team that it is for. The log has nothing of them: their addresses are secrets.

mod plan;
mod polling;
mod turns;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::imports::{Import, ImportOf, Unusable};
use super::server_objects::{change, entered, updated};
use super::{Change, Refusal, Rosters, Tokens, drawn_id};
use crate::access::Identity;
use crate::civil::Instant;
use crate::model::{
    Calendar, CalendarId, CalendarState, Entered, Grant, Object, ObjectKey, Role, TeamId, TeamSnapshot,
};
use crate::outbound::{Ask, FetchError, Got, Outbound, WebAddress};
use crate::store::ChangeSet;
use plan::Next;
use turns::Turns;

pub use polling::Look;
pub use turns::Reason;

/// How many calendars one resident has at most.
const CALENDARS_MAX: usize = 10;
/// What is asked for.
const ACCEPT: &str = "text/calendar, */*;q=0.5";
/// After how long one is read whole again although it is unchanged, in seconds: the time that is read moves on, so that
/// recurring events have new instances.
const WHOLE_SECONDS: i64 = 20 * 3_600;

/// The subscribed calendars of a server. Cheap to clone; every clone is the same.
#[derive(Clone)]
pub struct Calendars {
    rosters: Rosters,
    tokens: Tokens,
    outbound: Arc<Outbound>,
    /// How long from one reading to the next, in seconds.
    every: i64,
    plans: Arc<Mutex<BTreeMap<CalendarId, Next>>>,
    turns: Arc<Turns>,
    /// Since when this server looks after them.
    start: Instant,
}

/// Why a calendar is not to be had.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unreachable {
    /// It was not fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It is not its turn.
    #[error("{0}; try again in a moment")]
    Busy(&'static str),
    /// What was fetched cannot be used.
    #[error("what is there cannot be used: {0}")]
    Unusable(Unusable),
}

/// A calendar as it was fetched.
#[derive(Debug)]
pub struct Fetched {
    /// What it says.
    pub import: Import,
    /// How it stands with it.
    pub state: CalendarState,
}

impl Calendars {
    /// Returns the calendars in `rosters`, of residents who are known by `tokens`, read every so many minutes.
    #[must_use]
    pub fn new(rosters: Rosters, tokens: Tokens, outbound: Outbound, every_minutes: u32) -> Self {
        let (plans, turns) = (Arc::default(), Arc::default());
        let (start, every) = (rosters.now(), i64::from(every_minutes) * 60);
        Self { rosters, tokens, outbound: Arc::new(outbound), every, plans, turns, start }
    }

    /// Returns every calendar that is kept, by id.
    #[must_use]
    pub fn all(&self) -> Vec<(CalendarId, Entered<Calendar>)> {
        let state = self.rosters.state(&TeamId::server());
        state.snapshot.calendars.iter().map(|(id, entry)| (id.clone(), entry.clone())).collect()
    }

    /// Returns a calendar.
    #[must_use]
    pub fn get(&self, id: &CalendarId) -> Option<Entered<Calendar>> {
        self.rosters.state(&TeamId::server()).snapshot.calendars.get(id).cloned()
    }

    /// Reads an address, which is not shown again.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and the way out.
    pub fn address(&self, text: &str) -> Result<WebAddress, String> {
        self.outbound.address(text).map_err(|error| error.to_string())
    }

    /// Returns when a calendar was looked at last, whether it had changed or not, and when it will be next.
    #[must_use]
    pub fn looks(&self, id: &CalendarId, entry: &Entered<Calendar>) -> (Option<Instant>, Instant) {
        let planned = self.plans().get(id).copied();
        let checked = planned.and_then(|next| next.checked).max(entry.value.state.read);
        let due = planned.map_or_else(|| self.first_look(id, entry), |next| next.due);
        let begun = planned.and_then(|next| next.begun).map(|begun| begun.plus(plan::LOOK_SECONDS));
        (checked, begun.map_or(due, |earliest| due.max(earliest)))
    }

    /// Tells whether a calendar is read: its resident is with the team.
    #[must_use]
    pub fn stands(&self, entry: &Entered<Calendar>) -> bool {
        let grant = Grant::Team(entry.value.team.clone(), Role::Resident(entry.value.resident.clone()));
        let made = entry.meta.create_time;
        !entry.value.address.expose().is_empty() && self.tokens.stands(&grant, made, self.rosters.now())
    }

    /// Tells whether whoever began a call may still end it: what they showed is still good. Fetching takes its time.
    #[must_use]
    pub fn may_go_on(&self, by: &Identity) -> bool {
        by.token.as_ref().is_none_or(|id| self.tokens.still_good(id))
    }

    /// Keeps a new calendar, which was read just now; with `validate_only` it is refused as it would be, and not kept.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] where the resident has one of that name, or as many as anybody may have; what the store
    /// refuses.
    pub async fn create(
        &self,
        by: &Identity,
        calendar: Calendar,
        validate_only: bool,
    ) -> Result<(CalendarId, Entered<Calendar>), Refusal> {
        let server = self.rosters.state(&TeamId::server());
        let free = |text: &str| CalendarId::new(text).ok().filter(|id| !server.snapshot.calendars.contains_key(id));
        let id = drawn_id(&server.snapshot, "cal", Uuid::new_v4(), free).ok_or(Refusal::Contention)?;
        let (object, calendars) = (id.clone(), self.clone());
        let make = move |server: &TeamSnapshot, change: Change| {
            if !calendars.stands(&entered(calendar.clone(), change, 0)) {
                return Err(Refusal::field("calendar.resident", "is not with the team any more"));
            }
            let whose = |other: &Calendar| (other.team.clone(), other.resident.clone());
            let theirs = server.calendars.values().filter(|other| whose(&other.value) == whose(&calendar));
            let theirs: Vec<_> = theirs.collect();
            if theirs.iter().any(|other| other.value.name == calendar.name) {
                let reason = "is the name of another calendar of theirs; choose one, or delete that first";
                return Err(Refusal::field("calendar.display_name", reason));
            }
            if theirs.len() >= CALENDARS_MAX {
                let reason = format!("has {CALENDARS_MAX} calendars already; delete one that nobody uses");
                return Err(Refusal::field("calendar.resident", reason));
            }
            if server.calendars.contains_key(&object) {
                return Err(Refusal::Contention);
            }
            Ok(puts(object.clone(), entered(calendar.clone(), change, 0)))
        };
        let state = change(&self.rosters, by, "subscribe to a calendar", validate_only, make).await?;
        let entry = state.snapshot.calendars.get(&id).cloned().ok_or_else(|| gone(&id))?;
        if !validate_only {
            self.succeeded(&id);
        }
        Ok((id, entry))
    }

    /// Deletes a calendar, and with it its address. What it brought stays.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`]; what the store refuses.
    pub async fn delete(&self, by: &Identity, id: &CalendarId, validate_only: bool) -> Result<(), Refusal> {
        let object = id.clone();
        let make = move |server: &TeamSnapshot, _: Change| {
            server.calendars.get(&object).ok_or_else(|| gone(&object))?;
            let mut changes = ChangeSet::default();
            changes.remove(ObjectKey::Calendar(object.clone()));
            Ok(changes)
        };
        change(&self.rosters, by, "delete a calendar", validate_only, make).await?;
        if !validate_only {
            self.plans().remove(id);
        }
        Ok(())
    }

    /// Fetches and reads a calendar; nothing where it is as it was read last, by what its server says.
    ///
    /// # Errors
    ///
    /// [`Unreachable`] says why it is not to be had.
    pub async fn fetch(&self, calendar: &Calendar, reason: Reason) -> Result<Option<Fetched>, Unreachable> {
        let turn = self.turns.take(reason, &calendar.team, &calendar.resident).await;
        let _turn = turn.map_err(Unreachable::Busy)?;
        let now = self.rosters.now();
        let state = &calendar.state;
        let known = state.read.is_some_and(|read| (0..WHOLE_SECONDS).contains(&now.since(read)));
        let address = self.address(calendar.address.expose());
        let address = address.map_err(|reason| Unreachable::Unusable(Unusable(reason)))?;
        let ask = Ask {
            address: &address,
            accept: ACCEPT,
            etag: state.etag.as_deref().filter(|_| known),
            last_modified: state.last_modified.as_deref().filter(|_| known),
            bytes_max: crate::ical::import::BYTES_MAX,
        };
        let Got::Fetched { bytes, etag, last_modified } = self.outbound.get(&ask).await? else { return Ok(None) };
        let team = self.rosters.state(&calendar.team);
        let Calendar { resident, name, kind, wanted, .. } = calendar.clone();
        let of = ImportOf { resident, name, kind, wanted };
        let import = Import::read(bytes.into(), of, &team.snapshot, now, self.rosters.rules()).await;
        let import = import.map_err(|_| Unreachable::Busy("too many calendars are being read"))?;
        let import = import.map_err(Unreachable::Unusable)?;
        Ok(Some(Fetched { import, state: CalendarState { etag, last_modified, read: Some(now), failure: None } }))
    }

    /// Writes down how it stands with a calendar.
    ///
    /// # Errors
    ///
    /// What the store refuses.
    pub async fn note(&self, id: &CalendarId, state: CalendarState) -> Result<(), Refusal> {
        let object = id.clone();
        let make = move |server: &TeamSnapshot, change: Change| {
            let Some(held) = server.calendars.get(&object) else { return Ok(ChangeSet::default()) };
            let value = Calendar { state: state.clone(), ..held.value.clone() };
            Ok(puts(object.clone(), Entered { meta: updated(&held.meta, change), value }))
        };
        change(&self.rosters, &Identity::server(), "a calendar was read", false, make).await.map(drop)
    }

    fn plans(&self) -> MutexGuard<'_, BTreeMap<CalendarId, Next>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn gone(id: &CalendarId) -> Refusal {
    Refusal::not_found(format!("calendars/{id}"))
}

fn puts(id: CalendarId, calendar: Entered<Calendar>) -> ChangeSet {
    let mut changes = ChangeSet::default();
    changes.put(Object::Calendar(id, calendar));
    changes
}
