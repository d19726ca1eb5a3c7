//! A year with both changes of the clocks: calendar, API and command line tell the same shifts to the second.

use std::collections::BTreeSet;

use onduty::proto::google_type::Interval;
use onduty::proto::v1::ListShiftsRequest;
use onduty::proto::v1::on_duty_service_client::OnDutyServiceClient;
use serde_json::Value;
use tempfile::TempDir;

use super::events::events;
use super::{NOW, get};
use crate::support::cli::Cli;
use crate::support::grpc::{apply, connect};
use crate::support::local::LocalServer;
use crate::support::server::{text, time};

/// Handoffs at a time that is skipped in March and comes twice in October, in a place with and one without such changes.
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
home_zone = "Australia/Lord_Howe"

[[duty]]
id = "nights"
title = "Nights"

[[duty.layer]]
id = "nightly"
participants = ["asa", "ben"]
shift_length = "1 day"
anchor = 2026-01-05T02:30:00

[[duty]]
id = "days"
title = "Days"

[[duty.layer]]
id = "hours"
members = ["ben", "asa"]
windows = ["mon-sun 01:30-02:30", "mon-fri 22:00-06:00"]

[[time_off]]
id = "away"
resident = "ben"
kind = "vacation"
first = 2027-03-20
last = 2027-04-10
"#;

/// A shift: its identity, start and end.
type Shift = (String, String, String);

/// From 90 days before today to 366 after, as the calendar of one duty shows, in parts that one call may ask for.
const PARTS: [(&str, &str); 2] =
    [("2026-08-25T00:00:00Z", "2027-05-01T00:00:00Z"), ("2027-05-01T00:00:00Z", "2027-11-24T00:00:00Z")];

async fn told_by_the_api(url: &str, duty: &str) -> BTreeSet<Shift> {
    let mut client = OnDutyServiceClient::new(connect(url).await);
    let mut found = BTreeSet::new();
    for (from, to) in PARTS {
        // A day more at each end, so that none that is shown is cut; the same shift is found in both parts.
        let at = |text: &str, seconds: i64| {
            let mut at = time(text);
            at.seconds += seconds;
            Some(at)
        };
        let interval = Some(Interval { start_time: at(from, -86_400), end_time: at(to, 86_400) });
        let duties = vec![format!("teams/core/duties/{duty}")];
        let mut asked = ListShiftsRequest {
            parent: "teams/core".to_owned(),
            duties,
            interval,
            page_size: 1_000,
            ..Default::default()
        };
        loop {
            let page = client.list_shifts(asked.clone()).await.unwrap().into_inner();
            found.extend(page.shifts.into_iter().filter(|shift| !shift.truncated_start && !shift.truncated_end).map(
                |shift| {
                    let interval = shift.interval.unwrap();
                    (shift.id, text(interval.start_time.as_ref()), text(interval.end_time.as_ref()))
                },
            ));
            asked.page_token = page.next_page_token;
            if asked.page_token.is_empty() {
                break;
            }
        }
    }
    found
}

fn told_by_the_command_line(cli: &Cli, duty: &str) -> BTreeSet<Shift> {
    let mut found = BTreeSet::new();
    for (from, to) in [("2026-08-24", "2027-05-01"), ("2027-04-30", "2027-11-24")] {
        let told = cli.done(&format!("shifts --duty {duty} --from {from} --to {to} --output json"));
        let told: Value = serde_json::from_str(&told).unwrap();
        for shift in told["shifts"].as_array().unwrap() {
            if shift.get("truncatedStart").is_some() || shift.get("truncatedEnd").is_some() {
                continue;
            }
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let interval = &shift["interval"];
            found.insert((text(&shift["id"]), text(&interval["startTime"]), text(&interval["endTime"])));
        }
    }
    found
}

fn shown_in_the_calendar(server: &LocalServer, duty: &str) -> BTreeSet<Shift> {
    let calendar = get(server, &format!("/feeds/core/duties/{duty}.ics")).body;
    let spread = |at: &str| {
        let (date, time) = at.trim_end_matches('Z').split_once('T').unwrap();
        format!("{}-{}-{}T{}:{}:{}Z", &date[..4], &date[4..6], &date[6..], &time[..2], &time[2..4], &time[4..])
    };
    let shift =
        |(uid, event): (String, super::events::Event)| (uid, spread(&event["DTSTART"]), spread(&event["DTEND"]));
    events(&calendar).into_iter().map(shift).collect()
}

#[test]
fn a_year_is_the_same_in_the_calendar_over_grpc_and_on_the_command_line() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(&dir.path().join("data"), NOW);
    server.block_on(apply(&server.url(), ROSTER));
    let cli = Cli::new(&server.url(), dir.path(), NOW);
    let (start, end) = (PARTS[0].0, PARTS[1].1);
    let within = |shifts: BTreeSet<Shift>| -> BTreeSet<Shift> {
        shifts.into_iter().filter(|(_, from, to)| from.as_str() < end && to.as_str() > start).collect()
    };
    for (duty, count) in [("nights", 457), ("days", 457)] {
        let shown = shown_in_the_calendar(&server, duty);
        let (api, line) = (server.block_on(told_by_the_api(&server.url(), duty)), told_by_the_command_line(&cli, duty));
        let told = within(api);
        let (lacks, has): (Vec<_>, Vec<_>) = (told.difference(&shown).collect(), shown.difference(&told).collect());
        assert!(lacks.is_empty() && has.is_empty(), "{duty}: the calendar lacks {lacks:?}, has {has:?}");
        assert_eq!(within(line), told, "{duty}");
        assert_eq!(shown.len(), count, "{duty}");
    }
}
