//! Every method for every caller, over the network: who is let in, and who is not.

use std::fmt::Write as _;

use bytes::Bytes;
use onduty::proto::v1;
use onduty::proto::v1::token_service_client::TokenServiceClient;
use onduty::proto::{NEEDS, v1::Role};
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request};

use super::calls::{requests, roster};
use super::raw::Raw;
use crate::support::grpc::{Connection, apply, connect, connect_with};
use crate::support::http::ask;
use crate::support::local::LocalServer;
use crate::support::server::time;
use crate::support::tokens::{Bearer, admin_token};

const NOW: &str = "2026-11-23T13:05:00Z";

/// Callers, in the order of the table's columns.
async fn callers(url: &str) -> Vec<(&'static str, Bearer)> {
    let mut service = TokenServiceClient::new(connect(url).await);
    let mut create = async |team: &str, role: Role, resident: &str, expires: Option<&str>| {
        let token = v1::Token {
            display_name: "test".to_owned(),
            role: role.into(),
            team: if role == Role::Admin { String::new() } else { format!("teams/{team}") },
            resident: if resident.is_empty() { String::new() } else { format!("teams/{team}/residents/{resident}") },
            expire_time: expires.map(time),
            ..Default::default()
        };
        let asked = v1::CreateTokenRequest { token: Some(token), validate_only: false };
        let made = service.create_token(asked).await.unwrap().into_inner();
        (Bearer::of(&made.secret), made.token.unwrap().name)
    };
    let mut found = vec![("none", Bearer::none())];
    found.push(("viewer", create("core", Role::Viewer, "", None).await.0));
    found.push(("self", create("core", Role::Resident, "asa", None).await.0));
    found.push(("other", create("core", Role::Resident, "ben", None).await.0));
    found.push(("coord", create("core", Role::Coordinator, "", None).await.0));
    found.push(("foreign", create("away", Role::Coordinator, "", None).await.0));
    found.push(("expired", create("core", Role::Coordinator, "", Some("2026-11-23T13:06:00Z")).await.0));
    let (revoked, name) = create("core", Role::Coordinator, "", None).await;
    service.revoke_token(Request::new(v1::RevokeTokenRequest { name })).await.unwrap();
    found.push(("revoked", revoked));
    found.push(("admin", Bearer::of(&admin_token(url))));
    found
}

/// What becomes of a call: `-` where it was let in, whatever came of it then.
async fn outcome(connection: &Connection, path: &'static str, message: &[u8]) -> &'static str {
    let mut client = Grpc::new(connection.clone());
    client.ready().await.unwrap();
    let request = Request::new(Bytes::copy_from_slice(message));
    match client.unary(request, PathAndQuery::from_static(path), Raw).await {
        Ok::<tonic::Response<Bytes>, _>(_) => "ok",
        Err(status) => match status.code() {
            Code::Unauthenticated => "who?",
            Code::PermissionDenied => "no",
            Code::NotFound => "none",
            Code::FailedPrecondition => "ok",
            code => panic!("{path}: {code:?} {}", status.message()),
        },
    }
}

async fn table(url: &str, team: &str, server: &LocalServer) -> String {
    let callers = callers(url).await;
    // One of the tokens has expired by now.
    server.clock.advance(120);
    let requests = requests(team);
    let mut table = format!("{:<20}", "");
    callers.iter().for_each(|(name, _)| write!(table, " {name:>7}").unwrap());
    let mut connections = Vec::new();
    for (_, bearer) in &callers {
        connections.push(connect_with(url, bearer.clone()).await);
    }
    for (path, _) in NEEDS {
        let method = path.rsplit('/').next().unwrap();
        let message = requests.get(method).unwrap_or_else(|| panic!("there is no request for {method}"));
        write!(table, "\n{method:<20}").unwrap();
        for connection in &connections {
            write!(table, " {:>7}", outcome(connection, path, message).await).unwrap();
        }
    }
    table
}

#[test]
fn every_method_lets_in_whom_it_is_for_and_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    let url = server.url();
    let told = server.block_on(async {
        apply(&url, &roster("core", false)).await;
        apply(&url, &roster("away", true)).await;
        table(&url, "core", &server).await
    });
    insta::assert_snapshot!("private_team", told);
}

#[test]
fn of_a_public_team_strangers_read_who_is_on_duty() {
    let dir = tempfile::tempdir().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    let url = server.url();
    let told = server.block_on(async {
        apply(&url, &roster("core", true)).await;
        apply(&url, &roster("away", true)).await;
        table(&url, "core", &server).await
    });
    insta::assert_snapshot!("public_team", told);
}

#[test]
fn every_page_lets_in_whom_it_is_for_and_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    let (url, address) = (server.url(), server.address());
    server.block_on(async {
        apply(&url, &roster("core", false)).await;
        apply(&url, &roster("away", true)).await;
        let good = format!("Bearer {}", admin_token(&url));
        let status = async |path: &str, token: Option<&str>| {
            let headers: Vec<_> = token.map(|token| ("authorization", token)).into_iter().collect();
            ask(address, "GET", path, &headers).await.status
        };
        // Calendar programs send with each request what was once typed for a host: of calendars nothing is looked at.
        let (pages, calendars) =
            (["/healthz", "/readyz", "/metrics"], ["/feeds/away/on-duty.ics", "/feeds/away/duties/review.ics"]);
        for (path, told) in pages.map(|path| (path, 401)).into_iter().chain(calendars.map(|path| (path, 200))) {
            assert_eq!((status(path, None).await, status(path, Some(&good)).await), (200, 200), "{path}");
            for bad in ["Bearer onduty_x", "Basic eA==", ""] {
                assert_eq!(status(path, Some(bad)).await, told, "{path} {bad}");
            }
        }
        for path in ["/feeds/core/on-duty.ics", "/feeds/none/on-duty.ics", "/feeds/core/residents/asa.ics"] {
            for token in [None, Some(good.as_str()), Some("Basic eA==")] {
                assert_eq!(status(path, token).await, 404, "{path}");
            }
        }
    });
}
