//! `ResidentService`.

use onduty::proto::google_type as wire;
use onduty::proto::v1;

use super::case::{Case, Cases, Edit};
use super::values::{date, long, window};

pub fn cases() -> Vec<Case> {
    [create(), get(), list(), update(), delete()].into_iter().flatten().collect()
}

fn term(first_date: Option<wire::Date>, last_date: Option<wire::Date>, zone: &str) -> Option<v1::Term> {
    Some(v1::Term { first_date, last_date, zone: zone.to_owned() })
}

fn holidays(sets: &[&str], zone: &str) -> Option<v1::ResidentHolidays> {
    let holiday_sets = sets.iter().map(|set| (*set).to_owned()).collect();
    Some(v1::ResidentHolidays { holiday_sets, zone: zone.to_owned() })
}

fn handle(key: &str, value: &str) -> v1::Handle {
    v1::Handle { key: key.to_owned(), value: value.to_owned(), audience: 0 }
}

const RESIDENT: &[Edit<v1::Resident>] = &[
    ("display_name", |r| r.display_name = String::new()),
    ("display_name", |r| r.display_name = long(201)),
    ("display_name", |r| r.display_name = "a\u{7}".to_owned()),
    ("home_zone", |r| r.home_zone = String::new()),
    ("home_zone", |r| r.home_zone = "Europe/Warszawa".to_owned()),
    ("working_hours", |r| {
        r.working_hours = vec![v1::WeeklyWindow { id: "a".to_owned(), ..window(&[1], 9, 17) }; 2];
    }),
    ("working_hours", |r| r.working_hours = vec![window(&[1], 9, 17); 101]),
    ("capacity_hours", |r| r.capacity_hours = Some(0.0)),
    ("capacity_hours", |r| r.capacity_hours = Some(168.5)),
    ("capacity_hours", |r| r.capacity_hours = Some(37.501)),
    ("capacity_hours", |r| r.capacity_hours = Some(-1e300)),
    ("capacity_hours", |r| r.capacity_hours = Some(f64::NAN)),
    ("term.first_date", |r| r.term = term(None, date(2026, 1, 1), "")),
    ("term.first_date", |r| r.term = term(date(2026, 13, 1), None, "")),
    ("term.first_date", |r| r.term = term(date(1969, 12, 31), None, "")),
    ("term.last_date", |r| r.term = term(date(2026, 1, 1), date(2025, 1, 1), "")),
    ("term.last_date", |r| r.term = term(date(2026, 1, 1), date(2_147_483_647, 1, 1), "")),
    ("term.zone", |r| r.term = term(date(2026, 1, 1), None, "Mars/Olympus")),
    ("skills[0], skills[1]", |r| r.skills = vec!["Public speaking".to_owned(), long(64)]),
    ("skills", |r| r.skills = vec!["release".to_owned(); 2]),
    ("skills", |r| r.skills = (0..51).map(|n| format!("skill-{n}")).collect()),
    ("holidays.holiday_sets", |r| r.holidays = holidays(&[], "")),
    ("holidays.holiday_sets[0], holidays.holiday_sets[1]", |r| {
        r.holidays = holidays(&["sweden", "teams/other/holidaySets/sweden"], "");
    }),
    ("holidays.holiday_sets[0]", |r| r.holidays = holidays(&["teams/psf/holidaySets/swedn"], "")),
    ("holidays.holiday_sets", |r| r.holidays = holidays(&["teams/psf/holidaySets/sweden"; 2], "")),
    ("holidays.zone", |r| r.holidays = holidays(&["teams/psf/holidaySets/sweden"], "Mars/Olympus")),
    ("handles[0].key", |r| r.handles = vec![handle("", "asa")]),
    ("handles[0].key", |r| r.handles = vec![handle("Git hub", "asa")]),
    ("handles[0].value", |r| r.handles = vec![handle("github", "")]),
    ("handles[0].value", |r| r.handles = vec![handle("github", &long(201))]),
    ("handles", |r| r.handles = vec![handle("github", "a"), handle("github", "b")]),
    ("handles", |r| r.handles = (0..21).map(|n| handle(&format!("k{n}"), "a")).collect()),
    ("handles[0].audience", |r| r.handles = vec![v1::Handle { audience: 9, ..handle("github", "a") }]),
];

