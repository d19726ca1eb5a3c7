//! Answers as text for people: pure functions of an answer and a [`View`].
//!
//! Texts carry colours always; what prints them takes the colours out where they do not belong.

mod calendars;
mod consequences;
mod detail;
mod difference;
mod ending;
mod explanation;
mod feeds;
mod gaps;
mod handoff_notes;
mod imports;
mod lists;
mod load;
mod log;
mod on_duty;
mod roster;
mod rota;
mod schedule;
mod shown;
mod split;
mod swaps;
mod table;
mod task;
mod tasks;
mod time_off;
mod timeline;
mod tokens;
mod words;
mod zone;

use std::collections::BTreeMap;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use onduty::civil::{Instant, Zone};
use unicode_width::UnicodeWidthStr as _;

use crate::names;

pub use calendars::{calendars, refreshed, subscribed, unsubscribed};
pub use consequences::absence;
pub use detail::detail;
pub use difference::difference;
pub use ending::{Ending, Outlook, ending, new_trouble, way_back};
pub use feeds::{feed_address, feed_addresses, feed_line, feeds};
pub use gaps::{accepted_gap, filled, gaps, reopened_gap};
pub use handoff_notes::{handoff_notes, left_note, notes_beside, removed_note};
pub use imports::{imported, imported_holidays};
pub use lists::{
    duties, holiday_sets, idle_override, overrides, recorded_override, residents, server_info, teams, without_effect,
};
pub use load::load;
pub use log::{log, undone};
pub use on_duty::who;
pub use roster::{applied, changes, findings};
pub use rota::{changed_rota, rota};
pub use schedule::{drawn, handoffs, shifts};
pub use shown::roster;
pub use split::split;
pub use swaps::{swap, swaps};
pub use task::whole_task;
pub use tasks::{in_danger, task, tasks};
pub use time_off::{back, ended, erased, time_off_list};
pub use tokens::{caller, made_invitation, made_token, revoked_token, tokens};

/// A space at which no line is broken.
pub(crate) const NO_BREAK: &str = "\u{a0}";

/// Column titles and other headings.
pub(crate) const HEADING: Style = Style::new().bold();
/// What needs attention.
pub(crate) const ALARM: Style = AnsiColor::Red.on_default().bold();
/// What is all right, or new.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What changes, or to take notice of.
pub(crate) const NOTICE: Style = AnsiColor::Yellow.on_default();
/// What is there for completeness.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// Something to type.
pub(crate) const TYPED: Style = AnsiColor::Cyan.on_default();

/// For whom texts are made.
#[derive(Clone, Debug)]
pub struct View {
    /// The zone in which times are shown.
    pub zone: Arc<Zone>,
    /// Now. Years are left out where they are the present one.
    pub now: Instant,
    /// How many columns there are.
    pub width: usize,
    /// What people call residents, by name. Whoever is missing is shown by id.
    pub people: BTreeMap<String, String>,
    /// How a command to type begins: the program with the options that say which server and team.
    pub program: String,
}

impl View {
    /// Returns what people call a resident.
    pub(crate) fn person(&self, name: &str) -> String {
        plain(self.people.get(name).map_or_else(|| names::id(name), String::as_str))
    }

    /// Returns what people call residents, with commas.
    pub(crate) fn persons(&self, names: &[String]) -> String {
        names.iter().map(|name| self.person(name)).collect::<Vec<_>>().join(", ")
    }

    /// Returns why to type a command, and the command: on a line of its own where both do not fit on one.
    pub(crate) fn typed(&self, why: &str, command: &str) -> String {
        let command = format!("{} {command}", self.program);
        let between = if width(why) + width(&command) + 2 > self.width { ":\n  " } else { ": " };
        format!("{why}{between}{}", styled(TYPED, command))
    }

    /// Wraps a text to the width, with all lines after the first indented by `indent`.
    pub(crate) fn wrapped(&self, text: &str, indent: usize) -> String {
        wrapped(text, self.width, indent)
    }
}

