//! The timeline of a duty over a window: every listing, shift, handoff and gap in it (semantics 4.7).

use std::sync::{Arc, OnceLock};

use super::answer::{Coverage, Gap, Handoff, Listing, Shift};
use super::beginnings::{Beginnings, GapBeginning};
use super::listings::{Listings, OnDuty, Stretch};
use super::names::Names;
use super::openers::PieceOpener;
use super::places::{NoWitness, Placed, Places};
use super::state::State;
use super::sweep::{Piece, Shortfall, Swept, Why, shadows, sweep};
use super::tracks::{PersonIndex, Tracks};
use crate::civil::{Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{DutyId, OverrideId, ResidentId, TeamSnapshot};

/// Who is on one duty at every instant of a window, computed in one pass.
///
/// ```
/// # use onduty::civil::{Interval, ZoneRules};
/// # use onduty::engine::timeline;
/// # use onduty::model::{DutyId, TeamId, TeamSnapshot};
/// let rules = ZoneRules::bundled().unwrap();
/// let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
/// let day = Interval::new("2026-11-23T00:00:00Z".parse().unwrap(), "2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
/// // A duty that the team does not have is in effect at no instant: nobody is an answer, not an error.
/// let review = timeline(&team, &rules, &DutyId::new("review").unwrap(), day).unwrap();
/// assert!(review.shifts().is_empty());
/// assert_eq!(review.listing_at(day.start()), None);
/// ```
#[derive(Clone, Debug)]
pub struct Timeline {
    duty: DutyId,
    window: Interval,
    names: Arc<Names>,
    /// Who is on duty just before the window.
    people_before: Vec<PersonIndex>,
    listings: Listings,
    pieces: Vec<Piece>,
    openers: Vec<PieceOpener>,
    /// The pieces as shifts: named when first asked for, because names are what takes the room.
    shifts: OnceLock<Vec<Shift>>,
    gaps: Vec<Gap>,
}

/// Who is there in one stretch, by index.
pub(super) struct Attended<'a> {
    /// The stretch.
    pub interval: Interval,
    /// The people on duty, each with the override that holds for their slot, if one does.
    pub on_duty: Vec<(PersonIndex, Option<u32>)>,
    /// The people behind them.
    pub standby: &'a [PersonIndex],
}

/// Returns the timeline of `duty` over `window`.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn timeline(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    duty: &DutyId,
    window: Interval,
) -> Result<Timeline, UnknownZone> {
    // A second more on either side tells what begins and ends at the edges from what goes on across them.
    let span = Interval::new(window.start().plus(-1), window.end().plus(1)).unwrap_or(window);
    let Some(tracks) = Tracks::read(team, rules, duty, span)? else {
        return Ok(Timeline::empty(duty.clone(), window));
    };
    let mut swept = sweep(&tracks, Why::Within(window));
    let mut names = tracks.names.clone();
    let beginning = Beginnings { team, rules, duty, window }.find(&tracks, &mut swept, &mut names)?;
    let gaps = gaps(&tracks, swept.shortfalls, window, beginning);
    let Swept { mut listings, pieces, openers, .. } = swept;
    let first = listings.stretches().first();
    let people_before = first.map(|stretch| listings.people_on_duty(stretch, &pieces)).unwrap_or_default();
    listings.cut(window);
    let (duty, names, shifts) = (duty.clone(), Arc::new(names), OnceLock::new());
    Ok(Timeline { duty, window, names, people_before, listings, pieces, openers, shifts, gaps })
}

fn gaps(tracks: &Tracks<'_>, shortfalls: Vec<Shortfall>, window: Interval, beginnings: Vec<GapBeginning>) -> Vec<Gap> {
    let pairs = shortfalls.into_iter().zip(beginnings);
    let shown = pairs.filter_map(|(shortfall, beginning)| {
        let interval = shortfall.interval.intersection(window)?;
        Some(gap(tracks, shortfall, interval, window, beginning))
    });
    shown.collect()
}

/// Returns who is listed for `duty` at `at`; `None` where the duty is not in effect then.
///
/// # Errors
///
/// [`UnknownZone`] where `rules` lacks a zone that is used.
pub fn listing(
    team: &TeamSnapshot,
    rules: &ZoneRules,
    duty: &DutyId,
    at: Instant,
) -> Result<Option<Listing>, UnknownZone> {
    let Some(span) = Interval::new(at, at.plus(1)) else { return Ok(None) };
    let Some(tracks) = Tracks::read(team, rules, duty, span)? else { return Ok(None) };
    let state = state_at(&tracks, at);
    if state.duty.is_none() {
        return Ok(None);
    }
    let mut places = Places::default();
    places.fill(&state, &tracks, &mut NoWitness);
    Ok(Some(listing_of(&places, &state, &tracks)))
}

