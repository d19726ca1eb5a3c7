//! A timeline as a picture: a row for each local day on which something changes.
//!
//! ```text
//! mon 23         ──asa──┤09:00├──bo──
//! sun 29 (23 h)  ──bo──┤10:00├──gap──┤12:00├──cy!──
//! ```
//!
//! `!` marks whom an override put there, `asa (1 of 2)` a gap with somebody present, `·` nobody where nobody is
//! required. A day that is not 24 hours long says how long it is.

use onduty::civil::{Day, Instant, Interval, Zone};
use onduty::engine::{Gap, Listing, Timeline};
use onduty::model::CauseKind;

use super::slow::Slow;

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Joins what a timeline answers at its change points.
pub fn pieces(timeline: &Timeline) -> Slow {
    let window = timeline.window();
    let later = timeline.change_points().into_iter().filter(|at| *at > window.start());
    let starts: Vec<Instant> = std::iter::once(window.start()).chain(later).collect();
    Slow::from_starts(&starts, window, |at| timeline.listing_at(at))
}

/// Draws who is on duty, on the clock of `zone`.
pub fn draw(slow: &Slow, zone: &Zone) -> String {
    let mut rows = Vec::new();
    let mut last = String::new();
    let mut day = zone.day(slow.window.start());
    while zone.day_start(day) < slow.window.end() {
        let row = Interval::new(zone.day_start(day), zone.day_start(day.plus(1)));
        if let Some(row) = row.and_then(|row| row.intersection(slow.window)) {
            let stretches = stretches(slow, row);
            if stretches.len() > 1 || stretches[0].1 != last {
                rows.push(format!("{:<14} {}", day_shown(day, zone), row_shown(&stretches, zone)));
            }
            last = stretches.last().unwrap().1.clone();
        }
        day = day.plus(1);
    }
    rows.join("\n")
}

/// The labels within `row`, each with its start; equal neighbors are one.
fn stretches(slow: &Slow, row: Interval) -> Vec<(Instant, String)> {
    let mut found: Vec<(Instant, String)> = Vec::new();
    for (interval, listing) in &slow.pieces {
        let Some(part) = interval.intersection(row) else { continue };
        let label = label(listing.as_ref());
        if found.last().is_none_or(|(_, last)| *last != label) {
            found.push((part.start(), label));
        }
    }
    found
}

fn row_shown(stretches: &[(Instant, String)], zone: &Zone) -> String {
    let mut text = format!("──{}──", stretches[0].1);
    for (at, label) in &stretches[1..] {
        text += &format!("┤{}├──{label}──", time_shown(*at, zone));
    }
    text
}

fn label(listing: Option<&Listing>) -> String {
    let Some(listing) = listing else { return "not in effect".to_owned() };
    let name = |place: &onduty::engine::Place| {
        format!("{}{}", place.resident, if place.by_override.is_some() { "!" } else { "" })
    };
    let names = listing.on_duty.iter().map(name).collect::<Vec<_>>().join("+");
    match (listing.present(), listing.required) {
        (0, 0) => "·".to_owned(),
        (0, _) => "gap".to_owned(),
        (present, required) if present < required => format!("{names} ({present} of {required})"),
        _ => names,
    }
}

fn day_shown(day: Day, zone: &Zone) -> String {
    let seconds = zone.day_start(day.plus(1)).since(zone.day_start(day));
    let name = format!("{} {:02}", WEEKDAYS[usize::from(day.weekday_index())], day.date().day());
    match seconds {
        86_400 => name,
        _ if seconds % 3_600 == 0 => format!("{name} ({} h)", seconds / 3_600),
        _ => format!("{name} ({} h {})", seconds / 3_600, seconds % 3_600 / 60),
    }
}

fn time_shown(at: Instant, zone: &Zone) -> String {
    zone.wall(at).date_time().strftime("%H:%M").to_string()
}

/// Writes gaps one a line, each with its causes; a cause that is not there throughout says when.
pub fn gaps(gaps: &[Gap], zone: &Zone) -> String {
    gaps.iter().map(|gap| gap_shown(gap, zone)).collect::<Vec<_>>().join("\n")
}

fn gap_shown(gap: &Gap, zone: &Zone) -> String {
    let day = zone.day(gap.interval.start());
    let causes = gap.causes.iter().map(|(cause, part)| {
        let kind = match cause.kind {
            CauseKind::NobodyScheduled => "nobody scheduled",
            CauseKind::Absent => "absent",
            CauseKind::OutsideWorkingHours => "outside working hours",
            CauseKind::OutsideTerm => "outside the term",
            CauseKind::LacksSkill => "lacks a skill",
            CauseKind::TakenOff => "taken off",
        };
        let who = cause.resident.as_ref().map_or(String::new(), |resident| format!("{resident} "));
        let when = part.intervals().iter().filter(|part| **part != gap.interval);
        let when: String = when.map(|part| format!(" {}", interval_shown(*part, zone))).collect();
        format!("{who}{kind}{when}")
    });
    let causes: Vec<String> = causes.collect();
    let interval = interval_shown(gap.interval, zone);
    let name = day_shown(day, zone);
    format!("{name} {interval} {} of {}: {}", gap.present, gap.required, causes.join(", "))
}

fn interval_shown(interval: Interval, zone: &Zone) -> String {
    format!("{}-{}", time_shown(interval.start(), zone), time_shown(interval.end(), zone))
}
