//! Connections: as many as there are places for, kept while they are used, and finished when the server stops.

use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::calls::{Calls, Door};
use super::pool::{Lack, Pool};
use super::rates::counted;
use super::refusals::{Reason, Refusals};
use super::tls::Tls;
use crate::config::edge::{Edge, Limits};

/// How long calls in progress may take once the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// How long callers who have all their answers may take to hang up once the server stops.
const GOODBYE: Duration = Duration::from_millis(500);
/// When to accept again at the latest where that failed, and nobody has hung up since.
const ACCEPT_AGAIN: Duration = Duration::from_millis(500);
/// How many calls one connection may have open at a time.
const STREAMS_MAX: u32 = 200;
/// How many bytes the headers of a request may have.
const HEADER_BYTES_MAX: u32 = 16 << 10;
/// How many bytes of HTTP/1 are kept that are not read or not sent yet; headers have to fit in.
const BUFFER_BYTES_MAX: usize = 64 << 10;
/// How many bytes of each answer over HTTP/2 are kept that its caller does not read yet.
const UNSENT_BYTES_MAX: usize = 64 << 10;
/// How many calls of an HTTP/2 connection may have been taken back before the server has seen them: more are a flood.
const TAKEN_BACK_MAX: usize = 20;
/// How many calls of an HTTP/2 connection the server may have ended because of mistakes in them: more are a flood.
const MISTAKEN_MAX: usize = 100;

/// Where callers come in.
pub(super) struct Connections {
    listener: TcpListener,
    door: Arc<Door>,
}

impl Connections {
    pub(super) fn new(listener: TcpListener, tls: Option<Tls>, edge: Edge, refusals: Refusals) -> Self {
        let limits = &edge.limits;
        let places = Pool::new(limits.connections, limits.connections_per_address);
        let in_progress = Pool::new(limits.calls, limits.calls_per_address);
        let (calls, stop) = (TaskTracker::new(), CancellationToken::new());
        calls.close();
        Self {
            listener,
            door: Arc::new(Door { tls: tls.map(Arc::new), edge, places, in_progress, refusals, calls, stop }),
        }
    }

    /// Tells whether callers have to speak TLS.
    pub(super) fn speak_tls(&self) -> bool {
        self.door.tls.is_some()
    }

    /// Serves until `stop` is cancelled, then waits for the calls in progress.
    pub(super) async fn serve(self, router: Router, stop: CancellationToken) {
        let Self { listener, door } = self;
        let connections = TaskTracker::new();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = stop.cancelled() => break,
            };
            match accepted {
                Ok((stream, peer)) => connect(&connections, stream, peer.ip().to_canonical(), &router, &door),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    // A caller that is gone already, or too many open files: then there is no use in trying again before
                    // one is closed.
                    let _ = tokio::time::timeout(ACCEPT_AGAIN, door.places.returned()).await;
                }
            }
        }
        drop(listener);
        connections.close();
        door.stop.cancel();
        if tokio::time::timeout(GRACE, finish(&connections, &door.calls)).await.is_err() {
            tracing::warn!(seconds = GRACE.as_secs(), "calls in progress were broken off");
        }
    }
}

/// Waits for the calls in progress, and a moment for callers to hang up: some never do.
async fn finish(connections: &TaskTracker, calls: &TaskTracker) {
    let mut all_gone = pin!(connections.wait());
    loop {
        tokio::select! { () = &mut all_gone => return, () = calls.wait() => {} }
        // A call that was on its way when the server began to stop may have come in by then.
        if tokio::time::timeout(GOODBYE, &mut all_gone).await.is_ok() || calls.is_empty() {
            return;
        }
    }
}

