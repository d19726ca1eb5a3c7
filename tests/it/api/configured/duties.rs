//! Duties: requirements and layers, and rotations whose edits wait for a turn.

use super::*;

fn people(duty: &v1::Duty) -> Vec<String> {
    let Some(Source::Rotation(rotation)) = &duty.layers[0].source else { panic!("no rotation") };
    rotation.participants.iter().map(|name| name.rsplit('/').next().unwrap().to_owned()).collect()
}

fn end(duty: &v1::Duty) -> String {
    text(duty.effective_interval.as_ref().and_then(|interval| interval.end_time.as_ref()))
}

async fn at(server: &Server, read_time: &str) -> v1::Duty {
    let read_time = (!read_time.is_empty()).then(|| time(read_time));
    let asked = v1::GetDutyRequest { name: "teams/psf/duties/review".to_owned(), read_time };
    server.duties().get_duty(asked).await.unwrap().into_inner()
}

fn change(duty: v1::Duty, paths: &[&str]) -> v1::UpdateDutyRequest {
    let duty = v1::Duty { name: "teams/psf/duties/review".to_owned(), ..duty };
    v1::UpdateDutyRequest { duty: Some(duty), update_mask: mask(paths), ..Default::default() }
}

async fn with_duty() -> Server {
    let server = peopled().await;
    server.duties().create_duty(duty_creation(duty())).await.unwrap();
    server.clock.advance(86_400);
    server
}

#[tokio::test]
async fn a_duty_is_shown_as_stated() {
    let server = peopled().await;
    let requirement = v1::Requirement {
        id: "hours".to_owned(),
        windows: Some(v1::WeeklyWindows { windows: vec![window(&[1, 2, 3, 4, 5], 9, 17)] }),
        headcount: Some(2),
        first_date: Some(wire::Date { year: 2026, month: 1, day: 1 }),
        holiday_sets: vec![format!("{PARENT}/holidaySets/sweden")],
        ..Default::default()
    };
    let pool = v1::Pool { members: vec![named("cy")] };
    let backup = v1::Layer {
        id: "backup".to_owned(),
        source: Some(Source::Pool(pool)),
        windows: Some(v1::ZonedWindows { zone: "UTC".to_owned(), windows: vec![window(&[6], 0, 0)] }),
        hours: v1::LayerHours::Working.into(),
        when_absent: v1::WhenAbsent::NextLayer.into(),
        shadows: vec![named("asa")],
        ..Default::default()
    };
    let stated = v1::Duty {
        requirements: vec![requirement],
        layers: vec![backup, weekly(&["asa", "bo"])],
        headcount: Some(v1::Headcount { size: Some(v1::headcount::Size::All(true)) }),
        criticality: v1::Criticality::High.into(),
        in_feed: Some(false),
        ..duty()
    };
    let made = server.duties().create_duty(duty_creation(stated.clone())).await.unwrap().into_inner();
    assert_eq!(made.requirements[0].zone, "Europe/Warsaw");
    assert_eq!(made.requirements[0].windows.as_ref().unwrap().windows[0].id, "w1");
    let Some(Source::Rotation(rotation)) = &made.layers[1].source else { panic!("no rotation") };
    assert_eq!(rotation.zone, "Europe/Warsaw");
    assert!(made.layers.iter().all(|layer| layer.effective_interval.is_some()));
    // What is shown, stated again, is the same.
    let again = change(v1::Duty { etag: made.etag.clone(), ..made.clone() }, &["*"]);
    assert_eq!(server.duties().update_duty(again).await.unwrap().into_inner(), made);
    assert_eq!((made.criticality, made.headcount, made.in_feed), (stated.criticality, stated.headcount, Some(false)));
    assert_eq!(made.layers[0].shadows, stated.layers[0].shadows);
}

#[tokio::test]
async fn a_new_order_waits_for_the_next_turn_and_the_present_one_is_shown() {
    let server = with_duty().await;
    let edit = v1::Duty { layers: vec![weekly(&["bo", "cy", "asa"])], ..Default::default() };
    let changed = server.duties().update_duty(change(edit, &[])).await.unwrap().into_inner();
    assert_eq!(people(&changed), ["asa", "bo"]);
    assert_eq!(end(&changed), "2026-11-30T08:00:00Z");
    let layer_end = changed.layers[0].effective_interval.as_ref().unwrap().end_time.as_ref();
    assert_eq!(text(layer_end), "2026-11-30T08:00:00Z");
    assert_eq!(people(&at(&server, "2026-11-30T07:59:59Z").await), ["asa", "bo"]);
    assert_eq!(people(&at(&server, "2026-11-30T08:00:00Z").await), ["bo", "cy", "asa"]);
}

#[tokio::test]
async fn with_a_date_everything_changes_then() {
    let server = with_duty().await;
    let edit = v1::Duty { title: "Reviews".to_owned(), layers: vec![weekly(&["cy", "asa"])], ..Default::default() };
    let dated = v1::UpdateDutyRequest { effective_time: Some(time("2026-11-25T12:00:00Z")), ..change(edit, &[]) };
    let changed = server.duties().update_duty(dated).await.unwrap().into_inner();
    assert_eq!((changed.title.as_str(), people(&changed)), ("Reviews", vec!["cy".to_owned(), "asa".to_owned()]));
    assert_eq!(people(&at(&server, "2026-11-25T11:59:59Z").await), ["asa", "bo"]);
}

