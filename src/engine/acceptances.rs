//! Accepted gaps: whether the acceptance still holds (semantics 5.2).

use super::answer::{Gap, Opener};
use super::timeline::timeline;
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{GapAcceptance, GapCause, IdentityKey, TeamSnapshot};

/// How far over the edges of the window a gap is followed, in days; the next only where the one before is too short.
const FOLLOWED_DAYS: [i64; 3] = [9, 40, 400];

/// Whether an acceptance holds.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum AcceptanceState {
    /// It does: the gap raises no alarm.
    Holding,
    /// Its time has passed.
    Expired,
    /// The gap has grown: it reaches further, more are required, or fewer are there.
    Outgrown,
    /// The gap has other causes.
    CausesChanged,
}

/// Tells whether `acceptance` of `gap` holds as of `now`; the gap is uncut, as [`whole_gap`] gives it.
///
/// A gap that shrinks, or of which more are present, has not outgrown its acceptance. Of several reasons against it
/// the first in the order of [`AcceptanceState`] is told.
#[must_use]
pub fn acceptance_state(gap: &Gap, acceptance: &GapAcceptance, now: Instant) -> AcceptanceState {
    let grown = !acceptance.interval.encloses(gap.interval)
        || gap.required > acceptance.required
        || gap.present < acceptance.present;
    if acceptance.until.is_some_and(|until| until <= now) {
        AcceptanceState::Expired
    } else if grown {
        AcceptanceState::Outgrown
    } else if causes(gap) != acceptance.causes {
        AcceptanceState::CausesChanged
    } else {
        AcceptanceState::Holding
    }
}

/// Returns the acceptance of `gap` as it is, of nobody yet, with an identity made with `key`; the gap is uncut, as
/// [`whole_gap`] gives it.
///
/// Where a gap goes on further than it is followed, or has stood for longer, the acceptance is for all that time: it
/// does not end because days pass. Its interval then reaches to [`Instant::MAX`] or [`Instant::MIN`].
#[must_use]
pub fn accept(key: IdentityKey, gap: &Gap, reason: &str, until: Option<Instant>) -> GapAcceptance {
    let start = if gap.opener == Opener::Standing { Instant::MIN } else { gap.interval.start() };
    let end = if gap.truncated_end { Instant::MAX } else { gap.interval.end() };
    GapAcceptance {
        gap: gap.id(key),
        duty: gap.duty.clone(),
        interval: Interval::new(start, end).unwrap_or(gap.interval),
        required: gap.required,
        present: gap.present,
        causes: causes(gap),
        reason: reason.to_owned(),
        until,
        actor: String::new(),
    }
}

/// Returns the causes, sorted and each once.
fn causes(gap: &Gap) -> Vec<GapCause> {
    let mut causes: Vec<GapCause> = gap.causes.iter().map(|(cause, _)| cause.clone()).collect();
    causes.sort();
    causes.dedup();
    causes
}

