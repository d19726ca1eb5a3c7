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

#[test]
fn somebody_joins_in_march() {
    let mut people = Transcript::demo(NOW);
    people.file("petr.toml", &petr(&people.cli.done("export")));
    people.cli.done("apply petr.toml --yes");
    people.onduty("rota security");
    people.onduty("rota add security petr --from 2027-03-01 --dry-run");
    people.onduty("rota add security petr --from 2027-03-01");
    people.onduty("who security --at '2027-03-02 12:00'");
    people.onduty("rota add security petr");
    people.onduty("rota remove security lukasz magdalena");
    people.onduty("rota order security petr lukasz");
    people.onduty("rota add nosuch petr");
    people.onduty("rota review");
    people.onduty("undo");
    people.onduty("rota remove security lukasz --dry-run");
    insta::assert_snapshot!(people.text());
}

/// The exported roster with one resident more, whose term begins in March.
fn petr(exported: &str) -> String {
    let newcomer = "[[resident]]\nid = \"petr\"\ndisplay_name = \"Petr\"\nhome_zone = \"Europe/Prague\"\n\
                    working_hours = [\"mon-fri 09:00-17:00\"]\nskills = [\"security\"]\nterm.first = 2027-03-01\n\n";
    exported.replacen("[[resident]]", &format!("{newcomer}[[resident]]"), 1)
}
