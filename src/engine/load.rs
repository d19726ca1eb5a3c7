//! Who had how much of the work, and what would have been their share (semantics 6.2 to 6.4).

use std::collections::{BTreeMap, BTreeSet};

use super::board::{Board, read_people};
use super::local_hours::{LoadHours, LocalHours};
use super::people::Person;
use super::swaps::settled;
use super::timeline::{Timeline, timeline};
use crate::civil::{Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::{DutyId, OverrideId, ResidentId, TaskState, TeamSnapshot};

/// The load of a period.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ledger {
    /// The period.
    pub period: Interval,
    /// Everybody who was in their term at some time of the period, or on duty, in listed order; whoever had nothing to
    /// do is there with zero.
    pub residents: Vec<ResidentLoad>,
    /// Who stood in for whom, by pairs, and what is left of it (semantics 6.4), the largest debt first.
    pub debts: Vec<Debt>,
}

impl Ledger {
    /// Returns the hours on duty of all residents together, in seconds.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.residents.iter().map(|resident| resident.hours.seconds()).sum()
    }
}

/// One resident's part of the load.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ResidentLoad {
    /// Who.
    pub resident: ResidentId,
    /// How long they were on duty, each instant once, on however many duties.
    pub hours: LoadHours,
    /// The same for each duty that they were on, in order of the duties; an instant on two duties is in both.
    pub duties: Vec<(DutyId, LoadHours)>,
    /// How long they were on standby for some duty, and on none.
    pub standby_seconds: i64,
    /// How many tasks of theirs were done.
    pub tasks_done: u32,
    /// The effort that these stated, in minutes.
    pub effort_minutes: u64,
    /// How long they were available: in their term, and without time off, hard or soft.
    pub available_seconds: i64,
    /// What would have been their share of all hours on duty, in proportion to capacity and to the time in which they
    /// were available.
    pub share_seconds: i64,
}

impl ResidentLoad {
    /// Returns how much more than their share they were on duty, in seconds; less is negative.
    #[must_use]
    pub fn beyond_share_seconds(&self) -> i64 {
        self.hours.seconds() - self.share_seconds
    }
}

/// How long two people stood in for each other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Debt {
    /// The one who was stood in for longer; where both did so as long, the first in order.
    pub debtor: ResidentId,
    /// The other one.
    pub creditor: ResidentId,
    /// How long the creditor stood in for the debtor.
    pub covered_seconds: i64,
    /// How long the debtor stood in for the creditor.
    pub returned_seconds: i64,
}

impl Debt {
    /// Returns what is left of it, in seconds; 0 where they are even.
    #[must_use]
    pub fn owed_seconds(&self) -> i64 {
        self.covered_seconds - self.returned_seconds
    }
}

/// Returns the load of `period`, on `duties` only where any are named (semantics 6.2 to 6.4).
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::load;
/// # use onduty::model::{TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let month = Interval::new("2026-11-01T00:00:00Z".parse().unwrap(), "2026-12-01T00:00:00Z".parse().unwrap()).unwrap();
/// let ledger = load(&team, &rules, month, &[]).unwrap();
/// for resident in &ledger.residents {
///     let night = resident.hours.night_seconds / 3_600;
///     println!("{}: {night} h at night, {} s beyond their share", resident.resident, resident.beyond_share_seconds());
/// }
/// assert_eq!(ledger.seconds(), 0);
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn load(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    period: Interval,
    duties: &[DutyId],
) -> Result<Ledger, UnknownZone> {
    let wanted = |duty: &DutyId| duties.is_empty() || duties.contains(duty);
    let in_effect = team.duties.iter().filter(|(id, duty)| wanted(id) && duty.versions.within(period).next().is_some());
    let timelines = in_effect.map(|(id, _)| timeline(team, rules, id, period));
    let timelines = timelines.collect::<Result<Vec<_>, UnknownZone>>()?;
    let mut attendance: BTreeMap<ResidentId, Attendance> = BTreeMap::new();
    let mut covers = Covers::of(team);
    for (place, timeline) in timelines.iter().enumerate() {
        attend(timeline, place, &mut attendance, &mut covers);
    }
    covers.add_swaps((team, rules), period, wanted)?;
    let mut weights = Vec::new();
    let mut residents = Vec::new();
    for person in read_people(team, rules, period, true)? {
        let attended = attendance.remove(person.id).unwrap_or_default();
        if person.term_set().clip(period).is_empty() && attended.duties.is_empty() {
            continue;
        }
        let counted = attended.count(team, &person, &timelines);
        let (available_seconds, weight) = availability(&person, period);
        weights.push(weight);
        residents.push(ResidentLoad { available_seconds, ..counted });
    }
    let mut ledger = Ledger { period, residents, debts: covers.settle() };
    share(&mut ledger, &weights);
    count_tasks(&mut ledger, team, wanted, duties.is_empty());
    Ok(ledger)
}

