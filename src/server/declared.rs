//! What is served, each with what a caller has to be: a method or page that declares nothing is not served.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::MethodRouter;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::{Routes, RoutesBuilder};

use super::ServerError;
use super::callers::{Callers, admit_page};
use crate::access::Need;
use crate::proto::{NEEDS, v1};

/// A gRPC service as tonic makes it of a definition: it answers every call, and knows its name.
pub trait Grpc:
    tower::Service<http::Request<Body>, Error = Infallible, Response: IntoResponse, Future: Send + 'static>
    + NamedService
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Grpc for S where
    S: tower::Service<http::Request<Body>, Error = Infallible, Response: IntoResponse, Future: Send + 'static>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// The gRPC services of a server.
pub struct Services {
    routes: RoutesBuilder,
    needs: BTreeMap<String, Need>,
    undeclared: Vec<String>,
}

impl Default for Services {
    fn default() -> Self {
        Self { routes: Routes::builder(), needs: BTreeMap::new(), undeclared: Vec::new() }
    }
}

impl Services {
    /// Adds a service of `onduty.v1`; its definition says what each method needs.
    pub fn add<S: Grpc>(&mut self, service: S) -> &mut Self {
        let methods = NEEDS.iter().filter(|(path, _)| service_of(path) == S::NAME);
        let declared: Vec<(&str, Option<Need>)> = methods.map(|(path, need)| (*path, need_of(*need))).collect();
        self.add_declared(service, &declared)
    }

    /// Adds a service of another owner; `need` holds for the methods named, as `Method`.
    pub fn add_with<S: Grpc>(&mut self, service: S, methods: &[&str], need: Need) -> &mut Self {
        let paths: Vec<String> = methods.iter().map(|method| format!("/{}/{method}", S::NAME)).collect();
        let declared: Vec<_> = paths.iter().map(|path| (path.as_str(), Some(need))).collect();
        self.add_declared(service, &declared)
    }

    fn add_declared<S: Grpc>(&mut self, service: S, methods: &[(&str, Option<Need>)]) -> &mut Self {
        if methods.is_empty() {
            self.undeclared.push(S::NAME.to_owned());
        }
        for (path, need) in methods {
            match need {
                Some(need) => drop(self.needs.insert((*path).to_owned(), *need)),
                None => self.undeclared.push((*path).to_owned()),
            }
        }
        self.routes.add_service(service);
        self
    }

    /// Returns the routes, and what each method needs, by its path.
    ///
    /// # Errors
    ///
    /// [`ServerError::Undeclared`] where a method declares nothing.
    pub(super) fn finish(self) -> Result<(Routes, BTreeMap<String, Need>), ServerError> {
        match self.undeclared.is_empty() {
            true => Ok((self.routes.routes(), self.needs)),
            false => Err(ServerError::Undeclared(self.undeclared.join(", "))),
        }
    }
}

/// The pages of a server.
#[derive(Default)]
pub struct Pages {
    pages: Vec<(String, Option<Need>, MethodRouter)>,
}

impl Pages {
    /// Adds a page, and what its callers have to be.
    #[must_use]
    pub fn page(mut self, path: &str, need: Need, handler: MethodRouter) -> Self {
        self.pages.push((path.to_owned(), Some(need), handler));
        self
    }

    /// Adds a page at which nobody is asked who they are, and no token is looked at: its address says enough.
    #[must_use]
    pub fn open(mut self, path: &str, handler: MethodRouter) -> Self {
        self.pages.push((path.to_owned(), None, handler));
        self
    }

    /// Returns the pages, each open to such as it is for.
    pub(super) fn finish(self, callers: &Callers) -> Router {
        let admit = |need| from_fn_with_state((callers.clone(), need), admit_page);
        let add = |router: Router, (path, need, handler): (String, Option<Need>, MethodRouter)| match need {
            Some(need) => router.route(&path, handler.route_layer(admit(need))),
            None => router.route(&path, handler),
        };
        self.pages.into_iter().fold(Router::new(), add)
    }
}

fn service_of(path: &str) -> &str {
    path.trim_start_matches('/').split('/').next().unwrap_or_default()
}

fn need_of(need: v1::Need) -> Option<Need> {
    Some(match need {
        v1::Need::Unspecified => return None,
        v1::Need::Anyone => Need::Anyone,
        v1::Need::Reader => Need::Reader,
        v1::Need::Viewer => Need::Viewer,
        v1::Need::Resident => Need::Resident,
        v1::Need::Coordinator => Need::Coordinator,
        v1::Need::Admin => Need::Admin,
    })
}
