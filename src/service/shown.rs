//! `ShowRoster`: a team as one of its changes left it, with what was in effect then (semantics 9.3).

use super::changes::newest_before;
use super::configured::Kind;
use super::convert::answers::Naming;
use super::convert::overrides::override_entry;
use super::convert::plain::away;
use super::convert::task::task;
use super::convert::time::{instant, interval, timestamp};
use super::convert::time_off::time_off;
use super::duties::Covering;
use super::names::{Name, collection_name, team_name};
use super::read_context;
use super::request::Fields;
use super::residents::Residing;
use super::roster_files::RosterFiles;
use super::teams::Teaming;
use crate::access::{Audience, Away};
use crate::civil::{Instant, Interval, ZoneRules};
use crate::engine::{self, Turn};
use crate::model::{DutyId, TeamId, TeamSnapshot};
use crate::proto::v1;
use crate::proto::v1::show_roster_request::At;
use crate::roster::Refusal;

/// The most overrides, entries of time off and tasks each that are told.
const SHOWN_MAX: usize = 1_000;
/// The turn in progress and the next one.
const TURNS_SHOWN: usize = 2;

impl RosterFiles {
    pub(super) async fn show(&self, asked: v1::ShowRosterRequest) -> Result<v1::ShowRosterResponse, Refusal> {
        let (mut fields, now) = (Fields::default(), self.desk.now());
        let team = fields.take(team_name("name", &asked.name));
        let (mut revision, mut time) = (None, None);
        match &asked.at {
            Some(At::Revision(stated)) => {
                revision = u64::try_from(*stated).ok().filter(|revision| *revision > 0);
                if revision.is_none() {
                    fields.add("revision", "is less than 1, which the first change of a team has");
                }
            }
            Some(At::ReadTime(stated)) => {
                time = fields.take(instant("read_time", stated));
                if let Some(time) = time.filter(|time| *time > now) {
                    let reason = format!(
                        "{time} is in the future; who is then on duty, and what is planned, is told by GetOnDuty and \
                         ExportRoster"
                    );
                    fields.add("read_time", reason);
                }
            }
            None => {}
        }
        let team = fields.finish("name", team)?;
        let state = self.desk.state(&team)?;
        let newest = state.snapshot.revision;
        if newest == 0 {
            self.desk.team(&team)?;
        }
        let revision = match (revision, time) {
            (Some(revision), _) => revision,
            (None, Some(time)) => newest_before(&self.desk, &team, newest, time.plus(1)).await?,
            (None, None) => newest,
        };
        let made = self.made(&team, revision, newest).await?;
        let at = match &asked.at {
            Some(At::Revision(_)) => made,
            Some(At::ReadTime(_)) => time.unwrap_or(now),
            None => now.max(made),
        };
        let then = self.desk.as_of(&team, revision).await?;
        let audience = self.desk.audience(&state.snapshot)?;
        let shown = Shown { team: &then, rules: self.desk.rules(), at, audience: &audience };
        let mut answer = shown.answer()?;
        answer.change_time = Some(timestamp(made));
        answer.context = Some(read_context(&self.desk, &state.snapshot, now));
        Ok(answer)
    }

    /// Returns when a revision was made.
    async fn made(&self, team: &TeamId, revision: u64, newest: u64) -> Result<Instant, Refusal> {
        let entry = self.desk.log(team, revision.max(1), 1).await?.into_iter().next();
        match entry {
            Some(entry) if revision > 0 => Ok(entry.time),
            Some(first) => Err(Refusal::NotFound {
                name: collection_name(team),
                hint: format!(" at that time; its first change is of {}", first.time),
            }),
            None => Err(Refusal::NotFound {
                name: format!("{}/changes/{revision}", collection_name(team)),
                hint: format!("; the newest revision is {newest}"),
            }),
        }
    }
}

/// A roster, for whom, and for which instant.
struct Shown<'a> {
    team: &'a TeamSnapshot,
    rules: &'a ZoneRules,
    at: Instant,
    audience: &'a Audience,
}

