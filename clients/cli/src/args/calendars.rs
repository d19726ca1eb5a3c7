//! Arguments of `calendar`: residents' own calendars, which the server fetches.

use clap::{Args, Subcommand};

use super::imports::Choice;

const ADD_EXAMPLES: &str = "\
The address:
  Your calendar program tells it: Google as 'secret address in iCal format', Outlook as the ICS link of a published \
calendar, iCloud and Nextcloud as that of a public or shared one. Whoever has it can read the calendar, so it is not \
shown again, and - reads it from standard input: then it is not in the history of your shell. The server has to reach \
it over https.

Which events count is as in `onduty off import`; what is imported from a file under the same name is the same calendar.

Examples:
  onduty calendar add private https://calendar.example.org/me/basic.ics
  onduty calendar add private - <address.txt
  onduty calendar add work webcal://work.example.org/4711.ics --category 'Out of office' --dry-run";

const LIST_EXAMPLES: &str = "\
Example:
  onduty calendar list";

const REFRESH_EXAMPLES: &str = "\
Example:
  onduty calendar refresh cal-4k2mz";

const REMOVE_EXAMPLES: &str = "\
What the calendar brought goes with it: what is ahead is removed, what has begun ends now, what is over stays. With \
--keep all of it stays.

Examples:
  onduty calendar remove cal-4k2mz --dry-run
  onduty calendar remove cal-4k2mz
  onduty calendar remove cal-4k2mz --keep";

/// Arguments of `calendar`.
#[derive(Args, Debug)]
pub struct CalendarArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: CalendarCommand,
}

/// What to do with calendars that are fetched.
#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// Let the server fetch your calendar and take time off out of it
    Add(CalendarAdd),
    /// List the calendars that are fetched, and how it stands with them
    #[command(after_long_help = LIST_EXAMPLES)]
    List,
    /// Fetch a calendar now
    Refresh(CalendarRefresh),
    /// Fetch a calendar no more
    Remove(CalendarRemove),
}

impl CalendarCommand {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Add(_) => "calendar add",
            Self::List => "calendar list",
            Self::Refresh(_) => "calendar refresh",
            Self::Remove(_) => "calendar remove",
        }
    }
}

/// Arguments of `calendar add`.
#[derive(Args, Debug)]
#[command(after_long_help = ADD_EXAMPLES)]
pub struct CalendarAdd {
    /// What you call the calendar
    pub name: String,
    /// Where it is, from https:// or webcal:// on; - reads standard input
    pub address: String,
    /// Whose calendar; not needed where the team has one resident only
    #[arg(long, env = "ONDUTY_RESIDENT", value_name = "RESIDENT")]
    pub resident: Option<String>,
    /// Which events count.
    #[command(flatten)]
    pub choice: Choice,
    /// Fetch it, say what would be recorded and record nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `calendar refresh`.
#[derive(Args, Debug)]
#[command(after_long_help = REFRESH_EXAMPLES)]
pub struct CalendarRefresh {
    /// The calendar's id
    pub id: String,
}

/// Arguments of `calendar remove`.
#[derive(Args, Debug)]
#[command(after_long_help = REMOVE_EXAMPLES)]
pub struct CalendarRemove {
    /// The calendar's id
    pub id: String,
    /// Let the time off stay that it brought
    #[arg(long)]
    pub keep: bool,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
}
