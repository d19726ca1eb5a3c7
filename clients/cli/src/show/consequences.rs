//! What follows from an absence, on one screen.

use onduty::civil::Instant;
use onduty::proto::v1::{AffectedShift, AffectedTask, Consequences, MarkAbsenceResponse, TimeOffEffect};

use super::gaps::{fill_by_gap, gap_text};
use super::time_off::{title, when};
use super::zone::work;
use super::{ALARM, FAINT, GOOD, HEADING, View, counted, plain, styled, width};
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
    let resident = answer.time_off.as_ref().map(|time_off| time_off.resident.as_str()).unwrap_or_default();
    text += &followed(consequences, dry_run, if dry_run { resident } else { "" }, view);
    text + &what_next(answer, dry_run, view)
}

/// Returns what follows, or would follow, from an absence: of `resident`, if the shifts are still theirs.
pub(crate) fn followed(consequences: &Consequences, dry_run: bool, resident: &str, view: &View) -> String {
    let mut text = String::new();
    let until = spans::ends(consequences.interval.as_ref()).1.filter(|_| consequences.truncated);
    if consequences.shifts.is_empty() && consequences.gaps.is_empty() && consequences.tasks.is_empty() {
        text += "\nNo shift, no duty and no task is affected.\n";
    }
    let all = shifts_command(&consequences.shifts, resident, view);
    text += &section("Shifts affected", &consequences.shifts, SHIFTS_SHOWN, view, &all, |shift| {
        affected_shift(shift, view)
    });
    // Gaps that would be are listed nowhere.
    let listed = |command: &str| if dry_run { String::new() } else { format!("{} {command}", view.program) };
    let all = listed("gaps");
    text += &section("Gaps that open", &consequences.gaps, GAPS_SHOWN, view, &all, |gap| {
        let fill = if dry_run { String::new() } else { fill_by_gap(gap, view) };
        gap_text(gap, STAND_INS_SHOWN, &fill, view)
    });
    let all = listed("task list --in-danger");
    text += &section("Tasks without anybody", &consequences.tasks, TASKS_SHOWN, view, &all, |task| {
        affected_task(task, view)
    });
    if let Some(until) = until {
        text += &format!("\nIt goes on: this is what follows until {}.\n", view.time(until));
    }
    text
}

/// Returns the command that lists the shifts from the first to the last affected one.
fn shifts_command(shifts: &[AffectedShift], resident: &str, view: &View) -> String {
    let times = shifts
        .iter()
        .filter_map(|affected| affected.shift.as_ref()?.interval.as_ref())
        .map(|interval| spans::ends(Some(interval)));
    let (starts, ends): (Vec<_>, Vec<_>) = times.unzip();
    let (Some(first), Some(last)) = (starts.into_iter().flatten().min(), ends.into_iter().flatten().max()) else {
        return String::new();
    };
    let day = |at: Instant| view.zone.day(at).date();
    let whose = if resident.is_empty() { String::new() } else { format!(" --resident {}", names::id(resident)) };
    format!("{} shifts{whose} --from {} --to {}", view.program, day(first), day(last.plus(-1)))
}

/// Returns a section with a heading and its first entries, and the command that lists all.
pub(crate) fn section<T>(
    heading: &str,
    entries: &[T],
    shown: usize,
    view: &View,
    all: &str,
    entry: impl Fn(&T) -> String,
) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", styled(HEADING, format!("{heading}: {}", entries.len())));
    entries.iter().take(shown).for_each(|one| text += &entry(one));
    if entries.len() > shown {
        // What is to be typed is never wrapped.
        let more = format!("and {} more", entries.len() - shown);
        let between = match width(all) {
            0 => "",
            columns if width(&more) + columns + 2 > view.width => ":\n  ",
            _ => ": ",
        };
        text += &format!("{}\n", styled(FAINT, format!("{more}{between}{all}")));
    }
    text
}

