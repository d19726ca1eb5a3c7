//! Erasing kinds and notes once their time is over: at the start, and then once a day (semantics 8.2).

use std::sync::Arc;

use uuid::Uuid;

use super::{Change, Refusal, Request, Rosters};
use crate::access::Identity;
use crate::clock::Clock;
use crate::model::{ObjectKey, TeamId, TeamSnapshot, TimeOffId, due_for_erasing};
use crate::store::{ChangeSet, Fingerprint};

/// How long from one run to the next, in seconds.
const DAY_SECONDS: i64 = 86_400;
/// How many entries one change erases.
const ERASED_TOGETHER: usize = 1_000;

impl Rosters {
    /// Erases, now and then once a day by `clock`, the kinds and notes of time off that has been over for `days`. It
    /// never ends by itself.
    ///
    /// A team in which it fails is tried again the next day.
    pub async fn keep_erasing(self, clock: Arc<dyn Clock>, days: u32) {
        loop {
            let next = clock.now().plus(DAY_SECONDS);
            for state in self.all_teams() {
                if let Err(error) = self.erase(&state.snapshot.id, days).await {
                    tracing::warn!(team = %state.snapshot.id, %error, "kinds and notes of old time off were not erased");
                }
            }
            clock.wait_until(next).await;
        }
    }

    /// Erases what is due in one team, as the server itself.
    async fn erase(&self, team: &TeamId, days: u32) -> Result<(), Refusal> {
        let seconds = i64::from(days) * DAY_SECONDS;
        loop {
            let rules = Arc::clone(self.rules());
            if due_for_erasing(&self.state(team).snapshot, &rules, self.now(), seconds).is_empty() {
                return Ok(());
            }
            let request = Request {
                caller: Identity::server(),
                id: Uuid::new_v4(),
                id_given: false,
                fingerprint: Fingerprint::of(&[]),
                title: "erase kind and note of time off that is over".to_owned(),
                validate_only: false,
            };
            let make = move |team: &TeamSnapshot, change: Change| {
                let due = due_for_erasing(team, &rules, change.time, seconds);
                Ok(erased(due.into_iter().take(ERASED_TOGETHER)))
            };
            if self.change(team.clone(), request, make).await?.objects.is_empty() {
                return Ok(());
            }
        }
    }
}

fn erased(entries: impl Iterator<Item = TimeOffId>) -> ChangeSet {
    let mut changes = ChangeSet::default();
    entries.for_each(|id| changes.remove(ObjectKey::TimeOffPrivate(id)));
    changes
}
