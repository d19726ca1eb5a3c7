//! What single properties mean, one rule at a time.

use super::support::{How, RULES, calendar, days, event, holidays_of, span};
use crate::civil::{Date, Interval};
use crate::ical::import::{Absences, LeftReason, Part, RemarkKind, RuleProblem, Unreadable, Which};
use crate::ical::{Event, EventStamps, Feed, When};

fn read(bytes: &[u8]) -> Absences {
    How::default().read(bytes).unwrap()
}

fn spans(bytes: &[u8]) -> Vec<String> {
    read(bytes).taken.iter().map(|absence| span(&absence.span)).collect()
}

fn reasons(bytes: &[u8]) -> Vec<LeftReason> {
    read(bytes).left.into_iter().map(|left| left.reason).collect()
}

#[test]
fn a_file_that_is_no_calendar_says_what_it_is() {
    let refused = |bytes: &[u8]| How::default().read(bytes).unwrap_err();
    assert_eq!(refused(b""), Unreadable::Empty);
    assert_eq!(refused("\u{feff} \r\n".as_bytes()), Unreadable::Empty);
    assert_eq!(refused(b"\n<HTML><body>"), Unreadable::WebPage);
    assert_eq!(refused(b"\xff\xfeB\0E\0G\0I\0N\0"), Unreadable::Utf16);
    assert_eq!(refused(b"[\"vcalendar\", []]"), Unreadable::NotACalendar);
    assert_eq!(refused(b"BEGIN:VEVENT\nEND:VEVENT"), Unreadable::NotACalendar);
    assert_eq!(refused(&vec![b' '; 10 * 1024 * 1024 + 1]), Unreadable::TooLarge);
    let nowhere = How { zone: "Mars/Olympus", ..How::default() };
    assert!(matches!(nowhere.read(b"BEGIN:VCALENDAR").unwrap_err(), Unreadable::NoZone(_)));
}

#[test]
fn white_space_before_the_first_line_is_passed_over() {
    let read = How::default().read(b"\r\n  BEGIN:VCALENDAR\r\nEND:VCALENDAR").unwrap();
    assert_eq!(read.remarks.len(), 1, "it has no events");
    assert_eq!(read.remarks[0].what, RemarkKind::NoEvents);
}

#[test]
fn a_stated_length_counts_days_on_the_calendar_and_hours_as_they_pass() {
    let night = |length: &str| spans(&event(&format!("DTSTART;TZID=Europe/Warsaw:20260328T200000\nDURATION:{length}")));
    assert_eq!(night("P1D"), ["2026-03-28T20:00:00 to 2026-03-29T20:00:00 in Europe/Warsaw"]);
    assert_eq!(night("PT24H"), ["2026-03-28T20:00:00 to 2026-03-29T21:00:00 in Europe/Warsaw"]);
    assert_eq!(night("P1W"), ["2026-03-28T20:00:00 to 2026-04-04T20:00:00 in Europe/Warsaw"]);
}

#[test]
fn an_end_in_the_hour_that_the_clock_shows_again_is_an_instant() {
    let read = spans(&event("DTSTART;TZID=Europe/Warsaw:20261025T010000\nDURATION:PT2H30M"));
    assert_eq!(read, ["2026-10-24T23:00:00Z to 2026-10-25T01:30:00Z"]);
}

#[test]
fn start_and_end_may_be_on_different_clocks() {
    let read = spans(&event("DTSTART;TZID=Europe/Warsaw:20260701T100000\nDTEND;TZID=Asia/Tokyo:20260701T180000"));
    assert_eq!(read, ["2026-07-01T10:00:00 to 2026-07-01T11:00:00 in Europe/Warsaw"]);
    let read = spans(&event("DTSTART:20260701T100000Z\nDTEND;TZID=Europe/Warsaw:20260701T130000"));
    assert_eq!(read, ["2026-07-01T10:00:00Z to 2026-07-01T11:00:00Z"]);
}

