//! Handoff notes: for those who work in the team, and taken back by whoever left them.

use onduty::access::Need;
use onduty::proto::v1;
use onduty::proto::v1::HandoffNoteState as State;
use onduty::proto::v1::handoff_note_service_server::HandoffNoteService as _;
use onduty::service::HandoffNotes;
use tonic::{Code, Request, Status};

use super::team::{Team, Who};
use crate::support::server::time;

const ASA: Who = Who::Resident("asa");

fn code<T>(answer: &Result<T, Status>) -> Code {
    answer.as_ref().map_or_else(Status::code, |_| Code::Ok)
}

async fn leave(team: &Team, who: Who, text: &str, at: Option<&str>) -> Result<v1::HandoffNote, Status> {
    let note = v1::HandoffNote {
        duty: "teams/core/duties/watch".to_owned(),
        text: text.to_owned(),
        time: at.map(time),
        ..Default::default()
    };
    let asked = v1::CreateHandoffNoteRequest {
        parent: "teams/core".to_owned(),
        handoff_note: Some(note),
        ..Default::default()
    };
    let notes = HandoffNotes::new(team.desk(who, Need::Resident));
    notes.create_handoff_note(Request::new(asked)).await.map(tonic::Response::into_inner)
}

async fn listed(team: &Team, who: Who, show_past: bool) -> Result<Vec<v1::HandoffNote>, Status> {
    let asked = v1::ListHandoffNotesRequest { parent: "teams/core".to_owned(), show_past, ..Default::default() };
    let notes = HandoffNotes::new(team.desk(who, Need::Resident));
    notes.list_handoff_notes(Request::new(asked)).await.map(|answer| answer.into_inner().handoff_notes)
}

#[tokio::test]
async fn notes_are_read_by_those_who_work_in_the_team_and_by_nobody_else() {
    let team = Team::start(true).await;
    let left = leave(&team, ASA, "The queue is long", None).await.unwrap();
    assert_eq!((left.actor.as_str(), left.resident.as_str()), ("Resident(\"asa\")", "teams/core/residents/asa"));
    assert_eq!(code(&leave(&team, Who::Coordinator, "Look twice", None).await), Code::Ok);
    for who in [ASA, Who::Resident("ben"), Who::Coordinator] {
        let texts: Vec<String> = listed(&team, who, false).await.unwrap().into_iter().map(|note| note.text).collect();
        assert_eq!(texts.len(), 2, "{texts:?}");
    }
    for (who, refused) in [(Who::Viewer, Code::PermissionDenied), (Who::Nobody, Code::Unauthenticated)] {
        assert_eq!(code(&listed(&team, who, false).await), refused);
        assert_eq!(code(&leave(&team, who, "x", None).await), refused);
    }
}

#[tokio::test]
async fn a_note_is_withdrawn_by_whoever_left_it_or_a_coordinator() {
    let team = Team::start(true).await;
    let withdraw = async |who, note: &v1::HandoffNote| {
        let asked = v1::DeleteHandoffNoteRequest { name: note.name.clone(), ..Default::default() };
        let notes = HandoffNotes::new(team.desk(who, Need::Resident));
        code(&notes.delete_handoff_note(Request::new(asked)).await)
    };
    let (own, other) = (leave(&team, ASA, "a", None).await.unwrap(), leave(&team, ASA, "b", None).await.unwrap());
    let lead = leave(&team, Who::Coordinator, "c", None).await.unwrap();
    assert_eq!(withdraw(Who::Resident("ben"), &own).await, Code::PermissionDenied);
    assert_eq!(withdraw(ASA, &lead).await, Code::PermissionDenied);
    assert_eq!(withdraw(ASA, &own).await, Code::Ok);
    assert_eq!(withdraw(Who::Coordinator, &other).await, Code::Ok);
    assert_eq!(withdraw(ASA, &own).await, Code::NotFound);
    assert_eq!(listed(&team, ASA, true).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_note_is_as_of_now_unless_a_time_is_stated() {
    let team = Team::start(true).await;
    let now = leave(&team, ASA, "now", None).await.unwrap();
    let later = leave(&team, ASA, "later", Some("2027-03-01T09:00:00Z")).await.unwrap();
    leave(&team, ASA, "long ago", Some("2025-01-01T00:00:00Z")).await.unwrap();
    assert_eq!(now.time, now.create_time);
    assert_eq!(later.time, Some(time("2027-03-01T09:00:00Z")));
    assert_eq!((now.state(), later.state()), (State::Ahead, State::Ahead));
    let shown = |notes: Vec<v1::HandoffNote>| notes.into_iter().map(|note| note.text).collect::<Vec<_>>();
    assert_eq!(shown(listed(&team, ASA, false).await.unwrap()), ["now", "later"]);
    assert_eq!(shown(listed(&team, ASA, true).await.unwrap()), ["long ago", "now", "later"]);
}
