//! What a preview tells is what then happens (semantics 3.6), for changes of every kind.

use onduty::civil::Interval;
use onduty::engine::{self, Differences};
use onduty::model::TeamId;
use onduty::proto::v1::preview_change_request::Change;
use onduty::proto::v1::roster_service_server::RosterService as _;
use onduty::service::RosterFiles;
use tonic::Request;

use super::*;

/// The window that an answer says it looked at.
fn looked_at(answer: &v1::PreviewChangeResponse) -> Interval {
    let interval = answer.interval.as_ref().unwrap();
    let ends = [interval.start_time.as_ref(), interval.end_time.as_ref()];
    let [start, end] = ends.map(|at| onduty::civil::Instant::from_seconds(at.unwrap().seconds));
    Interval::new(start, end).unwrap()
}

/// What is told of people, gaps and loads, as numbers and names.
fn told(answer: &v1::RosterDifference) -> Vec<String> {
    let interval = |interval: &Option<wire::Interval>| {
        let interval = interval.as_ref().unwrap();
        format!("{} {}", text(interval.start_time.as_ref()), text(interval.end_time.as_ref()))
    };
    let people = answer.on_duty.iter().map(|other| {
        format!("{} {} {:?} {:?}", other.duty, interval(&other.interval), other.residents_before, other.residents_after)
    });
    let gaps = answer
        .gaps
        .iter()
        .map(|gap| format!("{} {} {} {}", gap.duty, interval(&gap.interval), gap.missing_before, gap.missing_after));
    let loads = answer.loads.iter().map(|load| {
        let (before, after) = (load.on_duty_seconds_before, load.on_duty_seconds_after);
        format!("{} {before} {after} {} {}", load.resident, load.share_seconds_before, load.share_seconds_after)
    });
    people.chain(gaps).chain(loads).collect()
}

/// The same of what is different.
fn happened(found: &Differences) -> Vec<String> {
    let full = |collection: &str, id: &str| format!("{PARENT}/{collection}/{id}");
    let interval = |interval: Interval| format!("{} {}", interval.start(), interval.end());
    let people = found.on_duty.iter().map(|other| {
        let names = |people: &std::collections::BTreeSet<onduty::model::ResidentId>| {
            people.iter().map(|id| full("residents", id.as_str())).collect::<Vec<_>>()
        };
        let (before, after) = (names(&other.before), names(&other.after));
        format!("{} {} {before:?} {after:?}", full("duties", other.duty.as_str()), interval(other.interval))
    });
    let gaps = found.gaps.iter().map(|gap| {
        let duty = full("duties", gap.duty.as_str());
        format!("{duty} {} {} {}", interval(gap.interval), gap.missing_before, gap.missing_after)
    });
    let loads = found.loads.iter().map(|load| {
        let resident = full("residents", load.resident.as_str());
        let (before, after) = (load.seconds_before, load.seconds_after);
        format!("{resident} {before} {after} {} {}", load.share_before, load.share_after)
    });
    people.chain(gaps).chain(loads).collect()
}

#[tokio::test]
async fn a_preview_tells_what_then_happens_and_changes_nothing() {
    let server = with_review().await;
    let order = |people: &[&str]| v1::Duty {
        name: format!("{PARENT}/duties/review"),
        layers: vec![weekly(people)],
        ..Default::default()
    };
    let duty = |people: &[&str]| v1::UpdateDutyRequest {
        duty: Some(order(people)),
        replace_later: true,
        ..Default::default()
    };
    let gone = v1::DeleteResidentRequest {
        name: named("cy"),
        effective_time: Some(time("2026-12-20T00:00:00Z")),
        ..Default::default()
    };
    let service = || RosterFiles::new(server.coordinator());
    for change in [
        Change::UpdateDuty(duty(&["cy", "asa", "bo"])),
        Change::UpdateDuty(duty(&["asa", "bo"])),
        Change::DeleteResident(gone),
        Change::DeleteDuty(v1::DeleteDutyRequest {
            name: format!("{PARENT}/duties/review"),
            replace_later: true,
            ..Default::default()
        }),
    ] {
        let team = TeamId::new("psf").unwrap();
        let before = server.rosters.state(&team).snapshot.clone();
        let asked = v1::PreviewChangeRequest { change: Some(change.clone()), interval: None };
        let preview = service().preview_change(Request::new(asked)).await.unwrap().into_inner();
        assert_eq!(server.rosters.state(&team).snapshot.revision, before.revision, "nothing is changed");
        match change {
            Change::UpdateDuty(asked) => drop(server.duties().update_duty(asked).await.unwrap()),
            Change::DeleteResident(asked) => drop(server.residents().delete_resident(asked).await.unwrap()),
            Change::DeleteDuty(asked) => drop(server.duties().delete_duty(asked).await.unwrap()),
            other => panic!("{other:?}"),
        }
        let after = server.rosters.state(&team).snapshot.clone();
        let found = engine::differences(&before, &after, server.rosters.rules(), looked_at(&preview)).unwrap();
        assert_ne!(found, Differences::default());
        assert_eq!(told(&preview.difference.unwrap()), happened(&found));
    }
}

async fn with_review() -> Server {
    let server = peopled().await;
    server.duties().create_duty(duty_creation(duty())).await.unwrap();
    server.clock.advance(86_400);
    server
}

#[tokio::test]
async fn what_is_planned_for_later_is_looked_for_there() {
    let server = with_review().await;
    let spring = v1::UpdateDutyRequest {
        duty: Some(v1::Duty {
            name: format!("{PARENT}/duties/review"),
            layers: vec![weekly(&["asa", "cy"])],
            ..Default::default()
        }),
        effective_time: Some(time("2027-05-01T00:00:00Z")),
        ..Default::default()
    };
    let asked = v1::PreviewChangeRequest { change: Some(Change::UpdateDuty(spring)), interval: None };
    let service = RosterFiles::new(server.coordinator());
    let preview = service.preview_change(Request::new(asked)).await.unwrap().into_inner();
    assert!(!preview.difference.as_ref().unwrap().on_duty.is_empty());
    assert!(looked_at(&preview).contains("2027-05-04T00:00:00Z".parse().unwrap()));
}
