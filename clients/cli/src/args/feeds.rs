//! Arguments of `feed`: the addresses of calendars, public ones and one's own.

use clap::{Args, Subcommand, ValueEnum};

const FEED_EXAMPLES: &str = "\
Without a command, the calendars of a public team: one for everybody on duty, one for each duty and one for each \
resident. The webcal:// form opens a calendar program directly. What only the team may see, and the calendars of a \
team that is not public, are in feeds with a secret in their address, which you make for yourself.

Examples:
  onduty feed
  onduty feed lukasz --qr
  onduty feed create phone
  onduty feed list";

const CREATE_EXAMPLES: &str = "\
The address is shown this once, and whoever has it can read the calendar: do not pass it on. A feed ends with your \
time in the team, or with your token if you are no resident.

Examples:
  onduty feed create phone                              everybody on duty
  onduty feed create phone --resident asa --busy        your own shifts, blocking your calendar
  onduty feed create vacations --shows time-off         who is away, never why
  onduty feed create wall --shows gaps --duty security --qr";

const LIST_EXAMPLES: &str = "\
Examples:
  onduty feed list";

const ROTATE_EXAMPLES: &str = "\
The old address leads nowhere from then on. Programs that fetch calendars from their own servers may show what they \
have for up to a day.

Examples:
  onduty feed rotate f-4k2mzq7hw3ab
  onduty feed revoke f-4k2mzq7hw3ab";

/// `onduty feed`
#[derive(Args, Debug)]
#[command(after_long_help = FEED_EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct FeedArgs {
    /// What to do with feeds of your own; without it the addresses of public calendars are printed.
    #[command(subcommand)]
    pub command: Option<FeedCommand>,
    /// Duties and residents whose calendars are wanted [default: all calendars]
    #[arg(value_name = "DUTY|RESIDENT")]
    pub of: Vec<String>,
    /// Draw the address as a QR code, too, for the camera of a telephone; without a name, that of the whole team
    #[arg(long)]
    pub qr: bool,
}

impl FeedArgs {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self.command {
            Some(FeedCommand::Create(_)) => "feed create",
            Some(FeedCommand::List) => "feed list",
            Some(FeedCommand::Rotate(_)) => "feed rotate",
            Some(FeedCommand::Revoke(_)) => "feed revoke",
            None => "feed",
        }
    }
}

/// What to do with feeds that have a secret.
#[derive(Debug, Subcommand)]
pub enum FeedCommand {
    /// Make a feed and print its address, which is shown this once
    Create(FeedCreate),
    /// List your feeds; for a coordinator all of the team's
    #[command(after_long_help = LIST_EXAMPLES)]
    List,
    /// Give a feed another address
    Rotate(FeedRotate),
    /// End a feed: its address leads nowhere from then on
    Revoke(FeedRevoke),
}

/// What a feed shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Shows {
    /// Who is on duty
    OnDuty,
    /// Who is next in line
    Standby,
    /// When the people on duty become others
    Handoffs,
    /// When fewer are on duty than required
    Gaps,
    /// On which days somebody is away, never why
    TimeOff,
    /// By when tasks have to be done
    TasksDue,
}

/// What the titles of events tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Titles {
    /// Duty and resident
    Both,
    /// The duty
    Duty,
    /// The resident
    Resident,
}

/// Arguments of `feed create`.
#[derive(Args, Debug)]
#[command(after_long_help = CREATE_EXAMPLES)]
pub struct FeedCreate {
    /// What it is called in lists, such as the program or device that subscribes
    pub name: String,
    /// What it shows
    #[arg(long, value_name = "WHAT", default_value = "on-duty")]
    pub shows: Shows,
    /// Only of this duty
    #[arg(long, value_name = "DUTY", conflicts_with = "resident")]
    pub duty: Option<String>,
    /// Only about this resident
    #[arg(long, value_name = "RESIDENT")]
    pub resident: Option<String>,
    /// How many days it goes back, 0 to 90 [default: 90]
    #[arg(long, value_name = "DAYS")]
    pub past: Option<i32>,
    /// How many days it goes ahead, at most 366, and 183 for all duties [default: as many as it can]
    #[arg(long, value_name = "DAYS")]
    pub future: Option<i32>,
    /// What the titles of its events tell
    #[arg(long, value_name = "WHAT", default_value = "both")]
    pub titles: Titles,
    /// Block the calendar that it is in; for your own shifts
    #[arg(long)]
    pub busy: bool,
    /// Whose it is, if not yours; for coordinators
    #[arg(long, value_name = "RESIDENT")]
    pub owner: Option<String>,
    /// Draw the address as a QR code, too
    #[arg(long)]
    pub qr: bool,
    /// Check everything and make nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `feed rotate`.
#[derive(Args, Debug)]
#[command(after_long_help = ROTATE_EXAMPLES)]
pub struct FeedRotate {
    /// The feed's id, as `onduty feed list` tells it
    pub id: String,
    /// Draw the new address as a QR code, too
    #[arg(long)]
    pub qr: bool,
}

/// Arguments of `feed revoke`.
#[derive(Args, Debug)]
#[command(after_long_help = ROTATE_EXAMPLES)]
pub struct FeedRevoke {
    /// The feed's id, as `onduty feed list` tells it
    pub id: String,
}
