//! What the log says of each published event: how often it changed visibly, and when (semantics 9.1).
//!
//! The log is read from its first entry on, and what is published of a window is compared before and after each entry.
//! So the numbers are the same on every replica and after every restart. What is planned counts when it comes into
//! effect. A window that rolls on starts over; it is wider than what calendars show, so that this makes no difference.
//!
//! What an earlier tz database made of the entries nobody can tell any more: all of them are read by the one in use. So
//! an entry of another database than the entry before counts as a change of everything that is not over by then.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::{Refusal, Rosters};
use crate::access::{CalendarTeam, Published};
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::engine::timeline;
use crate::model::{DutyId, FeedContent, Object, ObjectKey, TeamId, TeamSnapshot};
use crate::store::{LogEntry, LoggedChange};

/// How many log entries are read at a time.
const BATCH: usize = 256;

/// What the log says of an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stamps {
    /// How often it changed visibly since it appeared.
    pub sequence: u32,
    /// When it appeared.
    pub created: Instant,
    /// When it changed visibly last.
    pub modified: Instant,
}

/// What the log says of what is published of one window.
#[derive(Clone, Debug)]
pub struct EventLog {
    content: FeedContent,
    window: Interval,
    team: TeamSnapshot,
    /// The version of the tz database of the last entry; empty before the first.
    tzdb_version: String,
    parts: BTreeMap<Part, PartLog>,
    /// Until when everything is taken up: the time of the last entry, or when something planned came into effect.
    until: Instant,
}

/// What is looked at together: a duty, or everything in the team that is of none.
type Part = Option<DutyId>;

#[derive(Clone, Debug, Default)]
struct PartLog {
    shown: HashMap<Uuid, Published>,
    stamps: HashMap<Uuid, Stamps>,
    modified: Option<Instant>,
}

impl EventLog {
    /// Returns the log of no entry yet.
    #[must_use]
    pub fn new(team: TeamId, content: FeedContent, window: Interval) -> Self {
        let (tzdb_version, until) = (String::new(), Instant::MIN);
        Self { content, window, team: TeamSnapshot::empty(team), tzdb_version, parts: BTreeMap::new(), until }
    }

    /// Returns the window.
    #[must_use]
    pub fn window(&self) -> Interval {
        self.window
    }

