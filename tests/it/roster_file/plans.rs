//! What applying a file changes, and what it leaves alone.

use super::*;
use onduty::model::{Cut, Due, LayerId, Object, ObjectKey, Origin, TaskState};

const TEAM: &str = r#"team = "t"
zone = "Europe/Warsaw"

[[resident]]
id = "asa"

[[resident]]
id = "bo"

[[resident]]
id = "cy"

[[duty]]
id = "review"

[[duty.requirement]]
id = "hours"
when = "mon-fri 09:00-17:00"

[[duty.layer]]
id = "weekly"
participants = ["asa", "bo"]
shift_length = "1 week"
anchor = 2026-11-02T09:00:00

[[duty.layer]]
id = "backup"
members = ["cy"]

[[override]]
duty = "review"
by = "cy"
for = "asa"
first = 2026-11-24
last = 2026-11-25

[[time_off]]
resident = "bo"
kind = "vacation"
first = 2026-12-01
last = 2026-12-05
note = "Skiing"

[[task]]
title = "Tidy up"
due = 2026-12-31
"#;

const NOW: &str = "2026-11-25T10:00:00Z";
const LATER: &str = "2026-11-25T11:00:00Z";

/// The team of [`TEAM`], made long ago.
fn made() -> TeamSnapshot {
    apply(&nothing(TEAM), TEAM, "2026-11-01T00:00:00Z").0
}

/// [`TEAM`] with one part replaced.
fn edited(from: &str, to: &str) -> String {
    assert!(TEAM.contains(from), "{from}");
    TEAM.replacen(from, to, 1)
}

fn entered(team: &mut TeamSnapshot, key: &ObjectKey) {
    let mut object = team.get(key).unwrap();
    match &mut object {
        Object::Override(_, entry) => entry.meta.origin = Origin::Entered,
        Object::TimeOff(_, entry) => entry.meta.origin = Origin::Entered,
        Object::Resident(_, resident) => resident.meta.origin = Origin::Entered,
        Object::Team(settings) => settings.meta.origin = Origin::Entered,
        other => panic!("{other:?}"),
    }
    team.put(object);
}

fn override_key() -> ObjectKey {
    ObjectKey::Override(onduty::model::OverrideId::new("review-cy-for-asa-2026-11-24").unwrap())
}

