//! What makes stated things valid: every violation at once, each naming its field and the way out.
//!
//! Each function checks one object as it would be after a change; references are looked up in the [`TeamSnapshot`]
//! that the change would make.

mod configured;
mod duty;
mod entered;
mod presence;
mod swap;

pub use configured::{check_holiday_set, check_resident, check_team};
pub use duty::{check_duty, check_layer};
pub use entered::{check_handoff_note, check_override, check_task, check_time_off, missing_skills};
pub use presence::{
    check_handoff_note_presence, check_layers_presence, check_override_presence, check_task_presence,
    check_time_off_presence,
};
pub use swap::check_swap;

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
/// The longest name for which a near one is looked for, in bytes: an id has at most 63.
const NEAR_MAX: usize = 64;
/// For how many unknown names of one request near ones are looked for: who has more has another kind of mistake.
pub const HINTS_MAX: usize = 20;
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
    hints: usize,
}

impl Violations {
    /// Returns what was found, in the order of the walk.
    #[must_use]
    pub fn into_list(self) -> Vec<Violation> {
        self.found
    }

    /// Takes what was found so far out, in the order of the walk; those who look on still count the hints given.
    #[must_use]
    pub fn take_list(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.found)
    }

    /// Tells whether one more unknown name may be compared with all that are known, which takes its time.
    fn hint(&mut self) -> bool {
        self.hints += 1;
        self.hints <= HINTS_MAX
    }

    /// Returns a hint at the name in `known` that comes nearest to `wanted`; the first times only.
    fn suggestion<T: std::fmt::Display>(&mut self, wanted: &str, known: impl IntoIterator<Item = T>) -> String {
        if self.hint() { suggestion(wanted, known) } else { String::new() }
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
        self.line(field, text);
    }

    /// What somebody wrote for others: never empty.
    fn said(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(field, "is empty");
        }
        self.text(field, text, NOTE_MAX);
        self.seen(field, text);
    }

    /// A text on one line that people tell things apart by: whatever is in it can be seen.
    fn line(&mut self, field: &str, text: &str) {
        self.text(field, text, NAME_MAX);
        self.seen(field, text);
    }

    /// Whatever is in a text can be seen.
    fn seen(&mut self, field: &str, text: &str) {
        if let Some(hidden) = hidden_character(text) {
            let code = u32::from(hidden);
            self.add(field, format!("holds U+{code:04X}, which cannot be seen or turns the text around; leave it out"));
        }
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
        if let Err(unknown) = zone.zone(rules) {
            let told = if self.hint() { rules.zone(zone.as_str()).err().unwrap_or(unknown) } else { unknown };
            self.add(field, told.to_string());
        }
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
            let hint = self.suggestion(id.as_str(), team.residents.keys());
            self.add(field, format!("there is no resident '{id}'{hint}"));
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

/// Returns the first character that cannot be seen and changes what is read.
///
/// Between two characters that are seen, the joiners are how some scripts and many emoji are written.
#[must_use]
pub fn hidden_character(text: &str) -> Option<char> {
    const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];
    let hidden = |c: char| {
        let turns =
            matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}')
    };
    let seen = |c: Option<&char>| c.is_some_and(|c| !c.is_whitespace() && !JOINERS.contains(c));
    let all: Vec<char> = text.chars().collect();
    let wrong = |(index, c): (usize, &char)| {
        let between = || seen(index.checked_sub(1).and_then(|before| all.get(before))) && seen(all.get(index + 1));
        (hidden(*c) || JOINERS.contains(c) && !between()).then_some(*c)
    };
    all.iter().enumerate().find_map(wrong)
}

/// Returns a hint at the name in `known` that comes nearest to `wanted`, or nothing.
pub fn suggestion<T: std::fmt::Display>(wanted: &str, known: impl IntoIterator<Item = T>) -> String {
    // Comparing takes time in proportion to both lengths.
    let short = wanted.len() <= NEAR_MAX;
    known
        .into_iter()
        .filter(|_| short)
        .map(|name| name.to_string())
        .map(|name| (strsim::jaro_winkler(&name, wanted), name))
        .filter(|(nearness, _)| *nearness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(String::new(), |(_, name)| format!("; did you mean '{name}'?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TeamId;

    #[test]
    fn characters_that_cannot_be_seen_are_refused_in_names() {
        let found = |name: &str| {
            let mut violations = Violations::default();
            violations.name("title", name);
            violations.into_list().into_iter().map(|violation| violation.reason).collect::<Vec<_>>()
        };
        for code in [0x200b, 0x200e, 0x200f, 0x061c, 0x202a, 0x202e, 0x2066, 0x2069, 0x2028, 0x2029, 0x2060, 0xfeff] {
            let told = found(&format!("Ann{}a", char::from_u32(code).unwrap()));
            assert!(told.len() == 1 && told[0].contains(&format!("U+{code:04X}")), "{told:?}");
        }
        for name in ["\u{200d}Anna", "Anna\u{200d}", "An\u{200c}\u{200c}na", "Anna \u{200d}B"] {
            assert_eq!(found(name).len(), 1, "{name:?}");
        }
        for name in ["Łukasz", "שרה לוי", "می\u{200c}خواهم", "👩\u{200d}💻 on call", "🏳\u{fe0f}\u{200d}🌈"]
        {
            assert_eq!(found(name), Vec::<String>::new(), "{name:?}");
        }
    }

    #[test]
    fn only_the_first_unknown_names_come_with_near_ones() {
        let (team, rules) = (TeamSnapshot::empty(TeamId::new("psf").unwrap()), ZoneRules::bundled().unwrap());
        let mut violations = Violations::default();
        for index in 0..100 {
            violations.zone(&format!("[{index}]"), &ZoneName::new("Europe/Warsow"), &rules);
            violations.resident("", &ResidentId::new("anna").unwrap(), &team);
        }
        let hinted = |violation: &&Violation| violation.reason.contains("did you mean");
        let (taken, rest) = (violations.take_list(), {
            violations.zone("", &ZoneName::new("Europe/Warsow"), &rules);
            violations.take_list()
        });
        assert_eq!((taken.len(), taken.iter().filter(hinted).count()), (200, HINTS_MAX / 2));
        assert!(taken.iter().take(3).any(|violation| violation.reason.contains("'Europe/Warsaw'")));
        assert_eq!((rest.len(), rest.iter().filter(hinted).count()), (1, 0));
    }

    #[test]
    fn no_near_name_is_looked_for_where_the_name_is_too_long_for_any() {
        let known = ["a".repeat(63)];
        assert!(suggestion(&"a".repeat(64), &known).contains("did you mean"));
        assert_eq!(suggestion(&"a".repeat(65), &known), "");
    }
}
