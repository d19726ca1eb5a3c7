//! The administrator's first token, where the administrator finds it.
//!
//! It lies in a file that only the server's user can read: in the data directory, and where the command line of the same
//! user looks for the server at an address.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::roster::{Refusal, Tokens};

/// The file in the data directory.
const FILE: &str = "admin-token";

/// Makes the first token where there is none, and puts it where it is looked for.
///
/// # Errors
///
/// A store that cannot, or a file that cannot be written: without it nobody could administer the server.
pub(super) async fn provide(tokens: &Tokens, config: &Config, address: SocketAddr) -> Result<(), FirstTokenError> {
    let file = config.data.as_deref().map(|data| data.join(FILE));
    let made = tokens.first().await?;
    if let (Some(secret), Some(file)) = (&made, &file) {
        write_private(file, secret.text()).map_err(|source| FirstTokenError::Write { path: file.clone(), source })?;
        tracing::info!(file = %file.display(), "the administrator's first token is written");
    }
    let kept = || file.as_deref().and_then(|file| fs::read_to_string(file).ok());
    let known = made.map(|secret| secret.text().to_owned()).or_else(kept);
    let known = known.map(|text| text.trim().to_owned()).filter(|text| tokens.is_good(text));
    if let (Some(text), Some(place)) = (known, config.cli_tokens.as_deref().map(|dir| place(dir, address))) {
        // A convenience: the token can also be given by hand.
        if let Err(error) = put(&place, &text) {
            tracing::warn!(file = %place.display(), %error, "the command line will not find the administrator's token");
        }
    }
    Ok(())
}

/// Why the first token cannot be provided.
#[derive(Debug, thiserror::Error)]
pub enum FirstTokenError {
    /// It cannot be made.
    #[error("cannot make the administrator's first token: {0}")]
    Make(#[from] Refusal),
    /// It cannot be written.
    #[error("cannot write the administrator's first token to {path}: {source}; make the directory writable")]
    Write {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Where the command line looks for the token of the server at `address`: a server that listens everywhere is looked for
/// on the loopback address.
fn place(dir: &Path, address: SocketAddr) -> PathBuf {
    let ip = if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
    dir.join(format!("{}.token", SocketAddr::new(ip, address.port())))
}

fn put(place: &Path, text: &str) -> io::Result<()> {
    if let Some(dir) = place.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    }
    write_private(place, text)
}

/// Writes a file that only its owner can read, whole or not at all, over one that was there.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("new");
    let _ = fs::remove_file(&new);
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_is_written_is_its_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state/servers/127.0.0.1:7373.token");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "old and open to everybody").unwrap();
        put(&path, "onduty_x").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "onduty_x\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_server_that_listens_everywhere_is_found_on_loopback() {
        let found = |address: &str| place(Path::new("d"), address.parse().unwrap());
        assert_eq!(found("0.0.0.0:1"), Path::new("d/127.0.0.1:1.token"));
        assert_eq!(found("[::1]:2"), Path::new("d/[::1]:2.token"));
    }
}
