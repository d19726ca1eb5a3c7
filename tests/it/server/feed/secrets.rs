//! Feeds with a secret: made, fetched, given another secret, ended; and what ends with their owner.

use onduty::proto::v1::feed_service_client::FeedServiceClient;
use onduty::proto::v1::roster_service_client::RosterServiceClient;
use onduty::proto::v1::token_service_client::TokenServiceClient;
use onduty::proto::v1::{
    self, CreateFeedRequest, CreateTokenRequest, DeleteFeedRequest, FeedAddress, FeedContent, ListFeedsRequest, Role,
    RotateFeedSecretRequest,
};
use tempfile::TempDir;
use tonic::{Code, Status};

use super::events::events;
use super::{NOW, ask, get};
use crate::support::grpc::{Connection, apply, apply_request, connect, connect_with};
use crate::support::local::LocalServer;
use crate::support::tokens::Bearer;

/// A team that is not public, with an absence and a task.
const ROSTER: &str = r#"
team = "quiet"
display_name = "Quiet"
zone = "Europe/Warsaw"
since = 2026-01-01

[[resident]]
id = "asa"
display_name = "Asa"
home_zone = "America/Vancouver"

[[resident]]
id = "ben"
display_name = "Ben"

[[duty]]
id = "watch"
title = "Watch"

[[duty.layer]]
id = "daily"
participants = ["asa", "ben"]
shift_length = "1 day"
anchor = 2026-01-05T09:00:00
when_absent = "next_participant"

[[time_off]]
id = "flu"
resident = "asa"
kind = "sick"
start = 2026-11-22T20:00:00
note = "Fever"

[[task]]
id = "notes"
title = "Release notes"
duty = "watch"
assignee = "ben"
due = 2026-11-27
"#;

fn quiet() -> (TempDir, LocalServer) {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    server.block_on(apply(&server.url(), ROSTER));
    (dir, server)
}

/// The token of somebody, and its name.
fn token(server: &LocalServer, role: Role, resident: &str) -> (String, String) {
    let resident = if resident.is_empty() { String::new() } else { format!("teams/quiet/residents/{resident}") };
    let (display_name, team) = ("test".to_owned(), "teams/quiet".to_owned());
    let token = v1::Token { display_name, role: role.into(), team, resident, ..Default::default() };
    server.block_on(async {
        let asked = CreateTokenRequest { token: Some(token), validate_only: false };
        let made =
            TokenServiceClient::new(connect(&server.url()).await).create_token(asked).await.unwrap().into_inner();
        (made.secret, made.token.unwrap().name)
    })
}

fn client(server: &LocalServer, secret: &str) -> FeedServiceClient<Connection> {
    FeedServiceClient::new(server.block_on(connect_with(&server.url(), Bearer::of(secret))))
}

fn create(server: &LocalServer, secret: &str, feed: v1::Feed) -> Result<(v1::Feed, FeedAddress), Status> {
    let feed = v1::Feed { display_name: "phone".to_owned(), ..feed };
    let asked = CreateFeedRequest { parent: "teams/quiet".to_owned(), feed: Some(feed), validate_only: false };
    let made = server.block_on(client(server, secret).create_feed(asked))?.into_inner();
    Ok((made.feed.unwrap(), made.address.unwrap()))
}

fn of(content: FeedContent) -> v1::Feed {
    v1::Feed { content: content.into(), ..Default::default() }
}

/// The path of an address at this server.
fn path(server: &LocalServer, address: &FeedAddress) -> String {
    let rest = address.url.strip_prefix(&server.url()).unwrap();
    assert_eq!(address.webcal_url, format!("webcal://{}{rest}", server.address()));
    assert!(address.url.len() <= 256 && rest.ends_with(".ics") && !rest.contains(['%', '=', '?']), "{rest}");
    rest.to_owned()
}

fn titles(calendar: &str) -> Vec<String> {
    let mut found: Vec<_> = events(calendar).into_values().map(|event| (event["SUMMARY"].clone(), event)).collect();
    found.sort_by_key(|(_, event)| event.iter().find(|(name, _)| name.starts_with("DTSTART")).map(|at| at.1.clone()));
    found.into_iter().map(|(title, _)| title).collect()
}

