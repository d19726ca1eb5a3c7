//! Time off: entries, their end, and coming back.

use onduty::proto::google_type::Interval;
use onduty::proto::v1::{ComeBackResponse, ListTimeOffResponse, TimeOff, span};

use super::log::take_back;
use super::table::{Cell, Table};
use super::{FAINT, GOOD, View, plain, styled, words};
use crate::{names, spans};

/// Returns whose entry it is and what: `Łukasz sick`.
pub(crate) fn title(time_off: &TimeOff, view: &View) -> String {
    let what = what(time_off);
    let who = view.person(&time_off.resident);
    if what.is_empty() { format!("{who} away") } else { format!("{who}, {what}") }
}

fn what(time_off: &TimeOff) -> String {
    let effect = match &time_off.elsewhere_zone {
        Some(zone) => format!("working in {zone}"),
        None => words::time_off_effect(time_off.effect).to_owned(),
    };
    [words::time_off_kind(time_off.kind), effect]
        .iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns when it is: whole days with their zone as they were stated, anything else in the viewer's zone.
pub(crate) fn when(time_off: &TimeOff, view: &View) -> String {
    let days = match time_off.span.as_ref().and_then(|span| span.form.as_ref()) {
        Some(span::Form::Days(days)) => Some(days),
        _ => None,
    };
    let first = days.and_then(|days| days.first_date.as_ref()).and_then(spans::civil_date);
    let mut text = match (days, first) {
        (Some(days), Some(first)) => {
            let last = days.last_date.as_ref().and_then(spans::civil_date);
            let end = match last {
                Some(last) if last == first => String::new(),
                Some(last) => format!(" – {}", view.day(last)),
                None => " until further notice".to_owned(),
            };
            let zone = if days.zone == view.zone.name() || days.zone.is_empty() {
                String::new()
            } else {
                format!(" (days in {})", days.zone)
            };
            format!("{}{end}{zone}", view.day(first))
        }
        _ => view.interval(shown_interval(time_off).as_ref()),
    };
    if let Some(recurrence) = &time_off.recurrence {
        text += &format!(", repeats {}", recurrence.rule);
    }
    if let Some(cut) = time_off.cut_time.as_ref().filter(|_| first.is_some() || time_off.recurrence.is_some()) {
        text += &format!(", ended {}", view.time(spans::instant(cut)));
    }
    plain(&text)
}

/// Returns the interval of an entry; of one that was ended early, up to that end.
fn shown_interval(time_off: &TimeOff) -> Option<Interval> {
    let cut = time_off.cut_time.filter(|_| time_off.recurrence.is_none());
    time_off.interval.map(|interval| Interval { end_time: cut.or(interval.end_time), ..interval })
}

/// Returns entries of time off as a table.
pub fn time_off_list(answer: &ListTimeOffResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "WHO", "WHAT", "WHEN", "NOTE"]);
    for time_off in &answer.time_off {
        table.row([
            names::id(&time_off.name).into(),
            view.person(&time_off.resident).into(),
            if time_off.name.is_empty() { "away".to_owned() } else { what(time_off) }.into(),
            when(time_off, view).into(),
            Cell::styled(FAINT, note(time_off)),
        ]);
    }
    if table.is_empty() {
        return "No time off.\n".to_owned();
    }
    format!("{}\n\n{}", view.zone_now(), table.text(view.width))
}

/// Returns what is to be known of an entry beside what and when it is.
fn note(time_off: &TimeOff) -> &str {
    if time_off.note.is_empty() && time_off.imported { "from a calendar" } else { &time_off.note }
}

/// Returns an entry that was ended early, or would be.
pub fn ended(time_off: &TimeOff, dry_run: bool, view: &View) -> String {
    let heading = if dry_run { "Would end:".to_owned() } else { styled(GOOD, "Ended:") };
    let line = format!("{heading} {}, {}", title(time_off, view), when(time_off, view));
    format!("{}\n{}\n", view.wrapped(&line, 2), view.zone_now())
}

/// Returns an entry whose kind and note were erased, or would be.
pub fn erased(time_off: &TimeOff, dry_run: bool, view: &View) -> String {
    let heading =
        if dry_run { "Kind and note would be erased:".to_owned() } else { styled(GOOD, "Kind and note erased:") };
    let line = format!("{heading} {}, {}", title(time_off, view), when(time_off, view));
    format!("{}\n{}\n", view.wrapped(&line, 2), view.zone_now())
}

