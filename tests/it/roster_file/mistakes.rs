//! Every mistake of a file at once, each with its line and column.

use super::*;

/// A file with one mistake of nearly every kind.
const BAD: &str = r#"team = "PSF"
zone = "Europe/Warszawa"
displayname = "Residents"
rest_hours = 500
public = "yes"
since = "2023-01-01"
reference = 2026-01-06

[[holiday_set]]
id = "poland"
dates = [1969-12-31, { date = 2026-05-01, nme = "Labour Day" }]

[[holiday_set]]
id = "us"
dates = [2026-01-01, 2026-01-01]

[[resident]]
id = "asa"
display_name = ""
home_zone = "america/new_york"
working_hours = ["mon-fri 9-17", "Monday 09:00-17:00", { id = "x", days = "fri", start = "09:00" }]
capacity_hours = 40.001
term = { first = 2026-05-01, last = 2026-04-01 }
holidays = ["polnd"]
handles = { github = "asa", email = { team = "a", public = "b" } }

[[resident]]
id = "asa"
skills = ["release", "release"]

[[duty]]
title = "No id"
criticality = "hihg"
headcount = 0

[[duty]]
id = "review"
headcount = "everybody"
skill = ["release"]

[[duty.requirement]]
id = "hours"
when = "mon-fri 09:00-25:00"
holidays = ["poland", "polnad"]

[[duty.requirement]]
when = []

[[duty.layer]]
id = "weekly"
participants = ["asa", "asaa"]
shift_length = "1 fortnight"
anchor = 2026-01-05
anchor_turn = "bo"

[[duty.layer]]
id = "pool"
members = ["asa", "asa"]
anchor = 2026-01-05T09:00:00
shadows = ["asa"]

[[duty.layer]]
id = "none"
windows_zone = "UTC"

[[override]]
duty = "reveiw"
by = "asa"
for = "asa"
start = 2026-01-07T10:00:00
end = 2026-01-07T09:00:00

[[override]]
duty = "review"
start = 2026-01-07T10:00:00Z
end = 2026-01-07T12:00:00

[[override]]
duty = "review"
by = "asa"
first = 2026-01-07

[[time_off]]
resident = "bo"
kind = "vacations"
day = 2026-01-07
last = 2026-01-08

[[time_off]]
resident = "asa"
kind = "focus"
first = 2026-01-07
rrule = "FREQ=HOURLY"

[[time_off]]
resident = "asa"
effect = "soft"
elsewhere = "Mars/Olympus"
first = 2026-01-07T09:00:00

[[task]]
duty = "review"
assignee = "asa"
deputy = "asa"
due = 2026-02-30
link = "ftp://example.org"
effort_hours = -1
"#;

