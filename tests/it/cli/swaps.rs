//! Shifts that change hands: asked, accepted, void, expired, and taken without asking.

use super::transcript::{NOW, Transcript};

#[test]
fn lukasz_asks_and_magdalena_takes_over() {
    let mut people = Transcript::demo(NOW);
    people.onduty("who security");
    people.onduty("swap ask security --resident lukasz --ask magdalena --from 'tomorrow 10:00' --to 'tomorrow 16:00' --message 'A wedding' --id wedding --dry-run");
    people.onduty("swap ask security --resident lukasz --ask magdalena --from 'tomorrow 10:00' --to 'tomorrow 16:00' --message 'A wedding' --id wedding");
    people.onduty("swap list");
    people.onduty("swap show wedd");
    people.onduty("swap accept wedd --dry-run");
    people.onduty("swap accept wedd");
    people.onduty("swap accept wedd");
    people.onduty("who security --at 'tomorrow 12:00'");
    people.onduty("swap list --all");
    people.onduty("log --limit 2");
    insta::assert_snapshot!(people.text());
}

#[test]
fn an_exchange_is_void_once_somebody_is_away_and_a_request_expires() {
    let mut people = Transcript::demo(NOW);
    people.onduty("shifts --duty security --to +3w");
    people.onduty("swap ask security --resident lukasz --ask magdalena --from 'tomorrow 10:00' --to 'tomorrow 16:00' --in-return security --id exchange");
    people.onduty("off add conference --resident lukasz --from 2026-11-25 --to 2026-11-25 --id pycon");
    people.onduty("swap show exchange");
    people.onduty("swap accept exchange --force");
    people.onduty("delete time-off pycon");
    people.onduty("swap list");
    people.wait(86_400);
    people.onduty("swap list --all");
    people.onduty("swap accept exchange");
    insta::assert_snapshot!(people.text());
}

#[test]
fn somebody_takes_a_duty_without_asking() {
    let mut people = Transcript::demo(NOW);
    people.onduty("take security --resident magdalena --dry-run");
    people.onduty("take security --resident magdalena --to 18:00");
    people.onduty("who security");
    people.onduty("take security --resident magdalena");
    people.onduty("take security --resident magdalena --from 'tomorrow 10:00' --to +30d");
    insta::assert_snapshot!(people.text());
}

#[test]
fn a_part_of_a_gap_is_offered_and_nothing_beyond_it() {
    let mut people = Transcript::demo(NOW);
    people.onduty("gaps --duty review --to +4d");
    let gap = people.gap("review");
    people.onduty(&format!("cover {gap} --by magdalena --from '2026-11-01 00:00' --to '2026-11-01 12:00'"));
    people.onduty(&format!("cover {gap} --by lukasz --from '2026-11-26 20:00' --to '2026-11-27 12:00'"));
    people.onduty("gaps --duty review --to +4d");
    insta::assert_snapshot!(people.text());
}

/// Ana, ben and chi take turns of a week at triage; two of them look at releases.
const THREE: &str = r#"
team = "core"
display_name = "Core"
zone = "Europe/Warsaw"
since = 2026-01-01

[[resident]]
id = "ana"

[[resident]]
id = "ben"

[[resident]]
id = "chi"

[[duty]]
id = "triage"
title = "Triage"

[[duty.requirement]]
id = "always"
when = "always"

[[duty.layer]]
id = "weekly"
participants = ["ana", "ben", "chi"]
shift_length = "1 week"
anchor = 2026-11-23T09:00:00
when_absent = "next_participant"

[[duty]]
id = "releases"
title = "Releases"
headcount = 2

[[duty.layer]]
id = "pool"
members = ["ana", "ben"]
"#;

#[test]
fn whoever_stands_in_is_relieved_too_and_who_is_meant_is_asked_where_several_are() {
    let mut people = Transcript::empty(NOW);
    people.file("core.toml", THREE);
    people.cli.done("apply core.toml");
    people.onduty("off add sick --resident ana --to wed --id flu");
    people.onduty("take triage --resident chi --to tomorrow");
    people.onduty("who");
    people.onduty("take releases --resident chi --from 'fri 09:00' --to 'fri 12:00'");
    people.onduty("take releases --resident chi --for ben --from 'fri 09:00' --to 'fri 12:00'");
    people.onduty("who releases --at 'fri 10:00'");
    insta::assert_snapshot!(people.text());
}

#[test]
fn what_asks_anybody_goes_to_whoever_is_first() {
    let mut people = Transcript::empty(NOW);
    people.file("core.toml", THREE);
    people.cli.done("apply core.toml");
    people.onduty("swap ask triage --resident ana --message 'Something has come up' --id rest");
    people.onduty("swap accept rest");
    people.onduty("swap accept rest --resident chi --dry-run");
    people.onduty("swap accept rest --resident chi");
    people.onduty("swap accept rest --resident ben");
    people.onduty("who triage");
    people.onduty("list overrides");
    people.onduty("swap ask triage --resident ben --ask ana --id later");
    people.onduty("swap decline later");
    people.onduty("swap ask triage --resident ben --ask chi --id last");
    people.onduty("swap withdraw last");
    people.onduty("swap list --all");
    people.onduty("swap accept lasd");
    insta::assert_snapshot!(people.text());
}
