//! Why these people are on duty and nobody else.

use onduty::proto::v1::{Explanation, LayerExplanation, OverrideExplanation, Turn, Unavailability};

use super::{View, counted, plain, words};
use crate::names;

/// Returns an explanation, a line for each thing that mattered.
pub(crate) fn explanation(why: &Explanation, view: &View) -> String {
    let mut lines =
        vec![(0, format!("This version of the duty holds {}.", view.interval(why.effective_interval.as_ref())))];
    lines.extend(why.overrides.iter().map(|entry| (0, overrides(entry))));
    for layer in &why.layers {
        layer_lines(layer, view, &mut lines);
    }
    lines.push((
        0,
        match why.places {
            Some(places) => format!(
                "{} filled in the order listed.",
                counted(usize::try_from(places).unwrap_or_default(), "place is", "places are")
            ),
            None => "Everybody listed is on duty.".to_owned(),
        },
    ));
    let mut text = String::new();
    for (level, line) in lines {
        let indent = 2 + 2 * level;
        text += &view.wrapped(&format!("{}{line}", " ".repeat(indent)), indent + 2);
        text.push('\n');
    }
    text
}

fn layer_lines(layer: &LayerExplanation, view: &View, lines: &mut Vec<(usize, String)>) {
    let id = plain(&layer.layer);
    if !layer.read {
        lines.push((0, format!("Layer {id} is not active at this time.")));
        return;
    }
    let listed = if layer.listed.is_empty() { "nobody".to_owned() } else { view.persons(&layer.listed) };
    lines.push((0, format!("Layer {id} lists {listed}.")));
    lines.extend(layer.turn.as_ref().map(|turn| (1, turn_line(turn, view))));
    for passed in &layer.passed_over {
        let reasons = passed.reasons.iter().map(reason).collect::<Vec<_>>().join("; ");
        lines.push((1, format!("{} is passed over: {reasons}.", view.person(&passed.resident))));
    }
}

fn turn_line(turn: &Turn, view: &View) -> String {
    format!(
        "Turn {}, {}, is that of {}.",
        turn.number,
        view.interval(turn.interval.as_ref()),
        view.person(&turn.resident)
    )
}

fn overrides(entry: &OverrideExplanation) -> String {
    let mut text = format!("Override {} {}", names::id(&entry.override_name), words::outcome(entry.outcome));
    if !entry.reasons.is_empty() {
        text += &format!(" ({})", entry.reasons.iter().map(reason).collect::<Vec<_>>().join("; "));
    }
    plain(&text) + "."
}

fn reason(why: &Unavailability) -> String {
    let mut text = words::unavailability(why.reason).to_owned();
    let causes = [&why.time_off, &why.holiday_set, &why.override_name];
    for cause in causes.into_iter().flatten() {
        text += &format!(" {}", names::id(cause));
    }
    if !why.missing_skills.is_empty() {
        text += &format!(" {}", why.missing_skills.join(", "));
    }
    plain(&text)
}
