//! Where a fetch goes: names, numbers, where answers lead, and who is believed.

use std::process::Command;
use std::sync::Arc;

use onduty::clock::SystemClock;
use onduty::outbound::{AddressError, FetchError, Got, Outbound, Rules};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::site::{SECRET, Site, Then, World, allowing, answer, content, failure, get, get_with, raw};
use crate::support::certificates::Authority;

/// Where the test of the system's authorities finds the host that it asks when it is run again by itself.
const AGAIN: &str = "ONDUTY_TEST_OUTBOUND_URL";

/// Answers all requests with something.
fn something(_: &str) -> (Vec<u8>, Then) {
    (answer("200 OK", &["ETag: \"b\""], b"all!"), Then::Stay)
}

fn leads_to(location: &str) -> (Vec<u8>, Then) {
    (answer("302 Found", &[&format!("Location: {location}")], b""), Then::Stay)
}

#[tokio::test]
async fn an_answer_leads_on_and_validators_stay_with_the_first_address() {
    let authority = Authority::new("tests");
    let cert = authority.sign_for(&["a.test", "b.test"]);
    let end = Site::new("127.0.0.1:0", Some(&cert), something).await;
    let to = end.url("b.test");
    for status in ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent"] {
        let to = to.clone();
        let lead = move |_: &str| (answer(status, &[&format!("Location: {to}#part")], b"x"), Then::Stay);
        let start = Site::new("127.0.0.1:0", Some(&cert), lead).await;
        let world = World::new(&[("a.test", &["127.0.0.1"]), ("b.test", &["127.0.0.1"])]);
        let outbound = world.outbound(allowing("127.0.0.1"), &authority);
        let got = get_with(&outbound, &start.url("a.test"), Some("\"a\""), Some("x")).await.unwrap();
        assert_eq!(got, Got::Fetched { bytes: b"all!".to_vec(), etag: None, last_modified: None });
        assert!(start.last().contains("if-none-match") && start.last().contains("if-modified-since"));
        assert!(!end.last().contains("if-") && !end.last().contains("referer") && end.last().contains("host: b.test"));
        assert_eq!(*world.looked_up.lock().unwrap(), ["a.test", "b.test"], "each name is looked up once");
    }
}

#[tokio::test]
async fn answers_lead_on_five_times_at_most() {
    let authority = Authority::new("tests");
    let cert = authority.sign_for(&["a.test"]);
    let outbound = World::new(&[("a.test", &["127.0.0.1"])]).outbound(allowing("a.test"), &authority);
    for location in ["", "/secret-path", "?secret"] {
        let site = Site::new("127.0.0.1:0", Some(&cert), move |_| leads_to(location)).await;
        let error = failure(&outbound, &site.url("a.test")).await;
        assert!(matches!(error, FetchError::Redirects { max: 5, .. }), "{error}");
        assert_eq!(site.count(), 6);
    }
    let counting = |head: &str| match head.matches('x').count() {
        left @ 1..=5 => leads_to(&format!("/{}", "x".repeat(left - 1))),
        _ => something(head),
    };
    // The secret has none of what is counted.
    let site = Site::new("127.0.0.1:0", Some(&cert), move |head: &str| counting(head.lines().next().unwrap())).await;
    let url = |left| format!("https://a.test:{}/{}", site.address.port(), "x".repeat(left));
    assert_eq!(content(get(&outbound, &url(5)).await), b"all!");
    assert_eq!(site.count(), 6);
}

