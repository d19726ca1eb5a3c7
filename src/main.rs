//! `ondutyd`, the onduty server: reads its set-up, serves until it is told to stop.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use onduty::clock::SystemClock;
use onduty::config::{Config, Flags};
use onduty::server::Server;
use onduty::telemetry;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ondutyd: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::new(Flags::parse())?;
    telemetry::start(&config)?;
    let server = Server::open(&config, Arc::new(SystemClock)).await?;
    let stop = CancellationToken::new();
    // Before anybody is told that it listens, and may ask it to stop.
    let mut asked = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    say(&format!("ondutyd listens on http://{}\n", server.address()));
    say(&server.summary().await);
    tokio::spawn({
        let stop = stop.clone();
        async move {
            tokio::select! { _ = asked.0.recv() => {}, _ = asked.1.recv() => {} }
            stop.cancel();
        }
    });
    server.serve(stop).await;
    Ok(())
}

/// Writes to standard output. Nobody may be reading any more, which is no reason to stop.
fn say(text: &str) {
    let mut output = std::io::stdout();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}
