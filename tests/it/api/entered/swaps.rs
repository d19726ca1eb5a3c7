//! Swaps: asked, answered, and checked again before they take effect (semantics 2.10).
//!
//! Asa's week begins with the test, on Monday 2026-11-23; the weeks of bo and cy follow.

use onduty::proto::v1;
use onduty::proto::v1::{CoverConflictKind as Kind, SwapState};

use super::harness::{Api, between, instants, name, parent, refused, text, time};

/// Asa asks bo to take over her Wednesday.
fn wednesday() -> v1::Swap {
    v1::Swap {
        resident: name("residents/asa"),
        asked: part("2026-11-25T08:00:00Z", "2026-11-26T08:00:00Z"),
        to_resident: name("residents/bo"),
        message: "A wedding".to_owned(),
        ..Default::default()
    }
}

fn part(start: &str, end: &str) -> Option<v1::SwapPart> {
    Some(v1::SwapPart { duty: name("duties/review"), interval: between(start, end), ..Default::default() })
}

/// Asa's Wednesday for bo's.
fn exchange() -> v1::Swap {
    v1::Swap { in_return: part("2026-12-02T08:00:00Z", "2026-12-03T08:00:00Z"), ..wednesday() }
}

fn ask(swap: v1::Swap) -> v1::CreateSwapRequest {
    v1::CreateSwapRequest { parent: parent(), swap_id: "w".to_owned(), swap: Some(swap), ..Default::default() }
}

fn accept() -> v1::AcceptSwapRequest {
    v1::AcceptSwapRequest { name: name("swaps/w"), ..Default::default() }
}

async fn asked(api: &mut Api, swap: v1::Swap) -> v1::Swap {
    api.swaps.create_swap(ask(swap)).await.unwrap().into_inner()
}

async fn get(api: &mut Api) -> v1::Swap {
    api.swaps.get_swap(v1::GetSwapRequest { name: name("swaps/w") }).await.unwrap().into_inner()
}

async fn away(api: &mut Api, who: &str, start: &str, end: &str) -> String {
    let entry = v1::TimeOff {
        resident: name(&format!("residents/{who}")),
        span: Some(instants(start, end)),
        kind: v1::TimeOffKind::Vacation.into(),
        ..Default::default()
    };
    let asked = v1::CreateTimeOffRequest { parent: parent(), time_off: Some(entry), ..Default::default() };
    api.time_off.create_time_off(asked).await.unwrap().into_inner().name
}

async fn overrides(api: &mut Api) -> Vec<v1::Override> {
    let asked = v1::ListOverridesRequest { parent: parent(), ..Default::default() };
    api.overrides.list_overrides(asked).await.unwrap().into_inner().overrides
}

#[tokio::test]
async fn what_is_asked_is_answered_with_the_shift_and_until_when() {
    let mut api = Api::start().await;
    let made = asked(&mut api, wednesday()).await;
    assert_eq!((made.state(), made.message.as_str()), (SwapState::Open, "A wedding"));
    assert_eq!(made.expire_time.as_ref().map(time).as_deref(), Some("2026-11-25T08:00:00Z"));
    assert_eq!(made.asked.as_ref().unwrap().shift.len(), 36);
    assert_eq!(made.conflicts, [], "bo's own week is days away");
    assert_eq!(get(&mut api).await, made);
    assert!(made.taken_by.is_empty() && made.answer_time.is_none() && made.overrides.is_empty());
}

#[tokio::test]
async fn without_times_it_is_the_shift_that_is_going_on_and_what_is_left_of_it() {
    let mut api = Api::start().await;
    let asked_part = Some(v1::SwapPart { duty: name("duties/review"), ..Default::default() });
    let made = asked(&mut api, v1::Swap { asked: asked_part, ..wednesday() }).await;
    let interval = made.asked.unwrap().interval;
    assert_eq!(text(interval.as_ref()), "2026-11-23T08:00:00Z/2026-11-30T08:00:00Z");
    assert_eq!(made.expire_time.as_ref().map(time).as_deref(), Some("2026-11-30T08:00:00Z"));
    api.clock.advance(3_600);
    let taken = api.swaps.accept_swap(v1::AcceptSwapRequest { force: true, ..accept() }).await.unwrap().into_inner();
    assert_eq!(taken.state(), SwapState::Accepted);
    let made = overrides(&mut api).await;
    assert_eq!(text(made[0].interval.as_ref()), "2026-11-23T09:00:00Z/2026-11-30T08:00:00Z");
}

