//! How what a random roster is drawn as becomes a valid team.

use std::collections::BTreeMap;

use onduty::civil::{
    DATE_MIN, Day, Exception, Instant, Interval, Recurrence, ShiftLength, TimeOfDay, Wall, WeeklyWindow, WindowId,
};
use onduty::model::*;

use super::arbitrary::{Roster, Scene};
use super::build::meta;
use super::plan::*;
use super::terse::rules;

const NAMES: [&str; 5] = ["asa", "bo", "cy", "dee", "eli"];
const RULES: [&str; 6] = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,WE,SA",
    "FREQ=MONTHLY",
    "FREQ=DAILY;COUNT=12",
];

/// A team that plans are turned into.
pub struct Planned {
    scene: Scene,
    team: TeamSnapshot,
    people: Vec<ResidentId>,
}

impl Planned {
    pub fn new(scene: Scene) -> Self {
        let mut team = super::build::Build::new(scene.zone(0)).team().clone();
        team.revision = 1;
        Self { scene, team, people: Vec::new() }
    }

    fn made(&mut self) -> Meta {
        self.team.revision += 1;
        meta(self.team.revision)
    }

    fn day(&self, day: i32) -> Day {
        self.scene.base.plus(day)
    }

    fn wall(&self, halves: i32) -> Wall {
        self.scene.base.start().plus(i64::from(halves) * 1_800)
    }

    fn instant(&self, halves: i32) -> Instant {
        rules().zone(self.scene.zone(0)).unwrap().instant(self.wall(halves))
    }

    fn zone(&self, zone: u8) -> ZoneName {
        ZoneName::new(self.scene.zone(zone))
    }

    fn person(&self, index: u8) -> ResidentId {
        self.people[usize::from(index) % self.people.len()].clone()
    }

    /// The days of a term, of which only the last may be left open.
    fn term(&self, days: (Option<i8>, Option<i8>)) -> (Option<jiff::civil::Date>, Option<jiff::civil::Date>) {
        let (first, last) = self.days(days);
        (first.or(last.map(|_| DATE_MIN)), last)
    }

    fn days(&self, (first, last): (Option<i8>, Option<i8>)) -> (Option<jiff::civil::Date>, Option<jiff::civil::Date>) {
        let first = first.map(|day| self.day(i32::from(day)));
        let last = last.map(|day| self.day(i32::from(day))).map(|last| first.map_or(last, |first| first.max(last)));
        (first.map(Day::date), last.map(Day::date))
    }

    fn sets(&self, mask: u8) -> Vec<HolidaySetId> {
        (0..2).filter(|bit| mask & (1 << bit) != 0).map(set_id).collect()
    }

    pub fn people(&mut self, plans: &[ResidentPlan]) {
        self.people = NAMES.iter().take(plans.len()).map(|name| ResidentId::new(name).unwrap()).collect();
        for (id, plan) in self.people.clone().into_iter().zip(plans) {
            let meta = self.made();
            let (first, last) = self.term(plan.term);
            let zone = self.zone(plan.zone);
            let mut value = Resident {
                display_name: id.to_string(),
                home_zone: zone.clone(),
                working_hours: windows(&plan.working),
                capacity_minutes: 40 * 60,
                term: Term { first, last, zone: zone.clone() },
                skills: skills(plan.skills),
                holidays: Holidays { sets: self.sets(plan.holiday_sets), zone },
                handles: Vec::new(),
            };
            let mut list = vec![Version { from: Instant::MIN, made: meta.created, value: Some(value.clone()) }];
            for (at, change) in in_order(&plan.changes) {
                let made = self.made().created;
                self.change_resident(&mut value, change);
                let value = Some(value.clone()).filter(|_| !matches!(change, ResidentChange::Leaves));
                list.push(Version { from: self.instant(*at), made, value });
            }
            self.team.residents.insert(id, Configured { meta, versions: Versions::from_list(list) });
        }
    }

    fn change_resident(&self, resident: &mut Resident, change: &ResidentChange) {
        match change {
            ResidentChange::Leaves | ResidentChange::Returns => {}
            ResidentChange::Works(hours) => resident.working_hours = windows(hours),
            ResidentChange::Moves(zone) => resident.home_zone = self.zone(*zone),
            ResidentChange::Skills(mask) => resident.skills = skills(*mask),
            ResidentChange::Term(term) => (resident.term.first, resident.term.last) = self.term(*term),
        }
    }

