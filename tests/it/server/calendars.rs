//! Subscribed calendars: fetched, read, changed, out of reach, and ended (semantics 7.5).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use onduty::proto::v1;
use onduty::proto::v1::calendar_service_client::CalendarServiceClient;
use onduty::proto::v1::change_service_client::ChangeServiceClient;
use onduty::proto::v1::roster_service_client::RosterServiceClient;
use onduty::proto::v1::time_off_service_client::TimeOffServiceClient;
use onduty::proto::v1::token_service_client::TokenServiceClient;
use tempfile::TempDir;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::outbound::site::{SECRET, Site, Then};
use crate::support::grpc::{Connection, PATIENCE, connect, connect_with};
use crate::support::local::LocalServer;
use crate::support::tokens::Bearer;

const NOW: &str = "2026-11-23T13:05:00Z";
const HOUR: u32 = 3_600;
const RESIDENT: &str = "teams/psf/residents/lukasz";

/// What the calendar's server has now: a status, headers and the days of its events.
#[derive(Clone)]
struct Has {
    status: &'static str,
    headers: &'static str,
    days: Vec<&'static str>,
}

/// A calendar on loopback whose events can be changed.
#[derive(Clone)]
struct Host {
    site: Site,
    has: Arc<Mutex<Has>>,
    /// How many requests have come, answered or not.
    came: Arc<AtomicUsize>,
    /// Nothing is answered while somebody holds it.
    gate: Arc<tokio::sync::Mutex<()>>,
}

impl Host {
    async fn start() -> Self {
        let has = Arc::new(Mutex::new(Has { status: "200 OK", headers: "", days: Vec::new() }));
        let (came, gate) = (Arc::default(), Arc::default());
        let (told, count, closed): (_, Arc<AtomicUsize>, Arc<tokio::sync::Mutex<()>>) =
            (Arc::clone(&has), Arc::clone(&came), Arc::clone(&gate));
        let script = move |head: &str| {
            count.fetch_add(1, Ordering::SeqCst);
            drop(tokio::task::block_in_place(|| closed.blocking_lock()));
            (answer(&told.lock().unwrap(), head), Then::Close)
        };
        let site = Site::new("127.0.0.1:0", None, script).await;
        Self { site, has, came, gate }
    }

    fn address(&self) -> String {
        format!("http://{}{SECRET}", self.site.address)
    }

    fn set(&self, days: &[&'static str]) {
        self.has.lock().unwrap().days = days.to_vec();
    }

    fn fail(&self, status: &'static str, headers: &'static str) {
        let mut has = self.has.lock().unwrap();
        (has.status, has.headers) = (status, headers);
    }
}

fn answer(has: &Has, head: &str) -> Vec<u8> {
    let etag = format!("\"{}\"", has.days.join("-"));
    if has.status == "200 OK" && head.to_ascii_lowercase().contains(&format!("if-none-match: {etag}")) {
        return b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec();
    }
    let event = |day: &&str| {
        format!("BEGIN:VEVENT\r\nUID:{day}\r\nSUMMARY:The clinic\r\nDTSTART;VALUE=DATE:{day}\r\nEND:VEVENT\r\n")
    };
    let events: String = has.days.iter().map(event).collect();
    let body = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
    let (status, headers, length) = (has.status, has.headers, body.len());
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nETag: {etag}\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
        .into()
}

async fn client(server: &LocalServer) -> CalendarServiceClient<Connection> {
    CalendarServiceClient::new(connect(&server.url()).await)
}

fn asked(name: &str, address: &str) -> v1::CreateCalendarRequest {
    let calendar = v1::Calendar {
        resident: RESIDENT.to_owned(),
        display_name: name.to_owned(),
        address: address.to_owned(),
        ..Default::default()
    };
    v1::CreateCalendarRequest { parent: "teams/psf".to_owned(), calendar: Some(calendar), validate_only: false }
}

async fn subscribe(server: &LocalServer, host: &Host) -> v1::CreateCalendarResponse {
    client(server).await.create_calendar(asked("private", &host.address())).await.unwrap().into_inner()
}

async fn listed(server: &LocalServer) -> Vec<v1::Calendar> {
    let asked = v1::ListCalendarsRequest { parent: "teams/psf".to_owned(), ..Default::default() };
    client(server).await.list_calendars(asked).await.unwrap().into_inner().calendars
}

/// The first days of what came with calendars, with a sign at what was ended.
async fn imported(server: &LocalServer) -> Vec<String> {
    let asked = v1::ListTimeOffRequest { parent: "teams/psf".to_owned(), page_size: 1_000, ..Default::default() };
    let answer = TimeOffServiceClient::new(connect(&server.url()).await).list_time_off(asked).await.unwrap();
    let entries = answer.into_inner().time_off.into_iter().filter(|entry| entry.imported);
    let day = |entry: v1::TimeOff| {
        let Some(v1::span::Form::Days(days)) = entry.span.and_then(|span| span.form) else { panic!("no days") };
        let first = days.first_date.unwrap();
        let ended = if entry.cut_time.is_some() { "!" } else { "" };
        format!("{}-{:02}-{:02}{ended}", first.year, first.month, first.day)
    };
    entries.map(day).collect()
}

/// Waits until something is as it should be, by asking again and again.
async fn until<T: PartialEq + std::fmt::Debug>(wanted: T, read: impl AsyncFn() -> T) {
    let asked = tokio::time::timeout(PATIENCE, async { while read().await != wanted {} });
    if asked.await.is_err() {
        assert_eq!(read().await, wanted, "waited in vain");
    }
}

fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

#[test]
fn a_calendar_is_read_every_hour_and_what_it_says_follows() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        host.set(&["20261207", "20261214"]);
        let made = subscribe(&server, &host).await;
        assert_eq!(made.imported.unwrap().taken.len(), 2);
        assert_eq!(imported(&server).await, ["2026-12-07", "2026-12-14"]);
        let made = listed(&server).await[0].read_time;
        host.set(&["20261207", "20261221"]);
        server.clock.advance(2 * HOUR);
        until(vec!["2026-12-07".to_owned(), "2026-12-21".to_owned()], async || imported(&server).await).await;
        // When it was read is kept after what it said.
        until(true, async || listed(&server).await[0].read_time != made).await;
        let read = listed(&server).await[0].read_time;
        let before = host.site.count();
        server.clock.advance(2 * HOUR);
        // Nothing has changed, and that is all that is sent.
        until(true, async || listed(&server).await[0].read_time != read).await;
        assert_eq!(host.site.count(), before + 1);
        assert!(host.site.last().contains("if-none-match: \"20261207-20261221\""), "{}", host.site.last());
        // A day later all of it is read, since the time that is read has moved on.
        server.clock.advance(24 * HOUR);
        until(true, async || !host.site.last().contains("if-none-match")).await;
    });
}

