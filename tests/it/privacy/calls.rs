//! Two teams, and one good request for each method.

use std::collections::BTreeMap;

use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::Role;
use prost::Message;

use crate::support::server::time;

/// Two teams alike, of which one is public.
pub fn roster(team: &str, public: bool) -> String {
    format!(
        r#"
team = "{team}"
display_name = "{team}"
zone = "Europe/Warsaw"
public = {public}
since = 2026-01-01

[[resident]]
id = "asa"

[[resident]]
id = "ben"

[[duty]]
id = "review"

[[duty.requirement]]
id = "office"
when = ["mon-fri 10:00-16:00"]

[[duty.layer]]
id = "pool"
members = ["asa"]

[[holiday_set]]
id = "sweden"
dates = [2026-12-25]

[[override]]
id = "swap"
duty = "review"
by = "asa"
start = 2026-12-01T10:00:00
end = 2026-12-01T12:00:00

[[time_off]]
id = "away"
resident = "asa"
kind = "vacation"
first = 2026-11-20
last = 2026-11-30

[[task]]
id = "fix"
title = "Fix"
assignee = "asa"
"#
    )
}

/// Requests as bytes, by method.
type Requests = BTreeMap<&'static str, Vec<u8>>;

macro_rules! requests {
    ($($message:ident { $($field:ident: $value:expr),* $(,)? }),* $(,)?) => {
        BTreeMap::from([$((
            stringify!($message).strip_suffix("Request").unwrap(),
            #[allow(clippy::needless_update, reason = "some have no other fields")]
            v1::$message { $($field: $value,)* ..Default::default() }.encode_to_vec(),
        )),*])
    };
}

/// One good request for each method, about what is asa's; nothing is changed by it.
pub fn requests(team: &str) -> Requests {
    [configured(team), entered(team), work(team), computed(team)].into_iter().flatten().collect()
}

fn window() -> Option<wire::Interval> {
    let (start_time, end_time) = (Some(time("2026-11-23T13:05:00Z")), Some(time("2026-11-25T00:00:00Z")));
    Some(wire::Interval { start_time, end_time })
}

/// What coordinators configure.
fn configured(team: &str) -> Requests {
    let parent = || format!("teams/{team}");
    let name = |rest: &str| format!("teams/{team}/{rest}");
    let duty = v1::Duty { name: name("duties/review"), title: "Review".to_owned(), ..Default::default() };
    let set =
        v1::HolidaySet { name: name("holidaySets/sweden"), display_name: "Sverige".to_owned(), ..Default::default() };
    let resident = v1::Resident {
        name: name("residents/asa"),
        display_name: "Åsa".to_owned(),
        home_zone: "UTC".to_owned(),
        ..Default::default()
    };
    let join = v1::AddParticipants { residents: vec![name("residents/ben")], place: None };
    let join = v1::change_participants_request::Change::Add(join);
    let (display_name, zone) = ("Other".to_owned(), "UTC".to_owned());
    let settings = v1::Team { name: parent(), display_name, zone, ..Default::default() };
    requests! {
        CreateDutyRequest { parent: parent(), duty_id: "new".to_owned(), duty: Some(duty.clone()), validate_only: true },
        GetDutyRequest { name: name("duties/review") },
        ListDutiesRequest { parent: parent() },
        UpdateDutyRequest { duty: Some(duty), validate_only: true },
        DeleteDutyRequest { name: name("duties/review"), validate_only: true },
        GetRotaRequest { name: name("duties/review") },
        ChangeParticipantsRequest { name: name("duties/review"), change: Some(join), validate_only: true },
        CreateHolidaySetRequest { parent: parent(), holiday_set_id: "new".to_owned(), holiday_set: Some(set.clone()), validate_only: true },
        GetHolidaySetRequest { name: name("holidaySets/sweden") },
        ListHolidaySetsRequest { parent: parent() },
        UpdateHolidaySetRequest { holiday_set: Some(set), validate_only: true },
        DeleteHolidaySetRequest { name: name("holidaySets/sweden"), validate_only: true },
        ImportHolidaysRequest { name: name("holidaySets/sweden"), calendar: CALENDAR.into(), validate_only: true },
        CreateResidentRequest { parent: parent(), resident_id: "new".to_owned(), resident: Some(resident.clone()), validate_only: true },
        GetResidentRequest { name: name("residents/asa") },
        ListResidentsRequest { parent: parent() },
        UpdateResidentRequest { resident: Some(resident), validate_only: true },
        DeleteResidentRequest { name: name("residents/ben"), validate_only: true },
        CreateTeamRequest { team_id: "new".to_owned(), team: Some(settings.clone()), validate_only: true },
        GetTeamRequest { name: parent() },
        ListTeamsRequest {},
        UpdateTeamRequest { team: Some(settings), validate_only: true },
        DeleteTeamRequest { name: parent(), force: true, validate_only: true },
        PreviewChangeRequest { change: Some(v1::preview_change_request::Change::DeleteDuty(v1::DeleteDutyRequest { name: name("duties/review"), ..Default::default() })) },
    }
}

