//! How callers reach the server, and how much each may ask of it: TLS, proxies, limits.

use std::net::SocketAddr;
use std::num::{NonZero, NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use serde::Deserialize;

use super::ConfigError;
pub use crate::network::Network;
use crate::network::host_name;

/// The flags about callers.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Callers")]
pub struct EdgeFlags {
    /// Certificate chain in PEM, the server's own first: the port then speaks TLS only; read again when it changes
    #[arg(long, env = "ONDUTYD_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate, in PEM and not encrypted
    #[arg(long, env = "ONDUTYD_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Certificates of those who sign for callers, in PEM: every caller then has to show one that they signed
    #[arg(long, env = "ONDUTYD_TLS_CLIENT_CA", value_name = "FILE")]
    pub tls_client_ca: Option<PathBuf>,
    /// Listen without TLS on an address that is not loopback, behind a proxy that speaks it [env:
    /// ONDUTYD_ALLOW_PLAINTEXT=yes]
    #[arg(long, env = "ONDUTYD_ALLOW_PLAINTEXT", hide_env = true, value_parser = BoolishValueParser::new())]
    pub allow_plaintext: bool,
    /// Address or network of a proxy whose Forwarded and X-Forwarded-For are believed; may be repeated
    #[arg(long, env = "ONDUTYD_TRUSTED_PROXY", value_name = "ADDR|CIDR", value_delimiter = ',')]
    pub trusted_proxy: Vec<Network>,
    /// Host name that a server on loopback without TLS answers to, beside localhost and addresses; may be repeated
    #[arg(long, env = "ONDUTYD_HOST", value_name = "NAME", value_delimiter = ',', value_parser = host)]
    pub host: Vec<String>,
    /// Address under which callers know the server, as addresses of calendars begin; http or https, perhaps with a path
    /// [default: the address it listens on]
    #[arg(long, env = "ONDUTYD_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// Send calendars uncompressed, also to programs that take gzip [env: ONDUTYD_PLAIN_FEEDS=yes]
    #[arg(long, env = "ONDUTYD_PLAIN_FEEDS", hide_env = true, value_parser = BoolishValueParser::new())]
    pub plain_feeds: bool,
    /// Connections at a time [default: 800]
    #[arg(long, env = "ONDUTYD_MAX_CONNECTIONS", value_name = "N")]
    pub max_connections: Option<NonZeroUsize>,
    /// Connections at a time from one address, trusted proxies aside [default: 200]
    #[arg(long, env = "ONDUTYD_MAX_CONNECTIONS_PER_ADDRESS", value_name = "N")]
    pub max_connections_per_address: Option<NonZeroUsize>,
    /// Requests a second that one address may make in the long run; 0 is no limit [default: 500]
    #[arg(long, env = "ONDUTYD_REQUESTS_PER_SECOND", value_name = "N")]
    pub requests_per_second: Option<u32>,
    /// Requests that one address may make at once [default: 5000]
    #[arg(long, env = "ONDUTYD_REQUEST_BURST", value_name = "N")]
    pub request_burst: Option<NonZeroU32>,
    /// Requests a second for one feed, from wherever, in the long run; 0 is no limit [default: 1]
    #[arg(long, env = "ONDUTYD_FEED_REQUESTS_PER_SECOND", value_name = "N")]
    pub feed_requests_per_second: Option<u32>,
    /// Requests for one feed at once, from wherever [default: 120]
    #[arg(long, env = "ONDUTYD_FEED_BURST", value_name = "N")]
    pub feed_burst: Option<NonZeroU32>,
}

/// The same, as the configuration file has it.
#[derive(Debug, Default)]
pub(super) struct EdgeFile {
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub tls_client_ca: Option<PathBuf>,
    pub allow_plaintext: Option<bool>,
    pub trusted_proxy: Option<Vec<Network>>,
    pub host: Option<Vec<HostName>>,
    pub public_url: Option<PublicUrl>,
    pub plain_feeds: Option<bool>,
    pub max_connections: Option<NonZeroUsize>,
    pub max_connections_per_address: Option<NonZeroUsize>,
    pub requests_per_second: Option<u32>,
    pub request_burst: Option<NonZeroU32>,
    pub feed_requests_per_second: Option<u32>,
    pub feed_burst: Option<NonZeroU32>,
}

/// How callers reach the server, and how much each may ask of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Edge {
    /// The files of TLS; without them the port speaks plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Proxies that are believed about whom they call for.
    pub trusted_proxies: Vec<Network>,
    /// Host names that a server on loopback without TLS answers to, beside those of the machine.
    pub hosts: Vec<String>,
    /// How addresses of calendars begin; `None` is with the address that the server listens on.
    pub public_url: Option<PublicUrl>,
    /// Whether calendars are sent uncompressed, whatever is asked for.
    pub plain_feeds: bool,
    /// How much may be asked of the server.
    pub limits: Limits,
}

