//! What each audience is told of the log.

use onduty::access::Need;
use onduty::model::TeamId;
use onduty::proto::v1;
use onduty::proto::v1::TimeOffKind as Kind;
use onduty::proto::v1::change_service_server::ChangeService as _;
use onduty::proto::v1::object_state::Object as State;
use onduty::proto::v1::resident_service_server::ResidentService as _;
use onduty::proto::v1::task_service_server::TaskService as _;
use onduty::proto::v1::time_off_service_server::TimeOffService as _;
use onduty::roster::{Desk, Rosters};
use onduty::service::{Changes, Residents, Tasks, TimeOffs};
use onduty::store::{ChangeSet, Commit, Fingerprint};
use prost::Message as _;
use tonic::{Code, Request, Status};

use super::team::{Team, Who};
use crate::support::server::{START, time};

const ASA: Who = Who::Resident("asa");
const BEN: Who = Who::Resident("ben");
const DAY: (&str, Option<&str>) = ("2026-11-22T23:00:00Z", Some("2026-11-25T23:00:00Z"));

async fn ask(team: &Team, who: Who, asked: v1::ListChangesRequest) -> Result<v1::ListChangesResponse, Status> {
    let asked = v1::ListChangesRequest { parent: "teams/core".to_owned(), ..asked };
    let answer = Changes::new(team.desk(who, Need::Resident)).list_changes(Request::new(asked)).await;
    answer.map(tonic::Response::into_inner)
}

async fn log(team: &Team, who: Who) -> Vec<v1::Change> {
    ask(team, who, v1::ListChangesRequest::default()).await.unwrap().changes
}

fn titles(changes: &[v1::Change]) -> Vec<&str> {
    changes.iter().map(|change| change.title.as_str()).collect()
}

/// Records time off of ben, changes it as `change` says, and returns what is told of all that.
async fn told(kind: Kind, note: &str, change: impl AsyncFn(&Team, v1::TimeOff), who: Who) -> Vec<u8> {
    let team = Team::start(true).await;
    let entry = team.off("ben", kind, note, DAY).await;
    change(&team, entry).await;
    v1::ListChangesResponse { changes: log(&team, who).await, ..Default::default() }.encode_to_vec()
}

async fn come_back(team: &Team, _: v1::TimeOff) {
    let asked = v1::ComeBackRequest { resident: "teams/core/residents/ben".to_owned(), ..Default::default() };
    TimeOffs::new(team.desk(Who::Coordinator, Need::Resident)).come_back(Request::new(asked)).await.unwrap();
}

async fn end_early(team: &Team, entry: v1::TimeOff) {
    let asked = v1::EndTimeOffRequest { name: entry.name, ..Default::default() };
    TimeOffs::new(team.desk(Who::Coordinator, Need::Resident)).end_time_off(Request::new(asked)).await.unwrap();
}

async fn remove(team: &Team, entry: v1::TimeOff) {
    let asked = v1::DeleteTimeOffRequest { name: entry.name, ..Default::default() };
    TimeOffs::new(team.desk(Who::Coordinator, Need::Resident)).delete_time_off(Request::new(asked)).await.unwrap();
}

async fn update(team: &Team, entry: v1::TimeOff, paths: &[&str]) {
    let paths = paths.iter().map(ToString::to_string).collect();
    let asked = v1::UpdateTimeOffRequest {
        time_off: Some(entry),
        update_mask: Some(pbjson_types::FieldMask { paths }),
        ..Default::default()
    };
    TimeOffs::new(team.desk(Who::Coordinator, Need::Resident)).update_time_off(Request::new(asked)).await.unwrap();
}

#[tokio::test]
async fn kinds_and_ways_of_changing_time_off_look_alike_to_others() {
    let sick = told(Kind::Sick, "migraine", come_back, ASA).await;
    for kind in [Kind::Vacation, Kind::Travel, Kind::Conference, Kind::PublicHoliday, Kind::Other] {
        assert!(told(kind, "", come_back, ASA).await == sick, "{kind:?}");
    }
    for (way, told) in
        [("end", told(Kind::Focus, "", end_early, ASA).await), ("remove", told(Kind::Vacation, "", remove, ASA).await)]
    {
        assert!(told == sick, "{way}");
    }
    assert!(
        told(Kind::Sick, "", remove, Who::Coordinator).await != told(Kind::Sick, "", end_early, Who::Coordinator).await
    );
}

#[tokio::test]
async fn of_the_time_off_of_others_there_is_who_and_when_and_nothing_else() {
    let team = Team::start(true).await;
    team.off("ben", Kind::Sick, "migraine", DAY).await;
    let [change, _] = &log(&team, ASA).await[..] else { panic!("two changes") };
    let only = v1::Change {
        revision: 2,
        change_time: Some(time(START)),
        actor: "coordinator".to_owned(),
        on_behalf_of: "teams/core/residents/ben".to_owned(),
        title: "change when somebody is away".to_owned(),
        objects: vec![v1::ObjectChange { away: "teams/core/residents/ben".to_owned(), ..Default::default() }],
        left_out: 0,
    };
    assert_eq!(*change, only);
}

