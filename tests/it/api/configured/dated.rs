//! Edits for later and for earlier.

use super::*;

fn renamed(to: &str) -> v1::UpdateResidentRequest {
    let given = v1::Resident { name: named("asa"), display_name: to.to_owned(), ..Default::default() };
    update(given, &["display_name"])
}

async fn name_at(server: &Server, at: &str) -> String {
    get(server, "asa", at).await.map_or_else(|status| format!("{:?}", status.code()), |found| found.display_name)
}

#[tokio::test]
async fn an_edit_for_later_is_shown_then() {
    let server = peopled().await;
    let asked = v1::UpdateResidentRequest { effective_time: Some(time("2026-12-01T00:00:00Z")), ..renamed("Åsa") };
    let planned = server.residents().update_resident(asked).await.unwrap().into_inner();
    assert_eq!(planned.display_name, "Åsa");
    assert_eq!(text(planned.effective_interval.unwrap().start_time.as_ref()), "2026-12-01T00:00:00Z");
    assert_eq!(name_at(&server, "").await, "Asa");
    let now = get(&server, "asa", "").await.unwrap();
    assert_eq!(text(now.effective_interval.unwrap().end_time.as_ref()), "2026-12-01T00:00:00Z");
    assert_eq!(now.end_time, None);
    assert_eq!(name_at(&server, "2026-12-01T00:00:00Z").await, "Åsa");
}

#[tokio::test]
async fn what_is_planned_is_overwritten_only_when_told() {
    let server = peopled().await;
    let later = v1::UpdateResidentRequest { effective_time: Some(time("2026-12-01T00:00:00Z")), ..renamed("Åsa") };
    server.residents().update_resident(later).await.unwrap();
    let refused = server.residents().update_resident(renamed("A.")).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "LATER_VERSION".to_owned()));
    let end = v1::DeleteResidentRequest { name: named("asa"), ..Default::default() };
    let refused = server.residents().delete_resident(end).await.unwrap_err();
    assert_eq!(reason(&refused), "LATER_VERSION");
    let told = v1::UpdateResidentRequest { replace_later: true, ..renamed("A.") };
    server.residents().update_resident(told).await.unwrap();
    assert_eq!(name_at(&server, "2026-12-02T00:00:00Z").await, "A.");
}

#[tokio::test]
async fn the_past_changes_only_as_a_correction() {
    let server = peopled().await;
    server.clock.advance(7_200);
    let early = v1::UpdateResidentRequest { effective_time: Some(time("2026-11-23T09:00:00Z")), ..renamed("Åsa") };
    let refused = server.residents().update_resident(early.clone()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "CHANGES_THE_PAST".to_owned()));
    let corrected = v1::UpdateResidentRequest { correction: true, ..early };
    let found = server.residents().update_resident(corrected).await.unwrap().into_inner();
    assert_eq!(text(found.effective_interval.unwrap().start_time.as_ref()), "2026-11-23T09:00:00Z");
    assert_eq!(name_at(&server, "2026-11-23T08:59:59Z").await, "Asa");
    assert_eq!(name_at(&server, "2026-11-23T09:00:00Z").await, "Åsa");
    let before = v1::UpdateResidentRequest {
        effective_time: Some(time("2026-11-23T07:00:00Z")),
        correction: true,
        ..renamed("A.")
    };
    let refused = server.residents().update_resident(before).await.unwrap_err();
    assert!(refused.message().contains("it is in effect from 2026-11-23T08:00:00Z on"), "{}", refused.message());
    let joined = v1::CreateResidentRequest { effective_time: Some(time("2026-01-01T00:00:00Z")), ..creation("dee") };
    assert_eq!(reason(&server.residents().create_resident(joined.clone()).await.unwrap_err()), "CHANGES_THE_PAST");
    create(&server, v1::CreateResidentRequest { correction: true, ..joined }).await;
    assert!(get(&server, "dee", "2026-06-01T00:00:00Z").await.is_ok());
}

#[tokio::test]
async fn somebody_joins_and_leaves_later() {
    let server = peopled().await;
    let joins = v1::CreateResidentRequest { effective_time: Some(time("2027-03-01T00:00:00Z")), ..creation("dee") };
    create(&server, joins.clone()).await;
    let refused = get(&server, "dee", "").await.unwrap_err();
    assert!(refused.message().contains("it is in effect from 2027-03-01T00:00:00Z on"), "{}", refused.message());
    // Planned is taken.
    let refused = server.residents().create_resident(creation("dee")).await.unwrap_err();
    assert_eq!(reason(&refused), "RESOURCE_EXISTS");
    let leaves = v1::DeleteResidentRequest {
        name: named("asa"),
        effective_time: Some(time("2027-01-01T00:00:00Z")),
        ..Default::default()
    };
    let last = server.residents().delete_resident(leaves).await.unwrap().into_inner();
    assert_eq!(text(last.end_time.as_ref()), "2027-01-01T00:00:00Z");
    assert_eq!(text(get(&server, "asa", "").await.unwrap().end_time.as_ref()), "2027-01-01T00:00:00Z");
    assert_eq!(name_at(&server, "2027-01-01T00:00:00Z").await, "NotFound");
    // From then on the id is free.
    let refused = server.residents().create_resident(creation("asa")).await.unwrap_err();
    assert_eq!(reason(&refused), "RESOURCE_EXISTS");
    let free = v1::CreateResidentRequest { effective_time: Some(time("2027-06-01T00:00:00Z")), ..creation("asa") };
    create(&server, free).await;
    let listed = v1::ListResidentsRequest {
        parent: PARENT.to_owned(),
        read_time: Some(time("2027-04-01T00:00:00Z")),
        ..Default::default()
    };
    let listed = server.residents().list_residents(listed).await.unwrap().into_inner().residents;
    let names: Vec<String> = listed.into_iter().map(|resident| resident.name).collect();
    assert_eq!(names, [named("bo"), named("cy"), named("dee")]);
}
