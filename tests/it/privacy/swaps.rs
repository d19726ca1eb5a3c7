//! Swaps: whose they are to ask, to answer and to see, and what is told of others on the way (semantics 2.10, 8).

use onduty::access::Need;
use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::TimeOffKind as Kind;
use onduty::proto::v1::override_service_server::OverrideService as _;
use onduty::proto::v1::swap_service_server::SwapService as _;
use onduty::service::{Overrides, Swaps};
use tonic::{Code, Request, Response, Status};

use super::team::{Team, Who};
use crate::support::server::time;

const ASA: Who = Who::Resident("asa");
const BEN: Who = Who::Resident("ben");

fn swaps(team: &Team, who: Who) -> Swaps {
    Swaps::new(team.desk(who, Need::Resident))
}

fn name(resident: &str) -> String {
    format!("teams/core/residents/{resident}")
}

/// Asa's Wednesday morning on review.
fn wednesday(asks: &str) -> v1::Swap {
    let interval =
        wire::Interval { start_time: Some(time("2026-11-25T09:00:00Z")), end_time: Some(time("2026-11-25T11:00:00Z")) };
    let duty = "teams/core/duties/review".to_owned();
    let to_resident = if asks.is_empty() { String::new() } else { name(asks) };
    v1::Swap {
        asked: Some(v1::SwapPart { duty, interval: Some(interval), ..Default::default() }),
        to_resident,
        message: "A wedding".to_owned(),
        ..Default::default()
    }
}

async fn ask(team: &Team, who: Who, swap: v1::Swap) -> Result<Response<v1::Swap>, Status> {
    let (parent, swap_id) = ("teams/core".to_owned(), "w".to_owned());
    let asked = v1::CreateSwapRequest { parent, swap_id, swap: Some(swap), ..Default::default() };
    swaps(team, who).create_swap(Request::new(asked)).await
}

async fn accept(team: &Team, who: Who, force: bool) -> Result<Response<v1::Swap>, Status> {
    let asked = v1::AcceptSwapRequest { name: "teams/core/swaps/w".to_owned(), force, ..Default::default() };
    swaps(team, who).accept_swap(Request::new(asked)).await
}

async fn close(team: &Team, who: Who, decline: bool) -> Code {
    let name = "teams/core/swaps/w".to_owned();
    let service = swaps(team, who);
    let answer = match decline {
        true => service.decline_swap(Request::new(v1::DeclineSwapRequest { name, ..Default::default() })).await,
        false => service.withdraw_swap(Request::new(v1::WithdrawSwapRequest { name, ..Default::default() })).await,
    };
    code(&answer)
}

fn code<T>(answer: &Result<T, Status>) -> Code {
    answer.as_ref().map_or_else(Status::code, |_| Code::Ok)
}

#[tokio::test]
async fn residents_ask_for_their_own_shifts_only() {
    let team = Team::start(true).await;
    let of_ben = v1::Swap { resident: name("ben"), ..wednesday("asa") };
    assert_eq!(code(&ask(&team, ASA, of_ben).await), Code::PermissionDenied);
    assert_eq!(code(&ask(&team, Who::Viewer, wednesday("ben")).await), Code::PermissionDenied);
    assert_eq!(code(&ask(&team, Who::Nobody, wednesday("ben")).await), Code::Unauthenticated);
    let made = ask(&team, ASA, wednesday("ben")).await.unwrap().into_inner();
    assert_eq!(made.resident, name("asa"), "whoever calls is who asks");
}

#[tokio::test]
async fn whoever_is_asked_answers_and_whoever_asks_withdraws() {
    for who in [ASA, BEN] {
        let team = Team::start(true).await;
        ask(&team, ASA, wednesday("ben")).await.unwrap();
        assert_eq!(close(&team, who, true).await, if who == BEN { Code::Ok } else { Code::PermissionDenied });
        let team = Team::start(true).await;
        ask(&team, ASA, wednesday("ben")).await.unwrap();
        assert_eq!(close(&team, who, false).await, if who == ASA { Code::Ok } else { Code::PermissionDenied });
        assert_eq!(close(&team, Who::Coordinator, false).await == Code::Ok, who == BEN);
    }
    let team = Team::start(true).await;
    ask(&team, ASA, wednesday("ben")).await.unwrap();
    assert_eq!(code(&accept(&team, ASA, false).await), Code::PermissionDenied);
    assert_eq!(code(&accept(&team, BEN, true).await), Code::PermissionDenied, "force is for coordinators");
    let taken = accept(&team, BEN, false).await.unwrap().into_inner();
    assert_eq!(taken.taken_by, name("ben"));
}

#[tokio::test]
async fn what_asks_anybody_is_anybodys_to_take_for_themselves() {
    let team = Team::start(true).await;
    ask(&team, ASA, wednesday("")).await.unwrap();
    let name_of_swap = "teams/core/swaps/w".to_owned();
    let asked = v1::AcceptSwapRequest { name: name_of_swap, resident: name("asa"), ..Default::default() };
    assert_eq!(code(&swaps(&team, BEN).accept_swap(Request::new(asked)).await), Code::PermissionDenied);
    assert_eq!(accept(&team, BEN, false).await.unwrap().into_inner().taken_by, name("ben"));
}

