//! get, list: objects of every kind.

use onduty::proto::v1::{
    GetDutyRequest, GetHolidaySetRequest, GetOverrideRequest, GetResidentRequest, GetTaskRequest, GetTeamRequest,
    GetTimeOffRequest, ListDutiesRequest, ListHolidaySetsRequest, ListOverridesRequest, ListResidentsRequest,
    ListTasksRequest, ListTeamsRequest, ListTimeOffRequest,
};
use serde::Serialize;
use serde_json::Value;

use crate::args::{GetArgs, Noun};
use crate::connect::{call, list};
use crate::failure::Failure;
use crate::names;
use crate::session::{FAULT, Session};
use crate::show;

impl Noun {
    /// Returns the collection, as it stands in names.
    fn collection(self) -> &'static str {
        match self {
            Self::Team => "teams",
            Self::Resident => "residents",
            Self::Duty => "duties",
            Self::HolidaySet => "holidaySets",
            Self::Override => "overrides",
            Self::TimeOff => "timeOff",
            Self::Task => "tasks",
        }
    }

    /// Tells whether objects of the kind have dated versions.
    pub fn has_versions(self) -> bool {
        matches!(self, Self::Team | Self::Resident | Self::Duty | Self::HolidaySet)
    }
}

/// Returns the name of an object of a kind.
///
/// # Errors
///
/// As [`Session::team`].
pub async fn name(session: &Session, noun: Noun, id: &str) -> Result<String, Failure> {
    match noun {
        Noun::Team => Ok(names::team(id)),
        _ => session.child(noun.collection(), id).await,
    }
}

/// Refuses a time for objects that have no versions.
///
/// # Errors
///
/// [`Failure::Usage`].
pub fn refuse_time(noun: Noun, at: Option<&str>) -> Result<(), Failure> {
    match at {
        Some(_) if !noun.has_versions() => {
            let hint = "leave --at out: entries have no versions, and are what they are now";
            Err(Failure::usage("--at is for teams, residents, duties and holiday sets", hint))
        }
        _ => Ok(()),
    }
}

/// `onduty get`
pub async fn get(session: &Session, args: GetArgs) -> Result<(), Failure> {
    let Some(id) = &args.id else { return list(session, args.noun, args.at.as_deref()).await };
    refuse_time(args.noun, args.at.as_deref())?;
    let read_time = session.asked(args.at.as_deref())?;
    let name = name(session, args.noun, id).await?;
    let object = match args.noun {
        Noun::Team => json(&call!(session, teams.get_team, GetTeamRequest { name: name.clone(), read_time })?),
        Noun::Resident => {
            json(&call!(session, residents.get_resident, GetResidentRequest { name: name.clone(), read_time })?)
        }
        Noun::Duty => json(&call!(session, duties.get_duty, GetDutyRequest { name: name.clone(), read_time })?),
        Noun::HolidaySet => {
            json(&call!(session, holiday_sets.get_holiday_set, GetHolidaySetRequest { name: name.clone(), read_time })?)
        }
        Noun::Override => json(&call!(session, overrides.get_override, GetOverrideRequest { name: name.clone() })?),
        Noun::TimeOff => json(&call!(session, time_off.get_time_off, GetTimeOffRequest { name: name.clone() })?),
        Noun::Task => json(&call!(session, tasks.get_task, GetTaskRequest { name: name.clone() })?),
    }?;
    session.answer(&object, show::detail).await
}

pub fn json(object: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(object).map_err(|error| Failure::refused(error.to_string(), FAULT))
}

/// `onduty list`
pub async fn list(session: &Session, noun: Noun, at: Option<&str>) -> Result<(), Failure> {
    refuse_time(noun, at)?;
    let read_time = session.asked(at)?;
    let parent = if noun == Noun::Team { String::new() } else { session.team().await?.to_owned() };
    match noun {
        Noun::Team => {
            let request = ListTeamsRequest { read_time, ..ListTeamsRequest::default() };
            let answer = list!(session, teams.list_teams, request, teams);
            if session.writes_json() {
                session.json(&answer)
            } else {
                session.print(&show::teams(&answer, &session.plain_view()))
            }
        }
        Noun::Resident => {
            let request = ListResidentsRequest { parent, read_time, ..ListResidentsRequest::default() };
            session.answer(&list!(session, residents.list_residents, request, residents), show::residents).await
        }
        Noun::Duty => {
            let request = ListDutiesRequest { parent, read_time, ..ListDutiesRequest::default() };
            session.answer(&list!(session, duties.list_duties, request, duties), show::duties).await
        }
        Noun::HolidaySet => {
            let request = ListHolidaySetsRequest { parent, read_time, ..ListHolidaySetsRequest::default() };
            session
                .answer(&list!(session, holiday_sets.list_holiday_sets, request, holiday_sets), show::holiday_sets)
                .await
        }
        Noun::Override => {
            let request = ListOverridesRequest { parent, ..ListOverridesRequest::default() };
            session.answer(&list!(session, overrides.list_overrides, request, overrides), show::overrides).await
        }
        Noun::TimeOff => {
            let request = ListTimeOffRequest { parent, ..ListTimeOffRequest::default() };
            session.answer(&list!(session, time_off.list_time_off, request, time_off), show::time_off_list).await
        }
        Noun::Task => {
            let request = ListTasksRequest { parent, ..ListTasksRequest::default() };
            session.answer(&list!(session, tasks.list_tasks, request, tasks), show::tasks).await
        }
    }
}
