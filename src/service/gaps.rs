//! Gaps: with causes, ranked stand-ins, when somebody is back, and whether they are accepted, as far as that may be seen.

use super::convert::answers::Naming;
use super::convert::time::{interval, timestamp};
use super::names::Name;
use crate::access::{Audience, PlainGap, PlainStandIn};
use crate::civil::{Instant, Interval, ZoneRules};
use crate::engine::{self, AcceptanceState, Board, Gap, StandIn};
use crate::model::{DutyId, GapAcceptance, GapId, TeamSnapshot};
use crate::proto::v1;
use crate::roster::{Desk, Refusal};

/// How many stand-ins an answer names for a gap.
const STAND_INS_MAX: usize = 20;

/// Reads a gap's identity.
///
/// # Errors
///
/// A text that is no UUID, as the violation of `field`.
pub(super) fn read_gap_id(field: &str, text: &str) -> Result<GapId, Refusal> {
    uuid::Uuid::try_parse(text)
        .map(GapId)
        .map_err(|_| Refusal::field(field, format!("'{text}' is not a gap's identity; ListGaps tells them")))
}

/// Returns a gap as `audience` may see it.
pub(super) fn gap_view(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    (gap, stand_ins): (&Gap, &[StandIn]),
    now: Instant,
    audience: &Audience,
) -> Result<v1::Gap, Refusal> {
    let naming = Naming { team, at: gap.interval.start(), audience };
    let state = match team.acceptances.get(&gap.id(team.identities())) {
        Some(accepted) => {
            let whole = engine::whole_gap(team, rules, gap)?;
            Some((accepted, engine::acceptance_state(&whole, &accepted.value, now)))
        }
        None => None,
    };
    let accepted = state.as_ref().is_some_and(|(_, state)| *state == AcceptanceState::Holding);
    let Some(proof) = audience.sees_team() else {
        let able = stand_ins.iter().take(STAND_INS_MAX).filter(|_| audience.works_in_team());
        return Ok(
            naming.plain_gap(&PlainGap::of(team, gap, accepted), &able.map(PlainStandIn::from).collect::<Vec<_>>())
        );
    };
    Ok(v1::Gap {
        stand_ins: stand_ins.iter().take(STAND_INS_MAX).map(|stand_in| naming.stand_in(proof, stand_in)).collect(),
        back_time: engine::back_time(team, rules, gap)?.map(timestamp),
        accepted,
        acceptance: state.map(|(entry, state)| naming.acceptance(proof, &entry.value, entry.meta.update_time, state)),
        ..naming.gap(proof, gap)
    })
}

/// Reads the gaps of a team in one window.
pub(super) struct GapReader<'a> {
    team: &'a TeamSnapshot,
    board: Board<'a>,
    window: Interval,
    now: Instant,
    desk: &'a Desk,
    audience: Audience,
}

impl<'a> GapReader<'a> {
    /// Computes every duty's timeline around `window`.
    pub fn new(desk: &'a Desk, team: &'a TeamSnapshot, window: Interval, now: Instant) -> Result<Self, Refusal> {
        let board = Board::read_for_stand_ins(team, desk.rules(), window)?;
        Ok(Self { team, board, window, now, desk, audience: desk.audience(team)? })
    }

    fn naming(&self, at: Instant) -> Naming<'_> {
        Naming { team: self.team, at, audience: &self.audience }
    }

    /// Returns the gaps of `duty` that overlap the window, each cut to it.
    pub fn gaps(&self, duty: &DutyId) -> Result<Vec<v1::Gap>, Refusal> {
        let timeline = engine::timeline(self.team, self.desk.rules(), duty, self.window)?;
        timeline.gaps().iter().map(|gap| self.view(gap)).collect()
    }

    fn view(&self, gap: &Gap) -> Result<v1::Gap, Refusal> {
        let stand_ins = engine::stand_ins(&self.board, gap)?;
        gap_view(self.team, self.desk.rules(), (gap, &stand_ins), self.now, &self.audience)
    }

    /// Finds the gap of that identity, whole.
    fn find(&self, id: GapId) -> Result<Gap, Refusal> {
        let key = self.team.identities();
        for duty in self.team.duties.keys() {
            let timeline = engine::timeline(self.team, self.desk.rules(), duty, self.window)?;
            if let Some(gap) = timeline.gaps().iter().find(|gap| gap.id(key) == id) {
                return Ok(engine::whole_gap(self.team, self.desk.rules(), gap)?);
            }
        }
        let hint = " in the window; gaps that are filled meanwhile are gone".to_owned();
        Err(Refusal::NotFound { name: format!("gap {id}"), hint })
    }

    /// Returns the gap of that identity, not cut by the window.
    pub fn gap(&self, id: GapId) -> Result<v1::Gap, Refusal> {
        self.view(&self.find(id)?)
    }

    /// Returns what accepting the gap of that identity states.
    pub fn acceptance(&self, id: GapId, reason: String, until: Option<Instant>) -> Result<GapAcceptance, Refusal> {
        let accepted = engine::accept(self.team.identities(), &self.find(id)?, &reason, until);
        Ok(GapAcceptance { actor: self.desk.caller().name.clone(), ..accepted })
    }

    /// Returns how the window is covered; `None` where nothing is required in it.
    pub fn coverage(&self, duty: &DutyId) -> Option<v1::Coverage> {
        let timeline = engine::timeline(self.team, self.desk.rules(), duty, self.window).ok()?;
        let coverage = timeline.coverage();
        coverage.fraction().map(|_| v1::Coverage {
            duty: duty.full(&self.team.id),
            required_seconds: coverage.required_seconds,
            met_seconds: coverage.met_seconds,
        })
    }

    /// Returns the duty's single points of failure in the window, to those who work in the team: they tell of skills and
    /// terms.
    pub fn single_points_of_failure(&self, duty: &DutyId) -> Result<Vec<v1::SinglePointOfFailure>, Refusal> {
        if !self.audience.works_in_team() {
            return Ok(Vec::new());
        }
        let found = engine::weak_points(self.team, self.desk.rules(), duty, self.window)?;
        let naming = self.naming(self.window.start());
        Ok(found
            .into_iter()
            .map(|point| v1::SinglePointOfFailure {
                duty: duty.full(&self.team.id),
                resident: point.resident.full(&self.team.id),
                display_name: naming.display_name(&point.resident),
                first_interval: point.intervals.intervals().first().map(|first| interval(*first)),
                seconds: point.intervals.seconds(),
            })
            .collect())
    }
}
