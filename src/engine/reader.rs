//! Reads a team's statements about one duty into [`Tracks`].

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Edge;
use super::names::Names;
use super::people::{MARGIN_SECONDS, Person, time_off_entries};
use super::runs::unite;
use super::tracks::{
    Change, DutyVersion, EdgeAt, LayerIndex, LayerTrack, LayerVersion, OverrideTrack, PersonIndex, RequirementTrack,
    RotationTurns, Tracks, WindowIndex,
};
use crate::civil::{Day, Grid, Instant, Interval, UnknownZone, WeeklyWindow, WindowId, Zone, ZoneRules, occurrences};
use crate::model::{
    Duty, DutyId, HolidaySetId, Hours, Layer, LayerId, OverrideForm, Requirement, RequirementId, RequirementTime,
    ResidentId, Rotation, Source, TeamSnapshot, Version, Versions, WhenAbsent,
};

impl<'a> Tracks<'a> {
    /// Reads everything about `duty` over `span`; `None` where the team never had it.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks a zone that is used.
    pub fn read(
        team: &'a TeamSnapshot,
        rules: &'a ZoneRules,
        duty: &DutyId,
        span: Interval,
    ) -> Result<Option<Self>, UnknownZone> {
        let Some((duty, configured)) = team.duties.get_key_value(duty) else { return Ok(None) };
        let mut reader = Reader { team, rules, span, cast: Cast::default(), edges: Vec::new() };
        let overrides = reader.overrides(duty)?;
        let layers = configured
            .layers
            .iter()
            .enumerate()
            .map(|(index, (id, versions))| reader.layer(index as LayerIndex, id, versions))
            .collect::<Result<Vec<_>, _>>()?;
        let duty_versions: Vec<_> = configured.versions.within(reader.wide_span()).collect();
        let requirements = reader.requirements(&duty_versions)?;
        let versions = reader.duty(&duty_versions, &layers, &requirements);
        let people = reader.people()?;
        let mut edges = reader.edges;
        edges.sort_by_key(|edge| edge.at);
        let names = Names::new(people.iter().map(|person| person.id.clone()).collect(), &layers, &overrides);
        let has_shadows = layers.iter().flat_map(|layer| &layer.versions).any(|version| !version.shadows.is_empty());
        Ok(Some(Self { duty, span, people, layers, requirements, overrides, versions, edges, names, has_shadows }))
    }
}

/// The people of a duty, by index, and whose working hours matter.
#[derive(Default)]
struct Cast<'a> {
    index: BTreeMap<&'a ResidentId, PersonIndex>,
    listed: Vec<&'a ResidentId>,
    with_hours: BTreeSet<PersonIndex>,
}

impl<'a> Cast<'a> {
    fn add(&mut self, id: &'a ResidentId) -> PersonIndex {
        *self.index.entry(id).or_insert_with(|| {
            self.listed.push(id);
            (self.listed.len() - 1) as PersonIndex
        })
    }

    fn add_all(&mut self, ids: &'a [ResidentId]) -> Vec<PersonIndex> {
        ids.iter().map(|id| self.add(id)).collect()
    }
}

struct Reader<'a> {
    team: &'a TeamSnapshot,
    rules: &'a ZoneRules,
    span: Interval,
    cast: Cast<'a>,
    edges: Vec<EdgeAt>,
}

impl<'a> Reader<'a> {
    fn push(&mut self, at: Instant, change: Change) {
        if at < self.span.end() {
            self.edges.push(EdgeAt { at, change });
        }
    }

    fn push_both(&mut self, interval: Interval, change: impl Fn(Edge) -> Change) {
        self.push(interval.start(), change(Edge::Begins));
        self.push(interval.end(), change(Edge::Ends));
    }

