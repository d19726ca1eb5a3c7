//! Walks over a duty's tracks for questions other than who is on duty.

use super::state::State;
use super::tracks::{Change, Tracks};
use crate::civil::{Instant, Interval};

/// Shows `visit` every stretch of the tracks' span in which nothing changes that `matters`, in order, with how that
/// stands; how the rest stands is not up to date.
pub(super) fn walk(tracks: &Tracks<'_>, matters: impl Fn(Change) -> bool, mut visit: impl FnMut(&State, Interval)) {
    let mut state = State::new(tracks);
    let mut edges = tracks.edges.iter().filter(|edge| matters(edge.change)).peekable();
    let mut from = tracks.span.start();
    while from < tracks.span.end() {
        while let Some(edge) = edges.next_if(|edge| edge.at <= from) {
            state.apply(edge.change, tracks);
        }
        let next = edges.peek().map_or(Instant::MAX, |edge| edge.at).min(tracks.span.end());
        let Some(stretch) = Interval::new(from, next) else { break };
        visit(&state, stretch);
        from = next;
    }
}

/// Whether a change is one of who is there, what is stated or what is required, rather than of the hours and turns of
/// every day.
pub(super) fn is_lasting(change: Change) -> bool {
    match change {
        Change::Term { .. }
        | Change::Resident { .. }
        | Change::Required { .. }
        | Change::Duty { .. }
        | Change::Layer { .. } => true,
        Change::Override { .. }
        | Change::Hard { .. }
        | Change::Soft { .. }
        | Change::Hours { .. }
        | Change::Window { .. }
        | Change::Turn { .. } => false,
    }
}
