//! Floods against `ondutyd` as a process: it stays small, and whoever else calls is served.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use onduty::proto::v1::ListTeamsRequest;
use onduty::proto::v1::team_service_client::TeamServiceClient;
use tokio::runtime::Runtime;

use crate::support::frames::{
    DATA, END_HEADERS, END_STREAM, Frame, GOAWAY, HEADERS, PING, RST_STREAM, Raw, SETTINGS, WINDOW_UPDATE, frame,
    headers,
};
use crate::support::grpc::connect;
use crate::support::http;
use crate::support::process::Ondutyd;

/// The most memory that a server may have, whatever is sent to it, in MiB: what it has at rest, what it may be
/// receiving at a time, and as much again to work with.
const MEMORY_MAX: usize = 224;
const CALL: &str = "/onduty.v1.TeamService/ListTeams";
const GRPC: &[(&str, &str)] = &[("content-type", "application/grpc")];
const REFUSED: u32 = 7;
const CALM: u32 = 11;

/// A server, and somebody else who calls it.
struct Flooded {
    server: Ondutyd,
    url: String,
    runtime: Runtime,
}

impl Flooded {
    fn start() -> Self {
        let (server, url) = Ondutyd::start(&["--demo", "--requests-per-second", "0"]);
        Self { server, url, runtime: Runtime::new().unwrap() }
    }

    fn address(&self) -> SocketAddr {
        self.url.strip_prefix("http://").unwrap().parse().unwrap()
    }

    fn serves_others(&self) {
        let teams = self.runtime.block_on(async {
            let mut client = TeamServiceClient::new(connect(&self.url).await);
            client.list_teams(ListTeamsRequest::default()).await.unwrap().into_inner().teams.len()
        });
        assert_eq!(teams, 1);
    }

    /// Sends `count` times what `piece` makes, in one go, while what comes back is read; returns that.
    fn flood(&self, count: u32, piece: impl Fn(u32) -> Vec<u8>) -> Vec<Frame> {
        let mut raw = Raw::open(self.address(), &[]);
        let mut reader = raw.again();
        let reading = std::thread::spawn(move || {
            let mut kept = Vec::new();
            while let Some(frame) = reader.read() {
                // Answers to a flood are a flood.
                if kept.len() < 10_000 || frame.kind == GOAWAY {
                    kept.push(frame);
                }
            }
            kept
        });
        for from in (0..count).step_by(1_000) {
            let pieces: Vec<u8> = (from..count.min(from + 1_000)).flat_map(&piece).collect();
            if !raw.write(&pieces) {
                break;
            }
            if from % 10_000 == 0 {
                self.serves_others();
            }
        }
        self.serves_others();
        // A frame that nobody may send ends the connection, if the flood did not.
        raw.write(&frame(DATA, 0, 0, &[]));
        reading.join().unwrap()
    }

    /// Ends it, and returns what it logged.
    fn stays_small(self) -> String {
        let memory = self.server.memory_max();
        println!("{memory} MiB");
        assert!(memory < MEMORY_MAX, "{memory} MiB");
        self.server.terminate();
        let (status, logged) = self.server.end();
        assert!(status.success() && !logged.contains("panicked"), "{status}: {logged}");
        logged
    }
}

fn stream(number: u32) -> u32 {
    2 * number + 1
}

fn ends_with(frames: &[Frame], code: u32) {
    let codes: Vec<u32> = frames.iter().filter(|frame| frame.kind == GOAWAY).map(Frame::code).collect();
    assert!(codes.contains(&code), "{codes:?}");
}

#[test]
fn calls_that_are_taken_back_at_once_end_the_connection() {
    let flooded = Flooded::start();
    let fields = headers("POST", CALL, GRPC);
    let frames = flooded.flood(100_000, |number| {
        let begun = frame(HEADERS, END_HEADERS, stream(number), &fields);
        [begun, frame(RST_STREAM, 0, stream(number), &8_u32.to_be_bytes())].concat()
    });
    ends_with(&frames, CALM);
    flooded.stays_small();
}

#[test]
fn mistakes_that_the_server_has_to_reset_end_the_connection() {
    let flooded = Flooded::start();
    let fields = headers("POST", CALL, GRPC);
    // A window that grows beyond what can be counted is a mistake in the stream.
    let frames = flooded.flood(100_000, |number| {
        let begun = frame(HEADERS, END_HEADERS, stream(number), &fields);
        [begun, frame(WINDOW_UPDATE, 0, stream(number), &0x7fff_ffff_u32.to_be_bytes())].concat()
    });
    ends_with(&frames, CALM);
    flooded.stays_small();
}

#[test]
fn pings_and_settings_in_floods_take_no_memory() {
    let flooded = Flooded::start();
    flooded.flood(200_000, |number| frame(PING, 0, 0, &u64::from(number).to_be_bytes()));
    flooded.flood(200_000, |_| frame(SETTINGS, 0, 0, &[0, 4, 0, 1, 0, 0]));
    flooded.flood(200_000, |_| frame(SETTINGS, 0, 0, &[]));
    flooded.stays_small();
}

