//! Calendars that the server fetches, and what came of it.

use onduty::proto::v1::{
    Calendar, CreateCalendarResponse, DeleteCalendarResponse, ImportTimeOffResponse, ListCalendarsResponse,
    RefreshCalendarResponse,
};

use super::imports::imported;
use super::table::{Cell, Table};
use super::{ALARM, FAINT, GOOD, HEADING, View, plain, styled};
use crate::{names, spans};

/// Returns a calendar that was subscribed to, or would be, with what was read.
pub fn subscribed(made: &CreateCalendarResponse, dry_run: bool, view: &View) -> String {
    let calendar = made.calendar.clone().unwrap_or_default();
    let heading = if dry_run { styled(HEADING, "Would be fetched:") } else { styled(GOOD, "Fetched from now on:") };
    let id = if dry_run { String::new() } else { format!(" ({})", plain(names::id(&calendar.name))) };
    let line = format!("{heading} {} from {}{id}", plain(&calendar.display_name), plain(&calendar.host));
    let read = made.imported.clone().unwrap_or_default();
    format!("{}\n{}", view.wrapped(&line, 2), imported(&read, &calendar.resident, dry_run, view))
}

/// Returns what came of looking at a calendar.
pub fn refreshed(answer: &RefreshCalendarResponse, view: &View) -> String {
    let calendar = answer.calendar.clone().unwrap_or_default();
    match &answer.imported {
        Some(read) => imported(read, &calendar.resident, false, view),
        None => {
            let host = plain(&calendar.host);
            view.wrapped(&format!("Nothing has changed in {}, says {host}.\n", plain(&calendar.display_name)), 2)
        }
    }
}

/// Returns what went with a calendar, or would go.
pub fn unsubscribed(answer: &DeleteCalendarResponse, id: &str, dry_run: bool, view: &View) -> String {
    let heading = if dry_run { styled(HEADING, "Would be removed:") } else { styled(GOOD, "Removed:") };
    let rest = match answer.gone.len() {
        0 => "no time off goes with it.",
        _ => "this time off goes with it:",
    };
    let text = format!("{heading} {}; {rest}\n", plain(id));
    let read = ImportTimeOffResponse { gone: answer.gone.clone(), ..ImportTimeOffResponse::default() };
    format!("{text}{}", super::imports::changed(&read, view))
}

/// Returns calendars as a table.
pub fn calendars(answer: &ListCalendarsResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "NAME", "WHOSE", "FROM", "READ", "NEXT"]);
    for calendar in &answer.calendars {
        table.row([
            names::id(&calendar.name).into(),
            (&calendar.display_name).into(),
            view.person(&calendar.resident).into(),
            host(calendar).into(),
            Cell::styled(
                FAINT,
                calendar.read_time.as_ref().map_or("never".to_owned(), |at| view.time(spans::instant(at))),
            ),
            Cell::styled(
                FAINT,
                calendar.next_read_time.as_ref().map(|at| view.time(spans::instant(at))).unwrap_or_default(),
            ),
        ]);
    }
    if table.is_empty() {
        return format!("No calendar.\n{}\n", view.typed("To have yours fetched", "calendar add NAME ADDRESS"));
    }
    let mut text = format!("{}\n\n{}", view.zone_now(), table.text(view.width));
    for calendar in answer.calendars.iter().filter(|calendar| !calendar.failure.is_empty()) {
        let since = calendar.failure_time.as_ref().map(|at| format!(" since {}", view.time(spans::instant(at))));
        let line = format!(
            "{} {}{}: {}. What it said before stays.",
            styled(ALARM, "Cannot be read:"),
            plain(&calendar.display_name),
            since.unwrap_or_default(),
            plain(&calendar.failure)
        );
        text += &format!("\n{}\n", view.wrapped(&line, 2));
    }
    text
}

fn host(calendar: &Calendar) -> String {
    plain(calendar.host.split_once("://").map_or(calendar.host.as_str(), |(_, host)| host))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{resident, stripped, view};
    use super::*;

    #[test]
    fn a_calendar_that_cannot_be_read_says_why() {
        let at = |text: &str| Some(spans::timestamp(text.parse().unwrap()));
        let good = Calendar {
            name: "teams/psf/calendars/cal-4k2mz".to_owned(),
            resident: resident("asa"),
            display_name: "private".to_owned(),
            host: "https://calendar.example.org".to_owned(),
            read_time: at("2026-11-23T12:05:00Z"),
            next_read_time: at("2026-11-23T13:08:00Z"),
            ..Calendar::default()
        };
        let bad = Calendar {
            name: "teams/psf/calendars/cal-99xyz".to_owned(),
            display_name: "work".to_owned(),
            read_time: None,
            failure: "calendar.example.org answered 404: there is nothing at this address any more".to_owned(),
            failure_time: at("2026-11-22T12:05:00Z"),
            ..good.clone()
        };
        let answer = ListCalendarsResponse { calendars: vec![good, bad], ..ListCalendarsResponse::default() };
        insta::assert_snapshot!(stripped(&calendars(&answer, &view())), @r"
        Times in Europe/Warsaw (UTC+01:00)

        ID         NAME     WHOSE      FROM                  READ           NEXT
        cal-4k2mz  private  Åsa Öberg  calendar.example.org  Mon 23 Nov     Mon 23 Nov
                                                             13:05          14:08
        cal-99xyz  work     Åsa Öberg  calendar.example.org  never          Mon 23 Nov
                                                                            14:08

        Cannot be read: work since Sun 22 Nov 13:05: calendar.example.org answered 404:
          there is nothing at this address any more. What it said before stays.
        ");
    }
}