/// Serves a caller if there is a place for it, and else hangs up at once: an answer would cost what there is too little
/// of.
fn connect(connections: &TaskTracker, stream: TcpStream, peer: IpAddr, router: &Router, door: &Arc<Door>) {
    let mut place = door.places.share((!door.trusts(peer)).then(|| counted(peer)));
    if let Err(lack) = place.set(1) {
        let reason = if lack == Lack::All { Reason::Connections } else { Reason::ConnectionsOfAddress };
        return door.refusals.note(reason, peer);
    }
    // Answers are small: waiting to fill packets only delays them.
    let _ = stream.set_nodelay(true);
    let (router, door) = (router.clone(), Arc::clone(door));
    connections.spawn(async move {
        let _place = place;
        let served = match &door.tls {
            None => converse(stream, peer, &door, router).await,
            Some(tls) => match shake_hands(stream, tls, &door, peer).await {
                Ok(stream) => converse(stream, peer, &door, router).await,
                Err(error) => Err(error.into()),
            },
        };
        if let Err(error) = served {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

async fn shake_hands(stream: TcpStream, tls: &Arc<Tls>, door: &Door, peer: IpAddr) -> io::Result<TlsStream<TcpStream>> {
    let acceptor = TlsAcceptor::from(tls.current().await);
    tokio::select! {
        shaken = tokio::time::timeout(door.edge.limits.handshake, acceptor.accept(stream)) => {
            shaken.unwrap_or_else(|elapsed| {
                door.refusals.note(Reason::Handshake, peer);
                Err(elapsed.into())
            })
        }
        () = door.stop.cancelled() => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

/// Serves one connection until its end.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: IpAddr,
    door: &Arc<Door>,
    router: Router,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let calls = Calls::of(peer, door);
    let (limits, open, unread) = (&door.edge.limits, calls.open.subscribe(), calls.unread.clone());
    let service = service_fn(move |request| calls.clone().answer(request, router.clone()));
    let connection = builder(limits).serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = unread.cancelled() => return Ok(()),
        () = quiet(open.clone(), limits.headers, limits.idle) => door.refusals.note(Reason::Idle, peer),
        () = door.stop.cancelled() => {}
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        ended = connection => ended,
        () = unread.cancelled() => Ok(()),
        // Some do not even take a goodbye.
        () = quiet(open, limits.headers, limits.headers) => Ok(()),
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.headers).max_buf_size(BUFFER_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEADER_BYTES_MAX)
        .max_send_buf_size(UNSENT_BYTES_MAX)
        .max_pending_accept_reset_streams(TAKEN_BACK_MAX)
        .max_local_error_reset_streams(MISTAKEN_MAX)
        .keep_alive_interval(limits.ping_after)
        .keep_alive_timeout(limits.ping_answer);
    builder
}

/// Waits until there was no call in progress for a while; at first, for a while of another length.
async fn quiet(mut open: watch::Receiver<usize>, first: Duration, later: Duration) {
    let mut wait = first;
    loop {
        let none = *open.borrow_and_update() == 0;
        let changed = if none { tokio::time::timeout(wait, open.changed()).await } else { Ok(open.changed().await) };
        if !matches!(changed, Ok(Ok(()))) {
            return;
        }
        wait = later;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_time_without_a_call_counts() {
        let (first, later) = (Duration::from_secs(10), Duration::from_secs(600));
        let hour = Duration::from_secs(3_600);
        let open = watch::Sender::new(0);
        let mut waiting = pin!(quiet(open.subscribe(), first, later));
        assert!(tokio::time::timeout(first - Duration::from_secs(1), &mut waiting).await.is_err());
        open.send_replace(1);
        assert!(tokio::time::timeout(hour, &mut waiting).await.is_err());
        open.send_replace(0);
        assert!(tokio::time::timeout(later - Duration::from_secs(1), &mut waiting).await.is_err());
        assert!(tokio::time::timeout(Duration::from_secs(2), &mut waiting).await.is_ok());
        let fresh = quiet(open.subscribe(), first, later);
        assert!(tokio::time::timeout(first + Duration::from_secs(1), fresh).await.is_ok());
    }
}
