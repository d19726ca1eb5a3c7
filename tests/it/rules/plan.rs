//! What a random roster is drawn as: small numbers that shrink.

use onduty::civil::{ShiftUnit, Weekdays};

/// Half hours of a day from `start` to `end`, on the days.
#[derive(Clone, Debug)]
pub struct WindowPlan {
    pub days: Weekdays,
    pub start: u8,
    pub end: u8,
}

#[derive(Clone, Debug)]
pub struct ResidentPlan {
    pub zone: u8,
    pub working: Vec<WindowPlan>,
    pub term: (Option<i8>, Option<i8>),
    pub skills: u8,
    pub holiday_sets: u8,
    pub changes: Vec<(i32, ResidentChange)>,
}

#[derive(Clone, Debug)]
pub enum ResidentChange {
    Leaves,
    Returns,
    Works(Vec<WindowPlan>),
    Moves(u8),
    Skills(u8),
    Term((Option<i8>, Option<i8>)),
}

#[derive(Clone, Debug)]
pub enum SourcePlan {
    Pool(Vec<u8>),
    Rotation { order: Vec<u8>, length: (u32, ShiftUnit), anchor: i32, zone: u8 },
}

#[derive(Clone, Debug)]
pub struct LayerPlan {
    pub source: SourcePlan,
    pub windows: Option<(u8, Vec<WindowPlan>)>,
    pub at_work: bool,
    pub next_participant: bool,
    pub shadows: u8,
    pub changes: Vec<(i32, LayerChange)>,
}

#[derive(Clone, Debug)]
pub enum LayerChange {
    People(Vec<u8>),
    Source(SourcePlan),
    Hours,
    WhenAbsent,
    Windows(Option<(u8, Vec<WindowPlan>)>),
    Shadows(u8),
    Ends,
}

#[derive(Clone, Debug)]
pub struct RequirementPlan {
    pub windows: Option<Vec<WindowPlan>>,
    pub zone: u8,
    pub count: Option<u32>,
    pub days: (Option<i8>, Option<i8>),
    pub holiday_sets: u8,
}

#[derive(Clone, Debug)]
pub struct DutyPlan {
    /// 0 is everybody.
    pub headcount: u32,
    pub skills: u8,
    pub requirements: Vec<RequirementPlan>,
    pub layers: Vec<LayerPlan>,
    pub since: Option<i32>,
    pub changes: Vec<(i32, DutyChange)>,
}

#[derive(Clone, Debug)]
pub enum DutyChange {
    Headcount(u32),
    Requirements(Vec<RequirementPlan>),
    RequirementsReversed,
    LayersReversed,
    LayerDropped,
    Skills(u8),
    Ends,
    Begins,
}

/// Days or half hours from the base day.
#[derive(Clone, Debug)]
pub enum SpanPlan {
    Days { day: i32, days: i32, zone: u8 },
    Local { start: i32, length: i32, zone: u8 },
    Instants { start: i32, length: i32, odd: i64 },
}

#[derive(Clone, Debug)]
pub struct OverridePlan {
    pub form: u8,
    pub by: u8,
    pub owner: u8,
    pub span: SpanPlan,
}

#[derive(Clone, Debug)]
pub struct TimeOffPlan {
    pub who: u8,
    pub effect: u8,
    pub zone: u8,
    pub span: SpanPlan,
    pub kind: EntryPlan,
}

#[derive(Clone, Debug)]
pub enum EntryPlan {
    Once,
    Open,
    /// Ended this many half hours after it began.
    Cut(i32),
    /// Recurs by a rule, beginning this many days earlier, except on a day.
    Recurs {
        rule: u8,
        back: i32,
        except: Option<i32>,
    },
}
