//! The timelines of all of a team's duties over one window, read once for many questions.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::people::{Person, time_off_entries};
use super::timeline::{Timeline, timeline};
use crate::civil::{Instant, Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::{DutyId, ResidentId, Team, TeamSnapshot};

/// How long before a gap load is looked at (semantics 6.1), in seconds: 28 days.
pub(super) const LOAD_SECONDS: i64 = 28 * 86_400;

static NEVER: IntervalSet = IntervalSet::EMPTY;

/// The timelines of all duties of a team over one window.
///
/// Only duties that are in effect at some time of the window have one.
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::Board;
/// # use onduty::model::{DutyId, ResidentId, TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let day = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
/// let board = Board::read(&team, &rules, day).unwrap();
/// assert!(board.timeline(&DutyId::new("review").unwrap()).is_none());
/// assert!(board.on_duty_set(&ResidentId::new("asa").unwrap()).is_empty());
/// ```
#[derive(Debug)]
pub struct Board<'a> {
    team: &'a TeamSnapshot,
    rules: &'a ZoneRules,
    window: Interval,
    /// In order of the duties.
    timelines: Vec<Timeline>,
    on_duty: BTreeMap<ResidentId, OnDuty>,
    /// The team's residents in listed order, with their hours; read when first asked for.
    people: OnceLock<Vec<Person<'a>>>,
}

/// When somebody is on duty.
#[derive(Debug, Default)]
struct OnDuty {
    /// On any duty, each instant once.
    any: IntervalSet,
    /// By place of the duty's timeline.
    by_duty: BTreeMap<usize, IntervalSet>,
}

impl<'a> Board<'a> {
    /// Reads the timelines of the team's duties over `window`.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks a zone that is used.
    pub fn read(team: &'a TeamSnapshot, rules: &'a ZoneRules, window: Interval) -> Result<Self, UnknownZone> {
        let in_effect = team.duties.iter().filter(|(_, duty)| duty.versions.within(window).next().is_some());
        let timelines =
            in_effect.map(|(id, _)| timeline(team, rules, id, window)).collect::<Result<Vec<_>, UnknownZone>>()?;
        let on_duty = on_duty(&timelines);
        Ok(Self { team, rules, window, timelines, on_duty, people: OnceLock::new() })
    }

    /// Reads a board wide enough to rank stand-ins for every gap in `window`: 28 days more before it, for load, and
    /// the team's rest and a day more after it (semantics 6.1).
    ///
    /// Its gaps are those of the wider window; ask [`timeline`] or [`Board::read`] for the gaps of `window` itself.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks a zone that is used.
    pub fn read_for_stand_ins(
        team: &'a TeamSnapshot,
        rules: &'a ZoneRules,
        window: Interval,
    ) -> Result<Self, UnknownZone> {
        Self::read(team, rules, ranking_window(team, window))
    }

    /// Returns the team.
    #[must_use]
    pub fn team(&self) -> &'a TeamSnapshot {
        self.team
    }

    /// Returns the zone rules.
    #[must_use]
    pub fn rules(&self) -> &'a ZoneRules {
        self.rules
    }

    /// Returns the window.
    #[must_use]
    pub fn window(&self) -> Interval {
        self.window
    }

    /// Returns the timeline of `duty`; `None` where it is never in effect in the window.
    #[must_use]
    pub fn timeline(&self, duty: &DutyId) -> Option<&Timeline> {
        self.place(duty).and_then(|place| self.timelines.get(place))
    }

    /// Returns every timeline, in order of the duties.
    #[must_use]
    pub fn timelines(&self) -> &[Timeline] {
        &self.timelines
    }

    /// Returns when `resident` is on any duty in the window, each instant once.
    #[must_use]
    pub fn on_duty_set(&self, resident: &ResidentId) -> &IntervalSet {
        self.on_duty.get(resident).map_or(&NEVER, |on_duty| &on_duty.any)
    }

    /// Returns when `resident` is on `duty` in the window.
    #[must_use]
    pub fn on_duty_for(&self, duty: &DutyId, resident: &ResidentId) -> &IntervalSet {
        let found = self.place(duty).zip(self.on_duty.get(resident));
        found.and_then(|(place, on_duty)| on_duty.by_duty.get(&place)).unwrap_or(&NEVER)
    }

    /// Returns the duties that `resident` is on at some time of `times`, in order.
    pub(super) fn duties_during(&self, resident: &ResidentId, times: &IntervalSet) -> Vec<DutyId> {
        let Some(on_duty) = self.on_duty.get(resident) else { return Vec::new() };
        let held = on_duty.by_duty.iter().filter(|(_, set)| !set.intersection(times).is_empty());
        held.filter_map(|(place, _)| self.timelines.get(*place)).map(|timeline| timeline.duty().clone()).collect()
    }

    /// Returns the team's residents in listed order, as they are over the window.
    pub(super) fn people(&self) -> Result<&[Person<'a>], UnknownZone> {
        if self.people.get().is_none() {
            let read = read_people(self.team, self.rules, self.window, true)?;
            // Where another thread was faster, it read the same.
            let _ = self.people.set(read);
        }
        Ok(self.people.get().map(Vec::as_slice).unwrap_or_default())
    }

    fn place(&self, duty: &DutyId) -> Option<usize> {
        self.timelines.binary_search_by(|timeline| timeline.duty().cmp(duty)).ok()
    }
}

