//! Tokens and invitations: made, used, revoked, and never told.

use std::os::unix::fs::PermissionsExt as _;

use onduty::proto::v1;
use onduty::proto::v1::token_service_client::TokenServiceClient;
use tonic::{Code, Request, Status};

use crate::support::grpc::{Connection, apply, channel, connect, connect_with};
use crate::support::http::ask;
use crate::support::local::LocalServer;
use crate::support::process::Ondutyd;
use crate::support::tokens::{Bearer, admin_token};

const NOW: &str = "2026-11-23T13:05:00Z";
const ROSTER: &str =
    "team = \"core\"\ndisplay_name = \"Core\"\nzone = \"UTC\"\nsince = 2026-01-01\n\n[[resident]]\nid = \"asa\"\n";

fn token(role: v1::Role, resident: &str) -> v1::Token {
    v1::Token {
        display_name: "test".to_owned(),
        role: role.into(),
        team: if role == v1::Role::Admin { String::new() } else { "teams/core".to_owned() },
        resident: if resident.is_empty() { String::new() } else { format!("teams/core/residents/{resident}") },
        ..Default::default()
    }
}

async fn create(connection: &Connection, token: v1::Token) -> Result<v1::CreateTokenResponse, Status> {
    let asked = v1::CreateTokenRequest { token: Some(token), validate_only: false };
    TokenServiceClient::new(connection.clone()).create_token(asked).await.map(tonic::Response::into_inner)
}

async fn caller(url: &str, secret: &str) -> Result<v1::Caller, Status> {
    let connection = connect_with(url, Bearer::of(secret)).await;
    TokenServiceClient::new(connection).get_caller(v1::GetCallerRequest {}).await.map(tonic::Response::into_inner)
}

fn on<T>(test: impl AsyncFnOnce(String, &LocalServer) -> T) -> T {
    let dir = tempfile::tempdir().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    server.block_on(async {
        apply(&server.url(), ROSTER).await;
        test(server.url(), &server).await
    })
}

#[test]
fn the_first_token_is_the_administrators_and_lies_where_only_they_read_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let file = data.join("admin-token");
    let first = {
        let server = LocalServer::start(&data, NOW);
        let first = std::fs::read_to_string(&file).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        for dir in [data.clone(), data.join("sled")] {
            let mode = std::fs::metadata(&dir).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", dir.display());
        }
        assert_eq!(first.trim(), admin_token(&server.url()));
        let caller = server.block_on(caller(&server.url(), first.trim())).unwrap();
        assert_eq!((caller.role(), caller.display_name.as_str()), (v1::Role::Admin, "first (admin)"));
        first
    };
    // A restart makes no other, and finds the one that there is.
    let server = LocalServer::start(&data, NOW);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
    assert_eq!(first.trim(), admin_token(&server.url()));
}

#[test]
fn where_no_administrator_is_left_a_restart_makes_another_first_token() {
    let dir = tempfile::tempdir().unwrap();
    let first = {
        let server = LocalServer::start(dir.path(), NOW);
        let first = admin_token(&server.url());
        server.block_on(async {
            let name = caller(&server.url(), &first).await.unwrap().token;
            let mut service = TokenServiceClient::new(connect(&server.url()).await);
            service.revoke_token(v1::RevokeTokenRequest { name }).await.unwrap();
            assert_eq!(caller(&server.url(), &first).await.unwrap_err().code(), Code::Unauthenticated);
        });
        first
    };
    let server = LocalServer::start(dir.path(), NOW);
    assert_ne!(admin_token(&server.url()), first);
    assert!(server.block_on(caller(&server.url(), &admin_token(&server.url()))).is_ok());
}

