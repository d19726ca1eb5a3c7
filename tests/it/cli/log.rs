//! The log as people read it.

use super::transcript::{NOW, Transcript};

#[test]
fn who_changed_what() {
    let mut people = Transcript::demo(NOW);
    people.cli.done("off add sick --resident lukasz --id flu --note 'In bed.'");
    people.wait(3_600);
    people.cli.done("task add 'Announce 3.9.18' --id announce --assignee lukasz");
    people.cli.done("task assign announce magdalena");
    people.wait(86_400);
    people.cli.done("back --resident lukasz");
    people.onduty("off erase flu --dry-run");
    people.onduty("off erase flu");
    people.cli.done("delete time-off flu --yes");
    people.onduty("log");
    people.onduty("log --object tasks/announce --limit 1 --full");
    people.onduty("log --object residents/lukasz --until today --tz America/New_York");
    people.onduty("log --actor nobody");
    people.onduty("log --since tomorrow --until yesterday");
    people.onduty("log --object lukasz");
    insta::assert_snapshot!(people.text());
}
