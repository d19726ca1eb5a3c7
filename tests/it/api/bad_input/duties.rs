//! `DutyService`.

use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::change_participants_request::{Change as Asked, From};
use onduty::proto::v1::layer::Source;

use super::case::{Case, Cases, Edit};
use super::values::{NOT_FOUND, date, long, resident, window};

pub fn cases() -> Vec<Case> {
    [create(), get(), list(), update(), delete(), rota(), participants(), places()].into_iter().flatten().collect()
}

fn rotation(people: &[&str]) -> v1::Rotation {
    v1::Rotation {
        participants: people.iter().map(|id| resident(id)).collect(),
        shift_length: length(1, v1::ShiftUnit::Weeks.into()),
        anchor: Some(wire::DateTime { year: 2026, month: 11, day: 2, hours: 9, ..Default::default() }),
        zone: String::new(),
    }
}

fn weekly(people: &[&str]) -> v1::Layer {
    v1::Layer { id: "weekly".to_owned(), source: Some(Source::Rotation(rotation(people))), ..Default::default() }
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
    let members = members.iter().map(|id| resident(id)).collect();
    v1::Layer { source: Some(Source::Pool(v1::Pool { members })), ..weekly(&[]) }
}

fn length(count: i32, unit: i32) -> Option<v1::ShiftLength> {
    Some(v1::ShiftLength { count, unit })
}

fn size(size: Option<v1::headcount::Size>) -> Option<v1::Headcount> {
    Some(v1::Headcount { size })
}

