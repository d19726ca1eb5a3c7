//! The whole server in this process, on a clock that the test moves.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use onduty::clock::ManualClock;
use onduty::config::edge::Edge;
use onduty::config::fetching::FetchFlags;
use onduty::config::{Config, EraseAfter, Flags};
use onduty::server::Server;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::tokens::cli_tokens;

/// A server that runs until it is stopped or goes out of scope.
pub struct LocalServer {
    runtime: Option<Runtime>,
    serving: Option<JoinHandle<()>>,
    stop: CancellationToken,
    address: SocketAddr,
    url: String,
    /// What it takes for now.
    pub clock: Arc<ManualClock>,
    /// What it says for itself when it starts.
    pub summary: String,
}

impl LocalServer {
    /// Starts an empty server on the data in `dir`; for it, it is `now`.
    pub fn start(dir: &Path, now: &str) -> Self {
        Self::with(Flags { data: Some(dir.to_owned()), ..Flags::default() }, now)
    }

    /// Starts a server with the bundled roster.
    pub fn demo(dir: &Path, now: &str) -> Self {
        Self::with(Flags { data: Some(dir.to_owned()), demo: true, ..Flags::default() }, now)
    }

    /// Starts a server on the data in `dir` that goes by the tz database in `tzdb`.
    pub fn with_tzdb(dir: &Path, tzdb: &Path, now: &str) -> Self {
        Self::with(Flags { data: Some(dir.to_owned()), tzdb: Some(tzdb.to_owned()), ..Flags::default() }, now)
    }

    /// Starts a server on the data in `dir` that erases kinds and notes so many days after an absence.
    pub fn erasing_after(days: u32, dir: &Path, now: &str) -> Self {
        let erase_after_days = Some(EraseAfter(Some(days)));
        Self::with(Flags { data: Some(dir.to_owned()), erase_after_days, ..Flags::default() }, now)
    }

    /// Starts a server that keeps nothing, with an edge of its own.
    pub fn with_edge(edge: Edge, now: &str) -> Self {
        let config = Config { edge, ..Self::config(Flags { demo: true, ..Flags::default() }) };
        Self::run(&config, now)
    }

    /// Starts a server on the data in `dir`, with the bundled roster, that fetches calendars from loopback, also without
    /// TLS.
    pub fn fetching(dir: &Path, now: &str) -> Self {
        let fetching = FetchFlags {
            fetch_from: vec!["127.0.0.0/8".parse().unwrap()],
            fetch_plaintext: true,
            ..FetchFlags::default()
        };
        Self::with(Flags { data: Some(dir.to_owned()), demo: true, fetching, ..Flags::default() }, now)
    }

    fn with(flags: Flags, now: &str) -> Self {
        Self::run(&Self::config(flags), now)
    }

    fn config(flags: Flags) -> Config {
        // Nothing is erased unless that is asked for: it would be a change that a test does not make.
        let erase_after_days = flags.erase_after_days.or(Some(EraseAfter(None)));
        let (listen, cli_tokens) = (Some("127.0.0.1:0".parse().unwrap()), Some(cli_tokens()));
        Config::new(Flags { listen, cli_tokens, erase_after_days, ..flags }).unwrap()
    }

    fn run(config: &Config, now: &str) -> Self {
        let clock = Arc::new(ManualClock::new(now.parse().unwrap()));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let server = runtime.block_on(Server::open(config, clock.clone())).unwrap();
        let summary = runtime.block_on(server.summary());
        let (address, url, stop) = (server.address(), server.url(), CancellationToken::new());
        let serving = Some(runtime.spawn(server.serve(stop.clone())));
        Self { runtime: Some(runtime), serving, stop, address, url, clock, summary }
    }

    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns its URL.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Runs a caller of this server.
    pub fn block_on<T>(&self, caller: impl Future<Output = T>) -> T {
        self.runtime.as_ref().unwrap().block_on(caller)
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        self.stop.cancel();
        if let (Some(runtime), Some(serving)) = (self.runtime.take(), self.serving.take()) {
            let _ = runtime.block_on(serving);
        }
    }
}
