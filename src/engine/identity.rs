//! Identities of shifts and gaps as UUIDs, made with the key of their team (semantics 4.6, 4.6f).
//!
//! The name that is hashed is written out field by field, so that it depends on nothing but what is stated here: not
//! on the order of a struct's fields, nor on how Rust prints it. Changing it gives every published calendar event a
//! new identity; the tests pin it.

use std::fmt::Write as _;

use super::answer::{Edge, Opener, Slot};
use crate::civil::{Date, WindowId};
use crate::model::{DutyId, GapId, IdentityKey, RequirementId, ShiftId};

/// Returns the identity of the shift of `duty` in `slot` that `opener` begins.
#[must_use]
pub fn shift_id(key: IdentityKey, duty: &DutyId, slot: &Slot, opener: &Opener) -> ShiftId {
    ShiftId(key.identity(&format!("shift/{duty}/{}/{}", slot_name(slot), opener_name(opener))))
}

/// Returns the identity of `slot`: that of a shift which begins with it. Every piece of the slot has the same.
#[must_use]
pub fn slot_id(key: IdentityKey, duty: &DutyId, slot: &Slot) -> ShiftId {
    shift_id(key, duty, slot, &Opener::SlotStart)
}

/// Returns the identity of what is published of a long shift for one month. That of the shift hides what it was made of;
/// that the month is of this shift is no secret.
#[must_use]
pub fn shift_month_id(shift: ShiftId, year: i16, month: i8) -> ShiftId {
    ShiftId(IdentityKey::default().identity(&format!("month/{shift}/{year:04}-{month:02}")))
}

/// Returns the identity of the gap of `duty` in `requirement` that `opener` begins on the local day `day`.
///
/// Of a standing gap nobody knows where it begins, and so in which requirement: its duty alone names it.
#[must_use]
pub fn gap_id(
    key: IdentityKey,
    duty: &DutyId,
    requirement: &RequirementId,
    day: Option<Date>,
    opener: &Opener,
) -> GapId {
    let day = day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let requirement = if *opener == Opener::Standing { "-" } else { requirement.as_str() };
    GapId(key.identity(&format!("gap/{duty}/{requirement}/{day}/{}", opener_name(opener))))
}

fn slot_name(slot: &Slot) -> String {
    match slot {
        Slot::Override(id) => format!("override/{id}"),
        Slot::Turn { layer, grid, turn, window } => format!("turn/{layer}/{grid}/{turn}{}", window_name(window)),
        Slot::Member { layer, member, window } => format!("member/{layer}/{member}{}", window_name(window)),
    }
}

fn window_name(window: &Option<(WindowId, Date)>) -> String {
    window.as_ref().map_or_else(String::new, |(id, day)| format!("/{id}/{day}"))
}

fn opener_name(opener: &Opener) -> String {
    let mut name = String::new();
    // Writing to a string cannot fail.
    let _ = match opener {
        Opener::SlotStart => write!(name, "start"),
        Opener::Override { id, edge } => write!(name, "override/{id}/{}", edge_name(*edge)),
        Opener::TimeOff { id, edge, day } => write!(name, "off/{id}/{}/{day}", edge_name(*edge)),
        Opener::Holiday { resident, set, edge, day, number } => {
            // The first part is nearly always the only one; its name says nothing of a number.
            let part = if *number == 0 { String::new() } else { format!("/{number}") };
            write!(name, "holiday/{resident}/{set}/{}/{day}{part}", edge_name(*edge))
        }
        Opener::WorkingHours { resident, edge, day, number } => {
            write!(name, "hours/{resident}/{}/{day}/{number}", edge_name(*edge))
        }
        Opener::Term { resident, edge, day, number } => {
            // As for holidays.
            let part = if *number == 0 { String::new() } else { format!("/{number}") };
            write!(name, "term/{resident}/{}/{day}{part}", edge_name(*edge))
        }
        Opener::Required { requirement, edge, day, number } => {
            write!(name, "required/{requirement}/{}/{day}/{number}", edge_name(*edge))
        }
        Opener::EarlierPlace { slot, edge } => write!(name, "earlier/{}/{}", slot_name(slot), edge_name(*edge)),
        Opener::Edit { made } => write!(name, "edit/{}/{}", made.revision, made.position),
        Opener::Standing => write!(name, "standing"),
    };
    name
}

fn edge_name(edge: Edge) -> &'static str {
    match edge {
        Edge::Begins => "begins",
        Edge::Ends => "ends",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HolidaySetId, LayerId, OverrideId, ResidentId, TimeOffId};
    use jiff::civil::date;

    #[test]
    fn identities_of_teams_without_a_key_never_change() {
        let key = IdentityKey::default();
        let duty = DutyId::new("review").unwrap();
        let slot = Slot::Turn { layer: LayerId::new("weekly").unwrap(), grid: 1, turn: 42, window: None };
        let shift = shift_id(key, &duty, &slot, &Opener::SlotStart);
        let number = 1;
        let resident = ResidentId::new("asa").unwrap();
        let hours = Opener::WorkingHours { resident, edge: Edge::Ends, day: date(2026, 11, 23), number };
        let gap = gap_id(key, &duty, &RequirementId::new("days").unwrap(), Some(date(2026, 11, 23)), &hours);
        assert_eq!(shift.to_string(), "6199bdb0-bc10-5a1c-b731-c3ba8f5fac5d");
        assert_eq!(shift_month_id(shift, 2026, 3).to_string(), "266fe21d-c88a-59d8-8410-bcb2e50e2f6d");
        assert_eq!(gap.to_string(), "b636d01a-580b-5f32-a4d2-dc144a5f0d71");
        let holiday = |number| {
            let (resident, set) = (ResidentId::new("asa").unwrap(), HolidaySetId::new("pl").unwrap());
            let opener = Opener::Holiday { resident, set, edge: Edge::Ends, day: date(2026, 5, 1), number };
            shift_id(key, &duty, &slot, &opener).to_string()
        };
        assert_eq!(holiday(0), "8d7b1f47-1a25-51c2-bc4a-8c9292b0c1bf");
        assert_eq!(holiday(1), "6c5b5e72-cf3f-547c-a434-70eb5ea9f9ac");
    }
    #[test]
    fn identities_made_with_a_key_never_change_and_are_others_than_without() {
        let (duty, slot) = (DutyId::new("review").unwrap(), Slot::Override(OverrideId::new("7").unwrap()));
        let opener =
            Opener::TimeOff { id: TimeOffId::new("asa-surgery").unwrap(), edge: Edge::Begins, day: date(2026, 11, 23) };
        let shift = |key| shift_id(key, &duty, &slot, &opener).to_string();
        let gap = |key| gap_id(key, &duty, &RequirementId::new("days").unwrap(), None, &opener).to_string();
        let key = IdentityKey::from_bytes([7; 16]);
        assert_eq!(
            (shift(key), gap(key)),
            ("69ffc03f-4bc7-5bb7-b313-87655a8f493d".to_owned(), "8adc7d83-465f-503c-936e-949a45daa699".to_owned())
        );
        for other in [IdentityKey::default(), IdentityKey::from_bytes([8; 16])] {
            assert!(shift(key) != shift(other) && gap(key) != gap(other));
        }
    }
}
