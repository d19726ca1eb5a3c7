//! Teams, residents, duties and holiday sets: what each call does, and what it refuses.

mod clock;
mod dated;
mod duties;
mod holidays;
mod masks;
mod mistakes;
mod previews;
mod requests;
mod teams;

use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::layer::Source;
use tonic::{Code, Status};

use crate::support::server::{Server, fields, reason, text, time};

const PARENT: &str = "teams/psf";

fn resident() -> v1::Resident {
    v1::Resident { display_name: "Asa".to_owned(), home_zone: "Europe/Stockholm".to_owned(), ..Default::default() }
}

fn named(id: &str) -> String {
    format!("{PARENT}/residents/{id}")
}

fn creation(id: &str) -> v1::CreateResidentRequest {
    let (parent, resident_id) = (PARENT.to_owned(), id.to_owned());
    v1::CreateResidentRequest { parent, resident_id, resident: Some(resident()), ..Default::default() }
}

fn update(resident: v1::Resident, paths: &[&str]) -> v1::UpdateResidentRequest {
    let update_mask = mask(paths);
    v1::UpdateResidentRequest { resident: Some(resident), update_mask, ..Default::default() }
}

fn mask(paths: &[&str]) -> Option<pbjson_types::FieldMask> {
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    (!paths.is_empty()).then_some(pbjson_types::FieldMask { paths })
}

fn reading(id: &str, at: &str) -> v1::GetResidentRequest {
    let read_time = (!at.is_empty()).then(|| time(at));
    v1::GetResidentRequest { name: named(id), read_time }
}

async fn create(server: &Server, asked: v1::CreateResidentRequest) -> v1::Resident {
    server.residents().create_resident(asked).await.unwrap().into_inner()
}

async fn get(server: &Server, id: &str, at: &str) -> Result<v1::Resident, Status> {
    server.residents().get_resident(reading(id, at)).await.map(tonic::Response::into_inner)
}

fn revision(server: &Server) -> u64 {
    server.rosters.state(&onduty::model::TeamId::new("psf").unwrap()).snapshot.revision
}

fn window(days: &[i32], start: i32, end: i32) -> v1::WeeklyWindow {
    let hour = |hours| Some(wire::TimeOfDay { hours, ..Default::default() });
    v1::WeeklyWindow { id: String::new(), weekdays: days.to_vec(), start: hour(start), end: hour(end) }
}

fn rotation(people: &[&str]) -> v1::Rotation {
    v1::Rotation {
        participants: people.iter().map(|id| named(id)).collect(),
        shift_length: Some(v1::ShiftLength { count: 1, unit: v1::ShiftUnit::Weeks.into() }),
        anchor: Some(wire::DateTime { year: 2026, month: 11, day: 2, hours: 9, ..Default::default() }),
        zone: String::new(),
    }
}

fn weekly(people: &[&str]) -> v1::Layer {
    v1::Layer { id: "weekly".to_owned(), source: Some(Source::Rotation(rotation(people))), ..Default::default() }
}

fn duty() -> v1::Duty {
    v1::Duty { title: "Review".to_owned(), layers: vec![weekly(&["asa", "bo"])], ..Default::default() }
}

fn duty_creation(duty: v1::Duty) -> v1::CreateDutyRequest {
    let (parent, duty_id) = (PARENT.to_owned(), "review".to_owned());
    v1::CreateDutyRequest { parent, duty_id, duty: Some(duty), ..Default::default() }
}

fn set_creation(set: v1::HolidaySet) -> v1::CreateHolidaySetRequest {
    let (parent, holiday_set_id) = (PARENT.to_owned(), "sweden".to_owned());
    v1::CreateHolidaySetRequest { parent, holiday_set_id, holiday_set: Some(set), ..Default::default() }
}

fn holiday(year: i32, month: i32, day: i32, title: &str) -> v1::Holiday {
    v1::Holiday { date: Some(wire::Date { year, month, day }), title: title.to_owned() }
}

/// A server with a team, three residents and a holiday set.
async fn peopled() -> Server {
    let server = Server::with_team().await;
    for id in ["asa", "bo", "cy"] {
        create(&server, creation(id)).await;
    }
    let set = v1::HolidaySet { display_name: "Sweden".to_owned(), ..Default::default() };
    server.holiday_sets().create_holiday_set(set_creation(set)).await.unwrap();
    server
}

