//! Random rosters that hit everything: every noun of semantics 2, changed in every way, around changes of the clocks.
//!
//! A roster is drawn as a plan of small numbers, which shrinks well, and then built into a team that is valid.

use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use onduty::civil::{Day, Instant, Interval, ShiftUnit, Weekdays, Zone};
use onduty::model::{DutyId, TeamSnapshot};
use proptest::prelude::*;

use super::plan::{
    DutyChange, DutyPlan, EntryPlan, LayerChange, LayerPlan, OverridePlan, RequirementPlan, ResidentChange,
    ResidentPlan, SourcePlan, SpanPlan, TimeOffPlan, WindowPlan,
};
use super::terse::rules;

/// A random roster: a team, one of its duties, and the window to ask about.
#[derive(Clone)]
pub struct Roster {
    pub team: TeamSnapshot,
    pub duty: DutyId,
    pub window: Interval,
    /// Where the clocks change: the zone that most things are stated in.
    pub scene: Scene,
}

impl fmt::Debug for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::print::roster(self, f)
    }
}

/// Zones to state things in, and a day near which their clocks change.
#[derive(Clone, Debug)]
pub struct Scene {
    pub zones: Vec<String>,
    pub base: Day,
}

impl Scene {
    /// Returns zone `index` of those that the roster uses; the first is the most frequent.
    pub fn zone(&self, index: u8) -> &str {
        &self.zones[usize::from(index) % self.zones.len()]
    }
}

/// Days on which clocks did, or will do, what programs do not expect.
const SPOTS: [(&str, i16, i8, i8); 22] = [
    ("UTC", 2026, 6, 1),
    ("Europe/Warsaw", 2026, 3, 29),
    ("Europe/Warsaw", 2026, 10, 25),
    ("America/Sao_Paulo", 2018, 11, 4),
    ("America/Sao_Paulo", 2018, 2, 18),
    ("Asia/Beirut", 2022, 3, 27),
    ("Asia/Beirut", 2026, 10, 25),
    ("Australia/Lord_Howe", 2026, 10, 4),
    ("Australia/Lord_Howe", 2026, 4, 5),
    ("Pacific/Apia", 2011, 12, 30),
    ("Europe/Dublin", 2026, 3, 29),
    ("Europe/Dublin", 2026, 10, 25),
    ("Africa/Casablanca", 2026, 2, 15),
    ("Africa/Casablanca", 2026, 3, 22),
    ("America/Havana", 2026, 3, 8),
    ("America/Havana", 2026, 11, 1),
    ("America/St_Johns", 2010, 11, 7),
    ("Africa/Cairo", 2026, 4, 24),
    ("Antarctica/Troll", 2026, 3, 29),
    ("Pacific/Kwajalein", 1993, 8, 21),
    ("Asia/Kolkata", 2026, 8, 15),
    ("Asia/Gaza", 2016, 10, 29),
];

/// Every zone that the tz database has.
pub fn zone_names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| rules().names().map(str::to_owned).collect())
}

/// Scenes: half of them at a known spot, half in any zone at any change of its clocks from 1990 to 2040.
pub fn scenes() -> impl Strategy<Value = Scene> {
    let names = zone_names().len();
    let spot = (0..SPOTS.len()).prop_map(|index| {
        let (zone, year, month, day) = SPOTS[index];
        (zone.to_owned(), Day::from(jiff::civil::date(year, month, day)))
    });
    let any = (0..names, any::<prop::sample::Index>()).prop_map(|(index, change)| {
        let zone = &zone_names()[index];
        let changes = changes(rules().zone(zone).unwrap());
        let day = if changes.is_empty() { Day::from(jiff::civil::date(2026, 6, 1)) } else { *change.get(&changes) };
        (zone.clone(), day)
    });
    let other = || {
        prop_oneof![
            (0..SPOTS.len()).prop_map(|index| SPOTS[index].0.to_owned()),
            (0..names).prop_map(|index| zone_names()[index].clone())
        ]
    };
    (prop_oneof![spot, any], other(), other()).prop_map(|((zone, base), second, third)| {
        let zones = vec![zone.clone(), zone.clone(), zone, "UTC".to_owned(), second, third];
        Scene { zones, base }
    })
}

/// The days from 1990 to 2040 on which the zone's offset from UTC changes.
fn changes(zone: &Zone) -> Vec<Day> {
    let days = Day::from(jiff::civil::date(1990, 1, 1)).number()..Day::from(jiff::civil::date(2040, 12, 31)).number();
    let at = |number: i32| zone.offset_seconds(Instant::from_seconds(i64::from(number) * 86_400));
    days.filter(|number| at(*number) != at(number + 1)).map(Day::from_number).collect()
}

/// Half hours of a day, 24:00 included.
const HALVES: std::ops::RangeInclusive<u8> = 0..=48;

