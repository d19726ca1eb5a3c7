//! Walks over a duty's tracks for questions other than who is on duty.

use super::state::State;
use super::tracks::Tracks;
use crate::civil::{Instant, Interval};

/// Shows `visit` every stretch of the tracks' span in which nothing changes, in order, with how everything stands.
pub(super) fn walk(tracks: &Tracks<'_>, mut visit: impl FnMut(&State, Interval)) {
    let mut state = State::new(tracks);
    let mut edges = tracks.edges.iter().peekable();
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
