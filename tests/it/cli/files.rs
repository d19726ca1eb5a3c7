//! Roster files: applied, exported and applied again.

use super::transcript::{NOW, Transcript};

const YEAR_2023: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/rosters/psf-2023.toml"));
const SOLO: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/roster/demo/psf-solo.toml"));
const DEMO: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/roster/demo/psf.toml"));

#[test]
fn the_year_2023_and_the_time_of_one_resident() {
    let mut people = Transcript::empty(NOW);
    people.file("psf-2023.toml", YEAR_2023);
    people.file("psf-solo.toml", SOLO);
    people.onduty("apply psf-2023.toml --dry-run");
    people.cli.done("apply psf-2023.toml");
    people.onduty("apply psf-2023.toml");
    people.onduty("who --at '2023-06-06 16:00'");
    people.onduty("gaps --from 2023-06-01 --to 2023-07-15");
    people.onduty("apply psf-solo.toml");
    people.onduty("who");
    people.onduty("who --team psf-solo");
    people.onduty("gaps --team psf-solo --to +4d");
    people.onduty("list teams");
    insta::assert_snapshot!(people.text());
}

#[test]
fn what_was_exported_changes_nothing_in_any_zone_and_season() {
    for now in [NOW, "2026-03-28T23:30:00Z", "2026-10-25T00:30:00Z"] {
        let people = Transcript::demo(now);
        people.cli.done("off add sick --resident lukasz --id flu --note 'In bed.'");
        people.cli.done("cover security --by magdalena --for lukasz --from +1d --to +2d");
        for tz in ["Europe/Warsaw", "Pacific/Auckland", "America/St_Johns"] {
            people.file("export.toml", &people.cli.done(&format!("export --tz {tz}")));
            for apply in ["apply export.toml", "apply export.toml --prune"] {
                let told = people.cli.done(&format!("{apply} --tz {tz}"));
                assert!(told.contains("nothing to change"), "{now} {tz}: {told}");
                assert!(told.contains("1 override") && told.contains("1 entry of time off"), "{told}");
            }
        }
        people.file("all.toml", &people.cli.done("export --all"));
        people.cli.done("apply all.toml");
        let told = people.cli.done("apply all.toml");
        assert!(told.contains("nothing to change"), "{told}");
    }
}

#[test]
fn a_file_owns_what_came_from_a_file_and_nothing_else() {
    let mut people = Transcript::demo(NOW);
    people.cli.done("off add sick --resident lukasz --id flu");
    people.file("psf.toml", DEMO.split("# The big project").next().unwrap());
    people.onduty("apply psf.toml");
    people.onduty("apply psf.toml --prune --dry-run");
    people.cli.done("apply psf.toml --prune");
    people.onduty("list time-off");
    people.onduty("task list");
    people.onduty("apply psf.toml --prune");
    insta::assert_snapshot!(people.text());
}

#[test]
fn a_thousand_mistakes_are_all_told() {
    let people = Transcript::demo(NOW);
    let duties = (0..1_000).map(|index| format!("[[duty]]\nid = \"watch-{index}\"\ntitel = \"Watch\"\n"));
    let wrong = format!("team = \"psf\"\nzone = \"Europe/Warsaw\"\n{}", duties.collect::<String>());
    people.file("wrong.toml", &wrong);
    for dry in ["", " --dry-run"] {
        let ran = people.cli.run(&format!("apply wrong.toml{dry}"));
        assert_eq!(ran.code, 1, "{ran:?}");
        for index in 0..1_000 {
            let line = 3 * index + 5;
            assert!(ran.errors.contains(&format!("wrong.toml:{line}:1: duty[{index}].titel: ")), "{index}");
        }
    }
}

#[test]
fn every_mistake_of_a_file_is_told_with_its_place() {
    let mut people = Transcript::demo(NOW);
    let wrong = DEMO
        .replace("zone = \"Europe/Warsaw\"\npublic", "zone = \"Europe/Warsow\"\npublic")
        .replace("members = [\"lukasz\", \"magdalena\"]", "members = [\"lukas\", \"magdalena\"]")
        .replace("titel", "title")
        .replace("kind = \"vacation\"", "kind = \"holiday\"");
    people.file("wrong.toml", &wrong);
    assert_eq!(people.onduty("apply wrong.toml").code, 1);
    people.file("broken.toml", "team = \"psf\"\nzone = \n");
    assert_eq!(people.onduty("apply broken.toml").code, 1);
    assert_eq!(people.onduty("apply missing.toml").code, 1);
    insta::assert_snapshot!(people.text());
}
