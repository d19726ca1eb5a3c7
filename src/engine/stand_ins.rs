//! Who could fill a gap, the best first (semantics 6.1).

use std::cmp::Ordering;

use super::answer::Gap;
use super::board::{Board, LOAD_SECONDS, ranking_window, rest_hours};
use super::people::Person;
use super::presence::duty_versions;
use crate::civil::{Interval, IntervalSet, TimeOfDay, UnknownZone, Weekdays, WeeklyWindow, WindowId, occurrences};
use crate::model::{Duty, DutyId, ResidentId};

/// When people are awake where they are (semantics 6.1); the rest is night.
const AWAKE: (Option<TimeOfDay>, Option<TimeOfDay>) = (TimeOfDay::new(7, 0, 0), TimeOfDay::new(22, 0, 0));

/// The hours of the day by the clock of where somebody is, from best to worst (semantics 6.1).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum HoursClass {
    /// Within their working hours.
    Working,
    /// From 07:00 to 22:00.
    Awake,
    /// From 22:00 to 07:00.
    Night,
}

/// Somebody who could fill a gap or a part of it, with everything they are ranked by.
#[derive(Clone, Debug, PartialEq)]
pub struct StandIn {
    /// Who.
    pub resident: ResidentId,
    /// Whether an override takes them off, and who was to cover cannot: they are asked before all others.
    pub asked_first: bool,
    /// The part of the gap they could cover.
    pub covers: IntervalSet,
    /// Whether that is all of it.
    pub whole: bool,
    /// Whether they are softly off in a part of it.
    pub softly_off: bool,
    /// The worst hours in it.
    pub hours: HoursClass,
    /// Whether the team's rest between shifts would be kept.
    pub rest_kept: bool,
    /// The other duties that they are on in it.
    pub other_duties: Vec<DutyId>,
    /// How long they are on duty in the 28 days before the gap, each instant once.
    pub load_seconds: i64,
    /// That load over the capacity of four weeks; `None` without capacity, which ranks as the heaviest.
    pub load_ratio: Option<f64>,
    /// How long the gap is.
    pub gap_seconds: i64,
    /// The rest between shifts that the team states, in hours.
    pub rest_hours: u32,
}

/// Returns everybody who could fill `gap` or a part of it, the best first (semantics 6.1).
///
/// A stand-in has the duty's skills, is in term and has no hard time off; who is on the duty already, or is taken off
/// it by an override, is none for that time. A board of [`Board::read_for_stand_ins`] knows everything that ranks; from
/// a narrower one a wider is read.
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::{Board, stand_ins};
/// # use onduty::model::{TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let day = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
/// let board = Board::read_for_stand_ins(&team, &rules, day).unwrap();
/// for gap in board.timelines().iter().flat_map(|timeline| timeline.gaps()) {
///     for stand_in in stand_ins(&board, gap).unwrap() {
///         println!("{}: {}", stand_in.resident, stand_in.reasons().join("; "));
///     }
/// }
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where the board's rules lack a zone that is used.
pub fn stand_ins(board: &Board<'_>, gap: &Gap) -> Result<Vec<StandIn>, UnknownZone> {
    let needed = ranking_window(board.team(), gap.interval);
    let wider;
    let board = if board.window().encloses(needed) {
        board
    } else {
        wider = Board::read(board.team(), board.rules(), needed)?;
        &wider
    };
    let ranker = Ranker {
        board,
        gap,
        duty: duty_versions(board.team(), &gap.duty, gap.interval),
        taken_off: taken_off(board, gap)?,
        rest_hours: rest_hours(board.team(), gap.interval.start()),
    };
    let mut found: Vec<StandIn> = board.people()?.iter().filter_map(|person| ranker.stand_in(person)).collect();
    // They come in listed order, and the sort is stable.
    found.sort_by(|a, b| ranker.compare(a, b));
    Ok(found)
}