/// Wraps a text to `columns`, with all lines after the first indented by `indent`.
///
/// Words with no-break spaces between them stay together, and so does a command in backticks: it is there to be typed.
pub fn wrapped(text: &str, columns: usize, indent: usize) -> String {
    let indent = " ".repeat(indent);
    let last = text.matches('`').count();
    let kept = text.split('`').enumerate().map(|(index, part)| match index % 2 {
        1 if index < last => part.replace(' ', NO_BREAK),
        _ => part.to_owned(),
    });
    let kept = kept.collect::<Vec<_>>().join("`");
    let options = wrapping(columns).subsequent_indent(&indent).break_words(false);
    textwrap::fill(&kept, options).replace(NO_BREAK, " ")
}

/// Returns how texts are wrapped: between words, and not at the hyphens of ids and dates.
pub(crate) fn wrapping<'a>(columns: usize) -> textwrap::Options<'a> {
    textwrap::Options::new(columns).word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// Returns a text without the control characters by which it could play tricks on a terminal.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Returns a text in a style.
pub(crate) fn styled(style: Style, text: impl AsRef<str>) -> String {
    format!("{style}{}{style:#}", text.as_ref())
}

/// Returns how many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Returns a text followed by as many spaces as bring it to `columns`.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Returns a text cut to `columns`, with an ellipsis where something was cut off.
pub(crate) fn truncated(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept) + 1 > columns {
            kept.pop();
            break;
        }
    }
    if columns > 0 { kept + "…" } else { kept }
}

/// Returns a count with its noun: `1 gap`, `2 gaps`.
pub(crate) fn counted(count: usize, singular: &str, plural: &str) -> String {
    format!("{count} {}", if count == 1 { singular } else { plural })
}

#[cfg(test)]
pub(crate) mod testing {
    use onduty::civil::ZoneRules;

    use super::*;

    /// Returns a view from Warsaw at 80 columns, on Monday 2026-11-23 at 14:05.
    pub(crate) fn view() -> View {
        let rules = ZoneRules::bundled().unwrap();
        let people = [("asa", "Åsa Öberg"), ("lukasz", "Łukasz"), ("mika", "三輪 美香")];
        View {
            zone: rules.zone("Europe/Warsaw").unwrap().clone(),
            now: "2026-11-23T13:05:00Z".parse().unwrap(),
            width: 80,
            people: people.map(|(id, name)| (resident(id), name.to_owned())).into(),
            program: "onduty".to_owned(),
        }
    }

    /// Returns the text without colours and without spaces at line ends.
    pub(crate) fn stripped(text: &str) -> String {
        let text = anstream::adapter::strip_str(text).to_string();
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    /// Returns a resident's name.
    pub(crate) fn resident(id: &str) -> String {
        format!("teams/psf/residents/{id}")
    }

    /// Returns a duty's name.
    pub(crate) fn duty(id: &str) -> String {
        format!("teams/psf/duties/{id}")
    }

    /// Returns an interval of the API between two RFC 3339 times.
    pub(crate) fn interval(start: &str, end: &str) -> Option<onduty::proto::google_type::Interval> {
        Some(crate::spans::interval(start.parse().ok(), end.parse().ok()))
    }

    #[test]
    fn cutting_goes_by_columns_and_not_by_characters() {
        assert_eq!(truncated("三輪 美香", 5), "三輪…");
        assert_eq!(truncated("Łukasz", 6), "Łukasz");
        assert_eq!(truncated("Łukasz", 4), "Łuk…");
        assert_eq!(truncated("Łukasz", 0), "");
    }

    #[test]
    fn a_command_is_not_broken_over_lines() {
        let text = "see what there is with `onduty list holiday-sets`, then try again";
        assert_eq!(wrapped(text, 40, 2), "see what there is with\n  `onduty list holiday-sets`, then try\n  again");
    }

    #[test]
    fn control_characters_are_shown_as_replaced() {
        assert_eq!(plain("a\u{1b}[31mb\n"), "a\u{fffd}[31mb\u{fffd}");
    }
}
