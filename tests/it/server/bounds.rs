//! What one caller may ask: past a limit it is told so, and everybody else is served as before.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use onduty::config::edge::{Edge, Limits};
use onduty::proto::v1::roster_service_client::RosterServiceClient;
use onduty::proto::v1::team_service_client::TeamServiceClient;
use onduty::proto::v1::time_off_service_client::TimeOffServiceClient;
use onduty::proto::v1::{GetTeamRequest, ImportTimeOffRequest, ListTeamsRequest, ListTimeOffRequest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tonic::codec::CompressionEncoding;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use tower::{Service as _, ServiceExt as _};

use crate::support::frames::{CONTINUATION, END_HEADERS, END_STREAM, GOAWAY, HEADERS, Raw, SETTINGS, frame, headers};
use crate::support::grpc::{PATIENCE, apply_request, connect};
use crate::support::http;
use crate::support::local::LocalServer;

const NOW: &str = "2026-11-23T13:05:00Z";
const HOUR: Duration = Duration::from_secs(3_600);
const SHORT: Duration = Duration::from_secs(1);
const MESSAGE_MAX: usize = 4 << 20;

fn server(limits: Limits) -> LocalServer {
    LocalServer::with_edge(Edge { limits, ..Edge::default() }, NOW)
}

/// Sends a request from one of this machine's addresses, and returns its answer; empty where the server hangs up.
async fn ask_from(from: &str, server: SocketAddr, more: &str) -> String {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    let mut stream = socket.connect(server).await.unwrap();
    let request = format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n");
    let mut answer = String::new();
    let asked = async {
        stream.write_all(request.as_bytes()).await?;
        stream.read_to_string(&mut answer).await
    };
    let _ = tokio::time::timeout(PATIENCE, asked).await.expect("no answer");
    answer
}

async fn list(server: &LocalServer) -> Result<usize, Status> {
    let mut client = TeamServiceClient::new(connect(&server.url()).await);
    client.list_teams(ListTeamsRequest::default()).await.map(|answer| answer.into_inner().teams.len())
}

fn counted(server: &LocalServer, line: &str) {
    let metrics = server.block_on(ask_from("127.0.0.9", server.address(), "")).is_empty();
    assert!(!metrics, "nobody else is served");
    let metrics = server.block_on(http::get(server.address(), "/metrics")).body;
    assert!(metrics.contains(line), "{line} is not in:\n{metrics}");
}

fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

#[test]
fn who_asks_too_often_is_told_when_to_come_back() {
    let server = server(Limits { requests_per_second: 2, request_burst: 5, ..Limits::default() });
    let address = server.address();
    server.block_on(async {
        for _ in 0..5 {
            assert!(ask_from("127.0.0.2", address, "").await.starts_with("HTTP/1.1 200"));
        }
        // Without a trusted proxy everybody could say that they are somebody else.
        for more in ["", "X-Forwarded-For: 192.0.2.1\r\n", "Forwarded: for=192.0.2.1\r\n"] {
            let refused = ask_from("127.0.0.2", address, more).await;
            assert!(refused.starts_with("HTTP/1.1 429") && refused.contains("retry-after: 1\r\n"), "{refused}");
        }
        assert!(ask_from("127.0.0.3", address, "").await.starts_with("HTTP/1.1 200"));
        for _ in 0..5 {
            assert_eq!(list(&server).await.unwrap(), 1);
        }
        let status = list(&server).await.unwrap_err();
        let retry = status.get_error_details().retry_info().and_then(|info| info.retry_delay);
        assert_eq!((status.code(), retry), (Code::ResourceExhausted, Some(Duration::from_secs(1))), "{status}");
        assert_eq!(reason(&status), "REQUEST_RATE");
        server.clock.advance(1);
        assert_eq!(list(&server).await.unwrap(), 1);
        assert!(ask_from("127.0.0.2", address, "").await.starts_with("HTTP/1.1 200"));
    });
    counted(&server, "onduty_refused_total{reason=\"request_rate\"} 4");
    server.clock.advance(1);
    counted(&server, "onduty_grpc_calls_total{method=\"none\",code=\"8\"} 1");
}

#[test]
fn behind_a_trusted_proxy_each_caller_has_a_rate_of_its_own() {
    let limits = Limits { requests_per_second: 1, request_burst: 2, connections_per_address: 1, ..Limits::default() };
    let trusted_proxies = vec!["127.0.0.2".parse().unwrap()];
    let server = LocalServer::with_edge(Edge { limits, trusted_proxies, ..Edge::default() }, NOW);
    let address = server.address();
    server.block_on(async {
        let _proxy_has_one_already = http_1("127.0.0.2", address).await;
        for (caller, admitted) in [("192.0.2.1", 2), ("192.0.2.2", 2), ("192.0.2.1", 0)] {
            let more = format!("X-Forwarded-For: 203.0.113.9, {caller}\r\n");
            for time in 0..3 {
                let answer = ask_from("127.0.0.2", address, &more).await;
                let expected = if time < admitted { "HTTP/1.1 200" } else { "HTTP/1.1 429" };
                assert!(answer.starts_with(expected), "{caller} {time}: {answer}");
            }
        }
    });
}

/// A connection that has had an answer, and is kept.
async fn http_1(from: &str, server: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    let mut stream = socket.connect(server).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = [0; 4];
    tokio::time::timeout(PATIENCE, stream.read_exact(&mut answer)).await.expect("no answer").unwrap();
    assert_eq!(&answer, b"HTTP");
    stream
}

#[test]
fn connections_past_the_limit_are_closed_and_their_places_come_back() {
    for (limits, other, label) in [
        (Limits { connections_per_address: 3, ..Limits::default() }, true, "connections_of_address"),
        (Limits { connections: 3, ..Limits::default() }, false, "connections"),
    ] {
        let server = server(limits);
        let address = server.address();
        server.block_on(async {
            let mut kept = Vec::new();
            for _ in 0..3 {
                kept.push(http_1("127.0.0.2", address).await);
            }
            assert_eq!(ask_from("127.0.0.2", address, "").await, "");
            assert_eq!(ask_from("127.0.0.3", address, "").await.starts_with("HTTP/1.1 200"), other);
            drop(kept.pop());
            // The server hears of the hang-up when it hears of it.
            let again = async { while ask_from("127.0.0.2", address, "").await.is_empty() {} };
            tokio::time::timeout(PATIENCE, again).await.expect("the place does not come back");
        });
        server.block_on(async {
            let gone = async { while ask_from("127.0.0.9", address, "").await.is_empty() {} };
            tokio::time::timeout(PATIENCE, gone).await.expect("the places do not come back");
        });
        counted(&server, &format!("onduty_refused_total{{reason=\"{label}\"}}"));
    }
}

#[test]
fn a_message_that_is_too_large_is_told_so_in_an_answer() {
    let server = server(Limits::default());
    server.block_on(async {
        let mut client = RosterServiceClient::new(connect(&server.url()).await);
        let status = client.apply_roster(apply_request(&"#".repeat(MESSAGE_MAX + 1))).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::ResourceExhausted, "REQUEST_BYTES"), "{status}");
        assert!(status.message().contains(&MESSAGE_MAX.to_string()), "{status}");
        let status = client.apply_roster(apply_request(&"#".repeat(MESSAGE_MAX - 100))).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{status}");
        let more = format!("Content-Length: {}\r\n", MESSAGE_MAX + 1);
        let answer = ask_from("127.0.0.2", server.address(), &more).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    });
    counted(&server, "onduty_refused_total{reason=\"request_bytes\"} 2");
}

