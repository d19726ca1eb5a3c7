//! Gaps: what is not covered, why, and who could stand in.

use onduty::proto::v1::{AcceptGapResponse, Gap, GapCause, ListGapsResponse, ReopenGapResponse, StandIn};

use super::zone::interval_length;
use super::{ALARM, FAINT, GOOD, HEADING, NO_BREAK, NOTICE, TYPED, View, counted, plain, styled, words};
use crate::gap_ids::short;
use crate::{names, spans};

/// How many stand-ins of a gap are shown, and how many where room is scarce.
const STAND_INS_SHOWN: usize = 3;

/// Returns the gaps of a window, coverage, and who cannot be spared.
pub fn gaps(
    answer: &ListGapsResponse,
    window: (onduty::civil::Instant, onduty::civil::Instant),
    view: &View,
) -> String {
    let accepted = answer.gaps.iter().filter(|gap| gap.accepted).count();
    let mut heading = match answer.gaps.len() {
        0 => "No gap".to_owned(),
        count => counted(count, "gap", "gaps"),
    };
    if accepted > 0 {
        heading += &format!(" ({accepted} accepted)");
    }
    let interval = spans::interval(Some(window.0), Some(window.1));
    let heading = format!("{}, {}", styled(HEADING, heading), view.interval(Some(&interval)));
    let mut text = format!("{}\n{}\n", view.wrapped(&heading, 0), view.zone_line(window.0, window.1));
    for gap in &answer.gaps {
        text += &format!("\n{}", gap_text(gap, STAND_INS_SHOWN, &fill_by_gap(gap, view), view));
    }
    text + &coverage(answer, view) + &single_points(answer, view)
}

/// Returns a gap with its causes and at most `shown` stand-ins; `fill` is what to type to fill it, without by whom.
pub(crate) fn gap_text(gap: &Gap, shown: usize, fill: &str, view: &View) -> String {
    let style = if gap.accepted { FAINT } else { ALARM };
    let length = interval_length(gap.interval.as_ref()).map(|length| format!(" ({length})")).unwrap_or_default();
    let head = format!(
        "{}  {}  {}{length}{}  {} of {} there",
        styled(style, short(&gap.id)),
        styled(HEADING, plain(names::id(&gap.duty))),
        view.interval(gap.interval.as_ref()),
        cut(gap),
        gap.present,
        gap.required,
    );
    let mut text = view.wrapped(&head, 10) + "\n";
    let mut line = |title: &str, content: String| {
        text += &view.wrapped(&format!("  {title:<9} {content}"), 12);
        text.push('\n');
    };
    if !gap.causes.is_empty() {
        line("why", gap.causes.iter().map(|cause| self::cause(cause, gap, view)).collect::<Vec<_>>().join("; "));
    }
    if let Some(acceptance) = &gap.acceptance {
        line("accepted", acceptance_text(gap.accepted, acceptance, view));
    } else if gap.accepted {
        line("accepted", "a known gap".to_owned());
    }
    if gap.accepted {
        return text;
    }
    for (index, stand_in) in gap.stand_ins.iter().take(shown).enumerate() {
        line(if index == 0 { "stand-ins" } else { "" }, self::stand_in(stand_in, view));
    }
    if gap.stand_ins.len() > shown {
        line("", styled(FAINT, format!("and {} more", gap.stand_ins.len() - shown)));
    }
    // Whoever may not see causes may not see stand-ins either, unless they work in the team.
    if gap.stand_ins.is_empty() && !gap.causes.is_empty() {
        line("stand-ins", nobody(gap, view));
    }
    if let Some(best) = gap.stand_ins.first().filter(|_| !fill.is_empty()) {
        // What is to be typed is never wrapped.
        text +=
            &format!("  {:<9} {}\n", "to fill", styled(TYPED, format!("{fill} --by {}", names::id(&best.resident))));
    }
    text
}

/// Returns the command that fills a gap by its id, without by whom.
pub(crate) fn fill_by_gap(gap: &Gap, view: &View) -> String {
    format!("{} cover {}", view.program, short(&gap.id))
}

fn cut(gap: &Gap) -> &'static str {
    match (gap.truncated_start, gap.truncated_end) {
        (true, true) => ", and before and after",
        (true, false) => ", and before",
        (false, true) => ", and after",
        (false, false) => "",
    }
}

fn cause(cause: &GapCause, gap: &Gap, view: &View) -> String {
    let mut text = match &cause.resident {
        Some(resident) => format!("{} {}", view.person(resident), words::gap_cause(cause.kind)),
        None => words::gap_cause(cause.kind).to_owned(),
    };
    let entries = cause.time_off.iter().chain(&cause.override_name).map(|name| names::id(name)).collect::<Vec<_>>();
    if !entries.is_empty() {
        text += &format!(" ({})", plain(&entries.join(", ")));
    }
    let whole = cause.intervals.len() == 1 && cause.intervals.first() == gap.interval.as_ref();
    if !whole && !cause.intervals.is_empty() {
        let parts = cause.intervals.iter().map(|part| view.interval(Some(part))).collect::<Vec<_>>();
        text += &format!(" {}", parts.join(", "));
    }
    text
}

