//! What is published as an event of a calendar: its title, and what else it says.

use crate::access::{AwayDays, CalendarTeam, Published, What};
use crate::civil::{Instant, Wall};
use crate::ical::{Event, EventStamps, When};
use crate::model::{FeedTitles, FeedView};
use crate::roster::Stamps;

/// Returns something published as an event.
pub(super) fn event(team: CalendarTeam<'_>, view: &FeedView, published: &Published, stamps: Stamps) -> Event {
    let Stamps { sequence, created, modified } = stamps;
    let tentative = matches!(published.what, What::Gap { .. });
    Event {
        uid: published.id,
        sequence,
        stamps: EventStamps::Exact { created, modified },
        when: When::Instants(published.interval),
        summary: title(published, view.titles),
        description: description(team, published),
        category: category(&published.what),
        tentative,
        busy: view.busy,
    }
}

/// Returns days on which somebody is away as an event. All such events say the same of when they were entered: nothing.
///
/// The sequence rises every day, so that programs which go by it take up what changed.
pub(super) fn away(days: &AwayDays, today: Instant) -> Event {
    let sequence = Wall::from_seconds(today.seconds()).day().number();
    Event {
        uid: days.id,
        sequence: u32::try_from(sequence).unwrap_or_default(),
        stamps: EventStamps::AsOf(today),
        when: When::Days { first: days.first, last: days.last },
        summary: format!("Away: {}", days.display_name),
        description: String::new(),
        category: "AWAY",
        tentative: false,
        busy: false,
    }
}

fn category(what: &What) -> &'static str {
    match what {
        What::OnDuty(_) => "DUTY",
        What::Standby(_) => "STANDBY",
        What::Handoff { .. } => "HANDOFF",
        What::Gap { .. } => "GAP",
        What::Due { .. } => "TASK",
    }
}

fn title(published: &Published, titles: FeedTitles) -> String {
    let (lead, who) = match &published.what {
        What::OnDuty(name) => ("", name.clone()),
        What::Standby(name) => ("Standby", name.clone()),
        What::Handoff { from, to } => ("Handoff", format!("{} → {}", people(from), people(to))),
        What::Gap { present: 0, .. } => ("Gap", "nobody".to_owned()),
        What::Gap { required, present } => ("Gap", format!("{present} of {required}")),
        What::Due { task, assignee } => {
            let who = assignee.as_deref().unwrap_or("nobody");
            return if titles == FeedTitles::Duty { format!("Due: {task}") } else { format!("Due: {task} ({who})") };
        }
    };
    let duty = &published.title;
    match (titles, lead) {
        (FeedTitles::DutyAndResident, "") => format!("{duty}: {who}"),
        (FeedTitles::DutyAndResident, lead) => format!("{lead}, {duty}: {who}"),
        (FeedTitles::Duty, "") => duty.clone(),
        (FeedTitles::Duty, lead) => format!("{lead}: {duty}"),
        (FeedTitles::Resident, "") => who,
        (FeedTitles::Resident, lead) => format!("{lead}: {who}"),
    }
}

fn people(names: &[String]) -> String {
    if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
}

/// The times on the clock of the team, which a calendar program does not show, and what the title may leave out.
fn description(team: CalendarTeam<'_>, published: &Published) -> String {
    let Some(zone) = team.zone() else { return String::new() };
    let shown = |at: Instant| zone.wall(at).date_time().strftime("%a %Y-%m-%d %H:%M").to_string();
    let (start, end) = (shown(published.interval.start()), shown(published.interval.end()));
    let part = if published.is_month { "A month of a longer shift: " } else { "" };
    match &published.what {
        What::OnDuty(_) => format!("{part}{start} to {end} in {}", zone.name()),
        What::Standby(_) => format!("Next in line. {part}{start} to {end} in {}", zone.name()),
        What::Handoff { .. } => format!("{start} in {}", zone.name()),
        What::Gap { required, present } => {
            let part = if published.is_month { "A month of a longer gap: " } else { "" };
            format!("{present} on duty, {required} required. {part}{start} to {end} in {}", zone.name())
        }
        What::Due { .. } if published.title.is_empty() => format!("By {end} in {}", zone.name()),
        What::Due { .. } => format!("{}. By {end} in {}", published.title, zone.name()),
    }
}
