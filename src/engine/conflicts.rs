//! What speaks against somebody's taking over a duty for a time (semantics 2.10d).

use super::board::{Board, rest_hours};
use super::people::{Person, time_off_entries};
use crate::civil::{Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::validate::missing_skills;
use crate::model::{DutyId, Override, OverrideForm, ResidentId, Span, TeamSnapshot};

/// That somebody takes over a duty for a time, perhaps for another that they give away.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Takeover {
    /// Who.
    pub resident: ResidentId,
    /// The duty.
    pub duty: DutyId,
    /// From when until when.
    pub interval: Interval,
    /// What they give away: on which duty they are no longer, and when.
    pub gives: Option<(DutyId, Interval)>,
}

/// Something that speaks against a takeover.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Conflict {
    /// What it is.
    pub kind: ConflictKind,
    /// When: the part of the takeover.
    pub times: IntervalSet,
}

/// The kinds of conflicts, the weightiest first.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum ConflictKind {
    /// They are out of term, or not in the team.
    OutsideTerm,
    /// They have hard time off or a holiday.
    Away,
    /// They are on that duty already.
    OnIt,
    /// They lack these skills.
    LacksSkills(Vec<String>),
    /// Less than the team's rest between shifts is left to the shift before it, or to the one after it.
    Rest {
        /// The team's rest, in hours.
        hours: u32,
        /// Whether the one before is too near.
        before: bool,
        /// Whether the one after is.
        after: bool,
    },
    /// They are on these duties at the same time.
    OtherDuties(Vec<DutyId>),
    /// They would rather not be disturbed.
    SoftlyOff,
}

/// How much a conflict weighs.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Weight {
    /// The takeover would have no effect, also where it was forced.
    Prevents,
    /// It is refused unless a coordinator forces it.
    Refuses,
    /// It is told and stands in nobody's way.
    Warns,
}

impl ConflictKind {
    /// Returns how much it weighs.
    #[must_use]
    pub fn weight(&self) -> Weight {
        match self {
            Self::OutsideTerm | Self::Away | Self::OnIt => Weight::Prevents,
            Self::LacksSkills(_) | Self::Rest { .. } => Weight::Refuses,
            Self::OtherDuties(_) | Self::SoftlyOff => Weight::Warns,
        }
    }

    /// Returns it in words that follow a name, such as `is away then`.
    ///
    /// `whole` is false for whoever may not know why somebody is not there: to them it all reads "away" (semantics 8.2b),
    /// and what is not their business has no words.
    #[must_use]
    pub fn words(&self, whole: bool) -> Option<String> {
        Some(match self {
            Self::OutsideTerm if whole => "is out of term then".to_owned(),
            Self::LacksSkills(skills) if whole => format!("lacks {}", skills.join(", ")),
            Self::OutsideTerm | Self::Away | Self::LacksSkills(_) => "is away then".to_owned(),
            Self::OnIt => "is on that duty then already".to_owned(),
            Self::Rest { hours, before: true, after: true } => {
                format!("has less than {hours} h of rest before and after it")
            }
            Self::Rest { hours, before: true, .. } => format!("has less than {hours} h of rest before it"),
            Self::Rest { hours, .. } => format!("has less than {hours} h of rest after it"),
            Self::OtherDuties(duties) => {
                let duties: Vec<&str> = duties.iter().map(DutyId::as_str).collect();
                format!("is on {} at the same time", duties.join(", "))
            }
            Self::SoftlyOff if whole => "would rather not be disturbed then".to_owned(),
            Self::SoftlyOff => return None,
        })
    }
}