#[tokio::test]
async fn accepting_makes_the_overrides_in_the_same_change() {
    let mut api = Api::start().await;
    asked(&mut api, exchange()).await;
    let before = api.revision();
    let taken = api.swaps.accept_swap(accept()).await.unwrap().into_inner();
    assert_eq!((taken.state(), taken.taken_by.clone()), (SwapState::Accepted, name("residents/bo")));
    assert_eq!((api.revision(), taken.overrides.len()), (before + 1, 2));
    assert_eq!(taken.answered_by, "coordinator");
    let made = overrides(&mut api).await;
    let told: Vec<_> = made
        .iter()
        .map(|it| (it.by_resident.clone().unwrap(), it.for_resident.clone().unwrap(), text(it.interval.as_ref())))
        .collect();
    let (asa, bo) = (name("residents/asa"), name("residents/bo"));
    assert_eq!(
        told,
        [
            (bo.clone(), asa.clone(), "2026-11-25T08:00:00Z/2026-11-26T08:00:00Z".to_owned()),
            (asa, bo, "2026-12-02T08:00:00Z/2026-12-03T08:00:00Z".to_owned()),
        ]
    );
    assert!(made.iter().all(|it| it.swap == name("swaps/w") && taken.overrides.contains(&it.name)));
    assert_eq!(api.log().await.last().map(String::as_str), Some("accept a swap"));
}

#[tokio::test]
async fn accepting_again_with_the_request_id_is_the_same_answer_and_otherwise_says_who_has_it() {
    let mut api = Api::start().await;
    asked(&mut api, v1::Swap { to_resident: String::new(), ..wednesday() }).await;
    let bo = || v1::AcceptSwapRequest {
        resident: name("residents/bo"),
        request_id: "00000000-0000-4000-8000-000000000001".to_owned(),
        ..accept()
    };
    let first = api.swaps.accept_swap(bo()).await.unwrap().into_inner();
    assert_eq!(api.swaps.accept_swap(bo()).await.unwrap().into_inner(), first);
    let cy = v1::AcceptSwapRequest { resident: name("residents/cy"), ..accept() };
    let status = api.swaps.accept_swap(cy.clone()).await.unwrap_err();
    assert_eq!(status.message(), "'bo' took it over at 2026-11-23T08:00:00Z");
    assert_eq!(refused(api.swaps.accept_swap(cy).await), "FailedPrecondition SWAP_TAKEN");
    assert_eq!(overrides(&mut api).await.len(), 1);
}

#[tokio::test]
async fn what_anybody_may_take_needs_a_name_and_nobody_takes_over_from_themselves() {
    let mut api = Api::start().await;
    asked(&mut api, v1::Swap { to_resident: String::new(), ..wednesday() }).await;
    assert_eq!(refused(api.swaps.accept_swap(accept()).await), "InvalidArgument INVALID_FIELD resident");
    let own = v1::AcceptSwapRequest { resident: name("residents/asa"), ..accept() };
    assert_eq!(refused(api.swaps.accept_swap(own).await), "InvalidArgument INVALID_FIELD resident");
    let declined = api.swaps.decline_swap(v1::DeclineSwapRequest { name: name("swaps/w"), ..Default::default() }).await;
    assert_eq!(refused(declined), "FailedPrecondition SWAP_ASKS_ANYBODY");
}

#[tokio::test]
async fn a_declined_and_a_withdrawn_one_are_over() {
    for decline in [true, false] {
        let mut api = Api::start().await;
        asked(&mut api, wednesday()).await;
        let (by, state) = match decline {
            true => {
                let asked = v1::DeclineSwapRequest { name: name("swaps/w"), ..Default::default() };
                (api.swaps.decline_swap(asked).await, SwapState::Declined)
            }
            false => {
                let asked = v1::WithdrawSwapRequest { name: name("swaps/w"), ..Default::default() };
                (api.swaps.withdraw_swap(asked).await, SwapState::Withdrawn)
            }
        };
        assert_eq!(by.unwrap().into_inner().state(), state);
        let reason = if decline { "SWAP_DECLINED" } else { "SWAP_WITHDRAWN" };
        assert_eq!(refused(api.swaps.accept_swap(accept()).await), format!("FailedPrecondition {reason}"));
        assert_eq!(overrides(&mut api).await, []);
    }
}

