//! Small teams for tests, stated in a few words: times are UTC in 2026, written `11-23 09:00`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::civil::{
    DateTime, Instant, Interval, IntervalSet, ShiftLength, ShiftUnit, Weekdays, WeeklyWindow, WindowId, ZoneRules,
};
use crate::model::*;

/// The bundled zone rules.
pub(super) static RULES: LazyLock<ZoneRules> = LazyLock::new(|| ZoneRules::bundled().unwrap());

/// Reads `11-23 09:00`, or `11-23` for midnight.
pub(super) fn at(text: &str) -> Instant {
    let (day, time) = text.split_once(' ').unwrap_or((text, "00:00"));
    format!("2026-{day}T{time}:00Z").parse().unwrap()
}

/// Returns `[start, end)`.
pub(super) fn during(start: &str, end: &str) -> Interval {
    Interval::new(at(start), at(end)).unwrap()
}

/// Returns the set of these intervals.
pub(super) fn set(parts: &[(&str, &str)]) -> IntervalSet {
    parts.iter().map(|(start, end)| during(start, end)).collect()
}

pub(super) fn person(id: &str) -> ResidentId {
    ResidentId::new(id).unwrap()
}

pub(super) fn duty_id(id: &str) -> DutyId {
    DutyId::new(id).unwrap()
}

pub(super) fn people(ids: &[&str]) -> Vec<ResidentId> {
    ids.iter().map(|id| person(id)).collect()
}

pub(super) fn window(id: &str, weekdays: Weekdays, start: &str, end: &str) -> WeeklyWindow {
    let id = WindowId::new(id).unwrap();
    WeeklyWindow { id, weekdays, start: start.parse().unwrap(), end: end.parse().unwrap() }
}

/// Everybody at once.
pub(super) fn pool(ids: &[&str]) -> Layer {
    Layer {
        source: Source::Pool(people(ids)),
        windows: None,
        hours: Hours::Any,
        when_absent: WhenAbsent::NextParticipant,
        shadows: Vec::new(),
    }
}

/// Turns of one day, or of one week, from Monday 2026-11-02 00:00 UTC; the slot of whoever is away stays empty.
pub(super) fn turns(unit: ShiftUnit, ids: &[&str]) -> Layer {
    let rotation = Rotation {
        participants: people(ids),
        length: ShiftLength::new(1, unit).unwrap(),
        anchor: DateTime::constant(2026, 11, 2, 0, 0, 0, 0),
        zone: ZoneName::new("UTC"),
        offset: 0,
        grid: 1,
        held_turn: None,
    };
    Layer { source: Source::Rotation(rotation), when_absent: WhenAbsent::NextLayer, ..pool(&[]) }
}

/// A team with a rest of 11 hours, in UTC.
#[derive(Debug)]
pub(super) struct Roster {
    pub team: TeamSnapshot,
}

impl Roster {
    pub fn new() -> Self {
        let mut team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
        let settings =
            Team { display_name: "PSF".to_owned(), zone: ZoneName::new("UTC"), public: true, rest_hours: 11 };
        team.team = Some(Configured { meta: meta(0), versions: from_always(settings) });
        Self { team }
    }

    fn next(&mut self) -> Meta {
        self.team.revision += 1;
        meta(self.team.revision)
    }

    /// Adds people who work Monday to Friday 09:00–17:00 in UTC, 40 hours a week.
    pub fn residents(&mut self, ids: &[&str]) {
        for id in ids {
            self.resident(id, |_| {});
        }
    }

    pub fn resident(&mut self, id: &str, edit: impl FnOnce(&mut Resident)) {
        let zone = ZoneName::new("UTC");
        let mut resident = Resident {
            display_name: id.to_owned(),
            home_zone: zone.clone(),
            working_hours: vec![window("days", Weekdays::WORKING, "09:00", "17:00")],
            capacity_minutes: 40 * 60,
            term: Term { first: None, last: None, zone: zone.clone() },
            skills: Vec::new(),
            holidays: Holidays { sets: Vec::new(), zone },
            handles: Vec::new(),
        };
        edit(&mut resident);
        let meta = self.next();
        self.team.residents.insert(person(id), Configured { meta, versions: from_always(resident) });
    }