const DUTY: &[Edit<v1::Duty>] = &[
    ("title", |d| d.title = String::new()),
    ("title", |d| d.title = long(201)),
    ("description", |d| d.description = long(4_001)),
    ("skills[0]", |d| d.skills = vec!["-".to_owned()]),
    ("headcount", |d| d.headcount = size(None)),
    ("headcount.all", |d| d.headcount = size(Some(v1::headcount::Size::All(false)))),
    ("headcount.count", |d| d.headcount = size(Some(v1::headcount::Size::Count(0)))),
    ("headcount.count", |d| d.headcount = size(Some(v1::headcount::Size::Count(-1)))),
    ("headcount.count", |d| d.headcount = size(Some(v1::headcount::Size::Count(1_001)))),
    ("criticality", |d| d.criticality = 9),
    ("skills", |d| d.skills = (0..51).map(|n| format!("skill-{n}")).collect()),
    ("title", |d| d.title = "a\u{7}".to_owned()),
    ("requirements[0].headcount", |d| {
        d.requirements = vec![v1::Requirement { headcount: Some(1_001), ..requirement() }];
    }),
    ("requirements[0].first_date", |d| {
        d.requirements = vec![v1::Requirement { first_date: date(1969, 12, 31), ..requirement() }];
    }),
    ("requirements[0].last_date", |d| {
        d.requirements = vec![v1::Requirement { last_date: date(2201, 1, 1), ..requirement() }];
    }),
    ("layers", |d| {
        d.layers = (0..51).map(|n| v1::Layer { id: format!("l{n}"), ..weekly(&["asa"]) }).collect();
    }),
    ("layers[0].id", |d| d.layers[0].id = long(64)),
    ("layers[0].windows.zone", |d| {
        let windows = vec![window(&[1], 9, 17)];
        d.layers[0].windows = Some(v1::ZonedWindows { zone: "Mars/Olympus".to_owned(), windows });
    }),
    ("requirements", |d| d.requirements = vec![requirement(), requirement()]),
    ("requirements", |d| {
        d.requirements = (0..51).map(|n| v1::Requirement { id: format!("r{n}"), ..requirement() }).collect();
    }),
    ("requirements[0].id", |d| d.requirements = vec![v1::Requirement::default()]),
    ("requirements[0].id", |d| d.requirements = vec![v1::Requirement { id: long(64), ..requirement() }]),
    ("requirements[0].windows.windows", |d| {
        d.requirements = vec![v1::Requirement { windows: Some(v1::WeeklyWindows::default()), ..requirement() }];
    }),
    ("requirements[0].windows.windows[1].weekdays", |d| {
        let windows = Some(v1::WeeklyWindows { windows: vec![window(&[1], 9, 17), window(&[], 9, 17)] });
        d.requirements = vec![v1::Requirement { windows, ..requirement() }];
    }),
    ("requirements[0].zone", |d| d.requirements = vec![v1::Requirement { zone: "X".to_owned(), ..requirement() }]),
    ("requirements[0].headcount", |d| {
        d.requirements = vec![v1::Requirement { headcount: Some(0), ..requirement() }];
    }),
    ("requirements[0].first_date", |d| {
        d.requirements = vec![v1::Requirement { first_date: date(2026, 2, 29), ..requirement() }];
    }),
    ("requirements[0].last_date", |d| {
        let (first_date, last_date) = (date(2026, 2, 1), date(2026, 1, 1));
        d.requirements = vec![v1::Requirement { first_date, last_date, ..requirement() }];
    }),
    ("requirements[0].holiday_sets[0]", |d| {
        d.requirements = vec![v1::Requirement { holiday_sets: vec!["x".to_owned()], ..requirement() }];
    }),
    ("layers", |d| d.layers = vec![weekly(&["asa"]); 2]),
    ("layers[0].id", |d| d.layers[0].id = String::new()),
    ("layers[0].id", |d| d.layers[0].id = "9".to_owned()),
    ("layers[0]", |d| d.layers[0].source = None),
    ("layers[0].hours", |d| d.layers[0].hours = 7),
    ("layers[0].when_absent", |d| d.layers[0].when_absent = -7),
    ("layers[0].shadows[0], layers[0].shadows[1]", |d| {
        d.layers[0].shadows = vec!["teams/other/residents/cy".to_owned(), resident("asa")];
    }),
    ("layers[0].shadows", |d| d.layers[0].shadows = vec![resident("cy"); 2]),
    ("layers[0].windows.zone, layers[0].windows.windows", |d| d.layers[0].windows = Some(Default::default())),
    ("layers[0].pool.members", |d| d.layers[0] = pooling(&[])),
    ("layers[0].pool.members", |d| d.layers[0] = pooling(&["asa", "asa"])),
    ("layers[0].pool.members[0]", |d| d.layers[0] = pooling(&["dee"])),
    ("layers[0].rotation.participants", |d| d.layers[0] = weekly(&[])),
    ("layers[0].rotation.participants", |d| d.layers[0] = weekly(&["asa"; 101])),
    ("layers[0].rotation.participants[1], layers[0].rotation.participants[0]", |d| {
        d.layers[0] = rotating(|r| r.participants = vec![resident("dee"), "asa".to_owned()]);
    }),
    ("layers[0].rotation.shift_length", |d| d.layers[0] = rotating(|r| r.shift_length = None)),
    ("layers[0].rotation.shift_length.unit", |d| d.layers[0] = rotating(|r| r.shift_length = length(1, 0))),
    ("layers[0].rotation.shift_length.unit", |d| d.layers[0] = rotating(|r| r.shift_length = length(1, 9))),
    ("layers[0].rotation.shift_length.count", |d| d.layers[0] = rotating(|r| r.shift_length = length(0, 1))),
    ("layers[0].rotation.shift_length.count", |d| d.layers[0] = rotating(|r| r.shift_length = length(1_001, 1))),
    ("layers[0].rotation.anchor", |d| d.layers[0] = rotating(|r| r.anchor = None)),
    ("layers[0].rotation.anchor", |d| d.layers[0] = rotating(|r| r.anchor = Some(Default::default()))),
    ("layers[0].rotation.anchor", |d| {
        d.layers[0] = rotating(|r| r.anchor = Some(wire::DateTime { nanos: 1, ..r.anchor.clone().unwrap() }));
    }),
    ("layers[0].rotation.anchor", |d| {
        d.layers[0] = rotating(|r| r.anchor = Some(wire::DateTime { year: 2201, ..r.anchor.clone().unwrap() }));
    }),
    ("layers[0].rotation.zone", |d| d.layers[0] = rotating(|r| r.zone = "europe/warsaw".to_owned())),
];

