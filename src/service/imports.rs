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
use crate::ical::import::{Absences, Reading, Wanted, absences};
use crate::model::{Object, ObjectKey, ResidentId, TeamId, TimeOffKind, ZoneName};
use crate::proto::v1;
use crate::roster::imports::{ABSENCES_MAX, ResidentCalendar, goes_on, window};
use crate::roster::{Changed, Draft, Refusal, TeamState};

/// What is to be imported, as it was read.
struct Import {
    team: TeamId,
    resident: ResidentId,
    name: String,
    kind: TimeOffKind,
    zone: ZoneName,
    read: Absences,
}

impl Import {
    fn calendar(&self) -> ResidentCalendar<'_> {
        ResidentCalendar { resident: &self.resident, name: &self.name, kind: self.kind, read: &self.read }
    }
}

/// A resident, and the team as it is.
type Whose = (TeamId, ResidentId, Arc<TeamState>);

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
        let wanted = read_choice(asked.events.as_ref(), &mut fields);
        let kind = match asked.kind {
            0 => Some(TimeOffKind::Vacation),
            kind => fields.parse("kind", read_kind(kind)),
        };
        let whose = fields.take_or_later(self.whose(&asked.resident));
        let ((request, kind), whose) = fields.finish("resident", request.zip(kind).zip(whose))?;
        let import = Arc::new(self.read(&asked, whose, kind, wanted).await?);
        let (rules, stated) = (Arc::clone(self.desk.rules()), Arc::clone(&import));
        let changed = self.desk.change(import.team.clone(), request, move |team, change| {
            if team.home_zone_of(&stated.resident, change.time) != Some(&stated.zone) {
                // They moved while the calendar was read.
                return Err(Refusal::Contention);
            }
            let mut draft = Draft::new(team, change, &rules);
            stated.calendar().state(&mut draft, change.time, &rules)?;
            draft.finish()
        });
        self.imported(&import, &changed.await?)
    }

    /// Finds the resident whose time off a caller may import.
    fn whose(&self, name: &str) -> Result<Whose, Refusal> {
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
        Ok((team, resident, state))
    }

    /// Reads a calendar, before anybody has to wait for it.
    async fn read(
        &self,
        asked: &v1::ImportTimeOffRequest,
        (team, resident, state): Whose,
        kind: TimeOffKind,
        wanted: Wanted,
    ) -> Result<Import, Refusal> {
        let (rules, now) = (Arc::clone(self.desk.rules()), self.desk.now());
        let zone = state.snapshot.home_zone_of(&resident, now).cloned();
        let (Some(zone), Some(window)) = (zone, window(now)) else { return Err(Refusal::BrokenOff) };
        let (bytes, days, key) = (asked.calendar.clone(), zone.clone(), state.snapshot.identities());
        let read = tokio::task::spawn_blocking(move || {
            let reading = Reading { rules: &rules, zone: &days, window, key: &key, wanted: &wanted };
            absences(&bytes, &reading)
        });
        let read = read.await.map_err(|_| Refusal::BrokenOff)?;
        let read = read.map_err(|unreadable| Refusal::field("calendar", unreadable.to_string()))?;
        let count = read.taken.len();
        if count > ABSENCES_MAX {
            let reason = format!(
                "has {count} absences, and at most {ABSENCES_MAX} are taken; choose which events count, or export less"
            );
            return Err(Refusal::field("calendar", reason));
        }
        Ok(Import { team, resident, name: asked.calendar_name.clone(), kind, zone, read })
    }

    /// Tells what became of a calendar.
    fn imported(&self, import: &Import, changed: &Changed) -> Result<v1::ImportTimeOffResponse, Refusal> {
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
