//! When each calendar is read next: regularly, later the longer it fails, and never all at once.

use super::{Calendars, Unreachable};
use crate::civil::Instant;
use crate::model::{Calendar, CalendarId, Entered};

/// How long after the first failure one is tried again, in seconds; from then on twice as long each time.
const RETRY_SECONDS: i64 = 300;
/// How long one that fails for a reason that passes is left alone at most, in seconds.
const RETRY_SECONDS_MAX: i64 = 6 * 3_600;
/// How long one is left alone that somebody has to mend first, and one whose server asks for it, at most, in seconds.
const WAIT_SECONDS_MAX: i64 = 86_400;
/// Within how many seconds after a start all are read that are due.
const START_SECONDS: i64 = 300;

/// When a calendar is read next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    /// When.
    pub due: Instant,
    /// How often it has failed since it was read last.
    failures: u32,
    /// When it was looked at last with success, changed or not.
    pub checked: Option<Instant>,
    /// When somebody began to look at it last.
    pub begun: Option<Instant>,
}

/// How long after somebody began to look at a calendar nobody else does, in seconds: longer than a look takes, so that
/// what is newer is entered later.
pub(super) const LOOK_SECONDS: i64 = 60;

impl Calendars {
    /// Begins a look at a calendar; `false` where somebody is at it, or was a moment ago.
    pub(super) fn begin(&self, id: &CalendarId, entry: &Entered<Calendar>) -> bool {
        let (now, due) = (self.rosters.now(), self.first_look(id, entry));
        let mut plans = self.plans();
        let next = plans.entry(id.clone()).or_insert(Next { due, failures: 0, checked: None, begun: None });
        let free = next.begun.is_none_or(|begun| !(0..LOOK_SECONDS).contains(&now.since(begun)));
        if free {
            next.begun = Some(now);
        }
        free
    }

    /// Plans the next reading of a calendar that was read, or is unchanged.
    pub(super) fn succeeded(&self, id: &CalendarId) {
        let now = self.rosters.now();
        let due = now.plus(self.every + spread(id, self.every / 10));
        self.plans().insert(id.clone(), Next { due, failures: 0, checked: Some(now), begun: Some(now) });
    }

    /// Plans the next attempt at a calendar that could not be read.
    pub(super) fn failed(&self, id: &CalendarId, why: &Unreachable) {
        let now = self.rosters.now();
        let mut plans = self.plans();
        let before = plans.get(id).copied();
        let failures = before.map_or(0, |next| next.failures).saturating_add(1);
        let wait = wait(failures, why, self.every);
        let due = now.plus(wait + spread(id, wait / 10));
        let checked = before.and_then(|next| next.checked);
        plans.insert(id.clone(), Next { due, failures, checked, begun: before.and_then(|next| next.begun) });
    }

    /// When a calendar is read that this server has not looked at yet.
    pub(super) fn first_look(&self, id: &CalendarId, entry: &Entered<Calendar>) -> Instant {
        let soon = self.start.plus(spread(id, START_SECONDS));
        entry.value.state.read.map_or(soon, |read| read.plus(self.every).max(soon))
    }
}

/// How long a calendar is left alone after so many failures in a row, in seconds.
fn wait(failures: u32, why: &Unreachable, every: i64) -> i64 {
    let doubled = RETRY_SECONDS.saturating_mul(1 << failures.saturating_sub(1).min(20));
    let usual = match why {
        Unreachable::Fetch(error) if error.is_passing() => doubled.min(RETRY_SECONDS_MAX),
        Unreachable::Busy(_) => RETRY_SECONDS,
        // Somebody has to do something about it, which nobody says: now and then it is looked whether they have.
        _ => doubled.max(every).min(WAIT_SECONDS_MAX),
    };
    let asked = match why {
        Unreachable::Fetch(error) => {
            error.retry_after().map_or(0, |wait| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX))
        }
        Unreachable::Unusable(_) | Unreachable::Busy(_) => 0,
    };
    usual.max(asked.min(WAIT_SECONDS_MAX))
}

/// Returns a number below `most` that is the same for the same calendar, so that not all are read at once.
fn spread(id: &CalendarId, most: i64) -> i64 {
    let [a, b, c, d, ..] = *blake3::hash(id.as_str().as_bytes()).as_bytes();
    (i64::from(u32::from_be_bytes([a, b, c, d])) * most.max(0)) >> 32
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::outbound::FetchError;
    use crate::roster::imports::Unusable;

    const HOUR: i64 = 3_600;

    #[test]
    fn what_fails_is_left_alone_longer_each_time_and_a_quarter_of_a_day_at_most() {
        let slow = Unreachable::Fetch(FetchError::Unknown { host: "a.example".to_owned() });
        let waits: Vec<i64> = (1..=9).map(|failures| wait(failures, &slow, HOUR)).collect();
        assert_eq!(waits, [300, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 21_600, 21_600]);
        assert_eq!(wait(u32::MAX, &slow, HOUR), 21_600);
    }

    #[test]
    fn what_somebody_has_to_mend_is_looked_at_rarely_and_what_a_server_asks_for_is_given_up_to_a_day() {
        let gone = Unreachable::Fetch(FetchError::Gone { host: "a.example".to_owned(), status: 404 });
        assert_eq!((wait(1, &gone, HOUR), wait(40, &gone, HOUR)), (HOUR, 86_400));
        assert_eq!(wait(1, &Unreachable::Unusable(Unusable("it is none".to_owned())), HOUR), HOUR);
        let busy = |seconds| {
            let retry_after = Some(Duration::from_secs(seconds));
            Unreachable::Fetch(FetchError::Busy { host: "a.example".to_owned(), status: 429, retry_after })
        };
        assert_eq!(wait(1, &busy(7_000), HOUR), 7_000);
        assert_eq!((wait(1, &busy(1), HOUR), wait(1, &busy(u64::MAX), HOUR)), (300, 86_400));
    }

    #[test]
    fn calendars_are_spread_over_the_time_that_there_is() {
        let spreads: Vec<i64> =
            (0..1_000).map(|number| spread(&CalendarId::new(&format!("cal-{number}")).unwrap(), 360)).collect();
        assert!(spreads.iter().all(|spread| (0..360).contains(spread)));
        let late = spreads.iter().filter(|spread| **spread >= 180).count();
        assert!((400..600).contains(&late), "{late}");
    }
}
