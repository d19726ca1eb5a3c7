//! Every kind and every note, looked for in all that somebody receives who may not know them.
//!
//! The program speaks one language, English. `other` is the one kind whose word is too common to be looked for; that it
//! looks like any other absence is held in `audiences`.

use bytes::Bytes;
use onduty::proto::v1;
use onduty::proto::v1::TimeOffKind as Kind;
use onduty::proto::v1::time_off_service_client::TimeOffServiceClient;
use onduty::proto::v1::token_service_client::TokenServiceClient;
use onduty::proto::{NEEDS, google_type as wire, v1::Role};
use tonic::Request;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;

use super::calls::{requests, roster};
use super::raw::Raw;
use crate::support::cli::Cli;
use crate::support::grpc::{Connection, apply, connect, connect_with};
use crate::support::http;
use crate::support::local::LocalServer;
use crate::support::server::time;
use crate::support::tokens::Bearer;

const NOW: &str = "2026-11-23T13:05:00Z";

/// What begins every note.
const NOTE: &str = "zwentibold";

/// What a kind is called in two words.
const PUBLIC_HOLIDAY: &str = "public holiday";

/// Words for kinds, as whole words in small letters.
const KINDS: [&str; 13] = [
    "sick",
    "vacation",
    "travel",
    "traveling",
    "conference",
    "focus",
    "focused",
    "public_holiday",
    "time_off_kind_sick",
    "time_off_kind_vacation",
    "time_off_kind_travel",
    "time_off_kind_focus",
    "time_off_kind_other",
];

/// Returns which of the words stand in `text`.
fn found(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    let kinds = KINDS.into_iter().filter(|kind| words.contains(kind));
    kinds.chain([PUBLIC_HOLIDAY, NOTE].into_iter().filter(|words| text.contains(words))).collect()
}

/// Records an absence of every kind, one of them without an end, all with notes.
async fn absences(url: &str) {
    let mut service = TimeOffServiceClient::new(connect(url).await);
    let kinds =
        [Kind::Sick, Kind::Vacation, Kind::Travel, Kind::Conference, Kind::Focus, Kind::PublicHoliday, Kind::Other];
    for (day, kind) in (23..).zip(kinds) {
        let start_time = Some(time(&format!("2026-11-{day}T08:00:00Z")));
        let end_time = (kind != Kind::Other).then(|| time(&format!("2026-11-{day}T15:00:00Z")));
        let span = wire::Interval { start_time, end_time };
        let entry = v1::TimeOff {
            resident: "teams/core/residents/asa".to_owned(),
            kind: kind.into(),
            note: format!("{NOTE} {kind:?}"),
            span: Some(v1::Span { form: Some(v1::span::Form::Instants(span)) }),
            ..Default::default()
        };
        let parent = "teams/core".to_owned();
        let asked = v1::MarkAbsenceRequest { parent, time_off: Some(entry), ..Default::default() };
        service.mark_absence(asked).await.unwrap();
    }
}

/// A public team with all of that.
async fn prepare(url: &str) {
    // An entry of the roster file's own would be one more; its id is nobody's secret.
    apply(url, &roster("core", true).replace("kind = \"vacation\"", "kind = \"vacation\"\nnote = \"zwentibold\""))
        .await;
    absences(url).await;
}

async fn token(url: &str, role: Role, resident: &str) -> String {
    let resident = if resident.is_empty() { String::new() } else { format!("teams/core/residents/{resident}") };
    let (display_name, team) = ("test".to_owned(), "teams/core".to_owned());
    let token = v1::Token { display_name, role: role.into(), team, resident, ..Default::default() };
    let asked = v1::CreateTokenRequest { token: Some(token), validate_only: false };
    TokenServiceClient::new(connect(url).await).create_token(Request::new(asked)).await.unwrap().into_inner().secret
}

/// All bytes of the answer, or of the refusal with everything that comes with it.
async fn received(connection: &Connection, path: &'static str, message: &[u8]) -> String {
    let mut client = Grpc::new(connection.clone());
    client.ready().await.unwrap();
    let request = Request::new(Bytes::copy_from_slice(message));
    match client.unary(request, PathAndQuery::from_static(path), Raw).await {
        Ok::<tonic::Response<Bytes>, _>(answer) => {
            let (metadata, bytes, _) = answer.into_parts();
            format!("{metadata:?} {}", String::from_utf8_lossy(&bytes))
        }
        Err(status) => {
            let details = String::from_utf8_lossy(status.details()).into_owned();
            format!("{} {details} {:?}", status.message(), status.metadata())
        }
    }
}

