//! Each noun as the list of keys and values that a file states it with.

mod entered;

pub(super) use entered::{override_entries, task_entries, time_off_entries};

use super::entry_list::{EntryList, Style, Value};
use super::parse::{CRITICALITIES, HOURS, WHEN_ABSENT};
use super::words;
use crate::civil::{Date, DateTime, Instant, WeeklyWindow, ZoneRules};
use crate::model::{
    Criticality, Duty, Handle, HandleAudience, Headcount, HolidaySet, Hours, Layer, Requirement, RequirementTime,
    Resident, Rotation, Source, Team, WhenAbsent, ZoneName,
};

/// Writes an instant with the offset of `zone`, or in UTC where that offset is no whole number of minutes.
pub(super) fn instant_text(at: Instant, zone: &ZoneName, rules: &ZoneRules) -> String {
    let offset = zone.zone(rules).map_or(0, |zone| zone.offset_seconds(at));
    if offset == 0 || offset % 60 != 0 {
        return at.to_string();
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    let local = crate::civil::Wall::from_seconds(at.seconds() + offset).date_time();
    format!("{}{sign}{:02}:{:02}", local_text(local), minutes / 60, minutes % 60)
}

/// Writes a local date-time.
pub(super) fn local_text(local: DateTime) -> String {
    local.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

pub(super) fn date(date: Date) -> Value {
    Value::plain(date)
}

/// Returns the word that stands for `meaning`.
pub(super) fn word<T: PartialEq>(words: &[(&str, T)], meaning: &T) -> Value {
    Value::text(words.iter().find(|(_, other)| other == meaning).map_or("", |(word, _)| word))
}

/// The team's own settings; its id stands apart.
pub(super) fn team_entries(team: &Team, style: Style<'_>) -> EntryList {
    let mut list = EntryList::new(style);
    list.add("display_name", Value::text(&team.display_name));
    list.add("zone", Value::text(&team.zone));
    list.add_unless(!team.public, "public", Value::plain(team.public));
    list.add_unless(team.rest_hours == Team::REST_HOURS_DEFAULT, "rest_hours", Value::plain(team.rest_hours));
    list
}

pub(super) fn holiday_set_entries(set: &HolidaySet, style: Style<'_>) -> EntryList {
    let mut list = EntryList::new(style);
    list.add("display_name", Value::text(&set.display_name));
    let holiday = |holiday: &crate::model::Holiday| match holiday.name.as_str() {
        "" => date(holiday.date),
        name => Value::Table(vec![("date".to_owned(), date(holiday.date)), ("name".to_owned(), Value::text(name))]),
    };
    list.add("dates", Value::List(set.holidays.iter().map(holiday).collect()));
    list
}

pub(super) fn resident_entries(resident: &Resident, style: Style<'_>) -> EntryList {
    let mut list = EntryList::new(style);
    list.add("display_name", Value::text(&resident.display_name));
    list.add("home_zone", Value::text(&resident.home_zone));
    list.add_unless(resident.working_hours.is_empty(), "working_hours", windows(&resident.working_hours));
    let usual = resident.capacity_minutes == Resident::CAPACITY_MINUTES_DEFAULT;
    list.add_unless(usual, "capacity_hours", Value::plain(resident.capacity_hours()));
    let mut term = Vec::new();
    term.extend(resident.term.first.map(|first| ("first".to_owned(), date(first))));
    term.extend(resident.term.last.map(|last| ("last".to_owned(), date(last))));
    if !style.omits(&resident.term.zone, &resident.home_zone) {
        term.push(("zone".to_owned(), Value::text(&resident.term.zone)));
    }
    list.add_unless(term.is_empty(), "term", Value::Table(term));
    list.add_unless(resident.skills.is_empty(), "skills", Value::texts(&resident.skills));
    list.add_unless(resident.holidays.sets.is_empty(), "holidays", Value::texts(&resident.holidays.sets));
    let usual = style.omits(&resident.holidays.zone, &resident.home_zone);
    list.add_unless(usual, "holidays_zone", Value::text(&resident.holidays.zone));
    list.add_unless(
        resident.handles.is_empty(),
        "handles",
        Value::Table(resident.handles.iter().map(handle).collect()),
    );
    list
}

fn handle(handle: &Handle) -> (String, Value) {
    let audience = match handle.audience {
        HandleAudience::Public => "public",
        HandleAudience::Team => "team",
    };
    (handle.key.clone(), Value::Table(vec![(audience.to_owned(), Value::text(&handle.value))]))
}

fn windows(windows: &[WeeklyWindow]) -> Value {
    let one = |(index, window): (usize, &WeeklyWindow)| {
        if window.id.as_str() == (index + 1).to_string() {
            return Value::Text(words::window_text(window));
        }
        let pairs = [
            ("id", window.id.to_string()),
            ("days", words::weekdays_text(window.weekdays)),
            ("start", window.start.to_string()),
            ("end", window.end.to_string()),
        ];
        Value::Table(pairs.into_iter().map(|(key, text)| (key.to_owned(), Value::Text(text))).collect())
    };
    Value::List(windows.iter().enumerate().map(one).collect())
}

/// A duty without its requirements and layers.
pub(super) fn duty_entries(duty: &Duty, style: Style<'_>) -> EntryList {
    let mut list = EntryList::new(style);
    list.add("title", Value::text(&duty.title));
    list.add_unless(duty.description.is_empty(), "description", Value::text(&duty.description));
    list.add_unless(duty.skills.is_empty(), "skills", Value::texts(&duty.skills));
    let headcount = match duty.headcount {
        Headcount::Count(count) => Value::plain(count),
        Headcount::All => Value::text("all"),
    };
    list.add_unless(duty.headcount == Headcount::Count(1), "headcount", headcount);
    let usual = duty.criticality == Criticality::Normal;
    list.add_unless(usual, "criticality", word(&CRITICALITIES, &duty.criticality));
    list.add_unless(duty.in_feed, "in_feed", Value::plain(duty.in_feed));
    list
}

pub(super) fn requirement_entries(requirement: &Requirement, style: Style<'_>) -> EntryList {
    let mut list = EntryList::new(style);
    let when = match &requirement.time {
        RequirementTime::Always => Value::text("always"),
        RequirementTime::Windows(list) => windows(list),
    };
    list.add("when", when);
    list.add_unless(style.omits_team_zone(&requirement.zone), "zone", Value::text(&requirement.zone));
    list.add_some("headcount", requirement.headcount.map(Value::plain));
    match (requirement.first, requirement.last) {
        (Some(first), Some(last)) if first == last => list.add("day", date(first)),
        (first, last) => {
            list.add_some("first", first.map(date));
            list.add_some("last", last.map(date));
        }
    }
    list.add_unless(requirement.holiday_sets.is_empty(), "holidays", Value::texts(&requirement.holiday_sets));
    list
}

pub(super) fn layer_entries(layer: &Layer, style: Style<'_>) -> EntryList {
    let mut list = EntryList::new(style);
    let zone = match &layer.source {
        Source::Rotation(rotation) => {
            rotation_entries(rotation, style, &mut list);
            Some(&rotation.zone)
        }
        Source::Pool(members) => {
            list.add("members", Value::texts(members));
            None
        }
    };
    if let Some(limited) = &layer.windows {
        list.add("windows", windows(&limited.windows));
        let usual = match zone {
            Some(zone) => style.omits(&limited.zone, zone),
            None => style.omits_team_zone(&limited.zone),
        };
        list.add_unless(usual, "windows_zone", Value::text(&limited.zone));
    }
    list.add_unless(layer.hours == Hours::Any, "hours", word(&HOURS, &layer.hours));
    let usual = layer.when_absent == WhenAbsent::NextParticipant;
    list.add_unless(usual, "when_absent", word(&WHEN_ABSENT, &layer.when_absent));
    list.add_unless(layer.shadows.is_empty(), "shadows", Value::texts(&layer.shadows));
    list
}

fn rotation_entries(rotation: &Rotation, style: Style<'_>, list: &mut EntryList) {
    list.add("participants", Value::texts(&rotation.participants));
    list.add("shift_length", Value::text(rotation.length));
    list.add("anchor", Value::plain(local_text(rotation.anchor)));
    list.add_unless(style.omits_team_zone(&rotation.zone), "zone", Value::text(&rotation.zone));
    // Whose turn it is follows from the edits; a diff shows those, an export has to say it.
    let place = rotation.place_of_turn(0);
    if matches!(style, Style::Brief(_)) && place != 0 {
        let person = rotation.participants.get(place);
        let listed_before = rotation.participants.iter().take(place).any(|other| Some(other) == person);
        let number = || Value::plain(place + 1);
        list.add_some("anchor_turn", person.map(|id| if listed_before { number() } else { Value::text(id) }));
    }
}
