//! Callers who send far too much are told what is wrong, in an answer that every client reads.

use onduty::proto::v1::roster_service_client::RosterServiceClient;
use onduty::proto::v1::task_service_client::TaskServiceClient;
use onduty::proto::v1::team_service_client::TeamServiceClient;
use onduty::proto::v1::{ApplyRosterRequest, CreateTaskRequest, CreateTeamRequest, Task, TaskDue, Team};
use tempfile::TempDir;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::support::grpc::{apply_request, connect};
use crate::support::local::LocalServer;

const NOW: &str = "2026-11-23T13:05:00Z";

fn told(status: &Status) -> String {
    let details = status.get_error_details();
    let violations = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
    let fields: Vec<String> = violations.into_iter().map(|violation| violation.field).collect();
    assert!(status.message().len() < 500 && !status.message().contains('\0'), "{status}");
    format!("{:?} {}", status.code(), fields.join(" "))
}

#[test]
fn a_value_of_any_length_is_refused_by_the_name_of_its_field() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::demo(dir.path(), NOW);
    let long = "A\0".repeat(50_000);
    let asked = || CreateTaskRequest {
        parent: "teams/psf".to_owned(),
        task: Some(Task { title: "Task".to_owned(), ..Task::default() }),
        ..CreateTaskRequest::default()
    };
    let with = |task: Task| CreateTaskRequest { task: Some(Task { title: "Task".to_owned(), ..task }), ..asked() };
    let due = TaskDue { zone: long.clone(), ..TaskDue::default() };
    let requests = [
        ("parent", CreateTaskRequest { parent: long.clone(), ..asked() }),
        ("parent", CreateTaskRequest { parent: format!("teams/{long}"), ..asked() }),
        ("task_id", CreateTaskRequest { task_id: long.clone(), ..asked() }),
        ("request_id", CreateTaskRequest { request_id: long.clone(), ..asked() }),
        ("title", CreateTaskRequest { task: Some(Task { title: long.clone(), ..Task::default() }), ..asked() }),
        ("duty", with(Task { duty: Some(long.clone()), ..Task::default() })),
        ("assignee", with(Task { assignee: Some(format!("teams/psf/residents/{long}")), ..Task::default() })),
        ("deputy", with(Task { deputy: Some(long.clone()), ..Task::default() })),
        ("link", with(Task { link: long.clone(), ..Task::default() })),
        ("due", with(Task { due: Some(due), ..Task::default() })),
    ];
    server.block_on(async {
        let mut client = TaskServiceClient::new(connect(&server.url()).await);
        for (field, request) in requests {
            let status = client.create_task(request).await.unwrap_err();
            let told = told(&status);
            assert!(told.starts_with("InvalidArgument") && told.contains(field), "{field}: {told}: {status}");
        }
    });
}

#[test]
fn a_zone_of_any_length_is_answered_at_once() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    server.block_on(async {
        let mut client = TeamServiceClient::new(connect(&server.url()).await);
        let team = Team { display_name: "Team".to_owned(), zone: "A".repeat(900_000), ..Team::default() };
        let asked = CreateTeamRequest { team_id: "psf".to_owned(), team: Some(team), ..CreateTeamRequest::default() };
        let status = client.create_team(asked).await.unwrap_err();
        assert!(status.message().contains("AAA…' is no time zone"), "{status}");
        assert_eq!(told(&status), "InvalidArgument team.zone");
    });
}

#[test]
fn all_mistakes_of_a_file_are_listed_where_that_is_asked_for() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::demo(dir.path(), NOW);
    let duties = (0..1_000).map(|index| format!("[[duty]]\nid = \"watch-{index}\"\ntitel = \"{}\"\n", "x".repeat(500)));
    let text = format!("team = \"psf\"\nzone = \"Europe/Warsow\"\n{}", duties.collect::<String>());
    server.block_on(async {
        let mut client = RosterServiceClient::new(connect(&server.url()).await);
        let status = client.apply_roster(apply_request(&text)).await.unwrap_err();
        let details = status.get_error_details();
        let shown = details.bad_request().unwrap().field_violations.len();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(shown > 5 && status.message().contains(&format!("{} more", 1_001 - shown)), "{status}");

        let asked = ApplyRosterRequest { list_mistakes: true, ..apply_request(&text) };
        let status = client.apply_roster(asked.clone()).await.unwrap_err();
        assert!(told(&status).starts_with("InvalidArgument list_mistakes"), "{}", told(&status));

        let asked = ApplyRosterRequest { validate_only: true, ..asked };
        let answer = client.apply_roster(asked.clone()).await.unwrap().into_inner();
        assert_eq!((answer.mistakes.len(), answer.mistakes_left_out), (1_001, 0));
        let first = &answer.mistakes[0];
        assert_eq!((first.line, first.column, first.field.as_str()), (2, 8, "zone"));
        assert!(first.text.contains("did you mean 'Europe/Warsaw'?"), "{}", first.text);

        let stale = ApplyRosterRequest { name: "teams/other".to_owned(), ..asked.clone() };
        let told = told(&client.apply_roster(stale).await.unwrap_err());
        assert!(told.starts_with("InvalidArgument name"), "{told}");
        let right = ApplyRosterRequest { roster_toml: "team = \"psf\"\nzone = \"UTC\"\n".to_owned(), ..asked };
        let answer = client.apply_roster(right).await.unwrap().into_inner();
        assert!(answer.mistakes.is_empty() && !answer.changes.is_empty());
    });
}
