//! What calendars show of a team: what its viewers may see, and of a public team anyone (semantics 8.1).

use crate::civil::{Instant, Zone, ZoneRules};
use crate::model::{DutyId, ResidentId, TeamSnapshot, ZoneName};

/// A team, as its calendars show it: names, titles and times, and nothing of why anybody is away.
#[derive(Clone, Copy, Debug)]
pub struct CalendarTeam<'a> {
    pub(super) team: &'a TeamSnapshot,
    at: Instant,
    pub(super) rules: &'a ZoneRules,
}

impl<'a> CalendarTeam<'a> {
    /// Returns the view of `team` as it is at `at`; `None` where the team is not in effect then.
    #[must_use]
    pub fn of(team: &'a TeamSnapshot, at: Instant, rules: &'a ZoneRules) -> Option<Self> {
        team.team.as_ref()?.versions.at(at)?;
        Some(Self { team, at, rules })
    }

    fn settings(self) -> Option<&'a crate::model::Team> {
        self.team.team.as_ref()?.versions.at(self.at).map(|(_, team)| team)
    }

    /// Tells whether anyone may see it, or its viewers only.
    #[must_use]
    pub fn is_public(self) -> bool {
        self.settings().is_some_and(|settings| settings.public)
    }

    /// Returns what people call the team.
    #[must_use]
    pub fn display_name(self) -> &'a str {
        self.settings().map_or("", |settings| &settings.display_name)
    }

    /// Returns the name of the zone in which the team's times are shown.
    #[must_use]
    pub fn zone_name(self) -> Option<&'a ZoneName> {
        self.settings().map(|settings| &settings.zone)
    }

    /// Returns the zone in which the team's times are shown.
    #[must_use]
    pub fn zone(self) -> Option<&'a Zone> {
        self.zone_name()?.zone(self.rules).ok()
    }

    /// Returns what people call a duty, and whether it is in the calendars of the whole team; as it is now, or was or
    /// will be where it is not in effect now.
    #[must_use]
    pub fn duty(self, id: &DutyId) -> Option<(&'a str, bool)> {
        let duty = self.team.duties.get(id)?.versions.at_or_last(self.at)?;
        Some((&duty.title, duty.in_feed))
    }

    /// Returns what people call a resident.
    #[must_use]
    pub fn resident(self, id: &ResidentId) -> Option<&'a str> {
        let resident = self.team.residents.get(id)?.versions.at_or_last(self.at)?;
        Some(&resident.display_name)
    }
}