#[tokio::test]
async fn a_swap_that_a_caller_names_in_an_override_lends_nothing() {
    let team = Team::start(true).await;
    ask(&team, ASA, wednesday("ben")).await.unwrap();
    let entry = v1::Override {
        duty: "teams/core/duties/review".to_owned(),
        span: Some(v1::Span { form: Some(v1::span::Form::Instants(window("2026-11-25"))) }),
        by_resident: Some(name("asa")),
        swap: "teams/core/swaps/w".to_owned(),
        ..Default::default()
    };
    let asked = v1::CreateOverrideRequest {
        parent: "teams/core".to_owned(),
        override_entry: Some(entry),
        ..Default::default()
    };
    let refused = Overrides::new(team.desk(BEN, Need::Resident)).create_override(Request::new(asked)).await;
    assert_eq!(code(&refused), Code::PermissionDenied);
}

#[tokio::test]
async fn an_exchange_that_a_resident_accepts_puts_the_other_one_on_duty_too() {
    let team = Team::start(true).await;
    let thursday = |asks: &str| v1::Override {
        duty: "teams/core/duties/watch".to_owned(),
        span: Some(v1::Span { form: Some(v1::span::Form::Instants(window("2026-11-26"))) }),
        by_resident: Some(name(asks)),
        ..Default::default()
    };
    let parent = || "teams/core".to_owned();
    let asked =
        v1::CreateOverrideRequest { parent: parent(), override_entry: Some(thursday("ben")), ..Default::default() };
    Overrides::new(team.desk(BEN, Need::Resident)).create_override(Request::new(asked)).await.unwrap();
    let duty = "teams/core/duties/watch".to_owned();
    let in_return = Some(v1::SwapPart { duty, interval: Some(window("2026-11-26")), ..Default::default() });
    ask(&team, ASA, v1::Swap { in_return, ..wednesday("ben") }).await.unwrap();
    let taken = accept(&team, BEN, false).await.unwrap().into_inner();
    assert_eq!(taken.overrides.len(), 2);
    // Each of the two may take back their own part, and not the other's.
    let asked = v1::ListOverridesRequest { parent: parent(), residents: vec![name("asa")], ..Default::default() };
    let listed = Overrides::new(team.desk(BEN, Need::Resident)).list_overrides(Request::new(asked)).await;
    for made in listed.unwrap().into_inner().overrides {
        let own = made.by_resident == Some(name("ben"));
        let asked = v1::DeleteOverrideRequest { name: made.name, ..Default::default() };
        let removed = Overrides::new(team.desk(BEN, Need::Resident)).delete_override(Request::new(asked)).await;
        assert_eq!(code(&removed), if own { Code::Ok } else { Code::PermissionDenied });
    }
}

/// From ten to twelve in Warsaw.
fn window(day: &str) -> wire::Interval {
    let at = |hour: &str| Some(time(&format!("{day}T{hour}:00:00Z")));
    wire::Interval { start_time: at("09"), end_time: at("11") }
}

#[tokio::test]
async fn viewers_and_the_public_see_nothing_of_swaps() {
    let team = Team::start(true).await;
    ask(&team, ASA, wednesday("ben")).await.unwrap();
    accept(&team, BEN, false).await.unwrap();
    for who in [Who::Viewer, Who::Nobody] {
        let told = team.all_that_is_told(who).await;
        let has = |word: &[u8]| told.windows(word.len()).any(|window| window == word);
        assert!(!has(b"wedding") && !has(b"swaps/w"), "{who:?}");
    }
    for who in [ASA, BEN, Who::Coordinator] {
        let told = team.all_that_is_told(who).await;
        assert!(told.windows(7).any(|window| window == b"wedding"), "{who:?}");
    }
}

#[tokio::test]
async fn why_somebody_cannot_is_told_to_them_and_to_coordinators_only() {
    let team = Team::start(true).await;
    ask(&team, ASA, wednesday("ben")).await.unwrap();
    team.off("ben", Kind::Sick, "migraine", ("2026-11-25T10:00:00Z", None)).await;
    for who in [ASA, BEN, Who::Coordinator] {
        let asked = v1::GetSwapRequest { name: "teams/core/swaps/w".to_owned() };
        let told = swaps(&team, who).get_swap(Request::new(asked)).await.unwrap().into_inner();
        assert_eq!((told.state(), told.state_text.as_str()), (v1::SwapState::Void, "'ben' is away then"), "{who:?}");
        assert_eq!(told.conflicts.iter().map(|it| it.kind()).collect::<Vec<_>>(), [v1::CoverConflictKind::Away]);
    }
    team.off("ben", Kind::Focus, "", ("2026-11-25T08:00:00Z", Some("2026-11-25T12:00:00Z"))).await;
    let soft = async |who| {
        let asked = v1::GetSwapRequest { name: "teams/core/swaps/w".to_owned() };
        let told = swaps(&team, who).get_swap(Request::new(asked)).await.unwrap().into_inner();
        told.conflicts.iter().any(|it| it.kind() == v1::CoverConflictKind::SoftlyOff)
    };
    assert_eq!((soft(ASA).await, soft(BEN).await, soft(Who::Coordinator).await), (false, true, true));
}