#[test]
fn what_was_said_last_stays_while_a_calendar_cannot_be_read() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        host.set(&["20261207"]);
        subscribe(&server, &host).await;
        let failure = async || listed(&server).await[0].failure.clone();
        for (status, headers, told) in [
            ("500 Internal Server Error", "", "127.0.0.1 answered 500: Internal Server Error"),
            ("302 Found", "Location: http://192.0.2.1/\r\n", "127.0.0.1 leads to another address"),
            ("404 Not Found", "", "127.0.0.1 answered 404"),
        ] {
            host.fail(status, headers);
            host.set(&[]);
            server.clock.advance(25 * HOUR);
            until(true, async || failure().await.contains(told) || failure().await.contains("not open to everybody"))
                .await;
            assert_eq!(imported(&server).await, ["2026-12-07"], "{status}");
        }
        assert!(listed(&server).await[0].failure_time.is_some());
        host.fail("200 OK", "");
        host.set(&["20261208"]);
        server.clock.advance(25 * HOUR);
        until(vec!["2026-12-08".to_owned()], async || imported(&server).await).await;
        until(String::new(), failure).await;
    });
}

#[test]
fn a_restarted_server_goes_on_where_it_was() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    let host = server.block_on(async {
        let host = Host::start().await;
        host.set(&["20261207"]);
        subscribe(&server, &host).await;
        host
    });
    let calendar = server.block_on(listed(&server)).remove(0);
    let has = host.has.lock().unwrap().clone();
    drop(server);
    let server = LocalServer::fetching(dir.path(), "2026-11-23T13:35:00Z");
    server.block_on(async {
        let again =
            Site::new(&host.site.address.to_string(), None, move |head| (answer(&has, head), Then::Close)).await;
        let kept = listed(&server).await.remove(0);
        assert_eq!((kept.name, kept.host, kept.read_time), (calendar.name, calendar.host, calendar.read_time));
        server.clock.advance(HOUR);
        until(1, async || again.count()).await;
        assert!(again.last().contains("if-none-match: \"20261207\""));
    });
}

#[test]
fn a_calendar_that_is_removed_takes_its_time_off_along_unless_it_is_to_stay() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        host.set(&["20261123", "20261207"]);
        for keep_time_off in [true, false] {
            let name = subscribe(&server, &host).await.calendar.unwrap().name;
            let delete = v1::DeleteCalendarRequest { name: name.clone(), keep_time_off, validate_only: true };
            let would = client(&server).await.delete_calendar(delete.clone()).await.unwrap().into_inner();
            assert_eq!(listed(&server).await.len(), 1);
            let delete = v1::DeleteCalendarRequest { validate_only: false, ..delete };
            let gone = client(&server).await.delete_calendar(delete).await.unwrap().into_inner().gone;
            assert_eq!((gone.len(), gone.len()), (would.gone.len(), if keep_time_off { 0 } else { 2 }));
            assert_eq!(listed(&server).await, []);
            let refresh = client(&server).await.refresh_calendar(v1::RefreshCalendarRequest { name }).await;
            assert_eq!(refresh.unwrap_err().code(), Code::NotFound);
        }
        assert_eq!(imported(&server).await, ["2026-11-23!"]);
    });
}