#[tokio::test]
async fn a_resident_is_shown_as_stated_with_what_was_left_open() {
    let server = peopled().await;
    let stated = v1::Resident {
        name: "ignored".to_owned(),
        working_hours: vec![window(&[1, 2], 9, 17), window(&[5], 22, 24)],
        capacity_hours: Some(37.5),
        term: Some(v1::Term { first_date: Some(wire::Date { year: 2026, month: 1, day: 1 }), ..Default::default() }),
        skills: vec!["release-management".to_owned()],
        holidays: Some(v1::ResidentHolidays {
            holiday_sets: vec![format!("{PARENT}/holidaySets/sweden")],
            zone: String::new(),
        }),
        handles: vec![v1::Handle { key: "github".to_owned(), value: "asa".to_owned(), audience: 0 }],
        ..resident()
    };
    let asked = v1::CreateResidentRequest { resident: Some(stated.clone()), ..creation("dee") };
    let made = create(&server, asked).await;
    assert_eq!(made.name, named("dee"));
    assert_eq!((made.capacity_hours, made.skills), (Some(37.5), stated.skills));
    let ids: Vec<&str> = made.working_hours.iter().map(|window| window.id.as_str()).collect();
    assert_eq!(ids, ["w1", "w2"]);
    assert_eq!(made.working_hours[1].end.unwrap().hours, 24);
    assert_eq!(made.term.unwrap().zone, "Europe/Stockholm");
    assert_eq!(made.holidays.unwrap().zone, "Europe/Stockholm");
    assert_eq!(made.handles[0].audience(), v1::HandleAudience::Team);
    assert_eq!(made.origin, i32::from(v1::Origin::Entered));
    assert_eq!(text(made.create_time.as_ref()), "2026-11-23T08:00:00Z");
    assert_eq!(text(made.effective_interval.unwrap().start_time.as_ref()), "2026-11-23T08:00:00Z");
    assert_eq!((made.end_time, uuid::Uuid::try_parse(&made.uid).is_ok()), (None, true));
    assert_eq!(made.etag, format!("\"{}\"", revision(&server)));
}

#[tokio::test]
async fn defaults_are_shown() {
    let server = peopled().await;
    let made = get(&server, "asa", "").await.unwrap();
    assert_eq!((made.capacity_hours, made.term, made.holidays), (Some(40.0), None, None));
    let duty = server.duties().create_duty(duty_creation(duty())).await.unwrap().into_inner();
    assert_eq!(duty.headcount.unwrap().size, Some(v1::headcount::Size::Count(1)));
    assert_eq!((duty.criticality(), duty.in_feed), (v1::Criticality::Normal, Some(true)));
    let asked = v1::GetTeamRequest { name: PARENT.to_owned(), read_time: None };
    assert_eq!(server.teams().get_team(asked).await.unwrap().into_inner().rest_hours, Some(11));
}

#[tokio::test]
async fn a_holiday_set_is_shown_by_date() {
    let server = Server::with_team().await;
    let holidays = vec![holiday(2026, 12, 25, "Christmas Day"), holiday(2026, 1, 1, "")];
    let set = v1::HolidaySet { display_name: "Sweden".to_owned(), holidays, ..Default::default() };
    let made = server.holiday_sets().create_holiday_set(set_creation(set)).await.unwrap().into_inner();
    assert_eq!(made.name, "teams/psf/holidaySets/sweden");
    assert_eq!(made.holidays, [holiday(2026, 1, 1, ""), holiday(2026, 12, 25, "Christmas Day")]);
    let asked = v1::UpdateHolidaySetRequest {
        holiday_set: Some(v1::HolidaySet { holidays: Vec::new(), ..made.clone() }),
        update_mask: mask(&["holidays"]),
        ..Default::default()
    };
    let changed = server.holiday_sets().update_holiday_set(asked).await.unwrap().into_inner();
    assert_eq!((changed.holidays.len(), changed.display_name), (0, made.display_name));
    let asked = v1::DeleteHolidaySetRequest { name: made.name.clone(), ..Default::default() };
    server.holiday_sets().delete_holiday_set(asked).await.unwrap();
    let asked = v1::GetHolidaySetRequest { name: made.name, read_time: None };
    assert_eq!(server.holiday_sets().get_holiday_set(asked).await.unwrap_err().code(), Code::NotFound);
    let asked = v1::ListHolidaySetsRequest { parent: PARENT.to_owned(), ..Default::default() };
    let listed = server.holiday_sets().list_holiday_sets(asked).await.unwrap().into_inner();
    assert_eq!(listed, v1::ListHolidaySetsResponse::default());
}