#[test]
fn headers_that_are_too_large_are_refused() {
    let server = server(Limits::default());
    let long = "x".repeat(70_000);
    let answer = server.block_on(http::ask(server.address(), "GET", "/healthz", &[("x-long", &long)]));
    assert_eq!(answer.status, 431);
    server.block_on(async {
        let mut client = TeamServiceClient::new(connect(&server.url()).await);
        let mut asked = tonic::Request::new(ListTeamsRequest::default());
        asked.metadata_mut().insert("x-long", "x".repeat(20_000).parse().unwrap());
        assert!(client.list_teams(asked).await.is_err());
        assert_eq!(list(&server).await.unwrap(), 1);
    });
}

#[test]
fn a_request_that_unfolds_beyond_the_limit_is_refused() {
    let server = server(Limits::default());
    server.block_on(async {
        let client = RosterServiceClient::new(connect(&server.url()).await);
        let mut client = client.send_compressed(CompressionEncoding::Gzip);
        let status = client.apply_roster(apply_request(&"#".repeat(64 << 20))).await.unwrap_err();
        assert!(matches!(status.code(), Code::Unimplemented | Code::ResourceExhausted), "{status}");
        assert_eq!(list(&server).await.unwrap(), 1);
    });
}

#[test]
fn a_message_of_any_depth_is_answered() {
    let server = server(Limits::default());
    // Groups of a field that nothing knows: start after start, for a million levels.
    let nested = [0x9B_u8, 0x06].repeat(1 << 20);
    let length = u32::try_from(nested.len()).unwrap().to_be_bytes();
    let call = bytes::Bytes::from([&[0], &length[..], &nested].concat());
    server.block_on(async {
        let mut channel = connect(&server.url()).await;
        let request = ::http::Request::post("/onduty.v1.TeamService/GetTeam")
            .version(::http::Version::HTTP_2)
            .header("content-type", "application/grpc")
            .body(tonic::body::Body::new(http_body_util::Full::new(call)));
        let answer = channel.ready().await.unwrap().call(request.unwrap()).await.unwrap();
        let code = answer.headers().get("grpc-status").and_then(|code| code.to_str().ok().map(str::to_owned));
        assert!(code.as_deref().is_some_and(|code| code != "0"), "{answer:?}");
        assert_eq!(list(&server).await.unwrap(), 1);
    });
}