#[test]
fn a_private_teams_calendar_is_there_for_whoever_knows_the_secret_and_for_nobody_else() {
    let (_dir, server) = quiet();
    let (viewer, _) = token(&server, Role::Viewer, "");
    let (feed, address) = create(&server, &viewer, of(FeedContent::OnDuty)).unwrap();
    let path = path(&server, &address);
    let found = get(&server, &path);
    assert_eq!(found.status, 200);
    assert!(titles(&found.body).contains(&"Watch: Ben".to_owned()), "{}", found.body);
    assert!(!found.body.contains("onduty_feed_") && !format!("{:?}", found.headers).contains("onduty_feed_"));
    for header in ["x-robots-tag", "etag", "last-modified", "cache-control", "referrer-policy"] {
        assert!(found.headers.contains_key(header), "{header}");
    }
    assert!(!found.headers.contains_key("set-cookie"));
    let etag = found.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(ask(&server, "GET", &path, &[("if-none-match", &etag)]).status, 304);
    let refused = ask(&server, "PROPFIND", &path, &[]);
    assert_eq!((refused.status, refused.headers["allow"].to_str().unwrap()), (405, "GET,HEAD"));

    // A wrong secret, another feed's id, no feed at all, and the calendar of the team itself: all the same answer.
    let secret = path.rsplit('/').next().unwrap();
    let id = feed.name.rsplit('/').next().unwrap();
    let mistyped = path.replace(&secret[20..24], "aaaa");
    let others = [mistyped, format!("/feeds/f-aaaaaaaaaaaa/{secret}"), format!("/feeds/quiet/{secret}")];
    let public =
        [format!("/feeds/{id}/on-duty.ics"), "/feeds/quiet/on-duty.ics".to_owned(), "/feeds/F%ff/x.ics".to_owned()];
    for other in others.iter().chain(&public) {
        let answer = get(&server, other);
        assert_eq!((answer.status, answer.body.as_str()), (404, "there is no such calendar\n"), "{other}");
        assert!(!answer.headers.contains_key("www-authenticate") && !answer.headers.contains_key("location"));
    }
}

#[test]
fn another_secret_and_the_end_of_a_feed_shut_its_address_at_once() {
    let (_dir, server) = quiet();
    let (viewer, _) = token(&server, Role::Viewer, "");
    let (feed, address) = create(&server, &viewer, of(FeedContent::OnDuty)).unwrap();
    let (first, mut feeds) = (path(&server, &address), client(&server, &viewer));
    let checked = RotateFeedSecretRequest { name: feed.name.clone(), validate_only: true };
    let checked = server.block_on(feeds.rotate_feed_secret(checked)).unwrap().into_inner();
    assert_eq!((checked.address, get(&server, &first).status), (None, 200));
    let asked = RotateFeedSecretRequest { name: feed.name.clone(), validate_only: false };
    let made = server.block_on(feeds.rotate_feed_secret(asked)).unwrap().into_inner();
    let second = path(&server, &made.address.unwrap());
    assert_eq!((get(&server, &first).status, get(&server, &second).status), (404, 200));
    let asked = DeleteFeedRequest { name: feed.name.clone(), validate_only: false };
    server.block_on(feeds.delete_feed(asked.clone())).unwrap();
    assert_eq!((get(&server, &first).status, get(&server, &second).status), (404, 404));
    assert_eq!(server.block_on(feeds.delete_feed(asked)).unwrap_err().code(), Code::NotFound);
}

#[test]
fn a_feed_is_the_same_after_a_restart_and_no_secret_is_on_the_disk() {
    let (dir, server) = quiet();
    let (viewer, _) = token(&server, Role::Viewer, "");
    let (_, address) = create(&server, &viewer, of(FeedContent::OnDuty)).unwrap();
    let path = path(&server, &address);
    let before = get(&server, &path);
    drop(server);
    let secret =
        path.rsplit('/').next().unwrap().trim_end_matches(".ics").trim_start_matches("onduty_feed_").to_owned();
    let mut looked_at = 0;
    let mut dirs = vec![dir.path().to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                looked_at += bytes.len();
                assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{}", path.display());
            }
        }
    }
    assert!(looked_at > 1_000);
    let server = LocalServer::start(dir.path(), NOW);
    let after = get(&server, &path);
    assert_eq!((after.status, &after.bytes), (200, &before.bytes));
    assert_eq!(after.headers["etag"], before.headers["etag"]);
}

