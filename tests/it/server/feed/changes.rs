//! What a subscriber sees of a change.

use std::path::Path;

use onduty::civil::Instant;
use onduty::proto::google_type::Interval;
use onduty::proto::v1::override_service_client::OverrideServiceClient;
use onduty::proto::v1::team_service_client::TeamServiceClient;
use onduty::proto::v1::{
    CreateOverrideRequest, DeleteOverrideRequest, Override, Span, Team, UpdateTeamRequest, span::Form,
};
use pbjson_types::{FieldMask, Timestamp};
use tempfile::TempDir;

use super::events::{Event, event, events};
use super::{NOW, TEAM, ask, demo, get};
use crate::support::grpc::{apply, connect};
use crate::support::http::Answer;
use crate::support::local::LocalServer;

const SINCE: &str = "if-modified-since";

pub fn time(text: &str) -> Option<Timestamp> {
    Some(Timestamp { seconds: text.parse::<Instant>().unwrap().seconds(), nanos: 0 })
}

/// Two people who take weekly turns.
const PAIR: &str = r#"
team = "pair"
display_name = "Pair"
zone = "UTC"
public = true
since = 2026-11-01

[[resident]]
id = "asa"
display_name = "Asa"
home_zone = "UTC"

[[resident]]
id = "ben"
display_name = "Ben"
home_zone = "UTC"

[[duty]]
id = "watch"
title = "Watch"

[[duty.layer]]
id = "weekly"
participants = ["asa", "ben"]
shift_length = "1 week"
anchor = 2026-11-23T09:00:00
"#;

fn pair(dir: &Path) -> LocalServer {
    let server = LocalServer::start(dir, NOW);
    server.block_on(apply(&server.url(), PAIR));
    server
}

const PAIR_FEED: &str = "/feeds/pair/on-duty.ics";
const BENS_WEEK: &str = "20261130T090000Z";

/// Lets Asa take a week of Ben's.
pub fn cover(server: &LocalServer) {
    let span = Interval { start_time: time("2026-11-30T09:00:00Z"), end_time: time("2026-12-07T09:00:00Z") };
    let entry = Override {
        duty: "teams/pair/duties/watch".to_owned(),
        span: Some(Span { form: Some(Form::Instants(span)) }),
        by_resident: Some("teams/pair/residents/asa".to_owned()),
        for_resident: Some("teams/pair/residents/ben".to_owned()),
        ..Override::default()
    };
    let asked = CreateOverrideRequest {
        parent: "teams/pair".to_owned(),
        override_id: "swap".to_owned(),
        override_entry: Some(entry),
        ..CreateOverrideRequest::default()
    };
    server.block_on(async {
        OverrideServiceClient::new(connect(&server.url()).await).create_override(asked).await.unwrap();
    });
}

#[test]
fn a_shift_that_somebody_else_takes_stays_the_same_event() {
    let dir = TempDir::new().unwrap();
    let server = pair(dir.path());
    let before = get(&server, PAIR_FEED);
    let planned = event(&before.body, "Watch: Ben", BENS_WEEK);
    server.clock.advance(90);
    cover(&server);
    let after = get(&server, PAIR_FEED);
    let taken = event(&after.body, "Watch: Asa", BENS_WEEK);
    assert_eq!(taken["UID"], planned["UID"]);
    assert_eq!((planned["SEQUENCE"].as_str(), taken["SEQUENCE"].as_str()), ("0", "1"));
    assert_eq!(taken["CREATED"], "20261123T130500Z");
    assert_eq!((taken["LAST-MODIFIED"].as_str(), taken["DTSTAMP"].as_str()), ("20261123T130630Z", "20261123T130630Z"));
    let (mut old, mut new) = (events(&before.body), events(&after.body));
    old.remove(&planned["UID"]);
    new.remove(&taken["UID"]);
    assert!(old == new, "another event changed");
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(after.header("last-modified"), "Mon, 23 Nov 2026 13:06:30 GMT");
    assert_eq!(ask(&server, "GET", PAIR_FEED, &[(SINCE, before.header("last-modified"))]).status, 200);

    let ben = get(&server, "/feeds/pair/residents/ben.ics");
    assert!(!events(&ben.body).contains_key(&planned["UID"]), "he still has it");
    assert_eq!(ben.header("last-modified"), "Mon, 23 Nov 2026 13:06:30 GMT");
    for path in ["/feeds/pair/duties/watch.ics", "/feeds/pair/residents/asa.ics"] {
        assert_eq!(events(&get(&server, path).body)[&planned["UID"]], taken, "{path}");
    }

    server.clock.advance(30);
    let asked = DeleteOverrideRequest { name: "teams/pair/overrides/swap".to_owned(), ..Default::default() };
    server.block_on(async {
        OverrideServiceClient::new(connect(&server.url()).await).delete_override(asked).await.unwrap();
    });
    let undone = event(&get(&server, PAIR_FEED).body, "Watch: Ben", BENS_WEEK);
    assert_eq!((&undone["UID"], undone["SEQUENCE"].as_str()), (&planned["UID"], "2"));
    assert_eq!(undone["LAST-MODIFIED"], "20261123T130700Z");
}