/// Returns what speaks against a takeover, the weightiest first (semantics 2.10d).
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::{ConflictKind, Takeover, conflicts};
/// # use onduty::model::{DutyId, ResidentId, TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let day = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
/// let (resident, duty) = (ResidentId::new("asa").unwrap(), DutyId::new("review").unwrap());
/// let found = conflicts(&team, &rules, &Takeover { resident, duty, interval: day, gives: None }).unwrap();
/// // Whoever is not in the team can take over nothing.
/// assert_eq!(found[0].kind, ConflictKind::OutsideTerm);
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn conflicts(team: &TeamSnapshot, rules: &ZoneRules, takeover: &Takeover) -> Result<Vec<Conflict>, UnknownZone> {
    let Takeover { resident, duty, interval, .. } = takeover;
    let all = IntervalSet::from(*interval);
    let mut found = Vec::new();
    let mut add = |kind: ConflictKind, times: IntervalSet| {
        if !times.is_empty() {
            found.push(Conflict { kind, times });
        }
    };
    match Person::read(team, rules, resident, *interval, &time_off_entries(team), false)? {
        None => add(ConflictKind::OutsideTerm, all.clone()),
        Some(person) => {
            add(ConflictKind::OutsideTerm, all.difference(&person.term_set()));
            add(ConflictKind::Away, person.hard_set().intersection(&person.term_set()).clip(*interval));
            add(ConflictKind::SoftlyOff, person.soft_set().clip(*interval));
        }
    }
    let span = Span::Instants { start: interval.start(), end: Some(interval.end()) };
    let form = OverrideForm::Add { by: resident.clone() };
    let skills = missing_skills(&Override { duty: duty.clone(), span, form, forced: false, swap: None }, team, rules);
    if !skills.is_empty() {
        add(ConflictKind::LacksSkills(skills), all.clone());
    }
    let hours = rest_hours(team, interval.start());
    let rest = i64::from(hours) * 3_600;
    let around = Interval::new(interval.start().plus(-rest - 1), interval.end().plus(rest + 1)).unwrap_or(*interval);
    let board = Board::read(team, rules, around)?;
    let (mut others, mut held, mut held_times) = (IntervalSet::EMPTY, Vec::new(), IntervalSet::EMPTY);
    for timeline in board.timelines() {
        let on_it = takeover.keeps(timeline.duty(), board.on_duty_for(timeline.duty(), resident));
        let same_time = on_it.clip(*interval);
        if timeline.duty() == duty {
            add(ConflictKind::OnIt, same_time);
        } else if !same_time.is_empty() {
            held.push(timeline.duty().clone());
            held_times = held_times.union(&same_time);
        }
        others = others.union(&on_it);
    }
    add(ConflictKind::OtherDuties(held), held_times);
    let (before, after) = too_near(&others, *interval, rest);
    if before || after {
        add(ConflictKind::Rest { hours, before, after }, all);
    }
    found.sort_by(|a, b| a.kind.cmp(&b.kind));
    Ok(found)
}

impl Takeover {
    /// Returns when they are still on `duty` of `times`.
    fn keeps(&self, duty: &DutyId, times: &IntervalSet) -> IntervalSet {
        match &self.gives {
            Some((given, interval)) if given == duty => times.difference(&IntervalSet::from(*interval)),
            _ => times.clone(),
        }
    }
}

