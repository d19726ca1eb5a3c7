//! Whose turns come: the turns of a layer as they are stated, whoever is there (semantics 3.3, 3.5).

use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{Layer, LayerId, ResidentId, Source, Versions};

/// How many stretches are looked at for each turn that is asked for; more of them have no rotation.
const STRETCHES_EACH: usize = 8;

/// One turn: a participant's, until the next boundary or until an edit ends it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Turn {
    /// From when until when.
    pub interval: Interval,
    /// Whose it is.
    pub resident: ResidentId,
    /// Which it is: the grid's number and the turn's.
    number: (u32, i64),
}

/// Returns the turn in progress at `at` and those after it, at most `count`; of a pool there are none.
///
/// The first begins where it really began, by the versions that there are.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a rotation's zone.
///
/// ```
/// use onduty::civil::{Instant, ZoneRules};
/// use onduty::engine::turns;
/// use onduty::model::Versions;
///
/// let rules = ZoneRules::bundled().unwrap();
/// assert_eq!(turns(&Versions::default(), Instant::from_seconds(0), 3, &rules).unwrap(), []);
/// ```
pub fn turns(
    versions: &Versions<Layer>,
    at: Instant,
    count: usize,
    rules: &ZoneRules,
) -> Result<Vec<Turn>, UnknownZone> {
    let mut found: Vec<Turn> = Vec::new();
    let mut next = at;
    for _ in 0..count.saturating_mul(STRETCHES_EACH) {
        let (turn, until) = match turn_at(versions, next, rules)? {
            Some(turn) => {
                let until = turn.interval.end();
                (Some(turn), until)
            }
            None => (None, versions.next_after(next).unwrap_or(Instant::MAX)),
        };
        let full = found.len() == count;
        if let Some(turn) = turn {
            match found.last_mut().filter(|last| goes_on(last, &turn)) {
                Some(last) => last.interval = Interval::new(last.interval.start(), until).unwrap_or(last.interval),
                None if full => break,
                None => found.push(turn),
            }
        }
        if until == Instant::MAX {
            break;
        }
        next = until;
    }
    if let Some(first) = found.first_mut() {
        reach_back(first, versions, rules)?;
    }
    Ok(found)
}

/// Returns the layer's own name for the one layer that a duty has; `None` where there are several, or none.
#[must_use]
pub fn only_layer<'a>(layers: impl IntoIterator<Item = &'a LayerId>) -> Option<&'a LayerId> {
    let mut layers = layers.into_iter();
    layers.next().filter(|_| layers.next().is_none())
}

/// Lets a turn begin where it began: an edit that left it alone does not.
fn reach_back(turn: &mut Turn, versions: &Versions<Layer>, rules: &ZoneRules) -> Result<(), UnknownZone> {
    while let Some(before) = turn_at(versions, turn.interval.start().plus(-1), rules)?.filter(|one| goes_on(one, turn))
    {
        match Interval::new(before.interval.start(), turn.interval.end()) {
            Some(whole) if whole != turn.interval => turn.interval = whole,
            _ => break,
        }
    }
    Ok(())
}

fn goes_on(one: &Turn, next: &Turn) -> bool {
    one.number == next.number && one.resident == next.resident && one.interval.end() == next.interval.start()
}

/// The turn at an instant, as far as one version has it.
fn turn_at(versions: &Versions<Layer>, at: Instant, rules: &ZoneRules) -> Result<Option<Turn>, UnknownZone> {
    let (Some((_, layer)), Some(stretch)) = (versions.at(at), versions.stretch_at(at)) else { return Ok(None) };
    let Source::Rotation(rotation) = &layer.source else { return Ok(None) };
    let grid = rotation.turns(rotation.zone.zone(rules)?);
    let (turn, whole) = match rotation.held_turn {
        Some(turn) => (turn, stretch),
        None => {
            let turn = grid.turn_at(at);
            (turn, Interval::new(grid.boundary(turn), grid.boundary(turn.saturating_add(1))).unwrap_or(stretch))
        }
    };
    let resident = rotation.participants.get(rotation.place_of_turn(turn)).cloned();
    let interval = whole.intersection(stretch);
    Ok(interval.zip(resident).map(|(interval, resident)| Turn { interval, resident, number: (rotation.grid, turn) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{ShiftLength, ShiftUnit};
    use crate::model::{Hours, Made, Rotation, WhenAbsent, ZoneName, rotation_versions};

    fn weekly(people: &[&str]) -> Layer {
        Layer {
            source: Source::Rotation(Rotation {
                participants: people.iter().map(|id| ResidentId::new(id).unwrap()).collect(),
                length: ShiftLength::new(1, ShiftUnit::Weeks).unwrap(),
                anchor: jiff::civil::date(2026, 3, 2).at(9, 0, 0, 0),
                zone: ZoneName::new("Europe/Warsaw"),
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

    fn told(versions: &Versions<Layer>, at: &str, count: usize) -> Vec<String> {
        let rules = ZoneRules::bundled().unwrap();
        let turns = turns(versions, at.parse().unwrap(), count, &rules).unwrap();
        turns.iter().map(|turn| format!("{} {}", turn.resident, turn.interval)).collect()
    }

    #[test]
    fn turns_follow_the_clock_the_edits_and_the_ends() {
        let rules = ZoneRules::bundled().unwrap();
        let mut versions = Versions::default();
        let begin: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
        versions.set(begin, Made::default(), Some(weekly(&["asa", "bo", "cy"])), false).unwrap();
        assert_eq!(
            told(&versions, "2026-03-25T12:00:00Z", 2),
            ["asa [2026-03-23T08:00:00Z, 2026-03-30T07:00:00Z)", "bo [2026-03-30T07:00:00Z, 2026-04-06T07:00:00Z)"]
        );
        // An edit on a Wednesday waits, and the turn in progress is one turn.
        let edit: Instant = "2026-03-25T12:00:00Z".parse().unwrap();
        let at_work = Layer { hours: Hours::Working, ..weekly(&["asa", "dan", "bo", "cy"]) };
        for (from, layer) in rotation_versions(&versions, at_work, edit, false, &rules).unwrap() {
            versions.set(from, Made::default(), Some(layer), true).unwrap();
        }
        versions.set("2026-04-08T00:00:00Z".parse().unwrap(), Made::default(), None, false).unwrap();
        assert_eq!(
            told(&versions, "2026-03-26T12:00:00Z", 9),
            [
                "asa [2026-03-23T08:00:00Z, 2026-03-30T07:00:00Z)",
                "bo [2026-03-30T07:00:00Z, 2026-04-06T07:00:00Z)",
                "cy [2026-04-06T07:00:00Z, 2026-04-08T00:00:00Z)",
            ]
        );
        assert_eq!(told(&versions, "2026-02-01T00:00:00Z", 1), ["cy [2026-03-01T00:00:00Z, 2026-03-02T08:00:00Z)"]);
    }
}
