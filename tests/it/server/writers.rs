//! Callers that change things and remember what they asked and what they were told.
//!
//! Every change makes several objects of different kinds, so that half a change would show. Each writer has a team of
//! its own, so that the revision it is told is that of its change.

use std::collections::BTreeSet;
use std::path::Path;

use onduty::model::{ObjectKey, TeamId};
use onduty::proto::v1::roster_service_client::RosterServiceClient;
use onduty::proto::v1::task_service_client::TaskServiceClient;
use onduty::proto::v1::{ApplyRosterRequest, CreateTaskRequest, ExportRosterRequest, Task};
use onduty::store::{LogEntry, SledStore, Store};
use tonic::Status;

use crate::support::grpc::Connection;

use crate::support::grpc;

/// A change that was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whose team it changes.
    pub team: String,
    /// Which of the writer's changes it is.
    pub number: usize,
    /// What was sent.
    pub request: ApplyRosterRequest,
    /// The revision that the answer told, if there was one.
    pub answered: Option<i64>,
}

impl Asked {
    /// Returns a change of `team`, which makes a resident, a task and time off with a note of `size` characters.
    pub fn new(team: &str, number: usize, size: usize) -> Self {
        let note = "n".repeat(size.clamp(1, 900));
        let text = format!(
            "team = \"{team}\"\ndisplay_name = \"{team}\"\nzone = \"UTC\"\nsince = 2020-01-01\n\n\
             [[resident]]\nid = \"n{number}\"\ndisplay_name = \"Resident {number}\"\nhome_zone = \"UTC\"\n\n\
             [[task]]\nid = \"n{number}\"\ntitle = \"Task {number}\"\nassignee = \"n{number}\"\n\n\
             [[time_off]]\nid = \"n{number}\"\nresident = \"n{number}\"\nkind = \"sick\"\nday = 2030-01-01\n\
             note = \"{note}\"\n"
        );
        Self { team: team.to_owned(), number, request: grpc::apply_request(&text), answered: None }
    }

    /// Sends it, and remembers the answer.
    pub async fn send(&mut self, channel: &Connection) -> Result<i64, Status> {
        let answer = RosterServiceClient::new(channel.clone()).apply_roster(self.request.clone()).await?.into_inner();
        let number = self.number;
        for collection in ["residents", "tasks", "timeOff"] {
            let name = format!("teams/{}/{collection}/n{number}", self.team);
            assert!(answer.changes.iter().any(|change| change.name == name), "{name} is missing: {answer:?}");
        }
        let revision = answer.context.unwrap().revision;
        self.answered = Some(revision);
        Ok(revision)
    }
}

/// A task that was asked for, in a team that several writers share; the server chooses its id.
#[derive(Clone, Debug)]
pub struct AskedTask {
    /// What was sent.
    pub request: CreateTaskRequest,
    /// The answer, if there was one.
    pub answered: Option<Task>,
}

/// The team in which tasks are asked for, as a roster file.
pub const SHARED: &str = "team = \"shared\"\ndisplay_name = \"Shared\"\nzone = \"UTC\"\nsince = 2020-01-01\n";

impl AskedTask {
    /// Returns a task with this title.
    pub fn new(title: String) -> Self {
        let request = CreateTaskRequest {
            parent: "teams/shared".to_owned(),
            task: Some(Task { title, ..Task::default() }),
            request_id: uuid::Uuid::new_v4().to_string(),
            ..CreateTaskRequest::default()
        };
        Self { request, answered: None }
    }

    /// Sends it, and remembers the answer, which has to be that of the first time if there was one.
    pub async fn send(&mut self, channel: &Connection) -> Result<(), Status> {
        let task = TaskServiceClient::new(channel.clone()).create_task(self.request.clone()).await?.into_inner();
        if let Some(before) = &self.answered {
            assert_eq!((&task.name, &task.uid, &task.etag), (&before.name, &before.uid, &before.etag));
        }
        assert_eq!(Some(&task.title), self.request.task.as_ref().map(|task| &task.title));
        self.answered = Some(task);
        Ok(())
    }
}