#[tokio::test]
async fn an_answer_does_not_lead_inside() {
    let authority = Authority::new("tests");
    let cert = authority.sign_for(&["a.test", "inside.test", "127.0.0.1"]);
    let inside = Site::new("127.0.0.1:0", Some(&cert), something).await;
    let port = inside.address.port();
    let world = World::new(&[("a.test", &["127.0.0.1"]), ("inside.test", &["127.0.0.1", "::1", "10.0.0.1"])]);
    let outbound = world.outbound(allowing("a.test"), &authority);
    for host in [
        "127.0.0.1",
        "inside.test",
        "INSIDE.test.",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "[64:ff9b::7f00:1]",
        "0.0.0.0",
        "169.254.169.254",
        "10.0.0.1",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "100.64.0.1",
    ] {
        let to = format!("https://{host}:{port}{SECRET}");
        let start = Site::new("127.0.0.1:0", Some(&cert), move |_| leads_to(&to)).await;
        let error = failure(&outbound, &start.url("a.test")).await;
        assert!(matches!(error, FetchError::Inside { .. }) && !error.is_passing(), "{host}: {error}");
    }
    for (location, why) in [
        ("https://2130706433/secret", AddressError::HostNumber),
        ("https://0x7f.1/secret", AddressError::HostNumber),
        ("https://secret:secret@a.test/", AddressError::User),
        ("file:///secret", AddressError::Scheme),
        ("gopher://a.test/secret", AddressError::Scheme),
    ] {
        let start = Site::new("127.0.0.1:0", Some(&cert), move |_| leads_to(location)).await;
        let host = "a.test".to_owned();
        assert_eq!(failure(&outbound, &start.url("a.test")).await, FetchError::Redirect { host, why }, "{location}");
    }
    assert_eq!(inside.count(), 0);
}

#[tokio::test]
async fn nothing_is_connected_to_that_is_not_open_to_everybody_or_allowed() {
    let authority = Authority::new("tests");
    let cert = authority.sign_for(&["a.test", "127.0.0.1"]);
    let site = Site::new("127.0.0.1:0", Some(&cert), something).await;
    let world = World::new(&[("a.test", &["127.0.0.1", "::ffff:127.0.0.1", "10.0.0.1"]), ("none.test", &[])]);
    for (allowed, host, got) in [
        ("", "a.test", false),
        ("", "127.0.0.1", false),
        ("10.0.0.0/8", "127.0.0.1", false),
        ("127.0.0.2/31", "a.test", false),
        ("b.test", "a.test", false),
        ("127.0.0.0/8", "a.test", true),
        ("127.0.0.1", "127.0.0.1", true),
        ("a.test", "A.test.", true),
        ("a.test", "127.0.0.1", false),
    ] {
        let outbound = world.outbound(allowing(allowed), &authority);
        let before = site.count();
        if got {
            assert_eq!(content(get(&outbound, &site.url(host)).await), b"all!", "{allowed} {host}");
        } else {
            let error = failure(&outbound, &site.url(host)).await;
            assert!(matches!(error, FetchError::Inside { .. }), "{allowed} {host}: {error}");
        }
        assert_eq!(site.count() - before, usize::from(got), "{allowed} {host}");
    }
    let outbound = world.outbound(Rules::default(), &authority);
    for host in ["none.test", "unheard-of.test"] {
        let error = failure(&outbound, &site.url(host)).await;
        assert!(matches!(error, FetchError::Unknown { .. }) && error.is_passing(), "{error}");
    }
}

#[tokio::test]
async fn of_a_hosts_numbers_only_those_are_used_that_are_allowed() {
    let authority = Authority::new("tests");
    let cert = authority.sign_for(&["a.test"]);
    let (open, inside) = loop {
        let open = TcpListener::bind("127.0.0.2:0").await.unwrap();
        // Somebody else may have the same port there.
        if let Ok(inside) = TcpListener::bind(("127.0.0.1", open.local_addr().unwrap().port())).await {
            break (open, inside);
        }
    };
    let (open, inside) = (Site::on(open, Some(&cert), something), Site::on(inside, Some(&cert), something));
    let world = World::new(&[("a.test", &["127.0.0.1", "10.0.0.1", "127.0.0.3", "127.0.0.2"])]);
    // Nothing listens at 127.0.0.3, and the next one is tried.
    let outbound = world.outbound(allowing("127.0.0.2/31"), &authority);
    assert_eq!(content(get(&outbound, &open.url("a.test")).await), b"all!");
    assert_eq!((open.count(), inside.count()), (1, 0));
}

