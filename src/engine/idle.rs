//! Overrides that do nothing (semantics 4.3, 7.2).

use std::collections::BTreeMap;

use super::check::{Finding, FindingKind};
use super::places::{Against, Outcome, Places, Witness};
use super::tracks::{LayerIndex, PersonIndex, Tracks};
use super::walk::walk;
use crate::civil::{Interval, UnknownZone, ZoneRules};
use crate::model::{DutyId, ObjectKey, Override, OverrideForm, OverrideId, TeamSnapshot};

/// How far beyond the window an override that reaches into it is looked at, in seconds: 400 days.
const BEYOND_SECONDS: i64 = 400 * 86_400;

/// An override that reaches into the window.
struct Entry<'a> {
    id: &'a OverrideId,
    stated: &'a Override,
    interval: Interval,
}

/// Returns the overrides that reach into `window` and do nothing at any time of their own.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub(super) fn idle_overrides(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    window: Interval,
) -> Result<Vec<Finding>, UnknownZone> {
    let mut by_duty: BTreeMap<&DutyId, Vec<Entry<'_>>> = BTreeMap::new();
    for (id, entered) in &team.overrides {
        let stated = &entered.value;
        let interval = stated.span.interval(rules)?.filter(|interval| interval.overlaps(window));
        by_duty.entry(&stated.duty).or_default().extend(interval.map(|interval| Entry { id, stated, interval }));
    }
    let beyond = Interval::new(window.start().plus(-BEYOND_SECONDS), window.end().plus(BEYOND_SECONDS));
    let mut findings = Vec::new();
    for (duty, entries) in by_duty {
        let start = entries.iter().map(|entry| entry.interval.start()).min();
        let end = entries.iter().map(|entry| entry.interval.end()).max();
        let around = start.zip(end).and_then(|(start, end)| Interval::new(start, end)?.intersection(beyond?));
        let Some(around) = around else { continue };
        let outcomes = match Tracks::read(team, rules, duty, around)? {
            Some(tracks) => outcomes(&tracks),
            None => BTreeMap::new(),
        };
        for entry in entries {
            let seen = outcomes.get(entry.id).copied();
            if seen.is_none_or(|seen| !seen.applied) {
                findings.push(name(&entry, seen, window));
            }
        }
    }
    Ok(findings)
}

/// What became of an override over time.
#[derive(Clone, Copy, Default)]
struct Seen {
    applied: bool,
    placed: bool,
    cannot: Option<Against>,
}

/// What became of each override in effect; one that met no slot is left without an outcome.
fn outcomes(tracks: &Tracks<'_>) -> BTreeMap<OverrideId, Seen> {
    let mut places = Places::default();
    let mut notes = Notes::default();
    let everything = |_| true;
    walk(tracks, everything, |state, _| {
        if state.duty.is_some() && !state.overrides.is_empty() {
            for index in &state.overrides {
                notes.seen.entry(*index).or_default();
            }
            places.fill(state, tracks, &mut notes);
        }
    });
    let named = notes.seen.into_iter();
    named.filter_map(|(index, seen)| Some((tracks.overrides.get(index as usize)?.id.clone(), seen))).collect()
}

#[derive(Default)]
struct Notes {
    seen: BTreeMap<u32, Seen>,
}

impl Witness for Notes {
    fn passed_over(&mut self, _layer: LayerIndex, _person: PersonIndex, _why: Against) {}

    fn outcome(&mut self, index: u32, outcome: Outcome) {
        let seen = self.seen.entry(index).or_default();
        match outcome {
            Outcome::Applied => seen.applied = true,
            Outcome::CoverPlaced => seen.placed = true,
            Outcome::CoverCannot(why) => {
                seen.cannot.get_or_insert(why);
            }
            Outcome::Idle => {}
        }
    }
}

fn name(entry: &Entry<'_>, seen: Option<Seen>, window: Interval) -> Finding {
    let form = &entry.stated.form;
    let duty = &entry.stated.duty;
    let (resident, why) = match (seen, form.by(), form.owner()) {
        (None, ..) => (None, format!("'{duty}' is not in effect then")),
        (Some(Seen { cannot: Some(why), .. }), Some(by), _) => {
            (Some(by), format!("'{by}' cannot be there: {}", words(why)))
        }
        (Some(Seen { placed: true, .. }), Some(by), _) => {
            (Some(by), format!("'{by}' stands in a better place of '{duty}' already"))
        }
        (_, _, Some(owner)) => {
            let why = format!("'{owner}' has no slot in '{duty}' then, or a later override has it");
            (Some(owner), why)
        }
        (_, by, None) => (by, format!("a later override takes its place in '{duty}'")),
    };
    let what = match form {
        OverrideForm::Add { by } => format!("'{by}' added"),
        OverrideForm::Replace { by, owner } => format!("'{by}' for '{owner}'"),
        OverrideForm::TakeOff { owner } => format!("'{owner}' off"),
    };
    Finding {
        kind: FindingKind::IdleOverride,
        object: ObjectKey::Override(entry.id.clone()),
        part: None,
        resident: resident.cloned(),
        interval: entry.interval.intersection(window),
        text: format!("override '{}' ({what}) does nothing: {why}; change or remove it", entry.id),
    }
}

fn words(why: Against) -> &'static str {
    if why.outside_term {
        "they are out of term"
    } else if why.hard {
        "they are away"
    } else {
        "a later override takes them off"
    }
}