/// Whether a time on duty before `interval`, and one after it, leave less than `rest` seconds; those that overlap it are
/// no shifts apart.
fn too_near(on_duty: &IntervalSet, interval: Interval, rest: i64) -> (bool, bool) {
    let near = |seconds: i64| (0..rest).contains(&seconds);
    let mut apart = on_duty.intervals().iter();
    let before = apart.clone().any(|stretch| near(interval.start().since(stretch.end())));
    (before, apart.any(|stretch| near(stretch.start().since(interval.end()))))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{RULES, Roster, at, during, duty_id, person, pool, set, turns};
    use super::*;
    use crate::civil::{Date, ShiftUnit};
    use crate::model::{Effect, Term, ZoneName};

    fn roster() -> Roster {
        let mut roster = Roster::new();
        roster.residents(&["asa", "bo", "cy"]);
        roster.duty("review", vec![("daily", turns(ShiftUnit::Days, &["asa", "bo"]))], |_| {});
        roster
    }

    fn found(roster: &Roster, who: &str, gives: Option<Interval>) -> Vec<(ConflictKind, IntervalSet)> {
        let gives = gives.map(|interval| (duty_id("review"), interval));
        let (resident, duty, interval) = (person(who), duty_id("review"), during("11-04 06:00", "11-04 12:00"));
        let found = conflicts(&roster.team, &RULES, &Takeover { resident, duty, interval, gives }).unwrap();
        found.into_iter().map(|conflict| (conflict.kind, conflict.times)).collect()
    }

    #[test]
    fn nothing_speaks_against_who_is_free() {
        assert_eq!(found(&roster(), "cy", None), []);
    }

    #[test]
    fn an_absence_a_term_and_a_skill_are_told_with_their_times() {
        let mut roster = roster();
        roster.resident("cy", |cy| {
            cy.term = Term { first: None, last: Some(Date::constant(2026, 11, 3)), zone: ZoneName::new("UTC") };
        });
        let all = set(&[("11-04 06:00", "11-04 12:00")]);
        assert_eq!(found(&roster, "cy", None), [(ConflictKind::OutsideTerm, all.clone())]);
        let mut roster = self::roster();
        roster.off("doctor", "cy", "11-04 11:00", "11-04 13:00");
        assert_eq!(found(&roster, "cy", None), [(ConflictKind::Away, set(&[("11-04 11:00", "11-04 12:00")]))]);
        let layers = vec![("daily", turns(ShiftUnit::Days, &["asa", "bo"]))];
        roster.duty("review", layers, |review| review.skills = vec!["c".to_owned()]);
        assert_eq!(found(&roster, "cy", None)[1], (ConflictKind::LacksSkills(vec!["c".to_owned()]), all));
    }

    #[test]
    fn rest_is_counted_to_the_nearest_shift_and_what_is_given_away_is_none() {
        // bo is on until the 4th at 00:00, six hours before, and again a day later.
        let near = ConflictKind::Rest { hours: 11, before: true, after: false };
        assert_eq!(near.words(false).as_deref(), Some("has less than 11 h of rest before it"));
        let rested = found(&roster(), "bo", None);
        assert_eq!(rested, [(near, set(&[("11-04 06:00", "11-04 12:00")]))]);
        assert_eq!(found(&roster(), "bo", Some(during("11-03", "11-04"))), []);
        // Of what is given away, the rest is still there.
        assert_eq!(found(&roster(), "bo", Some(during("11-03", "11-03 20:00"))).len(), 1);
    }

    #[test]
    fn being_on_the_duty_already_prevents_and_on_another_warns() {
        let mut roster = roster();
        let on_it = found(&roster, "asa", None);
        assert_eq!((on_it[0].0.clone(), on_it[0].0.weight()), (ConflictKind::OnIt, Weight::Prevents));
        roster.duty("builds", vec![("all", pool(&["cy"]))], |_| {});
        roster.time_off("focus", "cy", Span::Instants { start: at("11-04"), end: None }, Effect::Soft);
        let kinds: Vec<_> = found(&roster, "cy", None).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, [ConflictKind::OtherDuties(vec![duty_id("builds")]), ConflictKind::SoftlyOff]);
        assert!(kinds.iter().all(|kind| kind.weight() == Weight::Warns));
    }

    #[test]
    fn to_others_every_reason_reads_away() {
        let kinds = [ConflictKind::OutsideTerm, ConflictKind::Away, ConflictKind::LacksSkills(vec!["c".to_owned()])];
        assert!(kinds.iter().all(|kind| kind.words(false).as_deref() == Some("is away then")));
        assert_eq!(kinds[2].words(true).as_deref(), Some("lacks c"));
        assert_eq!(ConflictKind::SoftlyOff.words(false), None);
    }
}
