//! The beginning and the end of a server, and what it answers to those who ask for nothing in particular.

use std::sync::mpsc::channel;

use onduty::proto::v1::{GetServerInfoRequest, ServerInfo};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tonic::Code;
use tonic::codegen::http::uri::PathAndQuery;

use super::writers::{Asked, inspect};
use crate::support::grpc::{PATIENCE, connect, together};
use crate::support::http;
use crate::support::local::LocalServer;
use crate::support::process::Ondutyd;

const NOW: &str = "2026-11-23T13:05:00Z";
const CALLERS: usize = 16;

#[test]
fn a_server_that_is_asked_to_stop_answers_what_it_has_accepted() {
    let runtime = Runtime::new().unwrap();
    for wanted in [1, 20, 50] {
        let dir = TempDir::new().unwrap();
        let mut server = Ondutyd::spawn_on(dir.path());
        let url = server.url();
        let (sender, answers) = channel();
        let callers: Vec<_> = (0..CALLERS)
            .map(|number| {
                let (url, sender) = (url.clone(), sender.clone());
                runtime.spawn(async move {
                    let channel = connect(&url).await;
                    let mut all = Vec::new();
                    for change in 0.. {
                        let mut asked = Asked::new(&format!("caller-{number}"), change, 20);
                        let answer = asked.send(&channel).await;
                        all.push(asked);
                        match answer {
                            Ok(_) => drop(sender.send(())),
                            Err(status) => {
                                // The server may say goodbye, or be gone, just when the call is on its way out: such
                                // a call was not accepted, which is looked at below.
                                let told = format!("{status:?}");
                                let ends = ["GoAway", "ConnectionReset", "BrokenPipe"];
                                let goodbye = ends.iter().any(|end| told.contains(end));
                                let gone = matches!(status.code(), Code::Unavailable | Code::Cancelled);
                                assert!(gone || goodbye, "{status}");
                                break;
                            }
                        }
                    }
                    all
                })
            })
            .collect();
        for _ in 0..wanted {
            answers.recv_timeout(PATIENCE).expect("no answer");
        }
        server.terminate();
        let (status, logged) = server.end();
        assert!(status.success() && logged.contains("stopped"), "{status}: {logged}");
        let all: Vec<Asked> = runtime.block_on(together(callers)).into_iter().flat_map(Result::unwrap).collect();
        let made = runtime.block_on(inspect(dir.path(), &all));
        for (asked, made) in all.iter().zip(made) {
            assert_eq!(made.is_some(), asked.answered.is_some(), "made without an answer: {asked:?}");
        }
    }
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().to_str().unwrap();
    let (first, _) = Ondutyd::start(&["--data", data]);
    let (status, logged) = Ondutyd::spawn(&["--data", data]).end();
    assert!(!status.success() && logged.contains(data), "{status}: {logged}");
    assert!(logged.contains("ondutyd: ") && !logged.contains("panicked"), "{logged}");
    first.terminate();
    assert!(first.end().0.success());
    let (again, _) = Ondutyd::start(&["--data", data]);
    again.terminate();
    assert!(again.end().0.success());
}

#[test]
fn an_address_that_others_can_reach_is_refused() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:7373"] {
        let (status, logged) = Ondutyd::spawn(&["--listen", address]).end();
        assert!(!status.success() && logged.contains("not a loopback address"), "{status}: {logged}");
    }
}

#[test]
fn a_server_that_cannot_start_says_why_on_one_line() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("ondutyd.toml");
    std::fs::write(&file, "log = \"info\"\nlisten = 7373\n").unwrap();
    let file = file.to_str().unwrap();
    for (arguments, code, words) in [
        (&["--config", file][..], 1, "line 2"),
        (&["--listen", "localhost:7440"], 2, "127.0.0.1:7440"),
        (&["--tzdb", ""], 2, "--tzdb"),
        (&["--log-format", "xml"], 2, "json"),
        (&["--lisen", "127.0.0.1:0"], 2, "--listen"),
        (&["--log", "=="], 1, "log filter"),
    ] {
        let (status, logged) = Ondutyd::spawn(arguments).end();
        assert_eq!((status.code(), logged.lines().count()), (Some(code), 1), "{arguments:?}: {logged}");
        assert!(logged.starts_with("ondutyd: ") && logged.contains(words), "{arguments:?}: {logged}");
    }
}

#[test]
fn the_demo_can_be_asked_for_in_the_environment() {
    for (value, starts) in [("yes", true), ("1", true), ("perhaps", false)] {
        let mut command = std::process::Command::new(crate::support::process::ondutyd());
        command.env_clear().env("ONDUTYD_DEMO", value).args(["--tzdb", "/nowhere"]);
        let output = command.output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(if starts { 1 } else { 2 }), "{value}: {errors}");
    }
    let help = std::process::Command::new(crate::support::process::ondutyd()).arg("--help").output().unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("ONDUTYD_DEMO"));
}

#[test]
fn a_deleted_demo_does_not_come_back() {
    use onduty::proto::v1::team_service_client::TeamServiceClient;
    use onduty::proto::v1::{DeleteTeamRequest, ListTeamsRequest};

    let dir = TempDir::new().unwrap();
    let server = LocalServer::demo(dir.path(), NOW);
    server.block_on(async {
        let mut client = TeamServiceClient::new(connect(&server.url()).await);
        let asked = DeleteTeamRequest { name: "teams/psf".to_owned(), force: true, ..DeleteTeamRequest::default() };
        client.delete_team(asked).await.unwrap();
    });
    drop(server);
    let server = LocalServer::demo(dir.path(), "2026-11-24T13:05:00Z");
    server.block_on(async {
        let mut client = TeamServiceClient::new(connect(&server.url()).await);
        assert_eq!(client.list_teams(ListTeamsRequest::default()).await.unwrap().into_inner().teams, []);
    });
    assert_eq!(server.summary, "");
}

