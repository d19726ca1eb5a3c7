//! The main story: who is on duty, where the gaps are, a sick day, and what can be done about it.

use super::transcript::{NOW, Transcript};
use crate::support::cli::Cli;
use crate::support::local::LocalServer;
use crate::support::same::same;

#[test]
fn a_sick_day_and_what_follows() {
    let mut people = Transcript::demo(NOW);
    people.onduty("who");
    people.onduty("gaps --to +10d");
    people.onduty("off add sick --resident lukasz --id flu --dry-run --to wed");
    people.onduty("off add sick --resident lukasz --id flu --note 'In bed.'");
    people.onduty("who");
    people.onduty("gaps --to +2d");
    let gap = people.gap("review");
    people.onduty(&format!("cover {gap} --by magdalena"));
    people.onduty("gaps --to +2d --duty review");
    people.onduty("off list --resident lukasz");
    people.onduty("who --at 'tomorrow 11:00'");
    people.wait(2 * 86_400);
    people.onduty("back --resident lukasz");
    people.onduty("off list --resident lukasz");
    people.onduty("who security --why");
    insta::assert_snapshot!(people.text());
}

/// Ana and ben share the releases, week by week; ben works half of the time.
const RELEASES: &str = r#"
team = "core"
display_name = "Core"
zone = "Europe/Warsaw"
since = 2026-01-01

[[resident]]
id = "ana"
display_name = "Ana"
working_hours = ["mon-fri 09:00-17:00"]
capacity_hours = 40
skills = ["signing"]

[[resident]]
id = "ben"
display_name = "Ben"
working_hours = ["mon-fri 09:00-13:00"]
capacity_hours = 20

[[duty]]
id = "releases"
title = "Releases"

[[duty.layer]]
id = "weekly"
participants = ["ana", "ben"]
shift_length = "1 week"
anchor = 2026-11-23T09:00:00
windows = ["mon-fri 09:00-17:00"]

[[duty]]
id = "signing"
title = "Signing"
skills = ["signing"]
"#;

fn releases() -> Transcript {
    let people = Transcript::empty(NOW);
    people.file("core.toml", RELEASES);
    people.cli.done("apply core.toml");
    people
}

#[test]
fn two_share_the_release_work_and_one_falls_ill() {
    let mut people = releases();
    people.onduty("task add 'Branch 3.15' --id branch --duty releases --effort 8 --due 2026-12-04");
    people.onduty("task add 'Write what is new' --id notes --effort 6 --due 2026-12-04");
    people.onduty("task add 'Thank everybody' --id thanks --due 2026-12-04");
    people.onduty("task add 'Sign the installers' --id sign --duty signing --effort 2 --due 2026-12-04");
    people.onduty("task split");
    people.onduty("task split --apply");
    people.onduty("task comment notes 'the headings are in the wiki, only the examples are missing'");
    people.onduty("task edit thanks --effort 1 --priority low");
    people.wait(86_400);
    people.onduty("off add sick --resident ben --to 2026-12-06");
    people.onduty("gaps");
    people.onduty("task split --of ben");
    people.onduty("task split --of ben --apply");
    people.onduty("task show notes");
    people.onduty("gaps");
    people.onduty("off add sick --resident ana --to 2026-12-06 --id ana");
    people.onduty("task split notes sign");
    insta::assert_snapshot!(people.text());
}

#[test]
fn a_note_left_on_friday_is_read_on_monday() {
    let mut people = releases();
    people.wait(4 * 86_400);
    people.onduty("handoffs --to +4d");
    people.onduty("handoffs note releases 'the signing key is with Ned; he answers on Monday' --id key");
    people.onduty("handoffs note releases 'ask for a second key' --at 2026-12-02 --id second");
    people.onduty("handoffs note nowhere 'x'");
    people.onduty("handoffs --to +4d");
    people.wait(3 * 86_400);
    people.onduty("who");
    people.wait(7 * 86_400);
    people.onduty("handoffs notes");
    people.onduty("handoffs notes --all");
    people.onduty("handoffs remove second");
    people.onduty("handoffs notes --duty releases");
    insta::assert_snapshot!(people.text());
}

#[test]
fn a_calendar_becomes_time_off_and_changes() {
    let mut people = Transcript::demo(NOW);
    let calendar =
        |events: &str| format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a program//EN\n{events}END:VCALENDAR\n");
    let event = |uid: &str, when: &str| format!("BEGIN:VEVENT\nUID:{uid}\nSUMMARY:The clinic\n{when}\nEND:VEVENT\n");
    let dentist = event("b", "DTSTART;TZID=W. Europe Standard Time:20261204T090000\nDURATION:PT1H");
    let ski = |first: &str, after: &str| event("a", &format!("DTSTART;VALUE=DATE:{first}\nDTEND;VALUE=DATE:{after}"));
    people.file("holidays.ics", &calendar(&(ski("20270104", "20270109") + &dentist)));
    people.onduty("off import holidays.ics --resident lukasz --dry-run");
    people.onduty("off import holidays.ics --resident lukasz");
    people.onduty("off import holidays.ics --resident lukasz --every");
    people.file("holidays (1).ics", &calendar(&(ski("20270111", "20270116") + &event("c", "DTSTART:soon"))));
    people.onduty("off import 'holidays (1).ics' --resident lukasz --every");
    people.onduty("off import missing.ics --resident lukasz");
    people.file("page.ics", "<!doctype html><html><body>Log in</body></html>");
    people.onduty("off import page.ics --resident lukasz");
    people.onduty("off list --resident lukasz --from 2026-12-01");
    insta::assert_snapshot!(people.text());
}