/// Returns `gap`, which the asked window may cut, in its full extent, with the causes of all of it.
///
/// It is followed from its true beginning to at most 400 days over the window's end; one that goes on there says so
/// (`truncated_end`). Its identity stays as it is.
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::{AcceptanceState, Board, accept, acceptance_state, whole_gap};
/// # use onduty::model::{TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let day = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
/// let board = Board::read(&team, &rules, day).unwrap();
/// for gap in board.timelines().iter().flat_map(|timeline| timeline.gaps()) {
///     let whole = whole_gap(&team, &rules, gap).unwrap();
///     let acceptance = accept(team.identities(), &whole, "Known: the office is closed", None);
///     assert_eq!(acceptance_state(&whole, &acceptance, day.start()), AcceptanceState::Holding);
/// }
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn whole_gap(team: &TeamSnapshot, rules: &ZoneRules, gap: &Gap) -> Result<Gap, UnknownZone> {
    let mut whole = gap.clone();
    if !gap.truncated_start() && !gap.truncated_end {
        return Ok(whole);
    }
    for days in FOLLOWED_DAYS {
        let over = if gap.truncated_end { days * 86_400 } else { 0 };
        let Some(window) = Interval::new(gap.began, gap.interval.end().plus(over)) else { break };
        let found = timeline(team, rules, &gap.duty, window)?;
        let same = |found: &&Gap| found.interval.contains(gap.interval.start());
        let Some(found) = found.gaps().iter().find(same) else { break };
        // Its beginning is known: looking for it again from further back could give it another identity.
        whole = Gap {
            interval: found.interval,
            truncated_end: found.truncated_end && gap.truncated_end,
            causes: found.causes.clone(),
            asked_first: found.asked_first.clone(),
            ..whole
        };
        if !whole.truncated_end {
            break;
        }
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{RULES, Roster, at, during, duty_id, pool};
    use super::*;
    use crate::model::{CauseKind, Effect, Span};

    /// A gap of 'review' from 2026-11-24 to 2026-12-01, because asa and bo, who are all there is, are away.
    fn both_away() -> Roster {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo", "cy"]);
        roster.duty("review", vec![("all", pool(&["asa", "bo"]))], |_| {});
        roster.off("a", "asa", "11-24", "12-01");
        roster.off("b", "bo", "11-20", "12-05");
        roster
    }

    fn gap(roster: &Roster, start: &str, end: &str) -> Gap {
        let found = timeline(&roster.team, &RULES, &duty_id("review"), during(start, end)).unwrap();
        whole_gap(&roster.team, &RULES, &found.gaps()[0]).unwrap()
    }

    fn state(roster: &Roster, acceptance: &GapAcceptance, now: &str) -> AcceptanceState {
        acceptance_state(&gap(roster, "11-26", "11-27"), acceptance, at(now))
    }

    fn accepted(until: Option<&str>) -> GapAcceptance {
        accept(
            IdentityKey::default(),
            &gap(&both_away(), "11-20", "12-10"),
            "Everybody is at the conference",
            until.map(at),
        )
    }

    #[test]
    fn a_gap_is_the_same_whole_whatever_window_cuts_it() {
        let roster = both_away();
        let uncut = gap(&roster, "11-20", "12-10");
        assert_eq!(uncut.interval, during("11-24", "12-01"));
        for (start, end) in [("11-26", "11-27"), ("11-24", "11-25"), ("11-25", "12-02")] {
            let cut = gap(&roster, start, end);
            assert_eq!((&cut, cut.id(IdentityKey::default())), (&uncut, uncut.id(IdentityKey::default())));
        }
    }

    #[test]
    fn an_acceptance_holds_while_nothing_changes_and_until_its_time_has_passed() {
        assert_eq!(state(&both_away(), &accepted(None), "11-26"), AcceptanceState::Holding);
        let acceptance = accepted(Some("11-26 12:00"));
        assert_eq!(state(&both_away(), &acceptance, "11-26 11:59"), AcceptanceState::Holding);
        assert_eq!(state(&both_away(), &acceptance, "11-26 12:00"), AcceptanceState::Expired);
    }

    #[test]
    fn a_gap_that_reaches_further_has_outgrown_it_and_one_that_shrinks_has_not() {
        let mut roster = both_away();
        roster.off("a", "asa", "11-24", "11-30");
        assert_eq!(state(&roster, &accepted(None), "11-26"), AcceptanceState::Holding);
        roster.off("a", "asa", "11-24", "12-01 00:01");
        assert_eq!(state(&roster, &accepted(None), "11-26"), AcceptanceState::Outgrown);
    }

    #[test]
    fn a_gap_in_which_more_are_required_has_outgrown_it() {
        let mut roster = both_away();
        roster.duty("review", vec![("all", pool(&["asa", "bo"]))], |review| {
            review.requirements[0].headcount = Some(2);
        });
        let found = gap(&roster, "11-26", "11-27");
        assert_eq!(acceptance_state(&found, &accepted(None), at("11-26")), AcceptanceState::Outgrown);
    }

    #[test]
    fn another_cause_reopens_a_gap() {
        let mut roster = both_away();
        roster.take_off("free", "review", ("11-25", "11-26"), "asa");
        assert_eq!(state(&roster, &accepted(None), "11-26"), AcceptanceState::CausesChanged);
    }

    #[test]
    fn the_causes_of_a_cut_gap_are_those_of_all_of_it() {
        let mut roster = both_away();
        roster.take_off("free", "review", ("11-30", "12-01"), "asa");
        let kinds: Vec<_> = gap(&roster, "11-24", "11-25").causes.iter().map(|(cause, _)| cause.kind).collect();
        assert_eq!(kinds, [CauseKind::Absent, CauseKind::Absent, CauseKind::TakenOff]);
    }

    #[test]
    fn an_endless_gap_does_not_outgrow_its_acceptance_as_days_pass() {
        let mut roster = Roster::new();
        roster.residents(&["asa"]);
        roster.duty("review", vec![("all", pool(&["asa"]))], |_| {});
        roster.time_off("ill", "asa", Span::Instants { start: at("05-04"), end: None }, Effect::Hard);
        let first = gap(&roster, "06-01", "06-02");
        assert!(first.truncated_end);
        assert_eq!(first.interval.end(), at("06-02").plus(400 * 86_400));
        let acceptance = accept(IdentityKey::default(), &first, "Until we have found somebody", None);
        let later = gap(&roster, "11-26", "12-20");
        assert_eq!(later.id(IdentityKey::default()), acceptance.gap);
        assert_eq!(acceptance_state(&later, &acceptance, at("11-26")), AcceptanceState::Holding);
        // The end becomes known: the gap has shrunk.
        roster.off("ill", "asa", "05-04", "12-24");
        assert_eq!(state(&roster, &acceptance, "11-26"), AcceptanceState::Holding);
    }

    #[test]
    fn a_gap_that_has_always_stood_keeps_its_acceptance_too() {
        let mut roster = Roster::new();
        roster.duty("review", vec![], |_| {});
        let acceptance = accept(IdentityKey::default(), &gap(&roster, "06-01", "06-02"), "Not staffed yet", None);
        let later = gap(&roster, "11-26", "12-20");
        assert_eq!((later.opener.clone(), later.id(IdentityKey::default())), (Opener::Standing, acceptance.gap));
        assert_eq!(acceptance_state(&later, &acceptance, at("11-26")), AcceptanceState::Holding);
    }
}
