//! What a roster file states, as values of the model.

use super::mistake::{Mistake, Places};
use crate::civil::{Date, Instant};
use crate::model::validate::Violation;
use crate::model::{
    Duty, DutyId, HolidaySet, HolidaySetId, Layer, LayerId, Override, OverrideId, Resident, ResidentId, Task, TaskId,
    Team, TeamId, TimeOff, TimeOffId, TimeOffPrivate,
};

/// A roster file that was read: one team and everything that the file states of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RosterFile {
    /// The team.
    pub id: TeamId,
    /// From when what the file creates is in effect; `None` is from when it is applied.
    pub since: Option<Instant>,
    /// The Monday that the dated entries are written against, in a file that is [shifted](RosterFile::shifted).
    pub reference: Option<Date>,
    /// The team's own settings.
    pub team: Team,
    /// The holiday sets, in the order of the file.
    pub holiday_sets: Vec<Stated<HolidaySetId, HolidaySet>>,
    /// The residents, in the order of the file.
    pub residents: Vec<Stated<ResidentId, Resident>>,
    /// The duties, in the order of the file.
    pub duties: Vec<Stated<DutyId, StatedDuty>>,
    /// The overrides, in the order of the file: of two, the later is made later.
    pub overrides: Vec<Stated<OverrideId, Override>>,
    /// The entries of time off, in the order of the file, each with its private part if it has one.
    pub time_off: Vec<Stated<TimeOffId, (TimeOff, Option<TimeOffPrivate>)>>,
    /// The tasks, in the order of the file.
    pub tasks: Vec<Stated<TaskId, Task>>,
    pub(super) places: Places,
}

/// One object that a file states.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated<I, V> {
    /// Its id, stated or derived.
    pub id: I,
    /// What the file says it is.
    pub value: V,
    /// Where in the file it is.
    pub(super) path: String,
    /// What the file leaves open, so that what is there already stays.
    pub(super) open: Vec<Open>,
}

/// Something that an entry leaves open: it gets the usual value when it is made and keeps what it has later.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Open {
    /// The zone of a term (semantics 1.7).
    TermZone,
    /// The zone of a resident's holidays (semantics 1.7).
    HolidaysZone,
    /// The zone of an override, an entry of time off or a due date (semantics 1.7).
    Zone,
    /// The state of a task, which moves on without the file.
    State,
}

/// A duty with its layers, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedDuty {
    /// The duty; its list of layers is that of `layers`.
    pub duty: Duty,
    /// The layers. Of a rotation, `offset` is the place of whoever has the turn that starts at the anchor; it counts
    /// only where the layer begins.
    pub layers: Vec<(LayerId, Layer)>,
}

/// The kinds of objects, for paths: the fields of the model and the keys of a file are not always the same.
#[derive(Clone, Copy, Debug)]
pub(super) enum Noun {
    Team,
    HolidaySet,
    Resident,
    Duty,
    Override,
    TimeOff,
    Task,
}

impl Places {
    /// Returns the mistakes that `violations` of the object at `path` are.
    pub(super) fn mistakes(&self, noun: Noun, path: &str, violations: Vec<Violation>) -> Vec<Mistake> {
        let mistake = |violation: Violation| {
            let key = file_path(noun, &violation.field);
            let joint = if path.is_empty() || key.is_empty() { "" } else { "." };
            self.mistake(&format!("{path}{joint}{key}"), violation.reason)
        };
        violations.into_iter().map(mistake).collect()
    }
}

/// Turns a field of the model into the path that it has within its table of a file.
fn file_path(noun: Noun, field: &str) -> String {
    let pairs: &[(&str, &str)] = match noun {
        Noun::Team | Noun::Task => &[],
        Noun::HolidaySet => &[("holidays", "dates")],
        Noun::Resident => &[("holidays.zone", "holidays_zone"), ("holidays.sets", "holidays")],
        Noun::Duty if field.starts_with("requirements") => {
            &[("requirements", "requirement"), (".windows", ".when"), (".holiday_sets", ".holidays")]
        }
        Noun::Duty => &[
            ("layers", "layer"),
            (".rotation.", "."),
            (".pool.", "."),
            (".windows.windows", ".windows"),
            (".windows.zone", ".windows_zone"),
        ],
        Noun::Override => &[("by_resident", "by"), ("for_resident", "for"), ("span.", ""), ("span", "last")],
        Noun::TimeOff => {
            &[("elsewhere_zone", "elsewhere"), ("recurrence.rule", "rrule"), ("recurrence", "rrule"), ("span.", "")]
        }
    };
    pairs.iter().fold(field.to_owned(), |path, (from, to)| path.replacen(from, to, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_the_model_become_keys_of_the_file() {
        for (noun, field, path) in [
            (Noun::Duty, "requirements[0].windows[1].weekdays", "requirement[0].when[1].weekdays"),
            (Noun::Duty, "layers[2].rotation.participants[1]", "layer[2].participants[1]"),
            (Noun::Duty, "layers[2].windows.windows[0]", "layer[2].windows[0]"),
            (Noun::Resident, "holidays.sets[0]", "holidays[0]"),
            (Noun::Override, "span.last", "last"),
            (Noun::Override, "span", "last"),
            (Noun::Task, "due", "due"),
        ] {
            assert_eq!(file_path(noun, field), path);
        }
    }
}
