//! `SwapService`: shifts that are asked to be covered, or exchanged.

mod asking;

use uuid::Uuid;

use self::asking::Asking;
use super::convert::swap::{conflict, state, swap};
use super::convert::time::whole_instant;
use super::entry::{self, Answer, Read, Stating, Wanted, serve, settle};
use super::names::{Name, references};
use super::paging::{Paging, list_key};
use super::read_context;
use super::request::{Fields, request};
use crate::access::Audience;
use crate::civil::{Instant, Interval};
use crate::engine::{SwapStanding, VoidReason, Weight, swap_conflicts, swap_overrides, swap_standing};
use crate::model::validate::missing_skills;
use crate::model::{
    DutyId, Entered, Origin, Override, OverrideId, ResidentId, ShiftId, Swap, SwapAnswer, SwapId, SwapOutcome,
    SwapPart, TeamSnapshot,
};
use crate::proto::v1;
use crate::proto::v1::swap_service_server::SwapService;
use crate::roster::{ChangeSet, Desk, Refusal, Request, drawn_id};

/// Asks for, tells and answers swaps.
#[derive(Clone)]
pub struct Swaps {
    pub(super) desk: Desk,
}

/// Who answers a swap, and how.
#[derive(Clone)]
struct Acceptance {
    /// The resident who is named in the request.
    resident: String,
    force: bool,
    actor: String,
    /// What the ids of its overrides are drawn from.
    seed: Uuid,
}

impl Swaps {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    async fn create(&self, asked: v1::CreateSwapRequest) -> Result<v1::Swap, Refusal> {
        let bare = v1::CreateSwapRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "ask for a swap".to_owned(), asked.validate_only);
        let wanted = Wanted { field: "swap_id", text: asked.swap_id };
        let message = asked.swap.unwrap_or_default();
        let made = entry::create(&self.desk, &asked.parent, wanted, request, move |stating| ask(stating, &message));
        let made = made.await?;
        self.view(&made.read, &made.id, &made.entry)
    }

    fn get(&self, asked: v1::GetSwapRequest) -> Result<v1::Swap, Refusal> {
        let (read, id, entry) = entry::get::<Swap>(&self.desk, &asked.name)?;
        self.view(&read, &id, &entry)
    }

    fn list(&self, asked: v1::ListSwapsRequest) -> Result<v1::ListSwapsResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let named = read.as_ref().map(Read::snapshot);
        let bare = v1::ListSwapsRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let duties = references("duties", &asked.duties, named, |team| &team.duties, &mut fields);
        let residents = references("residents", &asked.residents, named, |team| &team.residents, &mut fields);
        let states = read_states(&asked.states, &mut fields);
        let read = fields.finish("parent", read)?;
        let (team, mut found) = (read.snapshot(), Vec::new());
        for (id, entry) in &team.swaps {
            let value = &entry.value;
            let wanted = (duties.is_empty() || value.parts().any(|part| duties.contains(&part.duty)))
                && (residents.is_empty() || residents.iter().any(|resident| value.concerns(resident)));
            if wanted && states.contains(&state(&swap_standing(team, self.desk.rules(), value, read.now)?)) {
                found.push((list_key(Some(value.asked.interval.start()), id), id, entry));
            }
        }
        let page = paging.page(found, |(key, ..)| key.clone());
        let views = page.items.iter().map(|(_, id, entry)| self.view(&read, id, entry));
        Ok(v1::ListSwapsResponse {
            swaps: views.collect::<Result<_, _>>()?,
            next_page_token: page.next_page_token,
            context: Some(read_context(&self.desk, team, read.now)),
        })
    }

    pub(super) async fn accept(&self, asked: v1::AcceptSwapRequest) -> Result<v1::Swap, Refusal> {
        let bare = v1::AcceptSwapRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "accept a swap".to_owned(), asked.validate_only);
        let acceptance = Acceptance {
            resident: asked.resident,
            force: asked.force,
            actor: self.desk.caller().name.clone(),
            seed: request.as_ref().map_or(Uuid::nil(), |request| request.id),
        };
        let made = entry::alter::<Swap>(&self.desk, &asked.name, &asked.etag, request, move |stating| {
            accept(stating, &acceptance)
        });
        let made = made.await?;
        let view = self.view(&made.read, &made.id, &made.entry)?;
        let Some(by) = made.entry.value.taken_by() else { return Ok(view) };
        let conflicts = self.conflicts(&made.changed.team_before(), &made.entry.value, by, &made.read)?;
        Ok(v1::Swap { conflicts, ..view })
    }

    async fn decline(&self, asked: v1::DeclineSwapRequest) -> Result<v1::Swap, Refusal> {
        let bare = v1::DeclineSwapRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "decline a swap".to_owned(), asked.validate_only);
        self.close((&asked.name, &asked.etag), request, SwapOutcome::Declined).await
    }

    async fn withdraw(&self, asked: v1::WithdrawSwapRequest) -> Result<v1::Swap, Refusal> {
        let bare = v1::WithdrawSwapRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "withdraw a swap".to_owned(), asked.validate_only);
        self.close((&asked.name, &asked.etag), request, SwapOutcome::Withdrawn).await
    }

    async fn close(
        &self,
        (name, etag): (&str, &str),
        request: Result<Request, Refusal>,
        outcome: SwapOutcome,
    ) -> Result<v1::Swap, Refusal> {
        let actor = self.desk.caller().name.clone();
        let made = entry::alter::<Swap>(&self.desk, name, etag, request, move |stating| {
            close(stating, outcome.clone(), &actor)
        });
        let Answer { read, id, entry, .. } = made.await?;
        self.view(&read, &id, &entry)
    }

    /// Returns a swap with where it stands, and what speaks against it.
    fn view(&self, read: &Read, id: &SwapId, entry: &Entered<Swap>) -> Result<v1::Swap, Refusal> {
        let (team, value, audience) = (read.snapshot(), &entry.value, &read.audience);
        let standing = swap_standing(team, self.desk.rules(), value, read.now)?;
        let caller = match audience {
            Audience::Resident(own) if *own != value.asked_by => Some(own),
            _ => None,
        };
        let conflicts = match (&standing, value.asks.as_ref().or(caller)) {
            (SwapStanding::Open | SwapStanding::Void(_), Some(by)) => self.conflicts(team, value, by, read)?,
            _ => Vec::new(),
        };
        let kept = |id: &&OverrideId| team.overrides.contains_key(*id);
        let overrides = value.overrides().iter().filter(kept).map(|id| id.full(&team.id)).collect();
        let state_text = match &standing {
            SwapStanding::Void(reason) => void_words(reason, audience),
            SwapStanding::Accepted => undone(team, value),
            _ => String::new(),
        };
        Ok(v1::Swap { state: state(&standing) as i32, state_text, conflicts, overrides, ..swap(&team.id, id, entry) })
    }

    fn conflicts(
        &self,
        team: &TeamSnapshot,
        value: &Swap,
        by: &ResidentId,
        read: &Read,
    ) -> Result<Vec<v1::CoverConflict>, Refusal> {
        let found = swap_conflicts(team, self.desk.rules(), value, by, read.now)?;
        let told = found.iter().filter_map(|(resident, found)| conflict(&team.id, resident, found, &read.audience));
        Ok(told.collect())
    }
}

