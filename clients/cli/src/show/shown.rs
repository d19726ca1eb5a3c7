//! A roster as it was, on one screen or two.

use onduty::proto::google_type::TimeOfDay;
use onduty::proto::v1::{
    Headcount, Layer, LayerTurns, Requirement, Resident, ShiftUnit, ShowRosterResponse, ShownDuty, WeeklyWindow,
    headcount, layer,
};

use super::lists::what;
use super::tasks::{state, who};
use super::time_off::{title, when};
use super::{ALARM, FAINT, HEADING, View, plain, styled};
use crate::{names, spans};

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Returns a roster as it was at some time.
pub fn roster(answer: &ShowRosterResponse, view: &View) -> String {
    // People are called what they were called then.
    let mut then = view.clone();
    let called = |resident: &Resident| (resident.name.clone(), resident.display_name.clone());
    then.people.extend(answer.residents.iter().map(called));
    let view = &then;
    let team = answer.team.as_ref().map_or("no team", |team| team.display_name.as_str());
    let made = view.stamp(answer.change_time.as_ref(), "");
    let same = answer.change_time.as_ref().map(|at| at.seconds) == answer.time.as_ref().map(|at| at.seconds);
    let at = if same { String::new() } else { format!(", at {}", view.stamp(answer.time.as_ref(), "")) };
    let heading = format!("{}, revision {} of {made}{at}", plain(team), answer.revision);
    let mut text = format!("{}\n{}\n", view.wrapped(&styled(HEADING, heading), 2), view.zone_now());
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text += &format!("\n{}\n{}", styled(HEADING, title), lines.concat());
        }
    };
    section("Residents", answer.residents.iter().map(|resident| resident_line(resident, view)).collect());
    section("Duties", answer.duties.iter().map(|duty| duty_lines(duty, view)).collect());
    let away =
        answer.time_off.iter().map(|entry| line(&format!("{}, {}", title(entry, view), when(entry, view)), view));
    section("Away", away.collect());
    let covers = answer.overrides.iter().map(|entry| {
        let duty = plain(names::id(&entry.duty));
        line(&format!("{duty}, {}, {}", view.interval(entry.interval.as_ref()), what(entry, view)), view)
    });
    section("Overrides", covers.collect());
    let tasks = answer.tasks.iter().map(|task| {
        line(
            &format!("{}, {}, {}, {}", names::id(&task.name), plain(&task.title), plain(&state(task)), who(task, view)),
            view,
        )
    });
    section("Open tasks", tasks.collect());
    if answer.left_out > 0 {
        text += &format!("\n{}\n", styled(FAINT, format!("and {} more entries", answer.left_out)));
    }
    text
}

fn line(text: &str, view: &View) -> String {
    format!("{}\n", view.wrapped(&format!("  {text}"), 4))
}

fn resident_line(resident: &Resident, view: &View) -> String {
    let mut parts = vec![format!("{} ({})", plain(&resident.display_name), names::id(&resident.name))];
    // Of others one sees no more than the name.
    parts.extend((!resident.home_zone.is_empty()).then(|| plain(&resident.home_zone)));
    let hours = windows(&resident.working_hours);
    parts.extend((!hours.is_empty()).then(|| format!("works {hours}")));
    parts.extend((!resident.skills.is_empty()).then(|| format!("skills {}", plain(&resident.skills.join(", ")))));
    line(&parts.join(", "), view)
}

fn duty_lines(shown: &ShownDuty, view: &View) -> String {
    let Some(duty) = &shown.duty else { return String::new() };
    let people = view.persons(&shown.on_duty);
    let missing = usize::try_from(shown.required).is_ok_and(|required| required > shown.on_duty.len());
    let people = match (people.is_empty(), missing) {
        (true, true) => styled(ALARM, "nobody"),
        (true, false) => "nobody".to_owned(),
        (false, true) => format!("{people} {}", styled(ALARM, format!("(of {})", shown.required))),
        (false, false) => people,
    };
    let mut text = line(&format!("{}, {}: {people}", names::id(&duty.name), plain(&duty.title)), view);
    for requirement in &duty.requirements {
        text += &part(&required(requirement, duty.headcount.as_ref()), view);
    }
    for one in &duty.layers {
        let turns = shown.turns.iter().find(|turns| turns.layer == one.id);
        text += &part(&layer_text(one, turns, view), view);
    }
    text
}

