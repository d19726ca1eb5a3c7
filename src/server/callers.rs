//! Who calls, and whether the method they call is for such as them; which team it is about is judged at the desk.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::access::{Authority, Denial, Identity, Need, Visit};
use crate::http::metrics::Metrics;
use crate::roster::{Refusal, Tokens};
use crate::service::to_status;

/// What every method needs, and who the callers are.
#[derive(Clone)]
pub(super) struct Callers {
    needs: Arc<BTreeMap<String, Need>>,
    tokens: Tokens,
    nobody: Arc<Identity>,
    metrics: Metrics,
}

/// Why a caller is turned away before anything is done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum TurnedAway {
    /// No token, and the method is not for strangers.
    NoToken,
    /// What was shown is no token that is good.
    BadToken,
}

impl TurnedAway {
    /// The reason as logs and metrics have it.
    fn reason(self) -> &'static str {
        match self {
            Self::NoToken => "no-token",
            Self::BadToken => "bad-token",
        }
    }
}

impl Callers {
    /// Returns the callers to methods that need `needs`, of callers who show one of `tokens`.
    pub fn new(needs: BTreeMap<String, Need>, tokens: Tokens, metrics: Metrics) -> Self {
        Self { needs: Arc::new(needs), tokens, nobody: Arc::new(Identity::nobody()), metrics }
    }

    /// Returns who sends `headers`: nobody where they have no token.
    fn caller(&self, headers: &HeaderMap) -> Result<Arc<Identity>, TurnedAway> {
        let mut shown = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(first), None) = (shown.next(), shown.next()) else {
            let nothing = !headers.contains_key(header::AUTHORIZATION);
            return if nothing { Ok(Arc::clone(&self.nobody)) } else { Err(TurnedAway::BadToken) };
        };
        let known = bearer(first.as_bytes()).and_then(|secret| self.tokens.identify(secret));
        known.map(Arc::new).ok_or(TurnedAway::BadToken)
    }

    fn visit(&self, need: Need, headers: &HeaderMap) -> Result<Visit, TurnedAway> {
        let caller = self.caller(headers)?;
        if caller.authority == Authority::Nobody && need > Need::Reader {
            return Err(TurnedAway::NoToken);
        }
        Ok(Visit { caller, need })
    }

    /// Says in the log and the metrics that somebody was turned away: what they called and why, never what they showed.
    fn note(&self, path: &str, why: TurnedAway) {
        tracing::info!(path, reason = why.reason(), "a call is refused");
        self.metrics.refused(why.reason());
    }
}

/// Returns what a header `Bearer SECRET` shows.
fn bearer(header: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(header).ok()?;
    let (scheme, secret) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim_start())
}

/// Lets a gRPC call in, and says at the desk who calls. What is not known to the table is let in nowhere.
pub(super) async fn admit(State(callers): State<Callers>, mut request: Request, next: Next) -> Response {
    let Some(need) = callers.needs.get(request.uri().path()).copied() else { return next.run(request).await };
    match callers.visit(need, request.headers()) {
        Ok(visit) => {
            request.extensions_mut().insert(visit);
            next.run(request).await
        }
        Err(why) => {
            callers.note(request.uri().path(), why);
            let refusal = match why {
                TurnedAway::NoToken => Refusal::Denied(Denial::Unknown),
                TurnedAway::BadToken => Refusal::Denied(Denial::BadToken),
            };
            to_status(refusal).into_http()
        }
    }
}

/// Lets a request for a page in that is for such as its caller; the page is told who calls.
pub(super) async fn admit_page(
    State((callers, need)): State<(Callers, Need)>,
    mut request: Request,
    next: Next,
) -> Response {
    match callers.visit(need, request.headers()) {
        Ok(visit) if need == Need::Admin && visit.caller.authority != Authority::Admin => {
            (StatusCode::FORBIDDEN, "your token does not allow this\n").into_response()
        }
        Ok(visit) => {
            request.extensions_mut().insert(visit);
            next.run(request).await
        }
        Err(why) => {
            callers.note(request.uri().path(), why);
            let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
            (StatusCode::UNAUTHORIZED, challenge, "a token is needed for this\n").into_response()
        }
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
