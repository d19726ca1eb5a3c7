//! Checks of teams, residents and holiday sets.

use super::{LIST_MAX, Violations};
use crate::civil::ZoneRules;
use crate::model::{HolidaySet, HolidaySetId, Resident, Team, TeamSnapshot};

/// The most handles of a resident.
const HANDLES_MAX: usize = 20;
/// The longest key of a handle, in characters.
const KEY_MAX: usize = 63;
/// The most holiday sets that one list names.
const SETS_MAX: usize = 20;

/// Adds what is wrong with a team's own settings.
pub fn check_team(team: &Team, rules: &ZoneRules, violations: &mut Violations) {
    violations.name("display_name", &team.display_name);
    violations.zone("zone", &team.zone, rules);
    if team.rest_hours > 168 {
        violations.add("rest_hours", format!("{} is more than a week; give 0 to 168 hours", team.rest_hours));
    }
}

/// Adds what is wrong with a resident.
pub fn check_resident(resident: &Resident, team: &TeamSnapshot, rules: &ZoneRules, violations: &mut Violations) {
    violations.name("display_name", &resident.display_name);
    violations.zone("home_zone", &resident.home_zone, rules);
    violations.windows("working_hours", &resident.working_hours);
    if !(1..=Resident::CAPACITY_MINUTES_MAX).contains(&resident.capacity_minutes) {
        let given = resident.capacity_hours();
        violations.add("capacity_hours", format!("{given} is not more than 0 and at most 168 hours a week"));
    }
    violations.within("term", |term| {
        // Zones that were left open are the home zone, and told with it.
        if resident.term.zone != resident.home_zone {
            term.zone("zone", &resident.term.zone, rules);
        }
        term.first_and_last(resident.term.first, resident.term.last);
        if resident.term.last.is_some() && resident.term.first.is_none() {
            term.add("first", "is missing; only the last day may be left open");
        }
    });
    violations.skills("skills", &resident.skills);
    violations.within("holidays", |holidays| {
        if resident.holidays.zone != resident.home_zone {
            holidays.zone("zone", &resident.holidays.zone, rules);
        }
        check_holiday_references("sets", &resident.holidays.sets, team, holidays);
    });
    check_handles(resident, violations);
}

fn check_handles(resident: &Resident, violations: &mut Violations) {
    violations.at_most("handles", &resident.handles, HANDLES_MAX);
    violations.unique("handles", resident.handles.iter().map(|handle| &handle.key));
    for (index, handle) in resident.handles.iter().enumerate() {
        violations.within(format!("handles[{index}]"), |violations| {
            violations.take("key", handle_key(&handle.key));
            violations.name("value", &handle.value);
        });
    }
}

fn handle_key(key: &str) -> Result<(), String> {
    let part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if (1..=KEY_MAX).contains(&key.len()) && key.chars().all(part) {
        return Ok(());
    }
    Err(format!("'{key}' is not 1 to {KEY_MAX} of a-z, 0-9, '_' and '-', such as github"))
}

pub(super) fn check_holiday_references(
    field: &str,
    sets: &[HolidaySetId],
    team: &TeamSnapshot,
    violations: &mut Violations,
) {
    violations.at_most(field, sets, SETS_MAX);
    violations.unique(field, sets);
    for (index, id) in sets.iter().enumerate().filter(|(_, id)| !team.holiday_sets.contains_key(id)) {
        let hint = violations.suggestion(id.as_str(), team.holiday_sets.keys());
        violations.add(&format!("{field}[{index}]"), format!("there is no holiday set '{id}'{hint}"));
    }
}

/// Adds what is wrong with a holiday set.
pub fn check_holiday_set(set: &HolidaySet, violations: &mut Violations) {
    violations.name("display_name", &set.display_name);
    violations.at_most("holidays", &set.holidays, LIST_MAX);
    for (index, holiday) in set.holidays.iter().enumerate() {
        violations.date(&format!("holidays[{index}].date"), holiday.date);
        violations.line(&format!("holidays[{index}].name"), &holiday.name);
    }
    violations.unique("holidays", set.holidays.iter().map(|holiday| holiday.date));
}
