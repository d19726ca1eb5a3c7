//! Whose turn it is to fetch: so many at a time, and nobody keeps others from theirs.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::model::{ResidentId, TeamId};

/// How many calendars are fetched at a time because their time has come: each may be of 10 MiB.
const POLLED_MAX: usize = 4;
/// How many are fetched at a time because somebody asks.
const ASKED_MAX: usize = 8;

/// Why a calendar is fetched.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reason {
    /// Its time has come.
    Time,
    /// Somebody asks.
    Asked,
}

type Whose = (TeamId, ResidentId);

/// The turns there are.
pub(super) struct Turns {
    polled: Semaphore,
    asked: Semaphore,
    /// For whom something is fetched because they ask.
    residents: Mutex<BTreeSet<Whose>>,
}

impl Default for Turns {
    fn default() -> Self {
        let residents = Mutex::default();
        Self { polled: Semaphore::new(POLLED_MAX), asked: Semaphore::new(ASKED_MAX), residents }
    }
}

/// A turn, for as long as it is held.
pub(super) struct Turn<'t> {
    turns: &'t Turns,
    whose: Option<Whose>,
    _permit: Option<SemaphorePermit<'t>>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(whose) = &self.whose {
            self.turns.residents().remove(whose);
        }
    }
}

impl Turns {
    fn residents(&self) -> std::sync::MutexGuard<'_, BTreeSet<Whose>> {
        self.residents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a turn for a resident's calendar. Whoever asks has one at once or not at all, and one at a time.
    ///
    /// # Errors
    ///
    /// Why there is none, in words for people.
    pub async fn take(&self, reason: Reason, team: &TeamId, resident: &ResidentId) -> Result<Turn<'_>, &'static str> {
        if reason == Reason::Time {
            // Never closed.
            return Ok(Turn { turns: self, whose: None, _permit: self.polled.acquire().await.ok() });
        }
        let permit = self.asked.try_acquire().map_err(|_| "too many calendars are being fetched")?;
        let whose = (team.clone(), resident.clone());
        if !self.residents().insert(whose.clone()) {
            return Err("another calendar of the same resident is being fetched");
        }
        Ok(Turn { turns: self, whose: Some(whose), _permit: Some(permit) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(name: &str) -> Whose {
        (TeamId::new("psf").unwrap(), ResidentId::new(name).unwrap())
    }

    #[tokio::test]
    async fn one_resident_has_one_turn_at_a_time_and_others_have_theirs() {
        let turns = Turns::default();
        let (team, asa) = whose("asa");
        let first = turns.take(Reason::Asked, &team, &asa).await.ok().unwrap();
        assert!(turns.take(Reason::Asked, &team, &asa).await.is_err());
        assert!(turns.take(Reason::Time, &team, &asa).await.is_ok());
        let (_, bo) = whose("bo");
        assert!(turns.take(Reason::Asked, &team, &bo).await.is_ok());
        drop(first);
        assert!(turns.take(Reason::Asked, &team, &asa).await.is_ok());
    }

    #[tokio::test]
    async fn past_the_most_that_are_fetched_nobody_waits() {
        let turns = Turns::default();
        let mut held = Vec::new();
        for number in 0..ASKED_MAX {
            let (team, resident) = whose(&format!("r{number}"));
            held.push(turns.take(Reason::Asked, &team, &resident).await.ok().unwrap());
        }
        let (team, late) = whose("late");
        assert!(turns.take(Reason::Asked, &team, &late).await.is_err());
        held.pop();
        assert!(turns.take(Reason::Asked, &team, &late).await.is_ok());
    }
}