/// Work, and word of it.
fn work(team: &str) -> Requests {
    let parent = || format!("teams/{team}");
    let name = |rest: &str| format!("teams/{team}/{rest}");
    let task = v1::Task {
        name: name("tasks/fix"),
        title: "Fix it".to_owned(),
        assignee: Some(name("residents/asa")),
        ..Default::default()
    };
    let note = v1::HandoffNote { duty: name("duties/review"), text: "x".to_owned(), ..Default::default() };
    requests! {
        CreateTaskRequest { parent: parent(), task: Some(task.clone()), validate_only: true },
        GetTaskRequest { name: name("tasks/fix") },
        ListTasksRequest { parent: parent() },
        UpdateTaskRequest { task: Some(task), validate_only: true },
        DeleteTaskRequest { name: name("tasks/fix"), validate_only: true },
        StartTaskRequest { name: name("tasks/fix"), validate_only: true },
        MarkTaskStuckRequest { name: name("tasks/fix"), reason: "x".to_owned(), validate_only: true },
        CompleteTaskRequest { name: name("tasks/fix"), validate_only: true },
        CancelTaskRequest { name: name("tasks/fix"), validate_only: true },
        CreateHandoffNoteRequest { parent: parent(), handoff_note: Some(note), validate_only: true },
        ListHandoffNotesRequest { parent: parent() },
        DeleteHandoffNoteRequest { name: name("handoffNotes/none"), validate_only: true },
        CommentTaskRequest { name: name("tasks/fix"), text: "x".to_owned(), validate_only: true },
        SplitTasksRequest { parent: parent(), of_resident: name("residents/asa"), validate_only: true },
        ReopenTaskRequest { name: name("tasks/fix"), validate_only: true },
    }
}

/// What people enter about who is there when.
fn entered(team: &str) -> Requests {
    let parent = || format!("teams/{team}");
    let name = |rest: &str| format!("teams/{team}/{rest}");
    let span = || Some(v1::Span { form: window().map(v1::span::Form::Instants) });
    let cover = v1::Override {
        name: name("overrides/swap"),
        duty: name("duties/review"),
        span: span(),
        by_resident: Some(name("residents/asa")),
        ..Default::default()
    };
    let off = v1::TimeOff {
        name: name("timeOff/away"),
        resident: name("residents/asa"),
        span: span(),
        kind: v1::TimeOffKind::Sick.into(),
        ..Default::default()
    };
    let duty = name("duties/review");
    let (start_time, end_time) = (Some(time("2026-12-02T10:00:00Z")), Some(time("2026-12-02T12:00:00Z")));
    let december = wire::Interval { start_time, end_time };
    let swap = v1::Swap {
        resident: name("residents/asa"),
        asked: Some(v1::SwapPart { duty, interval: Some(december), ..Default::default() }),
        ..Default::default()
    };
    requests! {
        CreateOverrideRequest { parent: parent(), override_entry: Some(cover.clone()), validate_only: true },
        GetOverrideRequest { name: name("overrides/swap") },
        ListOverridesRequest { parent: parent() },
        UpdateOverrideRequest { override_entry: Some(cover), validate_only: true },
        DeleteOverrideRequest { name: name("overrides/swap"), validate_only: true },
        CreateTimeOffRequest { parent: parent(), time_off: Some(off.clone()), validate_only: true },
        GetTimeOffRequest { name: name("timeOff/away") },
        ListTimeOffRequest { parent: parent() },
        UpdateTimeOffRequest { time_off: Some(off.clone()), validate_only: true },
        DeleteTimeOffRequest { name: name("timeOff/away"), validate_only: true },
        MarkAbsenceRequest { parent: parent(), time_off: Some(off), validate_only: true },
        EndTimeOffRequest { name: name("timeOff/away"), validate_only: true },
        EraseTimeOffDetailsRequest { name: name("timeOff/away"), validate_only: true },
        ComeBackRequest { resident: name("residents/asa"), validate_only: true },
        ImportTimeOffRequest { resident: name("residents/asa"), calendar: CALENDAR.into(), validate_only: true },
        CreateSwapRequest { parent: parent(), swap: Some(swap), validate_only: true },
        GetSwapRequest { name: name("swaps/ask") },
        ListSwapsRequest { parent: parent() },
        AcceptSwapRequest { name: name("swaps/ask"), validate_only: true },
        DeclineSwapRequest { name: name("swaps/ask"), validate_only: true },
        WithdrawSwapRequest { name: name("swaps/ask"), validate_only: true },
    }
}

