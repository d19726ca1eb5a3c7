//! `CalendarService`: residents' own calendars, fetched from where they are.

use std::sync::Arc;

use super::attend::attend;
use super::convert::calendar::{choice, read_choice};
use super::convert::time::timestamp;
use super::convert::time_off::kind;
use super::entry::serve;
use super::imports::read_new_kind;
use super::names::{Name as _, team_name};
use super::paging::Paging;
use super::request::{Fields, read_request_id, request_of};
use super::time_off::TimeOffs;
use super::tokens::read_name;
use crate::access::{Audience, Denial};
use crate::ical::import::Absences;
use crate::model::{Calendar, CalendarAddress, CalendarId, CalendarState, Entered, ResidentId, TeamId, TeamSnapshot};
use crate::proto::v1;
use crate::proto::v1::calendar_service_server::CalendarService;
use crate::roster::imports::Import;
use crate::roster::{Calendars as Kept, Change, Changed, Desk, Fetched, Look, Reason, Refusal, Unreachable};

/// Subscribes to calendars, and lists, reads and ends them.
#[derive(Clone)]
pub struct Calendars {
    desk: Desk,
    kept: Kept,
}

impl Calendars {
    /// Returns the service over the calendars that are kept.
    #[must_use]
    pub fn new(desk: Desk, kept: Kept) -> Self {
        Self { desk, kept }
    }

    async fn create(&self, asked: v1::CreateCalendarRequest) -> Result<v1::CreateCalendarResponse, Refusal> {
        let message = asked.calendar.unwrap_or_default();
        let mut fields = Fields::default();
        let team = fields.take(team_name("parent", &asked.parent));
        let calendar = self.read(&message, team.as_ref(), &mut fields);
        let (calendar, team) = fields.finish("calendar.address", calendar.zip(team))?;
        self.check_resident(&team, &calendar.resident)?;
        // Refused before anything is fetched on anybody's behalf.
        self.kept.create(&self.desk.caller(), calendar.clone(), true).await?;
        let fetched = self.kept.fetch(&calendar, Reason::Asked).await.map_err(|why| unreachable(&team, why))?;
        let Fetched { import, state } = fetched.ok_or(Refusal::BrokenOff)?;
        if !self.kept.may_go_on(&self.desk.caller()) {
            return Err(Refusal::Denied(Denial::BadToken));
        }
        self.check_resident(&team, &calendar.resident)?;
        let (calendar, import) = (Calendar { state, ..calendar }, Arc::new(import));
        if !asked.validate_only {
            // What it says must not be refused once the calendar is kept.
            self.enter(&import, "subscribe to a calendar", true).await?;
        }
        let (id, entry) = self.kept.create(&self.desk.caller(), calendar, asked.validate_only).await?;
        let changed = self.enter(&import, "subscribe to a calendar", asked.validate_only).await?;
        let imported = Some(self.time_off().imported(&import, &changed)?);
        Ok(v1::CreateCalendarResponse { calendar: Some(self.view(&id, &entry)), imported })
    }

    fn list(&self, asked: v1::ListCalendarsRequest) -> Result<v1::ListCalendarsResponse, Refusal> {
        let mut fields = Fields::default();
        let team = fields.take(team_name("parent", &asked.parent));
        let bare = v1::ListCalendarsRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        let team = fields.finish("parent", team)?;
        let audience = self.desk.audience(&self.desk.team(&team)?.snapshot)?;
        let seen = self.kept.all().into_iter();
        let seen = seen.filter(|(_, entry)| entry.value.team == team && is_seen(&entry.value, &audience));
        let page = paging.page(seen, |(id, entry)| format!("{:020} {id}", entry.meta.created.revision));
        let calendars = page.items.iter().map(|(id, entry)| self.view(id, entry)).collect();
        Ok(v1::ListCalendarsResponse { calendars, next_page_token: page.next_page_token })
    }

    async fn refresh(&self, asked: v1::RefreshCalendarRequest) -> Result<v1::RefreshCalendarResponse, Refusal> {
        let (_, id, entry) = self.find(&asked.name)?;
        if !self.kept.stands(&entry) {
            return Err(Refusal::not_found(asked.name));
        }
        let imported = match self.kept.look(&id, &entry).await? {
            Look::Unchanged => None,
            Look::Read(read) => Some(self.time_off().imported(&read.0, &read.1)?),
        };
        let entry = self.kept.get(&id).unwrap_or(entry);
        Ok(v1::RefreshCalendarResponse { calendar: Some(self.view(&id, &entry)), imported })
    }

    async fn delete(&self, asked: v1::DeleteCalendarRequest) -> Result<v1::DeleteCalendarResponse, Refusal> {
        let (team, id, entry) = self.find(&asked.name)?;
        let Calendar { resident, name, kind, .. } = entry.value;
        // First, so that nobody enters what it says after its time off is gone.
        self.kept.delete(&self.desk.caller(), &id, asked.validate_only).await?;
        if asked.keep_time_off || !team.residents.contains_key(&resident) {
            return Ok(v1::DeleteCalendarResponse::default());
        }
        // As if it had no events.
        let import = Arc::new(Import::of((&team, resident), name, kind, Absences::default(), self.desk.now()));
        let changed = self.enter(&import, "delete a calendar", asked.validate_only).await?;
        Ok(v1::DeleteCalendarResponse { gone: self.time_off().imported(&import, &changed)?.gone })
    }

