//! TLS on the server's port: gRPC, calendars and health inside it, files that change, callers that show certificates.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use onduty::config::edge::{Edge, Limits, TlsFiles};
use onduty::proto::v1::ListTeamsRequest;
use onduty::proto::v1::team_service_client::TeamServiceClient;
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};

use crate::support::certificates::{Authority, Pair};
use crate::support::cli::Cli;
use crate::support::grpc::PATIENCE;
use crate::support::local::LocalServer;
use crate::support::process::Ondutyd;

const NOW: &str = "2026-11-23T13:05:00Z";
const HTTP_1: &[u8] = b"http/1.1";

fn server(files: TlsFiles) -> LocalServer {
    LocalServer::with_edge(Edge { tls: Some(files), ..Edge::default() }, NOW)
}

async fn handshake(address: SocketAddr, config: Arc<ClientConfig>) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(config).connect("localhost".try_into().unwrap(), stream).await
}

/// Asks for a page on a connection and reads up to the end of its body, which is `ends`.
async fn ask(stream: &mut TlsStream<TcpStream>, path: &str, ends: &str) -> std::io::Result<String> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: anything.example\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    while !answer.ends_with(ends) {
        let mut buffer = [0; 1 << 14];
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut buffer)).await.expect("no answer")?;
        answer += std::str::from_utf8(&buffer[..read]).unwrap();
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(answer)
}

async fn channel(url: &str, authority: &Authority, own: Option<&Pair>) -> Result<Channel, tonic::transport::Error> {
    let mut config = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(authority.cert()));
    if let Some(own) = own {
        config = config.identity(Identity::from_pem(&own.cert, &own.key));
    }
    Endpoint::from_shared(url.to_owned()).unwrap().tls_config(config).unwrap().timeout(PATIENCE).connect().await
}

async fn teams(channel: Channel) -> Result<usize, tonic::Status> {
    let answer = TeamServiceClient::new(channel).list_teams(ListTeamsRequest::default()).await?;
    Ok(answer.into_inner().teams.len())
}

/// The certificate that the server shows now.
async fn shown(address: SocketAddr, authority: &Authority) -> CertificateDer<'static> {
    let stream = handshake(address, authority.client(None, HTTP_1)).await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

#[test]
fn one_port_speaks_grpc_and_http_inside_tls() {
    let dir = TempDir::new().unwrap();
    let authority = Authority::new("tests");
    let server = server(authority.sign().write(dir.path(), "server"));
    assert!(server.url().starts_with("https://127.0.0.1:") && server.summary.contains(&server.url()));
    server.block_on(async {
        assert_eq!(teams(channel(&server.url(), &authority, None).await.unwrap()).await.unwrap(), 1);
        let mut stream = handshake(server.address(), authority.client(None, HTTP_1)).await.unwrap();
        assert!(ask(&mut stream, "/healthz", "ok\n").await.unwrap().starts_with("HTTP/1.1 200"));
        let feed = ask(&mut stream, "/feeds/psf/on-duty.ics", "END:VCALENDAR\r\n").await.unwrap();
        assert!(feed.contains("text/calendar"));
        let stranger = handshake(server.address(), Authority::new("other").client(None, HTTP_1)).await;
        assert!(stranger.unwrap_err().to_string().contains("UnknownIssuer"));
    });
}

#[test]
fn a_caller_that_does_not_shake_hands_is_let_go_and_others_are_served() {
    let dir = TempDir::new().unwrap();
    let authority = Authority::new("tests");
    let limits = Limits { handshake: Duration::from_secs(1), ..Limits::default() };
    let files = authority.sign().write(dir.path(), "server");
    let server = LocalServer::with_edge(Edge { tls: Some(files), limits, ..Edge::default() }, NOW);
    server.block_on(async {
        for said in [&b""[..], b"\x16\x03\x01\x02\x00", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"] {
            let mut silent = TcpStream::connect(server.address()).await.unwrap();
            silent.write_all(said).await.unwrap();
            let mut answer = Vec::new();
            let end = tokio::time::timeout(PATIENCE, silent.read_to_end(&mut answer)).await;
            // It may end with what was sent unread, which resets it.
            assert!(end.is_ok() && !String::from_utf8_lossy(&answer).contains("ok"), "{said:?}");
        }
        assert_eq!(teams(channel(&server.url(), &authority, None).await.unwrap()).await.unwrap(), 1);
    });
}

#[test]
fn files_that_change_hold_for_new_connections_and_old_ones_go_on() {
    let dir = TempDir::new().unwrap();
    let authority = Authority::new("tests");
    let (first, second) = (authority.sign(), authority.sign());
    let files = first.write(dir.path(), "server");
    let server = server(files.clone());
    let address = server.address();
    server.block_on(async {
        let mut old = handshake(address, authority.client(None, HTTP_1)).await.unwrap();
        // One file after the other is replaced, and in between they do not fit.
        std::fs::write(&files.cert, &second.cert).unwrap();
        server.clock.advance(1);
        assert_eq!(shown(address, &authority).await, first.der());
        std::fs::write(&files.key, &second.key).unwrap();
        assert_eq!(shown(address, &authority).await, first.der(), "the files are looked at once a second");
        server.clock.advance(1);
        assert_eq!(shown(address, &authority).await, second.der());
        std::fs::write(&files.key, "nonsense").unwrap();
        std::fs::remove_file(&files.cert).unwrap();
        server.clock.advance(1);
        assert_eq!(shown(address, &authority).await, second.der());
        assert!(ask(&mut old, "/healthz", "ok\n").await.unwrap().contains("200"));
    });
}

