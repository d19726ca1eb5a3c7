//! What has ended in an export: a backup can be restored where there is nothing, and changes nothing where it is from.

use super::*;
use onduty::civil::Interval;
use onduty::engine::timeline;
use onduty::model::{DutyId, HolidaySetId, Made, Map, Object, Origin, ResidentId, Versions};

const TEAM: &str = r#"team = "t"
zone = "Europe/Warsaw"
since = 2026-11-01

[[holiday_set]]
id = "poland"
dates = [2026-11-11, 2026-12-25]

[[resident]]
id = "asa"
holidays = ["poland"]

[[resident]]
id = "bo"
skills = ["security"]

[[resident]]
id = "cy"

[[resident]]
id = "dee"

[[duty]]
id = "review"

[[duty.requirement]]
id = "hours"
when = "mon-fri 09:00-17:00"
holidays = ["poland"]

[[duty.layer]]
id = "weekly"
participants = ["asa", "bo", "cy"]
shift_length = "1 week"
anchor = 2026-11-02T09:00:00
shadows = ["dee"]

[[duty]]
id = "security"
skills = ["security"]

[[duty.layer]]
id = "pool"
members = ["bo"]

[[override]]
duty = "review"
by = "bo"
for = "asa"
day = 2026-12-15

[[override]]
duty = "security"
by = "bo"
day = 2026-12-16

[[time_off]]
resident = "bo"
first = 2026-12-01
last = 2026-12-05

[[task]]
title = "Tidy up"
duty = "security"
assignee = "bo"
"#;

const NOW: &str = "2026-11-25T10:00:00Z";

fn end<T: PartialEq>(versions: &mut Versions<T>, from: &str) {
    versions.set(at(from), Made { revision: 2, position: 0 }, None, false).unwrap();
}

/// [`TEAM`] without Bo, security and holidays from `from` on.
fn ended(from: &str) -> TeamSnapshot {
    let mut team = apply(&nothing(TEAM), TEAM, "2026-11-20T00:00:00Z").0;
    team.revision = 2;
    end(&mut team.residents.get_mut(&ResidentId::new("bo").unwrap()).unwrap().versions, from);
    end(&mut team.holiday_sets.get_mut(&HolidaySetId::new("poland").unwrap()).unwrap().versions, from);
    let duty = team.duties.get_mut(&DutyId::new("security").unwrap()).unwrap();
    end(&mut duty.versions, from);
    duty.layers.values_mut().for_each(|layer| end(layer, from));
    team
}

/// The export of [`ended`]: people and holidays, and the rest.
fn exported() -> (String, String) {
    let text = export(&ended(NOW), at(NOW), true, rules());
    let (people, rest) = text.split_once("[[duty]]").unwrap();
    (people.to_owned(), format!("[[duty]]{rest}"))
}

