//! An even division of tasks between residents (semantics 5.6).

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use super::people::Person;
use super::presence::duty_versions;
use super::tasks::{TaskReader, due, near, time_left};
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{Duty, Priority, ResidentId, Task, TaskId, TeamSnapshot};

/// How tasks would be divided.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Split {
    /// The tasks that somebody gets, in the order in which they are given.
    pub given: Vec<GivenTask>,
    /// The tasks that nobody can take, by id.
    pub left: Vec<LeftTask>,
    /// What everybody has before and after, in the order in which the residents were named.
    pub shares: Vec<Share>,
}

/// A task, and who gets it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GivenTask {
    /// The task.
    pub task: TaskId,
    /// Who gets it.
    pub resident: ResidentId,
    /// Who has it; `None` where nobody does.
    pub before: Option<ResidentId>,
    /// What it counts as, in minutes: its effort, or [`Split::NOMINAL_MINUTES`].
    pub minutes: u32,
    /// Whether it states an effort.
    pub is_stated: bool,
    /// Whether it has a due date.
    pub is_due: bool,
    /// How many of the residents could take it.
    pub takers: usize,
    /// Their working time until it is due, less the effort of what they have that is due by then, in seconds.
    pub room_seconds: i64,
    /// What they have with it and before what is given later.
    pub share: Share,
    /// Those who would have less, relative to capacity, with it, and have no room for it.
    pub without_room: Vec<ResidentId>,
}

/// A task that nobody can take.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftTask {
    /// The task.
    pub task: TaskId,
    /// Why.
    pub why: WhyLeft,
}

/// Why nobody can take a task.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum WhyLeft {
    /// The time by which it was due has passed.
    PastDue,
    /// Its duty is over.
    DutyEnded,
    /// Each of the residents, and why they cannot.
    Nobody(Vec<(ResidentId, CannotTake)>),
}

/// Why somebody cannot take a task, until it is due or, without a due date, in the next 7 days.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CannotTake {
    /// They are not with the team.
    OutOfTerm,
    /// They lack skills of its duty.
    LacksSkills(Vec<String>),
    /// They have no working hours.
    NoHours,
    /// They are absent in all their working hours.
    Absent,
}

/// What somebody has to do, and how much they can.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Share {
    /// Who.
    pub resident: ResidentId,
    /// The effort of the unfinished tasks that they have and that are not divided, in minutes.
    pub before_minutes: u64,
    /// The same with the tasks that they get.
    pub minutes: u64,
    /// Their capacity in minutes per week; 0 where they state none.
    pub capacity_minutes: u32,
}

impl Split {
    /// What a task without a stated effort counts as, in minutes: 4 hours.
    pub const NOMINAL_MINUTES: u32 = 240;

    /// The most tasks that are divided at once.
    pub const TASKS_MAX: usize = 500;
}

/// Returns how the unfinished ones of `tasks` would be divided between the residents of `between`, as of `now`
/// (semantics 5.6). Whoever has one of them now has no claim to it.
///
/// ```
/// # use onduty::civil::ZoneRules;
/// # use onduty::engine::split;
/// # use onduty::model::{TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let now = "2026-11-23T09:00:00Z".parse().unwrap();
/// assert!(split(&team, &rules, &[], &[], now).unwrap().given.is_empty());
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn split(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    tasks: &[TaskId],
    between: &[ResidentId],
    now: Instant,
) -> Result<Split, UnknownZone> {
    let mut reader = TaskReader::new(team, rules, now);
    let wanted: BTreeSet<&TaskId> = tasks.iter().collect();
    let mut places: Vec<&ResidentId> = Vec::new();
    for resident in between {
        if !places.contains(&resident) {
            places.push(resident);
        }
    }
    let mut piles: Vec<Pile<'_>> = Vec::with_capacity(places.len());
    for resident in &places {
        piles.push(Pile::of(team, rules, resident, &wanted, now)?);
    }
    let (mut placeable, mut left) = (Vec::new(), Vec::new());
    for id in wanted {
        let Some(task) = team.tasks.get(id).map(|entry| &entry.value).filter(|task| task.state.is_unfinished()) else {
            continue;
        };
        match Piece::of(&mut reader, id, task, &places)? {
            Ok(piece) => placeable.push(piece),
            Err(why) => left.push(LeftTask { task: id.clone(), why }),
        }
    }
    placeable.sort_by_key(Piece::order);
    let given = placeable.iter().filter_map(|piece| piece.give(&mut piles)).collect();
    Ok(Split { given, left, shares: piles.iter().map(Pile::share).collect() })
}

