//! One pass over the instants at which anything changes (semantics 4.7).

use std::ops::Range;

use super::answer::Opener;
use super::causes::Causes;
use super::listings::Listings;
use super::openers::{Moment, PieceOpener};
use super::places::{NoWitness, Placed, Places};
use super::state::State;
use super::tracks::{PersonIndex, Tracks};
use crate::civil::{Instant, Interval};

/// A piece by place in [`Swept::pieces`].
pub(super) type PieceIndex = u32;
/// An opener by place in [`Swept::openers`].
pub(super) type OpenerIndex = u32;

/// The place of [`Opener::SlotStart`], which most pieces have.
const SLOT_START: OpenerIndex = 0;

/// Somebody in a slot, on duty without a break.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Who, where, and by which override when it began.
    pub placed: Placed,
    pub start: Instant,
    pub end: Instant,
    /// What begins it; `None` where it began before the sweep.
    pub opener: Option<OpenerIndex>,
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
    /// Why, where that was asked.
    pub causes: Causes,
}

/// What a sweep found.
#[derive(Clone, Debug, Default)]
pub(super) struct Swept {
    pub listings: Listings,
    /// In order of their starts, and of places where several start at once.
    pub pieces: Vec<Piece>,
    pub openers: Vec<PieceOpener>,
    pub shortfalls: Vec<Shortfall>,
}

/// Where a sweep looks for the reasons of shortfalls.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Why {
    Within(Interval),
    NotAsked,
}

/// Sweeps over the span of `tracks`.
pub(super) fn sweep(tracks: &Tracks<'_>, why: Why) -> Swept {
    let listings = Listings::with_capacity(tracks.edges.len() + 1);
    let mut sweeper = Sweeper {
        tracks,
        why,
        state: State::new(tracks),
        before: State::new(tracks),
        caught_up: 0,
        places: Places::default(),
        open: Vec::new(),
        still_open: Vec::new(),
        shortfall: None,
        swept: Swept { listings, openers: vec![PieceOpener::Named(Opener::SlotStart)], ..Swept::default() },
    };
    sweeper.run();
    sweeper.swept
}

struct Sweeper<'t, 'a> {
    tracks: &'t Tracks<'a>,
    why: Why,
    state: State,
    /// How things stood once; brought up to date when it is asked for.
    before: State,
    /// How many edges `before` has seen.
    caught_up: usize,
    places: Places,
    /// The pieces that have begun and not ended, in order of their places.
    open: Vec<PieceIndex>,
    /// Where the next `open` is made.
    still_open: Vec<PieceIndex>,
    shortfall: Option<(Instant, Shortfall)>,
    swept: Swept,
}

impl Sweeper<'_, '_> {
    fn run(&mut self) {
        let (span, edges) = (self.tracks.span, &self.tracks.edges);
        let mut next = edges.partition_point(|edge| edge.at <= span.start());
        for edge in edges.iter().take(next) {
            self.state.apply(edge.change, self.tracks);
        }
        self.list(span.start(), 0..0);
        let mut from = span.start();
        while let Some(at) = edges.get(next).map(|edge| edge.at) {
            self.note_causes(from, at);
            let first = next;
            while let Some(edge) = edges.get(next).filter(|edge| edge.at == at) {
                self.state.apply(edge.change, self.tracks);
                next += 1;
            }
            self.list(at, first..next);
            from = at;
        }
        self.note_causes(from, span.end());
        for index in std::mem::take(&mut self.open) {
            self.end_piece(index, span.end());
        }
        self.end_shortfall(span.end());
    }

    /// Lists who is on duty from `at` on, and begins and ends pieces and shortfalls accordingly.
    ///
    /// `edges` are what happens at `at`; none where the sweep begins.
    fn list(&mut self, at: Instant, edges: Range<usize>) {
        self.places.fill(&self.state, self.tracks, &mut NoWitness);
        self.update_pieces(at, &edges);
        let shadows = shadows(&self.state, self.tracks, &self.places);
        self.swept.listings.record(at, self.state.duty.is_some(), &self.places, &self.open, &shadows);
        self.update_shortfall(at, &edges);
    }

