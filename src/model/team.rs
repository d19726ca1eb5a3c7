//! The team: the unit of tenancy, permission, revision and atomic change (semantics 2.1).

use super::ZoneName;

/// A team's own settings.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Team {
    /// The name that people read.
    pub display_name: String,
    /// The zone in which answers are shown where nobody asks for another.
    pub zone: ZoneName,
    /// Whether anybody may see who is on duty when (semantics 8).
    pub public: bool,
    /// The rest that people should have between two shifts, in hours.
    pub rest_hours: u32,
}

impl Team {
    /// The rest between shifts where a team states none: the 11 hours of the EU's Working Time Directive, Article 3.
    pub const REST_HOURS_DEFAULT: u32 = 11;
}
