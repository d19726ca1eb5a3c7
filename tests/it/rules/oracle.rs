//! Who is on duty at an instant: semantics 4.1 to 4.4 word for word, with nothing remembered between two questions.
//!
//! Written from `docs/semantics.md` alone; it shares civil time and the model with the engine, and no more.

use onduty::civil::{Date, Day, Instant, Interval, WeeklyWindow, WindowId, Zone, ZoneRules};
use onduty::engine::{Listing, LoadClass, Place, Slot};
use onduty::model::{
    Duty, DutyId, Effect, Headcount, HolidaySetId, Hours, Layer, LayerId, Made, Override, OverrideForm, OverrideId,
    Requirement, RequirementTime, Resident, ResidentId, Rotation, Source, TeamSnapshot, TimeOff, WhenAbsent, ZoneName,
};

/// Returns who is listed for `duty` at `t`; `None` where the duty is not in effect.
pub fn at(team: &TeamSnapshot, rules: &ZoneRules, duty: &DutyId, t: Instant) -> Option<Listing> {
    Question::new(team, rules, duty, t).map(|question| question.answer())
}

/// Returns the requirement that asks most at `t`, the first listed of equals (semantics 5.1).
pub fn asks_most(team: &TeamSnapshot, rules: &ZoneRules, duty: &DutyId, t: Instant) -> Option<Requirement> {
    let question = Question::new(team, rules, duty, t)?;
    let mut asking: Vec<&Requirement> =
        question.duty.requirements.iter().filter(|requirement| question.asks(requirement)).collect();
    // The sort is stable: of equals the first listed stays first.
    asking.sort_by_key(|requirement| std::cmp::Reverse(requirement.required(question.duty.headcount)));
    asking.first().map(|requirement| (*requirement).clone())
}

/// Returns what an hour on duty counts as for `id` at `t`, when the duty is in effect (semantics 6.2).
pub fn load_class(team: &TeamSnapshot, rules: &ZoneRules, duty: &DutyId, id: &ResidentId, t: Instant) -> LoadClass {
    let question = Question::new(team, rules, duty, t).unwrap();
    let resident = question.resident(id).unwrap();
    let zone = question.zone_of(id, resident);
    let today = local_day(zone, t);
    let clock = |hour: i64| zone.instant(today.start().plus(hour * 3_600));
    let stated = &resident.working_hours;
    let works = match stated.is_empty() {
        true => today.weekday_index() < 5,
        false => stated.iter().any(|window| window.weekdays.contains_day(today)),
    };
    if question.is_holiday(&resident.holidays.sets, today) {
        LoadClass::Holiday
    } else if !works {
        LoadClass::Weekend
    } else if t < clock(7) || clock(22) <= t {
        LoadClass::Night
    } else if question.at_work(id) {
        LoadClass::Working
    } else {
        LoadClass::Evening
    }
}

/// Returns the local day that `t` is in, days running from 00:00 to 00:00 by the one rule (semantics 1.4).
pub fn local_day(zone: &Zone, t: Instant) -> Day {
    days_around(zone, t).find(|day| zone.day_start(*day) <= t && t < zone.day_start(day.plus(1))).unwrap()
}

/// The local days near `t`, earliest first: more than any window or jump of the clock can reach.
fn days_around(zone: &Zone, t: Instant) -> impl Iterator<Item = Day> {
    let near = zone.day(t);
    (-4..=3).map(move |step| near.plus(step))
}

/// The windows' occurrences that hold `t`, by day and then by place in the list (semantics 1.5).
fn occurrences_at<'a>(
    windows: &'a [WeeklyWindow],
    zone: &'a Zone,
    t: Instant,
) -> impl Iterator<Item = (&'a WeeklyWindow, Day, Interval)> + 'a {
    days_around(zone, t)
        .flat_map(move |day| windows.iter().map(move |window| (window, day)))
        .filter(|(window, day)| window.weekdays.contains_day(*day))
        .filter_map(move |(window, day)| Some((window, day, window.on_day(day, zone)?)))
        .filter(move |(_, _, interval)| interval.contains(t))
}

/// The window in which a layer is active, and its local day.
type OpenWindow = (WindowId, Date);

/// An override that covers the instant.
struct Covering<'a> {
    id: &'a OverrideId,
    made: Made,
    form: &'a OverrideForm,
}