/// Returns what coming back ended, or would end.
pub fn back(answer: &ComeBackResponse, resident: &str, dry_run: bool, view: &View) -> String {
    let who = view.person(resident);
    if answer.time_off.is_empty() {
        return format!("{who} has no absence in progress: nothing to end.\n");
    }
    let heading = if dry_run { format!("{who} would be back; would end:") } else { format!("{who} is back; ended:") };
    let mut text = format!("{}\n", styled(GOOD, heading));
    for time_off in &answer.time_off {
        let line = format!("  {}, {} ({})", what(time_off), when(time_off, view), names::id(&time_off.name));
        text += &format!("{}\n", view.wrapped(&line, 4));
    }
    text += &format!("{}\n", view.zone_now());
    match answer.context.as_ref().filter(|_| !dry_run) {
        Some(context) => text + &take_back(context.revision, view),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::{DaySpan, Recurrence, Span};

    use super::super::testing::{interval, resident, stripped, view};
    use super::*;

    fn days(first: (i32, i32), last: Option<(i32, i32)>, zone: &str) -> Option<Span> {
        let date = |(month, day)| onduty::proto::google_type::Date { year: 2026, month, day };
        let days = DaySpan { first_date: Some(date(first)), last_date: last.map(date), zone: zone.to_owned() };
        Some(Span { form: Some(span::Form::Days(days)) })
    }

    fn entry(id: &str, who: &str, kind: i32) -> TimeOff {
        TimeOff { name: format!("teams/psf/timeOff/{id}"), resident: resident(who), kind, ..TimeOff::default() }
    }

    #[test]
    fn whole_days_are_shown_as_stated_and_the_rest_as_instants() {
        let vacation = TimeOff { span: days((12, 1), Some((12, 5)), "America/Toronto"), ..entry("v1", "asa", 2) };
        let friday = TimeOff {
            span: days((12, 4), Some((12, 4)), "Europe/Warsaw"),
            recurrence: Some(Recurrence { rule: "FREQ=WEEKLY".to_owned(), excepted_dates: vec![] }),
            note: "school".to_owned(),
            ..entry("f1", "mika", 7)
        };
        let focus = TimeOff {
            effect: 2,
            interval: interval("2026-11-24T08:00:00Z", "2026-11-24T12:00:00Z"),
            ..entry("focus-1", "lukasz", 5)
        };
        let answer = ListTimeOffResponse { time_off: vec![focus, vacation, friday], ..ListTimeOffResponse::default() };
        insta::assert_snapshot!(stripped(&time_off_list(&answer, &view())), @r"
        Times in Europe/Warsaw (UTC+01:00)

        ID       WHO        WHAT         WHEN                                     NOTE
        focus-1  Łukasz     focus, soft  Tue 24 Nov 09:00 – 13:00
        v1       Åsa Öberg  vacation     Tue 1 Dec – Sat 5 Dec (days in
                                         America/Toronto)
        f1       三輪 美香  other        Fri 4 Dec, repeats FREQ=WEEKLY           school
        ");
    }

    #[test]
    fn nothing_in_progress_is_no_error() {
        let text = back(&ComeBackResponse::default(), &resident("asa"), false, &view());
        assert_eq!(text, "Åsa Öberg has no absence in progress: nothing to end.\n");
    }

    #[test]
    fn coming_back_names_what_it_ended() {
        let flu = TimeOff {
            interval: interval("2026-11-22T08:00:00Z", ""),
            cut_time: Some(spans::timestamp("2026-11-23T13:05:00Z".parse().unwrap())),
            ..entry("k3", "lukasz", 1)
        };
        let answer = ComeBackResponse { time_off: vec![flu], context: None };
        insta::assert_snapshot!(stripped(&back(&answer, &resident("lukasz"), false, &view())), @r"
        Łukasz is back; ended:
          sick, Sun 22 Nov 09:00 – Mon 23 Nov 14:05 (k3)
        Times in Europe/Warsaw (UTC+01:00)
        ");
    }
}
