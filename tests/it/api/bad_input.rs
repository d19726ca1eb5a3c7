//! Bad input for every call: each field missing, malformed, too long and out of range is refused, told by its path, and
//! changes nothing. A field of a request that no case is about is found by the API's own description.

mod calendars;
mod case;
mod changes;
mod descriptors;
mod duties;
mod feeds;
mod handoff_notes;
mod on_duty;
mod overrides;
mod reports;
mod residents;
mod rosters;
mod swaps;
mod tasks;
mod teams;
mod time_off;
mod tokens;
mod values;

use std::collections::BTreeSet;

use case::{Case, send};
use onduty::model::TeamId;

use crate::api::entered::harness::{TEAM, days};
use crate::support::server::Server;

/// What is wrong in every service.
fn every_case() -> Vec<Case> {
    let services = [
        calendars::cases(),
        handoff_notes::cases(),
        changes::cases(),
        duties::cases(),
        feeds::cases(),
        on_duty::cases(),
        overrides::cases(),
        reports::cases(),
        residents::cases(),
        rosters::cases(),
        swaps::cases(),
        tasks::cases(),
        teams::cases(),
        time_off::cases(),
        tokens::cases(),
    ];
    services.into_iter().flatten().collect()
}

/// A server with a team that has one of everything.
async fn furnished() -> Server {
    use onduty::proto::v1;
    let (server, parent) = (Server::start().await, "teams/psf".to_owned());
    let stated = v1::ApplyRosterRequest { roster_toml: TEAM.to_owned(), ..Default::default() };
    made(&server, stated).await;
    let holiday_set = Some(v1::HolidaySet { display_name: "Sweden".to_owned(), ..Default::default() });
    let holiday_set_id = "sweden".to_owned();
    made(
        &server,
        v1::CreateHolidaySetRequest { parent: parent.clone(), holiday_set_id, holiday_set, ..Default::default() },
    )
    .await;
    let entry = v1::Override {
        duty: "teams/psf/duties/review".to_owned(),
        span: Some(days("2026-11-25", "2026-11-25", "")),
        by_resident: Some("teams/psf/residents/bo".to_owned()),
        ..Default::default()
    };
    let (override_id, override_entry) = ("swap".to_owned(), Some(entry));
    made(
        &server,
        v1::CreateOverrideRequest { parent: parent.clone(), override_id, override_entry, ..Default::default() },
    )
    .await;
    let (time_off_id, time_off) = ("away".to_owned(), Some(time_off::vacation()));
    made(&server, v1::CreateTimeOffRequest { parent: parent.clone(), time_off_id, time_off, ..Default::default() })
        .await;
    let (task_id, task) = ("fix".to_owned(), Some(v1::Task { title: "Fix".to_owned(), ..Default::default() }));
    let (swap_id, swap) = ("friday".to_owned(), Some(swaps::friday()));
    made(&server, v1::CreateSwapRequest { parent: parent.clone(), swap_id, swap, ..Default::default() }).await;
    made(&server, v1::CreateTaskRequest { parent: parent.clone(), task_id, task, ..Default::default() }).await;
    let (handoff_note_id, handoff_note) = ("waits".to_owned(), Some(handoff_notes::note()));
    made(&server, v1::CreateHandoffNoteRequest { parent, handoff_note_id, handoff_note, ..Default::default() }).await;
    server
}

async fn made<M: prost::Message + std::fmt::Debug>(server: &Server, request: M) {
    let case = Case::new("", &request);
    assert_eq!(send(server, &case).await, "accepted", "{request:?}");
}

/// What a call may not change: the revision of each team.
fn revisions(server: &Server) -> Vec<(TeamId, u64)> {
    let teams = server.rosters.all_teams();
    teams.iter().map(|team| (team.snapshot.id.clone(), team.snapshot.revision)).collect()
}

async fn every_case_is_refused(cases: Vec<Case>) {
    let server = furnished().await;
    let mut before = revisions(&server);
    let mut wrong = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let told = send(&server, case).await;
        if told != case.told {
            wrong.push(format!("{} {index}: {told}\n    instead of {}\n    to {}", case.call, case.told, case.shown));
        }
        let after = revisions(&server);
        if after != before {
            wrong.push(format!("{} {index} changed something, with {}", case.call, case.shown));
            before = after;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

macro_rules! refusals {
    ($($test:ident: $service:ident,)*) => { $(
        #[tokio::test]
        async fn $test() {
            every_case_is_refused($service::cases()).await;
        }
    )* };
}

refusals! {
    bad_input_about_calendars_is_refused: calendars,
    bad_input_about_handoff_notes_is_refused: handoff_notes,
    bad_input_about_the_log_is_refused: changes,
    bad_input_about_feeds_is_refused: feeds,
    bad_input_about_teams_and_holiday_sets_is_refused: teams,
    bad_input_about_residents_is_refused: residents,
    bad_input_about_duties_is_refused: duties,
    bad_input_about_overrides_is_refused: overrides,
    bad_input_about_time_off_is_refused: time_off,
    bad_input_about_swaps_is_refused: swaps,
    bad_input_about_tasks_is_refused: tasks,
    bad_input_about_tokens_is_refused: tokens,
    bad_input_about_who_is_on_duty_is_refused: on_duty,
    bad_input_about_reports_is_refused: reports,
    bad_input_about_rosters_and_the_server_is_refused: rosters,
}

#[test]
fn every_field_of_every_request_has_a_case() {
    let cases = every_case();
    let mut missing = Vec::new();
    for (call, fields) in descriptors::fields_by_call() {
        let told: BTreeSet<String> =
            cases.iter().filter(|case| case.call == call).flat_map(|case| case.fields()).collect();
        missing.extend(fields.iter().filter(|field| !field.is_among(&told)).map(|field| format!("{call}: {field}")));
    }
    assert!(missing.is_empty(), "no case of bad input is about\n{}", missing.join("\n"));
}
