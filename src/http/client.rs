//! Who is at the other end: the address that a request comes from, through proxies where these are trusted.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::FORWARDED;
use axum::http::{HeaderMap, HeaderName};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Marks an answer as given before there was a call: the path that was asked for may be anything.
#[derive(Clone, Copy, Debug)]
pub struct Unheard;

/// The address that a request comes from, as an extension of the request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Works out who sent a request that came from `peer`.
    ///
    /// What headers say holds only where a proxy that is `trusted` passed it on: then it is the last address that is not
    /// such a proxy's. Where the two headers disagree, one was set by the proxy and the other by anybody; neither is
    /// believed.
    #[must_use]
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: impl Fn(IpAddr) -> bool) -> Self {
        let peer = peer.to_canonical();
        if !trusted(peer) {
            return Self(peer);
        }
        let last = |hops: Option<Vec<Option<IpAddr>>>| hops.map(|hops| last(peer, &hops, &trusted));
        let named = values(headers, &X_FORWARDED_FOR).map(|list| list.iter().map(|hop| address(hop)).collect());
        let forwarded = values(headers, &FORWARDED).map(|list| list.iter().map(|hop| forwarded_for(hop)).collect());
        Self(match (last(named), last(forwarded)) {
            (Some(one), Some(other)) if one != other => peer,
            (one, other) => one.or(other).unwrap_or(peer),
        })
    }
}

/// Goes from the server outwards, as far as there are proxies that are trusted.
fn last(peer: IpAddr, hops: &[Option<IpAddr>], trusted: impl Fn(IpAddr) -> bool) -> IpAddr {
    let mut farthest = peer;
    for hop in hops.iter().rev() {
        // Who hides, or is written in no way that is known, is known by who passed it on.
        let Some(address) = hop else { return farthest };
        farthest = *address;
        if !trusted(farthest) {
            return farthest;
        }
    }
    farthest
}

/// Returns the elements of a header that is a list, in order; nothing where the header is not there.
fn values(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<String>> {
    let lines = headers.get_all(name).iter();
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap_or_default()).collect();
    let elements = lines.iter().flat_map(|line| line.split(','));
    (!lines.is_empty()).then(|| elements.map(|element| element.trim().to_owned()).collect())
}

/// Reads the `for` of an element such as `for="[2001:db8::1]:4711";proto=https` (RFC 7239).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    address(node.trim().trim_matches('"'))
}

/// Reads an address, with a port or without.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, headers: &[(&'static str, &str)]) -> String {
        let trusted = |address: IpAddr| address.to_string().starts_with("10.");
        let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, value);
        }
        ClientAddress::of(peer.parse().unwrap(), &map, trusted).0.to_string()
    }

    #[test]
    fn headers_say_nothing_where_the_peer_is_not_trusted() {
        assert_eq!(client("192.0.2.1", &[("x-forwarded-for", "198.51.100.7")]), "192.0.2.1");
        assert_eq!(client("::ffff:192.0.2.1", &[("forwarded", "for=198.51.100.7")]), "192.0.2.1");
    }

    #[test]
    fn the_last_address_that_is_not_a_trusted_proxy_counts() {
        for (value, expected) in [
            ("198.51.100.7", "198.51.100.7"),
            ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
            ("203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
            ("10.0.0.3,10.0.0.2", "10.0.0.3"),
            ("198.51.100.7:4711", "198.51.100.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("198.51.100.7, nonsense", "10.0.0.1"),
            ("198.51.100.7, unknown, 10.0.0.2", "10.0.0.2"),
            ("", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[("x-forwarded-for", value)]), expected, "{value}");
        }
        let twice = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "198.51.100.7")];
        assert_eq!(client("10.0.0.1", &twice), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_standard_header_is_read_too() {
        for (value, expected) in [
            ("for=198.51.100.7", "198.51.100.7"),
            ("For=\"[2001:db8::1]:4711\";proto=https, for=10.0.0.2;by=10.0.0.1", "2001:db8::1"),
            ("proto=https;for=198.51.100.7", "198.51.100.7"),
            ("for=198.51.100.7, for=_hidden", "10.0.0.1"),
            ("proto=https", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[("forwarded", value)]), expected, "{value}");
        }
    }

    #[test]
    fn headers_that_disagree_are_not_believed() {
        let both = |other| client("10.0.0.1", &[("x-forwarded-for", "198.51.100.7"), ("forwarded", other)]);
        assert_eq!(both("for=203.0.113.9"), "10.0.0.1");
        assert_eq!(both("for=198.51.100.7"), "198.51.100.7");
    }
}
