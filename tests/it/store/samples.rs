//! Objects and commits that the tests write.

use std::collections::BTreeMap;

use onduty::civil::{
    Date, DateTime, Exception, Instant, Interval, Recurrence, ShiftLength, ShiftUnit, TimeOfDay, Weekdays,
    WeeklyWindow, WindowId,
};
use onduty::model::{
    Author, Calendar, CalendarAddress, CalendarFailure, CalendarId, CalendarState, CauseKind, Comment, Configured,
    ConfiguredDuty, Criticality, Cut, Due, Duty, DutyId, Effect, Entered, Feed, FeedContent, FeedId, FeedOwner,
    FeedScope, FeedTitles, FeedView, GapAcceptance, GapCause, GapId, Grant, Handle, HandleAudience, HandoffNote,
    HandoffNoteId, Headcount, Holiday, HolidaySet, HolidaySetId, Holidays, Hours, IdentityKey, Imported, Layer,
    LayerId, Made, Meta, Object, Origin, Override, OverrideForm, OverrideId, Priority, Requirement, RequirementId,
    RequirementTime, Resident, ResidentId, Role, Rotation, ShiftId, Source, Span, Swap, SwapAnswer, SwapId,
    SwapOutcome, SwapPart, Task, TaskId, TaskState, Team, TeamId, Term, TimeOff, TimeOffId, TimeOffKind,
    TimeOffPrivate, Token, TokenId, TokenUse, Version, Versions, Wanted, WhenAbsent, Which, Windows, ZoneName,
};
use onduty::store::{ChangeSet, Commit, Committed, Fingerprint, Store};
use uuid::Uuid;

