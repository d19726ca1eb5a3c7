//! Who calls, what they may do where, and what a call needs (semantics 8.1).

use std::sync::Arc;

use super::Audience;
use crate::civil::Instant;
use crate::model::{
    Grant, HandoffNote, Object, ObjectKey, Override, OverrideForm, ResidentId, Role, Swap, SwapId, SwapOutcome, Task,
    TeamId, TeamSnapshot, Token, TokenId,
};

/// What a caller may do, and where.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Authority {
    /// Nobody known: sees public teams.
    Nobody,
    /// A role in one team.
    Team(TeamId, Role),
    /// The server's administrator: a coordinator in every team, since whoever hands out tokens can have that one too.
    Admin,
}

impl From<Grant> for Authority {
    fn from(grant: Grant) -> Self {
        match grant {
            Grant::Admin => Self::Admin,
            Grant::Team(team, role) => Self::Team(team, role),
        }
    }
}

/// Who calls.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// How the log names them.
    pub name: String,
    /// What they may do.
    pub authority: Authority,
    /// The token that they showed, if they showed one.
    pub token: Option<TokenId>,
}

/// What a call needs; each call declares it where it is defined.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Need {
    /// Nothing.
    Anyone,
    /// That the team is public, or to be a viewer of it.
    Reader,
    /// To be a viewer of the team.
    Viewer,
    /// To be a resident of the team; what is changed has to be theirs.
    Resident,
    /// To be a coordinator of the team.
    Coordinator,
    /// To be the server's administrator.
    Admin,
}

/// One call, as the edge of the server lets it in: who calls, and what the method needs.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who calls.
    pub caller: Arc<Identity>,
    /// What the method needs.
    pub need: Need,
}

/// Why a call may not be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Denial {
    /// Nobody known calls; a token may help.
    Unknown,
    /// What the caller shows is no token, or none that is good any more.
    BadToken,
    /// The caller is known, and this is not theirs to do.
    Forbidden,
}

impl Identity {
    /// Returns the caller whom nobody knows.
    #[must_use]
    pub fn nobody() -> Self {
        Self { name: "nobody".to_owned(), authority: Authority::Nobody, token: None }
    }

    /// Returns the server itself.
    #[must_use]
    pub fn server() -> Self {
        Self { name: "ondutyd".to_owned(), authority: Authority::Admin, token: None }
    }

    /// Returns whoever shows a token: the log names them by the token's name and what it is for.
    #[must_use]
    pub fn of_token(id: TokenId, token: &Token) -> Self {
        let name = match &token.grant {
            Grant::Admin => format!("{} (admin)", token.name),
            Grant::Team(_, Role::Viewer) => format!("{} (viewer)", token.name),
            Grant::Team(_, Role::Coordinator) => format!("{} (coordinator)", token.name),
            Grant::Team(_, Role::Resident(resident)) => format!("{resident} ({})", token.name),
        };
        Self { name, authority: Authority::from(token.grant.clone()), token: Some(id) }
    }

    /// Returns which resident calls, if one does.
    #[must_use]
    pub fn resident(&self) -> Option<&ResidentId> {
        match &self.authority {
            Authority::Team(_, Role::Resident(id)) => Some(id),
            _ => None,
        }
    }
}

impl Authority {
    /// Returns for whom answers about `team` are made at `now`; `None` where none are.
    #[must_use]
    pub fn audience(&self, team: &TeamSnapshot, now: Instant) -> Option<Audience> {
        match self {
            Self::Admin => Some(Audience::Coordinator),
            Self::Team(own, role) if *own == team.id => Some(match role {
                Role::Viewer => Audience::Viewer,
                Role::Resident(id) => Audience::Resident(id.clone()),
                Role::Coordinator => Audience::Coordinator,
            }),
            Self::Team(..) | Self::Nobody => {
                let settings = team.team.as_ref().and_then(|team| team.versions.at(now));
                settings.is_some_and(|(_, settings)| settings.public).then_some(Audience::Public)
            }
        }
    }

    /// Returns for whom a call that needs `need` is answered.
    ///
    /// # Errors
    ///
    /// [`Denial`] where it is not: the same whether there is such a team or not.
    pub fn admitted(&self, need: Need, team: &TeamSnapshot, now: Instant) -> Result<Audience, Denial> {
        let denied = if *self == Self::Nobody { Denial::Unknown } else { Denial::Forbidden };
        let audience = self.audience(team, now).ok_or(denied)?;
        let enough = match need {
            Need::Anyone | Need::Reader => true,
            Need::Viewer => audience != Audience::Public,
            Need::Resident => audience.works_in_team(),
            Need::Coordinator => audience == Audience::Coordinator,
            Need::Admin => *self == Self::Admin,
        };
        if enough { Ok(audience) } else { Err(denied) }
    }
}

