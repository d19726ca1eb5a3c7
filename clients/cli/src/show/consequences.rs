//! What follows from an absence, on one screen.

use onduty::proto::v1::{AffectedShift, AffectedTask, MarkAbsenceResponse};

use super::gaps::{fill_by_gap, gap_text};
use super::time_off::{title, when};
use super::zone::length;
use super::{ALARM, FAINT, GOOD, HEADING, TYPED, View, counted, plain, styled};
use crate::names;
use crate::spans;

/// How many affected shifts, gaps and tasks are shown: a tired person has one screen.
const SHIFTS_SHOWN: usize = 6;
const GAPS_SHOWN: usize = 3;
const TASKS_SHOWN: usize = 3;
/// How many stand-ins of each gap are shown.
const STAND_INS_SHOWN: usize = 2;

/// Returns what was recorded, or would be, and what follows from it.
pub fn absence(answer: &MarkAbsenceResponse, dry_run: bool, view: &View) -> String {
    let mut text = String::new();
    if let Some(time_off) = &answer.time_off {
        let heading = if dry_run { styled(HEADING, "Would be recorded:") } else { styled(GOOD, "Recorded:") };
        let line =
            format!("{heading} {}, {} ({})", title(time_off, view), when(time_off, view), names::id(&time_off.name));
        text += &format!("{}\n{}\n", view.wrapped(&line, 2), view.zone_now());
    }
    let Some(consequences) = &answer.consequences else { return text };
    if consequences.shifts.is_empty() && consequences.gaps.is_empty() && consequences.tasks.is_empty() {
        text += "\nNo shift, no duty and no task is affected.\n";
    }
    text += &section("Shifts affected", &consequences.shifts, SHIFTS_SHOWN, "", |shift| affected_shift(shift, view));
    let all = format!("{} gaps", view.program);
    text += &section("Gaps that open", &consequences.gaps, GAPS_SHOWN, &all, |gap| {
        let fill = if dry_run { String::new() } else { fill_by_gap(gap, view) };
        gap_text(gap, STAND_INS_SHOWN, &fill, view)
    });
    let all = format!("{} task list --in-danger", view.program);
    text += &section("Tasks without anybody", &consequences.tasks, TASKS_SHOWN, &all, |task| affected_task(task, view));
    text + &what_next(answer, dry_run, view)
}

/// Returns a section with a heading and its first entries.
fn section<T>(heading: &str, entries: &[T], shown: usize, all: &str, entry: impl Fn(&T) -> String) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", styled(HEADING, format!("{heading}: {}", entries.len())));
    entries.iter().take(shown).for_each(|one| text += &entry(one));
    if entries.len() > shown {
        let see = if all.is_empty() { String::new() } else { format!(": {all}") };
        text += &format!("{}\n", styled(FAINT, format!("and {} more{see}", entries.len() - shown)));
    }
    text
}

fn affected_shift(affected: &AffectedShift, view: &View) -> String {
    let Some(shift) = &affected.shift else { return String::new() };
    let mut text = format!("{}  {}\n", plain(names::id(&shift.duty)), view.interval(shift.interval.as_ref()));
    for part in &affected.parts {
        let who = match &part.stand_in {
            Some(name) if part.stand_in_display_name.is_empty() => styled(GOOD, view.person(name)),
            Some(_) => styled(GOOD, plain(&part.stand_in_display_name)),
            None => styled(ALARM, "nobody"),
        };
        let whole = part.interval == shift.interval;
        let when = if whole { String::new() } else { format!("{}: ", view.interval(part.interval.as_ref())) };
        text += &format!("  {when}{who}{}\n", if part.stand_in.is_some() { " stands in" } else { "" });
    }
    text
}

fn affected_task(affected: &AffectedTask, view: &View) -> String {
    let Some(task) = &affected.task else { return String::new() };
    let mut text = format!("{}  {}", plain(names::id(&task.name)), plain(&task.title));
    if let Some(due) = &task.due_time {
        text += &format!(", due {}", view.deadline(spans::instant(due)));
    }
    let mut text = view.wrapped(&text, 2) + "\n";
    let rooms = affected.room.iter().take(STAND_INS_SHOWN).map(|room| {
        let name = if room.display_name.is_empty() { view.person(&room.resident) } else { plain(&room.display_name) };
        format!("{name} ({})", length(room.working_time.as_ref().map_or(0, |time| time.seconds)))
    });
    let rooms = rooms.collect::<Vec<_>>().join(", ");
    text += &view.wrapped(&format!("  has room: {}", if rooms.is_empty() { "nobody" } else { &rooms }), 4);
    text + "\n"
}