    /// Adds a duty that needs one person always.
    pub fn duty(&mut self, id: &str, layers: Vec<(&str, Layer)>, edit: impl FnOnce(&mut Duty)) {
        let always = Requirement {
            id: RequirementId::new("always").unwrap(),
            time: RequirementTime::Always,
            zone: ZoneName::new("UTC"),
            headcount: None,
            first: None,
            last: None,
            holiday_sets: Vec::new(),
        };
        let mut duty = Duty {
            title: id.to_owned(),
            description: String::new(),
            requirements: vec![always],
            layers: layers.iter().map(|(id, _)| LayerId::new(id).unwrap()).collect(),
            skills: Vec::new(),
            headcount: Headcount::Count(1),
            criticality: Criticality::Normal,
            in_feed: true,
        };
        edit(&mut duty);
        let layers: BTreeMap<_, _> =
            layers.into_iter().map(|(id, layer)| (LayerId::new(id).unwrap(), from_always(layer))).collect();
        let meta = self.next();
        self.team.duties.insert(duty_id(id), ConfiguredDuty { meta, versions: from_always(duty), layers });
    }

    pub fn cover(&mut self, id: &str, duty: &str, span: (&str, &str), form: OverrideForm) {
        let span = Span::Instants { start: at(span.0), end: Some(at(span.1)) };
        let value = Override { duty: duty_id(duty), span, form, forced: false, swap: None };
        let meta = self.next();
        self.team.overrides.insert(OverrideId::new(id).unwrap(), Entered { meta, value });
    }

    pub fn replace(&mut self, id: &str, duty: &str, span: (&str, &str), by: &str, owner: &str) {
        self.cover(id, duty, span, OverrideForm::Replace { by: person(by), owner: person(owner) });
    }

    pub fn take_off(&mut self, id: &str, duty: &str, span: (&str, &str), owner: &str) {
        self.cover(id, duty, span, OverrideForm::TakeOff { owner: person(owner) });
    }

    pub fn off(&mut self, id: &str, resident: &str, start: &str, end: &str) {
        self.time_off(id, resident, Span::Instants { start: at(start), end: Some(at(end)) }, Effect::Hard);
    }

    pub fn time_off(&mut self, id: &str, resident: &str, span: Span, effect: Effect) {
        let resident = person(resident);
        let value = TimeOff { resident, span, effect, recurrence: None, cuts: Vec::new(), ended: None, imported: None };
        let meta = self.next();
        self.team.time_off.insert(TimeOffId::new(id).unwrap(), Entered { meta, value });
    }

    /// Adds an open task of the assignee.
    pub fn task(&mut self, id: &str, assignee: Option<&str>, edit: impl FnOnce(&mut Task)) {
        let mut value = Task {
            title: id.to_owned(),
            duty: None,
            assignee: assignee.map(person),
            deputy: None,
            state: TaskState::Open,
            due: None,
            effort_minutes: None,
            priority: Priority::Normal,
            stuck_reason: String::new(),
            finish_time: None,
            comments: Vec::new(),
            link: String::new(),
        };
        edit(&mut value);
        let meta = self.next();
        self.team.tasks.insert(TaskId::new(id).unwrap(), Entered { meta, value });
    }
}

fn meta(revision: u64) -> Meta {
    let made = Made { revision, position: 0 };
    let time = Instant::from_seconds(0);
    Meta { created: made, create_time: time, updated: made, update_time: time, origin: Origin::Entered }
}

/// One version that always holds.
pub(super) fn from_always<T: PartialEq>(value: T) -> Versions<T> {
    Versions::from_list(vec![Version { from: Instant::MIN, made: Made::default(), value: Some(value) }])
}