/// When somebody was on duty and on standby.
#[derive(Default)]
struct Attendance {
    /// By place of the duty's timeline, in order of time.
    duties: BTreeMap<usize, Vec<Interval>>,
    standby: Vec<Interval>,
}

impl Attendance {
    fn count(self, team: &TeamSnapshot, person: &Person<'_>, timelines: &[Timeline]) -> ResidentLoad {
        let any: IntervalSet = self.duties.values().flatten().copied().collect();
        let hours = LocalHours::read(team, person, &any);
        let duties = self.duties.iter().filter_map(|(place, times)| {
            let duty = timelines.get(*place)?.duty().clone();
            Some((duty, hours.count(times)))
        });
        let standby: IntervalSet = self.standby.into_iter().collect();
        ResidentLoad {
            resident: person.id.clone(),
            hours: hours.count(any.intervals()),
            duties: duties.collect(),
            standby_seconds: standby.difference(&any).seconds(),
            tasks_done: 0,
            effort_minutes: 0,
            available_seconds: 0,
            share_seconds: 0,
        }
    }
}

/// Notes who is on duty and on standby in a timeline, and who stands in for whom by an override.
fn attend(
    timeline: &Timeline,
    place: usize,
    attendance: &mut BTreeMap<ResidentId, Attendance>,
    covers: &mut Covers<'_>,
) {
    let (mut on_duty, mut standby) = (BTreeMap::new(), BTreeMap::new());
    for stretch in timeline.attended() {
        for (person, by_override) in stretch.on_duty {
            extend(on_duty.entry(person).or_insert_with(Vec::new), stretch.interval);
            if let Some(entry) = by_override.and_then(|index| timeline.override_id(index)) {
                covers.add(&entry, stretch.interval);
            }
        }
        for person in stretch.standby {
            extend(standby.entry(*person).or_insert_with(Vec::new), stretch.interval);
        }
    }
    for (person, times) in on_duty {
        let Some(resident) = timeline.person(person) else { continue };
        attendance.entry(resident).or_default().duties.insert(place, times);
    }
    for (person, times) in standby {
        let Some(resident) = timeline.person(person) else { continue };
        attendance.entry(resident).or_default().standby.extend(times);
    }
}

/// Adds the next stretch of time to those before, which it may touch.
fn extend(times: &mut Vec<Interval>, next: Interval) {
    match times.last_mut() {
        Some(last) if last.end() == next.start() => *last = Interval::new(last.start(), next.end()).unwrap_or(*last),
        _ => times.push(next),
    }
}

/// How long who stood in for whom by overrides.
struct Covers<'a> {
    /// Who is stood in for by each override, and who does it.
    pairs: BTreeMap<&'a OverrideId, (&'a ResidentId, &'a ResidentId)>,
    /// By who was stood in for, and who did it.
    by_pair: BTreeMap<(ResidentId, ResidentId), i64>,
}

impl<'a> Covers<'a> {
    /// Those of which no swap says who owes them.
    fn of(team: &'a TeamSnapshot) -> Self {
        let swapped: BTreeSet<&OverrideId> = team.swaps.values().flat_map(|entry| entry.value.overrides()).collect();
        let others = team.overrides.iter().filter(|(id, _)| !swapped.contains(id));
        let forms = others.map(|(id, entry)| (id, &entry.value.form));
        let pairs = forms.filter_map(|(id, form)| Some((id, (form.owner()?, form.by()?)))).collect();
        Self { pairs, by_pair: BTreeMap::new() }
    }

