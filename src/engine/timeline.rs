//! The timeline of a duty over a window: every listing, shift, handoff and gap in it (semantics 4.7).

use std::sync::Arc;

use super::answer::{Coverage, Gap, Handoff, Listing, Opener, Shift};
use super::causes;
use super::listings::{Listings, Stretch};
use super::names::Names;
use super::places::{NoWitness, Places};
use super::state::State;
use super::sweep::{Piece, Shortfall, shadows, sweep};
use super::tracks::{PersonIndex, Tracks};
use crate::civil::{Date, Instant, Interval, UnknownZone, ZoneRules};
use crate::model::{DutyId, Made, OverrideId, RequirementId, ResidentId, TeamSnapshot};

/// How far back the beginning of a gap is looked for (semantics 4.6), in seconds: 400 days.
const GAP_LOOK_BACK_SECONDS: i64 = 400 * 86_400;

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
    shifts: Vec<Shift>,
    gaps: Vec<Gap>,
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
    let mut swept = sweep(&tracks);
    let beginnings = Beginnings { team, rules, duty, window };
    let mut shifts = Vec::with_capacity(swept.pieces.len());
    for piece in &swept.pieces {
        let Some(interval) = piece.interval.intersection(window) else { continue };
        let beginning = beginnings.of_piece(&tracks, piece)?;
        shifts.push(shift(&tracks, piece, interval, window, beginning));
    }
    shifts.sort_by(|a, b| (a.interval, &a.slot).cmp(&(b.interval, &b.slot)));
    let mut gaps = Vec::new();
    for shortfall in &swept.shortfalls {
        let Some(interval) = shortfall.interval.intersection(window) else { continue };
        let beginning = beginnings.of_shortfall(&tracks, shortfall)?;
        gaps.push(gap(&tracks, shortfall, interval, window, beginning));
    }
    causes::fill(&tracks, &mut gaps);
    let first = swept.listings.stretches().first();
    let people_before = first.map(|stretch| swept.listings.people_on_duty(stretch)).unwrap_or_default();
    swept.listings.cut(window);
    let (duty, names, listings) = (duty.clone(), tracks.names, swept.listings);
    Ok(Timeline { duty, window, names, people_before, listings, shifts, gaps })
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

fn shift(tracks: &Tracks<'_>, piece: &Piece, interval: Interval, window: Interval, beginning: PieceBeginning) -> Shift {
    Shift {
        duty: tracks.duty.clone(),
        resident: tracks
            .people
            .get(piece.placed.person as usize)
            .map_or_else(|| ResidentId::from_valid("unknown"), |person| person.id.clone()),
        slot: tracks.names.slot(piece.placed.slot),
        opener: beginning.opener,
        interval,
        began: beginning.began,
        truncated_end: piece.interval.end() > window.end(),
        by_override: beginning.by_override,
    }
}

fn gap(
    tracks: &Tracks<'_>,
    shortfall: &Shortfall,
    interval: Interval,
    window: Interval,
    beginning: GapBeginning,
) -> Gap {
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
        causes: Vec::new(),
        asked_first: Vec::new(),
    }
}

/// Where a piece truly begins, and how.
struct PieceBeginning {
    began: Instant,
    opener: Opener,
    /// The override that puts its resident there at that instant.
    by_override: Option<OverrideId>,
}

impl PieceBeginning {
    fn of(tracks: &Tracks<'_>, piece: &Piece) -> Option<Self> {
        let by_override = piece.placed.by_override.and_then(|index| tracks.overrides.get(index as usize));
        Some(Self {
            began: piece.interval.start(),
            opener: piece.opener.clone()?,
            by_override: by_override.map(|track| track.id.clone()),
        })
    }
}

/// Where a gap truly begins, and in which requirement.
struct GapBeginning {
    began: Instant,
    requirement: RequirementId,
    day: Option<Date>,
    opener: Opener,
}

/// Finds where pieces begin that go on across the start of the window, looking back ever further.
struct Beginnings<'a> {
    team: &'a TeamSnapshot,
    rules: &'a ZoneRules,
    duty: &'a DutyId,
    window: Interval,
}

