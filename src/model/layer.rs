//! Layers: where candidates for a duty come from (semantics 2.5, 3).

use super::{ResidentId, ZoneName};
use crate::civil::{DateTime, Grid, ShiftLength, WeeklyWindow, Zone};

/// A layer of a duty.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Layer {
    /// Who, and how they share.
    pub source: Source,
    /// The hours to which the layer is limited; `None` is always.
    pub windows: Option<Windows>,
    /// Whether somebody counts outside their own working hours.
    pub hours: Hours,
    /// What happens when the one on turn cannot be there; means nothing for a pool.
    pub when_absent: WhenAbsent,
    /// People who watch and learn: shown, never counted.
    pub shadows: Vec<ResidentId>,
}

impl Layer {
    /// Tells whether both state the same. Offset and number of a rotation's grid follow from the edits and are not
    /// stated, and a turn that is held is on its way to something else.
    #[must_use]
    pub fn states_the_same(&self, other: &Self) -> bool {
        let (Source::Rotation(one), Source::Rotation(two)) = (&self.source, &other.source) else {
            return self == other;
        };
        let source = Source::Rotation(Rotation { offset: one.offset, grid: one.grid, ..two.clone() });
        *self == Self { source, ..other.clone() }
    }
}

/// Where the candidates of a layer come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Source {
    /// Participants take turns, one at a time.
    Rotation(Rotation),
    /// All members are candidates at once, in the listed order.
    Pool(Vec<ResidentId>),
}

impl Source {
    /// Returns the participants or members, in order.
    #[must_use]
    pub fn people(&self) -> &[ResidentId] {
        match self {
            Self::Rotation(rotation) => &rotation.participants,
            Self::Pool(members) => members,
        }
    }
}

/// A rotation: participants in order, and the grid of their turns.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rotation {
    /// Who takes turns, in order; never empty.
    pub participants: Vec<ResidentId>,
    /// How long a turn is.
    pub length: ShiftLength,
    /// The local start of a turn (turn 0 of the grid).
    pub anchor: DateTime,
    /// The zone on whose clock turns begin.
    pub zone: ZoneName,
    /// Which participant has turn 0 (semantics 3.3): turn `k` belongs to participant `(k + offset) mod size`.
    pub offset: u32,
    /// Numbers the layer's grids: it changes with length, anchor or zone, and with nothing else (semantics 4.6).
    pub grid: u32,
    /// The turn that goes on while a change of the grid waits for the new grid's first boundary (semantics 3.5).
    pub held_turn: Option<i64>,
}

impl Rotation {
    /// Returns the grid of turn boundaries; `zone` is the rotation's.
    #[must_use]
    pub fn turns<'a>(&self, zone: &'a Zone) -> Grid<'a> {
        Grid::new(self.anchor, self.length, zone)
    }

    /// Returns the place in the order of the participant who has `turn`; 0 where there are no participants.
    #[must_use]
    pub fn place_of_turn(&self, turn: i64) -> usize {
        let size = i64::try_from(self.participants.len()).unwrap_or(i64::MAX).max(1);
        let place = (turn.rem_euclid(size) + i64::from(self.offset)).rem_euclid(size);
        usize::try_from(place).unwrap_or(0)
    }

    /// Tells whether both have the same length, anchor and zone.
    #[must_use]
    pub fn same_grid(&self, other: &Self) -> bool {
        self.length == other.length && self.anchor == other.anchor && self.zone == other.zone
    }
}

/// Weekly windows in a zone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Windows {
    /// The zone on whose clock they are read.
    pub zone: ZoneName,
    /// The windows; their union counts.
    pub windows: Vec<WeeklyWindow>,
}

/// Whether somebody counts outside their own working hours.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Hours {
    /// At any hour.
    Any,
    /// Only within their working hours, read in the zone they are in.
    Working,
}

/// What a rotation does when the one on turn cannot be there.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum WhenAbsent {
    /// The next participant in the order who can stands in.
    NextParticipant,
    /// The slot stays empty; later layers may have somebody.
    NextLayer,
}
