//! Laws of export and plan, over arbitrary teams.

use super::*;
use onduty::civil::{
    Date, DateTime, Exception, Recurrence, ShiftLength, ShiftUnit, TimeOfDay, Wall, Weekday, Weekdays, WeeklyWindow,
    WindowId,
};
use onduty::model::{
    Configured, ConfiguredDuty, Criticality, Cut, Due, Duty, DutyId, Effect, Entered, Handle, HandleAudience,
    Headcount, Holiday, HolidaySet, HolidaySetId, Holidays, Hours, Layer, LayerId, Made, Meta, Object, Origin,
    Override, OverrideForm, OverrideId, Priority, Requirement, RequirementId, RequirementTime, Resident, ResidentId,
    Rotation, Span, Task, TaskId, TaskState, Team, TeamId, Term, TimeOff, TimeOffId, TimeOffKind, TimeOffPrivate,
    Version, Versions, WhenAbsent, Windows, ZoneName,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeMap;

const PEOPLE: [&str; 4] = ["asa", "bo", "cy", "dee"];
const SETS: [&str; 2] = ["poland", "us"];
const DUTIES: [&str; 3] = ["review", "releases", "security"];

fn zone() -> BoxedStrategy<ZoneName> {
    let names: Vec<String> = rules().names().map(str::to_owned).collect();
    // Zones in which something unusual happens, and the same zone often enough for it to be the usual one.
    let ugly = ["Europe/Warsaw", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Monrovia", "Europe/Dublin"];
    let ugly = select(ugly.to_vec()).prop_map(ZoneName::new);
    prop_oneof![ugly, select(names).prop_map(|name| ZoneName::new(&name))].boxed()
}

fn name() -> BoxedStrategy<String> {
    // What a name may not hold: control and format characters, and the two that end lines.
    "[^\\p{C}\\p{Zl}\\p{Zp}]{0,12}[a-z\"'\\\\#=ż]".boxed()
}

fn id() -> BoxedStrategy<String> {
    "[a-z][a-z0-9-]{0,12}[a-z0-9]".boxed()
}

fn text() -> BoxedStrategy<String> {
    "([^\\p{C}]|\n|\"|'|\\\\){0,30}".boxed()
}

fn instant() -> BoxedStrategy<Instant> {
    (0_i64..6_400_000_000).prop_map(Instant::from_seconds).boxed()
}

fn local() -> BoxedStrategy<DateTime> {
    let round = (0_i64..74_000).prop_map(|days| Wall::from_seconds(days * 86_400).date_time());
    prop_oneof![round, instant().prop_map(|at| Wall::from_seconds(at.seconds()).date_time())].boxed()
}

fn day() -> BoxedStrategy<Date> {
    local().prop_map(|local| local.date()).boxed()
}

fn some_of(ids: &'static [&'static str]) -> BoxedStrategy<Vec<&'static str>> {
    subsequence(ids.to_vec(), 0..=ids.len()).prop_shuffle().boxed()
}

fn people() -> BoxedStrategy<Vec<ResidentId>> {
    some_of(&PEOPLE).prop_map(|ids| ids.into_iter().map(|id| ResidentId::new(id).unwrap()).collect()).boxed()
}

fn person() -> BoxedStrategy<ResidentId> {
    select(PEOPLE.to_vec()).prop_map(|id| ResidentId::new(id).unwrap()).boxed()
}

fn sets() -> BoxedStrategy<Vec<HolidaySetId>> {
    some_of(&SETS).prop_map(|ids| ids.into_iter().map(|id| HolidaySetId::new(id).unwrap()).collect()).boxed()
}

fn words() -> BoxedStrategy<Vec<String>> {
    btree_set(id(), 0..3).prop_map(|words| words.into_iter().collect()).boxed()
}

fn time_of_day() -> BoxedStrategy<TimeOfDay> {
    let hours = (0_u32..=24).prop_map(|hour| hour * 3_600);
    prop_oneof![hours, 0_u32..=86_400].prop_map(|seconds| TimeOfDay::from_seconds(seconds).unwrap()).boxed()
}

