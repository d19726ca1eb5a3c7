//! Callers over gRPC.

use std::time::Duration;

use onduty::proto::v1::ApplyRosterRequest;
use onduty::proto::v1::roster_service_client::RosterServiceClient;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};

use super::tokens::{Bearer, admin_token};

/// How long a call may take.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that shows a token with each call.
pub type Connection = InterceptedService<Channel, Bearer>;

/// Opens a connection for the server's administrator.
pub async fn connect(url: &str) -> Connection {
    connect_with(url, Bearer::of(&admin_token(url))).await
}

/// Opens a connection for whoever has a token, or none.
pub async fn connect_with(url: &str, bearer: Bearer) -> Connection {
    InterceptedService::new(channel(url).await, bearer)
}

/// Opens a bare connection.
pub async fn channel(url: &str) -> Channel {
    let endpoint = Endpoint::from_shared(url.to_owned()).unwrap().connect_timeout(PATIENCE).timeout(PATIENCE);
    endpoint.connect().await.unwrap()
}

/// Returns the request that applies a roster file, once.
pub fn apply_request(text: &str) -> ApplyRosterRequest {
    ApplyRosterRequest {
        roster_toml: text.to_owned(),
        request_id: uuid::Uuid::new_v4().to_string(),
        ..ApplyRosterRequest::default()
    }
}

/// Applies a roster file.
pub async fn apply(url: &str, text: &str) {
    RosterServiceClient::new(connect(url).await).apply_roster(apply_request(text)).await.unwrap();
}

/// Runs callers together until every one of them is done.
pub async fn together<T>(callers: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let all = futures_util::future::join_all(callers);
    tokio::time::timeout(PATIENCE, all).await.expect("somebody waits for ever")
}
