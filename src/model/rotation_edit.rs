//! Changing a rotation without moving turns that people count on (semantics 3.5).

use super::succession::successor;
use super::{Layer, Rotation, Source, Versions};
use crate::civil::{Grid, Instant, UnknownZone, ZoneRules};

/// Returns the versions of a layer that an edit opens: each an instant and the layer from then on.
///
/// `versions` are the layer's so far, `wanted` is what it shall become. Of them only those before `from` count: the
/// edit replaces the rest. Only people, length, anchor and zone of `wanted`'s rotation are looked at; offset, grid and
/// held turn are worked out here:
///
/// - What is no part of the rotation takes effect at `from`.
/// - New participants take effect at the next turn boundary after `from`, or at `from` itself where `at_once`; the
///   new order begins with whoever would have been next (`at_once`: with whoever is on turn), and where they are no
///   longer in it, with the first after them in the old order who is.
/// - Another length, anchor or zone takes effect at the new grid's first boundary after `from`; until then whoever is
///   on turn at `from` keeps the turn. The same holds for any edit while a turn is held.
///
/// A layer that begins, or had no rotation before or has none after, takes effect at `from`; its offset is the one
/// that `wanted` states. Every grid has a number that none before it had, so that no two turns share an identity
/// (semantics 4.6).
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a rotation's zone.
pub fn rotation_versions(
    versions: &Versions<Layer>,
    wanted: Layer,
    from: Instant,
    at_once: bool,
    rules: &ZoneRules,
) -> Result<Vec<(Instant, Layer)>, UnknownZone> {
    let Source::Rotation(new) = &wanted.source else { return Ok(vec![(from, wanted)]) };
    let grid = grid_number(versions, new, from);
    let Some(old) = versions.before(from).and_then(rotation_of) else {
        return Ok(vec![(from, fresh(wanted, grid))]);
    };
    let with = |rotation: Rotation| Layer { source: Source::Rotation(rotation), ..wanted.clone() };
    let (until, at, then) = if old.held_turn.is_some() || !old.same_grid(new) {
        let grid = if old.same_grid(new) { old.grid } else { grid };
        grid_edit(old, &Rotation { grid, ..new.clone() }, from, rules)?
    } else if old.participants == new.participants {
        return Ok(vec![(from, with(old.clone()))]);
    } else {
        participants_edit(old, new, from, at_once, rules)?
    };
    Ok(match at <= from {
        true => vec![(from, with(then))],
        false => vec![(from, with(until)), (at, with(then))],
    })
}

/// What a rotation is from the edit on, until when, and what it is from then on.
type Edited = (Rotation, Instant, Rotation);

/// Another grid, or the old one come back: whoever is on turn at `from` stays so up to the grid's first boundary.
fn grid_edit(old: &Rotation, new: &Rotation, from: Instant, rules: &ZoneRules) -> Result<Edited, UnknownZone> {
    let grid = new.turns(new.zone.zone(rules)?);
    let (at, first_turn) = first_boundary(&grid, from);
    let old_grid = old.turns(old.zone.zone(rules)?);
    // Where the change is at a boundary of the new grid, the turn in progress is the one that ends there.
    let in_progress = if at == from { from.plus(-1) } else { from };
    let turn = old.held_turn.unwrap_or_else(|| old_grid.turn_at(in_progress));
    let held = Rotation { held_turn: Some(turn), ..old.clone() };
    let place = successor(&old.participants, old.place_of_turn(turn.saturating_add(1)), &new.participants);
    Ok((held, at, Rotation { held_turn: None, offset: offset_for(new, first_turn, place), ..new.clone() }))
}

/// Other participants on the same grid.
fn participants_edit(
    old: &Rotation,
    new: &Rotation,
    from: Instant,
    at_once: bool,
    rules: &ZoneRules,
) -> Result<Edited, UnknownZone> {
    let grid = old.turns(old.zone.zone(rules)?);
    let (at, first_turn) = if at_once { (from, grid.turn_at(from)) } else { first_boundary(&grid, from) };
    let place = successor(&old.participants, old.place_of_turn(first_turn), &new.participants);
    let then = Rotation { grid: old.grid, held_turn: None, offset: offset_for(new, first_turn, place), ..new.clone() };
    Ok((old.clone(), at, then))
}

