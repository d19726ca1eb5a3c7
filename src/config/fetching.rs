//! What the server fetches from others, and how often.

use std::str::FromStr;

use clap::builder::BoolishValueParser;
use serde::Deserialize;

use crate::outbound::Allowed;

/// The flags about what is fetched.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Subscribed calendars")]
pub struct FetchFlags {
    /// Network, address or host from which calendars may be fetched although it is not open to everybody; may be repeated
    #[arg(long, env = "ONDUTYD_FETCH_FROM", value_name = "CIDR|ADDR|HOST")]
    pub fetch_from: Vec<Allowed>,
    /// Fetch calendars from http:// addresses too, by which others can read along [env: ONDUTYD_FETCH_PLAINTEXT=yes]
    #[arg(long, env = "ONDUTYD_FETCH_PLAINTEXT", hide_env = true, value_parser = BoolishValueParser::new())]
    pub fetch_plaintext: bool,
    /// Minutes from one look at a subscribed calendar to the next, 5 to 1440 [default: 60]
    #[arg(long, env = "ONDUTYD_FETCH_MINUTES", value_name = "N")]
    pub fetch_minutes: Option<FetchMinutes>,
}

/// What is fetched, and how often.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fetching {
    /// From where, although it is not open to everybody.
    pub allowed: Allowed,
    /// Whether from `http://` too.
    pub plaintext: bool,
    /// How long from one look to the next.
    pub minutes: FetchMinutes,
}

/// How long from one look at a calendar to the next, in minutes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "u32")]
pub struct FetchMinutes(pub u32);

impl Default for FetchMinutes {
    fn default() -> Self {
        Self(60)
    }
}

impl TryFrom<u32> for FetchMinutes {
    type Error = String;

    fn try_from(minutes: u32) -> Result<Self, String> {
        match minutes {
            5..=1_440 => Ok(Self(minutes)),
            _ => Err(format!("{minutes} is not from 5 to 1440 minutes")),
        }
    }
}

impl FromStr for FetchMinutes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<u32>().map_err(|_| format!("'{text}' is no number of minutes"))?.try_into()
    }
}

impl Fetching {
    /// Works out what holds: flags go before the file, the file before the defaults.
    pub(super) fn new(
        flags: FetchFlags,
        from: Option<Vec<Allowed>>,
        plaintext: Option<bool>,
        minutes: Option<FetchMinutes>,
    ) -> Self {
        let lists = if flags.fetch_from.is_empty() { from.unwrap_or_default() } else { flags.fetch_from };
        let mut allowed = Allowed::default();
        lists.into_iter().for_each(|list| allowed.extend(list));
        let plaintext = flags.fetch_plaintext || plaintext.unwrap_or(false);
        Self { allowed, plaintext, minutes: flags.fetch_minutes.or(minutes).unwrap_or_default() }
    }
}
