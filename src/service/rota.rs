//! Who takes turns in a layer, and how that changes without harm: what went before stays (semantics 3.5).

use std::sync::{Arc, Mutex, PoisonError};

use super::convert::answers::Naming;
use super::convert::layer::shift_length;
use super::convert::time::{instant, read_date, timestamp, whole_instant};
use super::duties::Duties;
use super::entry::{Read, settle};
use super::names::{Name, not_found};
use super::read_context;
use super::request::{Fields, check_etag, request};
use super::shown::layer_turns;
use crate::civil::{Date, Day, Instant, ZoneRules};
use crate::engine::{only_layer, turns};
use crate::model::{ConfiguredDuty, DutyId, Layer, LayerId, ResidentId, Source, TeamId, TeamSnapshot, ZoneName};
use crate::proto::v1;
use crate::proto::v1::change_participants_request::{Change as Asked, From};
use crate::roster::{Change, ChangeSet, Changed, Dated, Draft, Refusal};
use crate::service::configured::team_zone;

/// How many turns are told where nothing else is asked, and at most.
const TURNS: usize = 6;
const TURNS_MAX: usize = 100;

/// From when a change of people is to hold.
#[derive(Clone, Copy)]
enum Begin {
    /// From the next turn.
    NextTurn,
    /// From exactly then.
    At(Instant),
    /// From the first turn that begins on that day or later.
    Day(Date),
}

/// A change that was read.
struct Wanted {
    layer: String,
    people: People,
    begin: Begin,
    correction: bool,
    replace_later: bool,
    etag: String,
}

/// What becomes of the people of a layer.
enum People {
    Add(Vec<ResidentId>, Option<(bool, ResidentId)>),
    Remove(Vec<ResidentId>),
    Order(Vec<ResidentId>),
}

impl Duties {
    pub(super) async fn rota(&self, asked: v1::GetRotaRequest) -> Result<v1::Rota, Refusal> {
        let (desk, mut fields) = (&self.objects.desk, Fields::default());
        let address = fields.take(DutyId::read("name", &asked.name));
        let at = asked.read_time.as_ref().map(|at| instant("read_time", at)).transpose();
        let at = fields.take(at).flatten().unwrap_or_else(|| desk.now());
        let count = usize::try_from(asked.turn_count);
        if count.is_err() {
            fields.add("turn_count", format!("{} is negative", asked.turn_count));
        }
        let (team, id) = fields.finish("name", address)?;
        let read = Read::team(desk, &team)?;
        let kept = duty_at(read.snapshot(), &id, at)?;
        let layer = find_layer(kept, &asked.layer, at)?;
        let count = count.unwrap_or(0);
        let count = if count == 0 { TURNS } else { count.min(TURNS_MAX) };
        self.told(&read, (&id, &layer), (at, at), count)
    }

    pub(super) async fn change_participants(
        &self,
        asked: v1::ChangeParticipantsRequest,
    ) -> Result<v1::ChangeParticipantsResponse, Refusal> {
        let (desk, mut fields) = (&self.objects.desk, Fields::default());
        let bare = v1::ChangeParticipantsRequest { request_id: String::new(), ..asked.clone() };
        let request = request(&bare, &asked.request_id, "change participants".to_owned(), asked.validate_only);
        let request = fields.take(request);
        let address = fields.take(DutyId::read("name", &asked.name));
        // Names are compared with a team that there is; of another that is what is told.
        let team = address.as_ref().map(|(team, _)| team).filter(|team| desk.team(team).is_ok());
        let people = read_people(asked.change.as_ref(), team, &mut fields);
        let begin = match &asked.from {
            None => Some(Begin::NextTurn),
            Some(From::EffectiveTime(at)) => fields.take(whole_instant("effective_time", at)).map(Begin::At),
            Some(From::FirstDate(date)) => fields.take(read_date("first_date", date)).map(Begin::Day),
        };
        let read = address.zip(request).zip(people.zip(begin));
        let (((team, id), request), (people, begin)) = fields.finish("change", read)?;
        let (correction, replace_later) = (asked.correction, asked.replace_later);
        let wanted = Wanted { layer: asked.layer, people, begin, correction, replace_later, etag: asked.etag };
        let (rules, duty) = (Arc::clone(desk.rules()), id.clone());
        desk.team(&team)?;
        let changed_layer = Arc::new(Mutex::new(None));
        let found = Arc::clone(&changed_layer);
        let make = move |team: &TeamSnapshot, change: Change| {
            let (layer, changes) = changed(team, change, &duty, &wanted, &rules)?;
            *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(layer);
            Ok(changes)
        };
        let made = desk.change(team, request, make).await?;
        let layer = changed_layer.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.answer(&made, &id, layer)
    }