#[test]
fn callers_who_do_not_hang_up_are_not_waited_for_where_nothing_is_in_progress() {
    use std::io::{Read as _, Write as _};

    let dir = TempDir::new().unwrap();
    let mut server = Ondutyd::spawn_on(dir.path());
    let url = server.url();
    let address = url.strip_prefix("http://").unwrap();
    // Neither of them ever answers: to a goodbye over HTTP/2 belongs a ping that the caller has to return.
    let mut second = std::net::TcpStream::connect(address).unwrap();
    second.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    assert!(second.read(&mut [0; 1]).unwrap() > 0);
    let mut half = std::net::TcpStream::connect(address).unwrap();
    half.write_all(b"GET /healthz HTTP/1.1\r\nHost: ").unwrap();
    server.terminate();
    let (status, logged) = server.end();
    assert!(status.success() && logged.contains("stopped"), "{status}: {logged}");
    assert!(!logged.contains("broken off"), "{logged}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (status, logged) = Ondutyd::spawn(&["--listen", &address]).end();
    assert!(!status.success() && logged.contains(&format!("cannot listen on {address}")), "{status}: {logged}");
}

#[test]
fn logs_without_a_terminal_have_no_colours() {
    let (server, _) = Ondutyd::start(&["--demo"]);
    server.terminate();
    let (_, logged) = server.end();
    assert!(logged.contains("INFO") && !logged.contains('\u{1b}'), "{logged:?}");
    let (server, _) = Ondutyd::start(&["--log-format", "json", "--log", "debug"]);
    server.terminate();
    let (_, logged) = server.end();
    let lines: Vec<serde_json::Value> = logged.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["fields"]["message"] == "listening"), "{logged}");
}

#[test]
fn unknown_methods_are_unimplemented() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    server.block_on(async {
        let channel = connect(&server.url()).await;
        for path in ["/onduty.v1.OnDutyService/Nothing", "/onduty.v1.Nothing/GetOnDuty", "/nothing"] {
            let mut client = tonic::client::Grpc::new(channel.clone());
            client.ready().await.unwrap();
            let codec = tonic_prost::ProstCodec::<GetServerInfoRequest, ServerInfo>::default();
            let asked = tonic::Request::new(GetServerInfoRequest::default());
            let status = client.unary(asked, PathAndQuery::from_static(path), codec).await.unwrap_err();
            assert_eq!(status.code(), Code::Unimplemented, "{path}: {status}");
        }
    });
}

#[test]
fn the_standard_health_service_answers() {
    use tonic_health::pb::HealthCheckRequest;
    use tonic_health::pb::health_check_response::ServingStatus;
    use tonic_health::pb::health_client::HealthClient;

    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    let protos = concat!(env!("CARGO_MANIFEST_DIR"), "/proto/onduty/v1");
    let texts = std::fs::read_dir(protos).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let texts: Vec<String> = texts.collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    let services = lines.filter_map(|line| line.strip_prefix("service ")?.strip_suffix(" {"));
    let services: Vec<String> = services.map(|name| format!("onduty.v1.{name}")).chain([String::new()]).collect();
    assert!(services.len() > 5, "{services:?}");
    server.block_on(async {
        let mut client = HealthClient::new(connect(&server.url()).await);
        for service in services {
            let answer = client.check(HealthCheckRequest { service: service.clone() }).await;
            let status = answer.map(|answer| answer.into_inner().status());
            assert_eq!(status.ok(), Some(ServingStatus::Serving), "{service}");
        }
        let unknown = client.check(HealthCheckRequest { service: "onduty.v1.Nothing".to_owned() }).await;
        assert_eq!(unknown.unwrap_err().code(), Code::NotFound);
    });
}

#[test]
fn health_and_metrics_are_plain_http() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::demo(dir.path(), NOW);
    let get = |path: &str| server.block_on(http::get(server.address(), path));
    assert_eq!((get("/healthz").status, get("/healthz").body.as_str()), (200, "ok\n"));
    assert_eq!((get("/readyz").status, get("/readyz").body.as_str()), (200, "ready\n"));
    for path in ["/", "/nothing", "/feeds", "/feeds/psf", "/healthz/", "/feeds/psf/on-duty.ics/"] {
        assert_eq!(get(path).status, 404, "{path}");
    }
    assert!(!get("/healthz").header("x-request-id").is_empty());
    get("/feeds/psf/on-duty.ics");
    let metrics = get("/metrics");
    assert!(metrics.header("content-type").starts_with("application/openmetrics-text"));
    let counted = |line: &str| assert!(metrics.body.contains(line), "{line} is not in:\n{}", metrics.body);
    counted("onduty_http_requests_total{route=\"/feeds/{team}/{file}\",status=\"200\"} 1");
    counted("onduty_http_requests_total{route=\"/healthz\",status=\"200\"} 3");
    assert!(metrics.body.ends_with("# EOF\n"));
}

#[test]
fn callers_at_the_same_time_all_get_the_same_calendar() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::demo(dir.path(), NOW);
    server.block_on(async {
        let address = server.address();
        let asked = (0..50).map(|_| http::get(address, "/feeds/psf/on-duty.ics"));
        let bodies: Vec<String> = together(asked).await.into_iter().map(|answer| answer.body).collect();
        assert!(bodies.iter().all(|body| *body == bodies[0] && body.starts_with("BEGIN:VCALENDAR")));
    });
}
