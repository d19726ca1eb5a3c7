//! `UndoChange`: a change is found, undone where nothing depends on it, and told with what came back (semantics 9.2).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::change_views::{Told, full_name};
use super::changes::{Changes, Filter, LOOKED_AT_MAX, READ_TOGETHER};
use super::names::{Name, collection_name, team_name};
use super::read_context;
use super::request::{Fields, request};
use crate::access::{Audience, Denial};
use crate::civil::Instant;
use crate::model::{ObjectKey, TeamId, TeamSnapshot};
use crate::proto::v1;
use crate::roster::{Change, Changed, LogEntry, Obstacle, Refusal, is_own_to_undo, undo, undo_title, undone_revision};

/// How many later changes of one object are named.
const LATER_SHOWN: usize = 3;

/// A change as it is named where it stands in the way.
struct Later {
    revision: u64,
    title: String,
    actor: String,
    time: Instant,
}

impl Changes {
    pub(super) async fn undo(&self, asked: v1::UndoChangeRequest) -> Result<v1::UndoChangeResponse, Refusal> {
        let mut fields = Fields::default();
        let team = fields.take(team_name("parent", &asked.parent));
        let bare = v1::UndoChangeRequest { request_id: String::new(), ..asked.clone() };
        // The title is no part of what makes a retry one: it tells which change was the caller's last.
        let request = fields.take(request(&bare, &asked.request_id, "undo".to_owned(), asked.validate_only));
        let revision = asked.revision.map(|revision| u64::try_from(revision).ok().filter(|revision| *revision > 0));
        if revision == Some(None) {
            fields.add("revision", "is less than 1, which the first change of a team has; `onduty log` tells them");
        }
        let (team, mut request) = fields.finish("parent", team.zip(request))?;
        let state = self.team(&team)?;
        let entry = match revision.flatten() {
            Some(revision) => self.entry(&team, revision, state.snapshot.revision).await?,
            None => self.own_last(&team, state.snapshot.revision).await?,
        };
        request.title = undo_title(&entry);
        let entry = Arc::new(entry);
        let (desk, rules, undone) = (self.desk.clone(), Arc::clone(self.desk.rules()), Arc::clone(&entry));
        let make = move |team: &TeamSnapshot, change: Change| match desk.audience(team)? {
            // Before anything is said of what others did since.
            Audience::Resident(own) if !is_own_to_undo(&own, team, &undone) => Err(Refusal::Denied(Denial::Forbidden)),
            _ => undo(team, &undone, change, &rules),
        };
        let title = request.title.clone();
        match self.desk.change(team.clone(), request, make).await {
            Ok(changed) if changed.replayed => self.undone_before(&team, &changed).await,
            Ok(changed) => {
                let ahead = u64::from(asked.validate_only && !changed.replayed);
                self.undone(&entry, (changed.revision() + ahead, title), &changed)
            }
            Err(Refusal::Obstructed { revision, obstacles }) => {
                Err(self.explained(&state.snapshot.id, revision, &obstacles).await?)
            }
            Err(other) => Err(other),
        }
    }

    async fn entry(&self, team: &TeamId, revision: u64, newest: u64) -> Result<LogEntry, Refusal> {
        let found = self.desk.log(team, revision, 1).await?.into_iter().next();
        found.ok_or_else(|| Refusal::NotFound {
            name: format!("{}/changes/{revision}", collection_name(team)),
            hint: format!("; the newest revision is {newest}"),
        })
    }

    /// Returns the newest change that the caller made and that changed anything.
    async fn own_last(&self, team: &TeamId, newest: u64) -> Result<LogEntry, Refusal> {
        let caller = self.desk.caller();
        let (mut next, mut looked_at) = (newest, 0);
        while next > 0 && looked_at < LOOKED_AT_MAX {
            let from = next.saturating_sub(READ_TOGETHER - 1).max(1);
            let limit = usize::try_from(next - from + 1).unwrap_or(usize::MAX);
            let entries = self.desk.log(team, from, limit).await?;
            looked_at += limit;
            next = from - 1;
            let own = |entry: &LogEntry| entry.actor == caller.name && !entry.changes.is_empty();
            if let Some(entry) = entries.into_iter().rev().find(own) {
                return Ok(entry);
            }
        }
        let subject = collection_name(team);
        let description = format!("none of the newest {LOOKED_AT_MAX} changes of {subject} is one of yours; name one");
        Err(Refusal::Precondition { reason: "NOT_UNDOABLE", subject, description })
    }

