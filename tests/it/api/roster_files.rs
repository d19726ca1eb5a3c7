//! Roster files through the API: from when they are in effect.

use onduty::proto::v1;
use onduty::proto::v1::roster_service_server::RosterService as _;
use onduty::service::RosterFiles;
use pbjson_types::Timestamp;
use tonic::{Code, Request};

use crate::support::server::{START, Server};

const FILE: &str = "team = \"psf\"\ndisplay_name = \"Residents\"\nzone = \"Europe/Warsaw\"\n";

fn asked(text: &str, days_from_start: i64) -> Request<v1::ApplyRosterRequest> {
    let start: onduty::civil::Instant = START.parse().unwrap();
    let at = Timestamp { seconds: start.seconds() + days_from_start * 86_400, nanos: 0 };
    Request::new(v1::ApplyRosterRequest {
        roster_toml: text.to_owned(),
        effective_time: Some(at),
        ..v1::ApplyRosterRequest::default()
    })
}

#[tokio::test]
async fn a_file_is_in_effect_from_the_stated_time_on() {
    let server = Server::start().await;
    let files = RosterFiles::new(server.coordinator());
    files.apply_roster(asked(FILE, 0)).await.unwrap();
    let renamed = FILE.replace("Residents", "Core team");
    let answer = files.apply_roster(asked(&renamed, 30)).await.unwrap().into_inner();
    let start = START.parse::<onduty::civil::Instant>().unwrap();
    let from = answer.changes[0].effective_time.as_ref().unwrap().seconds;
    assert_eq!(from, start.plus(30 * 86_400).seconds());
    let team = server.rosters.state(&onduty::model::TeamId::new("psf").unwrap());
    let name = |day: i64| {
        let versions = &team.snapshot.team.as_ref().unwrap().versions;
        versions.at(start.plus(day * 86_400)).unwrap().1.display_name.clone()
    };
    assert_eq!((name(29).as_str(), name(30).as_str()), ("Residents", "Core team"));
}

#[tokio::test]
async fn a_file_changes_the_past_only_as_a_correction() {
    let server = Server::start().await;
    let files = RosterFiles::new(server.coordinator());
    let status = files.apply_roster(asked(FILE, -1)).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert!(server.rosters.teams().is_empty());
}
