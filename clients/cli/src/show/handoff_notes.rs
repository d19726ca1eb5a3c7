//! Handoff notes: what the next person must know.

use onduty::proto::v1::{HandoffNote, HandoffNoteState, ListHandoffNotesResponse};

use super::table::{Cell, Table};
use super::{FAINT, GOOD, HEADING, View, plain, styled};
use crate::names;

/// Returns notes as a table.
pub fn handoff_notes(answer: &ListHandoffNotesResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "DUTY", "FOR", "BY", "NOTE"]);
    for note in &answer.handoff_notes {
        let style = if note.state() == HandoffNoteState::Past { FAINT } else { HEADING };
        table.row([
            names::id(&note.name).into(),
            names::id(&note.duty).into(),
            Cell::from(whom(note, view)),
            author(note, view).into(),
            Cell::styled(style, note.text.replace('\n', " ")),
        ]);
    }
    if table.is_empty() {
        return "No handoff note.\n".to_owned();
    }
    format!("{}\n\n{}", view.zone_now(), table.text(view.width))
}

/// Returns notes below something else; nothing where there are none.
pub fn notes_beside(notes: &[HandoffNote], view: &View) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", styled(HEADING, "Handoff notes"));
    for note in notes {
        let head = format!("  {}, {}, by {}:", names::id(&note.duty), whom(note, view), author(note, view));
        text += &format!("{}\n", view.wrapped(&head, 4));
        for line in note.text.lines() {
            text += &format!("{}\n", view.wrapped(&format!("    {}", plain(line)), 4));
        }
    }
    text
}

/// Returns that a note was left, and for whom.
pub fn left_note(note: &HandoffNote, view: &View) -> String {
    let said = format!("{} {}, {}", names::id(&note.name), names::id(&note.duty), whom(note, view));
    let line = format!("{} {said} ({})", styled(GOOD, "Noted:"), view.zone.name());
    format!("{}\n", view.wrapped(&line, 2))
}

/// Returns that a note was withdrawn.
pub fn removed_note(id: &str) -> String {
    format!("{} {}\n", styled(GOOD, "Withdrawn:"), plain(id))
}

fn author(note: &HandoffNote, view: &View) -> String {
    if note.resident.is_empty() { plain(&note.actor) } else { view.person(&note.resident) }
}

/// Returns for whom a note is, and when.
fn whom(note: &HandoffNote, view: &View) -> String {
    let Some(handoff) = &note.handoff else { return "for a handoff that is not planned yet".to_owned() };
    let people: Vec<String> = handoff.taking_over.iter().chain(&handoff.staying).cloned().collect();
    let people = if people.is_empty() { "nobody".to_owned() } else { view.persons(&people) };
    let time = view.stamp(handoff.time.as_ref(), "");
    match note.state() {
        HandoffNoteState::Current => format!("for {people} since {time}"),
        HandoffNoteState::Past => format!("was for {people} from {time}"),
        HandoffNoteState::Ahead | HandoffNoteState::Unspecified => format!("for {people} from {time}"),
    }
}

#[cfg(test)]
mod tests {
    use onduty::proto::v1::Handoff;

    use super::super::testing::{duty, resident, stripped, view};
    use super::*;
    use crate::spans;

    #[test]
    fn a_note_says_for_whom_it_is_and_since_when() {
        let handoff = Handoff {
            time: Some(spans::timestamp("2026-11-23T08:00:00Z".parse().unwrap())),
            taking_over: vec![resident("asa")],
            ..Handoff::default()
        };
        let note = |id: &str, state: HandoffNoteState, handoff: Option<Handoff>| HandoffNote {
            name: format!("teams/psf/handoffNotes/{id}"),
            duty: duty("review"),
            text: "The queue is long.\nBegin with the oldest.".to_owned(),
            actor: "lead".to_owned(),
            resident: if id == "a" { resident("lukasz") } else { String::new() },
            state: state.into(),
            handoff,
            ..HandoffNote::default()
        };
        let notes = vec![
            note("a", HandoffNoteState::Current, Some(handoff.clone())),
            note("b", HandoffNoteState::Past, Some(handoff)),
            note("c", HandoffNoteState::Ahead, None),
        ];
        let below = notes_beside(&notes, &view());
        let answer = ListHandoffNotesResponse { handoff_notes: notes, ..ListHandoffNotesResponse::default() };
        insta::assert_snapshot!(stripped(&format!("{}{below}", handoff_notes(&answer, &view()))));
    }
}
