//! `OnDutyService`: who is on duty, when is nobody, when does it change.

use std::sync::Arc;

use super::convert::answers::Naming;
use super::convert::time::{WINDOW_MAX_SECONDS, instant, timestamp, window};
use super::entry::{Read, serve};
use super::gaps::{GapReader, read_gap_id};
use super::names::{Name, references};
use super::on_duty_answer::{Answer, Told};
use super::paging::Paging;
use super::request::{Fields, request};
use crate::civil::{Instant, Interval};
use crate::engine::{self, Listing, Timeline};
use crate::model::{DutyId, Object, ObjectKey, ResidentId, TeamSnapshot};
use crate::proto::v1;
use crate::proto::v1::on_duty_service_server::OnDutyService;
use crate::roster::{Desk, Draft, Refusal};

/// Answers computed reads.
#[derive(Clone)]
pub struct OnDuty {
    pub(super) desk: Desk,
}

impl OnDuty {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    fn context(&self, read: &Read) -> v1::ReadContext {
        super::read_context(&self.desk, &read.state.snapshot, read.now)
    }

    fn naming<'a>(read: &'a Read, at: Instant) -> Naming<'a> {
        Naming { team: &read.state.snapshot, at, audience: &read.audience }
    }

    /// Answers `GetOnDuty`.
    pub(super) fn get(&self, asked: &v1::GetOnDutyRequest) -> Result<Answer, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let named = read.as_ref().map(Read::snapshot);
        let now = read.as_ref().map_or_else(|| self.desk.now(), |read| read.now);
        let stated = asked.time.as_ref().map_or(Ok(now), |time| instant("time", time));
        let at_the_end = || Refusal::field("time", "is at the end of time");
        let moment = stated.and_then(|at| Interval::new(at, at.plus(1)).ok_or_else(at_the_end));
        let moment = fields.take(moment);
        let duties = references("duties", &asked.duties, named, |team| &team.duties, &mut fields);
        let (read, moment) = fields.finish("parent", read.zip(moment))?;
        let (at, asked_for) = (moment.start(), duties);
        let mut told = Vec::new();
        for duty in or_in_effect(asked_for, read.snapshot(), moment) {
            let Some(found) = self.on_duty(&read, &duty, at, asked.explain)? else {
                return Err(Refusal::NotFound {
                    name: duty.full(&read.state.snapshot.id),
                    hint: format!(" in effect at {at}"),
                });
            };
            told.push(found);
        }
        let (time, context) = (Some(timestamp(at)), Some(self.context(&read)));
        Ok(Answer { told, rest: v1::GetOnDutyResponse { duties: Vec::new(), time, context } })
    }

    fn on_duty(&self, read: &Read, duty: &DutyId, at: Instant, explain: bool) -> Result<Option<Arc<Told>>, Refusal> {
        let (rules, sight) = (self.desk.rules(), read.audience.sight());
        if let Some(kept) = read.state.kept_answer::<Told>(duty, sight, at).filter(|_| !explain) {
            return Ok(Some(kept));
        }
        let around = Interval::new(at, at.plus(WINDOW_MAX_SECONDS)).unwrap_or(Interval::ALL);
        let timeline = read.state.timeline(rules, duty, around, read.now)?;
        let Some(listing) = timeline.listing_at(at) else { return Ok(None) };
        let plain = Self::told(read, duty, at, &timeline, &listing);
        if explain {
            let found = engine::explain(&read.state.snapshot, rules, duty, at)?;
            let explanation = found.map(|found| Self::naming(read, at).explanation(duty, &found, rules));
            return Ok(Some(Arc::new(Told::of(v1::OnDuty { explanation, ..plain }))));
        }
        let told = Arc::new(Told::of(plain));
        read.state.keep_answer((&timeline, sight), around, Arc::clone(&told));
        Ok(Some(told))
    }

    /// Tells who is on duty, without the reasons.
    fn told(read: &Read, duty: &DutyId, at: Instant, timeline: &Timeline, listing: &Listing) -> v1::OnDuty {
        let naming = Self::naming(read, at);
        let stated = read.state.snapshot.duties.get(duty).and_then(|duty| duty.versions.at(at));
        let layers = Listed { read, duty, at };
        let listed = |id: &ResidentId| v1::ListedPerson {
            resident: id.full(&read.state.snapshot.id),
            display_name: naming.display_name(id),
            handles: naming.handles(id),
            layer: layers.layer_of(id),
        };
        v1::OnDuty {
            duty: duty.full(&read.state.snapshot.id),
            title: stated.map(|(_, duty)| duty.title.clone()).unwrap_or_default(),
            people: people(timeline, listing, at, naming),
            standby: listing.standby.iter().map(listed).collect(),
            shadows: listing.shadows.iter().map(listed).collect(),
            required: super::convert::answers::number(listing.required),
            present: super::convert::answers::number(listing.present()),
            next_handoff: timeline.next_handoff(at).map(|handoff| naming.handoff(duty, &handoff)),
            explanation: None,
        }
    }

    fn get_message(&self, asked: v1::GetOnDutyRequest) -> Result<v1::GetOnDutyResponse, Refusal> {
        self.get(&asked)?.message()
    }

    fn shifts(&self, asked: v1::ListShiftsRequest) -> Result<v1::ListShiftsResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let named = read.as_ref().map(Read::snapshot);
        let bare = v1::ListShiftsRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let window = fields.take(window("interval", asked.interval.as_ref()));
        let duties = references("duties", &asked.duties, named, |team| &team.duties, &mut fields);
        let residents = references("residents", &asked.residents, named, |team| &team.residents, &mut fields);
        let (read, window) = fields.finish("parent", read.zip(window))?;
        let naming = Self::naming(&read, window.start());
        let mut shifts = Vec::new();
        for duty in or_in_effect(duties, read.snapshot(), window) {
            let timeline = engine::timeline(&read.state.snapshot, self.desk.rules(), &duty, window)?;
            let wanted = |shift: &&engine::Shift| residents.is_empty() || residents.contains(&shift.resident);
            shifts.extend(timeline.shifts().iter().filter(wanted).map(|shift| naming.shift(shift)));
        }
        let key = |shift: &v1::Shift| {
            let start = shift.interval.as_ref().and_then(|interval| interval.start_time.as_ref());
            format!("{:020} {} {} {}", start.map_or(0, |at| at.seconds), shift.duty, shift.layer, shift.id)
        };
        let page = paging.page(shifts, key);
        Ok(v1::ListShiftsResponse {
            shifts: page.items,
            next_page_token: page.next_page_token,
            context: Some(self.context(&read)),
        })
    }

    fn handoffs(&self, asked: v1::ListHandoffsRequest) -> Result<v1::ListHandoffsResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let named = read.as_ref().map(Read::snapshot);
        let bare = v1::ListHandoffsRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let window = fields.take(window("interval", asked.interval.as_ref()));
        let duties = references("duties", &asked.duties, named, |team| &team.duties, &mut fields);
        let residents = references("residents", &asked.residents, named, |team| &team.residents, &mut fields);
        let (read, window) = fields.finish("parent", read.zip(window))?;
        let mut handoffs = Vec::new();
        for duty in or_in_effect(duties, read.snapshot(), window) {
            let timeline = engine::timeline(&read.state.snapshot, self.desk.rules(), &duty, window)?;
            for handoff in timeline.handoffs() {
                let mut moves = handoff.from.symmetric_difference(&handoff.to);
                if residents.is_empty() || moves.any(|person| residents.contains(person)) {
                    handoffs.push(Self::naming(&read, handoff.at).handoff(&duty, &handoff));
                }
            }
        }
        let key = |handoff: &v1::Handoff| {
            format!("{:020} {}", handoff.time.as_ref().map_or(0, |at| at.seconds), handoff.duty)
        };
        let page = paging.page(handoffs, key);
        Ok(v1::ListHandoffsResponse {
            handoffs: page.items,
            next_page_token: page.next_page_token,
            context: Some(self.context(&read)),
        })
    }

    fn gaps(&self, asked: v1::ListGapsRequest) -> Result<v1::ListGapsResponse, Refusal> {
        let mut fields = Fields::default();
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let named = read.as_ref().map(Read::snapshot);
        let bare = v1::ListGapsRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let window = fields.take(window("interval", asked.interval.as_ref()));
        let duties = references("duties", &asked.duties, named, |team| &team.duties, &mut fields);
        let (read, window) = fields.finish("parent", read.zip(window))?;
        let duties = or_in_effect(duties, read.snapshot(), window);
        let reader = GapReader::new(&self.desk, &read.state.snapshot, window, read.now)?;
        let mut gaps = Vec::new();
        for duty in &duties {
            gaps.extend(reader.gaps(duty)?);
        }
        gaps.retain(|gap| !asked.open_only || !gap.accepted);
        let key = |gap: &v1::Gap| {
            let start = gap.interval.as_ref().and_then(|interval| interval.start_time.as_ref());
            format!("{:020} {} {}", start.map_or(0, |at| at.seconds), gap.duty, gap.id)
        };
        let page = paging.page(gaps, key);
        let coverage = duties.iter().filter_map(|duty| reader.coverage(duty)).collect();
        let mut single_points_of_failure = Vec::new();
        for duty in &duties {
            single_points_of_failure.extend(reader.single_points_of_failure(duty)?);
        }
        Ok(v1::ListGapsResponse {
            gaps: page.items,
            next_page_token: page.next_page_token,
            coverage,
            single_points_of_failure,
            context: Some(self.context(&read)),
        })
    }

    async fn accept(&self, asked: v1::AcceptGapRequest) -> Result<v1::AcceptGapResponse, Refusal> {
        let mut fields = Fields::default();
        let bare = v1::AcceptGapRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "accept a gap".to_owned(), asked.validate_only);
        let request = fields.take(request);
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let id = fields.take(read_gap_id("gap_id", &asked.gap_id));
        let stated = asked.interval.as_ref().and_then(|interval| fields.take(window("interval", Some(interval))));
        let until = asked.until_time.as_ref().and_then(|until| fields.take(instant("until_time", until)));
        let length = asked.reason.trim().chars().count();
        if !(1..=1_000).contains(&length) {
            fields.add("reason", format!("has {length} characters; say in 1 to 1000 why the gap is all right"));
        }
        // Of a retry that comes after it, this is no matter: the first call was in time.
        let in_time = later_than_now(until, self.desk.now());
        if !fields.is_empty() {
            fields.take(in_time);
        }
        let ((read, id), request) = fields.finish("gap_id", read.zip(id).zip(request))?;
        let window = move |now: Instant| stated.unwrap_or_else(|| usual_window(now));
        let (desk, reason) = (self.desk.clone(), asked.reason.trim().to_owned());
        let changed = self
            .desk
            .change(read.state.snapshot.id.clone(), request, move |team, change| {
                later_than_now(until, change.time)?;
                let reader = GapReader::new(&desk, team, window(change.time), change.time)?;
                let acceptance = reader.acceptance(id, reason.clone(), until)?;
                let mut draft = Draft::new(team, change, desk.rules());
                draft.acceptance(acceptance);
                draft.finish()
            })
            .await?;
        let after = Read::after(&self.desk, &changed)?;
        let reader = GapReader::new(&self.desk, after.snapshot(), window(after.now), after.now)?;
        Ok(v1::AcceptGapResponse { gap: Some(reader.gap(id)?), context: Some(self.context(&after)) })
    }

    async fn reopen(&self, asked: v1::ReopenGapRequest) -> Result<v1::ReopenGapResponse, Refusal> {
        let mut fields = Fields::default();
        let bare = v1::ReopenGapRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "reopen a gap".to_owned(), asked.validate_only);
        let request = fields.take(request);
        let read = Read::parent(&self.desk, &asked.parent, &mut fields);
        let id = fields.take(read_gap_id("gap_id", &asked.gap_id));
        let ((read, id), request) = fields.finish("gap_id", read.zip(id).zip(request))?;
        let desk = self.desk.clone();
        let changed = self
            .desk
            .change(read.state.snapshot.id.clone(), request, move |team, change| {
                if !team.acceptances.contains_key(&id) {
                    return Err(Refusal::not_found(format!("accepted gap {id}")));
                }
                let mut draft = Draft::new(team, change, desk.rules());
                draft.remove(ObjectKey::Acceptance(id));
                draft.finish()
            })
            .await?;
        let after = Read::after(&self.desk, &changed)?;
        let naming = Self::naming(&after, after.now);
        let acceptance = match (changed.object_before(&ObjectKey::Acceptance(id)), after.audience.sees_team()) {
            (Some(Object::Acceptance(before)), Some(proof)) => {
                let state = engine::AcceptanceState::Holding;
                Some(naming.acceptance(proof, &before.value, before.meta.update_time, state))
            }
            _ => None,
        };
        Ok(v1::ReopenGapResponse { acceptance, revision: i64::try_from(changed.revision()).unwrap_or(i64::MAX) })
    }
}