#[test]
fn every_mistake_is_reported_at_once_with_its_place() {
    let rules = rules();
    let mistakes = parse(BAD, None, rules).unwrap_err();
    insta::assert_snapshot!(shown(&mistakes).replace(rules.version(), "{version}"), @r#"
    1:8: team: 'PSF' is not an id: use 1 to 63 of a-z, 0-9 and '-', beginning with a letter and ending with a letter or digit
    2:8: zone: 'Europe/Warszawa' is no time zone of tz database {version}; did you mean 'Europe/Warsaw'?
    3:1: displayname: is no key of a roster file; did you mean 'display_name'?
    4:14: rest_hours: 500 is more than a week; give 0 to 168 hours
    5:10: public: is a string; give true or false
    6:9: since: is a string; give a date such as 2026-01-05 or a time such as 2026-01-05T09:00:00, without quotes
    7:13: reference: 2026-01-06 is no Monday; give the Monday that the dated entries are written against
    11:10: holiday_set[0].dates[0]: 1969-12-31 is outside 1970-01-01 to 2200-12-31
    11:43: holiday_set[0].dates[1].nme: is no key of a roster file; did you mean 'name'?
    15:9: holiday_set[1].dates: names '2026-01-01' twice
    19:16: resident[0].display_name: is empty
    20:13: resident[0].home_zone: 'america/new_york' is no time zone of tz database {version}; did you mean 'America/New_York'?
    21:18: resident[0].working_hours[0]: '17' is not a time of day from 00:00 to 24:00, such as 08:30
    21:18: resident[0].working_hours[0]: '9' is not a time of day from 00:00 to 24:00, such as 08:30
    21:34: resident[0].working_hours[1]: 'Monday' is no day; use mon, tue, wed, thu, fri, sat, sun or daily; did you mean 'mon'?
    21:56: resident[0].working_hours[2].end: is missing; write one, such as end = "17:00"
    22:18: resident[0].capacity_hours: 40.001 is out of range; give hours a week, more than 0 and at most 168, to the minute
    23:37: resident[0].term.last: 2026-04-01 is before the first day, 2026-05-01
    24:13: resident[0].holidays[0]: there is no holiday set 'polnd'; did you mean 'poland'?
    25:22: resident[0].handles.github: is a string; give who may see it, such as { public = "..." } or { team = "..." }
    25:37: resident[0].handles.email: needs either 'public' or 'team', such as email = { public = "..." }
    28:6: resident[1].id: 'asa' is the id of another resident already; choose a new one
    29:10: resident[1].skills: names 'release' twice
    31:1: duty[0].id: is missing; write one, such as id = "review"
    33:15: duty[0].criticality: 'hihg' is none of low, normal, high, critical; did you mean 'high'?
    34:13: duty[0].headcount: 0 is not from 1 to 1000
    38:13: duty[1].headcount: is a string; give a number of people, or "all"
    39:1: duty[1].skill: is no key of a roster file; did you mean 'skills'?
    43:8: duty[1].requirement[0].when: '25:00' is not a time of day from 00:00 to 24:00, such as 08:30
    44:23: duty[1].requirement[0].holidays[1]: there is no holiday set 'polnad'; did you mean 'poland'?
    46:1: duty[1].requirement[1].id: is missing; write one, such as id = "hours"
    47:8: duty[1].requirement[1].when: has no window; give at least one, or say 'always'
    51:24: duty[1].layer[0].participants[1]: there is no resident 'asaa'; did you mean 'asa'?
    52:16: duty[1].layer[0].shift_length: 'fortnight' is no unit of a shift length; use hours, days, weeks or months; did you mean '2 weeks'?
    53:10: duty[1].layer[0].anchor: has no time of day; give one, such as 2026-01-05T09:00:00
    54:15: duty[1].layer[0].anchor_turn: 'bo' is no participant; name the one who has the turn that starts at the anchor
    58:11: duty[1].layer[1].members: names 'asa' twice
    59:10: duty[1].layer[1].anchor: belongs to a rotation; a layer with 'members' has no turns
    60:12: duty[1].layer[1].shadows[0]: 'asa' already is one of the layer's own people
    62:1: duty[1].layer[2]: needs one of 'members' (a pool) and 'participants' (a rotation); give one
    64:16: duty[1].layer[2].windows_zone: says nothing without 'windows'; leave it out, or say when the layer is active
    67:8: override[0].duty: there is no duty 'reveiw'; did you mean 'review'?
    68:6: override[0].by: 'asa' cannot cover for themselves; name somebody else, or nobody
    71:7: override[0].end: 2026-01-07T09:00:00 is not after the start, 2026-01-07T10:00:00
    73:1: override[1]: needs 'by' (who covers), 'for' (whose slot), or both
    76:7: override[1].end: has an offset and the start has none, or the other way round; write both in one way
    78:1: override[2].last: has no end; an override needs one
    83:1: time_off[0]: needs one of: 'day'; 'first' and 'last'; 'start' and 'end'
    84:12: time_off[0].resident: there is no resident 'bo'
    85:8: time_off[0].kind: 'vacations' is none of sick, vacation, travel, conference, focus, public_holiday, other; did you mean 'vacation'?
    93:9: time_off[1].rrule: 'FREQ=HOURLY' recurs more often than daily; use FREQ=DAILY, WEEKLY, MONTHLY or YEARLY
    93:9: time_off[1].rrule: recurs without an end of its instances; give the span an end
    97:10: time_off[2].effect: says an absence, and 'elsewhere' that it is none; leave one of them out
    98:13: time_off[2].elsewhere: 'Mars/Olympus' is no time zone of tz database {version}
    99:9: time_off[2].first: has a time of day; give a date such as 2026-01-05
    101:1: task[0].title: is missing; write one, such as title = "Move the issue tracker"
    104:10: task[0].deputy: is the assignee; name somebody else, or nobody
    105:7: is no TOML: invalid date, expected day between 01 and 28
    106:8: task[0].link: 'ftp://example.org' is not an http or https address
    107:16: task[0].effort_hours: -1 is out of range; give hours, more than 0 and at most 10000, to the minute
    "#);
}

#[test]
fn columns_count_characters() {
    let mistakes = parse("team = \"t\"\nzone = \"UTC\"\n\"żółw\" = 1\npublic = 3\n", None, rules()).unwrap_err();
    insta::assert_snapshot!(shown(&mistakes), @r#"
    3:1: żółw: is no key of a roster file; known here: team, zone, display_name, public, rest_hours, since, reference, holiday_set, resident, duty, override, time_off, task
    4:10: public: is an integer; give true or false
    "#);
}

#[test]
fn a_text_that_is_no_toml_or_says_nothing_is_refused() {
    for (text, expected) in [
        ("", "1:1: team: is missing; write one, such as team = \"psf\"\n"),
        ("team = [\n", "1:9: is no TOML: unclosed array"),
        ("[[duty]\n", "is no TOML"),
        ("team = \"t\"\nzone = \"UTC\"\nresident = 3\n", "3:12: resident: is an integer; give a list\n"),
        ("team = \"t\"\nzone = \"UTC\"\nresident = [3]\n", "3:13: resident[0]: is an integer; give a table\n"),
        ("team = \"t\"\nteam = \"t\"\nzone = \"UTC\"\n", "2:1: is no TOML: duplicate key"),
    ] {
        let mistakes = shown(&parse(text, None, rules()).unwrap_err());
        assert!(mistakes.contains(expected), "{text}: {mistakes}");
    }
}

#[test]
fn references_may_be_to_what_is_there_already() {
    let team = "team = \"t\"\nzone = \"UTC\"\n";
    let (known, _) = apply(&nothing(team), &format!("{team}[[resident]]\nid = \"asa\"\n"), "2026-01-01T00:00:00Z");
    let text = format!("{team}[[time_off]]\nresident = \"asa\"\nday = 2026-01-07\n");
    assert!(parse(&text, Some(&known), rules()).is_ok());
    let mistakes = shown(&parse(&text, None, rules()).unwrap_err());
    assert_eq!(mistakes, "4:12: time_off[0].resident: there is no resident 'asa'\n");
}
