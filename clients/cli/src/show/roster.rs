//! What applying a roster file does, and what in a roster will surprise.

use onduty::proto::v1::{
    ApplyRosterResponse, CheckRosterResponse, LeftAloneCount, RosterAction, RosterChange, RosterFinding,
};

use super::{ALARM, FAINT, GOOD, HEADING, NOTICE, View, counted, plain, styled, words};
use crate::names;
use crate::spans;

/// Returns the difference that applying a file makes.
pub fn changes(answer: &ApplyRosterResponse, view: &View) -> String {
    let team = plain(names::id(&answer.name));
    let mut text = if answer.changes.is_empty() {
        format!("Team {team} is as the file says: nothing to change.\n")
    } else {
        format!("{}\n{}\n", styled(HEADING, format!("Changes of team {team}")), view.zone_now())
    };
    answer.changes.iter().for_each(|change| text += &change_text(change, view));
    text += &left_alone(&answer.left_alone, view);
    text + &finding_lines(&answer.findings, view)
}

fn change_text(change: &RosterChange, view: &View) -> String {
    let (style, sign) = match RosterAction::try_from(change.action) {
        Ok(RosterAction::Create) => (GOOD, "+"),
        Ok(RosterAction::Update) => (NOTICE, "~"),
        Ok(RosterAction::End) => (ALARM, "-"),
        _ => (FAINT, "="),
    };
    let mut what = change.name.splitn(3, '/').nth(2).unwrap_or(&change.name).to_owned();
    if change.action == RosterAction::LeaveAlone as i32 {
        what += " (entered by a call: left alone)";
    }
    let from = change.effective_time.as_ref().map(spans::instant).filter(|from| *from > view.now);
    let from = from.map(|from| format!("  from {}", view.time(from))).unwrap_or_default();
    let mut text = format!("  {}{}\n", styled(style, format!("{sign} {}", plain(&what))), styled(FAINT, from));
    for line in &change.summary {
        text += &format!("{}\n", view.wrapped(&format!("      {}", plain(line)), 8));
    }
    text
}

fn left_alone(counts: &[LeftAloneCount], view: &View) -> String {
    let list = |of: fn(&LeftAloneCount) -> i32| {
        let parts = counts.iter().filter(|count| of(count) > 0).map(|count| noun(of(count), &count.collection));
        parts.collect::<Vec<_>>().join(", ")
    };
    let (entered, unpruned) = (list(|count| count.entered), list(|count| count.unpruned));
    let mut text = String::new();
    if !entered.is_empty() {
        text += &format!("{}\n", view.wrapped(&format!("Left alone, entered by people: {entered}."), 2));
    }
    if !unpruned.is_empty() {
        let line = format!("Left alone, no longer in the file: {unpruned}. --prune would end them.");
        text += &format!("{}\n", view.wrapped(&line, 2));
    }
    text
}

/// Returns a count of a collection's members in words.
fn noun(count: i32, collection: &str) -> String {
    let (singular, plural) = match collection {
        "residents" => ("resident", "residents"),
        "duties" => ("duty", "duties"),
        "holidaySets" => ("holiday set", "holiday sets"),
        "overrides" => ("override", "overrides"),
        "timeOff" => ("entry of time off", "entries of time off"),
        "tasks" => ("task", "tasks"),
        other => (other, other),
    };
    counted(usize::try_from(count).unwrap_or_default(), singular, plural)
}

/// Returns surprises with what is at fault.
pub(crate) fn finding_lines(found: &[RosterFinding], view: &View) -> String {
    if found.is_empty() {
        return String::new();
    }
    let heading = counted(found.len(), "thing will surprise:", "things will surprise:");
    let mut text = format!("\n{}\n", styled(NOTICE, heading));
    for finding in found {
        let mut what = finding.name.splitn(3, '/').nth(2).unwrap_or(&finding.name).to_owned();
        if !finding.part.is_empty() {
            what += &format!(" ({})", finding.part);
        }
        let when = finding
            .interval
            .as_ref()
            .map(|interval| format!(", {}", view.interval(Some(interval))))
            .unwrap_or_default();
        let words = if finding.text.is_empty() { words::finding(finding.kind) } else { finding.text.clone() };
        text += &format!("{}\n", view.wrapped(&plain(&format!("  {what}{when}: {words}")), 4));
    }
    text
}

