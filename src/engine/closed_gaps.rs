//! Gaps that would be there, and are not because somebody covers (semantics 5.7).

use std::collections::BTreeSet;

use super::differences::compared;
use crate::civil::{Interval, UnknownZone, ZoneRules};
use crate::model::{DutyId, ObjectKey, ResidentId, TeamSnapshot};

/// A part of what would be a gap without overrides.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClosedGap {
    /// The duty.
    pub duty: DutyId,
    /// The part.
    pub interval: Interval,
    /// Who is on duty in it and would not be.
    pub by: BTreeSet<ResidentId>,
}

/// Returns the parts of `window` in which more people would be missing if there were no overrides, by start and duty.
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::closed_gaps;
/// # use onduty::model::{TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let month = Interval::new("2026-11-01T00:00:00Z".parse().unwrap(), "2026-12-01T00:00:00Z".parse().unwrap()).unwrap();
/// for closed in closed_gaps(&team, &rules, month).unwrap() {
///     println!("{} {}: {:?}", closed.duty, closed.interval, closed.by);
/// }
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn closed_gaps(team: &TeamSnapshot, rules: &ZoneRules, window: Interval) -> Result<Vec<ClosedGap>, UnknownZone> {
    let mut without = team.clone();
    for id in team.overrides.keys() {
        without.remove(&ObjectKey::Override(id.clone()));
    }
    let found = compared(&without, team, rules, window)?;
    let mut closed = Vec::new();
    for gap in found.gaps.iter().filter(|gap| gap.missing_after < gap.missing_before) {
        let others = found.on_duty.iter().filter(|other| other.duty == gap.duty);
        for (interval, by) in others.filter_map(|other| {
            let came = other.after.difference(&other.before).cloned().collect();
            Some((other.interval.intersection(gap.interval)?, came))
        }) {
            closed.push(ClosedGap { duty: gap.duty.clone(), interval, by });
        }
    }
    closed.sort_by_key(|closed| closed.interval.start());
    Ok(closed)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{RULES, Roster, during, duty_id, person, turns};
    use super::*;
    use crate::civil::ShiftUnit;

    #[test]
    fn the_covered_part_of_an_absence_is_a_closed_gap() {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo"]);
        roster.duty("review", vec![("daily", turns(ShiftUnit::Days, &["asa"]))], |_| {});
        roster.off("ill", "asa", "11-04", "11-05");
        roster.replace("cover", "review", ("11-04 08:00", "11-04 12:00"), "bo", "asa");
        roster.replace("no-gap", "review", ("11-05 08:00", "11-05 12:00"), "bo", "asa");
        let closed = closed_gaps(&roster.team, &RULES, during("11-02", "11-09")).unwrap();
        let by = [person("bo")].into();
        assert_eq!(closed, [ClosedGap { duty: duty_id("review"), interval: during("11-04 08:00", "11-04 12:00"), by }]);
    }
}
