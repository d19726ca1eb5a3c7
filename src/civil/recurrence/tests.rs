//! Rules of recurrence: what is refused, where they fall, and that a window reads what the whole does.

use jiff::civil::Weekday;
use proptest::prelude::*;

use super::*;
use crate::civil::ZoneRules;

fn starts(rule: &str, first: DateTime, until: DateTime) -> Vec<String> {
    let rules = ZoneRules::bundled().unwrap();
    let zone = rules.zone("America/New_York").unwrap();
    let recurrence = Recurrence { rule: rule.to_owned(), except: Vec::new() };
    recurrence.starts(first, first, until, zone).iter().map(ToString::to_string).collect()
}

#[test]
fn dates_that_do_not_exist_are_skipped() {
    let found = starts("FREQ=MONTHLY", date(2026, 1, 31).at(9, 0, 0, 0), date(2026, 6, 1).at(0, 0, 0, 0));
    assert_eq!(found, ["2026-01-31T09:00:00", "2026-03-31T09:00:00", "2026-05-31T09:00:00"]);
}

#[test]
fn the_start_is_the_first_instance_whatever_the_rule_says() {
    let first = date(2026, 11, 25).at(9, 0, 0, 0);
    let found = starts("FREQ=WEEKLY;BYDAY=FR;COUNT=3", first, date(2027, 1, 1).at(0, 0, 0, 0));
    assert_eq!(found, ["2026-11-25T09:00:00", "2026-11-27T09:00:00", "2026-12-04T09:00:00"]);
}

#[test]
fn until_counts_as_a_date_a_local_time_or_utc() {
    let first = date(2026, 1, 1).at(20, 0, 0, 0);
    let last = date(2026, 2, 1).at(0, 0, 0, 0);
    assert_eq!(starts("FREQ=DAILY;UNTIL=20260103", first, last).len(), 3);
    assert_eq!(starts("FREQ=DAILY;UNTIL=20260103T200000", first, last).len(), 3);
    // 20:00 in New York on the 2nd is 01:00 UTC on the 3rd.
    assert_eq!(starts("FREQ=DAILY;UNTIL=20260103T010000Z", first, last).len(), 2);
}

fn check(rule: &str, first: DateTime) -> Result<(), RecurrenceError> {
    let rules = ZoneRules::bundled().unwrap();
    let recurrence = Recurrence { rule: rule.to_owned(), except: Vec::new() };
    recurrence.check(first, rules.zone("UTC").unwrap())
}

#[test]
fn rules_that_cannot_be_read_or_recur_within_the_day_are_refused() {
    let refused = [
        "",
        "WEEKLY",
        "FREQ=HOURLY",
        "freq=secondly",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=€",
        "FREQ=DAILY\r\nX:1",
        "FREQ=DAILY;COUNT=x",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;FREQ=HOURLY",
    ];
    for rule in refused {
        assert!(check(rule, date(2026, 1, 1).at(0, 0, 0, 0)).is_err(), "{rule}");
    }
}

#[test]
fn the_name_of_the_property_is_refused_with_what_to_leave_out() {
    for rule in ["RRULE:FREQ=WEEKLY", "rrule:FREQ=HOURLY", "RRULE:UNTIL=20260103T010000Z;FREQ=DAILY"] {
        let error = check(rule, date(2026, 1, 1).at(9, 0, 0, 0)).unwrap_err();
        assert_eq!(error, RecurrenceError::Prefixed(rule.to_owned()));
        assert!(error.to_string().contains("without 'RRULE:'"), "{error}");
    }
}

#[test]
fn times_of_day_are_refused_so_that_a_date_names_one_instance() {
    let first = date(2026, 1, 1).at(10, 0, 0, 0);
    for part in ["BYHOUR=10,15", "BYHOUR=10", "byminute=0,30", "BYSECOND=0"] {
        let rule = format!("FREQ=DAILY;{part}");
        assert_eq!(check(&rule, first), Err(RecurrenceError::TimesOfDay(rule)));
    }
}

#[test]
fn numbered_weekdays_need_a_month_or_a_year() {
    let first = date(2026, 1, 1).at(0, 0, 0, 0);
    for freq in ["DAILY", "WEEKLY"] {
        let rule = format!("FREQ={freq};BYDAY=2MO");
        assert_eq!(check(&rule, first), Err(RecurrenceError::NumberedWeekday(rule)));
    }
    assert_eq!(check("FREQ=MONTHLY;BYDAY=2MO", first), Ok(()));
}

