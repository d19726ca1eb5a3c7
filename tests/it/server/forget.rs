//! Forgetting somebody: nothing of them is left in any file, and everything else is as it was.

mod command;
mod swaps;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use onduty::access::{Authority, Identity, Need};
use onduty::civil::{Instant, Interval, ZoneRules};
use onduty::clock::ManualClock;
use onduty::engine;
use onduty::model::{Author, DutyId, Grant, ResidentId, Role, TeamId, TeamSnapshot, TokenUse};
use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::handoff_note_service_server::HandoffNoteService as _;
use onduty::proto::v1::on_duty_service_server::OnDutyService as _;
use onduty::proto::v1::override_service_server::OverrideService as _;
use onduty::proto::v1::resident_service_server::ResidentService as _;
use onduty::proto::v1::roster_service_server::RosterService as _;
use onduty::proto::v1::swap_service_server::SwapService as _;
use onduty::proto::v1::task_service_server::TaskService as _;
use onduty::proto::v1::time_off_service_server::TimeOffService as _;
use onduty::roster::forget::{ForgetError, Forgetting, Forgotten, forget};
use onduty::roster::{Desk, Issue, Rosters, Tokens, demo};
use onduty::service::{HandoffNotes, OnDuty, Overrides, Residents, RosterFiles, Swaps, Tasks, TimeOffs};
use onduty::store::{LogEntry, RewriteStep, SledStore, Store, StoreError};
use tempfile::TempDir;
use tonic::Request;

use crate::support::process::ondutyd;
use crate::support::server::time;

/// Zuzka is in turns, a pool and a shadow; her working hours begin a gap that is accepted.
const ROSTER: &str = r#"
team = "core"
display_name = "Core"
zone = "Europe/Warsaw"
since = 2026-01-01

[[resident]]
id = "zuzka"
display_name = "Zuzanna Nowak"
home_zone = "Europe/Warsaw"
working_hours = ["mon-fri 09:00-15:00"]
handles.github = { public = "znowak-hub" }
handles.email = { team = "zuza@example.org" }

[[resident]]
id = "ben"
display_name = "Ben"
working_hours = ["mon-fri 09:00-17:00"]

[[duty]]
id = "review"
title = "Review"

[[duty.requirement]]
id = "office"
when = ["mon-fri 10:00-16:00"]

[[duty.layer]]
id = "weekly"
participants = ["zuzka"]
shift_length = "1 week"
anchor = 2026-11-23T00:00:00
hours = "working"

[[duty]]
id = "watch"
title = "Watch"

[[duty.layer]]
id = "pool"
members = ["zuzka", "ben"]

[[duty]]
id = "triage"
title = "Triage"

[[duty.layer]]
id = "turns"
participants = ["ben", "zuzka"]
shift_length = "1 day"
anchor = 2026-11-23T00:00:00

[[duty]]
id = "guide"
title = "Guide"

[[duty.layer]]
id = "turns"
participants = ["ben"]
shift_length = "1 day"
anchor = 2026-11-23T00:00:00
shadows = ["zuzka"]
"#;

/// What may not be found any more.
const TRACES: [&str; 6] = ["zuzka", "Zuzanna Nowak", "Zuzanna Kowalska", "znowak-hub", "zuza@example.org", "migraine"];

fn core() -> TeamId {
    TeamId::new("core").unwrap()
}

fn resident(id: &str) -> String {
    format!("teams/core/residents/{id}")
}

fn days(first: &str, last: &str) -> v1::Span {
    let interval = wire::Interval { start_time: Some(time(first)), end_time: Some(time(last)) };
    v1::Span { form: Some(v1::span::Form::Instants(interval)) }
}

async fn open(dir: &Path) -> Rosters {
    let store = Arc::new(SledStore::open(dir).unwrap());
    let clock = Arc::new(ManualClock::new("2026-11-23T08:00:00Z".parse().unwrap()));
    Rosters::open(store, Arc::new(ZoneRules::bundled().unwrap()), clock).await.unwrap()
}

