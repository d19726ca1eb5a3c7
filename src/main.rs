//! `ondutyd`, the onduty server: reads its set-up, serves until it is told to stop.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use onduty::clock::SystemClock;
use onduty::config::{Command, Config, Flags, usage_line};
use onduty::server::{self, Server};
use onduty::telemetry;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Who hands out memory: faster than the system's where many threads ask for little, and it keeps what large answers
/// needed for the next ones.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit code of a command line that makes no sense; the client uses the same.
const EXIT_USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let flags = match Flags::try_parse() {
        Ok(flags) => flags,
        // Help and the version are asked for.
        Err(asked) if !asked.use_stderr() => asked.exit(),
        Err(error) => {
            complain(&usage_line(&error));
            return ExitCode::from(EXIT_USAGE);
        }
    };
    match run(flags).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Says why the server does not start: on one line, which is what a log of services keeps together.
fn complain(why: &str) {
    eprintln!("ondutyd: {}", why.lines().map(str::trim).collect::<Vec<_>>().join(" "));
}

async fn run(flags: Flags) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(Command::Forget(args)) = &flags.command {
        say(&server::forget(args)?);
        return Ok(());
    }
    let config = Config::new(flags)?;
    telemetry::start(&config)?;
    let server = Server::open(&config, Arc::new(SystemClock)).await?;
    let stop = CancellationToken::new();
    // Before anybody is told that it listens, and may ask it to stop.
    let mut asked = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    say(&format!("ondutyd listens on {}\n", server.url()));
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
