//! Mistakes: each is told once, by the option that makes it, and with the way out.

use super::transcript::{NOW, Transcript};

/// Commands that fail against the bundled roster, in which `flu` is recorded.
const FAILING: &[&str] = &[
    "apply bytes.toml",
    "apply exported.toml --at 2026-01-01",
    "apply exported.toml --team core",
    "apply mistake.toml",
    "apply mistakes.toml",
    "apply nosuch.toml",
    "back --resident nobody",
    "check --to +500d",
    "cover 00000000 --by lukasz",
    "cover nothing --by nobody --to +2h",
    "cover review --by lukasz",
    "cover review --by lukasz --for lukasz --to +2h",
    "cover speaking --by magdalena --to +2h",
    "delete override x --at now",
    "delete resident lukasz --at 2026-01-01",
    "delete team core",
    "delete team psf",
    "export --team core",
    "feed lukasz nobody nothing",
    "gaps --fail accept 3f2a --reason x",
    "gaps --from 2026-12-10 --to 2026-12-01",
    "gaps --to 2028-12-31",
    "gaps accept 3f2a",
    "gaps accept nosuch --reason x",
    "gaps reopen 3f2a9c10-0000-4000-8000-000000000000",
    "get duty nothing",
    "info --server http://127.0.0.1:1",
    "info --server ::::",
    "info --server ftp://duty.example.org",
    "info --server https://127.0.0.1:1 --ca nosuch.pem",
    "info --server https://127.0.0.1:1 --ca team.toml",
    "info --server https://127.0.0.1:1 --client-cert team.pem",
    "nosuch",
    "off",
    "off add nosuch",
    "off add other --resident lukasz --from fri --to fri --repeat EVERY",
    "off add other --resident lukasz --from fri --to fri --repeat FREQ=DAILY --except now",
    "off add sick",
    "off add sick --resident lukasz --elsewhere Asia/Tokyo",
    "off add sick --resident lukasz --id 'A B'",
    "off add sick --resident lukasz --id flu",
    "off add sick --resident nobody",
    "off add travel --resident lukasz --elsewhere Asia/Tokio",
    "off add vacation --resident lukasz --from 2026-12-05 --to 2026-12-01",
    "off add vacation --resident lukasz --from soon",
    "off end fridays",
    "off end vacation-lukasz",
    "off list --from tomorrow --to yesterday",
    "shifts --resident nobody",
    "task add ''",
    "task add x --assignee nobody --deputy none --duty nothing --link here --effort 0",
    "task add x --id cla-bot",
    "task assign cla-bot lukasz",
    "task done nosuch",
    "task list --duty nothing",
    "who --at 24:00",
    "who --at 2026-02-30",
    "who --at noon",
    "who --tz Europe/Warsow",
    "who securty",
    "who security --at 1970-01-01",
];

/// Returns a team with every mistake of [`FAILING`] in reach.
fn people() -> Transcript {
    let people = Transcript::demo(NOW);
    people.cli.done("off add sick --resident lukasz --id flu");
    people.file("exported.toml", &people.cli.done("export"));
    people.file("mistake.toml", "team = \"psf\"\nzone = \n");
    people.file("mistakes.toml", "team = \"psf\"\nzone = \"Europe/Warsow\"\n[[resident]]\nid = \"A\"\n");
    std::fs::write(people.dir.path().join("bytes.toml"), b"team = \"\xff\"\n").unwrap();
    people
}

#[test]
fn every_error_ends_with_a_hint() {
    let people = people();
    for line in FAILING {
        let ran = people.cli.run(line);
        assert!([1, 2].contains(&ran.code), "{line}: {ran:?}");
        let last = ran.errors.lines().rfind(|line| !line.starts_with(' ')).unwrap_or_default();
        assert!(last.starts_with("hint: "), "{line}: {}", ran.errors);
        assert!(ran.output.is_empty(), "{line}: {}", ran.output);
    }
}

#[test]
fn no_error_says_a_thing_twice_or_names_a_field() {
    let people = people();
    for line in FAILING {
        let errors = people.cli.run(line).errors;
        let (told, _) = errors.rsplit_once("hint: ").unwrap();
        let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let sentence = words.trim_start_matches("error: ").split("; ").next().unwrap();
        assert_eq!(words.matches(sentence).count(), 1, "{line}: {errors}");
        for field in ["roster_toml", "by_resident", "span.", "recurrence.", "effective_time", "interval:", "_id:"] {
            assert!(!told.contains(field), "{line}: {errors}");
        }
    }
}

#[test]
fn mistakes_are_told_by_the_option_that_makes_them() {
    let mut people = people();
    for line in [
        "off add sick --resident nobody",
        "off add sick --resident lukasz --elsewhere Asia/Tokyo",
        "off add vacation --resident lukasz --from 2026-12-05 --to 2026-12-01",
        "off end vacation-lukasz",
        "off end vacation-lukasz --team psf",
        "task add ''",
        "task add x --assignee nobody --deputy none --duty nothing --link here",
        "task assign cla-bot lukasz",
        "cover review --by lukasz --for lukasz --to +2h",
        "cover speaking --by magdalena --to +2h",
        "gaps --to 2028-12-31",
        "gaps --from 2026-12-10 --to 2026-12-01",
        "apply exported.toml --team core",
        "apply exported.toml --at 2026-01-01",
        "apply mistake.toml",
        "apply bytes.toml",
        "delete team core",
        "delete team psf",
        "who --at 24:00",
        "who --at 2026-02-30",
        "who --at noon",
        "who security --at 1970-01-01",
        "off add nosuch",
    ] {
        people.onduty(line);
    }
    insta::assert_snapshot!(people.text());
}

#[test]
fn a_zone_of_the_environment_that_there_is_not_is_warned_of() {
    let people = Transcript::demo(NOW);
    for zone in ["Foo/Bar", "CET-1CEST"] {
        let ran = people.cli.run_with("who", &[("TZ", zone)]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.errors.starts_with(&format!("warning: TZ is '{zone}', which is no IANA time zone")), "{ran:?}");
        assert!(ran.errors.contains("hint: say your zone with --tz"), "{ran:?}");
        assert_eq!(people.cli.run_with("who --tz Europe/Warsaw", &[("TZ", zone)]).errors, "");
    }
    assert_eq!(people.cli.run_with("who", &[("TZ", ":Europe/Warsaw")]).errors, "");
}