    pub fn holiday_sets(&mut self, plans: &[Vec<i32>], moved: Option<&(i32, Vec<i32>)>) {
        for (index, days) in plans.iter().enumerate() {
            let meta = self.made();
            let set = |days: &[i32]| HolidaySet {
                display_name: "Holidays".to_owned(),
                holidays: distinct(days)
                    .into_iter()
                    .map(|day| Holiday { date: self.day(day).date(), name: String::new() })
                    .collect(),
            };
            let mut list = vec![Version { from: Instant::MIN, made: meta.created, value: Some(set(days)) }];
            if let Some((at, days)) = moved.filter(|_| index == 0) {
                let value = Some(set(days)).filter(|set| !set.holidays.is_empty());
                list.push(Version { from: self.instant(*at), made: meta.created, value });
            }
            let versions = Versions::from_list(list);
            self.team.holiday_sets.insert(set_id(index), Configured { meta, versions });
        }
    }

    pub fn duty(&mut self, plan: &DutyPlan) {
        let meta = self.made();
        let ids: Vec<LayerId> = (0..plan.layers.len()).map(layer_id).collect();
        let layers: BTreeMap<LayerId, Versions<Layer>> =
            ids.iter().cloned().zip(plan.layers.iter().map(|layer| self.layer(layer))).collect();
        let mut value = Duty {
            title: "Duty".to_owned(),
            description: String::new(),
            requirements: self.requirements(&plan.requirements),
            layers: ids,
            skills: skills(plan.skills),
            headcount: headcount(plan.headcount),
            criticality: Criticality::Normal,
            in_feed: true,
        };
        let since = plan.since.map_or(Instant::MIN, |since| self.instant(since));
        let mut list = vec![Version { from: since, made: meta.created, value: Some(value.clone()) }];
        for (at, change) in in_order(&plan.changes) {
            let made = self.made().created;
            self.change_duty(&mut value, change);
            let value = Some(value.clone()).filter(|_| !matches!(change, DutyChange::Ends));
            list.push(Version { from: self.instant(*at), made, value });
        }
        let versions = Versions::from_list(list);
        self.team.duties.insert(duty_id(), ConfiguredDuty { meta, versions, layers });
    }

    fn change_duty(&self, duty: &mut Duty, change: &DutyChange) {
        match change {
            DutyChange::Headcount(count) => duty.headcount = headcount(*count),
            DutyChange::Requirements(plans) => duty.requirements = self.requirements(plans),
            DutyChange::RequirementsReversed => duty.requirements.reverse(),
            DutyChange::LayersReversed => duty.layers.reverse(),
            DutyChange::LayerDropped => drop(duty.layers.pop()),
            DutyChange::Skills(mask) => duty.skills = skills(*mask),
            DutyChange::Ends | DutyChange::Begins => {}
        }
    }

    fn requirements(&self, plans: &[RequirementPlan]) -> Vec<Requirement> {
        let requirement = |(index, plan): (usize, &RequirementPlan)| {
            let (first, last) = self.days(plan.days);
            Requirement {
                id: RequirementId::new(&format!("r{}", index + 1)).unwrap(),
                time: plan
                    .windows
                    .as_ref()
                    .map_or(RequirementTime::Always, |list| RequirementTime::Windows(windows(list))),
                zone: self.zone(plan.zone),
                headcount: plan.count,
                first,
                last,
                holiday_sets: self.sets(plan.holiday_sets),
            }
        };
        plans.iter().enumerate().map(requirement).collect()
    }

