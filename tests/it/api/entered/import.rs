//! Time off out of calendars: what is new, moved and gone (semantics 7.3).

use std::collections::BTreeMap;

use onduty::proto::v1;
use proptest::prelude::*;

use super::harness::{Api, days, local, mask, name, refused, text, time};

/// An event: its UID, and its lines of when it is.
type Event<'a> = (&'a str, &'a str);

fn calendar(events: &[Event<'_>]) -> String {
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a program//EN\r\n".to_owned();
    for (uid, when) in events {
        text += &format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:The clinic in Lund\r\n{when}\r\nEND:VEVENT\r\n");
    }
    text + "END:VCALENDAR\r\n"
}

fn whole_days(first: &str, after: &str) -> String {
    format!("DTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{after}")
}

fn ask(bytes: impl Into<Vec<u8>>) -> v1::ImportTimeOffRequest {
    let calendar = bytes.into().into();
    v1::ImportTimeOffRequest { resident: name("residents/asa"), calendar, ..Default::default() }
}

async fn import(api: &mut Api, bytes: impl Into<Vec<u8>>) -> v1::ImportTimeOffResponse {
    api.time_off.import_time_off(ask(bytes)).await.unwrap().into_inner()
}

/// What an import did, an entry on a line.
fn did(answer: &v1::ImportTimeOffResponse) -> Vec<String> {
    let interval = |entry: &Option<v1::TimeOff>| text(entry.as_ref().unwrap().interval.as_ref());
    let taken = answer.taken.iter().map(|taken| {
        let outcome = taken.outcome().as_str_name().trim_start_matches("IMPORT_OUTCOME_").to_lowercase();
        format!("{outcome} {}", interval(&taken.time_off))
    });
    let gone = answer
        .gone
        .iter()
        .map(|gone| format!("{} {}", if gone.ended { "ended" } else { "removed" }, interval(&gone.time_off)));
    let kept = answer.kept.iter().map(|kept| format!("kept {}", text(kept.interval.as_ref())));
    taken.chain(gone).chain(kept).collect()
}

/// All entries, as `START/END`, with when they were ended.
async fn entries(api: &mut Api) -> Vec<String> {
    let asked = v1::ListTimeOffRequest { parent: super::harness::parent(), page_size: 1_000, ..Default::default() };
    let listed = api.time_off.list_time_off(asked).await.unwrap().into_inner().time_off;
    let cut = |entry: &v1::TimeOff| entry.cut_time.as_ref().map(|cut| format!(" ended {}", time(cut)));
    let line = |entry: &v1::TimeOff| text(entry.interval.as_ref()) + &cut(entry).unwrap_or_default();
    listed.iter().map(line).collect()
}

const CHRISTMAS: &str = "2026-12-23T23:00:00Z/2026-12-26T23:00:00Z";

fn christmas() -> String {
    whole_days("20261224", "20261227")
}

#[tokio::test]
async fn an_import_takes_when_somebody_is_away_and_nothing_else() {
    let mut api = Api::start().await;
    let answer = import(&mut api, calendar(&[("a@example.org", &christmas())])).await;
    assert_eq!(did(&answer), [format!("added {CHRISTMAS}")]);
    assert_eq!(answer.taken[0].line, 4);
    let entry = answer.taken[0].time_off.clone().unwrap();
    assert_eq!((entry.kind(), entry.effect()), (v1::TimeOffKind::Vacation, v1::TimeOffEffect::Hard));
    assert!(entry.imported && entry.note.is_empty());
    let state = api.state();
    let all = format!("{:?} {:?}", state.snapshot, api.whole_log().await);
    for word in ["clinic", "Lund", "example.org"] {
        assert!(!all.contains(word), "{word}");
    }
}

#[tokio::test]
async fn importing_again_changes_nothing() {
    let mut api = Api::start().await;
    let weekly = "DTSTART;TZID=Europe/Warsaw:20261201T090000\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY;COUNT=4";
    let bytes = calendar(&[("a", &christmas()), ("b", weekly)]);
    let every = v1::EventChoice { which: Some(v1::event_choice::Which::Every(true)), ..Default::default() };
    let asked = v1::ImportTimeOffRequest { events: Some(every), ..ask(bytes) };
    let first = api.time_off.import_time_off(asked.clone()).await.unwrap().into_inner();
    assert_eq!(first.taken.len(), 5);
    let revision = api.revision();
    let again = api.time_off.import_time_off(asked).await.unwrap().into_inner();
    assert!(again.taken.iter().all(|taken| taken.outcome() == v1::ImportOutcome::Unchanged), "{:?}", did(&again));
    assert_eq!(api.revision(), revision);
}

#[tokio::test]
async fn an_event_that_moves_moves_its_entry() {
    let mut api = Api::start().await;
    let first = import(&mut api, calendar(&[("a", &christmas())])).await;
    let moved = import(&mut api, calendar(&[("a", &whole_days("20261228", "20261230"))])).await;
    assert_eq!(did(&moved), ["moved 2026-12-27T23:00:00Z/2026-12-29T23:00:00Z"]);
    let id = |answer: &v1::ImportTimeOffResponse| answer.taken[0].time_off.as_ref().unwrap().name.clone();
    assert_eq!(id(&moved), id(&first));
}

#[tokio::test]
async fn what_is_gone_from_the_calendar_is_removed_ended_or_over() {
    let mut api = Api::start().await;
    let over = whole_days("20261102", "20261104");
    let begun = whole_days("20261123", "20261128");
    let all = [("over", over.as_str()), ("begun", begun.as_str()), ("ahead", &christmas())];
    import(&mut api, calendar(&all)).await;
    let none = import(&mut api, calendar(&[])).await;
    assert_eq!(
        did(&none),
        ["ended 2026-11-22T23:00:00Z/2026-11-27T23:00:00Z".to_owned(), format!("removed {CHRISTMAS}")]
    );
    assert_eq!(
        entries(&mut api).await,
        [
            "2026-11-01T23:00:00Z/2026-11-03T23:00:00Z",
            "2026-11-22T23:00:00Z/2026-11-27T23:00:00Z ended 2026-11-23T08:00:00Z",
        ]
    );
    assert_eq!(did(&import(&mut api, calendar(&[])).await), Vec::<String>::new());
    // The calendar had it all along: a program that was out of order for an hour does no harm.
    let back = import(&mut api, calendar(&all)).await;
    assert_eq!(
        did(&back)[1..],
        ["moved 2026-11-22T23:00:00Z/2026-11-27T23:00:00Z".to_owned(), format!("added {CHRISTMAS}")]
    );
    assert!(entries(&mut api).await.iter().all(|entry| !entry.contains("ended")));
}

#[tokio::test]
async fn what_may_be_in_the_part_that_cannot_be_read_stays() {
    let mut api = Api::start().await;
    import(&mut api, calendar(&[("a", &christmas()), ("b", &whole_days("20270104", "20270105"))])).await;
    let broken = import(&mut api, calendar(&[("a", "DTSTART:soon")])).await;
    assert_eq!(
        did(&broken),
        ["removed 2027-01-03T23:00:00Z/2027-01-04T23:00:00Z".to_owned(), format!("kept {CHRISTMAS}")]
    );
    let report = broken.report.unwrap();
    assert_eq!((report.left_out_count, report.left_out[0].line), (1, 7));
    for cut_off in ["BEGIN:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:"] {
        assert_eq!(did(&import(&mut api, cut_off).await), [format!("kept {CHRISTMAS}")]);
    }
    let no_time = "DTSTART:20261224T090000Z";
    assert_eq!(did(&import(&mut api, calendar(&[("a", no_time)])).await), [format!("removed {CHRISTMAS}")]);
}

#[tokio::test]
async fn what_is_no_calendar_changes_nothing() {
    let mut api = Api::start().await;
    import(&mut api, calendar(&[("a", &christmas())])).await;
    let revision = api.revision();
    for bytes in ["", "<!DOCTYPE html><html></html>", "dear colleagues", " \r\n"] {
        let told = refused(api.time_off.import_time_off(ask(bytes)).await);
        assert_eq!(told, "InvalidArgument INVALID_FIELD calendar", "{bytes}");
    }
    assert_eq!((api.revision(), entries(&mut api).await.len()), (revision, 1));
}

#[tokio::test]
async fn a_calendar_with_too_many_absences_is_refused_whole() {
    let mut api = Api::start().await;
    let daily = |count: u32| {
        let rule = format!("DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=DAILY;COUNT={count}");
        (rule, whole_days("20280101", "20280102"))
    };
    let (rule, other) = daily(700);
    let several: Vec<_> = (0..2).map(|number| format!("{number}")).collect();
    let events: Vec<Event<'_>> = several.iter().map(|uid| (uid.as_str(), rule.as_str())).collect();
    let told = refused(api.time_off.import_time_off(ask(calendar(&events))).await);
    assert_eq!(told, "InvalidArgument INVALID_FIELD calendar");
    let few = import(&mut api, calendar(&[("0", &rule), ("1", &other)])).await;
    assert_eq!(few.taken.len(), 701);
}

#[tokio::test]
async fn all_calendars_of_one_resident_together_have_a_limit() {
    let mut api = Api::start().await;
    let daily = calendar(&[("a", "DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=DAILY;COUNT=700")]);
    let of = |name: &str| v1::ImportTimeOffRequest { calendar_name: name.to_owned(), ..ask(daily.clone()) };
    for name in ["one", "two", "two"] {
        api.time_off.import_time_off(of(name)).await.unwrap();
    }
    let told = refused(api.time_off.import_time_off(of("three")).await);
    assert_eq!(told, "InvalidArgument INVALID_FIELD calendar");
    let none = v1::ImportTimeOffRequest { calendar_name: "one".to_owned(), ..ask(calendar(&[])) };
    api.time_off.import_time_off(none).await.unwrap();
    api.time_off.import_time_off(of("three")).await.unwrap();
}

#[tokio::test]
async fn what_the_resident_changes_stays_until_its_event_moves() {
    let mut api = Api::start().await;
    let begun = whole_days("20261123", "20261128");
    let taken = import(&mut api, calendar(&[("a", &begun), ("b", &christmas())])).await.taken;
    let ids: Vec<_> = taken.into_iter().map(|taken| taken.time_off.unwrap().name).collect();
    api.time_off
        .come_back(v1::ComeBackRequest { resident: name("residents/asa"), ..Default::default() })
        .await
        .unwrap();
    let half = v1::TimeOff {
        name: ids[1].clone(),
        span: Some(local("2026-12-24T12:00:00", "2026-12-26T20:00:00", "")),
        kind: v1::TimeOffKind::Conference.into(),
        effect: v1::TimeOffEffect::Soft.into(),
        ..Default::default()
    };
    let update_mask = mask(&["span", "kind", "effect"]);
    let update = v1::UpdateTimeOffRequest { time_off: Some(half), update_mask, ..Default::default() };
    api.time_off.update_time_off(update).await.unwrap();
    let before = entries(&mut api).await;
    let again = import(&mut api, calendar(&[("a", &begun), ("b", &christmas())])).await;
    assert!(did(&again).iter().all(|line| line.starts_with("unchanged")), "{:?}", did(&again));
    assert_eq!(entries(&mut api).await, before);
    let moved = import(&mut api, calendar(&[("a", &begun), ("b", &whole_days("20261224", "20261228"))])).await;
    assert_eq!(did(&moved)[1], "moved 2026-12-23T23:00:00Z/2026-12-27T23:00:00Z");
    let entry = moved.taken[1].time_off.as_ref().unwrap();
    assert_eq!((entry.kind(), entry.effect()), (v1::TimeOffKind::Conference, v1::TimeOffEffect::Soft));
}

#[tokio::test]
async fn other_calendars_and_other_people_are_left_alone() {
    let mut api = Api::start().await;
    let of = |resident: &str, calendar_name: &str, bytes: String| v1::ImportTimeOffRequest {
        resident: name(&format!("residents/{resident}")),
        calendar_name: calendar_name.to_owned(),
        ..ask(bytes)
    };
    let one = || calendar(&[("a", &christmas())]);
    for (resident, named) in [("asa", "work"), ("asa", "private"), ("bo", "work")] {
        api.time_off.import_time_off(of(resident, named, one())).await.unwrap();
    }
    assert_eq!(entries(&mut api).await.len(), 3);
    let gone = api.time_off.import_time_off(of("asa", "work", calendar(&[]))).await.unwrap().into_inner();
    assert_eq!((gone.gone.len(), entries(&mut api).await.len()), (1, 2));
}

#[tokio::test]
async fn whole_days_are_days_where_the_resident_is() {
    let mut api = Api::start().await;
    let travel = v1::TimeOff {
        resident: name("residents/asa"),
        span: Some(days("2026-12-20", "2027-01-10", "")),
        kind: v1::TimeOffKind::Travel.into(),
        effect: v1::TimeOffEffect::WorkingElsewhere.into(),
        elsewhere_zone: Some("Asia/Tokyo".to_owned()),
        ..Default::default()
    };
    let create =
        v1::CreateTimeOffRequest { parent: super::harness::parent(), time_off: Some(travel), ..Default::default() };
    api.time_off.create_time_off(create).await.unwrap();
    let answer = import(&mut api, calendar(&[("a", &christmas()), ("b", &whole_days("20270201", "20270202"))])).await;
    assert_eq!(
        did(&answer),
        ["added 2026-12-23T15:00:00Z/2026-12-26T15:00:00Z", "added 2027-01-31T23:00:00Z/2027-02-01T23:00:00Z",]
    );
}

#[tokio::test]
async fn a_dry_run_answers_the_same_and_a_retry_changes_nothing_again() {
    let mut api = Api::start().await;
    let revision = api.revision();
    let asked = ask(calendar(&[("a", &christmas()), ("b", "DTSTART:never")]));
    let dry = v1::ImportTimeOffRequest { validate_only: true, ..asked.clone() };
    let dry = api.time_off.import_time_off(dry).await.unwrap().into_inner();
    assert_eq!(api.revision(), revision);
    let request_id = "7c0e8f5e-6b40-4d9e-9b57-6a2f4f3c3a10".to_owned();
    let asked = v1::ImportTimeOffRequest { request_id, ..asked };
    let done = api.time_off.import_time_off(asked.clone()).await.unwrap().into_inner();
    assert_eq!((did(&dry), dry.report), (did(&done), done.report.clone()));
    let again = api.time_off.import_time_off(asked).await.unwrap().into_inner();
    assert_eq!((did(&again), again.taken), (did(&done), done.taken));
    assert_eq!(api.revision(), revision + 1);
}

/// The days of December that an event takes, by its UID: first and number.
type Plan = BTreeMap<u8, (u8, u8)>;

fn plan() -> impl Strategy<Value = Plan> {
    prop::collection::btree_map(0_u8..6, (1_u8..25, 1_u8..5), 0..6)
}

fn written(plan: &Plan) -> String {
    let events: Vec<(String, String)> = plan
        .iter()
        .map(|(uid, (first, count))| {
            (uid.to_string(), whole_days(&format!("202612{first:02}"), &format!("202612{:02}", first + count)))
        })
        .collect();
    calendar(&events.iter().map(|(uid, when)| (uid.as_str(), when.as_str())).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_ahead_is_what_the_calendar_said_last(plans in prop::collection::vec(plan(), 1..6)) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut api = Api::start().await;
            for plan in &plans {
                import(&mut api, written(plan)).await;
                let mut told = entries(&mut api).await;
                let mut said: Vec<_> = plan.values().map(|(first, count)| {
                    let midnight = |day: u8| if day == 1 { "2026-11-30".to_owned() } else { format!("2026-12-{:02}", day - 1) };
                    format!("{}T23:00:00Z/{}T23:00:00Z", midnight(*first), midnight(first + count))
                }).collect();
                told.sort();
                said.sort();
                assert_eq!(told, said);
            }
        });
    }
}
