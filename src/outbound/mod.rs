//! Fetching from an address that somebody gave, safely for everybody else: the server stands where that person does
//! not, so it goes only where anybody could go, or where its administrator lets it.
//!
//! - Names become numbers once, these are checked, and it is one of them that is connected to. Every address that an
//!   answer leads to is checked likewise.
//! - Everything is bounded: the time, the headers, the body (unpacked), and how often an answer leads elsewhere.
//! - A body is returned whole or not at all.
//! - Addresses are secrets. Neither errors nor what is logged show more of one than its host.
//!
//! No proxy is used, nothing is remembered between two fetches, and nothing is sent that tells of anybody. It is one
//! connection and one request of HTTP/1.1 for each address.

mod address;
mod allowed;
mod answer;
mod connect;
mod error;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION, USER_AGENT};
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::client::conn::http1::Builder;
use hyper_util::rt::TokioIo;
use rustls::RootCertStore;
use tokio::task::JoinSet;

use crate::clock::Clock;
use connect::Connector;

pub use address::{ADDRESS_MAX, AddressError, WebAddress};
pub use allowed::Allowed;
pub use connect::{Names, Numbers, SystemNames};
pub use error::FetchError;

/// The most bytes of headers that are read of an answer.
const HEADER_BYTES_MAX: usize = 64 << 10;
/// The most bytes of HTTP/1 that are kept unread; headers have to fit in.
const BUFFER_BYTES_MAX: usize = HEADER_BYTES_MAX + (8 << 10);
/// Who asks. Outlook's servers answer with an error to `Mozilla/5.0` alone (derekantrican/GAS-ICS-Sync issue 500), and
/// want a system in brackets and `Chrome` with a version (nextcloud/server issue 54799; found by trying).
const AGENT: &str = concat!("Mozilla/5.0 (Linux) Chrome/139 (compatible; onduty/", env!("CARGO_PKG_VERSION"), ")");

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Where it is.
    pub address: &'a WebAddress,
    /// What kinds of content are wanted, as in the header `Accept`.
    pub accept: &'static str,
    /// The entity tag of what the caller has, as it was given with it.
    pub etag: Option<&'a str>,
    /// When what the caller has was changed last, as it was given with it.
    pub last_modified: Option<&'a str>,
    /// The most bytes that it may have, unpacked.
    pub bytes_max: usize,
}

/// What was got.
#[derive(Clone, Eq, PartialEq)]
pub enum Got {
    /// What the caller has is what there is.
    Unchanged,
    /// All that there is now.
    Fetched {
        /// The content, unpacked.
        bytes: Vec<u8>,
        /// Its entity tag, to be sent the next time.
        etag: Option<String>,
        /// When it was changed last, to be sent the next time.
        last_modified: Option<String>,
    },
}

impl fmt::Debug for Got {
    /// Writes how much it is and not what it is: that may be private.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchanged => f.write_str("Unchanged"),
            Self::Fetched { bytes, .. } => write!(f, "Fetched({} bytes)", bytes.len()),
        }
    }
}

/// What may be fetched, and how long it may take.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rules {
    /// What is allowed of what is not open to everybody.
    pub allowed: Allowed,
    /// Whether `http://` is allowed, by which others can read along.
    pub plaintext: bool,
    /// How long a connection may take until something can be sent.
    pub connect: Duration,
    /// How long all of it may take.
    pub whole: Duration,
    /// How often an answer may lead elsewhere.
    pub redirects: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            allowed: Allowed::default(),
            plaintext: false,
            connect: Duration::from_secs(5),
            whole: Duration::from_secs(20),
            redirects: 5,
        }
    }
}

/// Fetches what others have on the web.
pub struct Outbound {
    rules: Rules,
    connector: Connector,
    clock: Arc<dyn Clock>,
}

