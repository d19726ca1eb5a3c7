//! calendar: residents' own calendars, which the server fetches.

use std::io::Read as _;

use onduty::proto::v1::{
    Calendar, CreateCalendarRequest, DeleteCalendarRequest, ListCalendarsRequest, RefreshCalendarRequest,
};

use super::absences::{choice, kind};
use crate::args::{CalendarAdd, CalendarArgs, CalendarCommand, CalendarRefresh, CalendarRemove};
use crate::connect::{call, list};
use crate::failure::Failure;
use crate::session::Session;
use crate::show;

/// An address is never longer.
const ADDRESS_BYTES_MAX: u64 = 10_000;

/// `onduty calendar`
pub async fn run(session: &Session, args: CalendarArgs) -> Result<(), Failure> {
    match args.command {
        CalendarCommand::Add(args) => add(session, args).await,
        CalendarCommand::List => calendars(session).await,
        CalendarCommand::Refresh(args) => refresh(session, args).await,
        CalendarCommand::Remove(args) => remove(session, args).await,
    }
}

async fn add(session: &Session, args: CalendarAdd) -> Result<(), Failure> {
    let calendar = Calendar {
        resident: session.resident(args.resident.as_deref()).await?,
        display_name: args.name,
        address: address(args.address)?,
        kind: args.choice.kind.map(kind).unwrap_or_default().into(),
        events: Some(choice(args.choice)),
        ..Calendar::default()
    };
    let parent = session.team().await?.to_owned();
    let asked = CreateCalendarRequest { parent, calendar: Some(calendar), validate_only: args.dry_run };
    // Not repeated: it would be there already.
    let made = session.connection.calendars().create_calendar(asked).await.map_err(Failure::from)?.into_inner();
    session.answer(&made, |made, view| show::subscribed(made, args.dry_run, view)).await
}

/// Returns an address as it was given, or as standard input has it.
fn address(given: String) -> Result<String, Failure> {
    if given != "-" {
        return Ok(given);
    }
    let mut text = String::new();
    let read = std::io::stdin().lock().take(ADDRESS_BYTES_MAX).read_to_string(&mut text);
    read.map_err(|error| Failure::io("standard input", error, "write the address to it, in one line"))?;
    Ok(text.trim().to_owned())
}

async fn calendars(session: &Session) -> Result<(), Failure> {
    let asked = ListCalendarsRequest { parent: session.team().await?.to_owned(), ..ListCalendarsRequest::default() };
    let answer = list!(session, calendars.list_calendars, asked, calendars);
    session.answer(&answer, show::calendars).await
}

async fn refresh(session: &Session, args: CalendarRefresh) -> Result<(), Failure> {
    let request = RefreshCalendarRequest { name: session.child("calendars", &args.id).await? };
    let answer = session.connection.calendars().refresh_calendar(request).await.map_err(Failure::from)?.into_inner();
    session.answer(&answer, show::refreshed).await
}

async fn remove(session: &Session, args: CalendarRemove) -> Result<(), Failure> {
    let request = DeleteCalendarRequest {
        name: session.child("calendars", &args.id).await?,
        keep_time_off: args.keep,
        validate_only: args.dry_run,
    };
    let answer = call!(session, calendars.delete_calendar, request)?;
    session.answer(&answer, |answer, view| show::unsubscribed(answer, &args.id, args.dry_run, view)).await
}
