//! Calendars of standby, handoffs and gaps say what the API says.

use std::collections::{BTreeMap, BTreeSet};

use onduty::civil::Instant;
use onduty::proto::google_type::Interval;
use onduty::proto::v1::on_duty_service_client::OnDutyServiceClient;
use onduty::proto::v1::{GetOnDutyRequest, Handoff, ListGapsRequest, ListHandoffsRequest};
use pbjson_types::Timestamp;
use tempfile::TempDir;

use super::events::{Event, events};
use super::{NOW, get};
use crate::support::grpc::{Connection, apply, connect, together};
use crate::support::http;
use crate::support::local::LocalServer;
use crate::support::server::{text, time};

/// Two people, one more than is needed, a third who comes in on the way, hours that nobody covers, and an absence.
const ROSTER: &str = r#"
team = "core"
display_name = "Core"
zone = "Europe/Warsaw"
public = true
since = 2026-01-01

[[resident]]
id = "asa"
display_name = "Asa"

[[resident]]
id = "ben"
display_name = "Ben"

[[resident]]
id = "cleo"
display_name = "Cleo"

[[duty]]
id = "review"
title = "Review"

[[duty.requirement]]
id = "office"
when = ["mon-sun 08:00-18:00"]

[[duty.layer]]
id = "weekly"
participants = ["asa", "ben", "cleo"]
shift_length = "1 week"
anchor = 2026-01-05T02:30:00
windows = ["mon-fri 09:00-18:00"]
when_absent = "next_participant"

[[time_off]]
id = "holiday"
resident = "ben"
kind = "vacation"
first = 2026-11-25
last = 2026-12-02
"#;

fn core() -> (TempDir, LocalServer) {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    server.block_on(apply(&server.url(), ROSTER));
    (dir, server)
}

/// What the calendars of the whole team show: 90 days back, half a year ahead, over both changes of the clocks.
fn shown() -> Option<Interval> {
    let (start, end) = ("2026-08-25T00:00:00Z", "2027-05-25T00:00:00Z");
    Some(Interval { start_time: Some(time(start)), end_time: Some(time(end)) })
}

fn utc(event: &Event, name: &str) -> Instant {
    let at = &event[name];
    let (date, clock) = at.split_once('T').unwrap();
    let text =
        format!("{}-{}-{}T{}:{}:{}", &date[..4], &date[4..6], &date[6..], &clock[..2], &clock[2..4], &clock[4..]);
    text.parse().unwrap()
}

async fn client(server: &LocalServer) -> OnDutyServiceClient<Connection> {
    OnDutyServiceClient::new(connect(&server.url()).await)
}

#[test]
fn the_calendar_of_gaps_has_the_gaps_of_the_api_under_their_identities() {
    let (_dir, server) = core();
    let mut found = BTreeSet::new();
    for (uid, event) in events(&get(&server, "/feeds/core/gaps.ics").body) {
        assert_eq!((event["STATUS"].as_str(), event["CATEGORIES"].as_str()), ("TENTATIVE", "GAP"));
        assert_eq!(event["SUMMARY"], "Gap\\, Review: nobody");
        found.insert((uid, utc(&event, "DTSTART").to_string(), utc(&event, "DTEND").to_string()));
    }
    let mut asked = ListGapsRequest { parent: "teams/core".to_owned(), interval: shown(), ..Default::default() };
    let mut expected = BTreeSet::new();
    server.block_on(async {
        let mut client = client(&server).await;
        loop {
            let page = client.list_gaps(asked.clone()).await.unwrap().into_inner();
            expected.extend(page.gaps.into_iter().map(|gap| {
                let interval = gap.interval.unwrap();
                (gap.id, text(interval.start_time.as_ref()), text(interval.end_time.as_ref()))
            }));
            asked.page_token = page.next_page_token;
            if asked.page_token.is_empty() {
                break;
            }
        }
    });
    assert_eq!(expected.len(), 273);
    assert_eq!(found, expected);
}