#[tokio::test]
async fn what_makes_no_difference_to_when_somebody_is_away_is_not_told_to_others() {
    let team = Team::start(true).await;
    let entry = team.off("ben", Kind::Sick, "", DAY).await;
    let before = log(&team, ASA).await;
    let other = v1::TimeOff { kind: Kind::Vacation as i32, note: "migraine".to_owned(), ..entry.clone() };
    update(&team, v1::TimeOff { etag: String::new(), ..other }, &["kind", "note"]).await;
    assert_eq!(log(&team, ASA).await, before);
    assert_eq!(log(&team, BEN).await.len(), before.len() + 1);
    let soft = v1::TimeOff { effect: v1::TimeOffEffect::Soft as i32, etag: String::new(), ..entry };
    update(&team, soft, &["effect"]).await;
    assert_eq!(log(&team, ASA).await, before);
}

#[tokio::test]
async fn a_note_is_nowhere_in_the_log() {
    for who in [Who::Coordinator, BEN, ASA] {
        let told = told(Kind::Sick, "migraine", remove, who).await;
        assert!(!told.windows(8).any(|window| window == b"migraine"), "{who:?}");
    }
}

#[tokio::test]
async fn a_coordinator_and_the_resident_see_both_states_and_that_the_private_part_changed() {
    let team = Team::start(true).await;
    let entry = team.off("ben", Kind::Sick, "migraine", DAY).await;
    end_early(&team, entry.clone()).await;
    for who in [Who::Coordinator, BEN] {
        let changes = log(&team, who).await;
        assert_eq!(titles(&changes), ["end time off early", "record time off", "apply a roster file"], "{who:?}");
        let [ended, made] = [&changes[0].objects[..], &changes[1].objects[..]];
        let cut = |state: &Option<v1::ObjectState>| match state.as_ref().and_then(|state| state.object.as_ref()) {
            Some(State::TimeOff(entry)) => Some((entry.kind, entry.cut_time.is_some())),
            _ => None,
        };
        let [object] = ended else { panic!("{ended:?}") };
        assert_eq!((&object.name, object.private_changed), (&entry.name, false));
        assert_eq!((cut(&object.before), cut(&object.after)), (Some((0, false)), Some((0, true))), "{who:?}");
        let [object] = made else { panic!("{made:?}") };
        assert_eq!((cut(&object.before), cut(&object.after), object.private_changed), (None, Some((0, false)), true));
    }
}

#[tokio::test]
async fn viewers_and_strangers_are_denied() {
    let team = Team::start(true).await;
    for (who, code) in [(Who::Viewer, Code::PermissionDenied), (Who::Nobody, Code::Unauthenticated)] {
        assert_eq!(ask(&team, who, v1::ListChangesRequest::default()).await.unwrap_err().code(), code, "{who:?}");
    }
}

#[tokio::test]
async fn of_a_colleague_the_log_has_the_name_and_the_handles() {
    let team = Team::start(true).await;
    let change = async |skills: &str, display_name: &str| {
        let resident = v1::Resident {
            name: "teams/core/residents/ben".to_owned(),
            skills: vec![skills.to_owned()],
            display_name: display_name.to_owned(),
            ..Default::default()
        };
        let mask = Some(pbjson_types::FieldMask { paths: vec!["skills".to_owned(), "display_name".to_owned()] });
        let asked = v1::UpdateResidentRequest { resident: Some(resident), update_mask: mask, ..Default::default() };
        Residents::new(team.server.coordinator()).update_resident(Request::new(asked)).await.unwrap();
    };
    team.server.clock.advance(60);
    change("release", "Ben").await;
    assert_eq!(log(&team, ASA).await.len(), 1);
    team.server.clock.advance(60);
    change("security", "Benjamin").await;
    let state = |state: &Option<v1::ObjectState>| match state.as_ref().and_then(|state| state.object.clone()) {
        Some(State::Resident(resident)) => resident,
        other => panic!("{other:?}"),
    };
    for (who, skills) in
        [(ASA, vec![]), (Who::Coordinator, vec!["security".to_owned()]), (BEN, vec!["security".to_owned()])]
    {
        let changes = log(&team, who).await;
        let [object] = &changes[0].objects[..] else { panic!("{changes:?}") };
        let (before, after) = (state(&object.before), state(&object.after));
        assert_eq!((before.display_name.as_str(), after.display_name.as_str()), ("Ben", "Benjamin"), "{who:?}");
        assert_eq!(after.skills, skills, "{who:?}");
    }
}

