//! What in a roster will surprise people (semantics 7.2).

use std::collections::BTreeMap;

use super::board::read_people;
use super::idle::idle_overrides;
use super::people::Person;
use super::presence::duty_versions;
use super::state::State;
use super::tracks::{Change, LayerIndex, PersonIndex, Tracks};
use super::walk::{is_lasting, walk};
use super::weak_points::{layer_versions, qualified};
use crate::civil::{Interval, IntervalSet, UnknownZone, ZoneRules};
use crate::model::{DutyId, LayerId, ObjectKey, RequirementId, ResidentId, TeamSnapshot};

/// The kinds of surprises.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum FindingKind {
    /// A participant, member or shadow of a layer is out of term.
    OutOfTerm,
    /// Somebody without working hours is in a layer that asks for them, and never counts.
    NoWorkingHours,
    /// An override does nothing.
    IdleOverride,
    /// Nobody can hold a duty.
    UnholdableDuty,
    /// At some required time no layer has anybody to ask.
    UnreachedRequirement,
}

/// The part of a duty that a finding is about.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum FindingPart {
    /// A layer.
    Layer(LayerId),
    /// A requirement.
    Requirement(RequirementId),
}

/// Something that will surprise.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// What kind of surprise.
    pub kind: FindingKind,
    /// The object at fault: a duty or an override.
    pub object: ObjectKey,
    /// The part of the duty at fault; `None` where it is the whole object.
    pub part: Option<FindingPart>,
    /// Whom it concerns; `None` where it is nobody in particular.
    pub resident: Option<ResidentId>,
    /// The first stretch of the window for which it is so.
    pub interval: Option<Interval>,
    /// What is wrong, and a way out, in words.
    pub text: String,
}

/// Returns what in the team's roster will surprise people in `window`, by object (semantics 7.2).
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::check;
/// # use onduty::model::{TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let day = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
/// for finding in check(&team, &rules, day).unwrap() {
///     println!("{}", finding.text);
/// }
/// ```
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn check(team: &TeamSnapshot, rules: &ZoneRules, window: Interval) -> Result<Vec<Finding>, UnknownZone> {
    let people = read_people(team, rules, window, false)?;
    let mut findings = Vec::new();
    for duty in team.duties.keys() {
        let Some(tracks) = Tracks::read(team, rules, duty, window)? else { continue };
        findings.extend(duty_findings(team, &tracks, &people));
    }
    findings.extend(idle_overrides(team, rules, window)?);
    findings.sort_by(|a, b| a.object.cmp(&b.object));
    Ok(findings)
}

/// What can be wrong with a duty at an instant, by index.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Wrong {
    OutOfTerm(LayerIndex, PersonIndex),
    NoWorkingHours(LayerIndex, PersonIndex),
    Unreached(usize),
}

/// What is wrong, each with the first stretch for which it is.
#[derive(Default)]
struct Wrongs {
    first: BTreeMap<Wrong, Interval>,
    /// When the layers name people, and none of them is qualified.
    unqualified: Vec<Interval>,
}

impl Wrongs {
    fn note(&mut self, wrong: Wrong, stretch: Interval) {
        let first = self.first.entry(wrong).or_insert(stretch);
        if first.end() == stretch.start() {
            *first = Interval::new(first.start(), stretch.end()).unwrap_or(*first);
        }
    }

    fn look(&mut self, state: &State, tracks: &Tracks<'_>, stretch: Interval) {
        let Some(version) = state.duty.and_then(|index| tracks.versions.get(index as usize)) else { return };
        for &layer in &version.layers {
            self.look_at_layer(layer, state, tracks, stretch);
        }
        let mut named = layer_versions(state, tracks).flat_map(|layer| &layer.people);
        if named.next().is_some() && qualified(state, tracks).is_empty() {
            self.unqualified.push(stretch);
        }
        let asks = |layer: &LayerIndex| state.active(*layer, tracks).is_some_and(|active| !active.people.is_empty());
        if !version.layers.iter().any(asks) {
            let running = |place: &usize| state.required.get(*place).copied().unwrap_or(false);
            for (place, _) in version.required.iter().filter(|(place, asks)| *asks > 0 && running(place)) {
                self.note(Wrong::Unreached(*place), stretch);
            }
        }
    }