    fn layer(&mut self, plan: &LayerPlan) -> Versions<Layer> {
        let made = self.made().created;
        let hours = if plan.at_work { Hours::Working } else { Hours::Any };
        let when_absent = if plan.next_participant { WhenAbsent::NextParticipant } else { WhenAbsent::NextLayer };
        let mut wanted = Layer {
            source: self.source(&plan.source),
            windows: plan.windows.as_ref().map(|windows| self.windows(windows)),
            hours,
            when_absent,
            shadows: self.members(&order(plan.shadows)),
        };
        beside(&mut wanted);
        let mut versions = Versions::default();
        versions.set(Instant::MIN, made, Some(wanted.clone()), false).unwrap();
        for (at, change) in in_order(&plan.changes) {
            let (from, made) = (self.instant(*at), self.made().created);
            if matches!(change, LayerChange::Ends) {
                versions.set(from, made, None, true).unwrap();
                continue;
            }
            self.change_layer(&mut wanted, change);
            beside(&mut wanted);
            let opened = rotation_versions(&versions, wanted.clone(), from, at % 5 == 0, rules()).unwrap();
            for (from, mut layer) in opened {
                // A turn that is held keeps its people, whom the edit may have made shadows.
                beside(&mut layer);
                versions.set(from, made, Some(layer), true).unwrap();
            }
        }
        versions
    }

    fn change_layer(&self, layer: &mut Layer, change: &LayerChange) {
        match change {
            LayerChange::People(order) => match &mut layer.source {
                Source::Rotation(rotation) => rotation.participants = self.participants(order),
                Source::Pool(members) => *members = self.members(order),
            },
            LayerChange::Source(source) => layer.source = self.source(source),
            LayerChange::Hours => layer.hours = if layer.hours == Hours::Any { Hours::Working } else { Hours::Any },
            LayerChange::WhenAbsent => {
                layer.when_absent = match layer.when_absent {
                    WhenAbsent::NextLayer => WhenAbsent::NextParticipant,
                    WhenAbsent::NextParticipant => WhenAbsent::NextLayer,
                };
            }
            LayerChange::Windows(windows) => layer.windows = windows.as_ref().map(|windows| self.windows(windows)),
            LayerChange::Shadows(mask) => layer.shadows = self.members(&order(*mask)),
            LayerChange::Ends => {}
        }
    }

    fn source(&self, plan: &SourcePlan) -> Source {
        match plan {
            SourcePlan::Pool(order) => Source::Pool(self.members(order)),
            SourcePlan::Rotation { order, length, anchor, zone } => Source::Rotation(Rotation {
                participants: self.participants(order),
                length: ShiftLength::new(length.0, length.1).unwrap(),
                anchor: self.wall(*anchor).date_time(),
                zone: self.zone(*zone),
                offset: 0,
                grid: 1,
                held_turn: None,
            }),
        }
    }

    /// Somebody may have more turns than others.
    fn participants(&self, order: &[u8]) -> Vec<ResidentId> {
        order.iter().map(|index| self.person(*index)).collect()
    }

    fn members(&self, order: &[u8]) -> Vec<ResidentId> {
        let mut members = Vec::new();
        for member in self.participants(order) {
            if !members.contains(&member) {
                members.push(member);
            }
        }
        members
    }

    fn windows(&self, (zone, list): &(u8, Vec<WindowPlan>)) -> Windows {
        Windows { zone: self.zone(*zone), windows: windows(list) }
    }

    fn span(&self, plan: &SpanPlan, back: i32) -> Span {
        match plan {
            SpanPlan::Days { day, days, zone } => Span::Days {
                first: self.day(day + back).date(),
                last: Some(self.day(day + back + days - 1).date()),
                zone: self.zone(*zone),
            },
            SpanPlan::Local { start, length, zone } => Span::Local {
                start: self.wall(start + back * 48).date_time(),
                end: Some(self.wall(start + back * 48 + length).date_time()),
                zone: self.zone(*zone),
            },
            SpanPlan::Instants { start, length, odd } => {
                let start = self.instant(start + back * 48).plus(*odd);
                Span::Instants { start, end: Some(start.plus(i64::from(*length) * 1_800)) }
            }
        }
    }

    pub fn overrides(&mut self, plans: &[OverridePlan]) {
        for (index, plan) in plans.iter().enumerate() {
            let by = self.person(plan.by);
            let owner = Some(self.person(plan.owner)).filter(|owner| *owner != by || plan.form != 1);
            let owner = owner.unwrap_or_else(|| self.person(plan.by + 1));
            let form = match plan.form {
                0 => OverrideForm::Add { by },
                1 if by != owner => OverrideForm::Replace { by, owner },
                _ => OverrideForm::TakeOff { owner },
            };
            let meta = self.made();
            // Ids do not follow the order in which things are made.
            let id = OverrideId::new(&format!("o{}", (index * 5) % 9)).unwrap();
            let value = Override { duty: duty_id(), span: self.span(&plan.span, 0), form, forced: true, swap: None };
            self.team.overrides.insert(id, Entered { meta, value });
        }
    }

