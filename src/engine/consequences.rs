//! What a change to one resident does to shifts, gaps and tasks (semantics 7.1).

use std::collections::BTreeSet;

use super::answer::{Gap, Shift};
use super::board::{Board, ranking_window};
use super::stand_ins::{StandIn, stand_ins};
use super::tasks::{Room, TaskReader, due};
use super::timeline::Timeline;
use crate::civil::{Instant, Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::{ResidentId, Task, TaskId, TeamSnapshot};

/// What changes for shifts, gaps and tasks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consequences {
    /// The resident's shifts that are shortened or removed, by start and duty.
    pub shifts: Vec<AffectedShift>,
    /// The gaps that open or grow, by start and duty.
    pub gaps: Vec<OpenedGap>,
    /// The resident's tasks that become uncovered, by due time; those without one last.
    pub tasks: Vec<AffectedTask>,
}

/// A shift that is shortened or removed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AffectedShift {
    /// The shift as it was before.
    pub shift: Shift,
    /// The parts of it that are taken away, by start.
    pub parts: Vec<AffectedPart>,
}

/// A part of an affected shift with one answer throughout to who comes on duty for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AffectedPart {
    /// The part.
    pub interval: Interval,
    /// Who is on duty now and was not before, in order of their places; nobody where it stays empty.
    pub stand_ins: Vec<ResidentId>,
}

/// A gap that opens or grows.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedGap {
    /// The gap as it is after the change.
    pub gap: Gap,
    /// The parts of it in which fewer people are missing, or none, before.
    pub new: IntervalSet,
    /// Who could fill it, the best first.
    pub stand_ins: Vec<StandIn>,
}

/// A task that becomes uncovered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AffectedTask {
    /// The task.
    pub task: TaskId,
    /// Who has room for it, most room first.
    pub room: Vec<Room>,
}

/// Returns what it does to `window` that the team becomes `after` from `before` by a change to `resident`, such as an
/// absence; tasks are judged as of `now` (semantics 7.1).
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::consequences;
/// # use onduty::model::{ResidentId, TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let before = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let after = before.clone(); // with an absence put in
/// let week = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-30T00:00:00Z".parse().unwrap()).unwrap();
/// let asa = ResidentId::new("asa").unwrap();
/// let found = consequences(&before, &after, &rules, &asa, week, week.start()).unwrap();
/// for affected in &found.shifts {
///     for part in &affected.parts {
///         println!("{}: {:?} instead", part.interval, part.stand_ins);
///     }
/// }
/// assert!(found.gaps.is_empty() && found.tasks.is_empty());
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn consequences(
    before: &TeamSnapshot,
    after: &TeamSnapshot,
    rules: &ZoneRules,
    resident: &ResidentId,
    window: Interval,
    now: Instant,
) -> Result<Consequences, UnknownZone> {
    let was = Board::read(before, rules, window)?;
    let is = Board::read(after, rules, window)?;
    Ok(Consequences {
        shifts: affected_shifts(&was, &is, resident),
        gaps: opened_gaps(&was, &is)?,
        tasks: affected_tasks(before, after, rules, resident, now)?,
    })
}

fn affected_shifts(was: &Board<'_>, is: &Board<'_>, resident: &ResidentId) -> Vec<AffectedShift> {
    let mut affected = Vec::new();
    for before in was.timelines() {
        let after = is.timeline(before.duty());
        let kept = is.on_duty_for(before.duty(), resident);
        for shift in before.shifts().iter().filter(|shift| shift.resident == *resident) {
            let lost = IntervalSet::from(shift.interval).difference(kept);
            let parts: Vec<AffectedPart> =
                lost.intervals().iter().flat_map(|part| affected_parts(before, after, *part)).collect();
            if !parts.is_empty() {
                affected.push(AffectedShift { shift: shift.clone(), parts });
            }
        }
    }
    affected.sort_by_key(|affected| affected.shift.interval.start());
    affected
}