#[test]
fn a_token_lets_in_as_what_it_was_made_for() {
    on(async |url, _| {
        let admin = connect(&url).await;
        let made = create(&admin, token(v1::Role::Resident, "asa")).await.unwrap();
        assert!(made.secret.starts_with("onduty_") && made.secret.len() == 46, "{}", made.secret.len());
        let asa = caller(&url, &made.secret).await.unwrap();
        assert_eq!(asa.role(), v1::Role::Resident);
        assert_eq!((asa.resident.as_str(), asa.display_name.as_str()), ("teams/core/residents/asa", "asa (test)"));
        assert_eq!(asa.token, made.token.unwrap().name);
        let nobody = connect_with(&url, Bearer::none()).await;
        let nobody = TokenServiceClient::new(nobody).get_caller(v1::GetCallerRequest {}).await.unwrap().into_inner();
        assert_eq!(nobody.role(), v1::Role::Unspecified);
    });
}

#[test]
fn coordinators_let_in_to_their_team_and_nobody_else_does() {
    on(async |url, _| {
        let admin = connect(&url).await;
        let as_role = async |role, resident: &str| {
            let secret = create(&admin, token(role, resident)).await.unwrap().secret;
            connect_with(&url, Bearer::of(&secret)).await
        };
        let coordinator = as_role(v1::Role::Coordinator, "").await;
        for (role, resident) in [(v1::Role::Viewer, ""), (v1::Role::Resident, "asa"), (v1::Role::Coordinator, "")] {
            assert!(create(&coordinator, token(role, resident)).await.is_ok(), "{role:?}");
        }
        let denied = [
            (&coordinator, token(v1::Role::Admin, "")),
            (&coordinator, v1::Token { team: "teams/other".to_owned(), ..token(v1::Role::Viewer, "") }),
            (&as_role(v1::Role::Viewer, "").await, token(v1::Role::Viewer, "")),
            (&as_role(v1::Role::Resident, "asa").await, token(v1::Role::Resident, "asa")),
        ];
        for (connection, asked) in denied {
            let refused = create(connection, asked.clone()).await.unwrap_err();
            assert_eq!(refused.code(), Code::PermissionDenied, "{asked:?}");
        }
    });
}

#[test]
fn one_sees_and_revokes_ones_own_tokens_and_those_one_could_make() {
    on(async |url, _| {
        let admin = connect(&url).await;
        let viewer = create(&admin, token(v1::Role::Viewer, "")).await.unwrap();
        let phone = create(&admin, token(v1::Role::Resident, "asa")).await.unwrap();
        let laptop = create(&admin, token(v1::Role::Resident, "asa")).await.unwrap();
        let names = async |secret: &str| {
            let connection = connect_with(&url, Bearer::of(secret)).await;
            let asked = v1::ListTokensRequest::default();
            let listed = TokenServiceClient::new(connection).list_tokens(asked).await.unwrap().into_inner().tokens;
            listed.into_iter().map(|token| token.name).collect::<std::collections::BTreeSet<_>>()
        };
        let name = |made: &v1::CreateTokenResponse| made.token.as_ref().unwrap().name.clone();
        assert_eq!(names(&viewer.secret).await, [name(&viewer)].into());
        assert_eq!(names(&phone.secret).await, [name(&phone), name(&laptop)].into());
        assert_eq!(names(&admin_token(&url)).await.len(), 4);
        let revoke = async |secret: &str, name: String| {
            let connection = connect_with(&url, Bearer::of(secret)).await;
            let revoked = TokenServiceClient::new(connection).revoke_token(v1::RevokeTokenRequest { name }).await;
            revoked.map_or_else(|status| status.code(), |_| Code::Ok)
        };
        assert_eq!(revoke(&viewer.secret, name(&phone)).await, Code::NotFound);
        assert_eq!(revoke(&phone.secret, name(&laptop)).await, Code::Ok);
        assert_eq!(caller(&url, &laptop.secret).await.unwrap_err().code(), Code::Unauthenticated);
        assert!(caller(&url, &phone.secret).await.is_ok());
    });
}

