//! From events to instances: recurrences, excepted dates, changed instances, older versions (RFC 5545 §3.8.4.4, §3.8.5).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::clock::{ClockKind, When};
use super::event::{Event, Length, Reader};
use super::limits::INSTANCES_MAX;
use super::place::{Place, Placed};
use super::report::{Left, LeftReason, Passed, Remark, RemarkKind};
use super::rule::{Rule, Stretch};
use super::standing::Standing;
use crate::civil::{Day, Interval, Wall};
use crate::model::{Span, ZoneName};

/// One instance within the window.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    /// The line of its event's `BEGIN`.
    pub line: u32,
    /// The hash of its event's identity.
    pub key: [u8; 32],
    /// Which instance of a recurring event it is: its original start. Empty for an event that does not recur.
    pub original: String,
    pub span: Span,
    /// The number of its event, among all events.
    pub event: usize,
}

/// What became of the events of a file.
#[derive(Debug)]
pub(super) struct Series<'w> {
    pub zone: &'w ZoneName,
    pub window: Interval,
    pub instances: Vec<Instance>,
    pub left: Vec<Left>,
    /// The keys of events of which nobody knows when they are; `None` where not even that is known.
    pub hidden: BTreeSet<Option<[u8; 32]>>,
    pub passed: Passed,
}

/// An event, and its number among all.
type Numbered<'e> = (usize, &'e Event);

impl<'w> Series<'w> {
    /// Returns a series without any events.
    pub fn new(zone: &'w ZoneName, window: Interval) -> Self {
        let (instances, left, hidden, passed) = Default::default();
        Self { zone, window, instances, left, hidden, passed }
    }

