//! Undoing changes: what comes back, what stands in the way, and who may (semantics 9.2).

use onduty::proto::v1;
use onduty::proto::v1::change_service_client::ChangeServiceClient;
use onduty::proto::v1::override_service_client::OverrideServiceClient;
use onduty::proto::v1::roster_service_client::RosterServiceClient;
use onduty::proto::v1::task_service_client::TaskServiceClient;
use onduty::proto::v1::time_off_service_client::TimeOffServiceClient;
use tonic::Status;
use tonic::service::Routes;
use tonic_types::StatusExt as _;

use super::entered::harness::{TEAM, date, days, name, parent};
use crate::support::server::{Server, reason, text, time};

/// A server with the team of the harness, made by revision 1.
async fn started() -> Server {
    let server = Server::start().await;
    let asked = v1::ApplyRosterRequest { roster_toml: TEAM.to_owned(), ..Default::default() };
    RosterServiceClient::new(server.routes.clone()).apply_roster(asked).await.unwrap();
    server.clock.advance(3_600);
    server
}

fn time_off(server: &Server) -> TimeOffServiceClient<Routes> {
    TimeOffServiceClient::new(server.routes.clone())
}

fn revision(server: &Server) -> u64 {
    server.rosters.all_teams().iter().find(|team| team.snapshot.id.as_str() == "psf").unwrap().snapshot.revision
}

async fn undo(server: &Server, revision: i64) -> Result<v1::UndoChangeResponse, Status> {
    asked(server, v1::UndoChangeRequest { revision: Some(revision), ..Default::default() }).await
}

async fn asked(server: &Server, asked: v1::UndoChangeRequest) -> Result<v1::UndoChangeResponse, Status> {
    let asked = v1::UndoChangeRequest { parent: parent(), ..asked };
    ChangeServiceClient::new(server.routes.clone()).undo_change(asked).await.map(tonic::Response::into_inner)
}

/// What stands in the way, each as `subject: description`.
fn obstacles(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    let found = details.precondition_failure().map(|failure| failure.violations.clone()).unwrap_or_default();
    found.into_iter().map(|one| format!("{}: {}", one.subject, one.description)).collect()
}

async fn sick(server: &Server, id: &str) {
    let entry = v1::TimeOff {
        resident: name("residents/asa"),
        span: Some(days("2026-11-24", "2026-11-25", "")),
        kind: v1::TimeOffKind::Sick.into(),
        note: "In bed.".to_owned(),
        ..Default::default()
    };
    let time_off_id = id.to_owned();
    let made = v1::MarkAbsenceRequest { parent: parent(), time_off_id, time_off: Some(entry), ..Default::default() };
    time_off(server).mark_absence(made).await.unwrap();
}

async fn entry(server: &Server, id: &str) -> Option<v1::TimeOff> {
    let asked = v1::GetTimeOffRequest { name: name(&format!("timeOff/{id}")) };
    time_off(server).get_time_off(asked).await.ok().map(tonic::Response::into_inner)
}

async fn remove(server: &Server, id: &str) {
    let asked = v1::DeleteTimeOffRequest { name: name(&format!("timeOff/{id}")), ..Default::default() };
    time_off(server).delete_time_off(asked).await.unwrap();
}

#[tokio::test]
async fn what_was_recorded_goes_and_comes_back_without_kind_and_note() {
    let server = started().await;
    sick(&server, "flu").await;
    let made = entry(&server, "flu").await.unwrap();
    let answer = undo(&server, 2).await.unwrap();
    assert_eq!(answer.undone.unwrap().title, "mark an absence");
    let change = answer.change.unwrap();
    assert_eq!((change.revision, change.title.as_str()), (3, "undo of revision 2: mark an absence"));
    assert_eq!((change.objects[0].before.is_some(), change.objects[0].after.is_some()), (true, false));
    assert_eq!((entry(&server, "flu").await, answer.without_details), (None, Vec::new()));
    server.clock.advance(60);
    let answer = undo(&server, 3).await.unwrap();
    assert_eq!(answer.change.unwrap().title, "undo of revision 3, an undo: mark an absence");
    assert_eq!(answer.without_details, [name("timeOff/flu")]);
    let back = entry(&server, "flu").await.unwrap();
    assert_eq!((back.uid.as_str(), &back.span, back.create_time), (made.uid.as_str(), &made.span, made.create_time));
    assert_eq!((back.kind(), back.note.as_str()), (v1::TimeOffKind::Unspecified, ""));
    let answer = undo(&server, 4).await.unwrap();
    assert_eq!(answer.change.unwrap().title, "undo of revision 4, an undo: mark an absence");
    assert_eq!(entry(&server, "flu").await, None);
}

