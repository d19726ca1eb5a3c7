//! Arbitrary objects: any value that the model's types can hold.

use onduty::civil::{
    Date, DateTime, Day, Exception, Instant, Interval, Recurrence, ShiftLength, ShiftUnit, TimeOfDay, Wall, Weekday,
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
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

/// Any object of any kind.
pub fn object() -> impl Strategy<Value = Object> {
    prop_oneof![
        configured(team()).prop_map(Object::Team),
        (resident_id(), configured(resident())).prop_map(|(id, it)| Object::Resident(id, it)),
        (duty_id(), configured_duty()).prop_map(|(id, it)| Object::Duty(id, it)),
        (holiday_set_id(), configured(holiday_set())).prop_map(|(id, it)| Object::HolidaySet(id, it)),
        (override_id(), entered(override_())).prop_map(|(id, it)| Object::Override(id, it)),
        (time_off_id(), entered(time_off())).prop_map(|(id, it)| Object::TimeOff(id, it)),
        (time_off_id(), entered(time_off_private())).prop_map(|(id, it)| Object::TimeOffPrivate(id, it)),
        (task_id(), entered(task())).prop_map(|(id, it)| Object::Task(id, it)),
        entered(acceptance()).prop_map(Object::Acceptance),
        (swap_id(), entered(swap())).prop_map(|(id, it)| Object::Swap(id, it)),
        (token_id(), entered(token())).prop_map(|(id, it)| Object::Token(id, it)),
        (feed_id(), entered(feed())).prop_map(|(id, it)| Object::Feed(id, it)),
        (calendar_id(), entered(calendar())).prop_map(|(id, it)| Object::Calendar(id, it)),
        (handoff_note_id(), entered(handoff_note())).prop_map(|(id, it)| Object::HandoffNote(id, it)),
        entered(any::<[u8; 16]>().prop_map(IdentityKey::from_bytes)).prop_map(Object::IdentityKey),
    ]
}

macro_rules! ids {
    ($($name:ident: $type:ty),* $(,)?) => {
        $(fn $name() -> impl Strategy<Value = $type> {
            "[a-z]([a-z0-9-]{0,20}[a-z0-9])?".prop_map(|text| <$type>::new(&text).unwrap())
        })*
    };
}

ids! {
    resident_id: ResidentId, duty_id: DutyId, layer_id: LayerId, requirement_id: RequirementId,
    holiday_set_id: HolidaySetId, override_id: OverrideId, time_off_id: TimeOffId, task_id: TaskId,
    window_id: WindowId, team_id: TeamId, token_id: TokenId, feed_id: FeedId, calendar_id: CalendarId,
    swap_id: SwapId,
    handoff_note_id: HandoffNoteId,
}

fn feed_view() -> impl Strategy<Value = FeedView> {
    let scope = prop_oneof![
        Just(FeedScope::Team),
        duty_id().prop_map(FeedScope::Duty),
        resident_id().prop_map(FeedScope::Resident),
    ];
    let titles = select(vec![FeedTitles::DutyAndResident, FeedTitles::Duty, FeedTitles::Resident]);
    let content = select(FeedContent::ALL.to_vec());
    (content, scope, any::<u16>(), any::<u16>(), titles, any::<bool>()).prop_map(
        |(content, scope, past_days, future_days, titles, busy)| FeedView {
            content,
            scope,
            past_days,
            future_days,
            titles,
            busy,
        },
    )
}

fn feed() -> impl Strategy<Value = Feed> {
    let owner = prop_oneof![resident_id().prop_map(FeedOwner::Resident), token_id().prop_map(FeedOwner::Token)];
    let of = (text(), team_id(), owner, feed_view());
    (of, any::<[u8; 32]>(), instant(), of_instant(), text()).prop_map(
        |((name, team, owner, view), hash, secret_time, last_used, issuer)| Feed {
            name,
            team,
            owner,
            view,
            hash,
            secret_time,
            last_used,
            issuer,
        },
    )
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let which = prop_oneof![
        Just(Which::AllDay),
        Just(Which::Every),
        text().prop_map(Which::Category),
        text().prop_map(Which::Title)
    ];
    let wanted = (which, any::<bool>(), any::<bool>()).prop_map(|(which, free_too, tentative_too)| Wanted {
        which,
        free_too,
        tentative_too,
    });
    let failure = (instant(), text()).prop_map(|(since, reason)| CalendarFailure { since, reason });
    let state = (of(text()), of(text()), of_instant(), of(failure))
        .prop_map(|(etag, last_modified, read, failure)| CalendarState { etag, last_modified, read, failure });
    let address = text().prop_map(CalendarAddress::new);
    let kind = select(TimeOffKind::ALL.to_vec());
    (team_id(), resident_id(), text(), address, wanted, kind, state).prop_map(
        |(team, resident, name, address, wanted, kind, state)| Calendar {
            team,
            resident,
            name,
            address,
            wanted,
            kind,
            state,
        },
    )
}

fn of_instant() -> impl Strategy<Value = Option<Instant>> {
    of(instant())
}

fn text() -> impl Strategy<Value = String> {
    ".{0,12}"
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..3)
}

