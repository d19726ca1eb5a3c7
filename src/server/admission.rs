//! What each request may use: how many there are, how long they are, how long they take.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

use super::bodies::{Bounded, bytes_max};
use super::gate::is_grpc;
use super::pool::Pool;
use super::rates::{Rates, counted};
use super::refusals::{Reason, Refusals};
use crate::clock::Clock;
use crate::config::edge::Limits;
use crate::http::client::ClientAddress;

/// How many bytes of requests are being received at a time, in all and from one address.
const IN_FLIGHT_MAX: (usize, usize) = (128 << 20, 32 << 20);
/// Methods whose answers go on for as long as the caller listens.
const STREAMS: [&str; 3] = [
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// What a request is, as far as its time goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Answered at once, and read at once.
    Call,
    /// Answered bit by bit.
    Stream,
}

impl Kind {
    /// Returns the kind of what is asked for by a path.
    pub(super) fn of(path: &str) -> Self {
        if STREAMS.contains(&path) { Self::Stream } else { Self::Call }
    }
}

/// Lets requests in as far as the limits go.
#[derive(Clone)]
pub(super) struct Admission {
    rates: Arc<Rates<IpAddr>>,
    in_flight: Arc<Pool>,
    call: Duration,
    refusals: Refusals,
}

impl Admission {
    pub(super) fn new(limits: &Limits, clock: Arc<dyn Clock>, refusals: Refusals) -> Self {
        let rates = Arc::new(Rates::new(limits.requests_per_second, limits.request_burst, clock));
        let (all, each) = IN_FLIGHT_MAX;
        Self { rates, in_flight: Pool::new(all, each), call: limits.call, refusals }
    }
}

/// Lets a request in, or answers which limit it is past.
pub(super) async fn admit(State(admission): State<Admission>, request: Request, next: Next) -> Response {
    let Admission { rates, in_flight, call, refusals } = admission;
    let client = request.extensions().get().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ClientAddress(client)| *client);
    let is_grpc = is_grpc(request.headers());
    if !rates.admit(&counted(client)) {
        return refusals.answer(Reason::RequestRate, client, is_grpc);
    }
    let stated = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let limit = bytes_max(request.uri().path());
    if !is_grpc && stated.is_some_and(|length: usize| length > limit) {
        return refusals.answer(Reason::RequestBytes, client, is_grpc);
    }
    let share = in_flight.share(Some(counted(client)));
    let request = request.map(|body| Body::new(Bounded::new(body, (is_grpc, limit), share, refusals.clone(), client)));
    match tokio::time::timeout(call, next.run(request)).await {
        Ok(response) => response,
        Err(_) => refusals.answer(Reason::CallTime, client, is_grpc),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::v1;

    #[test]
    fn methods_that_go_on_are_known_by_their_paths() {
        use tonic_health::pb::health_server::SERVICE_NAME;

        assert_eq!(Kind::of(&format!("/{SERVICE_NAME}/Watch")), Kind::Stream);
        assert_eq!(Kind::of(&format!("/{}/GetTeam", v1::team_service_server::SERVICE_NAME)), Kind::Call);
        assert_eq!(Kind::of("/healthz"), Kind::Call);
    }
}
