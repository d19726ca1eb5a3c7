//! `OverrideService`.

use onduty::proto::v1;
use onduty::proto::v1::span::Form;
use pbjson_types::Timestamp;

use super::case::{Case, Cases, Edit};
use super::values::{NOT_FOUND, date, interval, long, resident};
use crate::api::entered::harness::{NOW, date_time, days, instants, local};

pub fn cases() -> Vec<Case> {
    [create(), get(), list(), update(), delete()].into_iter().flatten().collect()
}

fn duty(id: &str) -> String {
    format!("teams/psf/duties/{id}")
}

/// Bo for asa on a day of asa's week.
fn swap() -> v1::Override {
    v1::Override {
        name: "teams/psf/overrides/swap".to_owned(),
        duty: duty("review"),
        span: Some(days("2026-11-25", "2026-11-25", "")),
        by_resident: Some(resident("bo")),
        for_resident: Some(resident("asa")),
        ..Default::default()
    }
}

const ENTRY: &[Edit<v1::Override>] = &[
    ("duty", |e| e.duty.clear()),
    ("duty", |e| e.duty = "review".to_owned()),
    ("duty", |e| e.duty = duty("revue")),
    ("duty", |e| e.duty = duty(&long(64))),
    ("duty", |e| e.duty = "teams/other/duties/review".to_owned()),
    ("by_resident", |e| e.by_resident = Some("bo".to_owned())),
    ("by_resident", |e| e.by_resident = Some(resident("boo"))),
    ("by_resident", |e| e.by_resident = Some(resident(&long(64)))),
    ("by_resident", |e| e.by_resident = Some("teams/other/residents/bo".to_owned())),
    ("by_resident", |e| e.by_resident = Some(resident("asa"))),
    ("by_resident", |e| (e.by_resident, e.for_resident) = (Some(String::new()), None)),
    ("for_resident", |e| e.for_resident = Some(duty("asa"))),
    ("for_resident", |e| e.for_resident = Some(resident("ada"))),
    ("for_resident", |e| e.for_resident = Some(resident(&long(64)))),
    ("duty, for_resident", |e| (e.duty, e.for_resident) = (String::new(), Some(resident("ada")))),
    ("span", |e| e.span = Some(days("2026-11-25", "", ""))),
    ("span", |e| e.span = Some(local("2026-11-25T08:00", "", ""))),
    ("span", |e| e.span = Some(instants(NOW, ""))),
];

/// What can be wrong in the span of anything.
pub const SPAN: &[Edit<Option<v1::Span>>] = &[
    ("span", |s| *s = None),
    ("span", |s| *s = Some(v1::Span::default())),
    ("span.days.zone", |s| *s = Some(days("2026-11-25", "2026-11-25", "Mars/Olympus"))),
    ("span.days.last_date", |s| *s = Some(days("2026-11-25", "2026-11-24", ""))),
    ("span.days.last_date", |s| *s = Some(days("2026-11-25", "2201-01-01", ""))),
    ("span.days.first_date", |s| *s = Some(days("1969-12-31", "2026-11-25", ""))),
    ("span.days.first_date, span.days.last_date", |s| {
        let days = v1::DaySpan { first_date: None, last_date: date(2026, 2, 30), zone: String::new() };
        *s = Some(v1::Span { form: Some(Form::Days(days)) });
    }),
    ("span.local.end", |s| *s = Some(local("2026-11-25T08:00", "2026-11-25T08:00", ""))),
    ("span.local.end", |s| *s = Some(local("2026-11-25T08:00", "2201-01-01T08:00", ""))),
    ("span.local.zone", |s| *s = Some(local("2026-11-25T08:00", "2026-11-25T09:00", "X"))),
    ("span.local.start", |s| *s = Some(local("1969-11-25T08:00", "2026-11-25T09:00", ""))),
    ("span.local.start, span.local.end", |s| {
        let late = onduty::proto::google_type::DateTime { hours: 24, ..date_time("2026-11-24T08:00") };
        let local = v1::LocalSpan { start: None, end: Some(late), zone: String::new() };
        *s = Some(v1::Span { form: Some(Form::Local(local)) });
    }),
    ("span.instants.end_time", |s| *s = Some(instants(NOW, NOW))),
    ("span.instants.start_time", |s| *s = between(None, Some(1_800_000_000))),
    ("span.instants.start_time", |s| *s = between(Some(-1_000_000), Some(1_800_000_000))),
    ("span.instants.end_time", |s| *s = between(Some(1_800_000_000), Some(1 << 40))),
];

