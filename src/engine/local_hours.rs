//! What the hours of somebody's days are, by the clock of where they are (semantics 6.2).

use std::collections::BTreeSet;

use super::people::Person;
use crate::civil::{Day, Instant, Interval, IntervalSet, Weekdays, Zone};
use crate::model::{Resident, TeamSnapshot};

/// From when on it is night, in seconds of the day: 22:00.
const NIGHT_FROM: i64 = 22 * 3_600;
/// Until when it is night, in seconds of the day: 07:00.
const NIGHT_UNTIL: i64 = 7 * 3_600;

/// What an hour on duty counts as: the first that fits (semantics 6.2).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum LoadClass {
    /// On a day of their holiday sets.
    Holiday,
    /// On a day without any of their working windows.
    Weekend,
    /// From 22:00 to 07:00.
    Night,
    /// Outside their working hours.
    Evening,
    /// Within their working hours.
    Working,
}

impl LoadClass {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 5] = [Self::Holiday, Self::Weekend, Self::Night, Self::Evening, Self::Working];
}

/// Seconds by class; an instant counts once.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct LoadHours {
    /// On holidays.
    pub holiday_seconds: i64,
    /// On weekends.
    pub weekend_seconds: i64,
    /// At night.
    pub night_seconds: i64,
    /// Outside working hours.
    pub evening_seconds: i64,
    /// Within working hours.
    pub working_seconds: i64,
}

impl LoadHours {
    /// Returns the seconds of all classes.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        LoadClass::ALL.iter().map(|class| self.of(*class)).sum()
    }

    /// Returns the seconds of one class.
    #[must_use]
    pub fn of(&self, class: LoadClass) -> i64 {
        match class {
            LoadClass::Holiday => self.holiday_seconds,
            LoadClass::Weekend => self.weekend_seconds,
            LoadClass::Night => self.night_seconds,
            LoadClass::Evening => self.evening_seconds,
            LoadClass::Working => self.working_seconds,
        }
    }

    pub(super) fn add(&mut self, class: LoadClass, seconds: i64) {
        *match class {
            LoadClass::Holiday => &mut self.holiday_seconds,
            LoadClass::Weekend => &mut self.weekend_seconds,
            LoadClass::Night => &mut self.night_seconds,
            LoadClass::Evening => &mut self.evening_seconds,
            LoadClass::Working => &mut self.working_seconds,
        } += seconds;
    }
}

/// The hours of one person's time, cut where their class changes.
#[derive(Debug)]
pub(super) struct LocalHours {
    /// Each stretch's start, its class and its end; disjoint and in order.
    stretches: Vec<(Instant, Instant, LoadClass)>,
}

impl LocalHours {
    /// Reads them for the days on which any of `times` lies.
    ///
    /// Outside the versions of somebody's configuration there are none: nobody is on duty there.
    pub fn read(team: &TeamSnapshot, person: &Person<'_>, times: &IntervalSet) -> Self {
        let working: Vec<Interval> = person.working.iter().map(|run| run.interval).collect();
        let cuts = holiday_edits(team, person);
        let mut reader = DayReader { team, working, hours: Self { stretches: Vec::new() } };
        let mut stays = person.stays.as_slice();
        for time in times.intervals() {
            let over = stays.iter().take_while(|stay| stay.interval.end() <= time.start()).count();
            stays = stays.get(over..).unwrap_or_default();
            for stay in stays.iter().take_while(|stay| stay.interval.start() < time.end()) {
                let Some(part) = stay.interval.intersection(*time) else { continue };
                // A stay lies within one version.
                let Some(resident) = person.version_at(part.start()) else { continue };
                let inside = cuts.iter().copied().filter(|cut| part.contains(*cut) && *cut > part.start());
                let mut start = part.start();
                for end in inside.chain([part.end()]) {
                    reader.read(resident, stay.zone, (start, end));
                    start = end;
                }
            }
        }
        reader.hours
    }

