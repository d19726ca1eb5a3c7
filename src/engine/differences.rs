//! What a change of a team makes different: who is on duty, what is not covered, and whose load it is (semantics 3.6).

use std::collections::{BTreeMap, BTreeSet};

use super::load::{Ledger, ResidentLoad, load};
use super::timeline::{Timeline, timeline};
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{DutyId, ResidentId, TeamSnapshot};

/// What is different between two states of a team.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Differences {
    /// Where other people are on duty, by start and duty.
    pub on_duty: Vec<OtherPeople>,
    /// Where more or fewer are missing, by start and duty.
    pub gaps: Vec<OtherGap>,
    /// Whose time on duty or share is another, in listed order.
    pub loads: Vec<OtherLoad>,
}

/// A stretch in which other people are on a duty than before, the same ones throughout.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OtherPeople {
    /// The duty.
    pub duty: DutyId,
    /// The stretch.
    pub interval: Interval,
    /// Who was on duty in it.
    pub before: BTreeSet<ResidentId>,
    /// Who is.
    pub after: BTreeSet<ResidentId>,
}

/// A stretch in which more or fewer people are missing than before, as many throughout.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OtherGap {
    /// The duty.
    pub duty: DutyId,
    /// The stretch.
    pub interval: Interval,
    /// How many fewer than required were on duty.
    pub missing_before: u32,
    /// How many fewer are.
    pub missing_after: u32,
}

/// A resident's load in the window, before and after.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OtherLoad {
    /// Who.
    pub resident: ResidentId,
    /// How long they were on duty.
    pub seconds_before: i64,
    /// How long they are.
    pub seconds_after: i64,
    /// What was their share (semantics 6.3).
    pub share_before: i64,
    /// What it is.
    pub share_after: i64,
}

/// Returns what is different in `window` where a team is `after` and was `before`.
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::{Differences, differences};
/// # use onduty::model::{TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let before = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let after = before.clone(); // with a change in it
/// let week = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-30T00:00:00Z".parse().unwrap()).unwrap();
/// let found = differences(&before, &after, &rules, week).unwrap();
/// for other in &found.on_duty {
///     println!("{} {}: {:?} instead of {:?}", other.duty, other.interval, other.after, other.before);
/// }
/// assert_eq!(found, Differences::default());
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn differences(
    before: &TeamSnapshot,
    after: &TeamSnapshot,
    rules: &ZoneRules,
    window: Interval,
) -> Result<Differences, UnknownZone> {
    let (was, is) = (load(before, rules, window, &[])?, load(after, rules, window, &[])?);
    Ok(Differences { loads: other_loads(&was, &is), ..compared(before, after, rules, window)? })
}

/// Compares everything but the loads.
pub(super) fn compared(
    before: &TeamSnapshot,
    after: &TeamSnapshot,
    rules: &ZoneRules,
    window: Interval,
) -> Result<Differences, UnknownZone> {
    let duties: BTreeSet<&DutyId> = before.duties.keys().chain(after.duties.keys()).collect();
    let mut found = Differences::default();
    for duty in duties {
        let was = timeline(before, rules, duty, window)?;
        let is = timeline(after, rules, duty, window)?;
        compare(&was, &is, &mut found);
    }
    found.on_duty.sort_by_key(|other| other.interval.start());
    found.gaps.sort_by_key(|other| other.interval.start());
    Ok(found)
}

/// Compares one duty at every instant at which anything changes in it, before or after.
fn compare(was: &Timeline, is: &Timeline, found: &mut Differences) {
    let window = is.window();
    let changes = was.change_points().into_iter().chain(is.change_points());
    let points: BTreeSet<Instant> = changes.chain([window.start()]).collect();
    let ends = points.iter().skip(1).copied().chain([window.end()]);
    for (start, end) in points.iter().zip(ends) {
        let Some(interval) = Interval::new(*start, end) else { continue };
        let listings = [was, is].map(|timeline| timeline.listing_at(*start).unwrap_or_default());
        let [before, after] = [0, 1].map(|index: usize| listings[index].people());
        if before != after {
            found.add_people(OtherPeople { duty: is.duty().clone(), interval, before, after });
        }
        let [missing_before, missing_after] =
            listings.map(|listing| listing.required.saturating_sub(listing.present()));
        if missing_before != missing_after {
            found.add_gap(OtherGap { duty: is.duty().clone(), interval, missing_before, missing_after });
        }
    }
}

impl Differences {
    /// Adds a stretch; one that goes on with the same people makes the last one longer.
    fn add_people(&mut self, next: OtherPeople) {
        let goes_on = |last: &&mut OtherPeople| {
            let same = (&last.duty, &last.before, &last.after) == (&next.duty, &next.before, &next.after);
            same && last.interval.end() == next.interval.start()
        };
        match self.on_duty.last_mut().filter(goes_on) {
            Some(last) => last.interval = joined(last.interval, next.interval),
            None => self.on_duty.push(next),
        }
    }

