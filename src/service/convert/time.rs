//! Instants, intervals, dates and spans as messages.

use pbjson_types::Timestamp;

use crate::civil::{Date, DateTime, Instant, Interval, TimeOfDay, Weekday, Weekdays, WeeklyWindow, WindowId};
use crate::model::{Span, ZoneName};
use crate::proto::google_type as wire;
use crate::proto::v1;
use crate::roster::Refusal;
use crate::service::request::Fields;

/// The longest window that a computed answer is given for, in seconds: 400 days.
pub const WINDOW_MAX_SECONDS: i64 = 400 * 86_400;

/// Returns the message for an instant.
#[must_use]
pub fn timestamp(at: Instant) -> Timestamp {
    Timestamp { seconds: at.seconds(), nanos: 0 }
}

/// Reads an instant; fractions of a second are dropped.
///
/// # Errors
///
/// One outside 1970 to 2200, as the violation of `field`.
pub fn instant(field: &str, at: &Timestamp) -> Result<Instant, Refusal> {
    let found = Instant::from_seconds(at.seconds);
    if found.seconds() != at.seconds {
        return Err(Refusal::field(field, format!("{} seconds after 1970 is outside 1970 to 2200", at.seconds)));
    }
    Ok(found)
}

/// Reads an instant that has to be a whole second.
///
/// # Errors
///
/// One with a fraction, or outside 1970 to 2200, as the violation of `field`.
pub fn whole_instant(field: &str, at: &Timestamp) -> Result<Instant, Refusal> {
    if at.nanos != 0 {
        return Err(Refusal::field(field, "is not a whole second"));
    }
    instant(field, at)
}

/// Returns the message for an interval; the ends of time are left out.
#[must_use]
pub fn interval(interval: Interval) -> wire::Interval {
    wire::Interval {
        start_time: (interval.start() > Instant::MIN).then(|| timestamp(interval.start())),
        end_time: (interval.end() < Instant::MAX).then(|| timestamp(interval.end())),
    }
}

/// Reads the window of a computed answer: both ends, at most 400 days.
///
/// # Errors
///
/// What is wrong with it, as violations of `field`.
pub fn window(field: &str, interval: Option<&wire::Interval>) -> Result<Interval, Refusal> {
    let mut fields = Fields::default();
    let found = between(field, interval, (None, None), &mut fields);
    if let Some(found) = found.filter(|found| found.seconds() > WINDOW_MAX_SECONDS) {
        fields.add(field, format!("is {} days long; at most 400 are answered", found.seconds() / 86_400));
    }
    fields.finish(field, found)
}

/// Reads the window of a list's filter: either end may be absent, and so may all of it.
///
/// # Errors
///
/// What is wrong with it, as violations of `field`.
pub fn open_window(field: &str, interval: Option<&wire::Interval>) -> Result<Interval, Refusal> {
    let mut fields = Fields::default();
    let found = between(field, interval, (Some(Instant::MIN), Some(Instant::MAX)), &mut fields);
    fields.finish(field, found)
}

/// Reads both ends; `absent` is what stands for one that is not stated, where it need not be.
fn between(
    field: &str,
    interval: Option<&wire::Interval>,
    absent: (Option<Instant>, Option<Instant>),
    fields: &mut Fields,
) -> Option<Interval> {
    let ends = interval.map(|interval| (interval.start_time.as_ref(), interval.end_time.as_ref()));
    let (start, end) = ends.unwrap_or_default();
    let mut read = |part: &str, at: Option<&Timestamp>, absent: Option<Instant>| {
        let field = format!("{field}.{part}");
        match at {
            Some(at) => fields.take(instant(&field, at)),
            None if absent.is_some() => absent,
            None => {
                fields.add(field, "is missing");
                None
            }
        }
    };
    let (start, end) = (read("start_time", start, absent.0), read("end_time", end, absent.1));
    let (start, end) = start.zip(end)?;
    let found = Interval::new(start, end);
    if found.is_none() {
        fields.add(field, format!("ends at {end}, which is not after its start, {start}"));
    }
    found
}

/// Returns the message for a date.
#[must_use]
pub fn date(date: Date) -> wire::Date {
    wire::Date { year: date.year().into(), month: date.month().into(), day: date.day().into() }
}

