//! TLS of the connection: whose certificates are believed, and which one is shown.

use std::path::{Path, PathBuf};

use tonic::transport::{Certificate, ClientTlsConfig, Identity};

use crate::failure::Failure;

/// Options about TLS.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct TrustArgs {
    /// Certificates of who signs for the server, in PEM, for https:// [default: those that this computer trusts]
    #[arg(long, global = true, env = "ONDUTY_CA", value_name = "FILE", help_heading = "Global options")]
    pub ca: Option<PathBuf>,
    /// Your certificate, in PEM, for a server that asks for one
    #[arg(long, global = true, env = "ONDUTY_CLIENT_CERT", value_name = "FILE", help_heading = "Global options")]
    pub client_cert: Option<PathBuf>,
    /// The private key of your certificate, in PEM
    #[arg(long, global = true, env = "ONDUTY_CLIENT_KEY", value_name = "FILE", help_heading = "Global options")]
    pub client_key: Option<PathBuf>,
}

impl TrustArgs {
    /// Returns the options as they are typed, with a blank before each; those from the environment need not be typed.
    pub fn typed(&self) -> String {
        let options = [
            ("--ca", "ONDUTY_CA", &self.ca),
            ("--client-cert", "ONDUTY_CLIENT_CERT", &self.client_cert),
            ("--client-key", "ONDUTY_CLIENT_KEY", &self.client_key),
        ];
        let by_environment = |variable: &str, path: &Path| std::env::var_os(variable).is_some_and(|set| set == path);
        let stated = options.into_iter().filter_map(|(option, variable, path)| {
            let path = path.as_deref().filter(|path| !by_environment(variable, path))?;
            Some(format!(" {option} {}", path.display()))
        });
        stated.collect()
    }

    /// Reads the files, and returns what a connection goes by.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] for half of a client's certificate, [`Failure::Io`] for a file that cannot be read.
    pub fn config(&self) -> Result<ClientTlsConfig, Failure> {
        let config = match &self.ca {
            None => ClientTlsConfig::new().with_native_roots(),
            Some(path) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(certificates("--ca", path)?)),
        };
        let lacking = |has: &str, lacks: &str| {
            let message = format!("{has} is given and {lacks} is not");
            Err(Failure::usage(message, "a certificate and its key go together: give both, or neither"))
        };
        match (&self.client_cert, &self.client_key) {
            (None, None) => Ok(config),
            (Some(_), None) => lacking("--client-cert", "--client-key"),
            (None, Some(_)) => lacking("--client-key", "--client-cert"),
            (Some(cert), Some(key)) => {
                let cert = certificates("--client-cert", cert)?;
                Ok(config.identity(Identity::from_pem(cert, read("--client-key", key)?)))
            }
        }
    }
}

fn certificates(option: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    let text = read(option, path)?;
    match String::from_utf8_lossy(&text).contains("-----BEGIN CERTIFICATE-----") {
        true => Ok(text),
        false => {
            let message = format!("{option} '{}': there is no certificate in it", path.display());
            Err(Failure::usage(message, "the file has to be PEM, with -----BEGIN CERTIFICATE-----"))
        }
    }
}

fn read(option: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| {
        Failure::io(format!("{option} '{}'", path.display()), error, "name a file in PEM that you can read")
    })
}

/// Returns the way out where a connection could not be opened because of TLS.
pub fn hint(server: &str, cause: &str) -> Option<String> {
    let hint = if cause.contains("UnknownIssuer") || cause.contains("CaUsedAsEndEntity") {
        "nobody that you trust signed the server's certificate: name who did with --ca FILE or ONDUTY_CA"
    } else if cause.contains("not valid for") {
        "ask for the server by a name that its certificate has"
    } else if cause.contains("expired") {
        "the server's certificate is out of date: its operator has to renew it"
    } else if cause.contains("InvalidContentType") {
        return Some(format!("the server speaks no TLS there: ask for {}", server.replacen("https://", "http://", 1)));
    } else {
        hint_in_call(cause)?
    };
    Some(hint.to_owned())
}

/// Returns the way out where a connection broke at its first call because of TLS: only then a server says what it
/// thinks of a certificate, and only then it is seen that what it speaks is no HTTP/2.
pub fn hint_in_call(cause: &str) -> Option<&'static str> {
    if cause.contains("CertificateRequired") {
        Some("the server wants to see a certificate: give yours with --client-cert and --client-key")
    } else if cause.contains("received fatal alert") {
        Some("the server does not take your certificate: give one with --client-cert that it knows the signer of")
    } else if ["connection closed", "broken pipe", "reset"].iter().any(|end| cause.contains(end)) {
        Some(
            "the server hung up: it may be stopping or too busy, take https:// only, or want a certificate \
             (--client-cert, --client-key)",
        )
    } else if cause.contains("frame with invalid size") {
        Some("the server speaks another protocol there, TLS perhaps: ask for https:// and the same address")
    } else {
        None
    }
}