#[test]
fn a_rule_that_falls_on_no_day_is_refused() {
    let first = date(2026, 2, 1).at(9, 0, 0, 0);
    for part in ["BYMONTH=2;BYMONTHDAY=30", "BYDAY=MO;UNTIL=20260201", "BYMONTHDAY=1;UNTIL=20260201T080000", "COUNT=0"]
    {
        let rule = format!("FREQ=YEARLY;{part}");
        assert!(check(&rule, first).is_err(), "{rule}");
    }
    let error = check("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", first).unwrap_err().to_string();
    assert!(error.contains("falls on no day from 2026-02-01 to 2200-12-31"), "{error}");
}

#[test]
fn a_daily_entry_of_1970_goes_on_until_the_end_of_2200() {
    let recurrence = Recurrence { rule: "FREQ=DAILY".to_owned(), except: Vec::new() };
    let rules = ZoneRules::bundled().unwrap();
    let at = |year, month, day| date(year, month, day).at(9, 0, 0, 0);
    let found = recurrence.starts(at(1970, 1, 1), at(2200, 12, 30), at(2250, 1, 1), rules.zone("UTC").unwrap());
    assert_eq!(found, [at(2200, 12, 30), at(2200, 12, 31)]);
}

/// A rule of the simple kinds, and whether it falls on a day.
#[derive(Clone, Debug)]
struct Simple {
    freq: &'static str,
    interval: i32,
    weekdays: Vec<usize>,
    month_day: i8,
    count: Option<usize>,
    until: Option<Date>,
}

const NAMES: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

impl Simple {
    fn text(&self) -> String {
        let mut text = format!("FREQ={};INTERVAL={}", self.freq, self.interval);
        if self.freq == "MONTHLY" {
            text += &format!(";BYMONTHDAY={}", self.month_day);
        } else if !self.weekdays.is_empty() {
            let names: Vec<&str> = self.weekdays.iter().map(|index| NAMES[*index]).collect();
            text += &format!(";BYDAY={}", names.join(","));
        }
        text += &self.count.map_or(String::new(), |count| format!(";COUNT={count}"));
        text + &self.until.map_or(String::new(), |until| format!(";UNTIL={}", until.strftime("%Y%m%d")))
    }

    fn falls_on(&self, day: Date, first: Date) -> bool {
        let monday = |day: Date| days_from_epoch(day) - offset(day);
        let named = self.weekdays.contains(&usize::try_from(offset(day)).unwrap());
        let months = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month());
        match self.freq {
            "DAILY" => {
                let days = days_from_epoch(day) - days_from_epoch(first);
                days % self.interval == 0 && (self.weekdays.is_empty() || named)
            }
            "WEEKLY" => {
                let weeks = (monday(day) - monday(first)) / 7;
                let same = self.weekdays.is_empty() && day.weekday() == first.weekday();
                weeks % self.interval == 0 && (named || same)
            }
            _ => {
                let back = day.day() - day.days_in_month() - 1;
                (months(day) - months(first)) % self.interval == 0 && [day.day(), back].contains(&self.month_day)
            }
        }
    }

    /// Every instance up to `last`, found day by day.
    fn days(&self, first: Date, last: Date) -> Vec<Date> {
        let last = self.until.map_or(last, |until| until.min(last));
        let all = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day <= last);
        let mut days: Vec<Date> = all.filter(|day| *day == first || self.falls_on(*day, first)).collect();
        days.truncate(self.count.unwrap_or(usize::MAX));
        days
    }
}