#[test]
fn calls_past_the_limit_of_a_connection_are_refused_one_by_one() {
    let flooded = Flooded::start();
    let fields = headers("POST", CALL, GRPC);
    let frames = flooded.flood(260, |number| frame(HEADERS, END_HEADERS, stream(number), &fields));
    let refused = frames.iter().filter(|frame| frame.kind == RST_STREAM && frame.code() == REFUSED);
    let refused: Vec<u32> = refused.map(|frame| frame.stream).collect();
    assert_eq!(refused, (200..260).map(stream).collect::<Vec<_>>());
    flooded.stays_small();
}

#[test]
fn answers_that_nobody_reads_take_little_memory() {
    let flooded = Flooded::start();
    let fields = headers("GET", "/feeds/psf/duties/security.ics", &[]);
    // A status of 200 is written in one byte, and any other is not.
    let (mut served, mut refused) = (0, 0);
    let unread: Vec<Raw> = (0..2)
        .map(|_| {
            let mut raw = Raw::open(flooded.address(), &[(4, 0)]);
            let asked = (0..200).flat_map(|number| frame(HEADERS, END_HEADERS | END_STREAM, stream(number), &fields));
            raw.write(&asked.collect::<Vec<_>>());
            for answer in std::iter::from_fn(|| raw.read()).filter(|frame| frame.kind == HEADERS).take(200) {
                match answer.payload.contains(&0x88) {
                    true => served += 1,
                    false => refused += 1,
                }
            }
            raw
        })
        .collect();
    assert_eq!((served, refused), (250, 150));
    flooded.serves_others();
    drop(unread);
    flooded.stays_small();
}

#[test]
fn messages_that_never_come_to_their_end_take_a_bounded_share_of_memory() {
    let flooded = Flooded::start();
    let fields = headers("POST", CALL, GRPC);
    let length = 4_u32 << 20;
    let head = [&[0][..], &length.to_be_bytes()].concat();
    let connections: Vec<_> = (0..40)
        .map(|_| {
            let mut raw = Raw::open(flooded.address(), &[]);
            raw.write(&frame(HEADERS, END_HEADERS, 1, &fields));
            raw.write(&frame(DATA, 0, 1, &head));
            std::thread::spawn(move || {
                send_most(&mut raw, length);
                raw
            })
        })
        .collect();
    flooded.serves_others();
    let _open: Vec<Raw> = connections.into_iter().map(|thread| thread.join().unwrap()).collect();
    flooded.serves_others();
    let metrics = flooded.runtime.block_on(http::get(flooded.address(), "/metrics")).body;
    assert!(metrics.contains("onduty_refused_total{reason=\"bytes_in_flight\"} 3"), "{metrics}");
    assert!(flooded.server.memory_max() > 60, "nothing is received");
    flooded.stays_small();
}

#[test]
fn more_connections_than_files_may_be_open_are_served_when_others_end() {
    let flooded = Flooded::start();
    flooded.serves_others();
    flooded.server.limit_files(40);
    let connected: Vec<_> = (0..100).map(|_| TcpStream::connect(flooded.address()).unwrap()).collect();
    // By then it has tried to accept more than it can.
    let mut last = connected.last().unwrap();
    last.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    last.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    assert!(last.read(&mut [0; 1]).is_err(), "there were files enough");
    drop(connected);
    flooded.serves_others();
    let logged = flooded.stays_small();
    let tries = logged.matches("could not be accepted").count();
    assert!((1..100).contains(&tries), "{tries} lines");
}

/// Sends a message of so many bytes but for its end, as fast as the server's windows let it, or until it is refused.
fn send_most(raw: &mut Raw, length: u32) {
    const PIECE: u32 = 1 << 14;
    // What is sent already counts too.
    let (mut connection, mut own, mut sent) = (65_530_u32, 65_530_u32, 0);
    while sent < length - PIECE {
        while connection.min(own) < PIECE {
            let Some(told) = raw.read() else { return };
            match (told.kind, told.stream) {
                (WINDOW_UPDATE, 0) => connection += told.code(),
                (WINDOW_UPDATE, _) => own += told.code(),
                (SETTINGS, _) if !told.payload.is_empty() => {
                    let sizes = told.payload.chunks_exact(6).filter(|setting| setting[1] == 4);
                    own += sizes.map(|size| u32::from_be_bytes(size[2..].try_into().unwrap()) - 65_535).sum::<u32>();
                    raw.write(&frame(SETTINGS, 1, 0, &[]));
                }
                (HEADERS | RST_STREAM | GOAWAY, _) => return,
                _ => {}
            }
        }
        raw.write(&frame(DATA, 0, 1, &vec![0; PIECE as usize]));
        (connection, own, sent) = (connection - PIECE, own - PIECE, sent + PIECE);
    }
}
