//! The rosters as one caller may use them in one call: nothing is read or changed past this (semantics 8).

use std::sync::{Arc, Mutex, PoisonError};

use super::{Change, Changed, Refusal, Request, Rosters, TeamState};
use crate::access::{Audience, Authority, Denial, Identity, Need, Visit, is_own};
use crate::civil::{Instant, ZoneRules};
use crate::model::{Grant, Object, ObjectKey, ResidentId, Role, SwapOutcome, TeamId, TeamSnapshot};
use crate::store::{ChangeSet, Fingerprint, LogEntry};

/// The rosters, as one caller may use them in a call of one method.
///
/// Cheap to clone. A desk at which nobody was let in refuses everything.
#[derive(Clone)]
pub struct Desk {
    rosters: Rosters,
    visitor: Option<(Arc<Identity>, Need)>,
    /// Where a change is put that is only looked at.
    preview: Option<Arc<Mutex<Option<Changed>>>>,
}

impl Desk {
    /// Returns the desk before anybody is let in.
    #[must_use]
    pub fn closed(rosters: Rosters) -> Self {
        Self { rosters, visitor: None, preview: None }
    }

    /// Returns the desk for `caller` in a call that needs `need`.
    #[must_use]
    pub fn open(rosters: Rosters, caller: Arc<Identity>, need: Need) -> Self {
        Self { rosters, visitor: Some((caller, need)), preview: None }
    }

    /// Returns the desk for one call; where nobody was let in, the desk as it is.
    #[must_use]
    pub fn attending(&self, visit: Option<&Visit>) -> Self {
        let visitor = visit.map(|visit| (Arc::clone(&visit.caller), visit.need));
        Self { visitor: visitor.or_else(|| self.visitor.clone()), ..self.clone() }
    }

    /// Returns the same desk for one call that is to change nothing, whatever it asks.
    #[must_use]
    pub fn previewing(&self) -> Self {
        Self { preview: Some(Arc::default()), ..self.clone() }
    }

    /// Returns what the call at a desk of [`Desk::previewing`] would have changed; `None` before it has come that far.
    #[must_use]
    pub fn previewed(&self) -> Option<Changed> {
        self.preview.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns who calls; nobody, where nobody was let in.
    #[must_use]
    pub fn caller(&self) -> Arc<Identity> {
        match &self.visitor {
            Some((caller, _)) => Arc::clone(caller),
            None => Arc::new(Identity::nobody()),
        }
    }

    /// Returns the zone rules that every answer is computed with.
    #[must_use]
    pub fn rules(&self) -> &Arc<ZoneRules> {
        self.rosters.rules()
    }

    /// Returns the present instant.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.rosters.now()
    }

    /// Returns for whom answers about `team` are made.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] where the caller may not make this call about that team.
    pub fn audience(&self, team: &TeamSnapshot) -> Result<Audience, Refusal> {
        let (caller, need) = self.visitor.as_ref().ok_or(Refusal::Denied(Denial::Unknown))?;
        caller.authority.admitted(*need, team, self.now()).map_err(Refusal::Denied)
    }

    /// Returns a team that is in effect now or planned.
    ///
    /// # Errors
    ///
    /// As [`Desk::audience`]; and [`Refusal::NotFound`], with the nearest name, to whoever may know which teams there
    /// are.
    pub fn team(&self, team: &TeamId) -> Result<Arc<TeamState>, Refusal> {
        self.audience(&self.rosters.state(team).snapshot)?;
        self.rosters.team(team)
    }

    /// Returns a team, also one that has ended; one that was never made has no settings.
    ///
    /// # Errors
    ///
    /// As [`Desk::audience`].
    pub fn state(&self, team: &TeamId) -> Result<Arc<TeamState>, Refusal> {
        let state = self.rosters.state(team);
        self.audience(&state.snapshot).map(|_| state)
    }

    /// Returns every team that the caller may ask about and that is in effect now or planned, by id.
    #[must_use]
    pub fn teams(&self) -> Vec<Arc<TeamState>> {
        let now = self.now();
        self.all_teams().into_iter().filter(|state| state.snapshot.goes_on(now)).collect()
    }

    /// Returns every team that the caller may ask about, by id, those that have ended too.
    #[must_use]
    pub fn all_teams(&self) -> Vec<Arc<TeamState>> {
        let teams = self.rosters.all_teams().into_iter();
        teams.filter(|state| self.audience(&state.snapshot).is_ok()).collect()
    }

    /// Tells whether the caller may let somebody else in as `grant` says: into a team of theirs, or as anything where
    /// they are the administrator.
    ///
    /// # Errors
    ///
    /// [`Refusal::Denied`] where they may not; [`Refusal::NotFound`] where there is no such team or resident.
    pub fn may_grant(&self, grant: &Grant) -> Result<(), Refusal> {
        let caller = self.caller();
        let Grant::Team(team, role) = grant else {
            return match caller.authority {
                Authority::Admin => Ok(()),
                Authority::Nobody => Err(Refusal::Denied(Denial::Unknown)),
                Authority::Team(..) => Err(Refusal::Denied(Denial::Forbidden)),
            };
        };
        let snapshot = &self.rosters.state(team).snapshot;
        caller.authority.admitted(Need::Coordinator, snapshot, self.now()).map_err(Refusal::Denied)?;
        let state = self.rosters.team(team)?;
        if let Role::Resident(id) = role {
            let residents = &state.snapshot.residents;
            if !residents.get(id).is_some_and(|resident| resident.versions.goes_on(self.now())) {
                let hint = crate::model::validate::suggestion(id.as_str(), residents.keys());
                return Err(Refusal::NotFound { name: format!("teams/{team}/residents/{id}"), hint });
            }
        }
        Ok(())
    }