fn zone() -> impl Strategy<Value = ZoneName> {
    prop_oneof![select(vec!["Europe/Warsaw", "UTC", "America/Vancouver"]).prop_map(str::to_owned), text()]
        .prop_map(|name| ZoneName::new(&name))
}

fn instant() -> impl Strategy<Value = Instant> {
    prop_oneof![
        (Instant::MIN.seconds()..=Instant::MAX.seconds()).prop_map(Instant::from_seconds),
        select(vec![Instant::MIN, Instant::MAX, Instant::from_seconds(0)]),
    ]
}

fn date() -> impl Strategy<Value = Date> {
    (0..84_371).prop_map(|number| Day::from_number(number).date())
}

fn date_time() -> impl Strategy<Value = DateTime> {
    (0..7_289_654_400_i64).prop_map(|seconds| Wall::from_seconds(seconds).date_time())
}

fn interval() -> impl Strategy<Value = Interval> {
    (instant(), instant()).prop_filter_map("not empty", |(a, b)| Interval::new(a.min(b), a.max(b)))
}

fn made() -> impl Strategy<Value = Made> {
    (any::<u64>(), any::<u32>()).prop_map(|(revision, position)| Made { revision, position })
}

fn meta() -> impl Strategy<Value = Meta> {
    (made(), instant(), made(), instant(), select(vec![Origin::File, Origin::Entered])).prop_map(
        |(created, create_time, updated, update_time, origin)| Meta {
            created,
            create_time,
            updated,
            update_time,
            origin,
        },
    )
}

fn versions<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Versions<T>> {
    let version = (instant(), made(), of(value)).prop_map(|(from, made, value)| Version { from, made, value });
    vec(version, 0..4).prop_map(Versions::from_list)
}

fn configured<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Configured<T>> {
    (meta(), versions(value)).prop_map(|(meta, versions)| Configured { meta, versions })
}

fn entered<T: std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Entered<T>> {
    (meta(), value).prop_map(|(meta, value)| Entered { meta, value })
}

fn team() -> impl Strategy<Value = Team> {
    (text(), zone(), any::<bool>(), any::<u32>()).prop_map(|(display_name, zone, public, rest_hours)| Team {
        display_name,
        zone,
        public,
        rest_hours,
    })
}

fn time_of_day() -> impl Strategy<Value = TimeOfDay> {
    (0..=86_400_u32).prop_map(|seconds| TimeOfDay::from_seconds(seconds).unwrap())
}

fn windows() -> impl Strategy<Value = Vec<WeeklyWindow>> {
    let weekdays = vec(select(Weekday::ALL.to_vec()), 0..7).prop_map(|days| days.into_iter().collect());
    let window = (window_id(), weekdays, time_of_day(), time_of_day())
        .prop_map(|(id, weekdays, start, end)| WeeklyWindow { id, weekdays, start, end });
    vec(window, 0..3)
}

fn resident() -> impl Strategy<Value = Resident> {
    let term = (of(date()), of(date()), zone()).prop_map(|(first, last, zone)| Term { first, last, zone });
    let holidays = (vec(holiday_set_id(), 0..3), zone()).prop_map(|(sets, zone)| Holidays { sets, zone });
    let audience = select(vec![HandleAudience::Public, HandleAudience::Team]);
    let handle = (text(), text(), audience).prop_map(|(key, value, audience)| Handle { key, value, audience });
    let rest = (term, texts(), holidays, vec(handle, 0..3));
    (text(), zone(), windows(), any::<u32>(), rest).prop_map(
        |(display_name, home_zone, working_hours, capacity_minutes, (term, skills, holidays, handles))| Resident {
            display_name,
            home_zone,
            working_hours,
            capacity_minutes,
            term,
            skills,
            holidays,
            handles,
        },
    )
}

fn holiday_set() -> impl Strategy<Value = HolidaySet> {
    let holiday = (date(), text()).prop_map(|(date, name)| Holiday { date, name });
    (text(), vec(holiday, 0..4)).prop_map(|(display_name, holidays)| HolidaySet { display_name, holidays })
}

fn configured_duty() -> impl Strategy<Value = ConfiguredDuty> {
    (meta(), versions(duty()), btree_map(layer_id(), versions(layer()), 0..3))
        .prop_map(|(meta, versions, layers)| ConfiguredDuty { meta, versions, layers })
}

