//! `TimeOffService`.

use onduty::proto::v1;

use super::case::{Case, Cases, Edit};
use super::overrides::SPAN;
use super::values::{date, interval, long, resident};
use crate::api::entered::harness::{NOW, at, days, instants};

pub fn cases() -> Vec<Case> {
    let entries = [create(), get(), list(), update(), delete()];
    entries.into_iter().chain([mark(), end(), erase(), back(), import()]).flatten().collect()
}

/// Two days off for asa.
pub fn vacation() -> v1::TimeOff {
    v1::TimeOff {
        name: "teams/psf/timeOff/away".to_owned(),
        resident: resident("asa"),
        span: Some(days("2026-11-25", "2026-11-26", "")),
        kind: v1::TimeOffKind::Vacation.into(),
        ..Default::default()
    }
}

fn elsewhere(zone: &str) -> v1::TimeOff {
    v1::TimeOff {
        kind: v1::TimeOffKind::Travel.into(),
        effect: v1::TimeOffEffect::WorkingElsewhere.into(),
        elsewhere_zone: Some(zone.to_owned()),
        ..vacation()
    }
}

fn recurring(rule: &str, excepted_dates: Vec<onduty::proto::google_type::Date>) -> Option<v1::Recurrence> {
    Some(v1::Recurrence { rule: rule.to_owned(), excepted_dates })
}

fn dates(dates: &[(i32, i32, i32)]) -> Vec<onduty::proto::google_type::Date> {
    dates.iter().filter_map(|(year, month, day)| date(*year, *month, *day)).collect()
}

const ENTRY: &[Edit<v1::TimeOff>] = &[
    ("resident", |e| e.resident.clear()),
    ("resident", |e| e.resident = "asa".to_owned()),
    ("resident", |e| e.resident = resident("ada")),
    ("resident", |e| e.resident = resident(&long(64))),
    ("resident", |e| e.resident = "teams/other/residents/asa".to_owned()),
    ("kind", |e| e.kind = 0),
    ("kind", |e| e.kind = 99),
    ("effect", |e| e.effect = 99),
    ("effect", |e| *e = v1::TimeOff { kind: v1::TimeOffKind::Sick.into(), ..elsewhere("Asia/Tokyo") }),
    ("elsewhere_zone", |e| e.elsewhere_zone = Some("Asia/Tokyo".to_owned())),
    ("elsewhere_zone", |e| *e = elsewhere("")),
    ("elsewhere_zone", |e| *e = elsewhere("Tokyo")),
    ("note", |e| e.note = long(2_001)),
    ("recurrence.rule", |e| e.recurrence = recurring("", vec![])),
    ("recurrence.rule", |e| e.recurrence = recurring("FREQ=HOURLY", vec![])),
    ("recurrence.rule", |e| e.recurrence = recurring(&format!("FREQ=DAILY{}", " ".repeat(500)), vec![])),
    ("recurrence.excepted_dates[1]", |e| {
        e.recurrence = recurring("FREQ=WEEKLY", dates(&[(2026, 12, 2), (2026, 12, 2)]));
    }),
    ("recurrence.excepted_dates[0], recurrence.excepted_dates[1]", |e| {
        e.recurrence = recurring("FREQ=WEEKLY", dates(&[(2026, 2, 30), (0, 0, 0)]));
    }),
    ("recurrence.excepted_dates[0]", |e| e.recurrence = recurring("FREQ=WEEKLY", dates(&[(2201, 1, 1)]))),
    ("recurrence.excepted_dates", |e| {
        let days = (0..1_001).filter_map(|n| date(2027 + n / 336, n % 336 / 28 + 1, n % 28 + 1));
        e.recurrence = recurring("FREQ=WEEKLY", days.collect());
    }),
    ("recurrence", |e| (e.recurrence, e.span) = (recurring("FREQ=WEEKLY", vec![]), Some(days("2026-11-25", "", "")))),
    ("recurrence", |e| {
        (e.recurrence, e.span) = (recurring("FREQ=WEEKLY", vec![]), Some(instants(NOW, "2026-11-24T08:00:00Z")));
    }),
];