fn between(start: Option<i64>, end: Option<i64>) -> Option<v1::Span> {
    let at = |seconds: Option<i64>| seconds.map(|seconds| Timestamp { seconds, nanos: 0 });
    let interval = onduty::proto::google_type::Interval { start_time: at(start), end_time: at(end) };
    Some(v1::Span { form: Some(Form::Instants(interval)) })
}

fn create() -> Vec<Case> {
    let (parent, override_id) = ("teams/psf".to_owned(), "x".to_owned());
    let lacking = v1::Override { duty: duty("release"), for_resident: None, ..swap() };
    Cases::of(v1::CreateOverrideRequest { parent, override_id, override_entry: Some(swap()), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .id("override_id", |r| &mut r.override_id)
        .each("AlreadyExists RESOURCE_EXISTS", |r| &mut r.override_id, ["swap".to_owned()])
        .each("duty, by_resident, span", |r| &mut r.override_entry, [None])
        .part("", |r| r.override_entry.get_or_insert_default(), ENTRY)
        .part("", |r| &mut r.override_entry.get_or_insert_default().span, SPAN)
        .each("FailedPrecondition LACKS_SKILL", |r| &mut r.override_entry, [Some(lacking)])
        .request_id(|r| &mut r.request_id)
        .when("request_id, parent, override_id", |r| {
            *r = v1::CreateOverrideRequest {
                override_id: "-".to_owned(),
                request_id: "x".to_owned(),
                ..Default::default()
            };
        })
        .when("request_id, override_id, duty, by_resident, span", |r| {
            (r.override_id, r.request_id, r.override_entry) = ("-".to_owned(), "x".to_owned(), None);
        })
        .done()
}

fn get() -> Vec<Case> {
    Cases::of(v1::GetOverrideRequest { name: swap().name }).name("name", "overrides", |r| &mut r.name).done()
}

fn list() -> Vec<Case> {
    Cases::of(v1::ListOverridesRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("duties", "duties/review", |r| &mut r.duties)
        .references("residents", "residents/asa", |r| &mut r.residents)
        .open_window(|r| &mut r.interval)
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .when("parent, page_size, page_token, interval, duties[0], residents[0]", |r| {
            let (page_size, page_token, interval) = (-1, "x".to_owned(), interval(5, 5));
            let (duties, residents) = (vec![String::new()], vec!["x".to_owned()]);
            *r = v1::ListOverridesRequest { page_size, page_token, interval, duties, residents, ..Default::default() };
        })
        .done()
}

fn update() -> Vec<Case> {
    let update_mask = Some(pbjson_types::FieldMask { paths: vec!["*".to_owned()] });
    Cases::of(v1::UpdateOverrideRequest { override_entry: Some(swap()), update_mask, ..Default::default() })
        .each("name", |r| &mut r.override_entry, [None])
        .name("name", "overrides", |r| &mut r.override_entry.get_or_insert_default().name)
        .etag(|r| &mut r.override_entry.get_or_insert_default().etag)
        .part("", |r| r.override_entry.get_or_insert_default(), ENTRY)
        .part("", |r| &mut r.override_entry.get_or_insert_default().span, SPAN)
        .mask(|r| &mut r.update_mask)
        .request_id(|r| &mut r.request_id)
        .when("request_id, name", |r| (r.request_id, r.override_entry) = ("x".to_owned(), None))
        .done()
}

fn delete() -> Vec<Case> {
    Cases::of(v1::DeleteOverrideRequest { name: swap().name, ..Default::default() })
        .name("name", "overrides", |r| &mut r.name)
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .when("request_id, name", |r| (r.request_id, r.name) = ("x".to_owned(), "x".to_owned()))
        .when(NOT_FOUND, |r| r.name = "teams/psf/overrides/swop".to_owned())
        .done()
}
