//! `TeamService` and `HolidaySetService`.

use onduty::proto::v1;

use super::case::{Case, Cases, Edit};
use super::values::{date, long};

pub fn cases() -> Vec<Case> {
    let teams = [create_team(), get_team(), list_teams(), update_team(), delete_team()];
    let sets = [create_set(), get_set(), list_sets(), update_set(), delete_set(), import()];
    teams.into_iter().chain(sets).flatten().collect()
}

const TEAM: &[Edit<v1::Team>] = &[
    ("display_name", |t| t.display_name = String::new()),
    ("display_name", |t| t.display_name = " ".to_owned()),
    ("display_name", |t| t.display_name = long(201)),
    ("display_name", |t| t.display_name = "a\u{7}".to_owned()),
    ("zone", |t| t.zone = String::new()),
    ("zone", |t| t.zone = "Europe/Warszawa".to_owned()),
    ("zone", |t| t.zone = long(1_000)),
    ("rest_hours", |t| t.rest_hours = Some(-1)),
    ("rest_hours", |t| t.rest_hours = Some(169)),
    ("rest_hours, display_name, zone", |t| {
        (t.rest_hours, t.display_name, t.zone) = (Some(-1), String::new(), String::new());
    }),
];

fn team() -> v1::Team {
    let (name, zone) = ("teams/psf".to_owned(), "UTC".to_owned());
    v1::Team { name, display_name: "Residents".to_owned(), zone, ..Default::default() }
}

fn create_team() -> Vec<Case> {
    Cases::of(v1::CreateTeamRequest { team_id: "other".to_owned(), team: Some(team()), ..Default::default() })
        .each("team_id", |r| &mut r.team_id, [String::new()])
        .id("team_id", |r| &mut r.team_id)
        .each("AlreadyExists RESOURCE_EXISTS", |r| &mut r.team_id, ["psf".to_owned()])
        .each("team", |r| &mut r.team, [None])
        .part("team.", |r| r.team.get_or_insert_default(), TEAM)
        .effective_time(|r| &mut r.effective_time)
        .request_id(|r| &mut r.request_id)
        .when("team_id, team", |r| *r = v1::CreateTeamRequest::default())
        .done()
}

fn get_team() -> Vec<Case> {
    Cases::of(v1::GetTeamRequest { name: "teams/psf".to_owned(), ..Default::default() })
        .team("name", |r| &mut r.name)
        .time("read_time", |r| &mut r.read_time)
        .done()
}

fn list_teams() -> Vec<Case> {
    Cases::of(v1::ListTeamsRequest::default())
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .time("read_time", |r| &mut r.read_time)
        .when("read_time, page_size, page_token", |r| {
            (r.page_size, r.page_token) = (-1, "x".to_owned());
            r.read_time.get_or_insert_default().seconds = -1_000_000;
        })
        .done()
}

fn update_team() -> Vec<Case> {
    let update_mask = Some(pbjson_types::FieldMask { paths: vec!["*".to_owned()] });
    Cases::of(v1::UpdateTeamRequest { team: Some(team()), update_mask, ..Default::default() })
        .each("team", |r| &mut r.team, [None])
        .team("team.name", |r| &mut r.team.get_or_insert_default().name)
        .etag(|r| &mut r.team.get_or_insert_default().etag)
        .part("team.", |r| r.team.get_or_insert_default(), TEAM)
        .mask(|r| &mut r.update_mask)
        .effective_time(|r| &mut r.effective_time)
        .request_id(|r| &mut r.request_id)
        .done()
}

fn delete_team() -> Vec<Case> {
    Cases::of(v1::DeleteTeamRequest { name: "teams/psf".to_owned(), force: true, ..Default::default() })
        .team("name", |r| &mut r.name)
        .effective_time(|r| &mut r.effective_time)
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .when("FailedPrecondition HAS_CHILDREN", |r| r.force = false)
        .done()
}

const SET: &[Edit<v1::HolidaySet>] = &[
    ("display_name", |s| s.display_name = String::new()),
    ("display_name", |s| s.display_name = long(201)),
    ("holidays[0].date", |s| s.holidays = vec![v1::Holiday::default()]),
    ("holidays[0].date, holidays[1].date", |s| s.holidays = vec![holiday(2026, 2, 30, ""); 2]),
    ("holidays[0].date", |s| s.holidays = vec![holiday(2201, 1, 1, "")]),
    ("holidays[0].date", |s| s.holidays = vec![holiday(0, 0, 0, "")]),
    ("holidays[0].date", |s| s.holidays = vec![holiday(i32::MAX, i32::MIN, i32::MAX, "")]),
    ("holidays[0].title", |s| s.holidays = vec![holiday(2026, 1, 1, &long(201))]),
    ("holidays", |s| s.holidays = vec![holiday(2026, 1, 1, ""); 2]),
    ("holidays", |s| {
        s.holidays = (0..1_001).map(|n| holiday(1971 + n / 12 / 28, n / 28 % 12 + 1, n % 28 + 1, "")).collect();
    }),
];

