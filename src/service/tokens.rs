//! `TokenService`: what callers show to be let in.

use super::attend::attend;
use super::convert::time::{instant, timestamp};
use super::entry::serve;
use super::names::{Name, collection_name, team_name};
use super::paging::Paging;
use super::request::Fields;
use crate::access::{Authority, Identity};
use crate::model::validate::hidden_character;
use crate::model::{Entered, Grant, ResidentId, Role, TeamId, Token, TokenId, TokenUse};
use crate::proto::v1;
use crate::proto::v1::token_service_server::TokenService;
use crate::roster::{Desk, Issue, Refusal, Tokens as Kept};

/// The longest name of a token, in characters.
const NAME_MAX: usize = 100;

/// Makes, lists and revokes tokens.
#[derive(Clone)]
pub struct Tokens {
    desk: Desk,
    kept: Kept,
}

impl Tokens {
    /// Returns the service over the tokens that are kept.
    #[must_use]
    pub fn new(desk: Desk, kept: Kept) -> Self {
        Self { desk, kept }
    }

    async fn create(&self, asked: v1::CreateTokenRequest) -> Result<v1::CreateTokenResponse, Refusal> {
        let message = asked.token.unwrap_or_default();
        let mut fields = Fields::default();
        let name = read_name("token.display_name", &message.display_name, &mut fields);
        let expires = message.expire_time.as_ref().and_then(|at| fields.take(instant("token.expire_time", at)));
        let grant = read_grant(&message, &mut fields);
        let grant = fields.finish("token.role", grant)?;
        self.desk.may_grant(&grant)?;
        let used_for = if message.invitation { TokenUse::Invitation } else { TokenUse::Call };
        let issue = Issue { name, grant, used_for, expires };
        let made = self.kept.issue(&self.desk.caller(), issue, asked.validate_only).await?;
        let secret = if asked.validate_only { String::new() } else { made.secret.text().to_owned() };
        Ok(v1::CreateTokenResponse { token: Some(token(&made.id, &made.token)), secret })
    }

    fn list(&self, asked: v1::ListTokensRequest) -> Result<v1::ListTokensResponse, Refusal> {
        let mut fields = Fields::default();
        let team = match asked.parent.as_str() {
            "" => None,
            parent => fields.take(team_name("parent", parent)),
        };
        let bare = v1::ListTokensRequest { page_size: 0, page_token: String::new(), ..asked.clone() };
        let paging = Paging::read((asked.page_size, &asked.page_token), &bare, &mut fields);
        fields.check()?;
        let now = self.desk.now();
        let of_team = |grant: &Grant| match (&team, grant) {
            (Some(team), Grant::Team(other, _)) => team == other,
            (Some(_), Grant::Admin) => false,
            (None, _) => true,
        };
        let seen = self.kept.all().into_iter().filter(|(id, entry)| {
            let token = &entry.value;
            of_team(&token.grant) && (asked.show_ended || token.is_good(now)) && self.is_seen(id, &token.grant)
        });
        let page = paging.page(seen, |(id, entry)| format!("{:020} {id}", entry.meta.created.revision));
        let tokens = page.items.iter().map(|(id, entry)| token(id, entry)).collect();
        Ok(v1::ListTokensResponse { tokens, next_page_token: page.next_page_token })
    }

    async fn revoke(&self, asked: v1::RevokeTokenRequest) -> Result<v1::Token, Refusal> {
        let id = read_token("name", &asked.name)?;
        if !self.kept.get(&id).is_some_and(|entry| self.is_seen(&id, &entry.value.grant)) {
            return Err(Refusal::not_found(asked.name));
        }
        let entry = self.kept.revoke(&self.desk.caller(), id.clone()).await?;
        Ok(token(&id, &entry))
    }

    /// Tells whether the caller may know of a token and end it: their own, and what they could make.
    fn is_seen(&self, id: &TokenId, grant: &Grant) -> bool {
        let caller = self.desk.caller();
        let same_resident = match (&caller.authority, grant) {
            (Authority::Team(team, Role::Resident(own)), Grant::Team(other, Role::Resident(resident))) => {
                team == other && own == resident
            }
            _ => false,
        };
        caller.token.as_ref() == Some(id) || same_resident || self.desk.administers(grant)
    }

    async fn redeem(&self, asked: v1::RedeemInvitationRequest) -> Result<v1::RedeemInvitationResponse, Refusal> {
        let mut fields = Fields::default();
        let name = read_name("display_name", &asked.display_name, &mut fields);
        if asked.invitation.is_empty() {
            fields.add("invitation", "is missing; give the code that you were sent");
        }
        fields.check()?;
        let made = self.kept.redeem(&asked.invitation, name).await?;
        let secret = made.secret.text().to_owned();
        Ok(v1::RedeemInvitationResponse { token: Some(token(&made.id, &made.token)), secret })
    }

