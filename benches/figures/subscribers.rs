//! Subscribers: a thousand programs that look at one calendar after each change of its team.

use axum::body::Body;
use hyper::client::conn::http1::SendRequest;
use onduty::proto::v1;
use onduty::proto::v1::task_service_client::TaskServiceClient;
use tonic::transport::Channel;

use super::feeds::{ask, connect, fetch};
use super::pairs::{Effort, now};
use super::process::Process;
use super::report::{Limit, Report, duration};

const SUBSCRIBERS: usize = 1_000;
/// How many connections they come through, as through a proxy.
const CONNECTIONS: usize = 50;
const CALENDAR: &str = "/feeds/psf/on-duty.ics";
const CHANGES: usize = 5;

/// Tells what a thousand subscribers cost.
pub fn measure(report: &mut Report, _: Effort) {
    report.section("Subscribers: 1,000 of them ask for the demo's calendar after each of 5 changes");
    let dir = tempfile::tempdir().expect("a directory");
    let server = Process::own(dir.path());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let mut connections: Vec<SendRequest<Body>> =
        (0..CONNECTIONS).map(|_| runtime.block_on(connect(&server.address))).collect();
    let mut tag = runtime.block_on(ask(&mut connections[0], &server.address, CALENDAR, None));
    let before = runtime.block_on(renderings(&server.address));
    let (start, mut seconds) = (now(), 0.0);
    for change in 0..CHANGES {
        runtime.block_on(make(&server, change));
        let began = start.elapsed_seconds();
        tag = runtime.block_on(look(&mut connections, &server.address, tag.as_ref()));
        seconds += start.elapsed_seconds() - began;
    }
    let rendered = runtime.block_on(renderings(&server.address)) - before;
    let each = rendered / CHANGES as f64;
    let note = format!("{} for all 1,000 answers", duration(seconds / CHANGES as f64));
    report.figure("renderings for each change", each, "", Limit::AtMost(1.0), &note);
}

/// Has every subscriber ask, all at once; returns the new tag.
async fn look(connections: &mut [SendRequest<Body>], address: &str, tag: Option<&String>) -> Option<String> {
    let callers = connections.iter_mut().map(|connection| async move {
        let mut found = None;
        for _ in 0..SUBSCRIBERS / CONNECTIONS {
            // Whatever comes: the bytes are the same where the change is not to be seen.
            found = fetch(connection, address, CALENDAR, tag).await.1;
        }
        found
    });
    futures_util::future::join_all(callers).await.into_iter().flatten().next()
}

/// Makes a change of the team.
async fn make(server: &Process, number: usize) {
    let channel = Channel::from_shared(format!("http://{}", server.address)).expect("an address");
    let mut client = TaskServiceClient::new(channel.connect().await.expect("a connection"));
    let task = v1::Task { title: format!("Change {number}"), ..Default::default() };
    let asked = v1::CreateTaskRequest { parent: "teams/psf".to_owned(), task: Some(task), ..Default::default() };
    let mut request = tonic::Request::new(asked);
    request.metadata_mut().insert("authorization", format!("Bearer {}", server.token).parse().expect("a header"));
    client.create_task(request).await.expect("a task");
}

/// How many calendars the server says that it has rendered.
async fn renderings(address: &str) -> f64 {
    let mut connection = connect(address).await;
    let (body, _) = fetch(&mut connection, address, "/metrics", None).await;
    let line = body.lines().find(|line| line.starts_with("onduty_feeds_rendered_total")).unwrap_or("0");
    line.rsplit(' ').next().and_then(|count| count.parse().ok()).expect("a number")
}
