//! `ReportService`.

use onduty::proto::google_type::Date;
use onduty::proto::v1;
use onduty::proto::v1::get_load_request::Period;

use super::case::{Case, Cases};
use super::values::interval;

pub fn cases() -> Vec<Case> {
    [load(), report()].into_iter().flatten().collect()
}

fn load() -> Vec<Case> {
    let month = |year, month, day| Some(Period::Month(Date { year, month, day }));
    let between = |start, end| interval(start, end).map(Period::Interval);
    Cases::of(v1::GetLoadRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .references("duties", "duties/review", |r| &mut r.duties)
        .when("month", move |r| r.period = month(2026, 13, 0))
        .when("month", move |r| r.period = month(2026, 11, 1))
        .when("month", move |r| r.period = month(1969, 12, 0))
        .when("month", move |r| r.period = month(2200, 1, 0))
        .when("month", move |r| r.period = month(i32::MAX, i32::MIN, -1))
        .when("interval", move |r| r.period = between(5, 5))
        .when("interval", move |r| r.period = between(0, 401 * 86_400))
        .when("interval.start_time, interval.end_time", |r| r.period = Some(Period::Interval(Default::default())))
        .when("parent, duties[0], month", move |r| {
            *r = v1::GetLoadRequest { period: month(0, 0, 0), duties: vec!["x".to_owned()], ..Default::default() };
        })
        .done()
}

fn report() -> Vec<Case> {
    let months = [(2026, 13, 0), (2026, 11, 1), (1969, 12, 0), (2200, 1, 0)]
        .map(|(year, month, day)| Some(Date { year, month, day }));
    Cases::of(v1::GetReportRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .each("month", |r| &mut r.month, months)
        .each("audience", |r| &mut r.audience, [-1, 3, 99])
        .each("format", |r| &mut r.format, [-1, 3, 99])
        .when("parent, month, audience, format", |r| {
            let month = Some(Date { year: 0, month: 0, day: 0 });
            *r = v1::GetReportRequest { month, audience: 9, format: 9, ..Default::default() };
        })
        .done()
}
