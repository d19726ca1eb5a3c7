//! How the server's own objects change: tokens and feeds, which lie in a team of the server's own.

use std::sync::Arc;

use uuid::Uuid;

use super::{Change, Refusal, Request, Rosters, TeamState};
use crate::access::Identity;
use crate::model::{Entered, Meta, Origin, TeamId, TeamSnapshot};
use crate::store::{ChangeSet, Fingerprint};

/// How often at most it is written down that something was used, in seconds: once a day.
pub(super) const NOTED_SECONDS: i64 = 86_400;

/// Changes the server's own, and returns it as it then is.
///
/// # Errors
///
/// What `make` refuses; what the store refuses.
pub(super) async fn change<F>(
    rosters: &Rosters,
    by: &Identity,
    title: &str,
    validate_only: bool,
    make: F,
) -> Result<Arc<TeamState>, Refusal>
where
    F: Fn(&TeamSnapshot, Change) -> Result<ChangeSet, Refusal> + Send + Sync + 'static,
{
    let request = Request {
        caller: by.clone(),
        id: Uuid::new_v4(),
        id_given: false,
        fingerprint: Fingerprint::of(title.as_bytes()),
        title: title.to_owned(),
        validate_only,
    };
    Ok(rosters.change(TeamId::server(), request, make).await?.state)
}

/// Returns what is made at `position` of a change.
pub(super) fn entered<T>(value: T, change: Change, position: u32) -> Entered<T> {
    let (made, time) = (change.made(position), change.time);
    let meta = Meta { created: made, create_time: time, updated: made, update_time: time, origin: Origin::Entered };
    Entered { meta, value }
}

/// Returns the history of an object that a change is about.
pub(super) fn updated(meta: &Meta, change: Change) -> Meta {
    Meta { updated: change.made(0), update_time: change.time, ..*meta }
}
