//! Time off out of a calendar: what in it is new, what was moved, and what is gone (semantics 7.3).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Change, Draft, Refusal, drawn_id};
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::ical::import::{Absence, Absences, Reading, absences};
use crate::model::validate::{self, Violations};
use crate::model::{
    Entered, Imported, ObjectKey, Origin, ResidentId, Span, TeamId, TeamSnapshot, TimeOff, TimeOffId, TimeOffKind,
    TimeOffPrivate, Wanted, ZoneName,
};
use crate::store::ChangeSet;

/// How long ago absences may have ended that are taken, in days.
const PAST_DAYS: i64 = 90;
/// How far ahead absences are taken, in days: two years.
const FUTURE_DAYS: i64 = 2 * 365;
/// The most absences that a calendar may have; more are a mistake in what was asked for.
const ABSENCES_MAX: usize = 1_000;
/// The most entries that one resident has of all calendars together: each is looked at whenever something is computed.
const ENTRIES_MAX: usize = 2_000;

/// Why a calendar cannot be used, in words for people.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub String);

/// How many calendars are read at a time: each may take some hundred megabytes for a second.
const READ_MAX: usize = 2;
/// How many may wait for that.
const WAIT_MAX: usize = 6;

/// Whoever holds one reads a calendar.
static READING: Semaphore = Semaphore::const_new(READ_MAX);
/// Whoever holds one reads a calendar or waits to.
static COMING: Semaphore = Semaphore::const_new(READ_MAX + WAIT_MAX);

/// Does what takes long with a calendar, on a thread of its own, when it is its turn.
///
/// # Errors
///
/// [`Refusal::Busy`] where too many wait already.
pub async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    let busy = |_| Refusal::Busy("too many calendars are being read");
    let coming = COMING.try_acquire().map_err(busy)?;
    let turn = READING.acquire().await.map_err(|_| Refusal::BrokenOff)?;
    // Held until it is done, also where nobody waits for it any more.
    let work = move || {
        let _held = (coming, turn);
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::BrokenOff)
}

/// A calendar that was read for a resident, to be entered once or, as a check, not at all.
#[derive(Clone, Debug)]
pub struct Import {
    /// The resident's team.
    pub team: TeamId,
    /// Whose it is.
    pub resident: ResidentId,
    /// Which of theirs.
    pub name: String,
    /// What new absences are.
    pub kind: TimeOffKind,
    /// Where the resident lived when it was read.
    zone: ZoneName,
    /// What it says.
    pub read: Absences,
}

/// Whose calendar is to be read, and how.
#[derive(Clone, Debug)]
pub struct ImportOf {
    /// Whose it is.
    pub resident: ResidentId,
    /// Which of theirs.
    pub name: String,
    /// What new absences are.
    pub kind: TimeOffKind,
    /// Which events count.
    pub wanted: Wanted,
}

impl Import {
    /// Reads a calendar at `now`, on a thread of its own: nobody else has to wait for it.
    ///
    /// # Errors
    ///
    /// As of [`in_turn`]; and [`Unusable`] where it is no calendar, or has more in it than is taken.
    pub async fn read(
        bytes: Bytes,
        of: ImportOf,
        team: &TeamSnapshot,
        now: Instant,
        rules: &Arc<ZoneRules>,
    ) -> Result<Result<Self, Unusable>, Refusal> {
        let zone = team.home_zone_of(&of.resident, now).cloned().unwrap_or_else(|| ZoneName::new("UTC"));
        let (rules, key, days) = (Arc::clone(rules), team.identities(), zone.clone());
        let window = window(now).unwrap_or(Interval::ALL);
        let ImportOf { resident, name, kind, wanted } = of;
        let reading =
            move || absences(&bytes, &Reading { rules: &rules, zone: &days, window, key: &key, wanted: &wanted });
        Ok(match in_turn(reading).await? {
            Err(unreadable) => Err(Unusable(unreadable.to_string())),
            Ok(read) if read.taken.len() > ABSENCES_MAX => Err(Unusable(format!(
                "has {} absences, and at most {ABSENCES_MAX} are taken; choose which events count, or export less",
                read.taken.len()
            ))),
            Ok(read) => Ok(Self { team: team.id.clone(), resident, name, kind, zone, read }),
        })
    }

    /// Returns a calendar of a resident that says what was `read` at `now`.
    #[must_use]
    pub fn of(
        (team, resident): (&TeamSnapshot, ResidentId),
        name: String,
        kind: TimeOffKind,
        read: Absences,
        now: Instant,
    ) -> Self {
        let zone = team.home_zone_of(&resident, now).cloned().unwrap_or_else(|| ZoneName::new("UTC"));
        Self { team: team.id.clone(), resident, name, kind, zone, read }
    }