    /// Returns at most `limit` entries of a team's log, in order, from revision `from` on; what is told of them depends
    /// on the audience.
    ///
    /// # Errors
    ///
    /// As [`Desk::audience`]; and a store that cannot.
    pub async fn log(&self, team: &TeamId, from: u64, limit: usize) -> Result<Vec<LogEntry>, Refusal> {
        self.audience(&self.rosters.state(team).snapshot)?;
        Ok(self.rosters.store().log(team, from, limit).await?)
    }

    /// Returns a team as the change of `revision` left it, less its private parts where there were later ones: the log
    /// does not have them.
    ///
    /// # Errors
    ///
    /// As [`Desk::log`].
    pub async fn as_of(&self, team: &TeamId, revision: u64) -> Result<TeamSnapshot, Refusal> {
        self.audience(&self.rosters.state(team).snapshot)?;
        let mut then = self.rosters.as_of(team, revision).await?;
        if self.rosters.state(team).snapshot.revision != revision {
            then.time_off_private.clear();
        }
        Ok(then)
    }

    /// Tells whether the caller may know of tokens for `grant` and revoke them, also where the team or the resident is
    /// gone.
    #[must_use]
    pub fn administers(&self, grant: &Grant) -> bool {
        match (&self.caller().authority, grant) {
            (Authority::Admin, _) => true,
            (Authority::Team(own, Role::Coordinator), Grant::Team(team, _)) => own == team,
            _ => false,
        }
    }

    /// Makes a change, as [`Rosters::change`] does, where the caller may: a resident may change what is theirs.
    ///
    /// The log gets the caller's name, and that of the resident on whose behalf somebody else acts.
    ///
    /// # Errors
    ///
    /// As [`Rosters::change`]; and [`Refusal::Denied`].
    pub async fn change<F>(&self, team: TeamId, request: Request, make: F) -> Result<Changed, Refusal>
    where
        F: Fn(&TeamSnapshot, Change) -> Result<ChangeSet, Refusal> + Send + Sync + 'static,
    {
        self.audience(&self.rosters.state(&team).snapshot)?;
        if team == TeamId::server() {
            return Err(Refusal::field("team", format!("'{team}' is the server's own; choose another id")));
        }
        let (desk, caller) = (self.clone(), self.caller());
        let mut request = request;
        request.caller = Identity::clone(&caller);
        request.validate_only |= self.preview.is_some();
        // An answer is given again to the one who got it, and to nobody else.
        let whose = [request.fingerprint.0.as_slice(), format!("{:?} {:?}", caller.authority, caller.token).as_bytes()]
            .concat();
        request.fingerprint = Fingerprint::of(&whose);
        let make = move |team: &TeamSnapshot, change: Change| {
            // What one may do may have changed since the call began.
            let audience = desk.audience(team)?;
            let changes = make(team, change)?;
            let makes_team = changes.iter().any(|(key, _)| *key == ObjectKey::Team) && !team.goes_on(change.time);
            match &audience {
                // Also one that the administrator has ended.
                Audience::Coordinator if makes_team && desk.caller().authority != Authority::Admin => {
                    Err(Refusal::Denied(Denial::Forbidden))
                }
                Audience::Coordinator => Ok(changes),
                Audience::Resident(own) if changes.iter().all(|(key, after)| is_own(own, team, key, after)) => {
                    Ok(changes)
                }
                Audience::Resident(_) | Audience::Viewer | Audience::Public => Err(Refusal::Denied(Denial::Forbidden)),
            }
        };
        let changed = self.rosters.change(team, request, make).await?;
        if let Some(preview) = &self.preview {
            *preview.lock().unwrap_or_else(PoisonError::into_inner) = Some(changed.clone());
        }
        Ok(changed)
    }
}

/// Returns the one resident whose time off, cover or task a change is about; `None` where it is about anything else.
pub(super) fn concerned<'a>(
    changes: impl Iterator<Item = (&'a ObjectKey, Option<&'a Object>)>,
    before: &'a TeamSnapshot,
) -> Option<ResidentId> {
    let mut found: Option<ResidentId> = None;
    for (key, after) in changes {
        let resident = match (key, after) {
            (ObjectKey::TimeOff(_), Some(Object::TimeOff(_, entry))) => &entry.value.resident,
            (ObjectKey::TimeOff(id), _) => &before.time_off.get(id)?.value.resident,
            // Of one that is made with its entry, the entry says whose it is.
            (ObjectKey::TimeOffPrivate(id), _) => match before.time_off.get(id) {
                Some(entry) => &entry.value.resident,
                None => continue,
            },
            // What comes of a swap is part of the answer to it.
            (ObjectKey::Override(id), Some(Object::Override(_, entry)))
                if entry.value.swap.is_some() && !before.overrides.contains_key(id) =>
            {
                continue;
            }
            (ObjectKey::Swap(_), Some(Object::Swap(_, entry))) => match entry.value.answer.as_ref() {
                None => &entry.value.asked_by,
                Some(answer) => match &answer.outcome {
                    SwapOutcome::Accepted { by, .. } => by,
                    SwapOutcome::Declined => entry.value.asks.as_ref()?,
                    SwapOutcome::Withdrawn => &entry.value.asked_by,
                },
            },
            (ObjectKey::Override(_), Some(Object::Override(_, entry))) => {
                entry.value.form.by().or(entry.value.form.owner())?
            }
            (ObjectKey::Override(id), _) => {
                let form = &before.overrides.get(id)?.value.form;
                form.by().or(form.owner())?
            }
            _ => return None,
        };
        match &found {
            Some(other) if other != resident => return None,
            _ => found = Some(resident.clone()),
        }
    }
    found
}
