//! Checks of swaps.

use super::Violations;
use super::entered::check_duty_reference;
use super::presence::resident;
use crate::civil::Instant;
use crate::model::{Swap, TeamSnapshot};

/// Adds what is wrong with a swap that is asked at `now`, whatever the roster has at the time (semantics 2.10).
pub fn check_swap(swap: &Swap, now: Instant, team: &TeamSnapshot, violations: &mut Violations) {
    for (field, part) in [("asked", Some(&swap.asked)), ("in_return", swap.in_return.as_ref())] {
        violations.within(field, |violations| {
            part.iter().for_each(|part| check_duty_reference(&part.duty, team, violations));
        });
    }
    for (field, id) in [("resident", Some(&swap.asked_by)), ("to_resident", swap.asks.as_ref())] {
        let Some(id) = id else { continue };
        violations.resident(field, id, team);
        resident(field, id, swap.asked.interval.start(), team, violations);
    }
    if swap.asks.as_ref() == Some(&swap.asked_by) {
        violations
            .add("to_resident", format!("'{}' cannot ask themselves; ask somebody else, or anybody", swap.asked_by));
    }
    if swap.in_return.is_some() && swap.asks.is_none() {
        violations.add("to_resident", "is missing; an exchange asks whoever has the shift that is given in return");
    }
    violations.text("message", &swap.message, Swap::MESSAGE_MAX);
    violations.seen("message", &swap.message);
    let latest = swap.latest(now);
    if swap.expires <= now {
        violations.add("expire_time", format!("{} is over; leave it out, or name a later time", swap.expires));
    } else if swap.expires > latest {
        violations.add("expire_time", format!("{} is later than {latest}, from when on it is too late", swap.expires));
    }
}