#[tokio::test]
async fn an_edit_without_layers_leaves_the_waiting_order_alone() {
    let server = with_duty().await;
    let edit = v1::Duty { layers: vec![weekly(&["bo", "cy", "asa"])], ..Default::default() };
    server.duties().update_duty(change(edit, &[])).await.unwrap();
    let title = v1::Duty { title: "Reviews".to_owned(), ..Default::default() };
    let changed = server.duties().update_duty(change(title, &["title"])).await.unwrap().into_inner();
    assert_eq!((changed.title.as_str(), people(&changed).len()), ("Reviews", 2));
    assert_eq!(people(&at(&server, "2026-12-01T00:00:00Z").await).len(), 3);
    let other = v1::Duty { layers: vec![weekly(&["asa"])], ..Default::default() };
    let refused = server.duties().update_duty(change(other.clone(), &[])).await.unwrap_err();
    assert_eq!(reason(&refused), "LATER_VERSION");
    let told = v1::UpdateDutyRequest { replace_later: true, ..change(other, &[]) };
    server.duties().update_duty(told).await.unwrap();
    assert_eq!(people(&at(&server, "2026-12-01T00:00:00Z").await), ["asa"]);
}

#[tokio::test]
async fn layers_are_replaced_as_a_list() {
    let server = with_duty().await;
    let pool = v1::Layer {
        id: "all".to_owned(),
        source: Some(Source::Pool(v1::Pool { members: vec![named("asa"), named("cy")] })),
        ..Default::default()
    };
    let edit = v1::Duty { layers: vec![pool.clone(), weekly(&["asa", "bo"])], ..Default::default() };
    let both = server.duties().update_duty(change(edit, &["layers"])).await.unwrap().into_inner();
    let ids = |duty: &v1::Duty| duty.layers.iter().map(|layer| layer.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&both), ["all", "weekly"]);
    server.clock.advance(60);
    let edit = v1::Duty { layers: vec![pool], ..Default::default() };
    let one = server.duties().update_duty(change(edit, &["layers"])).await.unwrap().into_inner();
    assert_eq!(ids(&one), ["all"]);
    server.clock.advance(60);
    let none = server.duties().update_duty(change(v1::Duty::default(), &["layers"])).await.unwrap().into_inner();
    assert!(none.layers.is_empty());
    assert_eq!(ids(&at(&server, "2026-11-24T08:00:30Z").await), ["all", "weekly"]);
}

#[tokio::test]
async fn an_ended_duty_keeps_its_past_and_begins_again_with_new_turns() {
    let server = with_duty().await;
    let asked = v1::DeleteDutyRequest { name: "teams/psf/duties/review".to_owned(), ..Default::default() };
    let last = server.duties().delete_duty(asked).await.unwrap().into_inner();
    assert_eq!((last.layers.len(), end(&last).as_str()), (1, "2026-11-24T08:00:00Z"));
    server.clock.advance(60);
    let again = server.duties().create_duty(duty_creation(duty())).await.unwrap().into_inner();
    assert_ne!(again.uid, last.uid);
    let team = onduty::model::TeamId::new("psf").unwrap();
    let state = server.rosters.state(&team);
    let layers = state.snapshot.duties.values().flat_map(|duty| duty.layers.values());
    let grids: Vec<u32> = layers
        .flat_map(|versions| versions.list())
        .filter_map(|version| match &version.value.as_ref()?.source {
            onduty::model::Source::Rotation(rotation) => Some(rotation.grid),
            onduty::model::Source::Pool(_) => None,
        })
        .collect();
    assert_eq!(grids, [1, 2]);
}

#[tokio::test]
async fn a_layer_takes_nobody_who_has_ended_and_keeps_whom_it_has() {
    let server = with_duty().await;
    for id in ["bo", "cy"] {
        let asked = v1::DeleteResidentRequest { name: named(id), ..Default::default() };
        server.residents().delete_resident(asked).await.unwrap();
    }
    server.clock.advance(60);
    let edit = v1::Duty { layers: vec![weekly(&["asa", "bo", "cy"])], ..Default::default() };
    let refused = server.duties().update_duty(change(edit, &[])).await.unwrap_err();
    let told = "duty.layers[0].rotation.participants[2]: 'cy' has left: they are no resident since 2026-11-24T08:00:00Z; \
                name somebody who is there at 2026-11-24T08:01:00Z";
    assert_eq!(refused.message(), told);
    let shadowed = v1::Layer { shadows: vec![named("cy")], ..weekly(&["asa", "bo"]) };
    let edit = v1::Duty { layers: vec![shadowed], ..Default::default() };
    let refused = server.duties().update_duty(change(edit, &[])).await.unwrap_err();
    assert!(refused.message().starts_with("duty.layers[0].shadows[0]: 'cy' has left"), "{}", refused.message());
    let edit = v1::Duty { title: "Reviews".to_owned(), layers: vec![weekly(&["bo", "asa"])], ..Default::default() };
    assert_eq!(server.duties().update_duty(change(edit, &[])).await.unwrap().into_inner().title, "Reviews");
}
