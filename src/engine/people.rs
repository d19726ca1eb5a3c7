//! What each resident's statements say over a stretch of time: term, absences, working hours (semantics 4.1).

use super::answer::Edge;
use super::answer::Opener;
use super::runs::{Run, unite};
use crate::civil::{Date, Day, Instant, Interval, IntervalSet, UnknownZone, Zone, ZoneRules, occurrences};
use crate::model::{Effect, HolidaySetId, Made, Resident, ResidentId, TeamSnapshot, TimeOff, TimeOffId, Version};

/// How far before the asked stretch hours are looked at, so that the labels of their edges do not depend on it.
pub(super) const MARGIN_SECONDS: i64 = 4 * 86_400;

/// Where an absence comes from.
#[derive(Clone, Debug)]
pub(super) enum Source<'a> {
    /// An entry of time off; the day on which the instance was to start.
    TimeOff(&'a TimeOffId, Date),
    /// A holiday of a set.
    Holiday(&'a HolidaySetId, Date),
}

/// A stretch in which somebody is absent or softly off.
#[derive(Clone, Debug)]
pub(super) struct Absence<'a> {
    pub interval: Interval,
    pub source: Source<'a>,
    /// Which part of the holiday it is, from 0: an edit on the day itself may end it and begin it again.
    pub part: u32,
}

impl Absence<'_> {
    /// Returns what names its beginning or end, for the resident whose it is.
    pub fn opener(&self, resident: &ResidentId, edge: Edge) -> Opener {
        match self.source {
            Source::TimeOff(id, day) => Opener::TimeOff { id: id.clone(), edge, day },
            Source::Holiday(set, day) => {
                Opener::Holiday { resident: resident.clone(), set: set.clone(), edge, day, number: self.part }
            }
        }
    }
}

/// A stretch in which somebody is in a zone, which is their home zone or that of an entry of time off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stay<'a> {
    pub interval: Interval,
    pub zone: &'a Zone,
}

/// One resident over a stretch of time.
#[derive(Clone, Debug)]
pub(super) struct Person<'a> {
    pub id: &'a ResidentId,
    /// The versions in effect, in order.
    pub versions: Vec<(Interval, Made, &'a Resident)>,
    /// When they are in their term, and the zone of the term at each edge.
    pub term: Vec<(Interval, &'a Zone)>,
    pub hard: Vec<Absence<'a>>,
    pub soft: Vec<Absence<'a>>,
    /// Their working hours, in the zone they are in; empty where nobody asked for them.
    pub working: Vec<Run>,
    /// Where they are.
    pub stays: Vec<Stay<'a>>,
}

impl<'a> Person<'a> {
    /// Reads what a resident's statements say over `span`; `None` where there never was such a resident.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks a zone that is used.
    pub fn read(
        team: &'a TeamSnapshot,
        rules: &'a ZoneRules,
        id: &ResidentId,
        span: Interval,
        entries: &[(&'a TimeOffId, &'a TimeOff, Made)],
        with_hours: bool,
    ) -> Result<Option<Self>, UnknownZone> {
        let Some((id, configured)) = team.residents.get_key_value(id) else { return Ok(None) };
        let start = span.start().plus(-MARGIN_SECONDS);
        let span = Interval::new(start, span.end()).unwrap_or(span);
        let versions: Vec<_> = configured.versions.within(span).collect();
        let own: Vec<_> = entries.iter().filter(|(_, entry, _)| entry.resident == *id).collect();
        let mut person = Self {
            id,
            versions: versions.iter().map(|(stretch, version, value)| (*stretch, version.made, *value)).collect(),
            term: term(&versions, rules)?,
            hard: holidays(team, &versions, rules)?,
            soft: Vec::new(),
            working: Vec::new(),
            stays: Vec::new(),
        };
        let mut travels = Vec::new();
        for (entry_id, entry, made) in own {
            for instance in entry.instances(span, rules)? {
                let source = Source::TimeOff(entry_id, instance.start.date());
                let absence = Absence { interval: instance.interval, source, part: 0 };
                match &entry.effect {
                    Effect::Hard => person.hard.push(absence),
                    Effect::Soft => person.soft.push(absence),
                    Effect::WorkingElsewhere { zone } => {
                        travels.push(Travel { interval: instance.interval, zone: zone.zone(rules)?, made: *made });
                    }
                }
            }
        }
        person.stays = stays(&person.versions, &travels, rules)?;
        if with_hours {
            person.working = working(&person.versions, &person.stays);
        }
        Ok(Some(person))
    }

    /// Returns somebody of whom nothing is known: never there.
    pub fn nobody(id: &'a ResidentId) -> Self {
        Self {
            id,
            versions: Vec::new(),
            term: Vec::new(),
            hard: Vec::new(),
            soft: Vec::new(),
            working: Vec::new(),
            stays: Vec::new(),
        }
    }

    /// Returns the local day on which part `index` of their term begins or ends, and which such edge of that day it is,
    /// from 0: edits may end a term and resume it several times a day.
    pub fn term_edge(&self, index: usize, edge: Edge) -> Option<(Date, u32)> {
        let day = |(interval, zone): &(Interval, &Zone)| {
            zone.day(if edge == Edge::Begins { interval.start() } else { interval.end() })
        };
        let own = day(self.term.get(index)?);
        let earlier = self.term.iter().take(index).filter(|part| day(part) == own).count();
        Some((own.date(), u32::try_from(earlier).unwrap_or(u32::MAX)))
    }

    /// Returns the instants at which they are in their term.
    pub fn term_set(&self) -> IntervalSet {
        self.term.iter().map(|(interval, _)| *interval).collect()
    }

    /// Returns the instants at which they have hard time off.
    pub fn hard_set(&self) -> IntervalSet {
        self.hard.iter().map(|absence| absence.interval).collect()
    }

    /// Returns the instants at which they are softly off.
    pub fn soft_set(&self) -> IntervalSet {
        self.soft.iter().map(|absence| absence.interval).collect()
    }

    /// Returns the instants of their working hours.
    pub fn working_set(&self) -> IntervalSet {
        self.working.iter().map(|run| run.interval).collect()
    }

    /// Returns the resident in effect at `at`.
    pub fn version_at(&self, at: Instant) -> Option<&'a Resident> {
        self.versions.iter().find(|(stretch, ..)| stretch.contains(at)).map(|(_, _, resident)| *resident)
    }
}