fn duty() -> impl Strategy<Value = Duty> {
    let headcount = prop_oneof![any::<u32>().prop_map(Headcount::Count), Just(Headcount::All)];
    let criticality = select(vec![Criticality::Low, Criticality::Normal, Criticality::High, Criticality::Critical]);
    let lists = (vec(requirement(), 0..3), vec(layer_id(), 0..3), texts());
    (text(), text(), lists, headcount, criticality, any::<bool>()).prop_map(
        |(title, description, (requirements, layers, skills), headcount, criticality, in_feed)| Duty {
            title,
            description,
            requirements,
            layers,
            skills,
            headcount,
            criticality,
            in_feed,
        },
    )
}

fn requirement() -> impl Strategy<Value = Requirement> {
    let time = prop_oneof![Just(RequirementTime::Always), windows().prop_map(RequirementTime::Windows)];
    let rest = (of(any::<u32>()), of(date()), of(date()), vec(holiday_set_id(), 0..3));
    (requirement_id(), time, zone(), rest).prop_map(|(id, time, zone, (headcount, first, last, holiday_sets))| {
        Requirement { id, time, zone, headcount, first, last, holiday_sets }
    })
}

fn layer() -> impl Strategy<Value = Layer> {
    let people = || vec(resident_id(), 0..4);
    let source = prop_oneof![rotation().prop_map(Source::Rotation), people().prop_map(Source::Pool)];
    let windows = (zone(), windows()).prop_map(|(zone, windows)| Windows { zone, windows });
    let hours = select(vec![Hours::Any, Hours::Working]);
    let when_absent = select(vec![WhenAbsent::NextParticipant, WhenAbsent::NextLayer]);
    (source, of(windows), hours, when_absent, people()).prop_map(|(source, windows, hours, when_absent, shadows)| {
        Layer { source, windows, hours, when_absent, shadows }
    })
}

fn rotation() -> impl Strategy<Value = Rotation> {
    let unit = select(vec![ShiftUnit::Hours, ShiftUnit::Days, ShiftUnit::Weeks, ShiftUnit::Months]);
    let length = (1..=ShiftLength::COUNT_MAX, unit).prop_map(|(count, unit)| ShiftLength::new(count, unit).unwrap());
    let numbers = (any::<u32>(), any::<u32>(), of(any::<i64>()));
    (vec(resident_id(), 0..4), length, date_time(), zone(), numbers).prop_map(
        |(participants, length, anchor, zone, (offset, grid, held_turn))| Rotation {
            participants,
            length,
            anchor,
            zone,
            offset,
            grid,
            held_turn,
        },
    )
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        (date(), of(date()), zone()).prop_map(|(first, last, zone)| Span::Days { first, last, zone }),
        (date_time(), of(date_time()), zone()).prop_map(|(start, end, zone)| Span::Local { start, end, zone }),
        (instant(), of(instant())).prop_map(|(start, end)| Span::Instants { start, end }),
    ]
}

fn override_() -> impl Strategy<Value = Override> {
    let form = prop_oneof![
        resident_id().prop_map(|by| OverrideForm::Add { by }),
        (resident_id(), resident_id()).prop_map(|(by, owner)| OverrideForm::Replace { by, owner }),
        resident_id().prop_map(|owner| OverrideForm::TakeOff { owner }),
    ];
    (duty_id(), span(), form, any::<bool>(), of(swap_id())).prop_map(|(duty, span, form, forced, swap)| Override {
        duty,
        span,
        form,
        forced,
        swap,
    })
}

fn time_off() -> impl Strategy<Value = TimeOff> {
    let effect =
        prop_oneof![Just(Effect::Hard), Just(Effect::Soft), zone().prop_map(|zone| Effect::WorkingElsewhere { zone }),];
    let exception = prop_oneof![date().prop_map(Exception::Date), date_time().prop_map(Exception::DateTime)];
    let recurrence = (text(), vec(exception, 0..3)).prop_map(|(rule, except)| Recurrence { rule, except });
    let cut = (date_time(), instant()).prop_map(|(instance, at)| Cut { instance, at });
    let imported = any::<[u128; 4]>().prop_map(|ids| {
        let [calendar, event, instance, read] = ids.map(uuid::Uuid::from_u128);
        Imported { calendar, event, instance, read }
    });
    (resident_id(), span(), effect, of(recurrence), vec(cut, 0..3), of(instant()), of(imported)).prop_map(
        |(resident, span, effect, recurrence, cuts, ended, imported)| TimeOff {
            resident,
            span,
            effect,
            recurrence,
            cuts,
            ended,
            imported,
        },
    )
}

