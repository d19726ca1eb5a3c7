//! What is turned away, past a limit or without the right token: answered, counted by its reason, and logged now and then.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::clock::Clock;
use crate::http::client::Unheard;
use crate::http::metrics::Metrics;

/// The domain of the reasons that gRPC callers get.
const DOMAIN: &str = "onduty";
/// How often each reason is logged at most, in seconds: a flood of requests is to be no flood of lines.
const LOGGED_SECONDS: i64 = 60;
/// When to come back: the buckets of requests fill by the second.
const RETRY: Duration = Duration::from_secs(1);

/// Why something is turned away: which limit was passed, or what the caller lacks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reason {
    /// Of connections in all.
    Connections,
    /// Of connections from one address.
    ConnectionsOfAddress,
    /// Of calls in progress, in all or from one address.
    CallsInProgress,
    /// The time for a TLS handshake.
    Handshake,
    /// Of requests in a time.
    RequestRate,
    /// Of a request's bytes.
    RequestBytes,
    /// Of bytes that are being received in all, or from one address.
    BytesInFlight,
    /// The time for a call.
    CallTime,
    /// The time to read an answer.
    AnswerTime,
    /// The time without a call.
    Idle,
    /// No token is shown, and one is needed.
    NoToken,
    /// What is shown is no token that is good.
    BadToken,
    /// The token does not allow it.
    Forbidden,
}

impl Reason {
    const ALL: [Self; 13] = [
        Self::Connections,
        Self::ConnectionsOfAddress,
        Self::CallsInProgress,
        Self::Handshake,
        Self::RequestRate,
        Self::RequestBytes,
        Self::BytesInFlight,
        Self::CallTime,
        Self::AnswerTime,
        Self::Idle,
        Self::NoToken,
        Self::BadToken,
        Self::Forbidden,
    ];

    /// As operators see it.
    fn label(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::ConnectionsOfAddress => "connections_of_address",
            Self::CallsInProgress => "calls_in_progress",
            Self::Handshake => "handshake",
            Self::RequestRate => "request_rate",
            Self::RequestBytes => "request_bytes",
            Self::BytesInFlight => "bytes_in_flight",
            Self::CallTime => "call_time",
            Self::AnswerTime => "answer_time",
            Self::Idle => "idle",
            Self::NoToken => "no_token",
            Self::BadToken => "bad_token",
            Self::Forbidden => "forbidden",
        }
    }

    fn index(self) -> usize {
        Self::ALL.iter().position(|reason| *reason == self).unwrap_or(0)
    }
}

/// Counts and logs refusals.
#[derive(Clone)]
pub(super) struct Refusals {
    metrics: Metrics,
    clock: Arc<dyn Clock>,
    logged: Arc<Mutex<[Logged; Reason::ALL.len()]>>,
}

/// When a reason was logged last, and how often it was not since.
#[derive(Clone, Copy, Default)]
struct Logged {
    at: Option<i64>,
    left_out: u64,
}

impl Refusals {
    pub(super) fn new(metrics: Metrics, clock: Arc<dyn Clock>) -> Self {
        Self { metrics, clock, logged: Arc::default() }
    }

    /// Counts a refusal, and logs it unless its reason was logged a moment ago.
    pub(super) fn note(&self, reason: Reason, client: IpAddr) {
        self.metrics.refused(reason.label());
        let now = self.clock.now().seconds();
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(logged) = logged.get_mut(reason.index()) else { return };
        if logged.at.is_some_and(|at| (at..at.saturating_add(LOGGED_SECONDS)).contains(&now)) {
            logged.left_out += 1;
            return;
        }
        let left_out = std::mem::take(logged).left_out;
        logged.at = Some(now);
        match reason {
            Reason::Idle => tracing::debug!(%client, left_out, "a connection without a call was closed"),
            Reason::NoToken | Reason::BadToken | Reason::Forbidden => {
                tracing::info!(reason = reason.label(), %client, left_out, "a call is refused");
            }
            _ => tracing::warn!(limit = reason.label(), %client, left_out, "somebody is past a limit"),
        }
    }

