//! What anyone may see of a public team: who is on duty when, and public handles (semantics 8.1).

use super::Audience;
use super::months::months;
use crate::civil::{Instant, Interval, ZoneRules};
use crate::engine::{Shift, Timeline};
use crate::model::{Criticality, DutyId, Handle, ResidentId, ShiftId, TeamSnapshot, ZoneName};

/// A public team, as anyone may see it.
#[derive(Clone, Copy, Debug)]
pub struct PublicTeam<'a> {
    team: &'a TeamSnapshot,
    at: Instant,
}

/// A shift or one month of a long one, as anyone may see it: nothing in it says why somebody stands in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicShift {
    /// Its identity.
    pub id: ShiftId,
    /// The duty.
    pub duty: DutyId,
    /// What people call the duty.
    pub title: String,
    /// Who is on duty.
    pub resident: ResidentId,
    /// What people call them.
    pub display_name: String,
    /// From when until when; the true start, however early.
    pub interval: Interval,
    /// Whether it is one month of a longer shift.
    pub is_month: bool,
}

/// A person, as anyone may see them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicPerson {
    /// What people call them.
    pub display_name: String,
    /// Their public handles.
    pub handles: Vec<Handle>,
}

impl<'a> PublicTeam<'a> {
    /// Returns the public view of `team` as it is at `at`; `None` where the team is not public then.
    #[must_use]
    pub fn of(team: &'a TeamSnapshot, at: Instant) -> Option<Self> {
        let settings = team.team.as_ref()?.versions.at(at)?.1;
        settings.public.then_some(Self { team, at })
    }

    /// Returns what people call the team.
    #[must_use]
    pub fn display_name(self) -> &'a str {
        self.settings().map_or("", |settings| &settings.display_name)
    }

    /// Returns the zone in which the team's times are shown.
    #[must_use]
    pub fn zone(self) -> Option<&'a ZoneName> {
        self.settings().map(|settings| &settings.zone)
    }

    fn settings(self) -> Option<&'a crate::model::Team> {
        self.team.team.as_ref()?.versions.at(self.at).map(|(_, team)| team)
    }

    /// Returns what people call a duty, whether its shifts are in the team's feed, and how critical it is; as it is
    /// now, or was or will be where it is not in effect now.
    #[must_use]
    pub fn duty(self, id: &DutyId) -> Option<(&'a str, bool, Criticality)> {
        let duty = self.team.duties.get(id)?.versions.at_or_last(self.at)?;
        Some((&duty.title, duty.in_feed, duty.criticality))
    }

    /// Returns a person.
    #[must_use]
    pub fn person(self, id: &ResidentId) -> Option<PublicPerson> {
        let resident = self.team.residents.get(id)?.versions.at_or_last(self.at)?;
        let handles = resident.handles.iter().filter(|handle| Audience::Public.sees(handle)).cloned().collect();
        Some(PublicPerson { display_name: resident.display_name.clone(), handles })
    }

    /// Returns the shifts of a timeline, long ones month by month (semantics 9.1).
    ///
    /// What begins [`LONG_SECONDS`](super::LONG_SECONDS) or more before the end of the timeline's window is the same
    /// however far the window reaches.
    #[must_use]
    pub fn shifts(self, timeline: &Timeline, rules: &ZoneRules) -> Vec<PublicShift> {
        let zone = self.zone().and_then(|zone| zone.zone(rules).ok());
        let shifts = timeline.shifts().iter().filter_map(|shift| self.shift(shift));
        match zone {
            Some(zone) => shifts.flat_map(|shift| months(shift, timeline.window(), zone)).collect(),
            None => shifts.collect(),
        }
    }

    fn shift(self, shift: &Shift) -> Option<PublicShift> {
        Some(PublicShift {
            id: shift.id(self.team.identities()),
            duty: shift.duty.clone(),
            title: self.duty(&shift.duty)?.0.to_owned(),
            resident: shift.resident.clone(),
            display_name: self.person(&shift.resident)?.display_name,
            interval: Interval::new(shift.began, shift.interval.end())?,
            is_month: false,
        })
    }
}
