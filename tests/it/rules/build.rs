//! Teams written by hand, tersely: every call after `resident`, `duty`, a layer or a requirement says more about it.
//!
//! Everything that is not stated has the value that changes least: no working hours, an open term, headcount 1, no
//! windows, `next_layer`, the team's zone. Layers are `l1`, `l2`, … in each duty, requirements `r1`, …, the windows of a
//! list `1`, `2`, …, overrides `o1`, … and time off `t1`, … in each team.
//!
//! ```text
//! Build::new("Europe/Warsaw")
//!     .resident("asa").works("mon-fri 09:00-17:00")
//!     .resident("bo")
//!     .duty("review").required("mon-fri 09:00-17:00").asking(2)
//!     .weekly("asa bo", "2026-03-02 09:00").next_participant()
//!     .off("asa", "2026-03-03..2026-03-05")
//!     .covers_for("bo", "asa", "2026-03-10 12:00..2026-03-10 15:00")
//! ```

use onduty::civil::{Instant, Recurrence, ShiftLength, ShiftUnit};
use onduty::model::*;

use super::terse::*;

/// A team in the making.
#[derive(Clone)]
pub struct Build {
    team: TeamSnapshot,
    zone: String,
    since: Instant,
    resident: Option<ResidentId>,
    duty: Option<DutyId>,
    layer: Option<LayerId>,
}

impl Build {
    /// Begins a team whose zone is `zone`; everything is in effect always unless [`Build::since`] says otherwise.
    pub fn new(zone: &str) -> Self {
        let mut team = TeamSnapshot::empty(TeamId::new("team").unwrap());
        team.revision = 1;
        let value = Team { display_name: "Team".to_owned(), zone: ZoneName::new(zone), public: true, rest_hours: 11 };
        let versions = only(Instant::MIN, meta(1).created, value);
        team.team = Some(Configured { meta: meta(1), versions });
        Self { team, zone: zone.to_owned(), since: Instant::MIN, resident: None, duty: None, layer: None }
    }

    /// Returns the team.
    pub fn team(&self) -> &TeamSnapshot {
        &self.team
    }

    /// Returns the team's zone.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// What is stated from here on takes effect at `from`; an edit of what exists opens a version then.
    pub fn since(mut self, from: &str) -> Self {
        self.since = instant(from, &self.zone);
        self
    }

    fn made(&mut self) -> Meta {
        self.team.revision += 1;
        meta(self.team.revision)
    }

    // Residents.

    /// Adds a resident who lives in the team's zone, or goes on about one who exists.
    pub fn resident(mut self, id: &str) -> Self {
        let id = resident(id);
        self.resident = Some(id.clone());
        if !self.team.residents.contains_key(&id) {
            let zone = ZoneName::new(&self.zone);
            let value = Resident {
                display_name: id.to_string(),
                home_zone: zone.clone(),
                working_hours: Vec::new(),
                capacity_minutes: 40 * 60,
                term: Term { first: None, last: None, zone: zone.clone() },
                skills: Vec::new(),
                holidays: Holidays { sets: Vec::new(), zone },
                handles: Vec::new(),
            };
            let meta = self.made();
            let versions = only(self.since, meta.created, value);
            self.team.residents.insert(id, Configured { meta, versions });
        }
        self
    }

    /// Adds residents about whom there is no more to say.
    pub fn residents(self, ids: &str) -> Self {
        ids.split_whitespace().fold(self, |build, id| build.resident(id))
    }

    /// Changes the resident from [`Build::since`] on.
    pub fn edit_resident(mut self, change: impl FnOnce(&mut Resident)) -> Self {
        let meta = self.made();
        let id = self.resident.clone().unwrap();
        edit(&mut self.team.residents.get_mut(&id).unwrap().versions, self.since, meta.created, change);
        self
    }

    /// The resident lives in `zone`, and their term and holidays are days there.
    pub fn lives_in(self, zone: &str) -> Self {
        self.edit_resident(|resident| {
            resident.home_zone = ZoneName::new(zone);
            resident.term.zone = ZoneName::new(zone);
            resident.holidays.zone = ZoneName::new(zone);
        })
    }

    /// The resident works in `hours`; see [`windows`].
    pub fn works(self, hours: &str) -> Self {
        self.edit_resident(|resident| resident.working_hours = windows(hours))
    }

