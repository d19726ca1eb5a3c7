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