/// A team in which zuzka stands wherever a resident can stand, with a history.
async fn furnished(text: bool) -> TempDir {
    let dir = TempDir::new().unwrap();
    let rosters = open(dir.path()).await;
    let admin = Arc::new(Identity { name: "coordinator".to_owned(), ..Identity::server() });
    let desk = || Desk::open(rosters.clone(), Arc::clone(&admin), Need::Coordinator);
    let own = Authority::Team(core(), Role::Resident(ResidentId::new("zuzka").unwrap()));
    let own = Desk::open(
        rosters.clone(),
        Arc::new(Identity { name: "laptop of zuzka".to_owned(), authority: own, token: None }),
        Need::Resident,
    );
    let parent = || "teams/core".to_owned();
    let mut roster_toml = ROSTER.to_owned();
    if text {
        roster_toml = roster_toml.replacen("id = \"turns\"", "id = \"zuzka-turns\"", 1);
    }
    let asked = v1::ApplyRosterRequest { roster_toml, ..Default::default() };
    RosterFiles::new(desk()).apply_roster(Request::new(asked)).await.unwrap();
    let renamed =
        v1::Resident { name: resident("zuzka"), display_name: "Zuzanna Kowalska".to_owned(), ..Default::default() };
    let asked = v1::UpdateResidentRequest {
        resident: Some(renamed),
        update_mask: Some(pbjson_types::FieldMask { paths: vec!["display_name".to_owned()] }),
        ..Default::default()
    };
    Residents::new(desk()).update_resident(Request::new(asked)).await.unwrap();
    take_time_off(&TimeOffs::new(desk()), &TimeOffs::new(own.clone())).await;
    for (id, by, whom) in [("a", Some("zuzka"), None), ("b", Some("ben"), Some("zuzka")), ("c", None, Some("zuzka"))] {
        let entry = v1::Override {
            duty: "teams/core/duties/watch".to_owned(),
            span: Some(days("2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z")),
            by_resident: by.map(resident),
            for_resident: whom.map(resident),
            ..Default::default()
        };
        let (override_id, override_entry) = (id.to_owned(), Some(entry));
        let asked = v1::CreateOverrideRequest { parent: parent(), override_id, override_entry, ..Default::default() };
        Overrides::new(desk()).create_override(Request::new(asked)).await.unwrap();
    }
    let title = if text { "Ask @znowak-hub, or Zuzanna Nowak" } else { "Ask" };
    let task = v1::Task {
        title: title.to_owned(),
        assignee: Some(resident("zuzka")),
        deputy: Some(resident("ben")),
        ..Default::default()
    };
    let asked =
        v1::CreateTaskRequest { parent: parent(), task_id: "ask".to_owned(), task: Some(task), ..Default::default() };
    Tasks::new(desk()).create_task(Request::new(asked)).await.unwrap();
    accept_a_gap(&OnDuty::new(desk())).await;
    let grant = Grant::Team(core(), Role::Resident(ResidentId::new("zuzka").unwrap()));
    let issue = Issue { name: "Zuzanna Nowak".to_owned(), grant, used_for: TokenUse::Call, expires: None };
    Tokens::new(rosters.clone()).issue(&Identity::server(), issue, false).await.unwrap();
    if text {
        name_a_window(&Residents::new(desk())).await;
    }
    say_something(&own).await;
    drop(rosters);
    dir
}

/// Lets zuzka comment on the task and leave a handoff note.
async fn say_something(own: &Desk) {
    let (name, text) = ("teams/core/tasks/ask".to_owned(), "I asked".to_owned());
    let asked = v1::CommentTaskRequest { name, text, ..Default::default() };
    Tasks::new(own.clone()).comment_task(Request::new(asked)).await.unwrap();
    let note = v1::HandoffNote {
        duty: "teams/core/duties/watch".to_owned(),
        text: "The queue is long".to_owned(),
        ..Default::default()
    };
    let asked = v1::CreateHandoffNoteRequest {
        parent: "teams/core".to_owned(),
        handoff_note_id: "from-zuzka".to_owned(),
        handoff_note: Some(note),
        ..Default::default()
    };
    HandoffNotes::new(own.clone()).create_handoff_note(Request::new(asked)).await.unwrap();
}