/// Somebody who is listed so far.
struct Listed {
    place: Place,
    /// Drawn although softly off, so that everybody else goes before them (4.3e).
    softly: bool,
}

/// How somebody stands towards a layer at the instant.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Standing {
    FullyFree,
    SoftlyOff,
    Unavailable,
}

/// What the overrides say about one slot (4.3b).
enum Ruling<'a> {
    Untouched,
    /// Nobody stands in it.
    Nobody,
    /// The resident stands in it, if they can.
    StandsIn(&'a ResidentId, &'a Covering<'a>),
}

/// One question: a duty at an instant, with the versions in effect then.
struct Question<'a> {
    team: &'a TeamSnapshot,
    rules: &'a ZoneRules,
    t: Instant,
    duty: &'a Duty,
    /// In the duty's order: the layers that are in effect and inside their windows, with the window that counts.
    layers: Vec<(&'a LayerId, &'a Layer, Option<OpenWindow>)>,
    /// In the order in which they were made.
    overrides: Vec<Covering<'a>>,
}

impl<'a> Question<'a> {
    fn new(team: &'a TeamSnapshot, rules: &'a ZoneRules, id: &DutyId, t: Instant) -> Option<Self> {
        let configured = team.duties.get(id)?;
        let (_, duty) = configured.versions.at(t)?;
        let mut overrides: Vec<Covering<'a>> = team
            .overrides
            .iter()
            .filter(|(_, entry)| entry.value.duty == *id && covers(&entry.value, rules, t))
            .map(|(id, entry)| Covering { id, made: entry.meta.created, form: &entry.value.form })
            .collect();
        overrides.sort_by_key(|entry| entry.made);
        let mut question = Self { team, rules, t, duty, layers: Vec::new(), overrides };
        for id in &duty.layers {
            let Some((_, layer)) = configured.layers.get(id).and_then(|versions| versions.at(t)) else { continue };
            if let Some(window) = question.window_at(layer) {
                question.layers.push((id, layer, window));
            }
        }
        Some(question)
    }

    fn answer(&self) -> Listing {
        let mut listed: Vec<Listed> = Vec::new();
        self.list_added(&mut listed); // 4.3a: ahead of all layers
        for (id, layer, window) in &self.layers {
            match &layer.source {
                Source::Rotation(rotation) => self.list_rotation(id, layer, rotation, window, &mut listed),
                Source::Pool(members) => self.list_pool(id, layer, members, window, &mut listed),
            }
        }
        listed.sort_by_key(|entry| entry.softly); // 4.3e; stable
        let required = self.required();
        let on_duty = match self.duty.headcount {
            Headcount::All => listed.len(),                                            // 4.4
            Headcount::Count(count) => listed.len().min(count.max(required) as usize), // 4.4: N
        };
        let mut standby: Vec<ResidentId> =
            listed.iter().skip(on_duty).map(|entry| entry.place.resident.clone()).collect();
        for (_, layer, _) in &self.layers {
            standby.extend(self.one_more(layer, &listed, &standby));
        }
        let shadows = self.shadows(&listed, &standby);
        let on_duty = listed.into_iter().take(on_duty).map(|entry| entry.place).collect();
        Listing { on_duty, standby, shadows, required }
    }

    /// 4.3a: "B" makes a slot of its own, the later made first; the slot is B's, so that "C for B" changes it.
    fn list_added(&self, listed: &mut Vec<Listed>) {
        for entry in self.overrides.iter().rev() {
            let OverrideForm::Add { by } = entry.form else { continue };
            let slot = Slot::Override(entry.id.clone());
            match self.ruling(by, Some(entry.made)) {
                Ruling::Untouched => drop(self.place(by, entry, slot, listed)),
                Ruling::Nobody => {}
                Ruling::StandsIn(other, later) => drop(self.place(other, later, slot, listed)),
            }
        }
    }

