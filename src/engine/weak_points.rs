//! Single points of failure: people without whom a duty could not be held (semantics 5.4).

use std::collections::BTreeMap;

use super::state::State;
use super::tracks::{PersonIndex, Tracks};
use super::walk::{is_lasting, walk};
use crate::civil::{Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::{DutyId, ResidentId, TeamSnapshot};

/// Somebody without whom a duty could not be held, and when.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WeakPoint {
    /// The duty.
    pub duty: DutyId,
    /// Who.
    pub resident: ResidentId,
    /// The required time for which fewer others are qualified than required.
    pub intervals: IntervalSet,
}

/// Returns the single points of failure of `duty` over `window`, by resident (semantics 5.4).
///
/// Qualified is who is in term, has the skills, and takes turns or is a member in a layer in effect; windows, hours and
/// absences do not matter.
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::weak_points;
/// # use onduty::model::{DutyId, TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let day = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
/// assert!(weak_points(&team, &rules, &DutyId::new("review").unwrap(), day).unwrap().is_empty());
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn weak_points(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    duty: &DutyId,
    window: Interval,
) -> Result<Vec<WeakPoint>, UnknownZone> {
    let Some(tracks) = Tracks::read(team, rules, duty, window)? else { return Ok(Vec::new()) };
    let mut found: BTreeMap<PersonIndex, Vec<Interval>> = BTreeMap::new();
    walk(&tracks, is_lasting, |state, stretch| {
        let (required, _) = state.required(&tracks);
        if required == 0 {
            return;
        }
        let qualified = qualified(state, &tracks);
        if qualified.len() <= required as usize {
            for person in qualified {
                found.entry(person).or_default().push(stretch);
            }
        }
    });
    let named = found.into_iter().filter_map(|(person, parts)| {
        let resident = tracks.people.get(person as usize)?.id.clone();
        Some(WeakPoint { duty: duty.clone(), resident, intervals: parts.into_iter().collect() })
    });
    let mut points: Vec<WeakPoint> = named.collect();
    points.sort_by(|a, b| a.resident.cmp(&b.resident));
    Ok(points)
}

