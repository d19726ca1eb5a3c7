//! Shifts and handoffs of a window, as tables and as a picture.

use onduty::civil::Instant;
use onduty::proto::v1::{Gap, Handoff, ListHandoffsResponse, ListShiftsResponse, Shift};

use super::table::{Cell, Table};
use super::timeline::{Bar, BarKind, Timeline};
use super::zone::interval_length;
use super::{ALARM, FAINT, HEADING, View, plain, styled};
use crate::{names, spans};

/// A window that was asked about.
type Window = (Instant, Instant);

/// Returns the lines that say what was asked for, and in which zone times are.
fn heading(what: &str, window: Window, view: &View) -> String {
    let interval = spans::interval(Some(window.0), Some(window.1));
    let line = format!("{}, {}", styled(HEADING, what), view.interval(Some(&interval)));
    format!("{}\n{}\n", view.wrapped(&line, 0), view.zone_line(window.0, window.1))
}

/// Returns the shifts of a window as a table.
pub fn shifts(answer: &ListShiftsResponse, window: Window, view: &View) -> String {
    let mut table = Table::new(&["DUTY", "WHEN", "LENGTH", "WHO", ""]);
    for shift in &answer.shifts {
        let (before, after) = (shift.truncated_start, shift.truncated_end);
        let when = format!("{}{}{}", if before { "… " } else { "" }, when(shift, view), if after { " …" } else { "" });
        table.row([
            names::id(&shift.duty).into(),
            when.into(),
            Cell::from(interval_length(shift.interval.as_ref()).unwrap_or_default()),
            who(shift, view).into(),
            Cell::styled(FAINT, note(shift, view)),
        ]);
    }
    if table.is_empty() {
        return heading("No shift", window, view);
    }
    heading("Shifts", window, view) + "\n" + &table.text(view.width)
}

fn when(shift: &Shift, view: &View) -> String {
    view.interval(shift.interval.as_ref())
}

fn who(shift: &Shift, view: &View) -> String {
    if shift.display_name.is_empty() { view.person(&shift.resident) } else { plain(&shift.display_name) }
}

fn note(shift: &Shift, view: &View) -> String {
    match (&shift.in_place_of, &shift.override_name) {
        (Some(owner), _) => format!("for {}", view.person(owner)),
        (None, Some(_)) => "override".to_owned(),
        (None, None) => String::new(),
    }
}

/// Returns the shifts and gaps of a window as a picture.
pub fn drawn(shifts: &ListShiftsResponse, gaps: &[Gap], window: Window, view: &View) -> String {
    let mut lines: Vec<(String, Vec<Bar>)> = Vec::new();
    let mut add = |duty: &str, bar: Bar| {
        let title = plain(names::id(duty));
        match lines.iter_mut().find(|(known, _)| *known == title) {
            Some((_, bars)) => bars.push(bar),
            None => lines.push((title, vec![bar])),
        }
    };
    for shift in &shifts.shifts {
        if let (Some(start), Some(end)) = spans::ends(shift.interval.as_ref()) {
            add(&shift.duty, Bar { start, end, label: who(shift, view), kind: BarKind::Shift });
        }
    }
    for gap in gaps {
        if let (Some(start), Some(end)) = spans::ends(gap.interval.as_ref()) {
            let kind = if gap.accepted { BarKind::AcceptedGap } else { BarKind::Gap };
            add(&gap.duty, Bar { start, end, label: String::new(), kind });
        }
    }
    if lines.is_empty() {
        return heading("No shift and no gap", window, view);
    }
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    let picture = Timeline { from: window.0, to: window.1, lines }.text(view);
    let legend = match (gaps.iter().any(|gap| !gap.accepted), gaps.iter().any(|gap| gap.accepted)) {
        (false, false) => String::new(),
        (true, false) => format!("\n{} somebody is missing\n", styled(ALARM, "!!!")),
        (false, true) => format!("\n{} an accepted gap\n", styled(FAINT, "···")),
        (true, true) => {
            format!("\n{} somebody is missing  {} an accepted gap\n", styled(ALARM, "!!!"), styled(FAINT, "···"))
        }
    };
    heading("Timeline", window, view) + "\n" + &picture + &legend
}

/// Returns the handoffs of a window.
pub fn handoffs(answer: &ListHandoffsResponse, window: Window, view: &View) -> String {
    let mut table = Table::new(&["WHEN", "DUTY", "FROM", "TO", "STAYING"]);
    for handoff in &answer.handoffs {
        table.row([
            Cell::from(view.stamp(handoff.time.as_ref(), "")),
            names::id(&handoff.duty).into(),
            side(&handoff.leaving, handoff, view),
            side(&handoff.taking_over, handoff, view),
            view.persons(&handoff.staying).into(),
        ]);
    }
    if table.is_empty() {
        return heading("No handoff", window, view);
    }
    heading("Handoffs", window, view) + "\n" + &table.text(view.width)
}

