//! Dates, times and spans.

use toml::value::{Datetime, Offset};

use super::super::document::{Node, Table};
use crate::civil::{DATE_MAX, DATE_MIN, Date, DateTime, Instant, date_is_supported};
use crate::model::{Span, ZoneName};
use jiff::civil::Time;

/// A point in time as a file states it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Moment {
    /// A local date.
    Date(Date),
    /// A local date and time.
    Local(DateTime),
    /// A date and time with its offset from UTC.
    At(Instant),
}

/// Reads a date, a local date-time, or a date-time with an offset.
pub(super) fn moment(node: &Node<'_>) -> Option<Moment> {
    const WANTED: &str = "a date such as 2026-01-05 or a time such as 2026-01-05T09:00:00, without quotes";
    let Some(given) = node.value.as_datetime() else { return node.refuse_type(WANTED) };
    let Some(date) = read_date(given) else {
        node.refuse(format!("{given} has no date; give {WANTED}"));
        return None;
    };
    if !date_is_supported(date) {
        node.refuse(format!("{date} is outside {DATE_MIN} to {DATE_MAX}"));
        return None;
    }
    let Some(time) = given.time else { return Some(Moment::Date(date)) };
    if time.nanosecond.unwrap_or(0) != 0 {
        node.refuse(format!("{given} has a fraction of a second; give whole seconds"));
    }
    let parts = [time.hour, time.minute, time.second.unwrap_or(0)].map(|part| i8::try_from(part).unwrap_or(i8::MAX));
    let local = node.take(Time::new(parts[0], parts[1], parts[2], 0))?.on(date.year(), date.month(), date.day());
    Some(match given.offset {
        None => Moment::Local(local),
        Some(Offset::Z) => Moment::At(at(local, 0)),
        Some(Offset::Custom { minutes }) => Moment::At(at(local, i64::from(minutes))),
    })
}

fn read_date(given: &Datetime) -> Option<Date> {
    let date = given.date?;
    let small = |part: u8| i8::try_from(part).ok();
    Date::new(i16::try_from(date.year).ok()?, small(date.month)?, small(date.day)?).ok()
}

fn at(local: DateTime, offset_minutes: i64) -> Instant {
    Instant::from_seconds(crate::civil::Wall::from(local).seconds() - 60 * offset_minutes)
}

/// Reads a date.
pub(super) fn date(node: &Node<'_>) -> Option<Date> {
    match moment(node)? {
        Moment::Date(date) => Some(date),
        _ => {
            node.refuse("has a time of day; give a date such as 2026-01-05");
            None
        }
    }
}

/// Reads a local date-time.
pub(super) fn local(node: &Node<'_>) -> Option<DateTime> {
    match moment(node)? {
        Moment::Local(local) => Some(local),
        Moment::Date(date) => {
            node.refuse(format!("has no time of day; give one, such as {date}T09:00:00"));
            None
        }
        Moment::At(_) => {
            node.refuse("has an offset; give a local time such as 2026-01-05T09:00:00");
            None
        }
    }
}

/// Reads a date-time with an offset.
pub(super) fn instant(node: &Node<'_>) -> Option<Instant> {
    match moment(node)? {
        Moment::At(at) => Some(at),
        _ => {
            node.refuse("has no offset; give a time such as 2026-01-05T09:00:00Z");
            None
        }
    }
}

/// Reads the span of an entry: `day`, or `first` and `last`, or `start` and `end`; with a `zone`.
///
/// Where it cannot be read, a mistake is added and any span returned, so that the rest of the entry is still checked.
pub(super) fn span(table: &Table<'_>, zone: ZoneName) -> Span {
    let (day, first, last) = (table.get("day"), table.get("first"), table.get("last"));
    let (start, end) = (table.get("start"), table.get("end"));
    let forms = [day.is_some(), first.is_some() || last.is_some(), start.is_some() || end.is_some()];
    let unread = || Span::Days { first: DATE_MIN, last: Some(DATE_MIN), zone: zone.clone() };
    if forms.iter().filter(|given| **given).count() != 1 {
        table.refuse("", "needs one of: 'day'; 'first' and 'last'; 'start' and 'end'");
        return unread();
    }
    let read = match (day, start) {
        (Some(day), _) => date(&day).map(|day| Span::Days { first: day, last: Some(day), zone: zone.clone() }),
        (None, Some(start)) => times(&start, end.as_ref(), zone.clone()),
        (None, None) if end.is_some() => table.need("start", "2026-01-05T09:00:00").and(None),
        (None, None) => {
            let last = last.map(|node| date(&node));
            let first = table.need("first", "2026-01-05").and_then(|node| date(&node));
            match (first, last) {
                (Some(first), None) => Some(Span::Days { first, last: None, zone: zone.clone() }),
                (Some(first), Some(Some(last))) => Some(Span::Days { first, last: Some(last), zone: zone.clone() }),
                _ => None,
            }
        }
    };
    if let (Some(Span::Instants { .. }), Some(node)) = (&read, table.get("zone")) {
        node.refuse("says nothing beside times with an offset; leave it out, or leave out the offsets");
    }
    read.unwrap_or_else(unread)
}

fn times(start: &Node<'_>, end: Option<&Node<'_>>, zone: ZoneName) -> Option<Span> {
    let from = moment(start);
    let to = end.map(moment);
    match (from?, to) {
        (_, Some(None)) => None,
        (Moment::Local(start), None) => Some(Span::Local { start, end: None, zone }),
        (Moment::At(start), None) => Some(Span::Instants { start, end: None }),
        (Moment::Local(start), Some(Some(Moment::Local(end)))) => Some(Span::Local { start, end: Some(end), zone }),
        (Moment::At(start), Some(Some(Moment::At(end)))) => Some(Span::Instants { start, end: Some(end) }),
        (Moment::Date(_), _) => {
            start.refuse("has no time of day; give one, or say 'first' and 'last' for whole days");
            None
        }
        (_, Some(Some(Moment::Date(_)))) => {
            end?.refuse("has no time of day; give one, or say 'first' and 'last' for whole days");
            None
        }
        _ => {
            end?.refuse("has an offset and the start has none, or the other way round; write both in one way");
            None
        }
    }
}