#[test]
fn a_call_that_does_not_come_to_its_end_is_ended() {
    let server = server(Limits { call: SHORT, ..Limits::default() });
    server.block_on(async {
        let mut channel = connect(&server.url()).await;
        let never = futures_util::stream::pending::<Result<hyper::body::Frame<bytes::Bytes>, Status>>();
        let request = ::http::Request::post("/onduty.v1.TeamService/GetTeam")
            .version(::http::Version::HTTP_2)
            .header("content-type", "application/grpc")
            .body(tonic::body::Body::new(http_body_util::StreamBody::new(never)));
        let answer = channel.ready().await.unwrap().call(request.unwrap());
        let answer = tokio::time::timeout(PATIENCE, answer).await.expect("no answer").unwrap();
        assert_eq!(answer.headers()["grpc-status"], "4");
        let mut client = TeamServiceClient::new(channel);
        let asked = GetTeamRequest { name: "teams/psf".to_owned(), ..GetTeamRequest::default() };
        assert!(client.get_team(asked).await.is_ok(), "the connection goes on");
    });
    counted(&server, "onduty_refused_total{reason=\"call_time\"} 1");
}

#[test]
fn an_answer_that_nobody_reads_is_given_up() {
    let server = server(Limits { answer: SHORT, headers: HOUR, idle: HOUR, ..Limits::default() });
    // The caller has room for no byte of an answer.
    let mut raw = Raw::open(server.address(), &[(4, 0)]);
    raw.write(&frame(HEADERS, END_HEADERS | END_STREAM, 1, &headers("GET", "/feeds/psf/on-duty.ics", &[])));
    assert!(raw.rest().iter().any(|frame| frame.kind == HEADERS));
    counted(&server, "onduty_refused_total{reason=\"answer_time\"} 1");
}

#[test]
fn an_answer_that_goes_on_is_not_given_up() {
    use tonic_health::pb::HealthCheckRequest;
    use tonic_health::pb::health_client::HealthClient;

    let server = server(Limits { answer: SHORT, call: SHORT, headers: SHORT, idle: SHORT, ..Limits::default() });
    server.block_on(async {
        let mut client = HealthClient::new(connect(&server.url()).await);
        let mut watched = client.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
        assert!(watched.message().await.unwrap().is_some());
        let more = tokio::time::timeout(3 * SHORT, watched.message()).await;
        assert!(more.is_err(), "{more:?}");
    });
}