    /// Reads a calendar that is to be subscribed to.
    fn read(&self, message: &v1::Calendar, team: Option<&TeamId>, fields: &mut Fields) -> Option<Calendar> {
        let name = read_name("calendar.display_name", &message.display_name, fields);
        let address = match message.address.as_str() {
            "" => {
                fields.add("calendar.address", "is missing; give where the calendar is, from https:// on");
                None
            }
            text => fields.parse("calendar.address", self.kept.address(text)),
        };
        let wanted = read_choice("calendar.events", message.events.as_ref(), fields);
        let kind = read_new_kind("calendar.kind", message.kind, fields);
        let resident = |team| fields.take_one(ResidentId::reference("calendar.resident", &message.resident, team));
        let resident = team.and_then(resident);
        let address = CalendarAddress::new(address?.expose());
        let (team, state) = (team?.clone(), CalendarState::default());
        Some(Calendar { team, resident: resident?, name, address, wanted, kind: kind?, state })
    }

    /// Refuses what is not for this caller, and a resident who is not with the team.
    fn check_resident(&self, team: &TeamId, resident: &ResidentId) -> Result<(), Refusal> {
        let state = self.desk.team(team)?;
        if let Audience::Resident(own) = self.desk.audience(&state.snapshot)?
            && own != *resident
        {
            return Err(Refusal::Denied(Denial::Forbidden));
        }
        let known = &state.snapshot.residents;
        if known.get(resident).is_some_and(|kept| kept.versions.goes_on(self.desk.now())) {
            return Ok(());
        }
        let hint = crate::model::validate::suggestion(resident.as_str(), known.keys());
        let reason = format!("there is no {} with the team{hint}", resident.full(team));
        Err(Refusal::field("calendar.resident", reason))
    }

    /// Returns the calendar of that name, and its team, if the caller may know of it.
    fn find(&self, name: &str) -> Result<(TeamSnapshot, CalendarId, Entered<Calendar>), Refusal> {
        let (team, id) = CalendarId::read("name", name)?;
        let state = self.desk.state(&team)?;
        let audience = self.desk.audience(&state.snapshot)?;
        let entry = self.kept.get(&id).filter(|entry| entry.value.team == team && is_seen(&entry.value, &audience));
        let entry = entry.ok_or_else(|| Refusal::not_found(name))?;
        Ok((state.snapshot.clone(), id, entry))
    }

    /// Enters what a calendar says, as the caller.
    async fn enter(&self, import: &Arc<Import>, title: &str, validate_only: bool) -> Result<Changed, Refusal> {
        let (id, _) = read_request_id("");
        let request = request_of(&(), id, title.to_owned(), validate_only);
        let (rules, stated) = (Arc::clone(self.desk.rules()), Arc::clone(import));
        let make = move |team: &TeamSnapshot, change: Change| stated.changes(team, change, &rules);
        self.desk.change(import.team.clone(), request, make).await
    }

    fn time_off(&self) -> TimeOffs {
        TimeOffs::new(self.desk.clone())
    }

    fn view(&self, id: &CalendarId, entry: &Entered<Calendar>) -> v1::Calendar {
        let calendar = &entry.value;
        let (read, next) = self.kept.looks(id, entry);
        let failure = calendar.state.failure.as_ref();
        let host = self.kept.address(calendar.address.expose());
        v1::Calendar {
            name: id.full(&calendar.team),
            resident: calendar.resident.full(&calendar.team),
            display_name: calendar.name.clone(),
            address: String::new(),
            host: host.map(|address| address.to_string()).unwrap_or_default(),
            events: Some(choice(&calendar.wanted)),
            kind: kind(calendar.kind) as i32,
            create_time: Some(timestamp(entry.meta.create_time)),
            read_time: read.map(timestamp),
            next_read_time: Some(timestamp(next)),
            failure: failure.map(|failure| failure.reason.clone()).unwrap_or_default(),
            failure_time: failure.map(|failure| timestamp(failure.since)),
        }
    }
}

/// Tells whether the caller may know of a calendar: their own, and a coordinator all of the team.
fn is_seen(calendar: &Calendar, audience: &Audience) -> bool {
    match audience {
        Audience::Coordinator => true,
        Audience::Resident(own) => *own == calendar.resident,
        Audience::Viewer | Audience::Public => false,
    }
}

fn unreachable(team: &TeamId, why: Unreachable) -> Refusal {
    match why {
        Unreachable::Busy(why) => Refusal::Busy(why),
        why => {
            let subject = format!("{} (calendar)", super::collection_name(team));
            Refusal::Precondition { reason: "CALENDAR_UNREACHABLE", subject, description: why.to_string() }
        }
    }
}

attend! { Calendars: desk; }

serve! { CalendarService for Calendars {
    create_calendar(v1::CreateCalendarRequest) -> v1::CreateCalendarResponse = create await;
    list_calendars(v1::ListCalendarsRequest) -> v1::ListCalendarsResponse = list;
    refresh_calendar(v1::RefreshCalendarRequest) -> v1::RefreshCalendarResponse = refresh await;
    delete_calendar(v1::DeleteCalendarRequest) -> v1::DeleteCalendarResponse = delete await;
} }