fn asa() -> v1::Resident {
    let (name, home_zone) = ("teams/psf/residents/asa".to_owned(), "Europe/Stockholm".to_owned());
    v1::Resident { name, display_name: "Asa".to_owned(), home_zone, ..Default::default() }
}

fn create() -> Vec<Case> {
    let (parent, resident_id) = ("teams/psf".to_owned(), "dee".to_owned());
    Cases::of(v1::CreateResidentRequest { parent, resident_id, resident: Some(asa()), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .each("resident_id", |r| &mut r.resident_id, [String::new()])
        .id("resident_id", |r| &mut r.resident_id)
        .each("AlreadyExists RESOURCE_EXISTS", |r| &mut r.resident_id, ["asa".to_owned()])
        .each("resident", |r| &mut r.resident, [None])
        .part("resident.", |r| r.resident.get_or_insert_default(), RESIDENT)
        .windows("resident.working_hours", |r| &mut r.resident.get_or_insert_default().working_hours)
        .effective_time(|r| &mut r.effective_time)
        .request_id(|r| &mut r.request_id)
        .when("request_id", |r| (r.parent, r.request_id) = ("teams/psff".to_owned(), "x".to_owned()))
        .when("parent, resident_id, resident", |r| *r = v1::CreateResidentRequest::default())
        .done()
}

fn get() -> Vec<Case> {
    Cases::of(v1::GetResidentRequest { name: asa().name, ..Default::default() })
        .name("name", "residents", |r| &mut r.name)
        .time("read_time", |r| &mut r.read_time)
        .when("name, read_time", |r| {
            r.name.clear();
            r.read_time.get_or_insert_default().seconds = -1_000_000;
        })
        .done()
}

fn list() -> Vec<Case> {
    Cases::of(v1::ListResidentsRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .time("read_time", |r| &mut r.read_time)
        .when("parent, page_size, page_token, read_time", |r| {
            *r = v1::ListResidentsRequest { page_size: -1, page_token: "x".to_owned(), ..Default::default() };
            r.read_time.get_or_insert_default().seconds = -1_000_000;
        })
        .done()
}

fn update() -> Vec<Case> {
    let update_mask = Some(pbjson_types::FieldMask { paths: vec!["*".to_owned()] });
    Cases::of(v1::UpdateResidentRequest { resident: Some(asa()), update_mask, ..Default::default() })
        .each("resident", |r| &mut r.resident, [None])
        .name("resident.name", "residents", |r| &mut r.resident.get_or_insert_default().name)
        .etag(|r| &mut r.resident.get_or_insert_default().etag)
        .part("resident.", |r| r.resident.get_or_insert_default(), RESIDENT)
        .windows("resident.working_hours", |r| &mut r.resident.get_or_insert_default().working_hours)
        .mask(|r| &mut r.update_mask)
        .effective_time(|r| &mut r.effective_time)
        .request_id(|r| &mut r.request_id)
        .when("request_id, resident.name, update_mask.paths[0]", |r| {
            r.request_id = "x".to_owned();
            r.resident.get_or_insert_default().name.clear();
            r.update_mask.get_or_insert_default().paths = vec!["x".to_owned()];
        })
        .done()
}

fn delete() -> Vec<Case> {
    Cases::of(v1::DeleteResidentRequest { name: "teams/psf/residents/cy".to_owned(), ..Default::default() })
        .name("name", "residents", |r| &mut r.name)
        .effective_time(|r| &mut r.effective_time)
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .when("request_id, name", |r| (r.name, r.request_id) = ("asa".to_owned(), "x".to_owned()))
        .when("request_id", |r| (r.etag, r.request_id) = ("x".to_owned(), "x".to_owned()))
        .done()
}
