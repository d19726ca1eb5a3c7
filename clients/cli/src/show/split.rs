//! Tasks divided between residents.

use onduty::proto::v1::{GivenTask, LeftTask, SplitTasksResponse};
use pbjson_types::Duration;

use super::table::{Cell, Table};
use super::zone::work;
use super::{FAINT, GOOD, HEADING, NOTICE, View, counted, plain, styled};
use crate::names;

/// Returns who gets which task and why; `typed` is the command that does it, where it is not done yet.
pub fn split(answer: &SplitTasksResponse, typed: Option<String>, view: &View) -> String {
    if answer.given.is_empty() && answer.left.is_empty() {
        return "There is no task to divide.\n".to_owned();
    }
    let mut text = String::new();
    if !answer.given.is_empty() {
        let count = counted(answer.given.len(), "task", "tasks");
        text += &match typed {
            Some(_) => format!("{}\n\n", styled(HEADING, format!("{count} could be divided so:"))),
            None => format!("{}\n\n", styled(GOOD, format!("{count} divided:"))),
        };
        let mut table = Table::new(&["TASK", "WHO", "WORK", "WHY"]);
        answer.given.iter().for_each(|given| table.row(row(given, view)));
        text += &table.text(view.width);
    }
    if !answer.left.is_empty() {
        let before = if text.is_empty() { "" } else { "\n" };
        text += &format!("{before}{}\n", styled(NOTICE, "Nobody can take:"));
        answer.left.iter().for_each(|left| text += &format!("{}\n", view.wrapped(&line(left), 4)));
    }
    text += &format!("\n{}", shares(answer, view));
    if let Some(typed) = typed.filter(|_| !answer.given.is_empty()) {
        text += &format!("\n{}\n", view.typed("Nothing is changed yet. To do it", &typed));
    }
    text
}

fn row(given: &GivenTask, view: &View) -> [Cell; 4] {
    let task = format!("{} “{}”", names::id(&given.task), given.title);
    let who = match given.before_resident.as_str() {
        "" => view.person(&given.resident),
        before if before == given.resident => format!("{}, as before", view.person(before)),
        before => format!("{}, from {}", view.person(&given.resident), view.person(before)),
    };
    let style = if given.at_risk { NOTICE } else { FAINT };
    [task.into(), who.into(), effort(given.effort.as_ref()).into(), Cell::styled(style, given.reasons.join("; "))]
}

fn line(left: &LeftTask) -> String {
    plain(&format!("  {} “{}”: {}", names::id(&left.task), left.title, left.reasons.join("; ")))
}

fn effort(effort: Option<&Duration>) -> String {
    match effort.map_or(0, |effort| effort.seconds) {
        0 => "nothing".to_owned(),
        seconds => work(seconds),
    }
}

fn shares(answer: &SplitTasksResponse, view: &View) -> String {
    let mut table = Table::new(&["WHO", "BEFORE", "AFTER", "CAPACITY"]);
    for share in &answer.shares {
        let capacity = match share.capacity_hours {
            hours if hours > 0.0 => format!("{hours} h a week"),
            _ => "not stated".to_owned(),
        };
        let (before, after) = (effort(share.effort_before.as_ref()), effort(share.effort.as_ref()));
        table.row([view.person(&share.resident).into(), before.into(), after.into(), capacity.into()]);
    }
    table.text(view.width)
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::TaskShare;

    use super::super::testing::{resident, stripped, view};
    use super::*;

    #[test]
    fn a_proposal_says_who_gets_what_and_why_and_how_it_is_done() {
        let hours = |hours: i64| Some(Duration { seconds: hours * 3_600, nanos: 0 });
        let given = |id: &str, title: &str, who: &str, before: &str| GivenTask {
            task: format!("teams/psf/tasks/{id}"),
            title: title.to_owned(),
            resident: resident(who),
            before_resident: if before.is_empty() { String::new() } else { resident(before) },
            effort: hours(8),
            reasons: vec!["has the least with it".to_owned(), "16 h in all, of 40 h a week".to_owned()],
            ..GivenTask::default()
        };
        let left = LeftTask {
            task: "teams/psf/tasks/sign".to_owned(),
            title: "Sign 3.9.18".to_owned(),
            reasons: vec!["asa lacks signing".to_owned(), "lukasz is away".to_owned()],
        };
        let share = |who: &str, effort| TaskShare {
            resident: resident(who),
            effort_before: hours(0),
            effort: hours(effort),
            capacity_hours: 40.0,
        };
        let answer = SplitTasksResponse {
            given: vec![given("fix", "Fix the build", "asa", ""), given("announce", "Announce", "lukasz", "mika")],
            left: vec![left],
            shares: vec![share("asa", 16), share("lukasz", 8)],
            ..SplitTasksResponse::default()
        };
        let typed = Some("task split --of mika --apply".to_owned());
        insta::assert_snapshot!(stripped(&split(&answer, typed, &view())));
    }
}