#[test]
fn a_calendar_ends_with_its_residents_time_in_the_team() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        let team = |who: &str| format!("team = \"small\"\ndisplay_name = \"Small\"\nzone = \"UTC\"\n{who}");
        let asa = team("[[resident]]\nid = \"asa\"\n");
        let apply = async |roster_toml: String| {
            let request = v1::ApplyRosterRequest { roster_toml, prune: true, ..Default::default() };
            RosterServiceClient::new(connect(&server.url()).await).apply_roster(request).await.unwrap();
        };
        apply(asa).await;
        let mut request = asked("private", &host.address());
        request.parent = "teams/small".to_owned();
        request.calendar.get_or_insert_default().resident = "teams/small/residents/asa".to_owned();
        client(&server).await.create_calendar(request).await.unwrap();
        let listed = async || {
            let asked = v1::ListCalendarsRequest { parent: "teams/small".to_owned(), ..Default::default() };
            client(&server).await.list_calendars(asked).await.unwrap().into_inner().calendars.len()
        };
        assert_eq!(listed().await, 1);
        let before = host.site.count();
        apply(team("[[resident]]\nid = \"bo\"\n")).await;
        server.clock.advance(2 * HOUR);
        until(0, listed).await;
        assert_eq!(host.site.count(), before);
    });
}

#[test]
fn a_calendar_that_cannot_be_fetched_or_read_is_not_kept() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        let refused = async |address: &str| {
            let status = client(&server).await.create_calendar(asked("private", address)).await.unwrap_err();
            assert!(!status.message().contains("secret"), "{status}");
            (reason(&status), status.message().to_owned())
        };
        let (told, message) = refused(&format!("https://192.168.1.1{SECRET}")).await;
        assert_eq!(told, "CALENDAR_UNREACHABLE");
        assert!(message.contains("192.168.1.1 is not open to everybody"), "{message}");
        host.fail("404 Not Found", "");
        assert_eq!(refused(&host.address()).await.0, "CALENDAR_UNREACHABLE");
        let page =
            |_: &str| (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<!doctype html><p>Log in".to_vec(), Then::Close);
        let page = Site::new("127.0.0.1:0", None, page).await;
        let (_, message) = refused(&format!("http://{}{SECRET}", page.address)).await;
        assert!(message.contains("this is a web page, not a calendar"), "{message}");
        assert_eq!((listed(&server).await, imported(&server).await), (vec![], vec![]));
    });
}

#[test]
fn one_resident_has_a_few_calendars_each_by_its_name() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        let create = async |name: &str| client(&server).await.create_calendar(asked(name, &host.address())).await;
        for number in 0..10 {
            create(&format!("calendar {number}")).await.unwrap();
        }
        let before = host.site.count();
        for (name, told) in [("calendar 3", "is the name of another"), ("more", "10 calendars already")] {
            let status = create(name).await.unwrap_err();
            assert!(status.code() == Code::InvalidArgument && status.message().contains(told), "{status}");
        }
        assert_eq!(host.site.count(), before, "fetched for nothing");
    });
}

#[test]
fn an_address_is_in_no_answer_and_no_log_and_reading_shows_who_did_it() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        host.set(&["20261207"]);
        let made = subscribe(&server, &host).await;
        let calendar = made.calendar.clone().unwrap();
        assert_eq!((calendar.address.as_str(), calendar.host.as_str()), ("", host.address().trim_end_matches(SECRET)));
        host.set(&["20261208"]);
        server.clock.advance(2 * HOUR);
        until(vec!["2026-12-08".to_owned()], async || imported(&server).await).await;
        let asked = v1::ListChangesRequest { parent: "teams/psf".to_owned(), ..Default::default() };
        let log =
            ChangeServiceClient::new(connect(&server.url()).await).list_changes(asked).await.unwrap().into_inner();
        assert_eq!((log.changes[0].actor.as_str(), log.changes[0].title.as_str()), ("ondutyd", "read a calendar"));
        let all = format!("{made:?} {log:?} {:?}", listed(&server).await);
        for word in ["secret-path", "clinic"] {
            assert!(!all.contains(word), "{word}");
        }
        let now = client(&server).await.refresh_calendar(v1::RefreshCalendarRequest { name: calendar.name }).await;
        let told = now.err().map(|status| reason(&status)).unwrap_or_default();
        assert_eq!(told, "CALENDAR_JUST_READ");
    });
}

