//! The server: everything wired together, on one port for gRPC and HTTP.

mod admission;
mod bodies;
mod callers;
mod calls;
mod connections;
mod declared;
mod demo;
mod first_token;
mod forget;
mod gate;
mod pool;
mod rates;
mod refusals;
mod summary;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::access::Need;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::fetching::Fetching;
use crate::http::{self, metrics::Metrics};
use crate::model::{FeedId, TokenId};
use crate::outbound::{self, Outbound};
use crate::proto::{DESCRIPTOR_SET, v1};
use crate::roster::{Calendars, Desk, Feeds, Rosters, Tokens};
use crate::service;
use crate::store::{MemoryStore, SledStore, Store, StoreError};
use crate::telemetry;
use crate::tzdb::{self, TzdbError};
use admission::Admission;
use connections::Connections;
use gate::Hosts;
use rates::Rates;
use refusals::Refusals;
use tls::{Tls, TlsError};

use callers::Callers;
pub use declared::{Grpc, Pages, Services};
pub use first_token::FirstTokenError;
pub use forget::{ForgetFailure, forget};

/// Every service of the API, by the name under which its health is asked for.
const SERVICES: [&str; 17] = [
    v1::calendar_service_server::SERVICE_NAME,
    v1::change_service_server::SERVICE_NAME,
    v1::duty_service_server::SERVICE_NAME,
    v1::feed_service_server::SERVICE_NAME,
    v1::handoff_note_service_server::SERVICE_NAME,
    v1::holiday_set_service_server::SERVICE_NAME,
    v1::on_duty_service_server::SERVICE_NAME,
    v1::override_service_server::SERVICE_NAME,
    v1::report_service_server::SERVICE_NAME,
    v1::resident_service_server::SERVICE_NAME,
    v1::roster_service_server::SERVICE_NAME,
    v1::server_service_server::SERVICE_NAME,
    v1::swap_service_server::SERVICE_NAME,
    v1::task_service_server::SERVICE_NAME,
    v1::team_service_server::SERVICE_NAME,
    v1::time_off_service_server::SERVICE_NAME,
    v1::token_service_server::SERVICE_NAME,
];

