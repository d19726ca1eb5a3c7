//! Who takes turns, and whose the next turns are.

use onduty::proto::v1::{ChangeParticipantsResponse, LayerTurn, Rota};

use super::log::take_back;
use super::shown::length_text;
use super::{GOOD, HEADING, NOTICE, View, plain, styled};
use crate::{names, spans};

/// Returns who takes turns, and the next turns.
pub fn rota(answer: &Rota, view: &View) -> String {
    let heading = format!("{}, {}", plain(names::id(&answer.duty)), plain(&answer.layer));
    let mut text = format!("{}: {}\n", styled(HEADING, heading), order(answer, view));
    text = view.wrapped(text.trim_end(), 2) + "\n";
    if !answer.takes_turns {
        return text + "A pool: everybody at once, the first before the others.\n";
    }
    text + &turns(&answer.turns, view)
}

fn order(rota: &Rota, view: &View) -> String {
    let people = view.persons(&rota.people);
    match &rota.shift_length {
        Some(length) => format!("{people} in turn, {} each", length_text(length.count, length.unit)),
        None => people,
    }
}

/// Returns turns, each with its person; a blank line before is the caller's.
fn turns(turns: &[LayerTurn], view: &View) -> String {
    let lines = turns.iter().map(|turn| {
        let who = if turn.display_name.is_empty() { view.person(&turn.resident) } else { plain(&turn.display_name) };
        format!("{}\n", view.wrapped(&format!("  {}  {who}", view.interval(turn.interval.as_ref())), 4))
    });
    format!("{}\n{}", view.zone_now(), lines.collect::<String>())
}

/// Returns what became, or would become, of a rota, from when on, and who comes next.
pub fn changed_rota(answer: &ChangeParticipantsResponse, dry_run: bool, view: &View) -> String {
    let none = Rota::default();
    let rota = answer.rota.as_ref().unwrap_or(&none);
    let from = answer.effective_time.as_ref().map(spans::instant);
    let when = from.map(|from| view.time(from)).unwrap_or_default();
    let heading = if dry_run { "Would be".to_owned() } else { styled(GOOD, "Changed:") };
    let (duty, layer) = (plain(names::id(&rota.duty)), plain(&rota.layer));
    let line = format!("{heading} {duty}, {layer}, from {when} on: {}", order(rota, view));
    let mut text = format!("{}\n", view.wrapped(&line, 2));
    text += &turns(&rota.turns, view);
    for person in &answer.not_in_term {
        let line = format!("{} is not in term by then: passed over until they are.", view.person(person));
        text += &format!("{}\n", view.wrapped(&styled(NOTICE, line), 2));
    }
    match (&rota.context, dry_run) {
        (_, true) => text + "Nothing was changed: this was a dry run.\n",
        (Some(context), false) => text + &take_back(context.revision, view),
        (None, false) => text,
    }
}
