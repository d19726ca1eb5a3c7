//! `TokenService`.

use onduty::proto::v1;
use pbjson_types::Timestamp;

use super::case::{Case, Cases, Edit};
use super::values::{long, resident};

pub fn cases() -> Vec<Case> {
    [create(), list(), revoke(), redeem()].into_iter().flatten().collect()
}

fn token() -> v1::Token {
    v1::Token {
        display_name: "phone".to_owned(),
        role: v1::Role::Resident.into(),
        team: "teams/psf".to_owned(),
        resident: resident("asa"),
        ..Default::default()
    }
}

const TOKEN: &[Edit<v1::Token>] = &[
    ("display_name", |t| t.display_name.clear()),
    ("display_name", |t| t.display_name = " ".to_owned()),
    ("display_name", |t| t.display_name = long(101)),
    ("display_name", |t| t.display_name = "a\u{202e}b".to_owned()),
    ("role", |t| (t.role, t.resident) = (0, String::new())),
    ("role", |t| (t.role, t.resident) = (99, String::new())),
    ("resident", |t| t.role = v1::Role::Viewer.into()),
    ("resident", |t| t.resident.clear()),
    ("resident", |t| t.resident = "asa".to_owned()),
    ("resident", |t| t.resident = "teams/other/residents/asa".to_owned()),
    ("team", |t| t.team = "psf".to_owned()),
    ("team", |t| (t.role, t.team, t.resident) = (v1::Role::Viewer.into(), String::new(), String::new())),
    ("team", |t| (t.role, t.resident) = (v1::Role::Admin.into(), String::new())),
    ("expire_time", |t| t.expire_time = Some(Timestamp { seconds: 1 << 40, nanos: 0 })),
    ("expire_time", |t| t.expire_time = Some(Timestamp { seconds: 0, nanos: 0 })),
    ("expire_time", |t| (t.invitation, t.expire_time) = (true, Some(Timestamp { seconds: 2_000_000_000, nanos: 0 }))),
    ("display_name, role, team", |t| {
        *t = v1::Token { display_name: String::new(), role: 0, team: "x".to_owned(), ..v1::Token::default() };
    }),
];

fn create() -> Vec<Case> {
    let good = v1::CreateTokenRequest { token: Some(token()), validate_only: false };
    Cases::of(good)
        .part("token.", |request| request.token.get_or_insert_default(), TOKEN)
        .when("token.display_name, token.role, token.team", |request| request.token = None)
        .when("NotFound RESOURCE_NOT_FOUND", |request| {
            request.token.get_or_insert_default().resident = resident("ada");
        })
        .when("NotFound RESOURCE_NOT_FOUND", |request| {
            let token = request.token.get_or_insert_default();
            (token.team, token.resident) = ("teams/psff".to_owned(), "teams/psff/residents/asa".to_owned());
        })
        .done()
}

fn list() -> Vec<Case> {
    Cases::of(v1::ListTokensRequest::default())
        .each("parent", |request| &mut request.parent, ["psf", "teams/", "teams/P"].map(str::to_owned))
        .page(|request| &mut request.page_size, |request| &mut request.page_token)
        .done()
}

fn revoke() -> Vec<Case> {
    let malformed = ["", "t-x", "tokens/", "tokens/A", &format!("tokens/{}", long(64))].map(str::to_owned);
    Cases::of(v1::RevokeTokenRequest::default())
        .each("name", |request| &mut request.name, malformed)
        .each("NotFound RESOURCE_NOT_FOUND", |request| &mut request.name, ["tokens/t-aaaaaaaaaaaa".to_owned()])
        .done()
}

fn redeem() -> Vec<Case> {
    let good =
        v1::RedeemInvitationRequest { invitation: "onduty_invite_x".to_owned(), display_name: "phone".to_owned() };
    Cases::of(good)
        .when("invitation", |request| request.invitation.clear())
        .each("display_name", |request| &mut request.display_name, [String::new(), long(101)])
        .each("NotFound RESOURCE_NOT_FOUND", |request| &mut request.invitation, ["x".to_owned(), long(10_000)])
        .done()
}
