//! Connections: a name becomes numbers once, these are checked, and it is one of them that is connected to.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

use super::address::WebAddress;
use super::allowed::Allowed;
use super::error::FetchError;

/// The most numbers of a host that are tried.
const TRIES_MAX: usize = 8;
/// How long one number is tried alone before the next one is tried beside it (RFC 8305 §5).
const STAGGER: Duration = Duration::from_millis(250);

/// The numbers that a name stands for, when they are known.
pub type Numbers<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Tells which numbers a host's name stands for.
pub trait Names: Send + Sync + 'static {
    /// Looks a name up; the numbers that are to be tried first come first.
    fn look_up<'a>(&'a self, host: &'a str) -> Numbers<'a>;
}

/// Names as the system knows them.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNames;

impl Names for SystemNames {
    fn look_up<'a>(&'a self, host: &'a str) -> Numbers<'a> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect()) })
    }
}

/// What bytes go through, be it TLS or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// How connections are made.
pub(super) struct Connector {
    names: Arc<dyn Names>,
    allowed: Allowed,
    /// The most time that a connection takes until something can be sent, TLS included.
    within: Duration,
    /// Nothing where there are no authorities.
    tls: Option<TlsConnector>,
}

impl Connector {
    pub(super) fn new(
        names: Arc<dyn Names>,
        roots: RootCertStore,
        allowed: Allowed,
        within: Duration,
    ) -> Result<Self, rustls::Error> {
        let provider = Arc::new(ring::default_provider());
        let tls = if roots.is_empty() {
            None
        } else {
            let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
            let verifier = verifier.map_err(|error| rustls::Error::General(error.to_string()))?;
            let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
            let mut config = config.with_webpki_verifier(verifier).with_no_client_auth();
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            Some(TlsConnector::from(Arc::new(config)))
        };
        Ok(Self { names, allowed, within, tls })
    }

    /// Connects to an address that is allowed.
    pub(super) async fn connect(&self, address: &WebAddress) -> Result<Box<dyn Stream>, FetchError> {
        let host = address.host();
        let connected = tokio::time::timeout(self.within, async {
            let numbers = self.numbers(address, &host).await?;
            let stream = race(&numbers).await.map_err(|error| unreachable(&host, &error))?;
            if !address.is_secure() {
                return Ok(Box::new(stream) as Box<dyn Stream>);
            }
            let tls = self.tls.as_ref().ok_or(FetchError::NoAuthorities)?;
            let name = ServerName::try_from(host.clone()).map_err(|_| FetchError::Unknown { host: host.clone() })?;
            let stream = tls.connect(name, stream).await.map_err(|error| not_shaken(&host, &error))?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        });
        let why = || format!("it did not answer within {} s", self.within.as_secs_f32());
        connected.await.unwrap_or_else(|_| Err(FetchError::Unreachable { host: host.clone(), why: why() }))
    }

    /// The numbers of a host that may be connected to, with the port.
    async fn numbers(&self, address: &WebAddress, host: &str) -> Result<Vec<SocketAddr>, FetchError> {
        let numbers = match address.number() {
            Some(number) => vec![number],
            None => self.names.look_up(host).await.unwrap_or_default(),
        };
        if numbers.is_empty() {
            return Err(FetchError::Unknown { host: host.to_owned() });
        }
        let mut permitted: Vec<SocketAddr> = Vec::new();
        for number in numbers.into_iter().map(|number| number.to_canonical()) {
            let number_and_port = SocketAddr::new(number, address.port());
            if self.allowed.permits(host, number) && !permitted.contains(&number_and_port) {
                permitted.push(number_and_port);
            }
        }
        permitted.truncate(TRIES_MAX);
        if permitted.is_empty() { Err(FetchError::Inside { host: host.to_owned() }) } else { Ok(permitted) }
    }
}

/// Connects to whichever answers first; the later ones are tried when the earlier ones take long or fail.
async fn race(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut tries = JoinSet::new();
    let mut failed = None;
    let mut left = addresses.iter().copied();
    loop {
        match left.next() {
            Some(address) => drop(tries.spawn(TcpStream::connect(address))),
            None if tries.is_empty() => return Err(failed.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into())),
            None => {}
        }
        let first = tries.join_next();
        let ended = match left.len() {
            0 => first.await,
            _ => tokio::time::timeout(STAGGER, first).await.unwrap_or_default(),
        };
        match ended {
            Some(Ok(Ok(stream))) => return Ok(stream),
            Some(Ok(Err(error))) => failed = Some(error),
            Some(Err(_)) | None => {}
        }
    }
}

fn unreachable(host: &str, error: &io::Error) -> FetchError {
    let why = match error.kind() {
        io::ErrorKind::ConnectionRefused => "nothing listens on that port",
        io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof => "it hung up",
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => "there is no way to it from here",
        _ => "the connection failed",
    };
    FetchError::Unreachable { host: host.to_owned(), why: why.to_owned() }
}

/// Why there was no handshake of TLS.
fn not_shaken(host: &str, error: &io::Error) -> FetchError {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let why = match tls {
        None => return unreachable(host, error),
        Some(rustls::Error::InvalidCertificate(wrong)) => match wrong {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet"
            }
            CertificateError::UnknownIssuer => "nobody known to this server has signed its certificate",
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is for another name"
            }
            CertificateError::Revoked => "its certificate was revoked",
            _ => "its certificate is not valid",
        },
        Some(_) => "it does not speak TLS as it should",
    };
    FetchError::Untrusted { host: host.to_owned(), why: why.to_owned() }
}
