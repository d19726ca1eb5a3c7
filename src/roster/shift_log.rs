//! What the log says of each published shift: how often it changed visibly, and when (semantics 9.1).
//!
//! The log is read from its first entry on, and the shifts of a window are compared before and after each entry. So the
//! numbers are the same on every replica and after every restart. What is planned counts when it comes into effect.
//! A window that rolls on starts over; it is wider than what is published, so that this makes no difference.
//!
//! What an earlier tz database made of the entries nobody can tell any more: all of them are read by the one in use. So
//! an entry of another database than the entry before counts as a change of every shift that is not over by then.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Refusal, Rosters};
use crate::access::PublicTeam;
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::engine::timeline;
use crate::model::{DutyId, Object, ObjectKey, ShiftId, TeamId, TeamSnapshot, ZoneName};
use crate::store::{LogEntry, LoggedChange};

/// How many log entries are read at a time.
const BATCH: usize = 256;

/// What is visible of a shift: a change of any of it is one more in its sequence.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Visible {
    title: String,
    display_name: String,
    interval: Interval,
    /// The team's zone: the local times are shown in it.
    zone: Option<ZoneName>,
}

/// What the log says of a shift.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stamps {
    /// How often it changed visibly since it appeared.
    pub sequence: u32,
    /// When it appeared.
    pub created: Instant,
    /// When it changed visibly last.
    pub modified: Instant,
}

/// What the log says of the shifts of one window.
#[derive(Clone, Debug)]
pub struct ShiftLog {
    window: Interval,
    team: TeamSnapshot,
    /// The version of the tz database of the last entry; empty before the first.
    tzdb_version: String,
    duties: BTreeMap<DutyId, DutyLog>,
    /// Until when everything is taken up: the time of the last entry, or when something planned came into effect.
    until: Instant,
}

#[derive(Clone, Debug, Default)]
struct DutyLog {
    shown: HashMap<ShiftId, Visible>,
    stamps: HashMap<ShiftId, Stamps>,
    modified: Option<Instant>,
}

impl ShiftLog {
    /// Returns the log of no entry yet.
    #[must_use]
    pub fn new(team: TeamId, window: Interval) -> Self {
        let (tzdb_version, until) = (String::new(), Instant::MIN);
        Self { window, team: TeamSnapshot::empty(team), tzdb_version, duties: BTreeMap::new(), until }
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

    /// Returns what the log says of a shift of `duty`.
    #[must_use]
    pub fn stamps(&self, duty: &DutyId, shift: ShiftId) -> Option<Stamps> {
        self.duties.get(duty)?.stamps.get(&shift).copied()
    }

    /// Returns when anything visible of `duty` changed last, removals included.
    #[must_use]
    pub fn modified(&self, duty: &DutyId) -> Option<Instant> {
        self.duties.get(duty)?.modified
    }

    /// Tells whether something planned came into effect by `now` that was not taken up yet.
    #[must_use]
    pub fn is_behind(&self, now: Instant) -> bool {
        self.planned(now).is_some()
    }

    /// Takes up what was planned and came into effect by `now`: a name, a zone, or whether the team is public.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks a zone that is used.
    pub fn advance(&mut self, now: Instant, rules: &ZoneRules) -> Result<(), UnknownZone> {
        while let Some(at) = self.planned(now) {
            self.until = at;
            for duty in self.team.duties.keys() {
                let shown = shown(&self.team, duty, self.window, at, rules)?;
                self.duties.entry(duty.clone()).or_default().update(shown, at, false);
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
            touched.extend(self.team.duties.keys().cloned());
        }
        self.tzdb_version.clone_from(&entry.tzdb_version);
        for LoggedChange { key, after, .. } in &entry.changes {
            match after {
                Some(object) => self.team.put(object.clone()),
                None => self.team.remove(key),
            }
        }
        self.team.revision = entry.revision;
        for duty in touched {
            let shown = shown(&self.team, &duty, self.window, self.until, rules)?;
            self.duties.entry(duty).or_default().update(shown, self.until, switched);
        }
        Ok(())
    }

    /// The duties of which the changes may alter anything visible.
    fn touched(&self, changes: &[LoggedChange]) -> BTreeSet<DutyId> {
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
                | ObjectKey::Token(_)
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

impl DutyLog {
    /// Notes what is visible now; with a `switched` tz database every shift that is not over has changed.
    fn update(&mut self, shown: HashMap<ShiftId, Visible>, time: Instant, switched: bool) {
        let moved = |visible: &Visible| switched && visible.interval.end() > time;
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

/// What is visible of a duty's shifts in a window, by identity, as the team was after an entry.
fn shown(
    team: &TeamSnapshot,
    duty: &DutyId,
    window: Interval,
    time: Instant,
    rules: &ZoneRules,
) -> Result<HashMap<ShiftId, Visible>, UnknownZone> {
    let Some(public) = PublicTeam::of(team, time) else { return Ok(HashMap::new()) };
    let timeline = timeline(team, rules, duty, window)?;
    let shifts = public.shifts(&timeline, rules).into_iter().map(|shift| {
        let zone = public.zone().cloned();
        (shift.id, Visible { title: shift.title, display_name: shift.display_name, interval: shift.interval, zone })
    });
    Ok(shifts.collect())
}

impl Rosters {
    /// Returns what the log says of the shifts of `window` up to `revision`, going on from `known` where it can.
    ///
    /// # Errors
    ///
    /// A store that cannot be read; a zone that the tz database in use lacks.
    pub async fn shift_log(
        &self,
        team: &TeamId,
        window: Interval,
        revision: u64,
        known: Option<ShiftLog>,
    ) -> Result<ShiftLog, Refusal> {
        let fits = |log: &ShiftLog| log.window == window && log.revision() <= revision;
        let mut log = known.filter(fits).unwrap_or_else(|| ShiftLog::new(team.clone(), window));
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
