//! Methods, headers and conditions; and what somebody learns who asks for what is not there.

use std::io::Read as _;

use onduty::config::edge::Edge;
use tempfile::TempDir;

use super::{CALENDARS, PRIVATE, TEAM, ask, demo, get};
use crate::support::grpc::apply;
use crate::support::local::LocalServer;

#[test]
fn a_calendar_comes_with_the_headers_that_programs_need() {
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    for path in CALENDARS {
        let answer = get(&server, path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.body.starts_with("BEGIN:VCALENDAR\r\n"), "{path}");
        assert_eq!(answer.header("content-length"), answer.body.len().to_string());
        assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "private, max-age=300");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("last-modified"), "Mon, 23 Nov 2026 13:05:00 GMT");
        let etag = answer.header("etag");
        assert!(etag.len() > 10 && etag.starts_with('"') && etag.ends_with('"'), "{etag}");
        assert!(answer.headers.get("set-cookie").is_none() && answer.headers.get("location").is_none());
    }
    assert_eq!(get(&server, TEAM).header("content-disposition"), "inline; filename=\"psf-on-duty.ics\"");
}

#[test]
fn a_subscriber_that_has_the_newest_bytes_gets_none() {
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    let whole = get(&server, TEAM);
    let (etag, date) = (whole.header("etag"), whole.header("last-modified"));
    let list = format!("\"other\", {etag}");
    let weak = format!("W/{etag}");
    let later = "Tue, 24 Nov 2026 00:00:00 GMT";
    let (tag, since) = ("if-none-match", "if-modified-since");
    for conditions in [
        &[(tag, etag)][..],
        &[(tag, &weak)],
        &[(tag, &list)],
        &[(tag, "*")],
        &[(tag, "\"other\""), (tag, etag)],
        &[(since, date)],
        &[(since, later)],
        &[(tag, etag), (since, "Mon, 23 Nov 2026 13:04:59 GMT")],
    ] {
        for method in ["GET", "HEAD"] {
            let answer = ask(&server, method, TEAM, conditions);
            assert_eq!((answer.status, answer.body.as_str()), (304, ""), "{method} {conditions:?}");
            for name in ["etag", "last-modified", "cache-control"] {
                assert_eq!(answer.header(name), whole.header(name), "{method} {conditions:?}");
            }
        }
    }
    for conditions in [
        &[(tag, "\"other\"")][..],
        &[(tag, "\"other\""), (since, date)],
        &[(since, "Mon, 23 Nov 2026 13:04:59 GMT")],
        &[(since, "yesterday")],
        &[("accept", "application/calendar+json")],
        &[("accept-encoding", "br, gzip;q=0")],
    ] {
        let answer = ask(&server, "GET", TEAM, conditions);
        assert!(answer.status == 200 && answer.body == whole.body, "{conditions:?}: {}", answer.status);
    }
}

#[test]
fn whoever_asks_for_gzip_gets_the_same_calendar_in_fewer_bytes() {
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    let gzip = ("accept-encoding", "gzip, deflate, br");
    let (plain, packed) = (get(&server, TEAM), ask(&server, "GET", TEAM, &[gzip]));
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"));
    assert_eq!((plain.header("vary"), packed.header("vary")), ("accept-encoding", "accept-encoding"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed.bytes[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.body);
    assert!(packed.bytes.len() * 5 < plain.bytes.len(), "{} of {}", packed.bytes.len(), plain.bytes.len());
    assert_eq!(packed.header("content-length"), packed.bytes.len().to_string());
    assert_eq!(packed.header("etag"), format!("W/{}", plain.header("etag")));
    // Whichever of the two a subscriber has, it has the newest.
    for etag in [plain.header("etag"), packed.header("etag")] {
        for (asked, expected) in [(&[("if-none-match", etag), gzip][..], &packed), (&[("if-none-match", etag)], &plain)]
        {
            let answer = ask(&server, "GET", TEAM, asked);
            assert_eq!((answer.status, answer.bytes.len()), (304, 0));
            assert_eq!((answer.header("etag"), answer.header("vary")), (expected.header("etag"), "accept-encoding"));
        }
    }
    let head = ask(&server, "HEAD", TEAM, &[gzip]);
    assert_eq!((head.header("content-length"), head.bytes.len()), (packed.header("content-length"), 0));
}

#[test]
fn a_server_that_is_told_to_compresses_nothing() {
    let edge = Edge { plain_feeds: true, ..Edge::default() };
    let server = LocalServer::with_edge(edge, "2026-11-23T13:05:00Z");
    let answer = ask(&server, "GET", TEAM, &[("accept-encoding", "gzip")]);
    assert!(answer.status == 200 && answer.body.starts_with("BEGIN:VCALENDAR"), "{answer:?}");
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), ("", ""));
}

#[test]
fn head_is_get_without_the_bytes() {
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    for path in CALENDARS {
        let (head, whole) = (ask(&server, "HEAD", path, &[]), get(&server, path));
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
        for name in ["content-type", "content-length", "etag", "last-modified", "cache-control", "content-disposition"]
        {
            assert_eq!(head.header(name), whole.header(name), "{path}: {name}");
        }
    }
}

#[test]
fn other_methods_are_told_which_there_are() {
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    for path in CALENDARS.into_iter().chain(["/feeds/none/on-duty.ics", "/healthz", "/metrics"]) {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "REPORT"] {
            let answer = ask(&server, method, path, &[]);
            assert_eq!(answer.status, 405, "{method} {path}");
            let mut allowed: Vec<&str> = answer.header("allow").split(',').map(str::trim).collect();
            allowed.sort_unstable();
            assert_eq!(allowed, ["GET", "HEAD"], "{method} {path}");
        }
    }
}

#[test]
fn a_private_team_cannot_be_told_from_none() {
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    server.block_on(apply(&server.url(), PRIVATE));
    let seen = |path: &str| {
        let mut answer = get(&server, path);
        answer.headers.remove("x-request-id");
        answer.headers.remove("date");
        let mut headers: Vec<String> = answer.headers.iter().map(|header| format!("{header:?}")).collect();
        headers.sort();
        (answer.status, answer.body, headers)
    };
    let none = seen("/feeds/none/on-duty.ics");
    assert_eq!((none.0, none.1.as_str()), (404, "there is no such calendar\n"));
    for path in [
        "/feeds/quiet/on-duty.ics",
        "/feeds/quiet/duties/watch.ics",
        "/feeds/quiet/duties/none.ics",
        "/feeds/quiet/residents/asa.ics",
        "/feeds/psf/duties/none.ics",
        "/feeds/psf/duties/security",
        "/feeds/psf/residents/none.ics",
        "/feeds/psf/residents/..ics",
        "/feeds/PSF/on-duty.ics",
        "/feeds/%2e%2e/on-duty.ics",
        "/feeds/%ff/on-duty.ics",
        "/feeds/psf/duties/%ff.ics",
        "/feeds/%ff/residents/lukasz.ics",
    ] {
        assert_eq!(seen(path), none, "{path}");
    }
}

#[test]
fn the_bytes_are_the_same_after_a_restart() {
    let dir = TempDir::new().unwrap();
    let all = |server: LocalServer| {
        let answers = CALENDARS.map(|path| get(&server, path));
        answers.map(|answer| (answer.header("etag").to_owned(), answer.header("last-modified").to_owned(), answer.body))
    };
    let before = all(demo(dir.path()));
    for later in [super::NOW, "2026-11-23T23:59:59Z"] {
        assert!(all(LocalServer::demo(dir.path(), later)) == before, "other bytes at {later}");
    }
}