#[tokio::test]
async fn lists_come_in_pages_by_name() {
    let server = peopled().await;
    let first = v1::ListResidentsRequest { parent: PARENT.to_owned(), page_size: 2, ..Default::default() };
    let page = server.residents().list_residents(first.clone()).await.unwrap().into_inner();
    let names = |page: &v1::ListResidentsResponse| -> Vec<String> {
        page.residents.iter().map(|resident| resident.name.clone()).collect()
    };
    assert_eq!(names(&page), [named("asa"), named("bo")]);
    let rest = v1::ListResidentsRequest { page_token: page.next_page_token.clone(), page_size: 9, ..first.clone() };
    let last = server.residents().list_residents(rest.clone()).await.unwrap().into_inner();
    assert_eq!((names(&last), last.next_page_token.as_str()), (vec![named("cy")], ""));
    let other = v1::ListResidentsRequest { read_time: Some(time("2026-11-24T00:00:00Z")), ..rest };
    let refused = server.residents().list_residents(other).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::InvalidArgument, "PAGE_TOKEN_MISMATCH".to_owned()));
    for (bad, field) in [
        (v1::ListResidentsRequest { page_size: -1, ..first.clone() }, "page_size"),
        (v1::ListResidentsRequest { page_token: "junk".to_owned(), ..first.clone() }, "page_token"),
        (v1::ListResidentsRequest { parent: "psf".to_owned(), ..first }, "parent"),
    ] {
        assert_eq!(fields(&server.residents().list_residents(bad).await.unwrap_err()), [field]);
    }
}

#[tokio::test]
async fn an_unknown_name_comes_with_the_one_that_was_perhaps_meant() {
    let server = peopled().await;
    let refused = get(&server, "asaa", "").await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::NotFound, "RESOURCE_NOT_FOUND".to_owned()));
    assert!(refused.message().ends_with("did you mean 'asa'?"), "{}", refused.message());
    let asked = v1::GetResidentRequest { name: "teams/psff/residents/asa".to_owned(), read_time: None };
    let refused = server.residents().get_resident(asked).await.unwrap_err();
    assert!(refused.message().starts_with("there is no teams/psff; did you mean 'psf'?"), "{}", refused.message());
    let asked = v1::CreateResidentRequest { parent: "teams/pfs".to_owned(), ..creation("dee") };
    assert_eq!(server.residents().create_resident(asked).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn a_taken_id_is_refused_and_an_ended_one_begins_again_as_another() {
    let server = peopled().await;
    let first = get(&server, "asa", "").await.unwrap();
    let refused = server.residents().create_resident(creation("asa")).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::AlreadyExists, "RESOURCE_EXISTS".to_owned()));
    server.clock.advance(60);
    let asked = v1::DeleteResidentRequest { name: named("asa"), ..Default::default() };
    let ended = server.residents().delete_resident(asked).await.unwrap().into_inner();
    assert_eq!(text(ended.end_time.as_ref()), "2026-11-23T08:01:00Z");
    assert_eq!(text(ended.effective_interval.unwrap().end_time.as_ref()), "2026-11-23T08:01:00Z");
    assert_eq!((ended.display_name.as_str(), &ended.uid), ("Asa", &first.uid));
    let refused = get(&server, "asa", "").await.unwrap_err();
    assert!(refused.message().ends_with("it has ended"), "{}", refused.message());
    server.clock.advance(60);
    let again = create(&server, creation("asa")).await;
    assert_ne!(again.uid, first.uid);
    assert_eq!(text(again.create_time.as_ref()), "2026-11-23T08:02:00Z");
    assert_eq!(get(&server, "asa", "2026-11-23T08:01:30Z").await.unwrap_err().code(), Code::NotFound);
    assert!(get(&server, "asa", "2026-11-23T08:00:30Z").await.is_ok());
}

#[tokio::test]
async fn what_ends_as_it_begins_leaves_nothing_behind_and_is_shown_once_more() {
    let server = peopled().await;
    let asked = v1::DeleteResidentRequest {
        name: named("asa"),
        request_id: uuid::Uuid::from_u128(7).to_string(),
        ..Default::default()
    };
    let ended = server.residents().delete_resident(asked.clone()).await.unwrap().into_inner();
    assert_eq!((ended.display_name.as_str(), ended.effective_interval), ("Asa", None));
    assert_eq!(text(ended.end_time.as_ref()), "2026-11-23T08:00:00Z");
    assert_eq!(server.residents().delete_resident(asked).await.unwrap().into_inner(), ended);
    assert!(get(&server, "asa", "").await.unwrap_err().message().contains("there is no teams/psf/residents/asa"));
    create(&server, creation("asa")).await;
}
