//! Time off: when a resident is away, and what only they and coordinators may know of it (semantics 2.8).

use uuid::Uuid;

use super::{ResidentId, Span, ZoneName};
use crate::civil::{DateTime, Instant, Interval, Recurrence, UnknownZone, ZoneRules};

/// An entry of time off, less its kind and note, which are kept apart ([`TimeOffPrivate`]).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TimeOff {
    /// Whose it is.
    pub resident: ResidentId,
    /// When; of a recurring entry the first instance.
    pub span: Span,
    /// What it does to the duties.
    pub effect: Effect,
    /// When it recurs; only an entry with an end may.
    pub recurrence: Option<Recurrence>,
    /// Instances that ended early.
    pub cuts: Vec<Cut>,
    /// When the whole entry ended early: nothing at or after it counts, later instances included.
    pub ended: Option<Instant>,
    /// Which event it was read from, where it came with a calendar.
    pub imported: Option<Imported>,
}

/// Where an entry comes from that was read from a calendar (semantics 7.3): hashes in the team's key, from which nobody
/// can tell what they were made of.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Imported {
    /// Whose calendar it is, and which of theirs.
    pub calendar: Uuid,
    /// The event; one for all instances of a recurring one.
    pub event: Uuid,
    /// The instance, by where it was at first: it stays when the instance is moved.
    pub instance: Uuid,
    /// When the calendar said that it is. The entry follows the calendar as soon as that says something else; nil where
    /// the event had gone.
    pub read: Uuid,
}

/// An instance of time off that ended early, because its resident came back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cut {
    /// The local start of the instance.
    pub instance: DateTime,
    /// When the resident was back; at or before the start, the instance does not happen.
    pub at: Instant,
}

/// What time off does to the duties.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Effect {
    /// Not available.
    Hard,
    /// Yields a duty to whoever else can take it, and keeps it if nobody can.
    Soft,
    /// Not absent: works in another zone, on whose clock working hours are read.
    WorkingElsewhere {
        /// The zone.
        zone: ZoneName,
    },
}

/// Why somebody is away: for themselves and coordinators only (semantics 8), and erasable.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TimeOffPrivate {
    /// The kind.
    pub kind: TimeOffKind,
    /// A note; may be empty.
    pub note: String,
}

/// The kinds of time off.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TimeOffKind {
    /// Ill.
    Sick,
    /// Holidays of one's own.
    Vacation,
    /// On the way, or elsewhere.
    Travel,
    /// At a conference.
    Conference,
    /// Stuck on, or absorbed by, something hard.
    Focus,
    /// A public holiday.
    PublicHoliday,
    /// Anything else.
    Other,
}

impl TimeOffKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Sick, Self::Vacation, Self::Travel, Self::Conference, Self::Focus, Self::PublicHoliday, Self::Other];

    /// Returns the word for it in files and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sick => "sick",
            Self::Vacation => "vacation",
            Self::Travel => "travel",
            Self::Conference => "conference",
            Self::Focus => "focus",
            Self::PublicHoliday => "public_holiday",
            Self::Other => "other",
        }
    }

    /// Returns what such time off does unless something else is said: `focus` is soft, the others are hard.
    #[must_use]
    pub const fn usual_effect(self) -> Effect {
        match self {
            Self::Focus => Effect::Soft,
            _ => Effect::Hard,
        }
    }
}

/// How far ahead it is looked first for an instance, in seconds: 400 days.
const NEAR_SECONDS: i64 = 400 * 86_400;

/// One instance of an entry of time off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Instance {
    /// Its local start, which names it.
    pub start: DateTime,
    /// What it covers.
    pub interval: Interval,
}

impl TimeOff {
    /// Returns every instance that overlaps `window`, in order of the local starts; early ends are applied.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks the entry's zone.
    pub fn instances(&self, window: Interval, rules: &ZoneRules) -> Result<Vec<Instance>, UnknownZone> {
        let mut instances = Vec::new();
        let ended = self.ended.unwrap_or(Instant::MAX);
        let Some(window) = Interval::new(window.start(), window.end().min(ended)) else { return Ok(instances) };
        for start in self.starts(window, rules)? {
            let Some(interval) = self.span.instance(start, rules)? else { continue };
            let cut = self.cuts.iter().find(|cut| cut.instance == start);
            let end = cut.map_or(interval.end(), |cut| cut.at.min(interval.end())).min(ended);
            let interval = Interval::new(interval.start(), end).filter(|interval| interval.overlaps(window));
            instances.extend(interval.map(|interval| Instance { start, interval }));
        }
        Ok(instances)
    }