/// Names everybody whom `places` lists.
pub(super) fn listing_of(places: &Places, state: &State, tracks: &Tracks<'_>) -> Listing {
    let name = |person: &PersonIndex| tracks.people.get(*person as usize).map(|person| person.id.clone());
    let behind = places.listed.iter().skip(places.on_duty).map(|placed| &placed.person);
    Listing {
        on_duty: places.people_on_duty().iter().filter_map(|placed| tracks.names.place(placed)).collect(),
        standby: behind.chain(&places.one_more).filter_map(name).collect(),
        shadows: shadows(state, tracks, places).iter().filter_map(name).collect(),
        required: places.required.0,
    }
}

/// Returns how everything stands at `at`, an instant of the tracks' span.
pub(super) fn state_at(tracks: &Tracks<'_>, at: Instant) -> State {
    let mut state = State::new(tracks);
    for edge in tracks.edges.iter().take_while(|edge| edge.at <= at) {
        state.apply(edge.change, tracks);
    }
    state
}

fn gap(
    tracks: &Tracks<'_>,
    shortfall: Shortfall,
    interval: Interval,
    window: Interval,
    beginning: GapBeginning,
) -> Gap {
    let (causes, asked_first) = shortfall.causes.into_parts();
    Gap {
        duty: tracks.duty.clone(),
        requirement: beginning.requirement,
        day: beginning.day,
        opener: beginning.opener,
        interval,
        began: beginning.began,
        truncated_end: shortfall.interval.end() > window.end(),
        required: shortfall.required,
        present: shortfall.present,
        causes,
        asked_first,
    }
}

impl Timeline {
    fn empty(duty: DutyId, window: Interval) -> Self {
        Self {
            duty,
            window,
            names: Arc::default(),
            people_before: Vec::new(),
            listings: Listings::default(),
            pieces: Vec::new(),
            openers: Vec::new(),
            shifts: OnceLock::new(),
            gaps: Vec::new(),
        }
    }

    /// Returns the duty.
    #[must_use]
    pub fn duty(&self) -> &DutyId {
        &self.duty
    }

    /// Returns the window.
    #[must_use]
    pub fn window(&self) -> Interval {
        self.window
    }

    /// Returns who is listed at `at`; `None` outside the window and where the duty is not in effect.
    #[must_use]
    pub fn listing_at(&self, at: Instant) -> Option<Listing> {
        let stretch = self.stretch_at(at).filter(|stretch| stretch.in_effect)?;
        let name = |person: &PersonIndex| self.names.person(*person);
        let on_duty = self.listings.on_duty(stretch).iter();
        Some(Listing {
            on_duty: on_duty.filter_map(|on_duty| self.names.place(&self.placed(*on_duty)?)).collect(),
            standby: self.listings.standby(stretch).iter().filter_map(name).collect(),
            shadows: self.listings.shadows(stretch).iter().filter_map(name).collect(),
            required: stretch.required,
        })
    }

    fn stretch_at(&self, at: Instant) -> Option<&Stretch> {
        self.listings.stretch_at(at).filter(|_| self.window.contains(at))
    }

    /// Returns the instants in the window at which a listing changes, the window's start among them.
    #[must_use]
    pub fn change_points(&self) -> Vec<Instant> {
        self.listings.stretches().iter().map(|stretch| stretch.start).collect()
    }

    fn placed(&self, on_duty: OnDuty) -> Option<Placed> {
        let piece = self.pieces.get(on_duty.piece as usize)?;
        Some(Placed { by_override: on_duty.by_override, ..piece.placed })
    }

    /// Returns the next instant in the window after `at` at which a listing changes.
    #[must_use]
    pub fn next_change(&self, at: Instant) -> Option<Instant> {
        let stretches = self.listings.stretches();
        let index = stretches.partition_point(|stretch| stretch.start <= at);
        stretches.get(index).map(|stretch| stretch.start)
    }

    /// Returns the shifts that overlap the window, by start and, where several start at once, by place; each cut to
    /// the window.
    #[must_use]
    pub fn shifts(&self) -> &[Shift] {
        self.shifts.get_or_init(|| self.pieces.iter().filter_map(|piece| self.shift(piece)).collect())
    }