    /// Returns how much of each class lies in `times`.
    pub fn count(&self, times: &[Interval]) -> LoadHours {
        let mut counted = LoadHours::default();
        for time in times {
            let first = self.stretches.partition_point(|(_, end, _)| *end <= time.start());
            for (start, end, class) in self.stretches.iter().skip(first).take_while(|(start, ..)| *start < time.end()) {
                counted.add(*class, (*end).min(time.end()).since((*start).max(time.start())));
            }
        }
        counted
    }

    fn push(&mut self, start: Instant, end: Instant, class: LoadClass) {
        if start >= end {
            return;
        }
        match self.stretches.last_mut() {
            Some((_, last, same)) if *last == start && *same == class => *last = end,
            _ => self.stretches.push((start, end, class)),
        }
    }
}

/// Returns when any of somebody's holiday sets is edited, in order.
fn holiday_edits(team: &TeamSnapshot, person: &Person<'_>) -> Vec<Instant> {
    let sets = person.versions.iter().flat_map(|(.., resident)| &resident.holidays.sets);
    let versions = sets.filter_map(|set| team.holiday_sets.get(set)).flat_map(|set| set.versions.list());
    versions.map(|version| version.from).collect::<BTreeSet<_>>().into_iter().collect()
}

struct DayReader<'a> {
    team: &'a TeamSnapshot,
    working: Vec<Interval>,
    hours: LocalHours,
}

impl DayReader<'_> {
    /// Reads the local days of a stretch during which the person is in `zone`.
    fn read(&mut self, resident: &Resident, zone: &Zone, (mut start, until): (Instant, Instant)) {
        let mut cursor = zone.cursor();
        // Of an hour that the clock repeats, the later day (semantics 1.4).
        let mut day = zone.furthest_wall(start).day();
        while start < until {
            let end = cursor.instant(day.plus(1).start()).min(until);
            match self.whole_day(resident, day, start) {
                Some(class) => self.hours.push(start, end, class),
                None => {
                    let at = |seconds| day.start().plus(seconds);
                    let morning = cursor.instant(at(NIGHT_UNTIL)).clamp(start, end);
                    let evening = cursor.instant(at(NIGHT_FROM)).clamp(morning, end);
                    self.hours.push(start, morning, LoadClass::Night);
                    self.read_awake(morning, evening);
                    self.hours.push(evening, end, LoadClass::Night);
                }
            }
            (start, day) = (end, day.plus(1));
        }
    }

    /// Reads the stretch of a day that is no night.
    fn read_awake(&mut self, mut from: Instant, until: Instant) {
        let first = self.working.partition_point(|run| run.end() <= from);
        for run in self.working.iter().skip(first).take_while(|run| run.start() < until) {
            let (begins, ends) = (run.start().max(from), run.end().min(until));
            self.hours.push(from, begins, LoadClass::Evening);
            self.hours.push(begins, ends, LoadClass::Working);
            from = ends;
        }
        self.hours.push(from, until, LoadClass::Evening);
    }

    /// Returns the class of a whole local day, if it has one.
    fn whole_day(&self, resident: &Resident, day: Day, at: Instant) -> Option<LoadClass> {
        if self.is_holiday(resident, day, at) {
            return Some(LoadClass::Holiday);
        }
        let works = match resident.working_hours.is_empty() {
            true => Weekdays::WORKING.contains_day(day),
            false => resident.working_hours.iter().any(|window| window.weekdays.contains_day(day)),
        };
        (!works).then_some(LoadClass::Weekend)
    }

    fn is_holiday(&self, resident: &Resident, day: Day, at: Instant) -> bool {
        let mut sets = resident.holidays.sets.iter().filter_map(|set| self.team.holiday_sets.get(set)?.versions.at(at));
        let date = day.date();
        sets.any(|(_, set)| set.holidays.iter().any(|holiday| holiday.date == date))
    }
}
