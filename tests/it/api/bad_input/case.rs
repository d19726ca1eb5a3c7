//! A bad request and what it is refused with; and how cases are made of a good request.

use std::fmt::Debug;

use bytes::{BufMut as _, Bytes, BytesMut};
use http_body_util::Full;
use onduty::proto::google_type as wire;
use onduty::proto::v1;
use pbjson_types::{FieldMask, Timestamp};
use prost::Message;
use tonic::Status;
use tonic::body::Body;
use tower::ServiceExt as _;

use super::descriptors::method_path;
use super::values::{NOT_FOUND, bad_windows, interval, long, window};
use crate::api::entered::harness::refused;
use crate::support::server::Server;

/// A change of a good value, and what is told of it.
pub type Edit<T> = (&'static str, fn(&mut T));

/// A bad request.
pub struct Case {
    /// The call, as `GetTeam`.
    pub call: String,
    /// Code, reason and fields.
    pub told: String,
    /// The request for people to read.
    pub shown: String,
    path: String,
    request: Vec<u8>,
}

impl Case {
    /// What is told is a list of fields, or with a code and a reason before it where these are not the usual ones.
    pub fn new<M: Message + Debug>(told: &str, request: &M) -> Self {
        let usual = !told.starts_with(char::is_uppercase);
        let told = if usual { format!("InvalidArgument INVALID_FIELD {told}") } else { told.to_owned() };
        let message = std::any::type_name::<M>().rsplit("::").next().unwrap();
        let path = method_path(message);
        let call = path.rsplit('/').next().unwrap().to_owned();
        let shown = format!("{request:?}").chars().take(400).collect();
        Self { call, told, shown, path, request: request.encode_to_vec() }
    }

    /// The paths of the fields that are told, without the places in lists.
    pub fn fields(&self) -> Vec<String> {
        if self.told == "Aborted ETAG_MISMATCH" {
            return vec!["etag".to_owned()];
        }
        let fields = self.told.splitn(3, ' ').nth(2).unwrap_or_default();
        let plain = |field: &str| {
            let mut inside = false;
            let outside = |c: &char| {
                inside = (inside || *c == '[') && *c != ']';
                !inside && *c != ']'
            };
            field.chars().filter(outside).collect()
        };
        fields.split(", ").map(plain).collect()
    }
}

/// Sends a request over the server's own routes and tells what it is refused with.
pub async fn send(server: &Server, case: &Case) -> String {
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(u32::try_from(case.request.len()).unwrap());
    frame.extend_from_slice(&case.request);
    let request = http::Request::post(&case.path).header("content-type", "application/grpc").header("te", "trailers");
    let request = request.body(Body::new(Full::new(Bytes::from(frame)))).unwrap();
    let answer = server.routes.clone().oneshot(request).await.unwrap();
    match Status::from_header_map(answer.headers()) {
        Some(status) => refused::<()>(Err(status)),
        None => "accepted".to_owned(),
    }
}

/// The cases that are made of one good request.
pub struct Cases<M> {
    good: M,
    cases: Vec<Case>,
}

impl<M: Message + Clone + Debug> Cases<M> {
    pub fn of(good: M) -> Self {
        Self { good, cases: Vec::new() }
    }

    pub fn done(self) -> Vec<Case> {
        self.cases
    }

    /// Adds what `edit` makes of the good request.
    pub fn when(mut self, told: &str, edit: impl FnOnce(&mut M)) -> Self {
        let mut bad = self.good.clone();
        edit(&mut bad);
        self.cases.push(Case::new(told, &bad));
        self
    }

    /// Adds the good request with each of these values.
    pub fn each<T>(self, told: &str, at: fn(&mut M) -> &mut T, values: impl IntoIterator<Item = T>) -> Self {
        values.into_iter().fold(self, |cases, value| cases.when(told, |request| *at(request) = value))
    }

    /// Adds what the edits make of a part of the request; `before` is what the paths begin with.
    pub fn part<T>(self, before: &str, at: fn(&mut M) -> &mut T, edits: &[Edit<T>]) -> Self {
        edits.iter().fold(self, |cases, (told, edit)| {
            let told: Vec<String> = told.split(", ").map(|field| format!("{before}{field}")).collect();
            cases.when(&told.join(", "), |request| edit(at(request)))
        })
    }

    /// Adds bad names of a team.
    pub fn team(self, field: &str, at: fn(&mut M) -> &mut String) -> Self {
        let malformed =
            ["", "psf", "teams/", "teams/P", "teams/psf/x", &format!("teams/{}", long(64))].map(str::to_owned);
        self.each(field, at, malformed).each(NOT_FOUND, at, ["teams/psff".to_owned()])
    }

    /// Adds bad names of something in a team.
    pub fn name(self, field: &str, collection: &str, at: fn(&mut M) -> &mut String) -> Self {
        let malformed = [
            String::new(),
            "x".to_owned(),
            format!("teams/psf/{collection}"),
            format!("teams/psf/{collection}/A"),
            format!("teams/psf/{collection}/{}", long(64)),
            format!("teams/P/{collection}/x"),
            "teams/psf/other/x".to_owned(),
        ];
        let unknown = [format!("teams/psf/{collection}/nobody"), format!("teams/psff/{collection}/x")];
        self.each(field, at, malformed).each(NOT_FOUND, at, unknown)
    }

    /// Adds bad ids of what is to be made.
    pub fn id(self, field: &str, at: fn(&mut M) -> &mut String) -> Self {
        self.each(field, at, ["A", "-", "a b", "x-", &long(64)].map(str::to_owned))
    }

    /// Adds bad names in a list; `good` is what names something.
    pub fn references(self, field: &str, good: &str, at: fn(&mut M) -> &mut Vec<String>) -> Self {
        let (collection, good) = (good.split('/').next().unwrap(), format!("teams/psf/{good}"));
        let first = ["", "x", "teams/psf/other/x", &format!("teams/psf/{collection}/{}", long(64))];
        let first = first.map(|name| vec![name.to_owned()]);
        let second = vec![good.clone(), good.replace("psf", "other")];
        let unknown = vec![good, format!("teams/psf/{collection}/nobody")];
        self.each(&format!("{field}[0]"), at, first).each(&format!("{field}[1]"), at, [second]).each(
            NOT_FOUND,
            at,
            [unknown],
        )
    }

    /// Adds bad weekly windows, each behind a good one.
    pub fn windows(self, field: &str, at: fn(&mut M) -> &mut Vec<v1::WeeklyWindow>) -> Self {
        bad_windows().into_iter().fold(self, |cases, (part, bad)| {
            cases.each(&format!("{field}[1].{part}"), at, [vec![window(&[1], 9, 17), bad]])
        })
    }

    pub fn request_id(self, at: fn(&mut M) -> &mut String) -> Self {
        self.each("request_id", at, ["x", "1", "5f0c7a52-2c0e-4d9e-9b59", &long(64)].map(str::to_owned))
    }

    pub fn etag(self, at: fn(&mut M) -> &mut String) -> Self {
        self.each("Aborted ETAG_MISMATCH", at, ["x", "\"0\"", &long(64)].map(str::to_owned))
    }

    /// Adds instants outside 1970 to 2200.
    pub fn time(self, field: &str, at: fn(&mut M) -> &mut Option<Timestamp>) -> Self {
        let out = [i64::MIN, -1_000_000, 7_300_000_000, i64::MAX];
        self.each(field, at, out.map(|seconds| Some(Timestamp { seconds, nanos: 0 })))
    }

    /// Adds bad instants from which a change is to be in effect.
    pub fn effective_time(self, at: fn(&mut M) -> &mut Option<Timestamp>) -> Self {
        let fraction = Timestamp { seconds: 1_800_000_000, nanos: 5 };
        self.time("effective_time", at).each("effective_time", at, [Some(fraction)])
    }

    /// Adds bad sizes and tokens of pages; the last token belongs to another request.
    pub fn page(self, size: fn(&mut M) -> &mut i32, token: fn(&mut M) -> &mut String) -> Self {
        let other: String = "1:0123456789abcdef:x".bytes().map(|byte| format!("{byte:02x}")).collect();
        self.each("page_size", size, [-1, i32::MIN])
            .each("page_token", token, ["x", "0", "ff", "6a756e6b"].map(str::to_owned))
            .each("InvalidArgument PAGE_TOKEN_MISMATCH page_token", token, [other])
    }

    /// Adds bad windows of computed answers.
    pub fn window(self, at: fn(&mut M) -> &mut Option<wire::Interval>) -> Self {
        let start = |seconds: i64| Some(Timestamp { seconds, nanos: 0 });
        let halves = |start_time, end_time| Some(wire::Interval { start_time, end_time });
        self.each("interval.start_time, interval.end_time", at, [halves(None, None)])
            .each("interval.start_time", at, [halves(None, start(1_800_000_000))])
            .each("interval.end_time", at, [halves(start(1_800_000_000), None)])
            .each("interval", at, [interval(1_800_000_000, 1_800_000_000 + 400 * 86_400 + 1)])
            .open_window(at)
    }

    /// Adds bad intervals of filters, of which either end may be left out.
    pub fn open_window(self, at: fn(&mut M) -> &mut Option<wire::Interval>) -> Self {
        let now = 1_800_000_000;
        self.each("interval", at, [interval(now, now), interval(now, now - 1)])
            .each("interval.start_time", at, [interval(-1_000_000, now), interval(i64::MIN, now)])
            .each("interval.end_time", at, [interval(now, 1 << 40), interval(now, i64::MAX)])
            .each("interval.start_time, interval.end_time", at, [interval(i64::MAX, i64::MIN)])
    }

    /// Adds masks with paths that cannot be changed.
    pub fn mask(self, at: fn(&mut M) -> &mut Option<FieldMask>) -> Self {
        let mask = |paths: &[&str]| Some(FieldMask { paths: paths.iter().map(ToString::to_string).collect() });
        self.each("update_mask.paths[0]", at, [mask(&["nothing"]), mask(&["uid"]), mask(&[""]), mask(&["create_time"])])
            .each("update_mask.paths[0], update_mask.paths[1]", at, [mask(&["*", "name"])])
    }
}
