//! Bytes of any kind: no panic, bounded work, the same answer twice, and nothing of what events are about.

use proptest::prelude::*;

use super::producers::files;
use super::support::{How, calendar, days, event, holidays_of, span};
use crate::civil::{Date, Day, Interval};
use crate::ical::import::{Absences, LeftReason, Which};

/// Words that stand in titles and the like of the files, and may be in no report.
const PRIVATE: [&str; 9] = [
    "seaside-title",
    "seaside-notes",
    "seaside-place",
    "seaside-uid",
    "asa@",
    "Asa Oberg",
    "seaside-link",
    "seaside-category",
    "seaside-comment",
];

#[test]
fn nothing_of_what_events_are_about_is_told() {
    let about = "SUMMARY:seaside-title\nDESCRIPTION:seaside-notes\nLOCATION:seaside-place\nURL:https://seaside-link\n\
                 ATTENDEE;CN=\"Asa Oberg\":mailto:asa@example.org\nCATEGORIES:seaside-category\nCOMMENT:seaside-comment";
    let times = [
        "DTSTART;VALUE=DATE:20260701",
        "DTSTART:seaside-title",
        "DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=DAILY;X=seaside-title",
        "DTSTART;VALUE=DATE:20260701\nRDATE:seaside-title",
        "DTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260601",
        "DURATION:seaside-title",
    ];
    let events = times
        .iter()
        .enumerate()
        .map(|(number, lines)| format!("BEGIN:VEVENT\nUID:seaside-uid-{number}\n{about}\n{lines}\nEND:VEVENT\n"));
    let bytes = calendar(&events.collect::<String>());
    for which in
        [Which::AllDay, Which::Title("seaside-title".to_owned()), Which::Category("seaside-category".to_owned())]
    {
        let how = How::of(which);
        let read = how.read(&bytes).unwrap();
        assert!(!read.taken.is_empty() && !read.left.is_empty());
        let told = format!("{read:?} {}", how.told(&bytes));
        for word in PRIVATE {
            assert!(!told.contains(word), "{word} in {told}");
        }
    }
}

#[test]
fn deep_nesting_is_passed_over() {
    let deep = format!("{}{}", "BEGIN:X\n".repeat(100_000), "END:X\n".repeat(100_000));
    let day = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260701\nEND:VEVENT";
    let read = How::default().read(&calendar(&format!("{deep}{day}"))).unwrap();
    assert_eq!(read.taken.len(), 1);
}

#[test]
fn a_rule_with_too_many_instances_is_left_out_whole() {
    let how = How { window: days(Date::constant(2020, 1, 1), Date::constant(2030, 12, 31)), ..How::default() };
    let read = how.read(&event("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY")).unwrap();
    assert_eq!((read.taken.len(), &read.left[0].reason), (0, &LeftReason::TooManyInstances));
    let one = |number: usize| {
        format!("BEGIN:VEVENT\nUID:{number}\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;COUNT=1500\nEND:VEVENT\n")
    };
    let read = how.read(&calendar(&(0..20).map(one).collect::<String>())).unwrap();
    assert_eq!((read.taken.len(), read.left.len()), (19_500, 7));
    assert_eq!(read.left[0].reason, LeftReason::TooMuch);
}

#[test]
fn work_is_bounded_however_many_rules_there_are() {
    let one = |number: usize| {
        format!(
            "BEGIN:VEVENT\nUID:{number}\nDTSTART;VALUE=DATE:00010101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9\nEND:VEVENT\n"
        )
    };
    let read = How::default().read(&calendar(&(0..1_000).map(one).collect::<String>())).unwrap();
    assert!(read.left.len() > 900 && read.left.iter().all(|left| left.reason == LeftReason::TooMuch));
}

#[test]
fn events_beyond_the_most_that_are_read_are_left_out() {
    let one = |number: usize| format!("BEGIN:VEVENT\nUID:{number}\nDTSTART:20250701\nEND:VEVENT\n");
    let read = How::default().read(&calendar(&(0..50_010).map(one).collect::<String>())).unwrap();
    assert_eq!((read.events, read.passed.outside, read.left.len()), (50_010, 50_000, 10));
}

#[test]
fn lists_that_are_too_long_are_left_out() {
    let list = "20260701,".repeat(3_000);
    for property in ["EXDATE;VALUE=DATE", "RDATE;VALUE=DATE"] {
        let read = How::default().read(&event(&format!("DTSTART;VALUE=DATE:20260701\n{property}:{list}"))).unwrap();
        assert_eq!(read.left[0].reason, LeftReason::TooManyParts, "{property}");
    }
    let lines = "ATTENDEE:x\n".repeat(3_000);
    let read = How::default().read(&event(&format!("{lines}DTSTART;VALUE=DATE:20260701"))).unwrap();
    assert_eq!(read.left[0].reason, LeftReason::TooManyParts);
}

