//! Overrides.

use onduty::proto::v1;

use super::harness::{Api, NOW, between, days, local, mask, name, parent, refused, text, time};

/// Bo for asa on a day of asa's week.
fn exchange() -> v1::Override {
    v1::Override {
        duty: name("duties/review"),
        span: Some(days("2026-11-25", "2026-11-25", "")),
        by_resident: Some(name("residents/bo")),
        for_resident: Some(name("residents/asa")),
        ..Default::default()
    }
}

fn create(id: &str) -> v1::CreateOverrideRequest {
    v1::CreateOverrideRequest {
        parent: parent(),
        override_id: id.to_owned(),
        override_entry: Some(exchange()),
        ..Default::default()
    }
}

async fn made(api: &mut Api, id: &str) -> v1::Override {
    api.overrides.create_override(create(id)).await.unwrap().into_inner()
}

async fn get(api: &mut Api, id: &str) -> v1::Override {
    let name = name(&format!("overrides/{id}"));
    api.overrides.get_override(v1::GetOverrideRequest { name }).await.unwrap().into_inner()
}

fn update(entry: v1::Override, paths: &[&str]) -> v1::UpdateOverrideRequest {
    v1::UpdateOverrideRequest { override_entry: Some(entry), update_mask: mask(paths), ..Default::default() }
}

#[tokio::test]
async fn an_override_is_answered_as_it_was_stated() {
    let mut api = Api::start().await;
    let made = made(&mut api, "swap").await;
    assert_eq!(made.name, name("overrides/swap"));
    assert_eq!(made.span, Some(days("2026-11-25", "2026-11-25", "Europe/Warsaw")));
    assert_eq!(text(made.interval.as_ref()), "2026-11-24T23:00:00Z/2026-11-25T23:00:00Z");
    assert_eq!(
        (made.by_resident.clone(), made.for_resident.clone()),
        (Some(name("residents/bo")), Some(name("residents/asa")))
    );
    assert_eq!(made.origin(), v1::Origin::Entered);
    assert_eq!(made.create_time.as_ref().map(time).as_deref(), Some(NOW));
    assert!(!made.forced && made.uid.len() == 36 && made.etag == "\"2\"");
    assert_eq!(get(&mut api, "swap").await, made);
}

#[tokio::test]
async fn the_server_chooses_a_short_id_where_none_is_wanted() {
    let mut api = Api::start().await;
    let (one, other) = (made(&mut api, "").await, made(&mut api, "").await);
    assert!(one.name.starts_with("teams/psf/overrides/override-") && one.name.len() < 40, "{}", one.name);
    assert_ne!((one.name, one.uid), (other.name, other.uid));
}

#[tokio::test]
async fn an_id_or_name_that_does_not_fit_is_refused() {
    let mut api = Api::start().await;
    made(&mut api, "swap").await;
    assert_eq!(refused(api.overrides.create_override(create("swap")).await), "AlreadyExists RESOURCE_EXISTS");
    let status = api.overrides.get_override(v1::GetOverrideRequest { name: name("overrides/swop") }).await.unwrap_err();
    assert_eq!(status.message(), "there is no teams/psf/overrides/swop; did you mean 'swap'?");
    let request = v1::CreateOverrideRequest { parent: "teams/psff".to_owned(), ..create("x") };
    let status = api.overrides.create_override(request).await.unwrap_err();
    assert_eq!(status.message(), "there is no teams/psff; did you mean 'psf'?");
}

#[tokio::test]
async fn lacking_a_skill_needs_force_and_is_remembered() {
    let mut api = Api::start().await;
    let entry = v1::Override { duty: name("duties/release"), for_resident: None, ..exchange() };
    let request = v1::CreateOverrideRequest { override_entry: Some(entry.clone()), ..create("x") };
    assert_eq!(refused(api.overrides.create_override(request.clone()).await), "FailedPrecondition LACKS_SKILL");
    let forced = v1::CreateOverrideRequest { force: true, ..request };
    let made = api.overrides.create_override(forced).await.unwrap().into_inner();
    assert!(made.forced);
    let shorter = v1::Override { span: Some(local("2026-11-25T08:00", "2026-11-25T09:00", "")), ..made.clone() };
    let request = update(shorter, &["span"]);
    assert_eq!(refused(api.overrides.update_override(request.clone()).await), "FailedPrecondition LACKS_SKILL");
    let request = v1::UpdateOverrideRequest { force: true, ..request };
    assert!(api.overrides.update_override(request).await.unwrap().into_inner().forced);
    let asa = v1::Override { by_resident: Some(name("residents/asa")), etag: String::new(), ..made };
    let made = api.overrides.update_override(update(asa, &["by_resident"])).await.unwrap().into_inner();
    assert!(!made.forced);
}

#[tokio::test]
async fn skills_of_somebody_who_is_not_there_yet_are_checked_as_soon_as_they_are() {
    let mut api = Api::start().await;
    let span = Some(days("2025-12-30", "2026-01-02", ""));
    let entry = v1::Override { duty: name("duties/release"), for_resident: None, span, ..exchange() };
    let by = |who: &str| {
        let entry = v1::Override { by_resident: Some(name(who)), ..entry.clone() };
        v1::CreateOverrideRequest { override_entry: Some(entry), ..create("") }
    };
    assert_eq!(refused(api.overrides.create_override(by("residents/bo")).await), "FailedPrecondition LACKS_SKILL");
    assert!(!api.overrides.create_override(by("residents/asa")).await.unwrap().into_inner().forced);
}

