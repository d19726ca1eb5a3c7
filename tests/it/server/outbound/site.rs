//! Hosts that answer what they are told, byte by byte, and worlds in which they have names.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use onduty::clock::ManualClock;
use onduty::outbound::{Ask, FetchError, Got, Names, Numbers, Outbound, Rules, WebAddress};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use crate::support::certificates::{Authority, Pair};

pub const NOW: &str = "2026-11-23T08:00:00Z";
/// What every address here has behind its host, and no error may show.
pub const SECRET: &str = "/secret-path/a.ics?secret=query";

/// What a host does after it has answered.
#[derive(Clone, Copy)]
pub enum Then {
    /// Hangs up as it should.
    Close,
    /// Hangs up without a goodbye in TLS.
    Break,
    /// Sends nothing more and waits until the other hangs up.
    Stay,
    /// Sends a byte now and then, for ever.
    Drip,
}

type Script = dyn Fn(&str) -> (Vec<u8>, Then) + Send + Sync;

/// A host.
#[derive(Clone)]
pub struct Site {
    pub address: SocketAddr,
    /// The heads of the requests that came.
    pub asked: Arc<Mutex<Vec<String>>>,
    /// How many requests were answered.
    pub came: Arc<Semaphore>,
    /// How many connections the other end has closed while the host stayed.
    pub left: Arc<Semaphore>,
}

impl Site {
    /// Listens on an address, in TLS if it has a certificate, and answers each request by what its head says.
    pub async fn new(
        at: &str,
        cert: Option<&Pair>,
        script: impl Fn(&str) -> (Vec<u8>, Then) + Send + Sync + 'static,
    ) -> Self {
        Self::on(TcpListener::bind(at).await.unwrap(), cert, script)
    }

    /// Answers where somebody listens already.
    pub fn on(
        listener: TcpListener,
        cert: Option<&Pair>,
        script: impl Fn(&str) -> (Vec<u8>, Then) + Send + Sync + 'static,
    ) -> Self {
        let none = || Arc::new(Semaphore::new(0));
        let address = listener.local_addr().unwrap();
        let site = Self { address, asked: Arc::default(), came: none(), left: none() };
        let (tls, served) = (cert.map(acceptor), site.clone());
        let script: Arc<Script> = Arc::new(script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (site, tls, script) = (served.clone(), tls.clone(), Arc::clone(&script));
                tokio::spawn(async move {
                    // What goes wrong here is told by the other end.
                    let _ = site.serve(stream, tls, &*script).await;
                });
            }
        });
        site
    }

    async fn serve(&self, stream: TcpStream, tls: Option<TlsAcceptor>, script: &Script) -> io::Result<()> {
        match tls {
            None => self.converse(stream, script).await.map(drop),
            Some(tls) => {
                let mut stream = tls.accept(stream).await?;
                match self.converse(&mut stream, script).await? {
                    Then::Break => stream.get_mut().0.shutdown().await,
                    _ => stream.shutdown().await,
                }
            }
        }
    }

    async fn converse(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin, script: &Script) -> io::Result<Then> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8(head).unwrap();
        let (answer, then) = script(&head);
        self.asked.lock().unwrap().push(head);
        stream.write_all(&answer).await?;
        stream.flush().await?;
        self.came.add_permits(1);
        match then {
            Then::Close | Then::Break => {}
            Then::Stay => {
                let _ = stream.read_to_end(&mut Vec::new()).await;
                self.left.add_permits(1);
            }
            Then::Drip => loop {
                stream.write_all(b"x").await?;
                stream.flush().await?;
                let _ = tokio::time::timeout(Duration::from_millis(10), std::future::pending::<()>()).await;
            },
        }
        Ok(then)
    }

    /// How many requests came.
    pub fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// The head of the last request.
    pub fn last(&self) -> String {
        self.asked.lock().unwrap().last().unwrap().to_ascii_lowercase()
    }

    /// An address at this host under a name.
    pub fn url(&self, host: &str) -> String {
        format!("https://{host}:{}{SECRET}", self.address.port())
    }
}

fn acceptor(cert: &Pair) -> TlsAcceptor {
    let key = PrivateKeyDer::from_pem_slice(cert.key.as_bytes()).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    TlsAcceptor::from(Arc::new(builder.with_single_cert(vec![cert.der()], key).unwrap()))
}

/// An answer that is whole.
pub fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let length = format!("Content-Length: {}", body.len());
    raw(status, &[headers, &[&length]].concat(), body)
}

/// An answer as it is stated.
pub fn raw(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let headers = headers.iter().map(|header| format!("{header}\r\n")).collect::<String>();
    [format!("HTTP/1.1 {status}\r\n{headers}\r\n").as_bytes(), body].concat()
}

/// The names that there are, and which were looked up.
#[derive(Clone, Default)]
pub struct World {
    names: HashMap<String, Vec<IpAddr>>,
    pub looked_up: Arc<Mutex<Vec<String>>>,
}

impl World {
    pub fn new(names: &[(&str, &[&str])]) -> Self {
        let numbers = |all: &[&str]| all.iter().map(|one| one.parse().unwrap()).collect();
        let names = names.iter().map(|(name, all)| ((*name).to_owned(), numbers(all))).collect();
        Self { names, looked_up: Arc::default() }
    }

    /// What fetches in this world.
    pub fn outbound(&self, rules: Rules, authority: &Authority) -> Outbound {
        let clock = Arc::new(ManualClock::new(NOW.parse().unwrap()));
        Outbound::with(rules, clock, Arc::new(self.clone()), authority.roots()).unwrap()
    }
}

impl Names for World {
    fn look_up<'a>(&'a self, host: &'a str) -> Numbers<'a> {
        self.looked_up.lock().unwrap().push(host.to_owned());
        let numbers = self.names.get(host).cloned().ok_or_else(|| io::ErrorKind::NotFound.into());
        Box::pin(std::future::ready(numbers))
    }
}

/// What may be fetched in most tests: from these networks or hosts.
pub fn allowing(allowed: &str) -> Rules {
    Rules { allowed: allowed.parse().unwrap(), ..Rules::default() }
}

/// Asks for what is at an address, with validators.
pub async fn get_with(
    outbound: &Outbound,
    url: &str,
    etag: Option<&str>,
    date: Option<&str>,
) -> Result<Got, FetchError> {
    let address = WebAddress::parse(url, true).unwrap();
    let ask = Ask { address: &address, accept: "text/calendar", etag, last_modified: date, bytes_max: 1 << 20 };
    outbound.get(&ask).await
}

/// Asks for what is at an address.
pub async fn get(outbound: &Outbound, url: &str) -> Result<Got, FetchError> {
    get_with(outbound, url, None, None).await
}

/// The error of a fetch, which is told in one line and without what is secret.
pub async fn failure(outbound: &Outbound, url: &str) -> FetchError {
    let error = get(outbound, url).await.expect_err("nothing is got");
    for told in [error.to_string(), format!("{error:?}")] {
        assert!(!told.contains("secret") && !told.contains('\n') && told.len() < 300, "{told}");
    }
    error
}

/// The content that was got.
#[track_caller]
pub fn content(got: Result<Got, FetchError>) -> Vec<u8> {
    match got.expect("it is got") {
        Got::Fetched { bytes, .. } => bytes,
        Got::Unchanged => panic!("it is unchanged"),
    }
}
