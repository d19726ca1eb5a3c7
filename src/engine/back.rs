//! When the first of those whose absence makes a gap is back (semantics 5.1).

use super::answer::Gap;
use super::people::{Person, time_off_entries};
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{CauseKind, ResidentId, TeamSnapshot};

/// How far ahead of a gap's start somebody's return is looked for, in seconds: 400 days.
const LOOK_AHEAD_SECONDS: i64 = 400 * 86_400;

/// Returns when the first of those whose absence is a cause of `gap` is back: the earliest end of an uninterrupted hard
/// absence, holidays included. `None` where no absence is a cause, or all of them are open-ended, outlast the term or
/// go on for more than 400 days.
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::{Board, back_time};
/// # use onduty::model::{TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let day = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
/// let board = Board::read(&team, &rules, day).unwrap();
/// for gap in board.timelines().iter().flat_map(|timeline| timeline.gaps()) {
///     if let Some(at) = back_time(&team, &rules, gap).unwrap() {
///         println!("somebody is back at {at}");
///     }
/// }
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn back_time(team: &TeamSnapshot, rules: &ZoneRules, gap: &Gap) -> Result<Option<Instant>, UnknownZone> {
    let entries = time_off_entries(team);
    let mut first: Option<Instant> = None;
    for (resident, from) in absent(gap) {
        let limit = gap.interval.start().plus(LOOK_AHEAD_SECONDS);
        let Some(ahead) = Interval::new(from, limit) else { continue };
        let Some(person) = Person::read(team, rules, resident, ahead, &entries, false)? else { continue };
        let back = person.hard_set().interval_at(from).map(Interval::end);
        // Somebody whose term ends before is not back.
        let back = back.filter(|back| person.term_set().contains(*back));
        first = first.into_iter().chain(back).min();
    }
    Ok(first)
}

/// Whose absence is a cause of the gap, and from when in it.
fn absent(gap: &Gap) -> impl Iterator<Item = (&ResidentId, Instant)> {
    let absences = gap.causes.iter().filter(|(cause, _)| cause.kind == CauseKind::Absent);
    absences.filter_map(|(cause, parts)| Some((cause.resident.as_ref()?, parts.intervals().first()?.start())))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{RULES, Roster, at, during, duty_id, pool};
    use super::super::timeline::timeline;
    use super::*;
    use crate::civil::{Date, Recurrence};
    use crate::model::{Effect, Span, Term, ZoneName};

    fn review(members: &[&str]) -> Roster {
        let mut roster = Roster::new();
        roster.residents(members);
        roster.duty("review", vec![("all", pool(members))], |_| {});
        roster
    }

    fn back(roster: &Roster) -> Option<Instant> {
        let found = timeline(&roster.team, &RULES, &duty_id("review"), during("11-23", "11-30")).unwrap();
        back_time(&roster.team, &RULES, &found.gaps()[0]).unwrap()
    }

    fn days(first: Date, last: Option<Date>) -> Span {
        Span::Days { first, last, zone: ZoneName::new("Europe/Warsaw") }
    }

    #[test]
    fn a_team_of_one_is_back_when_the_absences_that_touch_are_all_over() {
        let mut roster = review(&["asa"]);
        roster.off("a", "asa", "11-24", "11-26 12:00");
        roster.off("b", "asa", "11-26 12:00", "12-05");
        roster.off("c", "asa", "12-06", "12-07");
        assert_eq!(back(&roster), Some(at("12-05")));
    }

    #[test]
    fn whole_days_end_at_midnight_in_their_zone_also_after_a_change_of_clocks() {
        let mut roster = review(&["asa"]);
        let span = days(Date::constant(2026, 11, 24), Some(Date::constant(2027, 4, 1)));
        roster.time_off("leave", "asa", span, Effect::Hard);
        assert_eq!(back(&roster).unwrap().to_string(), "2027-04-01T22:00:00Z");
    }

    #[test]
    fn the_first_to_be_back_counts() {
        let mut roster = review(&["asa", "bo"]);
        roster.off("a", "asa", "11-24", "12-10");
        roster.off("b", "bo", "11-24", "12-03");
        assert_eq!(back(&roster), Some(at("12-03")));
    }

    #[test]
    fn an_open_end_is_nobodys_return() {
        let mut roster = review(&["asa", "bo"]);
        roster.time_off("a", "asa", days(Date::constant(2026, 11, 24), None), Effect::Hard);
        roster.time_off("b", "bo", days(Date::constant(2026, 11, 24), None), Effect::Hard);
        assert_eq!(back(&roster), None);
        roster.off("b", "bo", "11-24", "12-03");
        assert_eq!(back(&roster), Some(at("12-03")));
    }

    #[test]
    fn who_leaves_before_the_absence_ends_is_not_back() {
        let mut roster = review(&["asa"]);
        let term = Term { first: None, last: Some(Date::constant(2026, 11, 29)), zone: ZoneName::new("UTC") };
        roster.resident("asa", |asa| asa.term = term);
        roster.off("a", "asa", "11-24", "12-10");
        assert_eq!(back(&roster), None);
    }

    #[test]
    fn of_a_recurring_absence_the_present_instance_counts() {
        let mut roster = review(&["asa"]);
        roster.time_off(
            "day",
            "asa",
            days(Date::constant(2026, 11, 10), Some(Date::constant(2026, 11, 10))),
            Effect::Hard,
        );
        let entry = roster.team.time_off.first_mut().unwrap();
        entry.value.recurrence = Some(Recurrence { rule: "FREQ=WEEKLY".to_owned(), except: Vec::new() });
        assert_eq!(back(&roster), Some(at("11-24 23:00")));
    }

    #[test]
    fn a_gap_without_an_absence_has_nobody_to_come_back() {
        assert_eq!(back(&review(&[])), None);
    }
}
