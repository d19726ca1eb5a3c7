//! Everything that decides who is on one duty over a stretch of time, as edges in order of time.
//!
//! Statements are read once into intervals (people, layers, requirements, overrides); their beginnings and ends are
//! the edges. The sweep applies them one after the other to a [`State`](super::state::State).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::answer::Edge;
use super::names::Names;
use super::people::{MARGIN_SECONDS, Person, time_off_entries};
use super::runs::{Run, unite};
use crate::civil::{Day, Grid, Instant, Interval, UnknownZone, WeeklyWindow, WindowId, ZoneRules, occurrences};
use crate::model::{
    Duty, DutyId, HolidaySetId, Hours, Layer, LayerId, Made, OverrideForm, OverrideId, Requirement, RequirementId,
    RequirementTime, ResidentId, Rotation, Source, TeamSnapshot, Version, Versions, WhenAbsent,
};

/// A person by place in [`Tracks::people`].
pub(super) type PersonIndex = u32;
/// A layer by place in [`Tracks::layers`].
pub(super) type LayerIndex = u32;
/// A window by place in [`LayerTrack::windows`].
pub(super) type WindowIndex = u32;

/// One thing that begins, ends or changes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Override {
        index: u32,
        edge: Edge,
    },
    Hard {
        person: PersonIndex,
        index: u32,
        edge: Edge,
    },
    Soft {
        person: PersonIndex,
        index: u32,
        edge: Edge,
    },
    Hours {
        person: PersonIndex,
        index: u32,
        edge: Edge,
    },
    Term {
        person: PersonIndex,
        index: u32,
        edge: Edge,
    },
    Resident {
        person: PersonIndex,
        index: u32,
    },
    Required {
        requirement: u32,
        index: u32,
        edge: Edge,
    },
    Duty {
        index: Option<u32>,
    },
    /// `made` is the change that made the version, or the end.
    Layer {
        layer: LayerIndex,
        index: Option<u32>,
        made: Made,
    },
    /// The layer's window; `starts` is false where a new version only takes over one that goes on.
    Window {
        layer: LayerIndex,
        window: Option<(WindowIndex, Day)>,
        starts: bool,
    },
    /// The rotation's turn; `starts` as for windows.
    Turn {
        layer: LayerIndex,
        turn: i64,
        starts: bool,
    },
}

/// A change and when it happens.
#[derive(Clone, Copy, Debug)]
pub(super) struct EdgeAt {
    pub at: Instant,
    pub change: Change,
}

/// A version of the duty, with its layers in order.
#[derive(Debug)]
pub(super) struct DutyVersion<'a> {
    pub made: Made,
    pub duty: &'a Duty,
    pub layers: Vec<LayerIndex>,
    /// What each requirement of [`Tracks::requirements`] asks for; `None` where this version lacks it.
    pub required: Vec<Option<u32>>,
}

/// A version of a layer, with people by index.
#[derive(Debug)]
pub(super) struct LayerVersion {
    pub made: Made,
    pub rotation: Option<RotationTurns>,
    pub people: Vec<PersonIndex>,
    pub working_only: bool,
    pub next_participant: bool,
    pub limited: bool,
    pub shadows: Vec<PersonIndex>,
}

/// What of a rotation the sweep needs.
#[derive(Debug)]
pub(super) struct RotationTurns {
    pub grid: u32,
    pub offset: i64,
}

/// A layer with its versions and the names of its windows.
#[derive(Debug)]
pub(super) struct LayerTrack<'a> {
    pub id: &'a LayerId,
    pub versions: Vec<LayerVersion>,
    pub windows: Vec<&'a WindowId>,
}

/// A requirement with its hours.
#[derive(Debug)]
pub(super) struct RequirementTrack<'a> {
    pub id: &'a RequirementId,
    pub runs: Vec<Run>,
}

/// An override, with people by index.
#[derive(Debug)]
pub(super) struct OverrideTrack<'a> {
    pub id: &'a OverrideId,
    pub by: Option<PersonIndex>,
    pub owner: Option<PersonIndex>,
}

/// Everything that decides who is on a duty over a stretch of time.
#[derive(Debug)]
pub(super) struct Tracks<'a> {
    pub duty: &'a DutyId,
    pub span: Interval,
    pub people: Vec<Person<'a>>,
    pub layers: Vec<LayerTrack<'a>>,
    pub requirements: Vec<RequirementTrack<'a>>,
    /// The later made first.
    pub overrides: Vec<OverrideTrack<'a>>,
    pub versions: Vec<DutyVersion<'a>>,
    /// In order of time; those before the span make its first state.
    pub edges: Vec<EdgeAt>,
    pub names: Arc<Names>,
}

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
        let names = Arc::new(names);
        Ok(Some(Self { duty, span, people, layers, requirements, overrides, versions, edges, names }))
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
            let asks = |track: &RequirementTrack<'a>| {
                let requirement = duty.requirements.iter().find(|requirement| requirement.id == *track.id)?;
                Some(requirement.required(duty.headcount))
            };
            found.push(DutyVersion {
                made: version.made,
                duty,
                layers: duty.layers.iter().filter_map(place).collect(),
                required: requirements.iter().map(asks).collect(),
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
