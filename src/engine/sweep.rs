//! One pass over the instants at which anything changes (semantics 4.7).

use super::answer::Opener;
use super::listings::Listings;
use super::openers::Moment;
use super::places::{NoWitness, Placed, Places};
use super::state::State;
use super::tracks::{EdgeAt, PersonIndex, Tracks};
use crate::civil::{Instant, Interval};

/// Somebody in a slot, on duty without a break.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub placed: Placed,
    pub interval: Interval,
    /// What begins it; `None` where it began before the sweep.
    pub opener: Option<Opener>,
}

/// A stretch of one shortfall, (required, present), without a break.
#[derive(Clone, Debug)]
pub(super) struct Shortfall {
    pub interval: Interval,
    pub required: u32,
    pub present: u32,
    /// The requirement that asks most where it begins.
    pub requirement: usize,
    /// What begins it; `None` where it began before the sweep.
    pub opener: Option<Opener>,
}

/// What a sweep found.
#[derive(Clone, Debug, Default)]
pub(super) struct Swept {
    pub listings: Listings,
    pub pieces: Vec<Piece>,
    pub shortfalls: Vec<Shortfall>,
}

/// Sweeps over the span of `tracks`.
pub(super) fn sweep(tracks: &Tracks<'_>) -> Swept {
    let mut sweeper = Sweeper {
        tracks,
        state: State::new(tracks),
        places: Places::default(),
        open: Vec::new(),
        shortfall: None,
        swept: Swept { listings: Listings::with_capacity(tracks.edges.len() + 1), ..Swept::default() },
    };
    sweeper.run();
    sweeper.swept
}

/// A piece that has begun and not ended.
struct Open {
    placed: Placed,
    start: Instant,
    opener: Option<Opener>,
}

struct Sweeper<'t, 'a> {
    tracks: &'t Tracks<'a>,
    state: State,
    places: Places,
    open: Vec<Open>,
    shortfall: Option<(Instant, Shortfall)>,
    swept: Swept,
}

impl Sweeper<'_, '_> {
    fn run(&mut self) {
        let span = self.tracks.span;
        let first = self.tracks.edges.partition_point(|edge| edge.at <= span.start());
        let (before, rest) = self.tracks.edges.split_at(first);
        for edge in before {
            self.state.apply(edge.change, self.tracks);
        }
        self.list(span.start(), None);
        let mut state = self.state.clone();
        for moment in rest.chunk_by(|a, b| a.at == b.at) {
            let Some(at) = moment.first().map(|edge| edge.at) else { continue };
            state.clone_from(&self.state);
            for edge in moment {
                self.state.apply(edge.change, self.tracks);
            }
            self.list(at, Some((&state, moment)));
        }
        let end = span.end();
        for open in std::mem::take(&mut self.open) {
            self.close(open, end);
        }
        self.close_shortfall(end);
    }

    /// Lists who is on duty from `at` on, and begins and ends pieces and shortfalls accordingly.
    fn list(&mut self, at: Instant, moment: Option<(&State, &[EdgeAt])>) {
        self.places.fill(&self.state, self.tracks, &mut NoWitness);
        self.record(at);
        self.update_pieces(at, moment);
        self.update_shortfall(at, moment);
    }

    fn record(&mut self, at: Instant) {
        let shadows = shadows(&self.state, self.tracks, &self.places);
        self.swept.listings.record(at, self.state.duty.is_some(), &self.places, &shadows);
    }

    fn update_pieces(&mut self, at: Instant, moment: Option<(&State, &[EdgeAt])>) {
        let on_duty = self.places.people_on_duty();
        let stays = |open: &Open| {
            on_duty.iter().any(|placed| placed.person == open.placed.person && placed.slot == open.placed.slot)
        };
        let unchanged = self.open.len() == on_duty.len() && self.open.iter().all(stays);
        if unchanged {
            return;
        }
        let (kept, ended): (Vec<Open>, Vec<Open>) = std::mem::take(&mut self.open).into_iter().partition(stays);
        let stands = |placed: &&Placed| {
            !kept.iter().any(|open| open.placed.person == placed.person && open.placed.slot == placed.slot)
        };
        let begun: Vec<Placed> = on_duty.iter().filter(stands).copied().collect();
        self.open = kept;
        for open in ended {
            self.close(open, at);
        }
        for placed in begun {
            let opener = moment.map(|(before, edges)| self.moment(before, edges).opener_of_piece(&placed));
            self.open.push(Open { placed, start: at, opener });
        }
    }

    fn moment<'m>(&'m self, before: &'m State, edges: &'m [EdgeAt]) -> Moment<'m, 'm> {
        Moment { tracks: self.tracks, before, after: &self.state, edges }
    }

    fn close(&mut self, open: Open, at: Instant) {
        if let Some(interval) = Interval::new(open.start, at) {
            self.swept.pieces.push(Piece { placed: open.placed, interval, opener: open.opener });
        }
    }

    fn update_shortfall(&mut self, at: Instant, moment: Option<(&State, &[EdgeAt])>) {
        let (required, asking) = self.places.required;
        let present = u32::try_from(self.places.on_duty).unwrap_or(u32::MAX);
        let short = asking.filter(|_| present < required);
        let pair = self.shortfall.as_ref().map(|(_, open)| (open.required, open.present));
        if pair == short.map(|_| (required, present)) {
            return;
        }
        self.close_shortfall(at);
        if let (Some(requirement), Some(interval)) = (short, Interval::new(at, Instant::MAX)) {
            let opener = moment.map(|(before, edges)| self.moment(before, edges).opener_of_gap(Some(requirement)));
            self.shortfall = Some((at, Shortfall { interval, required, present, requirement, opener }));
        }
    }

    fn close_shortfall(&mut self, at: Instant) {
        if let Some((start, open)) = self.shortfall.take()
            && let Some(interval) = Interval::new(start, at)
        {
            self.swept.shortfalls.push(Shortfall { interval, ..open });
        }
    }
}

/// The people who watch and learn: in term, not on hard time off, within hours where the layer asks for it, and not
/// listed themselves.
pub(super) fn shadows(state: &State, tracks: &Tracks<'_>, places: &Places) -> Vec<PersonIndex> {
    let mut found = Vec::new();
    let Some(version) = state.duty.and_then(|index| tracks.versions.get(index as usize)) else { return found };
    for layer in version.layers.iter().filter_map(|layer| state.active(*layer, tracks)) {
        for &person in &layer.shadows {
            let Some(standing) = state.people.get(person as usize) else { continue };
            let there = standing.in_term && standing.hard == 0 && (standing.working || !layer.working_only);
            let listed = places.listed.iter().any(|placed| placed.person == person);
            if there && !listed && !places.one_more.contains(&person) && !found.contains(&person) {
                found.push(person);
            }
        }
    }
    found
}