    pub fn time_off(&mut self, plans: &[TimeOffPlan]) {
        for (index, plan) in plans.iter().enumerate() {
            let meta = self.made();
            let id = TimeOffId::new(&format!("t{}", (index * 3) % 7)).unwrap();
            self.team.time_off.insert(id, Entered { meta, value: self.entry(plan) });
        }
    }

    fn entry(&self, plan: &TimeOffPlan) -> TimeOff {
        let effect = match plan.effect {
            0..=3 => Effect::Hard,
            4..=6 => Effect::Soft,
            _ => Effect::WorkingElsewhere { zone: self.zone(plan.zone) },
        };
        let span = self.span(&plan.span, 0);
        let (recurrence, cuts) = (None, Vec::new());
        let mut entry =
            TimeOff { resident: self.person(plan.who), span, effect, recurrence, cuts, ended: None, imported: None };
        match plan.kind {
            EntryPlan::Once => {}
            EntryPlan::Open => match &mut entry.span {
                Span::Days { last, .. } => *last = None,
                Span::Local { end, .. } => *end = None,
                Span::Instants { end, .. } => *end = None,
            },
            EntryPlan::Cut(halves) => {
                let at = entry.span.interval(rules()).unwrap().map(|interval| interval.start());
                let at = at.unwrap_or(Instant::MIN).plus(i64::from(halves) * 1_800);
                entry.cuts.push(Cut { instance: entry.span.local_start(), at });
            }
            EntryPlan::Recurs { .. } if matches!(plan.span, SpanPlan::Instants { .. }) => {}
            EntryPlan::Recurs { rule, back, except } => {
                entry.span = self.span(&plan.span, back);
                let rule = RULES[usize::from(rule) % RULES.len()].to_owned();
                let except = except.map(|day| Exception::Date(self.day(day).date())).into_iter().collect();
                entry.recurrence = Some(Recurrence { rule, except });
            }
        }
        entry
    }

    pub fn finish(self, start: i32, hours: i32) -> Roster {
        let start = self.instant(start);
        let window = Interval::new(start, start.plus(i64::from(hours) * 3_600)).unwrap();
        Roster { team: self.team, duty: duty_id(), window, scene: self.scene }
    }
}

/// Shadows are none of the layer's own people.
pub fn beside(layer: &mut Layer) {
    let people = layer.source.people().to_vec();
    layer.shadows.retain(|shadow| !people.contains(shadow));
}

fn in_order<T>(changes: &[(i32, T)]) -> Vec<&(i32, T)> {
    let mut changes: Vec<&(i32, T)> = changes.iter().collect();
    changes.sort_by_key(|(at, _)| *at);
    changes
}

fn distinct(days: &[i32]) -> Vec<i32> {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    days
}

fn windows(plans: &[WindowPlan]) -> Vec<WeeklyWindow> {
    let time = |halves: u8| TimeOfDay::from_seconds(u32::from(halves) * 1_800).unwrap();
    let window = |(index, plan): (usize, &WindowPlan)| WeeklyWindow {
        id: WindowId::new(&(index + 1).to_string()).unwrap(),
        weekdays: plan.days,
        start: time(plan.start),
        end: time(plan.end),
    };
    plans.iter().enumerate().map(window).collect()
}

fn order(mask: u8) -> Vec<u8> {
    (0..5).filter(|bit| mask & (1 << bit) != 0).collect()
}

fn skills(mask: u8) -> Vec<String> {
    ["rust", "c"]
        .iter()
        .enumerate()
        .filter(|(bit, _)| mask & (1 << bit) != 0)
        .map(|(_, word)| (*word).to_owned())
        .collect()
}

fn headcount(count: u32) -> Headcount {
    if count == 0 { Headcount::All } else { Headcount::Count(count) }
}

pub fn set_id(index: usize) -> HolidaySetId {
    HolidaySetId::new(&format!("h{}", index + 1)).unwrap()
}

pub fn layer_id(index: usize) -> LayerId {
    LayerId::new(&format!("l{}", index + 1)).unwrap()
}

fn duty_id() -> DutyId {
    DutyId::new("d").unwrap()
}