#[test]
fn callers_show_certificates_where_the_server_asks_for_them() {
    let dir = TempDir::new().unwrap();
    let (authority, members) = (Authority::new("tests"), Authority::new("members"));
    let client_ca = Some(members.write(dir.path(), "members"));
    let server = server(TlsFiles { client_ca, ..authority.sign().write(dir.path(), "server") });
    let (member, stranger) = (members.sign(), authority.sign());
    server.block_on(async {
        let asked = async |own: Option<&Pair>| match channel(&server.url(), &authority, own).await {
            Ok(channel) => teams(channel).await.ok(),
            Err(_) => None,
        };
        assert_eq!(asked(Some(&member)).await, Some(1));
        assert_eq!(asked(None).await, None);
        assert_eq!(asked(Some(&stranger)).await, None);
        for (own, served) in [(Some(&member), true), (None, false), (Some(&stranger), false)] {
            let answer = async {
                ask(&mut handshake(server.address(), authority.client(own, HTTP_1)).await?, "/healthz", "ok\n").await
            };
            assert_eq!(answer.await.is_ok(), served);
        }
    });
}

#[test]
fn a_server_with_unusable_files_says_what_to_do() {
    let dir = TempDir::new().unwrap();
    let authority = Authority::new("tests");
    let right = authority.sign().write(dir.path(), "right");
    let other = authority.sign().write(dir.path(), "other");
    let write = |name: &str, text: &str| {
        std::fs::write(dir.path().join(name), text).unwrap();
        dir.path().join(name)
    };
    let empty = write("empty.pem", "\n");
    let encrypted =
        write("encrypted.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n");
    let missing = dir.path().join("missing.pem");
    let told = |cert: &Path, key: &Path, more: &[&Path]| {
        let mut arguments = vec!["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
        for path in more {
            arguments.extend(["--tls-client-ca", path.to_str().unwrap()]);
        }
        let (status, logged) = Ondutyd::spawn(&arguments).end();
        assert_eq!((status.code(), logged.lines().count()), (Some(1), 1), "{logged}");
        logged
    };
    for (cert, key, more, words) in [
        (&missing, &right.key, &[][..], &["missing.pem", "tls-cert", "has to be able to read it"][..]),
        (&right.cert, &missing, &[], &["missing.pem", "tls-key"]),
        (&empty, &right.key, &[], &["empty.pem", "is empty"]),
        (&right.key, &right.key, &[], &["has no certificate", "BEGIN CERTIFICATE"]),
        (&right.cert, &right.cert, &[], &["has no private key", "BEGIN PRIVATE KEY"]),
        (&right.cert, &encrypted, &[], &["encrypted.key", "is encrypted", "openssl pkey"]),
        (&right.cert, &other.key, &[], &["other.key", "right.pem", "not that of the first certificate"]),
        (&right.cert, &right.key, &[&empty], &["empty.pem", "tls-client-ca"]),
        (&missing, &encrypted, &[&empty], &["missing.pem", "encrypted.key", "empty.pem"]),
    ] {
        let more: Vec<&Path> = more.iter().map(|path: &&std::path::PathBuf| path.as_path()).collect();
        let told = told(cert, key, &more);
        assert!(words.iter().all(|word| told.contains(word)), "{words:?}: {told}");
    }
    let (status, logged) = Ondutyd::spawn(&["--tls-cert", right.cert.to_str().unwrap()]).end();
    assert!(!status.success() && logged.contains("tls-key is not"), "{logged}");
}

#[test]
fn the_command_line_speaks_tls_and_says_what_is_in_the_way() {
    let dir = TempDir::new().unwrap();
    let (authority, other) = (Authority::new("tests"), Authority::new("other"));
    authority.write(dir.path(), "ca");
    other.write(dir.path(), "other-ca");
    authority.sign().write(dir.path(), "own");
    let secure = server(authority.sign().write(dir.path(), "server"));
    let plain = LocalServer::with_edge(Edge::default(), NOW);
    let client_ca = Some(authority.write(dir.path(), "members"));
    let asking = server(TlsFiles { client_ca, ..authority.sign().write(dir.path(), "server") });
    let ran = |server: &str, line: &str| Cli::new(server, dir.path(), NOW).run(line);
    let port = |server: &LocalServer| server.address().port();
    assert_eq!(ran(&secure.url(), "info --ca ca.pem").code, 0);
    assert_eq!(ran(&asking.url(), "info --ca ca.pem --client-cert own.pem --client-key own.key").code, 0);
    for (server, line, words) in [
        (secure.url(), "info --ca other-ca.pem", "name who did with --ca"),
        (format!("https://[::ffff:127.0.0.1]:{}", port(&secure)), "info --ca ca.pem", "a name that its certificate"),
        (format!("https://127.0.0.1:{}", port(&plain)), "info --ca ca.pem", "ask for http://127.0.0.1"),
        (format!("http://127.0.0.1:{}", port(&secure)), "info", "https://"),
        (asking.url(), "info --ca ca.pem", "--client-cert"),
    ] {
        let ran = ran(&server, line);
        let told = ran.errors.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(ran.code == 1 && told.contains(words), "{line}: {words}: {}", ran.errors);
    }
}
