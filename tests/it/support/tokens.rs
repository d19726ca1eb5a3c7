//! Tokens of the servers that tests start: each puts the administrator's where the command line looks for it.

use std::path::{Path, PathBuf};

use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::{Request, Status};

/// Returns the directory in which the tests' servers and command lines keep their state. No two servers have one port
/// at a time, so that all tests can share it.
pub fn state_home() -> &'static Path {
    Path::new(concat!(env!("CARGO_TARGET_TMPDIR"), "/state"))
}

/// Returns the directory in which servers put the administrator's tokens.
pub fn cli_tokens() -> PathBuf {
    state_home().join("onduty/servers")
}

/// Returns the administrator's token of the server at `url`.
pub fn admin_token(url: &str) -> String {
    let port = url.trim_end_matches('/').rsplit(':').next().unwrap();
    let ip = if url.contains("[::1]") { "[::1]" } else { "127.0.0.1" };
    let file = cli_tokens().join(format!("{ip}:{port}.token"));
    let found = std::fs::read_to_string(&file);
    found
        .unwrap_or_else(|error| panic!("the server at {url} has put no token in {}: {error}", file.display()))
        .trim()
        .to_owned()
}

/// Shows a token with each call.
#[derive(Clone)]
pub struct Bearer(Option<MetadataValue<Ascii>>);

impl Bearer {
    pub fn of(token: &str) -> Self {
        Self(Some(format!("Bearer {token}").parse().unwrap()))
    }

    pub fn none() -> Self {
        Self(None)
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(shown) = &self.0 {
            request.metadata_mut().insert("authorization", shown.clone());
        }
        Ok(request)
    }
}