    /// The resident's term is `first..last`, either of which may be missing.
    pub fn term(self, days: &str) -> Self {
        let (first, last) = days.split_once("..").unwrap();
        let date = |text: &str| Some(text).filter(|text| !text.is_empty()).map(day);
        self.edit_resident(|resident| (resident.term.first, resident.term.last) = (date(first), date(last)))
    }

    /// The resident has the skills, separated by spaces.
    pub fn skilled(self, skills: &str) -> Self {
        self.edit_resident(|resident| resident.skills = words(skills))
    }

    /// The resident keeps the holidays of the set.
    pub fn keeps(self, set: &str) -> Self {
        self.edit_resident(|resident| resident.holidays.sets.push(HolidaySetId::new(set).unwrap()))
    }

    /// The resident is no longer in the team from [`Build::since`] on.
    pub fn leaves(mut self) -> Self {
        let made = self.made().created;
        let id = self.resident.clone().unwrap();
        self.team.residents.get_mut(&id).unwrap().versions.set(self.since, made, None, true).unwrap();
        self
    }

    /// Adds a holiday set of the dates, separated by spaces.
    pub fn holidays(mut self, id: &str, dates: &str) -> Self {
        let meta = self.made();
        let holidays = dates.split_whitespace().map(|date| Holiday { date: day(date), name: String::new() });
        let value = HolidaySet { display_name: id.to_owned(), holidays: holidays.collect() };
        let versions = only(self.since, meta.created, value);
        self.team.holiday_sets.insert(HolidaySetId::new(id).unwrap(), Configured { meta, versions });
        self
    }

    // Duties.

    /// Adds a duty of headcount 1 that nothing requires, or goes on about one that exists.
    pub fn duty(mut self, id: &str) -> Self {
        let id = duty(id);
        self.duty = Some(id.clone());
        if !self.team.duties.contains_key(&id) {
            let value = Duty {
                title: id.to_string(),
                description: String::new(),
                requirements: Vec::new(),
                layers: Vec::new(),
                skills: Vec::new(),
                headcount: Headcount::Count(1),
                criticality: Criticality::Normal,
                in_feed: true,
            };
            let meta = self.made();
            let versions = only(self.since, meta.created, value);
            self.team.duties.insert(id, ConfiguredDuty { meta, versions, layers: [].into() });
        }
        self
    }

    fn configured(&mut self) -> &mut ConfiguredDuty {
        let id = self.duty.clone().expect("name a duty first");
        self.team.duties.get_mut(&id).unwrap()
    }

    /// Changes the duty from [`Build::since`] on.
    pub fn edit_duty(mut self, change: impl FnOnce(&mut Duty)) -> Self {
        let (made, since) = (self.made().created, self.since);
        edit(&mut self.configured().versions, since, made, change);
        self
    }

    /// `count` are on duty at a time.
    pub fn headcount(self, count: u32) -> Self {
        self.edit_duty(|duty| duty.headcount = Headcount::Count(count))
    }

    /// Everybody listed is on duty.
    pub fn everybody(self) -> Self {
        self.edit_duty(|duty| duty.headcount = Headcount::All)
    }

    /// Whoever is drawn needs the skills, separated by spaces.
    pub fn needs(self, skills: &str) -> Self {
        self.edit_duty(|duty| duty.skills = words(skills))
    }

    /// The duty ends at [`Build::since`].
    pub fn ends(mut self) -> Self {
        let (made, since) = (self.made().created, self.since);
        self.configured().versions.set(since, made, None, true).unwrap();
        self
    }

    // Requirements.

    /// Adds a requirement for `hours`: `always`, or see [`windows`].
    pub fn required(self, hours: &str) -> Self {
        let zone = ZoneName::new(&self.zone);
        self.edit_duty(|duty| {
            let time = match hours {
                "always" => RequirementTime::Always,
                hours => RequirementTime::Windows(windows(hours)),
            };
            let id = RequirementId::new(&format!("r{}", duty.requirements.len() + 1)).unwrap();
            let (headcount, first, last) = (None, None, None);
            duty.requirements.push(Requirement { id, time, zone, headcount, first, last, holiday_sets: Vec::new() });
        })
    }

    fn edit_requirement(self, change: impl FnOnce(&mut Requirement)) -> Self {
        self.edit_duty(|duty| change(duty.requirements.last_mut().expect("name a requirement first")))
    }

