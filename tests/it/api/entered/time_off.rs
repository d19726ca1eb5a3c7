//! Time off, less what follows from it.

use onduty::proto::v1;

use super::harness::{Api, NOW, at, between, date, days, local, mask, name, parent, refused, text, time};

fn vacation() -> v1::TimeOff {
    v1::TimeOff {
        resident: name("residents/asa"),
        span: Some(days("2026-11-25", "2026-11-26", "")),
        kind: v1::TimeOffKind::Vacation.into(),
        ..Default::default()
    }
}

fn recurring(rule: &str, excepted: &[&str]) -> Option<v1::Recurrence> {
    let excepted_dates = excepted.iter().map(|text| date(text)).collect();
    Some(v1::Recurrence { rule: rule.to_owned(), excepted_dates })
}

fn elsewhere(zone: &str, first: &str, last: &str) -> v1::TimeOff {
    v1::TimeOff {
        span: Some(days(first, last, "")),
        kind: v1::TimeOffKind::Travel.into(),
        effect: v1::TimeOffEffect::WorkingElsewhere.into(),
        elsewhere_zone: Some(zone.to_owned()),
        ..vacation()
    }
}

fn create(id: &str, time_off: v1::TimeOff) -> v1::CreateTimeOffRequest {
    let (time_off_id, time_off) = (id.to_owned(), Some(time_off));
    v1::CreateTimeOffRequest { parent: parent(), time_off_id, time_off, ..Default::default() }
}

async fn made(api: &mut Api, id: &str, time_off: v1::TimeOff) -> v1::TimeOff {
    api.time_off.create_time_off(create(id, time_off)).await.unwrap().into_inner()
}

fn update(time_off: v1::TimeOff, paths: &[&str]) -> v1::UpdateTimeOffRequest {
    let update_mask = if paths.is_empty() { None } else { mask(paths) };
    v1::UpdateTimeOffRequest { time_off: Some(time_off), update_mask, ..Default::default() }
}

#[tokio::test]
async fn an_entry_is_answered_as_it_was_stated() {
    let mut api = Api::start().await;
    let made = made(&mut api, "away", v1::TimeOff { note: "Lofoten".to_owned(), ..vacation() }).await;
    assert_eq!(made.name, name("timeOff/away"));
    assert_eq!(made.span, Some(days("2026-11-25", "2026-11-26", "Europe/Warsaw")));
    assert_eq!((made.kind(), made.effect()), (v1::TimeOffKind::Vacation, v1::TimeOffEffect::Hard));
    assert_eq!(made.note, "Lofoten");
    assert_eq!(text(made.interval.as_ref()), "2026-11-24T23:00:00Z/2026-11-26T23:00:00Z");
    assert_eq!((made.origin(), made.uid.len(), made.cut_time), (v1::Origin::Entered, 36, None));
    let get = v1::GetTimeOffRequest { name: made.name.clone() };
    assert_eq!(api.time_off.get_time_off(get).await.unwrap().into_inner(), made);
}

#[tokio::test]
async fn an_effect_that_is_not_said_follows_the_kind() {
    let mut api = Api::start().await;
    for kind in 1..=7 {
        let made = made(&mut api, "", v1::TimeOff { kind, ..vacation() }).await;
        let soft = made.kind() == v1::TimeOffKind::Focus;
        assert_eq!(made.effect() == v1::TimeOffEffect::Soft, soft);
        assert!(soft || made.effect() == v1::TimeOffEffect::Hard);
    }
    let effect = v1::TimeOffEffect::Hard.into();
    let kind = v1::TimeOffKind::Focus.into();
    assert_eq!(made(&mut api, "", v1::TimeOff { kind, effect, ..vacation() }).await.effect(), v1::TimeOffEffect::Hard);
}

#[tokio::test]
async fn a_zone_that_is_not_said_is_where_the_resident_is() {
    let mut api = Api::start().await;
    let zone = |entry: v1::TimeOff| match entry.span.unwrap().form.unwrap() {
        v1::span::Form::Days(days) => days.zone,
        v1::span::Form::Local(local) => local.zone,
        v1::span::Form::Instants(_) => String::new(),
    };
    let bo = v1::TimeOff { resident: name("residents/bo"), ..vacation() };
    assert_eq!(zone(made(&mut api, "", bo.clone()).await), "America/New_York");
    let trip = v1::TimeOff { resident: bo.resident.clone(), ..elsewhere("Asia/Tokyo", "2026-11-25", "2026-11-30") };
    assert_eq!(zone(made(&mut api, "trip", trip).await), "Asia/Tokyo");
    assert_eq!(zone(made(&mut api, "", bo.clone()).await), "Asia/Tokyo");
    let before = v1::TimeOff { span: Some(days("2026-11-24", "2026-11-26", "")), ..bo.clone() };
    assert_eq!(zone(made(&mut api, "", before).await), "America/New_York");
    let after = v1::TimeOff { span: Some(local("2026-12-01T09:00", "", "")), ..bo.clone() };
    assert_eq!(zone(made(&mut api, "", after).await), "America/New_York");
    let short = v1::TimeOff { resident: bo.resident.clone(), ..elsewhere("Asia/Seoul", "2026-11-28", "2026-11-28") };
    made(&mut api, "short", short).await;
    let within = v1::TimeOff { span: Some(local("2026-11-28T09:00", "", "")), ..bo.clone() };
    assert_eq!(zone(made(&mut api, "", within).await), "Asia/Seoul");
    let stated = v1::TimeOff { span: Some(days("2026-11-26", "", "UTC")), ..bo };
    assert_eq!(zone(made(&mut api, "", stated).await), "UTC");
}

