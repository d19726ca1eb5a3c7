//! Changes of duties, their requirements and their layers.

use std::collections::BTreeMap;

use super::super::describe::{duty_entries, layer_entries, requirement_entries};
use super::super::entry_list::Style;
use super::super::roster_file::{Stated, StatedDuty};
use super::{Action, Planner};
use crate::civil::Instant;
use crate::model::{
    ConfiguredDuty, Duty, DutyId, LaterVersion, Layer, LayerId, Object, ObjectKey, Origin, Requirement, Versions,
    rotation_versions,
};

/// What an edit of a layer opens: instants, and the layer from then on.
type Steps = Vec<(Instant, Layer)>;

/// A duty while its change is put together.
struct Draft<'a> {
    label: String,
    path: &'a str,
    /// From when new parts are in effect.
    from: Instant,
    layers: BTreeMap<LayerId, Versions<Layer>>,
    lines: Vec<String>,
    is_new: bool,
    refused: bool,
}

impl Planner<'_> {
    pub(super) fn duties(&mut self) {
        let (file, team) = (self.file, self.team);
        for stated in &file.duties {
            self.duty(stated);
        }
        let stated: Vec<_> = file.duties.iter().map(|duty| &duty.id).collect();
        for (id, duty) in team.duties.iter().filter(|(id, _)| !stated.contains(id)) {
            self.absent_duty(id, duty);
        }
    }

    fn duty(&mut self, stated: &Stated<DutyId, StatedDuty>) {
        let existing = self.team.duties.get(&stated.id);
        let before = existing.and_then(|duty| duty.versions.latest());
        let wanted = self.wanted(&stated.id, before, &stated.value);
        let from = match (existing, before) {
            (Some(existing), Some(_)) => self.edit_from(&existing.versions),
            (Some(_), None) => self.again_from(),
            (None, _) => self.create_from(),
        };
        let mut draft = Draft {
            label: format!("duty {}", stated.id),
            path: &stated.path,
            from,
            layers: existing.map(|duty| duty.layers.clone()).unwrap_or_default(),
            lines: Vec::new(),
            is_new: before.is_none(),
            refused: false,
        };
        let mut versions = existing.map_or_else(Versions::default, |duty| duty.versions.clone());
        let same = before == Some(&wanted);
        if !same && let Err(later) = versions.set(from, self.made(), Some(wanted.clone()), self.options.replace_later) {
            self.refuse_later(&stated.path, later);
            draft.refused = true;
        }
        self.duty_lines(before, &wanted, &mut draft);
        let layers_changed = self.layers(&wanted, &stated.value.layers, &mut draft);
        if draft.refused || (same && !layers_changed) {
            return;
        }
        if before.is_some() && existing.is_some_and(|duty| duty.meta.origin == Origin::Entered) {
            return self.refuse_entered(&stated.path);
        }
        let meta = self.meta(existing.map(|duty| duty.meta));
        let after = ConfiguredDuty { meta, versions, layers: draft.layers };
        let action = if draft.is_new { Action::Create } else { Action::Update };
        let key = ObjectKey::Duty(stated.id.clone());
        self.push(key.clone(), action, draft.lines, vec![(key, Some(Object::Duty(stated.id.clone(), after)))]);
    }

    /// The duty that the file asks for. Unless pruned, requirements and layers that it does not name stay, each layer
    /// behind the one that it stood behind.
    fn wanted(&mut self, id: &DutyId, before: Option<&Duty>, stated: &StatedDuty) -> Duty {
        let mut wanted = stated.duty.clone();
        let Some(before) = before.filter(|_| !self.options.prune) else { return wanted };
        let mut left = |kind: &str, part: String| self.plan.left_alone.file.push(format!("duty {id}: {kind} {part}"));
        for (index, layer) in before.layers.iter().enumerate().filter(|(_, id)| !stated.duty.layers.contains(id)) {
            let behind = before.layers.get(index.wrapping_sub(1));
            let place = wanted.layers.iter().position(|other| Some(other) == behind).map_or(0, |place| place + 1);
            wanted.layers.insert(place, layer.clone());
            left("layer", layer.to_string());
        }
        let named = |id| stated.duty.requirements.iter().any(|other: &Requirement| other.id == id);
        for (index, requirement) in before.requirements.iter().enumerate() {
            if named(requirement.id.clone()) {
                continue;
            }
            let behind = before.requirements.get(index.wrapping_sub(1)).map(|behind| &behind.id);
            let place = wanted.requirements.iter().position(|other| Some(&other.id) == behind);
            wanted.requirements.insert(place.map_or(0, |place| place + 1), requirement.clone());
            left("requirement", requirement.id.to_string());
        }
        wanted
    }

    fn duty_lines(&self, before: Option<&Duty>, wanted: &Duty, draft: &mut Draft<'_>) {
        let from = self.since_text(draft.from);
        let label = &draft.label;
        let Some(before) = before else {
            draft.lines.push(format!("+ {label}: {}{from}", wanted.title));
            let described = wanted.requirements.iter().map(|requirement| {
                let entries = requirement_entries(requirement, Style::Brief(self.zone()));
                format!("+ {label}: requirement {}: {}{from}", requirement.id, entries.shown())
            });
            draft.lines.extend(described);
            return;
        };
        let orders = duty_order(before, wanted);
        let mut differences = duty_entries(before, Style::Full).differences(&duty_entries(wanted, Style::Full));
        differences.extend(orders);
        let mut lines: Vec<String> = differences.into_iter().map(|text| format!("~ {label}: {text}{from}")).collect();
        for requirement in &wanted.requirements {
            let id = &requirement.id;
            match before.requirements.iter().find(|other| other.id == *id) {
                None => {
                    let entries = requirement_entries(requirement, Style::Brief(self.zone()));
                    lines.push(format!("+ {label}: requirement {id}: {}{from}", entries.shown()));
                }
                Some(old) => {
                    let entries = |requirement| requirement_entries(requirement, Style::Full);
                    let differences = entries(old).differences(&entries(requirement));
                    lines.extend(
                        differences.into_iter().map(|text| format!("~ {label}: requirement {id}: {text}{from}")),
                    );
                }
            }
        }
        let gone = before.requirements.iter().filter(|old| wanted.requirements.iter().all(|new| new.id != old.id));
        lines.extend(gone.map(|old| format!("- {label}: requirement {}{from}", old.id)));
        draft.lines.extend(lines);
    }

    /// Changes, begins and ends layers; tells whether there was anything to do.
    fn layers(&mut self, wanted: &Duty, stated: &[(LayerId, Layer)], draft: &mut Draft<'_>) -> bool {
        let mut changed = false;
        for (index, (id, layer)) in stated.iter().enumerate() {
            let versions = draft.layers.get(id).cloned().unwrap_or_default();
            if versions.latest().is_some_and(|before| before.states_the_same(layer)) {
                continue;
            }
            changed = true;
            let label = format!("{}: layer {id}", draft.label);
            match self.layer(&versions, layer, draft.from) {
                Ok((after, steps)) => {
                    draft.lines.extend(self.layer_lines(versions.latest(), &steps, &label));
                    draft.layers.insert(id.clone(), after);
                }
                Err(later) => {
                    self.refuse_later(&format!("{}.layer[{index}]", draft.path), later);
                    draft.refused = true;
                }
            }
        }
        let gone: Vec<LayerId> = draft.layers.keys().filter(|id| !wanted.layers.contains(id)).cloned().collect();
        for id in gone {
            let Some(mut versions) = draft.layers.remove(&id) else { continue };
            if versions.latest().is_some() {
                changed = true;
                let label = format!("{}: layer {id}", draft.label);
                let Some(from) = self.end(&mut versions, &label) else {
                    draft.refused = true;
                    continue;
                };
                draft.lines.push(format!("- {label}{}", self.since_text(from)));
            }
            if !versions.list().is_empty() {
                draft.layers.insert(id, versions);
            }
        }
        changed
    }

    /// Returns the versions of a layer after the edit, and what the edit opens: instants with what holds from then.
    fn layer(
        &self,
        versions: &Versions<Layer>,
        wanted: &Layer,
        duty_from: Instant,
    ) -> Result<(Versions<Layer>, Steps), LaterVersion> {
        let is_there = versions.latest().is_some();
        let from = if is_there { self.edit_from(versions) } else { duty_from };
        // The zones were looked up when the file was read.
        let steps = rotation_versions(versions, wanted.clone(), from, false, self.rules)
            .unwrap_or_else(|_| vec![(from, wanted.clone())]);
        let mut after = versions.clone();
        for (at, layer) in &steps {
            after.set(*at, self.made(), Some(layer.clone()), self.options.replace_later)?;
        }
        Ok((after, steps))
    }

    fn layer_lines(&self, before: Option<&Layer>, steps: &[(Instant, Layer)], label: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let mut before = before;
        for (from, layer) in steps {
            let from = self.since_text(*from);
            match before {
                None => {
                    let entries = layer_entries(layer, Style::Brief(self.zone()));
                    lines.push(format!("+ {label}: {}{from}", entries.shown()));
                }
                Some(old) => {
                    let entries = |layer| layer_entries(layer, Style::Full);
                    let differences = entries(old).differences(&entries(layer));
                    lines.extend(differences.into_iter().map(|text| format!("~ {label}: {text}{from}")));
                }
            }
            before = Some(layer);
        }
        lines
    }

    fn absent_duty(&mut self, id: &DutyId, existing: &ConfiguredDuty) {
        if existing.meta.origin == Origin::Entered || existing.versions.latest().is_none() {
            return;
        }
        let label = format!("duty {id}");
        if !self.options.prune {
            return self.plan.left_alone.file.push(label);
        }
        let mut duty = existing.clone();
        let Some(from) = self.end(&mut duty.versions, &label) else { return };
        for layer in duty.layers.values_mut().filter(|layer| layer.latest().is_some()) {
            if self.end(layer, &label).is_none() {
                return;
            }
        }
        duty.layers.retain(|_, layer| !layer.list().is_empty());
        let lines = vec![format!("- {label}{}", self.since_text(from))];
        duty.meta = self.meta(Some(existing.meta));
        let after = if duty.versions.list().is_empty() { None } else { Some(Object::Duty(id.clone(), duty)) };
        let key = ObjectKey::Duty(id.clone());
        self.push(key.clone(), Action::End, lines, vec![(key, after)]);
    }
}

/// Says how the order of layers or requirements changes where it does not follow from what is added and removed.
fn duty_order(before: &Duty, after: &Duty) -> Vec<String> {
    fn names<T: ToString>(ids: impl Iterator<Item = T>) -> Vec<String> {
        ids.map(|id| id.to_string()).collect()
    }
    let requirements = |duty: &Duty| names(duty.requirements.iter().map(|requirement| &requirement.id));
    let layers = |duty: &Duty| names(duty.layers.iter());
    [("requirements", requirements(before), requirements(after)), ("layers", layers(before), layers(after))]
        .into_iter()
        .filter(|(_, old, new)| {
            let kept: Vec<&String> = old.iter().filter(|id| new.contains(id)).collect();
            !new.iter().take(kept.len()).eq(kept)
        })
        .map(|(word, old, new)| format!("{word} {} -> {}", old.join(", "), new.join(", ")))
        .collect()
}
