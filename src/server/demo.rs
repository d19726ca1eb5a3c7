//! The bundled roster, loaded once: its dated entries lie around the day of the first start.

use std::sync::Arc;

use crate::access::Identity;
use crate::model::TeamId;
use crate::roster::file::{self, Mistake, PlanOptions};
use crate::roster::{Change, ChangeSet, Fingerprint, Refusal, Request, Rosters, demo};

/// Returns the team of the bundled roster.
pub(super) fn team() -> Option<TeamId> {
    file::team_id(demo::PSF)
}

/// Loads the bundled roster where there never was a team: what somebody deleted does not come back by itself.
pub(super) async fn load(rosters: &Rosters) -> Result<(), Refusal> {
    if !rosters.store().teams().await?.is_empty() {
        tracing::info!("there is a team, or was one: the bundled roster is not loaded again");
        return Ok(());
    }
    let Some(team) = team() else { return Ok(()) };
    let rules = Arc::clone(rosters.rules());
    let request = Request {
        caller: Identity { name: "demo".to_owned(), ..Identity::server() },
        id: uuid::Uuid::new_v4(),
        id_given: false,
        fingerprint: Fingerprint::of(demo::PSF.as_bytes()),
        title: "load the bundled roster".to_owned(),
        validate_only: false,
    };
    let name: TeamId = team.clone();
    rosters
        .change(team, request, move |snapshot, change: Change| {
            let stated = file::parse(demo::PSF, Some(snapshot), &rules).map_err(mistaken)?;
            let shifted = stated.shifted(change.time, &rules)?;
            let plan = file::plan(snapshot, &shifted, change.time, PlanOptions::default(), &rules).map_err(mistaken)?;
            let mut changes = ChangeSet::default();
            for object in plan.objects(change.revision, change.time).into_iter().filter_map(|(_, object)| object) {
                changes.put(object);
            }
            Ok(changes)
        })
        .await?;
    tracing::info!(team = %name, "the bundled roster is loaded");
    Ok(())
}

fn mistaken(mistakes: Vec<Mistake>) -> Refusal {
    let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    Refusal::field("roster_toml", told.join("; "))
}
