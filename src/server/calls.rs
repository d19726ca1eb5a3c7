//! The calls of one connection: whose they are, how many are in progress, and whether their answers are read.

use std::convert::Infallible;
use std::future::pending;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};
use tower::ServiceExt as _;

use super::admission::Kind;
use super::gate::is_grpc;
use super::pool::{Pool, Share};
use super::rates::counted;
use super::refusals::{Reason, Refusals};
use super::tls::Tls;
use crate::config::edge::Edge;
use crate::http::client::ClientAddress;

/// What every connection goes by.
pub(super) struct Door {
    pub(super) tls: Option<Arc<Tls>>,
    pub(super) edge: Edge,
    pub(super) places: Arc<Pool>,
    pub(super) in_progress: Arc<Pool>,
    pub(super) refusals: Refusals,
    /// Calls in progress.
    pub(super) calls: TaskTracker,
    pub(super) stop: CancellationToken,
}

impl Door {
    /// Tells whether an address is that of a proxy which is believed.
    pub(super) fn trusts(&self, address: IpAddr) -> bool {
        self.edge.trusted_proxies.iter().any(|proxy| proxy.contains(address))
    }
}

/// The calls of one connection.
#[derive(Clone)]
pub(super) struct Calls {
    peer: IpAddr,
    door: Arc<Door>,
    /// How many are in progress.
    pub(super) open: watch::Sender<usize>,
    /// Cancelled once an answer was not read for too long: nothing else ends an answer that its caller leaves lying.
    pub(super) unread: CancellationToken,
}

impl Calls {
    pub(super) fn of(peer: IpAddr, door: &Arc<Door>) -> Self {
        let (open, unread) = (watch::Sender::new(0), CancellationToken::new());
        Self { peer, door: Arc::clone(door), open, unread }
    }

    /// Answers a request.
    pub(super) async fn answer(
        self,
        mut request: hyper::Request<Incoming>,
        router: Router,
    ) -> Result<hyper::Response<Counted>, Infallible> {
        let client = ClientAddress::of(self.peer, request.headers(), |address| self.door.trusts(address));
        let mut call = InProgress::of(&self, client);
        request.extensions_mut().insert(client);
        // A proxy has others to serve on the same connection.
        let timed = Kind::of(request.uri().path()) == Kind::Call && !self.door.trusts(self.peer);
        let response = match call.share.set(1) {
            Ok(()) => router.oneshot(request).await?,
            Err(_) => self.door.refusals.answer(Reason::CallsInProgress, client.0, is_grpc(request.headers())),
        };
        let (door, unread) = (self.door, self.unread);
        let timer = (timed && !response.body().is_end_stream()).then(|| {
            AbortOnDropHandle::new(tokio::spawn(async move {
                let _: Result<(), _> = tokio::time::timeout(door.edge.limits.answer, pending()).await;
                door.refusals.note(Reason::AnswerTime, client.0);
                unread.cancel();
            }))
        });
        Ok(response.map(|body| Counted { body, _call: call, _timer: timer }))
    }
}

/// A call that is in progress until all of its answer is taken.
pub(super) struct InProgress {
    open: watch::Sender<usize>,
    share: Share,
    _counted: TaskTrackerToken,
}

impl InProgress {
    fn of(calls: &Calls, client: ClientAddress) -> Self {
        calls.open.send_modify(|open| *open += 1);
        let share = calls.door.in_progress.share(Some(counted(client.0)));
        Self { open: calls.open.clone(), share, _counted: calls.door.calls.token() }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.open.send_modify(|open| *open = open.saturating_sub(1));
    }
}

/// The body of an answer to a call that is in progress.
pub(super) struct Counted {
    body: Body,
    _call: InProgress,
    _timer: Option<AbortOnDropHandle<()>>,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