#[tokio::test]
async fn with_validate_only_it_is_told_and_not_done() {
    let server = started().await;
    sick(&server, "flu").await;
    let only = v1::UndoChangeRequest { revision: Some(2), validate_only: true, ..Default::default() };
    let told = asked(&server, only).await.unwrap();
    assert_eq!((revision(&server), entry(&server, "flu").await.is_some()), (2, true));
    let done = undo(&server, 2).await.unwrap();
    assert_eq!((told.undone, told.change), (done.undone, done.change));
}

#[tokio::test]
async fn a_retry_undoes_once() {
    let server = started().await;
    sick(&server, "flu").await;
    for revision in [Some(2), None] {
        let request_id = uuid::Uuid::new_v4().to_string();
        let ask = || v1::UndoChangeRequest { revision, request_id: request_id.clone(), ..Default::default() };
        let first = asked(&server, ask()).await.unwrap();
        let after = self::revision(&server);
        assert_eq!(asked(&server, ask()).await.unwrap().change, first.change);
        assert_eq!(self::revision(&server), after);
    }
    assert!(entry(&server, "flu").await.is_some(), "what was undone last was the undo");
}

#[tokio::test]
async fn what_was_changed_since_is_named_with_the_changes() {
    let server = started().await;
    sick(&server, "flu").await;
    server.clock.advance(2 * 86_400);
    let back = v1::EndTimeOffRequest { name: name("timeOff/flu"), ..Default::default() };
    time_off(&server).end_time_off(back).await.unwrap();
    let refused = undo(&server, 2).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (tonic::Code::FailedPrecondition, "LATER_CHANGES"));
    assert_eq!(
        obstacles(&refused),
        ["teams/psf/timeOff/flu: was changed since by revision 3 (end time off early, by coordinator, \
          2026-11-25T09:00:00Z)"]
    );
    assert_eq!(revision(&server), 3);
    // Who goes back step by step gets there.
    undo(&server, 3).await.unwrap();
    undo(&server, 2).await.unwrap();
    assert_eq!(entry(&server, "flu").await, None);
}

#[tokio::test]
async fn what_others_refer_to_meanwhile_is_not_taken_away() {
    let server = started().await;
    let resident = v1::Resident { display_name: "Dan".to_owned(), home_zone: "UTC".to_owned(), ..Default::default() };
    let (resident_id, resident) = ("dan".to_owned(), Some(resident));
    let made = v1::CreateResidentRequest { parent: parent(), resident_id, resident, ..Default::default() };
    server.residents().create_resident(made).await.unwrap();
    server.clock.advance(3_600);
    let task = v1::Task { title: "Fix".to_owned(), assignee: Some(name("residents/dan")), ..Default::default() };
    let (task_id, task) = ("fix".to_owned(), Some(task));
    let made = v1::CreateTaskRequest { parent: parent(), task_id, task, ..Default::default() };
    TaskServiceClient::new(server.routes.clone()).create_task(made).await.unwrap();
    let cover = v1::Override {
        duty: name("duties/review"),
        span: Some(days("2026-11-25", "2026-11-25", "")),
        by_resident: Some(name("residents/dan")),
        ..Default::default()
    };
    let (override_id, override_entry) = ("swap".to_owned(), Some(cover));
    let made = v1::CreateOverrideRequest { parent: parent(), override_id, override_entry, ..Default::default() };
    OverrideServiceClient::new(server.routes.clone()).create_override(made).await.unwrap();
    let refused = undo(&server, 2).await.unwrap_err();
    let told = "names teams/psf/residents/dan, which would be gone; it is as revision";
    assert_eq!(
        obstacles(&refused),
        [
            format!("teams/psf/overrides/swap: {told} 4 of 2026-11-23T10:00:00Z left it"),
            format!("teams/psf/tasks/fix: {told} 3 of 2026-11-23T10:00:00Z left it"),
        ]
    );
    undo(&server, 4).await.unwrap();
    undo(&server, 3).await.unwrap();
    let answer = undo(&server, 2).await.unwrap();
    assert!(answer.change.unwrap().objects[0].after.is_none());
    let get = |at: &str| v1::GetResidentRequest { name: name("residents/dan"), read_time: Some(time(at)) };
    let then = server.residents().get_resident(get("2026-11-23T09:30:00Z")).await.unwrap().into_inner();
    assert_eq!(text(then.end_time.as_ref()), "2026-11-23T10:00:00Z", "who was there meanwhile stays in the past");
    assert!(server.residents().get_resident(get("2026-11-23T10:00:00Z")).await.is_err());
}