    /// Tells what a change made of which layer; of a retry that cannot be made again, the layer that it changed.
    fn answer(
        &self,
        made: &Changed,
        id: &DutyId,
        layer: Option<LayerId>,
    ) -> Result<v1::ChangeParticipantsResponse, Refusal> {
        let read = Read::after(&self.objects.desk, made)?;
        let team = read.snapshot();
        let kept = team.duties.get(id).ok_or_else(|| not_found(id, &team.id, &team.duties))?;
        let revision = kept.meta.updated.revision;
        let mine = kept.layers.iter().filter_map(|(id, versions)| {
            let version = versions.list().iter().rev().find(|version| version.made.revision == revision)?;
            Some((id.clone(), version.from))
        });
        let (layer, from) = match layer {
            Some(layer) => {
                let from = mine.filter(|(id, _)| *id == layer).map(|(_, from)| from).next().unwrap_or(made.time);
                (layer, from)
            }
            None => mine.max_by_key(|(_, from)| *from).ok_or(Refusal::BrokenOff)?,
        };
        let before = made.team_before();
        let versions = |team: &'_ TeamSnapshot| team.duties.get(id).and_then(|kept| kept.layers.get(&layer)).cloned();
        let old = versions(&before).and_then(|versions| Some(versions.before(from)?.source.people().to_vec()));
        let new = versions(team).and_then(|versions| Some(versions.at(from)?.1.source.people().to_vec()));
        let old = old.unwrap_or_default();
        let come = new.unwrap_or_default().into_iter().filter(|person| !old.contains(person));
        let rules = self.objects.desk.rules();
        let absent = come.filter(|person| !is_in_term(team, person, from, rules));
        let not_in_term = absent.map(|person| person.full(&team.id)).collect();
        Ok(v1::ChangeParticipantsResponse {
            rota: Some(self.told(&read, (id, &layer), (from, from.plus(-1)), TURNS)?),
            effective_time: Some(timestamp(from)),
            not_in_term,
        })
    }

    /// Returns a layer as it is at one instant, with its turns from another on.
    fn told(
        &self,
        read: &Read,
        (id, layer): (&DutyId, &LayerId),
        (at, from): (Instant, Instant),
        count: usize,
    ) -> Result<v1::Rota, Refusal> {
        let (desk, team) = (&self.objects.desk, read.snapshot());
        let kept = team.duties.get(id).ok_or_else(|| not_found(id, &team.id, &team.duties))?;
        let versions = kept.layers.get(layer).ok_or_else(|| Refusal::not_found(id.full(&team.id)))?;
        let stated = versions.at(at).map(|(_, stated)| stated).ok_or_else(|| not_in_effect(layer, at))?;
        let length = match &stated.source {
            Source::Rotation(rotation) => Some(shift_length(rotation.length)),
            Source::Pool(_) => None,
        };
        let naming = Naming { team, at, audience: &read.audience };
        Ok(v1::Rota {
            duty: id.full(&team.id),
            layer: layer.to_string(),
            people: stated.source.people().iter().map(|person| person.full(&team.id)).collect(),
            takes_turns: length.is_some(),
            shift_length: length,
            turns: layer_turns(layer.as_str(), &turns(versions, from, count, desk.rules())?, naming).turns,
            context: Some(read_context(desk, team, read.now)),
        })
    }
}