/// Returns what a check found.
pub fn findings(answer: &CheckRosterResponse, view: &View) -> String {
    let window = view.interval(answer.interval.as_ref());
    if answer.findings.is_empty() {
        return format!("Nothing in the roster will surprise in {window}.\n");
    }
    let lines = finding_lines(&answer.findings, view);
    format!("{}\n{}\n{}", view.wrapped(&window, 0), view.zone_now(), lines.trim_start())
}

/// Returns one line that says that a file was applied.
pub fn applied(answer: &ApplyRosterResponse) -> String {
    let revision =
        answer.context.as_ref().map(|context| format!(", revision {}", context.revision)).unwrap_or_default();
    let count = counted(answer.changes.len(), "change", "changes");
    format!("{} {count} to team {}{revision}.\n", styled(GOOD, "Applied"), plain(names::id(&answer.name)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{interval, resident, stripped, view};
    use super::*;

    #[test]
    fn a_difference_shows_what_comes_changes_ends_and_stays() {
        let change = |action: RosterAction, name: &str, summary: &[&str]| RosterChange {
            action: action.into(),
            name: format!("teams/psf/{name}"),
            summary: summary.iter().map(ToString::to_string).collect(),
            effective_time: None,
        };
        let later = RosterChange {
            effective_time: Some(spans::timestamp("2026-11-30T08:00:00Z".parse().unwrap())),
            ..change(
                RosterAction::Update,
                "duties/security",
                &["layer weekly: participants asa, lukasz (were lukasz, asa)"],
            )
        };
        let answer = ApplyRosterResponse {
            name: "teams/psf".to_owned(),
            changes: vec![
                change(RosterAction::Create, "residents/mika", &["三輪 美香, Asia/Tokyo"]),
                later,
                change(RosterAction::LeaveAlone, "overrides/swap-1", &[]),
                change(RosterAction::End, "duties/talks", &[]),
            ],
            left_alone: vec![
                LeftAloneCount { collection: "timeOff".to_owned(), entered: 2, unpruned: 0 },
                LeftAloneCount { collection: "overrides".to_owned(), entered: 0, unpruned: 1 },
            ],
            findings: vec![RosterFinding {
                kind: 1,
                name: "teams/psf/duties/security".to_owned(),
                part: "weekly".to_owned(),
                resident: Some(resident("lukasz")),
                interval: interval("2026-12-31T23:00:00Z", ""),
                text: "Łukasz is out of term; take him off the layer or extend the term".to_owned(),
            }],
            ..ApplyRosterResponse::default()
        };
        insta::assert_snapshot!(stripped(&changes(&answer, &view())), @r"
        Changes of team psf
        Times in Europe/Warsaw (UTC+01:00)
          + residents/mika
              三輪 美香, Asia/Tokyo
          ~ duties/security  from Mon 30 Nov 09:00
              layer weekly: participants asa, lukasz (were lukasz, asa)
          = overrides/swap-1 (entered by a call: left alone)
          - duties/talks
        Left alone, entered by people: 2 entries of time off.
        Left alone, no longer in the file: 1 override. --prune would end them.

        1 thing will surprise:
          duties/security (weekly), Fri 1 Jan 2027 00:00 until further notice: Łukasz is
            out of term; take him off the layer or extend the term
        ");
    }

    #[test]
    fn a_file_that_changes_nothing_says_so() {
        let answer = ApplyRosterResponse { name: "teams/psf".to_owned(), ..ApplyRosterResponse::default() };
        assert_eq!(changes(&answer, &view()), "Team psf is as the file says: nothing to change.\n");
    }
}
