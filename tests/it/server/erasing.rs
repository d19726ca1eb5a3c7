//! A server erases kinds and notes of absences that are over, without being asked.

use std::time::Duration;

use onduty::proto::v1;
use onduty::proto::v1::time_off_service_client::TimeOffServiceClient;
use tempfile::TempDir;

use crate::support::grpc::connect;
use crate::support::local::LocalServer;

/// The ids of the entries that still have a kind.
async fn with_kinds(url: &str) -> Vec<String> {
    let asked = v1::ListTimeOffRequest { parent: "teams/psf".to_owned(), ..Default::default() };
    let answer = TimeOffServiceClient::new(connect(url).await).list_time_off(asked).await.unwrap();
    let entries = answer.into_inner().time_off.into_iter().filter(|entry| entry.kind != 0);
    entries.map(|entry| entry.name.rsplit('/').next().unwrap().to_owned()).collect()
}

#[test]
fn a_server_that_starts_years_later_erases_what_is_over_and_nothing_else() {
    let dir = TempDir::new().unwrap();
    let server = LocalServer::demo(dir.path(), "2026-11-23T13:05:00Z");
    assert_eq!(server.block_on(with_kinds(&server.url())).len(), 7);
    drop(server);
    let server = LocalServer::erasing_after(90, dir.path(), "2031-06-12T07:30:00Z");
    let erased = async {
        loop {
            let left = with_kinds(&server.url()).await;
            if left.len() < 7 {
                return left;
            }
        }
    };
    let left = server.block_on(async { tokio::time::timeout(Duration::from_secs(60), erased).await });
    assert_eq!(left.unwrap(), ["focus-wednesdays"]);
}