impl Shown<'_> {
    fn answer(&self) -> Result<v1::ShowRosterResponse, Refusal> {
        let (team, at) = (self.team, self.at);
        let residents = team.residents_listed().into_iter();
        let (overrides, time_off, tasks) = (self.overrides()?, self.time_off()?, self.tasks()?);
        let beyond = |count: usize| count.saturating_sub(SHOWN_MAX);
        let left_out = beyond(overrides.len()) + beyond(time_off.len()) + beyond(tasks.len());
        Ok(v1::ShowRosterResponse {
            revision: i64::try_from(team.revision).unwrap_or(i64::MAX),
            time: Some(timestamp(at)),
            team: Teaming::seen(team, &team.id, at, self.audience),
            residents: residents.filter_map(|id| Residing::seen(team, id, at, self.audience)).collect(),
            duties: team.duties.keys().filter_map(|id| self.duty(id).transpose()).collect::<Result<_, _>>()?,
            overrides: overrides.into_iter().take(SHOWN_MAX).collect(),
            time_off: time_off.into_iter().take(SHOWN_MAX).collect(),
            tasks: tasks.into_iter().take(SHOWN_MAX).collect(),
            left_out: i32::try_from(left_out).unwrap_or(i32::MAX),
            ..v1::ShowRosterResponse::default()
        })
    }

    fn duty(&self, id: &DutyId) -> Result<Option<v1::ShownDuty>, Refusal> {
        let (team, at) = (self.team, self.at);
        let (Some(kept), Some(duty)) = (team.duties.get(id), Covering::seen(team, id, at, self.audience)) else {
            return Ok(None);
        };
        let listing = engine::listing(team, self.rules, id, at)?;
        let naming = Naming { team, at, audience: self.audience };
        let mut turns = Vec::new();
        for layer in &duty.layers {
            let versions = kept.layers.iter().find(|(id, _)| id.as_str() == layer.id).map(|(_, versions)| versions);
            let Some(versions) = versions else { continue };
            let found = engine::turns(versions, at, TURNS_SHOWN, self.rules)?;
            if !found.is_empty() {
                turns.push(layer_turns(&layer.id, &found, naming));
            }
        }
        let on_duty = listing.as_ref().map(|listing| listing.on_duty.as_slice()).unwrap_or_default();
        Ok(Some(v1::ShownDuty {
            duty: Some(duty),
            on_duty: on_duty.iter().map(|place| place.resident.full(&team.id)).collect(),
            required: listing.map_or(0, |listing| i32::try_from(listing.required).unwrap_or(i32::MAX)),
            turns,
        }))
    }

    fn overrides(&self) -> Result<Vec<v1::Override>, Refusal> {
        let mut found = Vec::new();
        for (id, entry) in &self.team.overrides {
            let Some(whole) = entry.value.span.interval(self.rules)?.filter(|whole| whole.end() > self.at) else {
                continue;
            };
            found.push((whole.start(), override_entry(&self.team.id, id, entry, self.rules)?));
        }
        found.sort_by_key(|(start, _)| *start);
        Ok(found.into_iter().map(|(_, entry)| entry).collect())
    }

    fn time_off(&self) -> Result<Vec<v1::TimeOff>, Refusal> {
        let (team, at) = (self.team, self.at);
        let moment = Interval::new(at, at.plus(1)).unwrap_or(Interval::ALL);
        let mut found = Vec::new();
        for resident in team.residents_listed() {
            let Some(proof) = self.audience.sees_resident(resident) else {
                let stretches = Away::of(team, resident, moment, at, self.rules)?;
                found.extend(stretches.iter().map(|stretch| away(&team.id, stretch)));
                continue;
            };
            for (id, entry) in team.time_off.iter().filter(|(_, entry)| entry.value.resident == *resident) {
                if entry.value.happens_in(moment, self.rules)? {
                    let private = team.time_off_private.get(id).map(|part| &part.value);
                    found.push(time_off(proof, (&team.id, id), entry, private, self.rules)?);
                }
            }
        }
        Ok(found)
    }

    fn tasks(&self) -> Result<Vec<v1::Task>, Refusal> {
        let open = self.team.tasks.iter().filter(|(_, entry)| entry.value.state.is_unfinished());
        Ok(open.map(|(id, entry)| task(&self.team.id, id, entry, self.rules)).collect::<Result<_, _>>()?)
    }
}

/// Returns the turns of a layer as a message.
pub(super) fn layer_turns(layer: &str, turns: &[Turn], naming: Naming<'_>) -> v1::LayerTurns {
    let turn = |turn: &Turn| v1::LayerTurn {
        resident: turn.resident.full(&naming.team.id),
        display_name: naming.display_name(&turn.resident),
        interval: Some(interval(turn.interval)),
    };
    v1::LayerTurns { layer: layer.to_owned(), turns: turns.iter().map(turn).collect() }
}