#[test]
fn no_method_tells_a_kind_or_a_note_to_whoever_may_not_know_it() {
    let dir = tempfile::tempdir().unwrap();
    let server = LocalServer::start(dir.path(), NOW);
    let url = server.url();
    server.block_on(async {
        prepare(&url).await;
        let mut callers = vec![("none", Bearer::none()), ("bad", Bearer::of("onduty_no"))];
        callers.push(("viewer", Bearer::of(&token(&url, Role::Viewer, "").await)));
        callers.push(("other", Bearer::of(&token(&url, Role::Resident, "ben").await)));
        let requests = requests("core");
        let coordinator = connect(&url).await;
        let mut seen_by_coordinators = 0;
        for (path, _) in NEEDS {
            let message = &requests[path.rsplit('/').next().unwrap()];
            for (who, bearer) in &callers {
                let told = received(&connect_with(&url, bearer.clone()).await, path, message).await;
                assert_eq!(found(&told), [""; 0], "{path} to {who}: {told}");
            }
            seen_by_coordinators += usize::from(found(&received(&coordinator, path, message).await).contains(&NOTE));
        }
        // So the words would be found.
        assert!(seen_by_coordinators >= 3, "{seen_by_coordinators}");
        for path in ["/metrics", "/readyz", "/feeds/core/on-duty.ics", "/feeds/core/residents/asa.ics", "/feeds/core/x"]
        {
            let answer = http::get(server.address(), path).await;
            let told = format!("{:?} {}", answer.headers, answer.body.replace("\r\n ", ""));
            // Methods are named in metrics.
            assert_eq!(found(&told), [""; 0], "{path}: {told}");
        }
    });
}

#[test]
fn no_command_writes_a_kind_or_a_note_for_whoever_may_not_know_it() {
    let dir = tempfile::tempdir().unwrap();
    let server = LocalServer::start(&dir.path().join("data"), NOW);
    let url = server.url();
    let (viewer, colleague) = server.block_on(async {
        prepare(&url).await;
        (token(&url, Role::Viewer, "").await, token(&url, Role::Resident, "ben").await)
    });
    let cli = Cli::new(&url, dir.path(), NOW);
    let lines = [
        "who",
        "who --why",
        "who --at 2026-11-26T10:00:00Z --why",
        "shifts",
        "gaps",
        "handoffs",
        "off list",
        "off list --resident asa",
        "off end away",
        "off erase away",
        "back --resident asa",
        "task list",
        "task show fix",
        "task split",
        "handoffs notes --all",
        "log",
        "log --object timeOff/away",
        "log --object residents/asa",
        "export",
        "check",
        "get time-off away",
        "get resident asa",
        "get duty review",
        "get override swap",
        "get task fix",
        "list time-off",
        "list residents",
        "list tasks",
        "list overrides",
        "delete time-off away",
        "feed",
        "feed list",
        "whoami",
        "info",
        "token list",
    ];
    for line in lines {
        for format in ["", " --output json"] {
            let line = format!("{line}{format}");
            for (who, secret) in [("a stranger", ""), ("a viewer", &*viewer), ("a colleague", &*colleague)] {
                let variables =
                    if secret.is_empty() { ("XDG_STATE_HOME", "/nowhere") } else { ("ONDUTY_TOKEN", secret) };
                let ran = cli.run_with(&line, &[variables]);
                // The command line says what it was asked, and what could be asked.
                assert!(!ran.errors.contains("Usage"), "{line}: {ran:?}");
                assert_eq!(found(&format!("{}{}", ran.output, ran.errors)), [""; 0], "{line} for {who}: {ran:?}");
            }
        }
    }
    // So the words would be found.
    let told = ["sick", "vacation", "travel", "conference", "focus", PUBLIC_HOLIDAY, NOTE];
    assert_eq!(found(&cli.done("off list")), told);
}
