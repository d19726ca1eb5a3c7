//! Who calls, and whether the method they call is for such as them; which team it is about is judged at the desk.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::rates::Rates;
use super::refusals::{Reason, Refusals};
use crate::access::{Authority, Denial, Identity, Need, Visit};
use crate::http::client::ClientAddress;
use crate::model::TokenId;
use crate::roster::{Refusal, Tokens};
use crate::service::to_status;

/// The codes of gRPC by which a service turns callers away, as the headers have them.
const PERMISSION_DENIED: &[u8] = b"7";
const UNAUTHENTICATED: &[u8] = b"16";

/// What every method needs, and who the callers are.
#[derive(Clone)]
pub(super) struct Callers {
    needs: Arc<BTreeMap<String, Need>>,
    tokens: Tokens,
    nobody: Arc<Identity>,
    /// How much one token is used, from wherever.
    rates: Arc<Rates<TokenId>>,
    refusals: Refusals,
}

impl Callers {
    /// Returns the callers to methods that need `needs`, of callers who show one of `tokens`.
    pub fn new(needs: BTreeMap<String, Need>, tokens: Tokens, rates: Rates<TokenId>, refusals: Refusals) -> Self {
        let nobody = Arc::new(Identity::nobody());
        Self { needs: Arc::new(needs), tokens, nobody, rates: Arc::new(rates), refusals }
    }

    /// Returns who sends `headers`: nobody where they have no token.
    fn caller(&self, headers: &HeaderMap) -> Result<Arc<Identity>, Reason> {
        let mut shown = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(first), None) = (shown.next(), shown.next()) else {
            let nothing = !headers.contains_key(header::AUTHORIZATION);
            return if nothing { Ok(Arc::clone(&self.nobody)) } else { Err(Reason::BadToken) };
        };
        let known = bearer(first.as_bytes()).and_then(|secret| self.tokens.identify(secret));
        known.map(Arc::new).ok_or(Reason::BadToken)
    }

    fn visit(&self, need: Need, headers: &HeaderMap) -> Result<Visit, Reason> {
        let caller = self.caller(headers)?;
        if caller.authority == Authority::Nobody && need > Need::Reader {
            return Err(Reason::NoToken);
        }
        if caller.token.as_ref().is_some_and(|token| !self.rates.admit(token)) {
            return Err(Reason::RequestRate);
        }
        Ok(Visit { caller, need })
    }
}

/// Returns what a header `Bearer SECRET` shows.
fn bearer(header: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(header).ok()?;
    let (scheme, secret) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim_start())
}

/// Returns from where a request comes.
fn client(request: &Request) -> IpAddr {
    request.extensions().get().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ClientAddress(client)| *client)
}

/// Lets a gRPC call in, and says at the desk who calls. What is not known to the table is let in nowhere.
pub(super) async fn admit(State(callers): State<Callers>, mut request: Request, next: Next) -> Response {
    let Some(need) = callers.needs.get(request.uri().path()).copied() else { return next.run(request).await };
    let client = client(&request);
    let denied = match callers.visit(need, request.headers()) {
        Ok(visit) => {
            request.extensions_mut().insert(visit);
            let response = next.run(request).await;
            let code = response.headers().get("grpc-status").map(HeaderValue::as_bytes);
            let refused = match code {
                Some(PERMISSION_DENIED) => Some(Reason::Forbidden),
                Some(UNAUTHENTICATED) => Some(Reason::NoToken),
                _ => None,
            };
            refused.into_iter().for_each(|reason| callers.refusals.note(reason, client));
            return response;
        }
        Err(Reason::NoToken) => Denial::Unknown,
        Err(Reason::BadToken) => Denial::BadToken,
        Err(limit) => return callers.refusals.answer(limit, client, true),
    };
    let reason = if denied == Denial::Unknown { Reason::NoToken } else { Reason::BadToken };
    callers.refusals.note(reason, client);
    to_status(Refusal::Denied(denied)).into_http()
}

/// Lets a request for a page in that is for such as its caller; the page is told who calls.
pub(super) async fn admit_page(
    State((callers, need)): State<(Callers, Need)>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = client(&request);
    match callers.visit(need, request.headers()) {
        Ok(visit) if need == Need::Admin && visit.caller.authority != Authority::Admin => {
            callers.refusals.note(Reason::Forbidden, client);
            (StatusCode::FORBIDDEN, "your token does not allow this\n").into_response()
        }
        Ok(visit) => {
            request.extensions_mut().insert(visit);
            next.run(request).await
        }
        Err(reason @ (Reason::NoToken | Reason::BadToken)) => {
            callers.refusals.note(reason, client);
            let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
            (StatusCode::UNAUTHORIZED, challenge, "a token is needed for this\n").into_response()
        }
        Err(limit) => callers.refusals.answer(limit, client, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_as_bearer() {
        assert_eq!(bearer(b"Bearer onduty_x"), Some("onduty_x"));
        assert_eq!(bearer(b"bearer  onduty_x"), Some("onduty_x"));
        for other in [b"onduty_x".as_slice(), b"Basic onduty_x", b"Bearer", b"", b"Bearer \xff"] {
            assert_eq!(bearer(other), None, "{other:?}");
        }
    }
}
