//! Time off out of a resident's own calendar (semantics 7.3).

use std::sync::Arc;

use uuid::Uuid;

use super::convert::calendar::{Told, check_text, number, read_choice, report};
use super::convert::time_off::read_kind;
use super::entry::Read;
use super::names::{Name, not_found};
use super::read_context;
use super::request::{Fields, request};
use super::time_off::TimeOffs;
use crate::access::{Audience, Denial};
use crate::model::{Object, ObjectKey, ResidentId, TeamSnapshot, TimeOffKind};
use crate::proto::v1;
use crate::roster::imports::{Import, ImportOf, Unusable, goes_on};
use crate::roster::{Change, Changed, Refusal, TeamState};

impl TimeOffs {
    pub(super) async fn import(&self, asked: v1::ImportTimeOffRequest) -> Result<v1::ImportTimeOffResponse, Refusal> {
        let bare = v1::ImportTimeOffRequest { request_id: String::new(), ..asked.clone() };
        let mut fields = Fields::default();
        let title = "import time off".to_owned();
        let request = fields.take(request(&bare, &asked.request_id, title, asked.validate_only));
        if asked.calendar.is_empty() {
            fields.add("calendar", "is missing; give the bytes of an .ics file");
        }
        check_text("calendar_name", &asked.calendar_name, &mut fields);
        let wanted = read_choice("events", asked.events.as_ref(), &mut fields);
        let kind = read_new_kind("kind", asked.kind, &mut fields);
        let whose = fields.take_or_later(self.whose(&asked.resident));
        let ((request, kind), whose) = fields.finish("resident", request.zip(kind).zip(whose))?;
        let (rules, now, (resident, state)) = (Arc::clone(self.desk.rules()), self.desk.now(), whose);
        let of = ImportOf { resident, name: asked.calendar_name, kind, wanted };
        let import = Import::read(asked.calendar, of, &state.snapshot, now, &rules).await?;
        let import = Arc::new(import.map_err(|Unusable(reason)| Refusal::field("calendar", reason))?);
        let stated = Arc::clone(&import);
        let make = move |team: &TeamSnapshot, change: Change| stated.changes(team, change, &rules);
        let changed = self.desk.change(import.team.clone(), request, make);
        self.imported(&import, &changed.await?)
    }

    /// Finds the resident whose time off a caller may import.
    fn whose(&self, name: &str) -> Result<(ResidentId, Arc<TeamState>), Refusal> {
        let (team, resident) = ResidentId::read("resident", name)?;
        let state = self.desk.team(&team)?;
        if let Audience::Resident(own) = self.desk.audience(&state.snapshot)?
            && own != resident
        {
            return Err(Refusal::Denied(Denial::Forbidden));
        }
        if !state.snapshot.residents.contains_key(&resident) {
            return Err(not_found(&resident, &team, &state.snapshot.residents));
        }
        Ok((resident, state))
    }

    /// Tells what became of a calendar.
    pub(super) fn imported(&self, import: &Import, changed: &Changed) -> Result<v1::ImportTimeOffResponse, Refusal> {
        let read = Read::after(&self.desk, changed)?;
        let (team, rules, calendar) = (read.snapshot(), self.desk.rules(), import.calendar());
        let mut entries = calendar.entries(team);
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for absence in &import.read.taken {
            match entries.remove(&absence.id) {
                Some((id, entry)) => taken.push(v1::ImportedTimeOff {
                    line: number(absence.line),
                    outcome: outcome(changed, &ObjectKey::TimeOff(id.clone())) as i32,
                    time_off: Some(self.became(&read, changed, id, entry)?),
                }),
                None => {
                    let reason = calendar.entry(absence, None, team, rules).err();
                    refused.extend(reason.map(|reason| (absence.line, reason)));
                }
            }
        }
        let mut kept = Vec::new();
        for (id, entry) in entries.into_values() {
            if goes_on(&entry.value, read.now, rules)? {
                kept.push(self.view(&read, id, entry)?);
            }
        }
        let (events, left) = (import.read.events, import.read.left.as_slice());
        let told = Told { events, left, remarks: &import.read.remarks, passed: import.read.passed };
        let gone = self.gone(&read, changed, calendar.id(team))?;
        let context = Some(read_context(&self.desk, team, read.now));
        Ok(v1::ImportTimeOffResponse { taken, gone, kept, report: Some(report(told, refused)), context })
    }

    /// Returns what a change removed or ended of a calendar.
    fn gone(&self, read: &Read, changed: &Changed, calendar: Uuid) -> Result<Vec<v1::GoneTimeOff>, Refusal> {
        let mut gone = Vec::new();
        for (key, before) in &changed.before {
            let Some(Object::TimeOff(id, before)) = before else { continue };
            if before.value.imported.is_none_or(|imported| imported.calendar != calendar) {
                continue;
            }
            let (entry, ended) = match changed.object(key) {
                None => (self.whole(read, id, before, None)?, false),
                Some(Object::TimeOff(_, after)) if after.value.ended == Some(changed.time) => {
                    (self.became(read, changed, id, after)?, true)
                }
                Some(_) => continue,
            };
            gone.push(v1::GoneTimeOff { time_off: Some(entry), ended });
        }
        gone.sort_by_key(|gone| gone.time_off.as_ref().map(|entry| (start(entry), entry.name.clone())));
        Ok(gone)
    }
}

fn start(entry: &v1::TimeOff) -> Option<i64> {
    Some(entry.interval.as_ref()?.start_time.as_ref()?.seconds)
}

/// Returns what a change did for an entry.
fn outcome(changed: &Changed, key: &ObjectKey) -> v1::ImportOutcome {
    match (changed.object_before(key), changed.object(key)) {
        (_, None) => v1::ImportOutcome::Unchanged,
        (None, Some(_)) => v1::ImportOutcome::Added,
        (Some(_), Some(_)) => v1::ImportOutcome::Moved,
    }
}

/// Reads what new absences are; vacation, where nothing is said.
pub(super) fn read_new_kind(field: &str, kind: i32, fields: &mut Fields) -> Option<TimeOffKind> {
    if kind == 0 { Some(TimeOffKind::Vacation) } else { fields.parse(field, read_kind(kind)) }
}