#[test]
fn a_feed_ends_with_its_owner() {
    let (_dir, server) = quiet();
    let (viewer, name) = token(&server, Role::Viewer, "");
    let (ben, _) = token(&server, Role::Resident, "ben");
    let viewers = path(&server, &create(&server, &viewer, of(FeedContent::OnDuty)).unwrap().1);
    let bens = path(&server, &create(&server, &ben, of(FeedContent::TasksDue)).unwrap().1);
    assert_eq!((get(&server, &viewers).status, get(&server, &bens).status), (200, 200));
    server.block_on(async {
        let mut tokens = TokenServiceClient::new(connect(&server.url()).await);
        tokens.revoke_token(v1::RevokeTokenRequest { name }).await.unwrap();
    });
    assert_eq!((get(&server, &viewers).status, get(&server, &bens).status), (404, 200));
    // A resident's does not hang on one of their tokens, but on their time with the team.
    let gone = ROSTER.replace("[[resident]]\nid = \"ben\"\ndisplay_name = \"Ben\"\n", "");
    let gone = gone.replace(", \"ben\"]", "]").replace("assignee = \"ben\"", "assignee = \"asa\"");
    let asked = v1::ApplyRosterRequest { prune: true, ..apply_request(&gone) };
    server
        .block_on(async { RosterServiceClient::new(connect(&server.url()).await).apply_roster(asked).await.unwrap() });
    assert_eq!(get(&server, &bens).status, 404);
    let asked = ListFeedsRequest { parent: "teams/quiet".to_owned(), ..Default::default() };
    let listed = server.block_on(async {
        FeedServiceClient::new(connect(&server.url()).await).list_feeds(asked).await.unwrap().into_inner().feeds
    });
    assert_eq!(listed.iter().map(|feed| feed.ended).collect::<Vec<_>>(), [true, true]);
}

#[test]
fn everybody_has_feeds_of_their_own_and_coordinators_all() {
    let (_dir, server) = quiet();
    let secrets = [(Role::Viewer, ""), (Role::Resident, "asa"), (Role::Resident, "ben"), (Role::Coordinator, "")]
        .map(|(role, resident)| token(&server, role, resident).0);
    let feeds: Vec<v1::Feed> =
        secrets.iter().map(|secret| create(&server, secret, of(FeedContent::OnDuty)).unwrap().0).collect();
    for (index, secret) in secrets.iter().enumerate() {
        let mut client = client(&server, secret);
        let asked = ListFeedsRequest { parent: "teams/quiet".to_owned(), ..Default::default() };
        let listed = server.block_on(client.list_feeds(asked)).unwrap().into_inner().feeds;
        let names: Vec<&str> = listed.iter().map(|feed| feed.name.as_str()).collect();
        let expected: Vec<&str> = match index {
            3 => feeds.iter().map(|feed| feed.name.as_str()).collect(),
            _ => vec![feeds[index].name.as_str()],
        };
        assert_eq!(names, expected);
        let other = feeds[(index + 1) % 4].name.clone();
        let deleted = server.block_on(client.delete_feed(DeleteFeedRequest { name: other, validate_only: true }));
        assert_eq!(deleted.map_err(|status| status.code()).err(), (index != 3).then_some(Code::NotFound));
    }
    // Somebody else's name is a coordinator's to give; tasks are for those who work in the team.
    let for_ben = v1::Feed { owner: "teams/quiet/residents/ben".to_owned(), ..of(FeedContent::OnDuty) };
    let made =
        secrets.each_ref().map(|secret| create(&server, secret, for_ben.clone()).map_err(|status| status.code()));
    let codes = made.map(|made| made.err());
    assert_eq!(codes, [Some(Code::PermissionDenied), Some(Code::PermissionDenied), None, None]);
    let refused = create(&server, &secrets[0], of(FeedContent::TasksDue)).unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let many = (0..60).find_map(|_| create(&server, &secrets[0], of(FeedContent::Gaps)).err()).unwrap();
    assert_eq!(many.code(), Code::InvalidArgument);
}

