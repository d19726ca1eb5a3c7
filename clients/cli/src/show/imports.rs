//! What came of reading a calendar.

use onduty::proto::v1::{
    CalendarLine, CalendarReport, ImportHolidaysResponse, ImportOutcome, ImportTimeOffResponse, ImportedTimeOff,
    PassedEvents, TimeOff,
};

use super::table::{Cell, Table};
use super::time_off::when;
use super::{ALARM, FAINT, GOOD, HEADING, NOTICE, View, counted, plain, styled};
use crate::names;

/// How many lines of a report are shown of each kind.
const LINES_SHOWN: usize = 10;

/// Returns what an import of time off did, or would do.
pub fn imported(answer: &ImportTimeOffResponse, resident: &str, dry_run: bool, view: &View) -> String {
    let mut text = format!("{}\n", view.wrapped(&summary(answer, resident, dry_run, view), 2));
    text += &changed(answer, view);
    if !answer.kept.is_empty() {
        let ids: Vec<_> = answer.kept.iter().map(|entry| plain(names::id(&entry.name))).collect();
        let line = format!(
            "{} {}: not in what could be read of the calendar, but part of it could not be.",
            styled(NOTICE, "Left as it is:"),
            ids.join(", ")
        );
        text += &format!("\n{}\n", view.wrapped(&line, 2));
    }
    text + &answer.report.as_ref().map(|report| reported(report, true, view)).unwrap_or_default()
}

/// Returns what an import of holidays did, or would do.
pub fn imported_holidays(answer: &ImportHolidaysResponse, dry_run: bool, view: &View) -> String {
    let set = answer.holiday_set.clone().unwrap_or_default();
    let heading = if dry_run { styled(HEADING, "Would be imported") } else { styled(GOOD, "Imported") };
    let days = counted(set.holidays.len(), "day", "days");
    let (id, name) = (plain(names::id(&set.name)), plain(&set.display_name));
    let changes = match (answer.added.len(), answer.removed.len()) {
        (0, 0) => "nothing changes".to_owned(),
        (added, removed) => format!("{added} added, {removed} removed"),
    };
    let called = if name == id { String::new() } else { format!(" ({name})") };
    let line = format!("{heading} into {id}{called}: {changes}; the set has {days}.");
    let mut text = format!("{}\n", view.wrapped(&line, 2));
    let mut table = Table::new(&["", "DAY", "HOLIDAY"]);
    let lists = [(&answer.added, Cell::styled(GOOD, "added")), (&answer.removed, Cell::styled(ALARM, "removed"))];
    for (days, what) in lists {
        for day in days {
            let date = day.date.as_ref().and_then(crate::spans::civil_date).map(|date| view.day(date));
            table.row([what.clone(), date.unwrap_or_default().into(), plain(&day.title).into()]);
        }
    }
    if !table.is_empty() {
        text += &format!("\n{}", table.text(view.width));
    }
    text + &answer.report.as_ref().map(|report| reported(report, false, view)).unwrap_or_default()
}

fn summary(answer: &ImportTimeOffResponse, resident: &str, dry_run: bool, view: &View) -> String {
    let taken = |outcome: ImportOutcome| answer.taken.iter().filter(|taken| taken.outcome() == outcome).count();
    let (ended, removed): (Vec<_>, Vec<_>) = answer.gone.iter().partition(|gone| gone.ended);
    let counts = [
        (taken(ImportOutcome::Added), "new"),
        (taken(ImportOutcome::Moved), "moved"),
        (removed.len(), "removed"),
        (ended.len(), "ended"),
        (taken(ImportOutcome::Unchanged), "as before"),
    ];
    let counts: Vec<_> = counts.iter().filter(|(count, _)| *count > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let heading = if dry_run { styled(HEADING, "Would be imported") } else { styled(GOOD, "Imported") };
    let events = answer.report.as_ref().map_or(0, |report| report.event_count);
    let events = counted(usize::try_from(events).unwrap_or(0), "event", "events");
    let what = if counts.is_empty() { "no absence".to_owned() } else { counts.join(", ") };
    format!("{heading} for {}: {what}, out of {events} in the calendar.", view.person(resident))
}

/// Returns the entries that an import made, moved, removed or ended.
pub(super) fn changed(answer: &ImportTimeOffResponse, view: &View) -> String {
    let table = changes(answer, view);
    match table.is_empty() {
        true => String::new(),
        false => format!("{}\n\n{}", view.zone_now(), table.text(view.width)),
    }
}

fn changes(answer: &ImportTimeOffResponse, view: &View) -> Table {
    let mut table = Table::new(&["", "WHEN", "ID", "LINE"]);
    let mut row = |what: Cell, entry: &TimeOff, line: String| {
        table.row([what, when(entry, view).into(), names::id(&entry.name).into(), Cell::styled(FAINT, line)]);
    };
    for ImportedTimeOff { line, outcome, time_off } in &answer.taken {
        let what = match ImportOutcome::try_from(*outcome) {
            Ok(ImportOutcome::Unchanged) => continue,
            Ok(ImportOutcome::Moved) => Cell::styled(NOTICE, "moved"),
            _ => Cell::styled(GOOD, "new"),
        };
        time_off.iter().for_each(|entry| row(what.clone(), entry, line.to_string()));
    }
    for gone in &answer.gone {
        let what = Cell::styled(ALARM, if gone.ended { "ended" } else { "removed" });
        gone.time_off.iter().for_each(|entry| row(what.clone(), entry, String::new()));
    }
    table
}

/// Returns what became of the events that were not taken, where it can be `chosen` which are, with how.
fn reported(report: &CalendarReport, chosen: bool, view: &View) -> String {
    let mut text = lines("Left out", &report.left_out, report.left_out_count, view);
    text += &lines("To know", &report.remarks, report.remark_count, view);
    if let Some(passed) =
        report.passed_over.as_ref().map(|passed| passed_over(passed, chosen)).filter(|passed| !passed.is_empty())
    {
        let line = format!("{} {passed}.", styled(HEADING, "Passed over:"));
        text += &format!("\n{}\n", view.wrapped(&line, 2));
    }
    text
}

fn lines(heading: &str, lines: &[CalendarLine], count: i32, view: &View) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", styled(HEADING, format!("{heading}: {count}")));
    for CalendarLine { line, text: said } in lines.iter().take(LINES_SHOWN) {
        text += &format!("{}\n", view.wrapped(&format!("  line {line}: {}", plain(said)), 4));
    }
    let more = usize::try_from(count).unwrap_or(0).saturating_sub(LINES_SHOWN);
    if more > 0 {
        text += &format!("{}\n", styled(FAINT, format!("  and {more} more; --output json has 100 of them")));
    }
    text
}

