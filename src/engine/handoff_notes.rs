//! To which handoff a note belongs (semantics 2.12).

use std::collections::BTreeSet;

use super::answer::Handoff;
use super::timeline::timeline;
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{DutyId, ResidentId, TeamSnapshot};

/// How far ahead of a note, and of now, a handoff is looked for, in seconds: 400 days.
const AHEAD_SECONDS: i64 = 400 * 86_400;
/// For how long somebody who went off duty still counts as the last who had it, in seconds: 35 days.
const LAST_SECONDS: i64 = 35 * 86_400;

/// The handoff that a note belongs to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NotedHandoff {
    /// The first handoff of the duty at or after the note's time with which somebody takes over; `None` where there is
    /// none within 400 days.
    pub handoff: Option<Handoff>,
    /// The next such handoff, with which the note is history; `None` where there is none within 400 days of now.
    pub next: Option<Instant>,
}

/// How a note stands.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum NoteStanding {
    /// Its handoff lies ahead.
    Ahead,
    /// Whoever took over with its handoff still has the duty.
    Current,
    /// Somebody else took over since.
    Past,
}

impl NotedHandoff {
    /// Returns how the note stands at `now`.
    ///
    /// ```
    /// use onduty::engine::{NoteStanding, NotedHandoff};
    ///
    /// let now = "2026-11-23T09:00:00Z".parse().unwrap();
    /// assert_eq!(NotedHandoff::default().standing(now), NoteStanding::Ahead);
    /// ```
    #[must_use]
    pub fn standing(&self, now: Instant) -> NoteStanding {
        match &self.handoff {
            Some(handoff) if handoff.at <= now && self.next.is_some_and(|next| next <= now) => NoteStanding::Past,
            Some(handoff) if handoff.at <= now => NoteStanding::Current,
            _ => NoteStanding::Ahead,
        }
    }
}

/// Returns for notes on `duty` with these `times` the handoffs that they belong to, as the roster is now.
///
/// ```
/// # use onduty::civil::ZoneRules;
/// # use onduty::engine::noted_handoffs;
/// # use onduty::model::{DutyId, TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let now = "2026-11-23T09:00:00Z".parse().unwrap();
/// let found = noted_handoffs(&team, &rules, &DutyId::new("review").unwrap(), &[now], now).unwrap();
/// assert_eq!(found[0].handoff, None);
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn noted_handoffs(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    duty: &DutyId,
    times: &[Instant],
    now: Instant,
) -> Result<Vec<NotedHandoff>, UnknownZone> {
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else { return Ok(Vec::new()) };
    let Some(window) = Interval::new(first.plus(-LAST_SECONDS), (*last).max(now).plus(AHEAD_SECONDS)) else {
        return Ok(times.iter().map(|_| NotedHandoff::default()).collect());
    };
    let handoffs = taking_over(timeline(team, rules, duty, window)?.handoffs());
    let of = |time: &Instant| {
        let place = handoffs.partition_point(|handoff| handoff.at < *time);
        NotedHandoff {
            handoff: handoffs.get(place).filter(|handoff| handoff.at.since(*time) <= AHEAD_SECONDS).cloned(),
            next: handoffs.get(place + 1).map(|handoff| handoff.at),
        }
    };
    Ok(times.iter().map(of).collect())
}

