//! What hosts answer: whole, unchanged, too much, too little, too late.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use onduty::outbound::{FetchError, Got, Outbound, Rules};

use super::site::{Site, Then, World, allowing, answer, content, failure, get, get_with, raw};
use crate::support::certificates::Authority;
use crate::support::grpc::PATIENCE;

/// A host `a.test`, and what fetches from it.
async fn site(rules: Rules, script: impl Fn(&str) -> (Vec<u8>, Then) + Send + Sync + 'static) -> (Site, Outbound) {
    let authority = Authority::new("tests");
    let site = Site::new("127.0.0.1:0", Some(&authority.sign_for(&["a.test"])), script).await;
    let rules = Rules { allowed: "a.test".parse().unwrap(), ..rules };
    (site, World::new(&[("a.test", &["127.0.0.1"])]).outbound(rules, &authority))
}

/// What comes of one answer.
async fn failed(reply: Vec<u8>, then: Then) -> FetchError {
    let (site, outbound) = site(Rules::default(), move |_| (reply.clone(), then)).await;
    failure(&outbound, &site.url("a.test")).await
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn what_there_is_is_got_with_its_validators_and_asked_for_without_telling_of_anybody() {
    let headers = ["ETag: \"1\"", "Last-Modified: Mon, 23 Nov 2026 07:00:00 GMT", "Set-Cookie: a=b"];
    let (site, outbound) = site(Rules::default(), move |_| (answer("200 OK", &headers, b"all"), Then::Close)).await;
    let got = get(&outbound, &site.url("a.test")).await.unwrap();
    let (etag, last_modified) = (Some("\"1\"".to_owned()), Some("Mon, 23 Nov 2026 07:00:00 GMT".to_owned()));
    assert_eq!(got, Got::Fetched { bytes: b"all".to_vec(), etag, last_modified });
    assert_eq!(format!("{got:?}"), "Fetched(3 bytes)");
    let mut lines = site.asked.lock().unwrap()[0].trim_end().to_ascii_lowercase();
    lines = lines.replace(env!("CARGO_PKG_VERSION"), "VERSION").replace(&site.address.port().to_string(), "PORT");
    assert_eq!(
        lines.lines().collect::<Vec<_>>(),
        [
            "get /secret-path/a.ics?secret=query http/1.1",
            "host: a.test:PORT",
            "user-agent: mozilla/5.0 (linux) chrome/139 (compatible; onduty/VERSION)",
            "accept: text/calendar",
            "accept-encoding: gzip",
        ]
    );
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let (site, outbound) = site(Rules::default(), |_| (raw("304 Not Modified", &[], b""), Then::Stay)).await;
    let url = site.url("a.test");
    let date = "Mon, 23 Nov 2026 07:00:00 GMT";
    assert_eq!(get_with(&outbound, &url, Some("\"1\""), Some(date)).await, Ok(Got::Unchanged));
    assert!(site.last().contains("\r\nif-none-match: \"1\"\r\nif-modified-since: mon, 23 nov 2026 07:00:00 gmt\r\n"));
    assert_eq!(get_with(&outbound, &url, None, Some(date)).await, Ok(Got::Unchanged));
    // Who did not say what they have has nothing that could be unchanged.
    assert!(matches!(failure(&outbound, &url).await, FetchError::Status { status: 304, .. }));
    let broken = get_with(&outbound, &url, Some("\"1\r\nX: y\""), None).await.unwrap_err();
    assert!(matches!(broken, FetchError::Status { status: 304, .. }) && !site.last().contains("x: y"), "{broken}");
}

#[tokio::test]
async fn whole_bodies_are_got_however_they_are_sent() {
    let chunked: &[u8] = b"3\r\nall\r\n1;x=y\r\n!\r\n0\r\nX-Trailer: 1\r\n\r\n";
    let parts = [packed(b"al"), packed(b"l!")].concat();
    for (reply, then) in [
        (answer("200 OK", &[], b"all!"), Then::Stay),
        (answer("200 OK", &["Content-Encoding: gzip"], &packed(b"all!")), Then::Stay),
        (answer("200 OK", &["Content-Encoding: X-GZip"], &parts), Then::Stay),
        (raw("200 OK", &["Transfer-Encoding: chunked"], chunked), Then::Stay),
        (raw("200 OK", &[], b"all!"), Then::Close),
        (answer("200 OK", &[], b"all!"), Then::Break),
        ([raw("103 Early Hints", &["Link: </x>"], b""), answer("200 OK", &[], b"all!")].concat(), Then::Stay),
    ] {
        let told = String::from_utf8_lossy(&reply).into_owned();
        let (site, outbound) = site(Rules::default(), move |_| (reply.clone(), then)).await;
        assert_eq!(content(get(&outbound, &site.url("a.test")).await), b"all!", "{told}");
    }
}

#[tokio::test]
async fn a_body_that_is_cut_short_is_an_error() {
    let chunks = ["Transfer-Encoding: chunked"];
    for (reply, then) in [
        (raw("200 OK", &["Content-Length: 5"], b"all!"), Then::Close),
        (raw("200 OK", &["Content-Length: 5"], b"all!"), Then::Break),
        (raw("200 OK", &chunks, b"4\r\nall!\r\n"), Then::Close),
        (raw("200 OK", &chunks, b"9\r\nall!\r\n"), Then::Close),
        (raw("200 OK", &chunks, b"4\r\nall!\r\n0\r\n"), Then::Close),
        (raw("200 OK", &chunks, b"nonsense\r\n"), Then::Close),
        // Without a goodbye in TLS somebody may have cut it.
        (raw("200 OK", &[], b"all!"), Then::Break),
        (raw("200 OK", &["Content-Length: 4", "Content-Length: 5"], b"all!"), Then::Close),
        (b"HTTP/1.1 200 OK\r\nConte".to_vec(), Then::Close),
        (b"Welcome to example.org!\r\n\r\n".to_vec(), Then::Close),
        (Vec::new(), Then::Close),
    ] {
        let told = String::from_utf8_lossy(&reply).into_owned();
        let error = failed(reply, then).await;
        assert!(matches!(error, FetchError::Broken { .. }) && error.is_passing(), "{told}: {error}");
    }
}

#[tokio::test]
async fn what_is_packed_otherwise_than_it_says_is_an_error() {
    let all = packed(&b"all of it".repeat(1_000));
    let mut damaged = all.clone();
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    for (encoding, body) in [
        ("gzip", &all[..all.len() - 1]),
        ("gzip", &all[..all.len() / 2]),
        ("gzip", &all[..5]),
        ("gzip", &[all.as_slice(), &all[..20]].concat()),
        ("gzip", &[all.as_slice(), b"more"].concat()),
        ("gzip", &damaged),
        ("gzip", b"BEGIN:VCALENDAR"),
        ("gzip", b""),
        ("br", b"x"),
        ("gzip, gzip", &packed(&all)),
    ] {
        let error = failed(answer("200 OK", &[&format!("Content-Encoding: {encoding}")], body), Then::Stay).await;
        assert!(matches!(error, FetchError::Packed { .. }), "{encoding} {}: {error}", body.len());
    }
    let twice = answer("200 OK", &["Content-Encoding: gzip", "Content-Encoding: gzip"], &packed(&all));
    assert!(matches!(failed(twice, Then::Stay).await, FetchError::Packed { .. }));
}

#[tokio::test]
async fn a_body_has_so_many_bytes_at_most_packed_and_unpacked() {
    let most = 1 << 20;
    let gzip = ["Content-Encoding: gzip"];
    for fits in [answer("200 OK", &[], &vec![0; most]), answer("200 OK", &gzip, &packed(&vec![0; most]))] {
        let (site, outbound) = site(Rules::default(), move |_| (fits.clone(), Then::Stay)).await;
        assert_eq!(content(get(&outbound, &site.url("a.test")).await).len(), most);
    }
    let bomb = packed(&vec![0; 64 << 20]);
    assert!(bomb.len() < 100_000);
    // Members that unpack to nothing, one after the other.
    let hollow = packed(b"").repeat(most / 20 + 1);
    for large in [
        answer("200 OK", &[], &vec![0; most + 1]),
        raw("200 OK", &[], &vec![0; 2 * most]),
        answer("200 OK", &gzip, &packed(&vec![0; most + 1])),
        answer("200 OK", &gzip, &bomb),
        answer("200 OK", &gzip, &hollow),
        raw("200 OK", &["Transfer-Encoding: chunked"], format!("200000\r\n{}", "x".repeat(2 * most)).as_bytes()),
    ] {
        let error = failed(large, Then::Close).await;
        assert!(matches!(error, FetchError::Large { max, .. } if max == most) && !error.is_passing(), "{error}");
    }
}

#[tokio::test]
async fn headers_are_bounded() {
    let line = format!("X-Long: {}", "x".repeat(1_000));
    let many = (0..200).map(|number| format!("X-{number}: 1\r\n")).collect::<String>();
    for headers in [vec![line.as_str(); 90], vec![many.trim_end()]] {
        let error = failed(answer("200 OK", &headers, b"all!"), Then::Stay).await;
        assert!(matches!(error, FetchError::Headers { .. }), "{error}");
    }
    let endless = [b"HTTP/1.1 200 OK\r\nX-Endless: ".as_slice(), &b"x".repeat(2 << 20)].concat();
    assert!(matches!(failed(endless, Then::Stay).await, FetchError::Headers { .. }));
    let (site, outbound) = {
        let line = line.clone();
        site(Rules::default(), move |_| (answer("200 OK", &[line.as_str(); 40], b"all!"), Then::Stay)).await
    };
    assert_eq!(content(get(&outbound, &site.url("a.test")).await), b"all!");
}

#[tokio::test]
async fn a_host_that_takes_its_time_is_left() {
    let rules = Rules { whole: Duration::from_millis(300), ..Rules::default() };
    let chunk = raw("200 OK", &["Transfer-Encoding: chunked"], b"ffffff\r\n");
    for (reply, then) in [
        (raw("200 OK", &["Content-Length: 1000000"], b""), Then::Drip),
        (raw("200 OK", &[], b""), Then::Drip),
        (chunk, Then::Drip),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ".to_vec(), Then::Drip),
        (raw("200 OK", &["Content-Length: 5"], b"all!"), Then::Stay),
        (Vec::new(), Then::Stay),
    ] {
        let (site, outbound) = site(rules.clone(), move |_| (reply.clone(), then)).await;
        let error = failure(&outbound, &site.url("a.test")).await;
        assert!(matches!(error, FetchError::Slow { .. }) && error.is_passing(), "{error}");
    }
}

#[tokio::test]
async fn the_connection_ends_when_nobody_waits_for_the_fetch_any_more() {
    for reply in [Vec::new(), raw("200 OK", &["Content-Length: 5"], b"all!")] {
        let (site, outbound) = site(Rules::default(), move |_| (reply.clone(), Then::Stay)).await;
        let url = site.url("a.test");
        let fetch = tokio::spawn(async move { get(&outbound, &url).await });
        tokio::time::timeout(PATIENCE, site.came.acquire()).await.expect("a request").unwrap().forget();
        fetch.abort();
        tokio::time::timeout(PATIENCE, site.left.acquire()).await.expect("an end").unwrap().forget();
    }
}

#[tokio::test]
async fn a_host_that_does_not_shake_hands_is_left() {
    let authority = Authority::new("tests");
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rules = Rules { connect: Duration::from_millis(300), ..allowing("a.test") };
    let world = World::new(&[("a.test", &["127.0.0.1"])]);
    let outbound = world.outbound(rules, &authority);
    let url = format!("https://a.test:{}/", silent.local_addr().unwrap().port());
    let error = failure(&outbound, &url).await;
    assert!(matches!(error, FetchError::Unreachable { .. }) && error.to_string().contains("0.3 s"), "{error}");
    drop(silent);
    let error = failure(&world.outbound(allowing("a.test"), &authority), &url).await;
    assert!(error.to_string().contains("nothing listens"), "{error}");
}

#[tokio::test]
async fn a_status_says_what_can_be_done() {
    let status = |line: &'static str| failed(answer(line, &[], b"secret"), Then::Stay);
    for line in ["404 Not Found", "410 Gone"] {
        assert!(matches!(status(line).await, FetchError::Gone { .. }), "{line}");
    }
    for line in ["401 Unauthorized", "403 Forbidden"] {
        assert!(matches!(status(line).await, FetchError::Refused { .. }), "{line}");
    }
    for (line, passing) in [
        ("500 secret reason", true),
        ("408 Request Timeout", true),
        ("400 Bad Request", false),
        ("204 No Content", false),
        ("206 Partial Content", false),
        ("300 Multiple Choices", false),
        ("302 Found", false),
    ] {
        let error = status(line).await;
        assert!(matches!(error, FetchError::Status { .. }) && error.is_passing() == passing, "{line}: {error}");
        assert!(error.to_string().starts_with(&format!("a.test answered {}", &line[..3])), "{error}");
    }
}

#[tokio::test]
async fn a_host_says_for_how_long_to_leave_it() {
    for (header, wait) in [
        ("Retry-After: 120", Some(120)),
        ("Retry-After: Mon, 23 Nov 2026 08:05:00 GMT", Some(300)),
        ("Retry-After: Mon, 23 Nov 2026 07:05:00 GMT", Some(0)),
        ("Retry-After: later", None),
        ("X-None: 1", None),
    ] {
        for line in ["429 Too Many Requests", "503 Service Unavailable"] {
            let error = failed(answer(line, &[header], b""), Then::Stay).await;
            assert!(matches!(error, FetchError::Busy { .. }) && error.is_passing(), "{error}");
            assert_eq!(error.retry_after(), wait.map(Duration::from_secs), "{header}");
        }
    }
}
