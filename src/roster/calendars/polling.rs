//! Reading calendars again and again, as the server itself.

use std::sync::Arc;

use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Calendars, Fetched, Reason, Unreachable};
use crate::access::Identity;
use crate::civil::Instant;
use crate::clock::Clock;
use crate::model::{Calendar, CalendarFailure, CalendarId, CalendarState, Entered, TeamSnapshot};
use crate::roster::imports::{Import, Unusable};
use crate::roster::{Change, Changed, Refusal, Request};
use crate::store::Fingerprint;

/// How long nothing is looked at, at most, in seconds: so long a calendar waits that is new to this server.
const IDLE_SECONDS: i64 = 300;

/// What came of looking at a calendar.
#[derive(Debug)]
pub enum Look {
    /// It says what it said.
    Unchanged,
    /// It was read, and what it says was entered.
    Read(Box<(Arc<Import>, Changed)>),
}

impl Calendars {
    /// Reads each calendar when its time has come, by `clock`. It never ends by itself.
    pub async fn keep_reading(self, clock: Arc<dyn Clock>) {
        let mut looks = JoinSet::new();
        loop {
            let now = clock.now();
            let mut next = now.plus(IDLE_SECONDS);
            for (id, entry) in self.all() {
                let (_, due) = self.looks(&id, &entry);
                if due > now {
                    next = next.min(due);
                } else if self.begin(&id, &entry) {
                    let calendars = self.clone();
                    looks.spawn(async move { calendars.look_unasked(&id, &entry).await });
                }
            }
            // What was looked at has another time then.
            tokio::select! {
                Some(_) = looks.join_next() => {}
                () = clock.wait_until(next) => {}
            }
        }
    }

    /// Looks at a calendar because its time has come; one whose resident has left is not kept.
    async fn look_unasked(&self, id: &CalendarId, entry: &Entered<Calendar>) {
        let team = &entry.value.team;
        let outcome = match self.stands(entry) {
            true => self.look_now(id, entry, Reason::Time).await.map(drop),
            false => self.delete(&Identity::server(), id, false).await,
        };
        match outcome {
            // Why it cannot be read is known, and when it is tried again; or it is gone.
            Ok(()) | Err(Refusal::Precondition { .. } | Refusal::NotFound { .. } | Refusal::Busy(_)) => {}
            Err(error) => {
                self.failed(id, &Unreachable::Unusable(Unusable(error.to_string())));
                tracing::warn!(calendar = %id, %team, %error, "what a calendar says could not be entered");
            }
        }
    }

    /// Looks at a calendar because somebody asks, and enters what it says.
    ///
    /// # Errors
    ///
    /// [`Refusal::Precondition`] with why it cannot be read, which is also written down, or where somebody has looked a
    /// moment ago; [`Refusal::NotFound`] where it was removed meanwhile; [`Refusal::Busy`]; what the store refuses.
    pub async fn look(&self, id: &CalendarId, entry: &Entered<Calendar>) -> Result<Look, Refusal> {
        if !self.begin(id, entry) {
            let description = "it was looked at less than a minute ago; wait a minute".to_owned();
            let subject = full_name(id, entry);
            return Err(Refusal::Precondition { reason: "CALENDAR_JUST_READ", subject, description });
        }
        self.look_now(id, entry, Reason::Asked).await
    }

    async fn look_now(&self, id: &CalendarId, entry: &Entered<Calendar>, reason: Reason) -> Result<Look, Refusal> {
        let (calendar, now) = (&entry.value, self.rosters.now());
        match self.fetch(calendar, reason).await {
            Ok(None) => {
                if calendar.state.failure.is_some() {
                    self.note(id, CalendarState { failure: None, ..calendar.state.clone() }).await?;
                }
                self.succeeded(id);
                Ok(Look::Unchanged)
            }
            Ok(Some(Fetched { import, state })) => {
                let import = Arc::new(import);
                let changed = match self.enter(id, entry, &import).await {
                    Err(refusal @ Refusal::Invalid(_)) => {
                        return self.cannot(id, entry, Unreachable::Unusable(Unusable(refusal.to_string()))).await;
                    }
                    other => other?,
                };
                // First what the next look goes by: once it is told when this one was, that is kept.
                if tells_more(&state, &calendar.state, now) {
                    self.note(id, state).await?;
                }
                self.succeeded(id);
                Ok(Look::Read(Box::new((import, changed))))
            }
            Err(Unreachable::Busy(why)) => {
                self.failed(id, &Unreachable::Busy(why));
                Err(Refusal::Busy(why))
            }
            Err(why) => self.cannot(id, entry, why).await,
        }
    }

    /// Writes down why a calendar cannot be read, where that is new, and refuses.
    async fn cannot(&self, id: &CalendarId, entry: &Entered<Calendar>, why: Unreachable) -> Result<Look, Refusal> {
        self.failed(id, &why);
        let (calendar, reason) = (&entry.value, why.to_string());
        let known = calendar.state.failure.as_ref();
        if known.is_none_or(|failure| failure.reason != reason) {
            let since = known.map_or(self.rosters.now(), |failure| failure.since);
            let failure = Some(CalendarFailure { since, reason: reason.clone() });
            self.note(id, CalendarState { failure, ..calendar.state.clone() }).await?;
            tracing::info!(calendar = %id, team = %calendar.team, %reason, "a calendar cannot be read");
        }
        let subject = full_name(id, entry);
        Err(Refusal::Precondition { reason: "CALENDAR_UNREACHABLE", subject, description: reason })
    }

    /// Enters what a calendar says, as the server itself, if it is still there: it may have been removed, or its resident
    /// may have left, while it was fetched.
    async fn enter(
        &self,
        id: &CalendarId,
        entry: &Entered<Calendar>,
        import: &Arc<Import>,
    ) -> Result<Changed, Refusal> {
        let request = Request {
            caller: Identity::server(),
            id: Uuid::new_v4(),
            id_given: false,
            fingerprint: Fingerprint::of(&[]),
            title: "read a calendar".to_owned(),
            validate_only: false,
        };
        let (rules, stated) = (Arc::clone(self.rosters.rules()), Arc::clone(import));
        let (calendars, object, entry) = (self.clone(), id.clone(), entry.clone());
        let make = move |team: &TeamSnapshot, change: Change| {
            let there = calendars.get(&object).is_some_and(|kept| kept.meta.created == entry.meta.created);
            if !there || !calendars.stands(&entry) {
                return Err(Refusal::not_found(full_name(&object, &entry)));
            }
            stated.changes(team, change, &rules)
        };
        self.rosters.change(import.team.clone(), request, make).await
    }
}

/// Tells whether a state has to be written down: it would be, with each reading, of calendars without validators.
fn tells_more(state: &CalendarState, known: &CalendarState, now: Instant) -> bool {
    let old = known.read.is_none_or(|read| now.since(read) >= super::WHOLE_SECONDS);
    old || known.failure.is_some() || (&state.etag, &state.last_modified) != (&known.etag, &known.last_modified)
}

fn full_name(id: &CalendarId, entry: &Entered<Calendar>) -> String {
    format!("teams/{}/calendars/{id}", entry.value.team)
}
