//! Participants who come, go and change places, without harm to what went before (semantics 3.5).

use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::change_participants_request::{Change, From};
use onduty::proto::v1::on_duty_service_client::OnDutyServiceClient;
use onduty::proto::v1::roster_service_client::RosterServiceClient;
use tonic::Status;

use super::entered::harness::{TEAM, date, name};
use crate::support::server::{Server, fields, reason, text, time};

/// A server with the team of the harness: asa's week begins on Monday 2026-11-23 at 09:00 in Warsaw, then bo, then cy.
async fn started() -> Server {
    let server = Server::start().await;
    let roster_toml = format!("{TEAM}\n[[resident]]\nid = \"dan\"\n\n[[resident]]\nid = \"eve\"\n");
    let asked = v1::ApplyRosterRequest { roster_toml, ..Default::default() };
    RosterServiceClient::new(server.routes.clone()).apply_roster(asked).await.unwrap();
    server.clock.advance(2 * 86_400);
    server
}

fn people(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| name(&format!("residents/{id}"))).collect()
}

fn add(ids: &[&str]) -> Change {
    Change::Add(v1::AddParticipants { residents: people(ids), place: None })
}

async fn change(server: &Server, change: Change, from: Option<From>) -> Result<v1::ChangeParticipantsResponse, Status> {
    let name = name("duties/review");
    let asked = v1::ChangeParticipantsRequest { name, change: Some(change), from, ..Default::default() };
    server.duties().change_participants(asked).await.map(tonic::Response::into_inner)
}

fn ids(names: &[String]) -> String {
    names.iter().map(|name| name.rsplit('/').next().unwrap()).collect::<Vec<_>>().join(" ")
}

/// The order, and each turn by whose it is and the day on which it begins.
fn told(rota: &v1::Rota) -> String {
    let day = |turn: &v1::LayerTurn| text(turn.interval.as_ref().unwrap().start_time.as_ref())[5..10].to_owned();
    let turns = rota.turns.iter().map(|turn| format!("{} {}", day(turn), ids(std::slice::from_ref(&turn.resident))));
    format!("{}: {}", ids(&rota.people), turns.collect::<Vec<_>>().join(", "))
}

async fn shifts(server: &Server, until: &str) -> Vec<v1::Shift> {
    let interval = wire::Interval { start_time: Some(time("2026-11-23T08:00:00Z")), end_time: Some(time(until)) };
    let asked =
        v1::ListShiftsRequest { parent: "teams/psf".to_owned(), interval: Some(interval), ..Default::default() };
    OnDutyServiceClient::new(server.routes.clone()).list_shifts(asked).await.unwrap().into_inner().shifts
}

#[tokio::test]
async fn a_newcomer_comes_in_with_the_next_turn_and_what_went_before_stays() {
    let server = started().await;
    let boundary = "2026-11-30T08:00:00Z";
    let before = shifts(&server, boundary).await;
    let made = change(&server, add(&["dan"]), None).await.unwrap();
    assert_eq!(text(made.effective_time.as_ref()), boundary);
    assert_eq!(
        told(&made.rota.unwrap()),
        "asa bo cy dan: 11-23 asa, 11-30 bo, 12-07 cy, 12-14 dan, 12-21 asa, 12-28 bo"
    );
    assert_eq!(shifts(&server, boundary).await, before, "identity, person and interval");
    // Somebody else who comes before that turn does not undo it.
    let after = v1::add_participants::Place::After(name("residents/asa"));
    let second = Change::Add(v1::AddParticipants { residents: people(&["eve"]), place: Some(after) });
    let made = change(&server, second, None).await.unwrap();
    assert_eq!(
        told(&made.rota.unwrap()),
        "asa eve bo cy dan: 11-23 asa, 11-30 bo, 12-07 cy, 12-14 dan, 12-21 asa, 12-28 eve"
    );
    assert_eq!(shifts(&server, boundary).await, before);
}

#[tokio::test]
async fn somebody_joins_in_march() {
    let server = started().await;
    let march = Some(From::FirstDate(date("2027-03-01")));
    let until = "2027-03-01T08:00:00Z";
    let before = shifts(&server, until).await;
    let made = change(&server, add(&["dan"]), march).await.unwrap();
    assert_eq!(text(made.effective_time.as_ref()), until, "the turn that begins on that Monday");
    assert_eq!(shifts(&server, until).await, before);
    // A Tuesday waits for the Monday after it.
    let tuesday = Some(From::FirstDate(date("2027-04-06")));
    let made = change(&server, Change::Remove(v1::RemoveParticipants { residents: people(&["bo"]) }), tuesday).await;
    assert_eq!(text(made.unwrap().effective_time.as_ref()), "2027-04-12T07:00:00Z");
    let refused = change(&server, add(&["eve"]), None).await.unwrap_err();
    assert_eq!(reason(&refused), "LATER_VERSION", "what is planned is not dropped unasked");
}