    /// Leaves an event out; its key may not be known.
    pub fn leave(&mut self, line: u32, reason: LeftReason, key: Option<[u8; 32]>) {
        if reason.hides() {
            self.hidden.insert(key);
        }
        self.left.push(Left { line, reason });
    }
    /// Works out all versions and changed instances of one event; `first` is the number of the first of them.
    pub fn add(&mut self, first: usize, group: &[Event], reader: &mut Reader<'_, '_, '_>) {
        let numbered = || (first..).zip(group);
        let whole = self.newest(numbered().filter(|(_, event)| event.original.is_none()).collect());
        let changed = self.changed(whole, numbered(), reader);
        for (_, event) in numbered() {
            self.pass(event.standing);
        }
        let mut ranges: Vec<(Wall, Numbered<'_>)> = Vec::new();
        let mut replaced: HashSet<Wall> = HashSet::new();
        for (at, (number, event)) in changed {
            let and_later = event.original.as_ref().is_some_and(|original| original.and_later);
            if and_later && whole.is_some() {
                ranges.push((at, (number, event)));
                continue;
            }
            replaced.insert(at);
            if event.standing == Standing::Counts {
                let original = named(whole.map_or(event, |(_, whole)| whole), at);
                self.single((number, event), original, reader);
            }
        }
        let Some((number, event)) = whole else { return };
        let counts = |event: &Event| event.standing == Standing::Counts;
        if !counts(event) && !ranges.iter().any(|(_, (_, event))| counts(event)) {
            return;
        }
        if event.rule.is_none() && event.more.is_empty() {
            if counts(event) && !replaced.contains(&event.start.wall()) {
                self.single((number, event), String::new(), reader);
            }
            return;
        }
        if let Err(reason) = self.recurring((number, event), &ranges, &replaced, reader) {
            self.leave(event.line, reason, Some(event.key));
        }
    }

    /// Counts an event that is passed over.
    pub fn pass(&mut self, standing: Standing) {
        match standing {
            Standing::Counts => {}
            Standing::NotWanted => self.passed.not_wanted += 1,
            Standing::Free => self.passed.free += 1,
            Standing::Tentative => self.passed.tentative += 1,
            Standing::Cancelled => self.passed.cancelled += 1,
            Standing::Declined => self.passed.declined += 1,
        }
    }

    /// The newest of the versions of one thing; of the others it is told that they are older.
    fn newest<'e>(&mut self, versions: Vec<Numbered<'e>>) -> Option<Numbered<'e>> {
        let newest = versions.iter().copied().max_by_key(|(_, event)| event.version)?;
        let older = versions.iter().filter(|(number, _)| *number != newest.0);
        let reason = LeftReason::Superseded(newest.1.line);
        self.left.extend(older.map(|(_, event)| Left { line: event.line, reason: reason.clone() }));
        Some(newest)
    }

    /// The changed instances by their original starts, on the clock of the event as a whole.
    fn changed<'e>(
        &mut self,
        whole: Option<Numbered<'e>>,
        numbered: impl Iterator<Item = Numbered<'e>>,
        reader: &Reader<'_, '_, '_>,
    ) -> BTreeMap<Wall, Numbered<'e>> {
        let mut versions: BTreeMap<Wall, Vec<Numbered<'e>>> = BTreeMap::new();
        for (number, event) in numbered {
            let Some(original) = &event.original else { continue };
            let at = whole.map_or(original.at.wall(), |(_, whole)| whole.start.reading_of(&original.at, reader.days));
            versions.entry(at).or_default().push((number, event));
        }
        versions.into_iter().filter_map(|(at, versions)| Some((at, self.newest(versions)?))).collect()
    }

    /// Takes an event, or a changed instance, where it says that it is.
    fn single(&mut self, (number, event): Numbered<'_>, original: String, reader: &mut Reader<'_, '_, '_>) {
        let place = Place { zone: self.zone, days: reader.days, window: self.window };
        let span = match place.span(&event.start, event.start.wall(), event.length) {
            Placed::Within(span) => span,
            Placed::Outside => {
                self.passed.outside += 1;
                return;
            }
            Placed::Wrong(reason) => return self.leave(event.line, reason, Some(event.key)),
        };
        if !reader.budget.take_instances(1) {
            return self.leave(event.line, LeftReason::TooMuch, Some(event.key));
        }
        self.instances.push(Instance { line: event.line, key: event.key, original, span, event: number });
    }

    /// Takes the instances of a recurring event that are not replaced by changed ones.
    fn recurring(
        &mut self,
        (number, event): Numbered<'_>,
        ranges: &[(Wall, Numbered<'_>)],
        replaced: &HashSet<Wall>,
        reader: &mut Reader<'_, '_, '_>,
    ) -> Result<(), LeftReason> {
        if !reader.budget.has_instances() {
            return Err(LeftReason::TooMuch);
        }
        let (starts, endless) = self.starts(event, ranges, reader)?;
        let place = Place { zone: self.zone, days: reader.days, window: self.window };
        let mut taken = Vec::new();
        for (at, stated) in starts.into_iter().filter(|(at, _)| !replaced.contains(at)) {
            let later =
                ranges.partition_point(|(from, _)| *from <= at).checked_sub(1).and_then(|last| ranges.get(last));
            let (number, of, shift) = match later {
                Some((from, (number, range))) => (*number, *range, range.start.wall().seconds() - from.seconds()),
                None => (number, event, 0),
            };
            if of.standing != Standing::Counts {
                continue;
            }
            // What has no length of its own kind is as long as the rest.
            let long = stated.filter(|_| later.is_none()).unwrap_or(of.length);
            let Placed::Within(span) = place.span(&of.start, at.plus(shift), long) else { continue };
            taken.push(Instance { line: of.line, key: event.key, original: named(event, at), span, event: number });
            if taken.len() > INSTANCES_MAX {
                return Err(LeftReason::TooManyInstances);
            }
        }
        if taken.is_empty() {
            self.passed.outside += 1;
        } else if endless {
            let until = reader.days.day(self.window.end().plus(-1)).date();
            reader.remarks.push(Remark { line: event.line, what: RemarkKind::Endless(until) });
        }
        if !reader.budget.take_instances(taken.len()) {
            return Err(LeftReason::TooMuch);
        }
        self.instances.append(&mut taken);
        Ok(())
    }

    /// The readings at which instances start that may lie in the window, with the length where one is stated for the
    /// instance alone; and whether the rule has no end.
    fn starts(
        &self,
        event: &Event,
        ranges: &[(Wall, Numbered<'_>)],
        reader: &mut Reader<'_, '_, '_>,
    ) -> Result<(BTreeMap<Wall, Option<Length>>, bool), LeftReason> {
        let first = event.start.wall();
        let (zone, days) = match &event.start {
            When::Day(_) => (reader.days, Some(reader.days)),
            When::At(_, clock) => (clock.zone.as_ref(), None),
        };
        let lengths = ranges.iter().map(|(_, (_, range))| range.length.seconds());
        let stated = event.more.iter().filter_map(|(_, length)| Some((*length)?.seconds()));
        let longest = lengths.chain(stated).chain([event.length.seconds()]).max().unwrap_or(0);
        let shifts = ranges.iter().map(|(from, (_, range))| range.start.wall().seconds() - from.seconds());
        let furthest = shifts.map(i64::abs).max().unwrap_or(0).saturating_add(2 * 86_400);
        let stretch = Stretch {
            from: zone.wall(self.window.start()).plus(-longest.saturating_add(furthest)),
            until: zone.wall(self.window.end()).plus(furthest),
        };
        let mut starts: BTreeMap<Wall, Option<Length>> = BTreeMap::new();
        let mut endless = false;
        match &event.rule {
            Some(rule) => {
                let rule = Rule::read(rule, first, zone, days)?;
                endless = rule.endless;
                let found = rule.starts(first, stretch, zone, &mut reader.budget).ok_or(LeftReason::TooMuch)?;
                starts.extend(found.into_iter().map(|at| (at, None)));
            }
            None => starts.extend([(first, None)]),
        }
        for (at, length) in &event.more {
            let alike = at.is_day() == event.start.is_day();
            starts.insert(event.start.reading_of(at, reader.days), length.filter(|_| alike));
        }
        let whole_days = |at: &&When| at.is_day() && !event.start.is_day();
        let dates: HashSet<Day> = event.except.iter().filter(whole_days).map(|at| at.wall().day()).collect();
        let times: HashSet<Wall> = event.except.iter().map(|at| event.start.reading_of(at, reader.days)).collect();
        starts.retain(|at, _| !times.contains(at) && !dates.contains(&at.day()));
        Ok((starts, endless))
    }
}

/// The name of an instance: its original start, on the clock of the event as a whole.
fn named(event: &Event, at: Wall) -> String {
    let local = at.date_time();
    match &event.start {
        When::Day(_) => local.strftime("%Y%m%d").to_string(),
        When::At(_, clock) if clock.kind == ClockKind::Utc => local.strftime("%Y%m%dT%H%M%SZ").to_string(),
        When::At(..) => local.strftime("%Y%m%dT%H%M%S").to_string(),
    }
}

/// Orders events so that all versions and changed instances of one stand together; returns where each group begins.
pub(super) fn groups(events: &mut [Event]) -> Vec<usize> {
    let mut lines: HashMap<[u8; 32], u32> = HashMap::new();
    for event in events.iter() {
        lines.entry(event.key).or_insert(event.line);
    }
    events.sort_by_key(|event| (lines.get(&event.key).copied(), event.key, event.line));
    let mut starts = Vec::new();
    let mut before = None;
    for (index, event) in events.iter().enumerate() {
        if before != Some(event.key) {
            starts.push(index);
            before = Some(event.key);
        }
    }
    starts
}