fn read_states(states: &[i32], fields: &mut Fields) -> Vec<v1::SwapState> {
    let read = states.iter().enumerate().filter_map(|(index, state)| {
        let known = v1::SwapState::try_from(*state).ok().filter(|state| *state != v1::SwapState::Unspecified);
        fields.parse(&format!("states[{index}]"), known.ok_or_else(|| format!("{state} is no state of a swap")))
    });
    let read: Vec<_> = read.collect();
    if states.is_empty() { vec![v1::SwapState::Open] } else { read }
}

fn void_words(reason: &VoidReason, audience: &Audience) -> String {
    reason.words(|resident| audience.sees_resident(resident).is_some())
}

/// What became of the overrides of an accepted swap since; empty where they are as they were made.
fn undone(team: &TeamSnapshot, swap: &Swap) -> String {
    let told = swap.overrides().iter().filter_map(|id| match team.overrides.get(id) {
        None => Some(format!("override '{id}' was removed since")),
        Some(entry) if entry.meta.updated != entry.meta.created => Some(format!("override '{id}' was changed since")),
        Some(_) => None,
    });
    told.collect::<Vec<_>>().join("; ")
}

/// Asks for a swap as the message states it.
fn ask(mut stating: Stating<'_, Swap>, message: &v1::Swap) -> Result<ChangeSet, Refusal> {
    let (team, now) = (stating.team, stating.now());
    let caller = match &stating.audience {
        Audience::Resident(own) => Some(own.clone()),
        _ => None,
    };
    let asked_by = match (message.resident.as_str(), caller) {
        ("", Some(own)) => Some(own),
        ("", None) => {
            stating.fields.add("resident", "is missing; say who asks");
            None
        }
        (name, _) => stating.fields.take_one(ResidentId::reference("resident", name, &team.id)),
    };
    let asked_by = asked_by.unwrap_or_else(nobody);
    stating.require_own(|own| *own == asked_by)?;
    let asks = match message.to_resident.as_str() {
        "" => None,
        name => {
            Some(stating.fields.take_one(ResidentId::reference("to_resident", name, &team.id)).unwrap_or_else(nobody))
        }
    };
    let rules = stating.rules;
    let mut part = |field, holder: &ResidentId, message: &v1::SwapPart| {
        Asking { team, rules, now, field, holder }
            .part(message, &mut stating.fields)
            .unwrap_or_else(|| unread(team, now))
    };
    let asked = part("asked", &asked_by, message.asked.as_ref().unwrap_or(&v1::SwapPart::default()));
    let in_return = match (&message.in_return, &asks) {
        (Some(given), Some(holder)) => Some(part("in_return", holder, given)),
        (Some(_), None) => Some(unread(team, now)),
        (None, _) => None,
    };
    let mut value =
        Swap { asked_by, asked, asks, in_return, message: message.message.clone(), expires: now, answer: None };
    let stated = message.expire_time.as_ref().map(|at| stating.fields.take(whole_instant("expire_time", at)));
    value.expires = stated.flatten().unwrap_or_else(|| value.latest(now));
    let mut draft = stating.draft();
    draft.ask(&stating.id, value.clone());
    let changes = settle(std::mem::take(&mut stating.fields), draft, str::to_owned)?;
    match swap_standing(team, rules, &value, now)? {
        SwapStanding::Void(reason) => Err(not_open(&stating, &value, &SwapStanding::Void(reason))),
        _ => Ok(changes),
    }
}