fn windows(least: usize) -> BoxedStrategy<Vec<WeeklyWindow>> {
    let days = subsequence(Weekday::ALL.to_vec(), 1..=7).prop_map(|days| days.into_iter().collect::<Weekdays>());
    let window = (select(vec!["", "", "x", "2", "night"]), days, time_of_day(), time_of_day());
    vec(window, least..4)
        .prop_map(|windows| {
            let mut ids = std::collections::BTreeSet::new();
            windows
                .into_iter()
                .enumerate()
                .filter_map(|(index, (id, weekdays, start, end))| {
                    let id = if id.is_empty() { (index + 1).to_string() } else { id.to_owned() };
                    let id = ids.insert(id.clone()).then(|| WindowId::new(&id).unwrap())?;
                    Some(WeeklyWindow { id, weekdays, start, end })
                })
                .collect()
        })
        .boxed()
}

fn span(open: bool) -> BoxedStrategy<Span> {
    let days = (day(), of(0_i32..40), zone()).prop_map(move |(first, length, zone)| {
        let first_day = onduty::civil::Day::from(first);
        let length = if open { length } else { Some(length.unwrap_or(0)) };
        Span::Days { first, last: length.map(|days| first_day.plus(days).date()), zone }
    });
    let times = (local(), of(1_i64..1_000_000), zone()).prop_map(move |(start, length, zone)| {
        let length = if open { length } else { Some(length.unwrap_or(1)) };
        Span::Local { start, end: length.map(|length| Wall::from(start).plus(length).date_time()), zone }
    });
    let instants = (instant(), of(1_i64..1_000_000)).prop_map(move |(start, length)| {
        let length = if open { length } else { Some(length.unwrap_or(1)) };
        Span::Instants { start, end: length.map(|length| start.plus(length)) }
    });
    prop_oneof![days, times, instants].boxed()
}

fn meta() -> BoxedStrategy<Meta> {
    (1_u64..9, 0_u32..9, any::<bool>())
        .prop_map(|(revision, position, file)| {
            let made = Made { revision, position };
            let origin = if file { Origin::File } else { Origin::Entered };
            Meta { created: made, create_time: Instant::MIN, updated: made, update_time: Instant::MIN, origin }
        })
        .boxed()
}

/// Versions of which the last may be planned or an end; something is stated at some time.
fn versions<T: Clone + std::fmt::Debug + 'static>(value: BoxedStrategy<T>) -> BoxedStrategy<Versions<T>> {
    vec((instant(), value, 0_u8..8), 1..4)
        .prop_map(|list| {
            let version = |(index, (from, value, end))| {
                let made = Made { revision: index as u64, position: 0 };
                Version { from, made, value: Some(value).filter(|_| end > 0 || index == 0) }
            };
            Versions::from_list(list.into_iter().enumerate().map(version).collect())
        })
        .boxed()
}

fn configured<T: Clone + std::fmt::Debug + 'static>(value: BoxedStrategy<T>) -> BoxedStrategy<Configured<T>> {
    (meta(), versions(value)).prop_map(|(meta, versions)| Configured { meta, versions }).boxed()
}

fn entered<T: std::fmt::Debug + 'static>(value: BoxedStrategy<T>) -> BoxedStrategy<Entered<T>> {
    (meta(), value).prop_map(|(meta, value)| Entered { meta, value }).boxed()
}

fn team() -> BoxedStrategy<Team> {
    (name(), zone(), any::<bool>(), 0_u32..=168)
        .prop_map(|(display_name, zone, public, rest_hours)| Team { display_name, zone, public, rest_hours })
        .boxed()
}

fn holiday_set() -> BoxedStrategy<HolidaySet> {
    let holidays = btree_map(day(), select(vec!["", "New Year", "\"'"]), 0..4);
    (name(), holidays)
        .prop_map(|(display_name, holidays)| {
            let holiday = |(date, name): (Date, &str)| Holiday { date, name: name.to_owned() };
            HolidaySet { display_name, holidays: holidays.into_iter().map(holiday).collect() }
        })
        .boxed()
}

