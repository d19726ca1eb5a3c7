//! TLS: certificate and key from files, which are read again when they change.

use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::crypto::ring;
use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::civil::Instant;
use crate::clock::Clock;
use crate::config::edge::TlsFiles;

/// What is spoken inside TLS, the preferred first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];
/// The most bytes that a file of certificates or a key has: a whole system's authorities take a quarter of it.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Everything that is wrong with the files of TLS.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up: {}", .0.join("; "))]
pub struct TlsError(Vec<String>);

/// What the files of TLS say, as they are now.
pub(super) struct Tls {
    files: TlsFiles,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    config: Arc<ServerConfig>,
    /// When the files were looked at last.
    looked: Instant,
    /// What they looked like when they were read last, for better or worse.
    read: Vec<Look>,
}

/// By what a changed file is known: when it changed, its size and its number; nothing where there is none.
type Look = Option<(SystemTime, u64, u64)>;

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    ///
    /// [`TlsError`] tells all that is wrong with them.
    pub(super) fn open(files: TlsFiles, clock: Arc<dyn Clock>) -> Result<Self, TlsError> {
        let (looked, read) = (clock.now(), look(&files));
        let config = Arc::new(server_config(&files)?);
        Ok(Self { files, clock, state: Mutex::new(State { config, looked, read }) })
    }

    /// Returns what holds for a connection that begins now; looks at the files once a second at most.
    ///
    /// Files that cannot be used change nothing: whoever replaces two files does so one after the other.
    pub(super) async fn current(self: &Arc<Self>) -> Arc<ServerConfig> {
        let now = self.clock.now();
        let (config, looked) = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            (Arc::clone(&state.config), std::mem::replace(&mut state.looked, now))
        };
        if looked == now {
            return config;
        }
        let tls = Arc::clone(self);
        tokio::task::spawn_blocking(move || tls.look_again()).await.unwrap_or(config)
    }

    fn look_again(&self) -> Arc<ServerConfig> {
        let seen = look(&self.files);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.read == seen {
            return Arc::clone(&state.config);
        }
        state.read = seen;
        drop(state);
        let config = server_config(&self.files).map(Arc::new);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match config {
            Ok(config) => {
                tracing::info!(cert = %self.files.cert.display(), "TLS goes by the new files from here on");
                state.config = config;
            }
            Err(error) => tracing::error!(%error, "the files of TLS changed, and what was read before is kept"),
        }
        Arc::clone(&state.config)
    }
}

fn look(files: &TlsFiles) -> Vec<Look> {
    let all = [Some(&files.cert), Some(&files.key), files.client_ca.as_ref()].into_iter().flatten();
    all.map(|path| {
        let file = std::fs::metadata(path).ok()?;
        Some((file.modified().ok()?, file.len(), file.ino()))
    })
    .collect()
}

/// Reads the files, and finds everything that is wrong with them.
fn server_config(files: &TlsFiles) -> Result<ServerConfig, TlsError> {
    let cert = certificates(&files.cert, "tls-cert");
    let key = key(&files.key);
    let authorities = files.client_ca.as_deref().map(|path| certificates(path, "tls-client-ca")).transpose();
    let (cert, key, authorities) = match (cert, key, authorities) {
        (Ok(cert), Ok(key), Ok(authorities)) => (cert, key, authorities),
        (cert, key, authorities) => {
            return Err(TlsError([cert.err(), key.err(), authorities.err()].into_iter().flatten().collect()));
        }
    };
    let provider = Arc::new(ring::default_provider());
    let failed = |path: &Path, error: &dyn std::fmt::Display| TlsError(vec![format!("'{}': {error}", path.display())]);
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&files.cert, &error))?;
    let builder = match authorities.zip(files.client_ca.as_deref()) {
        None => builder.with_no_client_auth(),
        Some((authorities, path)) => {
            let mut roots = RootCertStore::empty();
            for authority in authorities {
                roots.add(authority).map_err(|error| failed(path, &error))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.map_err(|error| failed(path, &error))?)
        }
    };
    let mut config = builder.with_single_cert(cert, key).map_err(|error| {
        TlsError(vec![match error {
            rustls::Error::InconsistentKeys(_) => format!(
                "the key in '{}' is not that of the first certificate in '{}'; tls-cert needs the server's own \
                 certificate first, and tls-key the key that it was made for",
                files.key.display(),
                files.cert.display()
            ),
            error => format!("'{}' with '{}': {error}", files.cert.display(), files.key.display()),
        }])
    })?;
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
    Ok(config)
}

