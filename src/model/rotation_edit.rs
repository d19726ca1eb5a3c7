//! Changing a rotation without moving turns that people count on (semantics 3.5).

use super::{Layer, ResidentId, Rotation, Source, Versions};
use crate::civil::{Instant, UnknownZone, ZoneRules};

/// Returns the versions of a layer that an edit opens: each an instant and the layer from then on.
///
/// `versions` are the layer's so far, `wanted` is what it shall become. Only people, length, anchor and zone of
/// `wanted`'s rotation are looked at; offset, grid and held turn are worked out here:
///
/// - What is no part of the rotation takes effect at `from`.
/// - New participants take effect at the next turn boundary after `from`, or at `from` itself where `at_once`; the
///   new order begins with whoever would have been next (`at_once`: with whoever is on turn), and where they are no
///   longer in it, with the first after them in the old order who is.
/// - Another length, anchor or zone takes effect at the new grid's first boundary after `from`; until then whoever is
///   on turn at `from` keeps the turn.
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
    let begun = versions.list().first().is_some_and(|first| first.from < from);
    let current = versions.at(from).map(|(_, layer)| layer).filter(|_| begun);
    let grid = next_grid(versions, from);
    let (Some(old), Source::Rotation(new)) = (current.and_then(rotation_of), &wanted.source) else {
        return Ok(vec![(from, fresh(wanted, grid))]);
    };
    let with = |rotation: Rotation| Layer { source: Source::Rotation(rotation), ..wanted.clone() };
    if old.same_grid(new) {
        if old.participants == new.participants {
            return Ok(vec![(from, with(old.clone()))]);
        }
        return participants_edit(old, new, from, at_once, rules)
            .map(|(at, rotation)| first_then(from, with(old.clone()), at, with(rotation)));
    }
    let zone = new.zone.zone(rules)?;
    let first_turn = first_boundary_from(new, from, rules)?;
    let at_boundary = new.turns(zone).boundary(first_turn) == from;
    let turn = turn_in_progress(old, from, at_boundary, rules)?;
    let held = Rotation { held_turn: Some(turn), ..old.clone() };
    let next = successor(old, turn + 1, &new.participants);
    let starts = Rotation { grid, held_turn: None, offset: offset_for(new, first_turn, next), ..new.clone() };
    Ok(first_then(from, with(held), new.turns(zone).boundary(first_turn), with(starts)))
}

/// The versions of an edit whose rotation changes at `at`, the rest of the layer at `from`.
fn first_then(from: Instant, until: Layer, at: Instant, then: Layer) -> Vec<(Instant, Layer)> {
    if at <= from { vec![(from, then)] } else { vec![(from, until), (at, then)] }
}

fn participants_edit(
    old: &Rotation,
    new: &Rotation,
    from: Instant,
    at_once: bool,
    rules: &ZoneRules,
) -> Result<(Instant, Rotation), UnknownZone> {
    let grid = old.turns(old.zone.zone(rules)?);
    let turn = old.held_turn.unwrap_or_else(|| grid.turn_at(from));
    let (at, first_turn) = match at_once {
        true => (from, turn),
        false if grid.boundary(turn) == from => (from, turn),
        false => (grid.boundary(turn + 1), turn + 1),
    };
    let place = successor(old, first_turn, &new.participants);
    let rotation = Rotation {
        grid: old.grid,
        held_turn: old.held_turn.filter(|_| at_once),
        offset: offset_for(new, first_turn, place),
        ..new.clone()
    };
    Ok((at, rotation))
}

/// The turn that goes on at `from`: the one that ends there where the old grid and the new one meet (semantics 3.5).
fn turn_in_progress(old: &Rotation, from: Instant, meets: bool, rules: &ZoneRules) -> Result<i64, UnknownZone> {
    let grid = old.turns(old.zone.zone(rules)?);
    let turn = old.held_turn.unwrap_or_else(|| grid.turn_at(from));
    let ends_here = meets && old.held_turn.is_none() && grid.boundary(turn) == from;
    Ok(if ends_here { turn - 1 } else { turn })
}

/// The first turn of the new grid whose boundary is at or after `from`.
fn first_boundary_from(new: &Rotation, from: Instant, rules: &ZoneRules) -> Result<i64, UnknownZone> {
    let grid = new.turns(new.zone.zone(rules)?);
    let turn = grid.turn_at(from);
    Ok(if grid.boundary(turn) == from { turn } else { turn + 1 })
}

/// The place in `wanted` of whoever has `turn` in `old`, or of the first after them in the old order who is in it.
fn successor(old: &Rotation, turn: i64, wanted: &[ResidentId]) -> usize {
    let size = old.participants.len();
    let start = old.place_of_turn(turn);
    (0..size)
        .filter_map(|step| old.participants.get((start + step) % size))
        .find_map(|person| wanted.iter().position(|other| other == person))
        .unwrap_or(0)
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

/// The number of a grid that begins at `from`: greater than that of every grid that began before.
fn next_grid(versions: &Versions<Layer>, from: Instant) -> u32 {
    let before = versions.list().iter().filter(|version| version.from < from);
    let grids = before.filter_map(|version| version.value.as_ref()).filter_map(rotation_of);
    grids.map(|rotation| rotation.grid).max().map_or(1, |grid| grid.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{ShiftLength, ShiftUnit};
    use crate::model::{Hours, Made, WhenAbsent, ZoneName};
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