    /// The requirement asks for `count`.
    pub fn asking(self, count: u32) -> Self {
        self.edit_requirement(|requirement| requirement.headcount = Some(count))
    }

    /// The requirement has a first and a last day.
    pub fn on_days(self, days: &str) -> Self {
        let (first, last) = days.split_once("..").unwrap();
        self.edit_requirement(|requirement| {
            (requirement.first, requirement.last) = (Some(day(first)), Some(day(last)));
        })
    }

    /// The requirement asks for nothing on the days of the set.
    pub fn except_on(self, set: &str) -> Self {
        self.edit_requirement(|requirement| requirement.holiday_sets.push(HolidaySetId::new(set).unwrap()))
    }

    // Layers.

    fn add_layer(mut self, source: Source) -> Self {
        let (made, since) = (self.made().created, self.since);
        let configured = self.configured();
        let id = LayerId::new(&format!("l{}", configured.layers.len() + 1)).unwrap();
        let (windows, shadows) = (None, Vec::new());
        let layer = Layer { source, windows, hours: Hours::Any, when_absent: WhenAbsent::NextLayer, shadows };
        configured.layers.insert(id.clone(), only(since, made, layer));
        edit(&mut configured.versions, since, made, |duty| duty.layers.push(id.clone()));
        self.layer = Some(id);
        self
    }

    /// Adds a pool layer.
    pub fn pool(self, members: &str) -> Self {
        self.add_layer(Source::Pool(people(members)))
    }

    /// Adds a rotation layer with turns of `length` from `anchor` on.
    pub fn rotation(self, participants: &str, length: (u32, ShiftUnit), anchor: &str) -> Self {
        let zone = ZoneName::new(&self.zone);
        self.add_layer(Source::Rotation(Rotation {
            participants: people(participants),
            length: ShiftLength::new(length.0, length.1).unwrap(),
            anchor: local(anchor),
            zone,
            offset: 0,
            grid: 1,
            held_turn: None,
        }))
    }

    /// Adds a rotation layer with turns of a week.
    pub fn weekly(self, participants: &str, anchor: &str) -> Self {
        self.rotation(participants, (1, ShiftUnit::Weeks), anchor)
    }

    /// Adds a rotation layer with turns of a day.
    pub fn daily(self, participants: &str, anchor: &str) -> Self {
        self.rotation(participants, (1, ShiftUnit::Days), anchor)
    }

    /// Goes on about layer `id` of the duty.
    pub fn layer(mut self, id: &str) -> Self {
        self.layer = Some(LayerId::new(id).unwrap());
        self
    }

    /// Changes the layer from [`Build::since`] on; a rotation's people and grid as semantics 3.5 has it.
    ///
    /// A layer that has ended begins again.
    pub fn edit_layer(mut self, change: impl FnOnce(&mut Layer)) -> Self {
        let (made, since) = (self.made().created, self.since);
        let id = self.layer.clone().expect("name a layer first");
        let versions = self.configured().layers.get_mut(&id).unwrap();
        let current = versions.at(since).map(|(_, layer)| layer.clone());
        let last = versions.list().iter().rev().find_map(|version| version.value.as_ref());
        let mut wanted = current.as_ref().or(last).unwrap().clone();
        change(&mut wanted);
        let opened = rotation_versions(versions, wanted, since, false, rules()).unwrap();
        for (from, layer) in opened {
            versions.set(from, made, Some(layer), true).unwrap();
        }
        self
    }

    /// The layer ends at [`Build::since`].
    pub fn layer_ends(mut self) -> Self {
        let (made, since) = (self.made().created, self.since);
        let id = self.layer.clone().expect("name a layer first");
        self.configured().layers.get_mut(&id).unwrap().set(since, made, None, true).unwrap();
        self
    }

    /// The layer is active in `hours` only; see [`windows`].
    pub fn within(self, hours: &str) -> Self {
        let windows = Windows { zone: ZoneName::new(&self.zone), windows: windows(hours) };
        self.edit_layer(|layer| layer.windows = Some(windows))
    }

    /// The next participant stands in for whoever cannot be there.
    pub fn next_participant(self) -> Self {
        self.edit_layer(|layer| layer.when_absent = WhenAbsent::NextParticipant)
    }

    /// People count within their working hours only.
    pub fn at_work(self) -> Self {
        self.edit_layer(|layer| layer.hours = Hours::Working)
    }

