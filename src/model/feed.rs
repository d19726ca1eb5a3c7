//! Feeds: what a calendar shows, and the subscriptions that have a secret (semantics 2.16).

use super::{DutyId, ResidentId, TeamId, TokenId};
use crate::civil::Instant;

/// What a calendar shows.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum FeedContent {
    /// Shifts.
    OnDuty,
    /// Who would be next.
    Standby,
    /// When the people on duty become others.
    Handoffs,
    /// When fewer are on duty than required.
    Gaps,
    /// When somebody is away, never why.
    TimeOff,
    /// By when tasks have to be done.
    TasksDue,
}

impl FeedContent {
    /// Every content.
    pub const ALL: [Self; 6] = [Self::OnDuty, Self::Standby, Self::Handoffs, Self::Gaps, Self::TimeOff, Self::TasksDue];

    /// Returns the word for it in addresses, files and on the command line.
    ///
    /// ```
    /// use onduty::model::FeedContent;
    ///
    /// assert_eq!(FeedContent::OnDuty.word(), "on-duty");
    /// ```
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OnDuty => "on-duty",
            Self::Standby => "standby",
            Self::Handoffs => "handoffs",
            Self::Gaps => "gaps",
            Self::TimeOff => "time-off",
            Self::TasksDue => "tasks-due",
        }
    }
}

/// Of what a calendar shows it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum FeedScope {
    /// Of the whole team, less the duties that are left to calendars of their own.
    Team,
    /// Of one duty.
    Duty(DutyId),
    /// Of one resident.
    Resident(ResidentId),
}

/// What the titles of events tell.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum FeedTitles {
    /// Which duty and who.
    #[default]
    DutyAndResident,
    /// Which duty.
    Duty,
    /// Who.
    Resident,
}

/// What one calendar looks like: two that look alike have the same bytes.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FeedView {
    /// What it shows.
    pub content: FeedContent,
    /// Of what.
    pub scope: FeedScope,
    /// How far back it goes, in days before today (UTC).
    pub past_days: u16,
    /// How far ahead it goes, in days after the start of today (UTC).
    pub future_days: u16,
    /// What the titles of its events tell.
    pub titles: FeedTitles,
    /// Whether its events block the calendar that they are in.
    pub busy: bool,
}

impl FeedView {
    /// How far back a calendar goes at most, and unless something else is said, in days: shifts that are over stay in
    /// it for a while.
    pub const PAST_DAYS: u16 = 90;
    /// How far ahead a calendar goes at most, in days.
    pub const FUTURE_DAYS: u16 = 366;
    /// How far ahead the calendar of a whole team goes at most, in days: it has more in it.
    pub const TEAM_FUTURE_DAYS: u16 = 183;

    /// Returns the calendar of `content` of `scope` as it is unless something else is said.
    #[must_use]
    pub fn usual(content: FeedContent, scope: FeedScope) -> Self {
        let future_days = Self::future_days_max(content, &scope);
        Self { content, scope, past_days: Self::PAST_DAYS, future_days, titles: FeedTitles::default(), busy: false }
    }

    /// Returns how far ahead such a calendar goes at most, in days.
    #[must_use]
    pub fn future_days_max(content: FeedContent, scope: &FeedScope) -> u16 {
        let of_duties = !matches!(content, FeedContent::TimeOff | FeedContent::TasksDue);
        if of_duties && *scope == FeedScope::Team { Self::TEAM_FUTURE_DAYS } else { Self::FUTURE_DAYS }
    }
}

/// Whose a feed is: it ends with them.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum FeedOwner {
    /// A resident, for as long as they are with the team.
    Resident(ResidentId),
    /// Whoever has a token, for as long as that is good.
    Token(TokenId),
}

/// A published subscription, less its secret: of that there is a hash only.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Feed {
    /// What people call it, such as the program that subscribes.
    pub name: String,
    /// The team whose calendar it is.
    pub team: TeamId,
    /// Whose it is.
    pub owner: FeedOwner,
    /// What it looks like.
    pub view: FeedView,
    /// The BLAKE3 hash of its secret.
    pub hash: [u8; 32],
    /// Since when it has this secret.
    pub secret_time: Instant,
    /// When it was last fetched, to about a day; `None` where it never was.
    pub last_used: Option<Instant>,
    /// Who made it, as the log names them.
    pub issuer: String,
}