fn create() -> Vec<Case> {
    let (parent, time_off_id) = ("teams/psf".to_owned(), "x".to_owned());
    Cases::of(v1::CreateTimeOffRequest { parent, time_off_id, time_off: Some(vacation()), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .id("time_off_id", |r| &mut r.time_off_id)
        .each("AlreadyExists RESOURCE_EXISTS", |r| &mut r.time_off_id, ["away".to_owned()])
        .each("resident, kind, span", |r| &mut r.time_off, [None])
        .part("", |r| r.time_off.get_or_insert_default(), ENTRY)
        .part("", |r| &mut r.time_off.get_or_insert_default().span, SPAN)
        .request_id(|r| &mut r.request_id)
        .done()
}

fn get() -> Vec<Case> {
    Cases::of(v1::GetTimeOffRequest { name: vacation().name }).name("name", "timeOff", |r| &mut r.name).done()
}

fn list() -> Vec<Case> {
    Cases::of(v1::ListTimeOffRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("residents", "residents/asa", |r| &mut r.residents)
        .open_window(|r| &mut r.interval)
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .when("parent, page_size, page_token, interval, residents[0]", |r| {
            let (page_size, page_token, interval) = (-1, "x".to_owned(), interval(5, 5));
            let residents = vec!["x".to_owned()];
            *r = v1::ListTimeOffRequest { page_size, page_token, interval, residents, ..Default::default() };
        })
        .done()
}

fn update() -> Vec<Case> {
    let update_mask = Some(pbjson_types::FieldMask { paths: vec!["*".to_owned()] });
    Cases::of(v1::UpdateTimeOffRequest { time_off: Some(vacation()), update_mask, ..Default::default() })
        .each("name", |r| &mut r.time_off, [None])
        .name("name", "timeOff", |r| &mut r.time_off.get_or_insert_default().name)
        .etag(|r| &mut r.time_off.get_or_insert_default().etag)
        .part("", |r| r.time_off.get_or_insert_default(), ENTRY)
        .part("", |r| &mut r.time_off.get_or_insert_default().span, SPAN)
        .when("resident", |r| r.time_off.get_or_insert_default().resident = resident("bo"))
        .mask(|r| &mut r.update_mask)
        .request_id(|r| &mut r.request_id)
        .done()
}

fn delete() -> Vec<Case> {
    Cases::of(v1::DeleteTimeOffRequest { name: vacation().name, ..Default::default() })
        .name("name", "timeOff", |r| &mut r.name)
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .done()
}

fn mark() -> Vec<Case> {
    let (parent, time_off_id) = ("teams/psf".to_owned(), "x".to_owned());
    Cases::of(v1::MarkAbsenceRequest { parent, time_off_id, time_off: Some(vacation()), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .id("time_off_id", |r| &mut r.time_off_id)
        .each("AlreadyExists RESOURCE_EXISTS", |r| &mut r.time_off_id, ["away".to_owned()])
        .each("resident, kind, span", |r| &mut r.time_off, [None])
        .part("", |r| r.time_off.get_or_insert_default(), ENTRY)
        .part("", |r| &mut r.time_off.get_or_insert_default().span, SPAN)
        .time("horizon_time", |r| &mut r.horizon_time)
        .each(
            "horizon_time",
            |r| &mut r.horizon_time,
            [Some(at("2026-11-24T23:00:00Z")), Some(at("2027-12-29T23:00:01Z"))],
        )
        .request_id(|r| &mut r.request_id)
        .when("request_id, horizon_time, resident", |r| {
            r.request_id = "x".to_owned();
            r.horizon_time.get_or_insert_default().seconds = -1_000_000;
            r.time_off.get_or_insert_default().resident.clear();
        })
        .done()
}

fn end() -> Vec<Case> {
    Cases::of(v1::EndTimeOffRequest { name: vacation().name, ..Default::default() })
        .name("name", "timeOff", |r| &mut r.name)
        .time("end_time", |r| &mut r.end_time)
        .when("FailedPrecondition TIME_OFF_NOT_IN_PROGRESS", |_| {})
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .when("request_id, end_time", |r| {
            r.request_id = "x".to_owned();
            r.end_time.get_or_insert_default().seconds = -1_000_000;
        })
        .done()
}

fn erase() -> Vec<Case> {
    Cases::of(v1::EraseTimeOffDetailsRequest { name: vacation().name, ..Default::default() })
        .name("name", "timeOff", |r| &mut r.name)
        .request_id(|r| &mut r.request_id)
        .when("request_id, name", |r| {
            *r = v1::EraseTimeOffDetailsRequest { request_id: "x".to_owned(), ..Default::default() };
        })
        .done()
}

fn back() -> Vec<Case> {
    Cases::of(v1::ComeBackRequest { resident: resident("asa"), ..Default::default() })
        .name("resident", "residents", |r| &mut r.resident)
        .time("back_time", |r| &mut r.back_time)
        .request_id(|r| &mut r.request_id)
        .when("request_id, resident, back_time", |r| {
            *r = v1::ComeBackRequest { request_id: "x".to_owned(), ..Default::default() };
            r.back_time.get_or_insert_default().seconds = -1_000_000;
        })
        .done()
}

fn import() -> Vec<Case> {
    use v1::event_choice::Which;

    let calendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20261207\nEND:VEVENT\nEND:VCALENDAR\n";
    let choice = |which| Some(v1::EventChoice { which: Some(which), ..Default::default() });
    let good = v1::ImportTimeOffRequest { resident: resident("asa"), calendar: calendar.into(), ..Default::default() };
    Cases::of(good)
        .name("resident", "residents", |r| &mut r.resident)
        .each("calendar", |r| &mut r.calendar, ["", "hello", "<html>", "\u{feff}"].map(Into::into))
        .each("calendar_name", |r| &mut r.calendar_name, [long(201), "a\u{202e}b".to_owned()])
        .each("kind", |r| &mut r.kind, [99, -1])
        .each(
            "events.category",
            |r| &mut r.events,
            ["", " ", &long(201)].map(|text| choice(Which::Category(text.to_owned()))),
        )
        .each("events.title", |r| &mut r.events, ["", &long(201)].map(|text| choice(Which::Title(text.to_owned()))))
        .request_id(|r| &mut r.request_id)
        .when("request_id, calendar, calendar_name, events.title, kind, resident", |r| {
            *r = v1::ImportTimeOffRequest {
                request_id: "x".to_owned(),
                calendar_name: long(201),
                events: choice(Which::Title(String::new())),
                kind: 99,
                ..Default::default()
            };
        })
        .done()
}