#[tokio::test]
async fn filters_by_actor_object_and_time_find_what_they_name() {
    let team = Team::start(true).await;
    team.server.clock.advance(60);
    let entry = team.off("ben", Kind::Sick, "", DAY).await;
    team.server.clock.advance(60);
    let task = v1::Task { title: "Look".to_owned(), ..Default::default() };
    let asked = v1::CreateTaskRequest { parent: "teams/core".to_owned(), task: Some(task), ..Default::default() };
    let task = Tasks::new(team.desk(ASA, Need::Resident)).create_task(Request::new(asked)).await.unwrap().into_inner();
    let revisions = async |who, asked| -> Vec<i64> {
        let changes = ask(&team, who, asked).await.unwrap().changes;
        changes.iter().map(|change| change.revision).collect()
    };
    let objects = |name: &str| v1::ListChangesRequest { objects: vec![name.to_owned()], ..Default::default() };
    let actors = |name: &str| v1::ListChangesRequest { actors: vec![name.to_owned()], ..Default::default() };
    let between = |start: Option<&str>, end: Option<&str>| v1::ListChangesRequest {
        interval: Some(onduty::proto::google_type::Interval { start_time: start.map(time), end_time: end.map(time) }),
        ..Default::default()
    };
    let (second, third) = ("2026-11-23T08:01:00Z", "2026-11-23T08:02:00Z");
    assert_eq!(revisions(ASA, objects(&task.name)).await, [3]);
    assert_eq!(revisions(ASA, objects("teams/core")).await, [1]);
    assert_eq!(revisions(ASA, objects(&entry.name)).await, Vec::<i64>::new());
    assert_eq!(revisions(BEN, objects(&entry.name)).await, [2]);
    assert_eq!(revisions(ASA, objects("teams/core/residents/ben")).await, [2, 1]);
    assert_eq!(revisions(Who::Coordinator, objects("teams/core/residents/ben")).await, [2, 1]);
    assert_eq!(revisions(ASA, actors("Resident(\"asa\")")).await, [3]);
    assert_eq!(revisions(ASA, between(Some(second), None)).await, [3, 2]);
    assert_eq!(revisions(ASA, between(None, Some(third))).await, [2, 1]);
    assert_eq!(revisions(ASA, between(Some(second), Some(third))).await, [2]);
    assert_eq!(revisions(ASA, between(None, Some(START))).await, Vec::<i64>::new());
}

#[tokio::test]
async fn a_page_for_which_enough_was_looked_at_may_be_empty_and_is_not_the_last() {
    let team = Team::start(true).await;
    let store = team.server.rosters.store();
    for revision in 1..11_000 {
        let commit = Commit {
            team: TeamId::new("core").unwrap(),
            expected_revision: revision,
            changes: ChangeSet::default(),
            actor: "somebody".to_owned(),
            on_behalf_of: None,
            time: START.parse().unwrap(),
            request_id: uuid::Uuid::from_u128(u128::from(revision)),
            fingerprint: Fingerprint([0; 32]),
            tzdb_version: "x".to_owned(),
            title: "nothing".to_owned(),
        };
        store.commit(commit).await.unwrap();
    }
    let rules = team.server.rosters.rules().clone();
    let rosters = Rosters::open(store.clone(), rules, team.server.clock.clone()).await.unwrap();
    let service = Changes::new(Desk::open(rosters, Who::Coordinator.identity(), Need::Resident));
    let mut asked = v1::ListChangesRequest {
        parent: "teams/core".to_owned(),
        actors: vec!["coordinator".to_owned()],
        ..Default::default()
    };
    let first = service.list_changes(Request::new(asked.clone())).await.unwrap().into_inner();
    assert!(first.changes.is_empty() && !first.next_page_token.is_empty(), "{first:?}");
    asked.page_token = first.next_page_token;
    let second = service.list_changes(Request::new(asked)).await.unwrap().into_inner();
    assert_eq!((titles(&second.changes), second.next_page_token.as_str()), (vec!["apply a roster file"], ""));
}

#[tokio::test]
async fn pages_go_back_to_the_first_change_without_hole_or_repetition() {
    let team = Team::start(true).await;
    for hour in 0..150 {
        let at = |hour: i64| onduty::civil::Instant::from_seconds(1_800_000_000 + hour * 3_600).to_string();
        team.off(if hour % 3 == 0 { "asa" } else { "ben" }, Kind::Other, "", (&at(hour), Some(&at(hour + 1)))).await;
    }
    for (size, who) in [(7, Who::Coordinator), (64, ASA), (151, BEN), (1_000, BEN)] {
        let mut asked = v1::ListChangesRequest { page_size: size, ..Default::default() };
        let mut seen = Vec::new();
        loop {
            let page = ask(&team, who, asked.clone()).await.unwrap();
            seen.extend(page.changes.iter().map(|change| change.revision));
            asked.page_token = page.next_page_token;
            if asked.page_token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, (1..=151).rev().collect::<Vec<_>>(), "{size}");
    }
}
