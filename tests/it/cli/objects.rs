//! Tasks, and the rest of what a team has.

use super::transcript::{NOW, Transcript};

#[test]
fn a_task_from_its_beginning_to_its_end() {
    let mut people = Transcript::demo(NOW);
    people.onduty("task list");
    people.onduty(
        "task add 'Announce 3.14.1' --id announce --duty releases --assignee lukasz --due 2026-12-02 --effort 3",
    );
    people.onduty("task assign announce lukasz --deputy magdalena");
    people.onduty("task start announce");
    people.onduty("task stuck announce 'the signing key is on a laptop in repair'");
    people.onduty("off add sick --resident lukasz --id flu");
    people.onduty("task list --in-danger");
    people.onduty("task done announce");
    people.onduty("task list --all");
    people.onduty("task reopen announce");
    people.onduty("task cancel announce");
    insta::assert_snapshot!(people.text());
}

#[test]
fn objects_are_listed_shown_and_deleted() {
    let mut people = Transcript::demo(NOW);
    for kind in ["teams", "residents", "duties", "holiday-sets", "overrides", "time-off"] {
        people.onduty(&format!("list {kind}"));
    }
    people.onduty("get duty security");
    people.onduty("get resident magdalena");
    people.onduty("get override security-evening");
    people.onduty("delete override security-evening");
    people.onduty("get override security-evening");
    people.onduty("delete resident magdalena --at 2027-01-01");
    people.onduty("list residents --at 2027-01-15");
    insta::assert_snapshot!(people.text());
}

#[test]
fn mistakes_are_answered_with_a_hint() {
    let mut people = Transcript::demo(NOW);
    people.onduty("who securty");
    people.onduty("who --team ps");
    people.onduty("who --at 'next full moon'");
    people.onduty("off add sick");
    people.onduty("off add sick --resident lukas");
    people.onduty("off add vacation --resident lukasz --from 2026-12-05 --to 2026-12-01");
    people.onduty("cover 00000000 --by lukasz");
    people.onduty("cover review --by lukasz --from mon --to mon --tz Europe/Warsow");
    people.onduty("get duty nothing");
    people.onduty("info --server http://127.0.0.1:1");
    insta::assert_snapshot!(people.text());
}
