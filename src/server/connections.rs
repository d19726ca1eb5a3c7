//! Connections: accepted until the server stops, then finished.

use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tower::ServiceExt as _;

use super::tls::Tls;
use crate::config::edge::Edge;
use crate::http::client::ClientAddress;

/// How long calls in progress may take once the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// How many calls one connection may have open at a time.
const STREAMS_MAX: u32 = 1_000;

/// How long callers who have all their answers may take to hang up once the server stops.
const GOODBYE: Duration = Duration::from_millis(500);

/// Where callers come in.
pub(super) struct Connections {
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    edge: Arc<Edge>,
}

impl Connections {
    pub(super) fn new(listener: TcpListener, tls: Option<Tls>, edge: Edge) -> Self {
        Self { listener, tls: tls.map(Arc::new), edge: Arc::new(edge) }
    }

    /// Tells whether callers have to speak TLS.
    pub(super) fn speak_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// Serves until `stop` is cancelled, then waits for the calls in progress.
    pub(super) async fn serve(self, router: Router, stop: CancellationToken) {
        let graceful = GracefulShutdown::new();
        let calls = TaskTracker::new();
        calls.close();
        let router = router.layer(middleware::from_fn_with_state(calls.clone(), counted));
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = stop.cancelled() => break,
            };
            match accepted {
                Ok((stream, peer)) => self.connect(stream, peer.ip(), &router, graceful.watcher()),
                // Too many open files, or a caller that is gone already: others still can be served.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::task::yield_now().await;
                }
            }
        }
        drop(self);
        if tokio::time::timeout(GRACE, finish(graceful, &calls)).await.is_err() {
            tracing::warn!(seconds = GRACE.as_secs(), "calls in progress were broken off");
        }
    }

    fn connect(&self, stream: TcpStream, peer: IpAddr, router: &Router, watcher: Watcher) {
        // Answers are small: waiting to fill packets only delays them.
        let _ = stream.set_nodelay(true);
        let (tls, edge, router) = (self.tls.clone(), Arc::clone(&self.edge), router.clone());
        tokio::spawn(async move {
            let served = match tls {
                None => converse(stream, peer, edge, router, watcher).await,
                Some(tls) => match shake_hands(stream, &tls, edge.limits.handshake).await {
                    Ok(stream) => converse(stream, peer, edge, router, watcher).await,
                    Err(error) => Err(error.into()),
                },
            };
            if let Err(error) = served {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
}

async fn shake_hands(stream: TcpStream, tls: &Arc<Tls>, limit: Duration) -> io::Result<TlsStream<TcpStream>> {
    let acceptor = TlsAcceptor::from(tls.current().await);
    tokio::time::timeout(limit, acceptor.accept(stream)).await?
}

/// Serves one connection until its end.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: IpAddr,
    edge: Arc<Edge>,
    router: Router,
    watcher: Watcher,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(edge.limits.headers);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(STREAMS_MAX).keep_alive_interval(Some(GRACE * 3));
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let trusted = |address| edge.trusted_proxies.iter().any(|proxy| proxy.contains(address));
        let client = ClientAddress::of(peer, request.headers(), trusted);
        request.extensions_mut().insert(client);
        router.clone().oneshot(request)
    });
    watcher.watch(builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned()).await
}

/// Waits for the calls in progress, and a moment for callers to hang up: some never do.
async fn finish(graceful: GracefulShutdown, calls: &TaskTracker) {
    let mut all_gone = pin!(graceful.shutdown());
    loop {
        tokio::select! { () = &mut all_gone => return, () = calls.wait() => {} }
        // A call that was on its way when the server began to stop may have come in by then.
        if tokio::time::timeout(GOODBYE, &mut all_gone).await.is_ok() || calls.is_empty() {
            return;
        }
    }
}

/// Counts a call as in progress until all of its answer is taken.
async fn counted(State(calls): State<TaskTracker>, request: Request, next: Next) -> Response {
    let call = calls.token();
    next.run(request).await.map(|body| Body::new(Counted { body, _call: call }))
}

/// The body of an answer to a call that is in progress.
struct Counted {
    body: Body,
    _call: TaskTrackerToken,
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