fn resident() -> BoxedStrategy<Resident> {
    let term = (of(day()), of(0_i32..4_000), zone()).prop_map(|(first, days, zone)| {
        let last = days.map(|days| onduty::civil::Day::from(first.unwrap_or_default()).plus(days).date());
        Term { first, last: last.filter(|_| first.is_some()), zone }
    });
    let handle = (name(), any::<bool>());
    let handles = btree_map("[a-z0-9_-]{1,12}", handle, 0..3).prop_map(|handles| {
        let audience = |public| if public { HandleAudience::Public } else { HandleAudience::Team };
        let handle = |(key, (value, public))| Handle { key, value, audience: audience(public) };
        handles.into_iter().rev().map(handle).collect()
    });
    let holidays = (sets(), zone()).prop_map(|(sets, zone)| Holidays { sets, zone });
    (name(), zone(), windows(0), 1_u32..=168 * 60, term, words(), holidays, handles)
        .prop_map(|(display_name, home_zone, working_hours, capacity_minutes, term, skills, holidays, handles)| {
            Resident { display_name, home_zone, working_hours, capacity_minutes, term, skills, holidays, handles }
        })
        .boxed()
}

fn requirement() -> BoxedStrategy<Requirement> {
    let time = prop_oneof![Just(RequirementTime::Always), windows(1).prop_map(RequirementTime::Windows)];
    let days = (of(day()), of(0_i32..9)).prop_map(|(first, days)| {
        let last = first.zip(days).map(|(first, days)| onduty::civil::Day::from(first).plus(days).date());
        (first, last)
    });
    (time, zone(), of(1_u32..5), days, sets())
        .prop_map(|(time, zone, headcount, (first, last), holiday_sets)| Requirement {
            id: RequirementId::new("x").unwrap(),
            time,
            zone,
            headcount,
            first,
            last,
            holiday_sets,
        })
        .boxed()
}

/// A turn is held until the next version begins, so the last one holds none.
fn released(versions: Versions<Layer>) -> Versions<Layer> {
    let mut list = versions.list().to_vec();
    if let Some(Layer { source: Source::Rotation(last), .. }) = list.last_mut().and_then(|last| last.value.as_mut()) {
        last.held_turn = None;
    }
    Versions::from_list(list)
}

fn layer() -> BoxedStrategy<Layer> {
    let units = [ShiftUnit::Hours, ShiftUnit::Days, ShiftUnit::Weeks, ShiftUnit::Months];
    let length = (1_u32..40, select(units.to_vec())).prop_map(|(count, unit)| ShiftLength::new(count, unit).unwrap());
    let rotation = (vec(person(), 1..5), length, local(), zone(), 0_u32..5, 1_u32..4, of(0_i64..3)).prop_map(
        |(participants, length, anchor, zone, offset, grid, held_turn)| {
            let offset = offset % u32::try_from(participants.len()).unwrap();
            Source::Rotation(Rotation { participants, length, anchor, zone, offset, grid, held_turn })
        },
    );
    let members = people().prop_filter("a member", |members| !members.is_empty());
    let source = prop_oneof![rotation, members.prop_map(Source::Pool)];
    let limited = of((zone(), windows(1)).prop_map(|(zone, windows)| Windows { zone, windows }));
    let hours = select(vec![Hours::Any, Hours::Working]);
    let when_absent = select(vec![WhenAbsent::NextParticipant, WhenAbsent::NextLayer]);
    (source, limited, hours, when_absent, people())
        .prop_map(|(source, windows, hours, when_absent, mut shadows)| {
            shadows.retain(|shadow| !source.people().contains(shadow));
            Layer { source, windows, hours, when_absent, shadows }
        })
        .boxed()
}

