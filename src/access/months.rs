//! Long shifts month by month: what is published of a shift does not depend on how far anybody looks (semantics 9.1).

use super::PublicShift;
use crate::civil::{Day, Interval, Zone};
use crate::engine::shift_month_id;

/// A shift that lasts longer is published month by month, in seconds: 35 days, so that a turn of one month is whole.
pub const LONG_SECONDS: i64 = 35 * 86_400;

/// Returns the months of a long shift that `window` has something of, on the clock of `zone`; another shift as it is.
pub(super) fn months(shift: PublicShift, window: Interval, zone: &Zone) -> Vec<PublicShift> {
    if shift.interval.end().seconds() - shift.interval.start().seconds() <= LONG_SECONDS {
        return vec![shift];
    }
    let mut months = Vec::new();
    let end = shift.interval.end().min(window.end());
    let mut at = shift.interval.start().max(window.start());
    while at < end {
        let first = zone.day(at).date().first_of_month();
        let next = zone.day_start(Day::from(first.last_of_month()).plus(1));
        let month = Interval::new(zone.day_start(Day::from(first)), next);
        if let Some(interval) = month.and_then(|month| month.intersection(shift.interval)) {
            let id = shift_month_id(shift.id, first.year(), first.month());
            months.push(PublicShift { id, interval, is_month: true, ..shift.clone() });
        }
        at = next.max(at.plus(1));
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{Instant, ZoneRules};
    use crate::model::{DutyId, ResidentId, ShiftId};

    fn months_of(start: &str, end: &str, window: (&str, &str)) -> Vec<(ShiftId, String)> {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let interval = |start, end| Interval::new(at(start), at(end)).unwrap();
        let shift = PublicShift {
            id: ShiftId(uuid::Uuid::from_u128(7)),
            duty: DutyId::new("watch").unwrap(),
            title: "Watch".to_owned(),
            resident: ResidentId::new("asa").unwrap(),
            display_name: "Asa".to_owned(),
            interval: interval(start, end),
            is_month: false,
        };
        let rules = ZoneRules::bundled().unwrap();
        let zone = rules.zone("Europe/Warsaw").unwrap();
        let months = months(shift, interval(window.0, window.1), zone);
        months.iter().map(|month| (month.id, format!("{} {}", month.interval.start(), month.interval.end()))).collect()
    }

    #[test]
    fn a_long_shift_is_one_event_a_month_on_the_clock_of_the_team() {
        let window = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        let shown: Vec<_> = months_of("2026-02-10T09:00:00Z", "2026-04-10T09:00:00Z", window);
        let times: Vec<_> = shown.iter().map(|(_, times)| times.as_str()).collect();
        assert_eq!(
            times,
            [
                "2026-02-10T09:00:00Z 2026-02-28T23:00:00Z",
                "2026-02-28T23:00:00Z 2026-03-31T22:00:00Z",
                "2026-03-31T22:00:00Z 2026-04-10T09:00:00Z",
            ]
        );
    }

    #[test]
    fn a_month_is_the_same_from_wherever_it_is_seen() {
        let far = ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
        let near = ("2026-05-20T00:00:00Z", "2026-08-01T12:00:00Z");
        let all = months_of("2021-02-10T09:00:00Z", "2029-04-10T09:00:00Z", far);
        let some = months_of("2021-02-10T09:00:00Z", "2026-08-01T12:00:00Z", near);
        assert_eq!((all.len(), some.len()), (99, 4));
        assert!(some[..3].iter().all(|month| all.contains(month)), "{some:?}");
        let ids: std::collections::BTreeSet<_> = all.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids.len(), all.len());
    }

    #[test]
    fn a_turn_of_a_month_is_whole() {
        let window = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        let shown = months_of("2026-10-05T07:00:00Z", "2026-11-05T08:00:00Z", window);
        assert_eq!(
            shown,
            [(ShiftId(uuid::Uuid::from_u128(7)), "2026-10-05T07:00:00Z 2026-11-05T08:00:00Z".to_owned())]
        );
    }
}
