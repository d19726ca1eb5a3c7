//! What became of a calendar that was read, and which of its events count.

use crate::ical::import::{Left, Passed, Remark, Wanted, Which};
use crate::model::validate::hidden_character;
use crate::proto::v1;
use crate::service::request::Fields;

/// How many lines of each kind a report has.
const LINES_MAX: usize = 100;
/// The longest category, title or name of a calendar, in characters.
pub const TEXT_MAX: usize = 200;

/// What a reader tells of a calendar, beside what it took.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// How many events there are.
    pub events: usize,
    /// What was left out.
    pub left: &'a [Left],
    /// What else there is to know.
    pub remarks: &'a [Remark],
    /// What was not asked for.
    pub passed: Passed,
}

/// Returns a report; `more` are lines that were left out for another reason than that they cannot be read.
#[must_use]
pub fn report(told: Told<'_>, more: Vec<(u32, String)>) -> v1::CalendarReport {
    let mut left: Vec<(u32, String)> = told.left.iter().map(|left| (left.line, left.reason.to_string())).collect();
    left.extend(more);
    left.sort();
    let remarks: Vec<_> = told.remarks.iter().map(|remark| (remark.line, remark.what.to_string())).collect();
    v1::CalendarReport {
        event_count: count(told.events),
        left_out_count: count(left.len()),
        left_out: lines(left),
        remark_count: count(remarks.len()),
        remarks: lines(remarks),
        passed_over: Some(v1::PassedEvents {
            outside_count: count(told.passed.outside),
            unwanted_count: count(told.passed.not_wanted),
            free_count: count(told.passed.free),
            tentative_count: count(told.passed.tentative),
            cancelled_count: count(told.passed.cancelled),
            declined_count: count(told.passed.declined),
        }),
    }
}

fn lines(lines: Vec<(u32, String)>) -> Vec<v1::CalendarLine> {
    let first = lines.into_iter().take(LINES_MAX);
    first.map(|(line, text)| v1::CalendarLine { line: number(line), text }).collect()
}

/// Returns the number of a line.
#[must_use]
pub fn number(line: u32) -> i32 {
    i32::try_from(line).unwrap_or(i32::MAX)
}

fn count(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Returns the message for which events count.
#[must_use]
pub fn choice(wanted: &Wanted) -> v1::EventChoice {
    use v1::event_choice::Which as Told;

    let which = match &wanted.which {
        Which::AllDay => None,
        Which::Every => Some(Told::Every(true)),
        Which::Category(category) => Some(Told::Category(category.clone())),
        Which::Title(title) => Some(Told::Title(title.clone())),
    };
    v1::EventChoice { which, free_too: wanted.free_too, tentative_too: wanted.tentative_too }
}

/// Reads which events count.
pub fn read_choice(field: &str, choice: Option<&v1::EventChoice>, fields: &mut Fields) -> Wanted {
    use v1::event_choice::Which as Asked;

    let Some(choice) = choice else { return Wanted::default() };
    let which = match &choice.which {
        None | Some(Asked::Every(false)) => Which::AllDay,
        Some(Asked::Every(true)) => Which::Every,
        Some(Asked::Category(category)) => {
            check_words(&format!("{field}.category"), category, fields);
            Which::Category(category.clone())
        }
        Some(Asked::Title(title)) => {
            check_words(&format!("{field}.title"), title, fields);
            Which::Title(title.clone())
        }
    };
    Wanted { which, free_too: choice.free_too, tentative_too: choice.tentative_too }
}

fn check_words(field: &str, words: &str, fields: &mut Fields) {
    if words.trim().is_empty() {
        fields.add(field, "is empty; give a word, or leave the choice out");
    }
    check_text(field, words, fields);
}

/// Checks a text that is not kept, or only as a hash.
pub fn check_text(field: &str, text: &str, fields: &mut Fields) {
    let length = text.chars().count();
    if length > TEXT_MAX {
        fields.add(field, format!("has {length} characters; at most {TEXT_MAX} are accepted"));
    }
    if let Some(hidden) = hidden_character(text) {
        fields.add(field, format!("holds a character that cannot be seen, {hidden}; leave it out"));
    }
}
