//! Arguments of the commands for all kinds of objects: get, list, delete.

use clap::{Args, ValueEnum};

const GET_EXAMPLES: &str = "\
Examples:
  onduty get teams
  onduty get resident asa
  onduty get duty security --at 2026-06-01    as it was, or will be, then
  onduty get override 3k9d2 --output json";

const LIST_EXAMPLES: &str = "\
Examples:
  onduty list duties
  onduty list overrides
  onduty list residents --at 2027-01-15       those who are with the team then";

const DELETE_EXAMPLES: &str = "\
Teams, residents, duties and holiday sets end: the past stays as it was. What follows is shown first. On a terminal you \
are asked then, unless you say --yes; elsewhere it ends at once. A roster file that has it brings it back: `onduty apply`.
Overrides, time off and tasks are removed with their past, without a question.

Examples:
  onduty delete override 3k9d2
  onduty delete time-off flu
  onduty delete resident asa --at 2027-01-01  asa leaves with the end of the year
  onduty delete team old --force              with all that it has";

/// A kind of object.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Noun {
    /// Teams
    #[value(alias = "teams")]
    Team,
    /// Residents: the people
    #[value(alias = "residents")]
    Resident,
    /// Duties, with layers and requirements
    #[value(alias = "duties")]
    Duty,
    /// Holiday sets
    #[value(alias = "holiday-sets")]
    HolidaySet,
    /// Overrides: who covers for whom
    #[value(alias = "overrides")]
    Override,
    /// Time off
    TimeOff,
    /// Tasks
    #[value(alias = "tasks")]
    Task,
}

/// Arguments of `get`.
#[derive(Args, Debug)]
#[command(after_long_help = GET_EXAMPLES)]
pub struct GetArgs {
    /// What kind of object, singular or plural
    pub noun: Noun,
    /// Its id; without one all are listed
    pub id: Option<String>,
    /// As it is in effect at this time; not for overrides, time off and tasks [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
}

/// Arguments of `list`.
#[derive(Args, Debug)]
#[command(after_long_help = LIST_EXAMPLES)]
pub struct ListArgs {
    /// What kind of object, singular or plural
    pub noun: Noun,
    /// Those in effect at this time; not for overrides, time off and tasks [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
}

/// Arguments of `delete`.
#[derive(Args, Debug)]
#[command(after_long_help = DELETE_EXAMPLES)]
pub struct DeleteArgs {
    /// What kind of object
    pub noun: Noun,
    /// Its id
    pub id: String,
    /// When it ends; not for overrides, time off and tasks [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// With everything that a team has
    #[arg(long)]
    pub force: bool,
    /// Allow an end in the past, as a correction of it
    #[arg(long)]
    pub correction: bool,
    /// Drop what is already planned for later
    #[arg(long)]
    pub replace_later: bool,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
    /// Say what follows and change nothing
    #[arg(long)]
    pub dry_run: bool,
}
