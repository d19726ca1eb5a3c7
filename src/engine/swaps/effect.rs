//! What accepting a swap makes: overrides by which exactly what was agreed changes hands (semantics 2.10e).

use std::collections::{BTreeMap, BTreeSet};

use super::super::explain::explain;
use super::super::timeline::{Timeline, timeline};
use super::super::{Shift, Slot, slot_id};
use super::{Direction, directions};
use crate::civil::{Instant, Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::{
    DutyId, Entered, Made, Meta, Object, Origin, Override, OverrideForm, OverrideId, ResidentId, Span, Swap,
    TeamSnapshot,
};

/// What one direction hands over: on a duty, from when until when.
type HandedOver<'a> = (Direction<'a>, Interval);

/// Returns the overrides that `by`'s acceptance of a swap at `now` makes, of no swap yet; `None` where none would do what
/// was agreed and nothing else: everybody else's times on duty stay, and each of the two has what the other handed over
/// for exactly that time.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn swap_overrides(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    swap: &Swap,
    by: &ResidentId,
    now: Instant,
) -> Result<Option<Vec<Override>>, UnknownZone> {
    let mut parts: Vec<HandedOver<'_>> = Vec::new();
    for direction in directions(swap, by) {
        let Some(left) = direction.part.left(now) else { return Ok(None) };
        parts.push((direction, left));
    }
    let before = Sides::read(team, rules, &parts)?;
    let wanted = before.handed_over(&parts);
    let mut ways: Vec<Vec<Override>> = vec![Vec::new()];
    for (direction, left) in &parts {
        let forms = forms(team, rules, &before, *direction, *left)?;
        // The ways of one direction that come first are the ones that come first of all.
        ways = forms.iter().flat_map(|forms| ways.iter().map(|way| longer(way, forms, *direction, *left))).collect();
    }
    for way in ways {
        if Sides::read(&with(team, &way), rules, &parts)?.on_duty == wanted {
            return Ok(Some(way));
        }
    }
    Ok(None)
}

fn longer(way: &[Override], forms: &[OverrideForm], direction: Direction<'_>, left: Interval) -> Vec<Override> {
    let entry = |form: &OverrideForm| Override {
        duty: direction.part.duty.clone(),
        span: Span::Instants { start: left.start(), end: Some(left.end()) },
        form: form.clone(),
        forced: false,
        swap: None,
    };
    way.iter().cloned().chain(forms.iter().map(entry)).collect()
}

/// The ways in which a part can be handed over, the plainest first: in the slot of whoever owns it.
fn forms(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    before: &Sides,
    direction: Direction<'_>,
    left: Interval,
) -> Result<Vec<Vec<OverrideForm>>, UnknownZone> {
    let (by, from) = (direction.to.clone(), direction.from.clone());
    let key = team.identities();
    let shifts = before.timelines.get(&direction.part.duty).map(Timeline::shifts).unwrap_or_default();
    let shift = shifts.iter().find(|shift| {
        shift.resident == from
            && shift.interval.contains(left.start())
            && slot_id(key, &shift.duty, &shift.slot) == direction.part.slot
    });
    let Some(shift) = shift else { return Ok(Vec::new()) };
    let owner = owner(team, rules, shift, left.start())?.unwrap_or_else(|| from.clone());
    let off = OverrideForm::TakeOff { owner: from.clone() };
    let mut ways = Vec::new();
    if owner != by {
        let place = OverrideForm::Replace { by: by.clone(), owner: owner.clone() };
        ways.push(vec![place.clone()]);
        if owner != from {
            ways.push(vec![place, off.clone()]);
        }
    } else {
        // Somebody stands in for the one who takes over: it is theirs once the stand-in is off.
        ways.push(vec![off.clone()]);
    }
    ways.push(vec![off, OverrideForm::Add { by }]);
    Ok(ways)
}

/// Whose slot a shift is in, whoever stands there.
fn owner(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    shift: &Shift,
    at: Instant,
) -> Result<Option<ResidentId>, UnknownZone> {
    Ok(match &shift.slot {
        Slot::Member { member, .. } => Some(member.clone()),
        Slot::Override(id) => team.overrides.get(id).and_then(|entry| entry.value.form.by().cloned()),
        Slot::Turn { .. } => {
            let layers = explain(team, rules, &shift.duty, at)?.map(|found| found.layers).unwrap_or_default();
            let mut turns = layers.into_iter().filter_map(|layer| layer.turn);
            turns.find(|turn| turn.slot == shift.slot).map(|turn| turn.resident)
        }
    })
}

/// Who is when on the duties of a swap.
struct Sides {
    timelines: BTreeMap<DutyId, Timeline>,
    on_duty: BTreeMap<(DutyId, ResidentId), IntervalSet>,
}

impl Sides {
    fn read(team: &TeamSnapshot, rules: &ZoneRules, parts: &[HandedOver<'_>]) -> Result<Self, UnknownZone> {
        let duties: BTreeSet<&DutyId> = parts.iter().map(|(direction, _)| &direction.part.duty).collect();
        let (mut timelines, mut on_duty) = (BTreeMap::new(), BTreeMap::new());
        for duty in duties {
            let of_duty = || parts.iter().filter(|(direction, _)| direction.part.duty == *duty).map(|(_, left)| *left);
            let ends = (of_duty().map(Interval::start).min(), of_duty().map(Interval::end).max());
            let Some(window) = ends.0.zip(ends.1).and_then(|(start, end)| Interval::new(start, end)) else { continue };
            let found = timeline(team, rules, duty, window)?;
            for shift in found.shifts() {
                let held: &mut IntervalSet = on_duty.entry((duty.clone(), shift.resident.clone())).or_default();
                *held = held.union(&IntervalSet::from(shift.interval));
            }
            timelines.insert(duty.clone(), found);
        }
        Ok(Self { timelines, on_duty })
    }

    /// Returns who is to be on duty when, once what changes hands has.
    fn handed_over(&self, parts: &[HandedOver<'_>]) -> BTreeMap<(DutyId, ResidentId), IntervalSet> {
        let mut on_duty = self.on_duty.clone();
        for (direction, left) in parts {
            let held = on_duty.entry((direction.part.duty.clone(), direction.from.clone())).or_default();
            *held = held.difference(&IntervalSet::from(*left));
        }
        for (direction, left) in parts {
            let held = on_duty.entry((direction.part.duty.clone(), direction.to.clone())).or_default();
            *held = held.union(&IntervalSet::from(*left));
        }
        on_duty.retain(|_, held| !held.is_empty());
        on_duty
    }
}

/// Returns the team with more overrides, made after everything else.
fn with(team: &TeamSnapshot, overrides: &[Override]) -> TeamSnapshot {
    let mut after = team.clone();
    let free = (0_u32..).filter_map(|number| OverrideId::new(&format!("swap-{number}")).ok());
    let free = free.filter(|id| !team.overrides.contains_key(id));
    for (position, (id, value)) in (0..).zip(free.zip(overrides)) {
        let (made, time) = (Made { revision: team.revision + 1, position }, Instant::MIN);
        let meta = Meta { created: made, create_time: time, updated: made, update_time: time, origin: Origin::Entered };
        after.put(Object::Override(id, Entered { meta, value: value.clone() }));
    }
    after
}
