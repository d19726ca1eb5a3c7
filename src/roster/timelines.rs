//! Timelines computed once for a snapshot: "who is on duty now" is then a look-up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::TeamState;
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::engine::{Timeline, timeline};
use crate::model::DutyId;

/// How far a kept timeline reaches before and after the instant that it was first asked for, in seconds.
const REACH_SECONDS: (i64, i64) = (40 * 86_400, 440 * 86_400);

/// The kept timelines of one snapshot, by duty.
#[derive(Debug, Default)]
pub struct Timelines {
    kept: Mutex<BTreeMap<DutyId, Arc<Timeline>>>,
}

impl TeamState {
    /// Returns a timeline of `duty` whose window encloses `window`.
    ///
    /// It is kept, as long as nothing changes, where `window` lies near `now`.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks a zone that is used.
    pub fn timeline(
        &self,
        rules: &ZoneRules,
        duty: &DutyId,
        window: Interval,
        now: Instant,
    ) -> Result<Arc<Timeline>, UnknownZone> {
        let kept = self.timelines.kept.lock().unwrap_or_else(PoisonError::into_inner).get(duty).cloned();
        if let Some(kept) = kept.filter(|kept| kept.window().encloses(window)) {
            return Ok(kept);
        }
        let reach = Interval::new(now.plus(-REACH_SECONDS.0), now.plus(REACH_SECONDS.1));
        let Some(reach) = reach.filter(|reach| reach.encloses(window)) else {
            return timeline(&self.snapshot, rules, duty, window).map(Arc::new);
        };
        let made = Arc::new(timeline(&self.snapshot, rules, duty, reach)?);
        let mut kept = self.timelines.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(duty.clone(), Arc::clone(&made));
        Ok(made)
    }
}