fn certificates(path: &Path, option: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let text = read(path, option)?;
    let all: Result<Vec<_>, PemError> = CertificateDer::pem_slice_iter(&text).collect();
    match all {
        Ok(all) if all.is_empty() => Err(format!(
            "'{}' ({option}) has no certificate; it takes PEM, with -----BEGIN CERTIFICATE-----",
            path.display()
        )),
        Ok(all) => Ok(all),
        Err(error) => Err(format!("'{}' ({option}) is not PEM as it should be: {error}", path.display())),
    }
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let text = read(path, "tls-key")?;
    let encrypted = |line: &[u8]| {
        line.starts_with(b"-----BEGIN ENCRYPTED PRIVATE KEY") || line.starts_with(b"Proc-Type: 4,ENCRYPTED")
    };
    if text.split(|byte| *byte == b'\n').any(encrypted) {
        return Err(format!(
            "the key in '{0}' (tls-key) is encrypted, and nobody is there to say its password; decrypt it with \
             `openssl pkey -in {0} -out FILE`, readable by the server's user only",
            path.display()
        ));
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        PemError::NoItemsFound => {
            format!("'{}' (tls-key) has no private key; it takes PEM, with -----BEGIN PRIVATE KEY-----", path.display())
        }
        error => format!("'{}' (tls-key) is not PEM as it should be: {error}", path.display()),
    })
}

fn read(path: &Path, option: &str) -> Result<Vec<u8>, String> {
    let text = std::fs::metadata(path).and_then(|file| match file.len() {
        0..=FILE_BYTES_MAX => std::fs::read(path),
        _ => Err(io::Error::other("it is too large for one")),
    });
    match text {
        Ok(text) if text.iter().all(u8::is_ascii_whitespace) => {
            Err(format!("'{}' ({option}) is empty; it takes PEM", path.display()))
        }
        Ok(text) => Ok(text),
        Err(error) => Err(format!(
            "cannot read '{}' ({option}): {error}; the server's user has to be able to read it",
            path.display()
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rcgen::{CertifiedKey, generate_simple_self_signed};

    use super::*;
    use crate::clock::ManualClock;

    /// A place for log lines.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn files_that_cannot_be_used_are_told_once_for_each_change() {
        let dir = tempfile::tempdir().unwrap();
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let files = TlsFiles { cert: dir.path().join("s.pem"), key: dir.path().join("s.key"), client_ca: None };
        std::fs::write(&files.cert, cert.pem()).unwrap();
        std::fs::write(&files.key, signing_key.serialize_pem()).unwrap();
        let clock = Arc::new(ManualClock::new("2026-11-23T08:00:00Z".parse().unwrap()));
        let tls = Tls::open(files.clone(), clock).unwrap();
        let lines = Lines::default();
        let writer = lines.clone();
        let logged = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        let told = || String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        tracing::subscriber::with_default(logged, || {
            let first = tls.look_again();
            std::fs::write(&files.key, "nonsense").unwrap();
            for _ in 0..3 {
                assert!(Arc::ptr_eq(&tls.look_again(), &first));
            }
            assert_eq!(told().matches("ERROR").count(), 1, "{}", told());
            assert!(told().contains("s.key") && !told().contains("nonsense"), "{}", told());
            std::fs::remove_file(&files.key).unwrap();
            assert!(Arc::ptr_eq(&tls.look_again(), &first) && Arc::ptr_eq(&tls.look_again(), &first));
            assert_eq!(told().matches("ERROR").count(), 2, "{}", told());
            std::fs::write(&files.key, signing_key.serialize_pem()).unwrap();
            assert!(!Arc::ptr_eq(&tls.look_again(), &first));
        });
    }
}