    /// Counts a refusal, and answers it.
    pub(super) fn answer(&self, reason: Reason, client: IpAddr, is_grpc: bool) -> Response {
        self.note(reason, client);
        let mut response = match (is_grpc, reason) {
            (true, _) => status(reason).into_http::<Body>(),
            (false, Reason::RequestBytes) => (StatusCode::PAYLOAD_TOO_LARGE, told(reason) + "\n").into_response(),
            (false, Reason::CallTime) => (StatusCode::SERVICE_UNAVAILABLE, told(reason) + "\n").into_response(),
            (false, _) => {
                let retry = [(header::RETRY_AFTER, RETRY.as_secs().to_string())];
                (StatusCode::TOO_MANY_REQUESTS, retry, told(reason) + "\n").into_response()
            }
        };
        response.extensions_mut().insert(Unheard);
        response
    }
}

/// Returns what a gRPC caller is told.
pub(super) fn status(reason: Reason) -> Status {
    let mut details =
        ErrorDetails::with_error_info(reason.label().to_uppercase(), DOMAIN, std::collections::HashMap::new());
    if matches!(reason, Reason::RequestRate | Reason::CallsInProgress | Reason::BytesInFlight) {
        details.set_retry_info(Some(RETRY));
    }
    let code = if reason == Reason::CallTime { Code::DeadlineExceeded } else { Code::ResourceExhausted };
    Status::with_error_details(code, told(reason), details)
}

fn told(reason: Reason) -> String {
    match reason {
        Reason::RequestRate => "too many requests from your address: wait a second".to_owned(),
        Reason::CallsInProgress => "too many calls are in progress: wait for the answers to those you made".to_owned(),
        Reason::RequestBytes => {
            let limit = super::bodies::REQUEST_BYTES_MAX;
            format!("the request is too large: it may have {limit} bytes, and a calendar 10 MiB; make it in parts")
        }
        Reason::BytesInFlight => "too much is being received: wait a second, and send less at once".to_owned(),
        Reason::CallTime => "the call took too long: send all of it at once, or ask for less".to_owned(),
        _ => "too much was asked for".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_in_full_and_logged_once_a_minute_for_each_reason() {
        let clock = Arc::new(crate::clock::ManualClock::new("2026-11-23T08:00:00Z".parse().unwrap()));
        let metrics = Metrics::default();
        let refusals = Refusals::new(metrics.clone(), clock.clone());
        let client = "192.0.2.1".parse().unwrap();
        let (sender, lines) = std::sync::mpsc::channel();
        let told = || lines.try_iter().collect::<Vec<Vec<u8>>>().concat();
        let told = || String::from_utf8(told()).unwrap();
        let writer = move || Lines(sender.clone());
        let logged = tracing_subscriber::fmt().with_ansi(false).with_writer(writer).finish();
        tracing::subscriber::with_default(logged, || {
            for _ in 0..1_000 {
                refusals.note(Reason::RequestRate, client);
            }
            refusals.note(Reason::Connections, client);
            let lines = told();
            assert_eq!(lines.lines().count(), 2, "{lines}");
            assert!(lines.contains("client=192.0.2.1 left_out=0") && lines.contains("connections"), "{lines}");
            clock.advance(60);
            refusals.note(Reason::RequestRate, client);
            assert!(told().contains("left_out=999"));
            clock.turn_back(3_600);
            refusals.note(Reason::RequestRate, client);
            assert!(told().contains("left_out=0"), "a clock that was set back does not silence the log");
        });
        assert!(metrics.text().contains("onduty_refused_total{reason=\"request_rate\"} 1002"));
    }

    /// A place for log lines.
    struct Lines(std::sync::mpsc::Sender<Vec<u8>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_reason_has_a_label_and_a_place_of_its_own() {
        let labels: std::collections::BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.label()).collect();
        assert_eq!(labels.len(), Reason::ALL.len());
        assert!(Reason::ALL.iter().enumerate().all(|(index, reason)| reason.index() == index));
    }
}