#[tokio::test]
async fn an_update_changes_what_its_mask_names() {
    let mut api = Api::start().await;
    let before = made(&mut api, "away", v1::TimeOff { note: "Lofoten".to_owned(), ..vacation() }).await;
    let given = v1::TimeOff { name: before.name.clone(), kind: v1::TimeOffKind::Focus.into(), ..Default::default() };
    let after = api.time_off.update_time_off(update(given.clone(), &[])).await.unwrap().into_inner();
    assert_eq!((after.kind(), after.effect()), (v1::TimeOffKind::Focus, v1::TimeOffEffect::Hard));
    assert_eq!((after.note.as_str(), after.span), ("Lofoten", before.span));
    let after = api.time_off.update_time_off(update(given.clone(), &["effect", "note"])).await.unwrap().into_inner();
    assert_eq!((after.note.as_str(), after.effect()), ("", v1::TimeOffEffect::Soft));
    let bo = v1::TimeOff { resident: name("residents/bo"), ..given.clone() };
    let told = refused(api.time_off.update_time_off(update(bo, &["resident"])).await);
    assert_eq!(told, "InvalidArgument INVALID_FIELD resident");
    let told = refused(api.time_off.update_time_off(update(given.clone(), &["*"])).await);
    assert_eq!(told, "InvalidArgument INVALID_FIELD resident, span");
    let told = refused(api.time_off.update_time_off(update(given.clone(), &["cut_time", "end"])).await);
    assert_eq!(told, "InvalidArgument INVALID_FIELD update_mask.paths[0], update_mask.paths[1]");
    let unkind = v1::TimeOff { kind: 0, ..given.clone() };
    assert_eq!(
        refused(api.time_off.update_time_off(update(unkind, &["kind"])).await),
        "InvalidArgument INVALID_FIELD kind"
    );
    let stale = v1::TimeOff { etag: before.etag, ..given };
    assert_eq!(refused(api.time_off.update_time_off(update(stale, &[])).await), "Aborted ETAG_MISMATCH");
}

#[tokio::test]
async fn a_new_span_takes_back_an_early_end() {
    let mut api = Api::start().await;
    let span = Some(days("2026-11-23", "", ""));
    let made = made(&mut api, "away", v1::TimeOff { span: span.clone(), ..vacation() }).await;
    assert_eq!(text(made.interval.as_ref()), "2026-11-22T23:00:00Z/");
    let end = v1::EndTimeOffRequest { name: made.name.clone(), ..Default::default() };
    let ended = api.time_off.end_time_off(end).await.unwrap().into_inner();
    assert_eq!(ended.cut_time.as_ref().map(time).as_deref(), Some(NOW));
    let given = v1::TimeOff { name: made.name.clone(), note: "back".to_owned(), span, ..Default::default() };
    let noted = api.time_off.update_time_off(update(given.clone(), &["note"])).await.unwrap().into_inner();
    assert!(noted.cut_time.is_some());
    let longer = v1::TimeOff { span: Some(days("2026-11-23", "2026-11-30", "")), ..given };
    let again = api.time_off.update_time_off(update(longer, &["span"])).await.unwrap().into_inner();
    assert_eq!(again.cut_time, None);
}

async fn listed(api: &mut Api, request: v1::ListTimeOffRequest) -> Vec<String> {
    let request = v1::ListTimeOffRequest { parent: parent(), ..request };
    let answer = api.time_off.list_time_off(request).await.unwrap().into_inner();
    let id = |entry: v1::TimeOff| entry.name.rsplit('/').next().unwrap().to_owned();
    answer.time_off.into_iter().map(id).collect()
}

#[tokio::test]
async fn a_list_goes_by_the_first_start_and_is_narrowed_by_instances() {
    let mut api = Api::start().await;
    let fridays = v1::TimeOff {
        span: Some(days("2026-10-02", "2026-10-02", "")),
        recurrence: recurring("FREQ=WEEKLY", &["2026-11-27"]),
        ..vacation()
    };
    made(&mut api, "fridays", fridays).await;
    made(&mut api, "b", vacation()).await;
    made(&mut api, "a", v1::TimeOff { resident: name("residents/cy"), ..vacation() }).await;
    let list = v1::ListTimeOffRequest::default;
    assert_eq!(listed(&mut api, list()).await, ["fridays", "a", "b"]);
    let residents = vec![name("residents/cy")];
    assert_eq!(listed(&mut api, v1::ListTimeOffRequest { residents, ..list() }).await, ["a"]);
    let interval = between("2026-11-26T23:00:00Z", "2026-11-27T23:00:00Z");
    assert!(listed(&mut api, v1::ListTimeOffRequest { interval, ..list() }).await.is_empty());
    let interval = between("2026-12-03T23:00:00Z", "2026-12-03T23:00:01Z");
    assert_eq!(listed(&mut api, v1::ListTimeOffRequest { interval, ..list() }).await, ["fridays"]);
    let interval = between("2040-01-01T00:00:00Z", "");
    assert_eq!(listed(&mut api, v1::ListTimeOffRequest { interval, ..list() }).await, ["fridays"]);
    let end_time = Some(at("2030-01-01T00:00:00Z"));
    let end = v1::EndTimeOffRequest { name: name("timeOff/fridays"), end_time, ..Default::default() };
    api.time_off.end_time_off(end).await.unwrap();
    let interval = between("2040-01-01T00:00:00Z", "");
    assert!(listed(&mut api, v1::ListTimeOffRequest { interval, ..list() }).await.is_empty());
}
