//! `OnDutyService`.

use onduty::proto::v1;
use pbjson_types::Timestamp;

use super::case::{Case, Cases};
use super::values::{NOT_FOUND, interval, long};

const GAP: &str = "5f0c7a52-2c0e-4d9e-9b59-1f1f5be2b4a1";

fn parent() -> String {
    "teams/psf".to_owned()
}

fn week() -> Option<onduty::proto::google_type::Interval> {
    interval(1_795_000_000, 1_795_604_800)
}

pub fn cases() -> Vec<Case> {
    [get(), shifts(), handoffs(), gaps(), accept(), reopen()].into_iter().flatten().collect()
}

fn get() -> Vec<Case> {
    Cases::of(v1::GetOnDutyRequest { parent: parent(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("duties", "duties/review", |r| &mut r.duties)
        .time("time", |r| &mut r.time)
        .when("parent, time, duties[0]", |r| {
            *r = v1::GetOnDutyRequest {
                duties: vec!["x".to_owned()],
                time: Some(Timestamp { seconds: -1_000_000, nanos: 0 }),
                ..Default::default()
            };
        })
        .done()
}

fn shifts() -> Vec<Case> {
    Cases::of(v1::ListShiftsRequest { parent: parent(), interval: week(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("duties", "duties/review", |r| &mut r.duties)
        .references("residents", "residents/asa", |r| &mut r.residents)
        .each("interval.start_time, interval.end_time", |r| &mut r.interval, [None])
        .window(|r| &mut r.interval)
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .when("parent, page_size, page_token, interval.start_time, interval.end_time, duties[0], residents[0]", |r| {
            let (page_size, page_token) = (-1, "x".to_owned());
            let (duties, residents) = (vec!["x".to_owned()], vec!["x".to_owned()]);
            *r = v1::ListShiftsRequest { page_size, page_token, duties, residents, ..Default::default() };
        })
        .when("residents[0]", |r| {
            // What there is not is told once everything is well formed.
            r.duties = vec!["teams/psf/duties/nothing".to_owned()];
            r.residents = vec!["x".to_owned()];
        })
        .done()
}

fn handoffs() -> Vec<Case> {
    Cases::of(v1::ListHandoffsRequest { parent: parent(), interval: week(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("duties", "duties/review", |r| &mut r.duties)
        .references("residents", "residents/asa", |r| &mut r.residents)
        .each("interval.start_time, interval.end_time", |r| &mut r.interval, [None])
        .window(|r| &mut r.interval)
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .when("parent, page_size, page_token, interval.start_time, interval.end_time, duties[0], residents[0]", |r| {
            let (page_size, page_token) = (-1, "x".to_owned());
            let (duties, residents) = (vec!["x".to_owned()], vec!["x".to_owned()]);
            *r = v1::ListHandoffsRequest { page_size, page_token, duties, residents, ..Default::default() };
        })
        .done()
}

fn gaps() -> Vec<Case> {
    Cases::of(v1::ListGapsRequest { parent: parent(), interval: week(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("duties", "duties/review", |r| &mut r.duties)
        .each("interval.start_time, interval.end_time", |r| &mut r.interval, [None])
        .window(|r| &mut r.interval)
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .when("parent, page_size, page_token, interval, duties[0]", |r| {
            let (page_size, page_token) = (-1, "x".to_owned());
            let (duties, interval) = (vec!["x".to_owned()], interval(5, 5));
            *r = v1::ListGapsRequest { page_size, page_token, duties, interval, ..Default::default() };
        })
        .done()
}

fn accept() -> Vec<Case> {
    let good = v1::AcceptGapRequest {
        parent: parent(),
        gap_id: GAP.to_owned(),
        reason: "a quiet day".to_owned(),
        ..Default::default()
    };
    Cases::of(good)
        .team("parent", |r| &mut r.parent)
        .each("gap_id", |r| &mut r.gap_id, ["", "x", "5f0c7a52", &long(64)].map(str::to_owned))
        .when(NOT_FOUND, |_| {})
        .window(|r| &mut r.interval)
        .each("reason", |r| &mut r.reason, ["", "  ", &long(1_001)].map(str::to_owned))
        .time("until_time", |r| &mut r.until_time)
        .each("until_time", |r| &mut r.until_time, [1_700_000_000, NOW].map(at))
        .request_id(|r| &mut r.request_id)
        .when("request_id, parent, gap_id, interval, reason, until_time", |r| {
            *r = v1::AcceptGapRequest {
                interval: interval(5, 5),
                until_time: at(NOW),
                request_id: "x".to_owned(),
                ..Default::default()
            };
        })
        .done()
}

/// When the server's clock stands, in seconds after 1970.
const NOW: i64 = 1_795_420_800;

fn at(seconds: i64) -> Option<Timestamp> {
    Some(Timestamp { seconds, nanos: 0 })
}

fn reopen() -> Vec<Case> {
    Cases::of(v1::ReopenGapRequest { parent: parent(), gap_id: GAP.to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .each("gap_id", |r| &mut r.gap_id, ["", "x", "5f0c7a52", &long(64)].map(str::to_owned))
        .when(NOT_FOUND, |_| {})
        .request_id(|r| &mut r.request_id)
        .when("request_id, parent, gap_id", |r| {
            *r = v1::ReopenGapRequest { request_id: "x".to_owned(), ..Default::default() };
        })
        .done()
}