/// Why the server cannot start, or has stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The tz database cannot be used.
    #[error(transparent)]
    Tzdb(#[from] TzdbError),
    /// The data cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; is another server running there?")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The files of TLS cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The bundled roster could not be loaded.
    #[error("cannot load the bundled roster: {0}")]
    Demo(String),
    /// A method or a page says nothing of who may use it.
    #[error("these say nothing of who may use them: {0}")]
    Undeclared(String),
    /// The administrator's first token cannot be provided.
    #[error(transparent)]
    FirstToken(#[from] FirstTokenError),
    /// Nothing can be fetched over TLS.
    #[error("cannot set up TLS for what is fetched: {0}")]
    Outbound(String),
    /// The gRPC services could not be put together.
    #[error("cannot put the services together: {0}")]
    Services(String),
}

/// A server that is ready to serve.
pub struct Server {
    connections: Connections,
    address: SocketAddr,
    router: Router,
    rosters: Rosters,
    calendars: Calendars,
    clock: Arc<dyn Clock>,
    erase_after_days: Option<u32>,
    demo: bool,
}

impl Server {
    /// Opens the data, loads the bundled roster where that is asked, and listens.
    ///
    /// # Errors
    ///
    /// [`ServerError`] says what is in the way.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, ServerError> {
        Self::open_beside(config, clock, |_| {}, Pages::default()).await
    }

    /// Does the same as [`Server::open`], and serves more gRPC `services` and `pages` on the same port, through the same
    /// layers.
    ///
    /// # Errors
    ///
    /// As of [`Server::open`].
    pub async fn open_beside(
        config: &Config,
        clock: Arc<dyn Clock>,
        services: impl FnOnce(&mut Services),
        pages: Pages,
    ) -> Result<Self, ServerError> {
        let tls = config.edge.tls.clone().map(|files| Tls::open(files, Arc::clone(&clock))).transpose()?;
        let tzdb = tzdb::load(config.tzdb.as_deref())?;
        if tzdb.host_is_newer() {
            tracing::warn!(
                used = tzdb.rules.version(),
                host = tzdb.host_version,
                "the host's tz database is newer than the one in use"
            );
        }
        tracing::info!(version = tzdb.rules.version(), source = %tzdb.rules.source(), "tz database");
        let facts = service::ServerFacts { host_tzdb_version: tzdb.host_version };
        let metrics = Metrics::default();
        let refusals = Refusals::new(metrics.clone(), Arc::clone(&clock));
        let limits = &config.edge.limits;
        let admission = Admission::new(limits, Arc::clone(&clock), refusals.clone());
        let rates = Rates::new(limits.requests_per_second, limits.request_burst, Arc::clone(&clock));
        let rosters = Rosters::open(open_store(config).await?, Arc::new(tzdb.rules), Arc::clone(&clock)).await?;
        if config.demo {
            demo::load(&rosters).await.map_err(|refusal| ServerError::Demo(refusal.to_string()))?;
        }
        let refused = |source| ServerError::Listen { address: config.listen, source };
        let listener = TcpListener::bind(config.listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let tokens = Tokens::new(rosters.clone());
        first_token::provide(&tokens, config, address).await?;
        let hosts = Hosts::of(&config.edge, address);
        let gzip = !config.edge.plain_feeds;
        let feed_rates = Rates::new(limits.feed_requests_per_second, limits.feed_burst, Arc::clone(&clock));
        let base = match &config.edge.public_url {
            Some(url) => url.as_str().to_owned(),
            None => url(address, tls.is_some()),
        };
        let way_in = WayIn { hosts, admission, metrics, rates, refusals: refusals.clone(), gzip, feed_rates, base };
        let calendars = calendars(config, &rosters, &tokens, &clock)?;
        let router = router((&rosters, &tokens, &calendars), facts, way_in, services, pages).await?;
        let connections = Connections::new(listener, tls, config.edge.clone(), refusals);
        let erase_after_days = config.erase_after_days.0;
        Ok(Self { connections, address, router, rosters, calendars, clock, erase_after_days, demo: config.demo })
    }

    /// Returns the address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns its URL; of a server with TLS it has the address, for which the certificate need not be made.
    #[must_use]
    pub fn url(&self) -> String {
        url(self.address, self.connections.speak_tls())
    }

    /// Says how the team of the bundled roster stands: who is on duty, the next handoff, the gaps ahead, the calendar.
    ///
    /// It is empty where the demo was not asked for, or its team is gone.
    pub async fn summary(&self) -> String {
        let Some(team) = demo::team().filter(|_| self.demo) else { return String::new() };
        let state = self.rosters.state(&team);
        summary::of(&self.rosters, &state.snapshot, &self.url()).await.unwrap_or_else(|status| {
            tracing::warn!(%status, "the summary could not be made");
            String::new()
        })
    }

    /// Serves until `stop` is cancelled; then finishes what it has accepted.
    pub async fn serve(self, stop: CancellationToken) {
        tracing::info!(address = %self.address, "listening");
        let rosters = self.rosters.clone();
        let clock = Arc::clone(&self.clock);
        let erasing = self.erase_after_days.map(|days| tokio::spawn(rosters.keep_erasing(clock, days)));
        let reading = tokio::spawn(self.calendars.keep_reading(self.clock));
        self.connections.serve(self.router, stop).await;
        // What they are at is finished all the same, as every change is.
        for at_work in erasing.into_iter().chain([reading]) {
            at_work.abort();
        }
        self.rosters.finish().await;
        tracing::info!("stopped");
    }
}

/// Returns the subscribed calendars, which are fetched as the configuration allows.
fn calendars(
    config: &Config,
    rosters: &Rosters,
    tokens: &Tokens,
    clock: &Arc<dyn Clock>,
) -> Result<Calendars, ServerError> {
    let Fetching { allowed, plaintext, minutes } = config.fetching.clone();
    let rules = outbound::Rules { allowed, plaintext, ..outbound::Rules::default() };
    let outbound = Outbound::new(rules, Arc::clone(clock)).map_err(|error| ServerError::Outbound(error.to_string()))?;
    Ok(Calendars::new(rosters.clone(), tokens.clone(), outbound, minutes.0))
}

fn url(address: SocketAddr, speaks_tls: bool) -> String {
    format!("{}://{address}", if speaks_tls { "https" } else { "http" })
}

async fn open_store(config: &Config) -> Result<Arc<dyn Store>, StoreError> {
    let Some(dir) = config.data.clone() else {
        tracing::warn!("no data directory is set: nothing is kept beyond this process");
        return Ok(Arc::new(MemoryStore::default()));
    };
    tracing::info!(dir = %dir.display(), "opening the data");
    let opened = tokio::task::spawn_blocking(move || SledStore::open(&dir)).await;
    Ok(Arc::new(opened.map_err(|_| StoreError::Closed)??))
}

/// What every request passes.
struct WayIn {
    hosts: Hosts,
    admission: Admission,
    metrics: Metrics,
    rates: Rates<TokenId>,
    refusals: Refusals,
    /// Whether calendars are compressed for whoever asks for it.
    gzip: bool,
    feed_rates: Rates<FeedId>,
    /// How addresses of calendars begin.
    base: String,
}

/// Adds the services of what people enter.
fn entered(services: &mut Services, desk: &impl Fn() -> Desk) {
    use v1::{
        handoff_note_service_server::HandoffNoteServiceServer, override_service_server::OverrideServiceServer,
        swap_service_server::SwapServiceServer, task_service_server::TaskServiceServer,
        time_off_service_server::TimeOffServiceServer,
    };
    let calendar_bytes = bodies::CALENDAR_REQUEST_BYTES_MAX;
    services
        .add(OverrideServiceServer::new(service::Overrides::new(desk())))
        .add(TimeOffServiceServer::new(service::TimeOffs::new(desk())).max_decoding_message_size(calendar_bytes))
        .add(SwapServiceServer::new(service::Swaps::new(desk())))
        .add(TaskServiceServer::new(service::Tasks::new(desk())))
        .add(HandoffNoteServiceServer::new(service::HandoffNotes::new(desk())));
}

/// Puts the gRPC services and the HTTP routes on one port.
async fn router(
    (rosters, tokens, calendars): (&Rosters, &Tokens, &Calendars),
    facts: service::ServerFacts,
    way_in: WayIn,
    more: impl FnOnce(&mut Services),
    pages: Pages,
) -> Result<Router, ServerError> {
    use v1::{
        calendar_service_server::CalendarServiceServer, change_service_server::ChangeServiceServer,
        duty_service_server::DutyServiceServer, feed_service_server::FeedServiceServer,
        holiday_set_service_server::HolidaySetServiceServer, report_service_server::ReportServiceServer,
        resident_service_server::ResidentServiceServer, roster_service_server::RosterServiceServer,
        server_service_server::ServerServiceServer, team_service_server::TeamServiceServer,
        token_service_server::TokenServiceServer,
    };
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let failed = |error: tonic_reflection::server::Error| ServerError::Services(error.to_string());
    let (reporter, health) = tonic_health::server::health_reporter();
    for name in SERVICES.into_iter().chain([""]) {
        reporter.set_service_status(name, tonic_health::ServingStatus::Serving).await;
    }
    let again = || Desk::closed(rosters.clone());
    let WayIn { hosts, admission, metrics, rates, refusals, gzip, feed_rates, base } = way_in;
    let feeds = Feeds::new(rosters.clone(), tokens.clone());
    let calendar_bytes = bodies::CALENDAR_REQUEST_BYTES_MAX;
    let mut services = Services::default();
    services
        .add_with(health, &["Check", "List", "Watch"], Need::Anyone)
        .add_with(reflection().build_v1().map_err(failed)?, &["ServerReflectionInfo"], Need::Anyone)
        .add_with(reflection().build_v1alpha().map_err(failed)?, &["ServerReflectionInfo"], Need::Anyone)
        .add(TeamServiceServer::new(service::Teams::new(again())))
        .add(ResidentServiceServer::new(service::Residents::new(again())))
        .add(DutyServiceServer::new(service::Duties::new(again())))
        .add(HolidaySetServiceServer::new(service::HolidaySets::new(again())).max_decoding_message_size(calendar_bytes))
        .add(TokenServiceServer::new(service::Tokens::new(again(), tokens.clone())))
        .add(FeedServiceServer::new(service::Feeds::new(again(), feeds.clone(), base)))
        .add(CalendarServiceServer::new(service::Calendars::new(again(), calendars.clone())))
        .add(service::OnDutyServer::new(service::OnDuty::new(again())))
        .add(RosterServiceServer::new(service::RosterFiles::new(again())))
        .add(ReportServiceServer::new(service::Reports::new(again())))
        .add(ChangeServiceServer::new(service::Changes::new(again())))
        .add(ServerServiceServer::new(service::ServerInfo::new(again(), facts)));
    entered(&mut services, &again);
    more(&mut services);
    let (routes, needs) = services.finish()?;
    let callers = Callers::new(needs, tokens.clone(), rates, refusals);
    let admit = middleware::from_fn_with_state(callers.clone(), callers::admit);
    let grpc = routes.prepare().into_axum_router().layer(admit).layer(middleware::from_fn(gate::grpc));
    let admits: http::Admits = Arc::new(move |feed: &FeedId| feed_rates.admit(feed));
    let own = http::pages(rosters.clone(), metrics.clone(), (feeds, admits), gzip).into_iter();
    let own = own.fold(pages, |pages, (path, need, handler)| match need {
        Some(need) => pages.page(path, need, handler),
        None => pages.open(path, handler),
    });
    // The last layer is the first that a request meets: what is turned away is counted too.
    Ok(own
        .finish(&callers)
        .merge(grpc)
        .fallback(unknown)
        .layer(middleware::from_fn_with_state(hosts, gate::known))
        .layer(middleware::from_fn_with_state(admission, admission::admit))
        .layer(middleware::from_fn_with_state(metrics, telemetry::observe)))
}

/// Answers what nothing else does: gRPC callers in gRPC, others with 404.
async fn unknown(request: axum::extract::Request) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc")) {
        return tonic::Status::unimplemented("there is no such method").into_http::<axum::body::Body>();
    }
    (StatusCode::NOT_FOUND, "there is nothing here\n").into_response()
}