impl Outbound {
    /// Returns one that believes the authorities that the system does, or those in the file that `SSL_CERT_FILE`
    /// names, and that asks the system for names. Reads files.
    ///
    /// # Errors
    ///
    /// What TLS cannot be set up for. That there are no authorities is an error of each fetch over TLS instead.
    pub fn new(rules: Rules, clock: Arc<dyn Clock>) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        let (_, unusable) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        tracing::debug!(authorities = roots.len(), unusable, "authorities of the system were read");
        Self::with(rules, clock, Arc::new(SystemNames), roots)
    }

    /// Returns one with names and authorities of its own.
    ///
    /// # Errors
    ///
    /// The same as of [`Outbound::new`].
    pub fn with(
        rules: Rules,
        clock: Arc<dyn Clock>,
        names: Arc<dyn Names>,
        roots: RootCertStore,
    ) -> Result<Self, rustls::Error> {
        let connector = Connector::new(names, roots, rules.allowed.clone(), rules.connect)?;
        Ok(Self { rules, connector, clock })
    }

    /// Reads an address as [`WebAddress::parse`] does, `http://` by what is allowed here.
    ///
    /// # Errors
    ///
    /// [`AddressError`] names what is wrong and what to give instead.
    pub fn address(&self, text: &str) -> Result<WebAddress, AddressError> {
        WebAddress::parse(text, self.rules.plaintext)
    }

    /// Fetches what is asked for, if it is not what the caller has. Dropping the future ends it.
    ///
    /// # Errors
    ///
    /// [`FetchError`] says why it was not fetched; there is no part of it then.
    pub async fn get(&self, ask: &Ask<'_>) -> Result<Got, FetchError> {
        let fetched = tokio::time::timeout(self.rules.whole, self.follow(ask)).await;
        let (host, seconds) = (ask.address.host(), self.rules.whole.as_secs());
        fetched.unwrap_or(Err(FetchError::Slow { host, seconds }))
    }

    async fn follow(&self, ask: &Ask<'_>) -> Result<Got, FetchError> {
        let mut address = ask.address.clone();
        for hop in 0..=self.rules.redirects {
            let first = hop == 0;
            let request = request(&address, ask, first).ok_or(FetchError::Unknown { host: address.host() })?;
            let conditional =
                [IF_NONE_MATCH, IF_MODIFIED_SINCE].iter().any(|name| request.headers().contains_key(name));
            // The connection is kept until its answer is read, and closed before the next one is made.
            let mut connection = JoinSet::new();
            let answer = self.send(&address, request, &mut connection).await?;
            // Only who was asked whether something has changed can say that nothing has.
            if conditional && answer.status() == StatusCode::NOT_MODIFIED {
                return Ok(Got::Unchanged);
            }
            match Self::next(&address, &answer)? {
                Some(next) => address = next,
                None => return answer::read(answer, ask.bytes_max, first, address.host(), self.clock.now()).await,
            }
        }
        Err(FetchError::Redirects { host: address.host(), max: self.rules.redirects })
    }

    /// Asks one address, and returns its answer when the headers are there.
    async fn send(
        &self,
        address: &WebAddress,
        request: Request<Empty<Bytes>>,
        connection: &mut JoinSet<hyper::Result<()>>,
    ) -> Result<Response<Incoming>, FetchError> {
        if !address.is_secure() && !self.rules.plaintext {
            return Err(FetchError::Redirect { host: address.host(), why: AddressError::Plaintext });
        }
        let failed = |error: &hyper::Error| match error.is_parse_too_large() {
            true => FetchError::Headers { host: address.host() },
            false => FetchError::Broken { host: address.host() },
        };
        let stream = TokioIo::new(self.connector.connect(address).await?);
        let mut builder = Builder::new();
        builder.max_buf_size(BUFFER_BYTES_MAX).max_header_size(HEADER_BYTES_MAX);
        let (mut sender, spoken) = builder.handshake(stream).await.map_err(|error| failed(&error))?;
        connection.spawn(spoken);
        sender.send_request(request).await.map_err(|error| failed(&error))
    }

    /// Returns where an answer leads, if it leads anywhere.
    fn next(address: &WebAddress, answer: &Response<Incoming>) -> Result<Option<WebAddress>, FetchError> {
        let (host, status) = (address.host(), answer.status());
        if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let location = answer.headers().get(LOCATION).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        let location = location.ok_or(FetchError::Status { host: host.clone(), status: status.as_u16() })?;
        match address.join(location, true) {
            Ok(next) if next.is_secure() => Ok(Some(next)),
            Ok(_) if address.is_secure() => Err(FetchError::Downgrade { host }),
            Ok(next) => Ok(Some(next)),
            Err(why) => Err(FetchError::Redirect { host, why }),
        }
    }
}

/// Writes a request; validators are for the first address only, since they are its own.
fn request(address: &WebAddress, ask: &Ask<'_>, first: bool) -> Option<Request<Empty<Bytes>>> {
    let target = address.target().parse::<PathAndQuery>().ok()?;
    let mut request = Request::new(Empty::new());
    *request.uri_mut() = target.into();
    let headers = request.headers_mut();
    headers.insert(HOST, address.authority().parse().ok()?);
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    headers.insert(ACCEPT, ask.accept.parse().ok()?);
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    let mut validator = |name: HeaderName, value: Option<&str>| {
        // One that cannot be sent is as good as none: everything is fetched then.
        if let Some(value) = value.filter(|_| first).and_then(|value| value.parse().ok()) {
            headers.insert(name, value);
        }
    };
    validator(IF_NONE_MATCH, ask.etag);
    validator(IF_MODIFIED_SINCE, ask.last_modified);
    Some(request)
}