/// Adds what can be wrong in windows, which there are in two places.
fn with_windows<M: prost::Message + Clone + std::fmt::Debug>(
    cases: Cases<M>,
    of: fn(&mut M) -> &mut Option<v1::Duty>,
) -> Cases<M> {
    super::values::bad_windows().into_iter().fold(cases, |cases, (part, bad)| {
        let windows = vec![window(&[1], 9, 17), bad];
        let required = Some(v1::WeeklyWindows { windows: windows.clone() });
        let active = Some(v1::ZonedWindows { zone: "UTC".to_owned(), windows });
        cases
            .when(&format!("duty.requirements[0].windows.windows[1].{part}"), |request| {
                let requirement = v1::Requirement { windows: required, ..requirement() };
                of(request).get_or_insert_default().requirements = vec![requirement];
            })
            .when(&format!("duty.layers[0].windows.windows[1].{part}"), |request| {
                of(request).get_or_insert_default().layers[0].windows = active;
            })
    })
}

fn duty() -> v1::Duty {
    let (name, layers) = ("teams/psf/duties/review".to_owned(), vec![weekly(&["asa", "bo"])]);
    v1::Duty { name, title: "Review".to_owned(), layers, ..Default::default() }
}

fn create() -> Vec<Case> {
    let (parent, duty_id) = ("teams/psf".to_owned(), "triage".to_owned());
    let cases = Cases::of(v1::CreateDutyRequest { parent, duty_id, duty: Some(duty()), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .each("duty_id", |r| &mut r.duty_id, [String::new()])
        .id("duty_id", |r| &mut r.duty_id)
        .each("AlreadyExists RESOURCE_EXISTS", |r| &mut r.duty_id, ["review".to_owned()])
        .each("duty", |r| &mut r.duty, [None])
        .part("duty.", |r| r.duty.get_or_insert_default(), DUTY)
        .effective_time(|r| &mut r.effective_time)
        .request_id(|r| &mut r.request_id)
        .when("parent, duty_id, duty", |r| *r = v1::CreateDutyRequest::default());
    with_windows(cases, |r| &mut r.duty).done()
}

fn get() -> Vec<Case> {
    Cases::of(v1::GetDutyRequest { name: duty().name, ..Default::default() })
        .name("name", "duties", |r| &mut r.name)
        .time("read_time", |r| &mut r.read_time)
        .done()
}

fn list() -> Vec<Case> {
    Cases::of(v1::ListDutiesRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .time("read_time", |r| &mut r.read_time)
        .done()
}

fn update() -> Vec<Case> {
    let update_mask = Some(pbjson_types::FieldMask { paths: vec!["*".to_owned()] });
    let cases = Cases::of(v1::UpdateDutyRequest { duty: Some(duty()), update_mask, ..Default::default() })
        .each("duty", |r| &mut r.duty, [None])
        .name("duty.name", "duties", |r| &mut r.duty.get_or_insert_default().name)
        .etag(|r| &mut r.duty.get_or_insert_default().etag)
        .part("duty.", |r| r.duty.get_or_insert_default(), DUTY)
        .mask(|r| &mut r.update_mask)
        .effective_time(|r| &mut r.effective_time)
        .request_id(|r| &mut r.request_id);
    with_windows(cases, |r| &mut r.duty).done()
}

fn delete() -> Vec<Case> {
    Cases::of(v1::DeleteDutyRequest { name: duty().name, ..Default::default() })
        .name("name", "duties", |r| &mut r.name)
        .effective_time(|r| &mut r.effective_time)
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .done()
}

fn rota() -> Vec<Case> {
    Cases::of(v1::GetRotaRequest { name: "teams/psf/duties/review".to_owned(), ..Default::default() })
        .name("name", "duties", |r| &mut r.name)
        .each("layer", |r| &mut r.layer, ["nosuch".to_owned(), "A".to_owned(), long(64)])
        .time("read_time", |r| &mut r.read_time)
        .each("turn_count", |r| &mut r.turn_count, [-1, i32::MIN])
        .when("name, turn_count", |r| *r = v1::GetRotaRequest { turn_count: -1, ..Default::default() })
        .done()
}

fn add(names: &[&str]) -> Option<Asked> {
    let residents = names.iter().map(|id| resident(id)).collect();
    Some(Asked::Add(v1::AddParticipants { residents, place: None }))
}

fn participants() -> Vec<Case> {
    let name = || "teams/psf/duties/review".to_owned();
    let remove = |names: &[&str]| {
        Some(Asked::Remove(v1::RemoveParticipants { residents: names.iter().map(|id| resident(id)).collect() }))
    };
    let order = |names: &[&str]| {
        Some(Asked::Order(v1::OrderParticipants { residents: names.iter().map(|id| resident(id)).collect() }))
    };
    let good = v1::ChangeParticipantsRequest { name: name(), change: remove(&["bo"]), ..Default::default() };
    Cases::of(good)
        .name("name", "duties", |r| &mut r.name)
        .each("layer", |r| &mut r.layer, ["nosuch".to_owned(), long(64)])
        .each("change", |r| &mut r.change, [None])
        .each("add.residents", |r| &mut r.change, [add(&[])])
        .each("add.residents[0]", |r| &mut r.change, [add(&["asa"]), add(&["A"])])
        .each(NOT_FOUND, |r| &mut r.change, [add(&["nobody"])])
        .each("remove.residents", |r| &mut r.change, [remove(&[]), remove(&["asa", "bo", "cy"])])
        .each("remove.residents[1]", |r| &mut r.change, [remove(&["asa", "nobody"]), remove(&["asa", "A"])])
        .each("order.residents", |r| &mut r.change, [order(&[]), order(&["asa", "bo"]), order(&["asa", "bo", "bo"])])
        .each("order.residents[1]", |r| &mut r.change, [order(&["asa", "A"])])
        .each(
            "effective_time",
            |r| &mut r.from,
            [7_300_000_000, -1_000_000]
                .map(|seconds| Some(From::EffectiveTime(pbjson_types::Timestamp { seconds, nanos: 0 }))),
        )
        .each(
            "first_date",
            |r| &mut r.from,
            [(2026, 2, 30), (0, 0, 0)].map(|(year, month, day)| date(year, month, day).map(From::FirstDate)),
        )
        .each("FailedPrecondition CHANGES_THE_PAST", |r| &mut r.from, [date(2026, 11, 1).map(From::FirstDate)])
        .each(
            "FailedPrecondition CHANGES_THE_PAST",
            |r| &mut r.from,
            [Some(From::EffectiveTime(pbjson_types::Timestamp { seconds: 1_790_000_000, nanos: 0 }))],
        )
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .done()
}

fn places() -> Vec<Case> {
    use v1::add_participants::Place;
    let stated = |place| Some(Asked::Add(v1::AddParticipants { residents: vec![resident("asa")], place: Some(place) }));
    let good = v1::ChangeParticipantsRequest {
        name: "teams/psf/duties/release".to_owned(),
        change: add(&["bo"]),
        ..Default::default()
    };
    Cases::of(good)
        .each("add.before", |r| &mut r.change, [stated(Place::Before("x".to_owned()))])
        .each("add.after", |r| &mut r.change, [stated(Place::After("x".to_owned()))])
        .each("add.residents[0], add.before", |r| &mut r.change, [stated(Place::Before(resident("cy")))])
        .each("add.residents[0], add.after", |r| &mut r.change, [stated(Place::After(resident("cy")))])
        .done()
}