/// Returns the layer that changes, and the change set.
fn changed(
    team: &TeamSnapshot,
    change: Change,
    id: &DutyId,
    wanted: &Wanted,
    rules: &ZoneRules,
) -> Result<(LayerId, ChangeSet), Refusal> {
    let now = change.time;
    let kept = team.duties.get(id).ok_or_else(|| not_found(id, &team.id, &team.duties))?;
    check_etag(&wanted.etag, &kept.meta, || id.full(&team.id))?;
    let asked = match wanted.begin {
        Begin::NextTurn => now,
        Begin::At(at) => at,
        Begin::Day(_) => kept.versions.list().first().map_or(now, |first| now.max(first.from)),
    };
    let layer = find_layer(kept, &wanted.layer, asked)?;
    let begin = begins(team, kept, &layer, wanted, now, rules)?;
    duty_at(team, id, begin)?;
    let versions = kept.layers.get(&layer);
    let before = versions.and_then(|versions| versions.at(begin)).map(|(_, stated)| stated);
    let before = before.ok_or_else(|| not_in_effect(&layer, begin))?;
    let mut fields = Fields::default();
    let people = wanted.people.apply(before.source.people(), &mut fields);
    for person in people.iter().filter(|person| !team.residents.contains_key(person)) {
        fields.take_or_later::<()>(Err(not_found(person, &team.id, &team.residents)));
    }
    fields.check()?;
    let source = match &before.source {
        Source::Rotation(rotation) => {
            Source::Rotation(crate::model::Rotation { participants: people, ..rotation.clone() })
        }
        Source::Pool(_) => Source::Pool(people),
    };
    let after = Layer { source, ..before.clone() };
    let mut draft = Draft::new(team, change, rules);
    let dated = Dated { effective: Some(begin), correction: wanted.correction, replace_later: wanted.replace_later };
    draft.layer(id, &layer, after, dated)?;
    let field = wanted.people.field();
    let changes = settle(Fields::default(), draft, |_| field.to_owned())?;
    Ok((layer, changes))
}

/// Returns the instant from which a change holds: of a rotation, mostly a turn's beginning.
fn begins(
    team: &TeamSnapshot,
    kept: &ConfiguredDuty,
    layer: &LayerId,
    wanted: &Wanted,
    now: Instant,
    rules: &ZoneRules,
) -> Result<Instant, Refusal> {
    let from = match wanted.begin {
        Begin::At(at) => return Ok(at),
        Begin::NextTurn => now,
        Begin::Day(date) => {
            let zone = zone_of(team, kept, layer, now);
            let (zone, day) = (zone.zone(rules)?, Day::from(date));
            let start = zone.day_start(day);
            let is_over = zone.day_start(day.plus(1)) <= now;
            if is_over && !wanted.correction {
                return Err(Refusal::ChangesThePast { from: start });
            }
            if wanted.correction { start } else { start.max(now) }
        }
    };
    let none = crate::model::Versions::default();
    let coming = turns(kept.layers.get(layer).unwrap_or(&none), from, 2, rules)?;
    let next = coming.iter().map(|turn| turn.interval.start()).find(|start| *start >= from);
    // Of a turn that is the last one, only the end is ahead.
    Ok(next
        .or_else(|| coming.first().map(|turn| turn.interval.end()).filter(|end| *end < Instant::MAX))
        .unwrap_or(from))
}

/// The zone whose days the turns of a layer are in; of a pool the team's.
fn zone_of(team: &TeamSnapshot, kept: &ConfiguredDuty, layer: &LayerId, now: Instant) -> ZoneName {
    match kept.layers.get(layer).and_then(|versions| versions.at_or_last(now)).map(|stated| &stated.source) {
        Some(Source::Rotation(rotation)) => rotation.zone.clone(),
        _ => team_zone(team, now),
    }
}

fn duty_at<'a>(team: &'a TeamSnapshot, id: &DutyId, at: Instant) -> Result<&'a ConfiguredDuty, Refusal> {
    let kept = team.duties.get(id).ok_or_else(|| not_found(id, &team.id, &team.duties))?;
    match kept.versions.at(at) {
        Some(_) => Ok(kept),
        None => Err(Refusal::NotFound { name: id.full(&team.id), hint: format!(" at {at}") }),
    }
}

/// Returns the layer of that id or, where none is named, the one with a rotation, or the only one.
fn find_layer(kept: &ConfiguredDuty, named: &str, at: Instant) -> Result<LayerId, Refusal> {
    let there = kept.layers.iter().filter(|(_, versions)| versions.goes_on(at));
    let there: Vec<(&LayerId, bool)> = there
        .filter_map(|(id, versions)| {
            let stated = versions.at_or_last(at)?;
            Some((id, matches!(stated.source, Source::Rotation(_))))
        })
        .collect();
    let names = || there.iter().map(|(id, _)| format!("'{id}'")).collect::<Vec<_>>().join(", ");
    if named.is_empty() {
        let rotations = there.iter().filter(|(_, turns)| *turns).map(|(id, _)| *id);
        let only = only_layer(rotations).or_else(|| only_layer(there.iter().map(|(id, _)| *id)));
        return only.cloned().ok_or_else(|| Refusal::field("layer", format!("is missing; name one of {}", names())));
    }
    let found = there.iter().find(|(id, _)| id.as_str() == named);
    found
        .map(|(id, _)| (*id).clone())
        .ok_or_else(|| Refusal::field("layer", format!("'{named}' is no layer of the duty; it has {}", names())))
}