/// Somebody whom no check minds.
fn nobody() -> ResidentId {
    ResidentId::from_valid("nobody")
}

/// A part that could not be read, with a duty and times that no check minds.
fn unread(team: &TeamSnapshot, now: Instant) -> SwapPart {
    let interval = Interval::new(now, Instant::MAX).unwrap_or(Interval::ALL);
    let duty = team.duties.keys().next().cloned().unwrap_or_else(|| DutyId::from_valid("none"));
    SwapPart { duty, shift: ShiftId(Uuid::nil()), slot: ShiftId(Uuid::nil()), interval }
}

/// Accepts a swap: makes its overrides, and keeps who took over.
fn accept(mut stating: Stating<'_, Swap>, acceptance: &Acceptance) -> Result<ChangeSet, Refusal> {
    let Some(before) = stating.before.map(|before| before.value.clone()) else { return Ok(ChangeSet::default()) };
    let (team, rules, now) = (stating.team, stating.rules, stating.now());
    let caller = match &stating.audience {
        Audience::Resident(own) => Some(own.clone()),
        _ => None,
    };
    let by = match acceptance.resident.as_str() {
        "" => before.asks.clone().or(caller),
        name => stating.fields.take_one(ResidentId::reference("resident", name, &team.id)),
    };
    match &by {
        None if stating.fields.is_empty() => stating.fields.add("resident", "is missing; say who takes over"),
        Some(by) if *by == before.asked_by => {
            stating.fields.add("resident", format!("'{by}' asks; somebody else has to take over"));
        }
        Some(by) if before.asks.as_ref().is_some_and(|asked| asked != by) => {
            let asked = before.asks.as_ref().map(ToString::to_string).unwrap_or_default();
            stating.fields.add("resident", format!("'{by}' is not asked, '{asked}' is"));
        }
        _ => {}
    }
    stating.require_own(|own| {
        by.as_ref().is_none_or(|by| by == own)
            && before.asks.as_ref().is_none_or(|asked| asked == own)
            && !acceptance.force
    })?;
    let by = std::mem::take(&mut stating.fields).finish("resident", by)?;
    let standing = swap_standing(team, rules, &before, now)?;
    if standing != SwapStanding::Open {
        return Err(not_open(&stating, &before, &standing));
    }
    refuse_conflicts(&stating, &before, &by, acceptance.force)?;
    let Some(made) = swap_overrides(team, rules, &before, &by, now)? else {
        let reason = VoidReason::MovesOthers(before.asked.duty.clone());
        return Err(not_open(&stating, &before, &SwapStanding::Void(reason)));
    };
    let (mut draft, mut ids) = (stating.draft(), Vec::new());
    for value in made {
        let free = |text: &str| {
            let id = OverrideId::new(text).ok()?;
            (!draft.after().overrides.contains_key(&id)).then_some(id)
        };
        let id = drawn_id(team, "override", acceptance.seed, free).ok_or(Refusal::Contention)?;
        let forced = !missing_skills(&value, team, rules).is_empty();
        let value = Override { forced, swap: Some(stating.id.clone()), ..value };
        draft.entry_override(&id, value, Origin::Entered);
        ids.push(id);
    }
    let outcome = SwapOutcome::Accepted { by, overrides: ids };
    let answer = SwapAnswer { outcome, time: now, actor: acceptance.actor.clone() };
    draft.swap(&stating.id, Swap { answer: Some(answer), ..before });
    settle(Fields::default(), draft, |_| "resident".to_owned())
}

