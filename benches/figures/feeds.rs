//! Calendars: a feed written, beside a plain writer of the same bytes; an unchanged feed asked for again, beside a page
//! that answers the same without looking at anything.

use std::fmt::Write as _;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use onduty::civil::{Instant, Interval, Wall};
use onduty::ical::{Event, EventStamps, Feed, When};

use super::pairs::{Effort, alternate, now, seconds_per_call};
use super::prebuilt::PAGE;
use super::process::Process;
use super::report::{Limit, Report, duration, short};

const EVENTS: [i64; 2] = [1_000, 10_000];
const CONNECTIONS: usize = 16;

/// Tells what calendars take.
pub fn measure(report: &mut Report, effort: Effort) {
    report.section("Calendars: 1,000 and 10,000 events; the demo's feed over HTTP/1.1");
    for count in EVENTS {
        let events = events(count);
        let feed = Feed { name: "Core team on duty".to_owned(), description: String::new(), events: events.clone() };
        assert!(feed.render().0.contains(&plain(&events)), "both write the same bytes");
        let write = |time| seconds_per_call(time, || feed.render());
        let pair = alternate(effort, write, |time| seconds_per_call(time, || plain(&events)));
        let note = format!("{} beside {} of a plain writer", duration(pair.subject), duration(pair.peer));
        report.ratio(&format!("a feed of {count} events"), pair, Limit::AtMost(2.0), &note);
    }
    unchanged(report, effort.longer());
}

fn unchanged(report: &mut Report, effort: Effort) {
    let dir = tempfile::tempdir().expect("a directory");
    let server = Process::own(dir.path());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let mut connections: Vec<SendRequest<Body>> =
        (0..CONNECTIONS).map(|_| runtime.block_on(connect(&server.address))).collect();
    let first = runtime.block_on(ask(&mut connections[0], &server.address, "/feeds/psf/on-duty.ics", None));
    let tag = first.expect("a tag");
    let mut load = |path: &'static str, time: Duration| {
        let (start, tag, address) = (now(), &tag, &server.address);
        let callers = connections.iter_mut().map(|connection| async move {
            let mut count = 0.0;
            while start.elapsed_seconds() < time.as_secs_f64() {
                ask(connection, address, path, Some(tag)).await;
                count += 1.0;
            }
            count
        });
        let counts: Vec<f64> = runtime.block_on(futures_util::future::join_all(callers));
        counts.iter().sum::<f64>() / start.elapsed_seconds()
    };
    let load = std::cell::RefCell::new(&mut load);
    let pair = alternate(
        effort,
        |time| (load.borrow_mut())("/feeds/psf/on-duty.ics", time),
        |time| (load.borrow_mut())(PAGE, time),
    );
    let note = format!("{}/s beside {}/s of a static 304", short(pair.subject), short(pair.peer));
    report.ratio("a feed that has not changed", pair, Limit::AtLeast(0.9), &note);
}

/// Connects to a server.
pub(super) async fn connect(address: &str) -> SendRequest<Body> {
    let stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("a connection");
    tokio::spawn(connection);
    sender
}

/// Asks for a page; with a tag, it has not changed. Returns the tag of the answer.
pub(super) async fn ask(
    connection: &mut SendRequest<Body>,
    host: &str,
    path: &str,
    tag: Option<&String>,
) -> Option<String> {
    let (answer, found) = answered(connection, host, path, tag).await;
    let expected = if tag.is_some() { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    assert_eq!(answer.status(), expected, "{path}");
    answer.into_body().collect().await.expect("a body");
    found
}

/// Asks for a page, be it changed or not. Returns what it says, and its tag.
pub(super) async fn fetch(
    connection: &mut SendRequest<Body>,
    host: &str,
    path: &str,
    tag: Option<&String>,
) -> (String, Option<String>) {
    let (answer, found) = answered(connection, host, path, tag).await;
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    (String::from_utf8_lossy(&body).into_owned(), found)
}

async fn answered(
    connection: &mut SendRequest<Body>,
    host: &str,
    path: &str,
    tag: Option<&String>,
) -> (Response<Incoming>, Option<String>) {
    let mut request = Request::get(path).header(header::HOST, host);
    if let Some(tag) = tag {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    connection.ready().await.expect("a connection");
    let answer = connection.send_request(request.body(Body::empty()).expect("a request")).await.expect("an answer");
    let found = answer.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    (answer, found)
}

fn events(count: i64) -> Vec<Event> {
    let event = |number: i64| {
        let start = Instant::from_seconds(1_767_600_000 + number * 28_800);
        Event {
            uid: uuid::Uuid::from_u128(u128::try_from(number).expect("small") << 64 | 0x8000_0000_0000_0001),
            sequence: 3,
            stamps: EventStamps::Exact { created: start.plus(-9_000_000), modified: start.plus(-8_000_000) },
            when: When::Instants(Interval::new(start, start.plus(28_800)).expect("an interval")),
            summary: format!("Reviews and merges: Person {}", number % 8),
            description: "Mon 2026-01-05 09:00 to Mon 2026-01-05 17:00 in Europe/Warsaw".to_owned(),
            category: "DUTY",
            tentative: false,
            busy: false,
        }
    };
    (0..count).map(event).collect()
}

/// Writes the events as lines, without a look at what is in them.
fn plain(events: &[Event]) -> String {
    let mut text = String::with_capacity(events.len() * 500);
    for event in events {
        let (EventStamps::Exact { created, modified }, When::Instants(interval)) = (event.stamps, event.when) else {
            continue;
        };
        let (modified, created) = (Utc(modified), Utc(created));
        let (start, end) = (Utc(interval.start()), Utc(interval.end()));
        let _ = write!(
            text,
            "BEGIN:VEVENT\r\nUID:{}\r\nDTSTAMP:{modified}\r\nLAST-MODIFIED:{modified}\r\nCREATED:{created}\r\n\
             SEQUENCE:{}\r\nDTSTART:{start}\r\nDTEND:{end}\r\nSUMMARY:{}\r\nDESCRIPTION:{}\r\nTRANSP:TRANSPARENT\r\n\
             X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\nSTATUS:CONFIRMED\r\nCATEGORIES:{}\r\nEND:VEVENT\r\n",
            event.uid.hyphenated(),
            event.sequence,
            event.summary,
            event.description,
            event.category,
        );
    }
    text
}

struct Utc(Instant);

impl std::fmt::Display for Utc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = Wall::from_seconds(self.0.seconds()).date_time();
        let (year, month, day) = (at.year(), at.month(), at.day());
        write!(f, "{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z", at.hour(), at.minute(), at.second())
    }
}