/// Sends everything again that was asked of one team: what was answered, and what is there, is not done twice.
///
/// `asked` is in the order in which it was first sent.
pub async fn retry(channel: &Connection, asked: &mut [Asked]) {
    let Some(team) = asked.first().map(|asked| asked.team.clone()) else { return };
    let (mut revision, there) = numbers(channel, &team).await;
    for asked in asked.iter_mut() {
        let before = asked.answered;
        assert!(before <= Some(revision), "{team} is at {revision}, and {before:?} was answered");
        assert!(before.is_none() || there.contains(&asked.number), "{asked:?} was answered and is not there");
        let made = !there.contains(&asked.number);
        revision += i64::from(made);
        let told = asked.send(channel).await.unwrap();
        match before {
            Some(first) => assert_eq!(told, first, "{asked:?}"),
            None if made => assert_eq!(told, revision, "{asked:?}"),
            // It is there, but its answer was lost: no more than that is known of it.
            None => assert!((1..=revision).contains(&told), "{asked:?}: {told} of {revision}"),
        }
        asked.answered = before;
    }
}

/// Returns the team's revision and the changes that are there; each has to be there whole.
async fn numbers(channel: &Connection, team: &str) -> (i64, BTreeSet<usize>) {
    let request = ExportRosterRequest { name: format!("teams/{team}"), all: true, read_time: None };
    let exported = match RosterServiceClient::new(channel.clone()).export_roster(request).await {
        Ok(answer) => answer.into_inner(),
        Err(status) if status.code() == tonic::Code::NotFound => return (0, BTreeSet::new()),
        Err(status) => panic!("{status}"),
    };
    let mut counts = std::collections::BTreeMap::new();
    for line in exported.roster_toml.lines() {
        if let Some(number) = line.strip_prefix("id = \"n").and_then(|rest| rest.strip_suffix('"')) {
            *counts.entry(number.parse().unwrap()).or_insert(0) += 1;
        }
    }
    assert!(counts.values().all(|count| *count == 3), "{team} has half a change: {counts:?}");
    (exported.context.unwrap().revision, counts.into_keys().collect())
}

/// Reads the data of a server that has stopped: every log is without holes, every change is whole, and what was asked
/// is there once at most. Returns, for each that was asked, its revision.
pub async fn inspect(dir: &Path, asked: &[Asked]) -> Vec<Option<u64>> {
    let store = SledStore::open(dir).unwrap();
    let teams = store.teams().await.unwrap();
    for head in teams.into_iter().filter(|head| head.team != TeamId::server()) {
        let snapshot = store.load(&head.team).await.unwrap().unwrap();
        let entries = store.log(&head.team, 1, usize::MAX).await.unwrap();
        let revisions: Vec<u64> = entries.iter().map(|entry| entry.revision).collect();
        assert_eq!(revisions, (1..=head.revision).collect::<Vec<_>>(), "the log of {} has holes", head.team);
        let requests: BTreeSet<_> = entries.iter().map(|entry| entry.request_id).collect();
        assert_eq!(requests.len(), entries.len(), "{}: something was done twice", head.team);
        let shared = head.team.as_str() == "shared";
        let mut count = 0;
        for entry in &entries {
            let made: Vec<_> = keys(entry).into_iter().filter(|key| *key != ObjectKey::IdentityKey).collect();
            let whole = if shared { 1 - usize::from(entry.revision == 1) } else { 4 };
            assert_eq!(made.len(), whole, "{}: a change is not whole: {made:?}", head.team);
            assert!(made.iter().all(|key| snapshot.get(key).is_some()), "{}: lacks one of {made:?}", head.team);
            count += whole;
        }
        let of_the_team = |key: &ObjectKey| matches!(key, ObjectKey::Team | ObjectKey::IdentityKey);
        let kept = snapshot.objects().filter(|object| !of_the_team(&object.key())).count();
        assert_eq!(kept, count, "{} has what its log does not", head.team);
    }
    let mut found = Vec::new();
    for asked in asked {
        let (team, id) = (TeamId::new(&asked.team).unwrap(), asked.request.request_id.parse().unwrap());
        let revision = store.applied(&team, id).await.unwrap().map(|(revision, _)| revision);
        if let Some(revision) = revision {
            assert_eq!(store.log(&team, revision, 1).await.unwrap()[0].request_id, id);
        }
        let told = asked.answered.map(|revision| u64::try_from(revision).unwrap());
        assert!(told.is_none() || told == revision, "{asked:?} was answered, and the log says {revision:?}");
        found.push(revision);
    }
    found
}

/// What a change made, beside the team itself.
fn keys(entry: &LogEntry) -> Vec<ObjectKey> {
    let keys = entry.changes.iter().map(|change| change.key.clone());
    keys.filter(|key| *key != ObjectKey::Team).collect()
}

/// Counts the tasks of the shared team, with the server stopped.
pub async fn tasks(dir: &Path) -> usize {
    let store = SledStore::open(dir).unwrap();
    store.load(&TeamId::new("shared").unwrap()).await.unwrap().unwrap().tasks.len()
}
