//! What was found out for calendars before: their bytes, and what the log says of what is in them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::rendered::Rendered;
use crate::civil::{Instant, Interval, Wall};
use crate::http::Http;
use crate::model::{FeedContent, FeedView, TeamId, TeamSnapshot};
use crate::roster::{EventLog, Refusal};

/// How far the log is read beyond what a calendar shows, in days: that far a change may move an event, and its stamps
/// are still the same whichever month they are read in.
const MARGIN_DAYS: i64 = 100;
/// How far what is published reaches beyond its start, in days.
const LONG_DAYS: i64 = crate::access::LONG_SECONDS / DAY_SECONDS;
const DAY_SECONDS: i64 = 86_400;
/// How many bytes of calendars are kept; past it all are forgotten, and rendered again when asked for.
const BYTES_MAX: usize = 64 << 20;

/// Which calendar of which team.
pub(super) type Place = (TeamId, FeedView);

/// Where a calendar is kept.
#[derive(Default)]
pub(super) struct Slot {
    /// The calendar as it was last rendered.
    known: RwLock<Option<Arc<Known>>>,
    /// Whoever holds it renders the calendar; the others wait for that.
    pub rendering: tokio::sync::Mutex<()>,
}

impl Slot {
    /// Returns the calendar, if it is right for a revision, at an instant.
    pub fn known(&self, revision: u64, now: Instant) -> Option<Arc<Known>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|known| known.revision == revision && known.during.contains(now)).map(Arc::clone)
    }

    /// Keeps a calendar, and returns the one before.
    pub fn keep(&self, known: Arc<Known>) -> Option<Arc<Known>> {
        self.known.write().unwrap_or_else(PoisonError::into_inner).replace(known)
    }
}

type Logs = BTreeMap<(TeamId, FeedContent), Arc<EventLog>>;

/// What was found out for calendars before.
#[derive(Clone, Default)]
pub(in crate::http) struct Feeds {
    /// What the log said last of what each team publishes, so that only newer entries have to be read.
    logs: Arc<Mutex<Logs>>,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    slots: BTreeMap<Place, Arc<Slot>>,
    bytes: usize,
}

/// A calendar as it was rendered.
pub(super) struct Known {
    /// The revision of the team that it was made of.
    pub revision: u64,
    /// From when until when it looks the same, where nothing changes.
    pub during: Interval,
    /// The bytes, and what a subscriber compares.
    pub rendered: Rendered,
}

impl Feeds {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns where a calendar is kept.
    pub(super) fn slot(&self, place: &Place) -> Arc<Slot> {
        let mut kept = self.kept();
        match kept.slots.get(place) {
            Some(slot) => Arc::clone(slot),
            None => Arc::clone(kept.slots.entry(place.clone()).or_default()),
        }
    }

    /// Notes that a calendar takes another room than before.
    pub(super) fn grown(&self, place: &Place, before: Option<&Known>, after: &Known) {
        let bytes = |known: &Known| known.rendered.bytes();
        let mut kept = self.kept();
        kept.bytes = (kept.bytes + bytes(after)).saturating_sub(before.map_or(0, bytes));
        if kept.bytes > BYTES_MAX {
            let slot = kept.slots.remove_entry(place);
            *kept = Kept { slots: slot.into_iter().collect(), bytes: bytes(after) };
        }
    }

    /// Forgets a calendar that is not there.
    pub(super) fn forget(&self, place: &Place) {
        self.kept().slots.remove(place);
    }

    /// Returns what the log says of what the team publishes as `content`.
    pub(super) async fn log(
        &self,
        http: &Http,
        team: &TeamSnapshot,
        content: FeedContent,
        now: Instant,
    ) -> Result<Arc<EventLog>, Refusal> {
        let (window, revision) = (logged(now), team.revision);
        let key = (team.id.clone(), content);
        let known = self.logs.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = &known
            && known.window() == window
            && known.revision() == revision
            && !known.is_behind(now)
        {
            return Ok(Arc::clone(known));
        }
        let known = known.map(Arc::unwrap_or_clone);
        let mut log = http.rosters.event_log(&team.id, (content, window), revision, known).await?;
        log.advance(now, http.rosters.rules())?;
        let log = Arc::new(log);
        self.logs.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&log));
        Ok(log)
    }
}

/// The window in which the log is read: the same for a whole month, and wider than every calendar in it.
fn logged(now: Instant) -> Interval {
    let today = Wall::from_seconds(now.seconds()).day();
    let first = today.plus(1 - i32::from(today.date().day())).start().seconds();
    let at = |days: i64| Instant::from_seconds(first + days * DAY_SECONDS);
    let (past, future) = (i64::from(FeedView::PAST_DAYS), i64::from(FeedView::FUTURE_DAYS));
    Interval::new(at(-past - MARGIN_DAYS), at(31 + future + MARGIN_DAYS + LONG_DAYS)).unwrap_or(Interval::ALL)
}