#[tokio::test]
async fn configuration_is_from_now_on_as_it_was_and_a_plan_leaves_nothing() {
    let server = started().await;
    let named = |title: &str| v1::Duty { name: name("duties/review"), title: title.to_owned(), ..Default::default() };
    let get = |at: &str| v1::GetDutyRequest { name: name("duties/review"), read_time: Some(time(at)) };
    let before = server.duties().get_duty(get("2026-11-23T09:00:00Z")).await.unwrap().into_inner();
    let update = v1::UpdateDutyRequest { duty: Some(named("Reviews")), ..Default::default() };
    server.duties().update_duty(update).await.unwrap();
    server.clock.advance(3_600);
    undo(&server, 2).await.unwrap();
    let titles = async |at: &str| server.duties().get_duty(get(at)).await.unwrap().into_inner().title;
    for (at, title) in [("08:59", "Review"), ("09:00", "Reviews"), ("09:59", "Reviews"), ("10:00", "Review")] {
        assert_eq!(titles(&format!("2026-11-23T{at}:00Z")).await, title, "{at}");
    }
    let after = server.duties().get_duty(get("2026-11-23T10:00:00Z")).await.unwrap().into_inner();
    assert_eq!((after.uid, after.layers), (before.uid, before.layers));
    let effective_time = Some(time("2027-01-01T00:00:00Z"));
    let planned = v1::UpdateDutyRequest { duty: Some(named("Next year")), effective_time, ..Default::default() };
    server.duties().update_duty(planned).await.unwrap();
    undo(&server, 4).await.unwrap();
    assert_eq!(titles("2027-06-01T00:00:00Z").await, "Review");
    let shown = server.duties().get_duty(get("2026-11-23T10:00:00Z")).await.unwrap().into_inner();
    assert_eq!(shown.effective_interval.unwrap().end_time, None);
}

#[tokio::test]
async fn a_whole_file_is_taken_back() {
    let server = started().await;
    let roster_toml = TEAM.replace("participants = [\"asa\", \"bo\", \"cy\"]", "participants = [\"cy\", \"asa\"]");
    let roster_toml =
        roster_toml.replace("[[resident]]\nid = \"bo\"\ndisplay_name = \"Bo\"", "[[resident]]\nid = \"dan\"");
    let apply = v1::ApplyRosterRequest { roster_toml, prune: true, ..Default::default() };
    let mut files = RosterServiceClient::new(server.routes.clone());
    files.apply_roster(apply).await.unwrap();
    undo(&server, 2).await.unwrap();
    let again = v1::ApplyRosterRequest { roster_toml: TEAM.to_owned(), prune: true, ..Default::default() };
    let changes = files.apply_roster(again).await.unwrap().into_inner().changes;
    assert!(changes.is_empty(), "{changes:?}");
}