/// Returns the unfinished tasks that nobody has or, of a resident, that they have.
#[must_use]
pub fn tasks_to_split(team: &TeamSnapshot, of: Option<&ResidentId>) -> Vec<TaskId> {
    let wanted = team.tasks.iter().filter(|(_, entry)| entry.value.state.is_unfinished());
    wanted.filter(|(_, entry)| entry.value.assignee.as_ref() == of).map(|(id, _)| id.clone()).collect()
}

/// Returns the residents who are in term at `now`, in listed order.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn residents_in_term(team: &TeamSnapshot, rules: &ZoneRules, now: Instant) -> Result<Vec<ResidentId>, UnknownZone> {
    let Some(instant) = Interval::new(now, now.plus(1)) else { return Ok(Vec::new()) };
    let people = super::board::read_people(team, rules, instant, false)?;
    Ok(people.iter().filter(|person| person.term_set().contains(now)).map(|person| person.id.clone()).collect())
}

/// What a task counts as, in minutes.
fn minutes(task: &Task) -> u32 {
    task.effort_minutes.unwrap_or(Split::NOMINAL_MINUTES)
}

/// What somebody has while tasks are given.
struct Pile<'a> {
    resident: &'a ResidentId,
    capacity_minutes: u32,
    before_minutes: u64,
    minutes: u64,
    /// What they have with a due date: until when, and how many seconds.
    due: Vec<(Instant, i64)>,
}

impl<'a> Pile<'a> {
    /// Reads what a resident has beside the tasks that are divided.
    fn of(
        team: &'a TeamSnapshot,
        rules: &ZoneRules,
        resident: &'a ResidentId,
        divided: &BTreeSet<&TaskId>,
        now: Instant,
    ) -> Result<Self, UnknownZone> {
        let versions = team.residents.get(resident).map(|resident| &resident.versions);
        let stated = versions.and_then(|versions| versions.at(now).map(|(_, stated)| stated).or(versions.latest()));
        let capacity_minutes = stated.map_or(0, |stated| stated.capacity_minutes);
        let mut pile = Self { resident, capacity_minutes, before_minutes: 0, minutes: 0, due: Vec::new() };
        let theirs = team.tasks.iter().filter(|(id, entry)| {
            let has = entry.value.assignee.as_ref() == Some(resident) && entry.value.state.is_unfinished();
            has && !divided.contains(id)
        });
        for (_, entry) in theirs {
            pile.add(minutes(&entry.value), due(&entry.value, rules)?);
        }
        pile.before_minutes = pile.minutes;
        Ok(pile)
    }

    fn add(&mut self, minutes: u32, due: Option<Instant>) {
        self.minutes += u64::from(minutes);
        self.due.extend(due.map(|due| (due, i64::from(minutes) * 60)));
    }

    /// How many seconds of it are due by `end`.
    fn due_by(&self, end: Instant) -> i64 {
        self.due.iter().filter(|(due, _)| *due <= end).map(|(_, seconds)| seconds).sum()
    }

    fn share(&self) -> Share {
        Share {
            resident: self.resident.clone(),
            before_minutes: self.before_minutes,
            minutes: self.minutes,
            capacity_minutes: self.capacity_minutes,
        }
    }