fn weekdays() -> impl Strategy<Value = Weekdays> {
    let any = (1_u8..128)
        .prop_map(|bits| onduty::civil::Weekday::ALL.into_iter().filter(|day| bits & (1 << *day as u8) != 0).collect());
    prop_oneof![4 => Just(Weekdays::ALL), 2 => Just(Weekdays::WORKING), 2 => any]
}

fn windows(count: Range<usize>) -> impl Strategy<Value = Vec<WindowPlan>> {
    let window = (weekdays(), HALVES, HALVES).prop_map(|(days, start, end)| WindowPlan { days, start, end });
    let office = weekdays().prop_map(|days| WindowPlan { days, start: 18, end: 34 });
    prop::collection::vec(prop_oneof![2 => window, 1 => office], count)
}

/// A whole number of half hours from the base day's midnight on which something happens.
fn moment() -> impl Strategy<Value = i32> {
    -(3 * 48)..(4 * 48_i32)
}

fn mask() -> impl Strategy<Value = u8> {
    any::<u8>()
}

/// `None` mostly.
fn seldom<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>>
where
    S::Value: Clone,
{
    prop_oneof![3 => Just(None), 1 => strategy.prop_map(Some)]
}

fn rarely<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>>
where
    S::Value: Clone,
{
    prop_oneof![6 => Just(None), 1 => strategy.prop_map(Some)]
}

fn days() -> impl Strategy<Value = (Option<i8>, Option<i8>)> {
    (rarely(-6_i8..3), rarely(0_i8..8))
}

fn resident() -> impl Strategy<Value = ResidentPlan> {
    let change = prop_oneof![
        Just(ResidentChange::Leaves),
        Just(ResidentChange::Returns),
        windows(0..3).prop_map(ResidentChange::Works),
        (0_u8..6).prop_map(ResidentChange::Moves),
        (0_u8..4).prop_map(ResidentChange::Skills),
        days().prop_map(ResidentChange::Term),
    ];
    let skills = prop_oneof![5 => Just(3_u8), 1 => 0_u8..4];
    let changes = prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec((moment(), change), 1..3)];
    let working = prop_oneof![1 => Just(Vec::new()), 4 => windows(1..3)];
    (0_u8..6, working, days(), skills, prop_oneof![2 => Just(0_u8), 1 => 1_u8..4], changes).prop_map(
        |(zone, working, term, skills, holiday_sets, changes)| ResidentPlan {
            zone,
            working,
            term,
            skills,
            holiday_sets,
            changes,
        },
    )
}

fn rotation() -> impl Strategy<Value = SourcePlan> {
    let length = prop_oneof![
        3 => (1_u32..30).prop_map(|count| (count, ShiftUnit::Hours)),
        4 => (1_u32..4).prop_map(|count| (count, ShiftUnit::Days)),
        2 => (1_u32..3).prop_map(|count| (count, ShiftUnit::Weeks)),
        1 => (1_u32..3).prop_map(|count| (count, ShiftUnit::Months)),
    ];
    let anchor = prop_oneof![3 => -(10 * 48)..(8 * 48_i32), 1 => -(800 * 48)..(800 * 48_i32)];
    (order(), length, anchor, 0_u8..6).prop_map(|(order, length, anchor, zone)| SourcePlan::Rotation {
        order,
        length,
        anchor,
        zone,
    })
}

fn order() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0_u8..5, 1..5)
}

fn layer_windows() -> impl Strategy<Value = Option<(u8, Vec<WindowPlan>)>> {
    prop_oneof![3 => Just(None), 2 => (0_u8..6, windows(1..4)).prop_map(Some)]
}

fn layer() -> impl Strategy<Value = LayerPlan> {
    let source = || prop_oneof![2 => rotation(), 1 => order().prop_map(SourcePlan::Pool)];
    let change = prop_oneof![
        order().prop_map(LayerChange::People),
        rotation().prop_map(LayerChange::Source),
        source().prop_map(LayerChange::Source),
        Just(LayerChange::Hours),
        Just(LayerChange::WhenAbsent),
        layer_windows().prop_map(LayerChange::Windows),
        Just(LayerChange::Ends),
        mask().prop_map(LayerChange::Shadows),
    ];
    let changes = prop_oneof![1 => Just(Vec::new()), 1 => prop::collection::vec((moment(), change), 1..4)];
    let yes_or_no = |yes: f64| prop::bool::weighted(yes);
    let shadows = prop_oneof![2 => Just(0_u8), 1 => mask()];
    (source(), layer_windows(), yes_or_no(0.35), yes_or_no(0.7), shadows, changes).prop_map(
        |(source, windows, at_work, next_participant, shadows, changes)| LayerPlan {
            source,
            windows,
            at_work,
            next_participant,
            shadows,
            changes,
        },
    )
}

fn requirement() -> impl Strategy<Value = RequirementPlan> {
    let hours = prop_oneof![1 => Just(None), 2 => windows(1..3).prop_map(Some)];
    let holidays = prop_oneof![2 => Just(0_u8), 1 => 1_u8..4];
    (hours, 0_u8..6, seldom(1_u32..4), days(), holidays).prop_map(|(windows, zone, count, days, holiday_sets)| {
        RequirementPlan { windows, zone, count, days, holiday_sets }
    })
}

