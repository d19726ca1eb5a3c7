//! Arguments of the commands that enter absences and cover: off, back, cover.

use clap::{Args, Subcommand, ValueEnum};

use super::OffImport;

const OFF_ADD_EXAMPLES: &str = "\
When it is:
  A date means the whole local day, so that `--from 2026-12-01 --to 2026-12-05` is five whole days. They are days where \
the resident then is, unless --tz names a zone. Other local times are read in the zone of --tz, or of this computer.
  A weekday as --to is the first one at or after --from, so that `--from mon --to fri` is next week on a Tuesday.
  Without --from it begins now. Without --to it lasts until further notice: `onduty back` ends it.

What it does:
  Away (--hard) is usual. Focus is --soft: a duty goes to anybody else who can take it, and stays where nobody can. \
--elsewhere is no absence: working hours are read in that zone meanwhile; of travel you are asked, on a terminal, which it is.

Examples:
  onduty off add sick
  onduty off add vacation --resident asa --from 2026-12-01 --to 2026-12-05 --dry-run
  onduty off add focus --from 'tomorrow 09:00' --to 'tomorrow 13:00'
  onduty off add travel --from mon --to fri --elsewhere Asia/Tokyo
  onduty off add other --from 2026-12-04 --to 2026-12-04 --repeat 'FREQ=WEEKLY;BYDAY=FR'";

const OFF_LIST_EXAMPLES: &str = "\
Examples:
  onduty off list                   what is in progress and ahead
  onduty off list --resident asa --all";

const OFF_END_EXAMPLES: &str = "\
What has not begun, or was recorded by mistake, goes with `onduty delete time-off ID`.

Examples:
  onduty off end vacation-7k2
  onduty off end vacation-7k2 --at 'tomorrow 12:00'";

const OFF_ERASE_EXAMPLES: &str = "\
When it is, and what it does to duties, stays. What was erased does not come back.

Examples:
  onduty off erase flu
  onduty off erase flu --dry-run";

const BACK_EXAMPLES: &str = "\
Soft time off and absences that lie ahead stay.

Examples:
  onduty back
  onduty back --resident asa --at tomorrow";

const COVER_EXAMPLES: &str = "\
A gap brings its duty and its time; --from and --to narrow it, and never widen it. What speaks against it, such as \
too little rest, is said and stands in nobody's way. With --for the one who covers takes that person's \
place; with --for and without --by the place stays empty. A date as --to includes the whole day; a weekday or a time \
of day alone is the first one at or after --from.

Examples:
  onduty cover 3f2a --by ben
  onduty cover security --by ben --for asa --from 'sat 00:00' --to sun
  onduty cover security --for asa --from now --to +2h";

/// Arguments of `off`.
#[derive(Args, Debug)]
pub struct OffArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: OffCommand,
}

/// What to do with time off.
#[derive(Debug, Subcommand)]
pub enum OffCommand {
    /// Record time off and say what follows from it
    Add(OffAdd),
    /// List time off
    List(OffList),
    /// Take time off out of a calendar file
    Import(OffImport),
    /// End an entry of time off early
    End(OffEnd),
    /// Erase the kind and the note of an entry of time off
    Erase(OffErase),
}

impl OffCommand {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Add(_) => "off add",
            Self::List(_) => "off list",
            Self::Import(_) => "off import",
            Self::End(_) => "off end",
            Self::Erase(_) => "off erase",
        }
    }
}

/// What an absence is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Kind {
    /// Sick
    Sick,
    /// Vacation
    Vacation,
    /// On the way or somewhere else
    Travel,
    /// At a conference
    Conference,
    /// At work on something that must not be interrupted
    Focus,
    /// A public holiday that no holiday set has
    PublicHoliday,
    /// Anything else
    Other,
}

/// Arguments of `off add`.
#[derive(Args, Debug)]
#[command(after_long_help = OFF_ADD_EXAMPLES)]
pub struct OffAdd {
    /// What it is; only the resident and coordinators see it
    pub kind: Kind,
    /// Who; not needed where the team has one resident only
    #[arg(long, env = "ONDUTY_RESIDENT", value_name = "RESIDENT")]
    pub resident: Option<String>,
    /// From when; a date means the whole day [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Until when; a date includes the whole day [default: until further notice]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// A note; only the resident and coordinators see it
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// No absence: works from this IANA zone meanwhile (travel only)
    #[arg(long, value_name = "ZONE", conflicts_with_all = ["soft", "hard"])]
    pub elsewhere: Option<String>,
    /// Gives duties to others who can take them and keeps the rest
    #[arg(long, conflicts_with = "hard")]
    pub soft: bool,
    /// Is not available at all
    #[arg(long)]
    pub hard: bool,
    /// Repeats by this recurrence rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=FR
    #[arg(long, value_name = "RRULE", requires = "to")]
    pub repeat: Option<String>,
    /// A local date on which it does not repeat
    #[arg(long, value_name = "DATE", requires = "repeat")]
    pub except: Vec<String>,
    /// An id of your own choice [default: the server chooses]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Say what would follow and record nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `off list`.
#[derive(Args, Debug)]
#[command(after_long_help = OFF_LIST_EXAMPLES)]
pub struct OffList {
    /// Only these residents'
    #[arg(long = "resident", value_name = "RESIDENT")]
    pub residents: Vec<String>,
    /// Only what holds at or after this time [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Only what holds before this time; a date includes the whole day
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Also what is over
    #[arg(long, conflicts_with = "from")]
    pub all: bool,
}

/// Arguments of `off end`.
#[derive(Args, Debug)]
#[command(after_long_help = OFF_END_EXAMPLES)]
pub struct OffEnd {
    /// The entry's id
    pub id: String,
    /// When it ends [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `off erase`.
#[derive(Args, Debug)]
#[command(after_long_help = OFF_ERASE_EXAMPLES)]
pub struct OffErase {
    /// The entry's id
    pub id: String,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `back`.
#[derive(Args, Debug)]
#[command(after_long_help = BACK_EXAMPLES)]
pub struct BackArgs {
    /// Who; not needed where the team has one resident only
    #[arg(long, env = "ONDUTY_RESIDENT", value_name = "RESIDENT")]
    pub resident: Option<String>,
    /// Since when; of a date, its start [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `cover`.
#[derive(Args, Debug)]
#[command(after_long_help = COVER_EXAMPLES)]
pub struct CoverArgs {
    /// The duty, or a gap's id or the first 4 or more characters of it
    #[arg(value_name = "DUTY|GAP")]
    pub what: String,
    /// Who covers
    #[arg(long, value_name = "RESIDENT", required_unless_present = "for_resident")]
    pub by: Option<String>,
    /// In whose place
    #[arg(long = "for", id = "for_resident", value_name = "RESIDENT")]
    pub for_resident: Option<String>,
    /// From when [default: now, or the start of the gap]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Until when; a date includes the whole day [default: the end of the gap]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Even if a skill of the duty is lacking
    #[arg(long)]
    pub force: bool,
    /// Check it and change nothing
    #[arg(long)]
    pub dry_run: bool,
}