/// A date, as `2026-11-23`.
pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// A local time, as `2026-11-23T08:00:00`.
pub fn local(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// An instant, as RFC 3339.
pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// The id of a team.
pub fn team_id(text: &str) -> TeamId {
    TeamId::new(text).unwrap()
}

fn meta() -> Meta {
    Meta {
        created: Made { revision: 1, position: 2 },
        create_time: at("2026-11-01T10:00:00Z"),
        updated: Made { revision: 3, position: 0 },
        update_time: at("2026-11-02T11:30:00Z"),
        origin: Origin::File,
    }
}

fn warsaw() -> ZoneName {
    ZoneName::new("Europe/Warsaw")
}

fn resident_id(text: &str) -> ResidentId {
    ResidentId::new(text).unwrap()
}

/// A value that holds from November 2026 on, and ends in 2027.
fn versions<T>(value: T) -> Versions<T> {
    let made = |revision| Made { revision, position: 1 };
    Versions::from_list(vec![
        Version { from: at("2026-11-02T00:00:00Z"), made: made(1), value: Some(value) },
        Version { from: at("2027-11-01T00:00:00Z"), made: made(3), value: None },
    ])
}

fn configured<T>(value: T) -> Configured<T> {
    Configured { meta: meta(), versions: versions(value) }
}

fn entered<T>(value: T) -> Entered<T> {
    Entered { meta: Meta { origin: Origin::Entered, ..meta() }, value }
}

fn windows() -> Vec<WeeklyWindow> {
    let time = |hour| TimeOfDay::new(hour, 30, 0).unwrap();
    vec![WeeklyWindow { id: WindowId::new("w1").unwrap(), weekdays: Weekdays::WORKING, start: time(8), end: time(16) }]
}

/// A team's own settings.
pub fn team(display_name: &str) -> Object {
    let display_name = display_name.to_owned();
    Object::Team(configured(Team { display_name, zone: warsaw(), public: true, rest_hours: 11 }))
}

/// A resident.
pub fn resident(id: &str) -> Object {
    let resident = Resident {
        display_name: format!("Łucja {id}"),
        home_zone: warsaw(),
        working_hours: windows(),
        capacity_minutes: 40 * 60,
        term: Term { first: Some(date("2026-11-02")), last: None, zone: warsaw() },
        skills: vec!["release".to_owned()],
        holidays: Holidays { sets: vec![HolidaySetId::new("pl").unwrap()], zone: warsaw() },
        handles: vec![
            Handle { key: "github".to_owned(), value: id.to_owned(), audience: HandleAudience::Public },
            Handle { key: "phone".to_owned(), value: "+48".to_owned(), audience: HandleAudience::Team },
        ],
    };
    Object::Resident(resident_id(id), configured(resident))
}

/// A duty with a rotation and a pool; `description` makes it as long as a test wants it.
pub fn duty(id: &str, description: &str) -> Object {
    let requirement = |id: &str, time| Requirement {
        id: RequirementId::new(id).unwrap(),
        time,
        zone: warsaw(),
        headcount: Some(2),
        first: Some(date("2026-11-02")),
        last: Some(date("2026-12-31")),
        holiday_sets: vec![HolidaySetId::new("pl").unwrap()],
    };
    let duty = Duty {
        title: "Reviews".to_owned(),
        description: description.to_owned(),
        requirements: vec![
            requirement("days", RequirementTime::Windows(windows())),
            requirement("nights", RequirementTime::Always),
        ],
        layers: vec![LayerId::new("weekly").unwrap(), LayerId::new("everybody").unwrap()],
        skills: vec!["release".to_owned()],
        headcount: Headcount::All,
        criticality: Criticality::High,
        in_feed: true,
    };
    let rotation = Rotation {
        participants: vec![resident_id("asa"), resident_id("bo")],
        length: ShiftLength::new(1, ShiftUnit::Weeks).unwrap(),
        anchor: local("2026-11-02T09:00:00"),
        zone: warsaw(),
        offset: 1,
        grid: 2,
        held_turn: Some(-3),
    };
    let layer = |source, windows| Layer {
        source,
        windows,
        hours: Hours::Working,
        when_absent: WhenAbsent::NextLayer,
        shadows: vec![resident_id("cy")],
    };
    let zoned = Windows { zone: warsaw(), windows: windows() };
    let layers = BTreeMap::from([
        (LayerId::new("weekly").unwrap(), versions(layer(Source::Rotation(rotation), Some(zoned)))),
        (LayerId::new("everybody").unwrap(), versions(layer(Source::Pool(vec![resident_id("asa")]), None))),
    ]);
    Object::Duty(DutyId::new(id).unwrap(), ConfiguredDuty { meta: meta(), versions: versions(duty), layers })
}

/// A holiday set.
pub fn holiday_set(id: &str) -> Object {
    let holidays = vec![Holiday { date: date("2026-11-11"), name: "Święto Niepodległości".to_owned() }];
    let set = HolidaySet { display_name: "Polska".to_owned(), holidays };
    Object::HolidaySet(HolidaySetId::new(id).unwrap(), configured(set))
}

/// An override that replaces somebody.
pub fn override_entry(id: &str) -> Object {
    let entry = Override {
        duty: DutyId::new("reviews").unwrap(),
        span: Span::Local {
            start: local("2026-11-23T08:00:00"),
            end: Some(local("2026-11-23T14:00:00")),
            zone: warsaw(),
        },
        form: OverrideForm::Replace { by: resident_id("bo"), owner: resident_id("asa") },
        forced: true,
        // Version 1 did not have it at first.
        swap: None,
    };
    Object::Override(OverrideId::new(id).unwrap(), entered(entry))
}

/// A recurring entry of time off, with an instance that ended early.
pub fn time_off(id: &str) -> Object {
    let entry = TimeOff {
        resident: resident_id("asa"),
        span: Span::Days { first: date("2026-11-06"), last: Some(date("2026-11-06")), zone: warsaw() },
        effect: Effect::WorkingElsewhere { zone: ZoneName::new("America/Vancouver") },
        recurrence: Some(Recurrence {
            rule: "FREQ=WEEKLY".to_owned(),
            except: vec![Exception::Date(date("2026-11-13")), Exception::DateTime(local("2026-11-20T00:00:00"))],
        }),
        cuts: vec![Cut { instance: local("2026-11-27T00:00:00"), at: at("2026-11-27T09:00:00Z") }],
        ended: Some(at("2026-12-05T12:00:00Z")),
        imported: None,
    };
    Object::TimeOff(TimeOffId::new(id).unwrap(), entered(entry))
}

/// An entry of time off that was read from a calendar.
pub fn imported_time_off(id: &str) -> Object {
    let [calendar, event, instance, read] = [1, 2, 3, 4].map(Uuid::from_u128);
    let entry = TimeOff {
        resident: resident_id("bo"),
        span: Span::Days { first: date("2026-12-21"), last: Some(date("2026-12-31")), zone: warsaw() },
        effect: Effect::Hard,
        recurrence: None,
        cuts: Vec::new(),
        ended: None,
        imported: Some(Imported { calendar, event, instance, read }),
    };
    Object::TimeOff(TimeOffId::new(id).unwrap(), entered(entry))
}

/// The private part of an entry of time off.
pub fn time_off_private(id: &str, note: &str) -> Object {
    let part = TimeOffPrivate { kind: TimeOffKind::Sick, note: note.to_owned() };
    Object::TimeOffPrivate(TimeOffId::new(id).unwrap(), entered(part))
}

/// A task.
pub fn task(id: &str) -> Object {
    let task = Task {
        title: "Backport".to_owned(),
        duty: Some(DutyId::new("reviews").unwrap()),
        assignee: Some(resident_id("asa")),
        deputy: Some(resident_id("bo")),
        state: TaskState::InProgress,
        due: Some(Due::Local(local("2026-12-01T00:00:00"), warsaw())),
        effort_minutes: Some(390),
        priority: Priority::High,
        link: "https://example.org/1".to_owned(),
        stuck_reason: "waits for the release".to_owned(),
        finish_time: Some(at("2026-12-02T15:00:00Z")),
        // Version 1 did not have them at first.
        comments: Vec::new(),
    };
    Object::Task(TaskId::new(id).unwrap(), entered(task))
}

/// A task that was commented on, by a resident and by somebody who is none.
pub fn commented_task(id: &str) -> Object {
    let Object::Task(id, task) = task(id) else { unreachable!("a task") };
    let comment = |actor: &str, resident: Option<&str>, text: &str| Comment {
        author: Author { actor: actor.to_owned(), resident: resident.map(resident_id) },
        time: at("2026-11-24T08:00:00Z"),
        text: text.to_owned(),
    };
    let comments = vec![comment("asa (laptop)", Some("asa"), "The key is\nhere."), comment("lead", None, "Good.")];
    Object::Task(id, Entered { value: Task { comments, ..task.value }, ..task })
}

/// A handoff note.
pub fn handoff_note(id: &str) -> Object {
    let author = Author { actor: "asa (laptop)".to_owned(), resident: Some(resident_id("asa")) };
    let (duty, text) = (DutyId::new("reviews").unwrap(), "The queue is long.".to_owned());
    let note = HandoffNote { duty, text, author, time: at("2026-11-27T15:00:00Z") };
    Object::HandoffNote(HandoffNoteId::new(id).unwrap(), entered(note))
}

/// An accepted gap.
pub fn acceptance(number: u128) -> Object {
    let interval = Interval::new(at("2026-11-23T08:00:00Z"), at("2026-11-23T14:00:00Z")).unwrap();
    Object::Acceptance(entered(GapAcceptance {
        gap: GapId(Uuid::from_u128(number)),
        duty: DutyId::new("reviews").unwrap(),
        interval,
        required: 2,
        present: 1,
        causes: vec![
            GapCause { kind: CauseKind::NobodyScheduled, resident: None },
            GapCause { kind: CauseKind::Absent, resident: Some(resident_id("asa")) },
        ],
        reason: "known".to_owned(),
        until: Some(at("2026-12-01T00:00:00Z")),
        // Version 1 did not have it at first.
        actor: String::new(),
    }))
}

/// An override that a swap made.
pub fn swapped(id: &str) -> Object {
    let Object::Override(id, entry) = override_entry(id) else { panic!("no override") };
    Object::Override(
        id,
        Entered { value: Override { swap: Some(SwapId::new("swap-7").unwrap()), ..entry.value }, ..entry },
    )
}

/// An exchange that was accepted.
pub fn swap(id: &str) -> Object {
    let part = |number, start: &str, end: &str| SwapPart {
        duty: DutyId::new("reviews").unwrap(),
        shift: ShiftId(Uuid::from_u128(number)),
        slot: ShiftId(Uuid::from_u128(number + 1)),
        interval: Interval::new(at(start), at(end)).unwrap(),
    };
    let overrides = ["override-1", "override-2"].map(|id| OverrideId::new(id).unwrap()).to_vec();
    let swap = Swap {
        asked_by: resident_id("asa"),
        asked: part(20, "2026-12-01T08:00:00Z", "2026-12-02T08:00:00Z"),
        asks: Some(resident_id("bo")),
        in_return: Some(part(30, "2026-12-08T08:00:00Z", "2026-12-09T08:00:00Z")),
        message: "A wedding".to_owned(),
        expires: at("2026-12-01T00:00:00Z"),
        answer: Some(SwapAnswer {
            outcome: SwapOutcome::Accepted { by: resident_id("bo"), overrides },
            time: at("2026-11-24T09:00:00Z"),
            actor: "bo (phone)".to_owned(),
        }),
    };
    Object::Swap(SwapId::new(id).unwrap(), entered(swap))
}

/// A token of a resident.
pub fn token(id: &str) -> Object {
    let token = Token {
        name: "phone".to_owned(),
        grant: Grant::Team(TeamId::new("psf").unwrap(), Role::Resident(resident_id("asa"))),
        used_for: TokenUse::Call,
        hash: [9; 32],
        expires: Some(at("2027-01-01T00:00:00Z")),
        revoked: Some(at("2026-12-01T00:00:00Z")),
        last_used: Some(at("2026-11-30T00:00:00Z")),
        issuer: "ee (coordinator)".to_owned(),
    };
    Object::Token(TokenId::new(id).unwrap(), entered(token))
}

/// A feed of a resident.
pub fn feed(id: &str) -> Object {
    let feed = Feed {
        name: "phone".to_owned(),
        team: TeamId::new("psf").unwrap(),
        owner: FeedOwner::Resident(resident_id("asa")),
        view: FeedView {
            content: FeedContent::Standby,
            scope: FeedScope::Resident(resident_id("asa")),
            past_days: 30,
            future_days: 200,
            titles: FeedTitles::Duty,
            busy: true,
        },
        hash: [10; 32],
        secret_time: at("2026-11-24T00:00:00Z"),
        last_used: Some(at("2026-11-30T00:00:00Z")),
        issuer: "ee (coordinator)".to_owned(),
    };
    Object::Feed(FeedId::new(id).unwrap(), entered(feed))
}

/// A subscribed calendar that cannot be read at the moment.
pub fn calendar(id: &str) -> Object {
    let calendar = Calendar {
        team: TeamId::new("psf").unwrap(),
        resident: resident_id("asa"),
        name: "private".to_owned(),
        address: CalendarAddress::new("https://calendar.example.org/4711/basic.ics".to_owned()),
        wanted: Wanted { which: Which::Category("Away".to_owned()), free_too: true, tentative_too: false },
        kind: TimeOffKind::Travel,
        state: CalendarState {
            etag: Some("\"7\"".to_owned()),
            last_modified: Some("Mon, 23 Nov 2026 08:00:00 GMT".to_owned()),
            read: Some(at("2026-11-23T08:00:00Z")),
            failure: Some(CalendarFailure {
                since: at("2026-11-23T09:00:00Z"),
                reason: "calendar.example.org answered 500".to_owned(),
            }),
        },
    };
    Object::Calendar(CalendarId::new(id).unwrap(), entered(calendar))
}

/// One object of every kind.
pub fn one_of_each() -> Vec<Object> {
    vec![
        team("PSF"),
        resident("asa"),
        duty("reviews", "Looks at pull requests."),
        holiday_set("pl"),
        override_entry("1"),
        time_off("2"),
        time_off_private("2", "flu"),
        task("backport"),
        acceptance(7),
        swap("swap-7"),
        token("t-7"),
        feed("f-7"),
        calendar("cal-7"),
        handoff_note("note-7"),
        Object::IdentityKey(entered(IdentityKey::from_bytes([11; 16]))),
    ]
}

/// Changes that put `objects`.
pub fn puts(objects: impl IntoIterator<Item = Object>) -> ChangeSet {
    let mut changes = ChangeSet::default();
    objects.into_iter().for_each(|object| changes.put(object));
    changes
}

/// A commit of `changes` against `expected_revision`, under a request id of its own.
pub fn commit(team: &str, expected_revision: u64, changes: ChangeSet) -> Commit {
    let request_id = Uuid::new_v4();
    Commit {
        team: team_id(team),
        expected_revision,
        changes,
        actor: "ana".to_owned(),
        on_behalf_of: Some(resident_id("asa")),
        time: at("2026-11-23T08:00:00Z"),
        request_id,
        fingerprint: Fingerprint::of(request_id.as_bytes()),
        tzdb_version: "2026e".to_owned(),
        title: "put things".to_owned(),
    }
}

/// Commits `changes` to `team`, whatever its revision is.
pub async fn apply(store: &dyn Store, team: &str, changes: ChangeSet) -> u64 {
    let current = store.load(&team_id(team)).await.unwrap().map_or(0, |snapshot| snapshot.revision);
    let Committed { revision } = store.commit(commit(team, current, changes)).await.unwrap();
    revision
}
