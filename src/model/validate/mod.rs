//! What makes stated things valid: every violation at once, each naming its field and the way out.
//!
//! Each function checks one object as it would be after a change; references are looked up in the [`TeamSnapshot`]
//! that the change would make.

mod configured;
mod duty;
mod entered;
mod presence;

pub use configured::{check_holiday_set, check_resident, check_team};
pub use duty::{check_duty, check_layer};
pub use entered::{check_override, check_task, check_time_off, missing_skills};
pub use presence::{check_layers_presence, check_override_presence, check_task_presence, check_time_off_presence};

use super::{ResidentId, Span, TeamSnapshot, ZoneName};
use crate::civil::{Date, Day, Instant, WeeklyWindow, ZoneRules, date_is_supported};
use crate::id::{InvalidId, is_id};

/// The longest name or title, in characters.
pub const NAME_MAX: usize = 200;
/// The longest description, in characters.
pub const TEXT_MAX: usize = 4_000;
/// The longest note, in characters.
pub const NOTE_MAX: usize = 2_000;
/// The longest reason, in characters.
pub const REASON_MAX: usize = 1_000;
/// The longest list of dates.
pub const LIST_MAX: usize = 1_000;
/// The longest list of people or windows.
pub const PEOPLE_MAX: usize = 100;
/// The longest list of skills, requirements or layers.
pub const PARTS_MAX: usize = 50;
/// The greatest headcount.
pub const HEADCOUNT_MAX: u32 = 1_000;

/// One thing that is wrong with what was stated.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Violation {
    /// The field, as a dotted path such as `requirements[0].zone`.
    pub field: String,
    /// What is wrong with its value, and what would be right.
    pub reason: String,
}

/// Collects violations while a value is walked; knows where in it the walk is.
#[derive(Debug, Default)]
pub struct Violations {
    found: Vec<Violation>,
    path: Vec<String>,
}

impl Violations {
    /// Returns what was found, in the order of the walk.
    #[must_use]
    pub fn into_list(self) -> Vec<Violation> {
        self.found
    }

    /// Adds that the value of `field`, here, is wrong.
    pub fn add(&mut self, field: &str, reason: impl Into<String>) {
        let mut path = self.path.clone();
        if !field.is_empty() {
            path.push(field.to_owned());
        }
        self.found.push(Violation { field: path.join("."), reason: reason.into() });
    }

    /// Walks into `field` while `walk` runs.
    pub fn within(&mut self, field: impl Into<String>, walk: impl FnOnce(&mut Self)) {
        self.path.push(field.into());
        walk(self);
        self.path.pop();
    }

    /// Adds the error of `result` as a violation of `field`, if it is one, and returns its value otherwise.
    pub fn take<T>(&mut self, field: &str, result: Result<T, impl std::fmt::Display>) -> Option<T> {
        result.map_err(|error| self.add(field, error.to_string())).ok()
    }

    fn text(&mut self, field: &str, text: &str, max: usize) {
        if text.chars().count() > max {
            self.add(field, format!("is longer than {max} characters"));
        }
        if text.chars().any(|c| c.is_control() && !(c == '\n' && max > NAME_MAX)) {
            self.add(field, "holds control characters");
        }
    }

    fn name(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(field, "is empty");
        }
        self.text(field, text, NAME_MAX);
    }

    fn at_most<T>(&mut self, field: &str, list: &[T], max: usize) {
        if list.len() > max {
            self.add(field, format!("has {} entries; at most {max} are accepted", list.len()));
        }
    }

    fn unique<T: Ord + std::fmt::Display>(&mut self, field: &str, list: impl IntoIterator<Item = T>) {
        let mut seen = std::collections::BTreeSet::new();
        for item in list {
            let repeated = format!("names '{item}' twice");
            if !seen.insert(item) {
                self.add(field, repeated);
            }
        }
    }

    fn skills(&mut self, field: &str, skills: &[String]) {
        self.at_most(field, skills, PARTS_MAX);
        for (index, skill) in skills.iter().enumerate() {
            if !is_id(skill, false) {
                self.take(&format!("{field}[{index}]"), Err::<(), _>(InvalidId(skill.clone())));
            }
        }
        self.unique(field, skills);
    }

    fn zone(&mut self, field: &str, zone: &ZoneName, rules: &ZoneRules) {
        if zone.as_str().is_empty() {
            return self.add(field, "is missing; give an IANA zone such as Europe/Warsaw");
        }
        self.take(field, zone.zone(rules));
    }

    fn date(&mut self, field: &str, date: Date) {
        if !date_is_supported(date) {
            self.add(field, format!("{date} is outside 1970-01-01 to 2200-12-31"));
        }
    }

    fn first_and_last(&mut self, first: Option<Date>, last: Option<Date>) {
        for (field, date) in [("first", first), ("last", last)] {
            if let Some(date) = date {
                self.date(field, date);
            }
        }
        if let Some((first, last)) = first.zip(last).filter(|(first, last)| last < first) {
            self.add("last", format!("{last} is before the first day, {first}"));
        }
    }

    fn windows(&mut self, field: &str, windows: &[WeeklyWindow]) {
        self.at_most(field, windows, PEOPLE_MAX);
        for (index, window) in windows.iter().enumerate() {
            if window.weekdays.is_empty() {
                self.add(&format!("{field}[{index}].weekdays"), "names no day; give at least one of mon to sun");
            }
        }
        self.unique(field, windows.iter().map(|window| &window.id));
    }

    fn resident(&mut self, field: &str, id: &ResidentId, team: &TeamSnapshot) {
        if !team.residents.contains_key(id) {
            self.add(field, format!("there is no resident '{id}'{}", suggestion(id.as_str(), team.residents.keys())));
        }
    }

    fn span(&mut self, span: &Span, rules: &ZoneRules) {
        if let Some(zone) = span.zone_name() {
            self.zone("zone", zone, rules);
        }
        match span {
            Span::Days { first, last, .. } => self.first_and_last(Some(*first), *last),
            Span::Local { start, end, .. } => {
                self.date("start", start.date());
                if let Some(end) = end {
                    self.date("end", end.date());
                    if end <= start {
                        self.add("end", format!("{end} is not after the start, {start}"));
                    }
                }
            }
            Span::Instants { start, end } => {
                if let Some(end) = end.filter(|end| end <= start) {
                    self.add("end", format!("{end} is not after the start, {start}"));
                }
                self.instant("start", *start);
            }
        }
    }

    fn instant(&mut self, field: &str, at: Instant) {
        let year_ok = Day::from(crate::civil::DATE_MIN).start().seconds() <= at.seconds() && at < Instant::MAX;
        if !year_ok {
            self.add(field, format!("{at} is outside 1970 to 2200"));
        }
    }
}

/// Returns a hint at the name in `known` that comes nearest to `wanted`, or nothing.
pub fn suggestion<T: std::fmt::Display>(wanted: &str, known: impl IntoIterator<Item = T>) -> String {
    known
        .into_iter()
        .map(|name| name.to_string())
        .map(|name| (strsim::jaro_winkler(&name, wanted), name))
        .filter(|(nearness, _)| *nearness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(String::new(), |(_, name)| format!("; did you mean '{name}'?"))
}