    /// Tells whether any instance overlaps `window`; of a window that goes on for ever the near part is read first.
    ///
    /// # Errors
    ///
    /// As [`TimeOff::instances`].
    pub fn happens_in(&self, window: Interval, rules: &ZoneRules) -> Result<bool, UnknownZone> {
        let near = Interval::new(window.start(), window.end().min(window.start().plus(NEAR_SECONDS)));
        for part in near.into_iter().chain([window]) {
            if !self.instances(part, rules)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn starts(&self, window: Interval, rules: &ZoneRules) -> Result<Vec<DateTime>, UnknownZone> {
        let first = self.span.local_start();
        let (Some(recurrence), Some(zone)) = (&self.recurrence, self.span.zone_name()) else {
            return Ok(vec![first]);
        };
        let zone = zone.zone(rules)?;
        // An instance whose end the clock has shown by the window's start is over.
        let over = zone.furthest_wall(window.start());
        let from = self.span.local_seconds().map_or(first, |length| over.plus(-length).date_time());
        Ok(recurrence.starts(first, from, zone.furthest_wall(window.end()).date_time(), zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{Day, Wall};
    use jiff::civil::date;
    use proptest::prelude::*;

    fn fridays() -> TimeOff {
        TimeOff {
            resident: ResidentId::new("asa").unwrap(),
            span: Span::Days {
                first: date(2026, 10, 23),
                last: Some(date(2026, 10, 23)),
                zone: ZoneName::new("Europe/Warsaw"),
            },
            effect: Effect::Hard,
            recurrence: Some(Recurrence { rule: "FREQ=WEEKLY".to_owned(), except: Vec::new() }),
            cuts: Vec::new(),
            ended: None,
            imported: None,
        }
    }

    fn instances(entry: &TimeOff, start: &str, end: &str) -> Vec<String> {
        let rules = ZoneRules::bundled().unwrap();
        let window = Interval::new(start.parse().unwrap(), end.parse().unwrap()).unwrap();
        entry.instances(window, &rules).unwrap().iter().map(|instance| instance.interval.to_string()).collect()
    }

    #[test]
    fn a_recurring_day_follows_the_clock() {
        assert_eq!(
            instances(&fridays(), "2026-10-23T10:00:00Z", "2026-10-31T00:00:00Z"),
            ["[2026-10-22T22:00:00Z, 2026-10-23T22:00:00Z)", "[2026-10-29T23:00:00Z, 2026-10-30T23:00:00Z)"],
        );
    }

    #[test]
    fn a_cut_ends_its_instance_and_no_other() {
        let back = "2026-10-30T09:00:00Z".parse().unwrap();
        let entry = TimeOff { cuts: vec![Cut { instance: date(2026, 10, 30).at(0, 0, 0, 0), at: back }], ..fridays() };
        assert_eq!(
            instances(&entry, "2026-10-29T00:00:00Z", "2026-11-07T00:00:00Z"),
            ["[2026-10-29T23:00:00Z, 2026-10-30T09:00:00Z)", "[2026-11-05T23:00:00Z, 2026-11-06T23:00:00Z)"],
        );
    }

    #[test]
    fn nothing_remains_after_an_early_end() {
        let entry = TimeOff { ended: Some("2026-10-30T09:00:00Z".parse().unwrap()), ..fridays() };
        assert_eq!(
            instances(&entry, "2026-10-29T00:00:00Z", "2026-11-07T00:00:00Z"),
            ["[2026-10-29T23:00:00Z, 2026-10-30T09:00:00Z)"],
        );
        assert_eq!(instances(&entry, "2026-10-30T09:00:00Z", "2027-11-07T00:00:00Z"), Vec::<String>::new());
        let rules = ZoneRules::bundled().unwrap();
        let later = Interval::new(entry.ended.unwrap(), Instant::MAX).unwrap();
        assert!(!entry.happens_in(later, &rules).unwrap());
        assert!(TimeOff { ended: None, ..entry }.happens_in(later, &rules).unwrap());
    }

    proptest! {
        #[test]
        fn a_window_has_the_instances_of_the_whole_that_overlap_it(
            rule in prop::sample::select(vec!["FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;COUNT=5"]),
            zone in prop::sample::select(vec!["Europe/Warsaw", "Pacific/Apia", "Africa/Cairo"]),
            days in 0..40_i32,
            hours in prop::option::of(1..100_i64),
            start in 0..20_000_i64,
            length in 1..2_000_i64,
        ) {
            let (first, zone) = (date(2011, 3, 1), ZoneName::new(zone));
            let span = match hours {
                Some(hours) => {
                    let start = first.at(23, 30, 0, 0);
                    Span::Local { start, end: Some(Wall::from(start).plus(hours * 3_600).date_time()), zone }
                }
                None => Span::Days { first, last: Some(Day::from(first).plus(days).date()), zone },
            };
            let recurrence = Some(Recurrence { rule: rule.to_owned(), except: Vec::new() });
            let entry = TimeOff { span, recurrence, ..fridays() };
            let begin: Instant = "2011-02-25T00:00:00Z".parse().unwrap();
            let window = Interval::new(begin.plus(start * 3_600), begin.plus((start + length) * 3_600)).unwrap();
            let rules = ZoneRules::bundled().unwrap();
            let mut whole = entry.instances(Interval::new(begin, window.end()).unwrap(), &rules).unwrap();
            whole.retain(|instance| instance.interval.overlaps(window));
            prop_assert_eq!(entry.instances(window, &rules).unwrap(), whole);
        }
    }
}
