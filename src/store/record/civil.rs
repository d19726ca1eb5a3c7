//! Civil times in records: dates and local times as ISO 8601 text, instants as seconds.

use super::{Read, RecordError, pb};
use crate::civil::{
    Date, DateTime, Exception, Instant, Interval, Recurrence, TimeOfDay, Weekday, WeeklyWindow, WindowId,
};
use crate::model::{Span, ZoneName};

pub(super) fn read_date(text: &str, field: &'static str) -> Read<Date> {
    text.parse().map_err(|_| RecordError::Field(field))
}

pub(super) fn read_date_time(text: &str, field: &'static str) -> Read<DateTime> {
    text.parse().map_err(|_| RecordError::Field(field))
}

pub(super) fn read_instant(seconds: i64, field: &'static str) -> Read<Instant> {
    let at = Instant::from_seconds(seconds);
    if at.seconds() == seconds { Ok(at) } else { Err(RecordError::Field(field)) }
}

/// Reads an id by its own constructor.
pub(super) fn read_id<T, E>(text: &str, new: fn(&str) -> Result<T, E>, field: &'static str) -> Read<T> {
    new(text).map_err(|_| RecordError::Field(field))
}

pub(super) fn read_ids<T, E>(texts: &[String], new: fn(&str) -> Result<T, E>, field: &'static str) -> Read<Vec<T>> {
    texts.iter().map(|text| read_id(text, new, field)).collect()
}

pub(super) fn write_interval(interval: Interval) -> pb::Interval {
    pb::Interval { start: interval.start().seconds(), end: interval.end().seconds() }
}

pub(super) fn read_interval(interval: Option<pb::Interval>, field: &'static str) -> Read<Interval> {
    let interval = interval.ok_or(RecordError::Field(field))?;
    let (start, end) = (read_instant(interval.start, field)?, read_instant(interval.end, field)?);
    Interval::new(start, end).ok_or(RecordError::Field(field))
}

pub(super) fn write_windows(windows: &[WeeklyWindow]) -> Vec<pb::WeeklyWindow> {
    windows.iter().map(write_window).collect()
}

fn write_window(window: &WeeklyWindow) -> pb::WeeklyWindow {
    pb::WeeklyWindow {
        id: window.id.to_string(),
        weekdays: window.weekdays.iter().map(|day| write_weekday(day).into()).collect(),
        start_seconds: window.start.seconds(),
        end_seconds: window.end.seconds(),
    }
}

pub(super) fn read_windows(windows: Vec<pb::WeeklyWindow>) -> Read<Vec<WeeklyWindow>> {
    windows.into_iter().map(read_window).collect()
}

fn read_window(window: pb::WeeklyWindow) -> Read<WeeklyWindow> {
    let weekdays = window.weekdays().map(read_weekday).collect::<Read<_>>()?;
    let time = |seconds| TimeOfDay::from_seconds(seconds).ok_or(RecordError::Field("weekly_window.seconds"));
    Ok(WeeklyWindow {
        id: read_id(&window.id, WindowId::new, "weekly_window.id")?,
        weekdays,
        start: time(window.start_seconds)?,
        end: time(window.end_seconds)?,
    })
}

fn write_weekday(day: Weekday) -> pb::Weekday {
    match day {
        Weekday::Mon => pb::Weekday::Monday,
        Weekday::Tue => pb::Weekday::Tuesday,
        Weekday::Wed => pb::Weekday::Wednesday,
        Weekday::Thu => pb::Weekday::Thursday,
        Weekday::Fri => pb::Weekday::Friday,
        Weekday::Sat => pb::Weekday::Saturday,
        Weekday::Sun => pb::Weekday::Sunday,
    }
}

fn read_weekday(day: pb::Weekday) -> Read<Weekday> {
    Ok(match day {
        pb::Weekday::Unspecified => return Err(RecordError::Field("weekly_window.weekdays")),
        pb::Weekday::Monday => Weekday::Mon,
        pb::Weekday::Tuesday => Weekday::Tue,
        pb::Weekday::Wednesday => Weekday::Wed,
        pb::Weekday::Thursday => Weekday::Thu,
        pb::Weekday::Friday => Weekday::Fri,
        pb::Weekday::Saturday => Weekday::Sat,
        pb::Weekday::Sunday => Weekday::Sun,
    })
}

pub(super) fn write_span(span: &Span) -> pb::Span {
    use pb::span::Form;
    let form = match span {
        Span::Days { first, last, zone } => Form::Days(pb::DaySpan {
            first: first.to_string(),
            last: last.map(|last| last.to_string()),
            zone: zone.to_string(),
        }),
        Span::Local { start, end, zone } => Form::Local(pb::LocalSpan {
            start: start.to_string(),
            end: end.map(|end| end.to_string()),
            zone: zone.to_string(),
        }),
        Span::Instants { start, end } => {
            Form::Instants(pb::InstantSpan { start: start.seconds(), end: end.map(Instant::seconds) })
        }
    };
    pb::Span { form: Some(form) }
}

pub(super) fn read_span(span: Option<pb::Span>) -> Read<Span> {
    use pb::span::Form;
    Ok(match span.and_then(|span| span.form).ok_or(RecordError::Field("span"))? {
        Form::Days(days) => Span::Days {
            first: read_date(&days.first, "span.first")?,
            last: days.last.map(|last| read_date(&last, "span.last")).transpose()?,
            zone: ZoneName::new(&days.zone),
        },
        Form::Local(local) => Span::Local {
            start: read_date_time(&local.start, "span.start")?,
            end: local.end.map(|end| read_date_time(&end, "span.end")).transpose()?,
            zone: ZoneName::new(&local.zone),
        },
        Form::Instants(instants) => Span::Instants {
            start: read_instant(instants.start, "span.start")?,
            end: instants.end.map(|end| read_instant(end, "span.end")).transpose()?,
        },
    })
}

pub(super) fn write_recurrence(recurrence: &Recurrence) -> pb::Recurrence {
    use pb::recurrence_exception::Form;
    let except = recurrence.except.iter().map(|except| match except {
        Exception::Date(date) => Form::Date(date.to_string()),
        Exception::DateTime(date_time) => Form::DateTime(date_time.to_string()),
    });
    let except = except.map(|form| pb::RecurrenceException { form: Some(form) }).collect();
    pb::Recurrence { rule: recurrence.rule.clone(), except }
}

pub(super) fn read_recurrence(recurrence: pb::Recurrence) -> Read<Recurrence> {
    use pb::recurrence_exception::Form;
    let field = "recurrence.except";
    let except = recurrence.except.into_iter().map(|except| {
        Ok(match except.form.ok_or(RecordError::Field(field))? {
            Form::Date(date) => Exception::Date(read_date(&date, field)?),
            Form::DateTime(date_time) => Exception::DateTime(read_date_time(&date_time, field)?),
        })
    });
    Ok(Recurrence { except: except.collect::<Read<_>>()?, rule: recurrence.rule })
}
