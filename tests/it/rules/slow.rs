//! Shifts, gaps, handoffs and coverage, joined from the oracle's answers at every edge.

use std::collections::{BTreeMap, BTreeSet};

use onduty::civil::{Instant, Interval, ZoneRules};
use onduty::engine::{Listing, Slot};
use onduty::model::{DutyId, ResidentId, TeamSnapshot};

use super::{edges, oracle};

/// The listings of a duty over a window: from each instant to the next one's, the last to the window's end.
pub struct Slow {
    pub window: Interval,
    pub pieces: Vec<(Interval, Option<Listing>)>,
}

/// A stretch in which fewer are on duty than required.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Missing {
    pub interval: Interval,
    pub required: u32,
    pub present: u32,
}

impl Slow {
    /// Asks the oracle at every edge of the window.
    pub fn new(team: &TeamSnapshot, rules: &ZoneRules, duty: &DutyId, window: Interval) -> Self {
        let starts = edges::edges(team, rules, duty, window);
        Self::from_starts(&starts, window, |at| oracle::at(team, rules, duty, at))
    }

    /// Joins the answers of `ask` at `starts`, the first of which is the window's start.
    pub fn from_starts(starts: &[Instant], window: Interval, ask: impl Fn(Instant) -> Option<Listing>) -> Self {
        let ends = starts.iter().skip(1).copied().chain([window.end()]);
        let pieces = starts.iter().zip(ends);
        let pieces = pieces.filter_map(|(start, end)| Some((Interval::new(*start, end)?, ask(*start)))).collect();
        Self { window, pieces }
    }

    /// Returns who is on duty in which slot when: as long as neither changes (semantics 4.6d).
    pub fn shifts(&self) -> Vec<(Interval, ResidentId, Slot)> {
        let mut running: BTreeMap<(ResidentId, Slot), Interval> = BTreeMap::new();
        let mut shifts = Vec::new();
        for (interval, listing) in &self.pieces {
            let places = listing.iter().flat_map(|listing| &listing.on_duty);
            let now: BTreeSet<(ResidentId, Slot)> =
                places.map(|place| (place.resident.clone(), place.slot.clone())).collect();
            let over: Vec<(ResidentId, Slot)> = running.keys().filter(|key| !now.contains(key)).cloned().collect();
            for key in over {
                let interval = running.remove(&key).unwrap();
                shifts.push((interval, key.0, key.1));
            }
            for key in now {
                let start = running.get(&key).map_or(interval.start(), |begun| begun.start());
                running.insert(key, Interval::new(start, interval.end()).unwrap());
            }
        }
        shifts.extend(running.into_iter().map(|((resident, slot), interval)| (interval, resident, slot)));
        shifts.sort();
        shifts
    }

    /// Returns where fewer are on duty than required, each as long as one pair of numbers lasts (semantics 5.1).
    pub fn missing(&self) -> Vec<Missing> {
        let mut found: Vec<Missing> = Vec::new();
        for (interval, listing) in &self.pieces {
            let Some(listing) = listing.as_ref().filter(|listing| listing.present() < listing.required) else {
                continue;
            };
            let (required, present) = (listing.required, listing.present());
            match found.last_mut() {
                Some(last)
                    if last.interval.end() == interval.start()
                        && (last.required, last.present) == (required, present) =>
                {
                    last.interval = Interval::new(last.interval.start(), interval.end()).unwrap();
                }
                _ => found.push(Missing { interval: *interval, required, present }),
            }
        }
        found
    }

    /// Returns the handoffs at the instants where pieces meet: when, from whom, to whom.
    pub fn handoffs(&self) -> Vec<(Instant, BTreeSet<ResidentId>, BTreeSet<ResidentId>)> {
        let people = |listing: &Option<Listing>| listing.as_ref().map(Listing::people).unwrap_or_default();
        let pairs = self.pieces.iter().zip(self.pieces.iter().skip(1));
        pairs
            .map(|((_, before), (interval, after))| (interval.start(), people(before), people(after)))
            .filter(|(_, from, to)| from != to)
            .collect()
    }

    /// Returns the person-seconds required and, of these, met.
    pub fn coverage(&self) -> (i64, i64) {
        let listed = self.pieces.iter().filter_map(|(interval, listing)| Some((interval.seconds(), listing.as_ref()?)));
        listed.fold((0, 0), |(required, met), (seconds, listing)| {
            let present = listing.present().min(listing.required);
            (required + seconds * i64::from(listing.required), met + seconds * i64::from(present))
        })
    }
}
