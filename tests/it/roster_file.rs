//! Roster files: mistakes with their places, and that applying what was exported changes nothing.

use std::sync::OnceLock;

use onduty::civil::{Instant, ZoneRules};
use onduty::model::{Source, TeamSnapshot};
use onduty::roster::demo::{PSF, PSF_SOLO};
use onduty::roster::file::{Mistake, Plan, PlanOptions, RosterFile, export, parse, plan, team_id};

mod arbitrary;
mod ended;
mod mistakes;
mod plans;

const PSF_2023: &str = include_str!("../data/rosters/psf-2023.toml");

fn rules() -> &'static ZoneRules {
    static RULES: OnceLock<ZoneRules> = OnceLock::new();
    RULES.get_or_init(|| ZoneRules::bundled().unwrap())
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn shown(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("{mistake}\n")).collect()
}

/// Reads `text` for `team`, as the server does.
fn read(text: &str, team: &TeamSnapshot, rules: &ZoneRules) -> RosterFile {
    parse(text, Some(team), rules).unwrap_or_else(|mistakes| panic!("{}\n{text}", shown(&mistakes)))
}

/// Commits a plan: the team as the next revision has it.
fn commit(team: &TeamSnapshot, plan: &Plan, now: Instant) -> TeamSnapshot {
    let mut after = team.clone();
    after.revision += 1;
    for (key, object) in plan.objects(after.revision, now) {
        match object {
            Some(object) => after.put(object),
            None => after.remove(&key),
        }
    }
    after
}

fn apply_with(team: &TeamSnapshot, text: &str, now: &str, options: PlanOptions) -> (TeamSnapshot, String) {
    let (rules, now) = (rules(), at(now));
    let plan = plan(team, &read(text, team, rules), now, options, rules)
        .unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes)));
    (commit(team, &plan, now), plan.to_string())
}

fn apply(team: &TeamSnapshot, text: &str, now: &str) -> (TeamSnapshot, String) {
    apply_with(team, text, now, PlanOptions::default())
}

fn refused(team: &TeamSnapshot, text: &str, now: &str, options: PlanOptions) -> String {
    let rules = rules();
    shown(&plan(team, &read(text, team, rules), at(now), options, rules).unwrap_err())
}

fn nothing(text: &str) -> TeamSnapshot {
    TeamSnapshot::empty(team_id(text).unwrap())
}

const PRUNE: PlanOptions = PlanOptions { prune: true, replace_later: false, correction: false };

#[test]
fn bundled_rosters_are_right_and_applying_them_again_changes_nothing() {
    for (text, now) in [
        (PSF, "2026-11-23T09:00:00Z"),
        (PSF, "2031-02-14T09:00:00Z"),
        (PSF_SOLO, "2026-11-23T09:00:00Z"),
        (PSF_2023, "2023-03-01T09:00:00Z"),
    ] {
        let (rules, team) = (rules(), nothing(text));
        let file = parse(text, None, rules).unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes)));
        let file = file.shifted(at(now), rules).unwrap();
        let first = plan(&team, &file, at(now), PlanOptions::default(), rules)
            .unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes)));
        let team = commit(&team, &first, at(now));
        assert!(plan(&team, &file, at(now), PRUNE, rules).unwrap().is_empty());
        assert_eq!(export_changes(&team, at(now), rules), "");
    }
}

/// What applying an export, at once or a month later, would change.
fn export_changes(team: &TeamSnapshot, now: Instant, rules: &ZoneRules) -> String {
    let mut changes = String::new();
    for all in [false, true] {
        let text = export(team, now, all, rules);
        for later in [now, now.plus(30 * 86_400)] {
            let planned = plan(team, &read(&text, team, rules), later, PRUNE, rules)
                .unwrap_or_else(|mistakes| panic!("{}\n{text}", shown(&mistakes)));
            for change in &planned.changes {
                changes.push_str(&format!("{change:?}\n"));
            }
        }
    }
    changes
}

#[test]
fn the_demo_is_about_the_week_in_which_it_starts() {
    let rules = rules();
    for (now, vacation, anchor) in [
        ("2026-11-25T09:00:00Z", "first: 2026-12-03, last: Some(2026-12-08)", "2023-05-01T10:00:00"),
        ("2031-06-01T21:59:59Z", "first: 2031-06-05, last: Some(2031-06-10)", "2023-05-01T10:00:00"),
        ("2031-06-01T22:00:00Z", "first: 2031-06-12, last: Some(2031-06-17)", "2023-05-01T10:00:00"),
    ] {
        let file = parse(PSF, None, rules).unwrap().shifted(at(now), rules).unwrap();
        let (entry, _) = &file.time_off.iter().find(|entry| entry.id.as_str() == "vacation-magdalena").unwrap().value;
        assert!(format!("{:?}", entry.span).contains(vacation), "{:?} at {now}", entry.span);
        let security = &file.duties.iter().find(|duty| duty.id.as_str() == "security").unwrap().value;
        let Source::Rotation(rotation) = &security.layers[0].1.source else { panic!("no rotation") };
        assert_eq!(rotation.anchor.to_string(), anchor);
    }
}
