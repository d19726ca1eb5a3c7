//! Between stated times and the API's times.

use jiff::civil::{Date, DateTime};
use onduty::civil::Instant;
use onduty::proto::google_type as proto;
use onduty::proto::v1::{DaySpan, LocalSpan, Span, TaskDue, span, task_due};
use pbjson_types::Timestamp;

use crate::times::{Stated, Times};

/// Returns an instant of the API.
pub fn timestamp(at: Instant) -> Timestamp {
    Timestamp { seconds: at.seconds(), nanos: 0 }
}

/// Returns an instant from the API.
pub fn instant(timestamp: &Timestamp) -> Instant {
    Instant::from_seconds(timestamp.seconds)
}

/// Returns an interval of the API.
pub fn interval(start: Option<Instant>, end: Option<Instant>) -> proto::Interval {
    proto::Interval { start_time: start.map(timestamp), end_time: end.map(timestamp) }
}

/// Returns the start and the exclusive end of an interval from the API, where it has them.
pub fn ends(interval: Option<&proto::Interval>) -> (Option<Instant>, Option<Instant>) {
    let of = |end: fn(&proto::Interval) -> Option<&Timestamp>| interval.and_then(end).map(instant);
    (of(|interval| interval.start_time.as_ref()), of(|interval| interval.end_time.as_ref()))
}

/// Returns a date of the API.
pub fn date(date: Date) -> proto::Date {
    proto::Date { year: date.year().into(), month: date.month().into(), day: date.day().into() }
}

/// Returns a date from the API, if it is one.
pub fn civil_date(date: &proto::Date) -> Option<Date> {
    Date::new(date.year.try_into().ok()?, date.month.try_into().ok()?, date.day.try_into().ok()?).ok()
}

/// Returns a local date-time of the API, without a zone of its own.
pub fn date_time(local: DateTime) -> proto::DateTime {
    proto::DateTime {
        year: local.year().into(),
        month: local.month().into(),
        day: local.day().into(),
        hours: local.hour().into(),
        minutes: local.minute().into(),
        seconds: local.second().into(),
        nanos: 0,
        time_offset: None,
    }
}

/// Returns the span from `start` to `end`, as civil as it was stated.
///
/// Whole days stay days, of `day_zone` (empty: as the API chooses). Where a time of day is stated, both ends are local
/// in the viewer's zone. With an instant both ends are instants, unless it recurs, which instants cannot.
pub fn span(times: &Times, start: Stated, end: Option<Stated>, day_zone: &str, recurs: bool) -> Span {
    let any_instant = [Some(start), end].iter().any(|stated| matches!(stated, Some(Stated::Instant(_))));
    let form = match (start, end) {
        (Stated::Day(first), None) => span::Form::Days(days(first, None, day_zone)),
        (Stated::Day(first), Some(Stated::Day(last))) => span::Form::Days(days(first, Some(last), day_zone)),
        _ if any_instant && !recurs => {
            span::Form::Instants(interval(Some(times.start_of(start)), end.map(|end| times.end_of(end))))
        }
        _ => span::Form::Local(LocalSpan {
            start: Some(date_time(times.zone.wall(times.start_of(start)).date_time())),
            end: end.map(|end| date_time(local_end(times, end))),
            zone: times.zone.name().to_owned(),
        }),
    };
    Span { form: Some(form) }
}

fn days(first: Date, last: Option<Date>, zone: &str) -> DaySpan {
    DaySpan { first_date: Some(date(first)), last_date: last.map(date), zone: zone.to_owned() }
}

/// Returns the local time at which something ends: of a whole day, the next midnight.
fn local_end(times: &Times, end: Stated) -> DateTime {
    match end {
        Stated::Local(local) => local,
        Stated::Day(date) => onduty::civil::Day::from(date).plus(1).start().date_time(),
        Stated::Instant(at) => times.zone.wall(at).date_time(),
    }
}

/// Returns until when a task is due, as civil as it was stated, in the viewer's zone.
pub fn due(times: &Times, stated: Stated) -> TaskDue {
    let zone = times.zone.name().to_owned();
    match stated {
        Stated::Instant(at) => TaskDue { zone: String::new(), form: Some(task_due::Form::Time(timestamp(at))) },
        Stated::Day(day) => TaskDue { zone, form: Some(task_due::Form::Date(date(day))) },
        Stated::Local(local) => TaskDue { zone, form: Some(task_due::Form::Local(date_time(local))) },
    }
}

#[cfg(test)]
mod tests {
    use onduty::civil::ZoneRules;

    use super::*;

    fn check(from: &str, to: Option<&str>, recurs: bool, expected: &str) {
        let rules = ZoneRules::bundled().unwrap();
        let now = "2026-11-23T13:05:00Z".parse().unwrap();
        let times = Times { zone: rules.zone("Europe/Warsaw").unwrap().clone(), now };
        let end = to.map(|to| times.read("--to", to).unwrap());
        let span = span(&times, times.read("--from", from).unwrap(), end, "", recurs);
        assert_eq!(serde_json::to_string(&span).unwrap(), expected);
    }

    #[test]
    fn whole_days_stay_days_of_a_zone_that_the_server_chooses() {
        check(
            "2026-12-01",
            Some("2026-12-05"),
            false,
            r#"{"days":{"firstDate":{"year":2026,"month":12,"day":1},"lastDate":{"year":2026,"month":12,"day":5}}}"#,
        );
        check("mon", None, false, r#"{"days":{"firstDate":{"year":2026,"month":11,"day":30}}}"#);
    }

    #[test]
    fn a_day_that_ends_something_timed_is_included() {
        check(
            "2026-12-01 12:00",
            Some("2026-12-01"),
            false,
            r#"{"local":{"start":{"year":2026,"month":12,"day":1,"hours":12},"end":{"year":2026,"month":12,"day":2},"zone":"Europe/Warsaw"}}"#,
        );
        check(
            "now",
            Some("tomorrow"),
            false,
            r#"{"instants":{"startTime":"2026-11-23T13:05:00+00:00","endTime":"2026-11-24T23:00:00+00:00"}}"#,
        );
    }

    #[test]
    fn what_recurs_is_local_even_from_now() {
        check(
            "now",
            Some("+2h"),
            true,
            r#"{"local":{"start":{"year":2026,"month":11,"day":23,"hours":14,"minutes":5},"end":{"year":2026,"month":11,"day":23,"hours":16,"minutes":5},"zone":"Europe/Warsaw"}}"#,
        );
    }
}
