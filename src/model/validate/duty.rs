//! Checks of duties, requirements and layers.

use std::collections::BTreeMap;

use super::configured::check_holiday_references;
use super::{HEADCOUNT_MAX, PARTS_MAX, PEOPLE_MAX, TEXT_MAX, Violations};
use crate::civil::ZoneRules;
use crate::model::{Duty, Headcount, Layer, LayerId, Requirement, RequirementTime, Rotation, Source, TeamSnapshot};

/// Adds what is wrong with a duty and the layers that it is to have.
pub fn check_duty(
    duty: &Duty,
    layers: &BTreeMap<LayerId, Layer>,
    team: &TeamSnapshot,
    rules: &ZoneRules,
    violations: &mut Violations,
) {
    violations.name("title", &duty.title);
    violations.text("description", &duty.description, TEXT_MAX);
    violations.skills("skills", &duty.skills);
    if let Headcount::Count(count) = duty.headcount {
        check_headcount("headcount", count, violations);
    }
    violations.at_most("requirements", &duty.requirements, PARTS_MAX);
    violations.unique("requirements", duty.requirements.iter().map(|requirement| &requirement.id));
    for (index, requirement) in duty.requirements.iter().enumerate() {
        violations.within(format!("requirements[{index}]"), |violations| {
            check_requirement(requirement, team, rules, violations);
        });
    }
    violations.at_most("layers", &duty.layers, PARTS_MAX);
    violations.unique("layers", &duty.layers);
    for (index, id) in duty.layers.iter().enumerate() {
        violations.within(format!("layers[{index}]"), |violations| match layers.get(id) {
            Some(layer) => check_layer(layer, team, rules, violations),
            None => violations.add("", format!("layer '{id}' is in the order but is not described")),
        });
    }
}

fn check_headcount(field: &str, count: u32, violations: &mut Violations) {
    if !(1..=HEADCOUNT_MAX).contains(&count) {
        violations.add(field, format!("{count} is not from 1 to {HEADCOUNT_MAX}"));
    }
}

fn check_requirement(requirement: &Requirement, team: &TeamSnapshot, rules: &ZoneRules, violations: &mut Violations) {
    violations.zone("zone", &requirement.zone, rules);
    violations.first_and_last(requirement.first, requirement.last);
    if let Some(count) = requirement.headcount {
        check_headcount("headcount", count, violations);
    }
    if let RequirementTime::Windows(windows) = &requirement.time {
        violations.windows("windows", windows);
        if windows.is_empty() {
            violations.add("windows", "has no window; give at least one, or say 'always'");
        }
    }
    check_holiday_references("holiday_sets", &requirement.holiday_sets, team, violations);
}

/// Adds what is wrong with one layer.
pub fn check_layer(layer: &Layer, team: &TeamSnapshot, rules: &ZoneRules, violations: &mut Violations) {
    let (field, people) = match &layer.source {
        Source::Rotation(rotation) => {
            violations.within("rotation", |violations| check_rotation(rotation, rules, violations));
            ("rotation.participants", &rotation.participants)
        }
        Source::Pool(members) => {
            violations.unique("pool.members", members);
            if members.is_empty() {
                violations.add("pool.members", "is empty; a pool needs at least one member");
            }
            ("pool.members", members)
        }
    };
    for (field, people) in [(field, people), ("shadows", &layer.shadows)] {
        violations.at_most(field, people, PEOPLE_MAX);
        for (index, id) in people.iter().enumerate() {
            violations.resident(&format!("{field}[{index}]"), id, team);
        }
    }
    violations.unique("shadows", &layer.shadows);
    for (index, shadow) in layer.shadows.iter().enumerate().filter(|(_, shadow)| people.contains(shadow)) {
        violations.add(&format!("shadows[{index}]"), format!("'{shadow}' already is one of the layer's own people"));
    }
    if let Some(windows) = &layer.windows {
        violations.within("windows", |violations| {
            violations.zone("zone", &windows.zone, rules);
            violations.windows("windows", &windows.windows);
            if windows.windows.is_empty() {
                violations.add("windows", "has no window; leave it out for a layer that is always active");
            }
        });
    }
}

fn check_rotation(rotation: &Rotation, rules: &ZoneRules, violations: &mut Violations) {
    if rotation.participants.is_empty() {
        violations.add("participants", "is empty; a rotation needs at least one participant");
    }
    violations.date("anchor", rotation.anchor.date());
    violations.zone("zone", &rotation.zone, rules);
}