/// Records two absences of zuzka on her behalf; she changes the note of one herself.
async fn take_time_off(coordinators: &TimeOffs, own: &TimeOffs) {
    for id in ["flu-zuzka", "trip"] {
        let entry = v1::TimeOff {
            resident: resident("zuzka"),
            kind: v1::TimeOffKind::Sick as i32,
            note: "not well".to_owned(),
            span: Some(days("2026-12-07T00:00:00Z", "2026-12-09T00:00:00Z")),
            ..Default::default()
        };
        let (time_off_id, time_off) = (id.to_owned(), Some(entry));
        let asked =
            v1::CreateTimeOffRequest { parent: "teams/core".to_owned(), time_off_id, time_off, ..Default::default() };
        coordinators.create_time_off(Request::new(asked)).await.unwrap();
    }
    let (name, note) = ("teams/core/timeOff/flu-zuzka".to_owned(), "migraine".to_owned());
    let asked = v1::UpdateTimeOffRequest {
        time_off: Some(v1::TimeOff { name, note, ..Default::default() }),
        ..Default::default()
    };
    own.update_time_off(Request::new(asked)).await.unwrap();
}

/// Gives ben's working hours the name of zuzka.
async fn name_a_window(residents: &Residents) {
    let hour = |hours| Some(wire::TimeOfDay { hours, ..Default::default() });
    let window = v1::WeeklyWindow { id: "with-zuzka".to_owned(), weekdays: vec![1], start: hour(9), end: hour(17) };
    let ben = v1::Resident { name: resident("ben"), working_hours: vec![window], ..Default::default() };
    let asked = v1::UpdateResidentRequest { resident: Some(ben), ..Default::default() };
    residents.update_resident(Request::new(asked)).await.unwrap();
}

fn week() -> wire::Interval {
    wire::Interval { start_time: Some(time("2026-11-23T00:00:00Z")), end_time: Some(time("2026-11-30T00:00:00Z")) }
}

async fn gaps(reads: &OnDuty) -> Vec<v1::Gap> {
    let asked = v1::ListGapsRequest { parent: "teams/core".to_owned(), interval: Some(week()), ..Default::default() };
    reads.list_gaps(Request::new(asked)).await.unwrap().into_inner().gaps
}

async fn accept_a_gap(reads: &OnDuty) {
    let gap = gaps(reads).await.into_iter().find(|gap| gap.duty.ends_with("review")).unwrap();
    let asked = v1::AcceptGapRequest {
        parent: "teams/core".to_owned(),
        gap_id: gap.id,
        interval: Some(week()),
        reason: "nobody comes that late".to_owned(),
        ..Default::default()
    };
    reads.accept_gap(Request::new(asked)).await.unwrap();
}

/// What is kept of the team.
async fn kept(dir: &Path) -> (TeamSnapshot, Vec<LogEntry>) {
    let store = SledStore::open(dir).unwrap();
    let log = store.log(&core(), 1, 1_000).await.unwrap();
    (store.load(&core()).await.unwrap().unwrap(), log)
}

fn asked(in_text: bool, dry_run: bool) -> Forgetting {
    Forgetting { team: core(), resident: ResidentId::new("zuzka").unwrap(), in_text, dry_run }
}

fn forgotten(dir: &Path, asked: &Forgetting) -> Result<Forgotten, ForgetError> {
    forget(dir, asked, &ZoneRules::bundled().unwrap(), &mut |_| Ok(()))
}

/// Which of the traces are in any file or name below a directory.
fn traces(dir: &Path) -> Vec<&'static str> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(traces(&entry.path()));
            continue;
        }
        let bytes = std::fs::read(entry.path()).unwrap();
        let has = |trace: &&str| bytes.windows(trace.len()).any(|window| window == trace.as_bytes());
        found.extend(TRACES.into_iter().filter(has));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Everything that the timelines of a team tell, with another name for one person.
fn timelines(team: &TeamSnapshot, name: &ResidentId) -> BTreeMap<DutyId, Vec<String>> {
    let rules = ZoneRules::bundled().unwrap();
    let instant = |text: &str| -> Instant { text.parse().unwrap() };
    let window = Interval::new(instant("2026-11-01T00:00:00Z"), instant("2027-01-31T00:00:00Z")).unwrap();
    let who = |id: &ResidentId| if id == name { "who".to_owned() } else { id.to_string() };
    let told = |duty: &DutyId| {
        let line = engine::timeline(team, &rules, duty, window).unwrap();
        let shifts =
            line.shifts().iter().map(|shift| format!("{} {} {}", shift.interval, shift.began, who(&shift.resident)));
        let gaps = line.gaps().iter().map(|gap| format!("gap {} {} {}", gap.interval, gap.requirement, gap.required));
        shifts.chain(gaps).collect()
    };
    team.duties.keys().map(|duty| (duty.clone(), told(duty))).collect()
}