    /// Returns the shifts that hold at `at`, in order of their places; none outside the window.
    pub fn shifts_at(&self, at: Instant) -> impl Iterator<Item = Shift> {
        let on_duty = self.stretch_at(at).map(|stretch| self.listings.on_duty(stretch)).unwrap_or_default();
        on_duty.iter().filter_map(|on_duty| self.shift(self.pieces.get(on_duty.piece as usize)?))
    }

    fn shift(&self, piece: &Piece) -> Option<Shift> {
        let interval = Interval::new(piece.start, piece.end)?.intersection(self.window)?;
        Some(Shift {
            duty: self.duty.clone(),
            resident: self.names.person(piece.placed.person)?,
            slot: self.names.slot(piece.placed.slot),
            opener: self.openers.get(piece.opener? as usize)?.named(&self.names),
            interval,
            began: piece.start,
            truncated_end: piece.end > self.window.end(),
            by_override: piece.placed.by_override.and_then(|index| self.names.override_id(index)),
        })
    }

    /// Returns the first handoff in the window after `at`.
    #[must_use]
    pub fn next_handoff(&self, at: Instant) -> Option<Handoff> {
        let stretches = self.listings.stretches();
        let index = stretches.partition_point(|stretch| stretch.start <= at);
        let from = self.people_on_duty(stretches.get(index.checked_sub(1)?)?);
        let next = stretches.get(index..)?.iter().map(|stretch| (stretch.start, self.people_on_duty(stretch)));
        let (at, to) = next.into_iter().find(|(_, to)| *to != from)?;
        Some(self.handoff(at, &from, &to))
    }

    fn people_on_duty(&self, stretch: &Stretch) -> Vec<PersonIndex> {
        self.listings.people_on_duty(stretch, &self.pieces)
    }

    fn handoff(&self, at: Instant, from: &[PersonIndex], to: &[PersonIndex]) -> Handoff {
        let name = |people: &[PersonIndex]| people.iter().filter_map(|person| self.names.person(*person)).collect();
        Handoff { at, from: name(from), to: name(to) }
    }

    /// Returns the gaps that overlap the window, by start; each cut to it.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Returns the handoffs in the window. What happens at the window's very start is one where people differ from
    /// those just before.
    #[must_use]
    pub fn handoffs(&self) -> Vec<Handoff> {
        let mut from = self.people_before.clone();
        let mut handoffs = Vec::new();
        for stretch in self.listings.stretches() {
            let to = self.people_on_duty(stretch);
            if from != to {
                handoffs.push(self.handoff(stretch.start, &from, &to));
            }
            from = to;
        }
        handoffs
    }

    /// Returns who is on duty and on standby, stretch after stretch, by index; stretches out of effect have nobody.
    pub(super) fn attended(&self) -> impl Iterator<Item = Attended<'_>> {
        let stretches = self.listings.stretches();
        let ends = stretches.iter().skip(1).map(|next| next.start).chain([self.window.end()]);
        stretches.iter().zip(ends).filter_map(|(stretch, end)| {
            let piece = |on_duty: &OnDuty| {
                let person = self.pieces.get(on_duty.piece as usize)?.placed.person;
                Some((person, on_duty.by_override))
            };
            let on_duty = self.listings.on_duty(stretch).iter().filter_map(piece).collect();
            Some(Attended {
                interval: Interval::new(stretch.start, end)?,
                on_duty,
                standby: self.listings.standby(stretch),
            })
        })
    }

    /// Names a person of [`Attended`].
    pub(super) fn person(&self, person: PersonIndex) -> Option<ResidentId> {
        self.names.person(person)
    }

    /// Names an override of [`Attended`].
    pub(super) fn override_id(&self, index: u32) -> Option<OverrideId> {
        self.names.override_id(index)
    }

    /// Returns how much of what was required in the window was there.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::default();
        let stretches = self.listings.stretches();
        let ends = stretches.iter().skip(1).map(|next| next.start).chain([self.window.end()]);
        for (stretch, end) in stretches.iter().zip(ends) {
            let seconds = end.since(stretch.start);
            let present = u32::try_from(self.listings.on_duty(stretch).len()).unwrap_or(u32::MAX);
            coverage.required_seconds += seconds * i64::from(stretch.required);
            coverage.met_seconds += seconds * i64::from(stretch.required.min(present));
        }
        coverage
    }
}
