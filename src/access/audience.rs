//! For whom an answer is made, and what that lets it have (semantics 8).

use crate::model::{Handle, HandleAudience, ResidentId};

/// For whom an answer is made.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Audience {
    /// Sees everything in the team, kinds and notes included.
    Coordinator,
    /// Sees what is theirs whole, and of others that they are away.
    Resident(ResidentId),
    /// Sees who is on duty and the team's handles.
    Viewer,
    /// Sees who is on duty, and public handles.
    Public,
}

/// What an audience sees of an answer in which nothing is anybody's own: the same for all that have the same sight.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Sight {
    /// Everything.
    Whole,
    /// What residents and viewers see.
    Team,
    /// What anyone sees.
    Public,
}

/// Proof that an answer may have everything in the team: reasons, causes, kinds and notes of everybody.
///
/// Only [`Audience::sees_team`] makes one, and whatever puts such a thing into an answer asks for it.
#[derive(Clone, Copy, Debug)]
pub struct SeesTeam(());

/// Proof that an answer may have everything about one resident.
///
/// Only [`Audience::sees_resident`] makes one, and whatever puts such a thing into an answer asks for it.
#[derive(Clone, Copy, Debug)]
pub struct SeesResident(());

impl Audience {
    /// Tells whether the audience may see `handle`.
    #[must_use]
    pub fn sees(&self, handle: &Handle) -> bool {
        match handle.audience {
            HandleAudience::Public => true,
            HandleAudience::Team => *self != Self::Public,
        }
    }

    /// Returns what the audience sees where nothing is anybody's own.
    #[must_use]
    pub fn sight(&self) -> Sight {
        match self {
            Self::Coordinator => Sight::Whole,
            Self::Resident(_) | Self::Viewer => Sight::Team,
            Self::Public => Sight::Public,
        }
    }

    /// Returns proof that the audience may see everything in the team, if it may.
    #[must_use]
    pub fn sees_team(&self) -> Option<SeesTeam> {
        match self {
            Self::Coordinator => Some(SeesTeam(())),
            Self::Resident(_) | Self::Viewer | Self::Public => None,
        }
    }

    /// Returns proof that the audience may see everything about `resident`, if it may.
    ///
    /// ```
    /// use onduty::access::Audience;
    /// use onduty::model::ResidentId;
    ///
    /// let (asa, ben) = (ResidentId::new("asa").unwrap(), ResidentId::new("ben").unwrap());
    /// assert!(Audience::Resident(asa.clone()).sees_resident(&asa).is_some());
    /// assert!(Audience::Resident(asa.clone()).sees_resident(&ben).is_none());
    /// assert!(Audience::Coordinator.sees_resident(&ben).is_some() && Audience::Viewer.sees_resident(&ben).is_none());
    /// ```
    #[must_use]
    pub fn sees_resident(&self, resident: &ResidentId) -> Option<SeesResident> {
        match self {
            Self::Coordinator => Some(SeesResident(())),
            Self::Resident(own) => (own == resident).then_some(SeesResident(())),
            Self::Viewer | Self::Public => None,
        }
    }

    /// Returns which resident it is, if it is one.
    #[must_use]
    pub fn resident(&self) -> Option<&ResidentId> {
        match self {
            Self::Resident(own) => Some(own),
            Self::Coordinator | Self::Viewer | Self::Public => None,
        }
    }

    /// Tells whether the audience works in the team: sees who could fill a gap, and the tasks.
    #[must_use]
    pub fn works_in_team(&self) -> bool {
        matches!(self, Self::Coordinator | Self::Resident(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_sees_public_handles_only() {
        let handle = |audience| Handle { key: "github".to_owned(), value: "asa".to_owned(), audience };
        assert!(Audience::Public.sees(&handle(HandleAudience::Public)));
        assert!(!Audience::Public.sees(&handle(HandleAudience::Team)));
        for audience in [Audience::Viewer, Audience::Resident(ResidentId::new("asa").unwrap()), Audience::Coordinator] {
            assert!(audience.sees(&handle(HandleAudience::Team)), "{audience:?}");
        }
    }

    #[test]
    fn only_coordinators_see_everything() {
        let asa = ResidentId::new("asa").unwrap();
        let sees = |audience: &Audience| audience.sees_team().is_some();
        assert!(sees(&Audience::Coordinator));
        assert!(![Audience::Resident(asa), Audience::Viewer, Audience::Public].iter().any(sees));
    }
}