#[tokio::test]
async fn some_changes_can_never_be_undone() {
    let server = started().await;
    sick(&server, "flu").await;
    let erase = v1::EraseTimeOffDetailsRequest { name: name("timeOff/flu"), ..Default::default() };
    time_off(&server).erase_time_off_details(erase).await.unwrap();
    let request_id = uuid::Uuid::new_v4().to_string();
    let back = v1::ComeBackRequest { resident: name("residents/bo"), request_id, ..Default::default() };
    time_off(&server).come_back(back).await.unwrap();
    for (revision, why) in [
        (1, "revision 1 made the team; to end that, use `onduty delete team`"),
        (3, "revision 3 changed a kind or a note of time off and nothing else, which the log does not keep"),
        (4, "revision 4 changed nothing"),
    ] {
        let refused = undo(&server, revision).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (tonic::Code::FailedPrecondition, "NOT_UNDOABLE"));
        assert!(refused.message().starts_with(why), "{}", refused.message());
    }
    let refused = undo(&server, 5).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::NotFound);
    assert_eq!(refused.message(), "there is no teams/psf/changes/5; the newest revision is 4");
    assert_eq!(revision(&server), 4);
}

#[tokio::test]
async fn of_a_plan_that_is_in_effect_meanwhile_the_rest_is_taken_back() {
    let server = started().await;
    let set = v1::HolidaySet {
        display_name: "Sweden".to_owned(),
        holidays: vec![v1::Holiday { date: Some(date("2026-12-25")), ..Default::default() }],
        ..Default::default()
    };
    let (holiday_set_id, holiday_set) = ("sweden".to_owned(), Some(set));
    let made = v1::CreateHolidaySetRequest { parent: parent(), holiday_set_id, holiday_set, ..Default::default() };
    server.holiday_sets().create_holiday_set(made).await.unwrap();
    let ended = v1::DeleteHolidaySetRequest {
        name: name("holidaySets/sweden"),
        effective_time: Some(time("2026-11-24T00:00:00Z")),
        ..Default::default()
    };
    server.holiday_sets().delete_holiday_set(ended).await.unwrap();
    server.clock.advance(3 * 86_400);
    undo(&server, 3).await.unwrap();
    let there = async |at: &str| {
        let get = v1::GetHolidaySetRequest { name: name("holidaySets/sweden"), read_time: Some(time(at)) };
        server.holiday_sets().get_holiday_set(get).await.is_ok()
    };
    assert_eq!((there("2026-11-25T00:00:00Z").await, there("2026-11-27T00:00:00Z").await), (false, true));
    undo(&server, 2).await.unwrap();
    assert!(!there("2026-11-27T00:00:00Z").await && there("2026-11-23T12:00:00Z").await);
}

#[tokio::test]
async fn a_team_that_ended_goes_on() {
    let server = started().await;
    let end = v1::DeleteTeamRequest { name: parent(), force: true, ..Default::default() };
    server.teams().delete_team(end).await.unwrap();
    server.clock.advance(3_600);
    undo(&server, 2).await.unwrap();
    let get = v1::GetTeamRequest { name: parent(), read_time: None };
    assert_eq!(server.teams().get_team(get).await.unwrap().into_inner().display_name, "Developers in residence");
    let list = v1::ListResidentsRequest { parent: parent(), ..Default::default() };
    assert_eq!(server.residents().list_residents(list).await.unwrap().into_inner().residents.len(), 3);
}

#[tokio::test]
async fn somebody_who_was_removed_by_mistake_keeps_their_place() {
    let server = started().await;
    let before = server.rosters.all_teams()[0].snapshot.clone();
    let end = v1::DeleteResidentRequest { name: name("residents/bo"), ..Default::default() };
    server.residents().delete_resident(end).await.unwrap();
    undo(&server, 2).await.unwrap();
    let after = server.rosters.all_teams()[0].snapshot.clone();
    assert_eq!(after.residents_listed(), before.residents_listed());
    let versions =
        |team: &onduty::model::TeamSnapshot| team.residents.values().map(|it| it.versions.clone()).collect::<Vec<_>>();
    assert_eq!(versions(&after), versions(&before), "undone in the same second, nothing of it remains");
}

#[tokio::test]
async fn an_entry_that_others_have_made_anew_is_not_overwritten() {
    let server = started().await;
    sick(&server, "flu").await;
    remove(&server, "flu").await;
    sick(&server, "flu").await;
    let refused = undo(&server, 3).await.unwrap_err();
    assert_eq!(
        obstacles(&refused),
        ["teams/psf/timeOff/flu: was changed since by revision 4 (mark an absence, by coordinator, \
          2026-11-23T09:00:00Z)"]
    );
}
