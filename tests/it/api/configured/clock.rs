//! Changes while the machine's clock is set back.

use std::sync::{Arc, Mutex};

use onduty::access::Identity;
use onduty::civil::{Instant, ZoneRules};
use onduty::clock::ManualClock;
use onduty::model::{Origin, ResidentId, TeamId};
use onduty::roster::{Dated, Draft, Fingerprint, Request, Rosters};

use super::*;

const MADE: &str = "2026-11-23T08:01:00Z";

/// A server whose last change was made half a minute after what its clock shows.
async fn set_back() -> Server {
    let server = Server::with_team().await;
    server.clock.advance(60);
    create(&server, creation("asa")).await;
    server.clock.turn_back(30);
    server
}

fn team() -> TeamId {
    TeamId::new("psf").unwrap()
}

async fn log_times(server: &Server) -> Vec<String> {
    let entries = server.rosters.store().log(&team(), 1, 100).await.unwrap();
    entries.into_iter().map(|entry| entry.time.to_string()).collect()
}

/// Ends asa through other rosters over the same store, and returns when that was.
async fn ends_elsewhere(other: &Rosters) -> Instant {
    let request = Request {
        caller: Identity { name: "somebody".to_owned(), ..Identity::server() },
        id: uuid::Uuid::from_u128(1),
        id_given: true,
        fingerprint: Fingerprint::of(b"end"),
        title: "end".to_owned(),
        validate_only: false,
    };
    let (made, rules) = (Arc::new(Mutex::new(Instant::MIN)), Arc::clone(other.rules()));
    let time = Arc::clone(&made);
    let end = move |team: &onduty::model::TeamSnapshot, change: onduty::roster::Change| {
        *time.lock().unwrap() = change.time;
        let mut draft = Draft::new(team, change, &rules);
        draft.resident(&ResidentId::new("asa").unwrap(), None, Dated::default(), Origin::Entered)?;
        draft.finish()
    };
    other.change(team(), request, end).await.unwrap();
    *made.lock().unwrap()
}

async fn another(server: &Server) -> Rosters {
    let clock = Arc::new(ManualClock::new("2026-11-23T07:00:00Z".parse().unwrap()));
    let rules = Arc::new(ZoneRules::bundled().unwrap());
    Rosters::open(Arc::clone(server.rosters.store()), rules, clock).await.unwrap()
}

#[tokio::test]
async fn what_was_just_made_can_be_changed_after_the_clock_was_set_back() {
    let server = set_back().await;
    let renamed = v1::Resident { name: named("asa"), display_name: "Åsa".to_owned(), ..Default::default() };
    let changed = server.residents().update_resident(update(renamed, &["display_name"])).await.unwrap().into_inner();
    assert_eq!((changed.display_name.as_str(), text(changed.update_time.as_ref()).as_str()), ("Åsa", MADE));
    server.clock.advance(60);
    create(&server, creation("bo")).await;
    assert_eq!(log_times(&server).await, ["2026-11-23T08:00:00Z", MADE, MADE, "2026-11-23T08:01:30Z"]);
}

#[tokio::test]
async fn the_last_change_is_remembered_over_a_restart() {
    let server = set_back().await;
    assert_eq!(ends_elsewhere(&another(&server).await).await.to_string(), MADE);
}

#[tokio::test]
async fn a_change_that_somebody_else_made_counts_too() {
    let server = Server::with_team().await;
    create(&server, creation("asa")).await;
    let other = another(&server).await;
    server.clock.advance(60);
    create(&server, creation("bo")).await;
    assert_eq!(ends_elsewhere(&other).await.to_string(), MADE);
}