    /// Compares what two would have with `more` minutes, relative to capacity; without a capacity it is the heaviest.
    fn compared(&self, other: &Self, more: u32) -> Ordering {
        let (own, others) = (self.minutes + u64::from(more), other.minutes + u64::from(more));
        match (u64::from(self.capacity_minutes), u64::from(other.capacity_minutes)) {
            (0, 0) => own.cmp(&others),
            (0, _) => Ordering::Greater,
            (_, 0) => Ordering::Less,
            (capacity, others_capacity) => (own * others_capacity).cmp(&(others * capacity)),
        }
    }
}

/// A task that somebody can take.
struct Piece<'a> {
    id: &'a TaskId,
    task: &'a Task,
    due: Option<Instant>,
    /// Until when time for it is looked for.
    end: Instant,
    /// The places of those who can take it among the residents, and their working time for it, in seconds.
    takers: Vec<(usize, i64)>,
}

/// In which order tasks are given.
type Order<'a> = (usize, Reverse<Priority>, Instant, Reverse<u32>, &'a TaskId);

impl<'a> Piece<'a> {
    /// Reads who of the residents in `places` can take a task, or why none of them can.
    fn of(
        reader: &mut TaskReader<'_>,
        id: &'a TaskId,
        task: &'a Task,
        places: &[&ResidentId],
    ) -> Result<Result<Self, WhyLeft>, UnknownZone> {
        let Some(time) = time_left(task, reader.rules(), reader.now())?.map(near) else {
            return Ok(Err(WhyLeft::PastDue));
        };
        let duty = task.duty.as_ref().map(|duty| duty_versions(reader.team(), duty, time));
        if duty.as_ref().is_some_and(Vec::is_empty) {
            return Ok(Err(WhyLeft::DutyEnded));
        }
        let people = reader.everybody(time)?;
        let by_id: BTreeMap<&ResidentId, &Person<'_>> = people.iter().map(|person| (person.id, person)).collect();
        let (mut takers, mut others) = (Vec::new(), Vec::new());
        for (place, resident) in places.iter().enumerate() {
            let able = by_id.get(resident).map_or(0, |person| person.able(duty.as_deref(), time).seconds());
            match by_id.get(resident) {
                Some(_) if able > 0 => takers.push((place, able)),
                Some(person) => others.push(((*resident).clone(), cannot(person, duty.as_deref(), time))),
                None => others.push(((*resident).clone(), CannotTake::OutOfTerm)),
            }
        }
        if takers.is_empty() {
            return Ok(Err(WhyLeft::Nobody(others)));
        }
        Ok(Ok(Self { id, task, due: due(task, reader.rules())?, end: time.end(), takers }))
    }

    /// The hardest to place first, then the most urgent, then the largest.
    fn order(&self) -> Order<'a> {
        let due = self.due.unwrap_or(Instant::MAX);
        (self.takers.len(), Reverse(self.task.priority), due, Reverse(minutes(self.task)), self.id)
    }

    /// Gives the task to whoever has room for it before all others, and among equals to whoever has the least with it.
    fn give(&self, piles: &mut [Pile<'_>]) -> Option<GivenTask> {
        let minutes = minutes(self.task);
        let seconds = i64::from(minutes) * 60;
        let room: Vec<(usize, i64)> = self
            .takers
            .iter()
            .filter_map(|(place, able)| Some((*place, able - piles.get(*place)?.due_by(self.end))))
            .collect();
        let lacks = |(_, room): &(usize, i64)| *room < seconds;
        let lighter = |a: usize, b: usize| match (piles.get(a), piles.get(b)) {
            (Some(a), Some(b)) => a.compared(b, minutes),
            _ => Ordering::Equal,
        };
        let (place, room_seconds) = *room.iter().min_by(|a, b| lacks(a).cmp(&lacks(b)).then(lighter(a.0, b.0)))?;
        let without_room = room
            .iter()
            .filter(|other| room_seconds >= seconds && lacks(other) && lighter(other.0, place) == Ordering::Less);
        let without_room: Vec<ResidentId> =
            without_room.filter_map(|(place, _)| Some(piles.get(*place)?.resident.clone())).collect();
        let pile = piles.get_mut(place)?;
        pile.add(minutes, self.due);
        Some(GivenTask {
            task: self.id.clone(),
            resident: pile.resident.clone(),
            before: self.task.assignee.clone(),
            minutes,
            is_stated: self.task.effort_minutes.is_some(),
            is_due: self.due.is_some(),
            takers: self.takers.len(),
            room_seconds,
            share: pile.share(),
            without_room,
        })
    }
}

