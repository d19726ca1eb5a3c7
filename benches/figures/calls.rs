//! Calls over gRPC: `GetOnDuty` and durable writes, beside a method on the same server that answers with bytes that
//! are there already. Both sides are read as raw bytes, so that the callers' work is the same.

use std::time::Duration;

use bytes::Bytes;
use onduty::proto::v1;
use prost::Message as _;
use tokio::runtime::Runtime;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};

use super::pairs::{Effort, Pair, alternate, now};
use super::prebuilt::{PATH, Raw};
use super::process::Process;
use super::report::{Limit, Report, short};

const CALLERS: usize = 64;
const CONNECTIONS: usize = 4;

/// Tells what calls take.
pub fn measure(report: &mut Report, effort: Effort) {
    report.section("Calls: the demo's team, over loopback, beside a method that answers with bytes of the same number");
    let effort = effort.longer();
    let dir = tempfile::tempdir().expect("a directory");
    let server = Process::own(dir.path());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let callers = Callers { server: &server, runtime: &runtime, channels: runtime.block_on(connect(&server)) };
    let one = v1::GetOnDutyRequest { duties: vec!["teams/psf/duties/security".to_owned()], ..on_duty() };
    for (name, asked) in [("GetOnDuty of a duty", one), ("GetOnDuty of all 7 duties", on_duty())] {
        let call =
            Call { path: "/onduty.v1.OnDutyService/GetOnDuty", message: asked.encode_to_vec().into(), token: None };
        let answer = runtime.block_on(call.make(callers.channels[0].clone()));
        let size = u32::try_from(answer.len()).expect("a small answer");
        let bare = Call { path: PATH, message: Bytes::copy_from_slice(&size.to_be_bytes()), token: None };
        for count in [1, CALLERS] {
            callers.compare(report, effort, &format!("{name}, {}", plural(count)), count, (&call, &bare), size);
        }
    }
    callers.known(report, effort);
    callers.make_teams();
    for (teams, limit) in [(CALLERS, Limit::AtLeast(0.5)), (1, Limit::Told)] {
        callers.writes(report, effort, teams, limit);
    }
}

fn bearer(secret: &str) -> MetadataValue<Ascii> {
    format!("Bearer {secret}").parse().expect("a header")
}

fn on_duty() -> v1::GetOnDutyRequest {
    v1::GetOnDutyRequest { parent: "teams/psf".to_owned(), ..Default::default() }
}

fn plural(count: usize) -> String {
    format!("{count} caller{}", if count == 1 { "" } else { "s" })
}

async fn connect(server: &Process) -> Vec<Channel> {
    let endpoint = Endpoint::from_shared(format!("http://{}", server.address)).expect("an address");
    let connections = (0..CONNECTIONS).map(|_| endpoint.connect());
    let connected = futures_util::future::join_all(connections).await;
    connected.into_iter().map(|channel| channel.expect("a connection")).collect()
}

/// A call that is made again and again.
#[derive(Clone)]
struct Call {
    path: &'static str,
    message: Bytes,
    /// The token that is shown, if one is.
    token: Option<MetadataValue<Ascii>>,
}

impl Call {
    async fn make(&self, channel: Channel) -> Bytes {
        let mut client = Grpc::new(channel);
        client.ready().await.expect("a connection");
        let mut request = tonic::Request::new(self.message.clone());
        if let Some(token) = &self.token {
            request.metadata_mut().insert("authorization", token.clone());
        }
        let answer = client.unary(request, PathAndQuery::from_static(self.path), Raw).await;
        answer.expect("an answer").into_inner()
    }
}

/// What a load was answered.
#[derive(Clone, Copy)]
struct Load {
    calls_per_second: f64,
    server_seconds_per_call: f64,
}

struct Callers<'a> {
    server: &'a Process,
    runtime: &'a Runtime,
    channels: Vec<Channel>,
}