    fn update_pieces(&mut self, at: Instant, edges: &Range<usize>) {
        let same = |pieces: &[Piece], index: PieceIndex, placed: &Placed| {
            let piece = pieces.get(index as usize);
            piece.is_some_and(|piece| piece.placed.person == placed.person && piece.placed.slot == placed.slot)
        };
        let pieces = &self.swept.pieces;
        let on_duty = self.places.people_on_duty();
        let unchanged = self.open.len() == on_duty.len()
            && self.open.iter().zip(on_duty).all(|(index, placed)| same(pieces, *index, placed));
        if unchanged {
            return;
        }
        self.still_open.clear();
        for place in 0..on_duty.len() {
            let Some(&placed) = self.places.people_on_duty().get(place) else { break };
            let open = self.open.iter().copied().find(|index| same(&self.swept.pieces, *index, &placed));
            let index = open.unwrap_or_else(|| self.begin_piece(placed, at, edges));
            self.still_open.push(index);
        }
        std::mem::swap(&mut self.open, &mut self.still_open);
        for place in 0..self.still_open.len() {
            let Some(&index) = self.still_open.get(place) else { break };
            if !self.open.contains(&index) {
                self.end_piece(index, at);
            }
        }
    }

    fn begin_piece(&mut self, placed: Placed, at: Instant, edges: &Range<usize>) -> PieceIndex {
        let opener = (!edges.is_empty()).then(|| self.opener_of_piece(&placed, edges));
        self.swept.pieces.push(Piece { placed, start: at, end: Instant::MAX, opener });
        (self.swept.pieces.len() - 1) as PieceIndex
    }

    fn end_piece(&mut self, index: PieceIndex, at: Instant) {
        if let Some(piece) = self.swept.pieces.get_mut(index as usize) {
            piece.end = at;
        }
    }

    fn opener_of_piece(&mut self, placed: &Placed, edges: &Range<usize>) -> OpenerIndex {
        let moment = self.moment(edges);
        if moment.starts(placed.slot) {
            return SLOT_START;
        }
        let own = moment.own_opener(placed).map(PieceOpener::Named);
        let opener = own.unwrap_or_else(|| self.any_opener(Some(placed), edges));
        self.swept.openers.push(opener);
        (self.swept.openers.len() - 1) as OpenerIndex
    }

    fn any_opener(&mut self, placed: Option<&Placed>, edges: &Range<usize>) -> PieceOpener {
        for edge in self.tracks.edges.get(self.caught_up..edges.start).unwrap_or_default() {
            self.before.apply(edge.change, self.tracks);
        }
        self.caught_up = self.caught_up.max(edges.start);
        self.moment(edges).any_opener(&self.before, placed.map(|placed| placed.slot))
    }

    fn moment(&self, edges: &Range<usize>) -> Moment<'_, '_> {
        let edges = self.tracks.edges.get(edges.clone()).unwrap_or_default();
        Moment { tracks: self.tracks, after: &self.state, edges }
    }

    fn update_shortfall(&mut self, at: Instant, edges: &Range<usize>) {
        let (required, asking) = self.places.required;
        let present = u32::try_from(self.places.on_duty).unwrap_or(u32::MAX);
        let short = asking.filter(|_| present < required);
        let pair = self.shortfall.as_ref().map(|(_, open)| (open.required, open.present));
        if pair == short.map(|_| (required, present)) {
            return;
        }
        self.end_shortfall(at);
        if let (Some(requirement), Some(interval)) = (short, Interval::new(at, Instant::MAX)) {
            let opener = (!edges.is_empty()).then(|| self.opener_of_gap(requirement, edges));
            let causes = Causes::default();
            self.shortfall = Some((at, Shortfall { interval, required, present, requirement, opener, causes }));
        }
    }

    fn opener_of_gap(&mut self, requirement: usize, edges: &Range<usize>) -> Opener {
        let hours = self.moment(edges).hours_opener(requirement);
        hours.unwrap_or_else(|| self.any_opener(None, edges).named(&self.tracks.names))
    }

    /// Notes why too few are there, for the stretch in which nothing changed.
    fn note_causes(&mut self, from: Instant, to: Instant) {
        if let (Some((_, open)), Why::Within(window)) = (&mut self.shortfall, self.why)
            && let Some(part) = Interval::new(from, to).and_then(|stretch| stretch.intersection(window))
        {
            open.causes.note(&self.state, self.tracks, &mut self.places, part);
        }
    }

    fn end_shortfall(&mut self, at: Instant) {
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
    if !tracks.has_shadows {
        return found;
    }
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
