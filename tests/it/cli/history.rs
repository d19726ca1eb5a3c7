//! What was changed by mistake, taken back.

use super::transcript::{NOW, Transcript};

#[test]
fn a_mistake_is_undone_unless_something_came_after_it() {
    let mut people = Transcript::demo(NOW);
    people.onduty("off add sick --resident magdalena --id flu");
    people.onduty("undo --dry-run");
    people.onduty("undo");
    people.onduty("off add sick --resident lukasz --id flu --note 'In bed.'");
    people.wait(86_400);
    people.onduty("back --resident lukasz");
    people.onduty("undo 4");
    people.onduty("undo");
    people.onduty("undo 4");
    people.onduty("undo 1");
    people.onduty("undo 99");
    people.onduty("undo 0");
    people.onduty("log --limit 5");
    insta::assert_snapshot!(people.text());
}

#[test]
fn a_roster_is_shown_as_it_was() {
    let mut people = Transcript::demo(NOW);
    people.onduty("show");
    people.wait(3_600);
    people.cli.done("off add sick --resident lukasz --id flu --note 'In bed.'");
    people.cli.done("task add 'Announce 3.9.18' --id announce --assignee lukasz");
    people.wait(86_400);
    people.cli.done("back --resident lukasz");
    people.cli.done("task done announce");
    people.onduty("show --at 3");
    people.onduty("show --at 'yesterday 14:30'");
    people.onduty("show --at tomorrow");
    people.onduty("show --at 99");
    people.onduty("show --at 2020-01-01");
    insta::assert_snapshot!(people.text());
}
