//! What the engine answers: listings, shifts, handoffs and gaps (semantics 4 and 5).

use std::collections::BTreeSet;

use super::identity::{gap_id, shift_id};
use crate::civil::{Date, Instant, Interval, IntervalSet, WindowId};
use crate::model::{
    DutyId, GapCause, GapId, HolidaySetId, IdentityKey, LayerId, Made, OverrideId, RequirementId, ResidentId, ShiftId,
    TimeOffId,
};

/// Who is listed for a duty at an instant, best place first (semantics 4.4).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Listing {
    /// The people on duty, in order of their places.
    pub on_duty: Vec<Place>,
    /// The people who are listed behind them, in order; they do not count.
    pub standby: Vec<ResidentId>,
    /// The people who watch and learn; they do not count.
    pub shadows: Vec<ResidentId>,
    /// How many the requirements ask for; 0 outside all of them.
    pub required: u32,
}

impl Listing {
    /// Returns how many are on duty.
    #[must_use]
    pub fn present(&self) -> u32 {
        u32::try_from(self.on_duty.len()).unwrap_or(u32::MAX)
    }

    /// Returns the people on duty as a set.
    #[must_use]
    pub fn people(&self) -> BTreeSet<ResidentId> {
        self.on_duty.iter().map(|place| place.resident.clone()).collect()
    }
}

/// Somebody in a slot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// Who stands there.
    pub resident: ResidentId,
    /// The slot.
    pub slot: Slot,
    /// The override that put them there, if one did.
    pub by_override: Option<OverrideId>,
}

/// What somebody is on duty in (semantics 4.6).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Slot {
    /// The slot of an override that adds somebody.
    Override(OverrideId),
    /// A turn of a rotation layer.
    Turn {
        /// The layer.
        layer: LayerId,
        /// The number of the layer's grid.
        grid: u32,
        /// The turn's number on that grid.
        turn: i64,
        /// The window and its local day, where the layer has windows.
        window: Option<(WindowId, Date)>,
    },
    /// A member's place in a pool layer.
    Member {
        /// The layer.
        layer: LayerId,
        /// Whose place it is, whoever stands there.
        member: ResidentId,
        /// The window and its local day, where the layer has windows.
        window: Option<(WindowId, Date)>,
    },
}

/// What begins a piece of a slot, or a gap (semantics 4.6); of several at one instant the first in this order.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Opener {
    /// The slot's own start; for a gap, the requirement's hours.
    SlotStart,
    /// An override begins or ends.
    Override {
        /// Which.
        id: OverrideId,
        /// Whether it begins or ends there.
        edge: Edge,
    },
    /// Time off, hard or soft, or working elsewhere, begins or ends.
    TimeOff {
        /// Which entry.
        id: TimeOffId,
        /// Whether it begins or ends there.
        edge: Edge,
        /// The local day on which the instance was to start.
        day: Date,
    },
    /// A resident's holiday begins or ends.
    Holiday {
        /// Whose.
        resident: ResidentId,
        /// From which set.
        set: HolidaySetId,
        /// Whether it begins or ends there.
        edge: Edge,
        /// The holiday.
        day: Date,
        /// Which part of it, from 0; parts touch only where they are one.
        number: u32,
    },
    /// A resident's working hours begin or end.
    WorkingHours {
        /// Whose.
        resident: ResidentId,
        /// Whether they begin or end there.
        edge: Edge,
        /// The local day where the resident is.
        day: Date,
        /// Which stretch of working hours of that day, from 0.
        number: u32,
    },
    /// A resident's term begins or ends.
    Term {
        /// Whose.
        resident: ResidentId,
        /// Whether it begins or ends there.
        edge: Edge,
        /// Its first day, or the day after its last.
        day: Date,
        /// Which such edge of that day, from 0.
        number: u32,
    },
    /// What is required changes, and with it how many are on duty.
    Required {
        /// The requirement.
        requirement: RequirementId,
        /// Whether its hours begin or end there.
        edge: Edge,
        /// The local day of the hours.
        day: Date,
        /// Which stretch of that day's hours, from 0.
        number: u32,
    },
    /// A slot that comes earlier begins or ends.
    EarlierPlace {
        /// The slot.
        slot: Box<Slot>,
        /// Whether it begins or ends there.
        edge: Edge,
    },
    /// A new version of the duty, a layer, or a resident takes effect.
    Edit {
        /// The change that made the version.
        made: Made,
    },
    /// A gap that began more than 400 days before what was asked for.
    Standing,
}

