//! The team whose calendar is read, and its shifts as the server tells of them over gRPC.

use std::collections::{BTreeMap, BTreeSet};

use onduty::proto::google_type::Interval;
use onduty::proto::v1::on_duty_service_client::OnDutyServiceClient;
use onduty::proto::v1::{ListShiftsRequest, Shift};

use crate::support::grpc::connect;
use crate::support::server::{text, time};

/// A team with texts that have to be escaped and folded, and with weeks in which the clocks change.
pub const ROSTER: &str = r#"
team = "core"
display_name = "Core; \"the\" team, \\ and 🙂"
zone = "Europe/Warsaw"
public = true
since = 2026-01-01

[[resident]]
id = "asa"
display_name = "Åsa Öberg, née O'Neill; back\\slash"

[[resident]]
id = "mei"
display_name = "林美 🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂"

[[duty]]
id = "review"
title = "Reviews: \"quick\", & <friendly>; Überprüfungen der eingegangenen Vorschläge aller Beteiligten"

[[duty.layer]]
id = "weekly"
participants = ["asa", "mei"]
shift_length = "1 week"
anchor = 2026-01-05T02:30:00

[[duty]]
id = "nights"
title = "Nights"

[[duty.layer]]
id = "nightly"
participants = ["mei", "asa"]
shift_length = "1 day"
anchor = 2026-01-05T02:30:00
"#;

/// An event: UID, start, end, SUMMARY.
pub type Event = (String, String, String, String);

/// What the calendar shows: 90 days back, half a year ahead.
const SHOWN: (&str, &str) = ("2026-08-25T00:00:00Z", "2027-05-25T00:00:00Z");

/// The shifts of that time that the server itself tells of, with what they are called.
pub async fn told(url: &str) -> BTreeSet<Event> {
    let roster: toml::Table = ROSTER.parse().unwrap();
    let duties = roster["duty"].as_array().unwrap().iter();
    let titles: BTreeMap<&str, &str> =
        duties.map(|duty| (duty["id"].as_str().unwrap(), duty["title"].as_str().unwrap())).collect();
    // A shift longer, so that none that is shown is cut.
    let interval =
        Some(Interval { start_time: Some(time("2026-08-17T00:00:00Z")), end_time: Some(time("2027-06-02T00:00:00Z")) });
    let mut asked = ListShiftsRequest { parent: "teams/core".to_owned(), interval, ..Default::default() };
    let mut client = OnDutyServiceClient::new(connect(url).await);
    let mut found = BTreeSet::new();
    loop {
        let page = client.list_shifts(asked.clone()).await.unwrap().into_inner();
        let shown = |shift: Shift| {
            let interval = shift.interval.unwrap();
            let summary = format!("{}: {}", titles[shift.duty.rsplit('/').next().unwrap()], shift.display_name);
            let (start, end) = (text(interval.start_time.as_ref()), text(interval.end_time.as_ref()));
            (start.as_str() < SHOWN.1 && end.as_str() > SHOWN.0).then_some((shift.id, start, end, summary))
        };
        found.extend(page.shifts.into_iter().filter_map(shown));
        if page.next_page_token.is_empty() {
            return found;
        }
        asked.page_token = page.next_page_token;
    }
}