    fn caller(&self, _: v1::GetCallerRequest) -> Result<v1::Caller, Refusal> {
        let caller = self.desk.caller();
        let Identity { name, authority, token } = &*caller;
        let (role, team, resident) = match authority {
            Authority::Nobody => (v1::Role::Unspecified, None, None),
            Authority::Admin => (v1::Role::Admin, None, None),
            Authority::Team(team, role) => (role_of(role), Some(team), caller.resident()),
        };
        let kept = token.as_ref().and_then(|id| self.kept.get(id));
        Ok(v1::Caller {
            display_name: name.clone(),
            role: role as i32,
            team: team.map(collection_name).unwrap_or_default(),
            resident: team.zip(resident).map(|(team, id)| id.full(team)).unwrap_or_default(),
            token: token.as_ref().map(|id| format!("tokens/{id}")).unwrap_or_default(),
            expire_time: kept.and_then(|entry| entry.value.expires).map(timestamp),
        })
    }
}

/// Reads what people call a token or a feed: who or what has it.
pub(super) fn read_name(field: &str, name: &str, fields: &mut Fields) -> String {
    let name = name.trim();
    let length = name.chars().count();
    if !(1..=NAME_MAX).contains(&length) {
        let way_out = "say what has it, such as 'laptop', in 1 to 100";
        fields.add(field, format!("has {length} characters; {way_out}"));
    }
    if let Some(hidden) = hidden_character(name) {
        let code = u32::from(hidden);
        fields.add(field, format!("holds U+{code:04X}, which cannot be seen or turns the text around; leave it out"));
    }
    name.to_owned()
}

fn read_grant(message: &v1::Token, fields: &mut Fields) -> Option<Grant> {
    let role = v1::Role::try_from(message.role).unwrap_or_default();
    if role == v1::Role::Unspecified {
        fields.add("token.role", "is missing; give viewer, resident, coordinator or admin");
    }
    if role != v1::Role::Resident && !message.resident.is_empty() {
        fields.add("token.resident", "is for the role of a resident only; leave it out");
    }
    if role == v1::Role::Admin {
        if !message.team.is_empty() {
            fields.add("token.team", "is not for an administrator, who has no team; leave it out");
        }
        return Some(Grant::Admin);
    }
    let team = fields.take(team_name("token.team", &message.team));
    let resident = match role {
        v1::Role::Resident => fields.take(read_resident(&message.resident, team.as_ref())),
        _ => None,
    };
    let role = match role {
        v1::Role::Viewer => Role::Viewer,
        v1::Role::Resident => Role::Resident(resident?),
        v1::Role::Coordinator => Role::Coordinator,
        v1::Role::Admin | v1::Role::Unspecified => return None,
    };
    Some(Grant::Team(team?, role))
}

fn read_resident(name: &str, team: Option<&TeamId>) -> Result<ResidentId, Refusal> {
    match team {
        Some(team) => {
            ResidentId::reference("token.resident", name, team).map_err(|violation| Refusal::Invalid(vec![violation]))
        }
        None => ResidentId::read("token.resident", name).map(|(_, id)| id),
    }
}

fn read_token(field: &str, name: &str) -> Result<TokenId, Refusal> {
    let refuse = || Refusal::field(field, format!("'{name}' is not of the form tokens/TOKEN"));
    let id = name.strip_prefix("tokens/").ok_or_else(refuse)?;
    TokenId::new(id).map_err(|error| Refusal::field(field, error.to_string()))
}

fn role_of(role: &Role) -> v1::Role {
    match role {
        Role::Viewer => v1::Role::Viewer,
        Role::Resident(_) => v1::Role::Resident,
        Role::Coordinator => v1::Role::Coordinator,
    }
}

fn token(id: &TokenId, entry: &Entered<Token>) -> v1::Token {
    let value = &entry.value;
    let (role, team, resident) = match &value.grant {
        Grant::Admin => (v1::Role::Admin, String::new(), String::new()),
        Grant::Team(team, role) => {
            let resident = match role {
                Role::Resident(resident) => resident.full(team),
                Role::Viewer | Role::Coordinator => String::new(),
            };
            (role_of(role), collection_name(team), resident)
        }
    };
    v1::Token {
        name: format!("tokens/{id}"),
        display_name: value.name.clone(),
        role: role as i32,
        team,
        resident,
        invitation: value.used_for == TokenUse::Invitation,
        expire_time: value.expires.map(timestamp),
        revoke_time: value.revoked.map(timestamp),
        last_use_time: value.last_used.map(timestamp),
        create_time: Some(timestamp(entry.meta.create_time)),
        issuer: value.issuer.clone(),
    }
}

attend! { Tokens: desk; }

serve! { TokenService for Tokens {
    create_token(v1::CreateTokenRequest) -> v1::CreateTokenResponse = create await;
    list_tokens(v1::ListTokensRequest) -> v1::ListTokensResponse = list;
    revoke_token(v1::RevokeTokenRequest) -> v1::Token = revoke await;
    redeem_invitation(v1::RedeemInvitationRequest) -> v1::RedeemInvitationResponse = redeem await;
    get_caller(v1::GetCallerRequest) -> v1::Caller = caller;
} }
