//! Who calls, and whether the method they call is for such as them; which team it is about is judged at the desk.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::access::{Authority, Denial, Identity, Need, Visit};
use crate::roster::Refusal;
use crate::service::to_status;

/// What every method needs, and who the callers are.
#[derive(Clone)]
pub(super) struct Admission {
    needs: Arc<BTreeMap<String, Need>>,
    /// Until there are tokens, whoever reaches the loopback address is a coordinator of every team.
    caller: Arc<Identity>,
}

impl Admission {
    /// Returns the admission to methods that need `needs`.
    pub fn new(needs: BTreeMap<String, Need>) -> Self {
        let caller = Identity { name: "coordinator".to_owned(), authority: Authority::Admin };
        Self { needs: Arc::new(needs), caller: Arc::new(caller) }
    }
}

/// Lets a gRPC call in, and says at the desk who calls. What is not known to the table is let in nowhere.
pub(super) async fn admit(State(admission): State<Admission>, mut request: Request, next: Next) -> Response {
    let caller = Arc::clone(&admission.caller);
    let Some(need) = admission.needs.get(request.uri().path()).copied() else { return next.run(request).await };
    if caller.authority == Authority::Nobody && need > Need::Reader {
        return to_status(Refusal::Denied(Denial::Unknown)).into_http();
    }
    request.extensions_mut().insert(Visit { caller, need });
    next.run(request).await
}