fn holiday(year: i32, month: i32, day: i32, title: &str) -> v1::Holiday {
    v1::Holiday { date: date(year, month, day), title: title.to_owned() }
}

fn set() -> v1::HolidaySet {
    let name = "teams/psf/holidaySets/sweden".to_owned();
    v1::HolidaySet { name, display_name: "Sweden".to_owned(), ..Default::default() }
}

fn create_set() -> Vec<Case> {
    let (parent, holiday_set_id) = ("teams/psf".to_owned(), "norway".to_owned());
    Cases::of(v1::CreateHolidaySetRequest { parent, holiday_set_id, holiday_set: Some(set()), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .each("holiday_set_id", |r| &mut r.holiday_set_id, [String::new()])
        .id("holiday_set_id", |r| &mut r.holiday_set_id)
        .each("holiday_set", |r| &mut r.holiday_set, [None])
        .part("holiday_set.", |r| r.holiday_set.get_or_insert_default(), SET)
        .effective_time(|r| &mut r.effective_time)
        .request_id(|r| &mut r.request_id)
        .when("parent, holiday_set_id, holiday_set", |r| *r = v1::CreateHolidaySetRequest::default())
        .done()
}

fn get_set() -> Vec<Case> {
    Cases::of(v1::GetHolidaySetRequest { name: set().name, ..Default::default() })
        .name("name", "holidaySets", |r| &mut r.name)
        .time("read_time", |r| &mut r.read_time)
        .done()
}

fn list_sets() -> Vec<Case> {
    Cases::of(v1::ListHolidaySetsRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .time("read_time", |r| &mut r.read_time)
        .done()
}

fn update_set() -> Vec<Case> {
    let update_mask = Some(pbjson_types::FieldMask { paths: vec!["*".to_owned()] });
    Cases::of(v1::UpdateHolidaySetRequest { holiday_set: Some(set()), update_mask, ..Default::default() })
        .each("holiday_set", |r| &mut r.holiday_set, [None])
        .name("holiday_set.name", "holidaySets", |r| &mut r.holiday_set.get_or_insert_default().name)
        .etag(|r| &mut r.holiday_set.get_or_insert_default().etag)
        .part("holiday_set.", |r| r.holiday_set.get_or_insert_default(), SET)
        .mask(|r| &mut r.update_mask)
        .effective_time(|r| &mut r.effective_time)
        .request_id(|r| &mut r.request_id)
        .done()
}

fn delete_set() -> Vec<Case> {
    Cases::of(v1::DeleteHolidaySetRequest { name: set().name, ..Default::default() })
        .name("name", "holidaySets", |r| &mut r.name)
        .effective_time(|r| &mut r.effective_time)
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .done()
}

fn import() -> Vec<Case> {
    let calendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20261207\nEND:VEVENT\nEND:VCALENDAR\n";
    let good = v1::ImportHolidaysRequest { name: set().name, calendar: calendar.into(), ..Default::default() };
    let malformed = ["", "sweden", "teams/psf/holidaySets/", "teams/psf/duties/sweden", "teams/psf/holidaySets/S"];
    Cases::of(good)
        .each("name", |r| &mut r.name, malformed.map(str::to_owned))
        .each("calendar", |r| &mut r.calendar, ["", "hello", "<html>", "\u{feff}"].map(Into::into))
        .each("display_name", |r| &mut r.display_name, [long(201), "a\u{202e}b".to_owned()])
        .each("first_date", |r| &mut r.first_date, [date(2026, 2, 30), date(1969, 12, 31), date(0, 0, 0)])
        .each("last_date", |r| &mut r.last_date, [date(2026, 13, 1), date(2201, 1, 1), date(2025, 12, 31)])
        .when("calendar", |r| r.first_date = date(2026, 12, 8))
        .when("NotFound RESOURCE_NOT_FOUND", |r| r.name = "teams/none/holidaySets/sweden".to_owned())
        .effective_time(|r| &mut r.effective_time)
        .request_id(|r| &mut r.request_id)
        .when("request_id, name, calendar, first_date", |r| {
            *r = v1::ImportHolidaysRequest {
                request_id: "x".to_owned(),
                first_date: date(1, 1, 1),
                ..Default::default()
            };
        })
        .done()
}