/// The duties that are asked for, or all that are in effect at some time of the window.
fn or_in_effect(asked: Vec<DutyId>, team: &TeamSnapshot, window: Interval) -> Vec<DutyId> {
    if !asked.is_empty() {
        return asked;
    }
    let in_effect = team.duties.iter().filter(|(_, duty)| duty.versions.within(window).next().is_some());
    in_effect.map(|(id, _)| id.clone()).collect()
}

/// Where a gap is looked for that is to be accepted, where nothing is asked.
fn usual_window(now: Instant) -> Interval {
    Interval::new(now.plus(-35 * 86_400), now.plus(365 * 86_400)).unwrap_or(Interval::ALL)
}

fn later_than_now(until: Option<Instant>, now: Instant) -> Result<(), Refusal> {
    match until {
        Some(until) if until <= now => {
            Err(Refusal::field("until_time", format!("{until} is not later than now, {now}")))
        }
        _ => Ok(()),
    }
}

/// Finds in which layer somebody is listed who is not on duty.
struct Listed<'a> {
    read: &'a Read,
    duty: &'a DutyId,
    at: Instant,
}

impl Listed<'_> {
    fn layer_of(&self, person: &ResidentId) -> String {
        let Some(duty) = self.read.state.snapshot.duties.get(self.duty) else { return String::new() };
        let Some((_, stated)) = duty.versions.at(self.at) else { return String::new() };
        let holds = |id: &&crate::model::LayerId| {
            let layer = duty.layers.get(id).and_then(|versions| versions.at(self.at)).map(|(_, layer)| layer);
            layer.is_some_and(|layer| layer.source.people().contains(person) || layer.shadows.contains(person))
        };
        stated.layers.iter().find(holds).map(ToString::to_string).unwrap_or_default()
    }
}

fn people(timeline: &Timeline, listing: &Listing, at: Instant, naming: Naming<'_>) -> Vec<v1::OnDutyPerson> {
    let current = |resident: &ResidentId| {
        timeline.shifts_at(at).find(|shift| shift.resident == *resident).map(|shift| naming.shift(&shift))
    };
    listing
        .on_duty
        .iter()
        .map(|place| v1::OnDutyPerson {
            resident: place.resident.full(&naming.team.id),
            display_name: naming.display_name(&place.resident),
            handles: naming.handles(&place.resident),
            shift: current(&place.resident),
        })
        .collect()
}

serve! { OnDutyService for OnDuty {
    get_on_duty(v1::GetOnDutyRequest) -> v1::GetOnDutyResponse = get_message;
    list_shifts(v1::ListShiftsRequest) -> v1::ListShiftsResponse = shifts;
    list_gaps(v1::ListGapsRequest) -> v1::ListGapsResponse = gaps;
    list_handoffs(v1::ListHandoffsRequest) -> v1::ListHandoffsResponse = handoffs;
    accept_gap(v1::AcceptGapRequest) -> v1::AcceptGapResponse = accept await;
    reopen_gap(v1::ReopenGapRequest) -> v1::ReopenGapResponse = reopen await;
} }