/// The files of TLS.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TlsFiles {
    /// The certificate chain.
    pub cert: PathBuf,
    /// The private key.
    pub key: PathBuf,
    /// Who signs for callers, if these have to show certificates.
    pub client_ca: Option<PathBuf>,
}

/// How much may be asked of the server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// Connections at a time from one address.
    pub connections_per_address: usize,
    /// Calls in progress at a time.
    pub calls: usize,
    /// Calls in progress at a time from one address.
    pub calls_per_address: usize,
    /// Requests a second from one address in the long run; 0 is no limit.
    pub requests_per_second: u32,
    /// Requests at once from one address.
    pub request_burst: u32,
    /// Requests a second for one feed in the long run; 0 is no limit.
    pub feed_requests_per_second: u32,
    /// Requests at once for one feed.
    pub feed_burst: u32,
    /// How long a TLS handshake may take.
    pub handshake: Duration,
    /// How long a caller may take to send its headers, and to make the first request of a connection.
    pub headers: Duration,
    /// How long a connection may have no call in progress.
    pub idle: Duration,
    /// How long a call may take until its answer begins, its request included.
    pub call: Duration,
    /// How long a caller may take to read an answer.
    pub answer: Duration,
    /// How long an HTTP/2 connection is quiet before its caller is asked whether it is still there.
    pub ping_after: Duration,
    /// How long the caller may take to answer that.
    pub ping_answer: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 800,
            connections_per_address: 200,
            calls: 1_000,
            calls_per_address: 250,
            requests_per_second: 500,
            request_burst: 5_000,
            feed_requests_per_second: 1,
            feed_burst: 120,
            handshake: Duration::from_secs(10),
            headers: Duration::from_secs(10),
            idle: Duration::from_secs(600),
            call: Duration::from_secs(60),
            answer: Duration::from_secs(60),
            ping_after: Duration::from_secs(30),
            ping_answer: Duration::from_secs(20),
        }
    }
}

impl Edge {
    /// Works out what holds: flags go before the file, the file before the defaults.
    pub(super) fn new(flags: EdgeFlags, file: EdgeFile, listen: SocketAddr) -> Result<Self, ConfigError> {
        let tls = tls_files(
            flags.tls_cert.or(file.tls_cert),
            flags.tls_key.or(file.tls_key),
            flags.tls_client_ca.or(file.tls_client_ca),
        )?;
        let allow_plaintext = flags.allow_plaintext || file.allow_plaintext.unwrap_or(false);
        reachable(listen, tls.is_some(), allow_plaintext)?;
        let defaults = Limits::default();
        let limits = Limits {
            connections: flags.max_connections.or(file.max_connections).map_or(defaults.connections, NonZero::get),
            connections_per_address: flags
                .max_connections_per_address
                .or(file.max_connections_per_address)
                .map_or(defaults.connections_per_address, NonZero::get),
            requests_per_second: flags
                .requests_per_second
                .or(file.requests_per_second)
                .unwrap_or(defaults.requests_per_second),
            request_burst: flags.request_burst.or(file.request_burst).map_or(defaults.request_burst, NonZero::get),
            feed_requests_per_second: flags
                .feed_requests_per_second
                .or(file.feed_requests_per_second)
                .unwrap_or(defaults.feed_requests_per_second),
            feed_burst: flags.feed_burst.or(file.feed_burst).map_or(defaults.feed_burst, NonZero::get),
            ..defaults
        };
        let hosts = file.host.unwrap_or_default().into_iter().map(|host| host.0).collect();
        Ok(Self {
            tls,
            trusted_proxies: stated(flags.trusted_proxy, file.trusted_proxy.unwrap_or_default()),
            hosts: stated(flags.host, hosts),
            public_url: flags.public_url.or(file.public_url),
            plain_feeds: flags.plain_feeds || file.plain_feeds.unwrap_or(false),
            limits,
        })
    }
}

/// What the address of a calendar has beyond the beginning, and what is left for that of the 256 characters that
/// calendar programs take.
const PUBLIC_URL_MAX: usize = 256 - 80;