/// Returns what to type next.
fn what_next(answer: &MarkAbsenceResponse, dry_run: bool, view: &View) -> String {
    let Some(time_off) = &answer.time_off else { return String::new() };
    if dry_run {
        return "\nNothing was recorded: this was a dry run.\n".to_owned();
    }
    let gaps = answer.consequences.as_ref().map_or(0, |consequences| consequences.gaps.len());
    let mut text = "\n".to_owned();
    if gaps > 0 {
        text += &format!("{} to fill. ", counted(gaps, "gap is", "gaps are"));
    }
    let open = spans::ends(time_off.interval.as_ref()).1.is_none();
    let (why, command) = if open {
        ("When back", format!("back --resident {}", names::id(&time_off.resident)))
    } else {
        ("To take it back", format!("delete time-off {}", names::id(&time_off.name)))
    };
    text + &format!("{why}: {}\n", styled(TYPED, format!("{} {command}", view.program)))
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::{AffectedPart, Consequences, Gap, Shift, StandIn, Task, TaskRoom, TimeOff};

    use super::super::testing::{duty, interval, resident, stripped, view};
    use super::*;

    fn shift(start: &str, end: &str, stand_in: Option<&str>) -> AffectedShift {
        AffectedShift {
            shift: Some(Shift { duty: duty("reviews"), interval: interval(start, end), ..Shift::default() }),
            parts: vec![AffectedPart {
                interval: interval(start, end),
                stand_in: stand_in.map(resident),
                stand_in_display_name: stand_in.map(|id| view().person(&resident(id))).unwrap_or_default(),
            }],
        }
    }

    fn sick_day() -> MarkAbsenceResponse {
        let gap = Gap {
            id: "3f2a9c10-0000-4000-8000-000000000000".to_owned(),
            duty: duty("security"),
            interval: interval("2026-11-23T13:05:00Z", "2026-11-23T23:00:00Z"),
            required: 1,
            stand_ins: vec![StandIn {
                resident: resident("asa"),
                display_name: "Åsa Öberg".to_owned(),
                whole: true,
                hours: 2,
                rest_kept: true,
                ..StandIn::default()
            }],
            ..Gap::default()
        };
        let task = AffectedTask {
            task: Some(Task {
                name: "teams/psf/tasks/announce".to_owned(),
                title: "Announce 3.9.18".to_owned(),
                ..Task::default()
            }),
            room: vec![TaskRoom {
                resident: resident("asa"),
                display_name: "Åsa Öberg".to_owned(),
                working_time: Some(pbjson_types::Duration { seconds: 45_000, nanos: 0 }),
            }],
        };
        MarkAbsenceResponse {
            time_off: Some(TimeOff {
                name: "teams/psf/timeOff/k3".to_owned(),
                resident: resident("lukasz"),
                kind: 1,
                effect: 1,
                interval: interval("2026-11-23T13:05:00Z", ""),
                ..TimeOff::default()
            }),
            consequences: Some(Consequences {
                shifts: vec![
                    shift("2026-11-23T08:00:00Z", "2026-11-23T16:00:00Z", Some("asa")),
                    shift("2026-11-24T08:00:00Z", "2026-11-24T16:00:00Z", None),
                ],
                gaps: vec![gap],
                tasks: vec![task],
            }),
            context: None,
        }
    }

    #[test]
    fn a_sick_day_is_told_on_one_screen_with_what_to_type() {
        insta::assert_snapshot!(stripped(&absence(&sick_day(), false, &view())), @r"
        Recorded: Łukasz, sick, Mon 23 Nov 14:05 until further notice (k3)
        Times in Europe/Warsaw (UTC+01:00)

        Shifts affected: 2
        reviews  Mon 23 Nov 09:00 – 17:00
          Åsa Öberg stands in
        reviews  Tue 24 Nov 09:00 – 17:00
          nobody

        Gaps that open: 1
        3f2a9c10  security  Mon 23 Nov 14:05 – 24:00 (9 h 55 min)  0 of 1 there
          stand-ins Åsa Öberg: the whole gap, outside working hours
          to fill   onduty cover 3f2a9c10 --by asa

        Tasks without anybody: 1
        announce  Announce 3.9.18
          has room: Åsa Öberg (12 h 30 min)

        1 gap is to fill. When back: onduty back --resident lukasz
        ");
    }

    #[test]
    fn a_dry_run_offers_no_command_for_gaps_that_do_not_exist() {
        let text = stripped(&absence(&sick_day(), true, &view()));
        assert!(text.contains("Would be recorded") && !text.contains("onduty cover"), "{text}");
    }

    #[test]
    fn many_gaps_are_counted_but_not_all_shown() {
        let mut answer = sick_day();
        let consequences = answer.consequences.as_mut().unwrap();
        consequences.gaps = vec![consequences.gaps[0].clone(); 12];
        let text = stripped(&absence(&answer, false, &view()));
        assert!(text.contains("Gaps that open: 12") && text.contains("and 9 more: onduty gaps"), "{text}");
        assert!(text.lines().count() < 40, "{text}");
    }
}