fn stand_in(stand_in: &StandIn, view: &View) -> String {
    let name =
        if stand_in.display_name.is_empty() { view.person(&stand_in.resident) } else { plain(&stand_in.display_name) };
    let mut facts = Vec::new();
    if stand_in.whole {
        facts.push("the whole gap".to_owned());
    } else {
        facts.extend(stand_in.covers.iter().map(|part| view.interval(Some(part))));
    }
    facts.extend(stand_in.softly_off.then(|| "softly off".to_owned()));
    facts.extend(Some(words::hours(stand_in.hours).to_owned()).filter(|hours| !hours.is_empty()));
    facts.extend((!stand_in.rest_kept).then(|| "too little rest".to_owned()));
    let others = stand_in.other_duties.iter().map(|duty| plain(names::id(duty))).collect::<Vec<_>>();
    facts.extend((!others.is_empty()).then(|| format!("also on duty ({})", others.join(", "))));
    facts.extend(stand_in.load_ratio.map(|ratio| format!("load {:.0}{NO_BREAK}%", ratio * 100.0)));
    format!("{name}: {}", facts.join(", "))
}

fn nobody(gap: &Gap, view: &View) -> String {
    match &gap.back_time {
        Some(back) => format!("nobody; back on {}", view.time(spans::instant(back))),
        None => "nobody".to_owned(),
    }
}

fn acceptance_text(holds: bool, acceptance: &onduty::proto::v1::GapAcceptance, view: &View) -> String {
    let mut text = format!("“{}”", plain(&acceptance.reason));
    if !acceptance.actor.is_empty() {
        text += &format!(" by {}", plain(&acceptance.actor));
    }
    if let Some(until) = &acceptance.until_time {
        text += &format!(", until {}", view.time(spans::instant(until)));
    }
    if !holds {
        text += &format!(" ({})", words::acceptance(acceptance.state));
    }
    text
}

fn coverage(answer: &ListGapsResponse, view: &View) -> String {
    if answer.coverage.is_empty() {
        return String::new();
    }
    let parts = answer.coverage.iter().map(|part| {
        // Never a full 100 % where anything is missing.
        let percent = part.met_seconds as f64 / part.required_seconds.max(1) as f64 * 100.0;
        let percent = if part.met_seconds < part.required_seconds { percent.min(99.9) } else { percent };
        let style = if part.met_seconds < part.required_seconds { NOTICE } else { GOOD };
        styled(style, format!("{}{NO_BREAK}{percent:.1}{NO_BREAK}%", plain(names::id(&part.duty))))
    });
    let line = format!("Coverage: {}", parts.collect::<Vec<_>>().join(", "));
    format!("\n{}\n", view.wrapped(&line, 2))
}