    /// 4.2a and 4.3b, c: one person for the turn.
    fn list_rotation(
        &self,
        id: &LayerId,
        layer: &Layer,
        rotation: &Rotation,
        window: &Option<OpenWindow>,
        listed: &mut Vec<Listed>,
    ) {
        let Some((turn, on_turn)) = self.on_turn(rotation) else { return };
        let slot = Slot::Turn { layer: id.clone(), grid: rotation.grid, turn, window: window.clone() };
        let owner = &rotation.participants[on_turn];
        match self.ruling(owner, None) {
            Ruling::Nobody => return,
            Ruling::StandsIn(by, entry) => {
                if self.place(by, entry, slot.clone(), listed) {
                    return;
                }
                // 4.3c: B is prevented, so the slot is filled as `when_absent` says, leaving A out.
            }
            Ruling::Untouched => {}
        }
        // Whoever is taken off is not drawn, so A is left out of this by itself.
        let drawn = self.draw(layer, rotation, on_turn, &|resident| self.standing(resident, layer, listed));
        if let Some((resident, softly)) = drawn {
            listed.push(Listed { place: Place { resident, slot, by_override: None }, softly });
        }
    }

    /// 4.2a, steps 1 to 5.
    fn draw(
        &self,
        layer: &Layer,
        rotation: &Rotation,
        on_turn: usize,
        standing: &dyn Fn(&ResidentId) -> Standing,
    ) -> Option<(ResidentId, bool)> {
        let first = &rotation.participants[on_turn];
        for (wanted, softly) in [(Standing::FullyFree, false), (Standing::SoftlyOff, true)] {
            if standing(first) == wanted {
                return Some((first.clone(), softly)); // steps 1 and 3
            }
            if layer.when_absent == WhenAbsent::NextParticipant
                && let Some(next) = after(rotation, on_turn).find(|next| standing(next) == wanted)
            {
                return Some((next.clone(), softly)); // steps 2 and 4
            }
        }
        None // step 5
    }

    /// 4.2b and 4.3b, c: every member who can be there, those softly off behind the rest.
    fn list_pool(
        &self,
        id: &LayerId,
        layer: &Layer,
        members: &[ResidentId],
        window: &Option<OpenWindow>,
        listed: &mut Vec<Listed>,
    ) {
        let slot =
            |member: &ResidentId| Slot::Member { layer: id.clone(), member: member.clone(), window: window.clone() };
        for (wanted, softly) in [(Standing::FullyFree, false), (Standing::SoftlyOff, true)] {
            for member in members {
                match self.ruling(member, None) {
                    Ruling::Nobody => {}
                    // Prevented or in a better place: the slot stays empty and those behind move up.
                    Ruling::StandsIn(by, entry) if !softly => {
                        self.place(by, entry, slot(member), listed);
                    }
                    Ruling::StandsIn(..) => {}
                    Ruling::Untouched if self.standing(member, layer, listed) == wanted => {
                        let place = Place { resident: member.clone(), slot: slot(member), by_override: None };
                        listed.push(Listed { place, softly });
                    }
                    Ruling::Untouched => {}
                }
            }
        }
    }