#[tokio::test]
async fn nothing_leads_out_of_tls() {
    let authority = Authority::new("tests");
    let plain = Site::new("127.0.0.1:0", None, something).await;
    let plain_url = plain.url("a.test").replace("https://", "http://");
    let to = plain_url.clone();
    let cert = authority.sign_for(&["a.test"]);
    let start = Site::new("127.0.0.1:0", Some(&cert), move |_| leads_to(&to)).await;
    let world = World::new(&[("a.test", &["127.0.0.1"])]);
    let strict = world.outbound(allowing("a.test"), &authority);
    let lax = world.outbound(Rules { plaintext: true, ..allowing("a.test") }, &authority);
    for outbound in [&strict, &lax] {
        let error = failure(outbound, &start.url("a.test")).await;
        assert!(matches!(error, FetchError::Downgrade { .. }), "{error}");
    }
    assert_eq!(strict.address(&plain_url), Err(AddressError::Plaintext));
    let refused = failure(&strict, &plain_url).await;
    assert!(matches!(refused, FetchError::Redirect { why: AddressError::Plaintext, .. }), "{refused}");
    assert_eq!(plain.count(), 0);
    assert_eq!(content(get(&lax, &plain_url).await), b"all!");
    let to = Site::new("127.0.0.1:0", Some(&cert), something).await.url("a.test");
    let up = Site::new("127.0.0.1:0", None, move |_| leads_to(&to)).await;
    assert_eq!(content(get(&lax, &up.url("a.test").replace("https://", "http://")).await), b"all!");
}

#[tokio::test]
async fn a_host_has_to_show_who_it_is() {
    let authority = Authority::new("tests");
    let world = World::new(&[("a.test", &["127.0.0.1"])]);
    let outbound = world.outbound(allowing("a.test"), &authority);
    for (cert, why) in [
        (Authority::new("others").sign_for(&["a.test"]), "nobody known to this server has signed"),
        (authority.sign_for(&["b.test", "127.0.0.1"]), "for another name"),
        (authority.sign_until(&["a.test"], 2_020), "expired"),
    ] {
        let site = Site::new("127.0.0.1:0", Some(&cert), something).await;
        let error = failure(&outbound, &site.url("a.test")).await;
        assert!(matches!(error, FetchError::Untrusted { .. }) && error.to_string().contains(why), "{error}");
        assert!(!error.is_passing() && site.count() == 0);
    }
    let plain = Site::new("127.0.0.1:0", None, |_| (raw("400 Bad Request", &[], b""), Then::Close)).await;
    // It waits for the end of a request where a handshake comes.
    let rules = Rules { connect: std::time::Duration::from_millis(300), ..allowing("a.test") };
    let error = failure(&world.outbound(rules, &authority), &plain.url("a.test")).await;
    assert!(matches!(error, FetchError::Unreachable { .. } | FetchError::Untrusted { .. }), "{error}");
}

#[test]
fn authorities_are_the_systems_or_those_of_a_file_that_is_named() {
    let name = "server::outbound::hosts::authorities_are_the_systems_or_those_of_a_file_that_is_named";
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    if let Ok(url) = std::env::var(AGAIN) {
        let outbound = Outbound::new(allowing("localhost, 127.0.0.0/8"), Arc::new(SystemClock)).unwrap();
        assert_eq!(content(runtime.block_on(get(&outbound, &url))), b"all!");
        return;
    }
    let dir = TempDir::new().unwrap();
    let authority = Authority::new("tests");
    let site = runtime.block_on(Site::new("127.0.0.1:0", Some(&authority.sign()), something));
    let run = |file| {
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", name]).env(AGAIN, site.url("localhost")).env("SSL_CERT_FILE", file);
        // A proxy of the environment would be asked, and there is none.
        let proxies = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"].map(|name| (name, "http://127.0.0.1:1"));
        let output = again.envs(proxies).env_remove("SSL_CERT_DIR").output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (got, told) = run(authority.write(dir.path(), "ours"));
    assert!(got && told.contains("1 passed"), "{told}");
    let (got, told) = run(Authority::new("others").write(dir.path(), "others"));
    assert!(!got && told.contains("Untrusted"), "{told}");
    let (got, told) = run(dir.path().join("missing.pem"));
    assert!(!got && told.contains("NoAuthorities"), "{told}");
}