#[test]
fn a_month_is_counted_and_reported() {
    let mut people = Transcript::demo(NOW);
    people.onduty("load --month 2026-11");
    people.onduty("load --month 2026-11 --by-duty --duty review --duty security");
    people.document("load --from 2026-11-02 --to 2026-11-08 --csv");
    people.onduty("load --month november");
    people.onduty("load --from tomorrow");
    people.onduty("off add sick --resident lukasz --to +1d");
    people.onduty("cover security --by magdalena --for lukasz --from now --to +1d");
    people.document("report --month 2026-11 --for team");
    people.document("report --month 2026-11");
    people.onduty("report --month 2026-13");
    insta::assert_snapshot!(people.text());
}

#[test]
fn public_holidays_come_from_a_calendar() {
    let mut people = Transcript::demo(NOW);
    let day = |date: &str, title: &str| {
        format!("BEGIN:VEVENT\nUID:{date}\nDTSTART;VALUE=DATE:{date}\nSUMMARY:{title}\nEND:VEVENT\n")
    };
    let days = [day("20261224", "Wigilia"), day("20261225", "Boże Narodzenie"), day("20240101", "Nowy Rok")];
    people.file("poland.ics", &format!("BEGIN:VCALENDAR\nVERSION:2.0\n{}END:VCALENDAR\n", days.concat()));
    people.onduty("holidays import poland.ics --set poland --name Poland");
    people.onduty("holidays import poland.ics --set poland --from 2028-01-01 --to 2028-12-31");
    people.onduty("holidays import poland.ics --set poland --from tomorrow --to soon");
    people.onduty("list holiday-sets");
    insta::assert_snapshot!(people.text());
}

#[test]
fn the_same_roster_in_another_year() {
    let mut people = Transcript::demo("2031-06-12T07:30:00Z");
    people.onduty("who");
    people.onduty("gaps --to +7d");
    people.onduty("handoffs --to +3d");
    people.onduty("off list");
    people.onduty("feed");
    people.onduty("feed lukasz security");
    insta::assert_snapshot!(people.text());
}

#[test]
fn the_demo_says_how_the_team_stands() {
    for (year, now) in [("2026", NOW), ("2031", "2031-06-12T07:30:00Z")] {
        let people = Transcript::demo(now);
        insta::assert_snapshot!(year, same(&people.server.summary, &people.server));
    }
}

#[test]
fn a_week_as_a_picture() {
    let mut people = Transcript::demo(NOW);
    people.onduty("shifts --draw");
    people.onduty("shifts --draw --tz America/New_York --to +2w --duty security --duty review");
    people.onduty("shifts --resident magdalena --to +2d");
    insta::assert_snapshot!(people.text());
}

#[test]
fn a_gap_that_is_accepted_fails_no_check() {
    let mut people = Transcript::demo(NOW);
    assert_eq!(people.onduty("gaps --duty security --fail").code, 3);
    let gap = people.gap("security");
    people.onduty(&format!("gaps accept {gap} --reason 'everybody travels' --dry-run"));
    people.onduty(&format!("gaps accept {gap} --reason 'everybody travels'"));
    assert_eq!(people.onduty("gaps --duty security --to 2026-12-11 --fail").code, 0);
    people.onduty("gaps --duty security --to 2026-12-11 --open");
    people.onduty(&format!("gaps reopen {gap}"));
    assert_eq!(people.onduty("gaps --duty security --to 2026-12-11 --fail").code, 3);
    insta::assert_snapshot!(people.text());
}

#[test]
fn a_second_start_of_the_demo_loads_nothing_again() {
    let people = Transcript::demo(NOW);
    people.cli.done("off add sick --resident lukasz --id flu");
    let revision = |cli: &Cli| {
        let info: serde_json::Value = serde_json::from_str(&cli.done("info --team psf --output json")).unwrap();
        info["teamRevisions"].to_string()
    };
    let (exported, at) = (people.cli.done("export --all"), revision(&people.cli));
    assert!(at.contains("\"2\""), "{at}");
    let Transcript { server, dir, .. } = people;
    drop(server);
    for later in [NOW, "2031-06-12T07:30:00Z"] {
        let server = LocalServer::demo(&dir.path().join("data"), later);
        let cli = Cli::new(&server.url(), dir.path(), NOW);
        assert_eq!((cli.done("export --all"), revision(&cli)), (exported.clone(), at.clone()), "{later}");
    }
}