#[tokio::test]
async fn nothing_of_somebody_forgotten_is_left_in_any_file() {
    let dir = furnished(false).await;
    assert_eq!(traces(dir.path()).len(), TRACES.len());
    let done = forgotten(dir.path(), &asked(false, false)).unwrap();
    assert_eq!(traces(dir.path()), Vec::<&str>::new());
    assert_eq!((done.erased, done.places.clone()), (2, Vec::new()));
    let ids = ["flu", "from"].map(|id| (format!("{id}-zuzka"), format!("{id}-{}", done.pseudonym)));
    assert_eq!(done.ids, BTreeMap::from(ids));
    let name = done.pseudonym.as_str();
    assert!(name.len() == 12 && name.starts_with("former-"), "{name}");
}

#[tokio::test]
async fn history_stays_as_it_was_under_the_other_name() {
    let dir = furnished(true).await;
    let (before, old) = kept(dir.path()).await;
    let done = forgotten(dir.path(), &asked(true, false)).unwrap();
    let (after, new) = kept(dir.path()).await;
    assert_eq!(timelines(&after, &done.pseudonym), timelines(&before, &ResidentId::new("zuzka").unwrap()));
    assert!(timelines(&before, &done.pseudonym).values().all(|lines| !lines.is_empty()));
    assert_eq!(after.revision, before.revision);
    let facts = |log: &[LogEntry]| {
        log.iter()
            .map(|entry| (entry.revision, entry.time, entry.request_id, entry.title.clone(), entry.changes.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(facts(&new), facts(&old));
    assert_eq!(new[4].actor, format!("laptop of {}", done.pseudonym));
    assert_eq!(new[3].on_behalf_of, Some(done.pseudonym.clone()));
    let same = new.iter().zip(&old).filter(|(new, old)| new.fingerprint == old.fingerprint);
    assert_eq!(same.map(|(new, _)| new.revision).collect::<Vec<_>>(), [11]);
    let stated = after.residents[&done.pseudonym].versions.latest().unwrap();
    assert_eq!((stated.display_name.as_str(), stated.handles.len()), (done.pseudonym.as_str(), 0));
    assert_eq!((after.time_off.len(), after.time_off_private.len(), after.overrides.len()), (2, 0, 3));
    let comment = &after.tasks.values().next().unwrap().value.comments[0];
    let author = Author { actor: new[4].actor.clone(), resident: Some(done.pseudonym.clone()) };
    assert_eq!((&comment.author, comment.text.as_str()), (&author, "I asked"));
    let (id, note) = after.handoff_notes.iter().next().unwrap();
    assert_eq!((id.to_string(), &note.value.author), (format!("from-{}", done.pseudonym), &author));
}

#[tokio::test]
async fn the_bundled_roster_gives_the_same_hours_with_somebody_forgotten() {
    for id in ["lukasz", "magdalena"] {
        let dir = TempDir::new().unwrap();
        let rosters = open(dir.path()).await;
        let asked = v1::ApplyRosterRequest { roster_toml: demo::PSF.to_owned(), ..Default::default() };
        let desk = Desk::open(rosters, Arc::new(Identity::server()), Need::Coordinator);
        RosterFiles::new(desk).apply_roster(Request::new(asked)).await.unwrap();
        let team = async || SledStore::open(dir.path()).unwrap().load(&TeamId::new("psf").unwrap()).await.unwrap();
        let before = team().await.unwrap();
        let resident = ResidentId::new(id).unwrap();
        let asked = Forgetting { team: before.id.clone(), resident: resident.clone(), in_text: true, dry_run: false };
        let done = forgotten(dir.path(), &asked).unwrap();
        assert_eq!(timelines(&team().await.unwrap(), &done.pseudonym), timelines(&before, &resident), "{id}");
    }
}

#[tokio::test]
async fn an_accepted_gap_stays_accepted() {
    let dir = furnished(false).await;
    let accepted = async || {
        let rosters = open(dir.path()).await;
        let reads = OnDuty::new(Desk::open(rosters, Arc::new(Identity::server()), Need::Coordinator));
        let gaps = gaps(&reads).await;
        gaps.iter().filter(|gap| gap.accepted).map(|gap| gap.interval).collect::<Vec<_>>()
    };
    let before = accepted().await;
    assert_eq!(before.len(), 1);
    forgotten(dir.path(), &asked(false, false)).unwrap();
    assert_eq!(accepted().await, before);
}

#[tokio::test]
async fn free_text_is_told_and_replaced_where_that_is_asked() {
    let dir = furnished(true).await;
    let done = forgotten(dir.path(), &asked(false, false)).unwrap();
    let [layer, window, task] = &done.places[..] else { panic!("{:?}", done.places) };
    assert_eq!(window, "residents/ben: an id or a name in it, also in revisions 11 of the log");
    assert_eq!(layer, "duties/triage, layer zuzka-turns: its id, also in revisions 1 of the log");
    assert!(task.starts_with("tasks/ask: title, also in revisions "), "{task}");
    assert_eq!(traces(dir.path()), ["Zuzanna Nowak", "znowak-hub", "zuzka"]);
    let other = furnished(true).await;
    assert_eq!(forgotten(other.path(), &asked(true, false)).unwrap().places, [layer.clone(), window.clone()]);
    assert_eq!(traces(other.path()), ["zuzka"]);
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_changes_nothing() {
    let dir = furnished(true).await;
    let before = kept(dir.path()).await;
    let told = forgotten(dir.path(), &asked(false, true)).unwrap();
    assert_eq!(kept(dir.path()).await, before);
    let done = forgotten(dir.path(), &asked(false, false)).unwrap();
    assert_eq!(
        (told.objects, told.entries, told.erased, told.places),
        (done.objects, done.entries, done.erased, done.places)
    );
}

#[tokio::test]
async fn tokens_of_whoever_is_forgotten_let_nobody_in() {
    let dir = furnished(false).await;
    let done = forget(dir.path(), &asked(false, false), &ZoneRules::bundled().unwrap(), &mut |_| Ok(())).unwrap();
    let tokens = Tokens::new(open(dir.path()).await).all();
    let [(_, entry)] = &tokens[..] else { panic!("{tokens:?}") };
    assert_eq!(entry.value.grant, Grant::Team(core(), Role::Resident(done.pseudonym.clone())));
    assert_eq!((entry.value.revoked.is_some(), entry.value.name.as_str()), (true, done.pseudonym.as_str()));
}

#[tokio::test]
async fn broken_off_at_any_step_there_is_one_whole_store_and_one_name() {
    let steps = [RewriteStep::Written, RewriteStep::PutAside, RewriteStep::InPlace, RewriteStep::Removed];
    for last in steps {
        let dir = furnished(false).await;
        let before = kept(dir.path()).await;
        std::fs::create_dir(dir.path().join("damaged")).unwrap();
        std::fs::write(dir.path().join("damaged/db"), "zuzka").unwrap();
        let mut step = |step| if step == last { Err(io::Error::other("broken off")) } else { Ok(()) };
        let error = forget(dir.path(), &asked(false, false), &ZoneRules::bundled().unwrap(), &mut step).unwrap_err();
        assert!(error.to_string().contains("broken off"), "{error}");
        let after = kept(dir.path()).await;
        let is_old = after == before;
        assert_eq!(is_old, last == RewriteStep::Written, "{last:?}");
        assert_eq!(traces(dir.path()).is_empty(), !is_old, "{last:?}");
        assert!(!dir.path().join("sled.new").exists() && !dir.path().join("sled.old").exists(), "{last:?}");
        assert_eq!(after.0.residents.len(), 2);
    }
}

#[tokio::test]
async fn whoever_never_was_there_is_told_with_the_nearest_name() {
    let dir = furnished(false).await;
    let other = Forgetting { resident: ResidentId::new("zuska").unwrap(), ..asked(false, false) };
    let error = forgotten(dir.path(), &other).unwrap_err().to_string();
    assert!(error.contains("'zuska'") && error.contains("zuzka"), "{error}");
    let other = Forgetting { team: TeamId::new("cora").unwrap(), ..asked(false, false) };
    let error = forgotten(dir.path(), &other).unwrap_err().to_string();
    assert!(error.contains("'cora'") && error.contains("core"), "{error}");
    let nothing = TempDir::new().unwrap();
    assert!(matches!(
        forgotten(nothing.path(), &asked(false, false)),
        Err(ForgetError::Store(StoreError::Unusable { .. }))
    ));
    assert_eq!(std::fs::read_dir(nothing.path()).unwrap().count(), 0);
}