    /// Returns it as a calendar of its resident.
    #[must_use]
    pub fn calendar(&self) -> ResidentCalendar<'_> {
        ResidentCalendar { resident: &self.resident, name: &self.name, kind: self.kind, read: &self.read }
    }

    /// Returns what it changes in a team.
    ///
    /// # Errors
    ///
    /// [`Refusal::Contention`] where the resident moved while it was read.
    pub fn changes(&self, team: &TeamSnapshot, change: Change, rules: &ZoneRules) -> Result<ChangeSet, Refusal> {
        if team.home_zone_of(&self.resident, change.time) != Some(&self.zone) {
            return Err(Refusal::Contention);
        }
        let mut draft = Draft::new(team, change, rules);
        self.calendar().state(&mut draft, change.time, rules)?;
        draft.finish()
    }
}

/// A resident's calendar, as it was read.
#[derive(Clone, Copy, Debug)]
pub struct ResidentCalendar<'a> {
    /// Whose it is.
    pub resident: &'a ResidentId,
    /// Which of theirs.
    pub name: &'a str,
    /// What new absences are.
    pub kind: TimeOffKind,
    /// What it says.
    pub read: &'a Absences,
}

/// Returns the time of which calendars are read at `now`.
fn window(now: Instant) -> Option<Interval> {
    Interval::new(now.plus(-PAST_DAYS * 86_400), now.plus(FUTURE_DAYS * 86_400))
}

impl ResidentCalendar<'_> {
    /// Returns the calendar's identity in `team`, by which its entries are known.
    #[must_use]
    pub fn id(&self, team: &TeamSnapshot) -> Uuid {
        team.identities().identity(&format!("calendar-of/{}/{}", self.resident, self.name))
    }

    /// Returns the entries that came with the calendar, by instance.
    #[must_use]
    pub fn entries<'t>(&self, team: &'t TeamSnapshot) -> BTreeMap<Uuid, (&'t TimeOffId, &'t Entered<TimeOff>)> {
        let calendar = self.id(team);
        let entries = team.time_off.iter().filter(|(_, entry)| entry.value.resident == *self.resident);
        let known = entries.filter_map(|(id, entry)| {
            let imported = entry.value.imported.filter(|imported| imported.calendar == calendar)?;
            Some((imported.instance, (id, entry)))
        });
        known.collect()
    }

    /// Returns the entry that an absence is, or why it cannot be one. `before` is the entry that it is already.
    ///
    /// Whole days are those of where the resident is on the first of them (semantics 1.7).
    ///
    /// # Errors
    ///
    /// What is wrong, in words for people.
    pub fn entry(
        &self,
        absence: &Absence,
        before: Option<&TimeOff>,
        team: &TeamSnapshot,
        rules: &ZoneRules,
    ) -> Result<TimeOff, String> {
        let span = at_home(&absence.span, self.resident, team, rules);
        let imported = Imported {
            calendar: self.id(team),
            event: absence.event,
            instance: absence.id,
            read: said(&absence.span, team),
        };
        let value = TimeOff {
            resident: self.resident.clone(),
            span,
            effect: before.map_or_else(|| self.kind.usual_effect(), |before| before.effect.clone()),
            recurrence: None,
            cuts: Vec::new(),
            ended: None,
            imported: Some(imported),
        };
        let mut violations = Violations::default();
        validate::check_time_off(&value, None, team, rules, &mut violations);
        validate::check_time_off_presence(&value, before, team, rules, &mut violations);
        match violations.into_list().into_iter().next() {
            None => Ok(value),
            Some(violation) => Err(violation.reason),
        }
    }

    /// States what the calendar says in `draft`, which is made at `now`: what cannot be an entry is left out.
    ///
    /// # Errors
    ///
    /// A zone that is not known any more, and no free id.
    pub fn state(&self, draft: &mut Draft<'_>, now: Instant, rules: &ZoneRules) -> Result<(), Refusal> {
        let team = draft.after().clone();
        let known = self.entries(&team);
        self.check_count(&team, known.len())?;
        let mut there = BTreeSet::new();
        for absence in &self.read.taken {
            there.insert(absence.id);
            let before = known.get(&absence.id);
            if before.is_some_and(|(_, entry)| is_as_read(&entry.value, absence, &team)) {
                continue;
            }
            let Ok(value) = self.entry(absence, before.map(|(_, entry)| &entry.value), &team, rules) else { continue };
            match before {
                Some((id, _)) => draft.time_off_alone(id, value, Origin::Entered),
                None => self.add(draft, absence.id, value)?,
            }
        }
        for (instance, (id, entry)) in &known {
            let hidden = self.read.unread.others
                || entry.value.imported.is_some_and(|imported| self.read.unread.events.contains(&imported.event));
            if !there.contains(instance) && !hidden {
                end(draft, id, &entry.value, now, rules)?;
            }
        }
        Ok(())
    }

    /// Refuses what would be too much beside what came with other calendars; `own` is how much came with this one.
    fn check_count(&self, team: &TeamSnapshot, own: usize) -> Result<(), Refusal> {
        let entries = team.time_off.values().filter(|entry| entry.value.resident == *self.resident);
        let others = entries.filter(|entry| entry.value.imported.is_some()).count().saturating_sub(own);
        if others + self.read.taken.len() <= ENTRIES_MAX {
            return Ok(());
        }
        let reason = format!(
            "would make more than {ENTRIES_MAX} absences out of calendars, {others} of them out of others; choose which \
             events count, or import an empty calendar under a name that is not needed any more"
        );
        Err(Refusal::field("calendar", reason))
    }

    fn add(&self, draft: &mut Draft<'_>, seed: Uuid, value: TimeOff) -> Result<(), Refusal> {
        let team = draft.after();
        let free = |text: &str| TimeOffId::new(text).ok().filter(|id| !team.time_off.contains_key(id));
        let id = drawn_id(team, "off", seed, free).ok_or(Refusal::Contention)?;
        draft.time_off(&id, value, TimeOffPrivate { kind: self.kind, note: String::new() }, Origin::Entered);
        Ok(())
    }
}

