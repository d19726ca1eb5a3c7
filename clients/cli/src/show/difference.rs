//! What a change would make different.

use onduty::proto::v1::{GapDifference, LoadDifference, OnDutyDifference, PreviewChangeResponse};

use super::load::hours;
use super::{ALARM, FAINT, GOOD, HEADING, NOTICE, View, plain, styled};
use crate::names;

/// How many stretches are shown of each kind.
const SHOWN: usize = 8;

/// Returns what a change would make different for people on duty, gaps and load.
pub fn difference(answer: &PreviewChangeResponse, view: &View) -> String {
    let window = view.interval(answer.interval.as_ref());
    let found = answer.difference.clone().unwrap_or_default();
    if found.on_duty.is_empty() && found.gaps.is_empty() && found.loads.is_empty() {
        return view.wrapped(&format!("Nobody's duty is another in {window}."), 2) + "\n";
    }
    let mut text = format!("{}\n", styled(HEADING, format!("What that makes different, {window}:")));
    text += &section("On duty", &found.on_duty, |other| people(other, view), view);
    text += &section("Gaps", &found.gaps, |other| gap(other, view), view);
    text += &section("Hours on duty", &found.loads, |other| load(other, view), view);
    text
}

fn section<T>(title: &str, items: &[T], line: impl Fn(&T) -> String, view: &View) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut text = format!("  {title}:\n");
    for item in items.iter().take(SHOWN) {
        text += &format!("{}\n", view.wrapped(&format!("    {}", line(item)), 8));
    }
    if let more @ 1.. = items.len().saturating_sub(SHOWN) {
        text += &format!("    {}\n", styled(FAINT, format!("… and {more} more")));
    }
    text
}

fn people(other: &OnDutyDifference, view: &View) -> String {
    let named = |residents: &[String]| match residents {
        [] => "nobody".to_owned(),
        residents => view.persons(residents),
    };
    let (duty, when) = (plain(names::id(&other.duty)), view.interval(other.interval.as_ref()));
    let change = format!("{} -> {}", named(&other.residents_before), named(&other.residents_after));
    format!("{duty}, {when}: {}", styled(NOTICE, change))
}

fn gap(other: &GapDifference, view: &View) -> String {
    let (duty, when) = (plain(names::id(&other.duty)), view.interval(other.interval.as_ref()));
    let what = match (other.missing_before, other.missing_after) {
        (0, missing) => styled(ALARM, format!("+ {missing} missing")),
        (_, 0) => styled(GOOD, "- no gap any more"),
        (before, after) if after > before => styled(ALARM, format!("+ {after} missing instead of {before}")),
        (before, after) => styled(GOOD, format!("- {after} missing instead of {before}")),
    };
    format!("{duty}, {when}: {what}")
}

fn load(other: &LoadDifference, view: &View) -> String {
    let change = |before: i64, after: i64| match before == after {
        true => hours(before),
        false => format!("{} -> {}", hours(before), hours(after)),
    };
    let who = view.person(&other.resident);
    let on_duty = change(other.on_duty_seconds_before, other.on_duty_seconds_after);
    let share = change(other.share_seconds_before, other.share_seconds_after);
    format!("{who}: {on_duty}, a fair share is {share}")
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::RosterDifference;

    use super::super::testing::{duty, interval, resident, stripped, view};
    use super::*;

    #[test]
    fn people_gaps_and_loads_are_told_in_that_order() {
        let when = interval("2026-11-30T08:00:00Z", "2026-12-07T08:00:00Z");
        let on_duty = OnDutyDifference {
            duty: duty("review"),
            interval: when,
            residents_before: vec![resident("asa")],
            residents_after: vec![],
        };
        let gaps = [(0, 1), (2, 1), (1, 0)].map(|(missing_before, missing_after)| GapDifference {
            duty: duty("review"),
            interval: when,
            missing_before,
            missing_after,
        });
        let load = LoadDifference {
            resident: resident("lukasz"),
            on_duty_seconds_before: 168 * 3_600,
            on_duty_seconds_after: 84 * 3_600,
            share_seconds_before: 84 * 3_600,
            share_seconds_after: 84 * 3_600,
        };
        let difference = Some(RosterDifference { on_duty: vec![on_duty; 10], gaps: gaps.to_vec(), loads: vec![load] });
        let interval = interval("2026-11-23T13:00:00Z", "2027-02-21T13:00:00Z");
        let answer = PreviewChangeResponse { difference, interval, ..PreviewChangeResponse::default() };
        insta::assert_snapshot!(stripped(&super::difference(&answer, &view())), @r"
        What that makes different, Mon 23 Nov 14:00 – Sun 21 Feb 2027 14:00:
          On duty:
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: Åsa Öberg -> nobody
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: Åsa Öberg -> nobody
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: Åsa Öberg -> nobody
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: Åsa Öberg -> nobody
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: Åsa Öberg -> nobody
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: Åsa Öberg -> nobody
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: Åsa Öberg -> nobody
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: Åsa Öberg -> nobody
            … and 2 more
          Gaps:
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: + 1 missing
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: - 1 missing instead of 2
            review, Mon 30 Nov 09:00 – Mon 7 Dec 09:00: - no gap any more
          Hours on duty:
            Łukasz: 168 -> 84, a fair share is 84
        ");
    }

    #[test]
    fn where_nothing_is_different_a_line_says_so() {
        let interval = interval("2026-11-23T13:00:00Z", "2026-11-30T13:00:00Z");
        let answer = PreviewChangeResponse { interval, ..PreviewChangeResponse::default() };
        let told = stripped(&difference(&answer, &view()));
        assert_eq!(told, "Nobody's duty is another in Mon 23 Nov 14:00 – Mon 30 Nov 14:00.");
    }
}
