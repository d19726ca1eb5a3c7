//! Who may see what: the views of each answer, by audience and by type (semantics 8).
//!
//! The views for viewers and the public have no field for a kind, a note, an open end or a cause: what is not there
//! cannot leak. Until there are tokens, gRPC callers on loopback are coordinators, and HTTP is always public.

mod months;
mod public;

pub use months::LONG_SECONDS;
pub use public::{PublicPerson, PublicShift, PublicTeam};

use crate::model::{Handle, HandleAudience};

/// For whom an answer is made.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Audience {
    /// Sees everything in the team, kinds and notes included.
    Coordinator,
    /// Sees who is on duty and the team's handles.
    Viewer,
    /// Sees who is on duty, and public handles.
    Public,
}

impl Audience {
    /// Tells whether the audience may see `handle`.
    #[must_use]
    pub fn sees(self, handle: &Handle) -> bool {
        match handle.audience {
            HandleAudience::Public => true,
            HandleAudience::Team => self != Self::Public,
        }
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
        assert!(Audience::Viewer.sees(&handle(HandleAudience::Team)));
    }
}