    fn add(&mut self, entry: &OverrideId, interval: Interval) {
        if let Some((owner, by)) = self.pairs.get(entry) {
            *self.by_pair.entry(((*owner).clone(), (*by).clone())).or_default() += interval.seconds();
        }
    }

    /// Adds what swaps say: whoever asked for it owes it, also where they stood in somebody's slot themselves.
    fn add_swaps(
        &mut self,
        (team, rules): (&TeamSnapshot, &ZoneRules),
        period: Interval,
        wanted: impl Fn(&DutyId) -> bool,
    ) -> Result<(), UnknownZone> {
        if team.swaps.values().all(|entry| entry.value.overrides().is_empty()) {
            return Ok(());
        }
        let board = Board::read(team, rules, period)?;
        for settled in settled(&board, period)?.into_iter().filter(|settled| wanted(&settled.duty)) {
            *self.by_pair.entry((settled.covered, settled.by)).or_default() += settled.interval.seconds();
        }
        Ok(())
    }

    fn settle(self) -> Vec<Debt> {
        let mut debts: BTreeMap<(ResidentId, ResidentId), (i64, i64)> = BTreeMap::new();
        for ((owner, by), seconds) in self.by_pair {
            let debt = if owner < by {
                &mut debts.entry((owner, by)).or_default().0
            } else {
                &mut debts.entry((by, owner)).or_default().1
            };
            *debt += seconds;
        }
        let mut debts: Vec<Debt> = debts
            .into_iter()
            .map(|((first, second), (covered_seconds, returned_seconds))| match covered_seconds >= returned_seconds {
                true => Debt { debtor: first, creditor: second, covered_seconds, returned_seconds },
                false => Debt {
                    debtor: second,
                    creditor: first,
                    covered_seconds: returned_seconds,
                    returned_seconds: covered_seconds,
                },
            })
            .collect();
        debts.sort_by_key(|debt| -debt.owed_seconds());
        debts
    }
}

/// Returns how long somebody was available, and their weight: each second times the capacity that they then had.
fn availability(person: &Person<'_>, period: Interval) -> (i64, i128) {
    let there = person.there().difference(&person.soft_set()).clip(period);
    let parts = person.versions.iter().map(|(stretch, _, resident)| {
        let seconds = there.clip(*stretch).seconds();
        (seconds, i128::from(seconds) * i128::from(resident.capacity_minutes))
    });
    parts.fold((0, 0), |(all, weights), (seconds, weight)| (all + seconds, weights + weight))
}

/// Divides the hours of all in proportion to the weights; what rounding leaves over goes to the first ones.
fn share(ledger: &mut Ledger, weights: &[i128]) {
    let (all, sum) = (i128::from(ledger.seconds()), weights.iter().sum::<i128>());
    if sum == 0 {
        return;
    }
    let part = |weight: &i128| i64::try_from(all * weight / sum).unwrap_or(i64::MAX);
    let left = ledger.seconds() - weights.iter().map(part).sum::<i64>();
    let weighty = ledger.residents.iter_mut().zip(weights).filter(|(_, weight)| **weight > 0);
    for (index, (resident, weight)) in (0_i64..).zip(weighty) {
        resident.share_seconds = part(weight) + i64::from(index < left);
    }
}

/// Counts the tasks that were done in the period by whom they were assigned to.
fn count_tasks(ledger: &mut Ledger, team: &TeamSnapshot, wanted: impl Fn(&DutyId) -> bool, all: bool) {
    let period = ledger.period;
    let done = team.tasks.values().map(|entry| &entry.value).filter(|task| {
        let in_time = task.finish_time.is_some_and(|at| period.contains(at));
        task.state == TaskState::Done && in_time && task.duty.as_ref().map_or(all, &wanted)
    });
    for task in done {
        let assignee = task.assignee.as_ref();
        let Some(load) = ledger.residents.iter_mut().find(|load| Some(&load.resident) == assignee) else { continue };
        load.tasks_done += 1;
        load.effort_minutes += u64::from(task.effort_minutes.unwrap_or(0));
    }
}

#[cfg(test)]
mod tests;
