//! Full names of things, such as `teams/psf/residents/asa` (AIP-122).

use std::fmt::Display;

use super::request::Fields;
use crate::id::InvalidId;
use crate::model::validate::{Violation, suggestion};
use crate::model::{
    CalendarId, DutyId, FeedId, HandoffNoteId, HolidaySetId, Map, OverrideId, ResidentId, SwapId, TaskId, TeamId,
    TeamSnapshot, TimeOffId,
};
use crate::roster::Refusal;

/// A kind of thing that lies in a team and has a name.
pub trait Name: Sized {
    /// The collection, as names have it.
    const COLLECTION: &'static str;

    /// Returns the id that `text` is.
    ///
    /// # Errors
    ///
    /// [`InvalidId`] where it has another form.
    fn parse(text: &str) -> Result<Self, InvalidId>;

    /// Returns the id as text.
    fn text(&self) -> &str;

    /// Returns the full name in `team`.
    fn full(&self, team: &TeamId) -> String {
        format!("teams/{team}/{}/{}", Self::COLLECTION, self.text())
    }

    /// Reads a full name.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as the violation of `field`.
    fn read(field: &str, name: &str) -> Result<(TeamId, Self), Refusal> {
        let form = format!("teams/TEAM/{}/ID", Self::COLLECTION);
        let parts: Vec<&str> = name.split('/').collect();
        let ["teams", team, collection, id] = parts[..] else { return Err(malformed(field, name, &form)) };
        if collection != Self::COLLECTION {
            return Err(malformed(field, name, &form));
        }
        let team = TeamId::new(team).map_err(|error| Refusal::field(field, error.to_string()))?;
        let id = Self::parse(id).map_err(|error| Refusal::field(field, error.to_string()))?;
        Ok((team, id))
    }

    /// Reads a reference from within `team`: a full name in that team.
    ///
    /// # Errors
    ///
    /// As [`Name::read`]; another team is wrong too.
    fn reference(field: &str, name: &str, team: &TeamId) -> Result<Self, Violation> {
        let refuse = |reason: String| Violation { field: field.to_owned(), reason };
        match Self::read(field, name) {
            Ok((other, id)) if other == *team => Ok(id),
            Ok((other, _)) => Err(refuse(format!("'{name}' lies in team '{other}', not in '{team}'"))),
            Err(refusal) => Err(refuse(match refusal {
                Refusal::Invalid(violations) => {
                    violations.into_iter().map(|violation| violation.reason).collect::<Vec<_>>().join("; ")
                }
                other => other.to_string(),
            })),
        }
    }
}

fn malformed(field: &str, name: &str, form: &str) -> Refusal {
    if name.is_empty() {
        return Refusal::field(field, format!("is missing; give it as {form}"));
    }
    Refusal::field(field, format!("'{name}' is not of the form {form}"))
}

macro_rules! names {
    ($($id:ident $collection:literal,)*) => { $(
        impl Name for $id {
            const COLLECTION: &'static str = $collection;

            fn parse(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }

            fn text(&self) -> &str {
                self.as_str()
            }
        }
    )* };
}

names! {
    ResidentId "residents",
    DutyId "duties",
    HolidaySetId "holidaySets",
    OverrideId "overrides",
    TimeOffId "timeOff",
    TaskId "tasks",
    SwapId "swaps",
    FeedId "feeds",
    CalendarId "calendars",
    HandoffNoteId "handoffNotes",
}

/// Reads references from within `team` to what it has in `all`; an empty list is an empty list.
///
/// Every name that is malformed is told, as a violation of `field`; the first that nothing has is told later, with the
/// nearest name. Where the team is not known either, only the form is looked at.
pub fn references<N: Name + Ord + Display, T>(
    field: &str,
    names: &[String],
    team: Option<&TeamSnapshot>,
    all: impl Fn(&TeamSnapshot) -> &Map<N, T>,
    fields: &mut Fields,
) -> Vec<N> {
    let mut found = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let field = format!("{field}[{index}]");
        let read = match team {
            Some(team) => fields.take_one(N::reference(&field, name, &team.id)),
            None => fields.take(N::read(&field, name)).map(|(_, id)| id),
        };
        found.extend(read);
    }
    if let Some(team) = team
        && let Some(id) = found.iter().find(|id| !all(team).contains_key(id))
    {
        fields.take_or_later::<()>(Err(not_found(id, &team.id, all(team))));
    }
    found
}

/// Returns the refusal of an id that nothing in `known` has, with the nearest that something has.
pub fn not_found<N: Name + Ord + Display, T>(id: &N, team: &TeamId, known: &Map<N, T>) -> Refusal {
    Refusal::NotFound { name: id.full(team), hint: suggestion(id.text(), known.keys()) }
}

/// Reads the full name of a team.
///
/// # Errors
///
/// What is wrong with it, as the violation of `field`.
pub fn team_name(field: &str, name: &str) -> Result<TeamId, Refusal> {
    match name.split_once('/') {
        Some(("teams", id)) => TeamId::new(id).map_err(|error| Refusal::field(field, error.to_string())),
        _ => Err(malformed(field, name, "teams/TEAM")),
    }
}

/// Returns the full name of a team.
#[must_use]
pub fn collection_name(team: &TeamId) -> String {
    format!("teams/{team}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_whole_or_refused() {
        let (team, id) = ResidentId::read("name", "teams/psf/residents/asa").unwrap();
        assert_eq!((team.as_str(), id.as_str()), ("psf", "asa"));
        for bad in ["", "asa", "teams/psf/duties/asa", "teams/psf/residents/", "teams/psf/residents/asa/x"] {
            assert!(ResidentId::read("name", bad).is_err(), "{bad}");
        }
        assert!(ResidentId::reference("by", "teams/other/residents/asa", &team).is_err());
        assert!(team_name("parent", "teams/psf/x").is_err());
    }
}
