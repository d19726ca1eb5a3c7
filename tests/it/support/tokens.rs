//! Tokens of the servers that tests start: each puts the administrator's where the command line looks for it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::{Request, Status};

/// Returns the directory in which this test's servers and command lines keep their state.
pub fn state_home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let name = format!("onduty-test-state-{}", std::process::id());
        let home = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&home).unwrap();
        home
    })
}

/// Returns the directory in which servers put the administrator's tokens.
pub fn cli_tokens() -> PathBuf {
    state_home().join("onduty/servers")
}

/// Returns the administrator's token of the server at `url`.
pub fn admin_token(url: &str) -> String {
    let port = url.trim_end_matches('/').rsplit(':').next().unwrap();
    let found = ["127.0.0.1", "[::1]"]
        .into_iter()
        .find_map(|ip| std::fs::read_to_string(cli_tokens().join(format!("{ip}:{port}.token"))).ok());
    found.unwrap_or_else(|| panic!("the server at {url} has put no token anywhere")).trim().to_owned()
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