/// What must hold of any report.
fn sound(how: &How, bytes: &[u8]) -> Result<(), TestCaseError> {
    let read = how.read(bytes);
    prop_assert_eq!(&read, &how.read(bytes), "the same bytes, the same report");
    let Ok(Absences { taken, left, events, remarks, .. }) = read else { return Ok(()) };
    prop_assert!(taken.len() <= 20_000 && left.len() <= events);
    let mut ids: Vec<_> = taken.iter().map(|absence| absence.id).collect();
    ids.sort_unstable();
    ids.dedup();
    prop_assert_eq!(ids.len(), taken.len(), "every id once");
    let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).count() as u32;
    for line in left.iter().map(|left| left.line).chain(remarks.iter().map(|remark| remark.line)) {
        prop_assert!((1..=lines).contains(&line), "line {line} of {lines}");
    }
    for absence in &taken {
        let interval = absence.span.interval(&super::support::RULES).unwrap();
        prop_assert!(interval.is_some_and(|interval| interval.overlaps(how.window)), "{}", span(&absence.span));
        prop_assert!(!absence.span.is_open());
    }
    Ok(())
}

/// One way to damage a file.
#[derive(Clone, Debug)]
enum Damage {
    Flip(usize, u8),
    Delete(usize, usize),
    Repeat(usize, usize, usize),
    Splice(usize, usize, usize),
    Cut(usize),
    Number(usize),
    Word(usize, &'static str),
}

fn any_damage() -> impl Strategy<Value = Damage> {
    let at = || 0_usize..8_000;
    let words = prop::sample::select(vec![
        "BEGIN:VEVENT\n",
        "END:VEVENT\n",
        "END:VCALENDAR\n",
        "BEGIN:VCALENDAR\n",
        "\n ",
        ";",
        ":",
        "\"",
        ",",
        "=",
        "\r",
        "RRULE:FREQ=DAILY\n",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU,53MO;BYSETPOS=-1\n",
        "DTSTART:00000101T000000Z\n",
        "DTSTART;VALUE=DATE:99991231\n",
        "DURATION:P99999D\n",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260916T090000\n",
        "EXDATE:20260701\n",
        "RDATE;VALUE=PERIOD:19000101T000000Z/22001231T000000Z\n",
        "TZOFFSETTO:+2359\n",
        "INTERVAL=65535;",
    ]);
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Flip(at, byte)),
        (at(), 1_usize..200).prop_map(|(at, length)| Damage::Delete(at, length)),
        (at(), 1_usize..400, 2_usize..9).prop_map(|(at, length, times)| Damage::Repeat(at, length, times)),
        (at(), at(), 1_usize..400).prop_map(|(at, from, length)| Damage::Splice(at, from, length)),
        at().prop_map(Damage::Cut),
        at().prop_map(Damage::Number),
        (at(), words).prop_map(|(at, word)| Damage::Word(at, word)),
    ]
}

fn damaged(mut bytes: Vec<u8>, damages: Vec<Damage>) -> Vec<u8> {
    for damage in damages {
        let length = bytes.len().max(1);
        let within = |at: usize| at % length;
        let upto = |at: usize, count: usize| (at + count).min(bytes.len());
        match damage {
            Damage::Flip(at, byte) => {
                if let Some(there) = bytes.get_mut(at % length) {
                    *there ^= byte;
                }
            }
            Damage::Delete(at, count) => drop(bytes.drain(within(at)..upto(within(at), count))),
            Damage::Repeat(at, count, times) => {
                let part = bytes[within(at)..upto(within(at), count)].repeat(times);
                bytes.splice(within(at)..within(at), part);
            }
            Damage::Splice(at, from, count) => {
                let part = bytes[within(from)..upto(within(from), count)].to_vec();
                bytes.splice(within(at)..within(at), part);
            }
            Damage::Cut(at) => bytes.truncate(at % length),
            Damage::Number(at) => {
                let digits = bytes.iter().skip(at % length).position(u8::is_ascii_digit);
                if let Some(digits) = digits.map(|digits| digits + at % length) {
                    bytes.splice(digits..digits, *b"99999999999999999999");
                }
            }
            Damage::Word(at, word) => drop(bytes.splice(within(at)..within(at), word.bytes())),
        }
        if bytes.is_empty() {
            bytes.push(b'\n');
        }
    }
    bytes
}