fn days_from_epoch(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

/// Days since Monday.
fn offset(day: Date) -> i32 {
    i32::from(day.weekday().since(Weekday::Monday))
}

fn days_of_2026() -> impl Strategy<Value = Date> {
    (0..365_i32).prop_map(|days| Day::from(date(2026, 1, 1)).plus(days).date())
}

fn simple() -> impl Strategy<Value = Simple> {
    (
        prop::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY"]),
        1..5_i32,
        prop::collection::vec(0..7_usize, 0..4),
        prop_oneof![1..=31_i8, -31..=-1_i8],
        prop::option::of(1..40_usize),
        prop::option::of((365..1_500_i32).prop_map(|days| Day::from(date(2026, 1, 1)).plus(days).date())),
    )
        .prop_map(|(freq, interval, weekdays, month_day, count, until)| {
            let until = until.filter(|_| count.is_none());
            Simple { freq, interval, weekdays, month_day, count, until }
        })
}

/// Parts that go with a frequency and that the crate which reads the rules expands rightly.
fn parts() -> impl Strategy<Value = String> {
    let with = |freq: &'static str, parts: &'static [&'static str]| {
        prop::sample::subsequence(parts, 0..=parts.len().min(2))
            .prop_map(move |parts| format!("FREQ={freq};{}", parts.join(";")))
    };
    prop_oneof![
        with("DAILY", &["BYMONTH=2,6", "BYMONTHDAY=-1,5,29", "BYDAY=MO,TH"]),
        with("WEEKLY", &["BYMONTH=1,12", "BYDAY=SU,MO", "WKST=SU"]),
        with("MONTHLY", &["BYMONTH=2,12", "BYDAY=1SU,-1FR,5MO", "BYMONTHDAY=31,-31,13"]),
        with("MONTHLY", &["BYMONTH=2,12", "BYDAY=MO,WE;BYSETPOS=2,-1"]),
        with("YEARLY", &["BYMONTH=2,12", "BYDAY=20MO,-1SU", "BYMONTHDAY=29,-2"]),
        with("YEARLY", &["BYYEARDAY=1,100,366,-1", "BYDAY=MO,TU,WE,TH,FR,SA", "BYMONTH=1,4,12"]),
        with("YEARLY", &["BYWEEKNO=1,20", "BYDAY=MO,SU", "WKST=SU"]),
        with("YEARLY", &["BYMONTH=3,10", "BYDAY=MO,TU;BYSETPOS=1,-1"]),
    ]
}

proptest! {
    #[test]
    fn simple_rules_fall_on_the_days_that_their_words_say(first in days_of_2026(), rule in simple()) {
        let last = date(2030, 6, 1);
        let found = starts(&rule.text(), first.at(9, 0, 0, 0), last.at(23, 0, 0, 0));
        let expected: Vec<String> = rule.days(first, last).iter().map(|day| day.at(9, 0, 0, 0).to_string()).collect();
        prop_assert_eq!(found, expected, "{}", rule.text());
    }

    #[test]
    fn a_stretch_has_the_starts_that_the_whole_has_there(
        first in days_of_2026(),
        rule in simple(),
        from in 0..1_500_i32,
        length in 0..200_i32,
    ) {
        let rules = ZoneRules::bundled().unwrap();
        let utc = rules.zone("UTC").unwrap();
        let recurrence = Recurrence { rule: rule.text(), except: Vec::new() };
        let first = first.at(9, 0, 0, 0);
        let from = Day::from(date(2026, 1, 1)).plus(from);
        let until = from.plus(length).date().at(9, 0, 0, 0);
        let from = from.date().at(9, 0, 0, 0);
        let mut whole = recurrence.starts(first, first, until, utc);
        whole.retain(|start| *start >= from);
        prop_assert_eq!(recurrence.starts(first, from, until, utc), whole);
    }

    #[test]
    fn rules_fall_on_the_days_on_which_the_crate_that_reads_them_has_them(
        first in days_of_2026(),
        parts in parts(),
        interval in 1..4,
    ) {
        let text = format!("{parts};INTERVAL={interval}").replace(";;", ";");
        let rule: rrule::RRule<rrule::Unvalidated> = text.parse().unwrap();
        let days = RuleDays::of(&rule, Day::from(first));
        let last = date(2034, 12, 31);
        let found: Vec<i64> = days.within(Day::from(first), Day::from(last)).map(|day| day.start().seconds()).collect();
        let set = rule.build(to_chrono(first.at(0, 0, 0, 0))).unwrap().before(to_chrono(last.at(0, 0, 0, 0)));
        let expected: Vec<i64> = set.all(u16::MAX).dates.iter().map(chrono::DateTime::timestamp).collect();
        prop_assert_eq!(found, expected, "{}", text);
    }
}

#[test]
fn weeks_are_those_of_the_calendar_of_weeks() {
    for week in [1, 20, 52, 53] {
        let text = format!("FREQ=YEARLY;BYWEEKNO={week}");
        let days = RuleDays::of(&text.parse().unwrap(), Day::from(date(2026, 1, 1)));
        let (first, last) = (Day::from(date(2026, 1, 1)), Day::from(date(2045, 12, 31)));
        let all = (first.number()..=last.number()).map(Day::from_number);
        let expected: Vec<Day> = all.filter(|day| day.date().iso_week_date().week() == week).collect();
        assert_eq!(days.within(first, last).collect::<Vec<_>>(), expected, "{text}");
    }
}
