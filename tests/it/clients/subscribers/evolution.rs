//! Evolution data server, behind Evolution and GNOME Calendar.

use std::collections::BTreeSet;
use std::process::Command;

use super::helper::Helper;
use super::story::Story;
use super::{Program as _, follow, is_left_with};
use crate::support::tools;

/// The system's Python, for which Debian packages the bindings of GNOME.
const PYTHON: &str = "/usr/bin/python3";
/// Fails where one of these is missing.
const BINDINGS: &str = "import gi; gi.require_version('ECal', '2.0')";

/// It says nothing, and still has the events when it is started again.
#[test]
fn evolution_follows_a_calendar_and_keeps_what_it_has_of_one_that_is_gone() {
    let bus = tools::works(Command::new("dbus-run-session").arg("--version"));
    if !bus || !tools::works(Command::new(PYTHON).args(["-c", BINDINGS])) {
        return;
    }
    let story = Story::begin();
    let folder = story.dir.path().join("evolution");
    let start = || Helper::start(&["dbus-run-session", "--", PYTHON], "evolution.py", &[], &folder);
    let mut program = start();
    let (url, last) = follow(&mut program, &story);
    assert_eq!(program.says(), BTreeSet::new());

    drop(program);
    let mut program = start();
    program.subscribe(&url);
    is_left_with(&mut program, &story, &last);
    assert_eq!(program.says(), BTreeSet::new());
}