#[test]
fn a_calendar_that_is_removed_while_it_is_fetched_brings_nothing_back() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        host.set(&["20261207"]);
        let name = subscribe(&server, &host).await.calendar.unwrap().name;
        host.set(&["20261208"]);
        server.clock.advance(61);
        let mut caller = client(&server).await;
        let (asked, before) = (v1::RefreshCalendarRequest { name: name.clone() }, host.came.load(Ordering::SeqCst));
        let refresh = {
            let closed = host.gate.lock().await;
            let refresh = tokio::spawn(async move { caller.refresh_calendar(asked).await });
            let delete = async {
                until(before + 1, async || host.came.load(Ordering::SeqCst)).await;
                let delete = v1::DeleteCalendarRequest { name, ..Default::default() };
                client(&server).await.delete_calendar(delete).await.unwrap()
            };
            assert_eq!(delete.await.into_inner().gone.len(), 1);
            drop(closed);
            refresh
        };
        assert_eq!(refresh.await.unwrap().unwrap_err().code(), Code::NotFound);
        assert_eq!(imported(&server).await, Vec::<String>::new());
    });
}

#[test]
fn a_token_that_is_revoked_while_its_calendar_is_fetched_subscribes_to_nothing() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        host.set(&["20261207"]);
        let mut tokens = TokenServiceClient::new(connect(&server.url()).await);
        let token = v1::Token {
            display_name: "phone".to_owned(),
            role: v1::Role::Resident.into(),
            team: "teams/psf".to_owned(),
            resident: RESIDENT.to_owned(),
            ..Default::default()
        };
        let made = tokens.create_token(v1::CreateTokenRequest { token: Some(token), ..Default::default() }).await;
        let made = made.unwrap().into_inner();
        let own = connect_with(&server.url(), Bearer::of(&made.secret)).await;
        let closed = host.gate.lock().await;
        let request = asked("private", &host.address());
        let create = tokio::spawn(async move { CalendarServiceClient::new(own).create_calendar(request).await });
        until(1, async || host.came.load(Ordering::SeqCst)).await;
        let revoke = v1::RevokeTokenRequest { name: made.token.unwrap().name };
        tokens.revoke_token(revoke).await.unwrap();
        drop(closed);
        assert_eq!(create.await.unwrap().unwrap_err().code(), Code::Unauthenticated);
        assert_eq!((listed(&server).await, imported(&server).await), (vec![], vec![]));
    });
}

#[test]
fn nobody_can_have_a_calendar_fetched_again_and_again() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        let name = subscribe(&server, &host).await.calendar.unwrap().name;
        host.fail("500 Internal Server Error", "");
        server.clock.advance(61);
        let mut told = Vec::new();
        for _ in 0..3 {
            let asked = v1::RefreshCalendarRequest { name: name.clone() };
            told.push(reason(&client(&server).await.refresh_calendar(asked).await.unwrap_err()));
        }
        assert_eq!(told, ["CALENDAR_UNREACHABLE", "CALENDAR_JUST_READ", "CALENDAR_JUST_READ"]);
        assert_eq!(host.site.count(), 2);
    });
}

/// Gives the resident as many entries out of calendars as there may be.
async fn fill(server: &LocalServer) {
    let mut client = TimeOffServiceClient::new(connect(&server.url()).await);
    for (name, count) in [("one", 700), ("two", 700), ("three", 600)] {
        let event = format!("UID:a\nDTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;COUNT={count}");
        let calendar = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n").into();
        let (resident, calendar_name) = (RESIDENT.to_owned(), name.to_owned());
        let asked = v1::ImportTimeOffRequest { resident, calendar, calendar_name, ..Default::default() };
        client.import_time_off(asked).await.unwrap();
    }
}

#[test]
fn a_calendar_that_says_too_much_is_not_kept_and_one_that_comes_to_it_says_so() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::fetching(dir.path(), NOW);
    server.block_on(async {
        let host = Host::start().await;
        let kept = subscribe(&server, &host).await.calendar.unwrap();
        fill(&server).await;
        host.set(&["20261207"]);
        let refused = client(&server).await.create_calendar(asked("more", &host.address())).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(listed(&server).await.len(), 1);
        server.clock.advance(61);
        let asked = v1::RefreshCalendarRequest { name: kept.name };
        let refused = client(&server).await.refresh_calendar(asked).await.unwrap_err();
        assert_eq!(reason(&refused), "CALENDAR_UNREACHABLE");
        let told = listed(&server).await.remove(0).failure;
        assert!(told.contains("more than 2000 absences"), "{told}");
    });
}
