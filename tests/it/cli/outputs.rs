//! Other ways to write an answer: JSON for programs, and completions for shells.

use serde_json::Value;

use super::transcript::{NOW, Transcript};

/// A calendar with one day in it.
const CALENDAR: &str = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20261207\nEND:VEVENT\nEND:VCALENDAR\n";

#[test]
fn every_answer_can_be_had_as_json() {
    let people = Transcript::demo(NOW);
    people.file("psf.toml", &people.cli.done("export"));
    people.file("asa.ics", CALENDAR);
    let gap = people.gap("review");
    for line in [
        "who",
        "who security --why",
        "shifts",
        "gaps",
        "handoffs",
        "off list",
        "off add sick --resident lukasz --id flu",
        "off end flu",
        "back --resident lukasz",
        "off import asa.ics --resident lukasz",
        "holidays import asa.ics --set pl",
        &format!("gaps accept {gap} --reason 'all right' --dry-run"),
        &format!("cover {gap} --by lukasz"),
        "task list",
        "task add 'Write it down' --id write",
        "task comment write 'in the wiki'",
        "task edit write --effort 2",
        "task show write",
        "task split write",
        "task done write",
        "undo --dry-run",
        "show",
        "show --at 1",
        "handoffs note security 'look twice' --id twice",
        "handoffs notes",
        "handoffs remove twice",
        "rota security",
        "rota order security magdalena lukasz --dry-run",
        "apply psf.toml",
        "export",
        "check",
        "get team psf",
        "get duty security",
        "list teams",
        "list residents",
        "list duties",
        "list holiday-sets",
        "list overrides",
        "list time-off",
        "list tasks",
        "feed",
        "feed lukasz --qr",
        "info",
    ] {
        let ran = people.cli.run(&format!("{line} --output json"));
        let json: Result<Value, _> = serde_json::from_str(&ran.output);
        assert!(ran.code == 0 && json.is_ok_and(|json| json.is_object()), "{line}: {ran:?}");
        assert!(!ran.output.contains("+00:00\""), "{line}: an instant without Z: {}", ran.output);
    }
}

#[test]
fn json_is_the_answer_of_the_server() {
    let people = Transcript::demo(NOW);
    let json: Value = serde_json::from_str(&people.cli.done("who security --output json")).unwrap();
    let duty = &json["duties"][0];
    assert_eq!(json["time"], NOW);
    assert_eq!(duty["duty"], "teams/psf/duties/security");
    assert_eq!(duty["people"][0]["resident"], "teams/psf/residents/lukasz");
    assert_eq!(duty["nextHandoff"]["time"], "2026-11-25T09:00:00Z");
}

#[test]
fn shells_get_completions() {
    let people = Transcript::empty(NOW);
    for shell in ["bash", "zsh", "fish"] {
        assert!(people.cli.done(&format!("completions {shell}")).contains("onduty"), "{shell}");
    }
}

#[test]
fn help_fits_a_terminal_even_through_a_pipe() {
    let people = Transcript::empty(NOW);
    for command in [
        "", "who", "shifts", "gaps", "off add", "cover", "task add", "apply", "delete", "feed", "undo", "show", "rota",
        "rota add",
    ] {
        let help = people.cli.run_with(&format!("{command} --help"), &[("COLUMNS", "")]);
        let wide = help.output.lines().filter(|line| line.chars().count() > 80).collect::<Vec<_>>();
        assert!(help.code == 0 && wide.is_empty(), "{command}: {wide:?}");
    }
}

#[test]
fn a_change_is_made_even_if_nobody_reads_what_it_is() {
    let people = Transcript::demo(NOW);
    people.file("psf.toml", &people.cli.done("export").replace("Security response", "Security reports"));
    let mut command = std::process::Command::new(crate::support::process::onduty());
    command.env("XDG_STATE_HOME", crate::support::tokens::state_home());
    command.args(["apply", "psf.toml", "--server", &people.server.url()]).current_dir(people.dir.path());
    command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    assert!(people.cli.done("get duty security").contains("title: Security reports"));
}

#[test]
fn answers_are_written_even_if_nobody_reads_to_the_end() {
    let people = Transcript::demo(NOW);
    let mut command = std::process::Command::new(crate::support::process::onduty());
    command.env("XDG_STATE_HOME", crate::support::tokens::state_home());
    command.args(["export", "--server", &people.server.url()]).stdout(std::process::Stdio::piped());
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert!(!errors.contains("panicked"), "{errors}");
}