    /// Returns the revision up to which the log was read.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.team.revision
    }

    /// Returns what is published now of a duty, or of what is of none, in no order, each with what the log says of it.
    pub fn events(&self, part: &Part) -> impl Iterator<Item = (&Published, Stamps)> {
        let log = self.parts.get(part);
        let events = log.into_iter().flat_map(|log| log.shown.values().map(move |event| (log, event)));
        events.filter_map(|(log, event)| Some((event, log.stamps.get(&event.id).copied()?)))
    }

    /// Returns when anything visible of a part changed last, removals included.
    #[must_use]
    pub fn modified(&self, part: &Part) -> Option<Instant> {
        self.parts.get(part)?.modified
    }

    /// Tells whether something planned came into effect by `now` that was not taken up yet.
    #[must_use]
    pub fn is_behind(&self, now: Instant) -> bool {
        self.planned(now).is_some()
    }

    /// Takes up what was planned and came into effect by `now`: a name, a zone, or that the team ends.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks a zone that is used.
    pub fn advance(&mut self, now: Instant, rules: &ZoneRules) -> Result<(), UnknownZone> {
        while let Some(at) = self.planned(now) {
            self.until = at;
            for part in self.all_parts() {
                self.look(part, at, rules, false)?;
            }
        }
        Ok(())
    }

    /// When the next of what is planned comes into effect, if that is by `now`.
    fn planned(&self, now: Instant) -> Option<Instant> {
        self.team.next_version(self.until).filter(|from| *from <= now)
    }

    /// Reads one more entry.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks a zone that is used.
    pub fn read(&mut self, entry: &LogEntry, rules: &ZoneRules) -> Result<(), UnknownZone> {
        self.advance(entry.time, rules)?;
        // Never back, even where a clock was.
        self.until = self.until.max(entry.time);
        let mut touched = self.touched(&entry.changes);
        let switched = !self.tzdb_version.is_empty() && self.tzdb_version != entry.tzdb_version;
        if switched {
            touched.extend(self.all_parts());
        }
        self.tzdb_version.clone_from(&entry.tzdb_version);
        for LoggedChange { key, after, .. } in &entry.changes {
            match after {
                Some(object) => self.team.put(object.clone()),
                None => self.team.remove(key),
            }
        }
        self.team.revision = entry.revision;
        for part in touched {
            self.look(part, self.until, rules, switched)?;
        }
        Ok(())
    }

    fn all_parts(&self) -> Vec<Part> {
        match self.content {
            FeedContent::TimeOff | FeedContent::TasksDue => vec![None],
            _ => self.team.duties.keys().cloned().map(Some).collect(),
        }
    }

    /// Compares what is published of a part with what was.
    fn look(&mut self, part: Part, time: Instant, rules: &ZoneRules, switched: bool) -> Result<(), UnknownZone> {
        let shown = match (CalendarTeam::of(&self.team, time, rules), &part) {
            (None, _) => Vec::new(),
            (Some(team), Some(duty)) => {
                team.of_timeline(self.content, &timeline(&self.team, rules, duty, self.window)?)
            }
            (Some(team), None) => team.tasks_due()?,
        };
        let shown = shown.into_iter().map(|event| (event.id, event)).collect();
        self.parts.entry(part).or_default().update(shown, time, switched);
        Ok(())
    }

    /// The parts of which the changes may alter anything visible.
    fn touched(&self, changes: &[LoggedChange]) -> BTreeSet<Part> {
        if self.content == FeedContent::TasksDue {
            let matters = |change: &LoggedChange| {
                let key = &change.key;
                matches!(key, ObjectKey::Team | ObjectKey::Task(_) | ObjectKey::Resident(_) | ObjectKey::Duty(_))
            };
            return changes.iter().any(matters).then_some(None).into_iter().collect();
        }
        self.touched_duties(changes).into_iter().map(Some).collect()
    }

    fn touched_duties(&self, changes: &[LoggedChange]) -> BTreeSet<DutyId> {
        let mut touched = BTreeSet::new();
        for change in changes {
            match &change.key {
                ObjectKey::Duty(id) => drop(touched.insert(id.clone())),
                ObjectKey::Override(_) => {
                    let objects = [&change.before, &change.after].into_iter().flatten();
                    touched.extend(objects.filter_map(|object| match object {
                        Object::Override(_, entry) => Some(entry.value.duty.clone()),
                        _ => None,
                    }));
                }
                ObjectKey::Task(_)
                | ObjectKey::TimeOffPrivate(_)
                | ObjectKey::Acceptance(_)
                // What comes of one are overrides.
                | ObjectKey::Swap(_)
                | ObjectKey::Token(_)
                | ObjectKey::Feed(_)
                | ObjectKey::Calendar(_)
                | ObjectKey::HandoffNote(_)
                // Made with the team, before it has any duty.
                | ObjectKey::IdentityKey => {}
                ObjectKey::Team | ObjectKey::Resident(_) | ObjectKey::HolidaySet(_) | ObjectKey::TimeOff(_) => {
                    touched.extend(self.team.duties.keys().cloned());
                }
            }
        }
        // What is made together with a new duty may concern it, too.
        let new = changes.iter().filter_map(|change| match &change.key {
            ObjectKey::Duty(id) => Some(id.clone()),
            _ => None,
        });
        touched.extend(new.collect::<Vec<_>>());
        touched
    }
}

impl PartLog {
    /// Notes what is visible now; with a `switched` tz database everything that is not over has changed.
    fn update(&mut self, shown: HashMap<Uuid, Published>, time: Instant, switched: bool) {
        let moved = |visible: &Published| switched && visible.interval.end() > time;
        if shown == self.shown && !shown.values().any(moved) {
            return;
        }
        self.modified = Some(time);
        for (id, visible) in &shown {
            match (self.shown.get(id), self.stamps.get_mut(id)) {
                (Some(before), Some(_)) if before == visible && !moved(visible) => {}
                (_, Some(stamps)) => {
                    stamps.sequence += 1;
                    stamps.modified = time;
                }
                (_, None) => drop(self.stamps.insert(*id, Stamps { sequence: 0, created: time, modified: time })),
            }
        }
        self.shown = shown;
    }
}

impl Rosters {
    /// Returns what the log says of what is published of `window` as `content` up to `revision`, going on from `known`
    /// where it can.
    ///
    /// # Errors
    ///
    /// A store that cannot be read; a zone that the tz database in use lacks.
    pub async fn event_log(
        &self,
        team: &TeamId,
        (content, window): (FeedContent, Interval),
        revision: u64,
        known: Option<EventLog>,
    ) -> Result<EventLog, Refusal> {
        let fits = |log: &EventLog| (log.content, log.window) == (content, window) && log.revision() <= revision;
        let mut log = known.filter(fits).unwrap_or_else(|| EventLog::new(team.clone(), content, window));
        while log.revision() < revision {
            let entries = self.store().log(team, log.revision() + 1, BATCH).await?;
            if entries.is_empty() {
                break;
            }
            for entry in entries.iter().take_while(|entry| entry.revision <= revision) {
                log.read(entry, self.rules())?;
            }
        }
        Ok(log)
    }
}
