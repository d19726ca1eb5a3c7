//! Thunderbird.

use std::collections::BTreeSet;
use std::process::Command;

use super::helper::Helper;
use super::story::Story;
use super::{Program as _, follow, is_left_with};
use crate::support::tools;

/// For it nothing at an address is a calendar that is new: it says nothing, and keeps what it has until it is started
/// again. Then the calendar is empty.
#[test]
fn thunderbird_follows_a_calendar_and_keeps_what_it_has_of_one_that_is_gone_until_it_is_started_again() {
    if !tools::works(Command::new("thunderbird").arg("--version")) || !tools::works(Command::new("python3").arg("-V")) {
        return;
    }
    let story = Story::begin();
    let folder = story.dir.path().join("thunderbird");
    let profile = folder.join("profile");
    std::fs::create_dir_all(&profile).unwrap();
    let mut program = Helper::start(&["python3"], "thunderbird.py", &[&profile], &folder);
    follow(&mut program, &story);
    assert_eq!(program.says(), BTreeSet::new());

    program.ask::<()>("restart");
    is_left_with(&mut program, &story, &BTreeSet::new());
    assert_eq!(program.says(), BTreeSet::new());
}