/// Returns the team's time off, each entry with when it was made.
pub(super) fn time_off_entries(team: &TeamSnapshot) -> Vec<(&TimeOffId, &TimeOff, Made)> {
    team.time_off.iter().map(|(id, entered)| (id, &entered.value, entered.meta.created)).collect()
}

type ResidentVersions<'a> = [(Interval, &'a Version<Resident>, &'a Resident)];

fn term<'a>(versions: &ResidentVersions<'a>, rules: &'a ZoneRules) -> Result<Vec<(Interval, &'a Zone)>, UnknownZone> {
    let mut term: Vec<(Interval, &'a Zone)> = Vec::new();
    for (stretch, _, resident) in versions {
        let zone = resident.term.zone.zone(rules)?;
        let Some(next) = resident.term.interval(zone).and_then(|interval| interval.intersection(*stretch)) else {
            continue;
        };
        match term.last_mut() {
            Some((last, _)) if last.end() == next.start() => {
                *last = Interval::new(last.start(), next.end()).unwrap_or(*last);
            }
            _ => term.push((next, zone)),
        }
    }
    Ok(term)
}

fn holidays<'a>(
    team: &'a TeamSnapshot,
    versions: &ResidentVersions<'a>,
    rules: &'a ZoneRules,
) -> Result<Vec<Absence<'a>>, UnknownZone> {
    let mut found = Vec::new();
    for (stretch, _, resident) in versions {
        let zone = resident.holidays.zone.zone(rules)?;
        for id in &resident.holidays.sets {
            let Some((id, set)) = team.holiday_sets.get_key_value(id) else { continue };
            for (part, _, set) in set.versions.within(*stretch) {
                let days = set.holidays.iter().map(|holiday| holiday.date);
                found.extend(days.filter_map(|date| {
                    let day = Day::from(date);
                    let whole = Interval::new(zone.day_start(day), zone.day_start(day.plus(1)))?;
                    Some(Absence { interval: whole.intersection(part)?, source: Source::Holiday(id, date), part: 0 })
                }));
            }
        }
    }
    Ok(joined(found))
}

/// A holiday that an edit of its set, or of the resident, cuts in two is one holiday; parts that do not touch, such as
/// after a move to the west, are numbered. They are hours apart, so [`MARGIN_SECONDS`] makes the numbers the same in
/// every stretch that is asked.
fn joined(mut holidays: Vec<Absence<'_>>) -> Vec<Absence<'_>> {
    let key = |absence: &Absence<'_>| match absence.source {
        Source::Holiday(id, date) => (id.as_str().to_owned(), date, absence.interval.start()),
        Source::TimeOff(id, date) => (id.as_str().to_owned(), date, absence.interval.start()),
    };
    holidays.sort_by_key(key);
    holidays.dedup_by(|next, last| {
        let same = key(next).0 == key(last).0 && key(next).1 == key(last).1;
        let touches = same && next.interval.start() <= last.interval.end();
        if touches {
            let end = last.interval.end().max(next.interval.end());
            last.interval = Interval::new(last.interval.start(), end).unwrap_or(last.interval);
        }
        if same && !touches {
            next.part = last.part + 1;
        }
        touches
    });
    holidays
}

struct Travel<'a> {
    interval: Interval,
    zone: &'a Zone,
    made: Made,
}

/// Where the resident is: the destination of the travel that started last (semantics 2.8), else at home.
fn stays<'a>(
    versions: &[(Interval, Made, &'a Resident)],
    travels: &[Travel<'a>],
    rules: &'a ZoneRules,
) -> Result<Vec<Stay<'a>>, UnknownZone> {
    let mut found = Vec::new();
    for (stretch, _, resident) in versions {
        let home = resident.home_zone.zone(rules)?;
        let mut cuts = vec![stretch.start(), stretch.end()];
        cuts.extend(travels.iter().flat_map(|travel| [travel.interval.start(), travel.interval.end()]));
        cuts.retain(|at| (stretch.start()..=stretch.end()).contains(at));
        cuts.sort_unstable();
        for pair in cuts.windows(2) {
            let Some(interval) = Interval::new(pair[0], pair[1]) else { continue };
            let travel = travels
                .iter()
                .filter(|travel| travel.interval.contains(interval.start()))
                .max_by_key(|travel| (travel.interval.start(), travel.made));
            let zone = travel.map_or(home, |travel| travel.zone);
            found.push(Stay { interval, zone });
        }
    }
    Ok(found)
}

fn working(versions: &[(Interval, Made, &Resident)], stays: &[Stay<'_>]) -> Vec<Run> {
    let mut stretches = Vec::new();
    for (version, _, resident) in versions {
        for stay in stays {
            let Some(part) = stay.interval.intersection(*version) else { continue };
            let days = occurrences(&resident.working_hours, stay.zone, part, |_| true);
            stretches.extend(days.filter_map(|day| Some((day.interval.intersection(part)?, day.day))));
        }
    }
    unite(stretches)
}