/// Reads a whole date.
///
/// # Errors
///
/// One that does not exist, as the violation of `field`.
pub fn read_date(field: &str, date: &wire::Date) -> Result<Date, Refusal> {
    let parts = (i16::try_from(date.year), i8::try_from(date.month), i8::try_from(date.day));
    let found = match parts {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    found.ok_or_else(|| Refusal::field(field, format!("{}-{}-{} is not a date", date.year, date.month, date.day)))
}

/// Returns the message for a local date-time; it has no zone.
#[must_use]
pub fn date_time(local: DateTime) -> wire::DateTime {
    wire::DateTime {
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

/// Reads a local date-time.
///
/// # Errors
///
/// One that does not exist on any wall clock, or that has a zone or an offset, as the violation of `field`.
pub fn read_date_time(field: &str, local: &wire::DateTime) -> Result<DateTime, Refusal> {
    if local.time_offset.is_some() {
        return Err(Refusal::field(field, "has a zone or offset of its own; the field 'zone' beside it says where"));
    }
    let small = |part: i32| i8::try_from(part).ok();
    let parts = (
        i16::try_from(local.year).ok(),
        small(local.month),
        small(local.day),
        small(local.hours),
        small(local.minutes),
        small(local.seconds),
    );
    let found = match parts {
        (Some(year), Some(month), Some(day), Some(hour), Some(minute), Some(second)) => {
            DateTime::new(year, month, day, hour, minute, second, 0).ok()
        }
        _ => None,
    };
    let found = found.filter(|_| local.nanos == 0);
    found.ok_or_else(|| Refusal::field(field, "is not a local date and time in whole seconds"))
}

/// Returns the message for a time of day; 24:00 is the hour 24.
#[must_use]
pub fn time_of_day(time: TimeOfDay) -> wire::TimeOfDay {
    let part = |seconds: u32| i32::try_from(seconds).unwrap_or(0);
    wire::TimeOfDay {
        hours: part(time.seconds() / 3_600),
        minutes: part(time.seconds() / 60 % 60),
        seconds: part(time.seconds() % 60),
        nanos: 0,
    }
}

/// Reads a time of day from 00:00 to 24:00.
///
/// # Errors
///
/// Another time, as the violation of `field`.
pub fn read_time_of_day(field: &str, time: Option<&wire::TimeOfDay>) -> Result<TimeOfDay, Refusal> {
    let Some(time) = time else { return Err(Refusal::field(field, "is missing; give a time of day")) };
    let part = |part: i32| u32::try_from(part).ok();
    let found = match (part(time.hours), part(time.minutes), part(time.seconds)) {
        (Some(hours), Some(minutes), Some(seconds)) => TimeOfDay::new(hours, minutes, seconds),
        _ => None,
    };
    found.filter(|_| time.nanos == 0).ok_or_else(|| {
        let given = format!("{}:{}:{}", time.hours, time.minutes, time.seconds);
        Refusal::field(field, format!("{given} is not a time of day from 00:00 to 24:00 in whole seconds"))
    })
}

/// Returns the message for a weekly window.
#[must_use]
pub fn weekly_window(window: &WeeklyWindow) -> v1::WeeklyWindow {
    v1::WeeklyWindow {
        id: window.id.to_string(),
        weekdays: window.weekdays.iter().map(|day| day as i32 + 1).collect(),
        start: Some(time_of_day(window.start)),
        end: Some(time_of_day(window.end)),
    }
}

/// Reads weekly windows; one without an id is named by its place in the list: `w1`, `w2`.
///
/// What cannot be read of a window is told, and the window stays in its place.
pub fn read_weekly_windows(field: &str, windows: &[v1::WeeklyWindow], fields: &mut Fields) -> Vec<WeeklyWindow> {
    let mut found = Vec::with_capacity(windows.len());
    for (index, window) in windows.iter().enumerate() {
        let at = |part: &str| format!("{field}[{index}].{part}");
        let usual = format!("w{}", index + 1);
        let stated = if window.id.is_empty() { &usual } else { &window.id };
        let id = fields.parse(&at("id"), WindowId::new(stated)).or_else(|| WindowId::new(&usual).ok());
        let weekdays = read_weekdays(&at("weekdays"), &window.weekdays, fields);
        let start = fields.take(read_time_of_day(&at("start"), window.start.as_ref()));
        if start == Some(TimeOfDay::MAX) {
            fields.add(at("start"), "24:00 is only an end; give 00:00 and the next day");
        }
        let end = fields.take(read_time_of_day(&at("end"), window.end.as_ref()));
        let (start, end) = (start.unwrap_or(TimeOfDay::MIN), end.unwrap_or(TimeOfDay::MAX));
        found.extend(id.map(|id| WeeklyWindow { id, weekdays, start, end }));
    }
    found
}

fn read_weekdays(field: &str, days: &[i32], fields: &mut Fields) -> Weekdays {
    let mut found = Vec::new();
    for number in days {
        let index = number.checked_sub(1).and_then(|day| usize::try_from(day).ok());
        match index.and_then(|index| Weekday::ALL.get(index)) {
            Some(day) if found.contains(day) => fields.add(field, format!("names {} twice", day.name())),
            Some(day) => found.push(*day),
            None => fields.add(field, format!("{number} is not a day of the week, 1 for Monday to 7")),
        }
    }
    found.into_iter().collect()
}

/// Returns the message for a span.
#[must_use]
pub fn span(span: &Span) -> v1::Span {
    use v1::span::Form;
    let form = match span {
        Span::Days { first, last, zone } => Form::Days(v1::DaySpan {
            first_date: Some(date(*first)),
            last_date: last.map(date),
            zone: zone.to_string(),
        }),
        Span::Local { start, end, zone } => Form::Local(v1::LocalSpan {
            start: Some(date_time(*start)),
            end: end.map(date_time),
            zone: zone.to_string(),
        }),
        Span::Instants { start, end } => {
            Form::Instants(wire::Interval { start_time: Some(timestamp(*start)), end_time: end.map(timestamp) })
        }
    };
    v1::Span { form: Some(form) }
}

/// Reads a span; `zone` is that of days and local times that state none.
pub fn read_span(field: &str, span: Option<&v1::Span>, zone: &ZoneName, fields: &mut Fields) -> Option<Span> {
    use v1::span::Form;
    let zone_of = |text: &str| if text.is_empty() { zone.clone() } else { ZoneName::new(text) };
    match span.and_then(|span| span.form.as_ref()) {
        Some(Form::Days(days)) => {
            let first = days.first_date.as_ref().map(|date| read_date(&format!("{field}.days.first_date"), date));
            let last = days.last_date.as_ref().map(|date| read_date(&format!("{field}.days.last_date"), date));
            let (first, last) = both(&format!("{field}.days.first_date"), first, last, fields)?;
            Some(Span::Days { first, last, zone: zone_of(&days.zone) })
        }
        Some(Form::Local(local)) => {
            let start = local.start.as_ref().map(|start| read_date_time(&format!("{field}.local.start"), start));
            let end = local.end.as_ref().map(|end| read_date_time(&format!("{field}.local.end"), end));
            let (start, end) = both(&format!("{field}.local.start"), start, end, fields)?;
            Some(Span::Local { start, end, zone: zone_of(&local.zone) })
        }
        Some(Form::Instants(interval)) => {
            let start = interval.start_time.as_ref().map(|at| instant(&format!("{field}.instants.start_time"), at));
            let end = interval.end_time.as_ref().map(|at| instant(&format!("{field}.instants.end_time"), at));
            let (start, end) = both(&format!("{field}.instants.start_time"), start, end, fields)?;
            Some(Span::Instants { start, end })
        }
        None => {
            fields.add(field, "is missing; give days, local times or instants");
            None
        }
    }
}

/// The end that has to be stated, as `field`, and the other one; both are read before either is refused.
fn both<T>(
    field: &str,
    first: Option<Result<T, Refusal>>,
    last: Option<Result<T, Refusal>>,
    fields: &mut Fields,
) -> Option<(T, Option<T>)> {
    let first = first.unwrap_or_else(|| Err(Refusal::field(field, "is missing")));
    let first = fields.take(first);
    let last = match last {
        Some(result) => fields.take(result).map(Some),
        None => Some(None),
    };
    first.zip(last)
}

/// Returns the path that a field of the model's span has in the message for it.
#[must_use]
pub fn span_path(span: &Span, field: &str) -> String {
    let (form, first, last) = match span {
        Span::Days { .. } => ("days", "first_date", "last_date"),
        Span::Local { .. } => ("local", "start", "end"),
        Span::Instants { .. } => ("instants", "start_time", "end_time"),
    };
    let part = match field.strip_prefix("span.") {
        Some("first" | "start") => first,
        Some("last" | "end") => last,
        Some(other) => other,
        None => return field.to_owned(),
    };
    format!("span.{form}.{part}")
}