    /// What the latest made override says about the slot of `owner`; with `since`, of those made after it (4.3b).
    fn ruling(&self, owner: &ResidentId, since: Option<Made>) -> Ruling<'_> {
        let concerning =
            |entry: &&Covering<'_>| entry.form.owner() == Some(owner) && since.is_none_or(|since| since < entry.made);
        match self.overrides.iter().rev().find(concerning) {
            None => Ruling::Untouched,
            Some(entry) => match entry.form {
                OverrideForm::Replace { by, .. } => Ruling::StandsIn(by, entry),
                OverrideForm::Add { .. } | OverrideForm::TakeOff { .. } => Ruling::Nobody,
            },
        }
    }

    /// Puts `by` into `slot` for the override `entry`, unless they are prevented or in a better place (4.3c, e).
    fn place(&self, by: &ResidentId, entry: &Covering<'_>, slot: Slot, listed: &mut Vec<Listed>) -> bool {
        let void = self.overrides.iter().any(|later| {
            later.made > entry.made && matches!(later.form, OverrideForm::TakeOff { owner } if owner == by)
        });
        if void || !self.in_term(by) || self.hard_off(by) {
            return false;
        }
        if listed.iter().any(|other| other.place.resident == *by && !other.softly) {
            return false;
        }
        // A place that they got although softly off is the worse one; it stays empty.
        listed.retain(|other| other.place.resident != *by);
        let place = Place { resident: by.clone(), slot, by_override: Some(entry.id.clone()) };
        listed.push(Listed { place, softly: false });
        true
    }

    /// 4.1, with 4.2c (listed already) and 4.3b (taken off).
    fn standing(&self, id: &ResidentId, layer: &Layer, listed: &[Listed]) -> Standing {
        if self.taken_off(id) || listed.iter().any(|entry| entry.place.resident == *id) || !self.available(id, layer) {
            Standing::Unavailable
        } else if self.time_off(id, &Effect::Soft) {
            Standing::SoftlyOff
        } else {
            Standing::FullyFree
        }
    }

    fn taken_off(&self, id: &ResidentId) -> bool {
        self.overrides.iter().any(|entry| entry.form.owner() == Some(id))
    }

    /// 4.1.
    fn available(&self, id: &ResidentId, layer: &Layer) -> bool {
        let Some(resident) = self.resident(id) else { return false };
        let skilled = self.duty.skills.iter().all(|skill| resident.skills.contains(skill));
        skilled && self.present(id, layer)
    }

    /// 4.1 without skills, which is what a shadow needs (2.5).
    fn present(&self, id: &ResidentId, layer: &Layer) -> bool {
        self.in_term(id) && !self.hard_off(id) && (layer.hours == Hours::Any || self.at_work(id))
    }

    /// The version in effect; whoever has none is not in the team.
    fn resident(&self, id: &ResidentId) -> Option<&'a Resident> {
        self.team.residents.get(id)?.versions.at(self.t).map(|(_, resident)| resident)
    }

    /// 2.2: whole days of a zone, the last one included.
    fn in_term(&self, id: &ResidentId) -> bool {
        let Some(resident) = self.resident(id) else { return false };
        let zone = self.zone(&resident.term.zone);
        let today = local_day(zone, self.t);
        let term = &resident.term;
        term.first.is_none_or(|first| Day::from(first) <= today)
            && term.last.is_none_or(|last| today <= Day::from(last))
    }

    /// 4.1: hard time off, holidays included.
    fn hard_off(&self, id: &ResidentId) -> bool {
        self.time_off(id, &Effect::Hard) || self.resident(id).is_some_and(|resident| self.holiday(resident))
    }

    fn holiday(&self, resident: &Resident) -> bool {
        let today = local_day(self.zone(&resident.holidays.zone), self.t);
        self.is_holiday(&resident.holidays.sets, today)
    }

    fn is_holiday(&self, sets: &[HolidaySetId], day: Day) -> bool {
        let sets = sets.iter().filter_map(|id| self.team.holiday_sets.get(id)?.versions.at(self.t));
        sets.flat_map(|(_, set)| &set.holidays).any(|holiday| Day::from(holiday.date) == day)
    }

    fn time_off(&self, id: &ResidentId, effect: &Effect) -> bool {
        let mut entries = self.team.time_off.values().filter(|entry| entry.value.resident == *id);
        entries.any(|entry| entry.value.effect == *effect && self.covered_since(&entry.value).is_some())
    }

    /// The start of the instance that covers the instant; of several instances the latest start.
    fn covered_since(&self, entry: &TimeOff) -> Option<Instant> {
        let now = Interval::new(self.t, self.t.plus(1)).unwrap();
        let instances = entry.instances(now, self.rules).unwrap();
        instances.iter().map(|instance| instance.interval.start()).max()
    }

    /// 4.1: at work, on the clock of the zone where the resident is.
    fn at_work(&self, id: &ResidentId) -> bool {
        let Some(resident) = self.resident(id) else { return false };
        occurrences_at(&resident.working_hours, self.zone_of(id, resident), self.t).next().is_some()
    }

    /// 2.8: the home zone, or where they work elsewhere; the later start holds, of equal ones the later made.
    fn zone_of(&self, id: &ResidentId, resident: &'a Resident) -> &'a Zone {
        let entries = self.team.time_off.values().filter(|entry| entry.value.resident == *id);
        let elsewhere = entries.filter_map(|entry| match &entry.value.effect {
            Effect::WorkingElsewhere { zone } => Some((self.covered_since(&entry.value)?, entry.meta.created, zone)),
            Effect::Hard | Effect::Soft => None,
        });
        let holds = elsewhere.max_by_key(|(since, made, _)| (*since, *made));
        self.zone(holds.map_or(&resident.home_zone, |(_, _, zone)| zone))
    }

    /// 2.5: whether the layer is active; and 4.6a: in which window, the earlier begun until it ends.
    ///
    /// `None`: not active. `Some(None)`: active, without windows.
    fn window_at(&self, layer: &Layer) -> Option<Option<OpenWindow>> {
        let Some(windows) = &layer.windows else { return Some(None) };
        let open = occurrences_at(&windows.windows, self.zone(&windows.zone), self.t);
        // The first of equals: the earlier day, then the place in the list.
        let (window, day, _) = open.min_by_key(|(_, _, interval)| interval.start())?;
        Some(Some((window.id.clone(), day.date())))
    }

    /// 3.1 and 3.3: the turn and the place in the order of the participant whose turn it is.
    fn on_turn(&self, rotation: &Rotation) -> Option<(i64, usize)> {
        let size = i64::try_from(rotation.participants.len()).unwrap();
        if size == 0 {
            return None;
        }
        let turn = rotation.held_turn.unwrap_or_else(|| self.turn(rotation));
        Some((turn, usize::try_from((turn + i64::from(rotation.offset)).rem_euclid(size)).unwrap()))
    }

    /// 3.1: the largest `k` with a boundary at or before the instant, found by strides that shrink to single steps.
    fn turn(&self, rotation: &Rotation) -> i64 {
        let grid = rotation.turns(self.zone(&rotation.zone));
        let mut turn = 0;
        let mut stride = 1 << 20;
        while stride > 0 {
            while grid.boundary(turn) > self.t {
                turn -= stride;
            }
            while grid.boundary(turn + stride) <= self.t {
                turn += stride;
            }
            stride /= 2;
        }
        turn
    }

    /// 2.4 and 4.4: the most that any requirement asks for at the instant; 0 outside all of them.
    fn required(&self) -> u32 {
        let asking = self.duty.requirements.iter().filter(|requirement| self.asks(requirement));
        asking.map(|requirement| requirement.required(self.duty.headcount)).max().unwrap_or(0)
    }

    /// 1.5 and 2.4: first and last date and holidays go by the day a window belongs to.
    fn asks(&self, requirement: &Requirement) -> bool {
        let zone = self.zone(&requirement.zone);
        let counts = |day: Day| {
            requirement.first.is_none_or(|first| Day::from(first) <= day)
                && requirement.last.is_none_or(|last| day <= Day::from(last))
                && !self.is_holiday(&requirement.holiday_sets, day)
        };
        match &requirement.time {
            RequirementTime::Always => counts(local_day(zone, self.t)),
            RequirementTime::Windows(windows) => occurrences_at(windows, zone, self.t).any(|(_, day, _)| counts(day)),
        }
    }

    /// 4.4: one more for a rotation with `next_participant`, found as in 4.2 after the participant on turn.
    fn one_more(&self, layer: &Layer, listed: &[Listed], standby: &[ResidentId]) -> Option<ResidentId> {
        let Source::Rotation(rotation) = &layer.source else { return None };
        if layer.when_absent != WhenAbsent::NextParticipant {
            return None;
        }
        let (_, on_turn) = self.on_turn(rotation)?;
        let standing = |id: &ResidentId| match standby.contains(id) {
            true => Standing::Unavailable,
            false => self.standing(id, layer, listed),
        };
        let mut wanted = [Standing::FullyFree, Standing::SoftlyOff].into_iter();
        wanted.find_map(|wanted| after(rotation, on_turn).find(|next| standing(next) == wanted).cloned())
    }

    /// 2.5: beside the layers that are active, without anybody who has a better place (4.3e).
    fn shadows(&self, listed: &[Listed], standby: &[ResidentId]) -> Vec<ResidentId> {
        let mut shadows: Vec<ResidentId> = Vec::new();
        for (_, layer, _) in &self.layers {
            for shadow in &layer.shadows {
                let elsewhere = listed.iter().any(|entry| entry.place.resident == *shadow)
                    || standby.contains(shadow)
                    || shadows.contains(shadow);
                if !elsewhere && self.present(shadow, layer) {
                    shadows.push(shadow.clone());
                }
            }
        }
        shadows
    }

    fn zone(&self, name: &ZoneName) -> &'a Zone {
        name.zone(self.rules).unwrap()
    }
}

/// The participants after the one at `place`, going round in the order, without that one.
fn after(rotation: &Rotation, place: usize) -> impl Iterator<Item = &ResidentId> {
    let size = rotation.participants.len();
    (1..size).map(move |step| &rotation.participants[(place + step) % size])
}

fn covers(entry: &Override, rules: &ZoneRules, t: Instant) -> bool {
    entry.span.interval(rules).unwrap().is_some_and(|interval| interval.contains(t))
}