#[test]
fn utc_stays_utc_whatever_zone_is_named_beside_it() {
    let read = spans(&event("DTSTART;TZID=Europe/Warsaw:20260701T100000Z\nDTEND:20260701T110000Z"));
    assert_eq!(read, ["2026-07-01T10:00:00Z to 2026-07-01T11:00:00Z"]);
}

#[test]
fn days_are_read_in_every_form_that_programs_write() {
    for lines in [
        "DTSTART:20260701\nDTEND:20260703",
        "DTSTART;VALUE=DATE:20260701T000000\nDTEND;VALUE=DATE:20260703T000000Z",
        "DTSTART;VALUE=DATE:20260701\nDTEND:20260703T000000",
        "DTSTART;VALUE=DATE-TIME:20260701\nDURATION:PT48H",
        "DTSTART;TZID=Europe/Kyiv;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260703",
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE\nDTSTART:20260701T000000\nDTEND:20260703T000000",
    ] {
        assert_eq!(spans(&event(lines)), ["2026-07-01 to 2026-07-02 in Europe/Warsaw"], "{lines}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let bytes = event("DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=DAILY;COUNT=x");
    assert_eq!(read(&bytes).left[0].line, 2, "the event's own");
    let bytes = event("DTSTART;VALUE=DATE:20260701\nEXDATE:20260702,soon");
    assert_eq!((read(&bytes).left[0].line, reasons(&bytes)), (5, vec![LeftReason::Malformed(Part::ExceptedDates)]));
    let several = event("DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY");
    assert_eq!(reasons(&several), [LeftReason::Rule(RuleProblem::Several)]);
    let numbered = event("DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=WEEKLY;BYDAY=2MO");
    assert_eq!(reasons(&numbered), [LeftReason::Rule(RuleProblem::NumberedWeekday)]);
}

#[test]
fn a_time_that_the_clock_skips_is_read_with_the_offset_from_before_the_jump() {
    let warsaw = |start: &str, end: &str| {
        event(&format!("DTSTART;TZID=Europe/Warsaw:20260329T{start}\nDTEND;TZID=Europe/Warsaw:20260329T{end}"))
    };
    assert_eq!(spans(&warsaw("021000", "024000")), ["2026-03-29T01:10:00Z to 2026-03-29T01:40:00Z"]);
    assert_eq!(spans(&warsaw("013000", "023000")), ["2026-03-29T00:30:00Z to 2026-03-29T01:30:00Z"]);
    assert_eq!(spans(&warsaw("013000", "030000")), ["2026-03-29T01:30:00 to 2026-03-29T03:00:00 in Europe/Warsaw"]);
    // Read so, it would end before it starts.
    assert_eq!(reasons(&warsaw("023000", "031500")), [LeftReason::Skipped]);
}

#[test]
fn days_beyond_the_supported_years_are_left_out() {
    let how = How { window: Interval::ALL, ..How::default() };
    let reasons = |lines: &str| -> Vec<LeftReason> {
        how.read(&event(lines)).unwrap().left.into_iter().map(|left| left.reason).collect()
    };
    assert_eq!(reasons("DTSTART;VALUE=DATE:19691230\nDTEND;VALUE=DATE:19700105"), [LeftReason::OutOfYears]);
    assert_eq!(reasons("DTSTART;VALUE=DATE:22001230\nDTEND;VALUE=DATE:22010105"), [LeftReason::OutOfYears]);
    assert_eq!(reasons("DTSTART;VALUE=DATE:16010101"), []);
    assert_eq!(reasons("DTSTART;VALUE=DATE:00010101\nDTEND;VALUE=DATE:99991231"), [LeftReason::OutOfYears]);
    assert_eq!(reasons("DTSTART:99991231T235959Z\nDURATION:P100000D"), []);
}

#[test]
fn a_rule_may_end_in_any_form() {
    let lines = |until: &str| {
        let bytes = event(&format!("DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=DAILY;UNTIL={until}"));
        spans(&bytes).len()
    };
    assert_eq!(lines("20260703"), 3);
    assert_eq!(lines("20260703T000000Z"), 3);
    assert_eq!(lines("20260703T120000"), 3);
    assert_eq!(lines("20260702T220000Z"), 3, "00:00 on the third in Warsaw");
    assert_eq!(lines("20260702T215959Z"), 2);
    assert_eq!(lines("20260601"), 1, "it ended before it began");
    let timed =
        event("DTSTART;TZID=Asia/Tokyo:20260701T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20260703T000000Z");
    assert_eq!(spans(&timed).len(), 3, "09:00 in Tokyo is midnight in UTC");
}

#[test]
fn spelling_of_rules_is_forgiven_where_it_is_clear() {
    let bytes = event("DTSTART;VALUE=DATE:20260701\nRRULE:freq=weekly;;count=2;byhour=8;");
    assert_eq!(spans(&bytes).len(), 2);
    let bytes = event(
        "DTSTART;TZID=Europe/Warsaw:20260701T093000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2;BYHOUR=9;BYMINUTE=30",
    );
    assert_eq!(spans(&bytes).len(), 2);
}

#[test]
fn a_recurring_event_keeps_its_wall_clock_time_across_the_change() {
    let bytes = event(
        "DTSTART;TZID=Europe/Warsaw:20261024T220000\nDTEND;TZID=Europe/Warsaw:20261025T060000\nRRULE:FREQ=DAILY;COUNT=2",
    );
    assert_eq!(
        spans(&bytes),
        [
            "2026-10-24T22:00:00 to 2026-10-25T06:00:00 in Europe/Warsaw",
            "2026-10-25T22:00:00 to 2026-10-26T06:00:00 in Europe/Warsaw",
        ]
    );
}

#[test]
fn exceptions_match_on_any_clock() {
    let with = |except: &str| {
        let bytes = event(&format!(
            "DTSTART;TZID=Europe/Warsaw:20260701T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n{except}"
        ));
        spans(&bytes).len()
    };
    assert_eq!(with("EXDATE;TZID=Europe/Warsaw:20260702T090000"), 2);
    assert_eq!(with("EXDATE:20260702T090000"), 2, "without a zone it is on the event's clock");
    assert_eq!(with("EXDATE:20260702T070000Z"), 2);
    assert_eq!(with("EXDATE;TZID=Asia/Tokyo:20260702T160000,20260703T160000"), 1);
    assert_eq!(with("EXDATE;VALUE=DATE:20260702"), 2);
    assert_eq!(with("EXDATE:20260702T080000Z"), 3);
    let whole =
        event("DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260702T000000\nEXDATE:20260703T000000Z");
    assert_eq!(spans(&whole).len(), 1);
}

#[test]
fn further_dates_are_instances_and_may_be_shorter() {
    let bytes = event(
        "DTSTART;TZID=Europe/Warsaw:20260701T090000\nDURATION:PT1H\nRDATE;TZID=Europe/Warsaw:20260703T120000\n\
         RDATE;VALUE=PERIOD:20260705T100000Z/PT15M\nRDATE;VALUE=DATE:20260704",
    );
    assert_eq!(
        spans(&bytes),
        [
            "2026-07-01T09:00:00 to 2026-07-01T10:00:00 in Europe/Warsaw",
            "2026-07-03T12:00:00 to 2026-07-03T13:00:00 in Europe/Warsaw",
            "2026-07-04T09:00:00 to 2026-07-04T10:00:00 in Europe/Warsaw",
            "2026-07-05T12:00:00 to 2026-07-05T12:15:00 in Europe/Warsaw",
        ]
    );
}

#[test]
fn an_id_stays_when_an_event_is_moved_and_differs_between_instances() {
    let ids = |lines: &str| read(&event(lines)).taken.into_iter().map(|absence| absence.id).collect::<Vec<_>>();
    let before = ids("DTSTART;VALUE=DATE:20260701\nSUMMARY:A");
    assert_eq!(before, ids("SUMMARY:B\nSEQUENCE:4\nDTSTART:20260812T090000Z\nDTEND:20260813T090000Z"));
    let weekly = ids("DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=WEEKLY;COUNT=3");
    assert!(weekly.len() == 3 && weekly[0] != weekly[1] && !weekly.contains(&before[0]));
    let moved = calendar(
        "BEGIN:VEVENT\nUID:one\nDTSTART;VALUE=DATE:20260701\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:one\nRECURRENCE-ID;VALUE=DATE:20260708\nDTSTART;VALUE=DATE:20260710\nEND:VEVENT",
    );
    let mut moved: Vec<_> = read(&moved).taken.into_iter().map(|absence| absence.id).collect();
    let mut weekly = weekly;
    moved.sort_unstable();
    weekly.sort_unstable();
    assert_eq!(moved, weekly);
}

#[test]
fn of_a_changed_instance_alone_the_id_is_the_same_as_with_its_event() {
    let whole = "BEGIN:VEVENT\nUID:one\nDTSTART;TZID=Europe/Warsaw:20260701T090000\nDURATION:PT1H\n\
                 RRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n";
    let changed = "BEGIN:VEVENT\nUID:one\nRECURRENCE-ID;TZID=Europe/Warsaw:20260708T090000\n\
                   DTSTART;TZID=Europe/Warsaw:20260709T090000\nDURATION:PT1H\nEND:VEVENT";
    let (both, alone) = (read(&calendar(&format!("{whole}{changed}"))), read(&calendar(changed)));
    assert_eq!((both.taken.len(), alone.taken.len()), (3, 1));
    assert!(both.taken.iter().any(|absence| absence.id == alone.taken[0].id));
}

#[test]
fn an_event_without_a_uid_is_known_by_its_times() {
    let one = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260701\nEND:VEVENT";
    let other = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260702\nEND:VEVENT";
    let read = read(&calendar(&format!("{one}\n{other}\n{one}")));
    assert_eq!((read.taken.len(), read.left.len()), (2, 1));
    assert_eq!(read.left[0].reason, LeftReason::Superseded(8));
}

#[test]
fn categories_and_words_of_titles_choose_events() {
    let bytes = calendar(
        "BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20260701\nSUMMARY:Urlop\\, nareszcie\nCATEGORIES:Holiday,Family\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:b\nDTSTART:20260702T080000Z\nDURATION:PT1H\nSUMMARY:Planning urlopów\nCATEGORIES:Work\nEND:VEVENT",
    );
    let lines = |which: Which| -> Vec<u32> {
        How::of(which).read(&bytes).unwrap().taken.iter().map(|absence| absence.line).collect()
    };
    assert_eq!(lines(Which::Title("urlop".to_owned())), [2]);
    assert_eq!(lines(Which::Category("WORK".to_owned())), [8]);
    assert_eq!(lines(Which::Category("Hol".to_owned())), Vec::<u32>::new());
    assert_eq!(lines(Which::Every), [2, 8]);
    let other = How { zone: "Europe/Kyiv", ..How::default() };
    assert_ne!(other.told(&bytes), How::default().told(&bytes));
}

#[test]
fn own_feeds_are_read_back_whole() {
    let start = crate::civil::Instant::from_seconds(1_782_000_000);
    let events = (0..40_i64).map(|number| {
        let from = start.plus(number * 50_000);
        Event {
            uid: uuid::Uuid::from_u128(number as u128),
            sequence: 1,
            stamps: EventStamps::Exact { created: start, modified: start },
            when: When::Instants(Interval::new(from, from.plus(3_600 + number)).unwrap()),
            summary: "Review: Åsa Öberg with a long name, so that it is folded: Åsa Öberg Åsa Öberg".to_owned(),
            description: String::new(),
            category: "DUTY",
            tentative: false,
            busy: false,
        }
    });
    let feed = Feed { name: "Team".to_owned(), description: String::new(), events: events.collect() };
    let mut how = How::default();
    let own = feed.render().0;
    assert_eq!(how.read(own.as_bytes()), Err(Unreadable::Own));
    let others = own.replace("PRODID:-//onduty//", "PRODID:-//another//");
    assert_eq!(how.read(others.as_bytes()).unwrap().passed.free, 40);
    how.wanted.free_too = true;
    let read = how.read(others.as_bytes()).unwrap();
    let whens = read.taken.iter().map(|absence| When::Instants(absence.span.interval(&RULES).unwrap().unwrap()));
    assert!(whens.eq(feed.events.iter().map(|event| event.when)));
    assert_eq!((read.left, read.remarks), (vec![], vec![]));
}

#[test]
fn names_of_holidays_are_short_and_can_be_seen() {
    let long = "x".repeat(300);
    let bytes = event(&format!("DTSTART;VALUE=DATE:20260701\nSUMMARY:A\u{202e}\\nb\u{7} {long}"));
    let (first, last) = (Date::constant(2026, 1, 1), Date::constant(2026, 12, 31));
    let read = holidays_of(&bytes, first, last).unwrap();
    assert!(read.taken[0].name.starts_with("A b xxx") && read.taken[0].name.chars().count() == 200);
    assert!(holidays_of(&bytes, last, first).unwrap().taken.is_empty());
}

#[test]
fn only_what_overlaps_the_window_is_taken() {
    let how = How { window: days(Date::constant(2026, 7, 2), Date::constant(2026, 7, 3)), ..How::default() };
    let long = event("DTSTART;TZID=Europe/Warsaw:20260601T090000\nDTEND;TZID=Europe/Warsaw:20260901T090000");
    assert_eq!(how.read(&long).unwrap().taken.len(), 1);
    let weekly = event("DTSTART;VALUE=DATE:20200101\nDURATION:P10D\nRRULE:FREQ=WEEKLY");
    assert_eq!(how.read(&weekly).unwrap().taken.len(), 2, "those of 24 June and 1 July");
    let after = event("DTSTART:20260704T000000Z\nDTEND:20260704T010000Z");
    assert_eq!((how.read(&after).unwrap().taken.len(), how.read(&after).unwrap().passed.outside), (0, 1));
}

#[test]
fn a_calendar_without_an_end_is_cut_off_also_where_another_one_follows() {
    let cut = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20260701\nEND:VEVENT\nBEGIN:VCALENDAR\nEND:VCALENDAR\n";
    let read = How::default().read(cut).unwrap();
    assert!(read.unread.others && read.remarks.iter().any(|remark| remark.what == RemarkKind::CutOff), "{read:?}");
    let whole = b"BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n";
    assert!(!How::default().read(whole).unwrap().unread.others);
}

#[test]
fn whole_days_need_no_zone_whatever_form_their_times_have() {
    let day =
        "DTSTART;TZID=tzone://Microsoft/Custom:20260701T000000\nDTEND;TZID=tzone://Microsoft/Custom:20260703T000000";
    let all_day = event(&format!("{day}\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"));
    let read = How::default().read(&all_day).unwrap();
    assert_eq!(
        read.taken[0].span.interval(&RULES).unwrap().unwrap().to_string(),
        "[2026-06-30T22:00:00Z, 2026-07-02T22:00:00Z)"
    );
    assert_eq!(How::default().read(&event(day)).unwrap().taken, []);
}

#[test]
fn a_name_that_is_no_more_than_an_offset_is_read_as_one() {
    for (name, start) in [
        ("GMT+0100", "2026-07-01T08:00:00Z"),
        ("UTC+01:00", "2026-07-01T08:00:00Z"),
        ("gmt-5", "2026-07-01T14:00:00Z"),
        ("+05:30", "2026-07-01T03:30:00Z"),
    ] {
        let read =
            How::default().read(&event(&format!("DTSTART;TZID=\"{name}\":20260701T090000\nDURATION:PT1H"))).unwrap();
        let from = read.taken.first().map(|absence| absence.span.start(&RULES).unwrap().to_string());
        assert_eq!(from.as_deref(), Some(start), "{name}: {:?}", read.left);
    }
    for name in ["GMT+99", "UTC+", "-", "GMTX", "+1:2"] {
        let read =
            How::default().read(&event(&format!("DTSTART;TZID=\"{name}\":20260701T090000\nDURATION:PT1H"))).unwrap();
        assert_eq!(read.taken, [], "{name}");
    }
}