#[test]
fn who_has_left_is_named_with_a_term_that_is_over() {
    insta::assert_snapshot!(exported().0, @r#"
    team = "t"
    display_name = "t"
    zone = "Europe/Warsaw"
    since = 2026-11-01

    [[holiday_set]]
    id = "poland"
    # Ended at 2026-11-25T11:00:00+01:00, and stays here for what names it.
    display_name = "poland"
    dates = [2026-11-11]

    [[resident]]
    id = "asa"
    display_name = "asa"
    home_zone = "Europe/Warsaw"
    holidays = ["poland"]

    [[resident]]
    id = "bo"
    # Ended at 2026-11-25T11:00:00+01:00, and stays here for what names it.
    display_name = "bo"
    home_zone = "Europe/Warsaw"
    term = { first = 2026-11-01, last = 2026-11-24 }
    skills = ["security"]

    [[resident]]
    id = "cy"
    display_name = "cy"
    home_zone = "Europe/Warsaw"

    [[resident]]
    id = "dee"
    display_name = "dee"
    home_zone = "Europe/Warsaw"
    "#);
}

#[test]
fn what_names_those_who_left_stays_and_a_duty_that_ended_is_left_out() {
    insta::assert_snapshot!(exported().1, @r#"
    [[duty]]
    id = "review"
    title = "review"

    [[duty.requirement]]
    id = "hours"
    when = ["mon-fri 09:00-17:00"]
    holidays = ["poland"]

    [[duty.layer]]
    id = "weekly"
    participants = ["asa", "bo", "cy"]
    shift_length = "1 week"
    anchor = 2026-11-02T09:00:00
    shadows = ["dee"]

    # Left out: duty security, which ended at 2026-11-25T11:00:00+01:00, and its override.

    [[override]]
    id = "review-bo-for-asa-2026-12-15"
    duty = "review"
    by = "bo"
    for = "asa"
    day = 2026-12-15

    [[time_off]]
    id = "bo-2026-12-01"
    resident = "bo"
    first = 2026-12-01
    last = 2026-12-05

    [[task]]
    id = "tidy-up"
    # Left out: its duty, security, which ended.
    title = "Tidy up"
    assignee = "bo"
    "#);
}

#[test]
fn an_end_that_is_planned_is_said() {
    let text = export(&ended("2026-12-12T11:00:00Z"), at(NOW), false, rules());
    for line in [
        "# Ends at 2026-12-12T12:00:00+01:00.",
        "dates = [2026-11-11]",
        "term = { first = 2026-11-01, last = 2026-12-11 }",
        "# Left out: duty security, which ends at 2026-12-12T12:00:00+01:00, and its override.",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}\n{text}");
    }
}

fn change_all<K: Clone + Ord, V: Clone>(map: &mut Map<K, V>, change: impl Fn(&mut V)) {
    let keys: Vec<K> = map.keys().cloned().collect();
    keys.iter().for_each(|key| change(map.get_mut(key).unwrap()));
}

#[test]
fn a_backup_without_those_who_left_makes_the_same_turns_elsewhere() {
    let team = ended(NOW);
    for (origin, all) in [(Origin::File, false), (Origin::File, true), (Origin::Entered, true)] {
        let mut team = team.clone();
        change_all(&mut team.residents, |resident| resident.meta.origin = origin);
        change_all(&mut team.tasks, |task| task.meta.origin = origin);
        let text = export(&team, at(NOW), all, rules());
        assert!(plan(&team, &read(&text, &team, rules()), at(NOW), PRUNE, rules()).unwrap().is_empty());
        let (elsewhere, _) = apply(&nothing(&text), &text, NOW);
        let turns = |team: &TeamSnapshot| {
            let window = Interval::new(at(NOW), at("2027-03-01T00:00:00Z")).unwrap();
            let timeline = timeline(team, rules(), &DutyId::new("review").unwrap(), window).unwrap();
            let shifts = timeline.shifts().iter().map(|shift| (shift.resident.clone(), shift.interval));
            shifts.collect::<Vec<_>>()
        };
        assert_eq!(turns(&elsewhere), turns(&team));
        assert!(turns(&team).len() > 10 && turns(&team).iter().all(|(resident, _)| resident.as_str() != "bo"));
    }
}

#[test]
fn somebody_who_left_comes_back_when_the_file_gives_them_a_term() {
    let team = ended(NOW);
    let text = export(&team, at(NOW), true, rules());
    let again = text.replace("last = 2026-11-24 }", "last = 2026-12-31 }");
    assert!(apply(&team, &again, NOW).1.contains("+ resident bo"));
    let holidays = text.replace("dates = [2026-11-11]", "dates = [2026-11-11, 2026-12-25]");
    assert!(apply(&team, &holidays, NOW).1.contains("+ holiday set poland"));
}

#[test]
fn a_file_s_part_of_a_team_brings_along_what_it_names() {
    let mut team = apply(&nothing(TEAM), TEAM, "2026-11-20T00:00:00Z").0;
    for id in ["asa", "dee"] {
        team.residents.get_mut(&ResidentId::new(id).unwrap()).unwrap().meta.origin = Origin::Entered;
    }
    team.put(Object::Resident(
        ResidentId::new("eve").unwrap(),
        team.residents[&ResidentId::new("dee").unwrap()].clone(),
    ));
    let text = export(&team, at(NOW), false, rules());
    assert!(text.contains("id = \"asa\"") && text.contains("id = \"dee\"") && !text.contains("id = \"eve\""));
    apply(&nothing(&text), &text, NOW);
}

#[test]
fn an_override_that_was_made_can_be_made_again() {
    let mut team = apply(&nothing(TEAM), TEAM, "2026-11-20T00:00:00Z").0;
    let text = TEAM.replace("skills = [\"security\"]\n\n[[resident]]", "\n[[resident]]");
    team = apply(&team, &text, NOW).0;
    let text = export(&team, at(NOW), true, rules());
    assert_eq!(text.matches("forced = true").count(), 1, "{text}");
    apply(&nothing(&text), &text, NOW);
    assert!(plan(&team, &read(&text, &team, rules()), at(NOW), PRUNE, rules()).unwrap().is_empty());
}