/// The first boundary at or after `from`, and the turn that begins there: the last of several that do (semantics 3.1).
fn first_boundary(grid: &Grid<'_>, from: Instant) -> (Instant, i64) {
    let turn = grid.turn_at(from);
    let at = if grid.boundary(turn) == from { from } else { grid.boundary(turn + 1) };
    (at, grid.turn_at(at))
}

/// The offset that gives `turn` to the participant at `place`.
fn offset_for(rotation: &Rotation, turn: i64, place: usize) -> u32 {
    let size = i64::try_from(rotation.participants.len()).unwrap_or(i64::MAX).max(1);
    let place = i64::try_from(place).unwrap_or(0);
    u32::try_from((place - turn.rem_euclid(size)).rem_euclid(size)).unwrap_or(0)
}

/// A layer that begins: its rotation, if it has one, on a grid of its own.
fn fresh(layer: Layer, grid: u32) -> Layer {
    match layer.source {
        Source::Rotation(rotation) => {
            Layer { source: Source::Rotation(Rotation { grid, held_turn: None, ..rotation }), ..layer }
        }
        Source::Pool(_) => layer,
    }
}

fn rotation_of(layer: &Layer) -> Option<&Rotation> {
    match &layer.source {
        Source::Rotation(rotation) => Some(rotation),
        Source::Pool(_) => None,
    }
}

