//! What a change would make different, without making it (semantics 3.6).

use super::convert::answers::number;
use super::convert::time::{interval, window};
use super::names::Name;
use super::read_context;
use super::request::Fields;
use super::roster_files::RosterFiles;
use super::{Changes, Duties, HolidaySets, Overrides, Residents, Swaps, Teams};
use crate::civil::{Instant, Interval};
use crate::engine::{self, Differences, OtherGap, OtherLoad, OtherPeople};
use crate::model::TeamId;
use crate::proto::v1;
use crate::proto::v1::preview_change_request::Change;
use crate::roster::{Desk, Refusal};

/// How far ahead a change is looked at where nothing is asked, in seconds: 90 days, from the present minute.
const PREVIEW_SECONDS: i64 = 90 * 86_400;
/// How many such stretches are looked at until one has a difference.
const PREVIEWS: i64 = 5;

/// Returns the stretch of that number, from 0.
fn ahead(now: Instant, step: i64) -> Option<Interval> {
    let minute = now.plus(-now.seconds().rem_euclid(60));
    Interval::new(minute.plus(step * PREVIEW_SECONDS), minute.plus((step + 1) * PREVIEW_SECONDS))
}

impl RosterFiles {
    pub(super) async fn preview(&self, asked: v1::PreviewChangeRequest) -> Result<v1::PreviewChangeResponse, Refusal> {
        let mut fields = Fields::default();
        let stated = asked.interval.as_ref().and_then(|stated| fields.take(window("interval", Some(stated))));
        let desk = self.desk.previewing();
        match asked.change {
            Some(change) => drop(fields.take_or_later(would_make(&desk, change).await)),
            None => fields.add("change", "is missing; state the call that would make the change"),
        }
        let changed = fields.finish("change", desk.previewed())?;
        let (before, after, now) = (changed.team_before(), &changed.state.snapshot, changed.time);
        let mut compared = stated.or_else(|| ahead(now, 0)).unwrap_or(Interval::ALL);
        let mut found = engine::differences(&before, after, self.desk.rules(), compared)?;
        // What is planned makes a difference later.
        for later in (1..PREVIEWS).filter_map(|step| ahead(now, step)).take_while(|_| stated.is_none()) {
            if found != Differences::default() {
                break;
            }
            let differs = engine::differences(&before, after, self.desk.rules(), later)?;
            if differs != Differences::default() {
                (compared, found) = (later, differs);
            }
        }
        Ok(v1::PreviewChangeResponse {
            difference: Some(difference(&after.id, &found)),
            interval: Some(interval(compared)),
            context: Some(read_context(&self.desk, after, now)),
        })
    }
}

/// Makes the call at a desk that changes nothing; what is wrong with it is told with the field that it is in.
async fn would_make(desk: &Desk, change: Change) -> Result<(), Refusal> {
    let desk = || desk.clone();
    let (field, made) = match change {
        Change::ApplyRoster(asked) => ("apply_roster", RosterFiles::new(desk()).apply(&asked).await.map(drop)),
        Change::UpdateTeam(asked) => ("update_team", Teams::new(desk()).update(asked).await.map(drop)),
        Change::CreateResident(asked) => ("create_resident", Residents::new(desk()).create(asked).await.map(drop)),
        Change::UpdateResident(asked) => ("update_resident", Residents::new(desk()).update(asked).await.map(drop)),
        Change::DeleteResident(asked) => ("delete_resident", Residents::new(desk()).delete(asked).await.map(drop)),
        Change::CreateDuty(asked) => ("create_duty", Duties::new(desk()).create(asked).await.map(drop)),
        Change::UpdateDuty(asked) => ("update_duty", Duties::new(desk()).update(asked).await.map(drop)),
        Change::DeleteDuty(asked) => ("delete_duty", Duties::new(desk()).delete(asked).await.map(drop)),
        Change::CreateHolidaySet(asked) => {
            ("create_holiday_set", HolidaySets::new(desk()).create(asked).await.map(drop))
        }
        Change::UpdateHolidaySet(asked) => {
            ("update_holiday_set", HolidaySets::new(desk()).update(asked).await.map(drop))
        }
        Change::DeleteHolidaySet(asked) => {
            ("delete_holiday_set", HolidaySets::new(desk()).delete(asked).await.map(drop))
        }
        Change::CreateOverride(asked) => ("create_override", Overrides::new(desk()).create(asked).await.map(drop)),
        Change::UpdateOverride(asked) => ("update_override", Overrides::new(desk()).update(asked).await.map(drop)),
        Change::DeleteOverride(asked) => ("delete_override", Overrides::new(desk()).delete(asked).await.map(drop)),
        Change::ChangeParticipants(asked) => {
            ("change_participants", Duties::new(desk()).change_participants(asked).await.map(drop))
        }
        Change::AcceptSwap(asked) => ("accept_swap", Swaps::new(desk()).accept(asked).await.map(drop)),
        Change::UndoChange(asked) => ("undo_change", Changes::new(desk()).undo(asked).await.map(drop)),
    };
    made.map_err(|refusal| within(field, refusal))
}

/// Returns the refusal of a call that is itself the value of `field`.
fn within(field: &str, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Invalid(mut violations) => {
            violations.iter_mut().for_each(|violation| violation.field = format!("{field}.{}", violation.field));
            Refusal::Invalid(violations)
        }
        other => other,
    }
}

fn difference(team: &TeamId, found: &Differences) -> v1::RosterDifference {
    let people = |other: &OtherPeople| v1::OnDutyDifference {
        duty: other.duty.full(team),
        interval: Some(interval(other.interval)),
        residents_before: other.before.iter().map(|id| id.full(team)).collect(),
        residents_after: other.after.iter().map(|id| id.full(team)).collect(),
    };
    let gap = |other: &OtherGap| v1::GapDifference {
        duty: other.duty.full(team),
        interval: Some(interval(other.interval)),
        missing_before: number(other.missing_before),
        missing_after: number(other.missing_after),
    };
    let load = |other: &OtherLoad| v1::LoadDifference {
        resident: other.resident.full(team),
        on_duty_seconds_before: other.seconds_before,
        on_duty_seconds_after: other.seconds_after,
        share_seconds_before: other.share_before,
        share_seconds_after: other.share_after,
    };
    v1::RosterDifference {
        on_duty: found.on_duty.iter().map(people).collect(),
        gaps: found.gaps.iter().map(gap).collect(),
        loads: found.loads.iter().map(load).collect(),
    }
}
