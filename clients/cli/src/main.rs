//! The command line `onduty`: who is on duty, when is nobody, and who can stand in.
//!
//! It speaks the public API only. Data goes to standard output and everything else to standard error.

mod args;
mod clock;
mod columns;
mod commands;
mod connect;
mod failure;
mod feed_urls;
mod gap_ids;
mod hints;
mod load_csv;
mod names;
mod options;
mod profile;
mod qr;
mod session;
mod show;
mod spans;
mod times;
mod trust;

use std::process::ExitCode;

/// Reads the command line, runs the command and says how it went.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = match args::read() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    match commands::run(cli).await {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
