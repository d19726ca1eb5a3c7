//! Arguments of the commands that read calendar files: off import, holidays import.

use clap::{Args, Subcommand};

use super::Kind;

const OFF_IMPORT_EXAMPLES: &str = "\
Which events count:
  Those of whole days, and those that Outlook marks as out of office, unless they are marked as free or tentative. \
--every takes those of any length; --category and --title take those of any length that have the category, or the word \
in their title. What an event is about is never kept.

Again and again:
  The same calendar may be imported as often as it changes. An event that was moved moves its time off. One that is \
no longer there removes it or, where it has begun, ends it now. What --calendar names is looked at alone: without it \
that is the name of the file, so keep to one name for one calendar.

Examples:
  onduty off import private.ics --dry-run
  onduty off import private.ics --resident asa
  onduty off import 'private (1).ics'          a newer copy of private.ics
  onduty off import work.ics --title vacation --kind vacation
  curl -s https://example.org/me.ics | onduty off import - --calendar me";

/// Which events of a calendar count as absences, and as what.
#[derive(Args, Debug)]
pub struct Choice {
    /// Take events of any length
    #[arg(long, conflicts_with_all = ["category", "title"])]
    pub every: bool,
    /// Take events of this category, of any length
    #[arg(long, value_name = "CATEGORY", conflicts_with = "title")]
    pub category: Option<String>,
    /// Take events with this word in their title, of any length
    #[arg(long, value_name = "WORD")]
    pub title: Option<String>,
    /// Take those marked as free time too
    #[arg(long)]
    pub free: bool,
    /// Take those marked as tentative too
    #[arg(long)]
    pub tentative: bool,
    /// What new absences are; only the resident and coordinators see it [default: vacation]
    #[arg(long, value_name = "KIND")]
    pub kind: Option<Kind>,
}

/// Arguments of `off import`.
#[derive(Args, Debug)]
#[command(after_long_help = OFF_IMPORT_EXAMPLES)]
pub struct OffImport {
    /// The calendar, an .ics file; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: String,
    /// Whose calendar; not needed where the team has one resident only
    #[arg(long, env = "ONDUTY_RESIDENT", value_name = "RESIDENT")]
    pub resident: Option<String>,
    /// Which of their calendars; kept as a hash [default: the name of the file]
    #[arg(long, value_name = "NAME")]
    pub calendar: Option<String>,
    /// Which events count.
    #[command(flatten)]
    pub choice: Choice,
    /// Say what would happen and record nothing
    #[arg(long)]
    pub dry_run: bool,
}

const HOLIDAYS_IMPORT_EXAMPLES: &str = "\
Days that the set has before the first day in the calendar, or after the last one, stay. In between it has those of the \
calendar afterwards. Residents and requirements name the set; a roster file says how.

Examples:
  onduty holidays import poland.ics --set pl --dry-run
  onduty holidays import poland.ics --set pl --name 'Public holidays in Poland'
  onduty holidays import sweden.ics --set se --from 2027-01-01 --to 2027-12-31";

/// Arguments of `holidays`.
#[derive(Args, Debug)]
pub struct HolidaysArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: HolidaysCommand,
}

/// What to do with holiday sets, beside listing and deleting.
#[derive(Debug, Subcommand)]
pub enum HolidaysCommand {
    /// Take holidays out of a calendar file into a holiday set
    Import(HolidaysImport),
}

impl HolidaysCommand {
    /// Returns what people type for the command.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Import(_) => "holidays import",
        }
    }
}

/// Arguments of `holidays import`.
#[derive(Args, Debug)]
#[command(after_long_help = HOLIDAYS_IMPORT_EXAMPLES)]
pub struct HolidaysImport {
    /// A calendar of public holidays, an .ics file; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: String,
    /// The holiday set; it is made where there is none
    #[arg(long, value_name = "SET")]
    pub set: String,
    /// What people call it [default: what it is called already, or its id]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The first day that is read [default: 1 January of this year]
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// The last day that is read [default: 31 December, two years later]
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// Say what would change and change nothing
    #[arg(long)]
    pub dry_run: bool,
}