#[test]
fn a_caller_that_is_no_longer_there_is_found_out() {
    let server =
        server(Limits { ping_after: SHORT, ping_answer: SHORT, headers: HOUR, idle: HOUR, ..Limits::default() });
    let mut raw = Raw::open(server.address(), &[]);
    // What it is asked it does not answer.
    let frames = raw.rest();
    assert!(frames.iter().any(|frame| frame.kind == crate::support::frames::PING), "{frames:?}");
    counted(&server, "onduty_http_requests_total");
}

#[test]
fn a_connection_that_is_not_used_is_closed() {
    let server = server(Limits { headers: SHORT, idle: SHORT, ..Limits::default() });
    let mut raw = Raw::open(server.address(), &[]);
    let frames = raw.rest();
    assert!(frames.iter().any(|frame| frame.kind == GOAWAY && frame.code() == 0), "{frames:?}");
    counted(&server, "onduty_refused_total{reason=\"idle\"}");
}

/// Writes bytes one after the other, as slowly as the server bears it, and tells how many it took.
fn dribble(server: &LocalServer, first: &[u8], slowly: &[u8]) -> usize {
    let mut stream = std::net::TcpStream::connect(server.address()).unwrap();
    stream.write_all(first).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    for (count, byte) in slowly.iter().enumerate() {
        loop {
            match stream.read(&mut [0; 1024]) {
                Ok(0) => return count,
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
                Err(_) => return count,
            }
        }
        if stream.write_all(&[*byte]).is_err() {
            return count;
        }
        let others = server.block_on(ask_from("127.0.0.3", server.address(), ""));
        assert!(others.starts_with("HTTP/1.1 200"), "others are not served");
    }
    panic!("the server took all {} bytes", slowly.len());
}

#[test]
fn a_caller_that_sends_a_byte_at_a_time_is_let_go() {
    let server = server(Limits { headers: SHORT, ..Limits::default() });
    let long = "x".repeat(3_000);
    let preface = [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &frame(SETTINGS, 0, 0, &[])].concat();
    let fields = headers("GET", "/healthz", &[]);
    let begun = [&preface[..], &frame(HEADERS, END_STREAM, 1, &fields)].concat();
    for (first, slowly) in [
        (&b""[..], format!("GET /healthz HTTP/1.1\r\nX: {long}").into_bytes()),
        (b"PRI * HTTP/2.0\r", vec![b'x'; 3_000]),
        (&preface, frame(HEADERS, END_STREAM, 1, &vec![0; 3_000])),
        (&begun, frame(CONTINUATION, 0, 1, &vec![0; 3_000])),
    ] {
        let count = dribble(&server, first, &slowly);
        assert!(count < 1_000, "{count}");
    }
}

#[test]
fn a_calendar_of_9_mib_is_read_and_anything_else_of_that_size_is_refused() {
    let server = server(Limits::default());
    let event = "BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20200101\nEND:VEVENT\n";
    let calendar = format!("BEGIN:VCALENDAR\n{event}X-WR-CALDESC:{}\nEND:VCALENDAR\n", "x".repeat(9 << 20));
    server.block_on(async {
        let mut client = TimeOffServiceClient::new(connect(&server.url()).await);
        let asked = ImportTimeOffRequest {
            resident: "teams/psf/residents/lukasz".to_owned(),
            calendar: calendar.into(),
            ..Default::default()
        };
        let answer = client.import_time_off(asked).await.unwrap().into_inner();
        assert_eq!(answer.report.unwrap().event_count, 1);
        let long = ListTimeOffRequest { parent: "x".repeat(9 << 20), ..Default::default() };
        assert_eq!(client.list_time_off(long).await.unwrap_err().code(), Code::ResourceExhausted);
    });
}
