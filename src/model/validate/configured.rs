//! Checks of teams, residents and holiday sets.

use super::{LIST_MAX, TEXT_MAX, Violations, suggestion};
use crate::civil::ZoneRules;
use crate::model::{HolidaySet, HolidaySetId, Resident, Team, TeamSnapshot};

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
    if resident.capacity_hours > 168 {
        let given = resident.capacity_hours;
        violations.add("capacity_hours", format!("{given} is more than a week has; give 0 to 168 hours a week"));
    }
    violations.within("term", |term| {
        term.zone("zone", &resident.term.zone, rules);
        term.first_and_last(resident.term.first, resident.term.last);
    });
    violations.words("skills", &resident.skills);
    violations.within("holidays", |holidays| {
        holidays.zone("zone", &resident.holidays.zone, rules);
        check_holiday_references("sets", &resident.holidays.sets, team, holidays);
    });
    check_handles(resident, violations);
}

fn check_handles(resident: &Resident, violations: &mut Violations) {
    violations.length("handles", &resident.handles);
    violations.unique("handles", resident.handles.iter().map(|handle| &handle.key));
    for (index, handle) in resident.handles.iter().enumerate() {
        violations.within(format!("handles[{index}]"), |violations| {
            violations.name("key", &handle.key);
            violations.name("value", &handle.value);
        });
    }
}

pub(super) fn check_holiday_references(
    field: &str,
    sets: &[HolidaySetId],
    team: &TeamSnapshot,
    violations: &mut Violations,
) {
    violations.length(field, sets);
    violations.unique(field, sets);
    for (index, id) in sets.iter().enumerate().filter(|(_, id)| !team.holiday_sets.contains_key(id)) {
        let hint = suggestion(id.as_str(), team.holiday_sets.keys());
        violations.add(&format!("{field}[{index}]"), format!("there is no holiday set '{id}'{hint}"));
    }
}

/// Adds what is wrong with a holiday set.
pub fn check_holiday_set(set: &HolidaySet, violations: &mut Violations) {
    violations.name("display_name", &set.display_name);
    if set.holidays.len() > 10 * LIST_MAX {
        violations.add("holidays", format!("has {} days; at most {} are accepted", set.holidays.len(), 10 * LIST_MAX));
    }
    for (index, holiday) in set.holidays.iter().enumerate() {
        violations.date(&format!("holidays[{index}].date"), holiday.date);
        violations.text(&format!("holidays[{index}].name"), &holiday.name, TEXT_MAX);
    }
    violations.unique("holidays", set.holidays.iter().map(|holiday| holiday.date));
}