fn time_off_private() -> impl Strategy<Value = TimeOffPrivate> {
    (select(TimeOffKind::ALL.to_vec()), text()).prop_map(|(kind, note)| TimeOffPrivate { kind, note })
}

fn author() -> impl Strategy<Value = Author> {
    (text(), of(resident_id())).prop_map(|(actor, resident)| Author { actor, resident })
}

fn handoff_note() -> impl Strategy<Value = HandoffNote> {
    (duty_id(), text(), author(), instant()).prop_map(|(duty, text, author, time)| HandoffNote {
        duty,
        text,
        author,
        time,
    })
}

fn comment() -> impl Strategy<Value = Comment> {
    (author(), instant(), text()).prop_map(|(author, time, text)| Comment { author, time, text })
}

fn task() -> impl Strategy<Value = Task> {
    let due = prop_oneof![
        instant().prop_map(Due::At),
        (date_time(), zone()).prop_map(|(date_time, zone)| Due::Local(date_time, zone)),
        (date(), zone()).prop_map(|(date, zone)| Due::Day(date, zone)),
    ];
    let state =
        select(vec![TaskState::Open, TaskState::InProgress, TaskState::Stuck, TaskState::Done, TaskState::Cancelled]);
    let people = (of(duty_id()), of(resident_id()), of(resident_id()));
    let priority = select(vec![Priority::Low, Priority::Normal, Priority::High, Priority::Urgent]);
    let ends = (text(), of(instant()), vec(comment(), 0..3));
    (text(), people, state, of(due), of(any::<u32>()), priority, text(), ends).prop_map(
        |(
            title,
            (duty, assignee, deputy),
            state,
            due,
            effort_minutes,
            priority,
            link,
            (stuck_reason, finish_time, comments),
        )| {
            Task {
                title,
                duty,
                assignee,
                deputy,
                state,
                due,
                effort_minutes,
                priority,
                link,
                stuck_reason,
                finish_time,
                comments,
            }
        },
    )
}

fn token() -> impl Strategy<Value = Token> {
    let role = prop_oneof![Just(Role::Viewer), resident_id().prop_map(Role::Resident), Just(Role::Coordinator),];
    let grant = prop_oneof![Just(Grant::Admin), (team_id(), role).prop_map(|(team, role)| Grant::Team(team, role))];
    let times = (of(instant()), of(instant()), of(instant()));
    (text(), grant, select(vec![TokenUse::Call, TokenUse::Invitation]), any::<[u8; 32]>(), times, text()).prop_map(
        |(name, grant, used_for, hash, (expires, revoked, last_used), issuer)| Token {
            name,
            grant,
            used_for,
            hash,
            expires,
            revoked,
            last_used,
            issuer,
        },
    )
}

fn acceptance() -> impl Strategy<Value = GapAcceptance> {
    let kind = select(vec![
        CauseKind::NobodyScheduled,
        CauseKind::Absent,
        CauseKind::OutsideWorkingHours,
        CauseKind::OutsideTerm,
        CauseKind::LacksSkill,
        CauseKind::TakenOff,
    ]);
    let cause = (kind, of(resident_id())).prop_map(|(kind, resident)| GapCause { kind, resident });
    let gap = any::<u128>().prop_map(|number| GapId(Uuid::from_u128(number)));
    let numbers = (any::<u32>(), any::<u32>());
    (gap, duty_id(), interval(), numbers, vec(cause, 0..3), (text(), text()), of(instant())).prop_map(
        |(gap, duty, interval, (required, present), causes, (reason, actor), until)| GapAcceptance {
            actor,
            gap,
            duty,
            interval,
            required,
            present,
            causes,
            reason,
            until,
        },
    )
}

fn swap() -> impl Strategy<Value = Swap> {
    let outcome = prop_oneof![
        (resident_id(), vec(override_id(), 0..3)).prop_map(|(by, overrides)| SwapOutcome::Accepted { by, overrides }),
        Just(SwapOutcome::Declined),
        Just(SwapOutcome::Withdrawn),
    ];
    let answer = (outcome, instant(), text()).prop_map(|(outcome, time, actor)| SwapAnswer { outcome, time, actor });
    let people = (resident_id(), of(resident_id()));
    (people, swap_part(), of(swap_part()), text(), instant(), of(answer)).prop_map(
        |((asked_by, asks), asked, in_return, message, expires, answer)| Swap {
            asked_by,
            asked,
            asks,
            in_return,
            message,
            expires,
            answer,
        },
    )
}

fn swap_part() -> impl Strategy<Value = SwapPart> {
    let id = || any::<u128>().prop_map(|number| ShiftId(Uuid::from_u128(number)));
    (duty_id(), id(), id(), interval()).prop_map(|(duty, shift, slot, interval)| SwapPart {
        duty,
        shift,
        slot,
        interval,
    })
}