fn not_in_effect(layer: &LayerId, at: Instant) -> Refusal {
    Refusal::field("layer", format!("'{layer}' is not in effect at {at}"))
}

fn is_in_term(team: &TeamSnapshot, id: &ResidentId, at: Instant, rules: &ZoneRules) -> bool {
    let stated = team.residents.get(id).and_then(|kept| kept.versions.at(at));
    let Some((_, resident)) = stated else { return false };
    let Ok(zone) = resident.term.zone.zone(rules) else { return false };
    let day = zone.day(at).date();
    resident.term.first.is_none_or(|first| first <= day) && resident.term.last.is_none_or(|last| day <= last)
}

fn read_people(asked: Option<&Asked>, team: Option<&TeamId>, fields: &mut Fields) -> Option<People> {
    let mut named = |field: String, name: &str| match team {
        Some(team) => fields.take_one(ResidentId::reference(&field, name, team)),
        None => fields.take(ResidentId::read(&field, name)).map(|(_, id)| id),
    };
    let mut all = |part: &str, names: &[String]| {
        let ids = names.iter().enumerate().map(|(index, name)| named(format!("{part}.residents[{index}]"), name));
        ids.collect::<Vec<_>>()
    };
    let (part, ids) = match asked? {
        Asked::Add(add) => ("add", all("add", &add.residents)),
        Asked::Remove(remove) => ("remove", all("remove", &remove.residents)),
        Asked::Order(order) => ("order", all("order", &order.residents)),
    };
    let place = match asked? {
        Asked::Add(v1::AddParticipants { place: Some(v1::add_participants::Place::Before(name)), .. }) => {
            Some((true, named("add.before".to_owned(), name)))
        }
        Asked::Add(v1::AddParticipants { place: Some(v1::add_participants::Place::After(name)), .. }) => {
            Some((false, named("add.after".to_owned(), name)))
        }
        _ => None,
    };
    if ids.is_empty() {
        fields.add(format!("{part}.residents"), "is empty; name at least one resident");
    }
    let ids = ids.into_iter().collect::<Option<Vec<_>>>()?;
    Some(match part {
        "add" => People::Add(ids, place.map(|(before, id)| id.map(|id| (before, id))).unwrap_or_default()),
        "remove" => People::Remove(ids),
        _ => People::Order(ids),
    })
}

impl People {
    /// The field of the request that states it.
    fn field(&self) -> &'static str {
        match self {
            Self::Add(..) => "add.residents",
            Self::Remove(_) => "remove.residents",
            Self::Order(_) => "order.residents",
        }
    }

    /// Returns what becomes of `people`, or adds what is wrong.
    fn apply(&self, people: &[ResidentId], fields: &mut Fields) -> Vec<ResidentId> {
        let mut after = people.to_vec();
        match self {
            Self::Add(new, place) => {
                for (index, person) in new.iter().enumerate() {
                    if people.contains(person) || new[..index].contains(person) {
                        fields.add(format!("add.residents[{index}]"), format!("'{person}' is in it already"));
                    }
                }
                let at = place.as_ref().map(|(before, person)| {
                    let found = people.iter().position(|other| other == person);
                    let field = if *before { "add.before" } else { "add.after" };
                    found.map(|at| at + usize::from(!before)).ok_or((field, person))
                });
                match at.transpose() {
                    Ok(at) => drop(after.splice(at.map_or(people.len()..people.len(), |at| at..at), new.clone())),
                    Err((field, person)) => {
                        fields.add(field, format!("'{person}' is not in it: it has {}", listed(people)))
                    }
                }
            }
            Self::Remove(gone) => {
                for (index, person) in gone.iter().enumerate().filter(|(_, person)| !people.contains(person)) {
                    let reason = format!("'{person}' is not in it: it has {}", listed(people));
                    fields.add(format!("remove.residents[{index}]"), reason);
                }
                after.retain(|person| !gone.contains(person));
                if after.is_empty() {
                    fields.add(
                        "remove.residents",
                        "leaves nobody; somebody has to stay, or let the layer or the duty end",
                    );
                }
            }
            Self::Order(order) => {
                let sorted = |people: &[ResidentId]| {
                    let mut people = people.to_vec();
                    people.sort_unstable();
                    people
                };
                if sorted(order) != sorted(people) {
                    let reason =
                        format!("are not those who are in it, {}; add and remove people first", listed(people));
                    fields.add("order.residents", reason);
                }
                after.clone_from(order);
            }
        }
        after
    }
}

fn listed(people: &[ResidentId]) -> String {
    people.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