fn side(people: &[String], handoff: &Handoff, view: &View) -> Cell {
    match (people.is_empty(), handoff.staying.is_empty()) {
        (true, true) => Cell::styled(ALARM, "nobody"),
        _ => Cell::from(view.persons(people)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{duty, interval, resident, stripped, view};
    use super::*;

    fn window() -> Window {
        let [from, to] = ["2026-11-22T23:00:00Z", "2026-11-26T23:00:00Z"].map(|at| at.parse().unwrap());
        (from, to)
    }

    fn shift(start: &str, end: &str, who: &str) -> Shift {
        Shift {
            duty: duty("reviews"),
            resident: resident(who),
            display_name: view().person(&resident(who)),
            interval: interval(start, end),
            ..Shift::default()
        }
    }

    fn answer() -> ListShiftsResponse {
        let own = shift("2026-11-22T23:00:00Z", "2026-11-23T16:00:00Z", "lukasz");
        let other = shift("2026-11-24T08:00:00Z", "2026-11-25T08:00:00Z", "mika");
        ListShiftsResponse {
            shifts: vec![
                Shift { truncated_start: true, ..own },
                Shift { in_place_of: Some(resident("lukasz")), ..other },
            ],
            ..ListShiftsResponse::default()
        }
    }

    #[test]
    fn shifts_say_whose_place_it_is_and_where_they_are_cut() {
        insta::assert_snapshot!(stripped(&shifts(&answer(), window(), &view())), @r"
        Shifts, Mon 23 Nov 00:00 – Fri 27 Nov 00:00
        Times in Europe/Warsaw (UTC+01:00)

        DUTY     WHEN                                 LENGTH  WHO
        reviews  … Mon 23 Nov 00:00 – 17:00           17 h    Łukasz
        reviews  Tue 24 Nov 09:00 – Wed 25 Nov 09:00  24 h    三輪 美香  for Łukasz
        ");
    }

    #[test]
    fn a_picture_shows_shifts_and_gaps_of_each_duty() {
        let gap = |accepted, start, end| Gap {
            duty: duty("security"),
            interval: interval(start, end),
            accepted,
            ..Gap::default()
        };
        let gaps = [
            gap(false, "2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z"),
            gap(true, "2026-11-25T08:00:00Z", "2026-11-26T08:00:00Z"),
        ];
        insta::assert_snapshot!(stripped(&drawn(&answer(), &gaps, window(), &view())), @r"
        Timeline, Mon 23 Nov 00:00 – Fri 27 Nov 00:00
        Times in Europe/Warsaw (UTC+01:00)

                  Mon 23           Tue 24            Wed 25           Thu 26
        reviews   ├Łukasz────┤            ├三輪 美香──────┤
        security        !!!!!!!!!!!!!!!!!!                 ··················

        !!! somebody is missing  ··· an accepted gap
        ");
    }

    #[test]
    fn a_handoff_to_nobody_is_said_to_be_one() {
        let handoff = |leaving: &[&str], taking_over: &[&str]| Handoff {
            duty: duty("reviews"),
            time: interval("2026-11-23T16:00:00Z", "").and_then(|interval| interval.start_time),
            leaving: leaving.iter().map(|id| resident(id)).collect(),
            taking_over: taking_over.iter().map(|id| resident(id)).collect(),
            staying: vec![],
        };
        let answer = ListHandoffsResponse {
            handoffs: vec![handoff(&["lukasz"], &["asa", "mika"]), handoff(&["asa", "mika"], &[])],
            ..ListHandoffsResponse::default()
        };
        insta::assert_snapshot!(stripped(&handoffs(&answer, window(), &view())), @r"
        Handoffs, Mon 23 Nov 00:00 – Fri 27 Nov 00:00
        Times in Europe/Warsaw (UTC+01:00)

        WHEN              DUTY     FROM                  TO
        Mon 23 Nov 17:00  reviews  Łukasz                Åsa Öberg, 三輪 美香
        Mon 23 Nov 17:00  reviews  Åsa Öberg, 三輪 美香  nobody
        ");
    }

    #[test]
    fn an_empty_window_is_told_without_a_table() {
        assert!(
            stripped(&shifts(&ListShiftsResponse::default(), window(), &view())).starts_with("No shift, Mon 23 Nov")
        );
    }
}
