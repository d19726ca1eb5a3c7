//! The figures that onduty is held to: each beside a named peer or limit, measured in one run.
//!
//! `cargo bench` measures all of them, `cargo bench -- engine store` only these. `cargo test --benches` runs each once,
//! to see that it still runs.
//!
//! Nothing here fails because a figure is missed: a busy machine would then break a build. A line says so instead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench that cannot go on stops")]

mod calls;
mod engine;
mod feeds;
mod import;
mod operations;
mod pairs;
mod prebuilt;
mod process;
mod report;
mod rosters;
mod store;
mod subscribers;

use pairs::Effort;
use report::Report;

/// The one of `ondutyd`, which this program is while it serves.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures what it is about, and tells it.
type Section = fn(&mut Report, Effort);

fn main() {
    process::serve_if_asked();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let effort = if arguments.iter().any(|argument| argument == "--bench") { Effort::FULL } else { Effort::QUICK };
    let words: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let mut report = Report::default();
    let sections: [(&str, Section); 7] = [
        ("engine", engine::measure),
        ("store", store::measure),
        ("calls", calls::measure),
        ("feeds", feeds::measure),
        ("import", import::measure),
        ("subscribers", subscribers::measure),
        ("operations", operations::measure),
    ];
    for (name, measure) in sections {
        if words.is_empty() || words.iter().any(|word| name.contains(word.as_str())) {
            measure(&mut report, effort);
        }
    }
    report.end();
}
