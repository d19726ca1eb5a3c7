//! Who is let in: programs that speak gRPC, and plain HTTP that names this machine; no page that a browser has open.
//!
//! A browser sends what any page asks it to, to any address, this machine's own included. Without access control the
//! server has to tell such requests by what browsers cannot leave out or forge: `Host`, `Origin`, the content type and
//! the version of HTTP.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Lets a request through that names this machine as its host.
///
/// A page can make its own name lead here (DNS rebinding) and then reads the answers; its name gives it away.
pub(super) async fn local(request: Request, next: Next) -> Response {
    let stated = request.headers().get_all(header::HOST).iter();
    let hosts = stated.map(|host| Authority::try_from(host.as_bytes()).is_ok_and(|host| is_local(&host)));
    if request.uri().authority().into_iter().map(is_local).chain(hosts).all(|local| local) {
        return next.run(request).await;
    }
    let told = "this server answers to names of its own machine only: ask for 127.0.0.1, [::1] or localhost\n";
    (StatusCode::MISDIRECTED_REQUEST, told).into_response()
}

/// Lets a request through that a gRPC client has sent.
pub(super) async fn grpc(request: Request, next: Next) -> Response {
    let refused = if request.headers().contains_key(header::ORIGIN) {
        (StatusCode::FORBIDDEN, "web pages may not call this server: leave out the header 'origin'\n")
    } else if request.version() != Version::HTTP_2 {
        (StatusCode::HTTP_VERSION_NOT_SUPPORTED, "gRPC needs HTTP/2: send it with prior knowledge, without TLS\n")
    } else if !is_grpc(request.headers()) {
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "this is a gRPC method: its content-type is application/grpc\n")
    } else {
        return next.run(request).await;
    };
    refused.into_response()
}

/// Tells whether the content is that of a gRPC call: `application/grpc`, or with a format such as `+proto` behind it.
fn is_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let format = kind.strip_prefix("application/grpc");
    format.is_some_and(|format| format.is_empty() || format.starts_with(['+', ';']))
}

fn is_local(authority: &Authority) -> bool {
    let host = authority.host();
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let name = bare.strip_suffix('.').unwrap_or(bare);
    name.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback())
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
    fn content_of_grpc_is_known_by_its_type() {
        let grpc = |kind: &str| is_grpc(&HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]));
        assert!(["application/grpc", "application/grpc+proto", "application/grpc;x=y"].into_iter().all(grpc));
        assert!(!["text/plain", "application/grpc-web", "application/json", ""].into_iter().any(grpc));
        assert!(!is_grpc(&HeaderMap::new()));
    }
}
