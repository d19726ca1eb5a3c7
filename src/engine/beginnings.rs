//! Where pieces and gaps truly begin that go on across the start of a window (semantics 4.6).

use super::answer::Opener;
use super::names::Names;
use super::openers::PieceOpener;
use super::sweep::{Piece, PieceIndex, Shortfall, Swept, Why, sweep};
use super::tracks::Tracks;
use crate::civil::{Date, Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{DutyId, Made, RequirementId, TeamSnapshot};

/// How far back the beginning of a gap is looked for (semantics 4.6), in seconds: 400 days.
const GAP_LOOK_BACK_SECONDS: i64 = 400 * DAY_SECONDS;
const DAY_SECONDS: i64 = 86_400;

/// The ever longer looks back, in days; the last reaches beyond everything that is stated.
const LOOKS_BACK_DAYS: [i64; 5] = [9, 40, 400, 4_000, 100_000];

/// Where a gap truly begins, and in which requirement.
pub(super) struct GapBeginning {
    pub began: Instant,
    pub requirement: RequirementId,
    pub day: Option<Date>,
    pub opener: Opener,
}

/// Finds where what is open at the start of a window begins, looking back ever further.
pub(super) struct Beginnings<'a> {
    pub team: &'a TeamSnapshot,
    pub rules: &'a ZoneRules,
    pub duty: &'a DutyId,
    pub window: Interval,
}

impl Beginnings<'_> {
    /// Completes the pieces of `swept` that began before it, and returns where each of its shortfalls begins.
    ///
    /// An override that put somebody there before is given a name.
    pub fn find(
        &self,
        tracks: &Tracks<'_>,
        swept: &mut Swept,
        names: &mut Names,
    ) -> Result<Vec<GapBeginning>, UnknownZone> {
        let shown = |piece: &Piece| piece.opener.is_none() && piece.end > self.window.start();
        let pieces = swept.pieces.iter().enumerate().filter(|(_, piece)| shown(piece));
        let mut pieces: Vec<PieceIndex> = pieces.map(|(index, _)| index as PieceIndex).collect();
        let open = |shortfall: &&Shortfall| shortfall.opener.is_none();
        let mut gap_open = swept.shortfalls.first().filter(open).is_some();
        let mut first_gap = None;
        for days in LOOKS_BACK_DAYS {
            gap_open &= days * DAY_SECONDS <= GAP_LOOK_BACK_SECONDS;
            if pieces.is_empty() && !gap_open {
                break;
            }
            let Some((span, is_last)) = self.before_window(days) else { break };
            let Some(earlier) = Tracks::read(self.team, self.rules, self.duty, span)? else { break };
            let seen = sweep(&earlier, Why::NotAsked);
            pieces.retain(|index| !take_beginning(*index, swept, (&earlier, &seen), names));
            if gap_open {
                first_gap = self.standing(&earlier, &seen);
                gap_open = first_gap.is_none();
            }
            if is_last {
                break;
            }
        }
        for index in pieces {
            begin_with_time(index, swept);
        }
        Ok(self.gaps(tracks, swept, first_gap))
    }

    /// The `days` before the window, up to and with its first second but one, and whether they reach back to before
    /// the duty.
    fn before_window(&self, days: i64) -> Option<(Interval, bool)> {
        let versions = &self.team.duties.get(self.duty)?.versions;
        let begins = versions.list().first().map_or(Instant::MIN, |first| first.from.plus(-1));
        let start = self.window.start().plus(-days * DAY_SECONDS);
        Some((Interval::new(start.max(begins), self.window.start())?, start <= begins))
    }

    /// The beginning of the shortfall that goes on where `seen` ends.
    fn standing(&self, earlier: &Tracks<'_>, seen: &Swept) -> Option<GapBeginning> {
        let found = seen.shortfalls.last().filter(|found| found.interval.end() == earlier.span.end())?;
        Some(self.gap(earlier, found, found.opener.clone()?))
    }

    fn gaps(&self, tracks: &Tracks<'_>, swept: &Swept, mut first: Option<GapBeginning>) -> Vec<GapBeginning> {
        let beginnings = swept.shortfalls.iter().map(|shortfall| match &shortfall.opener {
            Some(opener) => self.gap(tracks, shortfall, opener.clone()),
            None => first.take().unwrap_or_else(|| GapBeginning {
                began: self.window.start().plus(-GAP_LOOK_BACK_SECONDS),
                requirement: requirement_id(tracks, shortfall),
                day: None,
                opener: Opener::Standing,
            }),
        });
        beginnings.collect()
    }

    fn gap(&self, tracks: &Tracks<'_>, shortfall: &Shortfall, opener: Opener) -> GapBeginning {
        let began = shortfall.interval.start();
        let requirement = requirement_id(tracks, shortfall);
        let stated = self.team.duties.get(self.duty).and_then(|duty| duty.versions.at(began));
        let zone = stated
            .and_then(|(_, duty)| duty.requirements.iter().find(|stated| stated.id == requirement))
            .and_then(|stated| stated.zone.zone(self.rules).ok());
        GapBeginning { began, requirement, day: zone.map(|zone| zone.day(began).date()), opener }
    }
}

/// Completes a piece by the one that `seen` ends with, if its beginning was seen.
fn take_beginning(index: PieceIndex, swept: &mut Swept, seen: (&Tracks<'_>, &Swept), names: &mut Names) -> bool {
    let (earlier, seen) = seen;
    let Some(piece) = swept.pieces.get_mut(index as usize) else { return true };
    let (person, slot) = (names.person(piece.placed.person), names.slot(piece.placed.slot));
    let found = seen.pieces.iter().find(|found| {
        found.end == earlier.span.end()
            && earlier.names.slot(found.placed.slot) == slot
            && earlier.names.person(found.placed.person) == person
    });
    let opener =
        found.and_then(|found| seen.openers.get(found.opener? as usize)).map(|opener| opener.named(&earlier.names));
    let (Some(found), Some(opener)) = (found, opener) else { return false };
    let by_override = found.placed.by_override.and_then(|index| earlier.names.override_id(index));
    piece.placed.by_override = by_override.map(|id| names.add_override(id));
    piece.start = found.start;
    set_opener(index, swept, opener);
    true
}

/// It began before anything that is stated could: at the first instant there is.
fn begin_with_time(index: PieceIndex, swept: &mut Swept) {
    if let Some(piece) = swept.pieces.get_mut(index as usize) {
        piece.placed.by_override = None;
        piece.start = Instant::MIN;
    }
    set_opener(index, swept, Opener::Edit { made: Made::default() });
}

fn set_opener(index: PieceIndex, swept: &mut Swept, opener: Opener) {
    swept.openers.push(PieceOpener::Named(opener));
    if let Some(piece) = swept.pieces.get_mut(index as usize) {
        piece.opener = Some((swept.openers.len() - 1) as u32);
    }
}

fn requirement_id(tracks: &Tracks<'_>, shortfall: &Shortfall) -> RequirementId {
    let track = tracks.requirements.get(shortfall.requirement);
    track.map_or_else(|| RequirementId::from_valid("unknown"), |track| track.id.clone())
}
