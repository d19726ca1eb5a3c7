//! What is published of a team's timelines and tasks: one thing for each event of a calendar (semantics 9.1).

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::months::{Month, months};
use super::{Away, CalendarTeam};
use crate::civil::{Date, Day, Instant, Interval, UnknownZone};
use crate::engine::{Handoff, Shift, Timeline, shift_month_id};
use crate::model::{DutyId, Entered, FeedContent, ResidentId, ShiftId, Task, TaskId, ZoneName};

/// How long before its time a task is in the calendar, in seconds: half an hour.
const DUE_SECONDS: i64 = 1_800;
/// How long a handoff is in the calendar, in seconds: a quarter of an hour, since an event needs a length.
const HANDOFF_SECONDS: i64 = 900;
/// How far around the present it is told who is away, in seconds: 400 days.
const AWAY_SECONDS: i64 = 400 * 86_400;

/// What is published as one event. Two that are equal look the same.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Published {
    /// Its identity.
    pub id: Uuid,
    /// The duty, where it is about one.
    pub duty: Option<DutyId>,
    /// What people call the duty.
    pub title: String,
    /// Whom it is about.
    pub residents: Vec<ResidentId>,
    /// From when until when; the true start, however early.
    pub interval: Interval,
    /// Whether it is one month of something longer.
    pub is_month: bool,
    /// What it says.
    pub what: What,
    /// The zone in which its times are told.
    pub zone: Option<ZoneName>,
}

/// What is published, with the names of people as they are called.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum What {
    /// Somebody is on duty.
    OnDuty(String),
    /// Somebody would be next.
    Standby(String),
    /// The people on duty become others.
    Handoff {
        /// Who was on duty.
        from: Vec<String>,
        /// Who is from then on.
        to: Vec<String>,
    },
    /// Fewer are on duty than required.
    Gap {
        /// How many are required.
        required: u32,
        /// How many are on duty.
        present: u32,
    },
    /// A task has to be done by the end of the interval.
    Due {
        /// What the task is called.
        task: String,
        /// Who does it.
        assignee: Option<String>,
    },
}

/// Days on which somebody is away, for whatever reason and for however much of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AwayDays {
    /// Their identity.
    pub id: Uuid,
    /// Who.
    pub resident: ResidentId,
    /// What people call them.
    pub display_name: String,
    /// The first day, at home.
    pub first: Date,
    /// The last day, included.
    pub last: Date,
}

