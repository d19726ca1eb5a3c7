//! Long stretches month by month: what is published of one does not depend on how far anybody looks (semantics 9.1).

use crate::civil::{Day, Interval, Zone};

/// What lasts longer is published month by month, in seconds: 35 days, so that a turn of one month is whole.
pub const LONG_SECONDS: i64 = 35 * 86_400;

/// A month of a longer stretch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Month {
    /// The year.
    pub year: i16,
    /// The month, from 1.
    pub month: i8,
    /// What the stretch has of it.
    pub interval: Interval,
}

/// Returns the months of a long stretch that `window` has something of, on the clock of `zone`; `None` for one that is
/// not long.
pub(super) fn months(stretch: Interval, window: Interval, zone: &Zone) -> Option<Vec<Month>> {
    if stretch.end().seconds() - stretch.start().seconds() <= LONG_SECONDS {
        return None;
    }
    let mut months = Vec::new();
    let end = stretch.end().min(window.end());
    let mut at = stretch.start().max(window.start());
    while at < end {
        let first = zone.day(at).date().first_of_month();
        let next = zone.day_start(Day::from(first.last_of_month()).plus(1));
        let whole = Interval::new(zone.day_start(Day::from(first)), next);
        if let Some(interval) = whole.and_then(|whole| whole.intersection(stretch)) {
            months.push(Month { year: first.year(), month: first.month(), interval });
        }
        at = next.max(at.plus(1));
    }
    Some(months)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{Instant, ZoneRules};

    fn interval(start: &str, end: &str) -> Interval {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        Interval::new(at(start), at(end)).unwrap()
    }

    fn months_of(start: &str, end: &str, window: Interval) -> Option<Vec<String>> {
        let rules = ZoneRules::bundled().unwrap();
        let zone = rules.zone("Europe/Warsaw").unwrap();
        let months = months(interval(start, end), window, zone)?;
        let told = |month: &Month| {
            let Month { year, month, interval } = month;
            format!("{year}-{month}: {} {}", interval.start(), interval.end())
        };
        Some(months.iter().map(told).collect())
    }

    #[test]
    fn a_long_stretch_is_one_part_a_month_on_the_clock_of_the_team() {
        let window = interval("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        assert_eq!(
            months_of("2026-02-10T09:00:00Z", "2026-04-10T09:00:00Z", window).unwrap(),
            [
                "2026-2: 2026-02-10T09:00:00Z 2026-02-28T23:00:00Z",
                "2026-3: 2026-02-28T23:00:00Z 2026-03-31T22:00:00Z",
                "2026-4: 2026-03-31T22:00:00Z 2026-04-10T09:00:00Z",
            ]
        );
    }

    #[test]
    fn a_month_is_the_same_from_wherever_it_is_seen() {
        let far = interval("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
        let near = interval("2026-05-20T00:00:00Z", "2026-08-01T12:00:00Z");
        let all = months_of("2021-02-10T09:00:00Z", "2029-04-10T09:00:00Z", far).unwrap();
        let some = months_of("2021-02-10T09:00:00Z", "2026-08-01T12:00:00Z", near).unwrap();
        assert_eq!((all.len(), some.len()), (99, 4));
        assert!(some[..3].iter().all(|month| all.contains(month)), "{some:?}");
    }

    #[test]
    fn a_turn_of_a_month_is_whole() {
        let window = interval("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        assert_eq!(months_of("2026-10-05T07:00:00Z", "2026-11-05T08:00:00Z", window), None);
    }
}