fn duty() -> BoxedStrategy<ConfiguredDuty> {
    let headcount = prop_oneof![Just(Headcount::All), (1_u32..5).prop_map(Headcount::Count)];
    let levels = [Criticality::Low, Criticality::Normal, Criticality::High, Criticality::Critical];
    let layers = ["weekly", "backup", "night"];
    let value = (
        (name(), text(), vec(requirement(), 0..3), words()),
        (subsequence(layers.to_vec(), 0..=3).prop_shuffle(), headcount, select(levels.to_vec()), any::<bool>()),
    );
    let value = value.prop_map(|((title, description, mut requirements, skills), rest)| {
        let (layers, headcount, criticality, in_feed) = rest;
        for (index, requirement) in requirements.iter_mut().enumerate() {
            requirement.id = RequirementId::new(&format!("r{index}")).unwrap();
        }
        let layers = layers.into_iter().map(|id| LayerId::new(id).unwrap()).collect();
        Duty { title, description, requirements, layers, skills, headcount, criticality, in_feed }
    });
    (meta(), versions(value.boxed()), vec(versions(layer()), 3))
        .prop_map(move |(meta, versions, list)| {
            let wanted = versions.latest().map(|duty| duty.layers.clone()).unwrap_or_default();
            let mut all = BTreeMap::new();
            for (id, layer) in layers.into_iter().zip(list) {
                let id = LayerId::new(id).unwrap();
                // A layer is there as long as its duty lists it.
                let mut list = layer.list().to_vec();
                let last = list.last_mut().unwrap();
                if !wanted.contains(&id) {
                    last.value = None;
                } else if let Some(before) = layer.list().iter().find_map(|version| version.value.clone()) {
                    last.value.get_or_insert(before);
                }
                if last.value.is_some() || !wanted.contains(&id) {
                    all.insert(id, released(Versions::from_list(list)));
                }
            }
            let list = versions.list().iter().cloned().map(|mut version| {
                version.value.iter_mut().for_each(|duty| duty.layers.retain(|id| all.contains_key(id)));
                version
            });
            ConfiguredDuty { meta, versions: Versions::from_list(list.collect()), layers: all }
        })
        .boxed()
}

fn override_entry() -> BoxedStrategy<Override> {
    let duty = select(DUTIES.to_vec()).prop_map(|id| DutyId::new(id).unwrap());
    (duty, span(false), people(), 0_u8..3, any::<bool>())
        .prop_filter_map("people", |(duty, span, people, form, forced)| {
            let (by, owner) = (people.first()?.clone(), people.get(1)?.clone());
            let form = match form {
                0 => OverrideForm::Add { by },
                1 => OverrideForm::Replace { by, owner },
                _ => OverrideForm::TakeOff { owner },
            };
            Some(Override { duty, span, form, forced, swap: None })
        })
        .boxed()
}

fn time_off() -> BoxedStrategy<TimeOff> {
    let effect =
        prop_oneof![Just(Effect::Hard), Just(Effect::Soft), zone().prop_map(|zone| Effect::WorkingElsewhere { zone })];
    let exception = prop_oneof![day().prop_map(Exception::Date), local().prop_map(Exception::DateTime)];
    let rules = [
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR;WKST=SU",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=22001231T235959Z",
        "FREQ=MONTHLY;COUNT=3",
        "FREQ=MONTHLY;BYDAY=2FR",
        "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=40",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    ];
    let rule = select(rules.to_vec()).prop_map(str::to_owned);
    let recurrence = of((rule, vec(exception, 0..3)).prop_map(|(rule, except)| Recurrence { rule, except }));
    let cut = (local(), instant()).prop_map(|(instance, at)| Cut { instance, at });
    (person(), span(true), effect, recurrence, btree_map(local(), cut, 0..3), of(instant()))
        .prop_map(|(resident, span, effect, recurrence, cuts, ended)| {
            let recurrence = recurrence.filter(|_| !span.is_open() && span.zone_name().is_some());
            let cuts = cuts.into_values().collect();
            TimeOff { resident, span, effect, recurrence, cuts, ended, imported: None }
        })
        .boxed()
}

fn private() -> BoxedStrategy<TimeOffPrivate> {
    (select(TimeOffKind::ALL.to_vec()), text()).prop_map(|(kind, note)| TimeOffPrivate { kind, note }).boxed()
}

fn task() -> BoxedStrategy<Task> {
    let duty = of(select(DUTIES.to_vec()).prop_map(|id| DutyId::new(id).unwrap()));
    let due = prop_oneof![
        instant().prop_map(Due::At),
        (local(), zone()).prop_map(|(local, zone)| Due::Local(local, zone)),
        (day(), zone()).prop_map(|(day, zone)| Due::Day(day, zone)),
    ];
    let priorities = vec![Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];
    let states = [TaskState::Open, TaskState::InProgress, TaskState::Stuck, TaskState::Done, TaskState::Cancelled];
    let link = select(vec!["", "https://example.org/?a=\"b\""]).prop_map(str::to_owned);
    let end = (text(), of(instant()));
    (name(), duty, people(), select(states.to_vec()), of(due), of(1_u32..9_999), select(priorities), link, end)
        .prop_map(|(title, duty, people, state, due, effort_minutes, priority, link, (stuck_reason, finish_time))| {
            let mut people = people.into_iter();
            let (assignee, deputy) = (people.next(), people.next());
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
                comments: Vec::new(),
            }
        })
        .boxed()
}

