//! login, logout, whoami, token, invite: who calls, and who may.

use std::io::{BufRead as _, IsTerminal as _};

use onduty::proto::v1::{
    self, CreateTokenRequest, GetCallerRequest, ListTokensRequest, RedeemInvitationRequest, RevokeTokenRequest, Token,
};

use crate::args::{Globals, InviteArgs, LoginArgs, Role, TokenArgs, TokenCommand, TokenCreate, TokenList};
use crate::connect::{call, list};
use crate::failure::Failure;
use crate::names;
use crate::profile::{Account, Places, Profile};
use crate::session::Session;
use crate::show;

/// The way out where no token is given.
const TOKEN_HINT: &str = "ask a coordinator for one, or for an invitation: `onduty invite`, `onduty token create`";

/// `onduty login`: nothing is kept that the server does not know.
pub async fn login(globals: Globals, args: LoginArgs) -> Result<(), Failure> {
    let (places, profile) = (Places::of_environment(), globals.profile.clone());
    let stated = (profile.as_str(), globals.server.as_deref(), globals.team.as_deref());
    let account = Account::settle(&places, stated, None, true)?;
    let secret = match &args.invitation {
        Some(code) => {
            let name = args.name.unwrap_or_else(this_computer);
            let asked = RedeemInvitationRequest { invitation: code.trim().to_owned(), display_name: name };
            let session = Session::open_as(globals.clone(), Account { token: None, ..account.clone() }).await?;
            // Used once, it cannot be asked for again.
            let answer = session.connection.tokens().redeem_invitation(asked).await;
            answer.map_err(Failure::from)?.into_inner().secret
        }
        None => typed_token()?,
    };
    let session = Session::open_as(globals, Account { token: Some(secret.clone()), ..account.clone() }).await;
    let kept = Profile { server: Some(account.server), token: Some(secret), team: account.team };
    if args.invitation.is_some() {
        // Before anything else can go wrong: the invitation is gone.
        places.keep(&profile, kept.clone())?;
    }
    let session = session?;
    let caller = call!(session, tokens.get_caller, GetCallerRequest {})?;
    let path = places.keep(&profile, kept)?;
    if session.writes_json() {
        return session.json(&caller);
    }
    let told = show::caller(&caller, &session.server, &session.plain_view());
    session.print(&format!("{told}Kept in {}\n", path.display()))
}

/// Reads a token that is typed without being shown, or piped in.
fn typed_token() -> Result<String, Failure> {
    let failed = |error| Failure::io("the token", error, TOKEN_HINT);
    let text = if std::io::stdin().is_terminal() {
        rpassword::prompt_password("Token: ").map_err(failed)?
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(failed)?;
        line
    };
    match text.trim() {
        "" => Err(Failure::usage("no token is given", TOKEN_HINT)),
        text => Ok(text.to_owned()),
    }
}

fn this_computer() -> String {
    let name = std::fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "a computer".to_owned())
}

/// `onduty logout`
pub fn logout(globals: &Globals) -> Result<String, Failure> {
    let path = Places::of_environment().forget(&globals.profile)?;
    Ok(format!(
        "Forgotten in {}. The token still works elsewhere; revoke it with `onduty token revoke`.\n",
        path.display()
    ))
}

/// `onduty whoami`
pub async fn whoami(session: &Session) -> Result<(), Failure> {
    let caller = call!(session, tokens.get_caller, GetCallerRequest {})?;
    if session.writes_json() {
        return session.json(&caller);
    }
    session.print(&show::caller(&caller, &session.server, &session.plain_view()))
}

/// `onduty token`
pub async fn token(session: &Session, args: TokenArgs) -> Result<(), Failure> {
    match args.command {
        TokenCommand::Create(args) => create(session, args).await,
        TokenCommand::List(args) => tokens(session, &args).await,
        TokenCommand::Revoke(args) => {
            let id = args.id.strip_prefix("tokens/").unwrap_or(&args.id);
            let token = call!(session, tokens.revoke_token, RevokeTokenRequest { name: format!("tokens/{id}") })?;
            if session.writes_json() {
                return session.json(&token);
            }
            session.print(&show::revoked_token(&token))
        }
    }
}

async fn create(session: &Session, args: TokenCreate) -> Result<(), Failure> {
    let token = Token {
        display_name: args.name,
        expire_time: session.until("--expires", args.expires.as_deref())?,
        ..granted(session, args.role, args.resident.as_deref()).await?
    };
    let asked = CreateTokenRequest { token: Some(token), validate_only: false };
    // Not repeated: each call makes another one.
    let made = session.connection.tokens().create_token(asked).await.map_err(Failure::from)?.into_inner();
    if session.writes_json() {
        return session.json(&made);
    }
    crate::failure::note(&show::made_token(&made.token.unwrap_or_default(), &session.plain_view()));
    session.print(&format!("{}\n", made.secret))
}

async fn tokens(session: &Session, args: &TokenList) -> Result<(), Failure> {
    let asked = ListTokensRequest { parent: session.stated_team(), show_ended: args.all, ..Default::default() };
    let answer = list!(session, tokens.list_tokens, asked, tokens);
    if session.writes_json() {
        return session.json(&answer);
    }
    session.print(&show::tokens(&answer, &session.plain_view()))
}

/// `onduty invite`
pub async fn invite(session: &Session, args: InviteArgs) -> Result<(), Failure> {
    if args.role == Role::Resident && args.resident.is_none() {
        let hint = "name the resident, or say what else they are to be: --role viewer, coordinator or admin";
        return Err(Failure::usage("who is invited?", hint));
    }
    let named = args.resident.clone().unwrap_or_else(|| role_word(args.role).to_owned());
    let token = Token {
        display_name: args.name.unwrap_or(named),
        invitation: true,
        expire_time: session.until("--expires", args.expires.as_deref())?,
        ..granted(session, args.role, args.resident.as_deref()).await?
    };
    let asked = CreateTokenRequest { token: Some(token), validate_only: false };
    let made = session.connection.tokens().create_token(asked).await.map_err(Failure::from)?.into_inner();
    if session.writes_json() {
        return session.json(&made);
    }
    crate::failure::note(&show::made_invitation(&made.token.unwrap_or_default(), &session.plain_view()));
    session.print(&format!("onduty login --server {} --invitation {}\n", session.server, made.secret))
}

/// Returns a token for a role, with the team and the resident that it needs.
async fn granted(session: &Session, role: Role, resident: Option<&str>) -> Result<Token, Failure> {
    let team = match role {
        Role::Admin => String::new(),
        _ => session.team().await?.to_owned(),
    };
    let resident = match resident {
        Some(id) if role == Role::Resident => session.child("residents", id).await?,
        Some(id) => names::id(id).to_owned(),
        None => String::new(),
    };
    let role = match role {
        Role::Viewer => v1::Role::Viewer,
        Role::Resident => v1::Role::Resident,
        Role::Coordinator => v1::Role::Coordinator,
        Role::Admin => v1::Role::Admin,
    };
    Ok(Token { role: role.into(), team, resident, ..Token::default() })
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Resident => "resident",
        Role::Coordinator => "coordinator",
        Role::Admin => "admin",
    }
}
