//! Holiday sets as messages.

use super::time::{date, read_date};
use crate::civil::{DATE_MIN, Date, Day};
use crate::model::{Holiday, HolidaySet};
use crate::proto::v1;
use crate::roster::Refusal;
use crate::service::request::Fields;

/// Returns the message for a holiday set, less what only the server states.
#[must_use]
pub fn holiday_set(set: &HolidaySet) -> v1::HolidaySet {
    let mut holidays: Vec<&Holiday> = set.holidays.iter().collect();
    holidays.sort();
    v1::HolidaySet {
        display_name: set.display_name.clone(),
        holidays: holidays.into_iter().map(holiday).collect(),
        ..v1::HolidaySet::default()
    }
}

/// Returns the message for a holiday.
#[must_use]
pub fn holiday(holiday: &Holiday) -> v1::Holiday {
    v1::Holiday { date: Some(date(holiday.date)), title: holiday.name.clone() }
}

/// Reads a holiday set.
pub fn read_holiday_set(set: &v1::HolidaySet, fields: &mut Fields) -> HolidaySet {
    let mut holidays = Vec::with_capacity(set.holidays.len());
    for (index, holiday) in set.holidays.iter().enumerate() {
        let field = format!("holidays[{index}].date");
        let read = holiday.date.as_ref().map(|date| read_date(&field, date));
        let date = fields.take(read.unwrap_or_else(|| Err(Refusal::field(&field, "is missing"))));
        holidays.push(Holiday { date: date.unwrap_or_else(|| unread(index)), name: holiday.title.clone() });
    }
    HolidaySet { display_name: set.display_name.clone(), holidays }
}

/// A date for one that could not be read: no two are the same, and none is in the years that count.
fn unread(index: usize) -> Date {
    Day::from(DATE_MIN).plus(-1 - i32::try_from(index).unwrap_or(0)).date()
}