    fn add_gap(&mut self, next: OtherGap) {
        let numbers = |gap: &OtherGap| (gap.missing_before, gap.missing_after);
        let goes_on = |last: &&mut OtherGap| {
            let same = last.duty == next.duty && numbers(last) == numbers(&next);
            same && last.interval.end() == next.interval.start()
        };
        match self.gaps.last_mut().filter(goes_on) {
            Some(last) => last.interval = joined(last.interval, next.interval),
            None => self.gaps.push(next),
        }
    }
}

fn joined(first: Interval, next: Interval) -> Interval {
    Interval::new(first.start(), next.end()).unwrap_or(first)
}

/// Compares the loads; whoever is in one ledger only has nothing in the other.
fn other_loads(was: &Ledger, is: &Ledger) -> Vec<OtherLoad> {
    let numbers = |ledger: &Ledger| -> BTreeMap<ResidentId, (i64, i64)> {
        let of = |load: &ResidentLoad| (load.resident.clone(), (load.hours.seconds(), load.share_seconds));
        ledger.residents.iter().map(of).collect()
    };
    let (before, after) = (numbers(was), numbers(is));
    let gone = was.residents.iter().filter(|load| !after.contains_key(&load.resident));
    let loads = is.residents.iter().chain(gone).map(|load| {
        let number = |all: &BTreeMap<ResidentId, (i64, i64)>| all.get(&load.resident).copied().unwrap_or_default();
        let ((seconds_before, share_before), (seconds_after, share_after)) = (number(&before), number(&after));
        OtherLoad { resident: load.resident.clone(), seconds_before, seconds_after, share_before, share_after }
    });
    let same = |load: &OtherLoad| (load.seconds_before, load.share_before) == (load.seconds_after, load.share_after);
    loads.filter(|load| !same(load)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{RULES, Roster, at, during, duty_id, people, person, turns};
    use super::*;
    use crate::civil::ShiftUnit;

    fn set(ids: &[&str]) -> BTreeSet<ResidentId> {
        people(ids).into_iter().collect()
    }

    #[test]
    fn nothing_is_different_where_nothing_changed() {
        let mut roster = Roster::new();
        roster.residents(&["asa"]);
        roster.duty("review", vec![("daily", turns(ShiftUnit::Days, &["asa"]))], |_| {});
        let found = differences(&roster.team, &roster.team, &RULES, during("11-02", "11-09")).unwrap();
        assert_eq!(found, Differences::default());
    }

    #[test]
    fn an_absence_is_other_people_a_gap_and_another_load() {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo"]);
        roster.duty("review", vec![("daily", turns(ShiftUnit::Days, &["asa", "bo"]))], |_| {});
        let before = roster.team.clone();
        roster.off("ill", "asa", "11-02 12:00", "11-05");
        let found = differences(&before, &roster.team, &RULES, during("11-02", "11-06")).unwrap();
        let stretches = [during("11-02 12:00", "11-03"), during("11-04", "11-05")];
        let other = stretches.map(|interval| OtherPeople {
            duty: duty_id("review"),
            interval,
            before: set(&["asa"]),
            after: set(&[]),
        });
        assert_eq!(found.on_duty, other);
        let missing = stretches.map(|interval| OtherGap {
            duty: duty_id("review"),
            interval,
            missing_before: 0,
            missing_after: 1,
        });
        assert_eq!(found.gaps, missing);
        let asa = found.loads.iter().find(|load| load.resident == person("asa")).unwrap();
        assert_eq!((asa.seconds_before, asa.seconds_after), (48 * 3_600, 12 * 3_600));
    }

    #[test]
    fn stretches_that_go_on_are_one_and_those_of_several_duties_are_in_order() {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo"]);
        let weekly = || turns(ShiftUnit::Weeks, &["asa"]);
        roster.duty("builds", vec![("weekly", weekly())], |_| {});
        roster.duty("review", vec![("weekly", weekly())], |_| {});
        let before = roster.team.clone();
        roster.replace("swap", "builds", ("11-03", "11-05"), "bo", "asa");
        roster.replace("other", "review", ("11-02", "11-04"), "bo", "asa");
        let found = differences(&before, &roster.team, &RULES, during("11-02", "11-09")).unwrap();
        let starts: Vec<_> = found.on_duty.iter().map(|other| other.interval.start()).collect();
        assert_eq!(starts, [at("11-02"), at("11-03")]);
        assert_eq!(found.on_duty[1].interval, during("11-03", "11-05"));
        assert!(found.gaps.is_empty());
    }
}