impl CalendarTeam<'_> {
    /// Returns what is published of a duty's timeline as `content`, long stretches month by month (semantics 9.1);
    /// nothing of what no timeline has.
    ///
    /// What begins [`LONG_SECONDS`](super::LONG_SECONDS) or more before the end of the timeline's window is the same
    /// however far the window reaches, and so is what begins 70 days or more after its start.
    #[must_use]
    pub fn of_timeline(self, content: FeedContent, timeline: &Timeline) -> Vec<Published> {
        match content {
            FeedContent::OnDuty => self.shifts(timeline),
            FeedContent::Standby => self.standby(timeline),
            FeedContent::Handoffs => self.handoffs(timeline),
            FeedContent::Gaps => self.gaps(timeline),
            FeedContent::TimeOff | FeedContent::TasksDue => Vec::new(),
        }
    }

    fn published(self, id: Uuid, duty: &DutyId, residents: Vec<ResidentId>, at: Interval, what: What) -> Published {
        let title = self.duty(duty).map_or_else(|| duty.to_string(), |(title, _)| title.to_owned());
        let zone = self.zone_name().cloned();
        Published { id, duty: Some(duty.clone()), title, residents, interval: at, is_month: false, what, zone }
    }

    fn months(self, stretch: Interval, timeline: &Timeline) -> Option<Vec<Month>> {
        months(stretch, timeline.window(), self.zone()?)
    }

    fn names(self, residents: &BTreeSet<ResidentId>) -> Vec<String> {
        residents.iter().map(|id| self.resident(id).unwrap_or(id.as_str()).to_owned()).collect()
    }

    /// A shift, or its months, each with its identity.
    fn parts(self, shift: &Shift, timeline: &Timeline) -> Vec<(ShiftId, Interval, bool)> {
        let id = shift.id(self.team.identities());
        let Some(whole) = Interval::new(shift.began, shift.interval.end()) else { return Vec::new() };
        match self.months(whole, timeline) {
            None => vec![(id, whole, false)],
            Some(months) => {
                let part = |month: Month| (shift_month_id(id, month.year, month.month), month.interval, true);
                months.into_iter().map(part).collect()
            }
        }
    }

    fn shifts(self, timeline: &Timeline) -> Vec<Published> {
        let of = |shift: &Shift| {
            let name = self.resident(&shift.resident).unwrap_or(shift.resident.as_str());
            let parts = self.parts(shift, timeline).into_iter();
            let published = parts.map(move |(id, interval, is_month)| {
                let (people, what) = (vec![shift.resident.clone()], What::OnDuty(name.to_owned()));
                Published { is_month, ..self.published(id.0, &shift.duty, people, interval, what) }
            });
            published.collect::<Vec<_>>()
        };
        timeline.shifts().iter().flat_map(of).collect()
    }

    /// Whoever is first in line behind the people on duty, for as long as that is so behind one and the same shift.
    fn standby(self, timeline: &Timeline) -> Vec<Published> {
        let mut found = Vec::new();
        let mut numbers: BTreeMap<(ShiftId, Date), u32> = BTreeMap::new();
        let Some(zone) = self.zone() else { return found };
        for (shift, resident, interval) in runs(timeline) {
            let name = self.resident(&resident).unwrap_or(resident.as_str()).to_owned();
            for (part, whole, is_month) in self.parts(&shift, timeline) {
                // Of what goes on at the window's start nobody knows here how often it began before.
                let seen = whole.start() >= timeline.window().start();
                let Some(interval) = whole.intersection(interval).filter(|_| seen) else { continue };
                let opener = if interval.start() == whole.start() {
                    "start".to_owned()
                } else {
                    let day = zone.day(interval.start()).date();
                    let number = numbers.entry((part, day)).or_default();
                    *number += 1;
                    format!("{day}/{number}")
                };
                let id = self.team.identities().identity(&format!("standby/{part}/{opener}"));
                let (people, what) = (vec![resident.clone()], What::Standby(name.clone()));
                found.push(Published { is_month, ..self.published(id, timeline.duty(), people, interval, what) });
            }
        }
        found
    }

    /// A handoff is known by the shift that begins with it, or else by the one that ends.
    fn handoffs(self, timeline: &Timeline) -> Vec<Published> {
        let key = self.team.identities();
        let (mut begins, mut ends) = (BTreeMap::new(), BTreeMap::new());
        for shift in timeline.shifts() {
            begins.entry(shift.began).or_insert_with(Vec::new).push(shift);
            if !shift.truncated_end {
                ends.entry(shift.interval.end()).or_insert_with(Vec::new).push(shift);
            }
        }
        let of = |handoff: Handoff| {
            let Handoff { at, from, to } = handoff;
            let (shift, edge) = match first(begins.get(&at), &to, &from) {
                Some(shift) => (shift, "begins"),
                None => (first(ends.get(&at), &from, &to)?, "ends"),
            };
            let id = key.identity(&format!("handoff/{}/{edge}", shift.id(key)));
            let interval = Interval::new(at, at.plus(HANDOFF_SECONDS))?;
            let people = from.symmetric_difference(&to).cloned().collect();
            let what = What::Handoff { from: self.names(&from), to: self.names(&to) };
            Some(self.published(id, timeline.duty(), people, interval, what))
        };
        timeline.handoffs().into_iter().filter_map(of).collect()
    }

    fn gaps(self, timeline: &Timeline) -> Vec<Published> {
        let (key, duty) = (self.team.identities(), timeline.duty());
        let mut found = Vec::new();
        let mut numbers: BTreeMap<(i16, i8), u32> = BTreeMap::new();
        for gap in timeline.gaps() {
            let Some(whole) = Interval::new(gap.began, gap.interval.end()) else { continue };
            let what = || What::Gap { required: gap.required, present: gap.present };
            let Some(months) = self.months(whole, timeline) else {
                found.push(self.published(gap.id(key).0, duty, Vec::new(), whole, what()));
                continue;
            };
            // Where a long gap began may be out of sight, so that its months are counted and not named by it.
            for Month { year, month, interval } in months {
                let number = numbers.entry((year, month)).or_default();
                *number += 1;
                let id = key.identity(&format!("gap-month/{duty}/{year:04}-{month:02}/{number}"));
                found.push(Published { is_month: true, ..self.published(id, duty, Vec::new(), interval, what()) });
            }
        }
        found
    }

    /// Returns the tasks that are still to be done by some time. Only residents and coordinators see tasks.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where the tz database lacks a zone that is used.
    pub fn tasks_due(self) -> Result<Vec<Published>, UnknownZone> {
        let mut found = Vec::new();
        for (id, entry) in self.team.tasks.iter() {
            found.extend(self.task_due(id, entry)?);
        }
        Ok(found)
    }

    fn task_due(self, id: &TaskId, entry: &Entered<Task>) -> Result<Option<Published>, UnknownZone> {
        let task = &entry.value;
        let Some(due) = task.due.as_ref().filter(|_| task.finish_time.is_none()) else { return Ok(None) };
        let at = due.instant(self.rules)?;
        let Some(interval) = Interval::new(at.plus(-DUE_SECONDS), at) else { return Ok(None) };
        let assignee = task.assignee.as_ref();
        let name = assignee.map(|id| self.resident(id).unwrap_or(id.as_str()).to_owned());
        Ok(Some(Published {
            id: self.team.identities().identity(&format!("task/{id}")),
            duty: task.duty.clone(),
            title: task.duty.as_ref().and_then(|id| self.duty(id)).map_or("", |(title, _)| title).to_owned(),
            residents: assignee.into_iter().cloned().collect(),
            interval,
            is_month: false,
            what: What::Due { task: task.title.clone(), assignee: name },
            zone: self.zone_name().cloned(),
        }))
    }

    /// Returns the days of which somebody is away for any part, on their own clock at home, as it looks at `now`.
    ///
    /// Whole days whatever was stated, so that no shape tells one kind of absence from another (semantics 8.2).
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where the tz database lacks a zone that is used.
    pub fn away_days(self, now: Instant) -> Result<Vec<AwayDays>, UnknownZone> {
        let Some(window) = Interval::new(now.plus(-AWAY_SECONDS), now.plus(AWAY_SECONDS)) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for (resident, kept) in self.team.residents.iter() {
            let Some(stated) = kept.versions.at_or_last(now) else { continue };
            let home = stated.home_zone.zone(self.rules)?;
            let mut days: Vec<(Day, Day)> = Vec::new();
            for away in Away::of(self.team, resident, window, now, self.rules)? {
                let (first, last) = (home.day(away.interval.start()), home.day(away.interval.end().plus(-1)));
                match days.last_mut() {
                    Some((_, until)) if first <= until.plus(1) => *until = last.max(*until),
                    _ => days.push((first, last)),
                }
            }
            let seen_from = home.day(window.start());
            for (first, last) in days {
                // One that began longer ago has no first day here that would stay the same.
                let begins = if first <= seen_from { "-".to_owned() } else { first.date().to_string() };
                let id = self.team.identities().identity(&format!("away/{resident}/{begins}"));
                let display_name = stated.display_name.clone();
                let (first, last) = (first.date(), last.date());
                found.push(AwayDays { id, resident: resident.clone(), display_name, first, last });
            }
        }
        Ok(found)
    }
}

