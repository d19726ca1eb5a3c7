//! When somebody works, and when they are there to work (semantics 5.5).

use super::people::{Person, time_off_entries};
use crate::civil::{Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::{Duty, DutyId, ResidentId, TeamSnapshot};

/// Returns the time in `interval` in which `resident` works and is there: their working hours on the clock of where
/// they are, in term, less hard time off. Without stated working hours it is all hours (semantics 5.5).
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::working_time;
/// # use onduty::model::{ResidentId, TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let day = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
/// // Somebody whom the team does not have is never there.
/// assert!(working_time(&team, &rules, &ResidentId::new("asa").unwrap(), day).unwrap().is_empty());
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn working_time(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    resident: &ResidentId,
    interval: Interval,
) -> Result<IntervalSet, UnknownZone> {
    let person = Person::read(team, rules, resident, interval, &time_off_entries(team), true)?;
    Ok(person.map_or(IntervalSet::EMPTY, |person| person.present(interval)))
}

impl Person<'_> {
    /// Returns their working hours in `interval` whether or not they are there; all hours where none are stated.
    pub fn hours(&self, interval: Interval) -> IntervalSet {
        let stated = self.versions.iter().filter(|(.., resident)| !resident.working_hours.is_empty());
        let stated: IntervalSet = stated.map(|(stretch, ..)| *stretch).collect();
        IntervalSet::from(interval).difference(&stated).union(&self.working_set().clip(interval))
    }

    /// Returns when they are in term and have no hard time off.
    pub fn there(&self) -> IntervalSet {
        self.term_set().difference(&self.hard_set())
    }

    /// Returns when they work and are there.
    pub fn present(&self, interval: Interval) -> IntervalSet {
        self.hours(interval).intersection(&self.there())
    }

    /// Returns when in `interval` they have the skills that the duty asks for, by the versions in effect.
    pub fn skilled(&self, duty: &[(Interval, &Duty)], interval: Interval) -> IntervalSet {
        let pairs = duty.iter().flat_map(|duty| self.versions.iter().map(move |version| (duty, version)));
        let skilled = pairs.filter_map(|((asked, duty), (stretch, _, resident))| {
            let has = |skill: &String| resident.skills.contains(skill);
            asked.intersection(*stretch)?.intersection(interval).filter(|_| duty.skills.iter().all(has))
        });
        skilled.collect()
    }

    /// Returns when in `interval` they work, are there, and have the skills of the duty, if there is one.
    pub fn able(&self, duty: Option<&[(Interval, &Duty)]>, interval: Interval) -> IntervalSet {
        let present = self.present(interval);
        match duty {
            Some(duty) => self.skilled(duty, interval).intersection(&present),
            None => present,
        }
    }
}

/// Returns the versions of `duty` in effect in `interval`.
pub(super) fn duty_versions<'a>(
    team: &'a TeamSnapshot,
    duty: &DutyId,
    interval: Interval,
) -> Vec<(Interval, &'a Duty)> {
    let versions = team.duties.get(duty).into_iter().flat_map(|duty| duty.versions.within(interval));
    versions.map(|(stretch, _, value)| (stretch, value)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{RULES, Roster, at, during, person, set};
    use super::*;
    use crate::civil::Date;
    use crate::model::{Effect, Span, Term, ZoneName};

    fn works(roster: &Roster, start: &str, end: &str) -> IntervalSet {
        working_time(&roster.team, &RULES, &person("asa"), during(start, end)).unwrap()
    }

    #[test]
    fn working_hours_follow_the_clock_of_where_they_are() {
        let mut roster = Roster::new();
        roster.resident("asa", |asa| asa.home_zone = ZoneName::new("Europe/Warsaw"));
        let week = Span::Days {
            first: Date::constant(2026, 11, 24),
            last: Some(Date::constant(2026, 11, 24)),
            zone: ZoneName::new("Asia/Tokyo"),
        };
        roster.time_off("tokyo", "asa", week, Effect::WorkingElsewhere { zone: ZoneName::new("Asia/Tokyo") });
        assert_eq!(
            works(&roster, "11-23", "11-26"),
            set(&[
                ("11-23 08:00", "11-23 15:00"), // in Tokyo it is the 24th from here on
                ("11-24", "11-24 08:00"),
                ("11-24 15:00", "11-24 16:00"),
                ("11-25 08:00", "11-25 16:00"),
            ]),
        );
    }

    #[test]
    fn working_hours_keep_to_the_wall_clock_when_it_changes() {
        let mut roster = Roster::new();
        roster.resident("asa", |asa| asa.home_zone = ZoneName::new("Europe/Warsaw"));
        assert_eq!(
            works(&roster, "10-23", "10-27"),
            set(&[("10-23 07:00", "10-23 15:00"), ("10-26 08:00", "10-26 16:00")]),
        );
    }

    #[test]
    fn without_stated_hours_all_hours_are_working_time() {
        let mut roster = Roster::new();
        roster.resident("asa", |asa| {
            asa.working_hours = Vec::new();
            asa.term = Term { first: None, last: Some(Date::constant(2026, 11, 24)), zone: ZoneName::new("UTC") };
        });
        roster.off("doctor", "asa", "11-23 10:00", "11-23 12:00");
        assert_eq!(works(&roster, "11-23", "11-30"), set(&[("11-23", "11-23 10:00"), ("11-23 12:00", "11-25")]),);
    }

    #[test]
    fn soft_time_off_is_no_absence() {
        let mut roster = Roster::new();
        roster.residents(&["asa"]);
        roster.time_off("focus", "asa", Span::Instants { start: at("11-23"), end: None }, Effect::Soft);
        assert_eq!(works(&roster, "11-23", "11-24"), set(&[("11-23 09:00", "11-23 17:00")]));
    }
}