/// Refuses what conflicts prevent, and what they refuse unless it is forced (semantics 2.10d).
fn refuse_conflicts(stating: &Stating<'_, Swap>, swap: &Swap, by: &ResidentId, force: bool) -> Result<(), Refusal> {
    let found = swap_conflicts(stating.team, stating.rules, swap, by, stating.now())?;
    let counts = |weight: Weight| weight == Weight::Prevents || weight == Weight::Refuses && !force;
    let against: Vec<_> = found.iter().filter(|(_, conflict)| counts(conflict.kind.weight())).collect();
    let words = against.iter().filter_map(|(resident, conflict)| {
        let whole = stating.audience.sees_resident(resident).is_some();
        Some(format!("'{resident}' {}", conflict.kind.words(whole)?))
    });
    let mut told: Vec<String> = words.collect();
    told.dedup();
    if against.is_empty() {
        return Ok(());
    }
    let way_out = match against.iter().any(|(_, conflict)| conflict.kind.weight() == Weight::Prevents) {
        true => "somebody else has to take over",
        false => "a coordinator can force it",
    };
    Err(Refusal::Precondition {
        reason: "CONFLICTS",
        subject: stating.id.full(&stating.team.id),
        description: format!("{}; {way_out}", told.join(", ")),
    })
}

/// Declines or withdraws a swap.
fn close(stating: Stating<'_, Swap>, outcome: SwapOutcome, actor: &str) -> Result<ChangeSet, Refusal> {
    let Some(before) = stating.before.map(|before| before.value.clone()) else { return Ok(ChangeSet::default()) };
    stating.require_own(|own| match outcome {
        SwapOutcome::Declined => before.asks.as_ref().is_none_or(|asked| asked == own),
        _ => before.asked_by == *own,
    })?;
    let name = stating.id.full(&stating.team.id);
    if outcome == SwapOutcome::Declined && before.asks.is_none() {
        let description = format!("{name} asks anybody, so nobody has to decline it; leave it to others");
        return Err(Refusal::Precondition { reason: "SWAP_ASKS_ANYBODY", subject: name, description });
    }
    match swap_standing(stating.team, stating.rules, &before, stating.now())? {
        SwapStanding::Open | SwapStanding::Void(_) => {}
        standing => return Err(not_open(&stating, &before, &standing)),
    }
    let answer = SwapAnswer { outcome, time: stating.now(), actor: actor.to_owned() };
    let mut draft = stating.draft();
    draft.swap(&stating.id, Swap { answer: Some(answer), ..before });
    settle(stating.fields, draft, str::to_owned)
}

/// Why a swap cannot be answered.
fn not_open(stating: &Stating<'_, Swap>, swap: &Swap, standing: &SwapStanding) -> Refusal {
    let name = stating.id.full(&stating.team.id);
    let who = |id: Option<&ResidentId>| id.map(ToString::to_string).unwrap_or_default();
    let at = swap.answer.as_ref().map_or(swap.expires, |answer| answer.time);
    let (reason, description) = match standing {
        SwapStanding::Accepted => ("SWAP_TAKEN", format!("'{}' took it over at {at}", who(swap.taken_by()))),
        SwapStanding::Declined => ("SWAP_DECLINED", format!("'{}' declined it at {at}", who(swap.asks.as_ref()))),
        SwapStanding::Withdrawn => ("SWAP_WITHDRAWN", format!("'{}' withdrew it at {at}", swap.asked_by)),
        SwapStanding::Expired => ("SWAP_EXPIRED", format!("it expired at {at}; ask again")),
        SwapStanding::Void(reason) => ("SWAP_VOID", void_words(reason, &stating.audience)),
        SwapStanding::Open => ("SWAP_OPEN", "nobody has answered it yet".to_owned()),
    };
    Refusal::Precondition { reason, subject: name, description }
}

serve! { SwapService for Swaps {
    create_swap(v1::CreateSwapRequest) -> v1::Swap = create await;
    get_swap(v1::GetSwapRequest) -> v1::Swap = get;
    list_swaps(v1::ListSwapsRequest) -> v1::ListSwapsResponse = list;
    accept_swap(v1::AcceptSwapRequest) -> v1::Swap = accept await;
    decline_swap(v1::DeclineSwapRequest) -> v1::Swap = decline await;
    withdraw_swap(v1::WithdrawSwapRequest) -> v1::Swap = withdraw await;
} }
