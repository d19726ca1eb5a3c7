//! Timelines computed once for a snapshot: "who is on duty now" is then a look-up.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::TeamState;
use crate::access::Sight;
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::engine::{Timeline, timeline};
use crate::model::DutyId;

/// How far a kept timeline reaches before and after the instant that it was first asked for, in seconds.
const REACH_SECONDS: (i64, i64) = (40 * 86_400, 440 * 86_400);

/// The kept timelines of one snapshot, by duty.
#[derive(Debug, Default)]
pub struct Timelines {
    kept: Mutex<BTreeMap<DutyId, Kept>>,
}

/// A timeline, and the answers that were last made of it, for each sight one.
#[derive(Debug)]
struct Kept {
    timeline: Arc<Timeline>,
    answers: BTreeMap<Sight, Answer>,
}

/// An answer in whichever form its maker gives it, and how long it stays right.
#[derive(Debug)]
struct Answer {
    during: Interval,
    answer: Arc<dyn Any + Send + Sync>,
}

impl Timelines {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<DutyId, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
        let kept = self.timelines.kept().get(duty).map(|kept| Arc::clone(&kept.timeline));
        if let Some(kept) = kept.filter(|kept| kept.window().encloses(window)) {
            return Ok(kept);
        }
        let reach = Interval::new(now.plus(-REACH_SECONDS.0), now.plus(REACH_SECONDS.1));
        let Some(reach) = reach.filter(|reach| reach.encloses(window)) else {
            return timeline(&self.snapshot, rules, duty, window).map(Arc::new);
        };
        let made = Arc::new(timeline(&self.snapshot, rules, duty, reach)?);
        self.timelines.kept().insert(duty.clone(), Kept { timeline: Arc::clone(&made), answers: BTreeMap::new() });
        Ok(made)
    }

    /// Returns the answer that was kept for `duty` and such as have that sight, if it is right at `at` and a `T`.
    ///
    /// Different answers have to be different types: of each duty and sight one answer is kept.
    #[must_use]
    pub fn kept_answer<T: Any + Send + Sync>(&self, duty: &DutyId, sight: Sight, at: Instant) -> Option<Arc<T>> {
        let kept = self.timelines.kept();
        let answer = kept.get(duty)?.answers.get(&sight).filter(|answer| answer.during.contains(at))?;
        Arc::clone(&answer.answer).downcast().ok()
    }

    /// Keeps an answer that is about the start of `seen` and was made of all that `timeline` has in `seen`, until
    /// anything changes that it can be made of: a listing, or what the team says of the duty, its layers and its
    /// residents; and no longer than the timeline reaches as far ahead.
    ///
    /// Nothing is kept where the timeline is not.
    pub fn keep_answer<T: Any + Send + Sync>(
        &self,
        (timeline, sight): (&Arc<Timeline>, Sight),
        seen: Interval,
        answer: Arc<T>,
    ) {
        let at = seen.start();
        let reaches = at.plus(timeline.window().end().since(seen.end()) + 1);
        let Some(during) = Interval::new(at, self.changes_next(timeline, at).min(reaches)) else { return };
        if let Some(kept) = self.timelines.kept().get_mut(timeline.duty())
            && Arc::ptr_eq(&kept.timeline, timeline)
        {
            kept.answers.insert(sight, Answer { during, answer });
        }
    }

    /// When anything changes next after `at` that an answer about the timeline's duty can be made of.
    fn changes_next(&self, timeline: &Timeline, at: Instant) -> Instant {
        let next = self.snapshot.next_version(at).into_iter().chain(timeline.next_change(at));
        next.fold(timeline.window().end(), Instant::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::listing;
    use crate::model::TeamId;
    use crate::model::TeamSnapshot;
    use crate::roster::file::{PlanOptions, parse, plan};

    const ROSTER: &str = r#"
        team = "core"
        zone = "UTC"
        since = 2026-01-01

        [[resident]]
        id = "asa"

        [[resident]]
        id = "ben"

        [[duty]]
        id = "review"

        [[duty.layer]]
        id = "daily"
        participants = ["asa", "ben"]
        shift_length = "1 day"
        anchor = 2026-01-01T09:00:00
    "#;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn an_answer_is_kept_until_who_is_on_duty_changes() {
        let rules = ZoneRules::bundled().unwrap();
        let start = at("2026-01-01T00:00:00Z");
        let mut team = TeamSnapshot::empty(TeamId::new("core").unwrap());
        let file = parse(ROSTER, None, &rules).unwrap();
        let planned = plan(&team, &file, start, PlanOptions::default(), &rules).unwrap();
        planned.objects(1, start).into_iter().filter_map(|(_, object)| object).for_each(|object| team.put(object));
        let (state, review) = (TeamState::new(team, start), DutyId::new("review").unwrap());
        let (now, handoff) = (at("2026-01-05T12:00:00Z"), at("2026-01-06T09:00:00Z"));
        let day = Interval::new(now, now.plus(86_400)).unwrap();
        let timeline = state.timeline(&rules, &review, day, now).unwrap();
        state.keep_answer(
            (&timeline, Sight::Team),
            day,
            Arc::new(listing(&state.snapshot, &rules, &review, now).unwrap()),
        );
        for (asked, kept) in [(now.plus(-1), false), (now, true), (handoff.plus(-1), true), (handoff, false)] {
            let answer = state.kept_answer::<Option<crate::engine::Listing>>(&review, Sight::Team, asked);
            assert_eq!(answer.is_some(), kept, "{asked}");
            if let Some(answer) = answer {
                assert_eq!(*answer, listing(&state.snapshot, &rules, &review, asked).unwrap());
            }
        }
        assert!(state.kept_answer::<String>(&review, Sight::Team, now).is_none());
        // What one audience is told is kept from the others.
        assert!(
            [Sight::Whole, Sight::Public]
                .iter()
                .all(|sight| { state.kept_answer::<Option<crate::engine::Listing>>(&review, *sight, now).is_none() })
        );

        let seen = Interval::new(now, timeline.window().end().plus(-60)).unwrap();
        state.keep_answer((&timeline, Sight::Team), seen, Arc::new("as far as it reaches".to_owned()));
        let kept = [60, 61].map(|later| state.kept_answer::<String>(&review, Sight::Team, now.plus(later)).is_some());
        assert_eq!(kept, [true, false]);
    }
}