#[test]
fn a_change_is_seen_the_same_after_a_restart() {
    let dir = TempDir::new().unwrap();
    let server = pair(dir.path());
    server.clock.advance(90);
    cover(&server);
    let before = get(&server, PAIR_FEED);
    drop(server);
    let after = get(&LocalServer::start(dir.path(), "2026-11-23T13:10:00Z"), PAIR_FEED);
    assert!(after.body == before.body && after.body.contains("SEQUENCE:1"), "other bytes");
    assert_eq!(after.header("last-modified"), before.header("last-modified"));
}

/// Changes one field of the team, and asks for the calendar if it changed since `before` was fetched.
fn update(server: &LocalServer, field: &str, team: Team, before: &Answer) -> Answer {
    server.clock.advance(90);
    let asked = UpdateTeamRequest {
        team: Some(Team { name: "teams/psf".to_owned(), ..team }),
        update_mask: Some(FieldMask { paths: vec![field.to_owned()] }),
        ..UpdateTeamRequest::default()
    };
    server.block_on(async {
        TeamServiceClient::new(connect(&server.url()).await).update_team(asked).await.unwrap();
    });
    ask(server, "GET", TEAM, &[(SINCE, before.header("last-modified"))])
}

#[test]
fn a_team_that_is_renamed_is_fetched_again() {
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    let before = get(&server, TEAM);
    let team = Team { display_name: "Residents".to_owned(), ..Team::default() };
    let after = update(&server, "display_name", team, &before);
    assert_eq!((after.status, after.header("last-modified")), (200, "Mon, 23 Nov 2026 13:06:30 GMT"));
    assert!(after.body.contains("NAME:Residents on duty\r\n"));
    assert!(events(&after.body) == events(&before.body), "an event changed");
}

#[test]
fn another_zone_changes_what_every_event_says() {
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    let before = get(&server, "/feeds/psf/duties/speaking.ics");
    let team = Team { zone: "Asia/Tokyo".to_owned(), ..Team::default() };
    assert_eq!(update(&server, "zone", team, &before).status, 200);
    let after = get(&server, "/feeds/psf/duties/speaking.ics");
    let said = |event: &Event| (event["SEQUENCE"].clone(), event["DESCRIPTION"].ends_with(" in Asia/Tokyo"));
    for (uid, event) in events(&after.body) {
        assert!(said(&event) == ("1".to_owned(), true) || !events(&before.body).contains_key(&uid), "{event:?}");
        assert_eq!(event["LAST-MODIFIED"], "20261123T130630Z");
    }
}

#[test]
fn a_calendar_changes_by_itself_at_midnight_only() {
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    let before = get(&server, TEAM);
    server.clock.advance(10 * 3_600);
    assert_eq!(get(&server, TEAM).header("etag"), before.header("etag"));
    server.clock.advance(3_600);
    let after = ask(&server, "GET", TEAM, &[(SINCE, before.header("last-modified"))]);
    assert_eq!((after.status, after.header("last-modified")), (200, "Tue, 24 Nov 2026 00:00:00 GMT"));
    assert_ne!(after.header("etag"), before.header("etag"));
}
