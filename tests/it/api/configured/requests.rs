//! Request ids, etags and calls that only check.

use super::*;

const ID: &str = "0f4f8f0e-5a34-4d6c-9d0c-3a4c6f5b2a11";

#[tokio::test]
async fn a_repeated_request_is_answered_as_the_first_time() {
    let server = Server::with_team().await;
    let asked = v1::CreateResidentRequest { request_id: ID.to_owned(), ..creation("asa") };
    let first = create(&server, asked.clone()).await;
    server.clock.advance(3_600);
    let renamed = v1::Resident { name: named("asa"), display_name: "Åsa".to_owned(), ..Default::default() };
    server.residents().update_resident(update(renamed, &[])).await.unwrap();
    let before = revision(&server);
    assert_eq!(create(&server, asked).await, first);
    assert_eq!(revision(&server), before);
}

#[tokio::test]
async fn a_request_id_belongs_to_one_request() {
    let server = Server::with_team().await;
    create(&server, v1::CreateResidentRequest { request_id: ID.to_owned(), ..creation("asa") }).await;
    let other = v1::CreateResidentRequest { request_id: ID.to_owned(), ..creation("bo") };
    let refused = server.residents().create_resident(other).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::InvalidArgument, "REQUEST_ID_REUSED".to_owned()));
    let end = v1::DeleteResidentRequest { name: named("asa"), request_id: ID.to_owned(), ..Default::default() };
    let refused = server.residents().delete_resident(end).await.unwrap_err();
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn repeated_updates_and_ends_change_nothing_again() {
    let server = peopled().await;
    server.clock.advance(60);
    let current = get(&server, "asa", "").await.unwrap();
    let renamed = v1::Resident { display_name: "Åsa".to_owned(), ..current };
    let change = v1::UpdateResidentRequest { request_id: ID.to_owned(), ..update(renamed, &["display_name"]) };
    let first = server.residents().update_resident(change.clone()).await.unwrap().into_inner();
    server.clock.advance(60);
    // The etag of the retry is stale by now, which its first call explains.
    assert_eq!(server.residents().update_resident(change).await.unwrap().into_inner(), first);
    let other_id = ID.replace('0', "1");
    let end = v1::DeleteResidentRequest { name: named("asa"), request_id: other_id, ..Default::default() };
    let ended = server.residents().delete_resident(end.clone()).await.unwrap().into_inner();
    let before = revision(&server);
    assert_eq!(server.residents().delete_resident(end).await.unwrap().into_inner(), ended);
    assert_eq!(revision(&server), before);
}

#[tokio::test]
async fn a_stale_etag_is_refused_and_none_is_not_looked_at() {
    let server = peopled().await;
    let stale = v1::Resident { etag: "\"1\"".to_owned(), name: named("asa"), ..resident() };
    let refused = server.residents().update_resident(update(stale, &["display_name"])).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::Aborted, "ETAG_MISMATCH".to_owned()));
    let end = v1::DeleteResidentRequest { name: named("asa"), etag: "\"1\"".to_owned(), ..Default::default() };
    let refused = server.residents().delete_resident(end.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "ETAG_MISMATCH");
    let current = get(&server, "asa", "").await.unwrap().etag;
    let end = v1::DeleteResidentRequest { etag: current, ..end };
    assert!(server.residents().delete_resident(end).await.is_ok());
}

#[tokio::test]
async fn a_call_that_only_checks_answers_the_same_and_changes_nothing() {
    let server = peopled().await;
    let before = revision(&server);
    let checked = create(&server, v1::CreateResidentRequest { validate_only: true, ..creation("dee") }).await;
    assert_eq!((checked.name, checked.etag), (named("dee"), format!("\"{}\"", before + 1)));
    assert_eq!(get(&server, "dee", "").await.unwrap_err().code(), Code::NotFound);
    let renamed = v1::Resident { name: named("asa"), display_name: "Åsa".to_owned(), ..Default::default() };
    let change = v1::UpdateResidentRequest { validate_only: true, ..update(renamed, &[]) };
    let checked = server.residents().update_resident(change).await.unwrap().into_inner();
    assert_eq!(checked.display_name, "Åsa");
    let end = v1::DeleteResidentRequest { name: named("asa"), validate_only: true, ..Default::default() };
    server.residents().delete_resident(end).await.unwrap();
    let team = v1::CreateTeamRequest {
        team_id: "other".to_owned(),
        team: Some(v1::Team { display_name: "Other".to_owned(), zone: "UTC".to_owned(), ..Default::default() }),
        validate_only: true,
        ..Default::default()
    };
    assert_eq!(server.teams().create_team(team).await.unwrap().into_inner().name, "teams/other");
    let asked = v1::ListTeamsRequest::default();
    assert_eq!(server.teams().list_teams(asked).await.unwrap().into_inner().teams.len(), 1);
    assert_eq!((get(&server, "asa", "").await.unwrap().display_name.as_str(), revision(&server)), ("Asa", before));
    let bad = v1::CreateResidentRequest { validate_only: true, resident: None, ..creation("dee") };
    assert_eq!(fields(&server.residents().create_resident(bad).await.unwrap_err()), ["resident"]);
}

#[tokio::test]
async fn an_update_that_changes_nothing_answers_with_what_is_there() {
    let server = peopled().await;
    server.clock.advance(60);
    let current = get(&server, "asa", "").await.unwrap();
    let before = revision(&server);
    for paths in [&[][..], &["display_name"], &["*"]] {
        let same = server.residents().update_resident(update(current.clone(), paths)).await.unwrap().into_inner();
        assert_eq!(same, current);
    }
    assert_eq!(revision(&server), before);
}
