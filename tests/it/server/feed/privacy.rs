//! Why somebody is away is in no calendar, no metric and no log line.

use onduty::proto::v1::time_off_service_client::TimeOffServiceClient;
use onduty::proto::v1::{DaySpan, MarkAbsenceRequest, Span, TimeOff, TimeOffKind, span::Form};
use tempfile::TempDir;

use super::TEAM;
use crate::support::grpc::connect;
use crate::support::http;
use crate::support::process::Ondutyd;

/// Words that stand nowhere but in the note.
const NOTE: &str = "appendectomy at Saint Zwentibold";
/// What the absence is called, and what notes of the bundled roster say; none of them is a word of a calendar's own.
const FORBIDDEN: [&str; 8] =
    ["appendectomy", "zwentibold", "sick", "vacation", "time_off", "timeoff", "busywork", "focus"];

#[test]
fn no_word_of_a_reason_leaves_the_server_unasked() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().to_str().unwrap();
    let (server, url) = Ondutyd::start(&["--demo", "--data", data, "--log", "trace"]);
    let address = url.trim_start_matches("http://").parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut seen = String::new();
    runtime.block_on(async {
        let asked = absence();
        let answer = TimeOffServiceClient::new(connect(&url).await).mark_absence(asked).await.unwrap();
        assert_eq!(answer.into_inner().time_off.unwrap().note, NOTE);
        let wrong = MarkAbsenceRequest { time_off_id: "NO ID".to_owned(), ..absence() };
        TimeOffServiceClient::new(connect(&url).await).mark_absence(wrong).await.unwrap_err();
        let duties = ["buildbots", "moderation", "releases", "review", "security", "speaking", "other-projects"];
        let duties = duties.map(|duty| format!("/feeds/psf/duties/{duty}.ics"));
        let people = ["lukasz", "magdalena"].map(|person| format!("/feeds/psf/residents/{person}.ics"));
        let others = [TEAM, "/metrics", "/healthz", "/readyz"].map(str::to_owned);
        for path in others.iter().chain(&duties).chain(&people) {
            let answer = http::get(address, path).await;
            assert_eq!(answer.status, 200, "{path}");
            seen += &format!("{path}\n{:?}\n{}\n", answer.headers, answer.body.replace("\r\n ", ""));
        }
    });
    server.terminate();
    let (status, logged) = server.end();
    assert!(status.success() && logged.len() > 1_000, "{status}");
    // Programs write bytes as numbers, too.
    let numbers = NOTE.as_bytes()[..12].iter().map(ToString::to_string).collect::<Vec<_>>();
    for apart in [", ", ",", " "] {
        assert!(!logged.contains(&numbers.join(apart)), "the log has the note as numbers");
    }
    for (place, text) in [("an answer", &seen), ("the log", &logged)] {
        let found = text.lines().filter(|line| {
            let line = line.to_lowercase();
            let line = line.replace("onduty.v1.timeoffservice", "").replace("team_service", "");
            let forbidden = if place == "the log" { &FORBIDDEN[..2] } else { &FORBIDDEN[..] };
            forbidden.iter().any(|word| line.contains(word))
        });
        let found: Vec<&str> = found.take(3).collect();
        assert!(found.is_empty(), "{place} says: {found:?}");
    }
}

fn absence() -> MarkAbsenceRequest {
    let first_date = Some(onduty::proto::google_type::Date { year: 2026, month: 1, day: 1 });
    let days = DaySpan { first_date, last_date: None, zone: "UTC".to_owned() };
    let time_off = TimeOff {
        resident: "teams/psf/residents/magdalena".to_owned(),
        kind: TimeOffKind::Sick.into(),
        note: NOTE.to_owned(),
        span: Some(Span { form: Some(Form::Days(days)) }),
        ..TimeOff::default()
    };
    MarkAbsenceRequest { parent: "teams/psf".to_owned(), time_off: Some(time_off), ..MarkAbsenceRequest::default() }
}
