//! Who is let in: programs that speak gRPC, and plain HTTP that names this machine; no page that a browser has open.
//!
//! A browser sends what any page asks it to, to any address, this machine's own included. Without access control the
//! server has to tell such requests by what browsers cannot leave out or forge: `Host`, `Origin`, the content type and
//! the version of HTTP.
//!
//! A server with TLS needs no look at `Host`: no page has a certificate for a name that it made lead here.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::config::edge::Edge;

/// Under which names the server is asked.
#[derive(Clone, Debug)]
pub(super) enum Hosts {
    /// Any: whoever leads its name here gains nothing.
    Any,
    /// Those of this machine, and these.
    Local(Arc<[String]>),
}

impl Hosts {
    /// Returns the names of a server that listens on `address`.
    pub(super) fn of(edge: &Edge, address: SocketAddr) -> Self {
        match edge.tls.is_none() && address.ip().to_canonical().is_loopback() {
            true => Self::Local(edge.hosts.clone().into()),
            false => Self::Any,
        }
    }

    fn has(&self, host: &Authority) -> bool {
        match self {
            Self::Any => true,
            Self::Local(more) => is_local(host) || more.iter().any(|name| name.eq_ignore_ascii_case(bare(host))),
        }
    }
}

/// Lets a request through that names the server as its host.
///
/// A page can make its own name lead here (DNS rebinding) and then reads the answers; its name gives it away.
pub(super) async fn known(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let stated = request.headers().get_all(header::HOST).iter();
    let named = stated.map(|host| Authority::try_from(host.as_bytes()).is_ok_and(|host| hosts.has(&host)));
    let asked = request.uri().authority().into_iter().map(|host| hosts.has(host));
    if matches!(hosts, Hosts::Any) || asked.chain(named).all(|known| known) {
        return next.run(request).await;
    }
    let told = "this server answers to names of its own machine only: ask for 127.0.0.1, [::1] or localhost, or start it \
                with --host and the name\n";
    (StatusCode::MISDIRECTED_REQUEST, told).into_response()
}

/// Lets a request through that a gRPC client has sent.
pub(super) async fn grpc(request: Request, next: Next) -> Response {
    let refused = if request.headers().contains_key(header::ORIGIN) {
        (StatusCode::FORBIDDEN, "web pages may not call this server: leave out the header 'origin'\n")
    } else if request.version() != Version::HTTP_2 {
        (
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "gRPC needs HTTP/2: negotiate h2 in TLS, or without TLS send it with prior knowledge\n",
        )
    } else if !is_grpc(request.headers()) {
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "this is a gRPC method: its content-type is application/grpc\n")
    } else {
        return next.run(request).await;
    };
    refused.into_response()
}

/// Tells whether the content is that of a gRPC call: `application/grpc`, or with a format such as `+proto` behind it.
pub(super) fn is_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let format = kind.strip_prefix("application/grpc");
    format.is_some_and(|format| format.is_empty() || format.starts_with(['+', ';']))
}

fn is_local(authority: &Authority) -> bool {
    let name = bare(authority);
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback())
}

/// The host without its port, brackets and the dot at its end.
fn bare(authority: &Authority) -> &str {
    let host = authority.host();
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.strip_suffix('.').unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(host: &str) -> bool {
        Authority::try_from(host).is_ok_and(|host| is_local(&host))
    }

    #[test]
    fn this_machine_has_few_names() {
        for host in ["localhost", "LocalHost.:7373", "127.0.0.1:7373", "127.9.9.9", "[::1]:7373", "[::ffff:127.0.0.1]"]
        {
            assert!(local(host), "{host}");
        }
        for host in [
            "evil.example:7373",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.localhost",
            "127.0.0.1@evil.example",
            "0.0.0.0",
            "192.168.1.1",
            "[::2]",
            "",
        ] {
            assert!(!local(host), "{host}");
        }
    }

    #[test]
    fn a_server_that_others_reach_has_any_name_and_one_on_loopback_those_it_was_given() {
        let given = Edge { hosts: vec!["duty.example.org".to_owned()], ..Edge::default() };
        let has = |edge: &Edge, listen: &str, host: &str| {
            Hosts::of(edge, listen.parse().unwrap()).has(&Authority::try_from(host).unwrap())
        };
        assert!(has(&given, "127.0.0.1:1", "Duty.example.org.:443") && has(&given, "127.0.0.1:1", "localhost"));
        assert!(!has(&given, "127.0.0.1:1", "evil.example") && !has(&given, "[::1]:1", "a.duty.example.org"));
        assert!(has(&given, "192.0.2.1:1", "anything.example"));
        let files = crate::config::edge::TlsFiles { cert: "c".into(), key: "k".into(), client_ca: None };
        assert!(has(&Edge { tls: Some(files), ..Edge::default() }, "127.0.0.1:1", "anything.example"));
    }

    #[test]
    fn content_of_grpc_is_known_by_its_type() {
        let grpc = |kind: &str| is_grpc(&HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]));
        assert!(["application/grpc", "application/grpc+proto", "application/grpc;x=y"].into_iter().all(grpc));
        assert!(!["text/plain", "application/grpc-web", "application/json", ""].into_iter().any(grpc));
        assert!(!is_grpc(&HeaderMap::new()));
    }
}
