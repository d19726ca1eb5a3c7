//! `SwapService`.

use onduty::proto::v1;
use pbjson_types::Timestamp;

use super::case::{Case, Cases, Edit};
use super::values::{NOT_FOUND, interval, long, resident};
use crate::api::entered::harness::{at, between};

pub fn cases() -> Vec<Case> {
    [create(), get(), list(), accept(), decline(), withdraw()].into_iter().flatten().collect()
}

fn part(start: &str, end: &str) -> Option<v1::SwapPart> {
    let duty = "teams/psf/duties/review".to_owned();
    Some(v1::SwapPart { duty, interval: between(start, end), ..Default::default() })
}

/// Asa's Friday for bo's.
pub fn friday() -> v1::Swap {
    v1::Swap {
        resident: resident("asa"),
        asked: part("2026-11-27T08:00:00Z", "2026-11-28T08:00:00Z"),
        to_resident: resident("bo"),
        in_return: part("2026-12-04T08:00:00Z", "2026-12-05T08:00:00Z"),
        ..Default::default()
    }
}

fn name() -> String {
    "teams/psf/swaps/friday".to_owned()
}

const SWAP: &[Edit<v1::Swap>] = &[
    ("resident", |s| s.resident.clear()),
    ("resident", |s| s.resident = "asa".to_owned()),
    ("resident", |s| s.resident = resident("ada")),
    ("to_resident", |s| s.to_resident = "bo".to_owned()),
    ("to_resident", |s| s.to_resident = resident("boo")),
    ("to_resident", |s| s.to_resident = "teams/other/residents/bo".to_owned()),
    ("to_resident", |s| s.to_resident.clear()),
    ("to_resident", |s| (s.to_resident, s.in_return) = (resident("asa"), None)),
    ("message", |s| s.message = long(501)),
    ("message", |s| s.message = "\u{7}".to_owned()),
    ("expire_time", |s| s.expire_time = Some(at("2026-11-23T08:00:00Z"))),
    ("expire_time", |s| s.expire_time = Some(at("2026-11-27T08:00:01Z"))),
    ("expire_time", |s| s.expire_time = Some(Timestamp { seconds: 1 << 40, nanos: 0 })),
    ("expire_time", |s| s.expire_time = Some(Timestamp { nanos: 1, ..at("2026-11-24T08:00:00Z") })),
    ("resident, asked.duty, message", |s| {
        (s.resident, s.asked, s.message) = ("asa".to_owned(), None, long(501));
    }),
];

const PART: &[Edit<v1::SwapPart>] = &[
    ("duty", |p| p.duty.clear()),
    ("duty", |p| p.duty = "review".to_owned()),
    ("duty", |p| p.duty = "teams/psf/duties/revue".to_owned()),
    ("duty", |p| p.duty = "teams/other/duties/review".to_owned()),
    ("shift", |p| p.shift = "x".to_owned()),
    ("shift", |p| p.shift = uuid::Uuid::nil().to_string()),
    ("interval.start_time", |p| p.interval = interval(1 << 40, 1 << 41).map(|it| no_end(&it))),
    ("interval", |p| p.interval = between("2026-12-04T10:00:00Z", "2026-12-04T10:00:00Z")),
    ("interval.end_time", |p| p.interval = between("", "2026-11-23T08:00:00Z")),
    ("interval.end_time", |p| p.interval = between("", "2026-12-20T08:00:00Z")),
    ("interval.start_time", |p| p.interval = between("2026-12-10T08:00:00Z", "")),
];

fn no_end(interval: &onduty::proto::google_type::Interval) -> onduty::proto::google_type::Interval {
    onduty::proto::google_type::Interval { end_time: None, ..*interval }
}

fn create() -> Vec<Case> {
    let (parent, swap_id) = ("teams/psf".to_owned(), "x".to_owned());
    Cases::of(v1::CreateSwapRequest { parent, swap_id, swap: Some(friday()), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .id("swap_id", |r| &mut r.swap_id)
        .each("AlreadyExists RESOURCE_EXISTS", |r| &mut r.swap_id, ["friday".to_owned()])
        .each("resident, asked.duty", |r| &mut r.swap, [None])
        .part("", |r| r.swap.get_or_insert_default(), SWAP)
        .part("asked.", |r| r.swap.get_or_insert_default().asked.get_or_insert_default(), PART)
        .part("in_return.", |r| r.swap.get_or_insert_default().in_return.get_or_insert_default(), PART)
        .request_id(|r| &mut r.request_id)
        .done()
}

fn get() -> Vec<Case> {
    Cases::of(v1::GetSwapRequest { name: name() }).name("name", "swaps", |r| &mut r.name).done()
}

fn list() -> Vec<Case> {
    Cases::of(v1::ListSwapsRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("duties", "duties/review", |r| &mut r.duties)
        .references("residents", "residents/asa", |r| &mut r.residents)
        .each("states[1]", |r| &mut r.states, [vec![1, 99], vec![1, -1]])
        .each("states[0]", |r| &mut r.states, [vec![0]])
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .done()
}

fn accept() -> Vec<Case> {
    Cases::of(v1::AcceptSwapRequest { name: name(), ..Default::default() })
        .name("name", "swaps", |r| &mut r.name)
        .each("resident", |r| &mut r.resident, ["bo", "teams/other/residents/bo"].map(str::to_owned))
        .each("resident", |r| &mut r.resident, [resident("asa"), resident("cy")])
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .when(NOT_FOUND, |r| r.name = "teams/psf/swaps/fridey".to_owned())
        .done()
}

/// The cases of a call that says nothing but which swap is meant.
macro_rules! plain {
    ($($call:ident: $request:ident,)*) => { $(
        fn $call() -> Vec<Case> {
            Cases::of(v1::$request { name: name(), ..Default::default() })
                .name("name", "swaps", |r| &mut r.name)
                .etag(|r| &mut r.etag)
                .request_id(|r| &mut r.request_id)
                .when("request_id, name", |r| (r.request_id, r.name) = ("x".to_owned(), String::new()))
                .done()
        }
    )* };
}

plain! {
    decline: DeclineSwapRequest,
    withdraw: WithdrawSwapRequest,
}
