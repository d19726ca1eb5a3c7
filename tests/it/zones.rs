//! Conversions between local time and instants against Python's zoneinfo, both reading the same tz database.
//!
//! Every zone, 1990 to 2040: each change of the clocks, the readings around it, and others at random. The database is
//! loaded as that of `--tzdb` is.

use std::path::Path;

use onduty::civil::{Instant, RulesSource, Wall, Zone};
use onduty::tzdb;

use crate::support::tools;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/zones/conversions.py");
/// 2041-01-01T00:00:00Z.
const LAST: i64 = 2_240_611_200;
/// 1990-01-01T00:00:00Z.
const FIRST: i64 = 631_152_000;

#[test]
fn every_zone_converts_as_in_zoneinfo() {
    let Some(mut python) = tools::tool(tools::PYTHON) else { return };
    let told = tools::output(python.arg(SCRIPT));
    let mut lines = told.lines();
    let (directory, version) =
        lines.next().and_then(|line| line.strip_prefix("D ")?.rsplit_once(' ')).expect("it names its database first");
    let zones: Vec<Told> = told_zones(lines);
    assert!(zones.len() > 400, "only {} zones", zones.len());
    let rules = tzdb::load(Some(Path::new(directory))).unwrap().rules;
    assert_eq!(rules.version(), version);
    assert_eq!(rules.source(), &RulesSource::Named(directory.to_owned()));
    let differences: Vec<String> =
        zones.iter().flat_map(|told| differences(told, rules.zone(told.name).unwrap())).collect();
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences[..20.min(differences.len())].join("\n")
    );
}

/// What the script says about one zone.
struct Told<'a> {
    name: &'a str,
    /// From each instant on, the offset.
    offsets: Vec<(i64, i64)>,
    /// A reading of the clock, and its instant.
    instants: Vec<(i64, i64)>,
    /// An instant, and the reading of the clock.
    walls: Vec<(i64, i64)>,
}

fn told_zones<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Told<'a>> {
    let mut zones: Vec<Told<'a>> = Vec::new();
    for line in lines {
        let (kind, rest) = line.split_once(' ').unwrap();
        if kind == "Z" {
            zones.push(Told { name: rest, offsets: Vec::new(), instants: Vec::new(), walls: Vec::new() });
            continue;
        }
        let zone = zones.last_mut().unwrap();
        let numbers: Vec<i64> = rest.split(' ').map(|number| number.parse().unwrap()).collect();
        match (kind, numbers.as_slice()) {
            ("O", [offset]) => zone.offsets.push((FIRST, *offset)),
            ("T", [at, offset]) => zone.offsets.push((*at, *offset)),
            ("L", [wall, at]) => zone.instants.push((*wall, *at)),
            ("W", [at, wall]) => zone.walls.push((*at, *wall)),
            _ => panic!("'{line}' is not understood"),
        }
    }
    zones
}

fn differences(told: &Told<'_>, zone: &Zone) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: String, ours: i64, theirs: i64| {
        if ours != theirs {
            found.push(format!("{} {what}: {ours} and not {theirs}", told.name));
        }
    };
    let ends = told.offsets.iter().skip(1).map(|(at, _)| *at).chain([LAST]);
    for ((start, offset), end) in told.offsets.iter().zip(ends) {
        // Both ends, and every few days between them: neither side knows a change that the other does not.
        let between = (*start..end).step_by(5 * 86_400 + 12_345);
        for at in between.chain([end - 1]) {
            compare(format!("offset at {at}"), zone.offset_seconds(Instant::from_seconds(at)), *offset);
        }
    }
    for (wall, at) in &told.instants {
        compare(format!("instant of {wall}"), zone.instant(Wall::from_seconds(*wall)).seconds(), *at);
    }
    for (at, wall) in &told.walls {
        compare(format!("clock at {at}"), zone.wall(Instant::from_seconds(*at)).seconds(), *wall);
    }
    found
}