/// Whether something begins or ends.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Edge {
    /// It begins.
    Begins,
    /// It ends.
    Ends,
}

/// One resident on one duty for one interval.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shift {
    /// The duty.
    pub duty: DutyId,
    /// Who.
    pub resident: ResidentId,
    /// The slot.
    pub slot: Slot,
    /// What begins it.
    pub opener: Opener,
    /// The part of it that lies in the asked window.
    pub interval: Interval,
    /// When it truly begins; earlier than the interval where the window cuts it.
    pub began: Instant,
    /// Whether it goes on after the window.
    pub truncated_end: bool,
    /// The override that put the resident there, if one did, at its start.
    pub by_override: Option<OverrideId>,
}

impl Shift {
    /// Returns its identity, made with the key of its team: the same whoever holds the slot and wherever its edges move
    /// (semantics 4.6).
    #[must_use]
    pub fn id(&self, key: IdentityKey) -> ShiftId {
        shift_id(key, &self.duty, &self.slot, &self.opener)
    }

    /// Tells whether it begins before the asked window.
    #[must_use]
    pub fn truncated_start(&self) -> bool {
        self.began < self.interval.start()
    }
}

/// The instant at which the set of people on duty changes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Handoff {
    /// When.
    pub at: Instant,
    /// Who was on duty until then.
    pub from: BTreeSet<ResidentId>,
    /// Who is on duty from then on.
    pub to: BTreeSet<ResidentId>,
}

/// An interval in which fewer are on duty than required, with one such pair of numbers throughout (semantics 5.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Gap {
    /// The duty.
    pub duty: DutyId,
    /// The requirement that asks most where it begins.
    pub requirement: RequirementId,
    /// The local day, in the requirement's zone, on which it truly begins; `None` for a standing gap.
    pub day: Option<Date>,
    /// What begins it.
    pub opener: Opener,
    /// The part of it that lies in the asked window.
    pub interval: Interval,
    /// When it truly begins, looking back at most 400 days before the window.
    pub began: Instant,
    /// Whether it goes on after the window.
    pub truncated_end: bool,
    /// How many are required.
    pub required: u32,
    /// How many are on duty.
    pub present: u32,
    /// Why, each cause with its part of the interval; sorted.
    pub causes: Vec<(GapCause, IntervalSet)>,
    /// Whoever was taken off by an override whose cover cannot be there: asked first (semantics 4.3).
    pub asked_first: Vec<ResidentId>,
}

impl Gap {
    /// Returns its identity, made with the key of its team (semantics 4.6).
    #[must_use]
    pub fn id(&self, key: IdentityKey) -> GapId {
        gap_id(key, &self.duty, &self.requirement, self.day, &self.opener)
    }

    /// Tells whether it begins before the asked window.
    #[must_use]
    pub fn truncated_start(&self) -> bool {
        self.began < self.interval.start()
    }
}

/// How much of what was required was there, in seconds of person-time (semantics 5.3).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Coverage {
    /// The sum of what was required.
    pub required_seconds: i64,
    /// The sum of what was there, never more than was required.
    pub met_seconds: i64,
}

impl Coverage {
    /// Returns the met fraction, from 0 to 1; `None` where nothing was required.
    #[must_use]
    pub fn fraction(self) -> Option<f64> {
        (self.required_seconds > 0).then(|| self.met_seconds as f64 / self.required_seconds as f64)
    }
}