/// Keeps the handoffs with which somebody takes over who was not among the last people on duty: that nobody is on duty at
/// night, or over a weekend, hands nothing over.
fn taking_over(handoffs: Vec<Handoff>) -> Vec<Handoff> {
    let mut last: Option<(BTreeSet<ResidentId>, Instant)> = None;
    let mut kept = Vec::new();
    for handoff in handoffs {
        if !handoff.from.is_empty() {
            last = Some((handoff.from.clone(), handoff.at));
        }
        let known = last.as_ref().filter(|(_, ended)| handoff.at.since(*ended) <= LAST_SECONDS);
        let new = match known {
            Some((people, _)) => !handoff.to.is_subset(people),
            None => !handoff.to.is_empty(),
        };
        if new {
            kept.push(handoff);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fixture::{RULES, Roster, at, duty_id, person, turns, window};
    use super::*;
    use crate::civil::{ShiftUnit, Weekdays};
    use crate::model::{Layer, Windows, ZoneName};

    /// Weeks of asa and bo from Monday 2026-11-02 on.
    fn roster() -> Roster {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo"]);
        roster.duty("review", vec![("weekly", turns(ShiftUnit::Weeks, &["asa", "bo"]))], |_| {});
        roster
    }

    fn noted(roster: &Roster, time: &str, now: &str) -> (Option<Instant>, NoteStanding) {
        let found = noted_handoffs(&roster.team, &RULES, &duty_id("review"), &[at(time)], at(now)).unwrap();
        (found[0].handoff.as_ref().map(|handoff| handoff.at), found[0].standing(at(now)))
    }

    #[test]
    fn a_note_is_for_the_first_handoff_at_or_after_it_until_the_next_one() {
        let roster = roster();
        let monday = Some(at("11-23"));
        for (time, now, standing) in [
            ("11-20 16:00", "11-20 16:00", NoteStanding::Ahead),
            ("11-20 16:00", "11-23", NoteStanding::Current),
            ("11-23", "11-29 23:59", NoteStanding::Current),
            ("11-20 16:00", "11-30", NoteStanding::Past),
        ] {
            assert_eq!(noted(&roster, time, now), (monday, standing), "{time} at {now}");
        }
        assert_eq!(noted(&roster, "11-23 00:01", "11-24").0, Some(at("11-30")));
    }

    #[test]
    fn a_note_waits_over_nights_and_weekends_without_anybody() {
        let mut roster = roster();
        let days =
            Windows { zone: ZoneName::new("UTC"), windows: vec![window("days", Weekdays::WORKING, "09:00", "17:00")] };
        let weekly = Layer { windows: Some(days), ..turns(ShiftUnit::Weeks, &["asa", "bo"]) };
        roster.duty("desk", vec![("weekly", weekly)], |_| {});
        let noted = |time: &str| {
            let times = [at(time)];
            noted_handoffs(&roster.team, &RULES, &duty_id("desk"), &times, at("11-20 18:00")).unwrap().remove(0)
        };
        for time in ["11-17 12:00", "11-20 16:00", "11-21"] {
            let found = noted(time);
            let handoff = found.handoff.unwrap();
            assert_eq!((handoff.at, handoff.to), (at("11-23 09:00"), [person("bo")].into()), "{time}");
            assert_eq!(found.next, Some(at("11-30 09:00")), "{time}");
        }
    }

    #[test]
    fn a_note_goes_with_its_handoff_when_the_roster_changes() {
        let mut roster = roster();
        roster.replace("swap", "review", ("11-23", "11-24"), "asa", "bo");
        // asa stays for another day.
        let found = noted(&roster, "11-20 16:00", "11-20 16:00");
        assert_eq!(found, (Some(at("11-24")), NoteStanding::Ahead));
    }

    proptest! {
        #[test]
        fn many_notes_are_each_found_as_if_they_were_alone(
            times in prop::collection::vec(0_i64..60 * 86_400, 1..6),
            now in 0_i64..60 * 86_400,
        ) {
            let roster = roster();
            let instants: Vec<Instant> = times.iter().map(|seconds| at("11-02").plus(*seconds)).collect();
            let (duty, now) = (duty_id("review"), at("11-02").plus(now));
            let together = noted_handoffs(&roster.team, &RULES, &duty, &instants, now).unwrap();
            for (time, found) in instants.iter().zip(&together) {
                let alone = noted_handoffs(&roster.team, &RULES, &duty, &[*time], now).unwrap();
                prop_assert_eq!(&alone[0], found);
                let handoff = found.handoff.as_ref().unwrap();
                prop_assert!(handoff.at >= *time && handoff.at.since(*time) <= 7 * 86_400);
            }
        }
    }
}
