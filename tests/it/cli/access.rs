//! Letting people in: tokens, an invitation, and one sick day as each of them sees it.

use super::transcript::{NOW, Transcript};
use crate::support::cli::Cli;
use crate::support::same::same;

#[test]
fn tokens_are_made_listed_and_revoked() {
    let mut people = Transcript::demo(NOW);
    people.onduty("whoami");
    people.onduty("token create dashboard --role viewer");
    people.onduty("token create laptop --role resident --resident magdalena --expires +90d");
    people.onduty("token create x --role resident");
    people.onduty("token create x --role viewer --resident magdalena");
    people.onduty("token create x --role resident --resident magdalene");
    people.onduty("invite magdalena");
    people.onduty("invite --role coordinator --expires +90d");
    people.onduty("invite");
    people.onduty("token list");
    people.onduty("token revoke t-aaaaaaaaaaaa");
    people.onduty("token --help");
    insta::assert_snapshot!(people.text());
}

/// The secret on the last line of what a command wrote.
fn secret(cli: &Cli, line: &str) -> String {
    cli.done(line).split_whitespace().last().unwrap().to_owned()
}

#[test]
fn one_sick_day_as_everybody_sees_it() {
    let people = Transcript::demo(NOW);
    people.cli.done("off add sick --resident lukasz --id flu --to wed --note 'Fever, in bed.'");
    let viewer = secret(&people.cli, "token create dashboard --role viewer");
    let colleague = secret(&people.cli, "token create phone --role resident --resident magdalena");
    let own = secret(&people.cli, "token create phone --role resident --resident lukasz");
    let mut told = String::new();
    for (who, token) in [("a stranger", "-"), ("a viewer", &viewer), ("a colleague", &colleague), ("himself", &own)] {
        told += &format!("== {who}\n");
        for line in [
            "whoami",
            "off list --to wed",
            "who security --why",
            "gaps --to wed --duty review",
            "off add sick --resident lukasz --dry-run",
        ] {
            let variables = if token == "-" { [("XDG_STATE_HOME", "/nowhere")] } else { [("ONDUTY_TOKEN", token)] };
            let ran = people.cli.run_with(line, &variables);
            // What follows from an absence is told elsewhere.
            let output = ran.output.lines().take(14).collect::<Vec<_>>().join("\n");
            told += &format!("$ onduty {line}\n{output}\n{}", ran.errors);
        }
    }
    insta::assert_snapshot!(same(&told, &people.server));
}

/// Checks of the roster are for coordinators; that an override was made, and whether it does anything, is for whoever made
/// it.
#[test]
fn a_resident_who_takes_a_duty_is_told_what_came_of_it() {
    let people = Transcript::demo(NOW);
    let token = secret(&people.cli, "token create phone --role resident --resident magdalena");
    let magdalena = [("ONDUTY_TOKEN", token.as_str())];
    let taken = people.cli.run_with("take security --to +2h", &magdalena);
    assert_eq!((taken.code, taken.errors.as_str()), (0, ""), "{taken:?}");
    assert!(taken.output.contains("Recorded: security") && taken.output.contains("No gap is left"), "{taken:?}");
    let covered = people
        .cli
        .run_with("cover security --by magdalena --from '2026-11-24 10:00' --to '2026-11-24 11:00'", &magdalena);
    assert_eq!(covered.code, 0, "{covered:?}");
    people.cli.done("off add sick --resident magdalena --from 'fri 00:00' --to fri");
    let void = people.cli.run_with("cover security --by magdalena --from 'fri 10:00' --to 'fri 11:00'", &magdalena);
    assert!(void.code == 0 && void.output.contains("It has no effect: Magdalena is not on security"), "{void:?}");
}

#[test]
fn whoever_is_invited_logs_in_and_is_known_from_then_on() {
    let people = Transcript::demo(NOW);
    let home = people.dir.path().join("home");
    let home = [("XDG_CONFIG_HOME", home.to_str().unwrap()), ("XDG_STATE_HOME", "/nowhere")];
    let code = secret(&people.cli, "invite magdalena");
    let login = people.cli.run_with(&format!("login --invitation {code} --name phone"), &home);
    assert!(login.output.starts_with("resident magdalena of psf at "), "{login:?}");
    let again = people.cli.run_with(&format!("login --invitation {code} --name phone"), &home);
    assert!(again.code == 1 && again.errors.contains("ask for another"), "{again:?}");
    let whoami = people.cli.run_with("whoami", &home);
    assert!(whoami.output.contains("as magdalena (phone)"), "{whoami:?}");
    // Nothing says who is sick: it is she.
    let sick = people.cli.run_with("off add sick", &home);
    assert!(sick.output.starts_with("Recorded: Magdalena, sick"), "{sick:?}");
    let logout = people.cli.run_with("logout", &home);
    assert_eq!(logout.code, 0, "{logout:?}");
    let again = people.cli.run_with("logout", &home);
    assert!(again.code == 1 && again.errors.contains("no token is kept under the profile 'default'"), "{again:?}");
    let stranger = people.cli.run_with("whoami", &home);
    assert!(stranger.output.starts_with("Nobody known"), "{stranger:?}");
}
