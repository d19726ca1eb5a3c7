//! Values that cases are made of.

use onduty::proto::google_type as wire;
use onduty::proto::v1;
use pbjson_types::Timestamp;

/// What is told where nothing has a name.
pub const NOT_FOUND: &str = "NotFound RESOURCE_NOT_FOUND";

pub fn long(length: usize) -> String {
    "x".repeat(length)
}

pub fn interval(start: i64, end: i64) -> Option<wire::Interval> {
    let at = |seconds| Some(Timestamp { seconds, nanos: 0 });
    Some(wire::Interval { start_time: at(start), end_time: at(end) })
}

/// A date, which there need not be.
pub fn date(year: i32, month: i32, day: i32) -> Option<wire::Date> {
    Some(wire::Date { year, month, day })
}

pub fn resident(id: &str) -> String {
    format!("teams/psf/residents/{id}")
}

pub fn window(days: &[i32], start: i32, end: i32) -> v1::WeeklyWindow {
    let hour = |hours| Some(wire::TimeOfDay { hours, ..Default::default() });
    v1::WeeklyWindow { id: String::new(), weekdays: days.to_vec(), start: hour(start), end: hour(end) }
}

/// Bad windows, with the part that is wrong.
pub fn bad_windows() -> Vec<(&'static str, v1::WeeklyWindow)> {
    let base = || window(&[1], 9, 17);
    let hour = |hours, minutes| Some(wire::TimeOfDay { hours, minutes, ..Default::default() });
    vec![
        ("id", v1::WeeklyWindow { id: "A".to_owned(), ..base() }),
        ("id", v1::WeeklyWindow { id: long(64), ..base() }),
        ("weekdays", v1::WeeklyWindow { weekdays: Vec::new(), ..base() }),
        ("weekdays", v1::WeeklyWindow { weekdays: vec![8], ..base() }),
        ("weekdays", v1::WeeklyWindow { weekdays: vec![0], ..base() }),
        ("weekdays", v1::WeeklyWindow { weekdays: vec![1, 1], ..base() }),
        ("start", v1::WeeklyWindow { start: None, ..base() }),
        ("start", v1::WeeklyWindow { start: hour(24, 0), ..base() }),
        ("end", v1::WeeklyWindow { end: None, ..base() }),
        ("end", v1::WeeklyWindow { end: hour(24, 1), ..base() }),
        ("end", v1::WeeklyWindow { end: hour(-1, 0), ..base() }),
        ("end", v1::WeeklyWindow { end: Some(wire::TimeOfDay { hours: 9, nanos: 1, ..Default::default() }), ..base() }),
    ]
}
