//! Who is let in: no page that a browser has open may write, or read by a name that leads here.

use ::http::{Request, Uri, Version};
use onduty::config::edge::Edge;
use onduty::proto::v1::team_service_client::TeamServiceClient;
use onduty::proto::v1::{CreateTeamRequest, ListTeamsRequest, Team};
use prost::Message as _;
use tempfile::TempDir;
use tonic::body::Body;
use tonic::transport::Endpoint;
use tower::{Service as _, ServiceExt as _};

use crate::support::grpc::connect;
use crate::support::http;
use crate::support::local::LocalServer;

const NOW: &str = "2026-11-23T13:05:00Z";
const CREATE: &str = "/onduty.v1.TeamService/CreateTeam";
const GRPC: (&str, &str) = ("content-type", "application/grpc");
const TEXT: (&str, &str) = ("content-type", "text/plain");
const ORIGIN: (&str, &str) = ("origin", "https://evil.example");

/// The bytes of a call that makes a team.
fn call() -> Vec<u8> {
    let team = Team { display_name: "Evil".to_owned(), zone: "UTC".to_owned(), ..Team::default() };
    let asked = CreateTeamRequest { team_id: "evil".to_owned(), team: Some(team), ..CreateTeamRequest::default() };
    let message = asked.encode_to_vec();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0], &length[..], &message].concat()
}

async fn teams(server: &LocalServer) -> usize {
    let mut client = TeamServiceClient::new(connect(&server.url()).await);
    client.list_teams(ListTeamsRequest::default()).await.unwrap().into_inner().teams.len()
}

#[test]
fn a_page_cannot_write_through_a_browser() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    server.block_on(async {
        for (headers, status) in [
            (&[TEXT, ORIGIN][..], 403),
            (&[GRPC, ORIGIN], 403),
            (&[TEXT], 505),
            (&[GRPC], 505),
            (&[("host", "evil.example:7373"), GRPC], 421),
        ] {
            let answer = http::send(server.address(), "POST", CREATE, headers, call()).await;
            assert_eq!(answer.status, status, "{headers:?}: {}", answer.body);
        }
        assert_eq!(teams(&server).await, 0);
    });
}

#[test]
fn only_grpc_over_http_2_is_a_call() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    server.block_on(async {
        let mut channel = connect(&server.url()).await;
        for (headers, status) in [
            (&[TEXT][..], 415),
            (&[], 415),
            (&[("content-type", "application/grpc-web+proto")], 415),
            (&[GRPC, ORIGIN], 403),
            (&[GRPC, ("te", "trailers")], 200),
        ] {
            let mut request = Request::builder().method("POST").uri(CREATE).version(Version::HTTP_2);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let body = Body::new(http_body_util::Full::new(bytes::Bytes::from(call())));
            let answer = channel.ready().await.unwrap().call(request.body(body).unwrap()).await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{headers:?}");
            assert_eq!(teams(&server).await, usize::from(status == 200), "{headers:?}");
        }
    });
}

#[test]
fn nothing_is_answered_to_a_name_of_another_machine() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::demo(dir.path(), NOW);
    let port = server.address().port();
    let status = |path: &str, host: &str| {
        let headers = [("host", host)];
        server.block_on(http::ask(server.address(), "GET", path, &headers)).status
    };
    for path in ["/healthz", "/metrics", "/feeds/psf/on-duty.ics"] {
        for host in ["evil.example".to_owned(), format!("evil.example:{port}"), "127.0.0.1.evil.example".to_owned()] {
            assert_eq!(status(path, &host), 421, "{path} {host}");
        }
        for host in ["localhost".to_owned(), format!("LOCALHOST:{port}"), "[::1]:1".to_owned(), "127.0.0.2".to_owned()]
        {
            assert_eq!(status(path, &host), 200, "{path} {host}");
        }
    }
    assert_eq!(status("/nothing", "evil.example"), 421);
    let listed = async |origin: String| {
        let origin: Uri = origin.parse().unwrap();
        let channel = Endpoint::from_shared(server.url()).unwrap().origin(origin).connect().await.unwrap();
        TeamServiceClient::new(channel).list_teams(ListTeamsRequest::default()).await
    };
    server.block_on(async {
        assert!(listed(format!("http://localhost:{port}")).await.is_ok());
        let refused = listed(format!("http://evil.example:{port}")).await.unwrap_err();
        assert!(refused.to_string().contains("421"), "{refused}");
    });
    let metrics = server.block_on(http::get(server.address(), "/metrics")).body;
    assert!(metrics.contains("onduty_http_requests_total{route=\"none\",status=\"421\"}"), "{metrics}");
    assert!(!metrics.contains("onduty_grpc_calls_total{method=\"onduty.v1.TeamService/ListTeams\",code=\"0\"} 2"));
}

#[test]
fn a_name_that_the_server_was_given_is_its_own() {
    let edge = Edge { hosts: vec!["duty.example.org".to_owned()], ..Edge::default() };
    let server = LocalServer::with_edge(edge, NOW);
    for (host, status) in [("duty.example.org", 200), ("duty.example.org:443", 200), ("evil.example", 421)] {
        let answer = server.block_on(http::ask(server.address(), "GET", "/healthz", &[("host", host)]));
        assert_eq!(answer.status, status, "{host}: {}", answer.body);
    }
}
