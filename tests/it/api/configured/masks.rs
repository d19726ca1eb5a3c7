//! Field masks of updates.

use super::*;

async fn changed(given: v1::Resident, paths: &[&str]) -> Result<v1::Resident, Status> {
    let server = peopled().await;
    let stated = v1::Resident {
        skills: vec!["release".to_owned()],
        term: Some(v1::Term {
            first_date: Some(wire::Date { year: 2026, month: 1, day: 1 }),
            last_date: Some(wire::Date { year: 2026, month: 12, day: 31 }),
            zone: "UTC".to_owned(),
        }),
        ..resident()
    };
    create(&server, v1::CreateResidentRequest { resident: Some(stated), ..creation("dee") }).await;
    server.clock.advance(60);
    let given = v1::Resident { name: named("dee"), ..given };
    server.residents().update_resident(update(given, paths)).await.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn without_a_mask_whatever_is_set_changes() {
    let given = v1::Resident { display_name: "Dee".to_owned(), capacity_hours: Some(20.0), ..Default::default() };
    let found = changed(given, &[]).await.unwrap();
    assert_eq!((found.display_name.as_str(), found.capacity_hours), ("Dee", Some(20.0)));
    assert_eq!((found.home_zone.as_str(), found.skills.len()), ("Europe/Stockholm", 1));
    assert!(found.term.is_some());
}

#[tokio::test]
async fn a_star_clears_what_is_not_set() {
    let found = changed(resident(), &["*"]).await.unwrap();
    assert_eq!((found.skills.len(), found.term, found.capacity_hours), (0, None, Some(40.0)));
    let refused = changed(v1::Resident::default(), &["*"]).await.unwrap_err();
    assert_eq!(fields(&refused), ["resident.display_name", "resident.home_zone"]);
}

#[tokio::test]
async fn a_named_field_is_cleared_and_a_part_leaves_the_others() {
    let found = changed(v1::Resident::default(), &["skills"]).await.unwrap();
    assert_eq!((found.skills.len(), found.display_name.as_str()), (0, "Asa"));
    let found = changed(v1::Resident::default(), &["term.last_date"]).await.unwrap();
    let term = found.term.unwrap();
    assert_eq!((term.first_date.unwrap().year, term.last_date, term.zone.as_str()), (2026, None, "UTC"));
    let found = changed(v1::Resident::default(), &["term.zone"]).await.unwrap();
    assert_eq!(found.term.unwrap().zone, "Europe/Stockholm");
    assert_eq!(changed(v1::Resident::default(), &["term"]).await.unwrap().term, None);
}

#[tokio::test]
async fn paths_that_cannot_be_changed_are_all_named() {
    let refused =
        changed(v1::Resident::default(), &["skils", "uid", "name", "*", "term.first", "etag"]).await.unwrap_err();
    let told: Vec<String> = (0..5).map(|index| format!("update_mask.paths[{index}]")).collect();
    assert_eq!(fields(&refused), told);
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn every_field_of_every_message_can_be_named() {
    let server = peopled().await;
    let duty = server.duties().create_duty(duty_creation(duty())).await.unwrap().into_inner();
    let paths = [
        "title",
        "description",
        "requirements",
        "layers",
        "skills",
        "headcount",
        "headcount.count",
        "headcount.all",
        "criticality",
        "in_feed",
    ];
    let update_mask = mask(&paths);
    let asked = v1::UpdateDutyRequest { duty: Some(duty.clone()), update_mask, ..Default::default() };
    assert_eq!(server.duties().update_duty(asked).await.unwrap().into_inner(), duty);
    let team = v1::Team { name: PARENT.to_owned(), public: true, rest_hours: Some(0), ..Default::default() };
    let asked = v1::UpdateTeamRequest { team: Some(team.clone()), ..Default::default() };
    let found = server.teams().update_team(asked).await.unwrap().into_inner();
    assert_eq!((found.public, found.rest_hours, found.zone.as_str()), (true, Some(0), "Europe/Warsaw"));
    let update_mask = mask(&["public", "rest_hours", "display_name", "zone"]);
    let asked = v1::UpdateTeamRequest { team: Some(team), update_mask, ..Default::default() };
    assert_eq!(fields(&server.teams().update_team(asked).await.unwrap_err()), ["team.display_name", "team.zone"]);
}