#[tokio::test]
async fn it_expires_when_the_shift_begins_and_no_later_time_can_be_stated() {
    let mut api = Api::start().await;
    let late = v1::Swap { expire_time: Some(super::harness::at("2026-11-25T08:00:01Z")), ..wednesday() };
    assert_eq!(refused(api.swaps.create_swap(ask(late)).await), "InvalidArgument INVALID_FIELD expire_time");
    asked(&mut api, wednesday()).await;
    api.clock.advance(2 * 86_400);
    assert_eq!(get(&mut api).await.state(), SwapState::Expired);
    assert_eq!(refused(api.swaps.accept_swap(accept()).await), "FailedPrecondition SWAP_EXPIRED");
    let withdrawn = api.swaps.withdraw_swap(v1::WithdrawSwapRequest { name: name("swaps/w"), ..Default::default() });
    assert_eq!(refused(withdrawn.await), "FailedPrecondition SWAP_EXPIRED");
}

#[tokio::test]
async fn it_is_void_with_a_reason_as_long_as_it_could_not_take_effect() {
    let mut api = Api::start().await;
    asked(&mut api, exchange()).await;
    let off = away(&mut api, "asa", "2026-12-02T12:00:00Z", "2026-12-02T14:00:00Z").await;
    let void = get(&mut api).await;
    assert_eq!((void.state(), void.state_text.as_str()), (SwapState::Void, "'asa' is away then"));
    let status = api.swaps.accept_swap(v1::AcceptSwapRequest { force: true, ..accept() }).await.unwrap_err();
    assert_eq!(status.message(), "'asa' is away then");
    assert_eq!(overrides(&mut api).await, []);
    api.time_off.delete_time_off(v1::DeleteTimeOffRequest { name: off, ..Default::default() }).await.unwrap();
    assert_eq!(get(&mut api).await.state(), SwapState::Open);
    let entry = v1::Override {
        duty: name("duties/review"),
        span: Some(instants("2026-11-25T08:00:00Z", "2026-11-25T09:00:00Z")),
        by_resident: Some(name("residents/cy")),
        for_resident: Some(name("residents/asa")),
        ..Default::default()
    };
    let other = v1::CreateOverrideRequest { parent: parent(), override_entry: Some(entry), ..Default::default() };
    api.overrides.create_override(other).await.unwrap();
    let void = get(&mut api).await;
    assert_eq!(void.state_text, "'asa' does not have the shift on 'review' any more; 'cy' has it");
}

#[tokio::test]
async fn nobody_is_asked_who_cannot() {
    let mut api = Api::start().await;
    away(&mut api, "bo", "2026-11-25T12:00:00Z", "2026-11-25T14:00:00Z").await;
    let status = api.swaps.create_swap(ask(wednesday())).await.unwrap_err();
    assert_eq!(status.message(), "'bo' is away then");
    assert_eq!(refused(api.swaps.create_swap(ask(wednesday())).await), "FailedPrecondition SWAP_VOID");
    let (before, anybody) = (api.revision(), v1::Swap { to_resident: String::new(), ..wednesday() });
    let checked = v1::CreateSwapRequest { validate_only: true, ..ask(anybody.clone()) };
    assert_eq!(api.swaps.create_swap(checked).await.unwrap().into_inner().state(), SwapState::Open);
    assert_eq!(api.revision(), before);
    asked(&mut api, anybody).await;
    let bo = v1::AcceptSwapRequest { resident: name("residents/bo"), force: true, ..accept() };
    let status = api.swaps.accept_swap(bo).await.unwrap_err();
    assert_eq!(status.message(), "'bo' is away then; somebody else has to take over");
}

#[tokio::test]
async fn too_little_rest_is_shown_before_and_refused_unless_it_is_forced() {
    let mut api = Api::start().await;
    let sunday = v1::Swap { asked: part("2026-11-29T08:00:00Z", "2026-11-30T08:00:00Z"), ..wednesday() };
    let made = asked(&mut api, sunday).await;
    assert_eq!(made.conflicts.iter().map(v1::CoverConflict::kind).collect::<Vec<_>>(), [Kind::Rest]);
    assert_eq!(made.conflicts[0].text, "'bo' has less than 11 h of rest after it");
    let status = api.swaps.accept_swap(accept()).await.unwrap_err();
    assert_eq!(status.message(), "'bo' has less than 11 h of rest after it; a coordinator can force it");
    let forced = v1::AcceptSwapRequest { force: true, validate_only: true, ..accept() };
    let shown = api.swaps.accept_swap(forced.clone()).await.unwrap().into_inner();
    assert_eq!((shown.state(), shown.conflicts.len()), (SwapState::Accepted, 1));
    assert_eq!(overrides(&mut api).await, []);
    api.swaps.accept_swap(v1::AcceptSwapRequest { validate_only: false, ..forced }).await.unwrap();
    assert_eq!(overrides(&mut api).await.len(), 1);
}