#[test]
fn the_calendar_of_handoffs_has_the_handoffs_of_the_api() {
    let (_dir, server) = core();
    let names = BTreeMap::from([("asa", "Asa"), ("ben", "Ben"), ("cleo", "Cleo")]);
    let told = |people: Vec<String>| {
        let people: Vec<&str> = people.iter().map(|name| names[name.rsplit('/').next().unwrap()]).collect();
        if people.is_empty() { "nobody".to_owned() } else { people.join("\\, ") }
    };
    let mut expected = BTreeSet::new();
    let mut asked = ListHandoffsRequest { parent: "teams/core".to_owned(), interval: shown(), ..Default::default() };
    server.block_on(async {
        let mut client = client(&server).await;
        loop {
            let page = client.list_handoffs(asked.clone()).await.unwrap().into_inner();
            expected.extend(page.handoffs.into_iter().map(|handoff| {
                let Handoff { time, leaving, taking_over, staying, .. } = handoff;
                let (from, to) = (told([leaving, staying.clone()].concat()), told([taking_over, staying].concat()));
                (text(time.as_ref()), format!("Handoff\\, Review: {from} → {to}"))
            }));
            asked.page_token = page.next_page_token;
            if asked.page_token.is_empty() {
                break;
            }
        }
    });
    let calendar = events(&get(&server, "/feeds/core/handoffs.ics").body);
    let found: BTreeSet<_> =
        calendar.values().map(|event| (utc(event, "DTSTART").to_string(), event["SUMMARY"].clone())).collect();
    assert!(expected.len() > 300 && calendar.len() == found.len(), "{} {}", expected.len(), calendar.len());
    assert_eq!(found, expected);
}

#[test]
fn the_calendar_of_standby_says_who_is_next_in_line_at_any_time() {
    let (_dir, server) = core();
    let calendar = events(&get(&server, "/feeds/core/standby.ics").body);
    let stretches: Vec<(Instant, Instant, &str)> = calendar
        .values()
        .map(|event| (utc(event, "DTSTART"), utc(event, "DTEND"), event["SUMMARY"].as_str()))
        .collect();
    let (from, until): (Instant, Instant) =
        ("2026-08-25T00:00:00Z".parse().unwrap(), "2027-05-25T00:00:00Z".parse().unwrap());
    // Every change, and an instant off the hours.
    let mut instants: BTreeSet<Instant> = stretches.iter().flat_map(|(start, end, _)| [*start, *end]).collect();
    instants.extend((0..273).map(|day| from.plus(day * 86_400 + 36_000)));
    instants.retain(|at| (from..until).contains(at));
    let mut somebody = 0;
    server.block_on(async {
        let mut client = client(&server).await;
        for at in instants {
            let time = Some(Timestamp { seconds: at.seconds(), nanos: 0 });
            let asked = GetOnDutyRequest { parent: "teams/core".to_owned(), time, ..Default::default() };
            let duty = client.get_on_duty(asked).await.unwrap().into_inner().duties.remove(0);
            let next = duty.standby.first().map(|person| format!("Standby\\, Review: {}", person.display_name));
            let found: Vec<&str> = stretches
                .iter()
                .filter(|(start, end, _)| (*start..*end).contains(&at))
                .map(|(_, _, title)| *title)
                .collect();
            // Behind nobody there is no line.
            let expected: Vec<&str> = next.iter().map(String::as_str).filter(|_| duty.present > 0).collect();
            assert_eq!(found, expected, "{at}");
            somebody += expected.len();
        }
    });
    assert!(somebody > 300, "{somebody}");
}

#[test]
fn however_many_subscribers_come_at_once_a_calendar_is_rendered_once_for_each_change() {
    let (_dir, server) = core();
    let address = server.address();
    let rendered = |server: &LocalServer| {
        let told = get(server, "/metrics").body;
        let line = told.lines().find(|line| line.starts_with("onduty_feeds_rendered_total ")).unwrap();
        line.rsplit(' ').next().unwrap().parse::<u32>().unwrap()
    };
    for changes in 1..=2 {
        let asked = (0..100).map(|_| http::get(address, "/feeds/core/on-duty.ics"));
        let answers = server.block_on(together(asked));
        assert!(answers.iter().all(|answer| answer.status == 200 && answer.bytes == answers[0].bytes));
        assert_eq!(rendered(&server), changes);
        server.block_on(apply(&server.url(), &ROSTER.replace("last = 2026-12-02", "last = 2026-12-03")));
    }
}

#[test]
fn nothing_else_of_a_team_is_public() {
    let (_dir, server) = core();
    for name in ["time-off", "tasks-due", "on-duty.ics/", "gaps.ICS", "", "onduty"] {
        assert_eq!(get(&server, &format!("/feeds/core/{name}.ics")).status, 404, "{name}");
    }
}
