//! `ChangeService`: the log of a team, newest first, as far as the caller may see it (semantics 9.1), and undoing.

use std::sync::Arc;

use super::change_views::{Told, read_object};
use super::convert::time::open_window;
use super::entry::serve;
use super::names::team_name;
use super::paging::Paging;
use super::request::Fields;
use crate::civil::{Instant, Interval};
use crate::model::{ObjectKey, TeamId};
use crate::proto::v1;
use crate::proto::v1::change_service_server::ChangeService;
use crate::roster::{Desk, LogEntry, Refusal, TeamState};

/// How many entries of the log are read at once.
pub(super) const READ_TOGETHER: u64 = 64;
/// How many entries, and objects in them, are looked at for one page.
pub(super) const LOOKED_AT_MAX: usize = 10_000;
/// How many objects a page has, beside those of its last change.
const OBJECTS_MAX: usize = 2_000;
/// The longest name of an actor, in characters.
const ACTOR_MAX: usize = 200;

/// Tells what was changed.
#[derive(Clone)]
pub struct Changes {
    pub(super) desk: Desk,
}

/// What a list of changes is narrowed by.
#[derive(Default)]
pub(super) struct Filter {
    /// Who made them; nobody is anybody.
    actors: Vec<String>,
    /// What they changed; nothing is anything.
    pub objects: Vec<ObjectKey>,
}

impl Filter {
    fn read(asked: &v1::ListChangesRequest, team: Option<&TeamId>, fields: &mut Fields) -> Self {
        for (index, actor) in asked.actors.iter().enumerate() {
            let length = actor.chars().count();
            match length {
                0 => fields.add(format!("actors[{index}]"), "is empty; give a name as the log has it"),
                1..=ACTOR_MAX => {}
                _ => fields.add(format!("actors[{index}]"), format!("has {length} characters; at most {ACTOR_MAX}")),
            }
        }
        let objects = asked.objects.iter().enumerate();
        let objects =
            objects.filter_map(|(index, name)| fields.take(read_object(&format!("objects[{index}]"), name, team)));
        Self { objects: objects.collect(), actors: asked.actors.clone() }
    }

    /// Tells whether a change is asked for by who made it.
    fn wants(&self, entry: &LogEntry) -> bool {
        self.actors.is_empty() || self.actors.contains(&entry.actor)
    }
}

impl Changes {
    /// Returns the service over `desk`.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    async fn list(&self, asked: v1::ListChangesRequest) -> Result<v1::ListChangesResponse, Refusal> {
        let mut fields = Fields::default();
        let team = fields.take(team_name("parent", &asked.parent));
        let bare = v1::ListChangesRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let window = fields.take(open_window("interval", asked.interval.as_ref()));
        let filter = Filter::read(&asked, team.as_ref(), &mut fields);
        let after = paging.after().map(str::parse::<u64>).transpose();
        let after = fields.parse("page_token", after.map_err(|_| "is not a token that this server gave"));
        let (team, window) = fields.finish("parent", team.zip(window))?;
        let state = self.team(&team)?;
        let newest = match after.flatten() {
            Some(after) => after.saturating_sub(1).min(state.snapshot.revision),
            None => state.snapshot.revision,
        };
        self.page(&state, (newest, window), &filter, &paging).await
    }

    /// Finds a team, also one that has ended.
    pub(super) fn team(&self, team: &TeamId) -> Result<Arc<TeamState>, Refusal> {
        let state = self.desk.state(team)?;
        if state.snapshot.revision > 0 { Ok(state) } else { self.desk.team(team) }
    }

    /// Reads the log backwards from `newest` on until the page is full, or enough was looked at.
    async fn page(
        &self,
        state: &TeamState,
        (newest, window): (u64, Interval),
        filter: &Filter,
        paging: &Paging,
    ) -> Result<v1::ListChangesResponse, Refusal> {
        let team = &state.snapshot;
        let audience = self.desk.audience(team)?;
        let told = Told { team, rules: self.desk.rules(), audience: &audience, filter };
        let mut page = v1::ListChangesResponse::default();
        let (mut looked_at, mut objects) = (0, 0);
        let mut next = newest_before(&self.desk, &team.id, newest, window.end()).await?;
        while next > 0 {
            let from = next.saturating_sub(READ_TOGETHER - 1).max(1);
            let limit = usize::try_from(next - from + 1).unwrap_or(usize::MAX);
            let entries = self.desk.log(&team.id, from, limit).await?;
            if entries.is_empty() {
                break;
            }
            for entry in entries.iter().rev() {
                if entry.time < window.start() {
                    return Ok(page);
                }
                next = entry.revision - 1;
                looked_at += 1 + entry.changes.len();
                if let Some(change) = filter.wants(entry).then(|| told.change(entry)).transpose()?.flatten() {
                    objects += change.objects.len();
                    page.changes.push(change);
                }
                if page.changes.len() >= paging.size() || objects >= OBJECTS_MAX || looked_at >= LOOKED_AT_MAX {
                    page.next_page_token =
                        if next > 0 { paging.token(&entry.revision.to_string()) } else { String::new() };
                    return Ok(page);
                }
            }
        }
        Ok(page)
    }
}

/// Returns the newest revision, up to `newest`, that was made before `end`; 0 where there is none. Times in a log never go
/// back.
pub(super) async fn newest_before(desk: &Desk, team: &TeamId, newest: u64, end: Instant) -> Result<u64, Refusal> {
    if end == Instant::MAX {
        return Ok(newest);
    }
    let (mut before, mut not_before) = (0, newest + 1);
    while not_before - before > 1 {
        let middle = before + (not_before - before) / 2;
        let entries = desk.log(team, middle, 1).await?;
        match entries.first().is_some_and(|entry| entry.time < end) {
            true => before = middle,
            false => not_before = middle,
        }
    }
    Ok(before)
}

serve! { ChangeService for Changes {
    list_changes(v1::ListChangesRequest) -> v1::ListChangesResponse = list await;
    undo_change(v1::UndoChangeRequest) -> v1::UndoChangeResponse = undo await;
} }
