//! Arguments of the commands that read calendar files: off import.

use clap::Args;

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
    /// Say what would happen and record nothing
    #[arg(long)]
    pub dry_run: bool,
}
