//! Swaps: whether one can still take effect, and what the accepted ones did (semantics 2.10).

mod effect;
mod standing;
#[cfg(test)]
mod tests;

pub use effect::swap_overrides;
pub use standing::{SwapStanding, VoidReason, swap_standing};

use super::board::Board;
use super::conflicts::{Conflict, Takeover, conflicts};
use super::timeline::Timeline;
use super::{Shift, slot_id};
use crate::civil::{Instant, Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::{DutyId, IdentityKey, Made, ResidentId, Swap, SwapId, SwapPart, TeamSnapshot};

/// One direction of a swap: who hands what over to whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Direction<'a> {
    part: &'a SwapPart,
    from: &'a ResidentId,
    to: &'a ResidentId,
}

/// Returns the directions of a swap that `by` accepts; two of an exchange.
fn directions<'a>(swap: &'a Swap, by: &'a ResidentId) -> impl Iterator<Item = Direction<'a>> {
    let back = swap.in_return.iter().map(move |part| Direction { part, from: by, to: &swap.asked_by });
    std::iter::once(Direction { part: &swap.asked, from: &swap.asked_by, to: by }).chain(back)
}

impl SwapPart {
    /// Returns what of it is left at `now`: all of it until it begins.
    #[must_use]
    pub fn left(&self, now: Instant) -> Option<Interval> {
        Interval::new(self.interval.start().max(now), self.interval.end())
    }
}

/// Returns the part `interval` of a shift, to be asked to be covered; `None` where they have nothing in common.
#[must_use]
pub fn swap_part(key: IdentityKey, shift: &Shift, interval: Interval) -> Option<SwapPart> {
    Some(SwapPart {
        duty: shift.duty.clone(),
        shift: shift.id(key),
        slot: slot_id(key, &shift.duty, &shift.slot),
        interval: shift.interval.intersection(interval)?,
    })
}

/// Returns what speaks against `by`'s acceptance of a swap at `now`, and in an exchange against the asker's part of it,
/// each for the one whom it concerns (semantics 2.10d).
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn swap_conflicts(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    swap: &Swap,
    by: &ResidentId,
    now: Instant,
) -> Result<Vec<(ResidentId, Conflict)>, UnknownZone> {
    let mut found = Vec::new();
    let both: Vec<Direction<'_>> = directions(swap, by).collect();
    for direction in &both {
        let given = both.iter().find(|other| other.from == direction.to);
        let gives = given.and_then(|given| Some((given.part.duty.clone(), given.part.left(now)?)));
        let Some(interval) = direction.part.left(now) else { continue };
        let (resident, duty) = (direction.to.clone(), direction.part.duty.clone());
        let against = conflicts(team, rules, &Takeover { resident, duty, interval, gives })?;
        found.extend(against.into_iter().map(|conflict| (direction.to.clone(), conflict)));
    }
    Ok(found)
}

/// A time that somebody was on duty for somebody else, because they accepted a swap.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settled {
    /// The swap.
    pub swap: SwapId,
    /// Who was covered for: in an exchange once the one and once the other.
    pub covered: ResidentId,
    /// Who covered.
    pub by: ResidentId,
    /// The duty.
    pub duty: DutyId,
    /// When; [`Interval::seconds`] is what counts.
    pub interval: Interval,
}

/// Returns every time in `window` at which somebody was on duty for somebody else by an accepted swap, by swap and
/// start: who owes whom.
///
/// What counts is time on duty, of whoever covers or of whom they passed it on to by a later swap: a cover that was
/// removed, or whose resident could not be there, is none. `board` has to reach over all of the window.
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::{Board, settled};
/// # use onduty::model::{TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let day = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
/// let board = Board::read(&team, &rules, day).unwrap();
/// for settled in settled(&board, day).unwrap() {
///     println!("{} owes {} {} seconds", settled.covered, settled.by, settled.interval.seconds());
/// }
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where the board's rules lack a zone that is used.
pub fn settled(board: &Board<'_>, window: Interval) -> Result<Vec<Settled>, UnknownZone> {
    let mut covers = covers(board, window)?;
    // The later made first: what somebody took over and passed on is done by whoever has it last.
    covers.sort_by_key(|cover| std::cmp::Reverse(cover.made));
    let mut done: Vec<(Cover<'_>, IntervalSet)> = Vec::new();
    for cover in covers {
        let passed_on = done.iter().filter(|(later, _)| later.covered == cover.by && later.duty == cover.duty);
        let passed_on = passed_on.fold(IntervalSet::EMPTY, |all, (_, times)| all.union(times));
        let times = board.on_duty_for(cover.duty, cover.by).union(&passed_on).clip(cover.interval);
        done.push((cover, times));
    }
    let mut found: Vec<Settled> = done
        .iter()
        .flat_map(|(cover, times)| times.intervals().iter().map(|interval| cover.settled(*interval)))
        .collect();
    found.sort_by(|a, b| (&a.swap, a.interval).cmp(&(&b.swap, b.interval)));
    Ok(found)
}

/// An override that an accepted swap made, by which one of its two covers for the other.
struct Cover<'a> {
    swap: &'a SwapId,
    covered: &'a ResidentId,
    by: &'a ResidentId,
    duty: &'a DutyId,
    interval: Interval,
    made: Made,
}

impl Cover<'_> {
    fn settled(&self, interval: Interval) -> Settled {
        Settled {
            swap: self.swap.clone(),
            covered: self.covered.clone(),
            by: self.by.clone(),
            duty: self.duty.clone(),
            interval,
        }
    }
}

fn covers<'a>(board: &Board<'a>, window: Interval) -> Result<Vec<Cover<'a>>, UnknownZone> {
    let (team, mut found) = (board.team(), Vec::new());
    for (id, entry) in &team.swaps {
        let (swap, asker) = (&entry.value, &entry.value.asked_by);
        let Some(taker) = swap.taken_by() else { continue };
        for entry in swap.overrides().iter().filter_map(|id| team.overrides.get(id)) {
            let (covered, by) = match entry.value.form.by() {
                Some(by) if by == taker => (asker, taker),
                Some(by) if by == asker => (taker, asker),
                _ => continue,
            };
            let interval = entry.value.span.interval(board.rules())?.and_then(|all| all.intersection(window));
            let (duty, made) = (&entry.value.duty, entry.meta.created);
            found.extend(interval.map(|interval| Cover { swap: id, covered, by, duty, interval, made }));
        }
    }
    Ok(found)
}

/// Returns when `resident` holds the slot `slot` in a timeline.
fn held(timeline: &Timeline, key: IdentityKey, part: &SwapPart, resident: &ResidentId) -> IntervalSet {
    let theirs = timeline.shifts().iter().filter(|shift| shift.resident == *resident);
    let of_slot = theirs.filter(|shift| slot_id(key, &shift.duty, &shift.slot) == part.slot);
    of_slot.map(|shift| shift.interval).collect()
}
