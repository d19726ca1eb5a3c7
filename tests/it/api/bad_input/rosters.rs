//! `RosterService` and `ServerService`.

use onduty::proto::v1;
use onduty::proto::v1::preview_change_request::Change;
use onduty::proto::v1::show_roster_request::At;
use pbjson_types::Timestamp;

use super::case::{Case, Cases};
use super::values::{NOT_FOUND, interval, long};

const FILE: &str = "team = \"psf\"\ndisplay_name = \"Residents\"\nzone = \"Europe/Warsaw\"\n";

pub fn cases() -> Vec<Case> {
    [apply(), preview(), export(), show(), check(), info()].into_iter().flatten().collect()
}

fn apply() -> Vec<Case> {
    let before = Timestamp { seconds: 1_000_000_000, nanos: 0 };
    let malformed = ["psf", "teams/", "teams/P", "teams/psf/x", &format!("teams/{}", long(64))].map(str::to_owned);
    Cases::of(v1::ApplyRosterRequest { roster_toml: FILE.to_owned(), ..Default::default() })
        .each("name", |r| &mut r.name, malformed)
        .each("name", |r| &mut r.name, ["teams/other".to_owned()])
        .each("roster_toml, roster_toml", |r| &mut r.roster_toml, [String::new()])
        .each("roster_toml", |r| &mut r.roster_toml, [FILE.replace("psf", "P"), FILE.replace("Warsaw", "Warszawa")])
        .each("roster_toml", |r| &mut r.roster_toml, [format!("{FILE}# {}", long(1 << 20))])
        .each("roster_toml, roster_toml", |r| &mut r.roster_toml, [format!("{FILE}x = 1\ny = 2\n")])
        .effective_time(|r| &mut r.effective_time)
        .when("FailedPrecondition CHANGES_THE_PAST", |r| r.effective_time = Some(before))
        .etag(|r| &mut r.etag)
        .request_id(|r| &mut r.request_id)
        .when("request_id, effective_time, name, roster_toml", |r| {
            r.request_id = "x".to_owned();
            r.effective_time = Some(Timestamp { seconds: -1_000_000, nanos: 0 });
            r.name = "psf".to_owned();
            r.roster_toml = format!("{FILE}x = 1\n");
        })
        .done()
}

fn export() -> Vec<Case> {
    Cases::of(v1::ExportRosterRequest { name: "teams/psf".to_owned(), ..Default::default() })
        .team("name", |r| &mut r.name)
        .time("read_time", |r| &mut r.read_time)
        .when("name, read_time", |r| {
            r.name.clear();
            r.read_time = Some(Timestamp { seconds: -1_000_000, nanos: 0 });
        })
        .done()
}

fn show() -> Vec<Case> {
    let revision = |revision| Some(At::Revision(revision));
    let time = |seconds| Some(At::ReadTime(Timestamp { seconds, nanos: 0 }));
    Cases::of(v1::ShowRosterRequest { name: "teams/psf".to_owned(), ..Default::default() })
        .team("name", |r| &mut r.name)
        .each("revision", |r| &mut r.at, [revision(0), revision(-1), revision(i64::MIN)])
        .each(NOT_FOUND, |r| &mut r.at, [revision(1_000), revision(i64::MAX), time(1_000_000)])
        .each("read_time", |r| &mut r.at, [time(-1_000_000), time(i64::MAX), time(1_900_000_000)])
        .when("name, revision", |r| *r = v1::ShowRosterRequest { at: revision(0), ..Default::default() })
        .done()
}

fn check() -> Vec<Case> {
    Cases::of(v1::CheckRosterRequest { name: "teams/psf".to_owned(), ..Default::default() })
        .team("name", |r| &mut r.name)
        .window(|r| &mut r.interval)
        .when("name, interval", |r| *r = v1::CheckRosterRequest { interval: interval(5, 5), ..Default::default() })
        .done()
}

fn info() -> Vec<Case> {
    let teams = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    Cases::of(v1::GetServerInfoRequest::default())
        .each("teams[0]", |r| &mut r.teams, [teams(&[""]), teams(&["psf"]), teams(&[&format!("teams/{}", long(64))])])
        .each("teams[1], teams[2]", |r| &mut r.teams, [teams(&["teams/psf", "teams/P", "teams/psf/x"])])
        .each("teams[1]", |r| &mut r.teams, [teams(&["teams/psff", "x"])])
        .each(NOT_FOUND, |r| &mut r.teams, [teams(&["teams/psf", "teams/psff"])])
        .done()
}

/// What is wrong with the call that would make the change is told as by that call, with its place here.
fn preview() -> Vec<Case> {
    let change = |change: Change| v1::PreviewChangeRequest { change: Some(change), ..Default::default() };
    let good = change(Change::DeleteDuty(v1::DeleteDutyRequest {
        name: "teams/psf/duties/review".to_owned(),
        ..Default::default()
    }));
    let with = |told: &str, wrong: Change| Case::new(told, &change(wrong));
    let mut cases = Cases::of(good)
        .window(|r| &mut r.interval)
        .each("change", |r| &mut r.change, [None])
        .when("interval, change", |r| *r = v1::PreviewChangeRequest { interval: interval(5, 5), change: None })
        .done();
    cases.extend([
        with("apply_roster.roster_toml, apply_roster.roster_toml", Change::ApplyRoster(Default::default())),
        with("update_team.team", Change::UpdateTeam(Default::default())),
        with(
            "create_resident.parent, create_resident.resident_id, create_resident.resident",
            Change::CreateResident(Default::default()),
        ),
        with("update_resident.resident", Change::UpdateResident(Default::default())),
        with("delete_resident.name", Change::DeleteResident(Default::default())),
        with("create_duty.parent, create_duty.duty_id, create_duty.duty", Change::CreateDuty(Default::default())),
        with("update_duty.duty", Change::UpdateDuty(Default::default())),
        with("delete_duty.name", Change::DeleteDuty(Default::default())),
        with(
            "create_holiday_set.parent, create_holiday_set.holiday_set_id, create_holiday_set.holiday_set",
            Change::CreateHolidaySet(Default::default()),
        ),
        with("update_holiday_set.holiday_set", Change::UpdateHolidaySet(Default::default())),
        with("delete_holiday_set.name", Change::DeleteHolidaySet(Default::default())),
        with("create_override.parent", Change::CreateOverride(Default::default())),
        with("update_override.name", Change::UpdateOverride(Default::default())),
        with("delete_override.name", Change::DeleteOverride(Default::default())),
        with("change_participants.name", Change::ChangeParticipants(Default::default())),
        with("accept_swap.name", Change::AcceptSwap(Default::default())),
        with("undo_change.parent", Change::UndoChange(Default::default())),
    ]);
    cases
}
