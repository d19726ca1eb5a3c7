//! A team as each of its changes left it, read backwards out of its log (semantics 9.3).

use std::sync::Arc;

use onduty::access::{Identity, Need};
use onduty::civil::ZoneRules;
use onduty::clock::ManualClock;
use onduty::model::{Object, TeamId, TeamSnapshot};
use onduty::roster::{ChangeSet, Desk, Fingerprint, Request, Rosters};
use onduty::store::{MemoryStore, Store};
use proptest::prelude::*;
use uuid::Uuid;

use super::arbitrary::object;

/// An object that is put, or removed again.
fn steps() -> impl Strategy<Value = Vec<Vec<(Object, bool)>>> {
    let step = prop::collection::vec((object(), any::<bool>()), 0..4);
    prop::collection::vec(step, 1..12)
}

async fn open(store: &Arc<MemoryStore>) -> Rosters {
    let clock = Arc::new(ManualClock::new("2026-11-23T08:00:00Z".parse().unwrap()));
    let rules = Arc::new(ZoneRules::bundled().unwrap());
    Rosters::open(Arc::clone(store) as Arc<dyn Store>, rules, clock).await.unwrap()
}

fn public(team: &TeamSnapshot) -> TeamSnapshot {
    TeamSnapshot { time_off_private: onduty::model::Map::new(), calendars: onduty::model::Map::new(), ..team.clone() }
}

async fn change(rosters: &Rosters, changes: ChangeSet) -> TeamSnapshot {
    let request = Request {
        caller: Identity::server(),
        id: Uuid::new_v4(),
        id_given: true,
        fingerprint: Fingerprint::of(b""),
        title: "change".to_owned(),
        validate_only: false,
    };
    let team = TeamId::new("psf").unwrap();
    let changed = rosters.change(team, request, move |_, _| Ok(changes.clone())).await.unwrap();
    public(&changed.state.snapshot)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_revision_is_what_it_was_also_after_a_restart(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = Arc::new(MemoryStore::default());
            let rosters = open(&store).await;
            let mut was = Vec::new();
            // What was put is changed and removed by what comes later.
            let mut known: Vec<Object> = Vec::new();
            for (turn, step) in steps.into_iter().enumerate() {
                let mut changes = ChangeSet::default();
                for (object, remove) in step {
                    let old = known.get(turn % known.len().max(1)).map(Object::key);
                    match old.filter(|_| remove) {
                        Some(key) => changes.remove(key),
                        None => {
                            known.push(object.clone());
                            changes.put(object);
                        }
                    }
                }
                was.push(change(&rosters, changes).await);
            }
            for rosters in [rosters, open(&store).await] {
                let desk = Desk::open(rosters, Arc::new(Identity::server()), Need::Admin);
                for then in &was {
                    let shown = desk.as_of(&then.id, then.revision).await.unwrap();
                    prop_assert_eq!(&public(&shown), then);
                }
            }
            Ok(())
        })?;
    }
}