#[tokio::test]
async fn an_update_changes_what_its_mask_names() {
    let mut api = Api::start().await;
    let before = made(&mut api, "swap").await;
    api.clock.advance(60);
    let given = v1::Override {
        name: before.name.clone(),
        duty: name("duties/release"),
        by_resident: Some(name("residents/asa")),
        ..Default::default()
    };
    let clear = update(given.clone(), &["for_resident", "by_resident"]);
    let after = api.overrides.update_override(clear).await.unwrap().into_inner();
    assert_eq!((after.duty.as_str(), after.for_resident.as_deref()), ("teams/psf/duties/review", None));
    assert_eq!((after.uid.as_str(), after.create_time.as_ref()), (before.uid.as_str(), before.create_time.as_ref()));
    assert!(after.etag != before.etag && after.update_time != before.update_time);
    let set = v1::UpdateOverrideRequest { override_entry: Some(given.clone()), ..Default::default() };
    let after = api.overrides.update_override(set).await.unwrap().into_inner();
    assert_eq!((after.duty.as_str(), after.span), ("teams/psf/duties/release", before.span));
    let all = update(given.clone(), &["*"]);
    assert_eq!(refused(api.overrides.update_override(all).await), "InvalidArgument INVALID_FIELD span");
    let bare = v1::Override { name: given.name.clone(), ..Default::default() };
    let nothing = v1::UpdateOverrideRequest { override_entry: Some(bare), ..Default::default() };
    assert_eq!(api.overrides.update_override(nothing).await.unwrap().into_inner().etag, after.etag);
    let unknown = update(given, &["forced", "by", "span"]);
    let fields = "update_mask.paths[0], update_mask.paths[1], span";
    assert_eq!(
        refused(api.overrides.update_override(unknown).await),
        format!("InvalidArgument INVALID_FIELD {fields}")
    );
}

#[tokio::test]
async fn an_update_names_what_there_is() {
    let mut api = Api::start().await;
    let made = made(&mut api, "swap").await;
    let missing = v1::Override { name: name("overrides/other"), ..made.clone() };
    let missing = api.overrides.update_override(update(missing, &["span"])).await;
    assert_eq!(refused(missing), "NotFound RESOURCE_NOT_FOUND");
    let stale = v1::Override { etag: "\"1\"".to_owned(), ..made.clone() };
    assert_eq!(refused(api.overrides.update_override(update(stale, &["span"])).await), "Aborted ETAG_MISMATCH");
    let stale = v1::DeleteOverrideRequest { name: made.name.clone(), etag: "\"1\"".to_owned(), ..Default::default() };
    assert_eq!(refused(api.overrides.delete_override(stale).await), "Aborted ETAG_MISMATCH");
    let delete = v1::DeleteOverrideRequest { name: made.name.clone(), etag: made.etag, ..Default::default() };
    api.overrides.delete_override(delete.clone()).await.unwrap();
    assert_eq!(refused(api.overrides.delete_override(delete).await), "NotFound RESOURCE_NOT_FOUND");
}

async fn listed(api: &mut Api, request: v1::ListOverridesRequest) -> Vec<String> {
    let answer = api.overrides.list_overrides(request).await.unwrap().into_inner();
    let id = |entry: v1::Override| entry.name.rsplit('/').next().unwrap().to_owned();
    answer.overrides.into_iter().map(id).collect()
}

#[tokio::test]
async fn a_list_goes_by_start_and_name_and_is_narrowed() {
    let mut api = Api::start().await;
    for (id, day, by) in [("b", "2026-11-25", "bo"), ("c", "2026-11-24", "cy"), ("a", "2026-11-25", "cy")] {
        let by_resident = Some(name(&format!("residents/{by}")));
        let entry = v1::Override { span: Some(days(day, day, "")), by_resident, ..exchange() };
        let request = v1::CreateOverrideRequest { override_entry: Some(entry), ..create(id) };
        api.overrides.create_override(request).await.unwrap();
    }
    let all = v1::ListOverridesRequest { parent: parent(), ..Default::default() };
    assert_eq!(listed(&mut api, all.clone()).await, ["c", "a", "b"]);
    let of = |residents: &[&str]| residents.iter().map(|id| name(&format!("residents/{id}"))).collect();
    let narrowed = |request: v1::ListOverridesRequest| v1::ListOverridesRequest { parent: parent(), ..request };
    let bos = narrowed(v1::ListOverridesRequest { residents: of(&["bo"]), ..Default::default() });
    assert_eq!(listed(&mut api, bos).await, ["b"]);
    let covered = narrowed(v1::ListOverridesRequest { residents: of(&["asa"]), ..Default::default() });
    assert_eq!(listed(&mut api, covered).await.len(), 3);
    let releases = v1::ListOverridesRequest { duties: vec![name("duties/release")], ..all.clone() };
    assert!(listed(&mut api, releases).await.is_empty());
    let early = v1::ListOverridesRequest { interval: between("", "2026-11-24T23:00:00Z"), ..all.clone() };
    assert_eq!(listed(&mut api, early).await, ["c"]);
    let late = v1::ListOverridesRequest { interval: between("2026-11-24T23:00:00Z", ""), ..all.clone() };
    assert_eq!(listed(&mut api, late).await, ["a", "b"]);
    let first = v1::ListOverridesRequest { page_size: 2, ..all.clone() };
    let page = api.overrides.list_overrides(first.clone()).await.unwrap().into_inner();
    let next = v1::ListOverridesRequest { page_token: page.next_page_token.clone(), page_size: 9, ..first.clone() };
    assert_eq!(listed(&mut api, next).await, ["b"]);
    let other = v1::ListOverridesRequest { page_token: page.next_page_token, residents: of(&["bo"]), ..first };
    let told = refused(api.overrides.list_overrides(other).await);
    assert_eq!(told, "InvalidArgument PAGE_TOKEN_MISMATCH page_token");
}