/// When overrides take whom off the gap's duty.
fn taken_off<'a>(board: &Board<'a>, gap: &Gap) -> Result<Vec<(&'a ResidentId, Interval)>, UnknownZone> {
    let mut found = Vec::new();
    let entries = board.team().overrides.values().filter(|entry| entry.value.duty == gap.duty);
    for entry in entries {
        let Some(owner) = entry.value.form.owner() else { continue };
        let interval = entry.value.span.interval(board.rules())?;
        found.extend(interval.and_then(|interval| interval.intersection(gap.interval)).map(|part| (owner, part)));
    }
    Ok(found)
}

struct Ranker<'r, 'a> {
    board: &'r Board<'a>,
    gap: &'r Gap,
    duty: Vec<(Interval, &'a Duty)>,
    taken_off: Vec<(&'a ResidentId, Interval)>,
    rest_hours: u32,
}

impl Ranker<'_, '_> {
    fn stand_in(&self, person: &Person<'_>) -> Option<StandIn> {
        let gap = self.gap.interval;
        let resident = person.id.clone();
        let asked_first = self.gap.asked_first.contains(&resident);
        let on_it = self.board.on_duty_for(&self.gap.duty, &resident);
        let mut covers = person.skilled(&self.duty, gap).intersection(&person.there()).difference(on_it);
        if !asked_first {
            let off = self.taken_off.iter().filter(|(owner, _)| **owner == resident);
            covers = covers.difference(&off.map(|(_, part)| *part).collect());
        }
        let first = covers.intervals().first()?.start();
        let on_duty = self.board.on_duty_set(&resident);
        let before = Interval::new(gap.start().plus(-LOAD_SECONDS), gap.start());
        let load_seconds = before.map_or(0, |before| on_duty.clip(before).seconds());
        let stated = person.version_at(gap.start()).or_else(|| person.version_at(first));
        let capacity = stated.map(|resident| resident.capacity_minutes).filter(|minutes| *minutes > 0);
        Some(StandIn {
            asked_first,
            whole: covers.encloses(gap),
            softly_off: !person.soft_set().intersection(&covers).is_empty(),
            hours: hours_class(person, &covers),
            rest_kept: rest_kept(on_duty, &covers, i64::from(self.rest_hours) * 3_600),
            other_duties: self.other_duties(&resident, &covers),
            load_seconds,
            load_ratio: capacity.map(|minutes| load_seconds as f64 / (4.0 * 60.0 * f64::from(minutes))),
            gap_seconds: gap.seconds(),
            rest_hours: self.rest_hours,
            resident,
            covers,
        })
    }

    fn other_duties(&self, resident: &ResidentId, covers: &IntervalSet) -> Vec<DutyId> {
        let mut duties = self.board.duties_during(resident, covers);
        duties.retain(|duty| *duty != self.gap.duty);
        duties
    }

    /// The order of semantics 6.1; whoever is asked first comes before all others.
    fn compare(&self, a: &StandIn, b: &StandIn) -> Ordering {
        let asked = |stand_in: &StandIn| {
            let place = self.gap.asked_first.iter().position(|resident| *resident == stand_in.resident);
            place.unwrap_or(usize::MAX)
        };
        let heaviest = |stand_in: &StandIn| stand_in.load_ratio.unwrap_or(f64::INFINITY);
        asked(a)
            .cmp(&asked(b))
            .then_with(|| b.whole.cmp(&a.whole))
            .then_with(|| b.covers.seconds().cmp(&a.covers.seconds()))
            .then_with(|| a.softly_off.cmp(&b.softly_off))
            .then_with(|| a.hours.cmp(&b.hours))
            .then_with(|| b.rest_kept.cmp(&a.rest_kept))
            .then_with(|| a.other_duties.is_empty().cmp(&b.other_duties.is_empty()).reverse())
            .then_with(|| heaviest(a).total_cmp(&heaviest(b)))
    }
}

/// The worst hours of `covers` by the clock of where the person is.
fn hours_class(person: &Person<'_>, covers: &IntervalSet) -> HoursClass {
    let outside = covers.difference(&person.working_set());
    let (Some(first), Some(last)) = (outside.intervals().first(), outside.intervals().last()) else {
        return HoursClass::Working;
    };
    let awake = Interval::new(first.start(), last.end()).map(|around| awake(person, around));
    if awake.is_some_and(|awake| outside.difference(&awake).is_empty()) { HoursClass::Awake } else { HoursClass::Night }
}

/// When it is from 07:00 to 22:00 where the person is.
fn awake(person: &Person<'_>, around: Interval) -> IntervalSet {
    let window = WeeklyWindow {
        id: WindowId::from_valid("awake"),
        weekdays: Weekdays::ALL,
        start: AWAKE.0.unwrap_or(TimeOfDay::MIN),
        end: AWAKE.1.unwrap_or(TimeOfDay::MAX),
    };
    let windows = [window];
    let stays = person.stays.iter().filter_map(|stay| Some((stay.zone, stay.interval.intersection(around)?)));
    let days = stays.flat_map(|(zone, part)| {
        let days: Vec<_> = occurrences(&windows, zone, part, |_| true).collect();
        days.into_iter().filter_map(move |day| day.interval.intersection(part))
    });
    days.collect()
}

/// Whether all their other times on duty keep the rest from `covers`; those that overlap it are no shifts apart.
fn rest_kept(on_duty: &IntervalSet, covers: &IntervalSet, rest: i64) -> bool {
    let overlaps = |stretch: &Interval| covers.intervals().iter().any(|part| part.overlaps(*stretch));
    let apart = |stretch: Interval, part: Interval| {
        if stretch.end() <= part.start() {
            part.start().since(stretch.end())
        } else {
            stretch.start().since(part.end())
        }
    };
    let others = on_duty.intervals().iter().filter(|stretch| !overlaps(stretch));
    others.into_iter().all(|stretch| covers.intervals().iter().all(|part| apart(*stretch, *part) >= rest))
}

impl StandIn {
    /// Returns why they rank where they do, in words, the weightiest first.
    ///
    /// What everybody can see is in it and nothing else: not why somebody is softly off.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if self.asked_first {
            reasons.push("asked first: it is their slot, and whoever was to cover it cannot".to_owned());
        }
        reasons.push(match self.whole {
            true => "can cover all of it".to_owned(),
            false => format!("can cover {} of {}", length(self.covers.seconds()), length(self.gap_seconds)),
        });
        if self.softly_off {
            reasons.push("would rather not be disturbed then".to_owned());
        }
        reasons.push(match self.hours {
            HoursClass::Working => "within their working hours".to_owned(),
            HoursClass::Awake => "outside their working hours, but not at night".to_owned(),
            HoursClass::Night => "partly or wholly at night where they are".to_owned(),
        });
        reasons.push(match self.rest_kept {
            true => format!("keeps {} h of rest between shifts", self.rest_hours),
            false => format!("leaves less than {} h of rest between shifts", self.rest_hours),
        });
        if !self.other_duties.is_empty() {
            let duties: Vec<&str> = self.other_duties.iter().map(DutyId::as_str).collect();
            reasons.push(format!("is on {} at the same time", duties.join(", ")));
        }
        let load = length(self.load_seconds);
        reasons.push(match self.load_ratio {
            Some(ratio) => format!("on duty {load} in the 28 days before, {:.0} % of their capacity", ratio * 100.0),
            None => format!("on duty {load} in the 28 days before, and states no capacity"),
        });
        reasons
    }
}

/// Writes a length of time: `3 h 30 min`, in days from two days on.
fn length(seconds: i64) -> String {
    let (days, hours, minutes) = match seconds / 3_600 {
        hours if hours >= 48 => (hours / 24, hours % 24, 0),
        hours => (0, hours, seconds / 60 % 60),
    };
    let parts = [(days, "d"), (hours, "h"), (minutes, "min")];
    let words: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count} {unit}")).collect();
    if words.is_empty() { "0 h".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests;