#[test]
fn a_new_team_is_told_line_by_line() {
    let (team, lines) = apply(&nothing(TEAM), &format!("since = 2026-01-01\n{TEAM}"), NOW);
    insta::assert_snapshot!(lines, @r#"
    + team t: t, Europe/Warsaw (from Thu 2026-01-01 00:00 Europe/Warsaw)
    + resident asa: asa, Europe/Warsaw (from Thu 2026-01-01 00:00 Europe/Warsaw)
    + resident bo: bo, Europe/Warsaw (from Thu 2026-01-01 00:00 Europe/Warsaw)
    + resident cy: cy, Europe/Warsaw (from Thu 2026-01-01 00:00 Europe/Warsaw)
    + duty review: review (from Thu 2026-01-01 00:00 Europe/Warsaw)
    + duty review: requirement hours: when mon-fri 09:00-17:00 (from Thu 2026-01-01 00:00 Europe/Warsaw)
    + duty review: layer weekly: participants asa, bo, shift length 1 week, anchor 2026-11-02T09:00:00 (from Thu 2026-01-01 00:00 Europe/Warsaw)
    + duty review: layer backup: members cy (from Thu 2026-01-01 00:00 Europe/Warsaw)
    + override review-cy-for-asa-2026-11-24: duty review, by cy, for asa, first 2026-11-24, last 2026-11-25
    + time off bo-2026-12-01: resident bo, kind vacation, first 2026-12-01, last 2026-12-05
    + task tidy-up: title Tidy up, due 2026-12-31
    "#);
    assert_eq!(team.residents_listed().iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["asa", "bo", "cy"]);
    let asa = &team.residents[team.residents_listed()[0]];
    assert_eq!(asa.versions.list()[0].from, at("2025-12-31T23:00:00Z"));
    assert_eq!((asa.meta.created.revision, asa.meta.create_time), (1, at(NOW)));
    assert_eq!(asa.versions.list()[0].made, asa.meta.created);
}

#[test]
fn new_participants_wait_for_the_next_turn_and_the_diff_says_so() {
    let text = edited(r#"["asa", "bo"]"#, r#"["asa", "bo", "cy"]"#);
    let (team, lines) = apply(&made(), &text, NOW);
    insta::assert_snapshot!(lines, @r#"
    ~ duty review: layer weekly: participants asa, bo -> asa, bo, cy (from Mon 2026-11-30 09:00 Europe/Warsaw)
    "#);
    let (_, again) = apply(&team, &text, LATER);
    assert_eq!(again, "", "applying again while the change waits");
    let back = refused(&team, TEAM, LATER, PlanOptions::default());
    insta::assert_snapshot!(back, @r#"
    20:1: duty[0].layer[0]: has a later version, planned from Mon 2026-11-30 09:00 Europe/Warsaw on; say that it is replaced, or wait
    "#);
    let replace = PlanOptions { replace_later: true, ..PlanOptions::default() };
    let (team, _) = apply_with(&team, TEAM, LATER, replace);
    assert_eq!(apply(&team, TEAM, LATER).1, "");
}

#[test]
fn a_new_grid_waits_for_its_first_boundary() {
    let text = edited("2026-11-02T09:00:00", "2026-11-02T12:00:00");
    let text = text.replace("1 week", "2 weeks");
    let (team, lines) = apply(&made(), &text, NOW);
    insta::assert_snapshot!(lines, @r#"
    ~ duty review: layer weekly: shift length 1 week -> 2 weeks (from Mon 2026-11-30 12:00 Europe/Warsaw)
    ~ duty review: layer weekly: anchor 2026-11-02T09:00:00 -> 2026-11-02T12:00:00 (from Mon 2026-11-30 12:00 Europe/Warsaw)
    "#);
    assert_eq!(apply(&team, &text, LATER).1, "");
}

#[test]
fn the_old_file_takes_a_new_grid_back() {
    let text = edited("1 week", "2 weeks").replace("2026-11-02T09:00:00", "2026-11-30T09:00:00");
    let (team, _) = apply(&made(), &text, NOW);
    let replace = PlanOptions { replace_later: true, ..PlanOptions::default() };
    let (team, lines) = apply_with(&team, TEAM, LATER, replace);
    insta::assert_snapshot!(lines, @r#"
    ~ duty review: layer weekly: shift length 2 weeks -> 1 week
    ~ duty review: layer weekly: anchor 2026-11-30T09:00:00 -> 2026-11-02T09:00:00
    "#);
    let weekly = |team: &TeamSnapshot| {
        let layers = &team.duties.values().next().unwrap().layers;
        layers[&LayerId::new("weekly").unwrap()].latest().cloned()
    };
    assert!(weekly(&team).is_some());
    assert_eq!(weekly(&team), weekly(&made()));
    assert_eq!(apply(&team, TEAM, "2026-12-08T10:00:00Z").1, "");
}

#[test]
fn what_the_file_does_not_name_is_left_alone_or_pruned() {
    let text = r#"
team = "t"
zone = "Europe/Warsaw"

[[resident]]
id = "asa"

[[resident]]
id = "bo"

[[duty]]
id = "review"

[[duty.layer]]
id = "weekly"
participants = ["asa", "bo"]
shift_length = "1 week"
anchor = 2026-11-02T09:00:00
"#;
    let (team, lines) = apply(&made(), text, NOW);
    insta::assert_snapshot!(lines, @r#"
    left alone: 6 from an earlier file, which pruning would end: resident cy, duty review: layer backup, duty review: requirement hours, override review-cy-for-asa-2026-11-24, time off bo-2026-12-01, task tidy-up
    "#);
    assert_eq!(team.revision, 2);
    let (team, lines) = apply_with(&team, text, NOW, PRUNE);
    insta::assert_snapshot!(lines, @r#"
    - resident cy
    - duty review: requirement hours
    - duty review: layer backup
    - override review-cy-for-asa-2026-11-24
    - time off bo-2026-12-01
    - task tidy-up
    "#);
    assert!(team.overrides.is_empty() && team.time_off.is_empty() && team.time_off_private.is_empty());
    assert_eq!(apply_with(&team, text, LATER, PRUNE).1, "");
    let (team, lines) = apply(&team, TEAM, LATER);
    insta::assert_snapshot!(lines, @r#"
    + resident cy: cy, Europe/Warsaw
    + duty review: requirement hours: when mon-fri 09:00-17:00
    + duty review: layer backup: members cy
    + override review-cy-for-asa-2026-11-24: duty review, by cy, for asa, first 2026-11-24, last 2026-11-25
    + time off bo-2026-12-01: resident bo, kind vacation, first 2026-12-01, last 2026-12-05
    + task tidy-up: title Tidy up, due 2026-12-31
    "#);
    let cy = &team.residents[team.residents_listed()[2]];
    assert_eq!(cy.versions.list().len(), 3, "was there, ended, is there again");
}

#[test]
fn what_people_entered_is_never_touched() {
    let mut team = made();
    entered(&mut team, &override_key());
    let without = edited(
        "[[override]]\nduty = \"review\"\nby = \"cy\"\nfor = \"asa\"\nfirst = 2026-11-24\nlast = 2026-11-25\n",
        "",
    );
    let (team, lines) = apply_with(&team, &without, NOW, PRUNE);
    insta::assert_snapshot!(lines, @r#"
    left alone: 1 entered by people
    "#);
    assert_eq!(apply(&team, TEAM, NOW).1, "left alone: 1 entered by people\n", "the same, said by a file");
    let other = edited("last = 2026-11-25", "last = 2026-11-26");
    insta::assert_snapshot!(refused(&team, &other, NOW, PRUNE), @r#"
    30:1: override[0]: was entered by somebody and differs from this; a file does not change such things: say the same, leave it out, or choose another id
    "#);
    let rules = rules();
    assert!(!export(&team, at(NOW), false, rules).contains("[[override]]"));
    assert!(export(&team, at(NOW), true, rules).contains("[[override]]"));
}

#[test]
fn settings_of_a_team_that_somebody_made_become_the_file_s() {
    let mut team = made();
    entered(&mut team, &ObjectKey::Team);
    let (team, lines) = apply(&team, &edited("\n\n", "\npublic = true\n\n"), NOW);
    assert_eq!(lines, "~ team t: public false -> true\n");
    assert_eq!(team.team.unwrap().meta.origin, Origin::File);
}

#[test]
fn a_move_shifts_neither_terms_nor_entries_that_are_there() {
    let (_, lines) = apply(&made(), &edited("id = \"bo\"", "id = \"bo\"\nhome_zone = \"Asia/Tokyo\""), NOW);
    insta::assert_snapshot!(lines, @r#"
    ~ resident bo: home zone Europe/Warsaw -> Asia/Tokyo
    "#);
    let text = edited("id = \"bo\"", "id = \"bo\"\nhome_zone = \"Asia/Tokyo\"").replace("2026-12-05", "2026-12-06");
    let (_, lines) = apply(&made(), &text, NOW);
    insta::assert_snapshot!(lines, @r#"
    ~ resident bo: home zone Europe/Warsaw -> Asia/Tokyo
    ~ time off bo-2026-12-01: last 2026-12-05 -> 2026-12-06
    ~ time off bo-2026-12-01: zone Europe/Warsaw -> Asia/Tokyo
    "#);
}

#[test]
fn what_went_on_without_the_file_stays() {
    let mut team = made();
    let task = team.tasks.first_mut().unwrap();
    task.value.state = TaskState::Done;
    let Some(Due::Day(due, _)) = &task.value.due else { panic!("no due date") };
    assert_eq!(due.to_string(), "2026-12-31");
    let entry = team.time_off.first_mut().unwrap();
    entry.value.cuts.push(Cut { instance: entry.value.span.local_start(), at: at("2026-12-03T09:00:00Z") });
    team.time_off_private.clear();
    assert_eq!(apply_with(&team, TEAM, NOW, PRUNE).1, "");
}

#[test]
fn an_entry_without_an_id_is_found_again_when_the_rest_of_it_changes() {
    let text = edited("last = 2026-12-05\nnote = \"Skiing\"", "last = 2026-12-06\nnote = \"Sailing\"");
    let (team, lines) = apply(&made(), &text, NOW);
    insta::assert_snapshot!(lines, @r#"
    ~ time off bo-2026-12-01: last 2026-12-05 -> 2026-12-06
    ~ time off bo-2026-12-01: note changed
    "#);
    assert_eq!(team.time_off.len(), 1);
    assert_eq!(team.time_off_private.values().next().unwrap().value.note, "Sailing");
    let (_, lines) = apply(&team, &text.replace("Sailing", "Diving"), NOW);
    insta::assert_snapshot!(lines, @r#"
    ~ time off bo-2026-12-01: note changed
    "#);
}

#[test]
fn the_past_changes_only_by_an_express_correction() {
    let text = format!("since = 2026-06-01\n{}", edited("id = \"cy\"", "id = \"cy\"\nskills = [\"c\"]"));
    let text = text + "\n[[duty]]\nid = \"releases\"\n";
    insta::assert_snapshot!(apply(&made(), &text, NOW).1, @r#"
    ~ resident cy: skills (none) -> c
    + duty releases: releases
    "#);
    let correction = PlanOptions { correction: true, ..PlanOptions::default() };
    insta::assert_snapshot!(apply_with(&made(), &text, NOW, correction).1, @r#"
    ~ resident cy: skills (none) -> c (from Sun 2026-11-01 01:00 Europe/Warsaw)
    + duty releases: releases (from Mon 2026-06-01 00:00 Europe/Warsaw)
    "#);
}

#[test]
fn what_is_planned_begins_in_the_future() {
    let text = TEAM.to_owned() + "\n[[resident]]\nid = \"dee\"\n";
    let (team, lines) = apply(&made(), &format!("since = 2027-03-01\n{text}"), NOW);
    insta::assert_snapshot!(lines, @r#"
    + resident dee: dee, Europe/Warsaw (from Mon 2027-03-01 00:00 Europe/Warsaw)
    "#);
    let (team, lines) = apply(&team, &(text.clone() + "skills = [\"c\"]\n"), LATER);
    insta::assert_snapshot!(lines, @r#"
    ~ resident dee: skills (none) -> c (from Mon 2027-03-01 00:00 Europe/Warsaw)
    "#);
    let (team, lines) = apply_with(&team, TEAM, LATER, PRUNE);
    insta::assert_snapshot!(lines, @r#"
    - resident dee (from Mon 2027-03-01 00:00 Europe/Warsaw)
    "#);
    assert_eq!(team.residents.len(), 3, "what never was in effect leaves nothing behind");
}

#[test]
fn a_layer_that_comes_back_has_a_grid_of_its_own() {
    let text = edited(
        "[[duty.layer]]\nid = \"weekly\"\nparticipants = [\"asa\", \"bo\"]\nshift_length = \"1 week\"\nanchor = 2026-11-02T09:00:00\n",
        "",
    );
    let (team, _) = apply_with(&made(), &text, NOW, PRUNE);
    let (team, _) = apply(&team, TEAM, LATER);
    let layer = &team.duties.values().next().unwrap().layers[&LayerId::new("weekly").unwrap()];
    let grids: Vec<Option<u32>> = layer
        .list()
        .iter()
        .map(|version| match &version.value.as_ref()?.source {
            Source::Rotation(rotation) => Some(rotation.grid),
            Source::Pool(_) => None,
        })
        .collect();
    assert_eq!(grids, [Some(1), None, Some(2)]);
}

#[test]
fn a_file_cannot_name_whom_it_ends() {
    let text = edited("[[resident]]\nid = \"cy\"\n", "");
    insta::assert_snapshot!(refused(&made(), &text, NOW, PRUNE), @r#"
    26:12: duty[0].layer[1].members[0]: there is no resident 'cy'
    30:6: override[0].by: there is no resident 'cy'
    "#);
    let (_, lines) = apply(&made(), &text, NOW);
    assert_eq!(lines, "left alone: 1 from an earlier file, which pruning would end: resident cy\n");
}

#[test]
fn a_file_cannot_name_whom_an_earlier_one_ended() {
    let (without, _) = TEAM.split_once("[[duty.layer]]\nid = \"backup\"").unwrap();
    let (team, _) = apply_with(&made(), &without.replace("[[resident]]\nid = \"cy\"\n", ""), NOW, PRUNE);
    let again = edited("[[resident]]\nid = \"cy\"\n", "");
    insta::assert_snapshot!(refused(&team, &again, LATER, PlanOptions::default()), @"26:12: duty[0].layer[1].members[0]: 'cy' has left: they are no resident since 2026-11-25T10:00:00Z; name somebody who is there at 2026-11-25T11:00:00Z");
    assert!(apply(&team, TEAM, LATER).1.starts_with("+ resident cy: cy, Europe/Warsaw\n"));
}

#[test]
fn a_file_of_another_team_is_refused() {
    let other = TeamSnapshot::empty(onduty::model::TeamId::new("other").unwrap());
    assert_eq!(refused(&other, TEAM, NOW, PRUNE), "1:8: team: is 't', but the team is 'other'\n");
}

#[test]
fn skills_are_checked_when_an_override_is_made_and_not_again() {
    let skilled = edited("id = \"review\"", "id = \"review\"\nskills = [\"c\"]");
    let (team, _) = apply(&made(), &skilled, NOW);
    let more =
        skilled.replace("last = 2026-11-25", "last = 2026-11-30").replace("first = 2026-11-24", "first = 2026-11-28");
    insta::assert_snapshot!(refused(&team, &more, NOW, PRUNE), @r#"
    33:6: override[0].by: 'cy' lacks the skill 'c'; force it if they can cover anyway
    "#);
}

#[test]
fn the_turns_of_an_export_are_the_same_elsewhere() {
    let text = edited(r#"["asa", "bo"]"#, r#"["bo", "cy", "asa"]"#);
    let (team, _) = apply(&made(), &text, NOW);
    let rules = rules();
    let exported = export(&team, at("2026-12-24T00:00:00Z"), false, rules);
    insta::assert_snapshot!(exported, @r#"
    team = "t"
    display_name = "t"
    zone = "Europe/Warsaw"
    since = 2026-11-01T01:00:00+01:00

    [[resident]]
    id = "asa"
    display_name = "asa"
    home_zone = "Europe/Warsaw"

    [[resident]]
    id = "bo"
    display_name = "bo"
    home_zone = "Europe/Warsaw"

    [[resident]]
    id = "cy"
    display_name = "cy"
    home_zone = "Europe/Warsaw"

    [[duty]]
    id = "review"
    title = "review"

    [[duty.requirement]]
    id = "hours"
    when = ["mon-fri 09:00-17:00"]

    [[duty.layer]]
    id = "weekly"
    participants = ["bo", "cy", "asa"]
    shift_length = "1 week"
    anchor = 2026-11-02T09:00:00
    anchor_turn = "cy"

    [[duty.layer]]
    id = "backup"
    members = ["cy"]

    [[override]]
    id = "review-cy-for-asa-2026-11-24"
    duty = "review"
    by = "cy"
    for = "asa"
    first = 2026-11-24
    last = 2026-11-25

    [[time_off]]
    id = "bo-2026-12-01"
    resident = "bo"
    kind = "vacation"
    first = 2026-12-01
    last = 2026-12-05
    note = "Skiing"

    [[task]]
    id = "tidy-up"
    title = "Tidy up"
    due = 2026-12-31
    "#);
    let (elsewhere, _) = apply(&nothing(&exported), &exported, "2026-12-24T00:00:00Z");
    assert_eq!(export(&elsewhere, at("2026-12-24T00:00:00Z"), false, rules), exported);
}

#[test]
fn another_order_of_layers_is_said() {
    let layer = "[[duty.layer]]\nid = \"first\"\nmembers = [\"bo\"]\n\n";
    let text = edited("[[duty.layer]]\nid = \"weekly\"", &format!("{layer}[[duty.layer]]\nid = \"weekly\""));
    insta::assert_snapshot!(apply(&made(), &text, NOW).1, @r#"
    ~ duty review: layers weekly, backup -> first, weekly, backup
    + duty review: layer first: members bo
    "#);
}