fn single_points(answer: &ListGapsResponse, view: &View) -> String {
    let mut text = String::new();
    for point in &answer.single_points_of_failure {
        let name =
            if point.display_name.is_empty() { view.person(&point.resident) } else { plain(&point.display_name) };
        let since = view.interval(point.first_interval.as_ref());
        let line = format!("Without {name} too few could hold {} ({since}).", plain(names::id(&point.duty)));
        text += &view.wrapped(&line, 2);
        text.push('\n');
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

/// Returns what was accepted, or would be.
pub fn accepted_gap(answer: &AcceptGapResponse, dry_run: bool, view: &View) -> String {
    let heading = if dry_run { "Would be accepted" } else { "Accepted" };
    let gap = answer.gap.as_ref().map(|gap| gap_text(gap, 0, "", view)).unwrap_or_default();
    format!("{}\n{}\n\n{gap}", styled(HEADING, heading), view.zone_now())
}

/// Returns which acceptance was taken back, or would be.
pub fn reopened_gap(answer: &ReopenGapResponse, dry_run: bool, view: &View) -> String {
    let heading = if dry_run { "Would be open again" } else { "Open again" };
    let Some(acceptance) = &answer.acceptance else { return format!("{heading}.\n") };
    let interval = view.interval(acceptance.interval.as_ref());
    format!("{heading}: {interval}\n  was accepted: {}\n{}\n", acceptance_text(true, acceptance, view), view.zone_now())
}

/// Returns what is left of the gaps in a time that somebody now covers.
pub fn filled(answer: &ListGapsResponse, view: &View) -> String {
    let open = answer.gaps.iter().filter(|gap| !gap.accepted).collect::<Vec<_>>();
    if open.is_empty() {
        return styled(GOOD, "No gap is left in that time.") + "\n";
    }
    let mut text = format!("{} left in that time:\n", counted(open.len(), "gap is", "gaps are"));
    for gap in open {
        text += &gap_text(gap, 1, &fill_by_gap(gap, view), view);
    }
    text
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::{Coverage, GapAcceptance, SinglePointOfFailure};

    use super::super::testing::{duty, interval, resident, stripped, view};
    use super::*;

    fn gap(id: &str) -> Gap {
        Gap {
            id: format!("{id}-0000-4000-8000-000000000000"),
            duty: duty("security"),
            interval: interval("2026-11-24T08:00:00Z", "2026-11-24T16:00:00Z"),
            required: 1,
            causes: vec![GapCause {
                kind: 2,
                resident: Some(resident("lukasz")),
                intervals: vec![interval("2026-11-24T08:00:00Z", "2026-11-24T16:00:00Z").unwrap()],
                time_off: vec!["teams/psf/timeOff/flu".to_owned()],
                override_name: None,
            }],
            ..Gap::default()
        }
    }

    fn stand_in(id: &str, whole: bool) -> StandIn {
        StandIn {
            resident: resident(id),
            display_name: view().person(&resident(id)),
            covers: vec![interval("2026-11-24T08:00:00Z", "2026-11-24T12:00:00Z").unwrap()],
            whole,
            hours: if whole { 2 } else { 3 },
            rest_kept: whole,
            load_ratio: whole.then_some(0.854),
            other_duties: if whole { vec![duty("reviews"), duty("talks")] } else { vec![] },
            ..StandIn::default()
        }
    }

    fn check(answer: &ListGapsResponse) -> String {
        let window = ["2026-11-23T13:05:00Z", "2026-12-23T13:05:00Z"].map(|at| at.parse().unwrap());
        stripped(&gaps(answer, window.into(), &view()))
    }

    #[test]
    fn a_gap_says_why_who_could_stand_in_and_what_to_type() {
        let open = Gap { stand_ins: vec![stand_in("asa", true), stand_in("mika", false)], ..gap("3f2a9c10") };
        let accepted = Gap {
            accepted: true,
            acceptance: Some(GapAcceptance { reason: "conference".to_owned(), state: 1, ..GapAcceptance::default() }),
            ..gap("77aa0000")
        };
        let alone =
            Gap { back_time: Some(spans::timestamp("2026-11-30T08:00:00Z".parse().unwrap())), ..gap("a1b2c3d4") };
        let answer = ListGapsResponse {
            gaps: vec![open, accepted, alone],
            coverage: vec![Coverage { duty: duty("security"), required_seconds: 100_000, met_seconds: 99_999 }],
            single_points_of_failure: vec![SinglePointOfFailure {
                duty: duty("releases"),
                resident: resident("lukasz"),
                display_name: "Łukasz".to_owned(),
                first_interval: interval("2026-12-08T08:00:00Z", "2026-12-08T16:00:00Z"),
                seconds: 28_800,
            }],
            ..ListGapsResponse::default()
        };
        insta::assert_snapshot!(check(&answer), @r"
        3 gaps (1 accepted), Mon 23 Nov 14:05 – Wed 23 Dec 14:05
        Times in Europe/Warsaw (UTC+01:00)

        3f2a9c10  security  Tue 24 Nov 09:00 – 17:00 (8 h)  0 of 1 there
          why       Łukasz is away (flu)
          stand-ins Åsa Öberg: the whole gap, outside working hours, also on duty
                    (reviews, talks), load 85 %
                    三輪 美香: Tue 24 Nov 09:00 – 13:00, at night, too little rest
          to fill   onduty cover 3f2a9c10 --by asa

        77aa0000  security  Tue 24 Nov 09:00 – 17:00 (8 h)  0 of 1 there
          why       Łukasz is away (flu)
          accepted  “conference”

        a1b2c3d4  security  Tue 24 Nov 09:00 – 17:00 (8 h)  0 of 1 there
          why       Łukasz is away (flu)
          stand-ins nobody; back on Mon 30 Nov 09:00

        Coverage: security 99.9 %

        Without Łukasz too few could hold releases (Tue 8 Dec 09:00 – 17:00).
        ");
    }

    #[test]
    fn no_gap_is_said_for_which_time() {
        insta::assert_snapshot!(check(&ListGapsResponse::default()), @r"
        No gap, Mon 23 Nov 14:05 – Wed 23 Dec 14:05
        Times in Europe/Warsaw (UTC+01:00)
        ");
    }

    #[test]
    fn coverage_is_whole_only_if_nothing_is_missing() {
        let part = |met_seconds| Coverage { duty: duty("d"), required_seconds: 10_000_000, met_seconds };
        let answer =
            ListGapsResponse { coverage: vec![part(9_999_999), part(10_000_000)], ..ListGapsResponse::default() };
        assert!(check(&answer).ends_with("Coverage: d 99.9 %, d 100.0 %"));
    }
}