fn headcount() -> impl Strategy<Value = u32> {
    prop_oneof![4 => Just(1_u32), 2 => Just(2), 1 => Just(3), 2 => Just(0)]
}

fn duty() -> impl Strategy<Value = DutyPlan> {
    let change = prop_oneof![
        headcount().prop_map(DutyChange::Headcount),
        prop::collection::vec(requirement(), 0..3).prop_map(DutyChange::Requirements),
        Just(DutyChange::RequirementsReversed),
        Just(DutyChange::LayersReversed),
        Just(DutyChange::LayerDropped),
        (0_u8..4).prop_map(DutyChange::Skills),
        Just(DutyChange::Ends),
        Just(DutyChange::Begins),
    ];
    let changes = prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec((moment(), change), 1..3)];
    let skills = prop_oneof![4 => Just(0_u8), 1 => 0_u8..4];
    let requirements = prop::collection::vec(requirement(), 0..4);
    (headcount(), skills, requirements, prop::collection::vec(layer(), 1..4), rarely(moment()), changes).prop_map(
        |(headcount, skills, requirements, layers, since, changes)| DutyPlan {
            headcount,
            skills,
            requirements,
            layers,
            since,
            changes,
        },
    )
}

fn span() -> impl Strategy<Value = SpanPlan> {
    let length = prop_oneof![1 => 1_i32..20, 2 => 1_i32..150];
    let days = || (-3_i32..4, 1_i32..4, 0_u8..6).prop_map(|(day, days, zone)| SpanPlan::Days { day, days, zone });
    let local =
        (moment(), length.clone(), 0_u8..6).prop_map(|(start, length, zone)| SpanPlan::Local { start, length, zone });
    let instants =
        (moment(), length, 0_i64..3).prop_map(|(start, length, odd)| SpanPlan::Instants { start, length, odd });
    prop_oneof![days(), local, instants]
}

fn overrides() -> impl Strategy<Value = Vec<OverridePlan>> {
    // Replacing is the most frequent form; it becomes taking off where a team has one resident.
    let form = prop_oneof![2 => Just(0_u8), 5 => Just(1_u8), 2 => Just(2_u8)];
    let one =
        (form, 0_u8..5, 0_u8..5, span()).prop_map(|(form, by, owner, span)| OverridePlan { form, by, owner, span });
    prop_oneof![1 => Just(Vec::new()), 6 => prop::collection::vec(one, 1..9)]
}

fn time_off() -> impl Strategy<Value = Vec<TimeOffPlan>> {
    let recurs = (0_u8..6, -20_i32..0, seldom(0_i32..8)).prop_map(|(rule, back, except)| EntryPlan::Recurs {
        rule,
        back,
        except,
    });
    let kind = prop_oneof![
        6 => Just(EntryPlan::Once),
        1 => Just(EntryPlan::Open),
        1 => (1_i32..20).prop_map(EntryPlan::Cut),
        2 => recurs,
    ];
    let one = (0_u8..5, 0_u8..9, 0_u8..6, span(), kind).prop_map(|(who, effect, zone, span, kind)| TimeOffPlan {
        who,
        effect,
        zone,
        span,
        kind,
    });
    prop::collection::vec(one, 0..7)
}

/// The window: a start in half hours around the base day, and a length in hours.
fn asked() -> impl Strategy<Value = (i32, i32)> {
    let hours = prop_oneof![14 => 12_i32..96, 5 => 96..(14 * 24_i32), 1 => (14 * 24)..(40 * 24_i32)];
    (-(2 * 48)..24_i32, hours)
}

/// Random rosters.
pub fn rosters() -> impl Strategy<Value = Roster> {
    let people =
        prop_oneof![1 => prop::collection::vec(resident(), 1..2), 9 => prop::collection::vec(resident(), 2..6)];
    let holidays = prop::collection::vec(prop::collection::vec(-3_i32..5, 0..4), 2..=2);
    let moved = seldom((moment(), prop::collection::vec(-3_i32..5, 0..4)));
    (scenes(), people, holidays, moved, duty(), overrides(), time_off(), asked()).prop_map(
        |(scene, people, holidays, moved, duty, overrides, time_off, (start, hours))| {
            let mut build = super::planned::Planned::new(scene);
            build.people(&people);
            build.holiday_sets(&holidays, moved.as_ref());
            build.duty(&duty);
            build.overrides(&overrides);
            build.time_off(&time_off);
            build.finish(start, hours)
        },
    )
}

/// Returns how many cases a property runs: `usual`, or what `PROPTEST_CASES` says.
///
/// What a failure shrinks to becomes a named case in the source, so nothing is persisted.
pub fn config(usual: u32) -> ProptestConfig {
    let stated = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: stated.unwrap_or(usual),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..ProptestConfig::default()
    }
}