impl Callers<'_> {
    /// `count` callers, each with one call after the other, for that long.
    fn load(&self, count: usize, time: Duration, call: impl Fn(usize, u64) -> Call) -> Load {
        let (used, start) = (self.server.cpu_seconds(), now());
        let callers = (0..count).map(|caller| {
            let (channel, call) = (self.channels[caller % self.channels.len()].clone(), &call);
            async move {
                let mut made = 0_u64;
                while start.elapsed_seconds() < time.as_secs_f64() {
                    call(caller, made).make(channel.clone()).await;
                    made += 1;
                }
                made
            }
        });
        let made: Vec<u64> = self.runtime.block_on(futures_util::future::join_all(callers));
        let calls = made.iter().sum::<u64>() as f64;
        let seconds = start.elapsed_seconds();
        Load { calls_per_second: calls / seconds, server_seconds_per_call: (self.server.cpu_seconds() - used) / calls }
    }

    fn compare(
        &self,
        report: &mut Report,
        effort: Effort,
        name: &str,
        count: usize,
        (call, bare): (&Call, &Call),
        size: u32,
    ) {
        let (mut of_call, mut of_bare) = (Vec::new(), Vec::new());
        let rate = alternate(effort, self.rates(count, call, &mut of_call), self.rates(count, bare, &mut of_bare));
        report.ratio(name, rate, Limit::AtLeast(0.9), &rates(rate, &format!("{size} bytes")));
        let (subject, peer) = (mean(&of_call), mean(&of_bare));
        let cpu = Pair { subject, peer, ratio: subject / peer };
        let note =
            format!("{} µs beside {} µs of the server's processor a call", short(subject * 1e6), short(peer * 1e6));
        report.ratio("  server's processor", cpu, Limit::AtMost(1.25), &note);
    }

    fn rates<'c>(&'c self, count: usize, call: &'c Call, cpu: &'c mut Vec<f64>) -> impl FnMut(Duration) -> f64 + 'c {
        move |time| {
            let load = self.load(count, time, |_, _| call.clone());
            cpu.push(load.server_seconds_per_call);
            load.calls_per_second
        }
    }

    /// A viewer with a token, beside strangers who ask the same of the public team.
    fn known(&self, report: &mut Report, effort: Effort) {
        let token = v1::Token {
            display_name: "bench".to_owned(),
            role: v1::Role::Viewer.into(),
            team: "teams/psf".to_owned(),
            ..Default::default()
        };
        let asked = v1::CreateTokenRequest { token: Some(token), validate_only: false };
        let (path, admin) = ("/onduty.v1.TokenService/CreateToken", bearer(&self.server.token));
        let create = Call { path, message: asked.encode_to_vec().into(), token: Some(admin) };
        let made = self.runtime.block_on(create.make(self.channels[0].clone()));
        let secret = v1::CreateTokenResponse::decode(made).expect("an answer").secret;
        let message: Bytes = on_duty().encode_to_vec().into();
        let stranger = Call { path: "/onduty.v1.OnDutyService/GetOnDuty", message, token: None };
        let viewer = Call { token: Some(bearer(&secret)), ..stranger.clone() };
        for count in [1, CALLERS] {
            let pair = alternate(
                effort,
                |time| self.load(count, time, |_, _| viewer.clone()).calls_per_second,
                |time| self.load(count, time, |_, _| stranger.clone()).calls_per_second,
            );
            let name = format!("GetOnDuty of a viewer, {}", plural(count));
            report.ratio(&name, pair, Limit::AtLeast(0.9), &rates(pair, "strangers"));
        }
    }

    /// A team for each caller.
    fn make_teams(&self) {
        let admin = Some(bearer(&self.server.token));
        for caller in 0..CALLERS {
            let team =
                v1::Team { zone: "UTC".to_owned(), display_name: format!("Team {caller}"), ..Default::default() };
            let team_id = format!("writer-{caller}");
            let message =
                v1::CreateTeamRequest { team_id, team: Some(team), ..Default::default() }.encode_to_vec().into();
            let call = Call { path: "/onduty.v1.TeamService/CreateTeam", message, token: admin.clone() };
            self.runtime.block_on(call.make(self.channels[0].clone()));
        }
    }

    /// Tasks made by many callers in so many teams, beside calls that do nothing. The changes of one team are made one
    /// after the other, each when the disk has confirmed the last.
    fn writes(&self, report: &mut Report, effort: Effort, teams: usize, limit: Limit) {
        let admin = Some(bearer(&self.server.token));
        let create = |caller: usize, _| {
            let task = v1::Task { title: "Look at the build of last night".to_owned(), ..Default::default() };
            let parent = format!("teams/writer-{}", caller % teams);
            let message = v1::CreateTaskRequest { parent, task: Some(task), ..Default::default() }.encode_to_vec();
            Call { path: "/onduty.v1.TaskService/CreateTask", message: message.into(), token: admin.clone() }
        };
        let nothing = Call { path: PATH, message: Bytes::new(), token: None };
        let pair = alternate(
            effort,
            |time| self.load(CALLERS, time, create).calls_per_second,
            |time| self.load(CALLERS, time, |_, _| nothing.clone()).calls_per_second,
        );
        let name = format!("durable CreateTask, 64 callers, {teams} team{}", if teams == 1 { "" } else { "s" });
        report.ratio(&name, pair, limit, &rates(pair, "nothing"));
    }
}

fn rates(pair: Pair, of: &str) -> String {
    format!("{}/s beside {}/s of {of}", short(pair.subject), short(pair.peer))
}

fn mean(values: &[f64]) -> f64 {
    // The first is the warming up.
    let counted = values.get(1..).unwrap_or_default();
    counted.iter().sum::<f64>() / counted.len() as f64
}