    fn overrides(&mut self, duty: &DutyId) -> Result<Vec<OverrideTrack<'a>>, UnknownZone> {
        let mut entries: Vec<_> = self.team.overrides.iter().filter(|(_, entry)| entry.value.duty == *duty).collect();
        entries.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.meta.created));
        let mut tracks = Vec::new();
        for (id, entry) in entries {
            let interval = entry.value.span.interval(self.rules)?.filter(|interval| interval.overlaps(self.span));
            let Some(interval) = interval else { continue };
            let index = tracks.len() as u32;
            self.push_both(interval, |edge| Change::Override { index, edge });
            let (by, owner) = match &entry.value.form {
                OverrideForm::Add { by } => (Some(by), None),
                OverrideForm::Replace { by, owner } => (Some(by), Some(owner)),
                OverrideForm::TakeOff { owner } => (None, Some(owner)),
            };
            let (by, owner) = (by.map(|id| self.cast.add(id)), owner.map(|id| self.cast.add(id)));
            tracks.push(OverrideTrack { id, by, owner });
        }
        Ok(tracks)
    }

    fn layer(
        &mut self,
        layer: LayerIndex,
        id: &'a LayerId,
        versions: &'a Versions<Layer>,
    ) -> Result<LayerTrack<'a>, UnknownZone> {
        let mut track = LayerTrack { id, versions: Vec::new(), windows: Vec::new() };
        for end in versions.list().iter().filter(|version| version.value.is_none()) {
            self.push(end.from, Change::Layer { layer, index: None, made: end.made });
        }
        for (stretch, version, value) in versions.within(self.span) {
            let (index, made) = (Some(track.versions.len() as u32), version.made);
            self.push(stretch.start(), Change::Layer { layer, index, made });
            let people = self.cast.add_all(value.source.people());
            if value.hours == Hours::Working {
                self.cast.with_hours.extend(&people);
            }
            let shadows = self.cast.add_all(&value.shadows);
            if value.hours == Hours::Working {
                self.cast.with_hours.extend(&shadows);
            }
            let begun = windows_begun_before(versions, version.from, self.rules)?;
            self.windows(layer, stretch, value, &mut track.windows, &begun)?;
            let rotation = match &value.source {
                Source::Rotation(rotation) => Some(self.turns(layer, stretch, rotation)?),
                Source::Pool(_) => None,
            };
            track.versions.push(LayerVersion {
                made: version.made,
                rotation,
                people,
                working_only: value.hours == Hours::Working,
                next_participant: value.when_absent == WhenAbsent::NextParticipant,
                limited: value.windows.is_some(),
                shadows,
            });
        }
        Ok(track)
    }

    /// Adds the edges of a layer's windows: of overlapping ones the earlier begun, until it ends (semantics 4.6).
    fn windows(
        &mut self,
        layer: LayerIndex,
        stretch: Interval,
        value: &'a Layer,
        names: &mut Vec<&'a WindowId>,
        begun: &[(&WindowId, Day)],
    ) -> Result<(), UnknownZone> {
        let Some(windows) = &value.windows else { return Ok(()) };
        let zone = windows.zone.zone(self.rules)?;
        let index: Vec<WindowIndex> = windows.windows.iter().map(|window| name_index(names, window)).collect();
        let mut days: Vec<_> = occurrences(&windows.windows, zone, stretch, |_| true).collect();
        days.sort_by_key(|day| (day.interval.start(), day.day, day.window));
        let mut free_from = Instant::MIN;
        for day in days {
            let start = day.interval.start().max(free_from);
            let Some(own) = Interval::new(start, day.interval.end()) else { continue };
            free_from = own.end();
            let Some(shown) = own.intersection(stretch) else { continue };
            let window = index.get(day.window).map(|name| (*name, day.day));
            let before = windows.windows.get(day.window).is_some_and(|window| begun.contains(&(&window.id, day.day)));
            let starts = shown.start() == own.start() && !before;
            self.push(shown.start(), Change::Window { layer, window, starts });
            self.push(shown.end(), Change::Window { layer, window: None, starts: shown.end() == own.end() });
        }
        Ok(())
    }

    fn turns(
        &mut self,
        layer: LayerIndex,
        stretch: Interval,
        rotation: &Rotation,
    ) -> Result<RotationTurns, UnknownZone> {
        let grid = rotation.turns(rotation.zone.zone(self.rules)?);
        self.turn_edges(layer, stretch, &grid, rotation.held_turn);
        Ok(RotationTurns { grid: rotation.grid, offset: i64::from(rotation.offset) })
    }

    fn turn_edges(&mut self, layer: LayerIndex, stretch: Interval, grid: &Grid<'_>, held: Option<i64>) {
        let mut turn = held.unwrap_or_else(|| grid.turn_at(stretch.start()));
        let starts = grid.boundary(turn) == stretch.start();
        self.push(stretch.start(), Change::Turn { layer, turn, starts });
        if held.is_some() {
            return;
        }
        let mut cursor = grid.zone().cursor();
        let end = stretch.end().min(self.span.end());
        loop {
            turn += 1;
            let at = cursor.instant(grid.boundary_wall(turn));
            if at >= end {
                return;
            }
            self.push(at, Change::Turn { layer, turn, starts: true });
        }
    }

    fn requirements(
        &mut self,
        versions: &[(Interval, &'a Version<Duty>, &'a Duty)],
    ) -> Result<Vec<RequirementTrack<'a>>, UnknownZone> {
        let mut stretches: Vec<(&'a RequirementId, Vec<(Interval, Day)>)> = Vec::new();
        for (stretch, _, duty) in versions {
            for requirement in &duty.requirements {
                let found = self.required_hours(*stretch, requirement)?;
                match stretches.iter_mut().find(|(id, _)| *id == &requirement.id) {
                    Some((_, list)) => list.extend(found),
                    None => stretches.push((&requirement.id, found)),
                }
            }
        }
        let tracks: Vec<_> =
            stretches.into_iter().map(|(id, list)| RequirementTrack { id, runs: unite(list) }).collect();
        for (requirement, track) in tracks.iter().enumerate() {
            let requirement = requirement as u32;
            for (index, run) in track.runs.iter().enumerate() {
                let index = index as u32;
                self.push_both(run.interval, |edge| Change::Required { requirement, index, edge });
            }
        }
        Ok(tracks)
    }

    fn required_hours(
        &self,
        stretch: Interval,
        requirement: &'a Requirement,
    ) -> Result<Vec<(Interval, Day)>, UnknownZone> {
        let zone = requirement.zone.zone(self.rules)?;
        let always = [WeeklyWindow::always()];
        let windows: &[WeeklyWindow] = match &requirement.time {
            RequirementTime::Always => &always,
            RequirementTime::Windows(windows) => windows,
        };
        let mut found = Vec::new();
        for (part, suspended) in holidays_within(self.team, &requirement.holiday_sets, stretch) {
            if requirement.is_every_hour() && suspended.is_empty() {
                found.extend(every_hour(zone, part));
                continue;
            }
            let selects = |day: Day| requirement.includes_day(day) && !suspended.contains(&day);
            let days = occurrences(windows, zone, part, selects);
            found.extend(days.filter_map(|day| Some((day.interval.intersection(part)?, day.day))));
        }
        Ok(found)
    }

    /// The span with the days before it at which hours are looked at, for their labels.
    fn wide_span(&self) -> Interval {
        Interval::new(self.span.start().plus(-MARGIN_SECONDS), self.span.end()).unwrap_or(self.span)
    }

    fn duty(
        &mut self,
        versions: &[(Interval, &'a Version<Duty>, &'a Duty)],
        layers: &[LayerTrack<'a>],
        requirements: &[RequirementTrack<'a>],
    ) -> Vec<DutyVersion<'a>> {
        let mut found = Vec::new();
        for (stretch, version, duty) in versions {
            self.push(stretch.start(), Change::Duty { index: Some(found.len() as u32) });
            let next = versions.get(found.len() + 1).map(|(next, ..)| next.start());
            if next != Some(stretch.end()) {
                self.push(stretch.end(), Change::Duty { index: None });
            }
            let place = |id: &LayerId| layers.iter().position(|layer| layer.id == id).map(|index| index as LayerIndex);
            let asks = |stated: &Requirement| {
                let place = requirements.iter().position(|track| *track.id == stated.id)?;
                Some((place, stated.required(duty.headcount)))
            };
            found.push(DutyVersion {
                made: version.made,
                duty,
                layers: duty.layers.iter().filter_map(place).collect(),
                required: duty.requirements.iter().filter_map(asks).collect(),
            });
        }
        found
    }

    fn people(&mut self) -> Result<Vec<Person<'a>>, UnknownZone> {
        let entries = time_off_entries(self.team);
        let mut people = Vec::new();
        for (index, id) in std::mem::take(&mut self.cast.listed).into_iter().enumerate() {
            let person = index as PersonIndex;
            let with_hours = self.cast.with_hours.contains(&person);
            let read = Person::read(self.team, self.rules, id, self.span, &entries, with_hours)?;
            let read = read.unwrap_or_else(|| Person::nobody(id));
            self.person_edges(person, &read);
            people.push(read);
        }
        Ok(people)
    }

    fn person_edges(&mut self, person: PersonIndex, read: &Person<'a>) {
        for (index, (stretch, ..)) in read.versions.iter().enumerate() {
            self.push(stretch.start(), Change::Resident { person, index: index as u32 });
        }
        for (index, (interval, _)) in read.term.iter().enumerate() {
            let index = index as u32;
            self.push_both(*interval, |edge| Change::Term { person, index, edge });
        }
        for (index, absence) in read.hard.iter().enumerate() {
            let index = index as u32;
            self.push_both(absence.interval, |edge| Change::Hard { person, index, edge });
        }
        for (index, absence) in read.soft.iter().enumerate() {
            let index = index as u32;
            self.push_both(absence.interval, |edge| Change::Soft { person, index, edge });
        }
        for (index, run) in read.working.iter().enumerate() {
            let index = index as u32;
            self.push_both(run.interval, |edge| Change::Hours { person, index, edge });
        }
    }
}