#[test]
fn an_invitation_is_exchanged_once_and_expires() {
    on(async |url, server| {
        let admin = connect(&url).await;
        let invitation = || v1::Token { invitation: true, ..token(v1::Role::Resident, "asa") };
        let made = create(&admin, invitation()).await.unwrap();
        assert!(made.secret.starts_with("onduty_invite_"));
        let stranger = connect_with(&url, Bearer::none()).await;
        let redeem = async |code: &str| {
            let asked = v1::RedeemInvitationRequest { invitation: code.to_owned(), display_name: "phone".to_owned() };
            TokenServiceClient::new(stranger.clone()).redeem_invitation(asked).await.map(tonic::Response::into_inner)
        };
        // It is no token itself.
        assert_eq!(caller(&url, &made.secret).await.unwrap_err().code(), Code::Unauthenticated);
        let got = redeem(&made.secret).await.unwrap();
        assert_eq!(caller(&url, &got.secret).await.unwrap().display_name, "asa (phone)");
        assert_eq!(redeem(&made.secret).await.unwrap_err().code(), Code::NotFound);
        let late = create(&admin, invitation()).await.unwrap();
        server.clock.advance(3 * 86_400);
        assert_eq!(redeem(&late.secret).await.unwrap_err().code(), Code::NotFound);
    });
}

#[test]
fn of_many_who_have_one_invitation_one_gets_in() {
    on(async |url, _| {
        let admin = connect(&url).await;
        let made = create(&admin, v1::Token { invitation: true, ..token(v1::Role::Viewer, "") }).await.unwrap();
        let callers = (0..16).map(|_| async {
            let asked =
                v1::RedeemInvitationRequest { invitation: made.secret.clone(), display_name: "phone".to_owned() };
            let connection = connect_with(&url, Bearer::none()).await;
            TokenServiceClient::new(connection).redeem_invitation(asked).await.is_ok()
        });
        let got = crate::support::grpc::together(callers).await;
        assert_eq!(got.into_iter().filter(|got| *got).count(), 1);
    });
}

#[test]
fn whoever_leaves_is_let_in_no_more() {
    on(async |url, server| {
        let admin = connect(&url).await;
        let made = create(&admin, token(v1::Role::Resident, "asa")).await.unwrap();
        assert!(caller(&url, &made.secret).await.is_ok());
        let asked = v1::DeleteResidentRequest { name: "teams/core/residents/asa".to_owned(), ..Default::default() };
        onduty::proto::v1::resident_service_client::ResidentServiceClient::new(admin)
            .delete_resident(asked)
            .await
            .unwrap();
        server.clock.advance(1);
        assert_eq!(caller(&url, &made.secret).await.unwrap_err().code(), Code::Unauthenticated);
    });
}

#[test]
fn a_token_is_for_the_one_it_was_made_for_and_can_be_revoked_after_they_left() {
    on(async |url, server| {
        let admin = connect(&url).await;
        let made = create(&admin, token(v1::Role::Resident, "asa")).await.unwrap();
        server.clock.advance(1);
        let mut residents = onduty::proto::v1::resident_service_client::ResidentServiceClient::new(admin.clone());
        let asked = v1::DeleteResidentRequest { name: "teams/core/residents/asa".to_owned(), ..Default::default() };
        residents.delete_resident(asked).await.unwrap();
        server.clock.advance(1);
        let resident =
            v1::Resident { display_name: "Another".to_owned(), home_zone: "UTC".to_owned(), ..Default::default() };
        let asked = v1::CreateResidentRequest {
            parent: "teams/core".to_owned(),
            resident_id: "asa".to_owned(),
            resident: Some(resident),
            ..Default::default()
        };
        residents.create_resident(asked).await.unwrap();
        assert_eq!(caller(&url, &made.secret).await.unwrap_err().code(), Code::Unauthenticated);
        let name = made.token.unwrap().name;
        let revoked = TokenServiceClient::new(admin).revoke_token(v1::RevokeTokenRequest { name }).await.unwrap();
        assert!(revoked.into_inner().revoke_time.is_some());
    });
}

