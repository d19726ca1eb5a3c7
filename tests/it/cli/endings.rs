//! What is ended: what follows is told, and how it comes back.

use super::transcript::{NOW, Transcript};

#[test]
fn what_ends_is_told_with_what_follows_and_comes_back_from_a_file() {
    let mut people = Transcript::demo(NOW);
    people.file("psf.toml", &people.cli.done("export"));
    people.onduty("delete duty security --dry-run");
    people.onduty("get duty security");
    people.onduty("delete duty security");
    people.onduty("delete resident lukasz");
    people.onduty("delete holiday-set poland");
    people.wait(1);
    people.onduty("apply psf.toml");
    people.cli.done("get duty security");
    people.cli.done("get resident lukasz");
    people.onduty("delete resident magdalena --at 2027-01-01");
    people.cli.done("apply psf.toml --replace-later");
    assert!(people.cli.done("list residents --at 2027-01-15").contains("magdalena"));
    people.wait(1);
    people.onduty("delete team psf --force");
    people.wait(1);
    people.cli.done("apply psf.toml");
    people.onduty("list duties");
    insta::assert_snapshot!(people.text());
}

#[test]
fn an_override_that_does_nothing_says_so_and_how_to_take_it_back() {
    let mut people = Transcript::demo(NOW);
    people.cli.done("off add sick --resident lukasz --id flu");
    let gap = people.gap("review");
    let told = people.onduty(&format!("cover {gap} --by lukasz")).output;
    assert!(told.contains("('lukasz' added) does nothing: 'lukasz' cannot be\n  there: they are away"), "{told}");
    assert!(told.contains("1 gap is left in that time:\n"), "{told}");
    let back = told.lines().find_map(|line| line.strip_prefix("To take it back: onduty ")).unwrap().to_owned();
    people.cli.done(&back);
    let told = people.onduty(&format!("cover {gap} --by magdalena")).output;
    assert!(!told.contains("does nothing") && told.contains("No gap is left"), "{told}");
}

#[test]
fn a_task_can_lose_its_deputy_alone() {
    let mut people = Transcript::demo(NOW);
    people.onduty("task assign cla-bot --no-deputy");
    people.onduty("task assign cla-bot lukasz");
    insta::assert_snapshot!(people.text());
}
