//! Between the API's messages and the model: nothing is guessed, every violation is told.
//!
//! What cannot be read is told and stands for something harmless in its place, so that the rest is checked as well and
//! every entry of a list keeps its index.

pub mod answers;
pub mod calendar;
pub mod duty;
pub mod handoff_note;
pub mod holiday_set;
pub mod layer;
pub mod load;
pub mod overrides;
pub mod plain;
pub mod resident;
pub mod stamp;
pub mod swap;
pub mod task;
pub mod team;
pub mod time;
pub mod time_off;

use super::names::Name;
use super::request::Fields;
use crate::id::InvalidId;
use crate::model::{TeamId, ZoneName};

/// Reads a count.
pub fn read_number(field: &str, count: i32, fields: &mut Fields) -> u32 {
    u32::try_from(count).unwrap_or_else(|_| {
        fields.add(field, format!("{count} is negative"));
        0
    })
}

/// Reads a value of an enumeration; one that is not known is told.
pub fn read_enum<E: TryFrom<i32> + Default>(field: &str, value: i32, fields: &mut Fields) -> E {
    E::try_from(value).unwrap_or_else(|_| {
        fields.add(field, format!("{value} is no value that this server knows"));
        E::default()
    })
}

/// Reads the id of an entry of a list.
pub fn read_id<T>(
    field: &str,
    text: &str,
    index: usize,
    new: impl Fn(&str) -> Result<T, InvalidId>,
    fields: &mut Fields,
) -> Option<T> {
    let read = match text {
        "" => {
            fields.add(field, "is missing");
            None
        }
        text => fields.parse(field, new(text)),
    };
    read.or_else(|| new(&unread(index)).ok())
}

/// The id of what could not be read.
fn unread(index: usize) -> String {
    format!("unread-{index}")
}

/// Returns full names.
pub fn full_names<N: Name>(ids: &[N], team: &TeamId) -> Vec<String> {
    ids.iter().map(|id| id.full(team)).collect()
}

/// Reads references to things in `team`.
pub fn read_references<N: Name>(field: &str, names: &[String], team: &TeamId, fields: &mut Fields) -> Vec<N> {
    let mut found = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let read = fields.take_one(N::reference(&format!("{field}[{index}]"), name, team));
        found.extend(read.or_else(|| N::parse(&unread(index)).ok()));
    }
    found
}

/// Returns the zone that `text` names, or `otherwise` where it names none.
#[must_use]
pub fn zone_or(text: &str, otherwise: &ZoneName) -> ZoneName {
    if text.is_empty() { otherwise.clone() } else { ZoneName::new(text) }
}