#[test]
fn a_team_that_has_ended_is_not_brought_back_by_who_coordinated_it() {
    on(async |url, server| {
        let admin = connect(&url).await;
        let made = create(&admin, token(v1::Role::Coordinator, "")).await.unwrap();
        server.clock.advance(1);
        let asked = v1::DeleteTeamRequest { name: "teams/core".to_owned(), force: true, ..Default::default() };
        let mut teams = onduty::proto::v1::team_service_client::TeamServiceClient::new(admin);
        teams.delete_team(asked).await.unwrap();
        server.clock.advance(1);
        let coordinator = connect_with(&url, Bearer::of(&made.secret)).await;
        let mut files = onduty::proto::v1::roster_service_client::RosterServiceClient::new(coordinator);
        let asked = v1::ApplyRosterRequest { roster_toml: ROSTER.to_owned(), ..Default::default() };
        assert_eq!(files.apply_roster(asked).await.unwrap_err().code(), Code::Unauthenticated);
    });
}

#[test]
fn the_last_use_is_told_by_the_day() {
    on(async |url, server| {
        let admin = connect(&url).await;
        let made = create(&admin, token(v1::Role::Viewer, "")).await.unwrap();
        let name = made.token.unwrap().name;
        let last = async || {
            let listed = TokenServiceClient::new(admin.clone()).list_tokens(v1::ListTokensRequest::default()).await;
            let tokens = listed.unwrap().into_inner().tokens;
            tokens.into_iter().find(|token| token.name == name).unwrap().last_use_time
        };
        assert_eq!(last().await, None);
        caller(&url, &made.secret).await.unwrap();
        // It is written down beside the call.
        while last().await.is_none() {
            tokio::task::yield_now().await;
        }
        let first = last().await;
        server.clock.advance(3_600);
        caller(&url, &made.secret).await.unwrap();
        assert_eq!(last().await, first);
    });
}

#[test]
fn what_is_no_good_token_is_refused_even_where_none_is_needed() {
    on(async |url, server| {
        for header in ["Bearer onduty_x", "Bearer ", "Basic b25kdXR5", "onduty_x"] {
            let mut asked = Request::new(v1::GetCallerRequest {});
            asked.metadata_mut().insert("authorization", header.parse().unwrap());
            let refused = TokenServiceClient::new(channel(&url).await).get_caller(asked).await.unwrap_err();
            assert_eq!(refused.code(), Code::Unauthenticated, "{header}");
        }
        let metrics = ask(server.address(), "GET", "/metrics", &[]).await.body;
        assert!(metrics.contains("onduty_refused_total{reason=\"bad_token\"} 4"), "{metrics}");
    });
}

/// The secrets are nowhere but in the answers that give them: not in the data, not in a log at any level.
#[test]
fn secrets_are_kept_and_logged_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let mut server =
        Ondutyd::spawn(&["--data", dir.path().to_str().unwrap(), "--log", "trace", "--log-format", "json"]);
    let url = server.url();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let admin = admin_token(&url);
    let made = runtime.block_on(async {
        apply(&url, ROSTER).await;
        let made = create(&connect(&url).await, token(v1::Role::Viewer, "")).await.unwrap();
        caller(&url, &made.secret).await.unwrap();
        let wrong = format!("{}x", &made.secret[..45]);
        caller(&url, &wrong).await.unwrap_err();
        made
    });
    drop(runtime);
    server.terminate();
    let (_, logged) = server.end();
    let parts = [&admin[7..39], &made.secret[7..39]];
    assert!(logged.contains("bad_token") && !parts.iter().any(|part| logged.contains(part)));
    for file in walk(dir.path()) {
        let bytes = std::fs::read(&file).unwrap();
        let told = parts.iter().any(|part| bytes.windows(part.len()).any(|window| window == part.as_bytes()));
        assert_eq!(told, file.ends_with("admin-token"), "{}", file.display());
    }
}

fn walk(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
