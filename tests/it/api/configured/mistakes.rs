//! Bad input: every field missing, malformed, too long and out of range, each told by its path.

use super::*;

type Edit<T> = (&'static [&'static str], fn(&mut T));

fn long(length: usize) -> String {
    "x".repeat(length)
}

fn date(year: i32, month: i32, day: i32) -> Option<wire::Date> {
    Some(wire::Date { year, month, day })
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

fn each_window() -> Vec<v1::WeeklyWindow> {
    let base = window(&[1], 9, 17);
    let hour = |hours, minutes| Some(wire::TimeOfDay { hours, minutes, ..Default::default() });
    vec![
        v1::WeeklyWindow { id: "A".to_owned(), ..base.clone() },
        v1::WeeklyWindow { weekdays: Vec::new(), ..base.clone() },
        v1::WeeklyWindow { weekdays: vec![8], ..base.clone() },
        v1::WeeklyWindow { weekdays: vec![1, 1], ..base.clone() },
        v1::WeeklyWindow { start: None, ..base.clone() },
        v1::WeeklyWindow { start: hour(24, 0), ..base.clone() },
        v1::WeeklyWindow { end: None, ..base.clone() },
        v1::WeeklyWindow { end: hour(24, 1), ..base.clone() },
        v1::WeeklyWindow { end: hour(-1, 0), ..base.clone() },
        v1::WeeklyWindow { end: Some(wire::TimeOfDay { hours: 9, nanos: 1, ..Default::default() }), ..base },
    ]
}

const WINDOW_FIELDS: [&str; 10] =
    ["id", "weekdays", "weekdays", "weekdays", "start", "start", "end", "end", "end", "end"];

const RESIDENTS: &[Edit<v1::Resident>] = &[
    (&["display_name"], |r| r.display_name = String::new()),
    (&["display_name"], |r| r.display_name = long(201)),
    (&["display_name"], |r| r.display_name = "a\u{7}".to_owned()),
    (&["home_zone"], |r| r.home_zone = String::new()),
    (&["home_zone"], |r| r.home_zone = "Europe/Warszawa".to_owned()),
    (&["working_hours"], |r| {
        r.working_hours = vec![v1::WeeklyWindow { id: "a".to_owned(), ..window(&[1], 9, 17) }; 2];
    }),
    (&["working_hours"], |r| r.working_hours = vec![window(&[1], 9, 17); 101]),
    (&["capacity_hours"], |r| r.capacity_hours = Some(0.0)),
    (&["capacity_hours"], |r| r.capacity_hours = Some(168.5)),
    (&["capacity_hours"], |r| r.capacity_hours = Some(37.501)),
    (&["capacity_hours"], |r| r.capacity_hours = Some(-1e300)),
    (&["capacity_hours"], |r| r.capacity_hours = Some(f64::NAN)),
    (&["term.first_date"], |r| r.term = term(None, date(2026, 1, 1), "")),
    (&["term.first_date"], |r| r.term = term(date(2026, 13, 1), None, "")),
    (&["term.first_date"], |r| r.term = term(date(1969, 12, 31), None, "")),
    (&["term.last_date"], |r| r.term = term(date(2026, 1, 1), date(2025, 1, 1), "")),
    (&["term.last_date"], |r| r.term = term(date(2026, 1, 1), date(2_147_483_647, 1, 1), "")),
    (&["term.zone"], |r| r.term = term(date(2026, 1, 1), None, "Mars/Olympus")),
    (&["skills[0]", "skills[1]"], |r| r.skills = vec!["Public speaking".to_owned(), long(64)]),
    (&["skills"], |r| r.skills = vec!["release".to_owned(); 2]),
    (&["skills"], |r| r.skills = (0..51).map(|n| format!("skill-{n}")).collect()),
    (&["holidays.holiday_sets"], |r| r.holidays = holidays(&[], "")),
    (&["holidays.holiday_sets[0]", "holidays.holiday_sets[1]"], |r| {
        r.holidays = holidays(&["sweden", "teams/other/holidaySets/sweden"], "");
    }),
    (&["holidays.holiday_sets[0]"], |r| r.holidays = holidays(&["teams/psf/holidaySets/swedn"], "")),
    (&["holidays.holiday_sets"], |r| r.holidays = holidays(&["teams/psf/holidaySets/sweden"; 2], "")),
    (&["holidays.zone"], |r| r.holidays = holidays(&["teams/psf/holidaySets/sweden"], "Mars/Olympus")),
    (&["handles[0].key"], |r| r.handles = vec![handle("", "asa")]),
    (&["handles[0].key"], |r| r.handles = vec![handle("Git hub", "asa")]),
    (&["handles[0].value"], |r| r.handles = vec![handle("github", "")]),
    (&["handles[0].value"], |r| r.handles = vec![handle("github", &long(201))]),
    (&["handles"], |r| r.handles = vec![handle("github", "a"), handle("github", "b")]),
    (&["handles"], |r| r.handles = (0..21).map(|n| handle(&format!("k{n}"), "a")).collect()),
    (&["handles[0].audience"], |r| r.handles = vec![v1::Handle { audience: 9, ..handle("github", "a") }]),
];

#[tokio::test]
async fn every_mistake_in_a_resident_is_told_by_its_path() {
    let server = peopled().await;
    for (index, (wrong, edit)) in RESIDENTS.iter().enumerate() {
        let mut bad = resident();
        edit(&mut bad);
        let asked = v1::CreateResidentRequest { resident: Some(bad), ..creation("dee") };
        let refused = server.residents().create_resident(asked).await.unwrap_err();
        let told: Vec<String> = wrong.iter().map(|field| format!("resident.{field}")).collect();
        assert_eq!((index, fields(&refused)), (index, told));
        assert_eq!(refused.code(), Code::InvalidArgument);
    }
}

#[tokio::test]
async fn every_mistake_in_a_window_is_told_at_once() {
    let server = peopled().await;
    let bad = v1::Resident { working_hours: each_window(), ..resident() };
    let asked = v1::CreateResidentRequest { resident: Some(bad), ..creation("dee") };
    let mut told = fields(&server.residents().create_resident(asked).await.unwrap_err());
    told.sort();
    let wanted: Vec<String> = WINDOW_FIELDS
        .iter()
        .enumerate()
        .map(|(index, field)| format!("resident.working_hours[{index}].{field}"))
        .collect();
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn what_cannot_be_read_and_what_is_not_valid_are_told_together() {
    let server = peopled().await;
    let bad = v1::Resident {
        display_name: String::new(),
        working_hours: vec![v1::WeeklyWindow { start: None, ..window(&[1], 9, 17) }, window(&[], 9, 17)],
        capacity_hours: Some(-1.0),
        skills: vec!["Releases".to_owned()],
        ..resident()
    };
    let asked = v1::CreateResidentRequest {
        resident: Some(bad),
        request_id: "no".to_owned(),
        effective_time: Some(pbjson_types::Timestamp { seconds: i64::MAX, nanos: 0 }),
        ..creation("dee")
    };
    let refused = server.residents().create_resident(asked).await.unwrap_err();
    assert_eq!(
        fields(&refused),
        [
            "request_id",
            "effective_time",
            "resident.working_hours[0].start",
            "resident.capacity_hours",
            "resident.display_name",
            "resident.working_hours[1].weekdays",
            "resident.skills[0]",
        ]
    );
    assert_eq!(get(&server, "dee", "").await.unwrap_err().code(), Code::NotFound);
}

fn requirement() -> v1::Requirement {
    v1::Requirement { id: "hours".to_owned(), ..Default::default() }
}

fn rotating(edit: impl FnOnce(&mut v1::Rotation)) -> v1::Layer {
    let mut rotation = rotation(&["asa", "bo"]);
    edit(&mut rotation);
    v1::Layer { source: Some(Source::Rotation(rotation)), ..weekly(&[]) }
}

fn pooling(members: &[&str]) -> v1::Layer {
    let members = members.iter().map(|id| named(id)).collect();
    v1::Layer { source: Some(Source::Pool(v1::Pool { members })), ..weekly(&[]) }
}

fn length(count: i32, unit: i32) -> Option<v1::ShiftLength> {
    Some(v1::ShiftLength { count, unit })
}

fn size(size: Option<v1::headcount::Size>) -> Option<v1::Headcount> {
    Some(v1::Headcount { size })
}

const DUTIES: &[Edit<v1::Duty>] = &[
    (&["title"], |d| d.title = String::new()),
    (&["title"], |d| d.title = long(201)),
    (&["description"], |d| d.description = long(4_001)),
    (&["skills[0]"], |d| d.skills = vec!["-".to_owned()]),
    (&["headcount"], |d| d.headcount = size(None)),
    (&["headcount.all"], |d| d.headcount = size(Some(v1::headcount::Size::All(false)))),
    (&["headcount.count"], |d| d.headcount = size(Some(v1::headcount::Size::Count(0)))),
    (&["headcount.count"], |d| d.headcount = size(Some(v1::headcount::Size::Count(-1)))),
    (&["headcount.count"], |d| d.headcount = size(Some(v1::headcount::Size::Count(1_001)))),
    (&["criticality"], |d| d.criticality = 9),
    (&["requirements"], |d| d.requirements = vec![requirement(), requirement()]),
    (&["requirements"], |d| {
        d.requirements = (0..51).map(|n| v1::Requirement { id: format!("r{n}"), ..requirement() }).collect();
    }),
    (&["requirements[0].id"], |d| d.requirements = vec![v1::Requirement::default()]),
    (&["requirements[0].id"], |d| d.requirements = vec![v1::Requirement { id: long(64), ..requirement() }]),
    (&["requirements[0].windows.windows"], |d| {
        d.requirements = vec![v1::Requirement { windows: Some(v1::WeeklyWindows::default()), ..requirement() }];
    }),
    (&["requirements[0].windows.windows[1].weekdays"], |d| {
        let windows = Some(v1::WeeklyWindows { windows: vec![window(&[1], 9, 17), window(&[], 9, 17)] });
        d.requirements = vec![v1::Requirement { windows, ..requirement() }];
    }),
    (&["requirements[0].zone"], |d| d.requirements = vec![v1::Requirement { zone: "X".to_owned(), ..requirement() }]),
    (&["requirements[0].headcount"], |d| {
        d.requirements = vec![v1::Requirement { headcount: Some(0), ..requirement() }];
    }),
    (&["requirements[0].first_date"], |d| {
        d.requirements = vec![v1::Requirement { first_date: date(2026, 2, 29), ..requirement() }];
    }),
    (&["requirements[0].last_date"], |d| {
        let (first_date, last_date) = (date(2026, 2, 1), date(2026, 1, 1));
        d.requirements = vec![v1::Requirement { first_date, last_date, ..requirement() }];
    }),
    (&["requirements[0].holiday_sets[0]"], |d| {
        d.requirements = vec![v1::Requirement { holiday_sets: vec!["x".to_owned()], ..requirement() }];
    }),
    (&["layers"], |d| d.layers = vec![weekly(&["asa"]); 2]),
    (&["layers[0].id"], |d| d.layers[0].id = String::new()),
    (&["layers[0].id"], |d| d.layers[0].id = "9".to_owned()),
    (&["layers[0]"], |d| d.layers[0].source = None),
    (&["layers[0].hours"], |d| d.layers[0].hours = 7),
    (&["layers[0].when_absent"], |d| d.layers[0].when_absent = -7),
    (&["layers[0].shadows[0]", "layers[0].shadows[1]"], |d| {
        d.layers[0].shadows = vec!["teams/other/residents/cy".to_owned(), named("asa")];
    }),
    (&["layers[0].shadows"], |d| d.layers[0].shadows = vec![named("cy"); 2]),
    (&["layers[0].windows.zone", "layers[0].windows.windows"], |d| d.layers[0].windows = Some(Default::default())),
    (&["layers[0].pool.members"], |d| d.layers[0] = pooling(&[])),
    (&["layers[0].pool.members"], |d| d.layers[0] = pooling(&["asa", "asa"])),
    (&["layers[0].pool.members[0]"], |d| d.layers[0] = pooling(&["dee"])),
    (&["layers[0].rotation.participants"], |d| d.layers[0] = weekly(&[])),
    (&["layers[0].rotation.participants"], |d| d.layers[0] = weekly(&["asa"; 101])),
    (&["layers[0].rotation.participants[1]", "layers[0].rotation.participants[0]"], |d| {
        d.layers[0] = rotating(|r| r.participants = vec![named("dee"), "asa".to_owned()]);
    }),
    (&["layers[0].rotation.shift_length"], |d| d.layers[0] = rotating(|r| r.shift_length = None)),
    (&["layers[0].rotation.shift_length.unit"], |d| d.layers[0] = rotating(|r| r.shift_length = length(1, 0))),
    (&["layers[0].rotation.shift_length.unit"], |d| d.layers[0] = rotating(|r| r.shift_length = length(1, 9))),
    (&["layers[0].rotation.shift_length.count"], |d| d.layers[0] = rotating(|r| r.shift_length = length(0, 1))),
    (&["layers[0].rotation.shift_length.count"], |d| d.layers[0] = rotating(|r| r.shift_length = length(1_001, 1))),
    (&["layers[0].rotation.anchor"], |d| d.layers[0] = rotating(|r| r.anchor = None)),
    (&["layers[0].rotation.anchor"], |d| d.layers[0] = rotating(|r| r.anchor = Some(Default::default()))),
    (&["layers[0].rotation.anchor"], |d| {
        d.layers[0] = rotating(|r| r.anchor = Some(wire::DateTime { nanos: 1, ..r.anchor.clone().unwrap() }));
    }),
    (&["layers[0].rotation.anchor"], |d| {
        d.layers[0] = rotating(|r| r.anchor = Some(wire::DateTime { year: 2201, ..r.anchor.clone().unwrap() }));
    }),
    (&["layers[0].rotation.zone"], |d| d.layers[0] = rotating(|r| r.zone = "europe/warsaw".to_owned())),
];

#[tokio::test]
async fn every_mistake_in_a_duty_is_told_by_its_path() {
    let server = peopled().await;
    for (index, (wrong, edit)) in DUTIES.iter().enumerate() {
        let mut bad = duty();
        edit(&mut bad);
        let refused = server.duties().create_duty(duty_creation(bad)).await.unwrap_err();
        let told: Vec<String> = wrong.iter().map(|field| format!("duty.{field}")).collect();
        assert_eq!((index, fields(&refused)), (index, told));
    }
}

#[tokio::test]
async fn every_mistake_in_a_team_or_a_holiday_set_is_told_by_its_path() {
    let server = Server::start().await;
    let teams: &[Edit<v1::Team>] = &[
        (&["display_name"], |t| t.display_name = " ".to_owned()),
        (&["zone"], |t| t.zone = String::new()),
        (&["rest_hours"], |t| t.rest_hours = Some(-1)),
        (&["rest_hours"], |t| t.rest_hours = Some(169)),
        (&["rest_hours", "display_name", "zone"], |t| *t = v1::Team { rest_hours: Some(-1), ..Default::default() }),
    ];
    for (wrong, edit) in teams {
        let mut bad = v1::Team { display_name: "X".to_owned(), zone: "UTC".to_owned(), ..Default::default() };
        edit(&mut bad);
        let asked = v1::CreateTeamRequest { team_id: "x".to_owned(), team: Some(bad), ..Default::default() };
        let refused = server.teams().create_team(asked).await.unwrap_err();
        assert_eq!(fields(&refused), wrong.iter().map(|field| format!("team.{field}")).collect::<Vec<_>>());
    }
    let sets: &[Edit<v1::HolidaySet>] = &[
        (&["display_name"], |s| s.display_name = String::new()),
        (&["holidays[0].date"], |s| s.holidays = vec![v1::Holiday::default()]),
        (&["holidays[0].date", "holidays[1].date"], |s| s.holidays = vec![holiday(2026, 2, 30, ""); 2]),
        (&["holidays[0].date"], |s| s.holidays = vec![holiday(2201, 1, 1, "")]),
        (&["holidays[0].title"], |s| s.holidays = vec![holiday(2026, 1, 1, &long(201))]),
        (&["holidays"], |s| s.holidays = vec![holiday(2026, 1, 1, ""); 2]),
        (&["holidays"], |s| {
            s.holidays = (0..1_001).map(|n| holiday(1971 + n / 12 / 28, n / 28 % 12 + 1, n % 28 + 1, "")).collect()
        }),
    ];
    let server = Server::with_team().await;
    for (wrong, edit) in sets {
        let mut bad = v1::HolidaySet { display_name: "X".to_owned(), ..Default::default() };
        edit(&mut bad);
        let refused = server.holiday_sets().create_holiday_set(set_creation(bad)).await.unwrap_err();
        assert_eq!(fields(&refused), wrong.iter().map(|field| format!("holiday_set.{field}")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn every_mistake_in_a_request_is_told() {
    let server = peopled().await;
    let creations: &[Edit<v1::CreateResidentRequest>] = &[
        (&["parent"], |a| a.parent = String::new()),
        (&["parent", "resident_id"], |a| (a.parent, a.resident_id) = ("teams/P".to_owned(), "-".to_owned())),
        (&["resident_id"], |a| a.resident_id = String::new()),
        (&["resident_id"], |a| a.resident_id = "x".repeat(64)),
        (&["resident"], |a| a.resident = None),
        (&["effective_time"], |a| a.effective_time = Some(pbjson_types::Timestamp { seconds: 1, nanos: 5 })),
        (&["effective_time"], |a| a.effective_time = Some(pbjson_types::Timestamp { seconds: i64::MIN, nanos: 0 })),
        (&["request_id"], |a| a.request_id = "1".to_owned()),
    ];
    for (wrong, edit) in creations {
        let mut bad = creation("dee");
        edit(&mut bad);
        assert_eq!(fields(&server.residents().create_resident(bad).await.unwrap_err()), *wrong);
    }
    let updates: &[Edit<v1::UpdateResidentRequest>] = &[
        (&["resident"], |a| a.resident = None),
        (&["resident.name"], |a| a.resident.as_mut().unwrap().name = String::new()),
        (&["resident.name"], |a| a.resident.as_mut().unwrap().name = "teams/psf/duties/asa".to_owned()),
        (&["request_id", "update_mask.paths[0]"], |a| (a.request_id, a.update_mask) = ("x".to_owned(), mask(&["x"]))),
    ];
    for (wrong, edit) in updates {
        let mut bad = update(v1::Resident { name: named("asa"), ..resident() }, &[]);
        edit(&mut bad);
        assert_eq!(fields(&server.residents().update_resident(bad).await.unwrap_err()), *wrong);
    }
    let bad = v1::DeleteResidentRequest { name: "asa".to_owned(), request_id: "x".to_owned(), ..Default::default() };
    assert_eq!(fields(&server.residents().delete_resident(bad).await.unwrap_err()), ["request_id", "name"]);
    let read_time = Some(pbjson_types::Timestamp { seconds: i64::MAX, nanos: 0 });
    let bad = v1::GetResidentRequest { name: "asa".to_owned(), read_time };
    assert_eq!(fields(&server.residents().get_resident(bad).await.unwrap_err()), ["name", "read_time"]);
    let bad = v1::ListTeamsRequest { read_time, ..Default::default() };
    assert_eq!(fields(&server.teams().list_teams(bad).await.unwrap_err()), ["read_time"]);
    let bad = v1::CreateTeamRequest::default();
    assert_eq!(fields(&server.teams().create_team(bad).await.unwrap_err()), ["team_id", "team"]);
}