/// An address under which callers know the server, without a slash at its end.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Returns it as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = text.trim_end_matches('/');
        let wrong = |why: &str| Err(format!("'{text}' {why}; give one such as https://duty.example.org"));
        let Ok(uri) = url.parse::<http::Uri>() else { return wrong("is no address") };
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
            return wrong("does not begin with http:// or https:// and a host");
        }
        if uri.query().is_some() || url.contains(['#', '@', '%']) || !url.is_ascii() {
            return wrong("has more than a host, a port and a plain path");
        }
        if url.len() > PUBLIC_URL_MAX {
            return wrong(&format!("is longer than {PUBLIC_URL_MAX} characters"));
        }
        Ok(Self(url.to_owned()))
    }
}

impl TryFrom<String> for PublicUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

fn stated<T>(flags: Vec<T>, file: Vec<T>) -> Vec<T> {
    if flags.is_empty() { file } else { flags }
}

fn tls_files(
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    client_ca: Option<PathBuf>,
) -> Result<Option<TlsFiles>, ConfigError> {
    let lacking = |has: &'static str, lacks: &'static str| Err(ConfigError::TlsPart { has, lacks });
    match (cert, key) {
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert, key, client_ca })),
        (Some(_), None) => lacking("tls-cert", "tls-key"),
        (None, Some(_)) => lacking("tls-key", "tls-cert"),
        (None, None) if client_ca.is_some() => lacking("tls-client-ca", "tls-cert and tls-key"),
        (None, None) => Ok(None),
    }
}

/// Decides whether the server may listen on an address: tokens must not be read along by others, unless somebody says
/// that a proxy sees to it.
fn reachable(listen: SocketAddr, tls: bool, allow_plaintext: bool) -> Result<(), ConfigError> {
    let safe = tls || allow_plaintext || listen.ip().to_canonical().is_loopback();
    if safe { Ok(()) } else { Err(ConfigError::Plaintext(listen)) }
}

/// A host name in the configuration file.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct HostName(String);

impl TryFrom<String> for HostName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        host(&text).map(Self)
    }
}

/// Reads a host name, without a port: a host is the same on every port.
fn host(text: &str) -> Result<String, String> {
    host_name(text)
        .ok_or_else(|| format!("'{text}' is no host name; give one such as duty.example.org, without scheme and port"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_reach_only_a_server_that_hides_what_callers_say() {
        let away = "192.0.2.1:7373".parse().unwrap();
        for (tls, plaintext) in [(false, false), (true, false), (false, true), (true, true)] {
            assert_eq!(reachable(away, tls, plaintext).is_ok(), tls || plaintext, "{tls} {plaintext}");
            for home in ["127.0.0.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
                assert!(reachable(home.parse().unwrap(), tls, plaintext).is_ok(), "{home}");
            }
        }
        let told = reachable(away, false, false).unwrap_err().to_string();
        assert!(told.contains("192.0.2.1:7373") && told.contains("--allow-plaintext"), "{told}");
    }

    #[test]
    fn a_part_of_tls_is_refused_by_what_is_missing() {
        let file = || Some(PathBuf::from("f"));
        for (given, words) in [
            ((file(), None, None), ["tls-cert", "tls-key"]),
            ((None, file(), file()), ["tls-key", "tls-cert"]),
            ((None, None, file()), ["tls-client-ca", "tls-cert and tls-key"]),
        ] {
            let told = tls_files(given.0, given.1, given.2).unwrap_err().to_string();
            assert!(words.iter().all(|word| told.contains(word)), "{told}");
        }
        assert_eq!(tls_files(None, None, None).unwrap(), None);
        assert!(tls_files(file(), file(), None).unwrap().is_some());
    }

    #[test]
    fn a_host_is_a_name_and_no_url() {
        assert_eq!(host("Duty.Example.org.").as_deref(), Ok("duty.example.org"));
        for text in ["https://duty.example.org", "duty.example.org:443", "", "a..b", "a b", "*.example.org"] {
            assert!(host(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_public_address_is_a_scheme_a_host_and_perhaps_a_path() {
        let read = |text: &str| text.parse::<PublicUrl>().map(|url| url.as_str().to_owned());
        assert_eq!(read("https://duty.example.org/").unwrap(), "https://duty.example.org");
        assert_eq!(read("http://[::1]:7373/on/duty").unwrap(), "http://[::1]:7373/on/duty");
        let long = format!("https://{}.example", "a".repeat(170));
        for wrong in
            ["duty.example.org", "ftp://a", "https://", "https://a?b", "https://a@b", "https://a/#b", &long, "//a"]
        {
            assert!(read(wrong).unwrap_err().contains("https://duty.example.org"), "{wrong}");
        }
    }
}