#[tokio::test]
async fn whoever_goes_out_finishes_the_turn_unless_an_instant_is_stated() {
    let server = started().await;
    let gone = || Change::Remove(v1::RemoveParticipants { residents: people(&["asa"]) });
    let made = change(&server, gone(), None).await.unwrap();
    assert_eq!(told(&made.rota.unwrap()), "bo cy: 11-23 asa, 11-30 bo, 12-07 cy, 12-14 bo, 12-21 cy, 12-28 bo");
    let server = started().await;
    let made = change(&server, gone(), Some(From::EffectiveTime(time("2026-11-26T12:00:00Z")))).await.unwrap();
    assert_eq!(told(&made.rota.unwrap()), "bo cy: 11-23 asa, 11-26 bo, 11-30 cy, 12-07 bo, 12-14 cy, 12-21 bo");
}

#[tokio::test]
async fn the_order_changes_and_begins_with_whoever_would_have_been_next() {
    let server = started().await;
    let order = Change::Order(v1::OrderParticipants { residents: people(&["cy", "bo", "asa"]) });
    let made = change(&server, order, None).await.unwrap();
    assert_eq!(told(&made.rota.unwrap()), "cy bo asa: 11-23 asa, 11-30 bo, 12-07 asa, 12-14 cy, 12-21 bo, 12-28 asa");
    let asked = v1::GetRotaRequest { name: name("duties/review"), turn_count: 2, ..Default::default() };
    let rota = server.duties().get_rota(asked).await.unwrap().into_inner();
    assert_eq!(told(&rota), "asa bo cy: 11-23 asa, 11-30 bo", "until then it is as it was");
}

#[tokio::test]
async fn a_retry_with_validate_only_or_without_changes_once() {
    let server = started().await;
    let request_id = uuid::Uuid::new_v4().to_string();
    let asked = |validate_only| v1::ChangeParticipantsRequest {
        name: name("duties/review"),
        change: Some(add(&["dan"])),
        request_id: if validate_only { String::new() } else { request_id.clone() },
        validate_only,
        ..Default::default()
    };
    let dry = server.duties().change_participants(asked(true)).await.unwrap().into_inner();
    let first = server.duties().change_participants(asked(false)).await.unwrap().into_inner();
    let again = server.duties().change_participants(asked(false)).await.unwrap().into_inner();
    assert_eq!(first, again);
    let bare = |answer: v1::ChangeParticipantsResponse| v1::Rota { context: None, ..answer.rota.unwrap() };
    assert_eq!(bare(dry), bare(first));
}

#[tokio::test]
async fn a_pool_changes_at_once_and_mistakes_name_the_field() {
    let server = started().await;
    let pool = |change| v1::ChangeParticipantsRequest {
        name: name("duties/release"),
        change: Some(change),
        ..Default::default()
    };
    let made = server.duties().change_participants(pool(add(&["dan"]))).await.unwrap().into_inner();
    assert_eq!(text(made.effective_time.as_ref()), "2026-11-25T08:00:00Z");
    assert_eq!((told(made.rota.as_ref().unwrap()), made.rota.unwrap().takes_turns), ("asa dan: ".to_owned(), false));
    let everybody = Change::Remove(v1::RemoveParticipants { residents: people(&["asa", "bo", "cy"]) });
    let refused = change(&server, everybody, None).await.unwrap_err();
    assert_eq!(fields(&refused), ["remove.residents"]);
    assert!(refused.message().contains("leaves nobody"), "{}", refused.message());
}

#[tokio::test]
async fn who_is_not_in_term_yet_is_told() {
    let server = started().await;
    let term = v1::Term { first_date: Some(date("2027-03-01")), ..Default::default() };
    let fay = v1::Resident {
        display_name: "Fay".to_owned(),
        home_zone: "UTC".to_owned(),
        term: Some(term),
        ..Default::default()
    };
    let (resident_id, resident) = ("fay".to_owned(), Some(fay));
    let made =
        v1::CreateResidentRequest { parent: "teams/psf".to_owned(), resident_id, resident, ..Default::default() };
    server.residents().create_resident(made).await.unwrap();
    let made = change(&server, add(&["fay", "dan"]), None).await.unwrap();
    assert_eq!(made.not_in_term, people(&["fay"]));
}