/// Cuts a part that is taken away where the answer to who comes on duty for it changes.
fn affected_parts(before: &Timeline, after: Option<&Timeline>, lost: Interval) -> Vec<AffectedPart> {
    let changes = before.change_points().into_iter().chain(after.map(Timeline::change_points).unwrap_or_default());
    let inside = changes.filter(|at| lost.contains(*at) && *at > lost.start());
    let starts: BTreeSet<Instant> = inside.chain([lost.start()]).collect();
    let ends = starts.iter().skip(1).copied().chain([lost.end()]);
    let mut parts: Vec<AffectedPart> = Vec::new();
    for (start, end) in starts.iter().zip(ends) {
        let there = before.listing_at(*start).map(|listing| listing.people()).unwrap_or_default();
        let now_there = after.and_then(|after| after.listing_at(*start)).map(|listing| listing.on_duty);
        let came = now_there.unwrap_or_default().into_iter().map(|place| place.resident);
        let stand_ins: Vec<ResidentId> = came.filter(|resident| !there.contains(resident)).collect();
        match parts.last_mut().filter(|last| last.stand_ins == stand_ins) {
            Some(last) => last.interval = Interval::new(last.interval.start(), end).unwrap_or(last.interval),
            None => parts.extend(Interval::new(*start, end).map(|interval| AffectedPart { interval, stand_ins })),
        }
    }
    parts
}

fn opened_gaps(was: &Board<'_>, is: &Board<'_>) -> Result<Vec<OpenedGap>, UnknownZone> {
    let mut opened: Vec<(&Gap, IntervalSet)> = Vec::new();
    for after in is.timelines() {
        let before = was.timeline(after.duty()).map(Timeline::gaps).unwrap_or_default();
        for gap in after.gaps() {
            let missing = |gap: &Gap| gap.required.saturating_sub(gap.present);
            let as_bad = before.iter().filter(|other| missing(other) >= missing(gap));
            let new = IntervalSet::from(gap.interval).difference(&as_bad.map(|other| other.interval).collect());
            if !new.is_empty() {
                opened.push((gap, new));
            }
        }
    }
    opened.sort_by_key(|(gap, _)| gap.interval.start());
    let (Some(first), Some(last)) = (opened.first(), opened.iter().map(|(gap, _)| gap.interval.end()).max()) else {
        return Ok(Vec::new());
    };
    let around = Interval::new(first.0.interval.start(), last).unwrap_or(is.window());
    let ranking = Board::read(is.team(), is.rules(), ranking_window(is.team(), around))?;
    let ranked = opened.into_iter().map(|(gap, new)| {
        let stand_ins = stand_ins(&ranking, gap)?;
        Ok(OpenedGap { gap: gap.clone(), new, stand_ins })
    });
    ranked.collect()
}

fn affected_tasks(
    before: &TeamSnapshot,
    after: &TeamSnapshot,
    rules: &ZoneRules,
    resident: &ResidentId,
    now: Instant,
) -> Result<Vec<AffectedTask>, UnknownZone> {
    let uncovered =
        |reader: &mut TaskReader<'_>, task: &Task| Ok(reader.health(task)?.is_some_and(|health| health.uncovered));
    let (mut was, mut is) = (TaskReader::new(before, rules, now), TaskReader::new(after, rules, now));
    let mut affected = Vec::new();
    for (id, entry) in &after.tasks {
        let task = &entry.value;
        let theirs = task.assignee.as_ref() == Some(resident) || task.deputy.as_ref() == Some(resident);
        if !theirs || !uncovered(&mut is, task)? {
            continue;
        }
        let was_uncovered = match before.tasks.get(id) {
            Some(entry) => uncovered(&mut was, &entry.value)?,
            None => false,
        };
        if !was_uncovered {
            let task = AffectedTask { task: id.clone(), room: is.room(id)? };
            affected.push((due(&entry.value, rules)?.unwrap_or(Instant::MAX), task));
        }
    }
    affected.sort_by_key(|(due, _)| *due);
    Ok(affected.into_iter().map(|(_, task)| task).collect())
}

#[cfg(test)]
mod tests;