fn part(text: &str, view: &View) -> String {
    format!("{}\n", view.wrapped(&format!("    {text}"), 6))
}

fn required(requirement: &Requirement, usual: Option<&Headcount>) -> String {
    let count = requirement.headcount.unwrap_or_else(|| match usual.and_then(|usual| usual.size) {
        Some(headcount::Size::Count(count)) => count,
        _ => 1,
    });
    let hours = match &requirement.windows {
        Some(hours) => format!("{} in {}", windows(&hours.windows), plain(&requirement.zone)),
        None => "always".to_owned(),
    };
    format!("required ({}): {hours}, {count}", plain(&requirement.id))
}

/// Returns whom a layer draws on, and whose turn it is until when.
fn layer_text(one: &Layer, turns: Option<&LayerTurns>, view: &View) -> String {
    let mut text = match &one.source {
        Some(layer::Source::Rotation(rotation)) => {
            let length = rotation.shift_length.as_ref().map(|length| length_text(length.count, length.unit));
            let length = length.unwrap_or_default();
            format!("{}: {} in turn, {length} each", plain(&one.id), view.persons(&rotation.participants))
        }
        Some(layer::Source::Pool(pool)) => format!("{}: {}", plain(&one.id), view.persons(&pool.members)),
        None => plain(&one.id),
    };
    if let Some([now, rest @ ..]) = turns.map(|turns| turns.turns.as_slice()) {
        let until = spans::ends(now.interval.as_ref()).1.map(|end| format!(" until {}", view.time(end)));
        text += &format!("; {}{}", view.person(&now.resident), until.unwrap_or_default());
        text += &rest.first().map(|next| format!(", then {}", view.person(&next.resident))).unwrap_or_default();
    }
    text
}

/// Returns a shift length: `1 week`.
pub(super) fn length_text(count: i32, unit: i32) -> String {
    let unit = match ShiftUnit::try_from(unit) {
        Ok(ShiftUnit::Hours) => "hour",
        Ok(ShiftUnit::Days) => "day",
        Ok(ShiftUnit::Months) => "month",
        _ => "week",
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Returns weekly windows: `Mon–Fri 09:00–17:00`.
fn windows(windows: &[WeeklyWindow]) -> String {
    let time = |time: Option<&TimeOfDay>| {
        let time = time.copied().unwrap_or_default();
        format!("{:02}:{:02}", time.hours, time.minutes)
    };
    let one = |window: &WeeklyWindow| {
        format!("{} {}–{}", days(&window.weekdays), time(window.start.as_ref()), time(window.end.as_ref()))
    };
    windows.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Returns weekdays, those in a row as `Mon–Fri`.
fn days(weekdays: &[i32]) -> String {
    let mut days: Vec<usize> = weekdays.iter().filter_map(|day| usize::try_from(*day - 1).ok()).collect();
    days.sort_unstable();
    let name = |day: usize| WEEKDAYS.get(day).copied().unwrap_or_default();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in days {
        match runs.last_mut().filter(|(_, last)| *last + 1 == day) {
            Some((_, last)) => *last = day,
            None => runs.push((day, day)),
        }
    }
    let told = runs.iter().map(|(first, last)| match last - first {
        0 => name(*first).to_owned(),
        1 => format!("{}, {}", name(*first), name(*last)),
        _ => format!("{}–{}", name(*first), name(*last)),
    });
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_a_row_are_told_by_the_first_and_the_last() {
        let told = [&[1, 2, 3, 4, 5][..], &[1, 3, 5], &[6, 7], &[7, 1, 2, 3], &[]].map(days);
        assert_eq!(told, ["Mon–Fri", "Mon, Wed, Fri", "Sat, Sun", "Mon–Wed, Sun", ""]);
    }

    #[test]
    fn a_shift_length_is_told_in_words() {
        assert_eq!(
            [(1, 3), (2, 3), (12, 1), (1, 4)].map(|(count, unit)| length_text(count, unit)),
            ["1 week", "2 weeks", "12 hours", "1 month"]
        );
    }
}