#[test]
fn the_calendar_of_absences_says_who_is_away_on_which_days_and_nothing_else() {
    let (_dir, server) = quiet();
    let (viewer, _) = token(&server, Role::Viewer, "");
    let path = path(&server, &create(&server, &viewer, of(FeedContent::TimeOff)).unwrap().1);
    let away = |server: &LocalServer| {
        let told = get(server, &path).body;
        for word in ["sick", "Fever", "flu", "CREATED", "LAST-MODIFIED", "DESCRIPTION", "T05"] {
            assert!(!told.contains(word), "{word}: {told}");
        }
        let found = events(&told);
        let [event] = &found.values().cloned().collect::<Vec<_>>()[..] else { panic!("{told}") };
        event.clone()
    };
    let first = away(&server);
    // It began in the evening in Vancouver, which is the next morning in Warsaw; nothing ends it.
    assert_eq!((first["SUMMARY"].as_str(), first["CATEGORIES"].as_str()), ("Away: Asa", "AWAY"));
    assert_eq!(first["DTSTART;VALUE=DATE"], "20261122");
    assert_eq!(first["DTEND;VALUE=DATE"], "20261124");
    assert_eq!((first["DTSTAMP"].as_str(), first["TRANSP"].as_str()), ("20261123T000000Z", "TRANSPARENT"));
    server.clock.advance(86_400);
    let later = away(&server);
    assert_eq!((&later["UID"], later["DTEND;VALUE=DATE"].as_str()), (&first["UID"], "20261125"));
    assert!(later["SEQUENCE"].parse::<u32>().unwrap() > first["SEQUENCE"].parse().unwrap());
}

#[test]
fn what_a_feed_shows_is_chosen() {
    let (_dir, server) = quiet();
    let (ben, _) = token(&server, Role::Resident, "ben");
    let body = |feed: v1::Feed| get(&server, &path(&server, &create(&server, &ben, feed).unwrap().1)).body;
    let tasks = body(of(FeedContent::TasksDue));
    assert_eq!(titles(&tasks), ["Due: Release notes (Ben)"]);
    let task = events(&tasks).into_values().next().unwrap();
    assert_eq!((task["DTSTART"].as_str(), task["DTEND"].as_str()), ("20261127T223000Z", "20261127T230000Z"));
    let own = v1::Feed {
        resident: "teams/quiet/residents/ben".to_owned(),
        past_days: Some(0),
        future_days: Some(3),
        titles: v1::FeedTitles::Duty.into(),
        busy: true,
        ..of(FeedContent::OnDuty)
    };
    let own = body(own);
    assert_eq!(titles(&own), ["Watch", "Watch", "Watch", "Watch"]);
    assert!(events(&own).values().all(|event| event["TRANSP"] == "OPAQUE"), "{own}");
    let named = v1::Feed { titles: v1::FeedTitles::Resident.into(), ..of(FeedContent::OnDuty) };
    assert!(titles(&body(named)).iter().all(|title| title == "Asa" || title == "Ben"));
    let handoffs = titles(&body(of(FeedContent::Handoffs)));
    assert!(handoffs.contains(&"Handoff\\, Watch: Ben → Asa".to_owned()), "{handoffs:?}");
    assert!(titles(&body(of(FeedContent::Gaps))).is_empty());
}

#[test]
fn a_feed_that_is_fetched_too_often_has_to_wait_and_no_other_has() {
    let (_dir, server) = quiet();
    let (viewer, _) = token(&server, Role::Viewer, "");
    let [one, other] = [(); 2].map(|()| path(&server, &create(&server, &viewer, of(FeedContent::OnDuty)).unwrap().1));
    let answers: Vec<u16> = (0..121).map(|_| get(&server, &one).status).collect();
    assert!(answers[..120].iter().all(|status| *status == 200), "{answers:?}");
    let refused = get(&server, &one);
    assert_eq!((refused.status, refused.headers["retry-after"].to_str().unwrap()), (429, "60"));
    assert_eq!(get(&server, &other).status, 200);
    server.clock.advance(60);
    assert_eq!(get(&server, &one).status, 200);
}

#[test]
fn that_a_feed_was_fetched_is_written_down_to_about_a_day_and_changes_no_team() {
    let (_dir, server) = quiet();
    let (viewer, _) = token(&server, Role::Viewer, "");
    let (_, address) = create(&server, &viewer, of(FeedContent::OnDuty)).unwrap();
    let path = path(&server, &address);
    let used = |server: &LocalServer| {
        let asked = ListFeedsRequest { parent: "teams/quiet".to_owned(), ..Default::default() };
        let feeds = server.block_on(client(server, &viewer).list_feeds(asked)).unwrap().into_inner().feeds;
        feeds[0].last_use_time
    };
    assert_eq!(used(&server), None);
    let etag = get(&server, &path).headers["etag"].clone();
    // It is written beside the answer.
    let noted = || (0..1_000).find_map(|_| used(&server)).expect("the use is written down");
    assert_eq!(noted(), super::changes::time(NOW).unwrap());
    assert_eq!(get(&server, &path).headers["etag"], etag);
}