fn affected_shift(affected: &AffectedShift, view: &View) -> String {
    let Some(shift) = &affected.shift else { return String::new() };
    let head = format!("{}  {}", plain(names::id(&shift.duty)), view.interval(shift.interval.as_ref()));
    let mut text = view.wrapped(&head, 2) + "\n";
    for part in &affected.parts {
        let who = match &part.stand_in {
            Some(name) if part.stand_in_display_name.is_empty() => styled(GOOD, view.person(name)),
            Some(_) => styled(GOOD, plain(&part.stand_in_display_name)),
            None => styled(ALARM, "nobody"),
        };
        let whole = part.interval == shift.interval;
        let when = if whole { String::new() } else { format!("{}: ", view.interval(part.interval.as_ref())) };
        let line = format!("  {when}{who}{}", if part.stand_in.is_some() { " stands in" } else { "" });
        text += &(view.wrapped(&line, 4) + "\n");
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
        match &room.working_time {
            Some(time) => format!("{name} ({})", work(time.seconds)),
            None => name,
        }
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
        text += &format!("{} to fill.\n", counted(gaps, "gap is", "gaps are"));
    }
    let (start, end) = spans::ends(time_off.interval.as_ref());
    let back = format!("back --resident {}", names::id(&time_off.resident));
    let undo = format!("undo {}", answer.context.as_ref().map_or(0, |context| context.revision));
    if end.is_none() && time_off.effect != TimeOffEffect::Soft as i32 {
        // What lies ahead cannot be ended by coming back.
        let begun = start.is_none_or(|start| start <= view.now);
        text += &format!("{}\n", view.typed(if begun { "When back" } else { "When back, once it has begun" }, &back));
    }
    if end.is_none() && time_off.effect == TimeOffEffect::Soft as i32 {
        text += &format!("{}\n", view.typed("When it is over", &format!("off end {}", names::id(&time_off.name))));
    }
    text + &format!("{}\n", view.typed("To take it back", &undo))
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::{AffectedPart, Gap, ReadContext, Shift, StandIn, Task, TaskRoom, TimeOff};

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
                ..Consequences::default()
            }),
            context: Some(ReadContext { revision: 12, ..ReadContext::default() }),
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

        1 gap is to fill.
        When back: onduty back --resident lukasz
        To take it back: onduty undo 12
        ");
    }

    #[test]
    fn what_lies_ahead_is_not_ended_by_coming_back_now() {
        let mut answer = sick_day();
        answer.time_off.as_mut().unwrap().interval = interval("2026-11-24T13:05:00Z", "");
        let text = stripped(&absence(&answer, false, &view()));
        assert!(text.contains("When back, once it has begun: onduty back --resident lukasz"), "{text}");
        assert!(text.ends_with("To take it back: onduty undo 12"), "{text}");
    }

    #[test]
    fn the_shifts_left_out_are_a_command_away() {
        let mut answer = sick_day();
        let shifts = &mut answer.consequences.as_mut().unwrap().shifts;
        *shifts = [shifts.clone(), shifts.clone(), shifts.clone(), shifts.clone()].concat();
        let text = stripped(&absence(&answer, false, &view()));
        assert!(text.contains("and 2 more: onduty shifts --from 2026-11-23 --to 2026-11-24\n"), "{text}");
        let text = stripped(&absence(&answer, true, &view()));
        assert!(text.contains("onduty shifts --resident lukasz --from 2026-11-23 --to 2026-11-24\n"), "{text}");
    }

    #[test]
    fn a_command_that_does_not_fit_has_a_line_of_its_own() {
        let mut view = view();
        view.program = "onduty --server http://127.0.0.1:7374 --team developers-in-residence".to_owned();
        let text = stripped(&absence(&sick_day(), false, &view));
        assert!(text.contains("To take it back:\n  onduty --server http://127.0.0.1:7374 --team "), "{text}");
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
