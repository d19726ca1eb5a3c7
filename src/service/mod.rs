//! The gRPC API: one file per service. What a caller may see goes through [`access`](crate::access); what a caller
//! changes goes through [`roster`](crate::roster).

mod absence;
mod attend;
mod brief;
mod calendars;
mod call;
mod change_views;
mod changes;
mod configured;
pub mod convert;
mod duties;
mod entry;
mod feeds;
mod gaps;
mod handoff_notes;
mod holiday_import;
mod holiday_sets;
mod imports;
mod mask;
mod names;
mod on_duty;
mod on_duty_answer;
mod overrides;
mod paging;
mod preview;
mod report;
mod reports;
mod request;
mod residents;
mod roster_files;
mod rota;
mod server_info;
mod shown;
mod split;
mod stamp;
mod status;
mod swaps;
mod tasks;
mod team_objects;
mod teams;
mod time_off;
mod tokens;
mod undo;

pub use calendars::Calendars;
pub use changes::Changes;
pub use duties::Duties;
pub use feeds::Feeds;
pub use handoff_notes::HandoffNotes;
pub use holiday_sets::HolidaySets;
pub use names::{Name, collection_name};
pub use on_duty::OnDuty;
pub use on_duty_answer::OnDutyServer;
pub use overrides::Overrides;
pub use paging::{Page, Paging};
pub use reports::Reports;
pub use request::{Fields, etag, request};
pub use residents::Residents;
pub use roster_files::RosterFiles;
pub use server_info::{ServerFacts, ServerInfo};
pub use status::to_status;
pub use swaps::Swaps;
pub use tasks::Tasks;
pub use teams::Teams;
pub use time_off::TimeOffs;
pub use tokens::Tokens;

use crate::civil::Instant;
use crate::model::TeamSnapshot;
use crate::proto::v1;
use crate::roster::Desk;

attend::attend! {
    Changes: desk;
    HandoffNotes: desk;
    OnDuty: desk;
    Overrides: desk;
    Reports: desk;
    RosterFiles: desk;
    ServerInfo: desk;
    Swaps: desk;
    Tasks: desk;
    TimeOffs: desk;
}

/// Returns what an answer about `team` was computed from (semantics 1.8).
#[must_use]
pub fn read_context(desk: &Desk, team: &TeamSnapshot, now: Instant) -> v1::ReadContext {
    v1::ReadContext {
        revision: i64::try_from(team.revision).unwrap_or(i64::MAX),
        tzdb_version: desk.rules().version().to_owned(),
        read_time: Some(convert::time::timestamp(now)),
    }
}
