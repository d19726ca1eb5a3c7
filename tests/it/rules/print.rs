//! A roster as text, so that a failure can be read.

use std::fmt::{self, Write as _};

use onduty::civil::{Instant, WeeklyWindow};
use onduty::model::*;

use super::arbitrary::Roster;

/// Writes everything that the roster states, one thing a line.
pub fn roster(roster: &Roster, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "roster in {}, asked for {} {}", roster.scene.zone(0), roster.duty, roster.window)?;
    f.write_str(&team(&roster.team))
}

/// Writes everything that a team states, one thing a line.
pub fn team(team: &TeamSnapshot) -> String {
    let mut text = String::new();
    for (id, resident) in &team.residents {
        versions(&mut text, &format!("resident {id}"), &resident.versions, person);
    }
    for (id, set) in &team.holiday_sets {
        versions(&mut text, &format!("holidays {id}"), &set.versions, |set| {
            join(set.holidays.iter().map(|holiday| holiday.date))
        });
    }
    for (id, duty) in &team.duties {
        versions(&mut text, &format!("duty {id}"), &duty.versions, self::duty);
        for (id, layer) in &duty.layers {
            versions(&mut text, &format!("  layer {id}"), layer, self::layer);
        }
    }
    let mut entries: Vec<_> = team.overrides.iter().collect();
    entries.sort_by_key(|(_, entry)| entry.meta.created);
    for (id, entry) in entries {
        let form = match &entry.value.form {
            OverrideForm::Add { by } => format!("{by}"),
            OverrideForm::Replace { by, owner } => format!("{by} for {owner}"),
            OverrideForm::TakeOff { owner } => format!("{owner} off"),
        };
        let revision = entry.meta.created.revision;
        let _ = writeln!(text, "override {id} (made {revision}) {form}: {}", span(&entry.value.span));
    }
    for (id, entry) in &team.time_off {
        let _ = writeln!(text, "{}", time_off(id, entry));
    }
    text
}

fn versions<T>(text: &mut String, name: &str, versions: &Versions<T>, show: impl Fn(&T) -> String) {
    for version in versions.list() {
        let from = if version.from == Instant::MIN { String::new() } else { format!(" from {}", version.from) };
        let value = version.value.as_ref().map_or_else(|| "ended".to_owned(), &show);
        let _ = writeln!(text, "{name}{from}: {value}");
    }
}

fn join<T: fmt::Display>(things: impl IntoIterator<Item = T>) -> String {
    things.into_iter().map(|thing| thing.to_string()).collect::<Vec<_>>().join(" ")
}

fn windows(windows: &[WeeklyWindow]) -> String {
    let shown = windows.iter().map(|window| format!("{} {}-{}", window.weekdays, window.start, window.end));
    shown.collect::<Vec<_>>().join("; ")
}

fn dates(first: Option<jiff::civil::Date>, last: Option<jiff::civil::Date>) -> String {
    let date = |date: Option<jiff::civil::Date>| date.map_or(String::new(), |date| date.to_string());
    format!("{}..{}", date(first), date(last))
}

fn person(resident: &Resident) -> String {
    format!(
        "in {}, works [{}], term {} ({}), skills [{}], holidays [{}] ({})",
        resident.home_zone,
        windows(&resident.working_hours),
        dates(resident.term.first, resident.term.last),
        resident.term.zone,
        resident.skills.join(" "),
        join(&resident.holidays.sets),
        resident.holidays.zone,
    )
}

fn duty(duty: &Duty) -> String {
    let mut text = format!("{:?}, needs [{}], layers [{}]", duty.headcount, duty.skills.join(" "), join(&duty.layers));
    for requirement in &duty.requirements {
        let time = match &requirement.time {
            RequirementTime::Always => "always".to_owned(),
            RequirementTime::Windows(list) => windows(list),
        };
        let count = requirement.headcount.map_or(String::new(), |count| format!(" {count} people"));
        let days = dates(requirement.first, requirement.last);
        let pauses = join(&requirement.holiday_sets);
        let _ = write!(
            text,
            "\n    requires {}: {time} in {},{count} {days}, but not on [{pauses}]",
            requirement.id, requirement.zone,
        );
    }
    text
}

fn layer(layer: &Layer) -> String {
    let source = match &layer.source {
        Source::Pool(members) => format!("pool [{}]", join(members)),
        Source::Rotation(rotation) => format!(
            "rotation [{}] every {} from {} in {}, offset {}, grid {}{}",
            join(&rotation.participants),
            rotation.length,
            rotation.anchor,
            rotation.zone,
            rotation.offset,
            rotation.grid,
            rotation.held_turn.map_or(String::new(), |turn| format!(", holding turn {turn}")),
        ),
    };
    let within = layer
        .windows
        .as_ref()
        .map_or(String::new(), |list| format!(", within [{}] in {}", windows(&list.windows), list.zone));
    let shadows = join(&layer.shadows);
    format!("{source}{within}, hours {:?}, {:?}, shadows [{shadows}]", layer.hours, layer.when_absent)
}

fn span(span: &Span) -> String {
    let open = || "open".to_owned();
    match span {
        Span::Days { first, last, zone } => {
            format!("{first}..{} (days in {zone})", last.map_or_else(open, |last| last.to_string()))
        }
        Span::Local { start, end, zone } => {
            format!("{start}..{} (in {zone})", end.map_or_else(open, |end| end.to_string()))
        }
        Span::Instants { start, end } => format!("{start}..{}", end.map_or_else(open, |end| end.to_string())),
    }
}

fn time_off(id: &TimeOffId, entry: &Entered<TimeOff>) -> String {
    let TimeOff { resident, span, effect, recurrence, cuts, ended, imported: _ } = &entry.value;
    let effect = match effect {
        Effect::Hard => "hard".to_owned(),
        Effect::Soft => "soft".to_owned(),
        Effect::WorkingElsewhere { zone } => format!("elsewhere in {zone}"),
    };
    let recurs = recurrence
        .as_ref()
        .map_or(String::new(), |recurrence| format!(", {} except {:?}", recurrence.rule, recurrence.except));
    let cuts = join(cuts.iter().map(|cut| format!(", {} cut at {}", cut.instance, cut.at)));
    let ended = ended.map_or(String::new(), |at| format!(", ended at {at}"));
    let made = entry.meta.created.revision;
    format!("off {id} (made {made}) {resident}, {effect}: {}{recurs}{cuts}{ended}", self::span(span))
}
