//! What follows where a configured object ends.

use onduty::civil::Instant;
use onduty::proto::v1::{Consequences, Gap, RosterFinding, Shift};

use super::consequences::{followed, section};
use super::gaps::{fill_by_gap, gap_text};
use super::roster::finding_lines;
use super::{ALARM, FAINT, HEADING, TYPED, View, counted, plain, styled};
use crate::names;

/// How many shifts and gaps are shown.
const SHIFTS_SHOWN: usize = 6;
const GAPS_SHOWN: usize = 3;

/// What ends with an object.
#[derive(Debug)]
pub enum Ending {
    /// A team, with so many objects.
    Team {
        /// Its residents.
        residents: usize,
        /// Its duties.
        duties: usize,
        /// Its holiday sets.
        holiday_sets: usize,
    },
    /// A resident, and what follows from their absence.
    Resident(Consequences),
    /// A duty.
    Duty {
        /// The shifts that would be.
        shifts: Vec<Shift>,
        /// How many tasks belong to it.
        tasks: usize,
    },
    /// A holiday set, and whose holidays it has.
    HolidaySet(Vec<String>),
}

/// The gaps and the surprises of some time ahead.
#[derive(Debug)]
pub struct Outlook {
    /// From when.
    pub from: Instant,
    /// The gaps.
    pub gaps: Vec<Gap>,
    /// The surprises.
    pub findings: Vec<RosterFinding>,
}

/// Returns what follows if an object ends.
pub fn ending(name: &str, from: Instant, ending: &Ending, view: &View) -> String {
    let what = plain(name.splitn(3, '/').nth(2).unwrap_or(name));
    let heading = styled(HEADING, format!("If {what} ends, {}:", view.time(from)));
    let mut text = format!("{heading}\n{}\n", view.zone_line(from, from));
    let mut line = |content: String| text += &format!("{}\n", view.wrapped(&content, 2));
    match ending {
        Ending::Team { residents, duties, holiday_sets } => {
            let parts = [
                counted(*residents, "resident", "residents"),
                counted(*duties, "duty", "duties"),
                counted(*holiday_sets, "holiday set", "holiday sets"),
            ];
            line(format!("  {} with it: {}.", styled(ALARM, "All that the team has ends"), parts.join(", ")));
            line("  Nobody is on duty, no gap is reported, and its calendars are gone.".to_owned());
        }
        Ending::Resident(consequences) => {
            line("  It is as if they were away for good.".to_owned());
            text += &followed(consequences, true, name, view);
        }
        Ending::Duty { shifts, tasks } => {
            let told = "Nobody is on duty for it from then on, and no gap is reported.";
            line(format!("  {}", styled(ALARM, told)));
            if *tasks > 0 {
                line(format!("  {} it.", counted(*tasks, "task belongs to", "tasks belong to")));
            }
            let all = format!("{} shifts --duty {} --to +30d", view.program, names::id(name));
            text += &section("Shifts in 30 days that are not to be", shifts, SHIFTS_SHOWN, view, &all, |shift| {
                let who = if shift.display_name.is_empty() {
                    view.person(&shift.resident)
                } else {
                    plain(&shift.display_name)
                };
                format!("{}\n", view.wrapped(&format!("{}  {who}", view.interval(shift.interval.as_ref())), 2))
            });
        }
        Ending::HolidaySet(residents) if residents.is_empty() => line("  Nobody goes by it.".to_owned()),
        Ending::HolidaySet(residents) => {
            line(format!("  Its days are working days again for {}.", view.persons(residents)));
        }
    }
    format!("{text}\n{}\n", view.typed("To keep a way back first", "export --all > FILE"))
}

/// Returns the gaps and surprises that there were not before.
pub fn new_trouble(before: Option<&Outlook>, after: Option<&Outlook>, view: &View) -> String {
    let (Some(before), Some(after)) = (before, after) else { return String::new() };
    let known = |gap: &Gap| before.gaps.iter().any(|old| old.duty == gap.duty && old.interval == gap.interval);
    let gaps = after.gaps.iter().filter(|gap| !gap.accepted && !known(gap)).collect::<Vec<_>>();
    let same = |old: &RosterFinding, new: &RosterFinding| {
        (old.kind, &old.name, &old.part, &old.resident) == (new.kind, &new.name, &new.part, &new.resident)
    };
    let fresh = |new: &&RosterFinding| !before.findings.iter().any(|old| same(old, new));
    let findings = after.findings.iter().filter(fresh).cloned().collect::<Vec<_>>();
    if gaps.is_empty() && findings.is_empty() {
        return styled(FAINT, "No new gap in the 30 days from then, and no new surprise.") + "\n";
    }
    let from = match after.from > view.now {
        true => format!(" --from {}", view.zone.day(after.from).date()),
        false => String::new(),
    };
    let all = format!("{} gaps{from}", view.program);
    let gaps = section("New gaps in the 30 days from then", &gaps, GAPS_SHOWN, view, &all, |gap| {
        gap_text(gap, 1, &fill_by_gap(gap, view), view)
    });
    gaps + &finding_lines(&findings, view)
}

/// Returns how to get back what was ended.
pub fn way_back(planned: bool, view: &View) -> String {
    let option = if planned { " --replace-later" } else { "" };
    let command = styled(TYPED, format!("{} apply FILE{option}", view.program));
    format!("\nTo get it back: {command}\n{}\n", view.wrapped(BACK_BY_FILE, 2))
}

const BACK_BY_FILE: &str = "FILE is a roster file that has it; without one it has to be written anew.";

#[cfg(test)]
mod tests {
    use super::super::testing::{duty, interval, stripped, view};
    use super::*;

    #[test]
    fn only_what_was_not_there_before_is_new() {
        let gap = |start: &str| Gap {
            duty: duty("reviews"),
            interval: interval(start, "2026-11-30T16:00:00Z"),
            required: 1,
            ..Gap::default()
        };
        let finding =
            |name: &str| RosterFinding { name: duty(name), text: "is odd".to_owned(), ..RosterFinding::default() };
        let [old, new] = ["2026-11-30T08:00:00Z", "2026-11-30T09:00:00Z"].map(gap);
        let from = view().now;
        let before = Outlook { from, gaps: vec![old.clone()], findings: vec![finding("reviews")] };
        let after = Outlook { from, gaps: vec![old, new], findings: vec![finding("reviews"), finding("security")] };
        let text = stripped(&new_trouble(Some(&before), Some(&after), &view()));
        assert!(text.contains("then: 1\n") && text.contains("10:00 – 17:00") && !text.contains("09:00 –"), "{text}");
        assert!(text.contains("1 thing will surprise:\n  duties/security"), "{text}");
        assert!(new_trouble(Some(&before), Some(&before), &view()).contains("No new gap"));
    }

    #[test]
    fn what_was_planned_comes_back_only_if_the_plan_is_dropped() {
        assert!(stripped(&way_back(true, &view())).contains("onduty apply FILE --replace-later\n"));
    }
}
