//! Servers in processes of their own, and what they use.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use onduty::clock::SystemClock;
use onduty::config::edge::EdgeFlags;
use onduty::config::{Config, Flags};
use onduty::server::Server;
use onduty::telemetry;
use tokio_util::sync::CancellationToken;

use super::prebuilt;

/// Tells a process of this program that it is to serve, and on which data.
const SERVE: &str = "ONDUTY_BENCH_SERVE";

/// A server process; it ends with this.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: String,
    /// How long it took until it said so, in seconds.
    pub seconds: f64,
    /// The administrator's token.
    pub token: String,
}

impl Process {
    /// Starts this program as a server that serves the yardsticks, too, with the demo's team.
    pub fn own(data: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        Self::start(command.env(SERVE, data), data)
    }

    /// Starts `ondutyd` itself.
    pub fn ondutyd(data: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ondutyd"));
        // As many requests as there can be are what is measured.
        command.args(["--listen", "127.0.0.1:0", "--requests-per-second", "0"]);
        command.arg("--cli-tokens").arg(data.join("cli"));
        Self::start(command.arg("--data").arg(data).args(arguments), data)
    }

    fn start(command: &mut Command, data: &Path) -> Self {
        let start = super::pairs::now();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a server");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = lines.next().expect("a line").expect("a line");
        let seconds = start.elapsed_seconds();
        let address = first.rsplit("http://").next().expect("an address").to_owned();
        // It says more than that, and must not be held up by nobody reading.
        std::thread::spawn(move || lines.for_each(drop));
        let token = std::fs::read_to_string(data.join("admin-token")).expect("a token").trim().to_owned();
        Self { child, address, seconds, token }
    }

    /// The processor time that it has used, in seconds.
    pub fn cpu_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("its statistics");
        let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
        let ticks = |index: usize| fields[index].parse::<f64>().expect("ticks");
        // User and system time are the 14th and 15th field, in hundredths of a second.
        (ticks(11) + ticks(12)) / 100.0
    }

    /// The memory that it has in use, in KiB.
    pub fn resident_kib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("its memory");
        line.split_whitespace().nth(1).expect("a number").parse().expect("a number")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves the yardsticks beside everything that `ondutyd` serves, if this process was started to; it then does not
/// return.
pub fn serve_if_asked() {
    let Some(data) = std::env::var_os(SERVE) else { return };
    let listen = Some("127.0.0.1:0".parse().expect("an address"));
    let data = std::path::PathBuf::from(data);
    let cli_tokens = Some(data.join("cli"));
    let edge = EdgeFlags { requests_per_second: Some(0), ..EdgeFlags::default() };
    let flags = Flags { data: Some(data), demo: true, listen, cli_tokens, edge, ..Flags::default() };
    let config = Config::new(flags).expect("a configuration");
    telemetry::start(&config).expect("logs");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let server = Server::open_beside(&config, Arc::new(SystemClock), prebuilt::add, prebuilt::pages()).await;
        let server = server.expect("a server");
        println!("listens on http://{}", server.address());
        server.serve(CancellationToken::new()).await;
    });
    std::process::exit(0);
}