/// Why somebody has no working time for a task in `time`.
fn cannot(person: &Person<'_>, duty: Option<&[(Interval, &Duty)]>, time: Interval) -> CannotTake {
    if person.term_set().clip(time).is_empty() {
        return CannotTake::OutOfTerm;
    }
    if duty.is_some_and(|duty| person.skilled(duty, time).is_empty()) {
        let asked = duty.into_iter().flatten().flat_map(|(_, duty)| &duty.skills);
        let has = |skill: &&String| person.versions.iter().all(|(.., stated)| stated.skills.contains(skill));
        let lacking: BTreeSet<&String> = asked.filter(|skill| !has(skill)).collect();
        return CannotTake::LacksSkills(lacking.into_iter().cloned().collect());
    }
    if person.hours(time).is_empty() { CannotTake::NoHours } else { CannotTake::Absent }
}

impl GivenTask {
    /// Tells whether whoever gets it has less working time for it than it takes; never without a due date.
    #[must_use]
    pub fn is_at_risk(&self) -> bool {
        self.is_due && self.room_seconds < i64::from(self.minutes) * 60
    }

    /// Returns why they get it, in words that name residents by id, the weightiest first.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        reasons.push(match self.takers {
            1 => "the only one who can take it".to_owned(),
            _ if self.before.as_ref() == Some(&self.resident) => "has it, and has the least with it".to_owned(),
            _ => "has the least with it".to_owned(),
        });
        if !self.without_room.is_empty() {
            let who: Vec<&str> = self.without_room.iter().map(ResidentId::as_str).collect();
            reasons.push(format!("{} would have less, and no time for it", who.join(", ")));
        }
        let share = &self.share;
        reasons.push(match share.capacity_minutes {
            0 => format!("{} in all, and states no capacity", hours(share.minutes)),
            capacity => format!("{} in all, of {} a week", hours(share.minutes), hours(capacity.into())),
        });
        if self.is_at_risk() {
            let room = u64::try_from(self.room_seconds / 60).unwrap_or_default();
            reasons.push(format!("at risk: {} of working time left for {}", hours(room), hours(self.minutes.into())));
        }
        if !self.is_stated {
            reasons.push(format!("counted as {}, for its effort is not known", hours(self.minutes.into())));
        }
        reasons
    }
}

impl WhyLeft {
    /// Returns why nobody can take the task, in words that name residents by id.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        match self {
            Self::PastDue => vec!["it was due before now; give it another date".to_owned()],
            Self::DutyEnded => vec!["its duty has ended; give it another, or none".to_owned()],
            Self::Nobody(people) if people.is_empty() => vec!["there is nobody to give it to".to_owned()],
            Self::Nobody(people) => {
                people.iter().map(|(resident, why)| format!("{resident} {}", why.words())).collect()
            }
        }
    }
}

impl CannotTake {
    /// Returns what stands against it, in words that follow a name.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::OutOfTerm => "is not with the team".to_owned(),
            Self::LacksSkills(skills) if skills.is_empty() => "lacks a skill of its duty".to_owned(),
            Self::LacksSkills(skills) => format!("lacks {}", skills.join(", ")),
            Self::NoHours => "has no working hours left".to_owned(),
            Self::Absent => "is away".to_owned(),
        }
    }
}

/// Writes minutes of work: `3 h 30 min`.
fn hours(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{hours} h"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests;
