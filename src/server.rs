//! The server: everything wired together, on one port for gRPC and HTTP.

mod admission;
mod connections;
mod declared;
mod demo;
mod forget;
mod gate;
mod summary;

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
use crate::http::{self, metrics::Metrics};
use crate::proto::{DESCRIPTOR_SET, v1};
use crate::roster::{Desk, Rosters};
use crate::service;
use crate::store::{MemoryStore, SledStore, Store, StoreError};
use crate::telemetry;
use crate::tzdb::{self, TzdbError};

use admission::Admission;
pub use declared::{Pages, Services};
pub use forget::forget;

/// Every service of the API, by the name under which its health is asked for.
const SERVICES: [&str; 11] = [
    v1::change_service_server::SERVICE_NAME,
    v1::duty_service_server::SERVICE_NAME,
    v1::holiday_set_service_server::SERVICE_NAME,
    v1::on_duty_service_server::SERVICE_NAME,
    v1::override_service_server::SERVICE_NAME,
    v1::resident_service_server::SERVICE_NAME,
    v1::roster_service_server::SERVICE_NAME,
    v1::server_service_server::SERVICE_NAME,
    v1::task_service_server::SERVICE_NAME,
    v1::team_service_server::SERVICE_NAME,
    v1::time_off_service_server::SERVICE_NAME,
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
    /// The bundled roster could not be loaded.
    #[error("cannot load the bundled roster: {0}")]
    Demo(String),
    /// A method or a page says nothing of who may use it.
    #[error("these say nothing of who may use them: {0}")]
    Undeclared(String),
    /// The gRPC services could not be put together.
    #[error("cannot put the services together: {0}")]
    Services(String),
}

/// A server that is ready to serve.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    rosters: Rosters,
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
        let rosters = Rosters::open(open_store(config).await?, Arc::new(tzdb.rules), Arc::clone(&clock)).await?;
        if config.demo {
            demo::load(&rosters).await.map_err(|refusal| ServerError::Demo(refusal.to_string()))?;
        }
        let refused = |source| ServerError::Listen { address: config.listen, source };
        let listener = TcpListener::bind(config.listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let router = router(&rosters, facts, services, pages).await?;
        let erase_after_days = config.erase_after_days.0;
        Ok(Self { listener, address, router, rosters, clock, erase_after_days, demo: config.demo })
    }

    /// Returns the address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Says how the team of the bundled roster stands: who is on duty, the next handoff, the gaps ahead, the calendar.
    ///
    /// It is empty where the demo was not asked for, or its team is gone.
    pub async fn summary(&self) -> String {
        let Some(team) = demo::team().filter(|_| self.demo) else { return String::new() };
        let state = self.rosters.state(&team);
        summary::of(&self.rosters, &state.snapshot, self.address).await.unwrap_or_else(|status| {
            tracing::warn!(%status, "the summary could not be made");
            String::new()
        })
    }

    /// Serves until `stop` is cancelled; then finishes what it has accepted.
    pub async fn serve(self, stop: CancellationToken) {
        tracing::info!(address = %self.address, "listening");
        let rosters = self.rosters.clone();
        let erasing = self.erase_after_days.map(|days| tokio::spawn(rosters.keep_erasing(self.clock, days)));
        connections::serve(self.listener, self.router, stop).await;
        // What it is at is finished all the same, as every change is.
        if let Some(erasing) = erasing {
            erasing.abort();
        }
        self.rosters.finish().await;
        tracing::info!("stopped");
    }
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

/// Puts the gRPC services and the HTTP routes on one port.
async fn router(
    rosters: &Rosters,
    facts: service::ServerFacts,
    more: impl FnOnce(&mut Services),
    pages: Pages,
) -> Result<Router, ServerError> {
    use v1::{
        change_service_server::ChangeServiceServer, duty_service_server::DutyServiceServer,
        holiday_set_service_server::HolidaySetServiceServer, on_duty_service_server::OnDutyServiceServer,
        override_service_server::OverrideServiceServer, resident_service_server::ResidentServiceServer,
        roster_service_server::RosterServiceServer, server_service_server::ServerServiceServer,
        task_service_server::TaskServiceServer, team_service_server::TeamServiceServer,
        time_off_service_server::TimeOffServiceServer,
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
    let mut services = Services::default();
    services
        .add_with(health, &["Check", "List", "Watch"], Need::Anyone)
        .add_with(reflection().build_v1().map_err(failed)?, &["ServerReflectionInfo"], Need::Anyone)
        .add_with(reflection().build_v1alpha().map_err(failed)?, &["ServerReflectionInfo"], Need::Anyone)
        .add(TeamServiceServer::new(service::Teams::new(again())))
        .add(ResidentServiceServer::new(service::Residents::new(again())))
        .add(DutyServiceServer::new(service::Duties::new(again())))
        .add(HolidaySetServiceServer::new(service::HolidaySets::new(again())))
        .add(OverrideServiceServer::new(service::Overrides::new(again())))
        .add(TimeOffServiceServer::new(service::TimeOffs::new(again())))
        .add(TaskServiceServer::new(service::Tasks::new(again())))
        .add(OnDutyServiceServer::new(service::OnDuty::new(again())))
        .add(RosterServiceServer::new(service::RosterFiles::new(again())))
        .add(ChangeServiceServer::new(service::Changes::new(again())))
        .add(ServerServiceServer::new(service::ServerInfo::new(again(), facts)));
    more(&mut services);
    let metrics = Metrics::default();
    let (routes, needs) = services.finish()?;
    let admission = middleware::from_fn_with_state(Admission::new(needs), admission::admit);
    let grpc = routes.prepare().into_axum_router().layer(admission).layer(middleware::from_fn(gate::grpc));
    let own = http::pages(rosters.clone(), metrics.clone()).into_iter();
    let own = own.fold(pages, |pages, (path, need, handler)| pages.page(path, need, handler));
    // The last layer is the first that a request meets: what is turned away is counted too.
    Ok(own
        .finish()
        .0
        .merge(grpc)
        .fallback(unknown)
        .layer(middleware::from_fn(gate::local))
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