/// All of `part`, as the hours of its first local day and those of the days after it to the last.
fn every_hour(zone: &Zone, part: Interval) -> impl Iterator<Item = (Interval, Day)> {
    // A day lasts until the clock first shows the next one, also while a clock that was set back repeats itself.
    let day = |at: Instant| zone.furthest_wall(at).day();
    let (first, last) = (day(part.start()), day(part.end().plus(-1)));
    let cut = zone.day_start(first.plus(1)).min(part.end());
    let parts = [(Interval::new(part.start(), cut), first), (Interval::new(cut, part.end()), last)];
    parts.into_iter().filter_map(|(interval, day)| Some((interval?, day)))
}

/// The windows that began, on which days, under the versions before the one from `from`: one that the new version
/// moves is no other window, and cannot begin once more (semantics 4.6).
fn windows_begun_before<'v>(
    versions: &'v Versions<Layer>,
    from: Instant,
    rules: &ZoneRules,
) -> Result<Vec<(&'v WindowId, Day)>, UnknownZone> {
    let Some(near) = Interval::new(from.plus(-MARGIN_SECONDS), from) else { return Ok(Vec::new()) };
    let mut begun = Vec::new();
    for (stretch, _, layer) in versions.within(near) {
        let Some(windows) = &layer.windows else { continue };
        let days = occurrences(&windows.windows, windows.zone.zone(rules)?, stretch, |_| true);
        begun.extend(days.filter_map(|day| Some((&windows.windows.get(day.window)?.id, day.day))));
    }
    Ok(begun)
}

/// The days that holiday sets name, for each part of `stretch` in which no set changes.
fn holidays_within(team: &TeamSnapshot, sets: &[HolidaySetId], stretch: Interval) -> Vec<(Interval, BTreeSet<Day>)> {
    let sets: Vec<_> = sets.iter().filter_map(|id| team.holiday_sets.get(id)).collect();
    let edits = sets.iter().flat_map(|set| set.versions.list()).map(|version| version.from);
    let mut cuts: Vec<Instant> = edits.filter(|at| stretch.contains(*at)).collect();
    cuts.extend([stretch.start(), stretch.end()]);
    cuts.sort_unstable();
    let parts = cuts.windows(2).filter_map(|pair| Interval::new(pair[0], pair[1]));
    parts
        .map(|part| {
            let in_effect = sets.iter().filter_map(|set| set.versions.at(part.start())).map(|(_, set)| set.days());
            (part, in_effect.flatten().collect())
        })
        .collect()
}

fn name_index<'a>(names: &mut Vec<&'a WindowId>, window: &'a WeeklyWindow) -> WindowIndex {
    let place = names.iter().position(|name| **name == window.id).unwrap_or_else(|| {
        names.push(&window.id);
        names.len() - 1
    });
    place as WindowIndex
}
