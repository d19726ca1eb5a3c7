//! Reading a file for a test, and a report as text.

use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::civil::{Date, Day, Instant, Interval, ZoneRules};
use crate::ical::import::{
    Absences, HolidayReading, Holidays, Left, Passed, Reading, Remark, Unreadable, Wanted, Which, absences, holidays,
};
use crate::model::{IdentityKey, Span, ZoneName};

pub static RULES: LazyLock<ZoneRules> = LazyLock::new(|| ZoneRules::bundled().unwrap());

/// A window of UTC days, the last included.
pub fn days(first: Date, last: Date) -> Interval {
    let start = |day: Day| Instant::from_seconds(day.start().seconds());
    Interval::new(start(Day::from(first)), start(Day::from(last).plus(1))).unwrap()
}

/// How most tests read: for a resident in Warsaw, in 2026.
#[derive(Clone, Debug)]
pub struct How {
    pub zone: &'static str,
    pub window: Interval,
    pub wanted: Wanted,
}

impl Default for How {
    fn default() -> Self {
        let window = days(Date::constant(2026, 1, 1), Date::constant(2026, 12, 31));
        Self { zone: "Europe/Warsaw", window, wanted: Wanted { which: Which::Every, ..Wanted::default() } }
    }
}

impl How {
    pub fn of(which: Which) -> Self {
        Self { wanted: Wanted { which, ..Wanted::default() }, ..Self::default() }
    }

    pub fn read(&self, bytes: &[u8]) -> Result<Absences, Unreadable> {
        let (zone, key) = (ZoneName::new(self.zone), IdentityKey::from_bytes([7; 16]));
        let reading = Reading { rules: &RULES, zone: &zone, window: self.window, key: &key, wanted: &self.wanted };
        absences(bytes, &reading)
    }

    /// What is read, as lines.
    pub fn told(&self, bytes: &[u8]) -> String {
        match self.read(bytes) {
            Ok(read) => {
                let mut text = format!("{} events; {}\n", read.events, passed(read.passed));
                for absence in &read.taken {
                    let _ = writeln!(text, "{:>4}  {}", absence.line, span(&absence.span));
                }
                text + &rest(&read.left, &read.remarks)
            }
            Err(unreadable) => unreadable.to_string(),
        }
    }
}

/// The events of a file whose lines are these, all events within one calendar.
pub fn calendar(lines: &str) -> Vec<u8> {
    let trimmed: Vec<&str> = lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    format!("BEGIN:VCALENDAR\r\n{}\r\nEND:VCALENDAR\r\n", trimmed.join("\r\n")).into_bytes()
}

/// One event with these lines.
pub fn event(lines: &str) -> Vec<u8> {
    calendar(&format!("BEGIN:VEVENT\nUID:one\n{lines}\nEND:VEVENT"))
}

pub fn holidays_of(bytes: &[u8], first: Date, last: Date) -> Result<Holidays, Unreadable> {
    holidays(bytes, &HolidayReading { rules: &RULES, first, last })
}

pub fn holidays_told(bytes: &[u8], first: Date, last: Date) -> String {
    match holidays_of(bytes, first, last) {
        Ok(read) => {
            let mut text = format!("{} events; {}\n", read.events, passed(read.passed));
            for day in &read.taken {
                let _ = writeln!(text, "  {} {}", day.date, day.name);
            }
            text + &rest(&read.left, &read.remarks)
        }
        Err(unreadable) => unreadable.to_string(),
    }
}

pub fn span(span: &Span) -> String {
    match span {
        Span::Days { first, last, zone } => format!("{first} to {} in {zone}", last.unwrap()),
        Span::Local { start, end, zone } => format!("{start} to {} in {zone}", end.unwrap()),
        Span::Instants { start, end } => format!("{start} to {}", end.unwrap()),
    }
}

fn passed(passed: Passed) -> String {
    let counts = [
        (passed.outside, "outside"),
        (passed.not_wanted, "not wanted"),
        (passed.free, "free"),
        (passed.tentative, "tentative"),
        (passed.cancelled, "cancelled"),
        (passed.declined, "declined"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let told = told.collect::<Vec<_>>().join(", ");
    if told.is_empty() { "none passed over".to_owned() } else { format!("passed over: {told}") }
}

fn rest(left: &[Left], remarks: &[Remark]) -> String {
    let left = left.iter().map(|left| format!("left  {}: {}\n", left.line, left.reason));
    let remarks = remarks.iter().map(|remark| format!("note  {}: {}\n", remark.line, remark.what));
    left.chain(remarks).collect()
}