    /// The people watch the layer.
    pub fn shadowed_by(self, shadows: &str) -> Self {
        self.edit_layer(|layer| layer.shadows = people(shadows))
    }

    // Overrides of the duty.

    fn add_override(mut self, form: OverrideForm, text: &str) -> Self {
        let meta = self.made();
        let id = OverrideId::new(&format!("o{}", self.team.overrides.len() + 1)).unwrap();
        let duty = self.duty.clone().expect("name a duty first");
        let value = Override { duty, span: span(text, &self.zone), form, forced: false, swap: None };
        self.team.overrides.insert(id, Entered { meta, value });
        self
    }

    /// "B": `by` covers; see [`span`].
    pub fn covers(self, by: &str, span: &str) -> Self {
        self.add_override(OverrideForm::Add { by: resident(by) }, span)
    }

    /// "B for A": `by` covers in the place of `owner`.
    pub fn covers_for(self, by: &str, owner: &str, span: &str) -> Self {
        self.add_override(OverrideForm::Replace { by: resident(by), owner: resident(owner) }, span)
    }

    /// "A off": `owner` is taken off.
    pub fn takes_off(self, owner: &str, span: &str) -> Self {
        self.add_override(OverrideForm::TakeOff { owner: resident(owner) }, span)
    }

    // Time off.

    fn add_time_off(mut self, id: &str, effect: Effect, span: Span) -> Self {
        let meta = self.made();
        let entry = TimeOffId::new(&format!("t{}", self.team.time_off.len() + 1)).unwrap();
        let value = TimeOff {
            resident: resident(id),
            span,
            effect,
            recurrence: None,
            cuts: Vec::new(),
            ended: None,
            imported: None,
        };
        self.team.time_off.insert(entry, Entered { meta, value });
        self
    }

    fn home(&self, id: &str) -> String {
        let resident = &self.team.residents[&resident(id)];
        resident.versions.latest().map_or(self.zone.clone(), |resident| resident.home_zone.to_string())
    }

    /// Hard time off; days and local times are those of the resident's home; see [`span`].
    pub fn off(self, id: &str, text: &str) -> Self {
        let span = span(text, &self.home(id));
        self.add_time_off(id, Effect::Hard, span)
    }

    /// Soft time off.
    pub fn soft(self, id: &str, text: &str) -> Self {
        let span = span(text, &self.home(id));
        self.add_time_off(id, Effect::Soft, span)
    }

    /// Works in `zone`; days and local times are those of `zone`.
    pub fn elsewhere(self, id: &str, zone: &str, text: &str) -> Self {
        self.add_time_off(id, Effect::WorkingElsewhere { zone: ZoneName::new(zone) }, span(text, zone))
    }

    fn last_time_off(&mut self) -> &mut TimeOff {
        let latest = self.team.time_off.iter().max_by_key(|(_, entry)| entry.meta.created);
        let id = latest.expect("state time off first").0.clone();
        &mut self.team.time_off.get_mut(&id).unwrap().value
    }

    /// The last stated time off recurs.
    pub fn every(mut self, rule: &str) -> Self {
        self.last_time_off().recurrence = Some(Recurrence { rule: rule.to_owned(), except: Vec::new() });
        self
    }

    /// The instance of the last stated time off that starts at local `instance` ended at `at`.
    pub fn back(mut self, instance: &str, at: &str) -> Self {
        let cut = Cut { instance: local(instance), at: self::instant(at, &self.zone) };
        self.last_time_off().cuts.push(cut);
        self
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// The history of an object that revision `revision` made.
pub fn meta(revision: u64) -> Meta {
    let made = Made { revision, position: 0 };
    let time = Instant::from_seconds(i64::try_from(revision).unwrap());
    Meta { created: made, create_time: time, updated: made, update_time: time, origin: Origin::Entered }
}

/// One version that holds from `from` on.
pub fn only<T>(from: Instant, made: Made, value: T) -> Versions<T> {
    Versions::from_list(vec![Version { from, made, value: Some(value) }])
}

fn edit<T: Clone + PartialEq>(versions: &mut Versions<T>, from: Instant, made: Made, change: impl FnOnce(&mut T)) {
    let mut value = versions.at(from).map(|(_, value)| value.clone()).expect("in effect");
    change(&mut value);
    versions.set(from, made, Some(value), true).unwrap();
}