/// Tells whether a change of one object is the resident's own to make: their time off, tasks, cover and
/// handoff notes (semantics 8.1).
///
/// ```
/// use onduty::access::is_own;
/// use onduty::model::{ObjectKey, ResidentId, TeamId, TeamSnapshot};
///
/// let (team, asa) = (TeamSnapshot::empty(TeamId::new("psf").unwrap()), ResidentId::new("asa").unwrap());
/// assert!(!is_own(&asa, &team, &ObjectKey::Team, None));
/// ```
#[must_use]
pub fn is_own(resident: &ResidentId, team: &TeamSnapshot, key: &ObjectKey, after: Option<&Object>) -> bool {
    match key {
        ObjectKey::TimeOff(id) => {
            let before = team.time_off.get(id).is_none_or(|entry| entry.value.resident == *resident);
            let after = after
                .is_none_or(|object| matches!(object, Object::TimeOff(_, entry) if entry.value.resident == *resident));
            before && after
        }
        // It is kept with its entry, which the same change or an earlier one is about.
        ObjectKey::TimeOffPrivate(id) => team.time_off.get(id).is_none_or(|entry| entry.value.resident == *resident),
        ObjectKey::Override(id) => {
            let before = team.overrides.get(id).map(|entry| &entry.value);
            let after = after.and_then(|object| match object {
                Object::Override(_, entry) => Some(&entry.value),
                _ => None,
            });
            let own = |entry: &Override| is_own_cover(resident, &entry.form);
            let agreed = |entry: &Override| before.is_none() && is_of_own_answer(resident, team, entry);
            before.is_none_or(own) && after.is_none_or(|after| own(after) || agreed(after))
        }
        ObjectKey::Swap(id) => {
            let after = after.and_then(|object| match object {
                Object::Swap(_, entry) => Some(&entry.value),
                _ => None,
            });
            is_own_swap_change(resident, team.swaps.get(id).map(|entry| &entry.value), after)
        }
        ObjectKey::Task(id) => {
            let before = team.tasks.get(id).map(|entry| &entry.value);
            let after = after.and_then(|object| match object {
                Object::Task(_, entry) => Some(&entry.value),
                _ => None,
            });
            is_own_task_change(resident, before, after)
        }
        ObjectKey::HandoffNote(id) => {
            let theirs = |note: &HandoffNote| note.author.resident.as_ref() == Some(resident);
            let before = team.handoff_notes.get(id).is_none_or(|entry| theirs(&entry.value));
            let after =
                after.is_none_or(|object| matches!(object, Object::HandoffNote(_, entry) if theirs(&entry.value)));
            before && after
        }
        ObjectKey::Team
        | ObjectKey::Resident(_)
        | ObjectKey::Duty(_)
        | ObjectKey::HolidaySet(_)
        | ObjectKey::Acceptance(_)
        | ObjectKey::Token(_)
        | ObjectKey::Feed(_)
        | ObjectKey::Calendar(_)
        | ObjectKey::IdentityKey => false,
    }
}

/// Tells whether an override is the resident's own: covering is, and so is going off duty; putting somebody else on duty
/// is not.
#[must_use]
pub fn is_own_cover(resident: &ResidentId, form: &OverrideForm) -> bool {
    match form.by() {
        Some(by) => by == resident,
        None => form.owner() == Some(resident),
    }
}

/// Tells whether a swap is the resident's own to accept: one that nobody has answered, and that asks them or anybody else.
#[must_use]
pub fn is_asked(resident: &ResidentId, swap: &Swap) -> bool {
    swap.answer.is_none() && swap.asked_by != *resident && swap.asks.as_ref().is_none_or(|asked| asked == resident)
}

/// Tells whether an override comes of the resident's own answer to a swap: who is put on duty or taken off by it has
/// asked for that, or answers.
fn is_of_own_answer(resident: &ResidentId, team: &TeamSnapshot, entry: &Override) -> bool {
    let swap = |id: &SwapId| team.swaps.get(id).map(|swap| &swap.value);
    entry.swap.as_ref().and_then(swap).is_some_and(|swap| {
        let placed = entry.form.by().or(entry.form.owner());
        is_asked(resident, swap) && (placed == Some(resident) || placed == Some(&swap.asked_by))
    })
}

/// Tells whether a change of a swap is the resident's own: to ask for themselves, to accept or decline what asks them, to
/// accept what asks anybody, and to withdraw what they asked.
#[must_use]
pub fn is_own_swap_change(resident: &ResidentId, before: Option<&Swap>, after: Option<&Swap>) -> bool {
    let Some(after) = after else { return false };
    let Some(before) = before else { return after.asked_by == *resident && after.answer.is_none() };
    let unchanged = Swap { answer: after.answer.clone(), ..before.clone() } == *after;
    let outcome = after.answer.as_ref().map(|answer| &answer.outcome);
    unchanged
        && before.answer.is_none()
        && outcome.is_some_and(|outcome| match outcome {
            SwapOutcome::Accepted { by, .. } => by == resident && is_asked(resident, before),
            SwapOutcome::Declined => before.asks.as_ref() == Some(resident),
            SwapOutcome::Withdrawn => before.asked_by == *resident,
        })
}

/// Tells whether a change of a task is the resident's own: of one that they have or are the deputy of, which they may
/// give to somebody else; of one that nobody has, which they may take; to make one for themselves or for nobody; and to
/// say something about any.
#[must_use]
pub fn is_own_task_change(resident: &ResidentId, before: Option<&Task>, after: Option<&Task>) -> bool {
    let nobodys = |task: &Task| task.assignee.is_none() && task.deputy.is_none();
    let has = |task: &Task| task.assignee.as_ref() == Some(resident);
    let deputizes = |task: &Task| task.deputy.as_ref() == Some(resident);
    match (before, after) {
        (Some(before), _) if has(before) || deputizes(before) => true,
        (Some(before), Some(after)) if before.is_commented_by(after, resident) => true,
        (Some(before), after) => nobodys(before) && after.is_none_or(|after| has(after) || nobodys(after)),
        (None, after) => after.is_none_or(|after| has(after) || nobodys(after)),
    }
}
