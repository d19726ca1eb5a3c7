//! Teams that are not like most: one person, half a week, somebody new, everybody away, fifty people.

use std::fmt::Write as _;

use super::transcript::{NOW, Transcript};

const ALONE: &str = r#"
team = "solo"
display_name = "One resident"
zone = "Europe/Warsaw"
since = 2026-11-02

[[resident]]
id = "ana"
display_name = "Ana"

[[duty]]
id = "triage"
title = "New issues"

[[duty.requirement]]
id = "office"
when = "always"

[[duty.layer]]
id = "ana"
members = ["ana"]
"#;

const TEAM: &str = r#"
team = "core"
display_name = "Core"
zone = "Europe/Warsaw"
since = 2026-11-02

[[resident]]
id = "ana"
display_name = "Ana"
skills = ["signing"]

[[resident]]
id = "ben"
display_name = "Ben"
capacity_hours = 20

[[resident]]
id = "chi"
display_name = "Chi"
term = { first = 2026-11-02, last = 2026-12-06 }

[[duty]]
id = "triage"
title = "New issues"

[[duty.requirement]]
id = "always"
when = "always"

[[duty.layer]]
id = "weekly"
participants = ["ana", "ben", "chi"]
shift_length = "1 week"
anchor = 2026-11-02T09:00:00

[[duty]]
id = "releases"
title = "Signed releases"
skills = ["signing"]

[[duty.requirement]]
id = "office"
when = ["mon-fri 09:00-17:00"]

[[duty.layer]]
id = "all"
members = ["ana", "ben", "chi"]
"#;

#[test]
fn one_resident_alone() {
    let mut people = Transcript::empty(NOW);
    people.file("solo.toml", ALONE);
    people.onduty("apply solo.toml --yes");
    people.onduty("off add vacation --from 2026-11-30 --to 2026-12-01 --id week");
    let gap = people.gap("triage");
    people.onduty(&format!("gaps accept {gap} --reason 'the office is closed'"));
    people.onduty("gaps --fail --to 2026-12-03");
    people.onduty("off add vacation --from 2026-12-02 --to 2026-12-02 --id longer");
    people.onduty("gaps --fail --to 2026-12-03");
    people.onduty("undo");
    people.onduty("off add sick");
    people.onduty("who");
    people.onduty("back");
    people.onduty("gaps --fail --to 2026-12-03");
    people.onduty("load --month 2026-12");
    insta::assert_snapshot!(people.text());
}

#[test]
fn half_a_week_a_last_day_and_one_who_can() {
    let mut people = Transcript::empty(NOW);
    people.file("core.toml", TEAM);
    people.onduty("apply core.toml --yes");
    people.onduty("shifts --duty triage --to 2026-12-20");
    people.onduty("load --from 2026-11-02 --to 2026-12-20");
    people.onduty("gaps --duty releases --to 2026-11-27");
    people.onduty("off add sick --resident ana --to 2026-11-25 --dry-run");
    people.onduty("off add travel --resident ana --from 2027-02-01 --to 2027-02-05");
    people.onduty("off add conference --resident ben --from 2026-11-30 --to 2026-12-04");
    people.onduty("off add conference --resident chi --from 2026-12-02 --to 2026-12-04");
    people.onduty("off add conference --resident ana --from 2026-12-03 --to 2026-12-03");
    people.onduty("gaps --duty triage --to 2026-12-10");
    insta::assert_snapshot!(people.text());
}

#[test]
fn fifty_residents_in_ten_zones() {
    let zones = [
        "Europe/Warsaw",
        "Europe/London",
        "America/New_York",
        "America/Vancouver",
        "America/Sao_Paulo",
        "Asia/Tokyo",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Auckland",
    ];
    let mut file = "team = \"many\"\nzone = \"UTC\"\nsince = 2026-11-02\n".to_owned();
    for person in 0..50 {
        let zone = zones[person % zones.len()];
        let _ = write!(
            file,
            "\n[[resident]]\nid = \"r{person:02}\"\nhome_zone = \"{zone}\"\nworking_hours = [\"mon-fri 09:00-17:00\"]\n"
        );
    }
    let all: Vec<String> = (0..50).map(|person| format!("\"r{person:02}\"")).collect();
    let _ = write!(
        file,
        "\n[[duty]]\nid = \"watch\"\n\n[[duty.requirement]]\nid = \"week\"\nwhen = [\"mon-fri 00:00-24:00\"]\n\n\
         [[duty.layer]]\nid = \"all\"\nhours = \"working\"\nmembers = [{}]\n",
        all.join(", ")
    );
    let mut people = Transcript::empty(NOW);
    people.file("many.toml", &file);
    people.cli.done("apply many.toml --yes");
    people.onduty("who");
    people.onduty("gaps --to +3d");
    people.onduty("off add sick --resident r00 --to +1d");
    let told = people.cli.done("load --from 2026-11-02 --to 2026-11-15 --output json");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["loads"].as_array().unwrap().len(), 50, "whoever had nothing to do is there too");
    insta::assert_snapshot!(people.text());
}
