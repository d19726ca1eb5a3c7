//! Everything that decides who is on one duty over a stretch of time, as edges in order of time.
//!
//! Statements are [read](super::reader) once into intervals (people, layers, requirements, overrides); their beginnings
//! and ends are the edges. The sweep applies them one after the other to a [`State`](super::state::State).

use super::answer::Edge;
use super::names::Names;
use super::people::Person;
use super::runs::Run;
use crate::civil::{Day, Instant, Interval, WindowId};
use crate::model::{Duty, DutyId, LayerId, Made, OverrideId, RequirementId};

/// A person by place in [`Tracks::people`].
pub(super) type PersonIndex = u32;
/// A layer by place in [`Tracks::layers`].
pub(super) type LayerIndex = u32;
/// A window by place in [`LayerTrack::windows`].
pub(super) type WindowIndex = u32;

/// One thing that begins, ends or changes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Override {
        index: u32,
        edge: Edge,
    },
    Hard {
        person: PersonIndex,
        index: u32,
        edge: Edge,
    },
    Soft {
        person: PersonIndex,
        index: u32,
        edge: Edge,
    },
    Hours {
        person: PersonIndex,
        index: u32,
        edge: Edge,
    },
    Term {
        person: PersonIndex,
        index: u32,
        edge: Edge,
    },
    Resident {
        person: PersonIndex,
        index: u32,
    },
    Required {
        requirement: u32,
        index: u32,
        edge: Edge,
    },
    Duty {
        index: Option<u32>,
    },
    /// `made` is the change that made the version, or the end.
    Layer {
        layer: LayerIndex,
        index: Option<u32>,
        made: Made,
    },
    /// The layer's window; `starts` is false where a new version only takes over one that goes on.
    Window {
        layer: LayerIndex,
        window: Option<(WindowIndex, Day)>,
        starts: bool,
    },
    /// The rotation's turn; `starts` as for windows.
    Turn {
        layer: LayerIndex,
        turn: i64,
        starts: bool,
    },
}

/// A change and when it happens.
#[derive(Clone, Copy, Debug)]
pub(super) struct EdgeAt {
    pub at: Instant,
    pub change: Change,
}

/// A version of the duty, with its layers in order.
#[derive(Debug)]
pub(super) struct DutyVersion<'a> {
    pub made: Made,
    pub duty: &'a Duty,
    pub layers: Vec<LayerIndex>,
    /// Its requirements in its own order, by place in [`Tracks::requirements`], with how many each asks for.
    pub required: Vec<(usize, u32)>,
}

/// A version of a layer, with people by index.
#[derive(Debug)]
pub(super) struct LayerVersion {
    pub made: Made,
    pub rotation: Option<RotationTurns>,
    pub people: Vec<PersonIndex>,
    pub working_only: bool,
    pub next_participant: bool,
    pub limited: bool,
    pub shadows: Vec<PersonIndex>,
}

/// What of a rotation the sweep needs.
#[derive(Debug)]
pub(super) struct RotationTurns {
    pub grid: u32,
    pub offset: i64,
}

/// A layer with its versions and the names of its windows.
#[derive(Debug)]
pub(super) struct LayerTrack<'a> {
    pub id: &'a LayerId,
    pub versions: Vec<LayerVersion>,
    pub windows: Vec<&'a WindowId>,
}

/// A requirement with its hours.
#[derive(Debug)]
pub(super) struct RequirementTrack<'a> {
    pub id: &'a RequirementId,
    pub runs: Vec<Run>,
}

/// An override, with people by index.
#[derive(Debug)]
pub(super) struct OverrideTrack<'a> {
    pub id: &'a OverrideId,
    pub by: Option<PersonIndex>,
    pub owner: Option<PersonIndex>,
}

/// Everything that decides who is on a duty over a stretch of time.
#[derive(Debug)]
pub(super) struct Tracks<'a> {
    pub duty: &'a DutyId,
    pub span: Interval,
    pub people: Vec<Person<'a>>,
    pub layers: Vec<LayerTrack<'a>>,
    pub requirements: Vec<RequirementTrack<'a>>,
    /// The later made first.
    pub overrides: Vec<OverrideTrack<'a>>,
    pub versions: Vec<DutyVersion<'a>>,
    /// In order of time; those before the span make its first state.
    pub edges: Vec<EdgeAt>,
    pub names: Names,
    /// Whether any layer has people who watch and learn.
    pub has_shadows: bool,
}
