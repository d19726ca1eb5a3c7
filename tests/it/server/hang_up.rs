//! Callers that hang up in mid-call: each change is made whole or not at all.

use std::net::SocketAddr;
use std::time::Duration;

use proptest::prelude::RngExt as _;
use proptest::test_runner::TestRng;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Endpoint;

use super::writers::{Asked, inspect, retry};
use crate::support::grpc::{PATIENCE, connect, together};
use crate::support::local::LocalServer;
use crate::support::seed;
use crate::support::tokens::{Bearer, admin_token};

const NOW: &str = "2026-11-23T13:05:00Z";
const CALLERS: usize = 8;
const CALLS: usize = 40;

/// How a caller hangs up.
#[derive(Clone, Copy)]
enum Cut {
    /// It gives the call up after some microseconds, and keeps the connection.
    Call(u64),
    /// Its connection breaks after so many bytes to the server, or from it.
    Connection(usize, usize),
}

#[test]
fn a_caller_that_gives_up_leaves_no_half_change() {
    hang_up(|rng| {
        let magnitude = rng.random_range(6..18);
        Cut::Call(rng.random_range(0..1 << magnitude))
    });
}

#[test]
fn a_connection_that_breaks_leaves_no_half_change() {
    hang_up(|rng| match rng.random_range(0..2) {
        0 => Cut::Connection(rng.random_range(0..1_600), usize::MAX),
        _ => Cut::Connection(usize::MAX, rng.random_range(0..400)),
    });
}

fn hang_up(cut: impl Fn(&mut TestRng) -> Cut) {
    let dir = TempDir::new().unwrap();
    let mut rng = seed::rng();
    let server = LocalServer::start(dir.path(), NOW);
    let callers = (0..CALLERS).map(|number| {
        let cuts: Vec<(Cut, usize)> = (0..CALLS).map(|_| (cut(&mut rng), rng.random_range(1..900))).collect();
        call(server.address(), format!("caller-{number}"), cuts)
    });
    let callers: Vec<_> = callers.collect();
    let mut callers = server.block_on(together(callers));
    drop(server);

    let asked = callers.concat();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let made = runtime.block_on(inspect(dir.path(), &asked));
    let (answered, made) =
        (asked.iter().filter(|asked| asked.answered.is_some()).count(), made.iter().flatten().count());
    println!("{} calls, {made} made, {answered} answered", asked.len());
    assert!(answered < asked.len(), "nobody hung up");

    let server = LocalServer::start(dir.path(), NOW);
    server.block_on(async {
        let channel = connect(&server.url()).await;
        for asked in &mut callers {
            retry(&channel, asked).await;
        }
    });
    drop(server);
    let made = runtime.block_on(inspect(dir.path(), &callers.concat()));
    assert!(made.iter().all(Option::is_some), "a retry was not done");
}

async fn call(server: SocketAddr, team: String, cuts: Vec<(Cut, usize)>) -> Vec<Asked> {
    let whole = connect(&format!("http://{server}")).await;
    let mut all = Vec::new();
    for (number, (cut, size)) in cuts.into_iter().enumerate() {
        let mut asked = Asked::new(&team, number, size);
        match cut {
            Cut::Call(micros) => drop(tokio::time::timeout(Duration::from_micros(micros), asked.send(&whole)).await),
            Cut::Connection(to, from) => {
                let through = fragile(server, to, from).await;
                let attempt = async {
                    let channel = Endpoint::from_shared(format!("http://{through}")).unwrap().connect().await.ok()?;
                    let bearer = Bearer::of(&admin_token(&format!("http://{server}")));
                    asked.send(&InterceptedService::new(channel, bearer)).await.ok()
                };
                tokio::time::timeout(PATIENCE, attempt).await.expect("it waits for ever");
            }
        }
        all.push(asked);
    }
    all
}

/// Opens a way to the server that breaks once `to` bytes have gone there, or `from` bytes have come back.
async fn fragile(server: SocketAddr, to: usize, from: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (caller, _) = listener.accept().await?;
        drop(listener);
        let (from_caller, to_caller) = caller.into_split();
        let (from_server, to_server) = TcpStream::connect(server).await?.into_split();
        tokio::select! {
            done = pass(from_caller, to_server, to) => done,
            done = pass(from_server, to_caller, from) => done,
        }
    });
    address
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut left: usize) -> std::io::Result<()> {
    let mut buffer = [0; 512];
    while left > 0 {
        let space = left.min(buffer.len());
        let read = from.read(&mut buffer[..space]).await?;
        if read == 0 {
            break;
        }
        to.write_all(&buffer[..read]).await?;
        left -= read;
    }
    Ok(())
}