/// Ends what is no longer in a calendar: what is over stays, what has begun ends at `now`, and what is to come goes.
fn end(draft: &mut Draft<'_>, id: &TimeOffId, entry: &TimeOff, now: Instant, rules: &ZoneRules) -> Result<(), Refusal> {
    if !goes_on(entry, now, rules)? {
        return Ok(());
    }
    let past = Interval::new(Instant::MIN, now);
    if past.map(|past| entry.happens_in(past, rules)).transpose()?.unwrap_or(false) {
        // Should the event come back, it is not as it was read last.
        let imported = entry.imported.map(|imported| Imported { read: Uuid::nil(), ..imported });
        draft.time_off_alone(id, TimeOff { ended: Some(now), imported, ..entry.clone() }, Origin::Entered);
    } else {
        draft.remove(ObjectKey::TimeOff(id.clone()));
        if draft.after().time_off_private.contains_key(id) {
            draft.remove(ObjectKey::TimeOffPrivate(id.clone()));
        }
    }
    Ok(())
}

/// Tells whether anything of an entry happens at `now` or later.
///
/// # Errors
///
/// A zone that `rules` lacks.
pub fn goes_on(entry: &TimeOff, now: Instant, rules: &ZoneRules) -> Result<bool, UnknownZone> {
    Ok(Interval::new(now, Instant::MAX).map(|rest| entry.happens_in(rest, rules)).transpose()?.unwrap_or(false))
}

/// Tells whether the calendar says what it said when the entry was read.
fn is_as_read(entry: &TimeOff, absence: &Absence, team: &TeamSnapshot) -> bool {
    entry.imported.is_some_and(|imported| imported.read == said(&absence.span, team))
}

/// Returns whole days as those of where the resident is on the first of them.
fn at_home(span: &Span, resident: &ResidentId, team: &TeamSnapshot, rules: &ZoneRules) -> Span {
    match span {
        Span::Days { first, last, zone } => {
            let there = team.zone_of(resident, span.local_start(), None, rules);
            Span::Days { first: *first, last: *last, zone: there.unwrap_or_else(|| zone.clone()) }
        }
        other => other.clone(),
    }
}

/// Returns a hash of what a calendar says of when something is. Days have no zone in it: where the resident lives is not
/// what the calendar says.
fn said(span: &Span, team: &TeamSnapshot) -> Uuid {
    let text = |end: Option<String>| end.unwrap_or_default();
    let said = match span {
        Span::Days { first, last, .. } => format!("days/{first}/{}", text(last.map(|last| last.to_string()))),
        Span::Local { start, end, zone } => format!("local/{start}/{}/{zone}", text(end.map(|end| end.to_string()))),
        Span::Instants { start, end } => format!("instants/{start}/{}", text(end.map(|end| end.to_string()))),
    };
    team.identities().identity(&format!("said/{said}"))
}