impl Beginnings<'_> {
    /// The ever longer looks back, in days; the last reaches beyond everything that is stated.
    const LOOKS_BACK_DAYS: [i64; 5] = [9, 40, 400, 4_000, 100_000];

    fn of_piece(&self, tracks: &Tracks<'_>, piece: &Piece) -> Result<PieceBeginning, UnknownZone> {
        if let Some(beginning) = PieceBeginning::of(tracks, piece) {
            return Ok(beginning);
        }
        let slot = tracks.names.slot(piece.placed.slot);
        let person = tracks.people.get(piece.placed.person as usize).map(|person| person.id);
        for days in Self::LOOKS_BACK_DAYS {
            let Some(span) = self.before_window(days * 86_400) else { break };
            let Some(earlier) = Tracks::read(self.team, self.rules, self.duty, span)? else { break };
            let swept = sweep(&earlier);
            let found = swept.pieces.iter().find(|found| {
                found.interval.end() == span.end()
                    && earlier.names.slot(found.placed.slot) == slot
                    && earlier.people.get(found.placed.person as usize).map(|person| person.id) == person
            });
            if let Some(beginning) = found.and_then(|found| PieceBeginning::of(&earlier, found)) {
                return Ok(beginning);
            }
        }
        // It began before anything that is stated could: at the first instant there is.
        let opener = Opener::Edit { made: Made::default() };
        Ok(PieceBeginning { began: Instant::MIN, opener, by_override: None })
    }

    fn of_shortfall(&self, tracks: &Tracks<'_>, shortfall: &Shortfall) -> Result<GapBeginning, UnknownZone> {
        if let Some(opener) = &shortfall.opener {
            return Ok(self.beginning(tracks, shortfall, opener.clone()));
        }
        for days in Self::LOOKS_BACK_DAYS.into_iter().filter(|days| days * 86_400 <= GAP_LOOK_BACK_SECONDS) {
            let Some(span) = self.before_window(days * 86_400) else { break };
            let Some(earlier) = Tracks::read(self.team, self.rules, self.duty, span)? else { break };
            let swept = sweep(&earlier);
            let found = swept.shortfalls.last().filter(|found| found.interval.end() == span.end());
            if let Some((found, opener)) = found.and_then(|found| Some((found, found.opener.clone()?))) {
                return Ok(self.beginning(&earlier, found, opener));
            }
        }
        let began = self.window.start().plus(-GAP_LOOK_BACK_SECONDS);
        let requirement = requirement_id(tracks, shortfall);
        Ok(GapBeginning { began, requirement, day: None, opener: Opener::Standing })
    }

    fn beginning(&self, tracks: &Tracks<'_>, shortfall: &Shortfall, opener: Opener) -> GapBeginning {
        let began = shortfall.interval.start();
        let requirement = requirement_id(tracks, shortfall);
        let stated = self.team.duties.get(self.duty).and_then(|duty| duty.versions.at(began));
        let zone = stated
            .and_then(|(_, duty)| duty.requirements.iter().find(|stated| stated.id == requirement))
            .and_then(|stated| stated.zone.zone(self.rules).ok());
        GapBeginning { began, requirement, day: zone.map(|zone| zone.day(began).date()), opener }
    }

    /// The `seconds` before the window, up to and with its first second but one.
    fn before_window(&self, seconds: i64) -> Option<Interval> {
        Interval::new(self.window.start().plus(-seconds), self.window.start())
    }
}

fn requirement_id(tracks: &Tracks<'_>, shortfall: &Shortfall) -> RequirementId {
    tracks
        .requirements
        .get(shortfall.requirement)
        .map_or_else(|| RequirementId::from_valid("unknown"), |track| track.id.clone())
}

impl Timeline {
    fn empty(duty: DutyId, window: Interval) -> Self {
        Self {
            duty,
            window,
            names: Arc::default(),
            people_before: Vec::new(),
            listings: Listings::default(),
            shifts: Vec::new(),
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
            on_duty: on_duty.filter_map(|placed| self.names.place(placed)).collect(),
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

    /// Returns the shifts that overlap the window, by start; each cut to it.
    #[must_use]
    pub fn shifts(&self) -> &[Shift] {
        &self.shifts
    }

    /// Returns the shifts that hold at `at`.
    pub fn shifts_at(&self, at: Instant) -> impl Iterator<Item = &Shift> {
        let begun = self.shifts.partition_point(|shift| shift.interval.start() <= at);
        self.shifts.iter().take(begun).filter(move |shift| shift.interval.contains(at))
    }

    /// Returns the first handoff in the window after `at`.
    #[must_use]
    pub fn next_handoff(&self, at: Instant) -> Option<Handoff> {
        let stretches = self.listings.stretches();
        let index = stretches.partition_point(|stretch| stretch.start <= at);
        let from = self.listings.people_on_duty(stretches.get(index.checked_sub(1)?)?);
        let next = stretches.get(index..)?.iter().map(|stretch| (stretch.start, self.listings.people_on_duty(stretch)));
        let (at, to) = next.into_iter().find(|(_, to)| *to != from)?;
        Some(self.handoff(at, &from, &to))
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
            let to = self.listings.people_on_duty(stretch);
            if from != to {
                handoffs.push(self.handoff(stretch.start, &from, &to));
            }
            from = to;
        }
        handoffs
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