fn any_file() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(files().into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>())
}

/// Rules of a few shapes.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Daily(i32),
    Weekly(i32),
    Monthly(i8),
    Yearly,
}

impl Shape {
    fn rule(self) -> String {
        match self {
            Self::Daily(step) => format!("FREQ=DAILY;INTERVAL={step}"),
            Self::Weekly(step) => format!("FREQ=WEEKLY;INTERVAL={step}"),
            Self::Monthly(number) => format!("FREQ=MONTHLY;BYMONTHDAY={number}"),
            Self::Yearly => "FREQ=YEARLY".to_owned(),
        }
    }

    /// Whether a day is one of the rule's, said again by hand.
    fn falls(self, first: Day, day: Day) -> bool {
        let since = day.number() - first.number();
        let of_year = |day: Day| (day.date().month(), day.date().day());
        match self {
            Self::Daily(step) => since % step == 0,
            Self::Weekly(step) => since % (7 * step) == 0,
            Self::Monthly(number) => day.date().day() == number,
            Self::Yearly => of_year(first) == of_year(day),
        }
    }
}

fn any_shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        (1_i32..20).prop_map(Shape::Daily),
        (1_i32..5).prop_map(Shape::Weekly),
        (1_i8..32).prop_map(Shape::Monthly),
        Just(Shape::Yearly),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        sound(&How::default(), &bytes)?;
        let _ = holidays_of(&bytes, Date::constant(2026, 1, 1), Date::constant(2026, 12, 31));
    }

    #[test]
    fn damaged_files_are_read_or_refused(bytes in any_file(), damages in prop::collection::vec(any_damage(), 1..8)) {
        let bytes = damaged(bytes, damages);
        let mut how = How::default();
        sound(&how, &bytes)?;
        how.window = Interval::ALL;
        how.wanted.which = Which::AllDay;
        let _ = how.read(&bytes);
        let _ = holidays_of(&bytes, Date::constant(2025, 1, 1), Date::constant(2026, 12, 31));
    }

    #[test]
    fn ids_do_not_depend_on_order(bytes in any_file()) {
        let how = How::default();
        let Ok(read) = how.read(&bytes) else { return Ok(()) };
        let Ok(text) = std::str::from_utf8(&bytes) else { return Ok(()) };
        let text = text.replace("\r\n", "\n");
        let mut parts: Vec<&str> = text.split_inclusive("END:VEVENT\n").collect();
        let Some(tail) = parts.pop() else { return Ok(()) };
        let heads: Vec<&str> = parts.iter().filter_map(|part| part.split_once("BEGIN:VEVENT\n")).map(|(head, _)| head).collect();
        prop_assume!(!text.contains("BEGIN:X-WRAPPER") && text.matches("BEGIN:VCALENDAR").count() == 1);
        let events: String = parts.iter().rev().filter_map(|part| Some(&part[part.find("BEGIN:VEVENT\n")?..])).collect();
        let turned = how.read(format!("{}{events}{tail}", heads.concat()).as_bytes()).unwrap();
        let sorted = |read: &Absences| {
            let mut ids: Vec<_> = read.taken.iter().map(|absence| absence.id).collect();
            ids.sort_unstable();
            ids
        };
        prop_assert_eq!(sorted(&read), sorted(&turned));
    }

    #[test]
    fn rules_fall_on_the_days_that_they_say(shape in any_shape(), offset in 0_i32..800, except in 0_i32..365) {
        let rule = shape.rule();
        let first = Day::from(Date::constant(2024, 6, 1)).plus(offset);
        let excepted = Day::from(Date::constant(2026, 1, 1)).plus(except);
        let lines = format!(
            "DTSTART;VALUE=DATE:{}\nRRULE:{rule}\nEXDATE;VALUE=DATE:{}",
            first.date().strftime("%Y%m%d"), excepted.date().strftime("%Y%m%d"),
        );
        let window = days(Date::constant(2026, 1, 1), Date::constant(2026, 12, 31));
        let how = How { zone: "UTC", window, ..How::default() };
        let read: Vec<Date> = how.read(&event(&lines)).unwrap().taken.iter().map(|absence| absence.span.local_start().date()).collect();
        let every = (0..365).map(|number| Day::from(Date::constant(2026, 1, 1)).plus(number));
        let expected: Vec<Date> = every
            .filter(|day| *day >= first && *day != excepted && (shape.falls(first, *day) || *day == first))
            .map(Day::date)
            .collect();
        prop_assert_eq!(read, expected);
    }
}
