//! What an object names of others: without these it would make no sense.

use super::{Object, ObjectKey, Versions};
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};

impl Object {
    /// Tells whether it names the resident, duty or holiday set of `key` for any time at or after `since`.
    ///
    /// Work that is over names nobody at a time, and neither does an acceptance, which is about a gap.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] where `rules` lacks a zone that it is stated in.
    pub fn names(&self, key: &ObjectKey, since: Instant, rules: &ZoneRules) -> Result<bool, UnknownZone> {
        let rest = Interval::new(since, Instant::MAX).unwrap_or(Interval::ALL);
        Ok(match (self, key) {
            (Self::Resident(_, resident), ObjectKey::HolidaySet(set)) => {
                any(&resident.versions, rest, |resident| resident.holidays.sets.contains(set))
            }
            (Self::Duty(_, duty), ObjectKey::HolidaySet(set)) => any(&duty.versions, rest, |duty| {
                duty.requirements.iter().any(|requirement| requirement.holiday_sets.contains(set))
            }),
            (Self::Duty(_, duty), ObjectKey::Resident(person)) => duty.layers.values().any(|layer| {
                any(layer, rest, |layer| layer.source.people().contains(person) || layer.shadows.contains(person))
            }),
            (Self::Override(_, entry), ObjectKey::Resident(_) | ObjectKey::Duty(_)) => {
                let (form, duty) = (&entry.value.form, &entry.value.duty);
                let named = match key {
                    ObjectKey::Duty(id) => id == duty,
                    ObjectKey::Resident(id) => form.by() == Some(id) || form.owner() == Some(id),
                    _ => false,
                };
                named && entry.value.span.interval(rules)?.is_some_and(|interval| interval.overlaps(rest))
            }
            (Self::TimeOff(_, entry), ObjectKey::Resident(person)) => {
                entry.value.resident == *person && (rest == Interval::ALL || entry.value.happens_in(rest, rules)?)
            }
            (Self::Task(_, task), ObjectKey::Resident(_) | ObjectKey::Duty(_)) => {
                let task = &task.value;
                let named = match key {
                    ObjectKey::Duty(id) => task.duty.as_ref() == Some(id),
                    ObjectKey::Resident(id) => task.assignee.as_ref() == Some(id) || task.deputy.as_ref() == Some(id),
                    _ => false,
                };
                named && (rest == Interval::ALL || task.state.is_unfinished())
            }
            (Self::Swap(_, swap), ObjectKey::Resident(person)) => {
                let swap = &swap.value;
                let named = swap.asked_by == *person || swap.asks.as_ref() == Some(person);
                named && (rest == Interval::ALL || swap.answer.is_none() && swap.expires > since)
            }
            (Self::Swap(_, swap), ObjectKey::Duty(duty)) => {
                let swap = &swap.value;
                let parts = [Some(&swap.asked), swap.in_return.as_ref()];
                let named = parts.into_iter().flatten().any(|part| part.duty == *duty);
                named && (rest == Interval::ALL || swap.answer.is_none() && swap.expires > since)
            }
            (Self::HandoffNote(_, note), ObjectKey::Duty(duty)) => note.value.duty == *duty && rest == Interval::ALL,
            _ => false,
        })
    }
}

fn any<T>(versions: &Versions<T>, rest: Interval, names: impl Fn(&T) -> bool) -> bool {
    versions.within(rest).any(|(.., value)| names(value))
}
