//! sled against memory: the same random commits get the same answers and leave the same.

use onduty::model::Object;
use onduty::store::{ChangeSet, Commit, MemoryStore, SledStore, Store};
use proptest::collection::vec;
use proptest::prelude::*;
use tempfile::TempDir;
use uuid::Uuid;

use super::{arbitrary, samples};

/// One step: a commit, or closing and opening again.
#[derive(Clone, Debug)]
enum Step {
    Commit { team: u8, behind: u64, request: Option<u8>, changes: Vec<(Object, bool)> },
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    // Mostly against the newest revision, mostly under a new request id; what is put is removed now and then.
    let behind = prop_oneof![8 => Just(0_u64), 1 => 1..3_u64];
    let request = prop_oneof![6 => Just(None), 1 => (0..4_u8).prop_map(Some)];
    let changes = vec((arbitrary::object(), prop::bool::weighted(0.7)), 0..4);
    prop_oneof![
        12 => (0..3_u8, behind, request, changes)
            .prop_map(|(team, behind, request, changes)| Step::Commit { team, behind, request, changes }),
        1 => Just(Step::Reopen),
    ]
}

async fn commit(store: &dyn Store, team: u8, behind: u64, request: Uuid, changes: &ChangeSet) -> Commit {
    let name = format!("team-{team}");
    let current = store.load(&samples::team_id(&name)).await.unwrap().map_or(0, |snapshot| snapshot.revision);
    let commit = samples::commit(&name, current.saturating_sub(behind), changes.clone());
    Commit { request_id: request, ..commit }
}

async fn run(steps: Vec<Step>) {
    let dir = TempDir::new().unwrap();
    let memory = MemoryStore::default();
    let mut sled = Some(SledStore::open(dir.path()).unwrap());
    let mut put: Vec<Object> = Vec::new();
    for step in steps {
        match step {
            Step::Reopen => {
                drop(sled.take());
                sled = Some(SledStore::open(dir.path()).unwrap());
            }
            Step::Commit { team, behind, request, changes } => {
                let mut set = ChangeSet::default();
                for (object, keep) in changes {
                    match put.last().filter(|_| !keep) {
                        Some(earlier) => set.remove(earlier.key()),
                        None => {
                            put.push(object.clone());
                            set.put(object);
                        }
                    }
                }
                let request = request.map_or_else(Uuid::new_v4, |number| Uuid::from_u128(number.into()));
                let commit = commit(&memory, team, behind, request, &set).await;
                let other = sled.as_ref().unwrap().commit(commit.clone()).await;
                assert_eq!(memory.commit(commit).await, other);
            }
        }
    }
    drop(sled);
    let sled = SledStore::open(dir.path()).unwrap();
    let heads = memory.teams().await.unwrap();
    assert_eq!(sled.teams().await.unwrap(), heads);
    for head in heads {
        assert_eq!(sled.load(&head.team).await, memory.load(&head.team).await);
        assert_eq!(sled.log(&head.team, 1, usize::MAX).await, memory.log(&head.team, 1, usize::MAX).await);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn sled_does_what_memory_does(steps in vec(step(), 1..60)) {
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap().block_on(run(steps));
    }
}