    /// Answers a retry: what the first call undid need not be what it would undo now.
    async fn undone_before(&self, team: &TeamId, changed: &Changed) -> Result<v1::UndoChangeResponse, Refusal> {
        let made = self.entry(team, changed.revision(), changed.revision()).await?;
        let undone = undone_revision(&made).ok_or(Refusal::BrokenOff)?;
        let entry = self.entry(team, undone, made.revision).await?;
        self.undone(&entry, (made.revision, made.title), changed)
    }

    fn undone(
        &self,
        entry: &LogEntry,
        (revision, title): (u64, String),
        changed: &Changed,
    ) -> Result<v1::UndoChangeResponse, Refusal> {
        let (team, caller) = (&changed.state.snapshot, self.desk.caller());
        let audience = self.desk.audience(team)?;
        let filter = Filter::default();
        let told = Told { team, rules: self.desk.rules(), audience: &audience, filter: &filter };
        let made = LogEntry {
            revision,
            time: changed.time,
            actor: caller.name.clone(),
            on_behalf_of: changed.concerned().filter(|resident| caller.resident() != Some(resident)),
            title,
            changes: changed.logged(),
            ..entry.clone()
        };
        let lost = made.changes.iter().filter_map(|change| match &change.key {
            ObjectKey::TimeOff(id) if change.before.is_none() => Some(id.full(&team.id)),
            _ => None,
        });
        Ok(v1::UndoChangeResponse {
            undone: told.change(entry)?,
            change: told.change(&made)?,
            without_details: lost.collect(),
            context: Some(read_context(&self.desk, team, changed.time)),
        })
    }

    /// Returns the refusal of an undo with everything that stands in its way, each with its name and the changes that
    /// it came with.
    async fn explained(&self, team: &TeamId, revision: u64, obstacles: &[Obstacle]) -> Result<Refusal, Refusal> {
        let later = self.later(team, revision, obstacles).await?;
        let violations = obstacles.iter().map(|obstacle| match obstacle {
            Obstacle::Changed(key) => {
                let (count, last) = later.get(key).map_or((0, &[][..]), |(count, last)| (*count, last.as_slice()));
                (full_name(team, key), changed_since(count, last))
            }
            Obstacle::Named { key, by, revision, time } => {
                let gone = full_name(team, key);
                let description =
                    format!("names {gone}, which would be gone; it is as revision {revision} of {time} left it");
                (full_name(team, by), description)
            }
            Obstacle::Invalid { key, reason } => (full_name(team, key), format!("can no longer be so: {reason}")),
        });
        Ok(Refusal::Preconditions {
            reason: "LATER_CHANGES",
            message: format!(
                "revision {revision} cannot be undone any more; undo first, or change, what came after it"
            ),
            violations: violations.collect(),
        })
    }

    /// Returns how often each object was changed since, and the last times.
    async fn later(
        &self,
        team: &TeamId,
        revision: u64,
        obstacles: &[Obstacle],
    ) -> Result<BTreeMap<ObjectKey, (usize, Vec<Later>)>, Refusal> {
        let changed = |obstacle: &Obstacle| match obstacle {
            Obstacle::Changed(key) => Some((key.clone(), (0, Vec::new()))),
            _ => None,
        };
        let mut found: BTreeMap<ObjectKey, (usize, Vec<Later>)> = obstacles.iter().filter_map(changed).collect();
        let mut next = revision + 1;
        while !found.is_empty() {
            let entries = self.desk.log(team, next, usize::try_from(READ_TOGETHER).unwrap_or(1)).await?;
            let Some(last) = entries.last() else { break };
            next = last.revision + 1;
            for entry in &entries {
                for change in &entry.changes {
                    let Some((count, last)) = found.get_mut(&change.key) else { continue };
                    *count += 1;
                    if last.len() == LATER_SHOWN {
                        last.remove(0);
                    }
                    let (title, actor) = (entry.title.clone(), entry.actor.clone());
                    last.push(Later { revision: entry.revision, title, actor, time: entry.time });
                }
            }
        }
        Ok(found)
    }
}

/// Says by which changes something is not any more as it was.
fn changed_since(count: usize, last: &[Later]) -> String {
    let told = last
        .iter()
        .map(|later| format!("revision {} ({}, by {}, {})", later.revision, later.title, later.actor, later.time));
    let told = told.collect::<Vec<_>>().join(", ");
    match count - last.len() {
        _ if last.is_empty() => "is not any more as that left it: time has passed".to_owned(),
        0 => format!("was changed since by {told}"),
        more => format!("was changed since {more} times and then by {told}"),
    }
}
