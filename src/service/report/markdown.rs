//! A report as Markdown, to be committed or posted.

use std::fmt::Write as _;

use super::words::{Words, hours, id, month, percent};
use crate::civil::Instant;
use crate::proto::v1::{Report, ReportDuty, ReportResident, ReportTask};

/// The most handoffs of one duty that are written one by one: those of every day are told by their number.
const HANDOFFS_MAX: usize = 25;
/// How many objects of one change are written.
const OBJECTS_MAX: usize = 5;

/// Returns the report as a document; sections of which there is nothing are left out.
pub fn markdown(report: &Report, words: &Words<'_>) -> String {
    let mut text = format!("# {}: {}\n\n", escaped(&report.display_name), month(report));
    let _ = writeln!(text, "Times are in {}.", report.zone);
    text += &coverage(&report.duties);
    text += &gaps(&report.duties, words);
    text += &closed(&report.duties, words);
    text += &residents(&report.residents);
    text += &tasks(&report.residents);
    text += &handoffs(&report.duties, words);
    text += &changes(report, words);
    text += &absences(report, words);
    text
}

fn section(title: &str, lines: &[String]) -> String {
    if lines.is_empty() { String::new() } else { format!("\n## {title}\n\n{}\n", lines.join("\n")) }
}

fn table(titles: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    if rows.is_empty() {
        return Vec::new();
    }
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let head = line(titles.iter().map(ToString::to_string).collect());
    let numbers = std::iter::repeat_n("---:".to_owned(), titles.len() - 1);
    let rule = line(["---".to_owned()].into_iter().chain(numbers).collect());
    [head, rule].into_iter().chain(rows.into_iter().map(line)).collect()
}

fn coverage(duties: &[ReportDuty]) -> String {
    let row = |duty: &ReportDuty| {
        let required = duty.coverage.as_ref().map(|coverage| coverage.required_seconds).unwrap_or_default();
        let met = duty.coverage.as_ref().map(|coverage| coverage.met_seconds).unwrap_or_default();
        let share = if required > 0 { percent(met, required) } else { "nothing required".to_owned() };
        let (gaps, handoffs) = (duty.gaps.len().to_string(), duty.handoffs.len().to_string());
        vec![escaped(title(duty)), share, hours(required), hours(met), gaps, handoffs]
    };
    let titles = ["Duty", "Coverage", "Required", "Met", "Gaps", "Handoffs"];
    section("Coverage", &table(&titles, duties.iter().map(row).collect()))
}

fn title(duty: &ReportDuty) -> &str {
    if duty.title.is_empty() { id(&duty.duty) } else { &duty.title }
}

fn gaps(duties: &[ReportDuty], words: &Words<'_>) -> String {
    let mut lines = Vec::new();
    for duty in duties {
        for gap in &duty.gaps {
            let accepted = if gap.accepted { ", accepted" } else { "" };
            let (duty, when) = (escaped(title(duty)), words.interval(gap.interval.as_ref()));
            lines.push(format!("- {duty}: {when}, {} missing{accepted}", gap.missing));
        }
    }
    section("Gaps", &lines)
}

fn closed(duties: &[ReportDuty], words: &Words<'_>) -> String {
    let mut lines = Vec::new();
    for duty in duties {
        for gap in &duty.closed_gaps {
            let (when, by) = (words.interval(gap.interval.as_ref()), escaped(&gap.display_names.join(", ")));
            lines.push(format!("- {}: {when}, by {by}", escaped(title(duty))));
        }
    }
    section("Gaps that were closed", &lines)
}

fn residents(residents: &[ReportResident]) -> String {
    let works = residents.iter().any(|resident| resident.tasks_done.is_some());
    let row = |resident: &ReportResident| {
        let mut row =
            vec![escaped(&resident.display_name), hours(resident.on_duty_seconds), hours(resident.standby_seconds)];
        if works {
            row.push(resident.tasks_done.unwrap_or_default().to_string());
            row.push(hours((resident.effort_hours * 3_600.0).round() as i64));
        }
        row
    };
    let titles: &[&str] = match works {
        true => &["Who", "On duty", "Standby", "Tasks done", "Their effort"],
        false => &["Who", "On duty", "Standby"],
    };
    section("Who did what", &table(titles, residents.iter().map(row).collect()))
}

fn tasks(residents: &[ReportResident]) -> String {
    let mut lines = Vec::new();
    for resident in residents {
        for task in &resident.tasks {
            lines.push(format!("- {}: {}", escaped(&resident.display_name), linked(task)));
        }
    }
    section("Tasks done", &lines)
}

fn linked(task: &ReportTask) -> String {
    let link = task.link.replace('<', "%3C").replace('>', "%3E");
    match link.is_empty() {
        true => escaped(&task.title),
        false => format!("[{}](<{link}>)", escaped(&task.title)),
    }
}

fn handoffs(duties: &[ReportDuty], words: &Words<'_>) -> String {
    let mut lines = Vec::new();
    for duty in duties.iter().filter(|duty| !duty.handoffs.is_empty()) {
        let (title, count) = (escaped(title(duty)), duty.handoffs.len());
        if count > HANDOFFS_MAX {
            lines.push(format!("- {title}: {count}"));
            continue;
        }
        lines.push(format!("- {title}"));
        for handoff in &duty.handoffs {
            let at = handoff.time.as_ref().map(|at| words.time(Instant::from_seconds(at.seconds)));
            let named = |names: &[String]| match names {
                [] => "nobody".to_owned(),
                names => escaped(&names.join(", ")),
            };
            let (from, to) = (named(&handoff.from_display_names), named(&handoff.to_display_names));
            lines.push(format!("  - {}: {from} → {to}", at.unwrap_or_default()));
        }
    }
    section("Handoffs", &lines)
}

fn changes(report: &Report, words: &Words<'_>) -> String {
    let line = |change: &crate::proto::v1::ReportChange| {
        let at = change.change_time.as_ref().map(|at| words.time(Instant::from_seconds(at.seconds)));
        let short = |name: &String| name.splitn(3, '/').nth(2).unwrap_or(name).to_owned();
        let mut objects: Vec<String> = change.objects.iter().take(OBJECTS_MAX).map(short).collect();
        if let more @ 1.. = change.objects.len().saturating_sub(OBJECTS_MAX) {
            objects.push(format!("{more} more"));
        }
        let (at, actor) = (at.unwrap_or_default(), escaped(&change.actor));
        format!("- {at}, {actor}: {} ({})", escaped(&change.title), escaped(&objects.join(", ")))
    };
    let mut lines: Vec<String> = report.changes.iter().map(line).collect();
    if report.changes_left_out > 0 {
        lines.push(format!("- and {} more", report.changes_left_out));
    }
    section("Changes to the rota", &lines)
}

fn absences(report: &Report, words: &Words<'_>) -> String {
    let away = report.absences.iter();
    let lines: Vec<String> = away
        .map(|away| format!("- {}: {}", escaped(&away.display_name), words.interval(away.interval.as_ref())))
        .collect();
    section("Away in the five weeks after", &lines)
}

/// Returns a text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_they_are() {
        assert_eq!(escaped("a|b <script> [x](y)\n# z"), "a\\|b \\<script\\> \\[x\\](y) \\# z");
    }

    #[test]
    fn a_link_keeps_to_its_place() {
        let task = ReportTask {
            title: "Fix [it]".to_owned(),
            link: "https://example.org/a>b".to_owned(),
            ..ReportTask::default()
        };
        assert_eq!(linked(&task), "[Fix \\[it\\]](<https://example.org/a%3Eb>)");
    }
}