/// The first shift of somebody who is among these people and not among the others.
fn first<'s>(
    shifts: Option<&Vec<&'s Shift>>,
    people: &BTreeSet<ResidentId>,
    others: &BTreeSet<ResidentId>,
) -> Option<&'s Shift> {
    let is_one = |shift: &&&Shift| people.contains(&shift.resident) && !others.contains(&shift.resident);
    shifts?.iter().find(is_one).copied()
}

/// Who is first in line, when, and behind which shift: that of the best place.
fn runs(timeline: &Timeline) -> Vec<(Shift, ResidentId, Interval)> {
    let points = timeline.change_points();
    let ends = points.iter().skip(1).copied().chain([timeline.window().end()]);
    let mut runs: Vec<(Shift, ResidentId, Interval)> = Vec::new();
    for (start, end) in points.iter().copied().zip(ends) {
        let next = timeline.listing_at(start).and_then(|listing| listing.standby.into_iter().next());
        let (Some(shift), Some(next)) = (timeline.shifts_at(start).next(), next) else { continue };
        match runs.last_mut() {
            Some((last, resident, interval))
                if interval.end() == start
                    && *resident == next
                    && (&last.slot, last.began) == (&shift.slot, shift.began) =>
            {
                *interval = Interval::new(interval.start(), end).unwrap_or(*interval);
            }
            _ => runs.extend(Interval::new(start, end).map(|interval| (shift, next, interval))),
        }
    }
    runs
}
