//! Swaps, and what speaks against taking over.

use onduty::proto::v1::{CoverConflict, CoverConflictWeight, ListSwapsResponse, Swap, SwapPart, SwapState};

use super::table::{Cell, Table};
use super::{ALARM, FAINT, GOOD, HEADING, NOTICE, View, plain, styled, words};
use crate::{names, spans};

/// Returns swaps as a table.
pub fn swaps(answer: &ListSwapsResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "WHO ASKS", "WHAT", "IN RETURN", "STATE"]);
    for swap in &answer.swaps {
        table.row([
            names::id(&swap.name).into(),
            format!("{} asks {}", view.person(&swap.resident), whom(swap, view)).into(),
            part(swap.asked.as_ref(), view).into(),
            part(swap.in_return.as_ref(), view).into(),
            Cell::styled(style(swap.state()), state(swap, view)),
        ]);
    }
    if table.is_empty() {
        return "No swap.\n".to_owned();
    }
    format!("{}\n\n{}", view.zone_now(), table.text(view.width))
}

fn whom(swap: &Swap, view: &View) -> String {
    if swap.to_resident.is_empty() { "anybody".to_owned() } else { view.person(&swap.to_resident) }
}

fn part(part: Option<&SwapPart>, view: &View) -> String {
    part.map(|part| format!("{}, {}", plain(names::id(&part.duty)), view.interval(part.interval.as_ref())))
        .unwrap_or_default()
}

fn style(state: SwapState) -> anstyle::Style {
    match state {
        SwapState::Open => NOTICE,
        SwapState::Accepted => GOOD,
        SwapState::Void => ALARM,
        _ => FAINT,
    }
}

/// Returns where a swap stands: until when it is open, or who answered it.
fn state(swap: &Swap, view: &View) -> String {
    let until = swap.expire_time.as_ref().map(|at| view.time(spans::instant(at))).unwrap_or_default();
    let state = words::swap_state(swap.state);
    match swap.state() {
        SwapState::Open => format!("{state} until {until}"),
        SwapState::Accepted => format!("{state} by {}", view.person(&swap.taken_by)),
        SwapState::Void => format!("{state}: {}", plain(&swap.state_text)),
        _ => state,
    }
}

/// Returns a swap after `done` was done to it; empty where it is only shown.
pub fn swap(swap: &Swap, done: &str, view: &View) -> String {
    let id = names::id(&swap.name);
    let heading = match done {
        "" => styled(HEADING, format!("{id}:")),
        done if done.starts_with("Would") => format!("{done}:"),
        done => format!("{} {id},", styled(GOOD, format!("{done}:"))),
    };
    let standing = match (done, swap.state()) {
        ("", _) | (_, SwapState::Open) => state(swap, view),
        (_, SwapState::Accepted) => format!("by {}", view.person(&swap.taken_by)),
        (_, SwapState::Declined) => "nobody takes over".to_owned(),
        _ => "it is asked no longer".to_owned(),
    };
    let mut lines = vec![format!("{heading} {}", styled(style(swap.state()), standing))];
    let (who, whom) = (view.person(&swap.resident), whom(swap, view));
    lines.push(format!("{who} asks {whom} to take over {}", part(swap.asked.as_ref(), view)));
    if swap.in_return.is_some() {
        lines.push(format!("and takes over {} in return", part(swap.in_return.as_ref(), view)));
    }
    if !swap.message.is_empty() {
        lines.push(format!("“{}”", plain(&swap.message)));
    }
    let note = swap.state_text.as_str();
    if !note.is_empty() && swap.state() != SwapState::Void {
        lines.push(styled(NOTICE, format!("Since then: {}", plain(note))));
    }
    lines.extend(swap.conflicts.iter().map(conflict));
    let mut text = lines.iter().map(|line| view.wrapped(line, 2) + "\n").collect::<String>();
    text += &format!("{}\n", view.zone_now());
    if swap.state() == SwapState::Open && !done.starts_with("Would") {
        text += &format!("{}\n", view.typed("To take it over", &format!("swap accept {id}")));
    }
    text
}

/// Returns a conflict as a line.
pub fn conflict(conflict: &CoverConflict) -> String {
    let (style, what) = match conflict.weight() {
        CoverConflictWeight::Prevents => (ALARM, "In its way"),
        CoverConflictWeight::Refuses => (NOTICE, "Speaks against it"),
        _ => (FAINT, "Worth knowing"),
    };
    styled(style, format!("{what}: {}", plain(&conflict.text)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{duty, interval, resident, stripped, view};
    use super::*;

    fn sample() -> Swap {
        let part =
            |start, end| Some(SwapPart { duty: duty("review"), interval: interval(start, end), ..SwapPart::default() });
        Swap {
            name: "teams/psf/swaps/swap-7kx2m".to_owned(),
            resident: resident("asa"),
            asked: part("2026-11-27T08:00:00Z", "2026-11-27T16:00:00Z"),
            expire_time: Some(spans::timestamp("2026-11-27T08:00:00Z".parse().unwrap())),
            state: SwapState::Open.into(),
            message: "A wedding".to_owned(),
            ..Swap::default()
        }
    }

    #[test]
    fn an_open_swap_says_who_asks_whom_and_how_to_take_it() {
        let conflict = CoverConflict {
            resident: resident("lukasz"),
            weight: CoverConflictWeight::Refuses.into(),
            text: "'lukasz' has less than 11 h of rest after it".to_owned(),
            ..CoverConflict::default()
        };
        let swap = Swap { to_resident: resident("lukasz"), conflicts: vec![conflict], ..sample() };
        insta::assert_snapshot!(stripped(&super::swap(&swap, "Asked", &view())), @r"
        Asked: swap-7kx2m, open until Fri 27 Nov 09:00
        Åsa Öberg asks Łukasz to take over review, Fri 27 Nov 09:00 – 17:00
        “A wedding”
        Speaks against it: 'lukasz' has less than 11 h of rest after it
        Times in Europe/Warsaw (UTC+01:00)
        To take it over: onduty swap accept swap-7kx2m
        ");
    }

    #[test]
    fn a_void_one_says_why_and_nothing_to_type() {
        let text = "'asa' is away then".to_owned();
        let swap = Swap { state: SwapState::Void.into(), state_text: text, message: String::new(), ..sample() };
        insta::assert_snapshot!(stripped(&super::swap(&swap, "", &view())), @r"
        swap-7kx2m: void: 'asa' is away then
        Åsa Öberg asks anybody to take over review, Fri 27 Nov 09:00 – 17:00
        Times in Europe/Warsaw (UTC+01:00)
        ");
    }
}
