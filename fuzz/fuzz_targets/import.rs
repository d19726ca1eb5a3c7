//! Any bytes as a calendar: reading them ends, without a panic, and twice with the same report.
//!
//! The first byte says which events are wanted; the rest is the file.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use onduty::civil::{Date, Instant, Interval, ZoneRules};
use onduty::ical::import::{HolidayReading, Reading, Wanted, Which, absences, holidays};
use onduty::model::{IdentityKey, ZoneName};

static RULES: LazyLock<ZoneRules> = LazyLock::new(|| ZoneRules::bundled().expect("zone rules"));

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, file)) = bytes.split_first() else { return };
    let which = match choice % 4 {
        0 => Which::Every,
        1 => Which::AllDay,
        2 => Which::Category("a".to_owned()),
        _ => Which::Title("a".to_owned()),
    };
    let wanted = Wanted { which, free_too: choice & 4 != 0, tentative_too: choice & 8 != 0 };
    let (zone, key) = (ZoneName::new("Europe/Warsaw"), IdentityKey::default());
    let year = Interval::new(Instant::from_seconds(1_767_225_600), Instant::from_seconds(1_798_761_600));
    let window = year.filter(|_| choice & 16 == 0).unwrap_or(Interval::ALL);
    let reading = Reading { rules: &RULES, zone: &zone, window, key: &key, wanted: &wanted };
    let read = absences(file, &reading);
    assert_eq!(read, absences(file, &reading));
    for absence in read.iter().flat_map(|read| &read.taken) {
        let interval = absence.span.interval(&RULES).expect("a zone that there is");
        assert!(interval.is_some_and(|interval| interval.overlaps(window)), "{absence:?}");
    }
    let (first, last) = (Date::constant(2026, 1, 1), Date::constant(2027, 12, 31));
    let _ = holidays(file, &HolidayReading { rules: &RULES, first, last });
});