/// Arbitrary teams in which every reference is to something there.
fn snapshots() -> BoxedStrategy<TeamSnapshot> {
    let team = configured(team()).prop_map(|mut team| {
        let mut list = team.versions.list().to_vec();
        let fallback = list.iter().find_map(|version| version.value.clone());
        if let Some(last) = list.last_mut().filter(|last| last.value.is_none()) {
            last.value = fallback;
        }
        team.versions = Versions::from_list(list);
        team
    });
    let team = team.prop_filter("a team that is there", |team| team.versions.latest().is_some());
    let entries = (
        vec(entered(override_entry()), 0..4),
        vec((entered(time_off()), of(private())), 0..4),
        vec(entered(task()), 0..4),
    );
    let lists = (vec(configured(holiday_set()), 2), vec(configured(resident()), 4), vec(duty(), 3));
    (team, lists, entries)
        .prop_map(|(team, (sets, residents, duties), (overrides, time_off, tasks))| {
            let mut snapshot = TeamSnapshot::empty(TeamId::new("t").unwrap());
            snapshot.revision = 9;
            snapshot.put(Object::Team(team));
            for (id, set) in SETS.iter().zip(sets) {
                snapshot.put(Object::HolidaySet(HolidaySetId::new(id).unwrap(), set));
            }
            for (id, resident) in PEOPLE.iter().zip(residents) {
                snapshot.put(Object::Resident(ResidentId::new(id).unwrap(), resident));
            }
            for (id, duty) in DUTIES.iter().zip(duties) {
                snapshot.put(Object::Duty(DutyId::new(id).unwrap(), duty));
            }
            for (index, entry) in overrides.into_iter().enumerate() {
                snapshot.put(Object::Override(OverrideId::new(&format!("o{index}")).unwrap(), entry));
            }
            for (index, (entry, private)) in time_off.into_iter().enumerate() {
                let id = TimeOffId::new(&format!("{index}-off")).unwrap();
                if let Some(mut value) = private {
                    if matches!(entry.value.effect, Effect::WorkingElsewhere { .. }) {
                        value.kind = TimeOffKind::Travel;
                    }
                    snapshot.put(Object::TimeOffPrivate(id.clone(), Entered { meta: entry.meta, value }));
                }
                snapshot.put(Object::TimeOff(id, entry));
            }
            for (index, task) in tasks.into_iter().enumerate() {
                snapshot.put(Object::Task(TaskId::new(&format!("t{index}")).unwrap(), task));
            }
            snapshot
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applying_an_export_changes_nothing(team in snapshots(), now in instant()) {
        prop_assert_eq!(export_changes(&team, now, rules()), "");
    }

    #[test]
    fn an_export_makes_the_same_team_where_there_is_none(team in snapshots(), now in instant(), all in any::<bool>()) {
        let rules = rules();
        let text = export(&team, now, all, rules);
        let file = parse(&text, None, rules).map_err(|mistakes| TestCaseError::fail(shown(&mistakes) + &text))?;
        let empty = TeamSnapshot::empty(team.id.clone());
        let now = now.max(file.since.unwrap_or(now));
        let planned = plan(&empty, &file, now, PlanOptions::default(), rules)
            .map_err(|mistakes| TestCaseError::fail(shown(&mistakes) + &text))?;
        let elsewhere = commit(&empty, &planned, now);
        prop_assert_eq!(said(&export(&elsewhere, now, all, rules)), said(&text));
        prop_assert!(plan(&elsewhere, &file, now.plus(1), PRUNE, rules).unwrap().is_empty());
    }
}

/// What an export says of the team; its comments tell what is planned or has ended, which is history elsewhere.
fn said(text: &str) -> String {
    let comment = |line: &&str| ["# As planned", "# End", "# Left out"].iter().any(|start| line.starts_with(start));
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !comment(line)).collect();
    lines.join("\n")
}