/// Everybody in a layer in effect who is in term and has the skills, each once.
pub(super) fn qualified(state: &State, tracks: &Tracks<'_>) -> Vec<PersonIndex> {
    let mut found: Vec<PersonIndex> = layer_versions(state, tracks)
        .flat_map(|version| version.people.iter().copied())
        .filter(|person| {
            let standing = state.people.get(*person as usize);
            standing.is_some_and(|standing| standing.in_term && standing.skilled)
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The versions in effect of the duty's layers, within their windows or not.
pub(super) fn layer_versions<'t>(
    state: &'t State,
    tracks: &'t Tracks<'_>,
) -> impl Iterator<Item = &'t super::tracks::LayerVersion> {
    let layers = state.duty.and_then(|index| tracks.versions.get(index as usize)).into_iter();
    layers.flat_map(|version| &version.layers).filter_map(|layer| {
        let index = state.layers.get(*layer as usize)?.version?;
        tracks.layers.get(*layer as usize)?.versions.get(index as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{RULES, Roster, at, during, duty_id, person, pool, set, turns, window};
    use super::*;
    use crate::civil::{Date, ShiftUnit, Weekdays};
    use crate::model::{Effect, Hours, Layer, RequirementTime, Span, Term, Windows, ZoneName};

    fn points(roster: &Roster) -> Vec<(String, IntervalSet)> {
        let found = weak_points(&roster.team, &RULES, &duty_id("review"), during("11-23", "11-30")).unwrap();
        found.into_iter().map(|point| (point.resident.to_string(), point.intervals)).collect()
    }

    fn whole_week() -> IntervalSet {
        set(&[("11-23", "11-30")])
    }

    #[test]
    fn a_team_of_one_is_one_always_also_while_away() {
        let mut roster = Roster::new();
        roster.residents(&["asa"]);
        roster.duty("review", vec![("all", pool(&["asa"]))], |_| {});
        roster.time_off("ill", "asa", Span::Instants { start: at("11-20"), end: None }, Effect::Hard);
        assert_eq!(points(&roster), [("asa".to_owned(), whole_week())]);
    }

    #[test]
    fn who_is_qualified_twice_counts_once_and_absences_and_hours_do_not_matter() {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo"]);
        let limited =
            Windows { zone: ZoneName::new("UTC"), windows: vec![window("w", Weekdays::ALL, "09:00", "10:00")] };
        let spare = Layer { hours: Hours::Working, windows: Some(limited), ..pool(&["asa", "bo"]) };
        roster.duty("review", vec![("weekly", turns(ShiftUnit::Weeks, &["asa"])), ("spare", spare)], |_| {});
        roster.off("ill", "bo", "11-20", "12-01");
        assert_eq!(points(&roster), []);
    }

    #[test]
    fn whoever_stays_when_the_others_term_ends_is_one_from_then_on() {
        let mut roster = Roster::new();
        roster.residents(&["asa"]);
        roster.resident("bo", |bo| {
            let zone = ZoneName::new("America/Los_Angeles");
            bo.term = Term { first: None, last: Some(Date::constant(2026, 11, 25)), zone };
        });
        roster.duty("review", vec![("all", pool(&["asa", "bo"]))], |_| {});
        // The last day ends at midnight in Los Angeles.
        assert_eq!(points(&roster), [("asa".to_owned(), set(&[("11-26 08:00", "11-30")]))]);
    }

    #[test]
    fn without_a_skill_somebody_is_not_qualified_and_neither_is_a_shadow() {
        let mut roster = Roster::new();
        roster.resident("asa", |asa| asa.skills = vec!["rust".to_owned()]);
        roster.resident("cy", |cy| cy.skills = vec!["rust".to_owned()]);
        roster.residents(&["bo"]);
        let layer = Layer { shadows: vec![person("cy")], ..pool(&["asa", "bo"]) };
        roster.duty("review", vec![("all", layer)], |review| review.skills = vec!["rust".to_owned()]);
        assert_eq!(points(&roster), [("asa".to_owned(), whole_week())]);
    }

    #[test]
    fn only_required_time_counts_on_the_clock_of_the_requirement() {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo"]);
        roster.duty("review", vec![("all", pool(&["asa", "bo"]))], |review| {
            let hours = &mut review.requirements[0];
            hours.time = RequirementTime::Windows(vec![window("w", Weekdays::WORKING, "09:00", "11:00")]);
            hours.zone = ZoneName::new("Asia/Tokyo");
            hours.headcount = Some(2);
            hours.last = Some(Date::constant(2026, 11, 24));
        });
        let hours = set(&[("11-23", "11-23 02:00"), ("11-24", "11-24 02:00")]);
        assert_eq!(points(&roster), [("asa".to_owned(), hours.clone()), ("bo".to_owned(), hours)]);
    }

    #[test]
    fn required_hours_keep_to_the_wall_clock_when_it_changes() {
        let mut roster = Roster::new();
        roster.residents(&["asa"]);
        roster.duty("review", vec![("all", pool(&["asa"]))], |review| {
            let hours = &mut review.requirements[0];
            hours.time = RequirementTime::Windows(vec![window("w", Weekdays::ALL, "01:00", "04:00")]);
            hours.zone = ZoneName::new("Europe/Warsaw");
        });
        let found =
            weak_points(&roster.team, &RULES, &duty_id("review"), during("03-28 12:00", "03-29 12:00")).unwrap();
        assert_eq!(found[0].intervals, set(&[("03-29 00:00", "03-29 02:00")]));
    }

    #[test]
    fn where_nobody_is_qualified_nobody_is_one() {
        let mut roster = Roster::new();
        roster.duty("review", vec![("all", pool(&[]))], |_| {});
        assert_eq!(points(&roster), []);
    }
}