/// Reads all residents of the team in listed order.
pub(super) fn read_people<'a>(
    team: &'a TeamSnapshot,
    rules: &'a ZoneRules,
    window: Interval,
    with_hours: bool,
) -> Result<Vec<Person<'a>>, UnknownZone> {
    let entries = time_off_entries(team);
    let listed = team.residents_listed().into_iter();
    listed.filter_map(|id| Person::read(team, rules, id, window, &entries, with_hours).transpose()).collect()
}

fn on_duty(timelines: &[Timeline]) -> BTreeMap<ResidentId, OnDuty> {
    let mut shifts: BTreeMap<&ResidentId, BTreeMap<usize, Vec<Interval>>> = BTreeMap::new();
    for (place, timeline) in timelines.iter().enumerate() {
        for shift in timeline.shifts() {
            shifts.entry(&shift.resident).or_default().entry(place).or_default().push(shift.interval);
        }
    }
    let people = shifts.into_iter().map(|(resident, duties)| {
        let any = duties.values().flatten().copied().collect();
        let by_duty = duties.into_iter().map(|(place, list)| (place, list.into_iter().collect())).collect();
        (resident.clone(), OnDuty { any, by_duty })
    });
    people.collect()
}

/// Returns the team's own settings in effect at `at`.
pub(super) fn settings(team: &TeamSnapshot, at: Instant) -> Option<&Team> {
    team.team.as_ref().and_then(|team| team.versions.at(at)).map(|(_, settings)| settings)
}

/// Returns the rest between shifts that the team states at `at`, in hours (semantics 2.1).
pub(super) fn rest_hours(team: &TeamSnapshot, at: Instant) -> u32 {
    settings(team, at).map_or(Team::REST_HOURS_DEFAULT, |settings| settings.rest_hours)
}

/// Returns what has to be known to rank the stand-ins of a gap, or of every gap, in `window`.
pub(super) fn ranking_window(team: &TeamSnapshot, window: Interval) -> Interval {
    let stated = team.team.iter().flat_map(|team| team.versions.within(window));
    let hours = stated.map(|(.., settings)| settings.rest_hours).max().unwrap_or(Team::REST_HOURS_DEFAULT);
    let rest = i64::from(hours) * 3_600;
    let (start, end) = (window.start().plus(-rest.max(LOAD_SECONDS)), window.end().plus(rest + 86_400));
    Interval::new(start, end).unwrap_or(window)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{RULES, Roster, at, during, duty_id, person, pool, set, turns};
    use super::*;
    use crate::civil::ShiftUnit;

    fn team() -> TeamSnapshot {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo"]);
        roster.duty("review", vec![("daily", turns(ShiftUnit::Days, &["asa", "bo"]))], |_| {});
        roster.duty("builds", vec![("all", pool(&["asa"]))], |_| {});
        roster.team
    }

    #[test]
    fn an_hour_on_two_duties_counts_once() {
        let team = team();
        let board = Board::read(&team, &RULES, during("11-02", "11-05")).unwrap();
        assert_eq!(*board.on_duty_set(&person("asa")), set(&[("11-02", "11-05")]));
        assert_eq!(
            *board.on_duty_for(&duty_id("review"), &person("asa")),
            set(&[("11-02", "11-03"), ("11-04", "11-05")])
        );
        assert_eq!(*board.on_duty_set(&person("bo")), set(&[("11-03", "11-04")]));
    }

    #[test]
    fn the_duties_held_during_a_time_are_in_order() {
        let team = team();
        let board = Board::read(&team, &RULES, during("11-02", "11-05")).unwrap();
        let held = |start, end| board.duties_during(&person("asa"), &set(&[(start, end)]));
        assert_eq!(held("11-02 09:00", "11-02 10:00"), [duty_id("builds"), duty_id("review")]);
        assert_eq!(held("11-03 09:00", "11-03 10:00"), [duty_id("builds")]);
    }

    #[test]
    fn a_duty_that_has_ended_has_no_timeline() {
        let mut team = team();
        let builds = team.duties.get_mut(&duty_id("builds")).unwrap();
        builds.versions.set(at("11-01"), crate::model::Made::default(), None, false).unwrap();
        let board = Board::read(&team, &RULES, during("11-02", "11-05")).unwrap();
        assert!(board.timeline(&duty_id("builds")).is_none());
        assert_eq!(board.timeline(&duty_id("review")).unwrap().duty(), &duty_id("review"));
        assert_eq!(board.timelines().len(), 1);
    }

    #[test]
    fn a_board_for_stand_ins_looks_back_28_days_and_ahead_by_the_rest_and_a_day() {
        let team = team();
        let board = Board::read_for_stand_ins(&team, &RULES, during("11-30", "12-01")).unwrap();
        assert_eq!(board.window(), during("11-02", "12-02 11:00"));
    }
}
