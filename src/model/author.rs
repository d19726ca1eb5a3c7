//! Who wrote something that others read under their name.

use super::ResidentId;

/// Who wrote something.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Author {
    /// What the log calls them.
    pub actor: String,
    /// The resident that they are; `None` where they are none.
    pub resident: Option<ResidentId>,
}
