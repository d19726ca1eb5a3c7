//! Who calls, and the tokens that there are.

use onduty::proto::v1::{Caller, ListTokensResponse, Role, Token};

use super::table::{Cell, Table};
use super::{FAINT, View};
use crate::names;
use crate::spans;

fn role(role: i32) -> &'static str {
    match Role::try_from(role).unwrap_or_default() {
        Role::Unspecified => "nobody known",
        Role::Viewer => "viewer",
        Role::Resident => "resident",
        Role::Coordinator => "coordinator",
        Role::Admin => "admin",
    }
}

/// Says who calls.
pub fn caller(caller: &Caller, server: &str, view: &View) -> String {
    if caller.role() == Role::Unspecified {
        return format!("Nobody known to {server}: you see public teams.\n");
    }
    let team = match names::id(&caller.team) {
        "" => String::new(),
        team => format!(" of {team}"),
    };
    let who = match names::id(&caller.resident) {
        "" => String::new(),
        resident => format!(" {resident}"),
    };
    let until = caller.expire_time.as_ref().map(|at| format!(", until {}", view.time(spans::instant(at))));
    format!("{}{who}{team} at {server}, as {}{}\n", role(caller.role), caller.display_name, until.unwrap_or_default())
}

/// Returns tokens as a table.
pub fn tokens(answer: &ListTokensResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "NAME", "FOR", "USED", "ENDS"]);
    for token in &answer.tokens {
        let day = |at: &pbjson_types::Timestamp| view.time(spans::instant(at));
        let used = match (token.invitation, &token.last_use_time) {
            (true, _) => "invitation".to_owned(),
            (false, Some(at)) => format!("about {}", day(at)),
            (false, None) => "never".to_owned(),
        };
        let ends = match (&token.revoke_time, &token.expire_time) {
            (Some(at), _) => format!("revoked {}", day(at)),
            (None, Some(at)) => day(at),
            (None, None) => "never".to_owned(),
        };
        table.row([
            names::id(&token.name).into(),
            (&token.display_name).into(),
            granted(token).into(),
            Cell::styled(FAINT, used),
            ends.into(),
        ]);
    }
    if table.is_empty() {
        return "No token.\n".to_owned();
    }
    format!("{}\n\n{}", view.zone_now(), table.text(view.width))
}

/// Says what a token is for.
fn granted(token: &Token) -> String {
    match (names::id(&token.team), names::id(&token.resident)) {
        ("", _) => role(token.role).to_owned(),
        (team, "") => format!("{} of {team}", role(token.role)),
        (team, resident) => format!("{resident} of {team}"),
    }
}

/// Says that a token was made; its secret goes to standard output.
pub fn made_token(token: &Token, view: &View) -> String {
    let ends = token.expire_time.as_ref().map(|at| format!(", until {}", view.time(spans::instant(at))));
    let id = names::id(&token.name);
    format!("Token {id} '{}': {}{}. Shown this once:", token.display_name, granted(token), ends.unwrap_or_default())
}

/// Says that an invitation was made.
pub fn made_invitation(token: &Token, view: &View) -> String {
    let ends = token.expire_time.as_ref().map(|at| format!(" until {}", view.time(spans::instant(at))));
    format!("Invitation for {}; it works once{}. Send this:", granted(token), ends.unwrap_or_default())
}

/// Says that a token was revoked.
pub fn revoked_token(token: &Token) -> String {
    format!("Revoked: {} '{}', {}\n", names::id(&token.name), token.display_name, granted(token))
}
