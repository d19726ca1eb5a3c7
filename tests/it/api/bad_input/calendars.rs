//! `CalendarService`.

use onduty::proto::v1;
use onduty::proto::v1::event_choice::Which;

use super::case::{Case, Cases, Edit};
use super::values::{long, resident};

pub fn cases() -> Vec<Case> {
    [create(), list(), refresh(), delete()].into_iter().flatten().collect()
}

/// A calendar at an address that is not fetched from.
fn calendar() -> v1::Calendar {
    v1::Calendar {
        display_name: "private".to_owned(),
        resident: resident("asa"),
        address: "https://192.0.2.1/basic.ics".to_owned(),
        ..Default::default()
    }
}

fn choice(which: Which) -> Option<v1::EventChoice> {
    Some(v1::EventChoice { which: Some(which), ..Default::default() })
}

const CALENDAR: &[Edit<v1::Calendar>] = &[
    ("display_name", |c| c.display_name.clear()),
    ("display_name", |c| c.display_name = long(101)),
    ("display_name", |c| c.display_name = "a\u{202e}b".to_owned()),
    ("resident", |c| c.resident.clear()),
    ("resident", |c| c.resident = "asa".to_owned()),
    ("resident", |c| c.resident = "teams/other/residents/asa".to_owned()),
    ("resident", |c| c.resident = resident("ada")),
    ("address", |c| c.address.clear()),
    ("address", |c| c.address = "calendar.example.org".to_owned()),
    ("address", |c| c.address = "http://calendar.example.org/".to_owned()),
    ("address", |c| c.address = "ftp://calendar.example.org/".to_owned()),
    ("address", |c| c.address = "file:///etc/passwd".to_owned()),
    ("address", |c| c.address = "https://asa:word@calendar.example.org/".to_owned()),
    ("address", |c| c.address = "https:///basic.ics".to_owned()),
    ("address", |c| c.address = "https://0x7f.1/".to_owned()),
    ("address", |c| c.address = "https://calendar.example.org/\nX: y".to_owned()),
    ("address", |c| c.address = format!("https://calendar.example.org/{}", long(2_000))),
    ("events.category", |c| c.events = choice(Which::Category(" ".to_owned()))),
    ("events.title", |c| c.events = choice(Which::Title(long(201)))),
    ("kind", |c| c.kind = 99),
    ("display_name, address, kind", |c| {
        *c = v1::Calendar { kind: -1, resident: resident("asa"), ..Default::default() };
    }),
];

fn create() -> Vec<Case> {
    let good =
        v1::CreateCalendarRequest { parent: "teams/psf".to_owned(), calendar: Some(calendar()), validate_only: false };
    Cases::of(good)
        .part("calendar.", |request| request.calendar.get_or_insert_default(), CALENDAR)
        .each("parent", |request| &mut request.parent, ["", "psf", "teams/", "teams/P"].map(str::to_owned))
        .when("calendar.display_name, calendar.address, calendar.resident", |request| request.calendar = None)
        .when("FailedPrecondition CALENDAR_UNREACHABLE", |_| {})
        .when("NotFound RESOURCE_NOT_FOUND", |request| {
            request.parent = "teams/psff".to_owned();
            request.calendar.get_or_insert_default().resident = "teams/psff/residents/asa".to_owned();
        })
        .done()
}

fn list() -> Vec<Case> {
    Cases::of(v1::ListCalendarsRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .each("parent", |request| &mut request.parent, ["", "psf", "teams/", "teams/P"].map(str::to_owned))
        .page(|request| &mut request.page_size, |request| &mut request.page_token)
        .done()
}

fn names() -> ([String; 5], [String; 2]) {
    let malformed = ["", "cal-x", "teams/psf/calendars/", "teams/psf/feeds/cal-x", "teams/psf/calendars/C"];
    (malformed.map(str::to_owned), ["teams/psf/calendars/cal-aaaaa", "teams/none/calendars/cal-a"].map(str::to_owned))
}

fn refresh() -> Vec<Case> {
    let (malformed, missing) = names();
    Cases::of(v1::RefreshCalendarRequest::default())
        .each("name", |request| &mut request.name, malformed)
        .each("NotFound RESOURCE_NOT_FOUND", |request| &mut request.name, missing)
        .done()
}

fn delete() -> Vec<Case> {
    let (malformed, missing) = names();
    Cases::of(v1::DeleteCalendarRequest::default())
        .each("name", |request| &mut request.name, malformed)
        .each("NotFound RESOURCE_NOT_FOUND", |request| &mut request.name, missing)
        .done()
}
