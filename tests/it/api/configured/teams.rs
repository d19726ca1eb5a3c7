//! Teams: made, shown, and ended with what is in them.

use super::*;

fn team(id: &str) -> v1::CreateTeamRequest {
    let team = v1::Team { display_name: id.to_uppercase(), zone: "UTC".to_owned(), ..Default::default() };
    v1::CreateTeamRequest { team_id: id.to_owned(), team: Some(team), ..Default::default() }
}

fn end(id: &str) -> v1::DeleteTeamRequest {
    v1::DeleteTeamRequest { name: format!("teams/{id}"), ..Default::default() }
}

async fn names(server: &Server, at: &str) -> Vec<String> {
    let read_time = (!at.is_empty()).then(|| time(at));
    let asked = v1::ListTeamsRequest { read_time, ..Default::default() };
    let listed = server.teams().list_teams(asked).await.unwrap().into_inner();
    listed.teams.into_iter().map(|team| team.name).collect()
}

#[tokio::test]
async fn a_team_is_made_and_ended_and_its_past_stays() {
    let server = Server::start().await;
    let made = server.teams().create_team(team("psf")).await.unwrap().into_inner();
    assert_eq!((made.name.as_str(), made.etag.as_str()), ("teams/psf", "\"1\""));
    server.teams().create_team(team("abc")).await.unwrap();
    assert_eq!(names(&server, "").await, ["teams/abc", "teams/psf"]);
    let refused = server.teams().create_team(team("psf")).await.unwrap_err();
    assert_eq!(refused.code(), Code::AlreadyExists);
    server.clock.advance(60);
    let last = server.teams().delete_team(end("psf")).await.unwrap().into_inner();
    assert_eq!((last.display_name.as_str(), text(last.end_time.as_ref()).as_str()), ("PSF", "2026-11-23T08:01:00Z"));
    assert_eq!(names(&server, "").await, ["teams/abc"]);
    assert_eq!(names(&server, "2026-11-23T08:00:30Z").await, ["teams/abc", "teams/psf"]);
    assert_eq!(server.teams().delete_team(end("psf")).await.unwrap_err().code(), Code::NotFound);
    let refused = server.residents().create_resident(creation("asa")).await.unwrap_err();
    assert!(refused.message().contains("teams/psf at 2026-11-23T08:01:00Z; it has ended"), "{}", refused.message());
    server.clock.advance(60);
    let again = server.teams().create_team(team("psf")).await.unwrap().into_inner();
    assert_ne!(again.uid, made.uid);
}

#[tokio::test]
async fn a_team_with_somebody_in_it_ends_only_by_force_and_all_ends_with_it() {
    let server = peopled().await;
    server.duties().create_duty(duty_creation(duty())).await.unwrap();
    server.clock.advance(60);
    let refused = server.teams().delete_team(end("psf")).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "HAS_CHILDREN".to_owned()));
    assert!(refused.message().contains("3 residents, 1 duties and 1 holiday sets"), "{}", refused.message());
    let force = v1::DeleteTeamRequest { force: true, ..end("psf") };
    server.teams().delete_team(force).await.unwrap();
    assert_eq!(get(&server, "asa", "").await.unwrap_err().code(), Code::NotFound);
    let past = get(&server, "asa", "2026-11-23T08:00:30Z").await.unwrap();
    assert_eq!(text(past.end_time.as_ref()), "2026-11-23T08:01:00Z");
    let listed = v1::ListDutiesRequest {
        parent: PARENT.to_owned(),
        read_time: Some(time("2026-11-23T08:00:30Z")),
        ..Default::default()
    };
    assert_eq!(server.duties().list_duties(listed.clone()).await.unwrap().into_inner().duties.len(), 1);
    let now = v1::ListDutiesRequest { read_time: None, ..listed };
    assert_eq!(server.duties().list_duties(now).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn a_team_can_be_planned() {
    let server = Server::start().await;
    let planned = v1::CreateTeamRequest { effective_time: Some(time("2027-01-01T00:00:00Z")), ..team("psf") };
    server.teams().create_team(planned).await.unwrap();
    assert!(names(&server, "").await.is_empty());
    assert_eq!(names(&server, "2027-01-01T00:00:00Z").await, ["teams/psf"]);
    create(&server, creation("asa")).await;
    let edit = v1::Team { name: PARENT.to_owned(), public: true, ..Default::default() };
    let asked = v1::UpdateTeamRequest { team: Some(edit), ..Default::default() };
    assert_eq!(server.teams().update_team(asked.clone()).await.unwrap_err().code(), Code::NotFound);
    let dated = v1::UpdateTeamRequest { effective_time: Some(time("2027-02-01T00:00:00Z")), ..asked };
    assert!(server.teams().update_team(dated).await.unwrap().into_inner().public);
}