/// The number of the grid of `new`, which begins at `from` or later: greater than that of every other grid there is.
///
/// A grid that was planned and is stated again keeps its number: its turns are the same.
fn grid_number(versions: &Versions<Layer>, new: &Rotation, from: Instant) -> u32 {
    let all = versions.list().iter().filter_map(|version| Some((version.from, rotation_of(version.value.as_ref()?)?)));
    let (before, replaced): (Vec<_>, Vec<_>) = all.partition(|(at, _)| *at < from);
    let greatest = |list: &[(Instant, &Rotation)]| list.iter().map(|(_, rotation)| rotation.grid).max().unwrap_or(0);
    let taken = greatest(&before);
    let planned = replaced.iter().find(|(_, rotation)| rotation.grid > taken && rotation.same_grid(new));
    planned.map_or_else(|| taken.max(greatest(&replaced)).saturating_add(1), |(_, rotation)| rotation.grid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{ShiftLength, ShiftUnit};
    use crate::model::{Hours, Made, ResidentId, WhenAbsent, ZoneName};
    use jiff::civil::date;

    fn layer(people: &[&str], anchor_day: i8, unit: ShiftUnit) -> Layer {
        Layer {
            source: Source::Rotation(Rotation {
                participants: people.iter().map(|id| ResidentId::new(id).unwrap()).collect(),
                length: ShiftLength::new(1, unit).unwrap(),
                anchor: date(2026, 11, anchor_day).at(9, 0, 0, 0),
                zone: ZoneName::new("UTC"),
                offset: 0,
                grid: 1,
                held_turn: None,
            }),
            windows: None,
            hours: Hours::Any,
            when_absent: WhenAbsent::NextLayer,
            shadows: Vec::new(),
        }
    }

    /// Draws who has the turn on each day of November 2026 at noon.
    fn drawn(versions: &[(Instant, Layer)], days: std::ops::RangeInclusive<i8>) -> String {
        let rules = ZoneRules::bundled().unwrap();
        let utc = rules.zone("UTC").unwrap();
        days.map(|day| {
            let noon = utc.instant(date(2026, 11, day).at(12, 0, 0, 0).into());
            let layer = &versions.iter().rev().find(|(from, _)| *from <= noon).unwrap().1;
            let Source::Rotation(rotation) = &layer.source else { panic!("no rotation") };
            let turn = rotation.held_turn.unwrap_or_else(|| rotation.turns(utc).turn_at(noon));
            rotation.participants[rotation.place_of_turn(turn)].as_str().chars().next().unwrap()
        })
        .collect()
    }

    fn begun(layer: &Layer) -> Versions<Layer> {
        let mut versions = Versions::default();
        versions.set(Instant::MIN, Made::default(), Some(layer.clone()), false).unwrap();
        versions
    }

    fn edit(old: &Layer, wanted: Layer, from: &str, at_once: bool) -> Vec<(Instant, Layer)> {
        let rules = ZoneRules::bundled().unwrap();
        let before = begun(old);
        let mut versions = vec![(Instant::MIN, old.clone())];
        versions.extend(rotation_versions(&before, wanted, from.parse().unwrap(), at_once, &rules).unwrap());
        versions
    }

    #[test]
    fn new_participants_take_over_at_the_next_boundary_with_whoever_would_have_been_next() {
        let old = layer(&["asa", "bo", "cy"], 2, ShiftUnit::Days);
        assert_eq!(drawn(&[(Instant::MIN, old.clone())], 2..=9), "abcabcab");
        let versions =
            edit(&old, layer(&["dee", "cy", "bo", "asa"], 2, ShiftUnit::Days), "2026-11-04T10:00:00Z", false);
        assert_eq!(drawn(&versions, 2..=9), "abcadcba");
    }

    #[test]
    fn whoever_left_is_followed_by_the_next_in_the_old_order() {
        let old = layer(&["asa", "bo", "cy"], 2, ShiftUnit::Days);
        let versions = edit(&old, layer(&["bo", "cy", "dee"], 2, ShiftUnit::Days), "2026-11-04T10:00:00Z", false);
        assert_eq!(drawn(&versions, 2..=9), "abcbcdbc");
    }

    #[test]
    fn an_edit_in_the_middle_of_a_turn_begins_with_whoever_is_on_turn() {
        let old = layer(&["asa", "bo", "cy"], 2, ShiftUnit::Weeks);
        let versions = edit(&old, layer(&["bo", "asa"], 2, ShiftUnit::Weeks), "2026-11-04T10:00:00Z", true);
        assert_eq!(drawn(&versions, 2..=20), "aaaaaaabbbbbbbaaaaa");
    }

    #[test]
    fn a_new_grid_waits_for_its_first_boundary_and_the_turn_in_progress_is_held() {
        let old = layer(&["asa", "bo", "cy"], 2, ShiftUnit::Days);
        let versions = edit(&old, layer(&["asa", "bo", "cy"], 9, ShiftUnit::Weeks), "2026-11-04T10:00:00Z", false);
        assert_eq!(drawn(&versions, 2..=17), "abcccccaaaaaaabb");
    }

    #[test]
    fn where_both_grids_have_a_boundary_nobody_is_skipped() {
        let old = layer(&["asa", "bo", "cy"], 2, ShiftUnit::Days);
        let versions = edit(&old, layer(&["asa", "bo", "cy"], 4, ShiftUnit::Weeks), "2026-11-04T09:00:00Z", false);
        assert_eq!(drawn(&versions, 2..=12), "abcccccccaa");
    }

    #[test]
    fn other_settings_take_effect_at_once() {
        let old = layer(&["asa", "bo"], 2, ShiftUnit::Weeks);
        let wanted = Layer { hours: Hours::Working, ..layer(&["bo"], 2, ShiftUnit::Weeks) };
        let versions = edit(&old, wanted, "2026-11-04T10:00:00Z", false);
        assert_eq!(versions.len(), 3);
        assert!(versions[1..].iter().all(|(_, layer)| layer.hours == Hours::Working));
        assert_eq!(versions[2].0.to_string(), "2026-11-09T09:00:00Z");
    }

    #[test]
    fn a_layer_that_begins_gives_turn_zero_to_the_first() {
        let rules = ZoneRules::bundled().unwrap();
        let wanted = layer(&["asa", "bo"], 2, ShiftUnit::Days);
        let from = "2026-11-03T10:00:00Z".parse().unwrap();
        assert_eq!(
            rotation_versions(&Versions::default(), wanted.clone(), from, false, &rules).unwrap(),
            [(from, wanted)]
        );
    }
}