/// A calendar with one day in it.
const CALENDAR: &str = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20261207\nEND:VEVENT\nEND:VCALENDAR\n";

/// What is computed, roster files, tokens, feeds and the server.
fn computed(team: &str) -> Requests {
    let parent = || format!("teams/{team}");
    let (display_name, role) = ("x".to_owned(), Role::Viewer.into());
    let token = v1::Token { display_name, role, team: parent(), ..Default::default() };
    let (shown, content) = ("x".to_owned(), v1::FeedContent::OnDuty.into());
    let feed = v1::Feed { display_name: shown, content, ..Default::default() };
    let calendar = v1::Calendar {
        resident: format!("teams/{team}/residents/asa"),
        display_name: "x".to_owned(),
        // Refused without being looked for.
        address: "https://192.0.2.1/".to_owned(),
        ..Default::default()
    };
    requests! {
        GetOnDutyRequest { parent: parent() },
        ListShiftsRequest { parent: parent(), interval: window() },
        ListGapsRequest { parent: parent(), interval: window() },
        ListHandoffsRequest { parent: parent(), interval: window() },
        GetReportRequest { parent: parent(), audience: v1::ReportAudience::Public.into() },
        GetLoadRequest { parent: parent(), period: window().map(v1::get_load_request::Period::Interval) },
        AcceptGapRequest { parent: parent(), gap_id: uuid::Uuid::nil().to_string(), reason: "known".to_owned(), validate_only: true },
        ReopenGapRequest { parent: parent(), gap_id: uuid::Uuid::nil().to_string(), validate_only: true },
        ApplyRosterRequest { roster_toml: roster(team, true), validate_only: true },
        ExportRosterRequest { name: parent() },
        CheckRosterRequest { name: parent() },
        ShowRosterRequest { name: parent() },
        CreateTokenRequest { token: Some(token), validate_only: true },
        ListTokensRequest { parent: parent() },
        RevokeTokenRequest { name: "tokens/t-aaaaaaaaaaaa".to_owned() },
        CreateFeedRequest { parent: parent(), feed: Some(feed), validate_only: true },
        ListFeedsRequest { parent: parent() },
        RotateFeedSecretRequest { name: format!("teams/{team}/feeds/f-aaaaaaaaaaaa"), validate_only: true },
        DeleteFeedRequest { name: format!("teams/{team}/feeds/f-aaaaaaaaaaaa"), validate_only: true },
        CreateCalendarRequest { parent: parent(), calendar: Some(calendar), validate_only: true },
        ListCalendarsRequest { parent: parent() },
        RefreshCalendarRequest { name: format!("teams/{team}/calendars/cal-aaaaa") },
        DeleteCalendarRequest { name: format!("teams/{team}/calendars/cal-aaaaa"), validate_only: true },
        RedeemInvitationRequest { invitation: "onduty_invite_x".to_owned(), display_name: "x".to_owned() },
        ListChangesRequest { parent: parent() },
        UndoChangeRequest { parent: parent(), revision: Some(1), validate_only: true },
        GetCallerRequest {},
        GetServerInfoRequest {},
    }
}