#[tokio::test]
async fn who_lacks_a_skill_takes_over_only_where_it_is_forced() {
    let mut api = Api::start().await;
    let release = v1::SwapPart { duty: name("duties/release"), ..Default::default() };
    let end = between("2026-11-25T09:00:00Z", "2026-11-25T11:00:00Z");
    let swap = v1::Swap { asked: Some(v1::SwapPart { interval: end, ..release }), ..wednesday() };
    let made = asked(&mut api, swap).await;
    assert_eq!(made.conflicts[0].text, "'bo' lacks signing");
    assert_eq!(refused(api.swaps.accept_swap(accept()).await), "FailedPrecondition CONFLICTS");
    api.swaps.accept_swap(v1::AcceptSwapRequest { force: true, ..accept() }).await.unwrap();
    assert!(overrides(&mut api).await[0].forced);
}

#[tokio::test]
async fn an_override_that_is_removed_later_is_told_of_the_swap() {
    let mut api = Api::start().await;
    asked(&mut api, wednesday()).await;
    let taken = api.swaps.accept_swap(accept()).await.unwrap().into_inner();
    let made = taken.overrides[0].clone();
    api.overrides
        .delete_override(v1::DeleteOverrideRequest { name: made.clone(), ..Default::default() })
        .await
        .unwrap();
    let told = get(&mut api).await;
    let id = made.rsplit('/').next().unwrap();
    assert_eq!((told.state(), told.overrides.len()), (SwapState::Accepted, 0));
    assert_eq!(told.state_text, format!("override '{id}' was removed since"));
}

#[tokio::test]
async fn lists_are_of_open_ones_and_narrowed_by_duty_person_and_state() {
    let mut api = Api::start().await;
    asked(&mut api, wednesday()).await;
    let thursday = v1::Swap {
        asked: part("2026-11-26T08:00:00Z", "2026-11-27T08:00:00Z"),
        to_resident: String::new(),
        ..wednesday()
    };
    api.swaps.create_swap(v1::CreateSwapRequest { swap_id: "t".to_owned(), ..ask(thursday) }).await.unwrap();
    api.swaps.accept_swap(accept()).await.unwrap();
    let list = |asked: v1::ListSwapsRequest| {
        let mut swaps = api.swaps.clone();
        async move {
            let found =
                swaps.list_swaps(v1::ListSwapsRequest { parent: parent(), ..asked }).await.unwrap().into_inner();
            found.swaps.into_iter().map(|swap| swap.name).collect::<Vec<_>>()
        }
    };
    assert_eq!(list(v1::ListSwapsRequest::default()).await, [name("swaps/t")]);
    let all = vec![SwapState::Open as i32, SwapState::Accepted as i32];
    let of = |residents: &[&str]| v1::ListSwapsRequest {
        residents: residents.iter().map(|id| name(&format!("residents/{id}"))).collect(),
        states: all.clone(),
        ..Default::default()
    };
    assert_eq!(list(of(&[])).await, [name("swaps/w"), name("swaps/t")]);
    assert_eq!(list(of(&["bo"])).await, [name("swaps/w")]);
    assert_eq!(list(of(&["cy"])).await, Vec::<String>::new());
    let release = v1::ListSwapsRequest { duties: vec![name("duties/release")], ..of(&[]) };
    assert_eq!(list(release).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_speaks_against_an_override_is_in_its_answer_and_in_nobodys_way() {
    let mut api = Api::start().await;
    let entry = v1::Override {
        duty: name("duties/review"),
        span: Some(instants("2026-11-29T08:00:00Z", "2026-11-30T08:00:00Z")),
        by_resident: Some(name("residents/bo")),
        for_resident: Some(name("residents/asa")),
        ..Default::default()
    };
    let asked = v1::CreateOverrideRequest { parent: parent(), override_entry: Some(entry), ..Default::default() };
    let made = api.overrides.create_override(asked).await.unwrap().into_inner();
    assert_eq!(made.conflicts.iter().map(v1::CoverConflict::kind).collect::<Vec<_>>(), [Kind::Rest]);
}