    fn look_at_layer(&mut self, layer: LayerIndex, state: &State, tracks: &Tracks<'_>, stretch: Interval) {
        let version = state.layers.get(layer as usize).and_then(|standing| standing.version);
        let versions = tracks.layers.get(layer as usize).map(|track| &track.versions);
        let Some(version) = version.zip(versions).and_then(|(index, list)| list.get(index as usize)) else { return };
        for &person in version.people.iter().chain(&version.shadows) {
            let Some(standing) = state.people.get(person as usize) else { continue };
            let stated =
                standing.version.and_then(|index| tracks.people.get(person as usize)?.versions.get(index as usize));
            if !standing.in_term {
                self.note(Wrong::OutOfTerm(layer, person), stretch);
            } else if version.working_only && stated.is_some_and(|(.., resident)| resident.working_hours.is_empty()) {
                self.note(Wrong::NoWorkingHours(layer, person), stretch);
            }
        }
    }
}

fn duty_findings(team: &TeamSnapshot, tracks: &Tracks<'_>, people: &[Person<'_>]) -> Vec<Finding> {
    let mut wrongs = Wrongs::default();
    let matters = |change| is_lasting(change) || matches!(change, Change::Window { .. });
    walk(tracks, matters, |state, stretch| wrongs.look(state, tracks, stretch));
    let unqualified: IntervalSet = std::mem::take(&mut wrongs.unqualified).into_iter().collect();
    let unholdable = unholdable(team, tracks, people, &unqualified);
    let named = wrongs.first.into_iter().filter_map(|(wrong, interval)| name(tracks, wrong, interval));
    unholdable.into_iter().chain(named).collect()
}

/// Nobody of the team is in term and has the skills, or nobody in the layers.
fn unholdable(
    team: &TeamSnapshot,
    tracks: &Tracks<'_>,
    people: &[Person<'_>],
    unqualified: &IntervalSet,
) -> Option<Finding> {
    let versions = duty_versions(team, tracks.duty, tracks.span);
    let in_effect: IntervalSet = versions.iter().map(|(stretch, _)| *stretch).collect();
    let able = people.iter().map(|person| person.skilled(&versions, tracks.span).intersection(&person.term_set()));
    let able = able.fold(IntervalSet::EMPTY, |all, own| all.union(&own));
    let nobody = in_effect.difference(&able);
    let interval = nobody.union(unqualified).intervals().first().copied()?;
    let duty = tracks.duty;
    let text = if nobody.contains(interval.start()) {
        format!("nobody in term has the skills for '{duty}'; give somebody the skills, or the duty fewer")
    } else {
        format!("nobody in the layers of '{duty}' is in term and has its skills, though others are; add one of them")
    };
    Some(finding(FindingKind::UnholdableDuty, duty, None, None, interval, text))
}

fn name(tracks: &Tracks<'_>, wrong: Wrong, interval: Interval) -> Option<Finding> {
    let duty = tracks.duty;
    let layer_id = |layer: LayerIndex| tracks.layers.get(layer as usize).map(|track| track.id.clone());
    let resident_id = |person: PersonIndex| tracks.people.get(person as usize).map(|track| track.id.clone());
    Some(match wrong {
        Wrong::OutOfTerm(layer, person) => {
            let (layer, resident) = (layer_id(layer)?, resident_id(person)?);
            let text = format!(
                "'{resident}' is in layer '{layer}' of '{duty}', but not in term for some of the time; change the \
                 term, or the layer from then on"
            );
            let part = Some(FindingPart::Layer(layer));
            finding(FindingKind::OutOfTerm, duty, part, Some(resident), interval, text)
        }
        Wrong::NoWorkingHours(layer, person) => {
            let (layer, resident) = (layer_id(layer)?, resident_id(person)?);
            let text = format!(
                "'{resident}' states no working hours, so layer '{layer}' of '{duty}', which asks for them, never \
                 counts them; state the hours, or let the layer take any"
            );
            let part = Some(FindingPart::Layer(layer));
            finding(FindingKind::NoWorkingHours, duty, part, Some(resident), interval, text)
        }
        Wrong::Unreached(place) => {
            let requirement = tracks.requirements.get(place)?.id.clone();
            let text = format!(
                "requirement '{requirement}' of '{duty}' asks for people when no layer has any; widen a layer's \
                 windows, add a layer, or ask for less"
            );
            let part = Some(FindingPart::Requirement(requirement));
            finding(FindingKind::UnreachedRequirement, duty, part, None, interval, text)
        }
    })
}

fn finding(
    kind: FindingKind,
    duty: &DutyId,
    part: Option<FindingPart>,
    resident: Option<ResidentId>,
    interval: Interval,
    text: String,
) -> Finding {
    Finding { kind, object: ObjectKey::Duty(duty.clone()), part, resident, interval: Some(interval), text }
}

#[cfg(test)]
mod tests;