fn passed_over(passed: &PassedEvents, chosen: bool) -> String {
    let unwanted = if chosen { "not asked for (--every takes all)" } else { "not of whole days" };
    let parts = [
        (passed.unwanted_count, unwanted),
        (passed.free_count, "marked as free (--free)"),
        (passed.tentative_count, "tentative (--tentative)"),
        (passed.cancelled_count, "cancelled"),
        (passed.declined_count, "declined"),
        (passed.outside_count, if chosen { "long ago or far ahead" } else { "on other dates" }),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use onduty::proto::google_type::Date;
    use onduty::proto::v1::{DaySpan, GoneTimeOff, Span, span};

    use super::super::testing::{resident, stripped, view};
    use super::*;

    fn entry(id: &str, first: (i32, i32), last: (i32, i32)) -> Option<TimeOff> {
        let date = |(month, day)| Some(Date { year: 2026, month, day });
        let zone = "Europe/Warsaw".to_owned();
        let days = DaySpan { first_date: date(first), last_date: date(last), zone };
        let span = Some(Span { form: Some(span::Form::Days(days)) });
        Some(TimeOff { name: format!("teams/psf/timeOff/{id}"), resident: resident("asa"), span, ..TimeOff::default() })
    }

    fn taken(line: i32, outcome: ImportOutcome, time_off: Option<TimeOff>) -> ImportedTimeOff {
        ImportedTimeOff { line, outcome: outcome.into(), time_off }
    }

    #[test]
    fn an_import_says_what_changed_and_what_was_not_taken() {
        let line = |line, text: &str| CalendarLine { line, text: text.to_owned() };
        let passed = PassedEvents { unwanted_count: 7, free_count: 2, ..PassedEvents::default() };
        let answer = ImportTimeOffResponse {
            taken: vec![
                taken(12, ImportOutcome::Added, entry("off-7kx2m", (12, 21), (12, 31))),
                taken(40, ImportOutcome::Moved, entry("off-3ab4c", (12, 4), (12, 4))),
                taken(52, ImportOutcome::Unchanged, entry("off-99999", (12, 7), (12, 7))),
            ],
            gone: vec![GoneTimeOff { time_off: entry("off-q2w3e", (12, 9), (12, 10)), ended: false }],
            kept: entry("off-k3p4t", (12, 14), (12, 14)).into_iter().collect(),
            report: Some(CalendarReport {
                event_count: 13,
                left_out: vec![line(99, "its start (DTSTART) cannot be read")],
                left_out_count: 1,
                remarks: vec![line(3, "the time zone 'W. Europe Standard Time' was read as Europe/Berlin")],
                remark_count: 1,
                passed_over: Some(passed),
            }),
            context: None,
        };
        insta::assert_snapshot!(stripped(&imported(&answer, &resident("asa"), false, &view())), @r"
        Imported for Åsa Öberg: 1 new, 1 moved, 1 removed, 1 as before, out of 13 events
          in the calendar.
        Times in Europe/Warsaw (UTC+01:00)

                 WHEN                     ID         LINE
        new      Mon 21 Dec – Thu 31 Dec  off-7kx2m  12
        moved    Fri 4 Dec                off-3ab4c  40
        removed  Wed 9 Dec – Thu 10 Dec   off-q2w3e

        Left as it is: off-k3p4t: not in what could be read of the calendar, but part of
          it could not be.

        Left out: 1
          line 99: its start (DTSTART) cannot be read

        To know: 1
          line 3: the time zone 'W. Europe Standard Time' was read as Europe/Berlin

        Passed over: 7 not asked for (--every takes all), 2 marked as free (--free).
        ");
        let nothing = ImportTimeOffResponse::default();
        insta::assert_snapshot!(stripped(&imported(&nothing, &resident("asa"), true, &view())), @"Would be imported for Åsa Öberg: no absence, out of 0 events in the calendar.");
    }
}
